"""The writer's lease: one process at a time writes a home's warehouse.

The lock is the operating system's, so a process that is killed gives it up at once. The note beside it says
who holds it; a note that is found when the lock was free was left by a holder that died.
"""

import json
import os
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from warehouse.home import Home

_BRIEFLY = 2.0
"""Long enough to outwait somebody who only looks whether the lease is free."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lease, or held it."""

    flow: str
    run_id: str
    pid: int
    host: str
    since: datetime


class LeaseHeld(Exception):
    """Another process is writing; the message says who, since when, and what to do."""

    def __init__(self, home: Home, holder: Holder | None, now: datetime) -> None:
        who = _describe(holder, now) if holder else "another process, which has only just taken it"
        super().__init__(
            f"the warehouse in {home.root} is being written by {who}. Wait for it and start again; "
            f"end that process if it hangs: its half-done work is undone and the next run finishes it. "
            f"To read meanwhile, open {home.published_warehouse} read-only."
        )
        self.holder = holder


class Lease:
    """The writer's lease, held for the length of a `with` block."""

    found_dead: Holder | None = None
    """The holder before, if it died with the lease in hand: close its run."""

    def __init__(
        self, home: Home, *, flow: str, run_id: str, now: Callable[[], datetime], wait_seconds: float = _BRIEFLY
    ) -> None:
        self._home = home
        self._note = note_of(home)
        self._now = now
        self._who = (flow, run_id)
        # Runs hand work to threads; whichever of them ends the block may let go.
        self._lock = FileLock(home.lease, timeout=wait_seconds, thread_local=False)

    def __enter__(self) -> Self:
        """Take the lease. Raises LeaseHeld when somebody else still has it after the wait."""
        self._home.lease.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout:
            raise LeaseHeld(self._home, read_note(self._note), self._now()) from None
        self.found_dead = read_note(self._note)
        _write_note(self._note, Holder(*self._who, os.getpid(), socket.gethostname(), self._now()))
        return self

    def __exit__(self, *_: object) -> None:
        """Give the lease back; only a holder that died leaves its note behind."""
        self._note.unlink(missing_ok=True)
        self._lock.release()


def held_by(home: Home) -> Holder | None:
    """Say who holds the lease now; none when it is free, whatever a dead holder left behind."""
    holder = read_note(note_of(home))
    if holder is None:
        return None
    try:
        with FileLock(home.lease, timeout=0):
            return None
    except Timeout:
        return holder


def note_of(home: Home) -> Path:
    """Say where the holder's note lies."""
    return home.lease.with_name(home.lease.name + ".json")


def read_note(note: Path) -> Holder | None:
    """Read who holds the lease; none when there is no note that can be read, or one that a dying disk cut short."""
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
        return Holder(**{**found, "since": datetime.fromisoformat(found["since"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write_note(note: Path, holder: Holder) -> None:
    whole = note.with_name(note.name + ".new")
    whole.write_text(json.dumps({**asdict(holder), "since": holder.since.isoformat()}), encoding="utf-8")
    whole.replace(note)


def _describe(holder: Holder, now: datetime) -> str:
    minutes = max(0, int((now - holder.since).total_seconds() // 60))
    length = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return (
        f"the flow {holder.flow} (run {holder.run_id}, process {holder.pid} on {holder.host}) "
        f"since {holder.since.isoformat(timespec='seconds')}, for {length}"
    )
