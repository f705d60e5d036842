"""Bring a staged batch into a table of versions.

Most rows of a batch are simple: the key is new and stands once, or the source still says what it said. Those take a
plain insert and a moved `confirmed_at`. The keys for which anything else came are contested: `warehouse.timeline`
puts their versions in order anew.
"""

import duckdb

from warehouse.loaded import Loaded, Stamp
from warehouse.sql import differs, drop, listed, number, numbers, packed, same
from warehouse.tables.table import VERSIONS, Table
from warehouse.timeline import rebuild

_SEEN = packed(("fetched_at", "snapshot_id", "first_seen_at"))


def merge(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> Loaded:
    """Merge `temp.incoming`; leave in `temp.met` the rows that met a known key, in `temp.contested` those keys."""
    drop(connection, "met", "contested")
    _meet(connection, table)
    keys, known, contested = _find_contested(connection, table)
    if keys > known:
        _insert(connection, table, has_known=known > 0, has_contested=contested > 0)
    if known:
        _confirm(connection, table)
    updated, late = rebuild(connection, table, stamp) if contested else (0, 0)
    return Loaded(inserted=keys - known, updated=updated, unchanged=known - updated, late=late)


def _meet(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Compare each incoming row with the current version of its key, where there is one."""
    connection.execute(
        f"""
        CREATE TEMP TABLE met AS
        SELECT {listed(table.key, "new")}, new.fetched_at, new.snapshot_id, new.first_seen_at,
            CASE WHEN {differs(table.content, "new", "old")} OR new.first_seen_at < old.known_from
                OR {_before("new.fetched_at", "new.snapshot_id", "old.fetched_at", "old.snapshot_id")} THEN 'other'
            WHEN {_before("old.confirmed_at", "old.confirmed_snapshot_id", "new.fetched_at", "new.snapshot_id")}
                THEN 'newer'
            ELSE 'known' END AS state
        FROM temp.incoming AS new JOIN {table.name} AS old ON {same(table.key, "new", "old")}
        """
    )


def _before(at: str, snapshot: str, other_at: str, other_snapshot: str) -> str:
    return f"({at} < {other_at} OR ({at} = {other_at} AND {snapshot} < {other_snapshot}))"


def _find_contested(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[int, int, int]:
    """Collect the contested keys; count the keys of the batch, those that are known, and the contested ones."""
    key = listed(table.key)
    connection.execute(
        f"""
        CREATE TEMP TABLE contested AS
        SELECT DISTINCT {key} FROM temp.met WHERE state = 'other'
        UNION ALL
        SELECT {key} FROM temp.repeated ANTI JOIN temp.met USING ({key})
        """
    )
    repeats = f"(SELECT count(*) - count(DISTINCT ({key})) FROM %s SEMI JOIN temp.repeated USING ({key}))"
    all_rows, met_rows, repeats_in_all, repeats_in_met, contested = numbers(
        connection,
        f"SELECT (SELECT count(*) FROM temp.incoming), (SELECT count(*) FROM temp.met), "
        f"{repeats % 'temp.incoming'}, {repeats % 'temp.met'}, (SELECT count(*) FROM temp.contested)",
    )
    return all_rows - repeats_in_all, met_rows - repeats_in_met, contested


def _insert(connection: duckdb.DuckDBPyConnection, table: Table, *, has_known: bool, has_contested: bool) -> None:
    """Insert keys that are new and stand once."""
    names = [one.name for one in table.columns]
    known = f"ANTI JOIN temp.met USING ({listed(table.key)})" if has_known else ""
    contested = f"ANTI JOIN temp.contested USING ({listed(table.key)})" if has_contested else ""
    connection.execute(
        f"""
        INSERT INTO {table.name} ({listed([*names, *(one.name for one in VERSIONS)])})
        SELECT {listed(names)}, fetched_at, snapshot_id, first_seen_at, available_at, first_seen_at,
            CASE WHEN source_id = 'manual' THEN 'manual' ELSE 'first' END
        FROM temp.incoming {known} {contested}
        """
    )


def _confirm(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Note the newest fetch in which a source still said the same."""
    key = listed(table.key)
    uncontested = f"FROM temp.met ANTI JOIN temp.contested USING ({key}) WHERE state = 'newer'"
    if not number(connection, f"SELECT count(*) {uncontested}"):
        return
    connection.execute(
        f"""
        UPDATE {table.name} AS old
        SET confirmed_at = new.newest.fetched_at, confirmed_snapshot_id = new.newest.snapshot_id,
            confirmed_seen_at = new.newest.first_seen_at
        FROM (SELECT {key}, max({_SEEN}) AS newest {uncontested} GROUP BY {key}) AS new
        WHERE {same(table.key, "old", "new")}
        """
    )
