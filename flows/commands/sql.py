"""`dragongate sql`: a query against the published warehouse, or many of them at a prompt."""

from typing import Annotated

import typer

from flows.commands.files import CsvOption, Files, MarkOption, ParquetOption, XlsxOption, save
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import as_json, table
from warehouse.exports.answers import answer
from warehouse.home import Home
from warehouse.published import query


def sql(
    text: Annotated[str, typer.Argument(metavar="[SELECT]", help="One query; none, or -, reads standard input.")] = "-",
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
    csv: CsvOption = None,
    bom: MarkOption = False,
    parquet: ParquetOption = None,
    xlsx: XlsxOption = None,
) -> None:
    """Ask the published warehouse; it is opened read-only, so no run waits and nothing can break."""
    files, place = Files(csv, bom, parquet, xlsx), Home(home)
    files.check()
    asked = typer.get_text_stream("stdin").read() if text == "-" else text
    found = answer(place, asked) if files.xlsx else None
    rows = found.answers[0].rows if found else query(place, asked)
    save(rows, files, lambda: found or answer(place, asked))
    if json:
        as_json(rows.to_pylist())
    elif not files.are_wanted:
        table("", rows.column_names, [list(row.values()) for row in rows.to_pylist()])
