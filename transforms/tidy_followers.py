"""Follower counts in one shape, each with its precision, about accounts that we follow and no others."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.social.followers import FollowerReading
from extractors.watchlist import Account, WatchList
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.social import FOLLOWER_COUNTS

Row = Mapping[str, Any]
_MORE_EXACT_FIRST = ("exact", "rounded", "at_least")


def tidy_bilibili(reads: Sequence[Read[FollowerReading]], watchlist: WatchList) -> Tidy:
    """One row per reading of a Bilibili channel that we follow."""
    return _tidy("bilibili", reads, watchlist.accounts_on("bilibili"))


def tidy_weibo(reads: Sequence[Read[FollowerReading]], watchlist: WatchList) -> Tidy:
    """One row per reading of a Weibo account that we follow."""
    return _tidy("weibo", reads, watchlist.accounts_on("weibo"))


def tidy_github(reads: Sequence[Read[FollowerReading]], watchlist: WatchList) -> Tidy:
    """One row per reading of a GitHub user or organisation that we follow."""
    return _tidy("github", reads, watchlist.accounts_on("github"))


def tidy_mastodon(reads: Sequence[Read[FollowerReading]], watchlist: WatchList) -> Tidy:
    """One row per reading of a Mastodon account that we follow, at its home server."""
    return _tidy("mastodon", reads, watchlist.accounts_on("mastodon"), stable_id=_id_at_server)


def tidy_bluesky(reads: Sequence[Read[FollowerReading]], watchlist: WatchList) -> Tidy:
    """One row per reading of a Bluesky account that we follow."""
    return _tidy("bluesky", reads, watchlist.accounts_on("bluesky"))


def _own_id(account: Account) -> str:
    return account.platform_id


def _id_at_server(account: Account) -> str:
    """Mastodon counts its accounts per server, so that an id alone names one at each of them."""
    server = account.handle.rpartition("@")[2].lower()
    return f"{account.platform_id}@{server}" if account.platform_id else ""


def _tidy(
    source_id: str,
    reads: Sequence[Read[FollowerReading]],
    accounts: Sequence[Account],
    stable_id: Callable[[Account], str] = _own_id,
) -> Tidy:
    by_id = {stable_id(account): account for account in accounts if stable_id(account)}
    by_handle = {_plain(account.handle): account for account in accounts}
    rows: list[Row] = []
    aside: list[SetAside] = []
    for snapshot, reading in _pairs(reads):
        account = by_id.get(reading.platform_id) or by_handle.get(_plain(reading.handle))
        reason = _why_not(reading, account, stable_id)
        if reason or not account:
            aside.append(_set_aside(reason, _shown(reading), snapshot.id, source_id))
        else:
            rows.append(_row(snapshot, reading, account, source_id))
    kept, doubled = _one_per_moment(rows)
    aside.extend(_set_aside("another_reading", row, row["snapshot_id"], source_id) for row in doubled)
    return Tidy.of(FOLLOWER_COUNTS, kept, aside)


def _pairs(reads: Iterable[Read[FollowerReading]]) -> Iterator[tuple[Snapshot, FollowerReading]]:
    return ((read.snapshot, reading) for read in reads for reading in read.records)


def _plain(handle: str) -> str:
    return handle.removeprefix("@").casefold()


def _why_not(reading: FollowerReading, account: Account | None, stable_id: Callable[[Account], str]) -> str:
    """Say why a reading is set aside; empty when it is kept.

    A handle can pass to somebody else: where both sides name an id, only the id counts.
    """
    if reading.is_partial:
        return "remote_view"
    if not account:
        return "not_followed"
    ours = stable_id(account)
    return "another_account" if ours and reading.platform_id and ours != reading.platform_id else ""


def _row(snapshot: Snapshot, reading: FollowerReading, account: Account, source_id: str) -> Row:
    count = reading.followers
    return {
        "account_id": account.id,
        "metric": "followers",
        "observed_at": snapshot.fetched_at,
        "value": count.value,
        "value_low": count.low,
        "value_high": count.high,
        "qualifier": str(count.qualifier),
        "text_as_shown": count.text or None,
        "method": reading.method,
        "available_at": snapshot.fetched_at,
        **origin(snapshot, source_id),
    }


def _one_per_moment(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Keep one reading of an account and moment, the most exact; two captures of one second are not two counts."""
    ordered = sorted(rows, key=lambda row: (_MORE_EXACT_FIRST.index(row["qualifier"]), row["snapshot_id"]))
    kept: dict[tuple[Any, ...], Row] = {}
    doubled = []
    for row in ordered:
        key = tuple(row[name] for name in FOLLOWER_COUNTS.key)
        if key in kept:
            doubled.append(row)
        else:
            kept[key] = row
    return list(kept.values()), doubled


def _shown(reading: FollowerReading) -> Row:
    return {
        "platform_id": reading.platform_id,
        "handle": reading.handle,
        "value": reading.followers.value,
        "qualifier": str(reading.followers.qualifier),
        "text_as_shown": reading.followers.text,
    }


def _set_aside(reason: str, row: Row, snapshot_id: str, source_id: str) -> SetAside:
    return SetAside(FOLLOWER_COUNTS.name, reason, row, snapshot_id, source_id)
