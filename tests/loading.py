"""A small warehouse for the tests of loading: notes that several people take down of the same thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from warehouse.database import Warehouse
from warehouse.loaded import Loaded
from warehouse.tables import ops, raw
from warehouse.tables.quotes import CHOICE
from warehouse.tables.table import Check, Load, Table, amount, instant, integer, provenance, text, texts

NOTES_BY_SOURCE = Table(
    "core.notes_by_source",
    grain="one note, as one person took it down",
    columns=(
        text("note_id", "The thing"),
        text("said", "What was said"),
        amount("weight", "How heavy it is", optional=True, unit="kg"),
        texts("tags", "Words for it", optional=True),
        instant("heard_at", "When", optional=True),
        text("page", "Where it stands", optional=True, in_content=False),
        *provenance("When it was said"),
    ),
    key=("note_id", "source_id"),
    checks=(
        Check("note_says_something", "length(said) > 0"),
        Check("note_is_not_forged", "said <> 'forged'", per_row=False),
        Check("note_is_short", "length(said) < 3", blocking=False),
    ),
)
NOTES = Table(
    "core.notes",
    grain="one note, from the best source that has it",
    columns=(*NOTES_BY_SOURCE.columns, *CHOICE),
    key=("note_id",),
    load=Load.CHOSEN,
    chosen_from=NOTES_BY_SOURCE.name,
    disputed_when="greatest_weight > least_weight * 2",
)
LABELS = Table(
    "core.labels",
    grain="one label, whoever wrote it",
    columns=(text("label_id", "The label"), text("reads", "What it reads"), *provenance("When it was written")),
    key=("label_id",),
)
WORDS = Table(
    "core.words",
    grain="one word in the notes",
    columns=(text("word", "The word"), integer("times", "How often"), *provenance("When it was first said")),
    key=("word",),
    load=Load.DERIVED,
)
TABLES = (*raw.TABLES, *ops.TABLES, NOTES_BY_SOURCE, NOTES, LABELS, WORDS)

START = datetime(2025, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: float) -> datetime:
    """Count days from the first of January 2025."""
    return START + timedelta(days=day)


@dataclass(frozen=True)
class Sighting:
    """What one source said of one note on one day; `seen` is another day where the recording came from elsewhere."""

    day: float
    said: str
    note: str = "n"
    source: str = "anna"
    seen: float | None = None
    public: float = 0
    snapshot: str = ""

    @property
    def snapshot_id(self) -> str:
        return self.snapshot or f"{self.source}-{self.day}"

    @property
    def known(self) -> float:
        return self.day if self.seen is None else self.seen

    def row(self, **more: Any) -> dict[str, Any]:
        return {
            "note_id": self.note,
            "said": self.said,
            "source_id": self.source,
            "snapshot_id": self.snapshot_id,
            "available_at": at(self.public),
            "fetched_at": at(self.day),
            "first_seen_at": at(self.known),
        } | more


def notes(rows: Iterable[Sighting | dict[str, Any]]) -> pa.Table:
    """Make a batch."""
    return NOTES_BY_SOURCE.arrow(one.row() if isinstance(one, Sighting) else one for one in rows)


def open_notes() -> Warehouse:
    """Open an empty warehouse of notes in memory."""
    return Warehouse.open_memory(TABLES)


_REST = ("core.labels", "history.labels", "core.words", "core.source_ranks", "ops.loads")


def empty(warehouse: Warehouse) -> None:
    """Take every row out."""
    for name in ("core.notes_by_source", "history.notes_by_source", "core.notes", *_REST):
        warehouse.connection.execute(f"DELETE FROM {name}")


def load(warehouse: Warehouse, *rows: Sighting | dict[str, Any], loaded_at: datetime = LATER, **more: Any) -> Loaded:
    """Load notes, and answer for the table of readings."""
    batch = {NOTES_BY_SOURCE.name: notes(rows)}
    return warehouse.load(batch, run_id="run", loaded_at=loaded_at, **more)[NOTES_BY_SOURCE.name]


def rows(warehouse: Warehouse, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Ask and get plain tuples; a time comes as its day counted from the start."""
    answer = warehouse.frame(sql, parameters).to_pylist()
    return [tuple(_day(value) for value in row.values()) for row in answer]


def _day(value: Any) -> Any:
    return (value - START) / timedelta(days=1) if isinstance(value, datetime) else value


def versions(warehouse: Warehouse, columns: str) -> list[tuple[Any, ...]]:
    """List all versions of all notes in their order, the current one of each last."""
    return rows(
        warehouse,
        f"""
        SELECT {columns} FROM (
            SELECT * FROM history.notes_by_source
            UNION ALL BY NAME SELECT * FROM core.notes_by_source
        ) ORDER BY note_id, source_id, fetched_at, snapshot_id, version_cause <> 'parser', known_from
        """,
    )


def everything(warehouse: Warehouse) -> dict[str, list[tuple[Any, ...]]]:
    """Read the whole content of a warehouse."""
    names = rows(warehouse, "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE NOT temporary")
    return {name: sorted(rows(warehouse, f"SELECT * FROM {name}"), key=repr) for (name,) in names}
