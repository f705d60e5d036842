"""`dragongate backfill`: fill in the past, with a plan first."""

import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from extractors.registry import BY_ID
from extractors.settings import Settings
from extractors.source import Window
from flows.backfilling.backfill import Chunk, Course, NoEffect, chosen_sources, plan_backfill, remaining, run_chunks
from flows.backfilling.past import around
from flows.backfilling.remaining import Remaining, told
from flows.clock import DAY_ZONE, Now, utc_now
from flows.collect import Request
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, no_source, settings_of
from flows.commands.run import window_of
from flows.commands.terminal import ERR, OUT, as_json, table
from flows.prefect_server import QUIET, NoServer, is_configured
from flows.report import RunReport
from flows.runner import PlainRunner, Runner
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home

log = logging.getLogger("dragongate")


def backfill(
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    home: HomeOption = DEFAULT_HOME,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included; default yesterday.")
    ] = None,
    source: Annotated[list[str] | None, typer.Option(help="Ask this source only; may be given several times.")] = None,
    company: Annotated[
        list[str] | None, typer.Option(help="Ask for this company only; may be given several times.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to begin.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and end.")] = False,
    no_server: Annotated[
        bool, typer.Option("--no-server", help="Do not tell Prefect, though a server is set.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Fill in the past, year by year. What is here is not asked for again; the daily run goes on from where it was."""
    place = Home(home)
    request = _request(place, window_of(start, end or _yesterday()), source or (), company or ())
    chunks = plan_backfill(request, now=utc_now)
    left = [one for one in chunks if not one.is_here]
    count = remaining(left, request.settings, request.means.monotonic)
    expected = round(count.seconds)
    if not json:
        _show_plan(request, chunks, count)
    if dry_run or not left:
        if json:
            as_json({"plan": _plan_json(chunks), "seconds": expected, "runs": []})
        raise typer.Exit(0)
    _require_consent(yes)
    reports = _carried_out(request, left, count, no_server=no_server, quiet=json)
    if json:
        as_json({"plan": _plan_json(chunks), "seconds": expected, "runs": [one.as_json() for one in reports]})
    else:
        _show_done(reports, place)
    raise typer.Exit(max((one.exit_code for one in reports), default=0))


def _yesterday(now: Now = utc_now) -> datetime:
    day = now().astimezone(DAY_ZONE).replace(tzinfo=None) - timedelta(days=1)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def _request(place: Home, window: Window | None, sources: Sequence[str], companies: Sequence[str]) -> Request:
    """Put together what is asked for. Raises BadParameter where it could have no effect."""
    assert window is not None
    for name in sources:
        if name not in BY_ID:
            raise typer.BadParameter(no_source(name))
    settings: Settings = settings_of(place)
    watchlist = home_watchlist(place) or default_watchlist()
    try:
        only = chosen_sources(settings, watchlist, window, sources, companies, utc_now)
    except NoEffect as error:
        raise typer.BadParameter(str(error)) from error
    request = Request(place, settings, watchlist, window, only=only, companies=tuple(companies))
    return replace(request, is_backfill=True)


def _require_consent(yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "nobody can be asked here whether to begin: give --yes, or --dry-run for the plan alone"
        )
    if not typer.confirm("Begin?"):
        raise typer.Exit(0)


def _carried_out(
    request: Request, chunks: Sequence[Chunk], left: Remaining, *, no_server: bool, quiet: bool
) -> Sequence[RunReport]:
    with _bar(left, quiet=quiet) as said:

        def work(runner_of: Callable[[Window], Runner]) -> Sequence[RunReport]:
            return run_chunks(request, chunks, Course(runner_of, utc_now, left, said))

        if no_server or not is_configured() or request.window is None:
            return work(lambda window: PlainRunner())
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)
        try:
            from flows.backfilling.backfill_observed import (
                backfill_observed,  # Prefect reads its settings when it is imported
            )

            return backfill_observed(work, request.window)
        except NoServer as error:
            log.warning("%s; the backfill goes on without it", error)
            return work(lambda window: PlainRunner())


@contextmanager
def _bar(left: Remaining, *, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show how many requests are answered and how long the others will take."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("about {task.fields[rest]} left"),
    )
    with Progress(*columns, console=ERR, transient=False, disable=quiet) as progress:
        task = progress.add_task("Backfill", total=left.left, rest=told(left.seconds))

        def said(text: str) -> None:
            done = left.done
            progress.update(task, description=text, completed=done, total=done + left.left, rest=told(left.seconds))

        yield said


def _show_plan(request: Request, chunks: Sequence[Chunk], left: Remaining) -> None:
    columns = ["source", "years", "days", "requests", "in the archive", "pace s"]
    table(f"To ask for {request.window}", columns, [list(row.values()) for row in _by_source(chunks, request.settings)])
    here = [f"{one.window.start:%Y}" for one in chunks if one.is_here]
    if here:
        OUT.print(f"Here already, and not asked for: {', '.join(sorted(here))}.")
    if left.left:
        pause = told(left.seconds)
        OUT.print(f"{left.left:,} requests at the least, in {pause} at the pace that is set; documents add to both.")
        OUT.print("It may be stopped at any time; the same command goes on from there.\n")
    elif len(here) < len(chunks):
        OUT.print("The archive has all of it; nobody is asked.\n")
    else:
        OUT.print("There is nothing to ask for.\n")


def _by_source(chunks: Sequence[Chunk], settings: Settings) -> list[dict[str, Any]]:
    asks = [one for chunk in chunks for one in chunk.asks]
    rows = []
    for name in dict.fromkeys(one.source_id for one in asks):
        of_source = [one for one in asks if one.source_id == name]
        rows.append(
            {
                "source_id": name,
                "years": len(of_source),
                "days": str(around(one.window for one in of_source)),
                "requests": sum(one.requests for one in of_source),
                "archived": sum(one.archived for one in of_source),
                "pace_seconds": float(settings.pace_seconds(BY_ID[name].source)),
            }
        )
    return rows


def _plan_json(chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
    return [
        {
            "window": str(chunk.window),
            "is_here": chunk.is_here,
            "sources": [
                {
                    "source_id": one.source_id,
                    "window": str(one.window),
                    "requests": one.requests,
                    "archived": one.archived,
                }
                for one in chunk.asks
            ],
        }
        for chunk in chunks
    ]


def _show_done(reports: Sequence[RunReport], home: Home) -> None:
    rows = []
    for one in reports:
        loaded = one.loaded.values()
        rows.append(
            [
                str(one.window),
                one.state,
                one.responses,
                sum(x.inserted for x in loaded),
                one.message or "everything came",
            ]
        )
    table("Done", ["days", "state", "answers", "new rows", "what is missing"], rows)
    OUT.print(f"Warehouse  {home.published_warehouse}", markup=False)
