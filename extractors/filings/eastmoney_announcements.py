"""Announcements as Eastmoney lists them: a cross-check of what the exchanges list, never a filing of its own.

Published by   Eastmoney, from the exchanges, mostly within minutes
Read from      `np-anotice-stock.eastmoney.com/api/security/ann`, one list for a market's code
Know that      times are of Shanghai, `display_time` with a colon before the milliseconds; the document is the
               house's copy; a list without rows has `total_hits` 0
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.filings.cninfo import SHANGHAI
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

WHY_OFF = "Eastmoney publishes no terms for automated use, so that asking it is the operator's decision."
SOURCE = Source(
    "eastmoney_announcements",
    title="Announcements as Eastmoney lists them",
    publisher="Eastmoney",
    kind="filings",
    home_url="https://np-anotice-stock.eastmoney.com/api/security/ann",
    pace=Pace(1.5),
    tables=("core.outside_announcements",),
    terms="No terms for automated use are published.",
    is_on_by_default=False,
    why_off=WHY_OFF,
)

TYPES = {"XHKG": "H", "XSHE": "A", "XSHG": "A"}
_ADDRESS = re.compile(r"https?://np-anotice-stock\.eastmoney\.com/api/security/ann\?", re.IGNORECASE)
_PER_PAGE = 100
_TIME = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?::\d+)?$")


@dataclass(frozen=True, slots=True)
class OutsideNotice:
    """One announcement in the house's list."""

    art_code: str
    codes: tuple[str, ...]
    title: str
    category: str
    notice_date: date
    listed_at: datetime | None
    """Aware."""


def matches(url: str) -> bool:
    """Tell whether this is a list of announcements."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the newest hundred of each line: the list is a cross-check and no back-fill."""
    for line in query.watchlist.securities:
        if line.exchange in TYPES and line.company:
            asked = {"sr": "-1", "page_size": _PER_PAGE, "page_index": 1, "ann_type": TYPES[line.exchange],
                     "client_source": "web", "stock_list": line.code, "f_node": 0, "s_node": 0}  # fmt: skip
            yield client.get(SOURCE, f"{SOURCE.home_url}?{urlencode(asked)}", chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[OutsideNotice]:
    """Read one list.

    Raises NothingThere for one without rows, ShapeChanged where a field is missing or of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = Record(json_body(snapshot), snapshot)
    with body.exhausted(drift, ignore=frozenset({"success", "error"})):
        data = body.record("data")
    with data.exhausted(drift, ignore=frozenset({"page_index", "page_size"})):
        total = data.integer("total_hits")
        rows = data.records("list")
    if not rows:
        if total:
            raise ShapeChanged("list", snapshot.at(f"no rows of {total}"))
        raise NothingThere("no_announcements", snapshot.at("no announcement is listed"))
    found = tuple(_notice(row, drift, snapshot) for row in rows)
    return Reading(found, once(drift))


def _notice(row: Record, drift: list[Drift], snapshot: Snapshot) -> OutsideNotice:
    with row.exhausted(
        drift,
        ignore=frozenset(
            {"eiTime", "language", "listing_state", "product_code", "sort_date", "source_type", "title_ch", "title_en"}
        ),
    ):
        shown = row.optional_text("display_time")
        columns = row.records("columns") if row.optional("columns") is not None else []
        return OutsideNotice(
            art_code=row.text("art_code"),
            codes=tuple(one.text("stock_code") for one in row.records("codes")),
            title=row.text("title"),
            category=" / ".join(one.text("column_name") for one in columns),
            notice_date=row.day("notice_date", "%Y-%m-%d %H:%M:%S"),
            listed_at=_time(shown, snapshot) if shown else None,
        )


def _time(text: str, snapshot: Snapshot) -> datetime:
    found = _TIME.match(text)
    try:
        return datetime.strptime(found[1] if found else "", "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise ShapeChanged("display_time", snapshot.at(f"display_time: {text!r}")) from error
