"""`dragongate export`: a whole generation as Parquet, or marts as a workbook."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.facts import instant_of
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json
from warehouse.exports.answers import whole, write_xlsx
from warehouse.exports.folder import Exported
from warehouse.exports.folder import export as export_parquet
from warehouse.home import Home


def export(
    marts: Annotated[
        list[str] | None, typer.Argument(metavar="[MART]…", help="With --xlsx: marts or core tables, a sheet each.")
    ] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", dir_okay=False, help="Write these marts into this Excel workbook.")
    ] = None,
    as_of: Annotated[
        str, typer.Option(help="With --xlsx: what was public then, a day of Hong Kong or a time with a zone.")
    ] = "",
    to: Annotated[
        Path | None, typer.Option(file_okay=False, help="Folder for Parquet; default `exports` in the home.")
    ] = None,
    keep: Annotated[int, typer.Option(min=0, help="Exported generations to keep there; 0 keeps all.")] = 0,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Write core and mart as Parquet with a manifest, a folder per generation; or marts into a workbook."""
    place = Home(home)
    if bool(marts) != bool(xlsx):
        raise typer.BadParameter("--xlsx FILE and names of marts belong together; Parquet always holds all of them")
    if as_of and not xlsx:
        raise typer.BadParameter("--as-of belongs to --xlsx FILE MART; a generation as Parquet is as it was published")
    if marts and xlsx:
        _workbook(place, marts, xlsx, as_of, json)
    else:
        found = export_parquet(place, to or place.exports, keep=keep)
        as_json(found) if json else _show(found)


def _workbook(home: Home, marts: list[str], xlsx: Path, as_of: str, json: bool) -> None:
    found = whole(home, marts, as_of=instant_of(as_of) if as_of else None)
    write_xlsx(found, xlsx)
    if json:
        as_json({"file": str(xlsx), "rows": {one.name: one.rows.num_rows for one in found.answers}})
        return
    for one in found.answers:
        OUT.print(f"{one.name}: {one.rows.num_rows:,} rows written to {xlsx}", markup=False)


def _show(found: Exported) -> None:
    held = f"{found.tables} tables in {found.files} files, {found.bytes / 10**6:,.1f} MB"
    said = f"written to {found.folder}" if found.is_new else f"is in {found.folder} already"
    OUT.print(f"generation {found.generation} {said}: {held}", markup=False)
    for name in found.removed:
        OUT.print(f"removed {name}", markup=False)
