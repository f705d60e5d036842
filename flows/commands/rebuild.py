"""`dragongate rebuild`: a fresh warehouse from the archive alone, compared with what is published."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.terminal import ERR, OUT, as_json, bar, table
from flows.keeping.rebuild import Rebuilt
from flows.keeping.rebuild import rebuild as rebuild_home
from flows.watching import default_watchlist, home_watchlist
from warehouse.by_nature import REASONS
from warehouse.comparing import TableDifference
from warehouse.home import Home


def rebuild(
    home: HomeOption = DEFAULT_HOME,
    publish: Annotated[
        bool, typer.Option("--publish", help="Let what was rebuilt take the place of the warehouse, and publish it.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Make a fresh warehouse from the archive alone and compare it with the published one, row by row.

    Exit code 0 when they are the same, 1 when not; with --publish 0 when readers now see all that was rebuilt.
    """
    place = Home(home)
    settings, watchlist = settings_of(place), home_watchlist(place) or default_watchlist()
    if not json:
        ERR.print(f"Holding the lease of {place.root}: other runs leave or wait until this is done; readers go on.")
    with bar("Reading the archive", quiet=json) as progress:
        task = progress.task_ids[0]
        done = rebuild_home(
            place,
            settings,
            watchlist,
            is_publishing=publish,
            now=utc_now,
            said=lambda what, here, total: progress.update(task, description=what, completed=here, total=total),
        )
    if json:
        as_json(document_of(done))
    else:
        show(done, place)
    raise typer.Exit(done.exit_code)


def document_of(done: Rebuilt) -> dict[str, Any]:
    """Write what came of a rebuild for programs."""
    return {
        "is_equal": done.is_equal,
        **asdict(done),
        "not_compared": [{"what": one.what, "reason": one.reason} for one in REASONS],
    }


def show(done: Rebuilt, home: Home) -> None:
    """Tell what came of a rebuild."""
    OUT.print(f"{done.answers:,} answers of {done.files:,} archive files were read anew.")
    if done.broken:
        OUT.print(f"{done.broken:,} records could not be read.")
    compared = done.comparison
    if compared is None:
        OUT.print("Nothing that can be read is published to compare with.")
    elif compared.is_equal:
        OUT.print(f"The same as generation {compared.generation}: {compared.rows:,} rows of {compared.tables} tables.")
    else:
        OUT.print(f"Not the same as generation {compared.generation}:\n")
        _show_differences(compared.differences)
    if done.publication is None:
        OUT.print("Nothing was changed." + ("" if done.is_equal else " `dragongate rebuild --publish` puts it out."))
        return
    OUT.print(f"readers see generation {done.publication.generation}: {home.published_warehouse}")
    for name, check in done.publication.kept.items():
        OUT.print(f"kept back: {name}, since {check} failed", markup=False)


def _show_differences(found: tuple[TableDifference, ...]) -> None:
    table(
        "Rows",
        ["table", "only published", "only rebuilt", "differing"],
        [[one.table, one.only_published, one.only_rebuilt, one.differing] for one in found],
    )
    columns = [(one.table, column) for one in found for column in one.columns]
    if columns:
        rows = [[name, column.column, column.rows] for name, column in columns]
        table("Columns that differ", ["table", "column", "rows"], rows)
    for name, column in columns:
        OUT.print(f"{name} {column.example_key}", markup=False)
        OUT.print(f"  {column.column}: published {column.published}, rebuilt {column.rebuilt}", markup=False)
    for one in found:
        for side, key in (("published", one.example_only_published), ("rebuilt", one.example_only_rebuilt)):
            if key:
                OUT.print(f"{one.table}: only {side}: {key}", markup=False)
        if one.other_columns:
            OUT.print(f"{one.table}: only one of them has the columns {', '.join(one.other_columns)}", markup=False)
