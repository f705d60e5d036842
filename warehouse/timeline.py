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

from warehouse.loaded import Stamp
from warehouse.sql import assigned, differs, drop, listed, number, packed, same
from warehouse.stage import SIGHTING
from warehouse.tables.table import HISTORY, Table

_STEPS = ("held", "there", "misread", "sighting", "version", "public", "rebuilt", "gone", "fresh")


def rebuild(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> tuple[int, int]:
    """Rebuild the timelines of `temp.contested`; count known keys that say something else now, and late versions."""
    drop(connection, *_STEPS)
    _take_apart(connection, table)
    _find_misreadings(connection, table)
    _collect_sightings(connection, table, stamp)
    _join_to_versions(connection, table)
    _say_when_public(connection, table)
    _say_when_known(connection, table)
    updated = _changed_keys(connection, table)
    late = number(connection, "SELECT count(*) FROM temp.version WHERE is_new AND version_cause = 'late'")
    _write_current(connection, table)
    _write_history(connection, table)
    drop(connection, *_STEPS)
    return updated, late


def _names(table: Table) -> list[str]:
    return [one.name for one in table.columns]


def _stored(table: Table) -> list[str]:
    return [one.name for one in table.stored]


def _kept(table: Table) -> list[str]:
    return [*_stored(table), *(one.name for one in HISTORY)]


def _place(table: Table) -> list[str]:
    return list(dict.fromkeys([*table.key, *SIGHTING]))


def _take_apart(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Take the versions that are there apart into the sightings that opened and closed them."""
    mine = f"SEMI JOIN temp.contested USING ({listed(table.key)})"
    connection.execute(
        f"""
        CREATE TEMP TABLE held AS
        SELECT {listed(_stored(table))}, CAST(NULL AS TIMESTAMPTZ) AS public_to, CAST(NULL AS TIMESTAMPTZ) AS known_to
        FROM {table.name} {mine}
        UNION ALL SELECT {listed(_kept(table))} FROM {table.history} {mine}
        """
    )
    valid = "FROM temp.held WHERE version_cause <> 'parser'"
    connection.execute(
        f"""
        CREATE TEMP TABLE there AS
        SELECT {listed(_names(table))}, known_from AS seen_at, version_cause AS cause, public_from {valid}
        UNION ALL
        SELECT {listed(_names(table))}, confirmed_seen_at, NULL, public_from
        FROM (SELECT * REPLACE (confirmed_at AS fetched_at, confirmed_snapshot_id AS snapshot_id) {valid}
              AND (confirmed_at <> fetched_at OR confirmed_snapshot_id <> snapshot_id))
        """
    )


def _find_misreadings(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Collect what was read from the same bytes before and is read otherwise now, and the misreadings of earlier."""
    connection.execute(
        f"""
        CREATE TEMP TABLE misread AS
        SELECT {listed(_stored(table))} FROM temp.held WHERE version_cause = 'parser'
        UNION ALL
        SELECT {listed(_names(table), "there")}, there.fetched_at, there.snapshot_id, there.seen_at,
            there.public_from, there.seen_at, 'parser'
        FROM temp.there AS there JOIN temp.incoming AS new ON {same(_place(table), "there", "new")}
        WHERE {differs(table.content, "there", "new")}
        """
    )


def _collect_sightings(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> None:
    """List each sighting once: as it came now, where it came anew or is read otherwise; else as it is there."""
    place = _place(table)
    connection.execute(
        f"""
        CREATE TEMP TABLE sighting AS
        WITH came AS (
            SELECT {listed(_names(table), "new")},
                CASE WHEN there.seen_at IS NULL THEN new.first_seen_at
                    ELSE CAST($loaded_at AS TIMESTAMPTZ) END AS seen_at,
                there.cause, there.seen_at IS NULL AS is_new
            FROM temp.incoming AS new LEFT JOIN temp.there AS there ON {same(place, "new", "there")}
            WHERE (there.seen_at IS NULL OR {differs(table.content, "new", "there")})
        ), every AS (
            SELECT * FROM came SEMI JOIN temp.contested USING ({listed(table.key)})
            UNION ALL
            SELECT * EXCLUDE (public_from), false FROM temp.there ANTI JOIN came USING ({listed(place)})
        )
        SELECT * FROM every
        """,
        {"loaded_at": stamp.loaded_at},
    )
    _pass_over_what_was_corrected(connection, table)


def _pass_over_what_was_corrected(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Leave out rows in which a source goes on saying what it said before a person corrected it."""
    if not number(connection, "SELECT count(*) FROM temp.sighting WHERE source_id = 'manual'"):
        return
    key, said = listed(table.key), packed(table.content)
    connection.execute(
        f"""
        DELETE FROM temp.sighting WHERE rowid IN (
            WITH compared AS (
                SELECT rowid AS id, *, source_id = 'manual' AS is_manual,
                    {said} IS DISTINCT FROM lag({said}) OVER (
                        PARTITION BY {key}, source_id = 'manual' ORDER BY {listed(SIGHTING)}) AS is_said_anew
                FROM temp.sighting
            ), counted AS (
                SELECT *, count(*) FILTER (is_manual) OVER so_far AS corrections,
                    count(*) FILTER (NOT is_manual AND is_said_anew) OVER so_far AS statement
                FROM compared WINDOW so_far AS (PARTITION BY {key} ORDER BY {listed(SIGHTING)})
            )
            SELECT id FROM counted WHERE NOT is_manual
            QUALIFY corrections > min(corrections) OVER (PARTITION BY {key}, statement, is_manual)
        )
        """
    )


def _join_to_versions(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make one version of sightings that follow each other with equal content."""
    key, said = listed(table.key), packed(table.content)
    names = [name for name in _names(table) if name != "first_seen_at"]
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
        LEFT JOIN (SELECT DISTINCT {listed(_place(table))}, true AS seen FROM temp.misread) AS reread
            ON {same(_place(table), "one", "reread")}
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
    own = [name for name in _stored(table) if name != "public_from"]
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
        SELECT {listed(_stored(table))}, public_to,
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
    names = _stored(table)
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
    names = listed(_kept(table))
    before = f"SELECT {names} FROM temp.held WHERE public_to IS NOT NULL"
    after = f"SELECT {names} FROM temp.rebuilt WHERE public_to IS NOT NULL"
    connection.execute(f"CREATE TEMP TABLE gone AS {before} EXCEPT {after}")
    connection.execute(f"CREATE TEMP TABLE fresh AS {after} EXCEPT {before}")
    if number(connection, "SELECT count(*) FROM temp.gone"):
        every = _kept(table)
        connection.execute(
            f"DELETE FROM {table.history} AS old USING temp.gone AS gone WHERE {same(table.key, 'old', 'gone')} "
            f"AND NOT {differs(every, 'old', 'gone')}"
        )
    connection.execute(f"INSERT INTO {table.history} ({names}) SELECT {names} FROM temp.fresh")
