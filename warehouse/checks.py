"""Check every table as it stands in the writer's file: its own rules, and the ones that hold for all.

A failed blocking check keeps a table back at publication; another one is shown and nothing more. Checks of the
pipeline's own tables never block: they are what tells that something is wrong.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME, TABLES
from warehouse.tables.ops import CHECKS
from warehouse.tables.table import Load, Table

CURRENCY = "currency_is_the_one_that_the_filer_reports_in"
_CURRENCY_OF = ("core.financial_facts_by_source", "core.financial_facts")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule, and the query whose every row is a case that breaks it."""

    name: str
    breaks_it: str
    blocking: bool


def run_checks(warehouse: Warehouse, *, run_id: str, now: datetime, tables: Iterable[Table] = TABLES) -> pa.Table:
    """Check whole tables and give the rows for `ops.checks`, one per rule, passed or not."""
    rows = []
    for table in tables:
        for rule in _rules(table):
            failing, example = _broken(warehouse.connection, table, rule)
            rows.append(
                {
                    "run_id": run_id,
                    "table_name": table.name,
                    "check_name": rule.name,
                    "is_blocking": rule.blocking and table.load is not Load.LEDGER,
                    "is_passed": not failing,
                    "failing_rows": failing,
                    "example": example,
                    "checked_at": now,
                }
            )
    return CHECKS.arrow(rows)


def failed_tables(checks: pa.Table) -> dict[str, str]:
    """Name the tables that a blocking check holds back, each with the first such check."""
    failed = (row for row in checks.to_pylist() if row["is_blocking"] and not row["is_passed"])
    return {row["table_name"]: row["check_name"] for row in reversed(list(failed))}


def duplicated_keys(table: Table, source: str = "") -> str:
    """Write the query for keys that stand more than once, in the table itself or in a copy of it."""
    keys = ", ".join(table.key)
    return f"SELECT {keys}, count(*) AS times FROM {source or table.name} GROUP BY {keys} HAVING count(*) > 1"


def _rules(table: Table) -> Iterator[_Rule]:
    for check in table.checks:
        # A condition that comes out as unknown is not met.
        yield _Rule(check.name, _select(table, f"({check.sql}) IS NOT TRUE"), check.blocking)
    yield _Rule("key_is_unique", duplicated_keys(table), blocking=True)
    mandatory = [one.name for one in table.columns if not one.optional]
    empty = " OR ".join(f"{name} IS NULL" for name in mandatory)
    yield _Rule("mandatory_columns_are_filled", _select(table, empty), blocking=True)
    for column in table.columns:
        if column.references:
            yield _leads_somewhere(table, column.name, BY_NAME[column.references])
    if table.name in _AGAINST_EACH_OTHER:
        name, condition = _AGAINST_EACH_OTHER[table.name]
        yield _Rule(name, _select(table, condition), blocking=False)
    if table.name in _CURRENCY_OF:
        yield _Rule(CURRENCY, _select(table, _FOREIGN_CURRENCY), blocking=False)


_AGAINST_EACH_OTHER = {
    "core.daily_quotes": (
        "no_bar_stands_on_a_day_that_the_calendar_has_closed",
        """
        dayofweek(trade_date) IN (0, 6) OR (split_part(security_id, ':', 1), trade_date) IN
            (SELECT (exchange, session_date) FROM core.trading_sessions WHERE NOT is_open)""",
    ),
    "core.trading_sessions": (
        "a_session_between_two_with_bars_has_one_too",
        """
        (exchange, session_date) IN (
            SELECT (exchange, session_date) FROM (
                SELECT exchange, session_date, bars.day IS NULL AS is_bare,
                    lag(bars.day) OVER sessions IS NOT NULL AND lead(bars.day) OVER sessions IS NOT NULL AS is_between
                FROM (SELECT exchange, session_date FROM core.trading_sessions WHERE is_open) AS open_days
                LEFT JOIN (SELECT DISTINCT split_part(security_id, ':', 1) AS market, trade_date AS day
                           FROM core.daily_quotes) AS bars
                ON bars.market = open_days.exchange AND bars.day = open_days.session_date
                WINDOW sessions AS (PARTITION BY exchange ORDER BY session_date))
            WHERE is_bare AND is_between)""",
    ),
}
"""The calendar and the bars, each against the other: a closure that the library lacks shows in either."""

_FOREIGN_CURRENCY = """
    currency <> '' AND NOT is_convenience_translation
    AND currency <> (SELECT any_value(filer.reporting_currency) FROM core.companies AS filer
                     WHERE filer.company_id = checked.company_id)"""


def _leads_somewhere(table: Table, column: str, target: Table) -> _Rule:
    lost = f"{column} IS NOT NULL AND {column} NOT IN (SELECT {target.key[0]} FROM {target.name})"
    return _Rule(f"{column}_leads_to_{target.base}", _select(table, lost), blocking=False)


def _select(table: Table, condition: str) -> str:
    return f"SELECT {', '.join(table.key)} FROM {table.name} AS checked WHERE {condition}"


def _broken(connection: duckdb.DuckDBPyConnection, table: Table, rule: _Rule) -> tuple[int, str | None]:
    """Count the cases that break a rule and give one; always the same one, whatever the order of rows."""
    key = ", ".join(f"{name} := {name}" for name in table.key)
    question = f"SELECT count(*), min(CAST(to_json(struct_pack({key})) AS VARCHAR)) FROM ({rule.breaks_it})"
    found = connection.execute(question).fetchone() or (0, None)
    return int(found[0]), found[1]
