"""The newest announcements of the whole market in Hong Kong, as HKEXnews lists them.

Published by   Hong Kong Exchanges and Clearing, through the day
Read from      `lci<board><1 or 7>relsd<e or c>_<page>.json`: the latest batch, or the last seven days
Know that      one file serves the whole market, which is kinder than a search for each company; it holds recent
               days only; times are Hong Kong wall clock; the Chinese twin of a document stands in another file
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, SourceError
from extractors.filings import hkexnews
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "hkexnews_latest",
    title="Newest announcements on HKEXnews",
    publisher=hkexnews.PUBLISHER,
    kind="filings",
    home_url=f"{hkexnews.HOME}/ncms/json/eds/",
    pace=hkexnews.PACE,
    tables=("core.filings_by_source", "core.events"),
    terms=hkexnews.TERMS,
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off=hkexnews.WHY_OFF,
)

_ADDRESS = re.compile(
    r"https?://www\d?\.hkexnews\.hk/ncms/json/eds/lci(?:sehk|gem)[17]relsd(?P<language>[ec])_(?P<page>\d{1,3})\.json"
    r"(?:\?.*)?$",
    re.IGNORECASE,
)
_MOST_PAGES = 40
_NO_CODE = frozenset({"", "NaN"})


@dataclass(frozen=True, slots=True)
class LatestNotice:
    """One document in one language."""

    news_id: str
    title: str
    category: str
    """Headline category with its items in brackets."""
    released_text: str
    released_at: datetime
    web_path: str
    stock_codes: tuple[str, ...]
    headline_code: str
    item_codes: tuple[str, ...]
    language: str


def matches(url: str) -> bool:
    """Tell whether this is a list of the newest announcements."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the last seven days in both languages, as many files as the first one names."""
    del query
    for letter, language in hkexnews.LANGUAGES.items():
        page, pages = 1, 1
        while page <= min(pages, _MOST_PAGES):
            got = client.get(SOURCE, f"{SOURCE.home_url}lcisehk7relsd{letter}_{page}.json", chunk=language)
            yield got
            pages = _pages(got) if page == 1 else pages
            page += 1


def parse(snapshot: Snapshot) -> Reading[LatestNotice]:
    """Read one file.

    Raises NothingThere for one without rows, ShapeChanged where a field is missing or of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    asked = _ADDRESS.match(snapshot.url)
    if asked is None:
        raise ShapeChanged("url", snapshot.at("not an address of a list"))
    drift: list[Drift] = []
    body = Record(json_body(snapshot), snapshot)
    with body.exhausted(drift, ignore=frozenset({"genDate"})):
        body.integer("maxNumOfFile")
        rows = body.records("newsInfoLst")
    if not rows:
        raise NothingThere("no_announcements", snapshot.at("no announcement in the list"))
    language = hkexnews.LANGUAGES[asked["language"].lower()]
    found = tuple(_notice(row, language, drift) for row in rows)
    return Reading(found, once(drift))


def _notice(row: Record, language: str, drift: list[Drift]) -> LatestNotice:
    with row.exhausted(drift, ignore=frozenset({"sTxt", "ext", "size", "market", "multi"})):
        stocks = row.records("stock")
        return LatestNotice(
            news_id=str(row.integer("newsId")),
            title=_clean(row.text("title")),
            category=_clean(row.text("lTxt")),
            released_text=row.text("relTime"),
            released_at=row.local_time("relTime", hkexnews.HONG_KONG, "%d/%m/%Y %H:%M"),
            web_path=row.optional_text("webPath") or "",
            stock_codes=tuple(stock.text("sc") for stock in stocks if stock.optional_text("sc")),
            headline_code=row.optional_text("t1Code") or "",
            item_codes=tuple(code for code in (row.optional_text("t2Code") or "").split(",") if code not in _NO_CODE),
            language=language,
        )


def _clean(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<br\s*/?>", " ", text)).split())


def _pages(first: Fetched) -> int:
    if first.snapshot is None or first.snapshot.status != 200:
        return 0
    try:
        return Record(json_body(first.snapshot), first.snapshot).integer("maxNumOfFile")
    except SourceError:
        return 0
