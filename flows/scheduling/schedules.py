"""Which schedules are due, and when each comes next. Pure: the time is given, and so is what ran.

A schedule is due when one of its moments has passed and no run has answered for it since. However many moments
were missed, there is one run: each source catches up by its own cursor. A run that failed is tried again a few
times, since what is missing at the close is often there half an hour later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from extractors.registry import EXTRACTORS
from extractors.schedule import Schedule, moment_of, span_of, time_of
from flows.scheduling.session_moments import Sessions, days_around, session_on

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ALWAYS = ("watchlist_file", "trading_calendars", "index_members")
"""What every run needs and asks no host for: whom we follow, and when exchanges trade."""
FARTHEST = timedelta(days=21)
"""How far a next moment is looked for: no exchange is closed for longer."""
_NEAR = timedelta(hours=4)
RETRY_AFTER = timedelta(minutes=30)
MOST_TRIES = 3
"""How often a moment is tried whose runs fail."""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run that a schedule started, as the ledger has it."""

    started_at: datetime
    is_good: bool
    """Whether everything required came."""


@dataclass(frozen=True, slots=True)
class Due:
    """One schedule whose turn it is."""

    schedule: Schedule
    at: datetime
    """The newest moment that nothing answered for."""
    missed: int = 0
    """Earlier moments that the same run makes up for."""
    tries: int = 0
    """Runs since that moment that failed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One run for all that is due."""

    due: tuple[Due, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The schedules that it is for."""
        return tuple(one.schedule.name for one in self.due)

    def __str__(self) -> str:
        return ", ".join(_told(one) for one in self.due)


def moments(schedule: Schedule, start: datetime, end: datetime, sessions: Sessions = session_on) -> Iterator[datetime]:
    """List the moments of a schedule after `start` and up to `end`, in UTC and in order.

    A local time that a clock change skips comes as much later as the clock was put forward; one that comes twice
    counts the first time.
    """
    found = _moments(schedule, start, end, sessions)
    return iter(sorted({one for one in found if start < one <= end}))


def next_time(schedule: Schedule, after: datetime, sessions: Sessions = session_on) -> datetime | None:
    """Give the first moment after an instant; none where three weeks have none."""
    for farthest in (_NEAR, FARTHEST):
        found = next(moments(schedule, after, after + farthest, sessions), None)
        if found is not None:
            return found
    return None


def coming(schedules: Sequence[Schedule], now: datetime, sessions: Sessions = session_on) -> list[tuple[datetime, str]]:
    """Say when each schedule comes next, soonest first, with its name."""
    found = ((next_time(one, now, sessions), one.name) for one in schedules)
    return sorted((at, name) for at, name in found if at)


def due(
    schedules: Sequence[Schedule],
    ran: Mapping[str, Sequence[Ran]],
    now: datetime,
    *,
    since: datetime | None = None,
    sessions: Sessions = session_on,
) -> Turn | None:
    """Put everything that is due into one run; none when nothing is.

    `ran` lists runs by schedule. A schedule that never ran is due at once. Failed runs that began before `since`,
    when the scheduler started, are tried again without a pause.
    """
    found = [one for schedule in schedules if (one := _due(schedule, ran.get(schedule.name, ()), now, since, sessions))]
    return Turn(tuple(sorted(found, key=lambda one: (one.at, one.schedule.name)))) if found else None


def sources_of(schedules: Sequence[Schedule]) -> tuple[str, ...]:
    """Name the sources that a run for these schedules asks, in the order of the registry."""
    kinds = {kind for one in schedules for kind in one.kinds}
    named = {*ALWAYS, *(source for one in schedules for source in one.sources)}
    return tuple(one.source.id for one in EXTRACTORS if one.source.id in named or one.source.kind in kinds)


def _due(
    schedule: Schedule, ran: Sequence[Ran], now: datetime, since: datetime | None, sessions: Sessions
) -> Due | None:
    last_good = max((one.started_at for one in ran if one.is_good), default=None)
    if not ran:
        return Due(schedule, now)
    passed = list(moments(schedule, last_good or now - FARTHEST, now, sessions))
    if not passed:
        return None
    failed = [one.started_at for one in ran if not one.is_good and one.started_at >= passed[-1]]
    if len(failed) >= MOST_TRIES:
        return None
    if failed and max(failed) >= (since or EPOCH) and now < max(failed) + RETRY_AFTER:
        return None
    answered = max((one.started_at for one in ran), default=EPOCH)
    return Due(schedule, passed[-1], sum(one > answered for one in passed[:-1]), len(failed))


def _moments(schedule: Schedule, start: datetime, end: datetime, sessions: Sessions) -> Iterator[datetime]:
    if schedule.every:
        yield from _every(span_of(schedule.every), start, end)
    elif schedule.after:
        yield from _after(schedule, start, end, sessions)
    else:
        zone = ZoneInfo(schedule.zone)
        for day in days_around(start, end):
            yield from (datetime.combine(day, time_of(one), zone).astimezone(UTC) for one in schedule.at)


def _every(span: timedelta, start: datetime, end: datetime) -> Iterator[datetime]:
    number = (start - EPOCH) // span + 1
    while (moment := EPOCH + number * span) <= end:
        yield moment
        number += 1


def _after(schedule: Schedule, start: datetime, end: datetime, sessions: Sessions) -> Iterator[datetime]:
    exchange, moment = moment_of(schedule.after)
    delay = span_of(schedule.delay) if schedule.delay else timedelta()
    for day in days_around(start, end):
        session = sessions(exchange, day)
        if session:
            yield (session.closes_at if moment == "close" else session.opens_at) + delay


def _told(one: Due) -> str:
    parts = [f"due {one.at:%Y-%m-%d %H:%M}Z"]
    if one.missed:
        parts.append(f"with {one.missed} earlier")
    if one.tries:
        parts.append(f"try {one.tries + 1}")
    return f"{one.schedule.name} ({', '.join(parts)})"
