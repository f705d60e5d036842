"""Announcements of companies listed in Shenzhen and Shanghai.

Published by   the issuers, through Shenzhen Securities Information
Read from      `new/hisAnnouncement/query`, asked by form, thirty rows a page
Know that      fields count in the form only and a GET is answered with a page; `announcements` is null where there
               are none; far pages repeat rows in silence, so that a span is asked for month by month and repeated
               rows end it; most times are midnight in Shanghai and mean a day only; `totalpages` does not agree
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, SourceError
from extractors.filings import cninfo, cninfo_stocks
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window

SOURCE = Source(
    "cninfo_announcements",
    title="Announcements on CNINFO",
    publisher=cninfo.PUBLISHER,
    kind="filings",
    home_url=f"{cninfo.HOME}/new/hisAnnouncement/query",
    pace=cninfo.PACE,
    tables=("core.filings_by_source",),
    terms=cninfo.TERMS,
    is_on_by_default=False,
    why_off=cninfo.WHY_OFF,
)

COLUMNS = {"XSHE": "szse", "XSHG": "sse"}
_ADDRESS = re.compile(r"https?://www\.cninfo\.com\.cn/new/hisAnnouncement/query(?:\?.*)?$")
_FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_PER_PAGE = 30
_MOST_PAGES = 100
_MARK = re.compile(r"</?em>")
_NOT_WANTED = frozenset({
    "id", "storageTime", "columnId", "pageColumn", "important", "batchNum", "announcementContent", "orgName",
    "announcementTypeName", "associateAnnouncement", "shortTitle", "tileSecName", "adjunctSize", "adjunctType",
})  # fmt: skip
_ENVELOPE = frozenset({
    "classifiedAnnouncements", "totalSecurities", "totalRecordNum", "categoryList", "totalpages", "totalAnnouncement",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class MainlandNotice:
    """One announcement."""

    announcement_id: str
    code: str
    org_id: str
    title: str
    announced_at: datetime
    """Aware; midnight in Shanghai where only the day is known."""
    document_path: str
    type_codes: tuple[str, ...]


def matches(url: str) -> bool:
    """Tell whether this is an answer of the list of announcements."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Look up the companies' numbers, then ask month by month and page by page for each line on the mainland."""
    lines = [line for line in query.watchlist.securities if line.exchange in COLUMNS]
    if not lines:
        return
    listed = client.get(SOURCE, cninfo_stocks.SOURCE.home_url)
    yield Fetched(**{**{name: getattr(listed, name) for name in listed.__slots__}, "source_id": "cninfo_stocks"})
    numbers = _numbers(listed)
    for line in lines:
        if line.code in numbers:
            for span in _months(query.window):
                yield from _pages(client, line.id, line.code, numbers[line.code], COLUMNS[line.exchange], span)


def parse(snapshot: Snapshot) -> Reading[MainlandNotice]:
    """Read one page.

    Raises NothingThere for a span without announcements, ShapeChanged where a field is missing or of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = json_body(snapshot)
    if isinstance(body, list):
        drift.append(Drift("envelope", "rows without hasMore"))
        rows = [Record(row, snapshot, f"[{number}]") for number, row in enumerate(body)]
    else:
        answer = Record(body, snapshot)
        with answer.exhausted(drift, ignore=_ENVELOPE):
            answer.flag("hasMore")
            rows = [] if answer.take("announcements") is None else answer.records("announcements")
    if not rows:
        raise NothingThere("empty_window", snapshot.at("no announcement in this span"))
    found = {one.announcement_id: one for one in (_notice(row, drift, snapshot) for row in rows)}
    return Reading(tuple(found.values()), once(drift))


def _notice(row: Record, drift: list[Drift], snapshot: Snapshot) -> MainlandNotice:
    with row.exhausted(drift, ignore=_NOT_WANTED | {"secName"}):
        milliseconds = row.integer("announcementTime")
        if not 0 < milliseconds < 32_503_680_000_000:
            raise ShapeChanged("announcementTime", snapshot.at(f"announcementTime: {milliseconds}"))
        return MainlandNotice(
            announcement_id=row.text("announcementId"),
            code=row.text("secCode"),
            org_id=row.optional_text("orgId") or "",
            title=_MARK.sub("", row.text("announcementTitle")),
            announced_at=datetime.fromtimestamp(milliseconds / 1000, UTC),
            document_path=row.text("adjunctUrl"),
            type_codes=tuple(code for code in (row.optional_text("announcementType") or "").split("||") if code),
        )


def _pages(client: Client, chunk: str, code: str, org_id: str, column: str, span: Window) -> Iterator[Fetched]:
    seen: set[str] = set()
    for page in range(1, _MOST_PAGES + 1):
        asked = {"pageNum": page, "pageSize": _PER_PAGE, "column": column, "tabName": "fulltext", "plate": "",
                 "stock": f"{code},{org_id}", "searchkey": "", "secid": "", "category": "", "trade": "",
                 "seDate": f"{span.start}~{span.end}", "sortName": "", "sortType": "", "isHLtitle": "true"}  # fmt: skip
        got = client.post(SOURCE, SOURCE.home_url, urlencode(asked).encode(), _FORM, chunk=chunk)
        yield got
        here, has_more = _ids(got)
        if not here - seen or not has_more:
            return
        seen |= here


def _ids(got: Fetched) -> tuple[set[str], bool]:
    """Name the announcements of a page, and whether it says that there are more."""
    if got.snapshot is None or got.snapshot.status != 200:
        return set(), False
    try:
        notices = parse(got.snapshot).records
        return {one.announcement_id for one in notices}, Record(json_body(got.snapshot), got.snapshot).flag("hasMore")
    except SourceError:
        return set(), False


def _numbers(listed: Fetched) -> dict[str, str]:
    if listed.snapshot is None:
        return {}
    try:
        return {one.code: one.org_id for one in cninfo_stocks.parse(listed.snapshot).records}
    except SourceError:
        return {}


def _months(window: Window) -> Iterator[Window]:
    start = window.start
    while start <= window.end:
        after = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield Window(start, min(window.end, date.fromordinal(after.toordinal() - 1)))
        start = after
