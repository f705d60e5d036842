"""What mending records mean for a warehouse: rows of the ledger, and answers whose rows go again.

Both happen wherever a record is taken in, so that a rebuild mends what was mended.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from extractors.mending import SOURCE, Correction, Mended, Mute, Rejection, Tombstone
from extractors.snapshot import Snapshot
from warehouse.database import Warehouse
from warehouse.lineage import marts_over
from warehouse.loaded import Loaded
from warehouse.tables.catalog import BY_NAME

Kept = tuple[Snapshot, Mended]
"""A record with the bytes that it was read from."""
REJECTED = "rejected: "


def ledger_of(kept: Iterable[Kept]) -> dict[str, pa.Table]:
    """Write the rows of the ledger that these records make."""
    rows: dict[str, list[dict[str, Any]]] = {"ops.corrections": [], "ops.mutes": [], "ops.tombstones": []}
    for snapshot, mended in kept:
        for name, row in _rows(snapshot, mended):
            rows[name].append(row)
    return {name: BY_NAME[name].arrow(listed) for name, listed in rows.items() if listed}


class Withdrawn:
    """Which saved answers give no rows, since somebody rejected them or took them down."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._rejected: dict[str, str] | None = None
        self._forgotten: set[str] = set()

    def enact(
        self, kept: Iterable[Kept], snapshot_ids: Iterable[str], *, run_id: str, loaded_at: datetime
    ) -> dict[str, Loaded]:
        """Undo what was read from withdrawn answers, among those of a batch and those that its records name."""
        rejected, forgotten = self._known()
        new_rejected = {one.snapshot_id: REJECTED + one.because for _, one in kept if isinstance(one, Rejection)}
        new_forgotten = {record.snapshot_id for _, one in kept if isinstance(one, Tombstone) for record in one.records}
        rejected.update(new_rejected)
        forgotten.update(new_forgotten)
        came = {*snapshot_ids, *new_rejected, *new_forgotten}
        loaded: dict[str, Loaded] = {}
        if down := came & forgotten:
            _add(loaded, self._warehouse.forget(down, run_id=run_id, loaded_at=loaded_at))
        if set_aside := {one: rejected[one] for one in came - down & rejected.keys()}:
            _add(loaded, self._warehouse.reject(set_aside, run_id=run_id, loaded_at=loaded_at))
        return loaded

    def _known(self) -> tuple[dict[str, str], set[str]]:
        if self._rejected is None:
            rows = self._warehouse.frame("SELECT row_key, because FROM ops.corrections WHERE kind = 'rejection'")
            self._rejected = {row["row_key"].partition("=")[2]: REJECTED + row["because"] for row in rows.to_pylist()}
            ids = self._warehouse.frame("SELECT snapshot_id FROM ops.tombstones")
            self._forgotten = set(ids.column("snapshot_id").to_pylist())
        return self._rejected, self._forgotten


def records_of(reads: Iterable[tuple[str, Snapshot | None, Iterable[Any]]]) -> list[Kept]:
    """Pick the mending records out of what was read: source, bytes, records."""
    return [
        (snapshot, record)
        for source_id, snapshot, records in reads
        for record in records
        if source_id == SOURCE.id and snapshot
    ]


def _rows(snapshot: Snapshot, mended: Mended) -> Iterator[tuple[str, dict[str, Any]]]:
    said = {"author": mended.author, "because": mended.because}
    at, name = snapshot.fetched_at, snapshot.id
    if isinstance(mended, Correction):
        table = BY_NAME.get(mended.table)
        yield (
            "ops.corrections",
            {
                "table_name": mended.table,
                "row_key": key_text(
                    {one: mended.row.get(one) for one in (table.key if table else ()) if one != "source_id"}
                ),
                "kind": "correction",
                "change_text": "; ".join(f"{one}: {old} → {new}" for one, (old, new) in mended.changes.items()),
                "corrected_at": at,
                "marts": marts_over([mended.table]),
                "snapshot_id": name,
                **said,
            },
        )
    elif isinstance(mended, Rejection):
        yield (
            "ops.corrections",
            {
                "table_name": "raw.snapshots",
                "row_key": f"snapshot_id={mended.snapshot_id}",
                "kind": "rejection",
                "change_text": ", ".join(mended.tables),
                "corrected_at": at,
                "marts": marts_over(mended.tables),
                "snapshot_id": name,
                **said,
            },
        )
    elif isinstance(mended, Mute):
        row = {"source_id": mended.source_id, "until_date": mended.until, "muted_at": at, "snapshot_id": name}
        yield "ops.mutes", {**row, **said}
    else:
        for one in mended.records:
            yield (
                "ops.tombstones",
                {
                    "snapshot_id": one.snapshot_id,
                    "url": mended.url,
                    "sha256": one.sha256,
                    "fetched_at": datetime.fromisoformat(one.fetched_at),
                    "row_keys": list(mended.rows),
                    "forgotten_at": at,
                    "tombstone_id": name,
                    **said,
                },
            )


def key_text(key: Mapping[str, Any]) -> str:
    """Write a key as people give it to `why`."""
    return ",".join(f"{name}={value}" for name, value in key.items())


def _add(loaded: dict[str, Loaded], more: Mapping[str, Loaded]) -> None:
    for name, one in more.items():
        loaded[name] = loaded[name] + one if name in loaded else one
