"""A warehouse of any size, made by SQL alone, in the tables, layers and order in which the loader leaves them.

Ten years of bars, facts, articles, claims, readings of followers and deliveries. Nothing in it is true; every number
follows from its place, so that two runs make the same. Readings have their versions, some were corrected since, some
have a second source, and the rows that analysts ask for are chosen from them by the warehouse's own choice.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench.made_rows import ARTICLES, COMPANIES, DAILY, FACTS, LEDGER, OURS, SECOND_SOURCES, SERIES, STEPS
from bench.made_statements import CLAIMS, HOLES, STATEMENTS
from warehouse.choose import choose
from warehouse.copying import own_catalog
from warehouse.database import Warehouse
from warehouse.load import transaction
from warehouse.sql import listed
from warehouse.tables.catalog import BY_NAME, CHOSEN
from warehouse.tables.table import ADDED, Load, Table
from warehouse.written_marts import write_marts

ROWS = (STEPS, OURS, SERIES, DAILY, FACTS, STATEMENTS, ARTICLES, CLAIMS, SECOND_SOURCES, LEDGER, HOLES)
"""In the order in which they are made: some are made from others."""
BACKFILLED_AT = datetime(2024, 1, 6, 6, tzinfo=UTC)
"""Everything before was read at once; from then on, day by day."""
ENDS_AT = datetime(2025, 1, 10, 22, tzinfo=UTC)
"""Nothing is public after it."""
CORRECTED_UNTIL = datetime(2025, 1, 10, 21, tzinfo=UTC)
_CORRECTIONS = {
    "core.daily_quotes_by_source": ("close_price = round(close_price * 1.002, 2)", 200),
    "core.financial_facts_by_source": ("value = value + 1000000, value_low = NULL, value_high = NULL", 200),
    "core.articles_by_source": ("title = title || ' (updated)'", 50),
    "core.shares_outstanding_by_source": ("share_count = share_count + 1000", 100),
}
"""What a source said otherwise later, and for one row in how many."""


@dataclass(frozen=True)
class Size:
    """How much is in it. A tenth of the scale has a tenth of the lines, over the same ten years."""

    securities: int = 3_000
    facts: int = 2_000_000
    articles: int = 1_000_000

    def times(self, scale: float) -> "Size":
        """Give the size at another scale; a few lines there always are."""
        lines = max(len(COMPANIES) + 2, round(self.securities * scale))
        return Size(lines, round(self.facts * scale), round(self.articles * scale))


def make(path: Path, size: Size) -> Mapping[str, int]:
    """Make the file as a publication leaves it, and count the rows of each table that has some."""
    with Warehouse.open(path) as warehouse:
        connection = warehouse.connection
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET VARIABLE securities = {size.securities}")
        connection.execute(f"SET VARIABLE facts = {size.facts}")
        connection.execute(f"SET VARIABLE articles = {size.articles}")
        connection.execute(f"SET VARIABLE backfilled_at = TIMESTAMPTZ '{BACKFILLED_AT.isoformat()}'")
        connection.execute(f"SET VARIABLE ends_at = TIMESTAMPTZ '{ENDS_AT.isoformat()}'")
        connection.execute("CREATE TEMP MACRO pick(a, b, n) AS CAST(hash(a, b) % n AS INTEGER)")
        for name, select in ((name, select) for group in ROWS for name, select in group.items()):
            _write(connection, name, select)
        for name, (change, one_in) in _CORRECTIONS.items():
            _correct(connection, BY_NAME[name], change, one_in)
        for table in CHOSEN:
            _choose(connection, table, BY_NAME[table.chosen_from])
        counts = _counted(connection)
        began = time.perf_counter()
        counts |= write_marts(connection, own_catalog(connection), counts)
        print(f"marts written in {time.perf_counter() - began:.0f} s", flush=True)
        connection.execute("CHECKPOINT")
        return counts


def _write(connection: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    """Insert rows; those of versions begin when they were public and known, and were confirmed by their own fetch."""
    table = BY_NAME.get(name)
    if table is None:
        connection.execute(f"CREATE TEMP TABLE {name} AS {select}")
        return
    versions = """, fetched_at AS confirmed_at, snapshot_id AS confirmed_snapshot_id,
        first_seen_at AS confirmed_seen_at, available_at AS public_from, first_seen_at AS known_from,
        'first' AS version_cause"""
    added = versions if table.load is Load.MERGE else ""
    connection.execute(f"INSERT INTO {name} BY NAME SELECT *{added} FROM ({select})")


def _correct(connection: duckdb.DuckDBPyConnection, table: Table, change: str, one_in: int) -> None:
    """Let the source say otherwise: the old version goes to history, as of when the new one was public and known."""
    at = f"TIMESTAMPTZ '{CORRECTED_UNTIL.isoformat()}' - to_minutes(CAST(hash({listed(table.key)}) % 290000 AS BIGINT))"
    chosen = f"hash({listed(table.key)}) % {one_in} = 0 AND fetched_at < {at}"
    connection.execute(
        f"INSERT INTO {table.history} BY NAME SELECT *, {at} AS public_to, {at} AS known_to "
        f"FROM {table.name} WHERE {chosen}"
    )
    moved = ("fetched_at", "confirmed_at", "confirmed_seen_at", "public_from", "known_from")
    connection.execute(
        f"UPDATE {table.name} SET {change}, {', '.join(f'{one} = {at}' for one in moved)}, "
        f"version_cause = 'source' WHERE {chosen}"
    )


def _choose(connection: duckdb.DuckDBPyConnection, table: Table, readings: Table) -> None:
    """Choose as the loader does: a lone reading goes in as it is, the others are weighed."""
    key, own = listed(table.key), [one.name for one in readings.columns]
    times = [one.name for one in ADDED[Load.CHOSEN]]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE touched AS SELECT {key} FROM {readings.name} GROUP BY {key} "
        "HAVING count(*) > 1 OR bool_or(version_cause <> 'first')"
    )
    connection.execute(
        f"INSERT INTO {table.name} ({listed([*own, 'is_disputed', 'reading_count', *times])}) "
        f"SELECT {listed(own)}, false, 1, available_at, available_at, first_seen_at, first_seen_at "
        f"FROM {readings.name} ANTI JOIN temp.touched USING ({key})"
    )
    with transaction(connection):
        choose(connection, table, readings, among=f"SEMI JOIN temp.touched USING ({key})")
    connection.execute("DROP TABLE temp.touched")


def _counted(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, estimated_size FROM duckdb_tables() "
        "WHERE NOT temporary AND estimated_size > 0 ORDER BY ALL"
    ).fetchall()
    return dict(rows)
