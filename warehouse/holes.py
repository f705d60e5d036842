"""Why a row is not there, or a cell of it is empty, in sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from warehouse.beneath import barren_inputs
from warehouse.lineage import Wanted
from warehouse.lineage_rules import LINEAGE
from warehouse.sight import VIEWS_BY_NAME, Row, Sight
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.table import Table


def why_missing(sight: Sight, name: str, key: Mapping[str, str]) -> list[str]:
    """Say why there is no row of a key."""
    if name in VIEWS_BY_NAME:
        return list(dict.fromkeys(_not_computed(sight, name, key)))
    return _hole(sight, BY_NAME[name], key)


def why_empty(sight: Sight, name: str, row: Row, column: str) -> list[str]:
    """Say why a row has nothing in a column: what it would be computed from, and what of that is missing."""
    said = list(_not_filled(sight, name, row, column))
    meaning = {one.name: one.description for one in _columns(name)}.get(column, "")
    first = f"{name} has this row, and no {column} in it" + (f" ({meaning})" if meaning else "")
    return [first, *dict.fromkeys(said)]


def _columns(name: str) -> tuple[Any, ...]:
    return VIEWS_BY_NAME[name].columns if name in VIEWS_BY_NAME else BY_NAME[name].columns


def _not_filled(sight: Sight, name: str, row: Row, column: str) -> Iterator[str]:
    if name in BY_NAME and name not in LINEAGE:
        yield f"{row.get('source_id') or name} says nothing of it in the answer that this row was read from"
    for one, found in barren_inputs(sight, name, row, column):
        if not found:
            yield f"{one.table} has no row that it could be computed from"
        beneath = one.named.get(column, column)
        for each in found:
            if beneath in each and each[beneath] is None:
                yield f"{one.table} has none either"
                yield from _not_filled(sight, one.table, each, beneath)


def _not_computed(sight: Sight, name: str, key: Mapping[str, str]) -> Iterator[str]:
    """Walk what a view needs before it has a row, and say what of that is missing."""
    yield f"{name} is computed from {', '.join(VIEWS_BY_NAME[name].reads)}"
    for wanted in LINEAGE[name].wants if name in LINEAGE else ():
        keys = sight.ask(wanted.keys, dict(key))
        if keys is not None:
            yield from _of_wanted(sight, wanted, keys)


def _of_wanted(sight: Sight, wanted: Wanted, keys: list[Row]) -> Iterator[str]:
    if not keys:
        yield f"{wanted.table} has nothing that would lead to it"
    for row in keys:
        beneath = {name: str(value) for name, value in row.items()}
        if not sight.rows(wanted.table, beneath, "LIMIT 1"):
            yield f"{wanted.table} {','.join(f'{name}={value}' for name, value in beneath.items())} is missing:"
            yield from why_missing(sight, wanted.table, beneath)


def _hole(sight: Sight, table: Table, key: Mapping[str, str]) -> list[str]:
    fills = table.chosen_from or table.name
    closed = _closed(sight, key)
    found = [*_taken_down(sight, table, key), *closed, *_set_aside(sight, fills, key)]
    # Of a day without a session nobody could have answered anything.
    return found if closed else [*found, *_asked(sight, fills, key), *_measured(sight, fills, key)]


def _measured(sight: Sight, fills: str, key: Mapping[str, str]) -> list[str]:
    """Say how complete the thing is that the key names, by the newest measure, where something of it is missing."""
    found = sight.ops.execute(
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


def _taken_down(sight: Sight, table: Table, key: Mapping[str, str]) -> list[str]:
    """Tell of the documents that were taken down with rows of this key, be it the key of a row chosen from them."""
    names = {table.name, *([table.chosen_from] if table.chosen_from else [])}
    rows = sight.ops.execute("SELECT DISTINCT * FROM tombstones ORDER BY forgotten_at, snapshot_id").to_arrow_table()
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


def _closed(sight: Sight, key: Mapping[str, str]) -> list[str]:
    if "security_id" not in key or "trade_date" not in key:
        return []
    exchange = key["security_id"].partition(":")[0]
    day = key["trade_date"]
    found = sight.warehouse.execute(
        "SELECT is_open, closed_reason, dayofweek(CAST(? AS DATE)) IN (0, 6) FROM core.trading_sessions "
        "WHERE exchange = ? AND session_date = CAST(? AS DATE)",
        [day, exchange, day],
    ).fetchone()
    if found and not found[0]:
        return [f"{exchange} did not trade on {day}: {found[1] or 'closed'}"]
    weekend = sight.warehouse.execute("SELECT dayofweek(CAST(? AS DATE)) IN (0, 6)", [day]).fetchone()
    return [f"{day} was a weekend"] if weekend and weekend[0] else []


def _set_aside(sight: Sight, name: str, key: Mapping[str, str]) -> list[str]:
    spellings = [[value, *_codes(sight, column, value)] for column, value in key.items()]
    where = " AND ".join(f"({' OR '.join('contains(row_json, ?)' for _ in one)})" for one in spellings)
    rows = sight.ops.execute(
        f"SELECT DISTINCT reason, source_id, snapshot_id FROM rejects WHERE table_name = ? AND {where} LIMIT 5",
        [name, *(text for one in spellings for text in one)],
    ).fetchall()
    return [f"a row of {source} was set aside: {reason} (snapshot {snapshot})" for reason, source, snapshot in rows]


def _codes(sight: Sight, column: str, value: str) -> list[str]:
    """Name a security as sources do, in quotes: a row that was set aside may know no other name."""
    if column != "security_id":
        return []
    found = sight.rows("core.securities", {column: value})
    return [f'"{code}"' for row in found for name, code in row.items() if name.endswith("_code") and code]


def _asked(sight: Sight, name: str, key: Mapping[str, str]) -> list[str]:
    sources = sight.warehouse.execute(
        "SELECT source_id, is_enabled, needs FROM core.sources WHERE list_contains(tables, ?) "
        "ORDER BY is_enabled DESC, source_id",
        [name],
    ).fetchall()
    if not sources:
        return [f"no source fills {name} yet"]
    said = []
    for source_id, is_enabled, needs in sources:
        last = sight.ops.execute(
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
