"""Carry what runs did over to a warehouse that was rebuilt: cursors, publications and verdicts that changed."""

import logging
from pathlib import Path

import duckdb

from warehouse.by_nature import DEEDS, OF_THE_FILE
from warehouse.copying import attached, columns_of, own_catalog
from warehouse.home import Home
from warehouse.load import transaction
from warehouse.sql import listed

log = logging.getLogger("dragongate")

_BEFORE = "dragongate_before"
_CARRIED = tuple(name for name in DEEDS if name not in OF_THE_FILE)


def carry_deeds(connection: duckdb.DuckDBPyConnection, home: Home) -> int:
    """Copy what runs did from the writer's file; from the published ledger where that file is damaged or gone.

    Gives the number of rows. Hold the lease.
    """
    for place, is_published in ((home.warehouse, False), (home.published_ops, True)):
        if place.exists():
            try:
                return _carry(connection, place, is_published=is_published)
            except duckdb.Error as error:
                log.warning("what runs did cannot be read from %s: %s", place, error)
    return 0


def _carry(connection: duckdb.DuckDBPyConnection, place: Path, *, is_published: bool) -> int:
    # The writer's file is opened for writing: a run that was killed left a log beside it that belongs to it.
    with attached(connection, place, _BEFORE, read_only=is_published), transaction(connection):
        return sum(_copied(connection, name, is_published=is_published) for name in _CARRIED)


def _copied(connection: duckdb.DuckDBPyConnection, name: str, *, is_published: bool) -> int:
    source = f"main.{name.partition('.')[2]}" if is_published else name
    there = columns_of(connection, _BEFORE).get(source, [])
    shared = listed(one for one in columns_of(connection, own_catalog(connection))[name] if one in there)
    if not shared:
        return 0
    written = connection.execute(f"INSERT INTO {name} ({shared}) SELECT {shared} FROM {_BEFORE}.{source}").fetchall()
    return sum(int(rows) for (rows,) in written)
