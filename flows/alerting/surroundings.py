"""Look at what neither the ledger nor the scheduler says of a home."""

import shutil
from datetime import datetime, timedelta

from extractors.settings import Settings
from extractors.watchlist import BadWatchList
from flows.alerting.alert import Surroundings
from flows.scheduling.schedules import moments
from flows.watching import home_watchlist
from warehouse.home import Home
from warehouse.lease import held_by
from warehouse.surroundings import read_expected, read_generation

RUNS_TAKE = timedelta(hours=3)
"""So long after its moment the run of a schedule should have ended."""
_LOOKED_BACK = timedelta(days=8)


def look_around(home: Home, settings: Settings, now: datetime) -> Surroundings:
    """Look at disk, lease, schedules and the published copies; what cannot be looked at is left empty."""
    generation = read_generation(home)
    free, total = _disk(home)
    return Surroundings(
        calendars=generation.calendars,
        expected=read_expected(home),
        disagreements=generation.disagreements,
        free_bytes=free,
        total_bytes=total,
        is_lease_held=held_by(home) is not None,
        unreadable=generation.unreadable,
        longest_hours_without_run=settings.notify.longest_hours_without_run,
        last_scheduled_at=_last_scheduled(home, now - RUNS_TAKE),
    )


def _disk(home: Home) -> tuple[int | None, int | None]:
    try:
        found = shutil.disk_usage(home.root)
    except OSError:
        return None, None
    return found.free, found.total


def _last_scheduled(home: Home, until: datetime) -> datetime | None:
    """Give the newest moment up to one at which a schedule of the watch list starts a run."""
    try:
        watchlist = home_watchlist(home)
    except (BadWatchList, OSError):
        return None
    if watchlist is None:
        return None
    found = (one for schedule in watchlist.schedules for one in moments(schedule, until - _LOOKED_BACK, until))
    return max(found, default=None)
