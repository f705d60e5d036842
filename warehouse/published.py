"""Read what is published: never the writer's file, never locked out, always one whole generation."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.copying import quoted
from warehouse.errors import OF_THE_WORLD, explained
from warehouse.home import Home
from warehouse.older_copies import fill_in
from warehouse.schema import version_of
from warehouse.tables.ops import TABLES as OPS
from warehouse.threads import suit_file

_CANNOT_READ = "The published copy cannot be read"
_PUBLISH_AGAIN = (
    "`dragongate publish` writes a new one; `dragongate publish --rollback` shows the one before it. "
    "Readers must not write to these files"
)


class NothingPublished(Exception):
    """There is no published file to open yet."""


class QueryError(Exception):
    """A query does not fit the warehouse; the message says what is near."""


def open_published(home: Home) -> duckdb.DuckDBPyConnection:
    """Open the newest generation read-only, in UTC; it stays the same until it is closed.

    Raises NothingPublished before the first publication, WarehouseError when the file is damaged.
    """
    return _open(home.published_warehouse, "warehouse")


def open_published_ops(home: Home) -> duckdb.DuckDBPyConnection:
    """Open the pipeline's own tables as they were after the newest run, good or bad; of which version, does not matter.

    Raises NothingPublished before the first run, WarehouseError when the file is damaged.
    """
    connection = _open(home.published_ops, "ops")
    fill_in(connection, "ops", OPS)
    return connection


def published_version(home: Home) -> int:
    """Open both published files, and tell by which version of the tables the newest generation was made.

    Raises NothingPublished or WarehouseError where one cannot be opened.
    """
    with open_published(home) as warehouse, open_published_ops(home):
        return version_of(warehouse)


def query(home: Home, sql: str) -> pa.Table:
    """Ask the published warehouse.

    Raises NothingPublished, WarehouseError, or QueryError with near names for a table or column that is not there.
    """
    with open_published(home) as connection:
        return ask(connection, home, sql)


def ask(connection: duckdb.DuckDBPyConnection, home: Home, sql: str) -> pa.Table:
    """Ask a connection to the published warehouse of a home; raises what `query` does, but NothingPublished."""
    try:
        if not connection.extract_statements(sql):
            raise QueryError("there is no query in it; try SELECT * FROM mart.company_daily LIMIT 5")
        return connection.execute(sql).to_arrow_table()
    except OF_THE_WORLD as error:
        raise explained(error, home.published_warehouse, _CANNOT_READ, _PUBLISH_AGAIN) from error
    except duckdb.InterruptException:
        raise QueryError("the query was ended before it had an answer") from None
    except duckdb.Error as error:
        raise QueryError(_explain(connection, sql, str(error))) from error


def _open(path: Path, name: str) -> duckdb.DuckDBPyConnection:
    if path.is_symlink() and not path.exists():
        raise NothingPublished(f"{path} leads to a generation that is gone: `dragongate publish` writes a new one")
    if not path.exists():
        raise NothingPublished(f"nothing is published in {path.parent} yet: `dragongate run` collects and publishes")
    # DuckDB hands a process that has a path open the same file again, even after it was replaced. Attached to a
    # connection of its own, under the generation's own path, it is always the file of this moment.
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"ATTACH {quoted(str(path.resolve()))} AS {name} (READ_ONLY)")
        connection.execute(f"USE {name}")
        connection.execute("SET TimeZone = 'UTC'")
        suit_file(connection, path)
    except duckdb.Error as error:
        connection.close()
        raise explained(error, path, _CANNOT_READ, _PUBLISH_AGAIN) from error
    return connection


_NO_TABLE = re.compile(r"(?:Table|View) with name (\S+) does not exist")
_NO_FUNCTION = re.compile(r"Function with name (\S+) does not exist")
_NO_COLUMN = re.compile(r'column "([^"]+)" not found|does not have a column named "([^"]+)"')


def _explain(connection: duckdb.DuckDBPyConnection, sql: str, message: str) -> str:
    columns = _columns(connection)
    if lost := _NO_TABLE.search(message):
        return _near("table", lost[1], columns)
    if lost := _NO_FUNCTION.search(message):
        macros = connection.execute(
            "SELECT DISTINCT schema_name || '.' || function_name FROM duckdb_functions() "
            "WHERE schema_name IN ('as_of', 'mart_as_of')"
        ).fetchall()
        return _near("function", lost[1], [name for (name,) in macros])
    if lost := _NO_COLUMN.search(message):
        asked = [names for table, names in columns.items() if table in sql]
        return _near("column", lost[1] or lost[2], {name for names in asked for name in names})
    return message


def _near(kind: str, name: str, known: Iterable[str]) -> str:
    bare = {one.rpartition(".")[2]: one for one in sorted(known)}
    close = get_close_matches(name.rpartition(".")[2], bare, n=5, cutoff=0.5)
    near = ", ".join(bare[one] for one in close)
    return (
        f"there is no {kind} {name}; near are {near}" if near else f"there is no {kind} {name}; there are {_few(known)}"
    )


def _few(known: Iterable[str]) -> str:
    names = sorted(known)
    return ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "") or "none"


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    rows = connection.execute(
        """
        SELECT schema_name || '.' || table_name, list(column_name) FROM duckdb_columns()
        WHERE database_name = current_database() AND NOT internal GROUP BY 1
        """
    ).fetchall()
    return dict(rows)
