"""The bars, dividends and splits within an answer of Yahoo's chart call."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from extractors.errors import ShapeChanged
from extractors.reading import Drift, Record
from extractors.snapshot import Snapshot

_PRICES = ("open", "high", "low", "close")
_LARGEST = 10**13
"""No price, volume or amount is larger; 32-bit floats end far above what a price column holds."""
_BOUNDS = dict.fromkeys((*_PRICES, "adjclose"), 10**11)
_STAMPS = (-(10**10), 10**10)
_EVENTS_KNOWN = ("capitalGains", "earnings")


@dataclass(frozen=True, slots=True)
class Dividend:
    """Cash per unit, in the units of the prices or in a currency of its own."""

    timestamp: int
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Split:
    """`numerator` units in place of `denominator`."""

    timestamp: int
    numerator: Decimal
    denominator: Decimal
    text: str


def read_bars(timestamps: list[int], indicators: Record, snapshot: Snapshot) -> pa.Table:
    """Read the columns of one result, oldest bar first.

    Raises ShapeChanged for columns of different length and for values that are no numbers.
    """
    columns = {"timestamp": _column(timestamps, pa.int64(), "timestamp", snapshot)}
    nothing = [None] * len(timestamps)
    quotes, adjusted = _first(indicators, "quote", snapshot), _first(indicators, "adjclose", snapshot)
    for name in _PRICES:
        columns[name] = _column(quotes.take(name) if timestamps else [], pa.float64(), name, snapshot)
    for name, part in (("volume", quotes), ("adjclose", adjusted)):
        values = part.optional(name)
        columns[name] = _column(nothing if values is None else values, pa.float64(), name, snapshot)
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{name} {len(column)}" for name, column in columns.items())
        raise ShapeChanged("indicators.quote", snapshot.at(f"columns of different length: {lengths}"))
    bars = pa.table(columns)
    stamps = columns["timestamp"]
    if stamps.null_count:
        raise ShapeChanged("timestamp", snapshot.at("a bar has no time"))
    is_ordered = len(stamps) < 2 or pc.all(pc.less_equal(stamps[:-1], stamps[1:])).as_py()
    return bars if is_ordered else bars.sort_by("timestamp")


def _first(indicators: Record, name: str, snapshot: Snapshot) -> Record:
    """Give the one set of columns of a kind; one without columns where there is none."""
    sets = indicators.records(name) if indicators.optional(name) else []
    return sets[0] if sets else Record({}, snapshot, f"indicators.{name}[0]")


def _column(values: object, kind: pa.DataType, name: str, snapshot: Snapshot) -> pa.Array:
    try:
        column = pa.array(values, kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, OverflowError) as error:
        raise ShapeChanged(name, snapshot.at(f"{name}: {error}")) from error
    least, most = pc.min_max(column).values()
    low, high = _STAMPS if name == "timestamp" else (-_BOUNDS.get(name, _LARGEST), _BOUNDS.get(name, _LARGEST))
    if least.is_valid and not (low <= least.as_py() and most.as_py() <= high):
        raise ShapeChanged(name, snapshot.at(f"{name}: {least} to {most} is out of all bounds"))
    return column


def read_events(
    events: Record, snapshot: Snapshot, drift: list[Drift]
) -> tuple[tuple[Dividend, ...], tuple[Split, ...]]:
    """Read the dividends and splits of one result; gains of funds and dates of results are known and not wanted."""
    events.ignore(*_EVENTS_KNOWN)
    dividends, splits = [], []
    for event in _each(events, "dividends"):
        currency = event.optional_text("currency") or ""
        dividends.append(Dividend(_stamp(event, snapshot), _amount(event, "amount", snapshot), currency))
        drift.extend(event.drift())
    for event in _each(events, "splits"):
        after, before = _amount(event, "numerator", snapshot), _amount(event, "denominator", snapshot)
        splits.append(Split(_stamp(event, snapshot), after, before, event.optional_text("splitRatio") or ""))
        drift.extend(event.drift())
    drift.extend(events.drift())
    return tuple(dividends), tuple(splits)


def _stamp(event: Record, snapshot: Snapshot) -> int:
    stamp = event.integer("date")
    if not _STAMPS[0] <= stamp <= _STAMPS[1]:
        raise ShapeChanged("events.date", snapshot.at(f"an event at {stamp} is out of all bounds"))
    return stamp


def _amount(event: Record, name: str, snapshot: Snapshot) -> Decimal:
    amount = event.decimal(name)
    if not 0 <= amount <= _LARGEST:
        raise ShapeChanged(f"events.{name}", snapshot.at(f"{name} {amount} is out of all bounds"))
    return amount


def _each(events: Record, kind: str) -> Iterator[Record]:
    """Give the events of one kind; the source keys them by their time, which they repeat."""
    if not events.optional(kind):
        return
    by_time = events.record(kind)
    for stamp in events.take(kind):
        yield by_time.record(stamp)
