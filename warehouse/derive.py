"""Write a table that is computed as a whole from others: only what is another row than before."""

import duckdb
import pyarrow as pa

from warehouse.load import Journal, Loaded, transaction
from warehouse.loaded import Stamp
from warehouse.sql import assigned, differs, listed, numbers, same
from warehouse.stage import broken_rule, incoming, refuse, sift
from warehouse.tables.table import PAST, Load, Table

_PAST = "dragongate_past"


def derive_table(
    connection: duckdb.DuckDBPyConnection, table: Table, rows: pa.Table, stamp: Stamp, *, past: pa.Table | None = None
) -> Loaded:
    """Make `rows` the whole content of a derived table, and `past` that of its past, in one transaction.

    Raises ValueError for a table that is not derived, or rows that do not fit its definition.
    """
    if table.load is not Load.DERIVED:
        raise ValueError(f"{table.name} is not derived from other tables")
    with transaction(connection), incoming(connection, table, rows):
        journal = Journal(connection, stamp)
        rejected = sift(connection, table, stamp, crowding=table.key)
        broken = broken_rule(connection, table)
        if broken:
            rejected += refuse(connection, table, broken, stamp)
            journal.note(table.name, Loaded(rejected=rejected), refused_by=broken.name)
        else:
            journal.note(table.name, _replace(connection, table) + Loaded(rejected=rejected))
            if past is not None:
                _replace_past(connection, table, past)
        journal.write()
    return journal.loaded[table.name]


def _replace(connection: duckdb.DuckDBPyConnection, table: Table) -> Loaded:
    key, names = listed(table.key), [one.name for one in table.columns]
    # When we first had a row does not move because it was computed again.
    beside = [name for name in names if name not in (*table.key, "first_seen_at")]
    rows, before, known, updated = numbers(
        connection,
        f"SELECT (SELECT count(*) FROM temp.incoming), (SELECT count(*) FROM {table.name}), count(*), "
        f"count(*) FILTER ({differs(table.content, 'old', 'new')}) "
        f"FROM temp.incoming AS new JOIN {table.name} AS old ON {same(table.key, 'old', 'new')}",
    )
    if before > known:
        connection.execute(f"DELETE FROM {table.name} WHERE ({key}) NOT IN (SELECT ({key}) FROM temp.incoming)")
    connection.execute(
        f"MERGE INTO {table.name} AS old USING temp.incoming AS new ON {same(table.key, 'old', 'new')} "
        f"WHEN MATCHED AND {differs(beside, 'old', 'new')} THEN UPDATE SET {assigned(beside, 'new')} "
        f"WHEN NOT MATCHED THEN INSERT ({listed(names)}) VALUES ({listed(names, 'new')})"
    )
    return Loaded(inserted=rows - known, updated=updated, unchanged=known - updated, deleted=before - known)


def _replace_past(connection: duckdb.DuckDBPyConnection, table: Table, past: pa.Table) -> None:
    names = listed(one.name for one in (*table.columns, *PAST))
    connection.register(_PAST, past)
    before, after = f"SELECT {names} FROM {table.past}", f"SELECT {names} FROM {_PAST}"
    changed = "(SELECT count(*) FROM ({} EXCEPT ALL {}))"
    gone, fresh = numbers(connection, f"SELECT {changed.format(before, after)}, {changed.format(after, before)}")
    if gone or fresh:
        connection.execute(f"DELETE FROM {table.past}; INSERT INTO {table.past} ({names}) {after}")
    connection.unregister(_PAST)
