"""Which days each source has answered for already: what a backfill need not ask for again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.database import Warehouse


@dataclass(frozen=True, slots=True)
class Covered:
    """Days that one source answered for whole, when it was asked for one chunk by one run."""

    source_id: str
    chunk: str
    start: date
    end: date
    """The last day that was over when it was asked; before `start` where none was."""
    asked_until: date
    """The last day that was over everywhere when it was asked, whatever days it was asked for."""
    has_data: bool
    """False where the answer is that there is nothing."""


_COVERED = """
SELECT source_id, chunk, window_start_date AS start, least(window_end_date, asked_until) AS end, asked_until, has_data
FROM (
    SELECT source_id, chunk, window_start_date, window_end_date, bool_or(outcome IN ('ok', 'unchanged')) AS has_data,
        -- A day ends last at UTC-12.
        CAST(min(requested_at) - INTERVAL 12 HOUR AS DATE) - 1 AS asked_until
    FROM ops.fetches
    WHERE window_start_date IS NOT NULL AND run_id IN (SELECT run_id FROM ops.answers)
    GROUP BY source_id, chunk, run_id, window_start_date, window_end_date
    HAVING bool_and(outcome IN ('ok', 'unchanged', 'nothing_there'))
)
"""
"""A run without rows in `ops.answers` did not come to its end: what it had asked a source for may be half of it."""


def covered(warehouse: Warehouse) -> list[Covered]:
    """List what the ledger knows to be answered."""
    rows: list[dict[str, Any]] = warehouse.frame(_COVERED).to_pylist()
    return [Covered(**row) for row in rows]
