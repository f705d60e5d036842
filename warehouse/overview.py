"""What a page about a home shows beside its status: each source, what each run did, what sources do not agree on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from warehouse.data_times import DataTimes, read_data_times
from warehouse.errors import WarehouseError
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.published import open_published, open_published_ops
from warehouse.status import Rows, Status

MOST_DISAGREEMENTS = 20
UNREADABLE: tuple[type[Exception], ...] = (WarehouseError, OSError, duckdb.Error)
"""What reading a published copy may end with, where it is damaged, gone, or of another version of Dragongate."""
GOOD = ("ok", "unchanged", "nothing_there")


@dataclass(frozen=True, slots=True)
class Generation:
    """The published generation that is read."""

    number: int
    published_at: datetime | None
    """Empty where the ledger does not tell of it."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the ledger and the published generation say, beyond `Status`."""

    sources: Rows = field(default_factory=list)
    """`core.sources`, with how each answered last and what came of it in the newest run that was to ask it."""
    runs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Requests and rows of the runs of a status, by run."""
    measured_at: datetime | None = None
    """Up to which moment ages were measured; after a replay, the end of the recording."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """What the published warehouse says of itself."""

    generation: Generation
    data_times: DataTimes
    disagreements: Rows
    """The widest twenty."""
    disagreement_counts: Mapping[str, int]
    """By table of readings."""


def read_overview(home: Home, status: Status) -> Overview:
    """Read the ledger's published copy. Raises NothingPublished, or WarehouseError when it is damaged."""
    with open_published_ops(home) as connection:
        sources = connection.execute(_SOURCES, [list(GOOD)]).to_arrow_table().to_pylist()
        run_ids = [one["run_id"] for one in status.runs]
        counts = connection.execute(_RUNS, [list(GOOD), run_ids]).to_arrow_table().to_pylist()
    return Overview(
        sources,
        {one["run_id"]: one for one in counts},
        status.freshness[0]["measured_at"] if status.freshness else None,
    )


def read_warehouse(home: Home, *, at: datetime) -> Warehouse:
    """Read the newest generation as of a moment. Raises NothingPublished, or WarehouseError when it is damaged."""
    with open_published(home) as connection:
        return Warehouse(
            read_generation(home),
            read_data_times(connection, at=at),
            connection.execute(_DISAGREEMENTS).to_arrow_table().to_pylist(),
            dict(connection.execute("SELECT table_name, count(*) FROM ops.disagreements GROUP BY 1").fetchall()),
        )


def read_generation(home: Home) -> Generation:
    """Say which generation readers get, and since when; number 0 when it is gone or was never there."""
    number = Generations(home.published).shown() or 0
    with open_published_ops(home) as connection:
        return Generation(number, _published_at(connection, number))


def why_unreadable(error: Exception) -> str:
    """Say why a published copy cannot be read, and what to do."""
    if isinstance(error, duckdb.CatalogException | duckdb.BinderException):
        return "Another version of Dragongate wrote it: the next run, or `dragongate publish`, writes it anew."
    return str(error)


def _published_at(connection: duckdb.DuckDBPyConnection, number: int) -> datetime | None:
    found = connection.execute("SELECT max(published_at) FROM publications WHERE generation = ?", [number]).fetchone()
    at: datetime | None = found[0] if found else None
    return at


_SOURCES = """
WITH last AS (
    SELECT source_id, max(requested_at) AS last_asked_at,
        max(requested_at) FILTER (list_contains(?, outcome)) AS last_good_at,
        arg_max(outcome, (requested_at, fetch_number)) AS last_outcome,
        arg_max(coalesce(message, reason, ''), (requested_at, fetch_number)) AS last_message
    FROM fetches GROUP BY source_id
), newest AS (
    -- A schedule asks some sources only: what another brought stands until it is asked again.
    SELECT source_id, arg_max(run_id, (started_at, run_id)) AS run_id
    FROM answers JOIN runs USING (run_id) GROUP BY source_id
), came AS (
    SELECT source_id, count(*) FILTER (state = 'missing') AS missing,
        count(*) FILTER (state = 'missing' AND is_required) AS required_missing,
        count(*) FILTER (state = 'elsewhere') AS elsewhere,
        count(*) FILTER (state IN ('here', 'nothing_there')) AS here,
        max(reason) FILTER (state = 'off') AS why_not_asked
    FROM answers JOIN newest USING (source_id, run_id) GROUP BY source_id
)
SELECT sources.*, last.* EXCLUDE (source_id), came.* EXCLUDE (source_id)
FROM sources LEFT JOIN last USING (source_id) LEFT JOIN came USING (source_id)
ORDER BY is_enabled DESC, kind, sources.source_id
"""

_RUNS = """
WITH asked AS (
    SELECT run_id, count(*) AS requests, count(*) FILTER (list_contains(?, outcome)) AS good
    FROM fetches GROUP BY run_id
), loaded AS (
    SELECT run_id, CAST(sum(inserted) AS BIGINT) AS inserted, CAST(sum(updated) AS BIGINT) AS updated,
        CAST(sum(unchanged) AS BIGINT) AS unchanged, CAST(sum(rejected) AS BIGINT) AS rejected
    FROM loads GROUP BY run_id
)
SELECT run_id, coalesce(requests, 0) AS requests, coalesce(good, 0) AS good, coalesce(inserted, 0) AS inserted,
    coalesce(updated, 0) AS updated, coalesce(unchanged, 0) AS unchanged, coalesce(rejected, 0) AS rejected
FROM runs LEFT JOIN asked USING (run_id) LEFT JOIN loaded USING (run_id) WHERE list_contains(?, run_id)
"""

_DISAGREEMENTS = f"""
SELECT * FROM ops.disagreements ORDER BY difference_pct DESC NULLS LAST, table_name, row_key LIMIT {MOST_DISAGREEMENTS}
"""
