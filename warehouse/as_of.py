"""Questions about the past: `as_of.<table>(t)` answers with what was public at `t`.

With `known_here := true` it answers with what this warehouse had read by `t`. Each is a table macro over the current
rows and the history, so that a filter reaches both; none names a catalog, so that they work in every copy.
"""

from collections.abc import Iterator, Mapping

from warehouse.choose import dispute, preference, ranked
from warehouse.sql import listed
from warehouse.tables.table import Load, Table

_WITH_ZONE = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?\s*([Zz]|[+-]\d{2}(:?\d{2})?)$"
_WANTED = "write it as 2025-01-02T17:00:00+08:00, or as a TIMESTAMPTZ"
# The type of `t` is known when the query is planned, so all of this becomes a constant.
_INSTANT = f"""
    CREATE OR REPLACE MACRO as_of.instant(t) AS CASE
        WHEN t IS NULL THEN error('as_of needs a time; {_WANTED}')
        WHEN typeof(t) = 'TIMESTAMP WITH TIME ZONE' THEN CAST(t AS TIMESTAMPTZ)
        WHEN typeof(t) = 'VARCHAR' AND regexp_matches(CAST(t AS VARCHAR), '{_WITH_ZONE}') THEN CAST(t AS TIMESTAMPTZ)
        ELSE error('as_of does not know the zone of ' || CAST(t AS VARCHAR) || '; {_WANTED}') END"""


def past_macros(tables: Mapping[str, Table]) -> Iterator[str]:
    """Write the statement that makes the macro of each table that knows when its rows were public."""
    yield _INSTANT
    for table in tables.values():
        query = _query(table, tables)
        if query:
            yield f"CREATE OR REPLACE MACRO as_of.{table.base}(t, known_here := false) AS TABLE {query} {_guard(table)}"


def _query(table: Table, tables: Mapping[str, Table]) -> str:
    if table.schema != "core":
        return ""
    if table.load is Load.MERGE:
        return _versions(table)
    if table.load is Load.CHOSEN:
        return _choice(table, tables[table.chosen_from])
    if table.load is Load.DERIVED:
        return _followed(table)
    return ""


_T = "as_of.instant(t)"


def _guard(table: Table) -> str:
    """Write a branch without rows that refuses a bad `t` even where no row is compared with it.

    DuckDB works out the arguments of a table function when it plans a query, before it looks at a table.
    """
    nothing = ", ".join("NULL" for _ in table.columns)
    return f"UNION ALL SELECT {nothing} FROM range(CASE WHEN {_T} IS NULL THEN 0 ELSE 0 END)"


def _names(table: Table) -> str:
    return listed(one.name for one in table.columns)


def _by(public: str, known: str) -> str:
    return f"CASE WHEN known_here THEN {known} ELSE {public} END"


def _versions(table: Table) -> str:
    """Write the query for the versions that held: the current ones that had begun, and those that had not ended."""
    begun = f"{_by('public_from', 'known_from')} <= {_T}"
    return f"""
        SELECT {_names(table)} FROM {table.name} WHERE {begun}
        UNION ALL
        SELECT {_names(table)} FROM {table.history} WHERE {begun} AND {_T} < {_by("public_to", "known_to")}"""


def _followed(table: Table) -> str:
    """Write the query for derived rows: those that followed then, of what has another past than its present.

    Each axis of time has a past of its own: what was read twice was still published once.
    """
    is_there = f"{_by('available_at', 'first_seen_at')} <= {_T}"
    if not table.past:
        return f"SELECT {_names(table)} FROM {table.name} WHERE {is_there}"
    begun, over = _by("public_from", "known_from"), _by("public_to", "known_to")
    return f"""
        SELECT {_names(table)} FROM {table.name}
        ANTI JOIN (SELECT {table.key[0]} FROM {table.past} WHERE {begun} IS NOT NULL) USING ({table.key[0]})
        WHERE {is_there}
        UNION ALL
        SELECT {_names(table)} FROM {table.past} WHERE {begun} <= {_T} AND ({over} IS NULL OR {_T} < {over})"""


def _choice(table: Table, readings: Table) -> str:
    """Write the query for chosen rows: those settled by then as they are; for the few others the choice of then.

    Windows by key, and no common table expression: a filter on the key reaches the tables through them.
    """
    key = listed(table.key)
    begun, settled = _by("public_from", "known_from"), _by("public_settled_at", "known_settled_at")
    unsettled = f"(SELECT {key} FROM {table.name} WHERE {begun} <= {_T} AND {settled} > {_T})"
    held = f"(SELECT * FROM ({_versions(readings)}) SEMI JOIN {unsettled} USING ({key}))"
    comparable = f"OVER (PARTITION BY {listed([*table.key, *table.disputed_within])})"
    return f"""
        SELECT {_names(table)} FROM {table.name} WHERE {settled} <= {_T}
        UNION ALL
        SELECT {_names(table)} FROM (
            SELECT *, count(DISTINCT source_id) OVER (PARTITION BY {key}) AS reading_count,
                coalesce({dispute(table, comparable)}, false) AS is_disputed,
                row_number() OVER (PARTITION BY {key} ORDER BY {preference(table, readings)}) AS place
            FROM ({ranked(readings, held)})
        ) WHERE place = 1"""
