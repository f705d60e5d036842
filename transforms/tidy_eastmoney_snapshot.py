"""The day's prices and shares in issue, from Eastmoney's last prices."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from extractors.quotes.eastmoney_snapshot import SOURCE, LastPrice
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.last_quotes import Last, last_quote
from transforms.quote_series import LOT, MAINLAND, public_since
from transforms.share_counts import has_other_class, is_first_counter
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import DAILY_QUOTES_BY_SOURCE, SHARES_OUTSTANDING_BY_SOURCE
from warehouse.tables.table import Table

_TOLERANCE = Decimal("0.001")


def tidy_eastmoney_snapshot(reads: Sequence[Read[LastPrice]], watchlist: WatchList) -> Tidy:
    """One row per line at its last price, and one for all its shares where they agree with the market value.

    A price of zero means that nothing traded yet, and a line without a time is of no day: both are set aside.
    """
    lines = watchlist.by_code("eastmoney")
    quotes: list[dict[str, Any]] = []
    shares: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    for read in reads:
        for one in read.records:
            line = lines.get(one.secid)
            price = _last(one, line)
            if line is None or isinstance(price, str):
                reason = price if isinstance(price, str) else "not_followed"
                aside.append(_aside(DAILY_QUOTES_BY_SOURCE, read.snapshot, reason, one))
                continue
            quote = last_quote(price, line, read.snapshot, SOURCE.id)
            quotes.append(quote)
            if not one.total_shares or line.kind == "index" or not is_first_counter(line, watchlist):
                continue
            reason = _why_not_count(one, line, watchlist)
            if reason:
                aside.append(_aside(SHARES_OUTSTANDING_BY_SOURCE, read.snapshot, reason, one))
            else:
                shares.append(_shares(one, line, quote, read.snapshot))
    return Tidy.of(DAILY_QUOTES_BY_SOURCE, quotes) | Tidy.of(SHARES_OUTSTANDING_BY_SOURCE, shares, aside)


def _last(one: LastPrice, line: Security | None) -> Last | str:
    """Give the price of a line, or the reason why it has none."""
    if line is None:
        return "not_followed"
    if one.stamped_at is None:
        return "no_time"
    if one.last is None:
        return "no_trade_yet"
    units = LOT if line.exchange in MAINLAND else 1
    volume = None if one.volume is None else one.volume * units
    price = Last(one.stamped_at, one.last, one.open, one.high, one.low, volume, one.turnover)
    return price if price.has_traded else "no_trade_yet"


def _why_not_count(one: LastPrice, line: Security, watchlist: WatchList) -> str:
    """Say why a count is not that of all shares; empty when it is.

    The count of a depositary line is in units of it. Where an issuer has shares of another class, such as H beside A,
    the source does not say which it counts.
    """
    assert one.total_shares is not None and one.last is not None
    if line.kind == "ads":
        return "count_in_depositary_units"
    if has_other_class(line, watchlist):
        return "count_of_unknown_class"
    if one.total_shares != int(one.total_shares) or not one.total_value:
        return "count_not_verified"
    is_near = abs(one.last * one.total_shares - one.total_value) <= one.total_value * _TOLERANCE
    return "" if is_near else "count_disagrees_with_market_value"


def _shares(one: LastPrice, line: Security, quote: dict[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    assert one.total_shares is not None and one.stamped_at is not None
    return {
        "company_id": line.company,
        "share_class": "all",
        "as_of_date": quote["trade_date"],
        "share_count": int(one.total_shares),
        "security_id": line.id,
        "available_at": public_since(one.stamped_at, snapshot),
        **origin(snapshot, SOURCE.id),
    }


def _aside(table: Table, snapshot: Snapshot, reason: str, one: LastPrice) -> SetAside:
    return SetAside(table.name, reason, {"code": one.secid, "last": str(one.last)}, snapshot.id, SOURCE.id)
