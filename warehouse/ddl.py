"""Make schemas, tables and comments from the definitions, and bring an older file up to them.

No primary keys, sequences, indexes, enums or check constraints: the same statements serve a DuckDB file and a
DuckLake catalog. What a column must hold is the load contract's to say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import duckdb

from warehouse.tables.table import HISTORY, PAST, Column, Kind, Table

SCHEMAS = ("raw", "core", "history", "mart", "ops", "as_of", "mart_as_of")
_SHOWN_AS = {Kind.INSTANT: "TIMESTAMP WITH TIME ZONE"}
"""Types that DuckDB shows by another name than they are declared with."""


def make_tables(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> list[str]:
    """Make what is missing: schemas, tables, columns and comments; name the tables and columns that are new."""
    for schema in SCHEMAS:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    there = columns_there(connection)
    added = []
    for name, columns in _wanted(tables):
        if name not in there:
            connection.execute(f"CREATE TABLE {name} ({', '.join(map(_declared, columns))})")
            added.append(name)
        else:
            added += _bring_up(connection, name, columns, there[name])
    connection.execute("; ".join(_comments(connection, tables)))
    return added


def misfits(tables: Sequence[Table], there: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Name the columns whose type is no longer the one in the file."""
    for name, columns in _wanted(tables):
        for column in columns:
            found = there.get(name, {}).get(column.name)
            if found is not None and found != _SHOWN_AS.get(column.kind, column.kind.value):
                yield f"{name}.{column.name} holds {found} and should hold {column.kind}"


def is_lacking(tables: Iterable[Table], there: Mapping[str, Mapping[str, str]]) -> bool:
    """Tell whether a file lacks a table or a column."""
    return any(one.name not in there.get(name, ()) for name, columns in _wanted(tables) for one in columns)


def _wanted(tables: Iterable[Table]) -> Iterator[tuple[str, tuple[Column, ...]]]:
    for table in tables:
        yield table.name, table.stored
        if table.history:
            yield table.history, (*table.stored, *HISTORY)
        if table.past:
            yield table.past, (*table.columns, *PAST)


def _declared(column: Column) -> str:
    return f'"{column.name}" {column.kind}'


def columns_there(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """List the tables of the file, with their columns and the types of these."""
    there: dict[str, dict[str, str]] = {}
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal"
    ).fetchall()
    for table, column, kind in rows:
        there.setdefault(table, {})[column] = kind
    return there


def _bring_up(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Iterable[Column], there: Mapping[str, str]
) -> Iterator[str]:
    for column in columns:
        if column.name not in there:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {_declared(column)}")
            yield f"{table}.{column.name}"


def _comments(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table]) -> Iterator[str]:
    there = dict(
        connection.execute(
            "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables() "
            "WHERE database_name = current_database() UNION ALL "
            "SELECT schema_name || '.' || table_name || '.' || column_name, comment FROM duckdb_columns() "
            "WHERE database_name = current_database() AND NOT internal"
        ).fetchall()
    )
    by_name = {name: table for table in tables for name in (table.name, table.history, table.past) if name}
    for name, columns in _wanted(tables):
        grain = _grain(by_name[name], name)
        if there.get(name) != grain:
            yield f"COMMENT ON TABLE {name} IS {_literal(grain)}"
        for column in columns:
            if there.get(f"{name}.{column.name}") != _described(column):
                yield f'COMMENT ON COLUMN {name}."{column.name}" IS {_literal(_described(column))}'


def _grain(table: Table, name: str) -> str:
    said = {table.history: "Superseded versions: ", table.past: "What followed at other times: "}
    grain = f"{said.get(name, '')}{table.grain}"
    return f"{grain}. {table.note}" if table.note else grain


def _described(column: Column) -> str:
    return f"{column.description} [{column.unit}]" if column.unit else column.description


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
