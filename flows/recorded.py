"""Recorded answers, handed to the sources that claim their addresses."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from extractors.archive import ARRIVAL, Archive, ArchiveWriter, Broken
from extractors.client import Fetched
from extractors.errors import Outcome
from extractors.registry import claimant
from extractors.run_record import MEDIA_TYPE as RUN_TYPE
from extractors.run_record import URI as RUN_URI
from extractors.run_record import RunRecord
from extractors.snapshot import Snapshot
from extractors.source import Window
from extractors.watchlist import BadWatchList, WatchList, parse_watchlist
from extractors.watchlist_file import URI
from flows.plan import Plan
from flows.taking import UNMATCHED
from warehouse.ledger import snapshots_of

log = logging.getLogger("dragongate")

ASKED = "x-dragongate-asked"
"""Header of an answer that a redirect led to: the address that was asked first."""

if TYPE_CHECKING:
    from flows.job import Job


def fetches_of(job: "Job", file: str) -> Iterator[Fetched]:
    """Read every record of one archive file; what cannot be read is an outcome, not an error."""
    for item in job.archive.read(file):
        if isinstance(item, Broken):
            job.broken += 1
            if item.url:
                yield _broken(item, job)
            else:
                log.warning("%s: byte %d: %s: %s", item.file, item.offset, item.reason, item.message)
        elif not item.url.startswith(ARRIVAL):
            yield _recorded(item, job.taker.watchlist)


def index_rest(job: "Job", file: str) -> None:
    """Index what a run archived beside the answers that it read, so that a rebuild finds nothing new."""
    known = snapshots_of(job.warehouse, file)
    rest = [one for one in job.archive.read(file) if isinstance(one, Snapshot) and one.id not in known]
    job.taker.index(_recorded(one, job.taker.watchlist) for one in rest if not one.url.startswith(ARRIVAL))


def describe(job: "Job", writer: ArchiveWriter, planned: Plan) -> None:
    """Tell in the archive file of a run what it asks for, so that a replay of it knows its days."""
    run = job.run
    window = (
        Window(run.window_start_date, run.window_end_date) if run.window_start_date and run.window_end_date else None
    )
    told = RunRecord(run.run_id, run.flow, run.mode, run.code_version, window, planned.windows(), job.companies)
    writer.describe(RUN_URI, told.written(), RUN_TYPE)


def newest_watchlist(archive: Archive, file: str) -> WatchList | None:
    """Find the newest watch list that one archive file holds. Raises BadWatchList where it cannot be used.

    A list that did not change is not kept twice: for a run's own file without one, the list before it counts.
    """
    entry = next((one for one in archive.index.answers("RESOURCE", URI) if one.file == file), None)
    if entry is None and archive.is_own(file):
        entry = next(iter(archive.index.answers("RESOURCE", URI, until=_ended_at(archive, file))), None)
    if entry is None:
        return None
    newest = archive.snapshot(entry.file, entry.offset)
    try:
        return parse_watchlist(newest.body.decode("utf-8"), name=file)
    except (BadWatchList, UnicodeDecodeError) as error:
        raise BadWatchList(
            f"the watch list that {file} holds cannot be used: {error}\n"
            "Put a watch list of your own into the home (`dragongate init` writes one), then ingest again"
        ) from error


def _ended_at(archive: Archive, file: str) -> datetime | None:
    return max((one.fetched_at for one in archive.read(file) if isinstance(one, Snapshot)), default=None)


def _recorded(snapshot: Snapshot, watchlist: WatchList) -> Fetched:
    # The source that asked reads what a redirect led to: a wall on another host says that this source is refused.
    source = claimant(snapshot.headers.get(ASKED, ""), watchlist) or claimant(snapshot.url, watchlist)
    return Fetched(
        source_id=source.source.id if source else UNMATCHED,
        chunk="",
        method=snapshot.method,
        url=snapshot.url,
        requested_at=snapshot.fetched_at,
        seconds=0.0,
        attempts=1,
        outcome=Outcome.OK,
        snapshot=snapshot,
    )


def _broken(item: Broken, job: "Job") -> Fetched:
    source = claimant(item.url, job.taker.watchlist)
    return Fetched(
        source_id=source.source.id if source else UNMATCHED,
        chunk="",
        method="GET",
        url=item.url,
        requested_at=job.run.started_at,
        seconds=0.0,
        attempts=1,
        outcome=Outcome.UNAVAILABLE,
        reason=item.reason,
        message=item.message,
    )
