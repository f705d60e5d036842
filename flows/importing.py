"""Bring in what people wrote down: archived first, then read and loaded from the archive like any answer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from extractors.client import Client, Fetched
from extractors.settings import Settings
from extractors.social import followers_file
from extractors.social.followers_table import BadTable, BroughtCount, read_table
from extractors.source import Query, Window
from extractors.watchlist import WatchList
from extractors.watchlist_file import fetch as keep_watchlist
from flows.clients import client_of
from flows.clock import Now, utc_now
from flows.job import end, start
from flows.report import RunReport
from transforms.tidy_followers_file import accounts_by_name
from warehouse.home import Home
from warehouse.ledger import write_run

Keep = Callable[[Client], Iterator[Fetched]]


def import_followers(
    home: Home, path: Path, settings: Settings, watchlist: WatchList, *, now: Now = utc_now
) -> RunReport:
    """Take in a table of follower counts, whole or not at all.

    Raises BadTable, before anything is written, for a table with a mistake or with an account that is not on the
    watch list.
    """
    body = path.read_bytes()
    counts = read_table(body, name=path.name, until=now())
    accounts = accounts_by_name(watchlist)
    unknown = [one for one in counts if one.account not in accounts]
    if unknown:
        raise BadTable("\n".join(_unknown(path.name, one, accounts) for one in unknown))
    return bring_in(home, settings, watchlist, lambda client: followers_file.keep(client, body), now=now)


def bring_in(
    home: Home, settings: Settings, watchlist: WatchList, keep: Keep, *, now: Now, flow: str = "import"
) -> RunReport:
    """Archive an input beside the watch list that it was made for, load what it says, check and publish."""
    with (
        start(home, settings, watchlist, flow=flow, mode="import", now=now) as job,
        job.archive.start(job.run.run_id, now) as writer,
    ):
        job.run = replace(job.run, archive_files=(writer.name,))
        write_run(job.warehouse, job.run)
        job.taker.make_durable = writer.sync
        today = now().date()
        with client_of(job, writer) as client:
            job.taker.take(keep_watchlist(client, Query(watchlist, Window(today, today))), are_counted=False)
            job.taker.take(keep(client))
        job.gaps.extend(job.gaps_of_answers())
        return end(job)


def _unknown(name: str, one: BroughtCount, accounts: Mapping[str, str]) -> str:
    near = get_close_matches(one.account, accounts, n=3)
    mend = f"near are {', '.join(near)}" if near else "add an [[account]] there first"
    return f"{name}:{one.line}: account: there is no {one.account!r} on the watch list; {mend}"
