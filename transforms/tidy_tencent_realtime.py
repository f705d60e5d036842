"""The day's prices and shares in issue, from Tencent's last prices."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from extractors.exchanges import EXCHANGES
from extractors.quotes.tencent_realtime import SOURCE, LastPrice, Missing
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.quote_series import LOT, MAINLAND, public_since
from transforms.regular_closes import close_of, is_final_stamp
from transforms.share_counts import has_other_class, is_first_counter
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import DAILY_QUOTES_BY_SOURCE, SHARES_OUTSTANDING_BY_SOURCE
from warehouse.tables.table import Table

_CURRENCIES = {"RMB": "CNY", "CNH": "CNY"}
_HUNDRED_MILLION = Decimal(10**8)
_MAINLAND_TURNOVER_UNIT = 10_000
_TOLERANCE = Decimal("0.001")


def tidy_tencent_realtime(reads: Sequence[Read[LastPrice | Missing]], watchlist: WatchList) -> Tidy:
    """One row per line at its last price, and one per class at its shares in issue.

    A price of zero means that nothing traded yet, and a short line has no time: both are set aside.
    """
    lines = watchlist.by_code("tencent_daily") | watchlist.by_code("tencent")
    quotes: list[dict[str, Any]] = []
    shares: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    for read in reads:
        usable = _usable(read.records, lines)
        for one in read.records:
            line = lines.get(one.code)
            if line is None or line.id not in usable:
                aside.append(_aside(read.snapshot, DAILY_QUOTES_BY_SOURCE, _why_not(one, line), one.code))
        quotes.extend(_quote(price, line, read.snapshot) for price, line in usable.values())
        counts = [row for one in usable.values() for row in _shares(*one, watchlist, read.snapshot, aside)]
        shares.extend({(row["company_id"], row["share_class"]): row for row in counts}.values())
    return Tidy.of(DAILY_QUOTES_BY_SOURCE, quotes) | Tidy.of(SHARES_OUTSTANDING_BY_SOURCE, shares, aside)


def _usable(
    records: Sequence[LastPrice | Missing], lines: Mapping[str, Security]
) -> dict[str, tuple[LastPrice, Security]]:
    """Give each line's price, primary lines last so that their counts stand; one with the later time stands too."""
    usable = {}
    for one in sorted(records, key=_completeness):
        line = lines.get(one.code)
        if line and isinstance(one, LastPrice) and not _why_not(one, line):
            usable[line.id] = (one, line)
    return dict(sorted(usable.items(), key=lambda item: item[1][1].is_primary))


def _completeness(one: LastPrice | Missing) -> tuple[bool, float]:
    """Order the lines of one code, when it was asked for in several ways: the last one stands."""
    if isinstance(one, Missing) or one.stamped_at is None:
        return (False, 0.0)
    return (True, one.stamped_at.timestamp())


def _why_not(one: LastPrice | Missing, line: Security | None) -> str:
    """Say why a line gives no row; empty when it does."""
    if line is None:
        return "not_followed"
    if isinstance(one, Missing):
        return "unknown_symbol"
    if one.stamped_at is None:
        return "no_time"
    if not one.last or not (one.open or one.high or one.low or one.volume):
        return "no_trade_yet"
    if line.kind != "index" and _currency(one, line) != line.currency:
        return "currency_differs"
    return ""


def _currency(price: LastPrice, line: Security) -> str:
    return _CURRENCIES.get(price.currency, price.currency) or line.currency


def _quote(price: LastPrice, line: Security, snapshot: Snapshot) -> dict[str, Any]:
    stamp = _stamp(price, line)
    is_final = is_final_stamp(line.exchange, stamp)
    is_index = line.kind == "index"
    lot, turnover_unit = (LOT, _MAINLAND_TURNOVER_UNIT) if line.exchange in MAINLAND else (1, 1)
    return {
        "security_id": line.id,
        "trade_date": stamp.date(),
        "price_basis": "as_traded",
        "open_price": _rounded(price.open),
        "high_price": _rounded(price.high),
        "low_price": _rounded(price.low),
        "close_price": round(price.last, 6),
        "volume": None if is_index or price.volume is None else round(price.volume * lot),
        "turnover_amount": None if is_index or price.turnover is None else round(price.turnover * turnover_unit, 6),
        "currency": line.currency,
        "is_final": is_final,
        "available_at": public_since(
            close_of(line.exchange, stamp.date()) if is_final else stamp.astimezone(UTC), snapshot
        ),
        **origin(snapshot, SOURCE.id),
    }


def _rounded(price: Decimal | None) -> Decimal | None:
    """Give a price that was traded; a zero is none."""
    return round(price, 6) if price else None


def _stamp(price: LastPrice, line: Security) -> datetime:
    assert price.stamped_at is not None
    return price.stamped_at.astimezone(EXCHANGES[line.exchange].zone)


def _shares(
    price: LastPrice, line: Security, watchlist: WatchList, snapshot: Snapshot, aside: list[SetAside]
) -> Iterator[dict[str, Any]]:
    """Give the counts that agree with the market values beside them.

    In Hong Kong the total (f69) counts every class, mainland shares included, when it agrees with the total
    value (f45): for an issuer with H and A shares, such as BYD, all are worth the H price there. Where such an
    issuer's total is no more than its class, it is not the total of all. The class count (f70) is that of the
    line's class. In New York the total (f62) is that of all shares, the other one (f63) floats and
    is no class. The counts of a depositary line are in units of it, and a second counter of a class that
    trades in another currency repeats the first one's.
    """
    if line.exchange in MAINLAND or line.kind == "index" or not line.company:
        return
    if not is_first_counter(line, watchlist):
        return
    counts = [("all", price.total_shares, price.total_value)]
    if line.exchange == "XHKG" and line.share_class:
        counts.append((line.share_class, price.class_shares, price.class_value))
    for share_class, count, value in counts:
        if not count:
            continue
        reason = _why_not_count(count, value, price, line)
        if share_class == "all" and count == price.class_shares and has_other_class(line, watchlist):
            reason = "count_of_one_class"
        if reason:
            aside.append(_aside(snapshot, SHARES_OUTSTANDING_BY_SOURCE, reason, price.code, share_class, count, value))
            continue
        yield {
            "company_id": line.company,
            "share_class": share_class,
            "as_of_date": _stamp(price, line).date(),
            "share_count": int(count),
            "security_id": line.id,
            "available_at": public_since(_stamp(price, line).astimezone(UTC), snapshot),
            **origin(snapshot, SOURCE.id),
        }


def _why_not_count(count: Decimal, value: Decimal | None, price: LastPrice, line: Security) -> str:
    if line.kind == "ads":
        return "count_in_depositary_units"
    if not value or count != int(count):
        return "count_not_verified"
    implied = price.last * count / _HUNDRED_MILLION
    return "" if abs(implied - value) <= value * _TOLERANCE else "count_disagrees_with_market_value"


def _aside(
    snapshot: Snapshot, table: Table, reason: str, code: str, share_class: str = "",
    count: Decimal | None = None, value: Decimal | None = None,
) -> SetAside:  # fmt: skip
    row: dict[str, Any] = {"code": code}
    if share_class:
        row |= {"share_class": share_class, "share_count": str(count), "market_value_100m": str(value)}
    return SetAside(table.name, reason, row, snapshot.id, SOURCE.id)
