"""What can be wrong, by name: the same names stand in the Prometheus rules and in the run book."""

from dataclasses import dataclass
from enum import StrEnum

RUNBOOK = "docs/runbook.md"


class Severity(StrEnum):
    """Who should hear of it, and how soon."""

    PAGE = "page"
    """Somebody now: what people rely on is missing, or will be."""
    TICKET = "ticket"
    """Somebody in working hours: the daily digest lists it."""


@dataclass(frozen=True, slots=True)
class AlertKind:
    """One thing that can be wrong."""

    name: str
    severity: Severity
    sentence: str
    passes_by: bool = False
    """News that ends by itself: its end is no recovery, and nobody is told of it."""

    @property
    def anchor(self) -> str:
        """Where the run book says what to do."""
        return f"{RUNBOOK}#{self.name.lower()}"


_PAGE, _TICKET = Severity.PAGE, Severity.TICKET

REQUIRED_DATA_STALE = AlertKind(
    "RequiredDataStale", _PAGE, "A table that a required source fills is older than its own calendar allows."
)
OPTIONAL_DATA_STALE = AlertKind(
    "OptionalDataStale", _TICKET, "A table that only optional sources fill is older than its own calendar allows."
)
DEADLINE_MISSED = AlertKind("DeadlineMissed", _PAGE, "What was due by a time of day is not here.")
REQUIRED_SOURCE_MISSING = AlertKind(
    "RequiredSourceMissing", _PAGE, "The newest run lacks an answer without which it is not complete."
)
OPTIONAL_SOURCE_MISSING = AlertKind(
    "OptionalSourceMissing", _TICKET, "The newest run lacks an answer of an optional source."
)
CHECK_FAILED = AlertKind("CheckFailed", _TICKET, "A table breaks a rule that does not keep it back.")
TABLE_KEPT_BACK = AlertKind(
    "TableKeptBack", _PAGE, "A table breaks a rule and shows its last good content instead of the newest."
)
SOURCE_DRIFT = AlertKind("SourceDrift", _TICKET, "A source sends fields that we do not know.", passes_by=True)
SOURCES_DISAGREE = AlertKind("SourcesDisagree", _TICKET, "Sources differ about a value by more than the tolerance.")
RUN_FAILED = AlertKind("RunFailed", _PAGE, "The newest run of a flow did not complete.")
RUN_DIED = AlertKind("RunDied", _PAGE, "The process of a run went away before its end.")
NO_RUN_ENDED = AlertKind("NoRunEnded", _PAGE, "No run has ended for longer than the schedule allows.")
SCHEDULER_HEARTBEAT_GONE = AlertKind(
    "SchedulerHeartbeatGone", _PAGE, "The process that starts the runs gives no sign of life."
)
DISK_LOW = AlertKind("DiskLow", _PAGE, "The disk of the home is nearly full.")
LEASE_HELD_TOO_LONG = AlertKind("LeaseHeldTooLong", _PAGE, "A run holds the writer's lease for longer than runs take.")
GENERATION_NOT_READABLE = AlertKind(
    "GenerationNotReadable", _PAGE, "The published warehouse cannot be opened by its readers."
)

KINDS: tuple[AlertKind, ...] = (
    REQUIRED_DATA_STALE,
    OPTIONAL_DATA_STALE,
    DEADLINE_MISSED,
    REQUIRED_SOURCE_MISSING,
    OPTIONAL_SOURCE_MISSING,
    CHECK_FAILED,
    TABLE_KEPT_BACK,
    SOURCE_DRIFT,
    SOURCES_DISAGREE,
    RUN_FAILED,
    RUN_DIED,
    NO_RUN_ENDED,
    SCHEDULER_HEARTBEAT_GONE,
    DISK_LOW,
    LEASE_HELD_TOO_LONG,
    GENERATION_NOT_READABLE,
)
KIND_BY_NAME = {kind.name: kind for kind in KINDS}
