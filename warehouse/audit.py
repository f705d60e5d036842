"""Look at a new generation as its readers will: through a connection of its own, read-only."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.checks import duplicated_keys
from warehouse.tables.catalog import BY_NAME
from warehouse.threads import suit_file


def audit(path: Path, counts: Mapping[str, int], *, unique: Collection[str], now: datetime) -> list[str]:
    """Say what is wrong with a new file: it does not open, rows are missing, keys stand twice, a view does not answer.

    `counts` are the rows that went into each table, `unique` the tables whose keys must be.
    """
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            suit_file(connection, path)
            return [
                *_missing_rows(connection, counts),
                *_double_keys(connection, unique),
                *_silent_views(connection, now),
            ]
    except duckdb.Error as error:
        return [f"the new file does not open: {error}"]


def _missing_rows(connection: duckdb.DuckDBPyConnection, counts: Mapping[str, int]) -> Iterator[str]:
    for table, expected in counts.items():
        found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        if found != (expected,):
            yield f"{table} has {found[0] if found else 'no'} rows and should have {expected}"


def _double_keys(connection: duckdb.DuckDBPyConnection, unique: Collection[str]) -> Iterator[str]:
    for table in unique:
        double = connection.execute(duplicated_keys(BY_NAME[table]) + " LIMIT 1").fetchone()
        if double:
            yield f"{table} has the key {double[:-1]} {double[-1]} times"


def _silent_views(connection: duckdb.DuckDBPyConnection, now: datetime) -> Iterator[str]:
    views = connection.execute(
        """
        SELECT schema_name || '.' || view_name FROM duckdb_views()
        WHERE database_name = current_database() AND NOT internal ORDER BY 1
        """
    ).fetchall()
    macros = connection.execute(
        """
        SELECT schema_name || '.' || function_name FROM duckdb_functions()
        WHERE database_name = current_database() AND schema_name = 'as_of' AND function_type = 'table_macro' ORDER BY 1
        """
    ).fetchall()
    asked = [name for (name,) in views] + [f"{name}(TIMESTAMPTZ '{now.isoformat()}')" for (name,) in macros]
    for name in asked:
        try:
            connection.execute(f"SELECT * FROM {name} LIMIT 1").fetchone()
        except duckdb.Error as error:
            yield f"{name} does not answer: {error}"
