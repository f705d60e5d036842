"""Publishing without collecting: after somebody has looked at a failed check, or wants the last generation back."""

from collections.abc import Mapping
from dataclasses import replace

from extractors.settings import Settings
from extractors.watchlist import WatchList
from flows.clock import Now
from flows.job import Job, start
from flows.report import State
from warehouse.home import Home
from warehouse.ledger import write_run
from warehouse.publish import Publication, publish, publish_ops, rollback


def republish(
    home: Home, settings: Settings, watchlist: WatchList, *, accept: Mapping[str, str], now: Now
) -> Publication:
    """Publish what the warehouse holds; `accept` maps a failed check to the reason for letting it pass.

    Raises LeaseHeld while a run writes, PublishError when the check did not fail or the audit does.
    """
    with start(home, settings, watchlist, flow="publish", mode="publish", now=now) as job:
        publication = publish(
            home,
            job.warehouse,
            run_id=job.run.run_id,
            now=now(),
            accept=accept,
            keep=settings.keep.generations,
        )
        kept = ", ".join(f"{table} ({check})" for table, check in sorted(publication.kept.items()))
        _close(job, State.FAILED if kept else State.COMPLETED, f"kept back: {kept}" if kept else "")
        return publication


def go_back(home: Home, settings: Settings, watchlist: WatchList, *, to: int | None, now: Now) -> int:
    """Show an earlier generation again: the one before, or the one that `to` names.

    Raises LeaseHeld while a run writes, PublishError when that generation is not kept.
    """
    with start(home, settings, watchlist, flow="publish", mode="rollback", now=now) as job:
        generation = rollback(home, job.warehouse, to=to)
        _close(job, State.COMPLETED, f"readers see generation {generation} again")
        return generation


def _close(job: Job, state: State, message: str) -> None:
    ended = replace(job.run, state=state, message=message or None, ended_at=job.now(), is_whole=True)
    write_run(job.warehouse, ended)
    publish_ops(job.home, job.warehouse)
