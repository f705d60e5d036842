"""Events that stand in other rows: ex-dates in what changes a line, reviews in the members of an index.

An event says the same whoever tells of it, so that sources that agree make one event.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from extractors.exchanges import EXCHANGES
from extractors.watchlist import WatchList
from transforms.tidy import Tidy
from warehouse.tables.filings import EVENTS
from warehouse.tables.quotes import CORPORATE_ACTIONS_BY_SOURCE, INDEX_MEMBERS

_ORIGIN = ("source_id", "snapshot_id", "fetched_at", "first_seen_at")
_TITLES = {"dividend": "Ex-date of a dividend", "split": "First day after a split"}
"""A buyback has no ex-date."""


def with_calendar_events(tidy: Tidy, watchlist: WatchList) -> Tidy:
    """Add an event for each ex-date and each day on which the members of an index change."""
    companies = {line.id: line.company for line in watchlist.securities if line.company}
    actions = tidy.rows.get(CORPORATE_ACTIONS_BY_SOURCE.name)
    members = tidy.rows.get(INDEX_MEMBERS.name)
    events = [
        *(_ex_dates(actions.to_pylist(), companies) if actions is not None else ()),
        *(_reviews(members.to_pylist()) if members is not None else ()),
    ]
    return tidy | Tidy.of(EVENTS, {event["event_id"]: event for event in events}.values()) if events else tidy


def _ex_dates(actions: Iterable[Mapping[str, Any]], companies: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for row in actions:
        if row["kind"] in _TITLES:
            security_id = row["security_id"]
            yield {
                "event_id": f"ex_date:{security_id}:{row['ex_date']}:{row['kind']}",
                "company_id": companies.get(security_id),
                "kind": "ex_date",
                "title": f"{_TITLES[row['kind']]}, {security_id}",
                **_on(row["ex_date"], security_id, row),
                "available_at": row["available_at"],
                **{name: row[name] for name in _ORIGIN},
            }


def _reviews(members: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    changes = [change for row in members for change in _changes(row)]
    changes.sort(key=lambda one: (one[0], one[1]))
    first_days = {index_id: day for index_id, day, *_ in reversed(changes)}
    for (index_id, day), group in groupby(changes, key=lambda one: (one[0], one[1])):
        rows = [(is_entry, row) for _, _, is_entry, row in group]
        announced = [row["announced_date"] for is_entry, row in rows if is_entry and row["announced_date"]]
        if not announced or day == first_days[index_id]:
            continue  # the day from which a list is known is no review
        entries, newest = sum(is_entry for is_entry, _ in rows), rows[0][1]
        zone = EXCHANGES[index_id.partition(":")[0]].zone
        yield {
            "event_id": f"index_review:{index_id}:{day}",
            "kind": "index_review",
            "title": f"Members of {index_id} change: {entries} in, {len(rows) - entries} out",
            **_on(day, index_id, newest),
            "available_at": datetime.combine(min(announced), time(), zone),
            **{name: newest[name] for name in _ORIGIN},
        }


def _changes(row: Mapping[str, Any]) -> Iterator[tuple[str, date, bool, Mapping[str, Any]]]:
    yield row["index_id"], row["valid_from_date"], True, row
    if row["valid_to_date"]:
        yield row["index_id"], row["valid_to_date"], False, row


def _on(day: date, security_id: str, row: Mapping[str, Any]) -> dict[str, datetime | None]:
    """Expect an event at the start of its day at the exchange; it has happened when the row was read later."""
    start = datetime.combine(day, time(), EXCHANGES[security_id.partition(":")[0]].zone)
    return {"expected_at": start, "happened_at": start if row["fetched_at"] >= start else None}
