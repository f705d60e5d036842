"""Daily prices as traded, dividends and splits, from Alpha Vantage's bars."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.exchanges import EXCHANGES
from extractors.quotes.alpha_vantage import SOURCE, DailyBars, Match
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.daily_bars import Bars, quotes_of, set_aside, with_aside
from transforms.quote_series import public_since
from transforms.regular_closes import start_of
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import CORPORATE_ACTIONS_BY_SOURCE

_NEW_YORK = ("US/Eastern", "America/New_York")


def tidy_alpha_vantage(reads: Sequence[Read[DailyBars | Match]], watchlist: WatchList) -> Tidy:
    """One row per line and day at the price as traded; one per dividend and split where the answer has them.

    A line of another zone than New York's is set aside: its days would be wrong. What a search found makes no row.
    """
    lines = watchlist.by_code("alpha_vantage")
    series: list[Bars] = []
    actions: list[dict[str, Any]] = []
    aside: list[SetAside] = []
    for read in reads:
        for one in (one for one in read.records if isinstance(one, DailyBars)):
            line = lines.get(one.symbol)
            reason = _why_not(one, line)
            if line is None or reason:
                aside.append(set_aside(read.snapshot, SOURCE.id, reason, one.symbol, bars=one.bars.num_rows))
                continue
            series.append(Bars(read.snapshot, line, one.symbol, one.bars))
            actions.extend(_actions(one.bars, line, read.snapshot))
    quotes = with_aside(quotes_of(series, SOURCE.id), aside)
    return quotes | Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, actions)


def _why_not(one: DailyBars, line: Security | None) -> str:
    if line is None:
        return "not_followed"
    is_new_york = EXCHANGES[line.exchange].zone.key == _NEW_YORK[1] and one.zone in _NEW_YORK
    return "" if is_new_york else "zone_differs"


def _actions(bars: Any, line: Security, snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Give the dividends and splits beside the bars; a split by one is none."""
    has_news = pc.or_(
        pc.fill_null(pc.greater(bars["dividend amount"], pa.scalar(0, pa.int64())), False),
        pc.fill_null(pc.not_equal(bars["split coefficient"], pa.scalar(1, pa.int64())), False),
    )
    for bar in bars.filter(has_news).to_pylist():
        common = {
            "security_id": line.id,
            "ex_date": bar["date"],
            "is_split_adjusted": False,
            "available_at": public_since(start_of(line.exchange, bar["date"]), snapshot),
            **origin(snapshot, SOURCE.id),
        }
        amount, ratio = bar["dividend amount"], bar["split coefficient"]
        if amount and amount > 0:
            cash = {"amount_per_unit": round(amount, 6), "currency": line.currency, "text_as_shown": _plain(amount)}
            yield common | {"kind": "dividend", **cash}
        if ratio and ratio > 0 and ratio != 1:
            split = {"ratio_numerator": round(ratio, 6), "ratio_denominator": Decimal(1)}
            yield common | {"kind": "split", "text_as_shown": _plain(ratio), **split}


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
