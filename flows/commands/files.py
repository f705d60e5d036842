"""Options of commands whose answer may go into files, and the writing of these."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from flows.commands.terminal import OUT
from warehouse.exports.answers import Answers, write_xlsx
from warehouse.exports.files import write_csv, write_parquet

CsvOption = Annotated[Path | None, typer.Option("--csv", dir_okay=False, help="Write the answer to this CSV file.")]
MarkOption = Annotated[
    bool, typer.Option("--bom", help="Begin the CSV file with a byte-order mark, by which Excel knows UTF-8.")
]
ParquetOption = Annotated[
    Path | None, typer.Option("--parquet", dir_okay=False, help="Write it as Parquet, types kept.")
]
XlsxOption = Annotated[
    Path | None, typer.Option("--xlsx", dir_okay=False, help="Write it as an Excel workbook, with what it means.")
]


@dataclass(frozen=True, slots=True)
class Files:
    """Where an answer is to go."""

    csv: Path | None = None
    bom: bool = False
    parquet: Path | None = None
    xlsx: Path | None = None

    @property
    def are_wanted(self) -> bool:
        """Whether there is any."""
        return any((self.csv, self.parquet, self.xlsx))

    def check(self) -> None:
        """Raise BadParameter for a mark without a CSV file to put it into."""
        if self.bom and not self.csv:
            raise typer.BadParameter("--bom belongs to --csv FILE", param_hint="--bom")


def save(rows: pa.Table, files: Files, explained: Callable[[], Answers]) -> None:
    """Write rows into the files that are wanted, and say so; a workbook has what they mean too."""
    if files.csv:
        write_csv(rows, files.csv, with_mark=files.bom)
        _said(rows, files.csv)
    if files.parquet:
        write_parquet(rows, files.parquet)
        _said(rows, files.parquet)
    if files.xlsx:
        write_xlsx(explained(), files.xlsx)
        _said(rows, files.xlsx)


def _said(rows: pa.Table, path: Path) -> None:
    OUT.print(f"{rows.num_rows:,} rows written to {path}", markup=False)
