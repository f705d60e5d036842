"""What a transform gives back: rows for tables, and what it set aside with the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from extractors.snapshot import Snapshot
from warehouse.tables.table import Table


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that was not kept: the loader writes it to `ops.rejects`."""

    table: str
    reason: str
    row: Mapping[str, Any]
    snapshot_id: str
    source_id: str


@dataclass(frozen=True, slots=True)
class Tidy:
    """Arrow tables by table name, in that table's columns and types, and the rows that were set aside."""

    rows: Mapping[str, pa.Table] = field(default_factory=dict)
    set_aside: tuple[SetAside, ...] = ()

    @staticmethod
    def of(table: Table, rows: Iterable[Mapping[str, Any]] | pa.Table, set_aside: Iterable[SetAside] = ()) -> "Tidy":
        """Make a Tidy of one table from dictionaries or from columns."""
        data = table.conform(rows) if isinstance(rows, pa.Table) else table.arrow(rows)
        return Tidy({table.name: data}, tuple(set_aside))

    def __or__(self, other: "Tidy") -> "Tidy":
        """Put two together; rows of the same table are appended."""
        rows = dict(self.rows)
        for name, data in other.rows.items():
            rows[name] = pa.concat_tables([rows[name], data]) if name in rows else data
        return Tidy(rows, (*self.set_aside, *other.set_aside))

    @staticmethod
    def join(parts: Iterable["Tidy"]) -> "Tidy":
        """Put any number together."""
        rows: dict[str, list[pa.Table]] = {}
        aside: list[SetAside] = []
        for part in parts:
            aside.extend(part.set_aside)
            for name, data in part.rows.items():
                rows.setdefault(name, []).append(data)
        return Tidy({name: pa.concat_tables(data) for name, data in rows.items()}, tuple(aside))


def origin(snapshot: Snapshot, source_id: str) -> dict[str, Any]:
    """Give the provenance columns that a row takes from its snapshot; `available_at` is the transform's to say."""
    return {
        "source_id": source_id,
        "snapshot_id": snapshot.id,
        "fetched_at": snapshot.fetched_at,
        "first_seen_at": snapshot.first_seen_at,
    }
