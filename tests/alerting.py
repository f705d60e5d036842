"""States of a home, written by hand, from which alerts follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flows.alerting.alert import Surroundings
from tests.small_warehouse import utc
from warehouse.freshness import ZONES, Calendar
from warehouse.status import Status

NOW = utc("2025-03-19 02:00")
"""A Wednesday, ten in the morning in Hong Kong: what is due at half past eight should be here."""
CLOSED = date(2025, 3, 20)
"""A Thursday on which no exchange of these trades."""
Rows = Sequence[dict[str, Any]]


def calendars(*closed: date) -> dict[str, Calendar]:
    """Let every exchange trade on weekdays but these."""
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(200)]
    is_open = {day: day.weekday() < 5 and day not in closed for day in days}
    return {exchange: Calendar(zone, is_open) for exchange, zone in ZONES.items()}


def around(**more: Any) -> Surroundings:
    """Give the surroundings of a machine on which all is well."""
    return replace(Surroundings(calendars=calendars(), free_bytes=100 * 1024**3, total_bytes=200 * 1024**3), **more)


def run(**more: Any) -> dict[str, Any]:
    """Give a run that ended well an hour ago."""
    return {
        "run_id": "daily-1",
        "flow": "daily",
        "mode": "live",
        "state": "completed",
        "started_at": NOW - timedelta(hours=1),
        "ended_at": NOW - timedelta(minutes=50),
        "message": None,
        "schedules": None,
        **more,
    }


def status(**more: Any) -> Status:
    """Give the status of a home in which all is well."""
    return replace(Status([run()], [], [], [], [], [], [], [], None), **more)


def fresh(table: str = "core.daily_quotes", *, hours: float | None = 10.0, **more: Any) -> dict[str, Any]:
    """Give the age of a table as it was measured at the end of a run."""
    return {
        "table_name": table,
        "row_count": 10,
        "data_until": NOW - timedelta(hours=hours) if hours is not None else None,
        "age_hours": hours,
        "allowed_hours": 36.0,
        "is_stale": False,
        "is_required": True,
        "measured_at": NOW,
        **more,
    }


def gap(source: str = "tencent_daily", chunk: str = "XHKG:01810", **more: Any) -> dict[str, Any]:
    """Give an answer that is missing."""
    return {
        "run_id": "daily-1",
        "source_id": source,
        "chunk": chunk,
        "state": "missing",
        "reason": "unavailable: timeout",
        "is_required": True,
        "mend": "No answer in time; it is asked again in the next run.",
        **more,
    }


def closes(security: str = "XHKG:01810", last: str | None = "2025-03-18", **more: Any) -> dict[str, Any]:
    """Give what is expected of a line, and its newest bar."""
    return {
        "what": "daily_closes",
        "table_name": "core.daily_quotes",
        "subject_id": security,
        "is_followed": True,
        "source_ids": ["tencent_daily"],
        "expected_from_date": date(2025, 1, 2),
        "last_came_date": date.fromisoformat(last) if last else None,
        "whose": None,
        "reason": None,
        "mend": None,
        "next_try": None,
        **more,
    }


def hours_later(hours: float) -> datetime:
    """Give a later moment."""
    return NOW + timedelta(hours=hours)
