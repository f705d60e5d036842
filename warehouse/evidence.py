"""Everything that stands behind one row: the rows that it was made of, their saved answers, and on what terms."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from warehouse.home import Home
from warehouse.published import open_published
from warehouse.sight import Row, select_rows
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.table import Load, Table
from warehouse.why import Explanation, explain, readings_of

_DOCUMENTS = frozenset(
    {"core.filings", "core.filing_documents", "core.articles", "core.stories", "core.article_mentions", "core.claims"}
)
"""Tables of what was published; who a company is or what a metric means proves no figure."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row with all that it rests on."""

    explanation: Explanation
    beneath: list[tuple[str, Row]]
    """The rows of documents that it leads to, with their tables."""
    snapshots: list[Row]
    """The saved answers, oldest first, as `raw.snapshots` has them."""
    sources: list[Row]
    """Who published them and on what terms, as `core.sources` has it."""


def gather(home: Home, table_name: str, key_text: str) -> Evidence:
    """Collect what stands behind one row; without one, the explanation says why there is none.

    Raises QueryError for an unknown table or column, NothingPublished before the first publication.
    """
    found = explain(home, table_name, key_text)
    with open_published(home) as warehouse:
        own = [*found.rows, *(chain.reading for chain in found.chains)]
        start = [(found.table, row) for row in own]
        beneath = list(_beneath(warehouse, start)) if found.table in BY_NAME else []
        ids = {one for row in (*own, *(row for _, row in beneath)) for one in _snapshot_ids(row)}
        snapshots = [
            row for one in sorted(ids) for row in select_rows(warehouse, "raw.snapshots", {"snapshot_id": one})
        ]
        names = {str(row["source_id"]) for row in (*own, *snapshots) if row.get("source_id")}
        sources = [row for one in sorted(names) for row in select_rows(warehouse, "core.sources", {"source_id": one})]
    return Evidence(found, beneath, sorted(snapshots, key=lambda row: (row["fetched_at"], row["snapshot_id"])), sources)


def _snapshot_ids(row: Row) -> Iterator[str]:
    """Name the answers that a row was read from; those that merely said the same again are not among them."""
    for name, value in row.items():
        if name == "snapshot_id" and value:
            yield str(value)
        elif name.endswith("snapshot_ids"):
            yield from (str(one) for one in value or ())


def _beneath(connection: duckdb.DuckDBPyConnection, start: list[tuple[str, Row]]) -> Iterator[tuple[str, Row]]:
    """Follow the ids that lead to documents, and from those on."""
    left = list(start)
    seen: set[tuple[str, str]] = set()
    while left:
        name, row = left.pop(0)
        for column in BY_NAME[name].columns if name in BY_NAME else ():
            target = BY_NAME.get(column.references)
            if target is None or target.name not in _DOCUMENTS or target.name == name or not row.get(column.name):
                continue
            for found in _rows_of(connection, target, column.name, str(row[column.name])):
                mark = (target.name, str({one: found[one] for one in (*target.key, "snapshot_id") if one in found}))
                if mark not in seen:
                    seen.add(mark)
                    left.append((target.name, found))
                    yield target.name, found


def _rows_of(connection: duckdb.DuckDBPyConnection, table: Table, column: str, value: str) -> Iterator[Row]:
    if column not in {one.name for one in table.columns}:
        return
    for row in select_rows(connection, table.name, {column: value}):
        yield row
        if table.load is Load.CHOSEN:
            yield from readings_of(connection, table, row)
