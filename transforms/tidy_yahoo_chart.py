"""Daily prices restated for splits, dividends and splits, from Yahoo's charts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from extractors.exchanges import EXCHANGES
from extractors.quotes.yahoo_chart import SOURCE, Chart
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Security, WatchList
from transforms.quote_series import (
    numbered,
    provenance_columns,
    public_since,
    session_columns,
    spread,
    traded,
    with_last_bar_alone,
)
from transforms.regular_closes import start_of
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import CORPORATE_ACTIONS_BY_SOURCE, DAILY_QUOTES_BY_SOURCE
from warehouse.tables.table import ARROW, Kind, Table

_PRICES = {"open": "open_price", "high": "high_price", "low": "low_price", "close": "close_price"}
_HUNDREDTHS = {"GBp": "GBP", "GBX": "GBP", "ZAc": "ZAR", "ILA": "ILS"}
_FLOAT_NOISE = 1e-6
_MOST_OF_CLOSE = Decimal("0.3")
_LEAP = 50

_Followed = tuple[Snapshot, Chart, Security]


def tidy_yahoo_chart(reads: Sequence[Read[Chart]], watchlist: WatchList) -> Tidy:
    """One row per line and day at the price restated for splits; one per dividend and split.

    Set aside: lines that we do not follow, currency pairs among them, bars that are not days, a currency that is
    not the line's, bars off by a factor of a hundred, and dividends that are no dividend: in Hong Kong the source
    gets some wrong by a factor of ten.
    """
    lines = watchlist.by_code("yahoo")
    followed: list[_Followed] = []
    aside: list[SetAside] = []
    for read in reads:
        for chart in read.records:
            line = lines.get(chart.symbol)
            reason = _why_not(chart, line)
            if line and not reason:
                followed.append((read.snapshot, chart, line))
            else:
                row = {"symbol": chart.symbol, "currency": chart.currency, "bars": chart.bars.num_rows}
                aside.append(_aside(DAILY_QUOTES_BY_SOURCE, read.snapshot, reason, row))
    groups: dict[tuple[str, str], list[_Followed]] = {}
    for one in followed:
        groups.setdefault((one[1].zone, one[2].exchange), []).append(one)
    quotes = Tidy.join(_quotes(group, zone, exchange, aside) for (zone, exchange), group in groups.items())
    actions = [row for one in followed for row in _actions(*one, aside)]
    empty = Tidy.of(DAILY_QUOTES_BY_SOURCE, ())
    return empty | quotes | Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, actions, aside)


def _why_not(chart: Chart, line: Security | None) -> str:
    if line is None:
        return "not_followed"
    if chart.interval != "1d":
        return "not_daily"
    return "" if _currency(chart) == line.currency else "currency_differs"


def _currency(chart: Chart) -> str:
    return _HUNDREDTHS.get(chart.currency, chart.currency)


def _quotes(group: Sequence[_Followed], zone: str, exchange: str, aside: list[SetAside]) -> Tidy:
    """Make the rows of all lines of one exchange at once."""
    bars = numbered([chart.bars for _, chart, _ in group])
    bars = bars.filter(pc.is_valid(bars["close"]))
    bars = with_last_bar_alone(bars.append_column("trade_date", _local_days(bars["timestamp"], zone)))
    bars = _without_leaps(_with_a_price(bars, group, aside), group, aside)
    reads, days = bars["read"], bars["trade_date"]
    digits = spread([chart.price_hint for _, chart, _ in group], reads, pa.int32())
    units = spread([100 if chart.currency in _HUNDREDTHS else 1 for _, chart, _ in group], reads, pa.int32())
    origins = provenance_columns([snapshot for snapshot, *_ in group], SOURCE.id, reads)
    columns = {
        "security_id": spread([line.id for *_, line in group], reads, pa.string()),
        "trade_date": days,
        "price_basis": pa.repeat("split_adjusted", bars.num_rows),
        **{name: _exact(traded(bars[source]), digits, units) for source, name in _PRICES.items()},
        "volume": pc.round(bars["volume"]).cast(pa.int64()),
        "currency": spread([_currency(chart) for _, chart, _ in group], reads, pa.string()),
        "basis_date": spread([_fetch_day(snapshot, exchange) for snapshot, *_ in group], reads, pa.date32()),
        **origins,
        **session_columns(exchange, days, origins["fetched_at"]),
    }
    return Tidy.of(DAILY_QUOTES_BY_SOURCE, pa.table(columns))


def _local_days(timestamps: Any, zone: str) -> Any:
    return pc.local_timestamp(timestamps.cast(pa.timestamp("s", tz=zone))).cast(pa.date32())


def _fetch_day(snapshot: Snapshot, exchange: str) -> date:
    return snapshot.fetched_at.astimezone(EXCHANGES[exchange].zone).date()


def _exact(values: Any, digits: Any, units: Any) -> Any:
    """Take the noise of 32-bit floats off prices.

    A price that was traded has as many digits as the source hints at. One that a split divided lies between
    them: rounding it there would falsify it, so it keeps six digits.
    """
    rounded = pc.round_binary(values, digits)
    is_traded = pc.less_equal(pc.abs(pc.subtract(values, rounded)), pc.multiply(pc.abs(values), _FLOAT_NOISE))
    return pc.divide(pc.if_else(is_traded, rounded, values), units).cast(ARROW[Kind.PRICE])


def _with_a_price(bars: Any, group: Sequence[_Followed], aside: list[SetAside]) -> Any:
    """Set aside the bars whose price is zero: nothing had traded, and zero is no price."""
    has_price = pc.greater(bars["close"], 0)
    for row in bars.filter(pc.invert(has_price)).select(["trade_date", "read"]).to_pylist():
        snapshot, chart, _ = group[row["read"]]
        note = {"symbol": chart.symbol, "trade_date": str(row["trade_date"])}
        aside.append(_aside(DAILY_QUOTES_BY_SOURCE, snapshot, "no_trade_yet", note))
    return bars.filter(has_price).combine_chunks()


def _without_leaps(bars: Any, group: Sequence[_Followed], aside: list[SetAside]) -> Any:
    """Set aside the bars that the source gives at a hundred times the price of their neighbours, or a hundredth."""
    closes, reads = bars["close"].combine_chunks(), bars["read"].combine_chunks()
    change = pc.divide(closes[1:], closes[:-1])
    leaps = pc.and_(pc.equal(reads[1:], reads[:-1]), pc.or_(pc.greater(change, _LEAP), pc.less(change, 1 / _LEAP)))
    suspects = set(pc.unique(reads[1:].filter(leaps)).to_pylist())
    off = {row for read in suspects for row in _off_scale(bars, read)}
    for row in sorted(off):
        snapshot, chart, _ = group[reads[row].as_py()]
        note = {"symbol": chart.symbol, "trade_date": str(bars["trade_date"][row]), "close": closes[row].as_py()}
        aside.append(_aside(DAILY_QUOTES_BY_SOURCE, snapshot, "implausible_price", note))
    return bars.filter(pa.array([row not in off for row in range(bars.num_rows)])) if off else bars


def _off_scale(bars: Any, read: int) -> Iterator[int]:
    """Give the rows of one reading that lie on another scale than most of it."""
    rows = pc.indices_nonzero(pc.equal(bars["read"], read)).to_pylist()
    closes = [bars["close"][row].as_py() for row in rows]
    scales = [0]
    for before, after in pairwise(closes):
        scales.append(scales[-1] + (after > before * _LEAP) - (after * _LEAP < before))
    usual = Counter(scales).most_common(1)[0][0]
    return (row for row, scale in zip(rows, scales, strict=True) if scale != usual)


def _actions(snapshot: Snapshot, chart: Chart, line: Security, aside: list[SetAside]) -> Iterator[dict[str, Any]]:
    """Give the dividends and splits of one line, one a day and kind."""
    seen: set[tuple[date, str]] = set()
    for row in (*_dividends(chart), *_splits(chart)):
        day = datetime.fromtimestamp(row.pop("timestamp"), ZoneInfo(chart.zone)).date()
        close = row.pop("close")
        reason = ""
        if close is not None and row["amount_per_unit"] > close * _MOST_OF_CLOSE:
            reason = "implausible_amount"
        elif (day, row["kind"]) in seen:
            reason = "second_of_the_day"
        if reason:
            note = {"symbol": chart.symbol, "ex_date": str(day), "kind": row["kind"], "text": row["text_as_shown"]}
            aside.append(_aside(CORPORATE_ACTIONS_BY_SOURCE, snapshot, reason, note))
            continue
        seen.add((day, row["kind"]))
        available_at = public_since(start_of(line.exchange, day), snapshot)
        yield {
            "security_id": line.id, "ex_date": day, "available_at": available_at, **row, **origin(snapshot, SOURCE.id),
        }  # fmt: skip


def _dividends(chart: Chart) -> Iterator[dict[str, Any]]:
    if not chart.dividends:
        return
    bars = chart.bars.filter(pc.is_valid(chart.bars["close"]))
    stamps = bars["timestamp"].to_numpy()
    unit = 100 if chart.currency in _HUNDREDTHS else 1
    for one in chart.dividends:
        nearest = max(int(stamps.searchsorted(one.timestamp, side="right")) - 1, 0)
        has_own_currency = one.currency not in ("", chart.currency)
        yield {
            "kind": "dividend",
            "timestamp": one.timestamp,
            "close": Decimal(str(bars["close"][nearest])) / unit if len(stamps) and not has_own_currency else None,
            "amount_per_unit": round(one.amount / (1 if has_own_currency else unit), 6),
            "currency": one.currency if has_own_currency else _currency(chart),
            "text_as_shown": str(one.amount),
            "is_split_adjusted": True,
        }


def _splits(chart: Chart) -> Iterator[dict[str, Any]]:
    for one in chart.splits:
        yield {
            "kind": "split",
            "timestamp": one.timestamp,
            "close": None,
            "ratio_numerator": one.numerator,
            "ratio_denominator": one.denominator,
            "text_as_shown": one.text,
            "is_split_adjusted": False,
        }


def _aside(table: Table, snapshot: Snapshot, reason: str, row: dict[str, Any]) -> SetAside:
    return SetAside(table.name, reason, row, snapshot.id, SOURCE.id)
