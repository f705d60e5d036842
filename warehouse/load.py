"""Load a batch: one transaction, of which either all is there or nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from time import perf_counter

import duckdb
import pyarrow as pa

from warehouse.append import append_rows
from warehouse.choose import choose, choose_merged, write_ranks
from warehouse.loaded import Loaded, Rejected, Stamp
from warehouse.merge import merge
from warehouse.rejects import keep_set_aside
from warehouse.sql import number
from warehouse.stage import broken_rule, incoming, refuse, sift
from warehouse.tables.ops import LOADS
from warehouse.tables.table import Load, Table
from warehouse.threads import suit_batch

__all__ = ["Journal", "Loaded", "Rejected", "append_all", "load_batch", "transaction"]


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit the block as a whole, or leave everything as it was."""
    # Rows may be written in any order, so that both cores write them.
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A COMMIT that failed has ended the transaction; after a failed write DuckDB answers nothing at all.
        with suppress(duckdb.Error):
            connection.execute("ROLLBACK")
        raise
    finally:
        with suppress(duckdb.FatalException):
            connection.execute("SET preserve_insertion_order = true")


class Journal:
    """Collects what was loaded into which table, and writes it to `ops.loads`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, stamp: Stamp) -> None:
        self.loaded: dict[str, Loaded] = {}
        self._connection = connection
        self._stamp = stamp
        self._rows: list[dict[str, object]] = []
        self._started = perf_counter()

    def note(self, table: str, loaded: Loaded, refused_by: str = "") -> None:
        """Note what became of one table."""
        self.loaded[table] = loaded
        now = perf_counter()
        self._rows.append(
            {
                "run_id": self._stamp.run_id,
                "table_name": table,
                "loaded_at": self._stamp.loaded_at,
                "inserted": loaded.inserted,
                "updated": loaded.updated,
                "unchanged": loaded.unchanged,
                "rejected": loaded.rejected,
                "late": loaded.late,
                "deleted": loaded.deleted,
                "seconds": now - self._started,
                "state": "rejected" if refused_by else "loaded",
                "message": f"the batch breaks {refused_by}" if refused_by else None,
            }
        )
        self._started = now

    def write(self) -> None:
        """Write what was noted, numbered on within the run."""
        last = number(self._connection, "SELECT max(load_number) FROM ops.loads WHERE run_id = ?", [self._stamp.run_id])
        rows = [{**row, "load_number": last + place} for place, row in enumerate(self._rows, start=1)]
        append_rows(self._connection, LOADS, LOADS.arrow(rows))


def load_batch(
    connection: duckdb.DuckDBPyConnection,
    batch: Mapping[str, pa.Table],
    *,
    stamp: Stamp,
    tables: Mapping[str, Table],
    ranks: Mapping[str, Sequence[str]],
    ledger: Mapping[str, pa.Table],
    set_aside: Sequence[Rejected],
) -> dict[str, Loaded]:
    """Merge every table of a batch, choose again where readings changed, and write the ledger.

    Raises ValueError, naming the table, for rows that do not fit its definition.
    """
    for name in batch:
        if name not in tables or tables[name].load is not Load.MERGE:
            raise ValueError(f"a batch cannot be merged into {name}: it is not a table of versions")
    chosen = {table.chosen_from: table for table in tables.values() if table.load is Load.CHOSEN}
    aside = Counter(one.table for one in set_aside)
    suit_batch(connection, max((rows.num_rows for rows in batch.values()), default=0))
    with transaction(connection):
        journal = Journal(connection, stamp)
        ranked_anew = {
            name for name in write_ranks(connection, ranks) & chosen.keys() if _has_rows(connection, chosen[name])
        }
        for name in sorted(aside.keys() - batch.keys()):
            journal.note(name, Loaded(rejected=aside[name]))
        for name, data in batch.items():
            with incoming(connection, tables[name], data):
                merged = _merge_table(connection, tables[name], chosen.get(name), stamp, journal, aside[name])
                if merged and name in chosen and name not in ranked_anew:
                    journal.note(chosen[name].name, choose_merged(connection, chosen[name], tables[name], merged))
        for name in sorted(ranked_anew):
            journal.note(chosen[name].name, choose(connection, chosen[name], tables[name]))
        append_all(connection, ledger, tables)
        keep_set_aside(connection, set_aside, stamp)
        journal.write()
    return journal.loaded


def append_all(
    connection: duckdb.DuckDBPyConnection, ledger: Mapping[str, pa.Table], tables: Mapping[str, Table]
) -> None:
    """Write rows of any tables of the ledger."""
    for name, rows in ledger.items():
        append_rows(connection, tables[name], rows)


def _has_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    return number(connection, f"SELECT count(*) FROM {table.name}") > 0


def _merge_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    chosen: Table | None,
    stamp: Stamp,
    journal: Journal,
    aside: int,
) -> Loaded | None:
    """Merge one table of the batch, or none of it where it breaks a rule on batches."""
    rejected = aside + sift(connection, table, stamp, crowding=chosen.key if chosen else table.key)
    broken = broken_rule(connection, table)
    if broken:
        rejected += refuse(connection, table, broken, stamp)
        journal.note(table.name, Loaded(rejected=rejected), refused_by=broken.name)
        return None
    merged = merge(connection, table, stamp)
    journal.note(table.name, merged + Loaded(rejected=rejected))
    return merged
