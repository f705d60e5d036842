"""Make the views: their SQL lies in `view_sql`, what they mean in `warehouse.tables.marts`.

Names in them carry no catalog, so that they work in every copy of the warehouse.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from string import Template

import duckdb

from warehouse.as_of import past_macros
from warehouse.copying import VERSION_MACRO, quoted
from warehouse.mart_as_of import mart_macros
from warehouse.sql import listed, packed, same
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import Table, View

_MADE_BY = f"""
    SELECT macro_definition FROM duckdb_functions()
    WHERE database_name = current_database() AND schema_name = 'ops' AND function_name = '{VERSION_MACRO}'
"""
_FOLDER = Path(__file__).parent / "view_sql"


@dataclass(frozen=True, slots=True)
class Definitions:
    """What makes all macros, and every view whose tables are there, with its comments."""

    views: frozenset[str]
    statements: tuple[str, ...]
    version: str
    """Of these statements and of the tables."""


def definitions(tables: Sequence[Table], there: Collection[str], views: Sequence[View] = VIEWS) -> Definitions:
    """Write all that is to be made beside the tables; `there` names these."""
    known = {*there}
    texts = {}
    for view in views:
        if known.issuperset(view.reads):
            known.add(view.name)
            texts[view.name] = sql_of(view)
    statements = [
        *past_macros({table.name: table for table in tables}),
        *(made for view in views if view.name in texts for made in _statements(view, texts[view.name])),
        *mart_macros(texts, views, known),
    ]
    version = sha256("\n".join([repr(tables), *statements]).encode()).hexdigest()
    return Definitions(frozenset(texts), tuple(statements), version)


def create_views(connection: duckdb.DuckDBPyConnection, defined: Definitions) -> None:
    """Make or remake all views and macros, within a transaction.

    Leaves a macro that tells their version, since copies write their text differently.
    """
    for statement in defined.statements:
        connection.execute(statement)
    connection.execute(f"CREATE OR REPLACE MACRO ops.{VERSION_MACRO}() AS '{defined.version}'")


def are_made(connection: duckdb.DuckDBPyConnection, defined: Definitions, there: Collection[str]) -> bool:
    """Tell whether all of it is in a file already, made by the same statements."""
    found = connection.execute(_MADE_BY).fetchone()
    return found == (quoted(defined.version),) and defined.views.issubset(there)


def _statements(view: View, sql: str) -> Iterator[str]:
    yield f"CREATE OR REPLACE VIEW {view.name} AS {sql}"
    yield f"COMMENT ON VIEW {view.name} IS {quoted(_comment(view))}"
    for column in view.columns:
        described = f"{column.description} [{column.unit}]" if column.unit else column.description
        yield f"COMMENT ON COLUMN {view.name}.{column.name} IS {quoted(described)}"


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
