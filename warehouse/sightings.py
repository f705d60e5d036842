"""Collect the sightings of contested keys: those that the versions stand for, and the rows that came.

What they are is told in `warehouse.timeline`, which makes versions of them again.
"""

import duckdb

from warehouse.loaded import Stamp
from warehouse.sql import differs, listed, number, packed, same
from warehouse.stage import SIGHTING
from warehouse.tables.table import HISTORY, Table


def names_of(table: Table) -> list[str]:
    """Name a table's own columns."""
    return [one.name for one in table.columns]


def stored_of(table: Table) -> list[str]:
    """Name its columns and what the loader adds."""
    return [one.name for one in table.stored]


def kept_of(table: Table) -> list[str]:
    """Name the columns of its history."""
    return [*stored_of(table), *(one.name for one in HISTORY)]


def place_of(table: Table) -> list[str]:
    """Name what tells one sighting of a key from another."""
    return list(dict.fromkeys([*table.key, *SIGHTING]))


def take_apart(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Take the versions that are there apart into the sightings that opened and closed them."""
    mine = f"SEMI JOIN temp.contested USING ({listed(table.key)})"
    connection.execute(
        f"""
        CREATE TEMP TABLE held AS
        SELECT {listed(stored_of(table))}, CAST(NULL AS TIMESTAMPTZ) AS public_to, CAST(NULL AS TIMESTAMPTZ) AS known_to
        FROM {table.name} {mine}
        UNION ALL SELECT {listed(kept_of(table))} FROM {table.history} {mine}
        """
    )
    valid = "FROM temp.held WHERE version_cause <> 'parser'"
    connection.execute(
        f"""
        CREATE TEMP TABLE there AS
        SELECT {listed(names_of(table))}, known_from AS seen_at, version_cause AS cause, public_from {valid}
        UNION ALL
        SELECT {listed(names_of(table))}, confirmed_seen_at, NULL, public_from
        FROM (SELECT * REPLACE (confirmed_at AS fetched_at, confirmed_snapshot_id AS snapshot_id) {valid}
              AND (confirmed_at <> fetched_at OR confirmed_snapshot_id <> snapshot_id))
        """
    )


def find_misreadings(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Collect what was read from the same bytes before and is read otherwise now, and the misreadings of earlier."""
    connection.execute(
        f"""
        CREATE TEMP TABLE misread AS
        SELECT {listed(stored_of(table))} FROM temp.held WHERE version_cause = 'parser'
        UNION ALL
        SELECT {listed(names_of(table), "there")}, there.fetched_at, there.snapshot_id, there.seen_at,
            there.public_from, there.seen_at, 'parser'
        FROM temp.there AS there JOIN temp.incoming AS new ON {same(place_of(table), "there", "new")}
        WHERE {differs(table.content, "there", "new")}
        """
    )


def collect_sightings(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> None:
    """List each sighting once: as it came now, where it came anew or is read otherwise; else as it is there."""
    place = place_of(table)
    connection.execute(
        f"""
        CREATE TEMP TABLE sighting AS
        WITH came AS (
            SELECT {listed(names_of(table), "new")},
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


def leave_out_withdrawn(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """List the sightings that are there but for those in `temp.withdrawn`, as if they came now in their order."""
    names = listed(name for name in names_of(table) if name != "first_seen_at")
    left = "snapshot_id NOT IN (SELECT snapshot_id FROM temp.withdrawn)"
    connection.execute(
        f"CREATE TEMP TABLE misread AS SELECT {listed(stored_of(table))} FROM temp.held "
        f"WHERE version_cause = 'parser' AND {left}"
    )
    connection.execute(
        f"CREATE TEMP TABLE sighting AS SELECT {names}, seen_at AS first_seen_at, seen_at, "
        f"CAST(NULL AS VARCHAR) AS cause, true AS is_new FROM temp.there WHERE {left}"
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
