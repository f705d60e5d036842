"""Bring a warehouse that another version of Dragongate made up to the definitions of this one, or say why not.

What was added (tables, columns, views, descriptions) is added to the file, in one transaction, and nothing is lost: an
older row is empty in a newer column. What cannot be added (another key, another type) wants a rebuild from the archive.
The version goes up only with a change of the second kind, and `docs/upgrade.md` has a section for each.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version

import duckdb

from warehouse.ddl import columns_there, is_lacking, make_tables, misfits
from warehouse.errors import WarehouseError
from warehouse.load import transaction
from warehouse.sql import listed
from warehouse.tables.ops import SCHEMA_VERSIONS
from warehouse.tables.table import Table
from warehouse.views import are_made, create_views, definitions

VERSION = 2
"""Of the tables of this Dragongate. 1 is everything before versions were written down."""
UNWRITTEN = 1
_REBUILD = "Run `dragongate rebuild`: it makes a new one from the archive; readers keep the published one meanwhile"


def bring_up(connection: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Make what is missing, write the version down, all of it or nothing.

    Raises WarehouseError for a warehouse of a newer version, or one whose keys or types are others.
    """
    with transaction(connection):
        there = columns_there(connection)
        written = _written(connection) if SCHEMA_VERSIONS.name in there else {}
        _require_not_newer(written)
        _require_fitting(connection, tables, there, written)
        defined = definitions(tables, {*there, *(name for one in tables for name in (one.name, one.history))})
        added: list[str] = []
        if is_lacking(tables, there) or not are_made(connection, defined, there):
            added = make_tables(connection, tables)
            create_views(connection, defined)
        if SCHEMA_VERSIONS in tables:
            _write(connection, tables, written, added if there else [])


def version_of(connection: duckdb.DuckDBPyConnection, table: str = SCHEMA_VERSIONS.name) -> int:
    """Tell by which version of the tables a warehouse, or a copy of it, was made."""
    try:
        found = connection.execute(f"SELECT max(schema_version) FROM {table}").fetchone()
    except duckdb.CatalogException:
        return UNWRITTEN
    return int(found[0]) if found and found[0] is not None else UNWRITTEN


def code_version() -> str:
    """Give the version of Dragongate that runs."""
    try:
        return installed_version("dragongate")
    except PackageNotFoundError:
        return "0.0.0"


def _written(connection: duckdb.DuckDBPyConnection) -> Mapping[str, object]:
    rows = connection.execute(
        f"SELECT * FROM {SCHEMA_VERSIONS.name} ORDER BY schema_version DESC, brought_up_at DESC LIMIT 1"
    )
    found: list[dict[str, object]] = rows.to_arrow_table().to_pylist()
    return found[0] if found else {}


def _require_not_newer(written: Mapping[str, object]) -> None:
    made_by = written.get("schema_version", UNWRITTEN)
    if isinstance(made_by, int) and made_by > VERSION:
        raise WarehouseError(
            f"The warehouse is of a newer Dragongate, {written['code_version']}, with tables of version {made_by}",
            where=f"this one is {code_version()} and knows version {VERSION}",
            mend="Install that version again, or the one after it; nothing was changed",
        )


def _require_fitting(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    there: Mapping[str, Mapping[str, str]],
    written: Mapping[str, object],
) -> None:
    wrong = [*misfits(tables, there), *_other_keys(tables, there, written)]
    if not wrong:
        return
    more = f" (and {len(wrong) - 1} more that differ)" if len(wrong) > 1 else ""
    made_by = written.get("code_version", "an older one")
    raise WarehouseError(
        f"{wrong[0]}{more}",
        where=f"the warehouse was made by another version of Dragongate: {made_by}, version {version_of(connection)} "
        f"of the tables; this one has {VERSION}",
        mend=_REBUILD,
    )


def _other_keys(
    tables: Sequence[Table], there: Mapping[str, Mapping[str, str]], written: Mapping[str, object]
) -> Iterator[str]:
    kept = written.get("table_keys") or ()
    keys = dict(str(one).split(": ", 1) for one in kept) if isinstance(kept, list) else {}
    for table in tables:
        before = keys.get(table.name)
        if table.name in there and before is not None and before != _key(table):
            yield f"{table.name} has the key {before} and should have {_key(table)}"


def _key(table: Table) -> str:
    return ", ".join(table.key)


def _write(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[Table], written: Mapping[str, object], added: list[str]
) -> None:
    """Write down what was done, where anything was: an opening that finds all as it should be leaves nothing."""
    keys = [f"{table.name}: {_key(table)}" for table in tables]
    if written.get("schema_version") == VERSION and written.get("table_keys") == keys and not added:
        return
    names = [one.name for one in SCHEMA_VERSIONS.columns]
    values = [VERSION, code_version(), added, keys]
    connection.execute(
        f"INSERT INTO {SCHEMA_VERSIONS.name} ({listed(names)}) VALUES (?, ?, now(), CAST(? AS VARCHAR[]), ?)", values
    )
