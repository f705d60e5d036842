"""Answers with what they mean: of a query, or of whole marts as they are or were at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.exports.about import (
    Definition,
    State,
    Terms,
    definitions,
    sources_of,
    state,
    tables_in,
    terms_of,
)
from warehouse.exports.workbook import Page, Sheet, columns_of, write_workbook
from warehouse.home import Home
from warehouse.published import QueryError, ask, open_published

_WIDTHS = (24, 34, 18, 70, 30, 24)
_NEITHER = "computed by the query"


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of one question, and what is known of them."""

    name: str
    asked: str
    """The SQL."""
    rows: pa.Table
    tables: tuple[str, ...]
    definitions: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers out of one generation."""

    answers: tuple[Answer, ...]
    state: State
    sources: tuple[Terms, ...]
    as_of: datetime | None = None


def answer(home: Home, sql: str) -> Answers:
    """Ask one query and say what its answer means.

    Raises what `warehouse.published.query` does.
    """
    with open_published(home) as connection:
        return _answers(connection, [("rows", sql)], home)


def explained(
    home: Home, name: str, rows: pa.Table, *, asked: str, tables: tuple[str, ...], as_of: datetime | None = None
) -> Answers:
    """Say what rows mean that were read from these tables already; `asked` says for what, in words."""
    with open_published(home) as connection:
        meant = definitions(connection, tables)
        sources = terms_of(connection, sources_of(connection, tables))
        return Answers((Answer(name, asked, rows, tables, tuple(meant)),), state(connection), tuple(sources), as_of)


def whole(home: Home, names: Sequence[str], *, as_of: datetime | None = None) -> Answers:
    """Read whole marts or core tables, by their names with or without the schema; with `as_of` as they were then.

    Raises QueryError for a name that is none, with those that are near it.
    """
    with open_published(home) as connection:
        full = [_full_name(connection, name) for name in names]
        if as_of is not None:
            _require_pasts(connection, full)
        asked = [(name.partition(".")[2], _query(name, as_of)) for name in full]
        return _answers(connection, asked, home, as_of)


def write_xlsx(found: Answers, path: Path) -> None:
    """Write answers into one workbook, a sheet each, and what they mean into its last one.

    Raises TooLarge, OSError.
    """
    sheets = [Sheet(one.name, one.rows, one.definitions) for one in found.answers]
    write_workbook(path, sheets, _page(found))


def _answers(
    connection: duckdb.DuckDBPyConnection,
    asked: Sequence[tuple[str, str]],
    home: Home,
    as_of: datetime | None = None,
) -> Answers:
    answers = tuple(_answer(connection, home, name, sql) for name, sql in asked)
    sources = sources_of(connection, {table for one in answers for table in one.tables})
    return Answers(answers, state(connection), tuple(terms_of(connection, sources)), as_of)


def _answer(connection: duckdb.DuckDBPyConnection, home: Home, name: str, sql: str) -> Answer:
    rows, tables = ask(connection, home, sql), tables_in(sql)
    named = {*rows.column_names}
    meant = tuple(one for one in definitions(connection, tables) if one.column in named)
    return Answer(name, sql, rows, tables, meant)


def _query(name: str, as_of: datetime | None) -> str:
    if as_of is None:
        return f"FROM {name} ORDER BY ALL"
    schema, _, base = name.partition(".")
    return f"FROM {'mart_as_of' if schema == 'mart' else 'as_of'}.{base}('{as_of.isoformat()}') ORDER BY ALL"


def _require_pasts(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Raise QueryError for tables that keep no past."""
    rows = connection.execute(
        "SELECT DISTINCT replace(replace(schema_name, 'mart_as_of', 'mart'), 'as_of', 'core') || '.' || function_name "
        "FROM duckdb_functions() WHERE schema_name IN ('as_of', 'mart_as_of')"
    ).fetchall()
    without = [name for name in names if (name,) not in rows]
    if without:
        raise QueryError(f"no past is kept of {', '.join(without)}: ask for it without a time")


def _full_name(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    rows = connection.execute(
        "SELECT DISTINCT schema_name || '.' || table_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name IN ('mart', 'core') ORDER BY 1"
    ).fetchall()
    known = [one for (one,) in rows]
    found = next((one for one in (name, f"mart.{name}", f"core.{name}") if one in known), None)
    if found is None:
        near = get_close_matches(name.rpartition(".")[2], [one.partition(".")[2] for one in known], n=5, cutoff=0.5)
        told = ", ".join(one for one in known if one.partition(".")[2] in near or (not near and "mart." in one))
        raise QueryError(f"there is no table {name}; {'near' if near else 'there'} are {told}")
    return found


def _page(found: Answers) -> Page:
    terms = [[one.source_id, one.publisher, "yes" if one.may_be_redistributed else "no", one.terms, one.terms_url]
             for one in found.sources]  # fmt: skip
    blocks: list[tuple[Sequence[str], Sequence[Sequence[str]]]] = [
        (("about", ""), [*_facts(found)]),
        (("sheet", "column", "unit", "meaning", "table", "type"), [*_columns(found.answers)]),
        (("source", "publisher", "may be passed on", "terms", "address of the terms"), terms),
    ]
    return Page("about", blocks, _WIDTHS)


def _facts(found: Answers) -> Iterator[tuple[str, str]]:
    state = found.state
    yield "made by", "Dragongate"
    yield "as of", f"{found.as_of:%Y-%m-%d %H:%M:%S%z}: what was public then" if found.as_of else "the newest"
    yield "generation", f"{state.generation}, published {state.published_at:%Y-%m-%d %H:%M}Z"
    if state.newest_answer_at:
        yield "newest answer of a source", f"{state.newest_answer_at:%Y-%m-%d %H:%M}Z"
    yield "times", "Columns that end in _at are instants in UTC; _date is a day in the calendar that its meaning states"
    for one in found.answers:
        yield f"asked for {one.name}", one.asked


def _columns(answers: Sequence[Answer]) -> Iterator[tuple[str, ...]]:
    for one in answers:
        for column in columns_of(one.rows):
            meant = [this for this in one.definitions if this.column == column.name]
            if not meant:
                yield one.name, column.name, "", column.note or _NEITHER, "", str(column.column.type)
            for this in meant:
                told = ". ".join(part for part in (this.meaning, column.note) if part)
                yield one.name, column.name, this.unit, told, this.table, this.kind
