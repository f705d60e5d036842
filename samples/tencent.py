"""What Tencent answers: daily bars of one line as JSON, last prices of many lines as GBK text.

A field for which there is no published figure stays empty, as Tencent leaves it. A line without any bar in the
window has the empty list that Tencent gives for a window without a session.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from extractors.watchlist import Security, WatchList
from samples.published import Row, between, rows_where

_HUNDRED_MILLION = Decimal(10**8)


@dataclass(frozen=True, slots=True)
class _Market:
    """How one market's line is laid out; a position is that of a field between the tildes."""

    code: str
    length: int
    closes: str
    decimals: int
    currency: int
    total_shares: int
    class_shares: int


_MARKETS: Mapping[str, _Market] = {
    "hk": _Market("100", 78, "{} 16:08:00", 3, currency=75, total_shares=69, class_shares=70),
    "us": _Market("200", 71, "{} 16:00:00", 2, currency=35, total_shares=62, class_shares=63),
    "sh": _Market("1", 88, "{}150000", 2, currency=82, total_shares=73, class_shares=72),
    "sz": _Market("51", 88, "{}150000", 2, currency=82, total_shares=73, class_shares=72),
}
_DAY_MARK = {"hk": "/", "us": "-", "sh": "", "sz": ""}
_LAST, _BEFORE, _OPEN, _VOLUME, _TIME, _CHANGE, _CHANGE_PCT, _HIGH, _LOW = 3, 4, 5, 6, 30, 31, 32, 33, 34
_VOLUME_AGAIN, _CLASS_VALUE, _TOTAL_VALUE = 36, 44, 45


def daily_bars(code: str, line: Security, first: str, last: str) -> bytes:
    """Give the bars of one line between two days, oldest first, as `fqkline` does."""
    bars = rows_where("bars", security=line.yahoo)
    earlier = [bar for bar in bars if bar["trade_date"] < first]
    known = {
        "day": [_bar(bar) for bar in between(bars, "trade_date", first, last)],
        "qt": {code: [_MARKETS[code[:2]].code, line.name, line.code]},
        "prec": f"{Decimal(earlier[-1]['close']):.3f}" if earlier else "",
        "version": "16",
    }
    return json.dumps({"code": 0, "msg": "", "data": {code: known}}, separators=(",", ":")).encode()


def last_prices(codes: list[str], watchlist: WatchList, day: str) -> bytes:
    """Give the last price of each line up to a day, as `qt.gtimg.cn` does; a line without one is empty."""
    lines = watchlist.by_code("tencent")
    quotes = (f'v_{code}="{"~".join(_quote(code[:2], lines[code], watchlist, day))}";\n' for code in codes)
    return "".join(quotes).encode("gb18030")


def _bar(bar: Row) -> list[str]:
    """Write one bar in Tencent's order, in which the close stands before the high."""
    return [
        bar["trade_date"],
        *(f"{Decimal(bar[name]):.3f}" for name in ("open", "close", "high", "low")),
        f"{bar['volume']}.000",
    ]


def _quote(market_code: str, line: Security, watchlist: WatchList, day: str) -> list[str]:
    bars = between(rows_where("bars", security=line.yahoo), "trade_date", "", day)
    if market_code == "us":  # asked after the close in Hong Kong, before the day's open in New York
        bars = [bar for bar in bars if bar["trade_date"] < day]
    if len(bars) < 2:
        return []
    market = _MARKETS[market_code]
    before, bar = bars[-2:]
    close, previous = Decimal(bar["close"]), Decimal(before["close"])
    stated = {
        0: market.code,
        1: next((one.name_zh for one in watchlist.companies if one.id == line.company), line.name),
        2: line.code,
        _LAST: _price(close, market),
        _BEFORE: _price(previous, market),
        _OPEN: _price(Decimal(bar["open"]), market),
        _VOLUME: f"{bar['volume']}.0",
        _TIME: market.closes.format(bar["trade_date"].replace("-", _DAY_MARK[market_code])),
        _CHANGE: _price(close - previous, market),
        _CHANGE_PCT: f"{100 * (close / previous - 1):.2f}",
        _HIGH: _price(Decimal(bar["high"]), market),
        _LOW: _price(Decimal(bar["low"]), market),
        _VOLUME_AGAIN: f"{bar['volume']}.0",
        market.currency: line.currency,
        **(_share_fields(line, close, market) if line.kind == "share" and line.exchange == "XHKG" else {}),
    }
    return [stated.get(position, "") for position in range(market.length)]


def _share_fields(line: Security, close: Decimal, market: _Market) -> dict[int, str]:
    """Give the shares in issue and what they are worth in 100 million, for the classes whose count was published."""
    counts = {row["share_class"]: int(row["shares"]) for row in rows_where("shares", company=line.company)}
    total = counts.get("all") or sum(counts.values())
    listed = counts.get(line.share_class, 0)
    fields: dict[int, str] = {}
    for count, shares_at, value_at in (
        (total, market.total_shares, _TOTAL_VALUE),
        (listed, market.class_shares, _CLASS_VALUE),
    ):
        if count:
            fields |= {shares_at: f"{count}.00", value_at: f"{close * count / _HUNDRED_MILLION:.4f}"}
    return fields


def _price(value: Decimal, market: _Market) -> str:
    return f"{value:.{market.decimals}f}"
