"""Daily prices as traded, from Eastmoney's bars."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.quotes.eastmoney_daily import SOURCE, DailyBars
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList
from transforms.daily_bars import Bars, quotes_of, set_aside, with_aside
from transforms.quote_series import LOT, MAINLAND
from transforms.tidy import SetAside, Tidy

_AS_TRADED = "0"
_TOLERANCE = 0.01


def tidy_eastmoney_daily(reads: Sequence[Read[DailyBars]], watchlist: WatchList) -> Tidy:
    """One row per line and day at the price as traded.

    Set aside: lines that we do not follow, series that were asked for as adjusted or without saying which, and bars
    whose turnover by volume lies outside the range of their day: those prices are adjusted, whatever the address says.
    """
    lines = watchlist.by_code("eastmoney")
    series: list[Bars] = []
    aside: list[SetAside] = []
    for read in reads:
        for one in read.records:
            line = lines.get(one.secid)
            reason = "" if one.adjustment == _AS_TRADED else "adjusted_prices"
            if line is None or reason:
                note = {"bars": one.bars.num_rows, "fqt": one.adjustment}
                aside.append(set_aside(read.snapshot, SOURCE.id, reason if line else "not_followed", one.secid, **note))
                continue
            units = LOT if line.exchange in MAINLAND else 1
            bars = one.bars if line.kind == "index" else _believable(one, units, read.snapshot, aside)
            series.append(Bars(read.snapshot, line, one.secid, bars, units=units))
    return with_aside(quotes_of(series, SOURCE.id), aside)


def _believable(one: DailyBars, units: int, snapshot: Snapshot, aside: list[SetAside]) -> Any:
    """Leave out the bars whose mean price was not paid on their day."""
    bars = one.bars
    low, high, volume, turnover = (bars[name].cast(pa.float64()) for name in ("low", "high", "volume", "turnover"))
    mean = pc.divide(turnover, pc.multiply(volume, float(units)))
    is_off = pc.or_(
        pc.less(mean, pc.multiply(low, 1 - _TOLERANCE)), pc.greater(mean, pc.multiply(high, 1 + _TOLERANCE))
    )
    is_off = pc.fill_null(pc.and_(is_off, pc.greater(volume, 0.0)), False)
    for day in bars["date"].filter(is_off).to_pylist():
        aside.append(set_aside(snapshot, SOURCE.id, "price_was_not_traded", one.secid, day))
    return bars.filter(pc.invert(is_off))
