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


def choose(
    connection: duckdb.DuckDBPyConnection, table: Table, readings: Table, *, only_touched: bool = False
) -> Loaded:
    """Choose anew, for the keys in `temp.touched` or for all, and write what is another row than before."""
    drop(connection, "choice", "settled")
    mine = f"SEMI JOIN temp.touched USING ({listed(table.key)})" if only_touched else ""
    _settle(connection, table, readings, mine)
    connection.execute(f"CREATE TEMP TABLE choice AS {choice(table, readings, f'{readings.name} {mine}')}")
    loaded = _write(connection, table)
    drop(connection, "choice", "settled")
    return loaded


def choice(table: Table, readings: Table, source: str) -> str:
    """Write the query that chooses one row per key out of `source`, which has the columns of the readings."""
    key, own = listed(table.key), [one.name for one in readings.columns]
    order = ", ".join([*table.chosen_by, listed(readings.key)])
    within = [*table.key, *table.disputed_within]
    return f"""
        WITH reading AS (
            SELECT {listed(own, "one")}, CASE WHEN one.source_id = 'manual' THEN 0
                ELSE coalesce(ranked.source_rank, {_UNRANKED}) END AS source_rank
            FROM (SELECT * FROM {source}) AS one LEFT JOIN core.source_ranks AS ranked
                ON ranked.table_name = '{readings.name}' AND ranked.source_id = one.source_id
        ), spread AS (
            SELECT {key}, count(*) AS row_count, count(DISTINCT source_id) AS reading_count
            FROM reading GROUP BY {key}
        ), rivals AS (
            SELECT reading.*, spread.reading_count FROM reading JOIN spread USING ({key}) WHERE spread.row_count > 1
        ), winner AS (
            SELECT * FROM rivals QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1
        ), compared AS (
            SELECT {listed(within)}, coalesce({_disputed(table)}, false) AS is_disputed
            FROM rivals GROUP BY {listed(within)}
        )
        SELECT {listed(own, "winner")}, compared.is_disputed, winner.reading_count
        FROM winner JOIN compared USING ({listed(within)})
        UNION ALL
        SELECT {listed(own, "reading")}, false, 1
        FROM reading JOIN spread USING ({key}) WHERE spread.row_count = 1"""


def _disputed(table: Table) -> str:
    """Write the dispute rule as a condition over a group of readings."""
    rule = re.sub(r"\bleast_(\w+)", r'min("\1")', table.disputed_when)
    return re.sub(r"\bgreatest_(\w+)", r'max("\1")', rule) or "false"


def _settle(connection: duckdb.DuckDBPyConnection, table: Table, readings: Table, mine: str) -> None:
    """Say for each key when its first reading, and the newest of what its readings say, came to be public and known."""
    key = listed(table.key)
    connection.execute(
        f"""
        CREATE TEMP TABLE settled AS
        SELECT {key}, min(public_from) AS public_from, max(public_from) AS public_settled_at,
            min(known_from) AS known_from, max(known_from) AS known_settled_at
        FROM {readings.name} {mine} GROUP BY {key}
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
            FROM {readings.history} {mine} GROUP BY {key}
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
