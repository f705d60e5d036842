"""What every run that writes has in common: the lease, the ledger, checks, publication, and a truthful end."""

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from importlib.metadata import version
from typing import Any
from uuid import uuid4

import pyarrow as pa

from extractors.archive import Archive
from extractors.client import Fetched
from extractors.masking import hide, shown
from extractors.quotes.member_lines import with_members
from extractors.registry import BY_ID, EXTRACTORS
from extractors.settings import Settings
from extractors.source import Window
from extractors.watchlist import WatchList
from flows.alerting.notify import notify_of_run
from flows.clock import DAY_ZONE, Now
from flows.derivations import derive
from flows.gaps import gaps_of, is_made_good, is_required
from flows.keeping.logs import RUN_LOG, log_report, logging_to
from flows.leftovers import finish_unwhole_runs
from flows.measuring import completeness
from flows.orders import Turns
from flows.report import Gap, RunReport, State, mend
from flows.source_rows import source_rows
from flows.taking import Taker, Tally
from warehouse.checks import failed_tables, run_checks
from warehouse.database import Warehouse, WarehouseError
from warehouse.freshness import measure_freshness
from warehouse.home import Home
from warehouse.lease import Lease
from warehouse.ledger import Run, write_run
from warehouse.mutes import Muted, muted_on
from warehouse.publish import PublishError, publish, publish_ops
from warehouse.rebuilding import sweep_rebuild
from warehouse.robots_decisions import robots_decisions
from warehouse.tables.catalog import BY_NAME

log = logging.getLogger("dragongate")


@dataclass(slots=True)
class Job:
    """One run that holds the lease and has the warehouse open."""

    home: Home
    settings: Settings
    warehouse: Warehouse
    archive: Archive
    run: Run
    now: Now
    taker: Taker
    data_until: Now
    """The moment that the age of the data is measured at: the clock, or the end of a replayed recording."""
    gaps: list[Gap] = field(default_factory=list)
    off: Mapping[str, str] = field(default_factory=dict)
    turns: Turns = field(default_factory=lambda: Turns({}))
    """Who was asked for what by the orders of sources; an ingest asks nobody."""
    broken: int = 0
    is_whole: bool = True
    """False once something that was archived could not be loaded."""
    finished: list[str] = field(default_factory=list)
    """Runs that had not ended whole, and whose answers this start took in."""
    companies: tuple[str, ...] = ()
    """The only companies that this run asks for; empty for all."""
    noted: Callable[[str, Fetched], None] = lambda source_id, fetched: None
    """Told of each answer as it comes, with the source that was asked."""
    only: tuple[str, ...] = ()
    """The only sources that this run asks; empty for all that are on."""
    stated: Settings = field(default_factory=Settings)
    """What the operator said; a replay allows itself more."""

    @property
    def tally(self) -> Tally:
        """What was taken in so far."""
        return self.taker.tally

    def gaps_of_answers(self) -> Iterator[Gap]:
        """List the answers that should have been data and are not, those that a later source made good left out."""
        yield from gaps_of(self.tally, self.turns, self.off, self.members)

    @property
    def members(self) -> frozenset[str]:
        """Name the lines that are priced because an index holds them, and not followed."""
        return frozenset(line.id for line in self.taker.watchlist.members)


def new_run_id(flow: str, started_at: datetime) -> str:
    """Name a run: its flow, when it starts, and something that no other run has."""
    return f"{flow}-{started_at:%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}"


@contextmanager
def start(
    home: Home,
    settings: Settings,
    watchlist: WatchList,
    *,
    flow: str,
    mode: str,
    now: Now,
    window: Window | None = None,
    run_id: str = "",
) -> Iterator[Job]:
    """Hold the lease, open the warehouse, finish what a dead run left, and write this run's own row.

    Raises LeaseHeld when another run holds the lease. A run that raises is written down as failed, and
    the ledger's copy goes out all the same.
    """
    started_at = now()
    run = Run(
        run_id=run_id or new_run_id(flow, started_at),
        flow=flow,
        mode=mode,
        started_at=started_at,
        code_version=version("dragongate"),
        host=socket.gethostname(),
        pid=os.getpid(),
        window_start_date=window.start if window else None,
        window_end_date=window.end if window else None,
    )
    hide(one.reveal() for one in settings.known_secrets)
    home.make()
    with (
        logging_to(home, settings.keep.log_days, started_at),
        Lease(home, flow=flow, run_id=run.run_id, now=now),
        Warehouse.open(home.warehouse) as warehouse,
    ):
        archive = Archive(home.archive)
        archive.sweep()
        sweep_rebuild(home)
        taker = Taker(warehouse, with_members(watchlist), run.run_id, now=now)
        job = Job(home, settings, warehouse, archive, run, now, taker, data_until=now, stated=settings)
        finish_unwhole_runs(job)
        write_run(warehouse, run)
        _write_sources(job)
        RUN_LOG.info("started run=%s mode=%s window=%s", run.run_id, mode, window or "-")
        try:
            yield job
        except BaseException as error:
            _write_failure(job, error)
            raise


def _write_sources(job: Job) -> None:
    job.warehouse.append({"core.sources": source_rows(job.stated, robots_decisions(job.warehouse))})


def _write_failure(job: Job, error: BaseException) -> None:
    """Write a failed run down and put the ledger's copy out; what stopped the run may stop this too."""
    message = shown(f"{type(error).__name__}: {error}")[:500]
    RUN_LOG.error("failed run=%s %s", job.run.run_id, message)
    try:
        write_run(job.warehouse, replace(job.run, state=State.FAILED, ended_at=job.now(), message=message))
        publish_ops(job.home, job.warehouse)
        if isinstance(error, Exception):  # whoever ends a run by hand knows of it, and waits
            _notify(job)
    except (WarehouseError, PublishError) as second:
        log.warning("the failed run is not in the ledger's copy: %s", second)


def _notify(job: Job) -> None:
    """Tell those who should hear of it what is wrong now; a replay is a rehearsal, of which nobody is told."""
    if job.run.mode != "replay":
        notify_of_run(job.home, job.stated, job.warehouse, job.now())


def end(job: Job) -> RunReport:
    """Derive, check, measure, publish and write down how it went."""
    derive(job)
    _write_sources(job)
    checks = run_checks(job.warehouse, run_id=job.run.run_id, now=job.now())
    freshness = measure_freshness(job.warehouse, run_id=job.run.run_id, now=job.data_until())
    muted = muted_on(job.warehouse, job.now().astimezone(DAY_ZONE).date())
    job.gaps = [_unless_muted(gap, muted) for gap in job.gaps]
    job.warehouse.append(
        {
            "ops.checks": checks,
            "ops.freshness": freshness,
            "ops.answers": _answer_rows(job, muted),
            "ops.completeness": _completeness(job),
        }
    )
    kept_back = failed_tables(checks)
    state, message = _judge(job.gaps, kept_back, _stale(job, freshness.to_pylist()))
    ended = replace(job.run, state=state, message=message or None, ended_at=job.now(), is_whole=job.is_whole)
    write_run(job.warehouse, ended)
    publication = publish(
        job.home,
        job.warehouse,
        run_id=job.run.run_id,
        now=job.now(),
        checks=checks,
        keep=job.settings.keep.generations,
    )
    publish_ops(job.home, job.warehouse)
    _notify(job)
    report = RunReport(
        run_id=job.run.run_id,
        flow=job.run.flow,
        mode=job.run.mode,
        state=state,
        started_at=job.run.started_at,
        ended_at=job.now(),
        window=_window(job.run),
        by_source={source: dict(counts) for source, counts in job.tally.outcomes.items()},
        loaded=dict(job.tally.loaded),
        gaps=tuple(job.gaps),
        off=_lacking(job),
        kept_back=kept_back,
        freshness=freshness.to_pylist(),
        muted={source_id: str(one) for source_id, one in muted.items()},
        generation=publication.generation,
        message=message,
        broken=job.broken,
        finished=tuple(job.finished),
    )
    log_report(report)
    return report


def _stale(job: Job, freshness: Sequence[Mapping[str, Any]]) -> list[str]:
    """List what should be up to date after this run and is not; a replay or an older window need not be.

    A run that asks some sources alone answers for the tables that they fill.
    """
    run = job.run
    is_older = run.window_end_date is not None and run.window_end_date < run.started_at.date()
    if run.mode != "live" or is_older:
        return []
    stale = sorted(one["table_name"] for one in freshness if one["is_stale"] and one["is_required"])
    filled = {table for name in job.only for table in BY_ID[name].source.tables}
    return [name for name in stale if not job.only or {name, BY_NAME[name].chosen_from} & filled]


def _judge(gaps: list[Gap], kept_back: Mapping[str, str], stale: Sequence[str]) -> tuple[State, str]:
    required = sorted({gap.source_id for gap in gaps if gap.is_required})
    muted = sorted({f"{gap.source_id} ({gap.muted})" for gap in gaps if gap.muted})
    optional = sorted({gap.source_id for gap in gaps if not gap.muted} - set(required))
    bad = {
        "required and missing": required,
        "kept back": [f"{name} ({check})" for name, check in sorted(kept_back.items())],
        "required and stale": stale,
    }
    said = (*bad.items(), ("missing", optional), ("missing and muted", muted))
    parts = [f"{what}: {', '.join(names)}" for what, names in said if names]
    if any(bad.values()):
        return State.FAILED, "; ".join(parts)
    return (State.COMPLETED_WITH_GAPS if gaps else State.COMPLETED), "; ".join(parts)


def _unless_muted(gap: Gap, muted: Mapping[str, Muted]) -> Gap:
    """Let the gap of a muted source fail nothing, and say by whose word."""
    if gap.source_id not in muted:
        return gap
    return replace(gap, is_required=False, muted=str(muted[gap.source_id]))


def _lacking(job: Job) -> dict[str, str]:
    """Name the sources that this run would have asked, had the operator given a contact, a login or a permission."""
    if job.run.mode != "live":
        return {}
    wanted = [one.source for one in EXTRACTORS if job.settings.permission(one.source).enabled]
    return {one.id: job.off[one.id] for one in wanted if job.off.get(one.id) == job.settings.why_off(one) != ""}


def _window(run: Run) -> Window | None:
    if run.window_start_date is None or run.window_end_date is None:
        return None
    return Window(run.window_start_date, run.window_end_date)


def _off_for_good(job: Job) -> dict[str, str]:
    """Say which sources this home does not ask, and why; one that only this run left out is on."""
    off = {one.source.id: job.settings.why_off(one.source) for one in EXTRACTORS}
    is_asking = job.run.flow == "daily"
    return {name: why for name, why in off.items() if why and (not is_asking or name in job.off)}


def _measured_until(job: Job) -> datetime:
    """Give the moment up to which things should be here; a replay knows of nothing after its window."""
    until = job.data_until()
    if job.run.mode != "replay" or job.run.window_end_date is None:
        return until
    return min(until, datetime.combine(job.run.window_end_date + timedelta(days=1), time(), UTC))


def _completeness(job: Job) -> pa.Table:
    return completeness(
        job.warehouse,
        job.taker.watchlist,
        _off_for_good(job),
        run_id=job.run.run_id,
        until=_measured_until(job),
        today=job.now().astimezone(DAY_ZONE).date(),
    )


def _answer_rows(job: Job, muted: Mapping[str, Muted]) -> pa.Table:
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for (source_id, chunk), (outcome, reason) in job.tally.chunks.items():
        good = {"ok": "here", "unchanged": "here", "nothing_there": "nothing_there"}
        is_elsewhere = is_made_good(source_id, chunk, job.turns, job.tally.chunks)
        rows[source_id, chunk] = {
            "source_id": source_id,
            "chunk": chunk,
            "state": good.get(outcome, "elsewhere" if is_elsewhere else "missing"),
            "reason": None if outcome in ("ok", "unchanged") else f"{outcome}: {reason}",
            "is_required": is_required(source_id, chunk, job.members),
            "mend": None if outcome in good or is_elsewhere else mend(outcome, reason),
        }
    for (source_id, _), row in rows.items():
        if row["state"] == "missing" and source_id in muted:
            row |= {"state": "muted", "reason": f"{row['reason']}; {muted[source_id]}", "is_required": False}
    for source_id, why in job.off.items():
        if job.only and source_id not in job.only:
            continue  # what other runs found of it still holds
        rows[source_id, ""] = {
            "source_id": source_id,
            "chunk": "",
            "state": "off",
            "reason": why,
            "is_required": False,
            "mend": None,
        }
    return BY_NAME["ops.answers"].arrow({"run_id": job.run.run_id, **row} for row in rows.values())
