"""Take a batch in and keep only rows that may be loaded: checked, and each key once per saved answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import duckdb
import pyarrow as pa

from warehouse.loaded import Stamp
from warehouse.rejects import reject
from warehouse.sql import drop, listed, number, packed
from warehouse.tables.table import Check, Load, Table

DUPLICATE = "duplicate_key"
SIGHTING = ("fetched_at", "snapshot_id")
"""What orders the versions of a key: when the source gave the bytes, then which bytes."""
_BATCH = "dragongate_batch"
_PIECE = 30_000
_LEFT = ("sifted", "crowded", "repeated", "met", "contested", "touched")
"""What the steps of a load leave for each other; a transaction that is rolled back takes them with it."""


@contextmanager
def incoming(connection: duckdb.DuckDBPyConnection, table: Table, data: pa.Table) -> Iterator[None]:
    """Show a batch as `temp.incoming` for the length of a `with` block; its columns are not copied.

    Raises ValueError for rows that do not fit the definition.
    """
    rows = table.conform(data)
    # DuckDB reads the pieces of an Arrow table side by side.
    connection.register(_BATCH, pa.Table.from_batches(rows.to_batches(max_chunksize=_PIECE), schema=rows.schema))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW incoming AS SELECT {listed(_names(table))} FROM {_BATCH}")
    try:
        yield
        connection.execute("DROP VIEW temp.incoming")
        drop(connection, *_LEFT)
    finally:
        # After an error DuckDB answers nothing but ROLLBACK; the next batch then takes the name over.
        with suppress(duckdb.Error):
            connection.unregister(_BATCH)


def sift(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp, *, crowding: Sequence[str]) -> int:
    """Take the rows out of `temp.incoming` that break a rule, and count them.

    Leaves in `temp.crowded` what stands more than once by the columns `crowding`, and in `temp.repeated` the keys
    that still do.
    """
    drop(connection, "sifted", "crowded", "repeated")
    per_row = [check for check in table.checks if check.blocking and check.per_row]
    rejected = sum(_reject_offenders(connection, table, check, stamp) for check in per_row)
    _find_repeats(connection, table, crowding)
    if number(connection, "SELECT count(*) FROM temp.repeated"):
        rejected += _reject_contradictions(connection, table, stamp)
        _drop_copies(connection, table)
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


def _hold(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy the batch, once, so that rows can be taken out of it."""
    if not number(connection, "SELECT count(*) FROM duckdb_tables() WHERE temporary AND table_name = 'sifted'"):
        connection.execute("CREATE TEMP TABLE sifted AS SELECT * FROM temp.incoming")
        connection.execute("CREATE OR REPLACE TEMP VIEW incoming AS SELECT * FROM temp.sifted")


def _reject_offenders(connection: duckdb.DuckDBPyConnection, table: Table, check: Check, stamp: Stamp) -> int:
    offends = _offends(check)
    found = number(connection, _count(offends))
    if found:
        _hold(connection)
        reject(connection, table, check.name, offends, stamp)
        connection.execute(f"DELETE FROM temp.sifted WHERE {offends}")
    return found


def _find_repeats(connection: duckdb.DuckDBPyConnection, table: Table, crowding: Sequence[str]) -> None:
    """Find what stands more than once; what a part of the key tells apart, the whole key does too."""
    crowd, key = listed(crowding), listed(table.key)
    connection.execute(
        f"CREATE TEMP TABLE crowded AS SELECT {crowd} FROM temp.incoming GROUP BY {crowd} HAVING count(*) > 1"
    )
    connection.execute(
        f"CREATE TEMP TABLE repeated AS SELECT {key} FROM temp.incoming SEMI JOIN temp.crowded USING ({crowd}) "
        f"GROUP BY {key} HAVING count(*) > 1"
    )


def _one_place(table: Table) -> list[str]:
    """Name the columns that a batch may hold once: a derived row has no versions, so its key alone."""
    return [*table.key] if table.load is Load.DERIVED else list(dict.fromkeys([*table.key, *SIGHTING]))


def _reject_contradictions(connection: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> int:
    """Reject rows in which one saved answer says different things of one key: neither can be picked in silence."""
    _hold(connection)
    contradicts = (
        f"rowid IN (SELECT unnest(list(rowid)) FROM temp.sifted SEMI JOIN temp.repeated USING ({listed(table.key)}) "
        f"GROUP BY {listed(_one_place(table))} HAVING count(DISTINCT {packed(table.content)}) > 1)"
    )
    rejected = number(connection, f"SELECT count(*) FROM temp.sifted WHERE {contradicts}")
    if rejected:
        reject(connection, table, DUPLICATE, contradicts, stamp, source="temp.sifted")
        connection.execute(f"DELETE FROM temp.sifted WHERE {contradicts}")
    return rejected


def _drop_copies(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Keep one of the rows that one saved answer says more than once in the same words."""
    key = listed(table.key)
    connection.execute(
        f"DELETE FROM temp.sifted WHERE rowid IN (SELECT rowid FROM temp.sifted SEMI JOIN temp.repeated "
        f"USING ({key}) QUALIFY row_number() OVER ("
        f"PARTITION BY {listed(_one_place(table))} ORDER BY {listed(_names(table))}) > 1)"
    )
    connection.execute(
        f"DELETE FROM temp.repeated WHERE ({key}) NOT IN "
        f"(SELECT ({key}) FROM temp.sifted GROUP BY {key} HAVING count(*) > 1)"
    )


def _assert_unique(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Stop before a MERGE would take the same row twice; it does not refuse duplicates by itself."""
    place = listed(_one_place(table))
    twice = number(connection, f"SELECT count(*) FROM (SELECT 1 FROM temp.sifted GROUP BY {place} HAVING count(*) > 1)")
    if twice:
        raise AssertionError(f"{table.name}: {twice} rows of the batch still stand twice")
