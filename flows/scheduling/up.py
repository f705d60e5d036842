"""Everything for one machine in one process tree: Prefect's server, the schedules, the status service.

Each run is a process of its own, the same as `dragongate run --schedule …`, so that memory is given back and nothing
that happens to it happens to the scheduler. It stands in a session of its own: Ctrl-C reaches the parent alone.
"""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from extractors.schedule import Schedule
from extractors.watchlist import BadWatchList
from flows.clock import Now
from flows.prefect_server import OURS, QUIET, retention, turned
from flows.scheduling.part import Part, Recipe
from flows.scheduling.scheduler import Scheduler
from flows.scheduling.schedules import Turn
from flows.watching import schedules_of
from warehouse.home import Home

log = logging.getLogger("dragongate")

WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where a process of this machine finds who listens so
GRACE_SECONDS = 20.0
"""How long a run may take to write down that it was stopped. Killed after that, the next start does it."""
LONGEST_WAIT = timedelta(seconds=30)
WAIT_WHILE_RUNNING = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address at which a process of this machine finds it."""
        host = WILDCARDS.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


class ChildRun:
    """One run as a child process."""

    def __init__(self, home: Home, turn: Turn, environment: Mapping[str, str], *, with_prefect: bool) -> None:
        home.logs.mkdir(parents=True, exist_ok=True)
        words = ["run", "--home", str(home.root)]
        words += [word for name in turn.names for word in ("--schedule", name)]
        with turned(home.logs / "runs.log").open("ab") as output:
            self._child = subprocess.Popen(  # noqa: S603  our own interpreter and arguments
                [sys.executable, "-m", "flows.main", *words, *([] if with_prefect else ["--no-server"])],
                env={**environment, "COLUMNS": "120"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def ended_with(self) -> int | None:
        """Give the exit code; none while it runs."""
        return self._child.poll()

    def end(self) -> None:
        """Ask it to stop; kill it where that takes too long. Transactions make either safe."""
        try:
            self._child.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=GRACE_SECONDS)
        finally:
            self._child.kill()
            self._child.wait()


class WatchedSchedules:
    """The schedules of a home, read again when its watch list changes; a wrong list changes nothing."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._changed_at = self._stamp()
        self._known = schedules_of(home)

    def __call__(self) -> Sequence[Schedule]:
        """Give the schedules as they are now."""
        stamp = self._stamp()
        if stamp != self._changed_at:
            self._changed_at = stamp
            try:
                self._known = schedules_of(self._home)
                log.info("the watch list has changed: schedules %s", ", ".join(one.name for one in self._known))
            except BadWatchList as error:
                log.error("the watch list has changed and is wrong; the schedules stay as they were: %s", error)
        return self._known

    def _stamp(self) -> float:
        with suppress(OSError):
            return self._home.watchlist.stat().st_mtime
        return 0.0


def server_recipe(home: Home, place: Place, keep_days: int = 0) -> Recipe:
    """Say how Prefect's server is started: its database, log and pages in the home, no telemetry.

    It keeps runs for so many days; 0 for ever.
    """
    here = f"{place.url}/api"
    environment = {
        **os.environ,
        **QUIET,
        **retention(keep_days),
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_UI_STATIC_DIRECTORY": str(home.prefect / "ui"),
        "PREFECT_UI_API_URL": os.environ.get("PREFECT_UI_API_URL", "/api" if place.host in WILDCARDS else here),
    }
    words = ["-m", "prefect", "server", "start", "--host", place.host, "--port", str(place.port)]
    log_file = turned(home.prefect / "server.log")
    return Recipe(
        "Prefect's server",
        [sys.executable, *words],
        environment,
        log_file,
        f"{place.url}/api/health",
        place.url,
        is_awaited=True,
    )


def service_recipe(home: Home, place: Place, environment: Mapping[str, str]) -> Recipe:
    """Say how the status service is started."""
    words = ["-m", "flows.main", "service", "--home", str(home.root), "--host", place.host, "--port", str(place.port)]
    log_file = turned(home.logs / "service.log")
    return Recipe(
        "The status page", [sys.executable, *words], environment, log_file, f"{place.url}/livez", f"{place.url}/"
    )


def environment_of_runs(home: Home, server: Place | None) -> dict[str, str]:
    """Give the environment in which runs and the service find Prefect's server, where there is one of ours."""
    if server is None:
        return dict(os.environ)
    found = {**os.environ, **QUIET, **OURS, "PREFECT_HOME": str(home.prefect), "PREFECT_API_URL": f"{server.url}/api"}
    if password := os.environ.get("PREFECT_SERVER_API_AUTH_STRING"):
        found["PREFECT_API_AUTH_STRING"] = password
    return found


def keep_up(scheduler: Scheduler, parts: Sequence[Part], *, now: Now, wait: Callable[[timedelta], bool]) -> None:
    """Keep parts and schedules going until `wait` says that it is over; then end all of them."""
    is_over = False
    try:
        while not is_over:
            for part in parts:
                part.look(now())
            scheduler.tick(may_start=all(part.is_settled(now()) for part in parts))
            is_busy = scheduler.is_running or not all(part.is_settled(now()) for part in parts)
            is_over = wait(WAIT_WHILE_RUNNING if is_busy else _until_next(scheduler, now))
    finally:
        try:
            scheduler.end()
        finally:
            for part in parts:
                part.end()


def _until_next(scheduler: Scheduler, now: Now) -> timedelta:
    moment = now()
    return min([LONGEST_WAIT, *(at - moment for at, _ in scheduler.coming(moment)[:1])])
