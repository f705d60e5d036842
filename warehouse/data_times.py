"""How new the data of each source is by its own time, and how many rows a day came: read from the published copy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from warehouse.freshness import ZONES, Calendar
from warehouse.tables.catalog import BY_NAME, TABLES
from warehouse.tables.table import Freshness, Kind, Load, Table

DAYS_SHOWN = 30
"""How many days of rows are counted, the newest included."""
Days = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class DataTime:
    """The newest time in one table, as one source tells it or as a whole."""

    table_name: str
    until: datetime
    allowed_hours: float | None
    counts_sessions_of: str = ""

    def age_hours(self, at: datetime, calendars: Mapping[str, Calendar]) -> float:
        """Give the age at a moment; closed days of the table's exchange do not count."""
        calendar = calendars.get(self.counts_sessions_of)
        hours = calendar.hours_between(self.until, at) if calendar else (at - self.until) / timedelta(hours=1)
        return max(hours, 0.0)


@dataclass(frozen=True, slots=True)
class DataTimes:
    """What one generation says of its own age."""

    by_source: Mapping[str, tuple[DataTime, ...]] = field(default_factory=dict)
    rows_by_source: Mapping[str, Days] = field(default_factory=dict)
    """Rows of readings by the day that they tell of."""
    rows_by_table: Mapping[str, Days] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    """By exchange, for those whose closed days do not age a table."""


def limit_of(table: Table) -> Freshness | None:
    """Say how old a table may be; readings may be as old as the table that is chosen from them."""
    chosen = (one.fresh_within for one in TABLES if one.chosen_from == table.name)
    return table.fresh_within or next(chosen, None)


def time_of(row: Mapping[str, Any]) -> DataTime | None:
    """Give the newest time of a table from its row of `ops.freshness`; none for an empty table."""
    if row["data_until"] is None:
        return None
    table = BY_NAME.get(row["table_name"])
    exchange = table.fresh_within.counts_sessions_of if table and table.fresh_within else ""
    return DataTime(row["table_name"], row["data_until"], row["allowed_hours"], exchange)


def read_data_times(connection: duckdb.DuckDBPyConnection, *, at: datetime) -> DataTimes:
    """Read a published warehouse; days are counted back from a moment, and what lies after it is left out."""
    calendars = {name: read_calendar(connection, name) for name in _exchanges()}
    by_source: dict[str, list[DataTime]] = {}
    rows_by_source: dict[str, dict[date, int]] = {}
    for table, column, limit in _readings():
        for source_id, until in _newest_by_source(connection, table, column):
            until_at = _instant(until, calendars.get(limit.counts_sessions_of) if limit else None)
            allowed, exchange = (float(limit.hours), limit.counts_sessions_of) if limit else (None, "")
            by_source.setdefault(source_id, []).append(DataTime(table.name, until_at, allowed, exchange))
        for source_id, day, count in _by_day(connection, table, column, at, "source_id"):
            days = rows_by_source.setdefault(source_id, {})
            days[day] = days.get(day, 0) + count
    rows_by_table = {
        table.name: {day: count for _, day, count in _by_day(connection, table, limit.column, at, "''")}
        for table in TABLES
        if (limit := table.fresh_within)
    }
    return DataTimes({name: tuple(all_) for name, all_ in by_source.items()}, rows_by_source, rows_by_table, calendars)


def read_calendar(connection: duckdb.DuckDBPyConnection, exchange: str) -> Calendar:
    """Read on which days an exchange trades."""
    rows = connection.execute(
        "SELECT session_date, is_open FROM core.trading_sessions WHERE exchange = ?", [exchange]
    ).fetchall()
    return Calendar(ZONES[exchange], dict(rows))


def _exchanges() -> set[str]:
    return {one.fresh_within.counts_sessions_of for one in TABLES if one.fresh_within} - {""}


def _readings() -> Iterator[tuple[Table, str, Freshness | None]]:
    """List the tables that sources fill, each with its time column; without a limit, when it was public."""
    for table in TABLES:
        names = {one.name for one in table.stored}
        limit = limit_of(table)
        column = limit.column if limit else "available_at"
        if table.load is Load.MERGE and {"source_id", column} <= names:
            yield table, column, limit


def _newest_by_source(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str
) -> list[tuple[str, date | datetime]]:
    sql = f"SELECT source_id, max({column}) FROM {table.name} WHERE {column} IS NOT NULL GROUP BY source_id"
    return connection.execute(sql).fetchall()


def _by_day(
    connection: duckdb.DuckDBPyConnection, table: Table, column: str, at: datetime, group: str
) -> list[tuple[str, date, int]]:
    is_day = any(one.name == column and one.kind is Kind.DAY for one in table.columns)
    first = at - timedelta(days=DAYS_SHOWN - 1)
    bounds: list[Any] = (
        [first.date(), at.date()] if is_day else [first.replace(hour=0, minute=0, second=0, microsecond=0), at]
    )
    sql = f"SELECT {group}, CAST({column} AS DATE), count(*) FROM {table.name}"
    return connection.execute(f"{sql} WHERE {column} BETWEEN ? AND ? GROUP BY ALL", bounds).fetchall()


def _instant(found: date | datetime, calendar: Calendar | None) -> datetime:
    """Give the moment at which a day is over where its exchange is, or in UTC; an instant is one already."""
    if isinstance(found, datetime):
        return found.astimezone(UTC)
    return (calendar or Calendar(UTC)).start_of(found + timedelta(days=1))
