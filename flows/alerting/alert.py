"""One thing that is wrong, and what is looked at to find out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from flows.alerting.alert_kinds import AlertKind, Severity
from warehouse.freshness import Calendar
from warehouse.status import Status

PRODUCT = "dragongate"
"""The group of what is about no source."""


class Sign(Protocol):
    """The scheduler's sign of life, as `flows.scheduling.heartbeat` reads it."""

    @property
    def at(self) -> datetime:
        """When it was given last."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What neither the ledger nor the scheduler says: calendars, disk, lease, and whether the published copy opens."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    """Trading days by exchange."""
    expected: Sequence[Mapping[str, Any]] = ()
    """Rows of `ops.completeness` of the newest run that collected, those that are complete included."""
    disagreements: Mapping[str, int] = field(default_factory=dict)
    """Figures on which sources differ now, by table."""
    free_bytes: int | None = None
    total_bytes: int | None = None
    is_lease_held: bool = False
    unreadable: str = ""
    """Why the published warehouse cannot be opened; empty when it can, or none is published yet."""
    longest_hours_without_run: float = 26.0
    """What is allowed where the watch list has no schedules."""
    last_scheduled_at: datetime | None = None
    """Newest moment at which a schedule starts a run that should have ended by now; none without schedules."""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the rules look at."""

    status: Status
    sign: Sign | None
    now: datetime
    around: Surroundings

    @property
    def is_live(self) -> bool:
        """Whether this home asks sources; of one that only replays, nothing is expected between its runs."""
        return any(run["mode"] == "live" for run in self.status.runs)


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that is wrong now."""

    kind: AlertKind
    subject: str
    """A source, table, flow, deadline or part of the machine; never an address or a security."""
    whose: str
    """ours or theirs."""
    sentence: str
    mend: str
    next_try: str
    why: str
    """The command that tells more."""
    group: str = PRODUCT
    """The source or table that it is told under."""
    exchanges: tuple[str, ...] = ()
    """Exchanges whose data it is about; on a day on which all of them are closed it keeps quiet."""

    @property
    def name(self) -> str:
        """Name of its kind."""
        return self.kind.name

    @property
    def severity(self) -> Severity:
        """Page or ticket."""
        return self.kind.severity

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same alert as before."""
        return self.name, self.subject
