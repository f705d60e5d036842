"""Make a fresh warehouse from the archive alone, and compare it with what is published.

It grows in a folder of its own, under the lease; the writer's warehouse and all that is published stay as they are.
Only a rebuild that is told to publish takes the writer's place, in one step: whoever is killed before leaves things as
they were, and after it the next publication puts the rebuilt rows out.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from uuid import uuid4

from extractors.archive import Archive, NoArchive
from extractors.client import Fetched
from extractors.quotes.member_lines import with_members
from extractors.settings import Settings
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList
from extractors.watchlist_file import URI
from flows.clock import Now
from flows.derivations import derive
from flows.figures import read_documents
from flows.job import Job
from flows.recorded import fetches_of, newest_watchlist
from flows.report import State
from flows.republish import republish
from flows.taking import Taker
from warehouse.carrying import carry_deeds
from warehouse.comparing import Comparison, compare
from warehouse.database import Warehouse, WarehouseError
from warehouse.home import Home
from warehouse.lease import Lease
from warehouse.ledger import Run, write_run
from warehouse.publish import Publication
from warehouse.rebuilding import fresh_file, take_the_place

log = logging.getLogger("dragongate")

READING, COMPARING = "Reading the archive", "Comparing tables"
Said = Callable[[str, int, int], None]
"""Told what is being done, how far it is, and how far it goes: bytes of the archive, then tables."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of a rebuild."""

    run_id: str
    files: int
    answers: int
    broken: int
    """Records of the archive that could not be read."""
    comparison: Comparison | None
    """None where nothing that can be read is published."""
    publication: Publication | None = None
    """What was published, when it was told to."""

    @property
    def is_equal(self) -> bool:
        """Whether the archive gives what is published."""
        return self.comparison is not None and self.comparison.is_equal

    @property
    def exit_code(self) -> int:
        """Give 0 when equal, or when readers now see all that was rebuilt; else 1."""
        if self.publication is not None:
            return 1 if self.publication.kept else 0
        return 0 if self.is_equal else 1


def rebuild(
    home: Home,
    settings: Settings,
    watchlist: WatchList,
    *,
    is_publishing: bool,
    now: Now,
    said: Said = lambda what, done, total: None,
) -> Rebuilt:
    """Rebuild, compare, and publish when told to; `watchlist` serves where the archive holds none.

    Raises LeaseHeld while a run writes, NoArchive for a home without one, ArchiveError for a file that cannot be
    read, PublishError when the new generation fails its audit.
    """
    run = _run(now())
    with Lease(home, flow=run.flow, run_id=run.run_id, now=now), fresh_file(home) as path:
        with Warehouse.open(path) as warehouse:
            archive = Archive(home.archive)
            taker = Taker(warehouse, with_members(watchlist), run.run_id, now=now)
            job = Job(home, settings, warehouse, archive, run, now, taker, data_until=now, stated=settings)
            rebuilt = _rebuilt(job, said)
            if is_publishing:
                carry_deeds(warehouse.connection, home)
                write_run(warehouse, replace(job.run, state=State.COMPLETED, ended_at=now(), is_whole=True))
        if is_publishing:
            take_the_place(home, path)
    if not is_publishing:
        return rebuilt
    return replace(rebuilt, publication=republish(home, settings, watchlist, accept={}, now=now))


def _run(at: datetime) -> Run:
    return Run(
        run_id=f"rebuild-{at:%Y%m%dT%H%M%SZ}-{uuid4().hex[:6]}",
        flow="rebuild",
        mode="rebuild",
        started_at=at,
        code_version=version("dragongate"),
        host=socket.gethostname(),
        pid=os.getpid(),
    )


def _rebuilt(job: Job, said: Said) -> Rebuilt:
    """Take in every file in the order in which they came, each by the watch list of its run, and compare."""
    files = in_order(job.archive)
    if not files:
        raise NoArchive(f"{job.archive.folder} holds no archive file: there is nothing to rebuild from")
    job.run = replace(job.run, archive_files=tuple(files))
    total, done = sum((job.archive.folder / name).stat().st_size for name in files), 0
    for place, name in enumerate(files):
        found = _watchlist_of(job.archive, files[place:])
        job.taker.watchlist = with_members(found) if found else job.taker.watchlist
        job.taker.take(_told(fetches_of(job, name), done, total, said))
        if job.archive.is_own(name):
            read_documents(job)
        done += (job.archive.folder / name).stat().st_size
        said(READING, done, total)
    derive(job)
    answers = sum(sum(counts.values()) for counts in job.tally.outcomes.values())
    return Rebuilt(job.run.run_id, len(files), answers, job.broken, _compared(job, said))


def _compared(job: Job, said: Said) -> Comparison | None:
    """Compare with what is published; a file of it that is damaged is worth as much as none."""
    try:
        return compare(job.warehouse.connection, job.home, said=lambda done, total: said(COMPARING, done, total))
    except WarehouseError as error:
        log.warning("%s", error)
        return None


def in_order(archive: Archive) -> list[str]:
    """Name the files of an archive as they came: our own by their first record, foreign ones by their arrival."""
    arrivals = archive.arrivals()
    ranked = []
    for path in archive.files():
        is_own = archive.is_own(path.name)
        at = None if is_own else arrivals.get(path.name)
        ranked.append((at or _first_time(archive, path.name), is_own, path.name))
    return [name for _, _, name in sorted(ranked)]


def _first_time(archive: Archive, name: str) -> datetime:
    times = (one.fetched_at for one in archive.read(name) if isinstance(one, Snapshot))
    return next(times, datetime.min.replace(tzinfo=UTC))


def _watchlist_of(archive: Archive, files: list[str]) -> WatchList | None:
    """Find the list that the run of a file kept, where it was another than before.

    A foreign file goes by that of the run that took it in, which wrote the next file of our own.
    """
    own = next((name for name in files if archive.is_own(name)), files[0])
    is_kept = any(entry.file == own for entry in archive.index.answers("RESOURCE", URI))
    return newest_watchlist(archive, own) if is_kept else None


def _told(fetches: Iterator[Fetched], before: int, total: int, said: Said) -> Iterator[Fetched]:
    for fetched in fetches:
        if fetched.snapshot:
            said(READING, before + fetched.snapshot.archive_offset, total)
        yield fetched
