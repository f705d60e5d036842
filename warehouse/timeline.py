"""Put the versions of contested keys in order anew: from the versions that are there and the rows that came.

A *sighting* is one saved answer in which a source said something about a key. Sightings are ordered by fetch time, and
those that follow each other with equal content are one version. Of a version the first and the last sighting are
kept, so an older recording that turns out to lie between them splits it. What comes out does not depend on the order
in which batches were loaded.

Two things stand beside that order. A *misreading* is what an earlier parser made of the same bytes: it was never
public, and history keeps it with the time in which this warehouse held it to be true. And a source that only repeats
what a person has since corrected says nothing new: its row is passed over.
"""

import duckdb

from warehouse.loaded import Loaded, Stamp
from warehouse.sightings import (
    collect_sightings,
    find_misreadings,
    kept_of,
    leave_out_withdrawn,
    names_of,
    place_of,
    stored_of,
    take_apart,
)
from warehouse.sql import assigned, differs, drop, listed, number, packed, same
from warehouse.stage import SIGHTING
from warehouse.tables.table import Table

_STEPS = ("held", "there", "misread", "sighting", "version", "public", "rebuilt", "gone", "fresh")


def rebuild(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> tuple[int, int]:
    """Rebuild the timelines of `temp.contested`; count known keys that say something else now, and late versions."""
    drop(connection, *_STEPS)
    take_apart(connection, table)
    find_misreadings(connection, table)
    collect_sightings(connection, table, stamp)
    _join_to_versions(connection, table)
    _say_when_public(connection, table)
    _say_when_known(connection, table)
    updated = _changed_keys(connection, table)
    late = number(connection, "SELECT count(*) FROM temp.version WHERE is_new AND version_cause = 'late'")
    _write_current(connection, table)
    _write_history(connection, table)
    drop(connection, *_STEPS)
    return updated, late


def rebuild_without(connection: duckdb.DuckDBPyConnection, table: Table, *, is_judged: bool) -> Loaded:
    """Rebuild the timelines of `temp.contested` as if the answers in `temp.withdrawn` had never been read.

    Where a key says something else now because a person judged so, its current version has the cause `manual`.
    """
    drop(connection, *_STEPS)
    take_apart(connection, table)
    leave_out_withdrawn(connection, table)
    _join_to_versions(connection, table)
    _say_when_public(connection, table)
    _say_when_known(connection, table)
    updated = _changed_keys(connection, table)
    if is_judged:
        _blame_the_judge(connection, table)
    lost = _delete_keys_without_version(connection, table)
    _write_current(connection, table)
    _write_history(connection, table)
    drop(connection, *_STEPS)
    return Loaded(updated=updated, deleted=lost)


def _blame_the_judge(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    connection.execute(
        f"UPDATE temp.rebuilt AS new SET version_cause = 'manual' FROM {table.name} AS old "
        f"WHERE new.public_to IS NULL AND {same(table.key, 'new', 'old')} AND {differs(table.content, 'new', 'old')}"
    )


def _delete_keys_without_version(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    key = listed(table.key)
    gone = (
        f"({key}) IN (SELECT ({key}) FROM temp.contested) "
        f"AND ({key}) NOT IN (SELECT ({key}) FROM temp.rebuilt WHERE public_to IS NULL)"
    )
    lost = number(connection, f"SELECT count(*) FROM {table.name} WHERE {gone}")
    connection.execute(f"DELETE FROM {table.name} WHERE {gone}")
    return lost


def _join_to_versions(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make one version of sightings that follow each other with equal content."""
    key, said = listed(table.key), packed(table.content)
    names = [name for name in names_of(table) if name != "first_seen_at"]
    connection.execute(
        f"""
        CREATE TEMP TABLE version AS
        WITH compared AS (
            SELECT *, {said} IS DISTINCT FROM lag({said}) OVER in_order AS opens,
                min(first_seen_at) OVER (PARTITION BY {key}) AS least_seen_at,
                max(CASE WHEN NOT is_new THEN {packed(SIGHTING)} END) OVER (PARTITION BY {key}) AS newest_there
            FROM temp.sighting WINDOW in_order AS (PARTITION BY {key} ORDER BY {listed(SIGHTING)})
        ), numbered AS (
            SELECT *, count(*) FILTER (opens) OVER (PARTITION BY {key} ORDER BY {listed(SIGHTING)}) AS version_number
            FROM compared
        ), summed AS (
            SELECT {key}, version_number, min(seen_at) AS known_from, arg_min(cause, {packed(SIGHTING)}) AS cause,
                max({packed([*SIGHTING, "seen_at"])}) AS closing
            FROM numbered GROUP BY {key}, version_number
        )
        SELECT {listed(names, "one")}, least_seen_at AS first_seen_at, version_number,
            closing.fetched_at AS confirmed_at, closing.snapshot_id AS confirmed_snapshot_id,
            closing.seen_at AS confirmed_seen_at,
            CASE WHEN reread.seen THEN one.seen_at ELSE summed.known_from END AS known_from,
            CASE WHEN summed.cause IS NOT NULL THEN summed.cause
                WHEN one.source_id = 'manual' THEN 'manual'
                WHEN {packed(SIGHTING, "one")} < newest_there THEN 'late'
                WHEN version_number = 1 THEN 'first'
                ELSE 'source' END AS version_cause,
            summed.cause IS NULL AND is_new AS is_new
        FROM numbered AS one
        JOIN summed USING ({key}, version_number)
        LEFT JOIN (SELECT DISTINCT {listed(place_of(table))}, true AS seen FROM temp.misread) AS reread
            ON {same(place_of(table), "one", "reread")}
        WHERE one.opens
        """
    )


def _say_when_public(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Say from when each version was public: when it says so itself, or, for a silent correction, when it was seen."""
    key = listed(table.key)
    connection.execute(
        f"""
        CREATE TEMP TABLE public AS
        WITH RECURSIVE chain AS (
            SELECT {key}, version_number, available_at AS public_from FROM temp.version WHERE version_number = 1
            UNION ALL
            SELECT {listed(table.key, "next")}, next.version_number,
                CASE WHEN next.available_at > chain.public_from THEN next.available_at
                    ELSE greatest(next.fetched_at, chain.public_from) END
            FROM chain JOIN (SELECT * FROM temp.version WHERE version_number > 1) AS next
                ON {same(table.key, "chain", "next")} AND next.version_number = chain.version_number + 1
        )
        SELECT *, lead(public_from) OVER (PARTITION BY {key} ORDER BY version_number) AS public_to FROM chain
        """
    )


def _say_when_known(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Say from when to when this warehouse held each version, or misreading, to be the current one.

    A version comes after the misreadings of all its sightings, so it is placed by the last of them.
    """
    key = listed(table.key)
    own = [name for name in stored_of(table) if name != "public_from"]
    connection.execute(
        f"""
        CREATE TEMP TABLE rebuilt AS
        WITH every AS (
            SELECT {listed(own)}, public_from, public_to, true AS is_valid
            FROM temp.version JOIN temp.public USING ({key}, version_number)
            UNION ALL
            SELECT * REPLACE (fetched_at AS confirmed_at, snapshot_id AS confirmed_snapshot_id)
            FROM (SELECT {listed(own)}, public_from, public_from AS public_to, false AS is_valid FROM temp.misread)
        ), followed AS (
            SELECT *, min(known_from) OVER (
                PARTITION BY {key} ORDER BY confirmed_at, confirmed_snapshot_id, is_valid, known_from
                ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_known_from
            FROM every
        )
        SELECT {listed(stored_of(table))}, public_to,
            CASE WHEN public_to IS NOT NULL THEN greatest(known_from, next_known_from) END AS known_to
        FROM followed
        """
    )


def _changed_keys(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    return number(
        connection,
        f"SELECT count(*) FROM temp.rebuilt AS new JOIN {table.name} AS old ON {same(table.key, 'new', 'old')} "
        f"WHERE new.public_to IS NULL AND {differs(table.content, 'new', 'old')}",
    )


def _write_current(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    names = stored_of(table)
    beside = [name for name in names if name not in table.key]
    connection.execute(
        f"""
        MERGE INTO {table.name} AS old USING (SELECT * FROM temp.rebuilt WHERE public_to IS NULL) AS new
        ON {same(table.key, "old", "new")}
        WHEN MATCHED AND {differs(beside, "old", "new")} THEN UPDATE SET {assigned(beside, "new")}
        WHEN NOT MATCHED THEN INSERT ({listed(names)}) VALUES ({listed(names, "new")})
        """
    )


def _write_history(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Write only what differs, so that the same batch again writes nothing."""
    names = listed(kept_of(table))
    before = f"SELECT {names} FROM temp.held WHERE public_to IS NOT NULL"
    after = f"SELECT {names} FROM temp.rebuilt WHERE public_to IS NOT NULL"
    connection.execute(f"CREATE TEMP TABLE gone AS {before} EXCEPT {after}")
    connection.execute(f"CREATE TEMP TABLE fresh AS {after} EXCEPT {before}")
    if number(connection, "SELECT count(*) FROM temp.gone"):
        every = kept_of(table)
        connection.execute(
            f"DELETE FROM {table.history} AS old USING temp.gone AS gone WHERE {same(table.key, 'old', 'gone')} "
            f"AND NOT {differs(every, 'old', 'gone')}"
        )
    connection.execute(f"INSERT INTO {table.history} ({names}) SELECT {names} FROM temp.fresh")
