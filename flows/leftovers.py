"""What runs that did not end whole had archived and not loaded: the next start takes it in, once, and says so."""

import logging
from typing import TYPE_CHECKING

from extractors.archive import ArchiveError
from extractors.tombstones import forgotten_keys, take_down
from flows.places import HOUSEKEEPING, agree_on_places
from flows.recorded import fetches_of
from warehouse.database import WarehouseError
from warehouse.ledger import Run, close_unwhole_run, files_taken_in, unwhole_runs

if TYPE_CHECKING:
    from flows.job import Job

BROKEN_HOME = (ArchiveError, WarehouseError, OSError)
"""Errors of our own home, such as a full disk: no source is to blame, and the run ends."""
FORGETTING = "forget"
"""The flow of a run that takes a document down; the start after one that died finishes its work."""

log = logging.getLogger("dragongate")


def finish_unwhole_runs(job: "Job") -> None:
    """Take in what runs that died or ended by an exception had archived, and close each when that is done.

    Answers that cannot be loaded, by a mistake of ours, hold nobody up: the next start tries them again.
    Raises what a broken home raises.
    """
    done = files_taken_in(job.warehouse)
    for run in unwhole_runs(job.warehouse):
        trouble = _take_in(job, run, done)
        if run.flow == FORGETTING:
            take_down(job.archive, forgotten_keys(job.archive))
        if run.flow == HOUSEKEEPING:
            agree_on_places(job)
        close_unwhole_run(job.warehouse, run, at=job.now(), by=job.run.run_id, trouble=trouble)
        if not trouble:
            done.update(run.archive_files)
            job.finished.append(run.run_id)


def _take_in(job: "Job", run: Run, done: set[str]) -> str:
    """Take in the files of one run; gives what went wrong, or an empty text."""
    try:
        for name in run.archive_files:
            if name not in done and (job.archive.folder / name).exists():
                job.taker.take(fetches_of(job, name))
    except BROKEN_HOME:
        raise
    except Exception as error:
        log.error("what %s had archived cannot be loaded", run.run_id, exc_info=error)
        return f"{type(error).__name__}: {error}"[:300]
    return ""
