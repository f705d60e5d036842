"""How each table reads on both sides of a comparison, without what differs by nature."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from warehouse.by_nature import BY_ORDER, KNOWN, LATER_ROWS, LEFT_OUT, LOOSE, RESTLESS, is_kept_by_ledger
from warehouse.copying import columns_of, own_catalog
from warehouse.sql import listed, number
from warehouse.tables.catalog import BY_NAME, TABLES
from warehouse.tables.table import Load, Table

_SIGHTING = ("fetched_at", "snapshot_id")
_HISTORY_OF: Mapping[str, Table] = {table.history: table for table in TABLES if table.history}


@dataclass(frozen=True, slots=True)
class Sides:
    """One table: what it is matched by, what is compared, and a query of that for each side."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    published: str
    rebuilt: str
    other_columns: tuple[str, ...]
    """Columns that only one side has."""


def compared_tables() -> tuple[str, ...]:
    """Name the tables that are compared, history included, in the order in which they are made."""
    compared = [table for table in TABLES if table.name not in LEFT_OUT]
    return tuple(name for table in compared for name in (table.name, table.history) if name)


def both_sides(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], generation: int, *, published: str, ledger: str
) -> Iterator[Sides]:
    """Say of each table how it reads in the published files, attached by these names, and in our own."""
    own = own_catalog(connection)
    there = columns_of(connection, published)
    there |= {f"ops.{name.partition('.')[2]}": columns for name, columns in columns_of(connection, ledger).items()}
    here = columns_of(connection, own)
    later = _later(connection, own, published, generation)
    for name in names:
        place = f"{ledger}.main.{name.partition('.')[2]}" if is_kept_by_ledger(name) else f"{published}.{name}"
        yield _sides(connection, name, here[name], there.get(name, ()), place, f'"{own}".{name}', later, published)


def _sides(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    here: Sequence[str],
    there: Collection[str],
    place: str,
    own: str,
    later: str,
    published: str,
) -> Sides:
    table = _HISTORY_OF.get(name) or BY_NAME[name]
    passed = (*RESTLESS, *LOOSE.get(name, ()))
    columns = tuple(one for one in here if one not in passed and (one in there or not there))
    shown = _shown(columns, _misread(connection, table, published))
    distinct = "DISTINCT " if name in LOOSE else ""
    valid = "version_cause <> 'parser'" if name in _HISTORY_OF else "true"
    not_later = f"snapshot_id NOT IN ({later})" if name in LATER_ROWS else "true"
    return Sides(
        name,
        key=_key(table, name, passed),
        columns=columns,
        published=f"SELECT {distinct}{shown} FROM {place if there else own} WHERE {valid if there else 'false'}",
        rebuilt=f"SELECT {distinct}{shown} FROM {own} WHERE {valid} AND {not_later}",
        other_columns=tuple(sorted({*here} ^ {*there})) if there else (),
    )


def _key(table: Table, name: str, passed: Collection[str]) -> tuple[str, ...]:
    """Say what a row is matched by: its key, and for a former version the answer that opened it."""
    names = (*table.key, *(_SIGHTING if name in _HISTORY_OF else ()))
    return tuple(one for one in dict.fromkeys(names) if one not in passed)


def _shown(columns: Sequence[str], misread: str) -> str:
    """Write the compared columns, each without what differs by nature."""
    return ", ".join(f'{_steady(one, misread)} AS "{one}"' for one in columns)


def _steady(column: str, misread: str) -> str:
    """Write a column; of rows that we once misread without when we knew better, of causes without the order."""
    if column in KNOWN and misread:
        return f'CASE WHEN {misread} THEN NULL ELSE "{column}" END'
    if column == "version_cause":
        return f"CASE WHEN version_cause IN {BY_ORDER} THEN 'source' ELSE version_cause END"
    return f'"{column}"'


def _misread(connection: duckdb.DuckDBPyConnection, table: Table, published: str) -> str:
    """Write the condition on rows of whose key an older version of the code misread something; empty without any."""
    versions = BY_NAME[table.chosen_from] if table.chosen_from else table
    if versions.load is not Load.MERGE:
        return ""
    history = f"{published}.{versions.history} WHERE version_cause = 'parser'"
    if not number(connection, f"SELECT count(*) FROM {history}"):
        return ""
    key = listed(table.key)
    return f"({key}) IN (SELECT ({key}) FROM {history})"


def _later(connection: duckdb.DuckDBPyConnection, own: str, published: str, generation: int) -> str:
    """Write the query of the answers that came after the generation was published."""
    at = f"SELECT max(published_at) FROM {published}.ops.publications WHERE generation = {generation}"
    return f'SELECT snapshot_id FROM "{own}".raw.snapshots WHERE first_seen_at > ({at})'
