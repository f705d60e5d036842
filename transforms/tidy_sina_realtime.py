"""The day's prices, from Sina's last prices."""

from collections.abc import Sequence
from typing import Any

from extractors.quotes.sina_realtime import SOURCE, LastPrice, Missing
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.last_quotes import Last, last_quote
from transforms.tidy import SetAside, Tidy
from warehouse.tables.quotes import DAILY_QUOTES_BY_SOURCE


def tidy_sina_realtime(reads: Sequence[Read[LastPrice | Missing]], watchlist: WatchList) -> Tidy:
    """One row per line at its last price.

    A price of zero means that nothing traded yet, and a line without a time is of no day: both are set aside.
    """
    lines = {_plain(code): line for code, line in watchlist.by_code("sina").items()}
    quotes: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    for read in reads:
        latest: dict[str, dict[str, Any]] = {}
        for one in sorted(read.records, key=_lateness):
            line = lines.get(_plain(one.code))
            made = _quote(one, line, read.snapshot)
            if isinstance(made, str):
                aside.append(_aside(read.snapshot, made, one.code))
            else:
                latest[made["security_id"]] = made
        quotes.extend(latest.values())
    return Tidy.of(DAILY_QUOTES_BY_SOURCE, quotes, aside)


def _plain(code: str) -> str:
    """Give the code without the mark of the undelayed line, which is of the same share."""
    return code.removeprefix("rt_").lower()


def _lateness(one: LastPrice | Missing) -> float:
    """Order the lines of one share that was asked for in both ways: the later one stands."""
    return one.stamped_at.timestamp() if isinstance(one, LastPrice) and one.stamped_at else 0.0


def _quote(one: LastPrice | Missing, line: Security | None, snapshot: Snapshot) -> dict[str, Any] | str:
    """Give the row of a line, or the reason why it has none."""
    if line is None:
        return "not_followed"
    if isinstance(one, Missing):
        return "unknown_symbol"
    if one.stamped_at is None:
        return "no_time"
    price = Last(one.stamped_at, one.last, one.open, one.high, one.low, one.volume, one.turnover)
    return last_quote(price, line, snapshot, SOURCE.id) if price.has_traded else "no_trade_yet"


def _aside(snapshot: Snapshot, reason: str, code: str) -> SetAside:
    return SetAside(DAILY_QUOTES_BY_SOURCE.name, reason, {"code": code}, snapshot.id, SOURCE.id)
