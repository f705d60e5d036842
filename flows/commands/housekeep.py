"""`dragongate housekeep`: keep archive, generations, logs and Prefect's database within what `[keep]` allows."""

from typing import Annotated

import typer

from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.terminal import OUT, as_json, table
from flows.keeping.housekeep import Housekept, look
from flows.keeping.housekeep import housekeep as keep_house
from flows.keeping.housekeeping import Plan
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home

_MEGABYTE = 10**6


def housekeep(
    home: HomeOption = DEFAULT_HOME,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be freed, and change nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Free what `[keep]` in dragongate.toml lets go; never what a row, a verdict or a correction rests on."""
    place = Home(home)
    settings = settings_of(place)
    if dry_run:
        plan = look(place, settings, now=utc_now)
        if json:
            as_json(_facts(plan))
        else:
            _show(plan)
        return
    watchlist = home_watchlist(place) or default_watchlist()
    done = keep_house(place, settings, watchlist, now=utc_now, said=(lambda plan: None) if json else _show)
    if json:
        facts = {"generation": done.generation, "archive_bytes_now": done.archive_bytes}
        as_json({**_facts(done.plan), **facts, "prefect_bytes_now": done.prefect_bytes})
    else:
        _show_done(done)


def _facts(plan: Plan) -> dict[str, object]:
    return {
        "archive_bytes": plan.archive_bytes,
        "freed_bytes": plan.freed_bytes,
        "files": [{"file": one.file, "answers": one.answers, "freed_bytes": one.freed_bytes} for one in plan.files],
        "left_alone": plan.left_alone,
        "logs": [path.name for path in plan.logs],
        "generations": plan.generations,
        "prefect_bytes": plan.prefect_bytes,
    }


def _show(plan: Plan) -> None:
    if plan.files:
        rows = [[one.file, one.answers, one.freed_bytes / _MEGABYTE] for one in plan.files]
        table("Answers that nothing rests on, and that may go", ["file", "answers", "MB"], rows)
    OUT.print(f"archive: {_mega(plan.freed_bytes)} of {_mega(plan.archive_bytes)} may go", markup=False)
    for why in plan.left_alone:
        OUT.print(f"archive: left alone, {why}", markup=False)
    for what, names in (
        ("generations", [str(one) for one in plan.generations]),
        ("logs", [path.name for path in plan.logs]),
    ):
        OUT.print(f"{what}: {', '.join(names) or 'nothing'} may go", markup=False)
    if plan.prefect_bytes:
        OUT.print(f"prefect: {_mega(plan.prefect_bytes)}; its server removes what is old in it", markup=False)


def _show_done(done: Housekept) -> None:
    OUT.print(f"done: the archive has {_mega(done.archive_bytes)}, readers see generation {done.generation}")


def _mega(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"
