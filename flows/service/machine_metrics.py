"""The metrics of the machine: the writer's lease, the scheduler's sign of life, the disk, the program."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from prometheus_client.core import Metric

from flows.scheduling.heartbeat import read_heartbeat
from flows.service.families import gauge, plain
from warehouse.home import Home
from warehouse.lease import note_of, read_note

FOLDERS = ("archive", "private", "published", "prefect")
"""Folders of a home whose sizes are told."""
_SIZES_KEPT_SECONDS = 600


def of_machine(home: Home, now: datetime) -> Iterator[Metric]:
    """Tell of the lease, the scheduler, the disk and the program."""
    yield from _lease(home)
    yield from _scheduler(home, now)
    yield from _disk(home, now)
    yield gauge("dragongate_build_info", "Version of Dragongate", ("version",), [((version("dragongate"),), 1.0)])


def _lease(home: Home) -> Iterator[Metric]:
    # The note alone is read: to try the lock could make a run that is just starting wait.
    holder = read_note(note_of(home))
    yield plain("dragongate_lease_held", "Whether a run writes, or died while it did", float(holder is not None))
    yield gauge(
        "dragongate_lease_since_timestamp_seconds",
        "Since when the run that writes does so",
        ("flow",),
        [((holder.flow,), holder.since.timestamp())] if holder else [],
    )


def _scheduler(home: Home, now: datetime) -> Iterator[Metric]:
    """Tell of the scheduler; of a home that never had one, nothing."""
    sign = read_heartbeat(home)
    if sign is None:
        return
    yield plain("dragongate_heartbeat_timestamp_seconds", "Last sign of life of the scheduler", sign.at.timestamp())
    age = max(0.0, (now - sign.at).total_seconds())
    yield plain("dragongate_heartbeat_age_seconds", "Time since the last sign of life of the scheduler", age)
    yield gauge(
        "dragongate_schedule_next_timestamp_seconds",
        "When a schedule starts its next run, as the scheduler said last",
        ("schedule",),
        [((one.schedule,), one.at.timestamp()) for one in sign.next],
    )
    ping = sign.dead_man_ping
    if ping is not None:
        name, meaning = "dragongate_dead_man_ping", "dead-man ping"
        yield plain(f"{name}_timestamp_seconds", f"Last outgoing {meaning}", ping.at.timestamp())
        yield plain(f"{name}_success", f"Whether the last outgoing {meaning} arrived", float(ping.ok))


def _disk(home: Home, now: datetime) -> Iterator[Metric]:
    try:
        usage = shutil.disk_usage(home.root)
    except OSError:
        return
    yield plain("dragongate_disk_free_bytes", "Room left on the disk of the home", usage.free)
    yield plain("dragongate_disk_size_bytes", "Size of the disk of the home", usage.total)
    sizes = _sizes(home.root, int(now.timestamp()) // _SIZES_KEPT_SECONDS)
    meaning = "Size of the files in a folder of the home, measured every ten minutes"
    yield gauge("dragongate_home_size_bytes", meaning, ("folder",), [((name,), size) for name, size in sizes])


@lru_cache(maxsize=4)
def _sizes(root: Path, period: int) -> tuple[tuple[str, float], ...]:
    return tuple((name, float(_size(root / name))) for name in FOLDERS)


def _size(folder: Path) -> int:
    """Add up files; one that goes meanwhile counts nothing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += 0 if file.is_dir() else file.lstat().st_size
        except OSError:
            continue
    return total
