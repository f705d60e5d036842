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

PUBLIC, KNOWN = "public", "known"
"""What was public, and what this warehouse knew: the two courses of time."""


def states(
    connection: duckdb.DuckDBPyConnection, name: str, where: str, values: Sequence[str], *, axis: str = PUBLIC
) -> pa.Table:
    """Read a table's rows of all times, with `public_from` and `public_to` (exclusive; empty for what holds today).

    `where` is a condition over the key, with one `?` that takes the list of `values`. Along the axis `KNOWN` it is
    what this warehouse held to be true, with `known_from` and `known_to`.
    """
    table = BY_NAME[name]
    if table.load is Load.CHOSEN:
        query = _chosen(table, BY_NAME[table.chosen_from], where, axis)
    else:
        query = _versions(table, where, axis)
    # In one order, so that of two rows that answer a claim equally well it is always the same one.
    return connection.execute(f"SELECT * FROM ({query}) ORDER BY ALL", {"values": list(values)}).to_arrow_table()


def _versions(table: Table, where: str, axis: str) -> str:
    names = listed(one.name for one in table.columns)
    condition = where.replace("?", "$values")
    return f"""
        SELECT {names}, {axis}_from, CAST(NULL AS TIMESTAMPTZ) AS {axis}_to FROM {table.name} WHERE {condition}
        UNION ALL
        SELECT {names}, {axis}_from, {axis}_to FROM {table.history} WHERE {condition}"""


def _chosen(table: Table, readings: Table, where: str, axis: str) -> str:
    key = listed(table.key)
    names = listed(one.name for one in readings.columns)
    return f"""
        WITH version AS ({_versions(readings, where, axis)}), moment AS (
            SELECT *, lead(moment) OVER (PARTITION BY {key} ORDER BY moment) AS next_moment FROM (
                SELECT DISTINCT {key}, {axis}_from AS moment FROM version
                UNION SELECT DISTINCT {key}, {axis}_to FROM version WHERE {axis}_to IS NOT NULL
            )
        ), held AS (
            SELECT version.* EXCLUDE ({axis}_from, {axis}_to), moment.moment, moment.next_moment
            FROM version JOIN moment USING ({key})
            WHERE version.{axis}_from <= moment.moment
                AND (version.{axis}_to IS NULL OR moment.moment < version.{axis}_to)
        )
        SELECT {names}, moment AS {axis}_from, next_moment AS {axis}_to FROM (
            SELECT *, row_number() OVER (PARTITION BY {key}, moment ORDER BY {preference(table, readings)}) AS place
            FROM ({ranked(readings, "held")})
        ) WHERE place = 1"""
