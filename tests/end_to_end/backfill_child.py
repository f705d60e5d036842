"""A backfill in a process of its own, which kills itself at a moment that is told: by SIGKILL, so nothing is tidied.

    python -m tests.end_to_end.backfill_child HOME PORT CA_BUNDLE MOMENT NUMBER

MOMENT is `answers` (NUMBER answers are archived), `loads` (NUMBER batches are loaded), `publishes` (before publishing
for the NUMBERth time), `chunks` (NUMBER chunks are done) or `never`.
"""

import os
import signal
import socket
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from extractors.archive import ArchiveWriter
from extractors.settings import Settings
from extractors.source import Window
from flows import job
from flows.backfilling import backfill
from flows.backfilling.remaining import Remaining
from flows.clients import Means
from flows.collect import Request
from flows.report import RunReport
from flows.runner import PlainRunner
from flows.taking import Taker
from flows.watching import default_watchlist
from tests.threaded_clock import ThreadedClock
from warehouse.home import Home

SATURDAY = datetime(2025, 1, 11, 6, tzinfo=UTC)
WINDOW = Window(date(2023, 12, 27), date(2024, 12, 31))
PUBLIC = "1.1.1.1"
"""What every name resolves to; nobody connects to it."""
SOURCES = ("tencent_daily", "ecb_rates")


def settings_of(ca_bundle: str) -> Settings:
    """Trust the certificates of the test."""
    return Settings(contact="operator@example.org", ca_bundle=ca_bundle)


def request_of(home: Path, settings: Settings, means: Means, now: Callable[[], datetime]) -> Request:
    """Ask for what `dragongate backfill` would."""
    watchlist = default_watchlist()
    only = backfill.chosen_sources(settings, watchlist, WINDOW, SOURCES, (), now)
    return Request(Home(home), settings, watchlist, WINDOW, only=only, is_backfill=True, means=means)


def fill(home: Path, settings: Settings, means: Means, now: Callable[[], datetime]) -> list[RunReport]:
    """Do what `dragongate backfill` does."""
    request = request_of(home, settings, means, now)
    chunks = [one for one in backfill.plan_backfill(request, now=now) if not one.is_here]
    left = backfill.remaining(chunks, settings, means.monotonic)
    course = backfill.Course(lambda window: PlainRunner(), now, left, lambda text: None)
    return backfill.run_chunks(request, chunks, course)


def means_of(port: int, clock: ThreadedClock) -> Means:
    """Lead every name to the server of the test."""

    def connect(address: tuple[str, int], timeout: float, **_: Any) -> socket.socket:
        del address
        return socket.create_connection(("127.0.0.1", port), timeout)

    return Means(clock.monotonic, clock.sleep, lambda host, port: [PUBLIC], connect)


def _die_at(moment: str, number: int) -> None:
    """Put the kill in the way of one function; it comes after the function has done its work, or before publishing."""
    numbers = count(1)

    def after(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            done = function(*args, **named)
            if next(numbers) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return done

        return counted

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            if next(numbers) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **named)

        return counted

    places: dict[str, Callable[[], None]] = {
        "answers": lambda: setattr(ArchiveWriter, "response", after(ArchiveWriter.response)),
        "loads": lambda: setattr(Taker, "_take_batch", after(Taker._take_batch)),
        "publishes": lambda: setattr(job, "publish", before(job.publish)),
        "chunks": lambda: setattr(Remaining, "finished", after(Remaining.finished)),
        "never": lambda: None,
    }
    places[moment]()


if __name__ == "__main__":
    home, port, ca_bundle, moment, number = sys.argv[1:]
    clock = ThreadedClock(SATURDAY)
    _die_at(moment, int(number))
    fill(Path(home), settings_of(ca_bundle), means_of(int(port), clock), clock.now)
