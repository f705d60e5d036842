"""Keep the home within its configured age and size: archive, generations, logs, Prefect's database.

Each file of the archive is written anew and put into the place of the old one in one step; then the index is told where
its answers are now, and a new generation tells readers. Killed at any moment, every file is whole, every answer is
found by its id, and the next start brings the index to what the files say.
"""

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from extractors.archive import Archive, ArchiveError
from extractors.archive_index import drop_kept_form
from extractors.settings import Settings
from extractors.warc_thinning import leave_out
from extractors.watchlist import WatchList
from flows.clock import Now
from flows.job import Job, start
from flows.keeping.housekeeping import Plan, Thinned, plan_housekeeping
from flows.places import HOUSEKEEPING
from flows.report import State
from warehouse.database import Warehouse
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.lease import Lease
from warehouse.ledger import write_run
from warehouse.needed import agree
from warehouse.publish import publish, publish_ops

log = logging.getLogger("dragongate")

_BRIEFLY = 1.0


@dataclass(frozen=True, slots=True)
class Housekept:
    """What was freed."""

    plan: Plan
    archive_bytes: int
    """As large as the archive is now."""
    generation: int
    prefect_bytes: int
    """As large as Prefect's database is now."""


def look(home: Home, settings: Settings, *, now: Now) -> Plan:
    """Say what `housekeep` would free, and change nothing. Raises LeaseHeld while a run writes."""
    home.make()
    with Lease(home, flow=HOUSEKEEPING, run_id="dry run", now=now), Warehouse.open(home.warehouse) as warehouse:
        return plan_housekeeping(home, warehouse, Archive(home.archive), settings.keep, now())


def housekeep(
    home: Home, settings: Settings, watchlist: WatchList, *, now: Now, said: Callable[[Plan], None]
) -> Housekept:
    """Free what may go; `said` is told the plan before anything is changed.

    Raises LeaseHeld while a run writes, ArchiveError where a file cannot be read or written: what was done till then
    is done, and the rest is as it was.
    """
    with start(home, settings, watchlist, flow=HOUSEKEEPING, mode=HOUSEKEEPING, now=now) as job:
        plan = plan_housekeeping(home, job.warehouse, job.archive, settings.keep, now())
        said(plan)
        for one in plan.files:
            _thin(job, one)
        for path in plan.logs:
            path.unlink(missing_ok=True)
        message = f"the archive is {plan.freed_bytes} bytes smaller" if plan.files else None
        write_run(
            job.warehouse, replace(job.run, state=State.COMPLETED, message=message, ended_at=now(), is_whole=True)
        )
        publication = publish(home, job.warehouse, run_id=job.run.run_id, now=now(), keep=settings.keep.generations)
        Generations(home.published).keep_newest(settings.keep.generations)
        publish_ops(home, job.warehouse)
        size = sum(path.stat().st_size for path in job.archive.files())
        return Housekept(plan, size, publication.generation, _compact_prefect(home))


def _thin(job: Job, thinned: Thinned) -> None:
    path = job.archive.folder / thinned.file
    try:
        places = leave_out(path, thinned.records, thinned.ids, before=lambda: drop_kept_form(path))
    except OSError as error:
        raise ArchiveError(
            f"{path}: cannot be written anew ({error.strerror}); it is as it was: free some space, then try again"
        ) from error
    agree(job.warehouse, thinned.file, places)


def _compact_prefect(home: Home) -> int:
    """Give back the room of what Prefect deleted, where no server has its database open; gives its size then."""
    path = home.prefect_database
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(path, timeout=_BRIEFLY, isolation_level=None)) as database:
            database.execute("VACUUM")
    except sqlite3.Error as error:
        log.warning("%s keeps its size: %s; a server has it open, or it is no database", path, error)
    return path.stat().st_size
