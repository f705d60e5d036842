"""The sources as they would have answered: a table from addresses to bodies made of the published figures."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from extractors.filings.sec import accession_of
from extractors.fx import ecb_rates
from extractors.watchlist import Company, WatchList
from samples import documents, hkex, rates, sec, social, stories, tencent
from samples.published import rows_where

_PRICED_ON = "2024-12-30"
_PRICED_AT = datetime(2024, 12, 30, 8, 30, tzinfo=UTC)
"""Half past four in Hong Kong: its session is over, and New York's last one is that of the Friday before."""
_JSON = "application/json"
_JSON_UTF8 = "application/json; charset=utf-8"
_HTML = "text/html; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Body:
    """What one address answers; `recorded_at` where that was not when the rest was."""

    content: bytes
    content_type: str
    recorded_at: datetime | None = None


class Unknown(Exception):
    """A source was asked for something that the sample archive has no answer to; the message names it."""


Make = Callable[[re.Match[str], WatchList], Body]


def answer(url: str, watchlist: WatchList) -> Body:
    """Answer one address.

    Raises Unknown for one that is not in the table.
    """
    for pattern, make in _TABLE:
        if found := re.fullmatch(pattern, url):
            return make(found, watchlist)
    page = next((one for one in stories.stories() if url.partition("?")[0] == one.address), None)
    feed = next((one for one in watchlist.feeds if url == one.url), None)
    if page is not None:
        outlet = next(one for one in watchlist.feeds if one.id == page.feed)
        return Body(stories.page_body(page, outlet), _HTML)
    if feed is not None:
        return Body(stories.feed_body(feed), "application/rss+xml; charset=UTF-8")
    raise Unknown(f"{url}: nothing is known to answer; drop it from the watch list or add figures for it")


def _daily(found: re.Match[str], watchlist: WatchList) -> Body:
    lines = watchlist.by_code("tencent") | watchlist.by_code("tencent_daily")
    body = tencent.daily_bars(found["code"], lines[found["code"]], found["first"], found["last"])
    return Body(body, _JSON_UTF8)


def _prices(found: re.Match[str], watchlist: WatchList) -> Body:
    body = tencent.last_prices(found["codes"].split(","), watchlist, _PRICED_ON)
    return Body(body, "text/html; charset=GBK", _PRICED_AT)


def _daily_rates(_: re.Match[str], __: WatchList) -> Body:
    return Body(rates.daily_file(), "text/xml")


def _rate_history(_: re.Match[str], __: WatchList) -> Body:
    return Body(rates.history_zip(), "application/zip")


def _submissions(found: re.Match[str], watchlist: WatchList) -> Body:
    return Body(sec.submissions(_filer(found, watchlist)), _JSON)


def _facts(found: re.Match[str], watchlist: WatchList) -> Body:
    return Body(sec.company_facts(_filer(found, watchlist)), _JSON)


def _filing_index(found: re.Match[str], _: WatchList) -> Body:
    return Body(documents.index_page(found["accession"]), _HTML)


def _document(found: re.Match[str], _: WatchList) -> Body:
    accession = accession_of(found["folder"])
    make = documents.exhibit if found["file"] == documents.EXHIBIT else documents.report
    return Body(make(accession), "text/html")


def _filer(found: re.Match[str], watchlist: WatchList) -> Company:
    return next(one for one in watchlist.companies if one.sec_cik == int(found["cik"]))


def _hkex_titles(found: re.Match[str], _: WatchList) -> Body:
    return Body(hkex.titles(found["first"], found["last"], found["language"]), _JSON_UTF8)


def _hkex_document(found: re.Match[str], _: WatchList) -> Body:
    return Body(hkex.document(found["file"]), "application/pdf")


def _weibo(found: re.Match[str], _: WatchList) -> Body:
    (row,) = rows_where("followers", platform="weibo", platform_id=found["uid"])
    return Body(social.weibo_profile(found["uid"]), _JSON_UTF8, datetime.fromisoformat(row["observed_at"]))


_TABLE: tuple[tuple[str, Make], ...] = (
    (r"https://web\.ifzq\.gtimg\.cn/.*param=(?P<code>[\w.]+),day,(?P<first>[\d-]+),(?P<last>[\d-]+),\d+,", _daily),
    (r"https://qt\.gtimg\.cn/q=(?P<codes>[\w,.]+)", _prices),
    (re.escape(ecb_rates.DAILY), _daily_rates),
    (re.escape(ecb_rates.HISTORY), _rate_history),
    (r"https://data\.sec\.gov/submissions/CIK(?P<cik>\d{10})\.json", _submissions),
    (r"https://data\.sec\.gov/api/xbrl/companyfacts/CIK(?P<cik>\d{10})\.json", _facts),
    (r"https://www\.sec\.gov/Archives/edgar/data/\d+/\d{18}/(?P<accession>[\d-]{20})-index\.htm", _filing_index),
    (r"https://www\.sec\.gov/Archives/edgar/data/\d+/(?P<folder>\d{18})/(?P<file>[\w.-]+\.htm)", _document),
    (
        r"https://www1\.hkexnews\.hk/search/titleSearchServlet\.do\?.*&stockId=190371"
        r"&fromDate=(?P<first>\d{8})&toDate=(?P<last>\d{8})&.*lang=(?P<language>\w+)",
        _hkex_titles,
    ),
    (r"https://www1\.hkexnews\.hk/listedco/.*/(?P<file>\d+\.pdf)", _hkex_document),
    (r"https://weibo\.com/ajax/profile/info\?uid=(?P<uid>\d+)", _weibo),
)
