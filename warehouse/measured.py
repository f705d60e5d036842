"""Read the measures of a home from its published copies: figures, counts, ages, and what is expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json import loads
from typing import Any

import duckdb

from warehouse.freshness import ZONES, Calendar
from warehouse.home import Home
from warehouse.measures import LEDGER_MEASURES, MEASURED_RUN, WAREHOUSE_MEASURES, Measure
from warehouse.published import open_published, open_published_ops
from warehouse.status import Status, read_status
from warehouse.tables.catalog import BY_NAME

Sample = tuple[tuple[str, ...], float]
"""Values of the labels in their order, and the number."""


@dataclass(frozen=True, slots=True)
class Age:
    """How old the data of a table with an allowed age was when it was measured."""

    table: str
    hours: float | None
    """None for a table without rows."""
    exchange: str
    """Whose trading days count; empty when every day does."""
    measured_at: datetime
    until: datetime
    """End of the newest day or moment in the data; of a table without rows, when it was measured."""

    def hours_at(self, moment: datetime, calendars: Mapping[str, Calendar]) -> float | None:
        """Give the age in hours at a later moment; hours of closed days do not count."""
        if self.hours is None:
            return None
        # A day is over only hours after the run that brought its close: until then nothing ages.
        since = max(self.measured_at, self.until)
        passed = (moment - since) / timedelta(hours=1)
        if self.exchange and passed > 0:
            passed = calendars.get(self.exchange, Calendar(ZONES[self.exchange])).hours_between(since, moment)
        return self.hours + max(0.0, passed)


@dataclass(frozen=True, slots=True)
class FromLedger:
    """What `ops.duckdb` says."""

    figures: Mapping[str, Sequence[Sample]]
    """By measure."""
    counts: Mapping[str, Sequence[Sample]]
    """By the metric of `ops.counts`; they never fall."""
    ages: Sequence[Age]
    expected: Sequence[Mapping[str, Any]]
    """Rows of `ops.completeness` after the newest run that collected."""
    status: Status


@dataclass(frozen=True, slots=True)
class FromWarehouse:
    """What the newest generation says."""

    figures: Mapping[str, Sequence[Sample]]
    calendars: Mapping[str, Calendar]


def read_ledger(home: Home) -> FromLedger:
    """Read the published ledger. Raises NothingPublished before the first run, WarehouseError when it is damaged."""
    with open_published_ops(home) as connection:
        expected = connection.execute(f"SELECT * FROM completeness WHERE run_id = {MEASURED_RUN}").to_arrow_table()
        return FromLedger(
            figures=_figures(connection, LEDGER_MEASURES),
            counts=_counts(connection),
            ages=_ages(connection),
            expected=expected.to_pylist(),
            status=read_status(home),
        )


def read_warehouse(home: Home) -> FromWarehouse:
    """Read the newest generation. Raises NothingPublished before there is one, WarehouseError when it is damaged."""
    with open_published(home) as connection:
        return FromWarehouse(_figures(connection, WAREHOUSE_MEASURES), _calendars(connection))


def _figures(connection: duckdb.DuckDBPyConnection, measures: Sequence[Measure]) -> dict[str, list[Sample]]:
    return {
        one.name: [(tuple(map(str, labels)), float(value)) for *labels, value in sorted(_rows(connection, one.sql))]
        for one in measures
    }


def _counts(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Sample]]:
    if not _rows(connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'counts'"):
        return {}
    found: dict[str, list[Sample]] = {}
    for metric, labels, value in _rows(connection, "SELECT metric, labels_json, value FROM counts ORDER BY ALL"):
        found.setdefault(metric, []).append((tuple(loads(labels)), value))
    return found


def _ages(connection: duckdb.DuckDBPyConnection) -> tuple[Age, ...]:
    rows = _rows(
        connection,
        f"""SELECT table_name, age_hours, measured_at, coalesce(data_until, measured_at) FROM freshness
            WHERE run_id = {MEASURED_RUN} AND allowed_hours IS NOT NULL ORDER BY table_name""",
    )
    return tuple(Age(name, hours, _exchange(name), at, until) for name, hours, at, until in rows)


def _exchange(table_name: str) -> str:
    known = BY_NAME.get(table_name)
    return known.fresh_within.counts_sessions_of if known and known.fresh_within else ""


def _calendars(connection: duckdb.DuckDBPyConnection) -> dict[str, Calendar]:
    days: dict[str, dict[date, bool]] = {}
    for exchange, day, is_open in _rows(
        connection, "SELECT exchange, session_date, is_open FROM core.trading_sessions"
    ):
        days.setdefault(exchange, {})[day] = is_open
    return {exchange: Calendar(ZONES[exchange], found) for exchange, found in days.items() if exchange in ZONES}


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()
