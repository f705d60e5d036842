"""Write the marts of a large generation as tables, so that a question reads rows instead of computing all of them.

A mart is a view while its rows are few. Beyond that a reader would wait for every company of every day, so whoever
publishes computes the rows once, from the tables of that very generation and before anybody sees it: a mart is never of
another state than the tables beside it. Names, columns and comments stay those of the view.
"""

from collections.abc import Iterator, Mapping

import duckdb

from warehouse.copying import own_catalog, quoted
from warehouse.sql import number
from warehouse.tables.marts import VIEWS

MANY_ROWS = 300_000
"""Rows of `core` and `history` from which on marts are written."""
_COMMENTS = """
    SELECT NULL, comment FROM duckdb_views()
    WHERE database_name = $catalog AND schema_name || '.' || view_name = $mart
    UNION ALL
    SELECT column_name, comment FROM duckdb_columns()
    WHERE database_name = $catalog AND schema_name || '.' || table_name = $mart
"""


def write_marts(connection: duckdb.DuckDBPyConnection, catalog: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Turn the marts of an attached database into tables where its tables have many rows; count theirs."""
    if sum(rows for name, rows in counts.items() if name.startswith(("core.", "history."))) < MANY_ROWS:
        return {}
    own = own_catalog(connection)
    connection.execute(f"USE {catalog}")
    try:
        return {mart: _write(connection, catalog, mart) for mart in _marts(connection, catalog)}
    finally:
        connection.execute(f'USE "{own}"')


def _marts(connection: duckdb.DuckDBPyConnection, catalog: str) -> Iterator[str]:
    """Name the marts that are views there, each after those that it reads."""
    rows = connection.execute(
        "SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = ? AND NOT internal", [catalog]
    ).fetchall()
    there = {name for (name,) in rows}
    return (view.name for view in VIEWS if view.schema == "mart" and view.name in there)


def _write(connection: duckdb.DuckDBPyConnection, catalog: str, mart: str) -> int:
    comments = connection.execute(_COMMENTS, {"catalog": catalog, "mart": mart}).fetchall()
    connection.execute(f"CREATE TABLE mart.written AS FROM {mart}")
    connection.execute(f"DROP VIEW {mart}")
    connection.execute(f"ALTER TABLE mart.written RENAME TO {mart.partition('.')[2]}")
    for column, comment in comments:
        what = f'COLUMN {mart}."{column}"' if column else f"TABLE {mart}"
        connection.execute(f"COMMENT ON {what} IS {quoted(comment or '')}")
    return number(connection, f"SELECT count(*) FROM {mart}")
