"""`dragongate sql`: a query against the published warehouse, or many of them at a prompt."""

from collections.abc import Sequence
from typing import Annotated

import typer

from flows.commands.files import CsvOption, Files, MarkOption, ParquetOption, XlsxOption, save
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import as_json
from flows.sql_prompt.answers import rows_of, show_all
from warehouse.exports.answers import answer
from warehouse.home import Home
from warehouse.published import QueryError, query


def sql(
    text: Annotated[
        str | None,
        typer.Argument(metavar="[SELECT]", help="One query; - reads standard input. None: a prompt, on a terminal."),
    ] = None,
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
    stdin = typer.get_text_stream("stdin")
    if text is None and stdin.isatty():
        _talk(place, is_to_be_kept=json or files.are_wanted)
        return
    asked = stdin.read() if text in (None, "-") else text
    found = answer(place, asked) if files.xlsx else None
    rows = found.answers[0].rows if found else query(place, asked)
    save(rows, files, lambda: found or answer(place, asked))
    if json:
        _has_each_name_once(rows.column_names)
        as_json([dict(zip(rows.column_names, row, strict=True)) for row in rows_of(rows)])
    elif not files.are_wanted:
        show_all(rows)


def _has_each_name_once(names: Sequence[str]) -> None:
    """Raise QueryError where JSON would lose a column, since another has its name."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise QueryError(f"JSON holds one column of a name, and two are called {', '.join(twice)}: name them with AS")


def _talk(home: Home, *, is_to_be_kept: bool) -> None:
    if is_to_be_kept:
        raise typer.BadParameter("--json, --csv, --parquet and --xlsx need a query: give it, or - to read it")
    # What edits lines takes a moment to load, and no other query shall wait for it.
    from flows.sql_prompt.prompt import talk

    talk(home)
