"""Rates as a source gives them: any number of days and pairs, all of them against one currency, its hub.

A rate is units of `quote` for one unit of `base`. Sources state both directions and multiples of a hundred; their
modules settle that, and what the number is: a fixing, a middle, an average, the last price of a day.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

import pyarrow as pa

from extractors.errors import NothingThere, ShapeChanged
from extractors.reading import Drift, Record
from extractors.snapshot import Snapshot

RATE = pa.decimal128(24, 12)
_LARGEST = Decimal(10**12)
_PLACES = Decimal(1).scaleb(-12)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_CURRENCY = re.compile(r"[A-Z]{3}")
_EACH = re.compile(r"\[\d+\]|\d{4}-\d\d-\d\d")
_LAST_SECOND = 4_102_444_800
"""The end of the year 2099."""

Given = tuple[date, str, str, Decimal]
"""Day, base, quote, and units of quote for one of base."""


@dataclass(frozen=True, slots=True)
class GivenRates:
    """The rates of one answer as columns `time`, `base`, `quote` and `rate`."""

    source_id: str
    hub: str
    """The currency that stands on one side of every rate."""
    kind: str
    """What the numbers are, as `core.fx_rates_by_source.rate_kind` lists them."""
    table: pa.Table
    published_at: datetime | None = None
    """When the source says that it published them; none where it does not say."""
    is_crossed: bool = False
    """The source computed these from rates against another currency."""


def rates_table(rows: Iterable[Given], snapshot: Snapshot) -> pa.Table:
    """Put rates into columns.

    Raises NothingThere for none, ShapeChanged for a rate that is none and for a pair that has two on one day.
    """
    given = [(day, base, quote, _bounded(base + quote, rate, snapshot)) for day, base, quote, rate in rows]
    if not given:
        raise NothingThere("no_rates", snapshot.at("an answer without rates"))
    if len({row[:3] for row in given}) < len(given):
        raise ShapeChanged("date", snapshot.at("a pair has two rates on one day"))
    days, bases, quotes, rates = zip(*given, strict=True)
    kinds = {"time": pa.date32(), "base": pa.string(), "quote": pa.string(), "rate": RATE}
    columns = zip(kinds.items(), (days, bases, quotes, rates), strict=True)
    return pa.table({name: pa.array(values, kind) for (name, kind), values in columns})


def by_currency(record: Record, name: str, drift: list[Drift], *, prefix: str = "") -> Iterator[tuple[str, Decimal]]:
    """Take an object of rates by currency code, or by `prefix` and code; a name of another form is drift.

    Raises ShapeChanged for a value that is no number.
    """
    rates = record.record(name)
    for code in rates.names():
        currency = code.removeprefix(prefix)
        if _CURRENCY.fullmatch(currency) and code.startswith(prefix):
            yield currency, rates.decimal(code)
    drift.extend(rates.drift())


def currency_of(record: Record, name: str, snapshot: Snapshot) -> str:
    """Take a currency code.

    Raises ShapeChanged for what has another form.
    """
    code = record.text(name)
    if not _CURRENCY.fullmatch(code):
        raise ShapeChanged(name, snapshot.at(f"{name}: {code!r:.20} is no currency"))
    return code


def instant_of(record: Record, name: str, snapshot: Snapshot) -> datetime:
    """Take seconds since 1970.

    Raises ShapeChanged for a time out of all bounds.
    """
    seconds = record.integer(name)
    if not 0 < seconds < _LAST_SECOND:
        raise ShapeChanged(name, snapshot.at(f"{name}: {seconds} is no time"))
    return datetime.fromtimestamp(seconds, UTC)


def number_of(text: str, place: str, snapshot: Snapshot) -> Decimal:
    """Read a number from a cell of text; commas part thousands.

    Raises ShapeChanged for what is none.
    """
    try:
        return Decimal(text.strip().replace(",", ""))
    except InvalidOperation as error:
        raise ShapeChanged(place, snapshot.at(f"{place}: {text!r:.40} is no number")) from error


def day_of(text: str, pattern: str, place: str, snapshot: Snapshot) -> date:
    """Read a day from a cell of text.

    Raises ShapeChanged for what is none.
    """
    try:
        return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007  a day has no zone
    except ValueError as error:
        raise ShapeChanged(place, snapshot.at(f"{place}: expected a day like {pattern}, got {text!r:.40}")) from error


def one_news_each(drift: Iterable[Drift]) -> tuple[Drift, ...]:
    """Keep one piece of news for each field: what is new in a list or a day stands in all of them."""
    by_field = {_EACH.sub("*", one.field): one for one in reversed(list(drift))}
    return tuple(reversed(by_field.values()))


def _bounded(place: str, rate: Decimal, snapshot: Snapshot) -> Decimal:
    if not rate.is_finite() or not 0 < rate < _LARGEST:
        raise ShapeChanged(place, snapshot.at(f"{place}: {rate} is no rate"))
    rounded = rate.quantize(_PLACES, context=_EXACT)
    if not rounded:
        raise ShapeChanged(place, snapshot.at(f"{place}: {rate} is too small for a rate"))
    return rounded
