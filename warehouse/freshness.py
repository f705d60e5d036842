"""Measure how old the data is by its own time, not by when a run last touched it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from warehouse.database import Warehouse
from warehouse.tables.catalog import TABLES
from warehouse.tables.ops import FRESHNESS
from warehouse.tables.table import Freshness, Kind, Load, Table

ZONES = {
    "XHKG": ZoneInfo("Asia/Hong_Kong"),
    "XNAS": ZoneInfo("America/New_York"),
    "XNYS": ZoneInfo("America/New_York"),
    "XSHE": ZoneInfo("Asia/Shanghai"),
    "XSHG": ZoneInfo("Asia/Shanghai"),
}
"""Where each exchange's day begins and ends."""
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """On which days an exchange trades. Outside the days it knows, every weekday counts as open."""

    zone: tzinfo
    is_open: Mapping[date, bool] = field(default_factory=dict)

    def trades_on(self, day: date) -> bool:
        """Say whether a day is a trading day; a calendar leaves weekends out."""
        if self.is_open and min(self.is_open) <= day <= max(self.is_open):
            return self.is_open.get(day, False)
        return day.weekday() < _SATURDAY

    def hours_between(self, start: datetime, end: datetime) -> float:
        """Count the hours from one instant to another that fall on trading days."""
        total = timedelta()
        day = start.astimezone(self.zone).date()
        while (begins := self.start_of(day)) < end:
            if self.trades_on(day):
                total += max(timedelta(), min(end, self.start_of(day + timedelta(1))) - max(start, begins))
            day += timedelta(1)
        return total / timedelta(hours=1)

    def start_of(self, day: date) -> datetime:
        """Give the instant at which a day begins; in UTC, since local differences ignore clock changes."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def measure_freshness(
    warehouse: Warehouse, *, run_id: str, now: datetime, tables: Iterable[Table] = TABLES
) -> pa.Table:
    """Give the rows for `ops.freshness`: one per data table, with or without an allowed age."""
    measured = [one for one in tables if one.load is not Load.LEDGER]
    return FRESHNESS.arrow(
        {"run_id": run_id, "measured_at": now, **_measure(warehouse.connection, one, now)} for one in measured
    )


def _measure(connection: duckdb.DuckDBPyConnection, table: Table, now: datetime) -> dict[str, object]:
    wanted = table.fresh_within
    newest = f"max({wanted.column})" if wanted else "NULL"
    row_count, found = connection.execute(f"SELECT count(*), {newest} FROM {table.name}").fetchone() or (0, None)
    row = {"table_name": table.name, "row_count": row_count, "is_stale": False}
    if not wanted:
        return row
    if found is None:
        return row | {"allowed_hours": float(wanted.hours), "is_stale": _is_asked_for(connection, table)}
    calendar = _calendar(connection, wanted)
    until = _end_of(found, calendar) if _is_day(table, wanted) else found
    age = calendar.hours_between(until, now) if wanted.counts_sessions_of else (now - until) / timedelta(hours=1)
    age = max(age, 0.0)
    return row | {
        "data_until": until,
        "age_hours": age,
        "allowed_hours": float(wanted.hours),
        "is_stale": age > wanted.hours,
    }


def _is_asked_for(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    """Say whether an empty table should have something: a source that gives it is on, or we know of no sources."""
    found = connection.execute(
        "SELECT count(*) = 0 OR bool_or(is_enabled AND list_has_any(tables, ?)) FROM core.sources",
        [[table.name, table.chosen_from]],
    ).fetchone()
    return bool(found and found[0])


def _is_day(table: Table, wanted: Freshness) -> bool:
    return any(one.kind is Kind.DAY for one in table.columns if one.name == wanted.column)


def _end_of(day: date, calendar: Calendar) -> datetime:
    return calendar.start_of(day + timedelta(1))


def _calendar(connection: duckdb.DuckDBPyConnection, wanted: Freshness) -> Calendar:
    exchange = wanted.counts_sessions_of
    if not exchange:
        return Calendar(UTC)
    rows = connection.execute(
        "SELECT session_date, is_open FROM core.trading_sessions WHERE exchange = ?", [exchange]
    ).fetchall()
    return Calendar(ZONES[exchange], dict(rows))
