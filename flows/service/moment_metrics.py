"""The metrics that change with the clock, between two runs too: ages, deadlines, the scheduler and the machine."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from prometheus_client.core import Metric

from flows.alert import Situation, Surroundings
from flows.alerts_of_data import late_data
from flows.deadlines import DEADLINES
from flows.service.families import gauge, plain
from warehouse.freshness import ZONES, Calendar
from warehouse.home import Home
from warehouse.lease import note_of, read_note
from warehouse.measured import FromLedger

Calendars = Mapping[str, Calendar]
PARTS = ("archive", "private", "published", "prefect")
"""Folders of a home whose sizes are told."""
_HOUR = 3600.0
_SIZES_KEPT_SECONDS = 600


def of_data(ledger: FromLedger, calendars: Calendars, now: datetime) -> Iterator[Metric]:
    """Tell how old the data is now by its own calendars, and which deadlines passed without it."""
    situation = Situation(ledger.status, None, now, Surroundings(calendars=calendars, expected=ledger.expected))
    yield from _ages(ledger, situation)
    yield from _deadlines(situation)
    yield gauge(
        "dragongate_exchange_closed_today",
        "Whether an exchange does not trade today, by its own zone",
        ("exchange",),
        [((name,), float(_is_closed(name, calendars, now))) for name in sorted(calendars)],
    )


def _ages(ledger: FromLedger, situation: Situation) -> Iterator[Metric]:
    """A pipeline that stands still must not look fresh; of a home that only replays, nothing is expected meanwhile."""
    calendars = situation.around.calendars
    found = {
        one.table: one.at(situation.now if situation.is_live else one.measured_at, calendars) for one in ledger.ages
    }
    yield gauge(
        "dragongate_data_age_seconds",
        "Age of a table's data now, by the data's own time; hours of closed days do not count where it has a calendar",
        ("table",),
        [((table,), hours * _HOUR) for table, (hours, _) in found.items() if hours is not None],
    )
    yield gauge(
        "dragongate_data_stale",
        "Whether a table is older than its own calendar allows, or empty though a source for it is on",
        ("table",),
        [((table,), float(is_stale)) for table, (_, is_stale) in found.items()],
    )


def _deadlines(situation: Situation) -> Iterator[Metric]:
    missed = {one.subject: one for one in late_data(situation)}
    calendars, now = situation.around.calendars, situation.now
    due = {one: one.last_due(now, calendars) for one in DEADLINES}
    yield gauge(
        "dragongate_deadline_timestamp_seconds",
        "When what a deadline is about was due last",
        ("deadline",),
        [((one.name,), one.due_at(day).timestamp()) for one, day in due.items() if day],
    )
    yield gauge(
        "dragongate_deadline_missed",
        "Whether a deadline passed without the data of the day that it is about, and whose matter that is",
        ("deadline", "whose"),
        [
            ((one.name, whose), float(one.name in missed and missed[one.name].whose == whose))
            for one in DEADLINES
            for whose in ("ours", "theirs")
        ],
    )
    yield gauge(
        "dragongate_deadline_quiet",
        "Whether all exchanges of a deadline are closed today: nobody waits for its data",
        ("deadline",),
        [((one.name,), float(_are_closed(one.exchanges, calendars, now))) for one in DEADLINES],
    )


def _are_closed(exchanges: tuple[str, ...], calendars: Calendars, now: datetime) -> bool:
    return bool(exchanges) and all(_is_closed(name, calendars, now) for name in exchanges)


def _is_closed(name: str, calendars: Calendars, now: datetime) -> bool:
    zone = ZONES[name]
    return not calendars.get(name, Calendar(zone)).trades_on(now.astimezone(zone).date())


def of_machine(home: Home, now: datetime) -> Iterator[Metric]:
    """Tell of the writer's lease, the disk and the program."""
    yield from _lease(home)
    yield from _disk(home, now)
    yield gauge("dragongate_build_info", "Version of Dragongate", ("version",), [((version("dragongate"),), 1.0)])


def _lease(home: Home) -> Iterator[Metric]:
    holder = read_note(note_of(home))
    yield plain("dragongate_lease_held", "Whether a run writes, or died while it did", float(holder is not None))
    yield gauge(
        "dragongate_lease_since_timestamp_seconds",
        "Since when the run that writes does so",
        ("flow",),
        [((holder.flow,), holder.since.timestamp())] if holder else [],
    )


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
    return tuple((name, float(_size(root / name))) for name in PARTS)


def _size(folder: Path) -> int:
    """Add up files; one that goes meanwhile counts nothing."""
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.lstat().st_size if not file.is_dir() else 0
        except OSError:
            continue
    return total
