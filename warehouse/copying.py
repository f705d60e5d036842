"""Copy a warehouse, table by table, within one DuckDB connection; and say whether two hold the same.

The writer's file is locked for everybody else, so a copy is made by the connection that has it open.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pyarrow as pa

VERSION_MACRO = "definitions_version"
"""In `ops`: what a warehouse calls the version of its views and macros."""
ROW_GROUP = "ROW_GROUP_SIZE 30720"
"""How many rows a file holds together: a quarter of DuckDB's own choice, so that a large batch is written while it is
read instead of being held in memory, and a smaller one need not be written twice."""
_RESTLESS = ("confirmed_at", "confirmed_snapshot_id", "confirmed_seen_at")
"""Columns that move although nothing was said anew."""


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, path: Path, name: str, *, read_only: bool = False) -> Iterator[str]:
    """Attach a database file under a name for the length of a `with` block."""
    options = "READ_ONLY" if read_only else ROW_GROUP
    connection.execute(f"ATTACH {quoted(str(path))} AS {name} ({options})")
    try:
        yield name
    except BaseException:
        # A full disk makes the closing checkpoint fail too; the first error is the one to tell.
        with suppress(duckdb.Error):
            connection.execute(f"DETACH {name}")
        raise
    connection.execute(f"DETACH {name}")


def own_catalog(connection: duckdb.DuckDBPyConnection) -> str:
    """Name the database that the connection's unqualified names lead to."""
    found = connection.execute("SELECT current_database()").fetchone()
    return str(found[0]) if found else ""


def columns_of(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, list[str]]:
    """List the tables of a database with their columns."""
    rows = connection.execute(
        """
        SELECT tables.schema_name || '.' || tables.table_name, columns.column_name
        FROM duckdb_tables() AS tables JOIN duckdb_columns() AS columns USING (database_name, schema_name, table_name)
        WHERE database_name = ? AND NOT tables.internal ORDER BY 1, columns.column_index
        """,
        [catalog],
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def copy_definitions(connection: duckdb.DuckDBPyConnection, target: str) -> None:
    """Make empty tables, views, macros and comments in an attached database as they are in our own."""
    connection.execute(f'COPY FROM DATABASE "{own_catalog(connection)}" TO {target} (SCHEMA)')


def copy_rows(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str], *, source: str, target: str
) -> dict[str, int]:
    """Fill these tables of one database from another, column by name, and count their rows."""
    have, want = columns_of(connection, source), columns_of(connection, target)
    counts = {}
    for table in tables:
        shared = ", ".join(f'"{column}"' for column in want[table] if column in have.get(table, ()))
        counts[table] = 0
        if shared:
            query = f'INSERT INTO {target}.{table} ({shared}) SELECT {shared} FROM "{source}".{table}'
            counts[table] = sum(written for (written,) in connection.execute(query).fetchall())
    return counts


def insert(connection: duckdb.DuckDBPyConnection, rows: pa.Table, table: str) -> None:
    """Append rows to a table of any attached database."""
    connection.register("dragongate_rows", rows)
    try:
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM dragongate_rows")
    finally:
        connection.unregister("dragongate_rows")


def is_same(connection: duckdb.DuckDBPyConnection, tables: Iterable[str], one: str, other: str) -> bool:
    """Say whether two databases agree in their definitions and in the rows of these tables."""
    if _definitions(connection, one) != _definitions(connection, other):
        return False
    columns = columns_of(connection, one)
    return all(_rows_agree(connection, table, columns[table], (one, other)) for table in tables)


def quoted(text: str) -> str:
    """Write a text as an SQL literal, where a statement takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _rows_agree(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str], catalogs: tuple[str, str]
) -> bool:
    steady = ", ".join(column for column in columns if column not in _RESTLESS)
    # The order of rows says nothing, and a sum sees rows that stand twice.
    for measure in ("count(*)", f"sum(CAST(hash({steady}) AS HUGEINT))"):
        one, other = (connection.execute(f'SELECT {measure} FROM "{name}".{table}').fetchone() for name in catalogs)
        if one != other:
            return False
    return True


def _definitions(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, ...]]:
    # DuckDB writes a copied view or macro in other words than the original, so their version stands for them.
    rows: list[tuple[str, ...]] = connection.execute(
        """
        -- A mart is a view, or a table where a generation is large: the same to whoever reads it.
        SELECT schema_name, view_name, 'relation', coalesce(comment, '') FROM duckdb_views()
        WHERE database_name = $catalog AND NOT internal
        UNION ALL
        SELECT schema_name, table_name, 'relation', coalesce(comment, '') FROM duckdb_tables()
        WHERE database_name = $catalog AND NOT internal
        UNION ALL
        SELECT schema_name, function_name, if(function_name = $version, macro_definition, 'macro'),
            array_to_string(parameters, ',') FROM duckdb_functions()
        WHERE database_name = $catalog AND NOT internal
        UNION ALL
        SELECT schema_name, table_name || '.' || column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
        WHERE database_name = $catalog AND NOT internal
        ORDER BY ALL
        """,
        {"catalog": catalog, "version": VERSION_MACRO},
    ).fetchall()
    return rows
