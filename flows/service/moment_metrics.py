"""The metrics of the data that change with the clock, between two runs too: ages, deadlines, what is missing.

What is stale, late or missing, and whose matter that is, is found by the rules that notifications follow.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client.core import Metric

from flows.alerting.alert import Alert, Situation, Surroundings
from flows.alerting.alert_kinds import REQUIRED_SOURCE_MISSING
from flows.alerting.alerts_of_data import late_data, missing_sources, stale_tables
from flows.alerting.deadlines import DEADLINES
from flows.service.families import gauge
from warehouse.freshness import ZONES, Calendar
from warehouse.measured import Age, FromLedger, Sample

Calendars = Mapping[str, Calendar]
WHOSE = ("ours", "theirs")
_HOUR = 3600.0


def of_data(ledger: FromLedger, calendars: Calendars, now: datetime) -> Iterator[Metric]:
    """Tell how old the data is now by its own calendars, what is late, and what is missing."""
    situation = Situation(ledger.status, None, now, Surroundings(calendars=calendars, expected=ledger.expected))
    yield from _ages(ledger.ages, situation)
    yield from _deadlines(situation)
    yield gauge(
        "dragongate_source_missing",
        "Sources of which the newest run that asked them lacks an answer, and whose matter that is",
        ("source", "required", "whose"),
        [
            ((one.subject, "yes" if one.kind is REQUIRED_SOURCE_MISSING else "no", one.whose), 1.0)
            for one in missing_sources(situation)
        ],
    )


def _ages(ages: Iterable[Age], situation: Situation) -> Iterator[Metric]:
    """A pipeline that stands still must not look fresh; of a home that only replays, nothing is expected meanwhile."""
    calendars, now = situation.around.calendars, situation.now
    hours = {one.table: one.hours_at(now if situation.is_live else one.measured_at, calendars) for one in ages}
    yield gauge(
        "dragongate_data_age_seconds",
        "Age of a table's data now, by the data's own time; hours of closed days do not count where it has a calendar",
        ("table",),
        [((table,), age * _HOUR) for table, age in hours.items() if age is not None],
    )
    yield gauge(
        "dragongate_data_stale",
        "Whether a table is older than its own calendar allows, or empty though a source for it is on",
        ("table", "whose"),
        _by_whose((one.table for one in ages), stale_tables(situation)),
    )
    yield gauge(
        "dragongate_data_quiet",
        "Whether the exchange by whose days a table ages is closed today: nobody waits for its data",
        ("table",),
        [((one.table,), _are_closed((one.exchange,), situation)) for one in ages if one.exchange],
    )


def _deadlines(situation: Situation) -> Iterator[Metric]:
    due = {one: one.last_due(situation.now, situation.around.calendars) for one in DEADLINES}
    yield gauge(
        "dragongate_deadline_timestamp_seconds",
        "When what a deadline is about was due last",
        ("deadline",),
        [((one.name,), one.due_at(day).timestamp()) for one, day in due.items() if day],
    )
    yield gauge(
        "dragongate_deadline_missed",
        "Whether a deadline passed without the data of the day that it is about, and whose matter that is",
        ("deadline", "whose"),
        _by_whose((one.name for one in DEADLINES), late_data(situation)),
    )
    yield gauge(
        "dragongate_deadline_quiet",
        "Whether all exchanges of a deadline are closed today: nobody waits for its data",
        ("deadline",),
        [((one.name,), _are_closed(one.exchanges, situation)) for one in DEADLINES if one.exchanges],
    )


def _by_whose(subjects: Iterable[str], found: Iterable[Alert]) -> list[Sample]:
    """Say 1 where something is wrong with a subject, under whose matter it is, and 0 everywhere else."""
    wrong = {(one.subject, one.whose) for one in found}
    return [((subject, whose), float((subject, whose) in wrong)) for subject in subjects for whose in WHOSE]


def _are_closed(exchanges: Iterable[str], situation: Situation) -> float:
    return float(not any(_trades(name, situation) for name in exchanges))


def _trades(exchange: str, situation: Situation) -> bool:
    zone = ZONES[exchange]
    calendar = situation.around.calendars.get(exchange, Calendar(zone))
    return calendar.trades_on(situation.now.astimezone(zone).date())
