"""The two shapes in which services with a key answer: rates from a base, and quotes of pairs.

rates    {"base": "EUR", "date": "2016-08-26", "rates": {"HKD": 8.7555, …}}
quotes   {"source": "USD", "timestamp": 1430870399, "quotes": {"USDHKD": 7.75158, …}}, for a span of days by day
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from extractors.errors import ShapeChanged
from extractors.fx.given_rates import (
    Given,
    GivenRates,
    by_currency,
    currency_of,
    day_of,
    instant_of,
    rates_table,
)
from extractors.reading import Drift, Record
from extractors.snapshot import Snapshot

KNOWN = frozenset(
    {
        "success", "historical", "motd", "terms", "privacy", "disclaimer", "license", "timeframe", "timeseries",
        "start_date", "end_date",
    }
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_service(body: Record, snapshot: Snapshot, source_id: str, drift: list[Drift]) -> GivenRates:
    """Read an answer of either shape.

    Raises NothingThere for one without rates, ShapeChanged when a field that we rely on is missing.
    """
    name = "quotes" if "quotes" in body else "rates"
    with body.exhausted(drift, KNOWN):
        base = currency_of(body, "source" if name == "quotes" else "base", snapshot)
        prefix = base if name == "quotes" else ""
        day, stated_at = _times(body, snapshot)
        if day is not None:
            rows = [(day, base, quote, rate) for quote, rate in by_currency(body, name, drift, prefix=prefix)]
        else:
            rows = list(_by_day(body, name, base, prefix, snapshot, drift))
    table = rates_table([row for row in rows if row[1] != row[2]], snapshot)
    return GivenRates(source_id, base, "blend", table, published_at=stated_at)


def _by_day(body: Record, name: str, base: str, prefix: str, snapshot: Snapshot, drift: list[Drift]) -> Iterator[Given]:
    days = body.record(name)
    for written in days.names():
        if not _DAY.fullmatch(written):
            raise ShapeChanged("date", snapshot.at("neither the answer nor its rates say of which day they are"))
        day = day_of(written, "%Y-%m-%d", name, snapshot)
        for quote, rate in by_currency(days, written, drift, prefix=prefix):
            yield day, base, quote, rate


def _times(body: Record, snapshot: Snapshot) -> tuple[date | None, datetime | None]:
    """Give the day of the rates and when they stood; a service that names a day and a time means the day."""
    stamp = instant_of(body, "timestamp", snapshot) if "timestamp" in body else None
    day = body.day("date") if "date" in body else None
    if day is None:
        return (stamp.date() if stamp else None), stamp
    if stamp and stamp < datetime.combine(day + timedelta(days=1), time(), UTC):
        return day, stamp
    return day, None
