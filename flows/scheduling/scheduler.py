"""Starts runs when they are due, one at a time, and gives a sign of life. The clock and the runs are handed in.

What ran is read from the ledger and not from memory, so that a scheduler that was killed knows what is due. Only what
the ledger cannot know is remembered here: a run that left no word in it, which is tried again after a pause that grows.
"""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from extractors.schedule import Schedule
from flows.clock import Now
from flows.scheduling.heartbeat import Heartbeat, Next, Ping, write_heartbeat
from flows.scheduling.schedules import Ran, Turn, coming, due
from flows.scheduling.session_moments import Sessions, session_on
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.lease import Holder, held_by
from warehouse.scheduled import ScheduledRun

log = logging.getLogger("dragongate")

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
LONGEST_RUN = timedelta(hours=6)
"""After which a run hangs and is ended: what it archived is taken in by the next."""
PING_EVERY = timedelta(minutes=5)


class Running(Protocol):
    """A run that was started."""

    def ended_with(self) -> int | None:
        """Give the exit code; none while it runs."""

    def end(self) -> None:
        """End it and wait until it is gone."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What a scheduler reaches the world by."""

    now: Now
    begin: Callable[[Turn], Running]
    """Start a run for what is due."""
    schedules: Callable[[], Sequence[Schedule]]
    runs: Callable[[], Sequence[ScheduledRun]]
    """Runs that the ledger knows, newest first."""
    ping: Callable[[datetime], Ping | None] = lambda now: None
    tell: Callable[[datetime], object] = lambda now: None
    """Tell the operator what is wrong that no run tells of: that none came, that one hangs, that the disk is full."""
    sessions: Sessions = session_on
    is_good: Callable[[str], bool] = lambda state: state.startswith("completed")


@dataclass(slots=True)
class Scheduler:
    """The state between two looks at the clock."""

    home: Home
    outside: Outside
    since: datetime
    """When it started."""
    turn: Turn | None = None
    """What the run under way is for."""
    _run: Running | None = None
    _began_at: datetime | None = None
    _not_before: datetime | None = None
    _pause: timedelta = FIRST_PAUSE
    _waits_for: Holder | None = None
    _pinged: Ping | None = None
    _told_at: datetime | None = None
    _known: Sequence[Schedule] = field(default_factory=tuple)

    def tick(self, *, may_start: bool = True) -> None:
        """Look once: end what hangs, note what ended, start what is due, give a sign of life."""
        now = self.outside.now()
        self._known = self.outside.schedules()
        self._look_at_run(now)
        if may_start and self._run is None:
            self._start_what_is_due(now)
        self._give_sign(now)

    @property
    def is_running(self) -> bool:
        """Whether a run is under way."""
        return self._run is not None

    def coming(self, now: datetime) -> list[tuple[datetime, str]]:
        """Say when each schedule comes next, soonest first."""
        return coming(self._known, now, self.outside.sessions)

    def end(self) -> None:
        """End the run under way: the ledger stays as before or as after, and the next start finishes it."""
        if self._run is not None:
            log.info("ending the run for %s; what it archived is kept, and the next start goes on", self.turn)
            self._run.end()
            self._run = None

    def _look_at_run(self, now: datetime) -> None:
        if self._run is None or self._began_at is None:
            return
        code = self._run.ended_with()
        if code is None:
            if now >= self._began_at + LONGEST_RUN:
                log.error("the run for %s has lasted %s: it is ended", self.turn, LONGEST_RUN)
                self._run.end()
            return
        self._run = None
        self._note(code, self._began_at, now)

    def _note(self, code: int, began_at: datetime, now: datetime) -> None:
        """Say how a run ended, in the ledger's words; one without a word there is tried again after a pause."""
        names = set(self.turn.names) if self.turn else set()
        word = next((one for one in self._runs() if one.schedule in names and one.started_at >= began_at), None)
        if word is not None:
            self._pause, self._not_before = FIRST_PAUSE, None
            told = log.info if self.outside.is_good(word.state) else log.error
            seconds = (now - began_at).total_seconds()
            told("%s %s after %.0f s%s", word.run_id, word.state, seconds, f": {word.message}" if word.message else "")
            return
        self._not_before = now + self._pause
        log.error(
            "the run for %s ended with code %s and left no word in the ledger; again at %s",
            self.turn,
            code,
            f"{self._not_before:%H:%M}Z",
        )
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _start_what_is_due(self, now: datetime) -> None:
        if self._not_before is not None and now < self._not_before:
            return
        turn = due(self._known, self._ran(), now, since=self.since, sessions=self.outside.sessions)
        if turn is None or self._is_held():
            return
        log.info("run for %s", turn)
        self.turn, self._began_at = turn, now
        self._run = self.outside.begin(turn)

    def _is_held(self) -> bool:
        """Tell whether somebody else writes; a second run waits its turn."""
        holder = held_by(self.home)
        if holder is not None and holder != self._waits_for:
            log.info(
                "waiting: %s (run %s, process %s on %s) has the lease since %sZ; end that process if it hangs",
                holder.flow,
                holder.run_id,
                holder.pid,
                holder.host,
                f"{holder.since:%Y-%m-%d %H:%M}",
            )
        self._waits_for = holder
        return holder is not None

    def _ran(self) -> Mapping[str, Sequence[Ran]]:
        found: dict[str, list[Ran]] = {}
        for one in self._runs():
            found.setdefault(one.schedule, []).append(Ran(one.started_at, self.outside.is_good(one.state)))
        return found

    def _runs(self) -> Sequence[ScheduledRun]:
        try:
            return self.outside.runs()
        except WarehouseError as error:
            log.error("what ran is not known: %s", error)
            return ()

    def _give_sign(self, now: datetime) -> None:
        is_time = now >= (self._told_at or self.since) + PING_EVERY
        if self._pinged is None or now >= self._pinged.at + PING_EVERY:
            self._pinged = self.outside.ping(now)
        following = tuple(Next(name, at) for at, name in self.coming(now))
        try:
            write_heartbeat(self.home, Heartbeat(now, os.getpid(), following, self._pinged))
        except OSError as error:
            log.error("no sign of life could be written: %s", error)
        if is_time:
            self._told_at = now
            self.outside.tell(now)
