"""What the service sees of a home: the published copies, read again when they change, and what is in the way.

A poll costs a look at three files as long as nothing new is published.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TypeVar

from warehouse.alert_book import book_of
from warehouse.home import Home
from warehouse.lease import note_of, read_note
from warehouse.overview import (
    UNREADABLE,
    Generation,
    Overview,
    Warehouse,
    read_overview,
    read_warehouse,
    why_unreadable,
)
from warehouse.published import NothingPublished
from warehouse.status import Status, read_status

ASKED_AGAIN_AFTER = timedelta(seconds=10)
"""How soon a copy that could not be read is tried again while it stays the same file."""
TRIES = 3
"""A generation may go while it is being opened; the link then shows a newer one."""
NOTHING = Status([], [], [], [], [], [], [], [], None)
Signature = tuple[tuple[str, int, int, int] | None, ...]
Now = Callable[[], datetime]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class View:
    """One look at a home."""

    status: Status
    overview: Overview = field(default_factory=Overview)
    warehouse: Warehouse | None = None
    """None where no generation can be read: `problem` says why, or nothing is published yet."""
    problem: str = ""
    """What cannot be read, and what to do; empty where everything can."""
    is_empty: bool = False
    """Nothing has been published here yet."""

    @property
    def generation(self) -> Generation | None:
        """The generation that readers get."""
        return self.warehouse.generation if self.warehouse else None

    @property
    def is_live(self) -> bool:
        """Whether this home asks sources; of one that only replays, nothing is expected between its runs."""
        return any(one["mode"] == "live" for one in self.status.runs)

    def as_of(self, now: datetime) -> datetime:
        """Give the moment at which ages are told: now; where only recordings are replayed, their end."""
        measured = self.overview.measured_at
        return now if self.is_live or measured is None else measured


class Sight:
    """Looks at a home, and remembers what it saw for as long as the files are the same."""

    def __init__(self, home: Home, now: Now) -> None:
        self._home = home
        self._now = now
        self._lock = Lock()
        self._seen: tuple[Signature, datetime, View] | None = None

    def look(self) -> View:
        """Give the state as it is published now; whatever is in the way becomes `problem`, never an error."""
        with self._lock:
            signature, now = self._signature(), self._now()
            if self._seen is None or not _holds(*self._seen, signature, now):
                self._seen = (signature, now, self._read(now))
            view = self._seen[2]
        running = read_note(note_of(self._home))
        return replace(view, status=replace(view.status, running=running))

    def _signature(self) -> Signature:
        home = self._home
        return tuple(_identity(one) for one in (home.published_ops, home.published_warehouse, book_of(home)))

    def _read(self, now: datetime) -> View:
        try:
            status = _again(lambda: read_status(self._home))
            if not status.runs:
                return View(status, is_empty=True)
            overview = _again(lambda: read_overview(self._home, status))
        except NothingPublished:
            return View(NOTHING, is_empty=True)
        except UNREADABLE as error:
            return View(NOTHING, problem=f"The ledger's published copy cannot be read. {why_unreadable(error)}")
        view = View(status, overview)
        try:
            return replace(view, warehouse=_again(lambda: read_warehouse(self._home, at=view.as_of(now))))
        except NothingPublished:
            return view
        except UNREADABLE as error:
            return replace(view, problem=f"The published warehouse cannot be read. {why_unreadable(error)}")


def _holds(before: Signature, read_at: datetime, view: View, signature: Signature, now: datetime) -> bool:
    """Tell whether what was seen still is so."""
    is_over = bool(view.problem) and not timedelta() <= now - read_at < ASKED_AGAIN_AFTER
    return before == signature and not is_over and (read_at.date() == now.date())


def _again(read: Callable[[], T]) -> T:
    for _ in range(TRIES - 1):
        with suppress(*UNREADABLE):
            return read()
    return read()


def _identity(path: Path) -> tuple[str, int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path.resolve()), found.st_ino, found.st_mtime_ns, found.st_size
