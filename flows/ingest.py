"""Take in any WARC file: ours, another tool's, a crawl's. Rebuilding is taking in our own archive."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from extractors.client import Fetched
from extractors.quotes.member_lines import with_members
from extractors.settings import Settings
from extractors.source import Query, Window
from extractors.tombstones import forgotten_keys
from extractors.watchlist import WatchList
from extractors.watchlist_file import fetch as keep_watchlist
from flows.clients import client_of
from flows.clock import Now, utc_now
from flows.job import Job, end, start
from flows.recorded import fetches_of, newest_watchlist
from flows.report import RunReport
from flows.tombstones import spread
from flows.watching import default_watchlist
from warehouse.home import Home
from warehouse.ledger import write_run


def ingest(
    home: Home,
    path: Path,
    settings: Settings,
    watchlist: WatchList | None,
    *,
    now: Now = utc_now,
    said: Callable[[int], None] = lambda done: None,
) -> RunReport:
    """Keep a WARC file in the home's archive and load every answer that a source claims.

    Without a watch list of the home's own, the newest one in the file is used, else the one that ships
    with Dragongate. Raises ArchiveError when the file is missing or is no WARC file at all.
    """
    with (
        start(home, settings, watchlist or default_watchlist(), flow="ingest", mode="ingest", now=now) as job,
        job.archive.start(job.run.run_id, now) as writer,
    ):
        known = forgotten_keys(job.archive)
        adopted = job.archive.adopt(path, now, writer, noted=partial(_note, job, writer.name))
        if watchlist is None:
            found = newest_watchlist(job.archive, adopted.name)
            job.taker.watchlist = with_members(found) if found else job.taker.watchlist
        job.taker.make_durable = writer.sync
        job.taker.take(_counted(fetches_of(job, adopted.name), said))
        today = now().date()
        with client_of(job, writer) as client:
            kept = keep_watchlist(client, Query(job.taker.watchlist, Window(today, today)))
            job.taker.take(kept, are_counted=False)
        spread(job, known)
        return end(job)


def _note(job: Job, written: str, taken: str) -> None:
    """Write down which file is taken in before it is there, so that the next start finishes what is killed."""
    job.run = replace(job.run, archive_files=(taken, written))
    write_run(job.warehouse, job.run)


def _counted(fetches: Iterator[Fetched], said: Callable[[int], None]) -> Iterator[Fetched]:
    for number, fetched in enumerate(fetches, start=1):
        said(number)
        yield fetched
