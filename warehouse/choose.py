"""Choose the one row that an analyst wants among what several sources say."""

import re
from collections.abc import Mapping, Sequence

import duckdb

from warehouse.append import append_rows
from warehouse.loaded import Loaded
from warehouse.sql import assigned, differs, drop, listed, number, numbers, same
from warehouse.tables.ops import SOURCE_RANKS
from warehouse.tables.table import SETTLING, Table

_UNRANKED = 1_000_000
"""The rank of a source that nobody ranked. What a person wrote by hand comes before all others."""
_TIMES = tuple(one.name for one in SETTLING)


def write_ranks(connection: duckdb.DuckDBPyConnection, ranks: Mapping[str, Sequence[str]]) -> set[str]:
    """Write the order of sources, and name the tables of readings for which it is another than before."""
    changed = set()
    for name, sources in ranks.items():
        before = connection.execute(
            "SELECT source_id FROM core.source_ranks WHERE table_name = ? ORDER BY source_rank", [name]
        ).fetchall()
        if [source for (source,) in before] == list(sources):
            continue
        connection.execute("DELETE FROM core.source_ranks WHERE table_name = ?", [name])
        rows = [
            {"table_name": name, "source_id": source, "source_rank": rank}
            for rank, source in enumerate(sources, start=1)
        ]
        append_rows(connection, SOURCE_RANKS, SOURCE_RANKS.arrow(rows))
        changed.add(name)
    return changed


def choose_merged(connection: duckdb.DuckDBPyConnection, table: Table, readings: Table, merged: Loaded) -> Loaded:
    """Choose where the batch that was just merged changed a reading.

    Most keys of a large batch are new and have one reading: it is the choice, and goes in as it is.
    """
    drop(connection, "touched")
    key = listed(table.key)
    connection.execute(f"CREATE TEMP TABLE touched AS SELECT DISTINCT {key} FROM temp.contested")
    loaded = _add_lone(connection, table, readings, merged) if merged.inserted else Loaded()
    if number(connection, "SELECT count(*) FROM temp.touched"):
        loaded += choose(connection, table, readings, among=f"SEMI JOIN temp.touched USING ({key})")
    return loaded


def _add_lone(connection: duckdb.DuckDBPyConnection, table: Table, readings: Table, merged: Loaded) -> Loaded:
    """Insert new readings that are the only one of their key; touch the keys of the other new ones."""
    key, own = listed(table.key), [one.name for one in readings.columns]
    new = "temp.incoming"
    if merged.unchanged or merged.updated:
        new += f" ANTI JOIN temp.met USING ({listed(readings.key)})"
    connection.execute(
        f"""
        INSERT INTO temp.touched
        SELECT DISTINCT {key} FROM {new}
        SEMI JOIN (SELECT {key} FROM temp.crowded UNION ALL SELECT {key} FROM {table.name}) USING ({key})
        ANTI JOIN temp.touched USING ({key})
        """
    )
    # A join would carry whole rows through its hash table: where none is needed, rows go straight in.
    lone = new
    if number(connection, "SELECT count(*) FROM temp.touched"):
        lone += f" ANTI JOIN temp.touched USING ({key})"
    written = connection.execute(
        f"""
        INSERT INTO {table.name} ({listed([*own, "is_disputed", "reading_count", *_TIMES])})
        SELECT {listed(own)}, false, 1, available_at, available_at, first_seen_at, first_seen_at FROM {lone}
        """
    ).fetchall()
    return Loaded(inserted=sum(rows for (rows,) in written))


def choose(connection: duckdb.DuckDBPyConnection, table: Table, readings: Table, *, among: str = "") -> Loaded:
    """Choose anew, for all keys or those that a join leaves, and write what is another row than before."""
    drop(connection, "choice", "settled")
    _settle(connection, table, readings, among)
    connection.execute(f"CREATE TEMP TABLE choice AS {choice(table, readings, among)}")
    loaded = _write(connection, table)
    drop(connection, "choice", "settled")
    return loaded


def choice(table: Table, readings: Table, among: str) -> str:
    """Write the query that chooses one row per key out of the readings as they stand.

    A window over whole rows would sort them all; this carries a row number through the sorting and fetches the row
    after.
    """
    key, own = listed(table.key), [one.name for one in readings.columns]
    comparable = [*table.key, *table.disputed_within]
    source = f"(SELECT *, rowid AS reading_number FROM {readings.name} {among})"
    return f"""
        WITH reading AS NOT MATERIALIZED {source}, picked AS (
            SELECT first(reading_number ORDER BY {preference(table, readings)}) AS reading_number,
                count(DISTINCT source_id) AS reading_count
            FROM ({ranked(readings, "reading")}) GROUP BY {key}
        ), disputed AS (
            SELECT {listed(comparable)}, true AS is_disputed FROM reading
            GROUP BY {listed(comparable)} HAVING {dispute(table)}
        )
        SELECT {listed(own, "reading")}, coalesce(disputed.is_disputed, false) AS is_disputed, picked.reading_count
        FROM reading JOIN picked USING (reading_number)
        LEFT JOIN disputed ON {same(comparable, "reading", "disputed")}"""


def ranked(readings: Table, source: str) -> str:
    """Write the query that puts the rank of its source beside each reading."""
    return f"""
        SELECT reading.*, CASE WHEN reading.source_id = 'manual' THEN 0
            ELSE coalesce(ranks.source_rank, {_UNRANKED}) END AS source_rank
        FROM {source} AS reading LEFT JOIN core.source_ranks AS ranks
            ON ranks.table_name = '{readings.name}' AND ranks.source_id = reading.source_id"""


def preference(table: Table, readings: Table) -> str:
    """Write the order in which readings are preferred; the key settles what the rules leave open."""
    return ", ".join([*table.chosen_by, listed(readings.key)])


def dispute(table: Table, over: str = "") -> str:
    """Write the rule by which readings differ too much as a condition over a group, or over a window."""
    rule = re.sub(r"\bleast_(\w+)", rf'min("\1"){over}', table.disputed_when)
    return re.sub(r"\bgreatest_(\w+)", rf'max("\1"){over}', rule) or "false"


def _settle(connection: duckdb.DuckDBPyConnection, table: Table, readings: Table, among: str) -> None:
    """Say for each key when its first reading, and the newest of what its readings say, came to be public and known."""
    key = listed(table.key)
    connection.execute(
        f"""
        CREATE TEMP TABLE settled AS
        SELECT {key}, min(public_from) AS public_from, max(public_from) AS public_settled_at,
            min(known_from) AS known_from, max(known_from) AS known_settled_at
        FROM {readings.name} {among} GROUP BY {key}
        """
    )
    if not number(connection, f"SELECT count(*) FROM {readings.history}"):
        return
    connection.execute(
        f"""
        UPDATE temp.settled AS settled SET public_from = least(settled.public_from, old.public_from),
            known_from = least(settled.known_from, old.known_from)
        FROM (
            SELECT {key}, min(public_from) AS public_from, min(known_from) AS known_from
            FROM {readings.history} {among} GROUP BY {key}
        ) AS old
        WHERE {same(table.key, "settled", "old")}
        """
    )


def _write(connection: duckdb.DuckDBPyConnection, table: Table) -> Loaded:
    key, own = listed(table.key), [one.name for one in table.columns]
    beside = [name for name in (*own, *_TIMES) if name not in table.key]
    new = f"(SELECT * FROM temp.choice JOIN temp.settled USING ({key}))"
    rows, known, updated = numbers(
        connection,
        f"SELECT (SELECT count(*) FROM temp.choice), count(*), "
        f"count(*) FILTER ({differs([name for name in own if name not in table.key], 'old', 'new')}) "
        f"FROM temp.choice AS new JOIN {table.name} AS old ON {same(table.key, 'old', 'new')}",
    )
    if not known:
        connection.execute(
            f"INSERT INTO {table.name} ({listed([*own, *_TIMES])}) SELECT {listed([*own, *_TIMES])} FROM {new}"
        )
    else:
        connection.execute(
            f"MERGE INTO {table.name} AS old USING {new} AS new ON {same(table.key, 'old', 'new')} "
            f"WHEN MATCHED AND {differs(beside, 'old', 'new')} THEN UPDATE SET {assigned(beside, 'new')} "
            f"WHEN NOT MATCHED THEN INSERT ({listed([*own, *_TIMES])}) VALUES ({listed([*own, *_TIMES], 'new')})"
        )
    return Loaded(inserted=rows - known, updated=updated, unchanged=known - updated)
