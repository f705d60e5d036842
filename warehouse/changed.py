"""What changed in the published warehouse since a moment: from what to what, in which run, and why."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

import duckdb

from warehouse.home import Home
from warehouse.published import QueryError, open_published
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.changes import CHANGES

LOOKED_BACK = timedelta(days=1)
"""How far before the newest change one looks who names no moment."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is not what it was."""

    known_from: datetime
    table: str
    key: Mapping[str, Any]
    change: str
    cause: str
    why: str
    columns: Mapping[str, tuple[Any, Any]]
    """The columns that say something else, each with what it said and what it says."""
    source_id: str
    run_id: str | None
    public_from: datetime
    old_snapshot_id: str | None
    new_snapshot_id: str


def changes_since(home: Home, since: datetime | None, table: str = "") -> tuple[datetime | None, Iterator[Change]]:
    """Give the moment that is looked back to, and what changed from then on, oldest first.

    Without `since` it is a day before the newest change; none where nothing ever changed. A chosen table's changes
    are those of its readings. Raises QueryError for a moment without a zone or an unknown table, NothingPublished
    before the first publication.
    """
    if since is not None and since.tzinfo is None:
        raise QueryError(f"{since} has no zone: write 2025-01-02T09:00:00+08:00, or …Z for UTC")
    names = tables_behind(table) if table else []
    connection = open_published(home)
    where = "WHERE known_from >= ?" + (" AND list_contains(?, table_name)" if names else "")
    asked = [names] if names else []
    if since is None:
        mine = "WHERE list_contains(?, table_name)" if names else ""
        newest = connection.execute(f"SELECT max(known_from) FROM {CHANGES.name} {mine}", asked).fetchone()
        since = newest[0] - LOOKED_BACK if newest and newest[0] else None
    return since, _read(connection, where, [since, *asked])


def tables_behind(name: str) -> list[str]:
    """Name the table whose rows change for a table: itself, or the readings of a chosen one.

    Raises QueryError for a table that is not there, with the nearest ones.
    """
    if name not in BY_NAME:
        near = ", ".join(get_close_matches(name, BY_NAME, n=3)) or "those of `dragongate sql`"
        raise QueryError(f"there is no table {name}; near are {near}")
    return [BY_NAME[name].chosen_from or name]


def _read(connection: duckdb.DuckDBPyConnection, where: str, asked: list[Any]) -> Iterator[Change]:
    with connection:
        found = connection.execute(
            f"SELECT * FROM {CHANGES.name} {where} ORDER BY known_from, table_name, row_key", asked
        )
        names = [one[0] for one in found.description or ()]
        if "why" not in names:
            raise QueryError("what is published is of an older version: `dragongate publish` writes it anew")
        while rows := found.fetchmany(1000):
            yield from (_change(dict(zip(names, row, strict=True))) for row in rows)


def _change(row: Mapping[str, Any]) -> Change:
    key = _key(row["row_key"], row["table_name"])
    old, new = (json.loads(row[side]) if row[side] else {} for side in ("old_json", "new_json"))
    said = {
        name: (old.get(name), new.get(name))
        for name in dict.fromkeys((*old, *new))
        if name not in key and old.get(name) != new.get(name)
    }
    plain = ("change", "cause", "why", "source_id", "run_id", "known_from", "public_from")
    return Change(
        table=row["table_name"],
        key=key,
        columns=said,
        old_snapshot_id=row["old_snapshot_id"],
        new_snapshot_id=row["new_snapshot_id"],
        **{name: row[name] for name in plain},
    )


def _key(text: str, table: str) -> dict[str, Any]:
    """Read a key: JSON, of which a withdrawn row has more columns than its key, or `column=value,…`."""
    if text.startswith("{"):
        found = json.loads(text)
        return {name: found[name] for name in BY_NAME[table].key if name in found}
    return dict(part.partition("=")[::2] for part in text.split(",") if "=" in part)
