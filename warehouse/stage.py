"""Take a batch in and keep only rows that may be loaded: checked, and each key once per saved answer."""

import duckdb
import pyarrow as pa

from warehouse.loaded import Stamp
from warehouse.rejects import reject
from warehouse.sql import drop, listed, number, packed
from warehouse.tables.table import Check, Load, Table

DUPLICATE = "duplicate_key"
SIGHTING = ("fetched_at", "snapshot_id")
"""What orders the versions of a key: when the source gave the bytes, then which bytes."""


def stage(connection: duckdb.DuckDBPyConnection, table: Table, data: pa.Table, stamp: Stamp) -> int:
    """Put a batch into `temp.incoming` without the rows that break a rule, and count those."""
    drop(connection, "incoming", "repeated")
    connection.register("dragongate_batch", table.conform(data))
    try:
        connection.execute(f"CREATE TEMP TABLE incoming AS SELECT {listed(_names(table))} FROM dragongate_batch")
    finally:
        connection.unregister("dragongate_batch")
    per_row = [check for check in table.checks if check.blocking and check.per_row]
    rejected = sum(_reject_offenders(connection, table, check, stamp) for check in per_row)
    rejected += _reject_contradictions(connection, table, stamp)
    _assert_unique(connection, table)
    return rejected


def broken_rule(connection: duckdb.DuckDBPyConnection, table: Table) -> Check | None:
    """Find the first rule on whole batches that what is left of this one breaks."""
    whole = (check for check in table.checks if check.blocking and not check.per_row)
    return next((check for check in whole if number(connection, _count(_offends(check)))), None)


def refuse(connection: duckdb.DuckDBPyConnection, table: Table, check: Check, stamp: Stamp) -> int:
    """Turn a whole batch away, keep the rows that are to blame, and count all of it."""
    reject(connection, table, check.name, _offends(check), stamp)
    return number(connection, _count("true"))


def _names(table: Table) -> list[str]:
    return [one.name for one in table.columns]


def _offends(check: Check) -> str:
    # As at publication: a condition that comes out as unknown is not met.
    return f"({check.sql}) IS NOT TRUE"


def _count(condition: str) -> str:
    return f"SELECT count(*) FROM temp.incoming WHERE {condition}"


def _reject_offenders(connection: duckdb.DuckDBPyConnection, table: Table, check: Check, stamp: Stamp) -> int:
    offends = _offends(check)
    found = number(connection, _count(offends))
    if found:
        reject(connection, table, check.name, offends, stamp)
        connection.execute(f"DELETE FROM temp.incoming WHERE {offends}")
    return found


def _one_place(table: Table) -> list[str]:
    """Name the columns that a batch may hold once: a derived row has no versions, so its key alone."""
    return [*table.key] if table.load is Load.DERIVED else list(dict.fromkeys([*table.key, *SIGHTING]))


def _reject_contradictions(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> int:
    """Drop rows that one answer says twice in the same words; reject those that it says in different ones."""
    key, place = listed(table.key), listed(_one_place(table))
    connection.execute(
        f"CREATE TEMP TABLE repeated AS SELECT {key} FROM temp.incoming GROUP BY {key} HAVING count(*) > 1"
    )
    if not number(connection, "SELECT count(*) FROM temp.repeated"):
        return 0
    contradicting = (
        f"rowid IN (SELECT unnest(list(rowid)) FROM temp.incoming SEMI JOIN temp.repeated USING ({key}) "
        f"GROUP BY {place} HAVING count(DISTINCT {packed(table.content)}) > 1)"
    )
    rejected = number(connection, _count(contradicting))
    if rejected:
        reject(connection, table, DUPLICATE, contradicting, stamp)
        connection.execute(f"DELETE FROM temp.incoming WHERE {contradicting}")
    connection.execute(
        f"DELETE FROM temp.incoming WHERE rowid IN (SELECT rowid FROM temp.incoming SEMI JOIN temp.repeated "
        f"USING ({key}) QUALIFY row_number() OVER (PARTITION BY {place} ORDER BY {listed(_names(table))}) > 1)"
    )
    connection.execute(
        f"DELETE FROM temp.repeated WHERE ({key}) NOT IN "
        f"(SELECT ({key}) FROM temp.incoming GROUP BY {key} HAVING count(*) > 1)"
    )
    return rejected


def _assert_unique(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Stop before a MERGE would take the same row twice; it does not refuse duplicates by itself."""
    if not number(connection, "SELECT count(*) FROM temp.repeated"):
        return
    place = listed(_one_place(table))
    twice = number(
        connection, f"SELECT count(*) FROM (SELECT 1 FROM temp.incoming GROUP BY {place} HAVING count(*) > 1)"
    )
    if twice:
        raise AssertionError(f"{table.name}: {twice} rows of the batch still stand twice")
