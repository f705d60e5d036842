"""What was known when: each row with the time in which it was the one that the public knew.

`as_of.<table>(t)` answers for one time. Verdicts ask for thousands of times at once, so here stands the choice of every
time at which a reading came or went.
"""

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from warehouse.choose import preference, ranked
from warehouse.sql import listed
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.table import Load, Table


def states(connection: duckdb.DuckDBPyConnection, name: str, where: str, values: Sequence[str]) -> pa.Table:
    """Read a table's rows of all times, with `public_from` and `public_to` (exclusive; empty for what holds today).

    `where` is a condition over the key, with one `?` that takes the list of `values`.
    """
    table = BY_NAME[name]
    query = _chosen(table, BY_NAME[table.chosen_from], where) if table.load is Load.CHOSEN else _versions(table, where)
    # In one order, so that of two rows that answer a claim equally well it is always the same one.
    return connection.execute(f"SELECT * FROM ({query}) ORDER BY ALL", {"values": list(values)}).to_arrow_table()


def _versions(table: Table, where: str) -> str:
    names = listed(one.name for one in table.columns)
    condition = where.replace("?", "$values")
    return f"""
        SELECT {names}, public_from, CAST(NULL AS TIMESTAMPTZ) AS public_to FROM {table.name} WHERE {condition}
        UNION ALL
        SELECT {names}, public_from, public_to FROM {table.history} WHERE {condition}"""


def _chosen(table: Table, readings: Table, where: str) -> str:
    key = listed(table.key)
    names = listed(one.name for one in readings.columns)
    return f"""
        WITH version AS ({_versions(readings, where)}), moment AS (
            SELECT *, lead(moment) OVER (PARTITION BY {key} ORDER BY moment) AS next_moment FROM (
                SELECT DISTINCT {key}, public_from AS moment FROM version
                UNION SELECT DISTINCT {key}, public_to FROM version WHERE public_to IS NOT NULL
            )
        ), held AS (
            SELECT version.* EXCLUDE (public_from, public_to), moment.moment, moment.next_moment
            FROM version JOIN moment USING ({key})
            WHERE version.public_from <= moment.moment
                AND (version.public_to IS NULL OR moment.moment < version.public_to)
        )
        SELECT {names}, moment AS public_from, next_moment AS public_to FROM (
            SELECT *, row_number() OVER (PARTITION BY {key}, moment ORDER BY {preference(table, readings)}) AS place
            FROM ({ranked(readings, "held")})
        ) WHERE place = 1"""
