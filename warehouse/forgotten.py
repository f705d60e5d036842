"""See that nothing of what was taken down stands in a published file, nor in what a file of ours has left free."""

import duckdb

from warehouse.copying import attached, columns_of, copy_definitions, copy_rows, own_catalog
from warehouse.database import Warehouse
from warehouse.generations import Generations, make_durable
from warehouse.home import Home
from warehouse.sql import number

_MERELY_NAMED = frozenset(
    {"raw.snapshots", "ops.fetches", "ops.drift", "ops.corrections", "ops.mutes", "ops.tombstones"}
)
"""Tables that name saved answers and hold nothing of what they say."""
_OTHER = "dragongate_held"
_NEXT = "dragongate_next"


def is_anything_forgotten(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether anything was ever taken down here."""
    return number(connection, "SELECT count(*) FROM ops.tombstones") > 0


def holds_forgotten(connection: duckdb.DuckDBPyConnection, generations: Generations, shown: int) -> bool:
    """Tell whether a published generation has rows that were read from what was taken down."""
    own = own_catalog(connection)
    try:
        with attached(connection, generations.path(shown), _OTHER, read_only=True):
            return any(
                number(connection, f"SELECT count(*) FROM {_OTHER}.{name} WHERE {_gone(own)}")
                for name in _tables(connection, _OTHER)
            )
    except duckdb.IOException:
        return True  # nobody can say; whoever damaged it does not need it


def remove_holding(connection: duckdb.DuckDBPyConnection, generations: Generations) -> None:
    """Remove every generation but the shown one that still has rows of what was taken down."""
    for held in generations.numbers():
        if held != generations.shown() and holds_forgotten(connection, generations, held):
            generations.remove(held)


def leave_out_forgotten(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, int]:
    """Delete rows of what was taken down from a copy; count what is left of the tables that lost some."""
    own, left = own_catalog(connection), {}
    for name in _tables(connection, catalog):
        lost = number(connection, f"SELECT count(*) FROM {catalog}.{name} WHERE {_gone(own)}")
        if lost:
            connection.execute(f"DELETE FROM {catalog}.{name} WHERE {_gone(own)}")
            left[name] = number(connection, f"SELECT count(*) FROM {catalog}.{name}")
    return left


def compact(home: Home) -> None:
    """Write the writer's file anew, so that its free places hold nothing of what was deleted; in one step.

    Hold the lease. Raises WarehouseError when the file cannot be opened, OSError when it cannot be replaced.
    """
    built = home.warehouse.with_name(f".compact-{home.warehouse.name}")
    built.unlink(missing_ok=True)
    try:
        with Warehouse.open(home.warehouse) as warehouse:
            connection = warehouse.connection
            own = own_catalog(connection)
            with attached(connection, built, _NEXT):
                copy_definitions(connection, _NEXT)
                copy_rows(connection, columns_of(connection, _NEXT), source=own, target=_NEXT)
        make_durable(built)
        built.replace(home.warehouse)
        make_durable(home.warehouse.parent)
    finally:
        built.unlink(missing_ok=True)


def _tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    return [
        name
        for name, columns in columns_of(connection, catalog).items()
        if "snapshot_id" in columns and name not in _MERELY_NAMED
    ]


def _gone(own: str) -> str:
    return f'snapshot_id IN (SELECT snapshot_id FROM "{own}".ops.tombstones)'
