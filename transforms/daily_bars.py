"""The rows of daily bars whose columns are exact numbers, whatever the source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.exchanges import EXCHANGES
from extractors.snapshot import Snapshot
from extractors.watchlist import Security
from transforms.quote_series import (
    numbered,
    provenance_columns,
    session_columns,
    spread,
    traded,
    with_last_bar_alone,
)
from transforms.tidy import SetAside, Tidy
from warehouse.tables.quotes import DAILY_QUOTES_BY_SOURCE
from warehouse.tables.table import ARROW, Kind

_PRICES = {"open": "open_price", "high": "high_price", "low": "low_price", "close": "close_price"}
_NOTHING = pa.decimal128(28, 12)


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one line from one answer: `date`, `open`, `high`, `low`, `close`, `volume`, perhaps `turnover`."""

    snapshot: Snapshot
    line: Security
    code: str
    """The source's code, for what is set aside."""
    bars: Any
    price_basis: str = "as_traded"
    units: int = 1
    """Shares in one unit of volume: lots of 100 on the mainland at some sources."""


def quotes_of(series: Sequence[Bars], source_id: str) -> Tidy:
    """Make one row per line and day; bars without a price are set aside, and of two bars at the end the last stands.

    What an index has for volume and turnover is not a count of anything it trades.
    """
    exchanges = dict.fromkeys(one.line.exchange for one in series)
    parts = (
        _of_one(exchange, [one for one in series if one.line.exchange == exchange], source_id) for exchange in exchanges
    )
    return Tidy.join((Tidy.of(DAILY_QUOTES_BY_SOURCE, ()), *parts))


def _of_one(exchange: str, series: Sequence[Bars], source_id: str) -> Tidy:
    """Make the rows of one exchange, whose sessions end at one time."""
    whole = with_last_bar_alone(numbered([_columns(one) for one in series]))
    has_price = pc.fill_null(pc.greater(whole["close"], pa.scalar(0, pa.int64())), False)
    aside = [
        set_aside(series[row["read"]].snapshot, source_id, "no_trade_yet", series[row["read"]].code, row["trade_date"])
        for row in whole.filter(pc.invert(has_price)).select(["trade_date", "read"]).to_pylist()
    ]
    bars = whole.filter(has_price)
    reads, days = bars["read"], bars["trade_date"]
    origins = provenance_columns([one.snapshot for one in series], source_id, reads)
    columns = {
        "security_id": spread([one.line.id for one in series], reads, pa.string()),
        "trade_date": days,
        "price_basis": spread([one.price_basis for one in series], reads, pa.string()),
        **{name: pc.round(traded(bars[source]), 6).cast(ARROW[Kind.PRICE]) for source, name in _PRICES.items()},
        "volume": pc.round(bars["volume"]).cast(pa.int64()),
        "turnover_amount": pc.round(bars["turnover"], 6).cast(ARROW[Kind.AMOUNT]),
        "currency": spread([one.line.currency for one in series], reads, pa.string()),
        "basis_date": spread([_basis_date(one) for one in series], reads, pa.date32()),
        **origins,
        **session_columns(exchange, days, origins["fetched_at"]),
    }
    return Tidy.of(DAILY_QUOTES_BY_SOURCE, pa.table(columns), aside)


def _columns(one: Bars) -> Any:
    """Bring the bars of one answer to common columns."""
    bars, is_index = one.bars, one.line.kind == "index"
    nothing = pa.nulls(bars.num_rows, _NOTHING)
    volume = nothing if is_index else _in_units(bars["volume"], one.units)
    turnover = nothing if is_index or "turnover" not in bars.column_names else bars["turnover"].cast(_NOTHING)
    prices = {name: bars[name] for name in _PRICES}
    return pa.table({"trade_date": bars["date"], **prices, "volume": volume, "turnover": turnover})


def _in_units(volume: Any, units: int) -> Any:
    counts = pc.multiply(pc.round(volume, 2).cast(pa.decimal128(22, 2)), pa.scalar(units, pa.decimal128(3, 0)))
    return counts.cast(_NOTHING)


def _basis_date(one: Bars) -> Any:
    if one.price_basis == "as_traded":
        return None
    return one.snapshot.fetched_at.astimezone(EXCHANGES[one.line.exchange].zone).date()


def set_aside(snapshot: Snapshot, source_id: str, reason: str, code: str, day: object = None, **more: Any) -> SetAside:
    """Note bars that make no row, with the source's own code."""
    row = {"code": code, **({"trade_date": str(day)} if day else {}), **more}
    return SetAside(DAILY_QUOTES_BY_SOURCE.name, reason, row, snapshot.id, source_id)


def with_aside(tidy: Tidy, aside: Iterable[SetAside]) -> Tidy:
    """Add what was set aside before the rows were made."""
    return tidy | Tidy({}, tuple(aside))
