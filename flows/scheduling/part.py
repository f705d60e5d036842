"""One process that `dragongate up` keeps running beside the schedules: Prefect's server, the status service."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import requests

from flows.scheduling.tether import Tethered

log = logging.getLogger("dragongate")

PATIENCE = timedelta(seconds=90)
"""How long a part may take until it answers; runs do not wait longer for it."""
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)
STEADY_AFTER = timedelta(minutes=5)
"""A part that ran as long is started anew at once when it ends."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a part is started, and where it answers."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    health: str
    """Address that answers once the part is ready."""
    page: str
    """What a person opens."""
    is_awaited: bool = False
    """Whether runs wait until it is ready."""


class Part:
    """Keeps one process running: starts it anew when it ends, after a pause that grows."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._child: Tethered | None = None
        self._started_at: datetime | None = None
        self._again_at: datetime | None = None
        self._pause = FIRST_PAUSE
        self._is_ready = False

    def look(self, now: datetime) -> None:
        """Start it, notice that it is ready or has ended, and say so once."""
        if self._child is None:
            if self._again_at is None or now >= self._again_at:
                self._start(now)
            return
        code = self._child.ended_with()
        if code is not None:
            self._has_ended(code, now)
        elif not self._is_ready and self._answers():
            self._is_ready = True
            log.info("%s is at %s", self._recipe.name, self._recipe.page)

    def is_settled(self, now: datetime) -> bool:
        """Tell whether runs need not wait: it is ready, has taken too long, or nothing depends on it."""
        return (
            self._is_ready
            or not self._recipe.is_awaited
            or (self._started_at is not None and now >= self._started_at + PATIENCE)
        )

    def end(self) -> None:
        """End it and wait until it is gone."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _start(self, now: datetime) -> None:
        self._recipe.log.parent.mkdir(parents=True, exist_ok=True)
        self._child = Tethered(self._recipe.command, self._recipe.environment, self._recipe.log)
        self._started_at = now

    def _has_ended(self, code: int, now: datetime) -> None:
        if self._started_at is not None and now >= self._started_at + STEADY_AFTER:
            self._pause = FIRST_PAUSE
        log.warning(
            "%s ended with code %s; it is started again in %.0f s; see %s",
            self._recipe.name,
            code,
            self._pause.total_seconds(),
            self._recipe.log,
        )
        self.end()
        self._is_ready = False
        self._again_at = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _answers(self) -> bool:
        try:
            status: int = requests.get(self._recipe.health, timeout=1).status_code
            return status < 500  # a page that asks for a password is ready too
        except requests.RequestException:
            return False
