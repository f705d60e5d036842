"""Read the ledger's copy of an older Dragongate: after an upgrade readers have it until something is published again.

What that Dragongate did not write down yet is empty. The file itself is left as it is.
"""

from collections.abc import Iterable

import duckdb

from warehouse.tables.table import Table


def fill_in(connection: duckdb.DuckDBPyConnection, catalog: str, tables: Iterable[Table]) -> None:
    """Let tables and columns that a copy lacks be there and empty, for names without a schema."""
    rows = connection.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE database_name = ? GROUP BY 1", [catalog]
    )
    there: dict[str, list[str]] = dict(rows.fetchall())
    lacking = [one for one in tables if not {column.name for column in one.columns} <= {*there.get(one.base, ())}]
    if not lacking:
        return
    for table in lacking:
        known = there.get(table.base)
        empty = [f'CAST(NULL AS {one.kind}) AS "{one.name}"' for one in table.columns if one.name not in (known or ())]
        source = (
            f"*, {', '.join(empty)} FROM {catalog}.main.{table.base}" if known else f"{', '.join(empty)} WHERE false"
        )
        connection.execute(f"CREATE VIEW memory.main.{table.base} AS SELECT {source}")
    connection.execute(f"SET search_path = 'memory.main,{catalog}.main'")
