"""What people mend: corrections, rejected answers, muted sources, documents that were taken down.

Published by   the operator, by `dragongate correct`, `reject`, `mute` and `forget`
Read from      records of the home's archive, each with its author and its reason
Know that      the rows of a correction are of the source `manual`, which comes before all others; a rebuild reads
               these records again, so nothing that was mended is lost
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.reading import Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source
from extractors.tombstones import TOMBSTONE

CORRECTION = "urn:dragongate:correction"
REJECTION = "urn:dragongate:rejection"
MUTE = "urn:dragongate:mute"
MEDIA_TYPE = "application/json"

SOURCE = Source(
    "manual",
    title="What people corrected, rejected, muted or took down",
    publisher="the operator",
    kind="reference",
    home_url="urn:dragongate:",
    pace=Pace(0),
    tables=(),
    terms="The operator's own.",
    may_be_redistributed=True,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A row as a person says that it is, whole, so that it can be read without what it corrects."""

    table: str
    row: Mapping[str, Any]
    """Every column but the provenance; times, days and exact numbers as text."""
    changes: Mapping[str, tuple[Any, Any]]
    """What was changed: from what, to what."""
    author: str
    because: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A saved answer that shall give no rows."""

    snapshot_id: str
    tables: tuple[str, ...]
    """The tables that had rows from it."""
    author: str
    because: str


@dataclass(frozen=True, slots=True)
class Mute:
    """A source that may be missing up to a day, that day included."""

    source_id: str
    until: date
    author: str
    because: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One saved answer that was taken down."""

    snapshot_id: str
    sha256: str
    fetched_at: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An address whose document was taken down: what it was, and nothing of what it said."""

    url: str
    records: tuple[Forgotten, ...]
    rows: tuple[str, ...]
    """The rows that were read from it, each as `table column=value,…`."""
    author: str
    because: str


Mended = Correction | Rejection | Mute | Tombstone
_URIS: Mapping[type, str] = {Correction: CORRECTION, Rejection: REJECTION, Mute: MUTE, Tombstone: TOMBSTONE}


def matches(url: str) -> bool:
    """Tell whether this is something that a person mended."""
    return url in _URIS.values()


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for nothing: these records come from people."""
    del client, query
    yield from ()


def uri_of(mended: Mended) -> str:
    """Give the name under which a record is kept."""
    return _URIS[type(mended)]


def written(mended: Mended) -> bytes:
    """Write a record as it is kept."""
    return json.dumps(asdict(mended), default=str, ensure_ascii=False, indent=1).encode()


def parse(snapshot: Snapshot) -> Reading[Mended]:
    """Read one record. Raises ShapeChanged where it is none."""
    body = Record(json_body(snapshot), snapshot)
    return Reading((_READERS[snapshot.url](body, snapshot),))


def _correction(body: Record, snapshot: Snapshot) -> Correction:
    row, changes = body.take("row"), body.take("changes")
    is_right = isinstance(row, Mapping) and isinstance(changes, Mapping)
    if not is_right or not all(isinstance(one, list) and len(one) == 2 for one in changes.values()):
        raise ShapeChanged("row", snapshot.at("row and changes: expected values by column, from and to"))
    pairs = {name: (one[0], one[1]) for name, one in changes.items()}
    return Correction(body.text("table"), row, pairs, body.text("author"), body.text("because"))


def _rejection(body: Record, snapshot: Snapshot) -> Rejection:
    tables = _texts(body, "tables", snapshot)
    return Rejection(body.text("snapshot_id"), tables, body.text("author"), body.text("because"))


def _mute(body: Record, snapshot: Snapshot) -> Mute:
    del snapshot
    return Mute(body.text("source_id"), body.day("until"), body.text("author"), body.text("because"))


def _tombstone(body: Record, snapshot: Snapshot) -> Tombstone:
    records = tuple(
        Forgotten(one.text("snapshot_id"), one.text("sha256"), _instant(one, snapshot))
        for one in body.records("records")
    )
    rows = _texts(body, "rows", snapshot)
    return Tombstone(body.text("url"), records, rows, body.text("author"), body.text("because"))


def _instant(record: Record, snapshot: Snapshot) -> str:
    text = record.text("fetched_at")
    try:
        is_aware = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        is_aware = False
    if not is_aware:
        raise ShapeChanged("fetched_at", snapshot.at(f"fetched_at: expected a time with its zone, got {text!r}"))
    return text


def _texts(body: Record, name: str, snapshot: Snapshot) -> tuple[str, ...]:
    values = body.take(name)
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ShapeChanged(name, snapshot.at(f"{name}: expected a list of texts"))
    return tuple(values)


_READERS: Mapping[str, Callable[[Record, Snapshot], Mended]] = {
    CORRECTION: _correction,
    REJECTION: _rejection,
    MUTE: _mute,
    TOMBSTONE: _tombstone,
}
