"""Prices from Yahoo's last prices, as traded, and from its downloads, restated for splits."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from extractors.quotes import yahoo_download, yahoo_quotes
from extractors.quotes.price_columns import PRICE
from extractors.quotes.yahoo_download import DailyBars
from extractors.quotes.yahoo_quotes import LastPrice
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.daily_bars import Bars, quotes_of, set_aside, with_aside
from transforms.last_quotes import Last, last_quote
from transforms.tidy import SetAside, Tidy
from warehouse.tables.quotes import DAILY_QUOTES_BY_SOURCE

_FLOAT_NOISE = Decimal("0.000001")


def tidy_yahoo_quotes(reads: Sequence[Read[LastPrice]], watchlist: WatchList) -> Tidy:
    """One row per line at its last price, which no later split has changed yet; other currencies are set aside."""
    lines = watchlist.by_code("yahoo")
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    aside: list[SetAside] = []
    for read in reads:
        for one in read.records:
            made = _quote(one, lines.get(one.symbol), read.snapshot)
            if isinstance(made, str):
                note = {"currency": one.currency}
                aside.append(set_aside(read.snapshot, yahoo_quotes.SOURCE.id, made, one.symbol, **note))
            else:
                rows[read.snapshot.id, one.symbol] = made
    return Tidy.of(DAILY_QUOTES_BY_SOURCE, rows.values(), aside)


def _quote(one: LastPrice, line: Security | None, snapshot: Snapshot) -> dict[str, Any] | str:
    """Give the row of a line, or the reason why it has none."""
    if line is None:
        return "not_followed"
    if one.stamped_at is None:
        return "no_time"
    if one.currency != line.currency:
        return "currency_differs"
    last, first, high, low = (_exact(value, one.price_hint) for value in (one.last, one.open, one.high, one.low))
    if last is None:
        return "no_trade_yet"
    price = Last(one.stamped_at, last, first, high, low, one.volume, None)
    return last_quote(price, line, snapshot, yahoo_quotes.SOURCE.id) if price.has_traded else "no_trade_yet"


def _exact(value: Decimal | None, digits: int) -> Decimal | None:
    """Take the noise of 32-bit floats off a price."""
    if value is None:
        return None
    rounded = round(value, digits)
    return rounded if abs(value - rounded) <= abs(value) * _FLOAT_NOISE else value


def tidy_yahoo_download(reads: Sequence[Read[DailyBars]], watchlist: WatchList) -> Tidy:
    """One row per line and day at the price restated for splits up to the day on which it was read."""
    lines = watchlist.by_code("yahoo")
    source_id = yahoo_download.SOURCE.id
    series, aside = [], []
    for read in reads:
        for one in read.records:
            if one.symbol in lines:
                line = lines[one.symbol]
                bars = _without_noise(one.bars)
                series.append(Bars(read.snapshot, line, one.symbol, bars, price_basis="split_adjusted"))
            else:
                aside.append(set_aside(read.snapshot, source_id, "not_followed", one.symbol, bars=one.bars.num_rows))
    return with_aside(quotes_of(series, source_id), aside)


def _without_noise(bars: Any) -> Any:
    """Give each price as the shortest number that is the same 32-bit float: 419.77 for 419.769989."""
    for name in ("open", "high", "low", "close"):
        exact = bars[name].cast(pa.float64()).cast(pa.float32()).cast(pa.string()).cast(PRICE)
        bars = bars.set_column(bars.column_names.index(name), name, exact)
    return bars
