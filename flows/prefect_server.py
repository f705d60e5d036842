"""A Prefect server of our own, for a run where none is configured.

`prefect server start --background` leaves pipes that nobody reads and dies of it, and a flow without a
server makes Prefect start a temporary one that loses task records. So the server is our child, with a
log file, and ends with us: a watcher between us holds a pipe whose end it sees even when we are killed.
Everything stays in the home folder and on the loopback address.
"""

import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

START_SECONDS = 90.0
LOG_BYTES = 5_000_000
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLIENT_MAX_RETRIES": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}
"""No telemetry, no long waits for a dead server, no results kept by the orchestrator."""
OURS = {"PREFECT_CLIENT_MAX_RETRIES": "0"}
"""A server on this machine that does not answer is gone; every further try would hold the run up."""


class NoServer(Exception):
    """The orchestrator's server did not start; the run goes on without it."""


def is_configured() -> bool:
    """Tell whether the operator runs a Prefect server that we should report to."""
    return bool(os.environ.get("PREFECT_API_URL"))


def retention(days: int) -> Mapping[str, str]:
    """Give the settings by which a server removes flow runs that ended longer ago, with their logs and artifacts.

    It looks when it starts and every hour. By itself it would remove events alone, and keep all runs; so does 0.
    """
    if not days:
        return {}
    seconds = str(days * 24 * 3600)
    return {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": seconds,
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": f"P{days}D",
    }


def turned(log: Path) -> Path:
    """Put a log that has grown large aside, in the place of the one before it; gives where to go on writing."""
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
    return log


@contextmanager
def server(folder: Path, keep_days: int = 0) -> Iterator[Mapping[str, str]]:
    """Run a server for as long as the block lasts; gives the environment in which Prefect finds it.

    It keeps runs for so many days; 0 for ever.

    Raises NoServer when it does not answer in time; its log says why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    settings = {**QUIET, **OURS, **retention(keep_days), "PREFECT_HOME": str(folder), "PREFECT_API_URL": url}
    command = [sys.executable, "-m", "flows.prefect_server", str(port)]
    with turned(folder / "server.log").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603  our own interpreter and arguments
            command, env={**os.environ, **settings}, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
        try:
            _wait_until_healthy(child, f"{url}/health", folder / "server.log")
            yield settings
        finally:
            _end(child)


def _wait_until_healthy(child: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise NoServer(f"the Prefect server ended at once with code {child.returncode}; see {log}")
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    raise NoServer(f"the Prefect server did not answer within {START_SECONDS:.0f} s; see {log}")


def watch(port: str) -> None:
    """Run the server until the pipe on standard input ends, which it does however our parent goes."""
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port, "--no-ui"]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  our own interpreter and arguments
    while child.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], 1.0)
        if readable and not os.read(sys.stdin.fileno(), 1):
            break
    _terminate(child)


def _end(watcher: subprocess.Popen[bytes]) -> None:
    if watcher.stdin:
        watcher.stdin.close()
    _terminate(watcher, first_wait=15)


def _terminate(child: subprocess.Popen[bytes], first_wait: float = 0) -> None:
    if first_wait:
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=first_wait)
            return
    child.terminate()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    watch(sys.argv[1])
