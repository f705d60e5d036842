"""Measure, at the end of a run, how complete everything is that we follow."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pyarrow as pa

from extractors.registry import BY_ID, EXTRACTORS
from extractors.source import Query, Window
from extractors.watchlist import WatchList
from flows.completeness import Asked, completeness_row, next_window_start, oldest_day
from flows.plan import FIRST_DAYS
from flows.survey import asked_chunks
from transforms.registry import ORDERS
from warehouse.database import Warehouse
from warehouse.expectations import (
    Expected,
    expected_answers,
    expected_closes,
    expected_followers,
    expected_reports,
    quiet_feeds,
    tries_of,
)
from warehouse.ledger import cursors
from warehouse.tables.catalog import BY_NAME

_KINDS_ASKED = ("quotes", "social", "news", "filings")
_FILERS = {"sec": ("sec_submissions",), "hkex": ("hkexnews_search",), "issuer": ("sec_documents", "hkexnews_documents")}
"""Who is asked for the filings of each publisher, by the first word of what is expected."""


def completeness(
    warehouse: Warehouse, watchlist: WatchList, off: Mapping[str, str], *, run_id: str, until: datetime, today: date
) -> pa.Table:
    """Give the rows for `ops.completeness`; `until` is the moment up to which things should be here.

    `off` says why a source is not asked; every other one is.
    """
    expected = [
        *expected_closes(warehouse, until),
        *expected_followers(warehouse, until),
        *expected_answers(warehouse, [feed.id for feed in watchlist.feeds], until),
        *expected_reports(warehouse, until),
    ]
    sources = _Sources(warehouse, watchlist, off, today)
    tries = tries_of(warehouse, (oldest_day(expected) or today) - timedelta(days=1))
    quiet = quiet_feeds(warehouse, until)
    members = {line.id for line in watchlist.members}
    rows = []
    for one in expected:
        asked = sources.asked(one)
        known = {*asked.on, *(asked.off or {})}
        said = [say for say in tries.get(one.id, []) if say.source_id in known]
        row = completeness_row(one, asked, said, quiet.get(one.id) if one.kind == "feed" else None)
        rows.append({**row, "is_followed": one.id not in members})
    about = {"run_id": run_id, "measured_until": until}
    return BY_NAME["ops.completeness"].arrow({**about, **row} for row in rows)


class _Sources:
    """Knows who can be asked for what."""

    def __init__(self, warehouse: Warehouse, watchlist: WatchList, off: Mapping[str, str], today: date) -> None:
        self._off = off
        self._today = today
        self._cursors = cursors(warehouse)
        self._carriers = _carriers(watchlist, today)

    def asked(self, one: Expected) -> Asked:
        sources = self._sources(one)
        on = tuple(name for name in sources if name not in self._off)
        off = {name: self._off[name] for name in sources if name in self._off}
        return Asked(on, off, self._next_start(one.id, on))

    def _sources(self, one: Expected) -> list[str]:
        carriers = self._carriers.get(one.id, [])
        if one.kind == "security":
            order = ORDERS["daily_bars"].get(one.id.partition(":")[0], ())
            return [name for name in order if name in carriers]
        if one.kind == "filer":
            order = _FILERS[one.what.partition(":")[0]]
            return [name for name in order if name in BY_ID]
        return [name for name in carriers if one.table in BY_ID[name].source.tables]

    def _next_start(self, chunk: str, on: tuple[str, ...]) -> date | None:
        if not on:
            return None
        source = BY_ID[on[0]].source
        reached = self._cursors.get(on[0], {}).get(chunk)
        return next_window_start(reached, today=self._today, lag_days=source.lag_days, first_days=FIRST_DAYS)


def _carriers(watchlist: WatchList, today: date) -> Mapping[str, list[str]]:
    """Name the sources that would be asked for each thing, those that are off included."""
    query = Query(watchlist, Window(today, today))
    found: dict[str, list[str]] = {}
    for one in EXTRACTORS:
        if one.source.kind in _KINDS_ASKED:
            for chunk in asked_chunks(one, query):
                for part in chunk.split(","):
                    found.setdefault(part, []).append(one.source.id)
    return found
