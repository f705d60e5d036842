"""The day's prices and the issued shares of each class, from the exchange's own quotes."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from extractors.quotes.hkex_quotes import SOURCE, LastPrice
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.last_quotes import Last, last_quote
from transforms.share_counts import is_first_counter
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import DAILY_QUOTES_BY_SOURCE, SHARES_OUTSTANDING_BY_SOURCE
from warehouse.tables.table import Table

_EXCHANGE = "XHKG"
_NORMAL = ("N", "")
_CURRENCIES = {"RMB": "CNY", "CNH": "CNY"}


def tidy_hkex_quotes(reads: Sequence[Read[LastPrice]], watchlist: WatchList) -> Tidy:
    """One row per line at its last price, and one per class at its issued shares on the day that the exchange names.

    Volume and turnover are rounded there, so that they are left out. A suspended line shows an old price.
    """
    lines = {line.code: line for line in watchlist.securities if line.exchange == _EXCHANGE}
    quotes: list[dict[str, Any]] = []
    shares: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    for read in reads:
        for one in read.records:
            line = lines.get(one.code)
            made = _quote(one, line, read.snapshot)
            if isinstance(made, str):
                aside.append(_aside(DAILY_QUOTES_BY_SOURCE, read.snapshot, made, one))
            else:
                quotes.append(made)
            if line and line.kind != "index" and one.issued_shares and is_first_counter(line, watchlist):
                counts = _counts(one, line)
                if not counts or one.issued_on is None:
                    reason = "count_without_day" if counts else "count_of_unknown_class"
                    aside.append(_aside(SHARES_OUTSTANDING_BY_SOURCE, read.snapshot, reason, one))
                else:
                    shares.extend(_shares(one, line, counts, read.snapshot))
    return Tidy.of(DAILY_QUOTES_BY_SOURCE, quotes) | Tidy.of(SHARES_OUTSTANDING_BY_SOURCE, shares, aside)


def _quote(one: LastPrice, line: Security | None, snapshot: Snapshot) -> dict[str, Any] | str:
    """Give the row of a line, or the reason why it has none."""
    if line is None:
        return "not_followed"
    if one.status not in _NORMAL:
        return "suspended"
    if one.stamped_at is None:
        return "no_time"
    if one.currency and _CURRENCIES.get(one.currency, one.currency) != line.currency:
        return "currency_differs"
    if not one.last:
        return "no_trade_yet"
    price = Last(one.stamped_at, one.last, one.open, one.high, one.low, None, None)
    return last_quote(price, line, snapshot, SOURCE.id) if price.has_traded else "no_trade_yet"


def _counts(one: LastPrice, line: Security) -> dict[str, Decimal]:
    """Give the counts by class; none where the exchange does not say of which class its one count is.

    An issuer with weighted votes has a count for each class. The one count of an H share is that of the H shares.
    """
    if one.class_a_shares and one.class_b_shares:
        whole = one.class_a_shares + one.class_b_shares
        return {"A": one.class_a_shares, "B": one.class_b_shares, "all": whole}
    count = one.issued_shares or Decimal(0)
    if one.is_h_share or line.share_class == "H":
        return {"H": count}
    return {} if line.share_class else {"all": count}


def _shares(one: LastPrice, line: Security, counts: dict[str, Decimal], snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    for share_class, count in counts.items():
        yield {
            "company_id": line.company,
            "share_class": share_class,
            "as_of_date": one.issued_on,
            "share_count": int(count),
            "security_id": line.id,
            "available_at": snapshot.fetched_at,
            **origin(snapshot, SOURCE.id),
        }


def _aside(table: Table, snapshot: Snapshot, reason: str, one: LastPrice) -> SetAside:
    return SetAside(table.name, reason, {"code": one.code, "last": str(one.last)}, snapshot.id, SOURCE.id)
