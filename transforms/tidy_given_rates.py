"""Exchange rates of central banks and services: as given, turned round, and crossed at the currency they all share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

from extractors.fx.currencies import currencies_of
from extractors.fx.given_rates import GivenRates
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.fx import FX_RATES_BY_SOURCE

_PLACES = Decimal(1).scaleb(-12)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_MONDAY = 0

_Price = tuple[Decimal, Decimal]
"""What one unit costs in the hub, as a fraction: so that a cross is rounded once."""


@dataclass(frozen=True, slots=True)
class Publication:
    """When a source publishes a day's rates: so many days later, at a time of its zone."""

    zone: str
    at: time = time()
    days_later: int = 0
    on_weekday: int | None = None
    """The first such weekday after the day, 0 for Monday."""
    months_later: int = 0
    """The first day of a later month."""

    def of(self, day: date) -> datetime:
        """Give the instant at which the rates of a day were public."""
        later = day + timedelta(days=self.days_later)
        if self.on_weekday is not None:
            later = day + timedelta(days=(self.on_weekday - day.weekday() - 1) % 7 + 1)
        if self.months_later:
            years, month = divmod(day.month - 1 + self.months_later, 12)
            later = date(day.year + years, month + 1, 1)
        return datetime.combine(later, self.at, ZoneInfo(self.zone)).astimezone(UTC)


_END_OF_DAY_UTC = Publication("UTC", days_later=1)
_PUBLICATIONS: Mapping[str, Publication] = {
    "frankfurter": Publication("Europe/Berlin", time(16)),
    "hkma": Publication("Asia/Hong_Kong", months_later=2),
    "fred": Publication("America/New_York", time(16, 15), on_weekday=_MONDAY),
    "bank_of_canada": Publication("America/Toronto", time(16, 30)),
    "bank_of_england": Publication("Europe/London", time(9, 30), days_later=1),
    "nbp": Publication("Europe/Warsaw", time(12, 15)),
    "mas": Publication("Asia/Singapore", days_later=1),
    "amcm": Publication("Asia/Macau", days_later=1),
    "imf": Publication("America/New_York", days_later=2),
}
"""By source; the end of the day in UTC for one that does not say. What was read earlier was public by then."""


def tidy_given_rates(reads: Sequence[Read[GivenRates]], watchlist: WatchList) -> Tidy:
    """One row per rate between our currencies, or between one of them and the source's own, and day.

    Every other ordered pair of our currencies of the same answer and day is derived: turned round or crossed, exactly,
    and rounded half up at 12 places. No date is ever filled. An answer about other currencies alone is set aside.
    """
    ours = currencies_of(watchlist)
    return Tidy.join(_tidy(record, ours, read.snapshot) for read in reads for record in read.records) | Tidy.of(
        FX_RATES_BY_SOURCE, ()
    )


def _tidy(record: GivenRates, ours: tuple[str, ...], snapshot: Snapshot) -> Tidy:
    rows = [row for day, given in _days(record).items() for row in _rows(record, day, given, ours)]
    if not rows:
        about = {"hub": record.hub, "days": len(_days(record))}
        return Tidy(
            set_aside=(SetAside(FX_RATES_BY_SOURCE.name, "not_followed", about, snapshot.id, record.source_id),)
        )
    public = {day: _public(record, day, snapshot) for day in {row["rate_date"] for row in rows}}
    common = {"rate_kind": record.kind, **origin(snapshot, record.source_id)}
    return Tidy.of(FX_RATES_BY_SOURCE, ({**row, **common, "available_at": public[row["rate_date"]]} for row in rows))


def _days(record: GivenRates) -> dict[date, dict[tuple[str, str], Decimal]]:
    """Give the rates by day, then by pair."""
    days: dict[date, dict[tuple[str, str], Decimal]] = {}
    columns = (record.table.column(name).to_pylist() for name in ("time", "base", "quote", "rate"))
    for day, base, quote, rate in zip(*columns, strict=True):
        days.setdefault(day, {})[base, quote] = rate
    return days


def _rows(
    record: GivenRates, day: date, given: Mapping[tuple[str, str], Decimal], ours: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    known = {*ours, record.hub}
    for pair, rate in given.items():
        if set(pair) <= known and not set(pair).isdisjoint(ours):
            yield _row(pair, day, rate, is_derived=record.is_crossed)
    prices = _prices(given, record.hub)
    for base, quote in permutations([one for one in ours if one in prices], 2):
        if (base, quote) not in given:
            yield _row((base, quote), day, _crossed(prices[base], prices[quote]), is_derived=True)


def _row(pair: tuple[str, str], day: date, rate: Decimal, *, is_derived: bool) -> dict[str, Any]:
    base, quote = pair
    return {"base_currency": base, "quote_currency": quote, "rate_date": day, "rate": rate, "is_derived": is_derived}


def _prices(given: Mapping[tuple[str, str], Decimal], hub: str) -> dict[str, _Price]:
    one = Decimal(1)
    prices = {hub: (one, one)}
    for (base, quote), rate in given.items():
        if quote == hub:
            prices[base] = (rate, one)
        elif base == hub:
            prices[quote] = (one, rate)
    return prices


def _crossed(base: _Price, quote: _Price) -> Decimal:
    above, below = _EXACT.multiply(base[0], quote[1]), _EXACT.multiply(base[1], quote[0])
    return _EXACT.divide(above, below).quantize(_PLACES, context=_EXACT)


def _public(record: GivenRates, day: date, snapshot: Snapshot) -> datetime:
    rule = _PUBLICATIONS.get(record.source_id, _END_OF_DAY_UTC)
    return min(record.published_at or rule.of(day), snapshot.fetched_at)
