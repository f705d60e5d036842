"""What schedules have run, as the ledger's published copy says: a scheduler that starts anew knows what is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from warehouse.home import Home
from warehouse.published import NothingPublished, open_published_ops

_RUNS = """
SELECT unnest(schedules) AS schedule, run_id, started_at, ended_at, state, message
FROM runs WHERE state NOT IN ('running', 'died') AND NOT starts_with(coalesce(message, ''), 'KeyboardInterrupt')
ORDER BY started_at DESC LIMIT 2000
"""
"""A run that died or was stopped did not do what it was for, so that its schedule is due still."""


@dataclass(frozen=True, slots=True)
class ScheduledRun:
    """One run for a schedule, that has ended."""

    schedule: str
    run_id: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    message: str | None


def scheduled_runs(home: Home) -> list[ScheduledRun]:
    """List the newest runs that schedules started, newest first; none before the first publication.

    Raises WarehouseError when the published copy is damaged.
    """
    try:
        connection = open_published_ops(home)
    except NothingPublished:
        return []
    with connection:
        try:
            rows: list[dict[str, Any]] = connection.execute(_RUNS).to_arrow_table().to_pylist()
        except duckdb.BinderException:  # an earlier version wrote it, which knew no schedules
            return []
    return [ScheduledRun(**row) for row in rows]
