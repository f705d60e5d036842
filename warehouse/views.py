"""Make the views: their SQL lies in `view_sql`, what they mean in `warehouse.tables.marts`.

Names in them carry no catalog, so that they work in every copy of the warehouse.
"""

from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from string import Template

import duckdb

from warehouse.copying import VERSION_MACRO, columns_of, own_catalog, quoted
from warehouse.mart_as_of import mart_macros
from warehouse.sql import listed, packed, same
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import Table, View

_MACROS = """
    SELECT macro_definition FROM duckdb_functions()
    WHERE database_name = current_database() AND schema_name = 'as_of' ORDER BY function_name
"""
_FOLDER = Path(__file__).parent / "view_sql"


def create_views(connection: duckdb.DuckDBPyConnection, views: Collection[View] = VIEWS) -> None:
    """Make or remake every view whose tables are there, with comments on it and on its columns.

    Leaves a macro that tells the version of views and macros, since copies write their text differently. Within a
    transaction.
    """
    there = {*columns_of(connection, own_catalog(connection))}
    version = sha256()
    texts = {}
    for view in views:
        if there.issuperset(view.reads):
            there.add(view.name)
            texts[view.name] = sql_of(view)
            _create(connection, view)
            version.update(texts[view.name].encode())
    for statement in mart_macros(texts, views, there):
        connection.execute(statement)
        version.update(statement.encode())
    for (text,) in connection.execute(_MACROS).fetchall():
        version.update(text.encode())
    connection.execute(f"CREATE OR REPLACE MACRO ops.{VERSION_MACRO}() AS '{version.hexdigest()}'")


def _create(connection: duckdb.DuckDBPyConnection, view: View) -> None:
    connection.execute(f"CREATE OR REPLACE VIEW {view.name} AS {sql_of(view)}")
    connection.execute(f"COMMENT ON VIEW {view.name} IS {quoted(_comment(view))}")
    for column in view.columns:
        described = f"{column.description} [{column.unit}]" if column.unit else column.description
        connection.execute(f"COMMENT ON COLUMN {view.name}.{column.name} IS {quoted(described)}")


def _comment(view: View) -> str:
    note = f"{view.grain}. {view.note}" if view.note else view.grain
    return "\n\n".join([note, *(f"-- {one.asked}\n{one.sql};" for one in view.examples)])


def sql_of(view: View) -> str:
    """Read a view's SQL; a file that names `$table` is a pattern for one part of a union per table that it reads."""
    text = (_FOLDER / view.sql_file).read_text(encoding="utf-8")
    if "$table" not in text:
        return text
    return "\nUNION ALL\n".join(Template(text).substitute(_phrases(BY_NAME[name])) for name in view.reads)


def _phrases(table: Table) -> dict[str, str]:
    return {
        "table": table.name,
        "history": table.history,
        "stored": listed(one.name for one in table.stored),
        "keys": listed(table.key),
        "key": f"CAST(to_json({packed(table.key, 'new')}) AS VARCHAR)",
        "content": f"CAST(to_json({packed(table.content, 'new')}) AS VARCHAR)",
        "same": same(table.key, "old", "new"),
    }
