"""From a cell, or from a hole, back to the run, the code, the address, the time, the hash and the bytes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb

from warehouse.home import Home
from warehouse.published import QueryError, open_published, open_published_ops
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import Column, Kind, Load, Table, View

Row = dict[str, Any]
MOST_ROWS = 5
VIEWS_BY_NAME = {view.name: view for view in VIEWS}


@dataclass(frozen=True, slots=True)
class Chain:
    """One reading and where its bytes lie."""

    reading: Row
    snapshot: Row | None
    fetches: list[Row]
    """Every request that brought these bytes, with its run and the code version."""
    mended: list[Row]
    """What the person who mended this reading said, where one did."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of one row, or of its absence."""

    table: str
    key: Mapping[str, str]
    rows: list[Row]
    chains: list[Chain]
    history: list[Row]
    """Superseded versions, newest first."""
    hole: list[str] = field(default_factory=list)
    """Why there is no row, in sentences; empty when there is one."""


def explain(home: Home, table_name: str, key_text: str) -> Explanation:
    """Explain one row of a core table, or why it is missing; of a view, the rows that it was computed from.

    `key_text` names columns (`security_id=XHKG:01810,trade_date=2024-12-30`) or gives the key's values in
    order (`XHKG:01810,2024-12-30`). Raises QueryError for an unknown table or column, NothingPublished
    before the first publication.
    """
    with open_published(home) as warehouse, open_published_ops(home) as ops:
        return explain_in(warehouse, ops, table_name, key_text)


def explain_in(
    warehouse: duckdb.DuckDBPyConnection, ops: duckdb.DuckDBPyConnection, table_name: str, key_text: str
) -> Explanation:
    """Explain one row, as `explain` does, from a published warehouse and its ledger that are open already."""
    if table_name in VIEWS_BY_NAME:
        return _explain_view(warehouse, ops, VIEWS_BY_NAME[table_name], key_text)
    if table_name not in BY_NAME:
        raise QueryError(f"there is no table {table_name}; `why` explains {', '.join(sorted(_explained()))}")
    table = BY_NAME[table_name]
    key = parse_key(table.name, table.columns, table.key, key_text)
    rows = select_rows(warehouse, table.name, key)[:MOST_ROWS]
    readings = [reading for row in rows for reading in readings_of(warehouse, table, row)]
    cited = [reading for row in rows for reading in _cited(warehouse, row)]
    chains = [_chain(warehouse, ops, reading) for reading in (*readings, *cited)]
    hole = [] if rows else _hole(warehouse, ops, table, key)
    return Explanation(table.name, key, rows, chains, _history(warehouse, table, key), hole)


def _cited(connection: duckdb.DuckDBPyConnection, row: Row) -> Iterator[Row]:
    """Read the rows that a verdict names as its evidence, with what each source says of them."""
    for named in row.get("evidence_rows") or ():
        name, _, key_text = str(named).partition(" ")
        table = BY_NAME[name]
        for found in select_rows(connection, name, parse_key(name, table.columns, table.key, key_text)):
            yield from readings_of(connection, table, found)


def _explain_view(
    warehouse: duckdb.DuckDBPyConnection, ops: duckdb.DuckDBPyConnection, view: View, key_text: str
) -> Explanation:
    names = tuple(one.name for one in view.columns)
    key = parse_key(view.name, view.columns, names, key_text)
    rows = select_rows(warehouse, view.name, key)[:MOST_ROWS]
    beneath = [found for row in rows for found in _beneath(warehouse, view, row)]
    readings = {
        (reading["source_id"], reading["snapshot_id"]): reading
        for table, found in beneath
        for reading in readings_of(warehouse, table, found)
    }
    chains = [_chain(warehouse, ops, reading) for reading in readings.values()]
    hole = [] if rows else [f"{view.name} is computed from {', '.join(view.reads)}: ask `why` of these"]
    return Explanation(view.name, key, rows, chains, [], hole)


def _beneath(connection: duckdb.DuckDBPyConnection, view: View, row: Row) -> Iterator[tuple[Table, Row]]:
    """Find the rows under a view's row whose whole key stands in it, through the views that it reads."""
    for name in view.reads:
        if name in VIEWS_BY_NAME:
            yield from _beneath(connection, VIEWS_BY_NAME[name], row)
        elif name in BY_NAME and all(row.get(column) is not None for column in BY_NAME[name].key):
            table = BY_NAME[name]
            yield from ((table, one) for one in select_rows(connection, name, {c: str(row[c]) for c in table.key}))


def parse_key(name: str, columns: Sequence[Column], key_names: Sequence[str], text: str) -> dict[str, str]:
    """Read a key by names or by position. Raises QueryError for a column that the table has not."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if all("=" in part for part in parts):
        key = {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in parts)}
    else:
        key = dict(zip(key_names, parts, strict=False))
    known = {one.name: one.kind for one in columns}
    for column, value in key.items():
        if column not in known:
            raise QueryError(f"{name} has no column {column}; it has {', '.join(known)}")
        if known[column] is Kind.DAY and not _is_day(value):
            raise QueryError(f"{column} is a day like 2024-12-30, and {value!r} is none")
    if not key:
        raise QueryError(f"say which row: {', '.join(f'{column}=…' for column in key_names)}")
    return key


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _explained() -> list[str]:
    return [name for name, one in BY_NAME.items() if one.load is not Load.LEDGER]


def select_rows(connection: duckdb.DuckDBPyConnection, name: str, key: Mapping[str, str], tail: str = "") -> list[Row]:
    """Read the rows of a table whose columns have these values, written as text."""
    where = " AND ".join(f"CAST({column} AS VARCHAR) = ?" for column in key)
    sql = f"SELECT * FROM {name} WHERE {where} {tail}"
    rows: list[Row] = connection.execute(sql, list(key.values())).to_arrow_table().to_pylist()
    return rows


def readings_of(connection: duckdb.DuckDBPyConnection, table: Table, row: Row) -> list[Row]:
    """List what the sources say of a chosen row; any other row is its own reading."""
    if table.load is not Load.CHOSEN:
        return [row]
    key = {name: str(row[name]) for name in table.key}
    return select_rows(connection, table.chosen_from, key)


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


def _history(connection: duckdb.DuckDBPyConnection, table: Table, key: Mapping[str, str]) -> list[Row]:
    kept = table.chosen_from if table.load is Load.CHOSEN else table.name
    if BY_NAME[kept].load is not Load.MERGE:
        return []
    return select_rows(connection, f"history.{BY_NAME[kept].base}", key, "ORDER BY fetched_at DESC")[:MOST_ROWS]


def _chain(warehouse: duckdb.DuckDBPyConnection, ops: duckdb.DuckDBPyConnection, reading: Row) -> Chain:
    snapshots = select_rows(warehouse, "raw.snapshots", {"snapshot_id": str(reading["snapshot_id"])})
    fetches = ops.execute(
        """
        SELECT fetches.run_id, fetches.requested_at, fetches.attempts, fetches.robots_rule,
               runs.flow, runs.mode, runs.started_at, runs.code_version
        FROM fetches LEFT JOIN runs USING (run_id) WHERE snapshot_id = ? ORDER BY runs.started_at
        """,
        [reading["snapshot_id"]],
    )
    fetched = fetches.to_arrow_table().to_pylist()
    mended = select_rows(ops, "corrections", {"snapshot_id": str(reading["snapshot_id"])})
    return Chain(reading, snapshots[0] if snapshots else None, fetched, mended)


def _hole(
    warehouse: duckdb.DuckDBPyConnection, ops: duckdb.DuckDBPyConnection, table: Table, key: Mapping[str, str]
) -> list[str]:
    fills = table.chosen_from or table.name
    return [
        *_taken_down(ops, table, key),
        *_closed(warehouse, key),
        *_set_aside(warehouse, ops, fills, key),
        *_asked(warehouse, ops, fills, key),
        *_measured(ops, fills, key),
    ]


def _measured(ops: duckdb.DuckDBPyConnection, fills: str, key: Mapping[str, str]) -> list[str]:
    """Say how complete the thing is that the key names, by the newest measure, where something of it is missing."""
    found = ops.execute(
        """
        SELECT subject_id, missing_count, expected_count, expected_from_date, reason, next_try FROM completeness
        WHERE list_contains(?, subject_id) AND state = 'missing'
          AND table_name IN (?, replace(?, '_by_source', ''))
          AND run_id = (SELECT arg_max(run_id, measured_until) FROM completeness) ORDER BY what
        """,
        [list(key.values()), fills, fills],
    ).fetchall()
    return [
        f"of {name} {missing} of {expected} are missing since {since}: {reason}; next: {tried}"
        for name, missing, expected, since, reason, tried in found
    ]


def _taken_down(ops: duckdb.DuckDBPyConnection, table: Table, key: Mapping[str, str]) -> list[str]:
    """Tell of the documents that were taken down with rows of this key, be it the key of a row chosen from them."""
    names = {table.name, *([table.chosen_from] if table.chosen_from else [])}
    rows = ops.execute("SELECT DISTINCT * FROM tombstones ORDER BY forgotten_at, snapshot_id").to_arrow_table()
    said = []
    for row in rows.to_pylist():
        lost = (one.partition(" ") for one in row["row_keys"] or ())
        if any(name in names and _is_of(text, key) for name, _, text in lost):
            said.append(
                f"{row['url']} was taken down on {row['forgotten_at']:%Y-%m-%d} by {row['author']}: {row['because']} "
                f"(it had sha256 {row['sha256']}; tombstone {row['tombstone_id']})"
            )
    return list(dict.fromkeys(said))


def _is_of(text: str, key: Mapping[str, str]) -> bool:
    """Tell whether a row's key, written as `column=value,…`, has the values of another."""
    padded = f",{text},"
    return all(f",{name}={value}," in padded for name, value in key.items() if f",{name}=" in padded)


def _closed(connection: duckdb.DuckDBPyConnection, key: Mapping[str, str]) -> list[str]:
    if "security_id" not in key or "trade_date" not in key:
        return []
    exchange = key["security_id"].partition(":")[0]
    day = key["trade_date"]
    found = connection.execute(
        "SELECT is_open, closed_reason, dayofweek(CAST(? AS DATE)) IN (0, 6) FROM core.trading_sessions "
        "WHERE exchange = ? AND session_date = CAST(? AS DATE)",
        [day, exchange, day],
    ).fetchone()
    if found and not found[0]:
        return [f"{exchange} did not trade on {day}: {found[1] or 'closed'}"]
    weekend = connection.execute("SELECT dayofweek(CAST(? AS DATE)) IN (0, 6)", [day]).fetchone()
    return [f"{day} was a weekend"] if weekend and weekend[0] else []


def _set_aside(
    warehouse: duckdb.DuckDBPyConnection, ops: duckdb.DuckDBPyConnection, name: str, key: Mapping[str, str]
) -> list[str]:
    spellings = [[value, *_codes(warehouse, column, value)] for column, value in key.items()]
    where = " AND ".join(f"({' OR '.join('contains(row_json, ?)' for _ in one)})" for one in spellings)
    rows = ops.execute(
        f"SELECT DISTINCT reason, source_id, snapshot_id FROM rejects WHERE table_name = ? AND {where} LIMIT 5",
        [name, *(text for one in spellings for text in one)],
    ).fetchall()
    return [f"a row of {source} was set aside: {reason} (snapshot {snapshot})" for reason, source, snapshot in rows]


def _codes(warehouse: duckdb.DuckDBPyConnection, column: str, value: str) -> list[str]:
    """Name a security as sources do, in quotes: a row that was set aside may know no other name."""
    if column != "security_id":
        return []
    found = select_rows(warehouse, "core.securities", {column: value})
    return [f'"{code}"' for row in found for name, code in row.items() if name.endswith("_code") and code]


def _asked(
    warehouse: duckdb.DuckDBPyConnection, ops: duckdb.DuckDBPyConnection, name: str, key: Mapping[str, str]
) -> list[str]:
    sources = warehouse.execute(
        "SELECT source_id, is_enabled, needs FROM core.sources WHERE list_contains(tables, ?) ORDER BY source_id",
        [name],
    ).fetchall()
    if not sources:
        return [f"no source fills {name} yet"]
    said = []
    for source_id, is_enabled, needs in sources:
        last = ops.execute(
            """
            SELECT outcome, reason, requested_at, window_start_date, window_end_date, url FROM fetches
            WHERE source_id = ? AND (chunk = '' OR list_has_any(?, string_split(chunk, ',')))
            ORDER BY requested_at DESC LIMIT 1
            """,
            [source_id, list(key.values())],
        ).fetchone()
        if last:
            reason = f" ({last[1]})" if last[1] else ""
            window = f", for {last[3]}..{last[4]}" if last[3] else ""
            said.append(
                f"{source_id} was last asked at {last[2]:%Y-%m-%d %H:%M}Z{window}: {last[0]}{reason}; {last[5]}"
            )
        elif not is_enabled:
            wanting = f"it needs {needs}; " if needs != "nothing" else ""
            said.append(f"{source_id} is off: {wanting}`dragongate sources` says why, and how to turn it on")
        else:
            said.append(f"{source_id} was never asked for this; is it on the watch list with that source's code?")
    return said
