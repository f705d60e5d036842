"""Follower counts that somebody brought in, about accounts that we follow and no others."""

from collections.abc import Mapping, Sequence
from typing import Any

from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.social.followers_table import BroughtCount
from extractors.watchlist import WatchList
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.social import FOLLOWER_COUNTS

MANUAL = "manual"
"""The source of every row that a person answers for, which versions and ranks go by."""


def tidy_followers_file(reads: Sequence[Read[BroughtCount]], watchlist: WatchList) -> Tidy:
    """One row per line of each table; it was public when the platform showed it, whenever it was written down."""
    accounts = accounts_by_name(watchlist)
    rows: list[Mapping[str, Any]] = []
    aside: list[SetAside] = []
    for read in reads:
        for count in read.records:
            account_id = accounts.get(count.account)
            if account_id:
                rows.append(_row(read.snapshot, count, account_id))
            else:
                aside.append(_not_followed(read.snapshot, count))
    return Tidy.of(FOLLOWER_COUNTS, rows, aside)


def accounts_by_name(watchlist: WatchList) -> dict[str, str]:
    """Map each way to name an account, by platform and id or by platform and handle, to its id."""
    by_handle = {f"{one.platform}:{one.handle}": one.id for one in watchlist.accounts}
    return by_handle | {one.id: one.id for one in watchlist.accounts}


def _row(snapshot: Snapshot, one: BroughtCount, account_id: str) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "metric": one.metric,
        "observed_at": one.observed_at,
        "value": one.count.value,
        "value_low": one.count.low,
        "value_high": one.count.high,
        "qualifier": str(one.count.qualifier),
        "text_as_shown": one.count.text or None,
        "method": one.method,
        "stated_by": one.stated_by,
        "entered_by": one.entered_by,
        "available_at": one.observed_at,
        **origin(snapshot, MANUAL),
    }


def _not_followed(snapshot: Snapshot, one: BroughtCount) -> SetAside:
    row = {"account": one.account, "metric": one.metric, "value": one.count.value, "line": one.line}
    return SetAside(FOLLOWER_COUNTS.name, "not_followed", row, snapshot.id, MANUAL)
