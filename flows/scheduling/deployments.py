"""What `dragongate deploy` makes of the schedules: for each a deployment, with times that Prefect can keep.

Times of day and spans are exact. A session's close has few local times in a year, its usual one and those of half
days: each becomes a cron line in the exchange's zone, and the run itself finds out by the calendar whether it is due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from extractors.exchanges import EXCHANGES
from extractors.schedule import Schedule, moment_of, span_of, time_of
from flows.scheduling.schedules import moments
from flows.scheduling.session_moments import Sessions, session_on

AHEAD = timedelta(days=400)
"""How far the calendar is looked through: a year has every kind of half day."""


@dataclass(frozen=True, slots=True)
class Cron:
    """One cron line and the zone that it holds in, clock changes included."""

    line: str
    zone: str

    def __str__(self) -> str:
        return f"{self.line} {self.zone}"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment, before Prefect hears of it."""

    name: str
    crons: tuple[Cron, ...] = ()
    every: timedelta | None = None
    """Counted from midnight UTC of 1 January 1970."""
    is_checked: bool = False
    """Whether some of these times are not due, which the run itself finds out."""

    @property
    def times(self) -> str:
        """What a person reads."""
        return f"every {self.every}" if self.every else "; ".join(map(str, self.crons))


def deployment_of(schedule: Schedule, now: datetime, sessions: Sessions = session_on) -> Deployment:
    """Say what becomes of one schedule."""
    if schedule.every:
        return Deployment(schedule.name, every=span_of(schedule.every))
    if schedule.at:
        times = sorted(time_of(one) for one in schedule.at)
        return Deployment(schedule.name, tuple(Cron(f"{t.minute} {t.hour} * * *", schedule.zone) for t in times))
    return Deployment(schedule.name, tuple(_crons(schedule, now, sessions)), is_checked=True)


def deployments(schedules: Sequence[Schedule], now: datetime) -> list[Deployment]:
    """Say what becomes of all schedules."""
    return [deployment_of(one, now) for one in schedules]


def _crons(schedule: Schedule, now: datetime, sessions: Sessions) -> Iterator[Cron]:
    zone = EXCHANGES[moment_of(schedule.after)[0]].zone
    days: dict[tuple[int, int], set[int]] = {}
    for moment in moments(schedule, now, now + AHEAD, sessions):
        local = moment.astimezone(zone)
        days.setdefault((local.hour, local.minute), set()).add(local.isoweekday())
    for (hour, minute), weekdays in sorted(days.items()):
        yield Cron(f"{minute} {hour} * * {','.join(map(str, sorted(weekdays)))}", str(zone))
