"""The daily run: plan, ask, read, load, end. Prefect's flow and `--no-server` carry out this same function."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from extractors.client import Client, Fetched
from extractors.errors import Outcome, SourceError
from extractors.masking import shown
from extractors.registry import EXTRACTORS
from extractors.settings import Settings
from extractors.source import Query, Window
from extractors.watchlist import WatchList
from flows.backfilling.past import Coverage, around, plan_past, recall_of, watchlist_for
from flows.clients import SYSTEM, Means, client_of, is_held, off_sources, use_recordings
from flows.clock import DAY_ZONE, Now, utc_now
from flows.job import Job, end, start
from flows.leftovers import BROKEN_HOME
from flows.links import links_of
from flows.orders import FALLBACKS
from flows.plan import Plan, Step, plan
from flows.recorded import describe, index_rest
from flows.report import Gap, RunReport, loaded_rows
from flows.runner import Ended, Runner, Said
from warehouse.coverage import covered
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.ledger import cursors, runs_named, write_run

log = logging.getLogger("dragongate")

Noted = Callable[[str, Fetched], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked to do."""

    home: Home
    settings: Settings
    watchlist: WatchList
    window: Window | None = None
    """The days to cover; none means what each source is missing."""
    replay: tuple[Path, ...] = ()
    """Archive files that stand in for the network."""
    only: tuple[str, ...] = ()
    """Sources to ask; none means all that are enabled."""
    schedules: tuple[str, ...] = ()
    """Schedules that this run is for; the ledger remembers them."""
    run_id: str = ""
    """Its name in the ledger, where another must know that before it starts; empty for one of its own."""
    companies: tuple[str, ...] = ()
    """The only companies to ask for; empty for all. Such a run moves no cursor: it catches up with nothing else."""
    recorded: Mapping[str, Window] | None = None
    """In a replay without a window: the days that the recording asked each source for."""
    is_backfill: bool = False
    """Whether the window is of the past: what is here is not asked for, the archive goes first, no cursor moves."""
    noted: Noted = lambda source_id, fetched: None
    """Told of each answer, or the lack of one, as it comes."""
    means: Means = SYSTEM

    @property
    def mode(self) -> str:
        """What the ledger calls this kind of run."""
        if self.replay or self.settings.offline:
            return "replay"
        return "backfill" if self.is_backfill else "live"


def run_daily(
    request: Request, runner: Runner, *, now: Now = utc_now, said: Said = lambda done, total: None
) -> RunReport:
    """Collect, tidy and load every source for its window, then derive, check and publish.

    One source failing leaves the others alone; the report says what is missing.
    """
    is_replay = request.mode == "replay"
    with ExitStack() as stack:
        job = stack.enter_context(
            start(
                request.home,
                request.settings,
                request.watchlist,
                flow="backfill" if request.is_backfill else "daily",
                mode=request.mode,
                now=now,
                window=request.window or (around(request.recorded.values()) if request.recorded else None),
                run_id=request.run_id,
            )
        )
        writer = stack.enter_context(job.archive.start(job.run.run_id, now))
        job.run = replace(job.run, archive_files=(writer.name,), sources=request.only, schedules=request.schedules)
        job.companies, job.only, job.noted = request.companies, request.only, request.noted
        write_run(job.warehouse, job.run)
        runner.began(job.home, job.run.run_id, partial(endings_of, job.warehouse))
        if is_replay:
            use_recordings(job, request.replay, writer)
        job.taker.make_durable = writer.sync
        recall = recall_of(job.archive, request.window, now()) if request.is_backfill and request.window else None
        client = stack.enter_context(client_of(job, writer, request.means, recall))
        job.off = off_sources(job.settings, job, request.only)
        if is_replay and not request.only:
            job.off = {**job.off, **unheld_fallbacks(job)}
        planned = _plan(job, request, now)
        job.turns = planned.turns
        describe(job, writer, planned)
        done, total = 0, sum(map(len, planned.stages))
        for stage in planned.stages:
            steps = stage
            while steps:
                runner.progress(done, total)
                said(done, total)
                _carry_out(job, client, runner, steps)
                done += len(steps)
                steps = planned.further(steps, job.tally.chunks)
                total += len(steps)
                describe(job, writer, planned)
        if writer.has_records:
            index_rest(job, writer.name)
        job.gaps.extend(job.gaps_of_answers())
        report = end(job)
        runner.progress(total, total)
        said(total, total)
        runner.table("loaded", loaded_rows(report), "Rows by table")
        return report


def endings_of(warehouse: Warehouse, names: Sequence[str]) -> dict[str, Ended]:
    """Say how runs ended, by name."""
    return {one.run_id: Ended(one.state, one.message or "") for one in runs_named(warehouse, names)}


def _carry_out(job: Job, client: Client, runner: Runner, steps: list[Step]) -> None:
    results = runner.each(str, lambda step: collect(job, client, step), steps)
    for step, result in zip(steps, results, strict=True):
        if isinstance(result, BROKEN_HOME):
            raise result
        if isinstance(result, Exception):
            job.is_whole = False
            job.gaps.append(_crashed(step, result))


def collect(job: Job, client: Client, step: Step) -> None:
    """Ask one source for one window, archive, read, tidy and load: the unit of work."""
    watchlist = watchlist_for(step.extractor, job.taker.watchlist, job.companies)
    with job.taker.lock:
        links = links_of(step.extractor.source.id, job.warehouse, watchlist, step.window, job.companies)
    query = Query(watchlist, step.window, links, step.open)
    fetches = guarded(step, step.extractor.fetch(client, query), job.now)
    if job.run.mode == "replay":
        fetches = without_unrecorded_members(fetches, job.taker.watchlist)
    moves_cursor = job.run.mode == "live" and not job.companies
    job.taker.take(_noting(fetches, job, step), step.window, moves_cursor=moves_cursor)


def _noting(fetches: Iterator[Fetched], job: Job, step: Step) -> Iterator[Fetched]:
    for one in fetches:
        job.noted(step.extractor.source.id, one)
        yield one


def without_unrecorded_members(fetches: Iterator[Fetched], watchlist: WatchList) -> Iterator[Fetched]:
    """Leave out what a recording lacks of lines that nobody follows: it was made before an index held them."""
    members = {line.id for line in watchlist.members}
    return (one for one in fetches if not (one.reason == "not_recorded" and one.chunk in members))


def guarded(step: Step, fetches: Iterator[Fetched], now: Now) -> Iterator[Fetched]:
    """Pass on what a source gives; where it stops half way, what it had given is kept and the stop is a gap."""
    try:
        yield from fetches
    except SourceError as error:
        yield _stopped(step, error.outcome, error.reason, str(error), now)
    except BROKEN_HOME:
        raise
    except Exception as error:
        log.error("%s crashed", step, exc_info=error)
        yield _stopped(step, Outcome.UNAVAILABLE, "crashed", f"{type(error).__name__}: {error}", now)


def _stopped(step: Step, outcome: Outcome, reason: str, message: str, now: Now) -> Fetched:
    source = step.extractor.source
    return Fetched(source.id, "", "GET", source.home_url, now(), 0.0, 0, outcome, reason, shown(message))


def unheld_fallbacks(job: Job) -> dict[str, str]:
    """Say which sources a recording never asked, since those before them in the order had answered."""
    unheld = [one for one in EXTRACTORS if one.source.id in FALLBACKS - job.off.keys() and not is_held(job, one)]
    return {one.source.id: "comes later in the order, and the recording holds no answer of it" for one in unheld}


def _plan(job: Job, request: Request, now: Now) -> Plan:
    chosen = [one for one in EXTRACTORS if one.source.id not in job.off]
    today = now().astimezone(DAY_ZONE).date()
    if request.is_backfill and request.window:
        coverage = Coverage.of(covered(job.warehouse))
        return plan_past(chosen, job.taker.watchlist, request.window, coverage, request.companies)
    return plan(
        chosen,
        job.taker.watchlist,
        window=request.window,
        today=today,
        cursors=cursors(job.warehouse),
        recorded=request.recorded,
    )


def _crashed(step: Step, error: Exception) -> Gap:
    log.error("%s crashed", step, exc_info=error)
    source = step.extractor.source
    message = shown(f"{type(error).__name__}: {error}")
    return Gap(source.id, "", "unavailable", "crashed", message, source.is_required)
