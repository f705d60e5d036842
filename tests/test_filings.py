"""How filings are asked for, which addresses belong to which source, and when a filing was public."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pytest

from extractors.errors import NothingThere, ShapeChanged, SourceError
from extractors.filings import hkexnews_search, sec_companyfacts, sec_submissions
from extractors.reading import Read
from extractors.source import Need, Query, Window
from extractors.watchlist import WatchList, read_watchlist
from tests.cases import FIXTURES
from tests.filing_clients import TableClient, snapshot
from transforms.new_york_time import accepted_at, end_of_filed_day
from transforms.tidy_filings import tidy_hkexnews_search

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
PAGE = (FIXTURES / "sec_submissions" / "first_page.json").read_bytes()
TESLA = WatchList(companies=tuple(company for company in WATCHLIST.companies if company.id == "tesla"))
XIAOMI = WatchList(companies=tuple(company for company in WATCHLIST.companies if company.id == "xiaomi"))


def query(watchlist: WatchList, start: date, end: date) -> Query:
    return Query(watchlist, Window(start, end))


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://data.sec.gov/submissions/CIK0001318605.json", sec_submissions),
        ("http://data.sec.gov/submissions/CIK0001318605-submissions-001.json", sec_submissions),
        ("https://data.sec.gov/submissions/CIK-000000001.json", sec_submissions),
        ("https://data.sec.gov/api/xbrl/companyfacts/CIK0001318605.json", sec_companyfacts),
        ("https://data.sec.gov/api/xbrl/companyconcept/CIK0001318605/us-gaap/Assets.json", sec_companyfacts),
        ("https://data.sec.gov/api/xbrl/frames/us-gaap/Assets/USD/CY2024Q1I.json", None),
        ("https://www.sec.gov/files/company_tickers.json", None),
        ("https://www1.hkexnews.hk/search/titleSearchServlet.do?lang=E&stockId=1", hkexnews_search),
        ("http://www1.hkexnews.hk/search/titlesearchservlet.do?stockId=1", hkexnews_search),
        ("https://www1.hkexnews.hk/search/prefix.do?callback=callback&lang=EN&name=01810", None),
        ("https://www1.hkexnews.hk/listedco/listconews/sehk/2025/0527/2025052700951.pdf", None),
    ],
)
def test_each_address_belongs_to_one_source_or_none(url: str, source: Any) -> None:
    claimants = [one for one in (sec_submissions, sec_companyfacts, hkexnews_search) if one.matches(url)]
    assert claimants == ([source] if source else [])


def test_older_pages_are_asked_for_only_where_the_window_reaches_them() -> None:
    recent, old = TableClient({"CIK": PAGE}), TableClient({"CIK": PAGE})
    assert len(list(sec_submissions.fetch(recent, query(TESLA, date(2026, 1, 1), date(2026, 2, 1))))) == 1
    list(sec_submissions.fetch(old, query(TESLA, date(2018, 2, 12), date(2026, 2, 1))))
    assert [url.rpartition("/")[2] for _, url in old.asked] == [
        "CIK0001318605.json",
        "CIK0001318605-submissions-001.json",
    ]


@pytest.mark.parametrize("body", [b"<Error><Code>NoSuchKey</Code></Error>", None])
def test_a_first_page_without_data_leads_nowhere(body: bytes | None) -> None:
    client = TableClient({"CIK": body} if body else {})
    assert len(list(sec_submissions.fetch(client, query(TESLA, date(2000, 1, 1), date(2026, 2, 1))))) == 1


def test_a_page_cannot_send_us_elsewhere() -> None:
    body = PAGE.replace(b"CIK0001318605-submissions-001.json", b"../../other.json")
    with pytest.raises(ShapeChanged, match=r"filings\.files\.name"):
        sec_submissions.parse(snapshot("https://data.sec.gov/submissions/CIK0001318605.json", body))


def test_facts_are_asked_for_once_a_company_that_files() -> None:
    client = TableClient({})
    list(sec_companyfacts.fetch(client, query(WATCHLIST, date(2026, 1, 1), date(2026, 2, 1))))
    assert [chunk for chunk, _ in client.asked] == ["tesla", "li-auto", "nio", "xpeng"]
    assert client.asked[0][1] == "https://data.sec.gov/api/xbrl/companyfacts/CIK0001318605.json"


def test_announcements_are_off_until_the_operator_has_permission() -> None:
    assert hkexnews_search.SOURCE.needs is Need.PERMISSION
    assert not hkexnews_search.SOURCE.is_on_by_default
    assert "terms of use" in hkexnews_search.SOURCE.why_off


def test_announcements_are_asked_for_in_spans_that_are_answered_and_in_both_languages() -> None:
    client = TableClient({})
    list(hkexnews_search.fetch(client, query(XIAOMI, date(2023, 1, 1), date(2025, 3, 31))))
    asked = [parse_qs(urlsplit(url).query, keep_blank_values=True) for _, url in client.asked]
    assert [(one["fromDate"][0], one["toDate"][0], one["lang"][0]) for one in asked] == [
        ("20230101", "20231231", "E"),
        ("20230101", "20231231", "ZH"),
        ("20240101", "20241230", "E"),
        ("20240101", "20241230", "ZH"),
        ("20241231", "20250331", "E"),
        ("20241231", "20250331", "ZH"),
    ]
    assert all(len(one) == 15 and one["stockId"] == ["190371"] and one["title"] == [""] for one in asked)


def test_more_rows_are_asked_for_from_the_first_one() -> None:
    envelope = {"result": "[]", "hasNextRow": True, "rowRange": 100, "loadedRecord": 100, "recordCnt": 257, "lang": "E"}
    client = TableClient({"lang=E": json.dumps(envelope).encode()})
    list(hkexnews_search.fetch(client, query(XIAOMI, date(2025, 1, 1), date(2025, 3, 31))))
    rows = [parse_qs(urlsplit(url).query)["rowRange"][0] for _, url in client.asked]
    assert rows == ["100", "257", "100"]


@pytest.mark.parametrize("days_over", [0, 1])
def test_no_rows_are_believed_for_a_span_that_is_answered(days_over: int) -> None:
    body = (FIXTURES / "hkexnews_search" / "empty.json").read_bytes()
    end = date.fromordinal(date(2025, 1, 2).toordinal() + days_over)
    url = f"{hkexnews_search.SOURCE.home_url}?fromDate=20240102&toDate={end:%Y%m%d}&lang=E"
    expected: type[SourceError] = ShapeChanged if days_over else NothingThere
    with pytest.raises(expected):
        hkexnews_search.parse(snapshot(url, body))


def test_of_a_joint_announcement_the_first_followed_company_gets_the_row() -> None:
    row = {
        "NEWS_ID": "1", "TITLE": "T", "DATE_TIME": "02/01/2025 08:00", "FILE_LINK": "/a/1.pdf",
        "LONG_TEXT": "Announcements and Notices - [Joint Announcement]", "STOCK_CODE": "00700<br/>01211<br/>01810",
    }  # fmt: skip
    url = f"{hkexnews_search.SOURCE.home_url}?lang=E&stockId=5"
    envelope = {"result": [row], "hasNextRow": False, "rowRange": 100, "loadedRecord": 1, "recordCnt": 1, "lang": "E"}
    saved = snapshot(url, json.dumps(envelope).encode())
    tidy = tidy_hkexnews_search([Read(saved, hkexnews_search.parse(saved).records)], WATCHLIST)
    assert tidy.rows["core.filings_by_source"]["company_id"].to_pylist() == ["xiaomi"]


def test_a_row_without_codes_belongs_to_the_company_that_was_asked_for() -> None:
    row = {"TITLE": "T", "DATE_TIME": "02/01/2025 08:00", "FILE_LINK": "/a/2025010200001.pdf"}
    saved = snapshot(
        f"{hkexnews_search.SOURCE.home_url}?lang=E&stockId=190371", json.dumps([row], ensure_ascii=False).encode()
    )
    reading = hkexnews_search.parse(saved)
    filing = (
        tidy_hkexnews_search([Read(saved, reading.records)], WATCHLIST).rows["core.filings_by_source"].to_pylist()[0]
    )
    assert (filing["company_id"], filing["filing_id"]) == ("xiaomi", "hkex:2025010200001")
    assert [one.field for one in reading.drift] == ["envelope"]


def accepted(*rows: tuple[str, date, str]) -> list[datetime]:
    text, filed, form = zip(*rows, strict=True)
    instants: list[datetime] = accepted_at(
        pa.chunked_array([list(text)]), pa.chunked_array([pa.array(filed, pa.date32())]), pa.chunked_array([list(form)])
    ).to_pylist()
    return instants


def test_a_page_whose_rows_would_fall_into_the_night_is_read_the_other_way() -> None:
    assert accepted(("2026-01-29T01:55:03.000Z", date(2026, 1, 29), "10-K")) == [
        datetime(2026, 1, 29, 1, 55, 3, tzinfo=UTC)
    ]
    assert accepted(("2019-11-15T06:02:24.000Z", date(2019, 11, 15), "8-K")) == [
        datetime(2019, 11, 15, 11, 2, 24, tzinfo=UTC)
    ]


def test_the_filing_date_tells_where_the_hour_does_not() -> None:
    same_day = ("2026-01-28T21:11:04.000Z", date(2026, 1, 28), "8-K")
    assert accepted(same_day) == [datetime(2026, 1, 28, 21, 11, 4, tzinfo=UTC)]
    next_day = ("2023-08-03T18:04:43.000Z", date(2023, 8, 4), "10-Q")
    assert accepted(next_day) == [datetime(2023, 8, 3, 22, 4, 43, tzinfo=UTC)]


def test_where_nothing_tells_the_later_reading_holds() -> None:
    assert accepted(("2024-06-05T16:00:00.000Z", date(2024, 6, 5), "4")) == [datetime(2024, 6, 5, 20, 0, tzinfo=UTC)]


def test_one_row_decides_for_its_whole_page() -> None:
    clear = ("2026-01-29T01:55:03.000Z", date(2026, 1, 29), "10-K")
    unclear = ("2026-01-12T16:00:00.000Z", date(2026, 1, 12), "4")
    assert accepted(clear, unclear)[1] == datetime(2026, 1, 12, 16, 0, tzinfo=UTC)


def test_a_row_without_a_time_was_public_by_the_end_of_its_day() -> None:
    assert accepted(("", date(2024, 7, 5), "UPLOAD")) == [datetime(2024, 7, 6, 2, 0, tzinfo=UTC)]
    winter = end_of_filed_day(pa.chunked_array([pa.array([date(2024, 1, 5)], pa.date32())]))
    assert winter.to_pylist() == [datetime(2024, 1, 6, 3, 0, tzinfo=UTC)]
