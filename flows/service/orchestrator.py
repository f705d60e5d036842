"""Whether Prefect's server can be reached, where one is configured. It observes: its absence stops nothing."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import requests

from extractors.urls import masked

PATIENCE_SECONDS = 0.5
ASKED_AGAIN_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Orchestrator:
    """What is known of Prefect's server."""

    url: str | None = None
    """Its API, without a password; null where none is configured."""
    is_reachable: bool | None = None
    problem: str | None = None
    checked_at: datetime | None = None


class PrefectWatch:
    """Asks Prefect's server how it is, twice a minute at most, however often we are asked."""

    def __init__(self, now: Callable[[], datetime], url: str | None = None) -> None:
        self._now = now
        self._url = (os.environ.get("PREFECT_API_URL", "") if url is None else url).rstrip("/")
        self._lock = Lock()
        self._known = Orchestrator()

    def look(self) -> Orchestrator:
        """Say what is known; nothing is configured where there is no address."""
        if not self._url:
            return self._known
        with self._lock:
            now = self._now()
            checked = self._known.checked_at
            if checked is None or not timedelta() <= now - checked < ASKED_AGAIN_AFTER:
                self._known = self._ask(now)
            return self._known

    def _ask(self, now: datetime) -> Orchestrator:
        shown = masked(self._url)
        try:
            answer = requests.get(f"{self._url}/health", timeout=PATIENCE_SECONDS)
        except requests.RequestException as error:
            return Orchestrator(shown, False, f"it does not answer ({type(error).__name__})", now)
        said = None if answer.ok else f"it answers with status {answer.status_code}"
        return Orchestrator(shown, answer.ok, said, now)
