"""How the other lists and documents of filings are asked for, and which addresses belong to which of them."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from extractors.client import Fetched
from extractors.errors import Outcome
from extractors.filings import (
    cninfo_announcements,
    cninfo_documents,
    eastmoney_announcements,
    eastmoney_financials,
    hkexnews_categories,
    hkexnews_documents,
    hkexnews_latest,
    hkexnews_stocks,
    sec_documents,
    sec_feeds,
    sec_filing_index,
    sec_indexes,
    sec_search,
)
from extractors.registry import EXTRACTORS, claimant
from extractors.settings import Settings
from extractors.source import Need, Query, Source, Window
from extractors.watchlist import WatchList, read_watchlist
from tests.cases import FIXTURES
from tests.filing_clients import NOW, TableClient, snapshot

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
JANUARY = Window(date(2025, 1, 1), date(2025, 1, 31))
ARCHIVES = "https://www.sec.gov/Archives/edgar/"
FOLDER = f"{ARCHIVES}data/1318605/000162828025000007/"


class FormClient(TableClient):
    """Answers forms too: each with the first body whose key stands in it."""

    def post(
        self,
        source: Source,
        url: str,
        body: bytes,
        media_type: str,
        *,
        chunk: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        assert media_type.startswith("application/x-www-form-urlencoded")
        self.asked.append((chunk, body.decode()))
        found = next((answer for key, answer in self._answers.items() if key in body.decode()), None)
        outcome = Outcome.UNAVAILABLE if found is None else Outcome.OK
        answer = None if found is None else snapshot(url, found)
        return Fetched(source.id, chunk, "POST", url, NOW, 0.0, 1, outcome, snapshot=answer)


def query(window: Window = JANUARY, links: tuple[str, ...] = (), watchlist: WatchList = WATCHLIST) -> Query:
    return Query(watchlist, window, links)


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


@pytest.mark.parametrize(
    ("url", "source_id"),
    [
        (f"{FOLDER}exhibit991.htm", "sec_documents"),
        ("http://www.sec.gov/ix?doc=/Archives/edgar/data/1318605/000162828025000007/a.htm", "sec_documents"),
        (f"{FOLDER}0001628280-25-000007.txt", "sec_documents"),
        (f"{ARCHIVES}data/1318605/0001628280-25-000007.txt", "sec_documents"),
        (f"{FOLDER}0001628280-25-000007-index.htm", "sec_filing_index"),
        (f"{FOLDER}0001628280-25-000007-index-headers.html", "sec_filing_index"),
        (f"{FOLDER}index.json", "sec_filing_index"),
        (f"{ARCHIVES}data/1318605/", ""),
        (f"{FOLDER}logo.jpg", ""),
        (f"{ARCHIVES}daily-index/2025/QTR1/crawler.20250102.idx", "sec_indexes"),
        (f"{ARCHIVES}full-index/1993/QTR4/", "sec_indexes"),
        (f"{ARCHIVES}full-index/2025/QTR1/xbrl.zip", ""),
        ("https://www.sec.gov/cgi-bin/browse-edgar?output=atom&action=getcurrent&type=8-K", "sec_feeds"),
        ("https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK=1318605", ""),
        ("https://efts.sec.gov/LATEST/search-index?q=x", "sec_search"),
        ("http://www1.hkexnews.hk/ncms/json/eds/lcisehk7relsdc_12.json", "hkexnews_latest"),
        ("https://www1.hkexnews.hk/ncms/script/eds/inactivestock_gem_c.json", "hkexnews_stocks"),
        ("https://www1.hkexnews.hk/ncms/script/eds/tiertwogrp_e.json", "hkexnews_categories"),
        ("https://www.hkexnews.hk/reports/bmn/ebmngem.htm", "hkexnews_board_meetings"),
        ("https://www3.hkexnews.hk/listedco/listconews/SEHK/2018/1016/LTN20181016001_C.pdf", "hkexnews_documents"),
        ("https://www1.hkexnews.hk/listedco/listconews/sehk/", ""),
        ("http://static.cninfo.com.cn/finalpage/2025-01-02/1222000001.pdf", "cninfo_documents"),
        ("http://www.cninfo.com.cn/new/hisAnnouncement/query", "cninfo_announcements"),
        ("http://www.cninfo.com.cn/new/data/hke_stock.json", "cninfo_stocks"),
        ("https://datacenter.eastmoney.com/securities/api/data/v1/get?reportName=RPT_OTHER", ""),
    ],
)
def test_each_address_belongs_to_one_source_or_none(url: str, source_id: str) -> None:
    found = claimant(url)
    assert (found.source.id if found else "") == source_id
    assert sum(one.matches(url) for one in EXTRACTORS) == (1 if source_id else 0)


def test_only_the_documents_of_the_sec_are_asked_for_without_a_word_of_the_operator() -> None:
    mine = {one.source.id: one.source for one in EXTRACTORS if one.source.kind == "filings"}
    on = {name for name, source in mine.items() if Settings(contact="a@example.org").is_enabled(source)}
    assert on >= {"sec_submissions", "sec_companyfacts", "sec_filing_index", "sec_documents"}
    assert all(name.startswith("sec_") or name == "issuer_pages" for name in on), "an issuer's page is named by hand"
    off = [source for name, source in mine.items() if name not in on]
    assert all(source.why_off for source in off)
    assert {source.needs for source in off if source.id.startswith("hkexnews")} == {Need.PERMISSION}


def test_a_whole_quarter_is_one_file_and_days_are_those_that_the_list_names() -> None:
    listing = {"directory": {"item": [{"name": f"{kind}.{day}.idx"} for day in (20250102, 20250103, 20250301)
                                      for kind in ("form", "master")], "name": "daily-index/2025/QTR1/"}}  # fmt: skip
    client = TableClient({"index.json": json.dumps(listing).encode()})
    list(sec_indexes.fetch(client, query(Window(date(2024, 9, 15), date(2025, 1, 31)))))
    assert [url.removeprefix(ARCHIVES) for _, url in client.asked] == [
        "daily-index/2024/QTR3/index.json",
        "full-index/2024/QTR4/master.idx",
        "daily-index/2025/QTR1/index.json",
        "daily-index/2025/QTR1/master.20250102.idx",
        "daily-index/2025/QTR1/master.20250103.idx",
    ]


def test_a_feed_is_read_until_a_page_is_not_full_or_reaches_back_far_enough() -> None:
    page = fixture("sec_feeds/current.xml").decode("latin-1")
    start, end = page.index("<entry>"), page.index("</feed>")
    full = (page[:start] + page[start:end] * 34 + "</feed>").encode("latin-1")
    client = TableClient(
        {"type=8-K&company=&dateb=&owner=include&start=0&": full, "type=8-K": fixture("sec_feeds/current.xml")}
    )
    list(sec_feeds.fetch(client, query()))
    asked = [(chunk, parse_qs(urlsplit(url).query)["start"][0]) for chunk, url in client.asked]
    assert asked == [("8-K", "0"), ("8-K", "100"), ("6-K", "0"), ("10-Q", "0"), ("10-K", "0"), ("20-F", "0")]
    earlier = TableClient({"type=8-K": full})
    list(sec_feeds.fetch(earlier, query(Window(date(2025, 1, 3), date(2025, 1, 4)))))
    assert [chunk for chunk, _ in earlier.asked].count("8-K") == 1, "it reaches back to the day before the window"


def test_a_search_is_paged_by_its_count() -> None:
    body = json.loads(fixture("sec_search/two_hits.json"))
    body["hits"]["total"]["value"] = 250
    client = TableClient({"ciks=0001318605": json.dumps(body).encode()})
    list(sec_search.fetch(client, query()))
    tesla = [parse_qs(urlsplit(url).query) for chunk, url in client.asked if chunk == "tesla"]
    assert [one["from"][0] for one in tesla] == ["0", "100", "200"]
    assert {(one["startdt"][0], one["enddt"][0]) for one in tesla} == {("2025-01-01", "2025-01-31")}
    assert len(client.asked) == 3 + 3, "each of the others once"


def test_indexes_and_documents_are_asked_for_where_lists_point() -> None:
    links = (
        sec_filing_index.address(1318605, "0001628280-25-000007"),
        f"{FOLDER}exhibit991.htm",
        "https://example.org/",
    )
    indexes, documents = TableClient({}), TableClient({})
    list(sec_filing_index.fetch(indexes, query(links=links)))
    list(sec_documents.fetch(documents, query(links=links)))
    assert indexes.asked == [("tesla", f"{FOLDER}0001628280-25-000007-index.htm")]
    assert documents.asked == [("tesla", f"{FOLDER}exhibit991.htm")]
    nowhere = TableClient({})
    for module in (sec_filing_index, sec_documents, hkexnews_documents, cninfo_documents):
        assert list(module.fetch(nowhere, query())) == []


def test_the_newest_announcements_are_asked_for_in_both_languages_and_all_files() -> None:
    first = json.loads(fixture("hkexnews_latest/results.json"))
    first["maxNumOfFile"] = 3
    client = TableClient({"relsde": json.dumps(first).encode()})
    list(hkexnews_latest.fetch(client, query()))
    assert [url.rpartition("/")[2] for _, url in client.asked] == [
        "lcisehk7relsde_1.json", "lcisehk7relsde_2.json", "lcisehk7relsde_3.json", "lcisehk7relsdc_1.json",
    ]  # fmt: skip


def test_stocks_and_categories_are_asked_for_in_both_languages_in_capitals() -> None:
    stocks, categories = TableClient({}), TableClient({})
    list(hkexnews_stocks.fetch(stocks, query()))
    asked = [dict(parse_qsl(urlsplit(url).query)) for chunk, url in stocks.asked if chunk == "XHKG:01810"]
    assert [(one["name"], one["lang"]) for one in asked] == [("01810", "EN"), ("01810", "ZH")]
    list(hkexnews_categories.fetch(categories, query()))
    assert len({url for _, url in categories.asked}) == 8


def page_of(*numbers: int, has_more: bool) -> bytes:
    row = json.loads(fixture("cninfo_announcements/page.json"))["announcements"][0]
    rows = [{**row, "announcementId": str(number)} for number in numbers]
    return json.dumps({"announcements": rows, "hasMore": has_more, "totalAnnouncement": 9}).encode()


def test_the_mainland_is_asked_by_form_month_by_month_and_a_repeated_page_ends_it() -> None:
    client = FormClient(
        {
            "szse_stock.json": fixture("cninfo_stocks/list.json"),
            "pageNum=1&pageSize=30&column=szse&tabName=fulltext&plate=&stock=002594%2Cmade0002594&searchkey=&secid=&"
            "category=&trade=&seDate=2025-01-15": page_of(1, 2, has_more=True),
            "pageNum=2&": page_of(1, 2, has_more=True),
            "seDate=2025-02-01": page_of(3, has_more=False),
        }
    )
    fetched = list(cninfo_announcements.fetch(client, query(Window(date(2025, 1, 15), date(2025, 2, 10)))))
    assert (fetched[0].source_id, fetched[0].method) == ("cninfo_stocks", "GET")
    forms = [dict(parse_qsl(body)) for chunk, body in client.asked[1:] if chunk == "XSHE:002594"]
    assert [(one["pageNum"], one["seDate"]) for one in forms] == [
        ("1", "2025-01-15~2025-01-31"),
        ("2", "2025-01-15~2025-01-31"),
        ("1", "2025-02-01~2025-02-10"),
    ]
    assert {one["stock"] for one in forms} == {"002594,made0002594"}


def test_without_the_companies_numbers_nothing_is_asked_of_the_mainland() -> None:
    client = FormClient({})
    assert len(list(cninfo_announcements.fetch(client, query()))) == 1


def test_a_data_house_is_asked_for_lines_that_it_has() -> None:
    announcements, financials = TableClient({}), TableClient({})
    list(eastmoney_announcements.fetch(announcements, query()))
    by_line = {chunk: parse_qs(urlsplit(url).query)["ann_type"][0] for chunk, url in announcements.asked}
    assert by_line["XHKG:01810"] == "H" and by_line["XSHE:002594"] == "A" and "XNAS:TSLA" not in by_line
    list(eastmoney_financials.fetch(financials, query()))
    asked = [url for chunk, url in financials.asked if chunk == "XHKG:01810"]
    assert len(asked) == 4 and all(eastmoney_financials.matches(url) for url in asked)


def test_one_queue_serves_every_call_of_a_house() -> None:
    across = {one.source.id: one.source.pace.across for one in EXTRACTORS if one.source.kind == "filings"}
    for start, domain in (("hkexnews", "hkexnews.hk"), ("cninfo", "cninfo.com.cn"), ("sec_", "sec.gov")):
        assert {domain} == {found for name, found in across.items() if name.startswith(start)}
