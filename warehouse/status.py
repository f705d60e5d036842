"""What ran, what is stale, what is missing and why: read from the ledger's published copy."""

from dataclasses import dataclass, field
from typing import Any

import duckdb

from warehouse.alert_book import open_alerts
from warehouse.home import Home
from warehouse.lease import Holder, note_of, read_note
from warehouse.mutes import ACTIVE, Muted
from warehouse.published import NothingPublished, open_published_ops

Rows = list[dict[str, Any]]
COLLECTING = ("live", "replay", "ingest")
"""Modes of runs that take answers in, and whose gaps and ages tell the state of a home."""
BACKFILL = "backfill"
"""The mode of runs that fill in the past; what they lack is told by themselves, and says nothing of today."""


@dataclass(frozen=True, slots=True)
class Status:
    """The state of one home after the newest run that collected; mending and publishing hide nothing of it."""

    runs: Rows
    """Newest first, at most ten, and of those at most three of a backfill: years of it hide no daily run."""
    freshness: Rows
    gaps: Rows
    """Sources and chunks that the newest run which asked a source should have had and has not."""
    holes: Rows
    """What is missing of everything that we follow, since we follow it, by the newest run's measure."""
    failed_checks: Rows
    kept_back: Rows
    """Tables of the newest generation that show their last good content."""
    drift: Rows
    muted: Rows
    """Sources that may be missing for a while, by whose word and why."""
    running: Holder | None
    """Who holds the writer's lease, or died with it."""
    alerts: Rows = field(default_factory=list)
    """What is wrong and was noticed, as rows of `ops.alerts`: who was told, who took it on."""

    @property
    def is_good(self) -> bool:
        """Whether nothing required is missing, kept back or stale."""
        collecting = [one for one in self.runs if one["mode"] in COLLECTING]
        others = [one for one in self.runs if one["mode"] != BACKFILL]
        newest = {one["state"] for one in (*others[:1], *collecting[:1])} or {"none"}
        is_missing = any(one["is_required"] for one in self.gaps)
        is_stale = any(one["is_stale"] and one["is_required"] for one in self.freshness)
        is_done = newest <= {"completed", "completed_with_gaps"}
        return is_done and not (is_missing or self.kept_back or is_stale)


_QUERIES = {
    "runs": f"""SELECT * FROM runs WHERE mode <> '{BACKFILL}' OR run_id IN (
                    SELECT run_id FROM runs WHERE mode = '{BACKFILL}' ORDER BY started_at DESC LIMIT 3)
                ORDER BY started_at DESC LIMIT 10""",
    "freshness": "SELECT * FROM freshness WHERE run_id = ? ORDER BY table_name",
    "gaps": f"""WITH over AS (SELECT run_id, started_at, coalesce(sources, []) AS sources FROM runs WHERE run_id = ?
                    OR (state <> 'running' AND list_contains({list(COLLECTING)}, mode)))
                SELECT answers.* FROM answers JOIN over AS asked USING (run_id)
                WHERE state = 'missing' AND NOT EXISTS (
                    SELECT 1 FROM over AS later WHERE later.started_at > asked.started_at
                    AND (len(later.sources) = 0 OR list_contains(later.sources, answers.source_id)))
                ORDER BY is_required DESC, source_id, chunk""",
    "holes": """SELECT * EXCLUDE (run_id) FROM completeness
                WHERE run_id = ? AND state IN ('missing', 'not_asked', 'quiet')
                ORDER BY subject_kind, what, subject_id""",
    "failed_checks": "SELECT * FROM checks WHERE run_id = ? AND NOT is_passed ORDER BY is_blocking DESC, table_name",
    "kept_back": """SELECT * FROM publications WHERE state = 'kept'
                    AND generation = (SELECT max(generation) FROM publications) ORDER BY table_name""",
    "muted": f"""SELECT * FROM ({ACTIVE.replace("ops.", "")}) WHERE until_date >= (SELECT CAST(max(started_at) AS DATE)
                 FROM runs) ORDER BY source_id""",
    "drift": "SELECT * FROM drift ORDER BY first_seen_at DESC LIMIT 20",
}


def read_status(home: Home) -> Status:
    """Read the state of a home; without any run everything is empty, and that is not good."""
    try:
        connection = open_published_ops(home)
    except NothingPublished:
        return Status([], [], [], [], [], [], [], [], read_note(note_of(home)))
    with connection:
        runs = connection.execute(_QUERIES["runs"]).to_arrow_table().to_pylist()
        measured = _measured(connection)
        parts = {
            name: connection.execute(sql, [measured] if "?" in sql else []).to_arrow_table().to_pylist()
            for name, sql in _QUERIES.items()
            if name != "runs"
        }
    return Status(runs, running=read_note(note_of(home)), alerts=open_alerts(home), **parts)


def _measured(connection: duckdb.DuckDBPyConnection) -> str:
    """Name the newest run that is over, one that collected where there is any."""
    found = connection.execute(
        "SELECT run_id FROM runs WHERE state <> 'running' "
        "ORDER BY list_contains(?, mode) DESC, started_at DESC LIMIT 1",
        [list(COLLECTING)],
    ).fetchone()
    return str(found[0]) if found else ""


def muted_sources(home: Home) -> dict[str, str]:
    """Say of each muted source until when it may be missing, by whose word and why."""
    rows = read_status(home).muted
    return {row["source_id"]: str(Muted(row["until_date"], row["because"], row["author"])) for row in rows}


def last_outcomes(home: Home) -> dict[str, str]:
    """Say how each source last answered: the outcome, with its reason where it is not data."""
    try:
        connection = open_published_ops(home)
    except NothingPublished:
        return {}
    with connection:
        rows = connection.execute(
            """
            SELECT source_id, arg_max(outcome || coalesce(': ' || reason, ''), (requested_at, fetch_number))
            FROM fetches GROUP BY source_id
            """
        ).fetchall()
    return dict(rows)
