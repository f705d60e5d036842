"""`dragongate sql`: a query against the published warehouse."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json, table
from warehouse.export import write_csv, write_parquet, write_xlsx
from warehouse.home import Home
from warehouse.published import query

CsvOption = Annotated[Path | None, typer.Option("--csv", dir_okay=False, help="Write the answer to this CSV file.")]
ParquetOption = Annotated[
    Path | None, typer.Option("--parquet", dir_okay=False, help="Write it as Parquet, types kept.")
]
XlsxOption = Annotated[Path | None, typer.Option("--xlsx", dir_okay=False, help="Write it as an Excel workbook.")]


def sql(
    text: Annotated[str, typer.Argument(metavar="SELECT", help="One query, or - to read it from standard input.")],
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
    csv: CsvOption = None,
    parquet: ParquetOption = None,
    xlsx: XlsxOption = None,
) -> None:
    """Ask the published warehouse; it is opened read-only, so no run waits and nothing can break."""
    rows = query(Home(home), typer.get_text_stream("stdin").read() if text == "-" else text)
    files = ((csv, write_csv), (parquet, write_parquet), (xlsx, write_xlsx))
    for path, write in files:
        if path:
            write(rows, path)
            OUT.print(f"{rows.num_rows:,} rows written to {path}")
    if json:
        as_json(rows.to_pylist())
    elif not any(path for path, _ in files):
        table("", rows.column_names, [list(row.values()) for row in rows.to_pylist()])
