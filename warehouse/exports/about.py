"""What an answer's columns mean, whose data it is, and when it was so: read from the published file itself."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import duckdb

from warehouse.errors import WarehouseError
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.marts import VIEWS

_VIEWS = {view.name: view for view in VIEWS}
_NAMED = re.compile(r"\b(core|mart|as_of|mart_as_of|history|ops|raw)\.([a-z_]+)\b")
_LISTS = {"core.sources", "core.source_ranks"}
"""They name sources that said nothing."""
_PUBLISH = "`dragongate publish` writes a new one"
_CURRENT = {"as_of": "core", "mart_as_of": "mart"}
_UNIT = re.compile(r"\s*\[([^\]]+)\]$")


@dataclass(frozen=True, slots=True)
class Definition:
    """What one column means."""

    table: str
    column: str
    kind: str
    """DuckDB's type."""
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Terms:
    """One source, and on which terms its data is here."""

    source_id: str
    publisher: str
    terms: str
    terms_url: str
    may_be_redistributed: bool


@dataclass(frozen=True, slots=True)
class State:
    """Which generation of the warehouse something was read from."""

    generation: int
    published_at: datetime
    newest_answer_at: datetime | None
    """When the newest answer in it was given: it knows nothing later."""


def state(connection: duckdb.DuckDBPyConnection) -> State:
    """Say which generation is open."""
    row = connection.execute(
        "SELECT generation, published_at, (SELECT max(fetched_at) FROM raw.snapshots) FROM ops.publications "
        "ORDER BY generation DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise WarehouseError(
            "The published copy does not say which generation it is", where="ops.publications", mend=_PUBLISH
        )
    return State(*row)


def tables_in(sql: str) -> tuple[str, ...]:
    """Name the tables and views that a query speaks of; one of the past by its present name."""
    found = (f"{_CURRENT.get(schema, schema)}.{name}" for schema, name in _NAMED.findall(sql))
    return tuple(dict.fromkeys(found))


def definitions(connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> list[Definition]:
    """Read the comments on the columns of these tables, in the order of both."""
    rows = connection.execute(
        """
        SELECT schema_name || '.' || table_name AS name, column_name, data_type, coalesce(comment, '')
        FROM duckdb_columns() WHERE database_name = current_database() AND list_contains($tables, name)
        ORDER BY list_position($tables, name), column_index
        """,
        {"tables": list(tables)},
    ).fetchall()
    return [_definition(*row) for row in rows]


def sources_of(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> list[str]:
    """Name the sources that the rows of these tables, and of those below them, were read from."""
    below = sorted({one for name in tables for one in _below(name)} - _LISTS)
    with_source = {one.table for one in definitions(connection, below) if one.column == "source_id"}
    if not with_source:
        return []
    parts = " UNION ".join(f"SELECT DISTINCT source_id FROM {name}" for name in sorted(with_source))
    found = connection.execute(f"SELECT source_id FROM ({parts}) WHERE source_id IS NOT NULL ORDER BY 1").fetchall()
    return [source for (source,) in found]


def terms_of(connection: duckdb.DuckDBPyConnection, sources: Collection[str]) -> list[Terms]:
    """Read the terms of these sources; one that no list names may not be passed on."""
    rows = connection.execute(
        """
        SELECT source_id, coalesce(publisher, ''), coalesce(terms, ''), coalesce(terms_url, ''),
            coalesce(may_be_redistributed, false)
        FROM unnest($sources) AS wanted(source_id) LEFT JOIN core.sources USING (source_id) ORDER BY source_id
        """,
        {"sources": list(sources)},
    ).fetchall()
    return [Terms(*row) for row in rows]


def _definition(table: str, column: str, kind: str, comment: str) -> Definition:
    unit = _UNIT.search(comment)
    return Definition(table, column, kind, unit[1] if unit else "", _UNIT.sub("", comment))


def _below(name: str) -> Iterator[str]:
    """Name the tables that a table or view is made from: a view's, and those of the views that it reads."""
    if name in _VIEWS:
        for one in _VIEWS[name].reads:
            yield from _below(one)
    elif name in BY_NAME:
        yield name
