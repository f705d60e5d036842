"""Put out the pipeline's own tables after every run, good or bad, so that a failed run is visible."""

import duckdb

from warehouse.copying import attached, own_catalog, quoted
from warehouse.counts import bring_counts_up_to_date
from warehouse.database import Warehouse
from warehouse.errors import cause_of
from warehouse.generations import Generations, PublishError, make_durable
from warehouse.home import Home
from warehouse.tables import ops
from warehouse.tables.counts import COUNTS
from warehouse.tables.table import Table

_NEXT = "dragongate_next"


def publish_ops(home: Home, warehouse: Warehouse) -> None:
    """Write `published/ops.duckdb` anew and put it in the place of the old one, in one step.

    Its tables lie in the file's main schema, so that `runs` and `ops.runs` both work: a file is named after its stem.
    Raises PublishError when it cannot be written; readers then still have the one before.
    """
    bring_counts_up_to_date(home, warehouse)
    built = Generations(home.published).building("ops")
    stray = home.published_ops.with_name(home.published_ops.name + ".wal")
    try:
        built.unlink(missing_ok=True)
        with attached(warehouse.connection, built, _NEXT):
            for table in (*ops.TABLES, COUNTS):
                _copy(warehouse.connection, table)
        make_durable(built)
        built.chmod(0o444)
        # A tool that opened the old file for writing may have left this; it belongs to no other file.
        stray.unlink(missing_ok=True)
        built.replace(home.published_ops)
        make_durable(home.published)
    except (duckdb.Error, OSError) as error:
        raise PublishError(
            f"{home.published_ops} could not be written anew: {cause_of(error)}. Readers have the old one. "
            "Make room or mend the folder, then run again."
        ) from error
    finally:
        for left in (built, built.with_name(built.name + ".wal")):
            left.unlink(missing_ok=True)


def _copy(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    connection.execute(f'CREATE TABLE {_NEXT}.main.{table.base} AS FROM "{own_catalog(connection)}".{table.name}')
    connection.execute(f"COMMENT ON TABLE {_NEXT}.main.{table.base} IS {quoted(table.grain)}")
    for column in table.columns:
        described = quoted(column.description)
        connection.execute(f"COMMENT ON COLUMN {_NEXT}.main.{table.base}.{column.name} IS {described}")
