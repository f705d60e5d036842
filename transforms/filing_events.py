"""Events that filings show: results, deliveries, board meetings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from transforms.tidy import Tidy
from warehouse.tables.filings import EVENTS, FILINGS_BY_SOURCE

RESULTS_OF_OPERATIONS = "2.02"
"""Item of an 8-K. Tesla files its deliveries under it too, on the first days of a quarter."""

HEADLINES = {
    "Final Results": "results",
    "Interim Results": "results",
    "Quarterly Results": "results",
    "Date of Board Meeting": "board_meeting",
}
"""Headline categories of the Hong Kong exchange, in English, whose Chinese twins are the same event."""

_DELIVERY_MONTHS = (1, 4, 7, 10)
_LAST_DELIVERY_DAY = 5


def with_events(filings: Tidy) -> Tidy:
    """Add the events that filings show to the filings themselves."""
    data = filings.rows.get(FILINGS_BY_SOURCE.name, FILINGS_BY_SOURCE.arrow([]))
    return filings | Tidy.of(EVENTS, [_event(row, kind) for row in _candidates(data) if (kind := _kind(row))])


def _candidates(filings: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = filings.to_pylist()
    return [row for row in rows if row["item_codes"]]


def _kind(row: Mapping[str, Any]) -> str:
    if row["publisher"] == "hkex":
        found = [HEADLINES[item] for item in row["item_codes"] if item in HEADLINES]
        return found[0] if found and row["language"] == "en" else ""
    if row["form"] != "8-K" or RESULTS_OF_OPERATIONS not in row["item_codes"]:
        return ""
    return "deliveries" if _opens_a_quarter(row["filed_date"]) else "results"


def _opens_a_quarter(filed: date) -> bool:
    return filed.month in _DELIVERY_MONTHS and filed.day <= _LAST_DELIVERY_DAY


def _event(row: Mapping[str, Any], kind: str) -> dict[str, Any]:
    shared = ("company_id", "title", "filing_id", "source_id", "snapshot_id", "available_at", "fetched_at")
    return {
        **{name: row[name] for name in (*shared, "first_seen_at")},
        "event_id": row["filing_id"],
        "kind": kind,
        "happened_at": row["available_at"],
    }
