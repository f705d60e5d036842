"""What the published copies say beside the status: exchanges' days, what is expected, what sources dispute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import duckdb

from warehouse.data_times import read_calendar
from warehouse.errors import WarehouseError
from warehouse.freshness import ZONES, Calendar
from warehouse.home import Home
from warehouse.published import NothingPublished, open_published, open_published_ops
from warehouse.status import COLLECTING


@dataclass(frozen=True, slots=True)
class Generation:
    """What one generation says, or why it cannot be opened."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    disagreements: Mapping[str, int] = field(default_factory=dict)
    unreadable: str = ""


def read_generation(home: Home) -> Generation:
    """Read the newest generation; one that is the same as before is not read again."""
    try:
        found = home.published_warehouse.stat()
    except OSError as error:
        gone = home.published_warehouse.is_symlink()
        return Generation(unreadable=f"its link leads nowhere ({error.strerror})" if gone else "")
    return _read(home, str(home.published_warehouse.resolve()), found.st_mtime_ns)


@lru_cache(maxsize=2)
def _read(home: Home, generation: str, written_at: int) -> Generation:
    del generation, written_at
    try:
        with open_published(home) as connection:
            calendars = {exchange: read_calendar(connection, exchange) for exchange in ZONES}
            rows = connection.execute("SELECT table_name, count(*) FROM ops.disagreements GROUP BY ALL ORDER BY ALL")
            return Generation(calendars, dict(rows.fetchall()))
    except NothingPublished:
        return Generation()
    except (WarehouseError, duckdb.Error) as error:
        return Generation(unreadable=str(error).partition("\n")[0])


def read_expected(home: Home) -> Sequence[Mapping[str, Any]]:
    """Read what the newest run that collected found expected, complete or not; nothing where there is no ledger."""
    try:
        with open_published_ops(home) as connection:
            rows: list[dict[str, Any]] = connection.execute(_EXPECTED, [list(COLLECTING)]).to_arrow_table().to_pylist()
            return rows
    except (NothingPublished, WarehouseError, duckdb.Error):
        return []


_EXPECTED = """
SELECT what, table_name, subject_id, is_followed, source_ids, expected_from_date, last_came_date, whose, reason,
    mend, next_try
FROM completeness
WHERE run_id = (SELECT run_id FROM runs WHERE state <> 'running'
                ORDER BY list_contains(?, mode) DESC, started_at DESC LIMIT 1)
ORDER BY subject_id, what
"""
