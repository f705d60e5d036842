"""`dragongate correct`, `reject`, `mute` and `forget`: what people mend, each with author and reason."""

import shlex
from datetime import datetime
from typing import Annotated

import typer

from extractors.mending import Correction, Mute
from flows.clock import utc_now
from flows.commands.options import (
    DEFAULT_HOME,
    BecauseOption,
    ByOption,
    HomeOption,
    JsonOption,
    author_of,
    reason_of,
    settings_of,
)
from flows.commands.terminal import OUT, as_json, program
from flows.forget import forget as take_down
from flows.mend import Installation, Mending
from flows.mend import correct as correct_row
from flows.mend import mute as mute_source
from flows.mend import reject as reject_answer
from flows.report import loaded_rows
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home


def correct(
    table: Annotated[str, typer.Argument(help="A core table, such as core.daily_quotes.")],
    key: Annotated[str, typer.Argument(help="The row's whole key: XHKG:01810,2024-12-30.")],
    changes: Annotated[list[str], typer.Argument(metavar="COLUMN=VALUE...", help="What is right; empty empties it.")],
    because: BecauseOption,
    by: ByOption = "",
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Put a row right: what the sources said stays beside it, and a rebuild keeps it."""
    _show(correct_row(_here(home, because, by), table, key, changes), json)


def reject(
    snapshot: Annotated[str, typer.Argument(help="Id of a saved answer, as `dragongate why` names it.")],
    because: BecauseOption,
    by: ByOption = "",
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Set aside every row that was read from one saved answer; its bytes stay in the archive."""
    _show(reject_answer(_here(home, because, by), snapshot), json)


def mute(
    source: Annotated[str, typer.Argument(help="Id of the source; `dragongate sources` lists them.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Last day; one that is past ends the mute.")],
    because: BecauseOption,
    by: ByOption = "",
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Let a source be missing for a while without failing the run; it is asked all the same, and every page says so."""
    _show(mute_source(_here(home, because, by), source, until.date()), json)


def forget(
    url: Annotated[str, typer.Argument(help="Address of the document, as `dragongate why` names it.")],
    because: BecauseOption,
    by: ByOption = "",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Take it down without asking; nothing brings it back.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Take a document down for good: its bytes, its rows, every published copy of them; a tombstone stays."""
    here = _here(home, because, by)
    if not yes and not typer.confirm(f"Take down everything that {url} ever gave? Nothing brings it back."):
        OUT.print("nothing was changed")
        return
    done = take_down(here, url)
    if json:
        as_json(done)
        return
    OUT.print(f"taken down: {done.tombstone.url}, {done.records} records of the archive", markup=False)
    for name, rows in done.deleted.items():
        OUT.print(f"  {name}: {rows} rows went", markup=False)
    for name in done.named_in:
        OUT.print(f"{name} still names it: forget that too, if what it says must go", markup=False)
    OUT.print(f"readers see generation {done.generation}; generations that held it are removed")
    anew = f"{program()} export --home {shlex.quote(str(here.home.root))} --keep 1"
    for folder in done.exported:
        OUT.print(f"{folder} is as it was exported: `{anew}` writes the new generation and removes it", markup=False)
    OUT.print("what was exported elsewhere, and workbooks and reports, are yours to write anew")


def _here(home: HomeOption, because: str, by: str) -> Installation:
    place = Home(home)
    watchlist = home_watchlist(place) or default_watchlist()
    return Installation(place, settings_of(place), watchlist, author_of(by), reason_of(because), utc_now)


def _show(done: Mending, is_json: bool) -> None:
    if is_json:
        as_json({"record": done.record, "marts": done.marts, "run": done.report.as_json()})
    else:
        OUT.print(_sentence(done), markup=False)
        for row in loaded_rows(done.report):
            OUT.print("  " + ", ".join(f"{name} {value}" for name, value in row.items()), markup=False)
        OUT.print(f"touches {', '.join(done.marts) or 'no mart'}", markup=False)
        OUT.print(f"readers see generation {done.report.generation}", markup=False)
    raise typer.Exit(done.report.exit_code)


def _sentence(done: Mending) -> str:
    record = done.record
    if isinstance(record, Correction):
        said = "; ".join(f"{name}: {old} → {new}" for name, (old, new) in record.changes.items())
        return f"corrected {record.table}: {said}"
    if isinstance(record, Mute):
        return f"{record.source_id} may be missing until {record.until}: {record.because}"
    return f"nothing is read any more from {record.snapshot_id}" if hasattr(record, "snapshot_id") else ""
