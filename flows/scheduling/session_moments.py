"""When each exchange opens and closes, day by day: half days, closures and storm days as our calendar knows them."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from extractors.exchanges import EXCHANGES
from extractors.quotes.exchange_sessions import sessions_csv

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Session:
    """One trading day: when it opens and closes, in UTC."""

    opens_at: datetime
    closes_at: datetime


Sessions = Callable[[str, date], Session | None]
"""Gives the session of an exchange on one of its days; none where it does not trade."""


def session_on(exchange: str, day: date) -> Session | None:
    """Give the session of an exchange on a day of its own zone; none on a weekend or a closure.

    In a year that no calendar reaches yet, every weekday counts with the hours of the last day that is known:
    a run on a day that turns out closed finds nothing and harms nobody, one that is missing loses a day.
    """
    known = _year(exchange, day.year)
    if known:
        return known.get(day)
    return _supposed(exchange, day) if day.weekday() < _SATURDAY else None


def is_known(exchange: str, year: int) -> bool:
    """Tell whether the calendar of an exchange reaches a year."""
    return bool(_year(exchange, year))


@cache
def _year(exchange: str, year: int) -> Mapping[date, Session]:
    return dict(_sessions(sessions_csv(exchange, year).decode()))


def _sessions(text: str) -> Iterator[tuple[date, Session]]:
    for row in csv.DictReader(io.StringIO(text)):
        if row["is_open"] == "true":
            opens_at, closes_at = (datetime.fromisoformat(row[name]) for name in ("opens_at", "closes_at"))
            yield date.fromisoformat(row["session_date"]), Session(opens_at, closes_at)


def _supposed(exchange: str, day: date) -> Session:
    opens, closes = _usual_hours(exchange, day.year)
    zone = EXCHANGES[exchange].zone
    return Session(*(datetime.combine(day, hour, zone).astimezone(UTC) for hour in (opens, closes)))


@cache
def _usual_hours(exchange: str, year: int) -> tuple[time, time]:
    zone = EXCHANGES[exchange].zone
    earlier = next((known for known in (_year(exchange, one) for one in range(year - 1, 1990, -1)) if known), {})
    days = sorted(earlier)[-10:]
    if not days:
        return time(9, 30), time(16)
    # A half day, as the last day of a year often is, is not the usual one.
    usual = max((earlier[day] for day in days), key=lambda one: one.closes_at - one.opens_at)
    return usual.opens_at.astimezone(zone).time(), usual.closes_at.astimezone(zone).time()


def days_around(start: datetime, end: datetime) -> Iterator[date]:
    """List the days whose local moments may fall between two instants, whatever the zone and a delay of half a day."""
    day = (start - timedelta(days=2)).date()
    while day <= (end + timedelta(days=2)).date():
        yield day
        day += timedelta(days=1)
