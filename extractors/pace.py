"""Manners towards each host: one request at a time, a pause between two, and none after it has turned us away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock

from extractors.errors import RateLimited, Refused, SourceError, Unavailable

_TRIPPED = {RateLimited.outcome: RateLimited, Refused.outcome: Refused}


@dataclass(slots=True)
class _Host:
    turn: RLock = field(default_factory=RLock)
    not_before: float = 0.0
    failures: int = 0
    tripped: SourceError | None = None


class Hosts:
    """What this run knows of each host. Shared by all threads."""

    def __init__(self, *, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, name: str, seconds: float) -> Iterator[None]:
        """Wait for our turn at a host; the next one comes `seconds` after this one began.

        Raises the error with the reason `circuit` when the host is not to be asked again in this run.
        """
        host = self._host(name)
        with host.turn:
            _require_closed(host)
            pause = host.not_before - self._monotonic()
            if pause > 0:
                self._sleep(pause)
            host.not_before = self._monotonic() + seconds
            yield

    def hold(self, name: str, seconds: float) -> None:
        """Leave a host alone for a while, whoever wants to ask it."""
        host = self._host(name)
        with self._lock:
            host.not_before = max(host.not_before, self._monotonic() + seconds)

    def trip(self, name: str, cause: SourceError) -> None:
        """Ask a host no more in this run."""
        kind = _TRIPPED.get(cause.outcome, Unavailable)
        host = self._host(name)
        with self._lock:
            host.tripped = host.tripped or kind("circuit", f"{name} is not asked again in this run: {cause}")

    def answered(self, name: str) -> None:
        """Note that a host is alive."""
        self._host(name).failures = 0

    def failed(self, name: str, cause: SourceError, *, limit: int) -> None:
        """Note that a host failed in spite of every attempt; at `limit` times in a row it is left alone."""
        host = self._host(name)
        host.failures += 1
        if host.failures >= limit:
            self.trip(name, cause)

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host())


def _require_closed(host: _Host) -> None:
    if host.tripped is not None:
        kind = type(host.tripped)
        raise kind(host.tripped.reason, str(host.tripped))
