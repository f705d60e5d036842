"""What is wrong at a moment, from what the ledger says, the scheduler's sign of life and the state of the machine.

Pure: the same state gives the same alerts. What was told of them, to whom and when, is in `ops.alerts`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from flows.alerting.alert import Alert, Sign, Situation, Surroundings
from flows.alerting.alert_kinds import KIND_BY_NAME, KINDS, AlertKind, Severity
from flows.alerting.alerts_of_data import (
    checks_that_fail,
    disagreements,
    drift,
    late_data,
    missing_sources,
    stale_tables,
    tables_kept_back,
)
from flows.alerting.alerts_of_machine import (
    disk,
    lease_held_too_long,
    no_run,
    runs_that_died,
    runs_that_failed,
    scheduler,
    unreadable_generation,
)
from warehouse.status import Status

__all__ = ["KINDS", "KIND_BY_NAME", "Alert", "AlertKind", "Severity", "Surroundings", "alerts"]

_RULES: tuple[Callable[[Situation], Iterator[Alert]], ...] = (
    stale_tables,
    late_data,
    missing_sources,
    checks_that_fail,
    tables_kept_back,
    drift,
    disagreements,
    runs_that_failed,
    runs_that_died,
    no_run,
    scheduler,
    disk,
    lease_held_too_long,
    unreadable_generation,
)
_NOTHING_KNOWN = Surroundings()


def alerts(
    status: Status, heartbeat: Sign | None, now: datetime, around: Surroundings = _NOTHING_KNOWN
) -> tuple[Alert, ...]:
    """List what is wrong, pages first; of each kind at most one for a subject.

    `around` is what `surroundings.look_around` finds; without it, what only it could tell is not looked at.
    """
    situation = Situation(status, heartbeat, now, around)
    found = {alert.key: alert for rule in _RULES for alert in rule(situation)}
    return tuple(sorted(found.values(), key=lambda one: (one.severity is not Severity.PAGE, one.group, one.key)))
