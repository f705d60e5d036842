"""What is remembered of alerts: who was told of what, until when somebody took it on.

It stands in `ops.alerts`. Only a run can write there, so what is new since the last run lies beside the lease in a
small file, until the end of the next run brings it in; the file also outlives a warehouse that is made anew.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock

from warehouse.database import Warehouse
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.published import NothingPublished, open_published_ops
from warehouse.tables.alerts import ALERTS

REMEMBERED = timedelta(days=2)
"""How long what is over is remembered: longer than anything is watched for coming back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of `ops.alerts`."""

    alert_name: str
    subject: str
    opened_at: datetime
    severity: str
    told_under: str
    whose: str
    sentence: str
    mend: str
    next_try: str
    why_command: str
    exchanges: tuple[str, ...] = ()
    recovered_at: datetime | None = None
    reopened_at: datetime | None = None
    reopened_count: int = 0
    told_at: datetime | None = None
    told_to: tuple[str, ...] = ()
    recovery_told_at: datetime | None = None
    recovery_told_to: tuple[str, ...] = ()
    not_told: str | None = None
    not_told_at: datetime | None = None
    digested_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_until: date | None = None
    acknowledged_because: str | None = None

    @property
    def trouble(self) -> tuple[str, str]:
        """What makes it the same trouble as another."""
        return self.alert_name, self.subject

    @property
    def key(self) -> tuple[str, str, datetime]:
        """What it is remembered by."""
        return self.alert_name, self.subject, self.opened_at

    @property
    def is_open(self) -> bool:
        """Whether it lasts."""
        return self.recovered_at is None

    @property
    def since(self) -> datetime:
        """Since when it lasts, or lasted: when it was noticed, or came back."""
        return self.reopened_at or self.opened_at

    def is_acknowledged(self, day: date) -> bool:
        """Tell whether somebody took it on, and that day is not past what he said."""
        return self.acknowledged_until is not None and day <= self.acknowledged_until


Book = dict[tuple[str, str, datetime], Entry]


def remembered(home: Home) -> Book:
    """Give what is open, and what was over a short while ago; the word of the file comes before the ledger's."""
    return {entry.key: entry for entry in (*_of_ledger(home), *_of_file(home))}


def newest(book: Book) -> dict[tuple[str, str], Entry]:
    """Give the newest entry of each trouble."""
    return {one.trouble: one for one in sorted(book.values(), key=lambda one: one.opened_at)}


def open_alerts(home: Home) -> list[dict[str, Any]]:
    """List what is open, pages first, as rows of `ops.alerts`."""
    found = sorted(
        (one for one in remembered(home).values() if one.is_open), key=lambda one: (one.severity, one.trouble)
    )
    return [_row(one) for one in found]


@contextmanager
def alone_with_the_book(home: Home) -> Iterator[None]:
    """Let nobody else change the book meanwhile. Raises filelock.Timeout when somebody does for a minute."""
    home.lease.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(book_of(home).with_suffix(".lock"), timeout=60, thread_local=False):
        yield


def remember(home: Home, book: Book, now: datetime, *, is_in_ledger: bool) -> None:
    """Write the book beside the lease, whole or not at all; what stands in the ledger too may be forgotten here.

    Raises OSError where the disk does not let it.
    """
    kept = [asdict(one) for one in book.values() if not is_in_ledger or not _is_past(one, now)]
    file = book_of(home)
    whole = file.with_name(file.name + ".new")
    whole.write_text(json.dumps(kept, default=_plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    whole.replace(file)


def _is_past(entry: Entry, now: datetime) -> bool:
    return entry.recovered_at is not None and now - entry.recovered_at > REMEMBERED


def entries_of(warehouse: Warehouse) -> Book:
    """Read the newest entry of each trouble from the writer's own file."""
    rows = warehouse.frame(_NEWEST.format(table=ALERTS.name)).to_pylist()
    return {entry.key: entry for entry in map(_entry, rows)}


def write_entries(warehouse: Warehouse, entries: Iterable[Entry]) -> None:
    """Write entries into `ops.alerts`; the one before of the same trouble goes."""
    warehouse.append({ALERTS.name: ALERTS.arrow(map(_row, entries))})


def book_of(home: Home) -> Path:
    """Say where the file lies."""
    return home.lease.with_name("alerts.json")


def _of_ledger(home: Home) -> Iterator[Entry]:
    """Read the published ledger; one that cannot be read, or is of an older version, says nothing."""
    try:
        with open_published_ops(home) as connection:
            rows = connection.execute(_NEWEST.format(table=ALERTS.base)).to_arrow_table().to_pylist()
    except (NothingPublished, WarehouseError, duckdb.Error, OSError):
        return
    yield from (_entry(row) for row in rows)


_NEWEST = """
SELECT * FROM {table}
QUALIFY row_number() OVER (PARTITION BY alert_name, subject ORDER BY opened_at DESC) = 1
"""
"""Troubles are few: one for each kind and source or table."""


def _of_file(home: Home) -> Iterator[Entry]:
    """Read the file; one that a dying disk cut short says nothing."""
    try:
        rows = json.loads(book_of(home).read_text(encoding="utf-8"))
        yield from [_entry({name: _read(name, value) for name, value in row.items()}) for row in rows]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return


_NAMES = tuple(one.name for one in fields(Entry))
_LISTS = ("exchanges", "told_to", "recovery_told_to")


def _entry(row: Mapping[str, Any]) -> Entry:
    values: dict[str, Any] = {name: tuple(row[name] or ()) if name in _LISTS else row[name] for name in _NAMES}
    return Entry(**values)


def _row(entry: Entry) -> dict[str, Any]:
    return {name: list(value) if name in _LISTS else value for name, value in asdict(entry).items()}


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name == "acknowledged_until" else value


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the book")
