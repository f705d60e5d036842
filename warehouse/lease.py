"""The writer's lease: one process at a time writes a home's warehouse.

The lock is the operating system's, so a process that is killed gives it up at once. The note beside it says
who holds it; a note that is found when the lock was free was left by a holder that died.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from warehouse.home import Home


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lease, or held it."""

    flow: str
    run_id: str
    pid: int
    host: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Lease:
    """The lease, while it is held."""

    holder: Holder
    found_dead: Holder | None
    """The one before, if it died with the lease in hand: close its run."""


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


@contextmanager
def hold(home: Home, *, flow: str, run_id: str, now: datetime, wait_seconds: float = 0) -> Iterator[Lease]:
    """Hold the writer's lease for the length of a `with` block.

    Raises LeaseHeld when somebody else still has it after `wait_seconds`.
    """
    home.lease.parent.mkdir(parents=True, exist_ok=True)
    note = note_of(home)
    try:
        # Runs hand work to threads; whichever of them ends the block may let go.
        lock = FileLock(home.lease, timeout=wait_seconds, thread_local=False)
        lock.acquire()
    except Timeout:
        raise LeaseHeld(home, read_note(note), now) from None
    try:
        holder = Holder(flow, run_id, os.getpid(), socket.gethostname(), now)
        lease = Lease(holder, found_dead=read_note(note))
        _write_note(note, holder)
        yield lease
    finally:
        # Only a holder that died leaves its note behind.
        note.unlink(missing_ok=True)
        lock.release()


def note_of(home: Home) -> Path:
    """Say where the holder's note lies."""
    return home.lease.with_name(home.lease.name + ".json")


def read_note(note: Path) -> Holder | None:
    """Read who holds the lease; none when there is no note, or one that a dying disk cut short."""
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
        return Holder(**{**found, "since": datetime.fromisoformat(found["since"])})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
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
