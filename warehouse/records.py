"""All that the ledger's published copy says of one source, table, hole or run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from warehouse.home import Home
from warehouse.published import open_published_ops
from warehouse.status import COLLECTING, Rows
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.marts import VIEWS

MOST = 20
"""Rows of each kind that are shown."""
Row = dict[str, Any]


class NoRecord(Exception):
    """The ledger tells of no such thing; the message says which."""


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One source."""

    source: Row
    answers: Rows
    """What came of it in the newest run that collected."""
    fetches: Rows
    """Its newest requests."""
    holes: Rows
    """What is missing that it can be asked for."""
    drift: Rows
    rejects: Rows
    """Rows of it that were set aside, by table and reason, with a count."""
    mutes: Rows
    """Every word about it that may be missing, newest first."""


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One table or view."""

    name: str
    grain: str
    key: tuple[str, ...]
    freshness: Row | None
    sources: Rows
    """Sources that fill it, by rank where it has one."""
    loads: Rows
    holes: Rows
    checks: Rows
    """Rules that it did not meet after the newest run that collected."""
    publications: Rows
    rejects: Rows


@dataclass(frozen=True, slots=True)
class HoleRecord:
    """One thing that we follow, what should be here of it, and what its sources answered last."""

    hole: Row
    fetches: Rows


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run."""

    run: Row
    answers: Rows
    """What it should have had and has not."""
    outcomes: Rows
    """Requests by source and outcome."""
    fetches: Rows
    """Its newest requests that brought nothing."""
    loads: Rows
    checks: Rows
    drift: Rows


def read_source(home: Home, source_id: str) -> SourceRecord:
    """Read of one source. Raises NoRecord for an unknown one, NothingPublished or WarehouseError without a ledger."""
    with open_published_ops(home) as ledger:
        found = _rows(ledger, "SELECT * FROM sources WHERE source_id = ?", source_id)
        if not found:
            raise NoRecord(f"There is no source {source_id}.")
        measured = _measured(ledger)
        return SourceRecord(
            found[0],
            _rows(ledger, f"SELECT * FROM answers WHERE source_id = ? AND run_id = ? {_FIRST}", source_id, measured),
            _rows(ledger, f"SELECT * FROM fetches WHERE source_id = ? {_NEWEST}", source_id),
            _rows(ledger, f"{_HOLES} AND list_contains(source_ids, ?) {_WIDEST}", measured, source_id),
            _rows(ledger, _DRIFT, source_id),
            _rows(ledger, _REJECTS.format(column="source_id"), source_id),
            _rows(ledger, f"SELECT * FROM mutes WHERE source_id = ? ORDER BY muted_at DESC LIMIT {MOST}", source_id),
        )


def read_table(home: Home, name: str) -> TableRecord:
    """Read of one table. Raises NoRecord for an unknown one, NothingPublished or WarehouseError without a ledger."""
    table = BY_NAME.get(name)
    view = next((one for one in VIEWS if one.name == name), None)
    if table is None and view is None:
        raise NoRecord(f"There is no table {name}.")
    grain = table.grain if table else view.grain if view else ""
    fills = table.chosen_from or name if table else name
    with open_published_ops(home) as ledger:
        measured = _measured(ledger)
        freshness = _rows(ledger, "SELECT * FROM freshness WHERE run_id = ? AND table_name = ?", measured, name)
        return TableRecord(
            name,
            grain,
            table.key if table else (),
            freshness[0] if freshness else None,
            _rows(ledger, _FILLING, fills, fills),
            _rows(ledger, f"SELECT * FROM loads WHERE table_name = ? ORDER BY loaded_at DESC LIMIT {MOST}", name),
            _rows(ledger, f"{_HOLES} AND table_name IN (?, ?) {_WIDEST}", measured, name, fills),
            _rows(ledger, "SELECT * FROM checks WHERE run_id = ? AND table_name = ? AND NOT is_passed", measured, name),
            _rows(ledger, _PUBLICATIONS, name),
            _rows(ledger, _REJECTS.format(column="table_name"), fills),
        )


def read_hole(home: Home, kind: str, subject_id: str, what: str) -> HoleRecord:
    """Read of one thing that we follow. Raises NoRecord, or NothingPublished or WarehouseError without a ledger."""
    with open_published_ops(home) as ledger:
        sql = "SELECT * FROM completeness WHERE run_id = ? AND subject_kind = ? AND subject_id = ? AND what = ?"
        found = _rows(ledger, sql, _measured(ledger), kind, subject_id, what)
        if not found:
            raise NoRecord(f"Of the {kind} {subject_id} no {what} are expected.")
        return HoleRecord(found[0], _rows(ledger, _ASKED, found[0]["source_ids"] or [], subject_id))


def read_run(home: Home, run_id: str) -> RunRecord:
    """Read of one run. Raises NoRecord for an unknown one, NothingPublished or WarehouseError without a ledger."""
    with open_published_ops(home) as ledger:
        found = _rows(ledger, "SELECT * FROM runs WHERE run_id = ?", run_id)
        if not found:
            raise NoRecord(f"There is no run {run_id}.")
        return RunRecord(
            found[0],
            _rows(ledger, f"SELECT * FROM answers WHERE run_id = ? AND state IN ('missing', 'muted') {_FIRST}", run_id),
            _rows(ledger, _OUTCOMES, run_id),
            _rows(ledger, f"SELECT * FROM fetches WHERE run_id = ? AND {_IN_VAIN} {_NEWEST}", run_id),
            _rows(ledger, _LOADED, run_id),
            _rows(ledger, "SELECT * FROM checks WHERE run_id = ? AND NOT is_passed ORDER BY table_name", run_id),
            _rows(ledger, "SELECT * FROM drift WHERE run_id = ? ORDER BY source_id, field", run_id),
        )


def _rows(ledger: duckdb.DuckDBPyConnection, sql: str, *values: str | Sequence[str]) -> Rows:
    rows: Rows = ledger.execute(sql, list(values)).to_arrow_table().to_pylist()
    return rows


def _measured(ledger: duckdb.DuckDBPyConnection) -> str:
    """Name the newest run that is over, one that collected where there is any."""
    found = ledger.execute(_MEASURED, [list(COLLECTING)]).fetchone()
    return str(found[0]) if found else ""


_MEASURED = """
SELECT run_id FROM runs WHERE state <> 'running' ORDER BY list_contains(?, mode) DESC, started_at DESC LIMIT 1
"""
_FIRST = "ORDER BY state = 'missing' DESC, is_required DESC, source_id, chunk"
_NEWEST = f"ORDER BY requested_at DESC, fetch_number DESC LIMIT {MOST}"
_IN_VAIN = "outcome NOT IN ('ok', 'unchanged', 'nothing_there')"
_HOLES = "SELECT * FROM completeness WHERE run_id = ? AND state IN ('missing', 'not_asked', 'quiet')"
_WIDEST = "ORDER BY missing_count DESC, subject_id, what"
_DRIFT = f"SELECT * FROM drift WHERE source_id = ? ORDER BY first_seen_at DESC LIMIT {MOST}"
_PUBLICATIONS = f"SELECT * FROM publications WHERE table_name = ? ORDER BY generation DESC LIMIT {MOST}"
_REJECTS = f"""
SELECT table_name, source_id, reason, count(*) AS row_count, max(rejected_at) AS last_at, arg_max(row_json, rejected_at)
    AS example, arg_max(snapshot_id, rejected_at) AS snapshot_id
FROM rejects WHERE {{column}} = ? GROUP BY ALL ORDER BY last_at DESC LIMIT {MOST}
"""
_FILLING = """
SELECT sources.source_id, title, is_enabled, is_required, source_rank
FROM sources LEFT JOIN (SELECT * FROM source_ranks WHERE table_name = ?) AS ranks USING (source_id)
WHERE list_contains(tables, ?) ORDER BY is_enabled DESC, source_rank NULLS LAST, source_id
"""
_ASKED = f"""
SELECT * FROM fetches
WHERE list_contains(?, source_id) AND (chunk = '' OR list_contains(string_split(chunk, ','), ?))
QUALIFY row_number() OVER (PARTITION BY source_id ORDER BY requested_at DESC, fetch_number DESC) <= 5
{_NEWEST}
"""
_OUTCOMES = """
SELECT source_id, outcome, count(*) AS requests, CAST(sum(seconds) AS DOUBLE) AS seconds
FROM fetches WHERE run_id = ? GROUP BY ALL ORDER BY source_id, outcome
"""
_LOADED = """
SELECT table_name, CAST(sum(inserted) AS BIGINT) AS inserted, CAST(sum(updated) AS BIGINT) AS updated,
    CAST(sum(unchanged) AS BIGINT) AS unchanged, CAST(sum(rejected) AS BIGINT) AS rejected,
    CAST(sum(seconds) AS DOUBLE) AS seconds, max(message) AS message
FROM loads WHERE run_id = ? GROUP BY table_name ORDER BY table_name
"""
