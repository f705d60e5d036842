"""What the pipeline remembers of its own runs: who ran, how far each source is, what was left half done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME


@dataclass(frozen=True, slots=True)
class Run:
    """One row of `ops.runs`."""

    run_id: str
    flow: str
    mode: str
    started_at: datetime
    code_version: str
    host: str
    pid: int
    state: str = "running"
    window_start_date: date | None = None
    window_end_date: date | None = None
    ended_at: datetime | None = None
    message: str | None = None
    archive_files: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    schedules: tuple[str, ...] = ()
    is_whole: bool | None = False
    """Whether all that its files hold is loaded; an end by an exception leaves it false."""


GOOD = ("completed", "completed_with_gaps")
"""States of a run in which everything required came."""
_LISTS = ("archive_files", "sources", "schedules")


def write_run(warehouse: Warehouse, run: Run) -> None:
    """Write a run's row, or write over it."""
    row = {one: getattr(run, one) for one in BY_NAME["ops.runs"].arrow_schema.names}
    row |= {name: list(getattr(run, name)) for name in _LISTS}
    warehouse.append({"ops.runs": BY_NAME["ops.runs"].arrow([row])})


_IS_WHOLE = "coalesce(is_whole, state IN ('completed', 'completed_with_gaps', 'died'))"
"""Of a run that was written down before the column was there, the state tells."""
_LEFT = "; what it had archived: "


def unwhole_runs(warehouse: Warehouse) -> list[Run]:
    """List runs that left something to load; those that never ended are dead while we hold the lease."""
    rows = warehouse.frame(f"SELECT * FROM ops.runs WHERE NOT {_IS_WHOLE} ORDER BY started_at").to_pylist()
    return [_run(row) for row in rows]


def runs_named(warehouse: Warehouse, names: Sequence[str]) -> list[Run]:
    """List the runs of these names that the ledger knows."""
    rows = warehouse.frame("SELECT * FROM ops.runs WHERE list_contains(?, run_id)", (list(names),)).to_pylist()
    return [_run(row) for row in rows]


def _run(row: Mapping[str, Any]) -> Run:
    return Run(**{**row, **{name: tuple(row[name] or ()) for name in _LISTS}})


def close_unwhole_run(warehouse: Warehouse, run: Run, *, at: datetime, by: str, trouble: str = "") -> None:
    """Say of a run that did not end whole what became of it, once `by` has taken in what it had archived.

    With `trouble` that did not succeed, and the next start tries again.
    """
    if run.state == "running":
        run = replace(run, state="died", ended_at=at)
        run = replace(run, message=f"the process {run.pid} on {run.host} went away; closed by the next start")
    ended = (run.message or "it did not end whole").partition(_LEFT)[0]
    said = f"not loaded, the next start tries again ({trouble})" if trouble else f"taken in by {by}"
    write_run(warehouse, replace(run, is_whole=not trouble, message=f"{ended}{_LEFT}{said}"))


def files_taken_in(warehouse: Warehouse) -> set[str]:
    """Name the archive files that a run has taken in whole."""
    rows = warehouse.frame(f"SELECT DISTINCT unnest(archive_files) AS file FROM ops.runs WHERE {_IS_WHOLE}")
    return set(rows.column("file").to_pylist())


def snapshots_of(warehouse: Warehouse, file: str) -> set[str]:
    """Name the records of an archive file that are indexed."""
    rows = warehouse.frame("SELECT snapshot_id FROM raw.snapshots WHERE archive_file = ?", (file,))
    return set(rows.column("snapshot_id").to_pylist())


def cursors(warehouse: Warehouse) -> dict[str, dict[str, date]]:
    """Say for each source up to which day each of its chunks is caught up.

    A run moves a chunk only where everything that it was asked for came; one that never came whole stands at the
    start of the first window that it was asked for.
    """
    rows = warehouse.frame(
        """
        WITH tries AS (
            SELECT source_id, chunk, run_id, min(requested_at) AS tried_at,
                min(window_start_date) AS window_start, max(window_end_date) AS window_end,
                bool_and(outcome IN ('ok', 'unchanged', 'nothing_there')) AS is_whole
            FROM ops.fetches WHERE moves_cursor AND window_end_date IS NOT NULL GROUP BY source_id, chunk, run_id
        )
        SELECT source_id, chunk, coalesce(max(window_end) FILTER (is_whole), arg_min(window_start, tried_at)) AS reached
        FROM tries GROUP BY source_id, chunk
        """
    ).to_pylist()
    found: dict[str, dict[str, date]] = {}
    for row in rows:
        found.setdefault(row["source_id"], {})[row["chunk"]] = row["reached"]
    return found


def unread_article_pages(warehouse: Warehouse, feed_ids: Sequence[str], start: date, end: date) -> list[str]:
    """List pages that feeds pointed to within a window and that nobody has read or asked for, oldest first.

    A page that was refused, or that turned out to be no article, is not asked for again; one that could not
    be had at the time is, and so is one that was not asked since its host turned others away or was in trouble.
    """
    rows = warehouse.frame(
        """
        SELECT feed.url FROM core.articles_by_source AS feed
        WHERE feed.source_id IN ('news_feeds', 'news_site_maps', 'news_lists') AND list_contains(?, feed.feed_id)
          AND CAST(coalesce(feed.published_at, feed.fetched_at) AS DATE) BETWEEN ? AND ?
          AND feed.article_id NOT IN (
              SELECT article_id FROM core.articles_by_source WHERE source_id = 'news_articles')
          AND feed.url NOT IN (
              SELECT url FROM ops.fetches
              WHERE source_id = 'news_articles' AND outcome NOT IN ('unavailable', 'rate_limited')
              AND (reason IS NULL OR reason NOT IN ('circuit', 'robots_unavailable')))
        QUALIFY row_number() OVER (PARTITION BY feed.article_id ORDER BY feed.source_id, feed.url) = 1
        ORDER BY coalesce(feed.published_at, feed.fetched_at), feed.url
        """,
        (list(feed_ids), start, end),
    )
    urls: list[str] = rows.column("url").to_pylist()
    return urls
