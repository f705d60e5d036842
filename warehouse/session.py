"""One reader of the published warehouse for many questions, who takes up a newer generation when it is there."""

from dataclasses import dataclass
from typing import Self

import duckdb
import pyarrow as pa

from warehouse.copying import quoted
from warehouse.errors import explaining
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.published import ask, open_published

_NAMES = """
    SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index) FROM duckdb_columns()
    WHERE database_name = current_database() AND NOT internal GROUP BY ALL ORDER BY ALL
"""
_MACROS = """
    SELECT DISTINCT schema_name || '.' || function_name FROM duckdb_functions()
    WHERE database_name = current_database() AND NOT internal AND function_type = 'table_macro' ORDER BY ALL
"""
_TABLES = """
    SELECT schema_name || '.' || table_name AS "table", coalesce(comment, '') AS meaning
    FROM (FROM duckdb_tables() UNION ALL BY NAME SELECT *, view_name AS table_name FROM duckdb_views())
    WHERE database_name = current_database() AND NOT internal AND contains(schema_name || '.' || table_name, $part)
    ORDER BY array_position(['mart', 'core', 'history', 'raw', 'ops'], schema_name), 1
"""
_COLUMNS = """
    SELECT column_name AS "column", data_type AS type, coalesce(comment, '') AS meaning
    FROM duckdb_columns() WHERE database_name = current_database()
        AND $name IN (schema_name || '.' || table_name, if(schema_name IN ('mart', 'core'), table_name, NULL))
    ORDER BY schema_name DESC, column_index
"""


@dataclass(frozen=True, slots=True)
class Names:
    """What can be asked, for completion."""

    columns: dict[str, list[str]]
    """Tables and views with their columns."""
    macros: tuple[str, ...]
    """Tables of the past: `as_of.daily_quotes`."""


class Session:
    """A connection to the published warehouse; temporary tables and settings last as long as it does."""

    def __init__(self, home: Home) -> None:
        """Open the newest generation; raises as `open_published` does."""
        self._home = home
        self._generations = Generations(home.published)
        self._connection = open_published(home)
        self.generation = self._generations.shown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def ask(self, sql: str) -> pa.Table:
        """Ask one query; raises as `warehouse.published.ask` does, QueryError also when it was interrupted."""
        return ask(self._connection, self._home, sql)

    def interrupt(self) -> None:
        """End the query that another thread is asking."""
        self._connection.interrupt()

    def take_up_newer(self) -> bool:
        """Turn to the generation that is shown now, where it is another one; an open transaction ends with the old one.

        Raises WarehouseError when it cannot be opened.
        """
        shown = self._generations.shown()
        if shown is None or shown == self.generation:
            return False
        with explaining(self._home.published_warehouse):
            self._let_go()
            path = self._home.published_warehouse.resolve()
            self._connection.execute(f"ATTACH {quoted(str(path))} AS warehouse (READ_ONLY)")
            self._connection.execute("USE warehouse")
        self.generation = shown
        return True

    def _let_go(self) -> None:
        try:
            self._connection.execute("USE memory")
            self._connection.execute("DETACH warehouse")
        except duckdb.TransactionException:
            self._connection.execute("ROLLBACK")
            self._let_go()

    def names(self) -> Names:
        """Name everything that can be asked."""
        found = dict(self._connection.execute(_NAMES).fetchall())
        return Names(found, tuple(name for (name,) in self._connection.execute(_MACROS).fetchall()))

    def tables(self, part: str = "") -> pa.Table:
        """List tables and views with what they mean; those whose names have a part."""
        return self._connection.execute(_TABLES, {"part": part}).to_arrow_table()

    def describe(self, name: str) -> pa.Table:
        """List the columns of a table or view with what they mean; none for a name that is none."""
        return self._connection.execute(_COLUMNS, {"name": name}).to_arrow_table()
