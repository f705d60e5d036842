"""The warehouse: one file, written by one process, in which every row knows where it comes from."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.choose import choose
from warehouse.copying import ROW_GROUP, quoted
from warehouse.derive import derive_table
from warehouse.errors import WarehouseError, explained, explaining, is_of_the_world
from warehouse.load import append_all, load_batch, transaction
from warehouse.loaded import Loaded, Rejected, Stamp
from warehouse.schema import bring_up
from warehouse.tables.catalog import TABLES
from warehouse.tables.table import Load, Table
from warehouse.threads import suit_file
from warehouse.unread import forget_answers, reject_answers, rows_read_from

__all__ = ["Warehouse", "WarehouseError", "attach"]

_CATALOG = "dragongate"
_LAKE = "ducklake:"
_MEMORY = ":memory:"
_CANNOT_OPEN = "The warehouse cannot be opened"


class Warehouse:
    """An open warehouse. Use it in a `with` block, from one thread at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Sequence[Table] = TABLES) -> None:
        """Take a connection that `attach` has pointed at the target, and bring the target up to the definitions."""
        self.connection = connection
        self._tables = {table.name: table for table in tables}
        self._place = _place_of(connection)
        bring_up(connection, tables)

    @staticmethod
    def open(path: Path, tables: Sequence[Table] = TABLES) -> "Warehouse":
        """Open the file, or make it.

        Raises WarehouseError when it cannot be opened or written, or another version made it.
        """
        connection = attach(str(path))
        try:
            return Warehouse(connection, tables)
        except BaseException as error:
            connection.close()
            if isinstance(error, duckdb.Error):
                raise explained(error, path, _CANNOT_OPEN) from error
            raise

    @staticmethod
    def open_memory(tables: Sequence[Table] = TABLES) -> "Warehouse":
        """Make an empty warehouse in memory."""
        return Warehouse(attach(_MEMORY), tables)

    def load(
        self,
        batch: Mapping[str, pa.Table],
        *,
        run_id: str,
        loaded_at: datetime,
        ranks: Mapping[str, Sequence[str]] | None = None,
        ledger: Mapping[str, pa.Table] | None = None,
        set_aside: Sequence[Rejected] = (),
    ) -> dict[str, Loaded]:
        """Merge a batch and everything that belongs to it in one transaction: all of it is there, or nothing.

        `ranks` names, for tables of readings, the sources in the order in which they are preferred.
        Raises ValueError, naming the table, for rows that do not fit its definition, and WarehouseError where the
        disk or the memory does not suffice.
        """
        with explaining(self._place):
            return load_batch(
                self.connection,
                batch,
                stamp=Stamp(run_id, loaded_at),
                tables=self._tables,
                ranks=ranks or {},
                ledger=ledger or {},
                set_aside=set_aside,
            )

    def derive(
        self, table: Table, rows: pa.Table, *, run_id: str, loaded_at: datetime, past: pa.Table | None = None
    ) -> Loaded:
        """Make `rows` the whole content of a derived table, and `past` that of its past; write only what differs."""
        with explaining(self._place):
            return derive_table(self.connection, table, rows, Stamp(run_id, loaded_at), past=past)

    def rows_read_from(self, snapshot_ids: Collection[str]) -> list[str]:
        """Name the rows, current and former, that were read from saved answers, each as `table column=value,…`."""
        with explaining(self._place):
            return rows_read_from(self.connection, self._tables, snapshot_ids)

    def reject(self, reasons: Mapping[str, str], *, run_id: str, loaded_at: datetime) -> dict[str, Loaded]:
        """Set aside all rows that were read from saved answers, by snapshot id with the reason."""
        with explaining(self._place), transaction(self.connection):
            return reject_answers(self.connection, self._tables, reasons, Stamp(run_id, loaded_at))

    def forget(self, snapshot_ids: Collection[str], *, run_id: str, loaded_at: datetime) -> dict[str, Loaded]:
        """Erase all rows that were read from saved answers, and what the ledger quotes from them."""
        with explaining(self._place), transaction(self.connection):
            return forget_answers(self.connection, self._tables, snapshot_ids, Stamp(run_id, loaded_at))

    def append(self, ledger: Mapping[str, pa.Table]) -> None:
        """Write rows about the pipeline itself, in a transaction of their own."""
        with explaining(self._place), transaction(self.connection):
            append_all(self.connection, ledger, self._tables)

    def choose_all(self) -> dict[str, Loaded]:
        """Choose every row of every chosen table anew."""
        chosen = [table for table in self._tables.values() if table.load is Load.CHOSEN]
        with explaining(self._place), transaction(self.connection):
            return {one.name: choose(self.connection, one, self._tables[one.chosen_from]) for one in chosen}

    def frame(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pa.Table:
        """Ask a question; the answer has its times in UTC."""
        with explaining(self._place):
            return self.connection.sql(sql, params=parameters).to_arrow_table()

    def close(self) -> None:
        """Write everything to the file and let go of it."""
        self.connection.close()

    def __enter__(self) -> "Warehouse":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(duckdb.Error) if error else explaining(self._place):
            self.close()
        if isinstance(error, duckdb.Error) and is_of_the_world(error):
            raise explained(error, self._place) from error


def attach(target: str) -> duckdb.DuckDBPyConnection:
    """Connect to a warehouse: a DuckDB file, memory, or a DuckLake catalog (`ducklake:…`).

    The catalog has one name wherever it lies, so a file may be called anything, a schema's name included.
    Raises WarehouseError when the target cannot be opened.
    """
    connection = duckdb.connect(_MEMORY)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET write_buffer_row_group_count = 1")
        options = "" if target.startswith(_LAKE) else f" ({ROW_GROUP})"
        connection.execute(f"ATTACH {quoted(target)} AS {_CATALOG}{options}")
        if not target.startswith((_LAKE, _MEMORY)):
            # Left alone, it would put what does not fit into memory where the command happens to be called.
            connection.execute(f"SET temp_directory = {quoted(f'{target}.tmp')}")
        connection.execute(f"USE {_CATALOG}")
        if not target.startswith(_LAKE):
            suit_file(connection, Path(target))
    except duckdb.Error as error:
        connection.close()
        raise explained(error, target, _CANNOT_OPEN) from error
    return connection


def _place_of(connection: duckdb.DuckDBPyConnection) -> str:
    found = connection.execute("SELECT path FROM duckdb_databases() WHERE database_name = current_database()")
    row = found.fetchone()
    return str(row[0]) if row and row[0] else "in memory"
