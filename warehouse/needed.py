"""Which saved answers the rows of a warehouse rest on, and where these lie after their files were written anew."""

from collections.abc import Iterator, Mapping

import duckdb
import pyarrow as pa

from warehouse.copying import attached, columns_of, own_catalog
from warehouse.database import Warehouse
from warehouse.generations import Generations
from warehouse.load import transaction
from warehouse.sql import drop

_MERELY_NAMED = frozenset({"raw.snapshots", "ops.fetches"})
"""Tables that tell of answers and rest on none."""
_ONE, _MANY = ("snapshot_id", "tombstone_id"), "snapshot_ids"
"""How columns end that name one saved answer, and a list of them."""
_OTHER = "dragongate_held"


def needed_answers(warehouse: Warehouse, generations: Generations) -> set[str]:
    """Name the answers that a row names, current, former or set aside, here or in a published generation that is kept.

    Verdicts name their evidence, corrections, mutes and tombstones the record that they stand in, and a rejection the
    answer that was rejected; so these are among them. Raises duckdb.Error for a generation that cannot be read.
    """
    connection = warehouse.connection
    found = _named_in(connection, own_catalog(connection))
    for number in generations.numbers():
        with attached(connection, generations.path(number), _OTHER, read_only=True):
            found |= _named_in(connection, _OTHER)
    return found


def indexed_answers(warehouse: Warehouse) -> pa.Table:
    """List the answers of sources that are indexed, the oldest here first; what people gave is not among them."""
    return warehouse.frame(
        "SELECT snapshot_id, first_seen_at, archive_length FROM raw.snapshots "
        "WHERE method <> 'RESOURCE' AND NOT starts_with(url, 'urn:') ORDER BY first_seen_at, snapshot_id"
    )


def agree(warehouse: Warehouse, file: str, places: Mapping[str, tuple[int, int]]) -> None:
    """Let the index say where the answers of one archive file lie, and name none that is not there; all or nothing.

    The request for an answer that is gone stays in the ledger, and leads nowhere.
    """
    connection = warehouse.connection
    rows = [{"snapshot_id": name, "start": start, "size": size} for name, (start, size) in places.items()]
    types = pa.schema([("snapshot_id", pa.string()), ("start", pa.int64()), ("size", pa.int64())])
    connection.register("dragongate_places", pa.Table.from_pylist(rows, schema=types))
    connection.execute("CREATE OR REPLACE TEMP TABLE places AS SELECT * FROM dragongate_places")
    connection.unregister("dragongate_places")
    with transaction(connection):
        gone = "archive_file = ? AND snapshot_id NOT IN (SELECT snapshot_id FROM temp.places)"
        connection.execute(
            "UPDATE ops.fetches SET snapshot_id = NULL "
            f"WHERE snapshot_id IN (SELECT snapshot_id FROM raw.snapshots WHERE {gone})",
            [file],
        )
        connection.execute(f"DELETE FROM raw.snapshots WHERE {gone}", [file])
        connection.execute(
            "UPDATE raw.snapshots AS kept SET archive_offset = place.start, archive_length = place.size "
            "FROM temp.places AS place WHERE kept.snapshot_id = place.snapshot_id AND kept.archive_file = ? "
            "AND (kept.archive_offset, kept.archive_length) IS DISTINCT FROM (place.start, place.size)",
            [file],
        )
    drop(connection, "places")


def _named_in(connection: duckdb.DuckDBPyConnection, catalog: str) -> set[str]:
    parts = list(_questions(catalog, columns_of(connection, catalog)))
    found = connection.execute(" UNION ".join(parts)).fetchall() if parts else []
    return {str(name) for (name,) in found if name}


def _questions(catalog: str, tables: Mapping[str, list[str]]) -> Iterator[str]:
    for table, columns in tables.items():
        if table in _MERELY_NAMED:
            continue
        for column in columns:
            if column.endswith(_ONE):
                yield f'SELECT "{column}" FROM "{catalog}".{table}'
            elif column.endswith(_MANY):
                yield f'SELECT unnest("{column}") FROM "{catalog}".{table}'
    if "ops.corrections" in tables:
        rejected = "table_name = 'raw.snapshots'"
        yield f"SELECT regexp_replace(row_key, '^snapshot_id=', '') FROM \"{catalog}\".ops.corrections WHERE {rejected}"
