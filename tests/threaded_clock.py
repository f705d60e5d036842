"""A clock for runs with many threads: nobody really sleeps, and a pause of one thread does not move the others."""

from datetime import UTC, datetime, timedelta
from threading import Lock, local


class ThreadedClock:
    """Stands still by day; by the second each thread has its own time, which only its own sleeping moves.

    A new thread begins when the latest one is: it is started after the others have waited.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)
        self.slept: list[float] = []
        self._latest = 0.0
        self._mine = local()
        self._lock = Lock()

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        if not hasattr(self._mine, "ticks"):
            with self._lock:
                self._mine.ticks = self._latest
        return float(self._mine.ticks)

    def sleep(self, seconds: float) -> None:
        ticks = self.monotonic() + seconds
        with self._lock:
            self.slept.append(seconds)
            self._latest = max(self._latest, ticks)
        self._mine.ticks = ticks

    def next_day(self, days: float = 1) -> "ThreadedClock":
        return ThreadedClock(self.at + timedelta(days=days))
