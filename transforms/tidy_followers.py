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
Transform = Callable[[Sequence[Read[Any]], WatchList], Tidy]
_MORE_EXACT_FIRST = ("exact", "rounded", "at_least")


def _own_id(account: Account) -> str:
    return account.platform_id


def _id_at_server(account: Account) -> str:
    """Mastodon counts its accounts per server, so that an id alone names one at each of them."""
    server = account.handle.rpartition("@")[2].lower()
    return f"{account.platform_id}@{server}" if account.platform_id else ""


def _rows_of(source_id: str, platform: str = "", stable_id: Callable[[Account], str] = _own_id) -> Transform:
    """Make the transform of one source: a row per reading of an account on its platform that we follow."""

    def tidy(reads: Sequence[Read[Any]], watchlist: WatchList) -> Tidy:
        return _tidy(source_id, reads, watchlist.accounts_on(platform or source_id), stable_id)

    return tidy


def _tidy(
    source_id: str,
    reads: Sequence[Read[Any]],
    accounts: Sequence[Account],
    stable_id: Callable[[Account], str],
) -> Tidy:
    by_id = {stable_id(account): account for account in accounts if stable_id(account)}
    by_handle = {_plain(account.handle): account for account in accounts}
    rows: list[Row] = []
    aside: list[SetAside] = []
    for snapshot, reading in _pairs(reads):
        known = next((by_id[one] for one in _ids(reading) if one in by_id), None)
        account = known or by_handle.get(_plain(reading.handle))
        reason = _why_not(reading, account, stable_id)
        if reason or not account:
            aside.append(_set_aside(reason, _shown(reading), snapshot.id, source_id))
        else:
            rows.append(_row(snapshot, reading, account, source_id))
    kept, doubled = _one_per_moment(rows)
    aside.extend(_set_aside("another_reading", row, row["snapshot_id"], source_id) for row in doubled)
    return Tidy.of(FOLLOWER_COUNTS, kept, aside)


def _pairs(reads: Iterable[Read[Any]]) -> Iterator[tuple[Snapshot, FollowerReading]]:
    """List the counts; a step on the way to one, such as the channel of an address, has none."""
    return (
        (read.snapshot, reading) for read in reads for reading in read.records if isinstance(reading, FollowerReading)
    )


def _ids(reading: FollowerReading) -> tuple[str, ...]:
    return tuple(one for one in (reading.platform_id, *reading.other_ids) if one)


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
    theirs = _ids(reading)
    return "another_account" if ours and theirs and ours not in theirs else ""


def _row(snapshot: Snapshot, reading: FollowerReading, account: Account, source_id: str) -> Row:
    count = reading.followers
    return {
        "account_id": account.id,
        "metric": reading.metric,
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
        "metric": reading.metric,
        "value": reading.followers.value,
        "qualifier": str(reading.followers.qualifier),
        "text_as_shown": reading.followers.text,
    }


def _set_aside(reason: str, row: Row, snapshot_id: str, source_id: str) -> SetAside:
    return SetAside(FOLLOWER_COUNTS.name, reason, row, snapshot_id, source_id)


tidy_bilibili = _rows_of("bilibili")
tidy_bluesky = _rows_of("bluesky")
tidy_douyin = _rows_of("douyin")
tidy_facebook = _rows_of("facebook")
tidy_github = _rows_of("github")
tidy_instagram = _rows_of("instagram")
tidy_instagram_graph = _rows_of("instagram_graph", "instagram")
tidy_kuaishou = _rows_of("kuaishou")
tidy_mastodon = _rows_of("mastodon", stable_id=_id_at_server)
tidy_reddit = _rows_of("reddit")
tidy_telegram = _rows_of("telegram")
tidy_tiktok = _rows_of("tiktok")
tidy_weibo = _rows_of("weibo")
tidy_x = _rows_of("x")
tidy_x_graphql = _rows_of("x_graphql", "x")
tidy_xiaohongshu = _rows_of("xiaohongshu")
tidy_youtube = _rows_of("youtube")
tidy_youtube_innertube = _rows_of("youtube_innertube", "youtube")
