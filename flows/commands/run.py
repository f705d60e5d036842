"""`dragongate run`: the daily flow for a window."""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from extractors.registry import BY_ID
from extractors.run_record import RunRecord, days_asked, read_run_record
from extractors.source import Window
from flows.collect import Request, run_daily
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, no_source, settings_of
from flows.commands.summary import show
from flows.commands.terminal import OUT, as_json, bar
from flows.prefect_server import QUIET, NoServer, is_configured, server
from flows.report import RunReport
from flows.runner import PlainRunner, Said
from flows.scheduling.scheduled import due_now, named_schedules
from flows.scheduling.schedules import sources_of
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home

log = logging.getLogger("dragongate")


def run(
    home: HomeOption = DEFAULT_HOME,
    start: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day; give both or neither.")
    ] = None,
    end: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, included.")] = None,
    replay: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True, dir_okay=False, help="WARC files in place of the network; one that a run wrote knows its days."
        ),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask this home's archive; open no connection.")] = False,
    source: Annotated[list[str] | None, typer.Option(help="Ask this source only; may be given several times.")] = None,
    schedule: Annotated[
        list[str] | None, typer.Option(help="Ask the sources of this schedule; may be given several times.")
    ] = None,
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Run only what is due of these schedules, or of all; else end with 0.")
    ] = False,
    no_server: Annotated[bool, typer.Option("--no-server", help="Run the same plan without Prefect.")] = False,
    json: JsonOption = False,
) -> None:
    """Collect, tidy, load, check and publish. Without days: what each source is missing, as one catch-up."""
    place = Home(home)
    settings = settings_of(place)
    for name in source or ():
        if name not in BY_ID:
            raise typer.BadParameter(no_source(name))
    window = window_of(start, end)
    records = recorded_runs(replay or ()) if window is None else []
    if (replay or offline or settings.offline) and window is None and not records:
        raise typer.BadParameter(
            "an archive answers what was asked of it, and this one does not say which days: give --from and --to"
        )
    schedules = named_schedules(place, schedule or (), all_of_them=if_due)
    if if_due:
        schedules = due_now(place, schedules)
        if not schedules:
            OUT.print("No schedule is due.")
            raise typer.Exit(0)
    request = Request(
        home=place,
        settings=replace(settings, offline=settings.offline or offline),
        watchlist=home_watchlist(place) or default_watchlist(),
        window=window,
        recorded=days_asked(records) if records else None,
        companies=tuple(dict.fromkeys(company for one in records for company in one.companies)),
        replay=tuple(replay or ()),
        only=(*(source or ()), *(sources_of(schedules) if schedules else ())),
        schedules=tuple(one.name for one in schedules),
    )
    with bar("Collecting", quiet=json) as progress:
        task = progress.task_ids[0]
        report = _run(request, no_server, lambda done, total: progress.update(task, completed=done, total=total))
    if json:
        as_json(report.as_json())
    else:
        show(report, place)
    raise typer.Exit(report.exit_code)


def recorded_runs(files: Sequence[Path]) -> list[RunRecord]:
    """Read what the runs that wrote some files asked for; nothing where one of the files does not say."""
    found = [read_run_record(path) for path in files]
    told = [one for one in found if one is not None and one.windows]
    return told if len(told) == len(found) else []


def window_of(start: datetime | None, end: datetime | None) -> Window | None:
    """Make a window of two days that belong together. Raises BadParameter for one alone or the wrong order."""
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise typer.BadParameter("give both --from and --to, or neither for what each source is missing")
    if start > end:
        raise typer.BadParameter(f"--from {start:%Y-%m-%d} is after --to {end:%Y-%m-%d}")
    return Window(start.date(), end.date())


def _run(request: Request, no_server: bool, said: Said) -> RunReport:
    if no_server:
        return run_daily(request, PlainRunner(), said=said)
    try:
        with _prefect(request.home, request.settings.keep.prefect_days):
            from flows.daily import run_observed  # Prefect takes two seconds to import and reads its settings then

            return run_observed(request, said=said)
    except NoServer as error:
        log.warning("%s; the run goes on without it", error)
        return run_daily(request, PlainRunner(), said=said)


@contextmanager
def _prefect(home: Home, keep_days: int) -> Iterator[None]:
    if is_configured():
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)
        yield
        return
    with server(home.prefect, keep_days) as settings:
        os.environ.update(settings)
        yield
