"""Titles of the announcements of companies listed in Hong Kong.

Published by   Hong Kong Exchanges and Clearing, on HKEXnews, in bursts before the open and after the close
Read from      the title search, one answer for one company, span and language
Know that      `result` is a string that holds JSON; `rowRange` counts from the first row and there is no
               offset; a span of more than twelve months answers with no rows and no error; a parameter
               left out shrinks the result in silence, and an unknown language is answered in English; the
               Chinese twin of a document is a row of its own; times are Hong Kong wall clock
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, SourceError
from extractors.filings import hkexnews
from extractors.filings.hkexnews_envelope import MOST_ROWS, open_envelope
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source, Window
from extractors.watchlist import Company

HONG_KONG = ZoneInfo("Asia/Hong_Kong")

SOURCE = Source(
    "hkexnews_search",
    title="Announcements on HKEXnews",
    publisher="Hong Kong Exchanges and Clearing Limited",
    kind="filings",
    home_url="https://www1.hkexnews.hk/search/titleSearchServlet.do",
    pace=hkexnews.PACE,
    tables=("core.filings_by_source", "core.events"),
    terms="The terms of use (section 5) forbid automated access and text mining without written permission.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="HKEXnews' terms of use (section 5) forbid automated access without the exchange's written permission.",
)

_ADDRESS = re.compile(r"https?://www\d?\.hkexnews\.hk/search/titleSearchServlet\.do\?", re.IGNORECASE)
_ALWAYS_SENT = {
    "sortDir": "0",
    "sortByOptions": "DateTime",
    "category": "0",
    "market": "SEHK",
    "documentType": "-1",
    "title": "",
    "searchType": "1",
    "t1code": "-2",
    "t2Gcode": "-2",
    "t2code": "-2",
}
_LANGUAGES_ASKED = ("E", "ZH")
_FIRST_ROWS = 100
_MOST_DAYS = 364
_TWELVE_MONTHS = timedelta(days=366)
_NOT_WANTED = frozenset({"SHORT_TEXT", "TOTAL_COUNT", "DOD_WEB_PATH", "STOCK_NAME"})
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One document in one language, as the exchange lists it."""

    news_id: str
    """The exchange's number; empty where a row has none."""
    stock_codes: tuple[str, ...]
    """Codes of every counter and issuer that it concerns."""
    stock_id: str
    """The exchange's own number of the issuer that was asked for."""
    title: str
    category: str
    """Headline category with its items in brackets; empty where a row has none."""
    released_text: str
    released_at: datetime
    file_type: str
    file_size: str
    file_link: str
    language: str


def matches(url: str) -> bool:
    """Tell whether this is an answer of the title search."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each company in both languages, in spans that the search answers; at most twice for one span."""
    for company in query.watchlist.companies:
        if company.hkex_stock_id is None:
            continue
        for span in _spans(query.window):
            for language in _LANGUAGES_ASKED:
                first = client.get(SOURCE, _address(company, span, language, _FIRST_ROWS), chunk=company.id)
                yield first
                if rows := _rows_to_ask(first):
                    yield client.get(SOURCE, _address(company, span, language, rows), chunk=company.id)


def parse(snapshot: Snapshot) -> Reading[Announcement]:
    """Read one answer.

    Raises NothingThere for a span without announcements; ShapeChanged for a span that the search does not
    answer, for counts that do not agree, for an answer in another language than was asked for, and for a
    field that is missing.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    asked = dict(parse_qsl(urlsplit(snapshot.url).query, keep_blank_values=True))
    drift: list[Drift] = []
    rows, language = open_envelope(json_body(snapshot), asked, drift, snapshot)
    if not rows:
        raise _nothing(asked, snapshot)
    found = tuple(
        _announcement(Record(row, snapshot, f"result[{n}]"), asked, language, drift) for n, row in enumerate(rows)
    )
    return Reading(found, once(drift))


def _nothing(asked: Mapping[str, str], snapshot: Snapshot) -> SourceError:
    start, end = _day(asked.get("fromDate", "")), _day(asked.get("toDate", ""))
    if start and end and end - start > _TWELVE_MONTHS:
        return ShapeChanged("span", snapshot.at("a span of more than twelve months is not answered"))
    return NothingThere("empty_window", snapshot.at("no announcement in this span"))


def _announcement(row: Record, asked: Mapping[str, str], language: str, drift: list[Drift]) -> Announcement:
    with row.exhausted(drift, ignore=_NOT_WANTED):
        link = row.optional_text("FILE_LINK") or ""
        return Announcement(
            news_id=(row.optional_text("NEWS_ID") if link else row.text("NEWS_ID")) or "",
            stock_codes=tuple(code for code in _BREAK.split(row.optional_text("STOCK_CODE") or "") if code),
            stock_id=asked.get("stockId", ""),
            title=_clean(row.text("TITLE")),
            category=_clean(row.optional_text("LONG_TEXT") or row.optional_text("SHORT_TEXT") or ""),
            released_text=row.text("DATE_TIME"),
            released_at=row.local_time("DATE_TIME", HONG_KONG, "%d/%m/%Y %H:%M"),
            file_type=row.optional_text("FILE_TYPE") or "",
            file_size=row.optional_text("FILE_INFO") or "",
            file_link=link,
            language=language,
        )


def _clean(text: str) -> str:
    """Undo breaks, entities and literal escapes that the search leaves in its texts."""
    units = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
    whole = units.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(html.unescape(_BREAK.sub(" ", whole)).split())


def _spans(window: Window) -> Iterator[Window]:
    start = window.start
    while start <= window.end:
        end = min(window.end, start + timedelta(days=_MOST_DAYS))
        yield Window(start, end)
        start = end + timedelta(days=1)


def _address(company: Company, span: Window, language: str, rows: int) -> str:
    parameters = {
        **_ALWAYS_SENT,
        "stockId": str(company.hkex_stock_id),
        "fromDate": f"{span.start:%Y%m%d}",
        "toDate": f"{span.end:%Y%m%d}",
        "rowRange": str(rows),
        "lang": language,
    }
    return f"{SOURCE.home_url}?{urlencode(parameters)}"


def _rows_to_ask(first: Fetched) -> int:
    """Tell how many rows there are where the first answer did not hold them all."""
    if first.snapshot is None or first.snapshot.status != 200:
        return 0
    try:
        envelope = Record(json_body(first.snapshot), first.snapshot)
        return min(envelope.integer("recordCnt"), MOST_ROWS) if envelope.flag("hasNextRow") else 0
    except SourceError:
        return 0


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if re.fullmatch(r"\d{8}", text) else None
