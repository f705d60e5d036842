"""From a cell, or from a hole, back to the run, the code, the address, the time, the hash and the bytes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import duckdb

from warehouse.beneath import Step, steps_under
from warehouse.holes import why_empty, why_missing
from warehouse.home import Home
from warehouse.lineage_rules import LINEAGE
from warehouse.published import QueryError, open_published, open_published_ops
from warehouse.row_key import example, near, parse_key
from warehouse.sight import VIEWS_BY_NAME, Row, Sight, columns_of, select_rows
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.table import Load, Table

MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class Chain:
    """One reading and where its bytes lie."""

    table: str
    """The table that the reading is a row of."""
    reading: Row
    snapshot: Row | None
    fetches: list[Row]
    """Every request that brought these bytes, with its run and the code version."""
    mended: list[Row]
    """What the person who mended this reading said, where one did."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of one row, of one cell of it, or of its absence."""

    table: str
    key: Mapping[str, str]
    rows: list[Row]
    chains: list[Chain]
    history: list[Row]
    """Superseded versions, newest first."""
    hole: list[str] = field(default_factory=list)
    """Why there is no row, or no value in the column that was asked for, in sentences; empty when there is one."""
    column: str = ""
    """The column that was asked for; empty for the whole row."""
    steps: list[Step] = field(default_factory=list)
    """Of a view or a derived table: the rows that it was computed from, each before those that it rests on itself."""
    said: list[str] = field(default_factory=list)
    """Where no document stands behind it: who says so instead."""


def explain(home: Home, table_name: str, key_text: str, column: str = "") -> Explanation:
    """Explain one row or cell of a core table or view, or why it is missing.

    `key_text` names columns (`security_id=XHKG:01810,trade_date=2024-12-30`), gives the key's values in order
    (`XHKG:01810,2024-12-30`), or is a JSON object. Raises QueryError for an unknown table or column and for a key
    that many rows have, NothingPublished before the first publication.
    """
    with open_published(home) as warehouse, open_published_ops(home) as ops:
        sight = Sight(warehouse, ops)
        _is_one_row(sight, table_name, key_text)
        return explain_in(sight, table_name, key_text, column)


def explain_in(sight: Sight, table_name: str, key_text: str, column: str = "") -> Explanation:
    """Explain as `explain` does, from files that are open already; of many rows, the first few."""
    key = _key(table_name, key_text)
    known = columns_of(table_name)
    if column and column not in known:
        raise QueryError(f"{table_name} has no column {column}; {near(column, known)}")
    rows = sight.rows(table_name, key)[:MOST_ROWS]
    steps = [step for row in rows for step in steps_under(sight, table_name, row, column)]
    chains = list(_chains(sight, table_name, rows, steps))
    is_empty = bool(rows and column) and all(row[column] is None for row in rows)
    hole = why_empty(sight, table_name, rows[0], column) if is_empty else []
    return Explanation(
        table=table_name,
        key=key,
        rows=rows,
        chains=chains,
        history=_history(sight, BY_NAME[table_name], key) if table_name in BY_NAME else [],
        hole=hole if rows else why_missing(sight, table_name, key),
        column=column,
        steps=steps,
        said=[] if chains or not rows or is_empty else [_undocumented(sight, table_name, column)],
    )


def _key(table_name: str, key_text: str) -> dict[str, str]:
    if table_name not in explained_names():
        raise QueryError(f"there is no table {table_name}; `why` explains {', '.join(sorted(explained_names()))}")
    return parse_key(table_name, columns_of(table_name), key_of(table_name), key_text)


def key_of(name: str) -> tuple[str, ...]:
    """Name the columns that tell the rows of a table or view apart."""
    if name in BY_NAME:
        return BY_NAME[name].key
    return LINEAGE[name].key if name in LINEAGE else tuple(one.name for one in VIEWS_BY_NAME[name].columns)


def explained_names() -> list[str]:
    """Name the tables and views whose rows can be explained: all but what the pipeline notes about itself."""
    return [name for name in (*BY_NAME, *VIEWS_BY_NAME) if not name.startswith("ops.")]


def _is_one_row(sight: Sight, table_name: str, key_text: str) -> None:
    key = _key(table_name, key_text)
    rows = sight.rows(table_name, key, f"LIMIT {MOST_ROWS + 1}")
    if len(rows) <= MOST_ROWS:
        return
    names = key_of(table_name)
    missing = [name for name in names if name not in key]
    one = ",".join(f"{name}={rows[0][name]}" for name in names)
    raise QueryError(
        f"{', '.join(f'{name}={value}' for name, value in key.items())} are many rows of {table_name}: "
        f"say {example(missing)} too. One of them is `{one}`"
    )


def _chains(sight: Sight, table_name: str, rows: list[Row], steps: list[Step]) -> Iterator[Chain]:
    """Lead every row that a source stands behind to its bytes, each once."""
    seen = set()
    for name, row in (*((table_name, row) for row in rows), *((step.table, step.row) for step in steps)):
        if name not in BY_NAME:
            continue
        for reading in _readings(sight, BY_NAME[name], row):
            mark = f"{reading}"
            if reading.get("snapshot_id") and mark not in seen:
                seen.add(mark)
                yield _chain(sight, BY_NAME[name].chosen_from or name, reading)


def _readings(sight: Sight, table: Table, row: Row) -> list[Row]:
    """List what the sources say of a row, first the one that it was chosen from."""
    if table.load is not Load.CHOSEN:
        return [row]
    found = sight.rows(table.chosen_from, {name: str(row[name]) for name in table.key})
    chosen = (row["source_id"], row["snapshot_id"])
    return sorted(found, key=lambda reading: (reading["source_id"], reading["snapshot_id"]) != chosen)


def readings_of(connection: duckdb.DuckDBPyConnection, table: Table, row: Row) -> list[Row]:
    """List what the sources say of a chosen row; any other row is its own reading."""
    if table.load is not Load.CHOSEN:
        return [row]
    return select_rows(connection, table.chosen_from, {name: str(row[name]) for name in table.key})


def readings_under(connection: duckdb.DuckDBPyConnection, snapshot_id: str) -> list[str]:
    """Name the tables that have rows, current or former, which were read from a saved answer."""
    kept = [one for one in BY_NAME.values() if one.load is Load.MERGE]
    return [
        one.name
        for one in kept
        if any(
            select_rows(connection, name, {"snapshot_id": snapshot_id}, "LIMIT 1") for name in (one.name, one.history)
        )
    ]


def _history(sight: Sight, table: Table, key: Mapping[str, str]) -> list[Row]:
    kept = table.chosen_from if table.load is Load.CHOSEN else table.name
    if BY_NAME[kept].load is not Load.MERGE:
        return []
    return sight.rows(f"history.{BY_NAME[kept].base}", key, "ORDER BY fetched_at DESC")[:MOST_ROWS]


_FETCHES = """
    SELECT fetches.run_id, fetches.requested_at, fetches.attempts, fetches.robots_rule,
           runs.flow, runs.mode, runs.started_at, runs.code_version
    FROM fetches LEFT JOIN runs USING (run_id) WHERE snapshot_id = ? ORDER BY runs.started_at"""
_MENDED = "SELECT * FROM corrections WHERE snapshot_id = ?"
_NEWEST_RUN = "SELECT run_id, code_version FROM runs ORDER BY started_at DESC LIMIT 1"


def _chain(sight: Sight, name: str, reading: Row) -> Chain:
    snapshot_id = str(reading["snapshot_id"])
    snapshots = sight.rows("raw.snapshots", {"snapshot_id": snapshot_id})
    return Chain(
        table=name,
        reading=reading,
        snapshot=snapshots[0] if snapshots else None,
        fetches=sight.ask_ops(_FETCHES, [snapshot_id]),
        mended=sight.ask_ops(_MENDED, [snapshot_id]),
    )


def _undocumented(sight: Sight, name: str, column: str) -> str:
    """Say who answers for what rests on no document: the code that declares or defines it."""
    if name in VIEWS_BY_NAME:
        what = f"{column} of {name}" if column else f"this row of {name}"
        return f"{what} rests on no document: it is part of the view's own definition"
    newest = sight.ask_ops(_NEWEST_RUN, [])
    by = f", last by run {newest[0]['run_id']} of Dragongate {newest[0]['code_version']}" if newest else ""
    return f"{name} is declared by Dragongate itself and written by every run{by}; no document stands behind it"
