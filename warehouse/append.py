"""Write what the pipeline says about itself: rows whose key is new, and changed rows where a table allows that."""

import duckdb
import pyarrow as pa

from warehouse.sql import assigned, differs, drop, listed, same
from warehouse.tables.table import Load, Table

_WRITTEN_ONCE = (
    "ops.fetches",
    "ops.loads",
    "ops.rejects",
    "ops.drift",
    "ops.corrections",
    "ops.mutes",
    "ops.tombstones",
)
"""Tables whose rows say what happened: the first one stands."""
_MAY_CHANGE = {"raw.snapshots": ("source_id", "outcome", "reason")}
"""What another reading of the same bytes may say anew; the bytes themselves, and when we had them, stay."""


def append_rows(connection: duckdb.DuckDBPyConnection, table: Table, rows: pa.Table) -> None:
    """Write rows of one table of the ledger, in their order.

    Raises ValueError for a table that is not part of the ledger.
    """
    if table.load is not Load.LEDGER:
        raise ValueError(f"{table.name} is not written by the pipeline about itself; load it in a batch")
    if not rows.num_rows:
        return
    changing = () if table.name in _WRITTEN_ONCE else _MAY_CHANGE.get(table.name, _beside_the_key(table))
    _number(connection, table.conform(rows))
    _keep_one(connection, table, "DESC" if changing else "ASC")
    names = [one.name for one in table.columns]
    update = (
        f"WHEN MATCHED AND {differs(changing, 'there', 'entry')} THEN UPDATE SET {assigned(changing, 'entry')} "
        if changing
        else ""
    )
    connection.execute(
        f"MERGE INTO {table.name} AS there USING temp.entries AS entry ON {same(table.key, 'there', 'entry')} {update}"
        f"WHEN NOT MATCHED THEN INSERT ({listed(names)}) VALUES ({listed(names, 'entry')})"
    )
    drop(connection, "entries")


def _beside_the_key(table: Table) -> tuple[str, ...]:
    return tuple(one.name for one in table.columns if one.name not in table.key)


def _number(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> None:
    drop(connection, "entries")
    numbered = rows.append_column("entry_number", pa.array(range(rows.num_rows), pa.int64()))
    connection.register("dragongate_entries", numbered)
    connection.execute("CREATE TEMP TABLE entries AS SELECT * FROM dragongate_entries")
    connection.unregister("dragongate_entries")


def _keep_one(connection: duckdb.DuckDBPyConnection, table: Table, order: str) -> None:
    """Keep the last entry of a key where rows may change, the first where they may not."""
    connection.execute(
        f"DELETE FROM temp.entries WHERE entry_number IN (SELECT entry_number FROM temp.entries QUALIFY "
        f"row_number() OVER (PARTITION BY {listed(table.key)} ORDER BY entry_number {order}) > 1)"
    )
