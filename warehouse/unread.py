"""Undo what was read from some saved answers, as if they had never been read.

What other answers said of the same keys is put in order anew, so that the tables come out as a rebuild without those
answers would make them. The rows of a rejected answer are kept in `ops.rejects`; of one that was taken down nothing is.
"""

from collections.abc import Collection, Iterator, Mapping

import duckdb
import pyarrow as pa

from warehouse.choose import choose
from warehouse.load import Journal
from warehouse.loaded import Loaded, Stamp
from warehouse.rejects import reject
from warehouse.sql import drop, listed, number
from warehouse.tables.claims import VERDICT_CHANGES
from warehouse.tables.ops import REJECTS
from warehouse.tables.table import Load, Table
from warehouse.timeline import rebuild_without

_GONE = "(SELECT snapshot_id FROM temp.withdrawn)"


def rows_read_from(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], snapshot_ids: Collection[str]
) -> list[str]:
    """Name the rows, current and former, that were read from these answers, each as `table column=value,…`."""
    _withdraw(connection, snapshot_ids)
    named = [f"{table.name} {key}" for table in _of_content(tables) for key in _keys_of(connection, table)]
    drop(connection, "withdrawn")
    return named


def reject_answers(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], reasons: Mapping[str, str], stamp: Stamp
) -> dict[str, Loaded]:
    """Set aside every row that was read from these answers, by snapshot id with the reason; within a transaction."""
    journal = Journal(connection, stamp)
    for reason in sorted(set(reasons.values())):
        _withdraw(connection, [one for one, why in reasons.items() if why == reason])
        _unread(connection, tables, journal, stamp, reason=reason)
        connection.execute(
            f"UPDATE raw.snapshots SET outcome = 'rejected', reason = ? WHERE snapshot_id IN {_GONE}", [reason]
        )
    drop(connection, "withdrawn")
    journal.write()
    return journal.loaded


def forget_answers(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], snapshot_ids: Collection[str], stamp: Stamp
) -> dict[str, Loaded]:
    """Erase everything that was read from these answers, the ledger's examples included; within a transaction."""
    _withdraw(connection, snapshot_ids)
    journal = Journal(connection, stamp)
    connection.execute(f"DELETE FROM {REJECTS.name} WHERE snapshot_id IN {_GONE}")
    _unread(connection, tables, journal, stamp, reason="")
    connection.execute(f"DELETE FROM {VERDICT_CHANGES.name} WHERE snapshot_id IN {_GONE}")
    connection.execute(f"UPDATE ops.drift SET example = '' WHERE snapshot_id IN {_GONE}")
    for name in journal.loaded:
        connection.execute("UPDATE ops.checks SET example = NULL WHERE table_name = ?", [name])
    connection.execute(f"DELETE FROM raw.snapshots WHERE snapshot_id IN {_GONE}")
    drop(connection, "withdrawn")
    journal.write()
    return journal.loaded


def _withdraw(connection: duckdb.DuckDBPyConnection, snapshot_ids: Collection[str]) -> None:
    drop(connection, "withdrawn")
    ids = pa.table({"snapshot_id": pa.array(sorted(snapshot_ids), pa.string())})
    connection.register("dragongate_withdrawn", ids)
    connection.execute("CREATE TEMP TABLE withdrawn AS SELECT * FROM dragongate_withdrawn")
    connection.unregister("dragongate_withdrawn")


def _unread(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], journal: Journal, stamp: Stamp, *, reason: str
) -> None:
    chosen = {table.chosen_from: table for table in tables.values() if table.load is Load.CHOSEN}
    for table in (one for one in tables.values() if one.load is Load.MERGE):
        if not _contest(connection, table):
            continue
        if reason:
            reject(connection, table, reason, f"snapshot_id IN {_GONE}", stamp, source=table.name)
        journal.note(table.name, rebuild_without(connection, table, is_judged=bool(reason)))
        if table.name in chosen:
            journal.note(chosen[table.name].name, _choose_again(connection, chosen[table.name], table))
        drop(connection, "contested")


def _contest(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Collect in `temp.contested` the keys of which one of these answers said anything, and count them."""
    drop(connection, "contested")
    mine = f"WHERE snapshot_id IN {_GONE} OR confirmed_snapshot_id IN {_GONE}"
    key = listed(table.key)
    connection.execute(
        f"CREATE TEMP TABLE contested AS "
        f"SELECT {key} FROM {table.name} {mine} UNION SELECT {key} FROM {table.history} {mine}"
    )
    return number(connection, "SELECT count(*) FROM temp.contested")


def _choose_again(connection: duckdb.DuckDBPyConnection, table: Table, readings: Table) -> Loaded:
    drop(connection, "touched")
    key = listed(table.key)
    connection.execute(f"CREATE TEMP TABLE touched AS SELECT DISTINCT {key} FROM temp.contested")
    loaded = choose(connection, table, readings, among=f"SEMI JOIN temp.touched USING ({key})")
    left = f"({key}) IN (SELECT ({key}) FROM temp.touched) AND ({key}) NOT IN (SELECT ({key}) FROM {readings.name})"
    lost = number(connection, f"SELECT count(*) FROM {table.name} WHERE {left}")
    connection.execute(f"DELETE FROM {table.name} WHERE {left}")
    drop(connection, "touched")
    return loaded + Loaded(deleted=lost)


def _of_content(tables: Mapping[str, Table]) -> Iterator[Table]:
    yield from (one for one in tables.values() if one.load in (Load.MERGE, Load.DERIVED))


def _keys_of(connection: duckdb.DuckDBPyConnection, table: Table) -> list[str]:
    if "snapshot_id" not in {one.name for one in table.columns}:
        return []
    parts = " || ',' || ".join(f"'{name}=' || CAST({name} AS VARCHAR)" for name in table.key)
    versions = [name for name in (table.name, table.history) if name]
    union = " UNION ".join(f"SELECT {parts} AS row_key FROM {name} WHERE snapshot_id IN {_GONE}" for name in versions)
    return [str(key) for (key,) in connection.execute(f"{union} ORDER BY row_key").fetchall()]
