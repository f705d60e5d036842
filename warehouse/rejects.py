"""Keep rows that were set aside, with the reason, in `ops.rejects`."""

import json
from collections.abc import Sequence

import duckdb

from warehouse.append import append_rows
from warehouse.loaded import Rejected, Stamp
from warehouse.sql import packed
from warehouse.tables.ops import REJECTS
from warehouse.tables.table import Table


def reject(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    reason: str,
    condition: str,
    stamp: Stamp,
    *,
    source: str = "temp.incoming",
) -> None:
    """Keep the rows of a batch that meet a condition."""
    names = [one.name for one in table.columns]
    have = {one: f'"{one}"' if one in names else "NULL" for one in ("snapshot_id", "source_id")}
    rows = connection.sql(
        f"SELECT DISTINCT $run_id AS run_id, $table AS table_name, $reason AS reason, "
        f"CAST(to_json({packed(names)}) AS VARCHAR) AS row_json, {have['snapshot_id']} AS snapshot_id, "
        f"{have['source_id']} AS source_id, CAST($at AS TIMESTAMPTZ) AS rejected_at "
        f"FROM {source} WHERE {condition}",
        params={"run_id": stamp.run_id, "table": table.name, "reason": reason, "at": stamp.loaded_at},
    ).to_arrow_table()
    append_rows(connection, REJECTS, rows)


def keep_set_aside(connection: duckdb.DuckDBPyConnection, set_aside: Sequence[Rejected], stamp: Stamp) -> None:
    """Keep rows that a transform set aside."""
    rows = [
        {
            "run_id": stamp.run_id,
            "table_name": one.table,
            "reason": one.reason,
            "row_json": json.dumps(dict(one.row), default=str, ensure_ascii=False, sort_keys=True),
            "snapshot_id": one.snapshot_id,
            "source_id": one.source_id,
            "rejected_at": stamp.loaded_at,
        }
        for one in set_aside
    ]
    if rows:
        append_rows(connection, REJECTS, REJECTS.arrow(rows))
