"""Measure how old the data is by its own time, not by when a run last touched it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from warehouse.database import Warehouse
from warehouse.mutes import ACTIVE
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
_WITHOUT_A_LIMIT = Freshness("available_at", hours=0)
"""How a table without an allowed age is measured: by when its newest row was public."""


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
    wanted = table.fresh_within or _WITHOUT_A_LIMIT
    row_count, found = connection.execute(f"SELECT count(*), max({wanted.column}) FROM {table.name}").fetchone() or (
        0,
        None,
    )
    is_asked_for, is_required = _wanted_of(connection, table, now)
    row = {
        "table_name": table.name,
        "row_count": row_count,
        "allowed_hours": float(wanted.hours) if table.fresh_within else None,
        "is_required": is_required,
    }
    if found is None:
        return row | {"is_stale": table.fresh_within is not None and is_asked_for}
    until, age = _age(connection, table, wanted, found, now)
    return row | {
        "data_until": until,
        "age_hours": age,
        "is_stale": table.fresh_within is not None and age > wanted.hours,
    }


def _age(
    connection: duckdb.DuckDBPyConnection, table: Table, wanted: Freshness, found: Any, now: datetime
) -> tuple[datetime, float]:
    calendar = _calendar(connection, wanted)
    until: datetime = _end_of(found, calendar) if _is_day(table, wanted) else found
    age = calendar.hours_between(until, now) if wanted.counts_sessions_of else (now - until) / timedelta(hours=1)
    return until, max(age, 0.0)


def _wanted_of(connection: duckdb.DuckDBPyConnection, table: Table, now: datetime) -> tuple[bool, bool]:
    """Say whether a source that is on fills a table, and whether one that is on, required and not muted does.

    Where no sources are known, every table is asked for and none is required.
    """
    found = connection.execute(
        "SELECT count(*) = 0 OR coalesce(bool_or(is_enabled AND fills), false), "
        "coalesce(bool_or(is_enabled AND fills AND is_required AND until_date IS NULL), false) "
        "FROM (SELECT *, list_has_any(tables, ?) AS fills FROM core.sources) "
        f"LEFT JOIN (SELECT source_id, until_date FROM ({ACTIVE}) WHERE until_date >= CAST(? AS DATE)) "
        "USING (source_id)",
        [[table.name, table.chosen_from], now.date()],
    ).fetchone()
    return bool(found and found[0]), bool(found and found[1])


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
