"""Which documents a run asks for: those of chosen kinds that lists of followed companies named within its window."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.source import Window
from extractors.watchlist import read_watchlist
from flows.links import LINKS, links_of
from transforms.registry import RANKS
from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
NOON = datetime(2025, 2, 1, 12, tzinfo=UTC)
JANUARY = Window(date(2025, 1, 1), date(2025, 1, 31))
FOLDER = "https://www.sec.gov/Archives/edgar/data/1318605/000000000125000001/"
HKEX = "https://www1.hkexnews.hk/listedco/listconews/sehk/2025/0103/"


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as opened:
        yield opened


def load(warehouse: Warehouse, table: str, *rows: dict[str, Any]) -> None:
    provenance = {"source_id": "sec_submissions", "snapshot_id": "s", "available_at": NOON, "fetched_at": NOON,
                  "first_seen_at": NOON}  # fmt: skip
    data = BY_NAME[table].arrow({**provenance, **row} for row in rows)
    warehouse.load({table: data}, run_id="r", loaded_at=NOON, ranks=RANKS)


def filing(number: int, form: str, day: str = "2025-01-02", **more: Any) -> dict[str, Any]:
    publisher = more.pop("publisher", "sec")
    named = {"filing_id": f"{publisher}:0000000001-25-{number:06d}", "company_id": "tesla", "publisher": publisher}
    return {**named, "form": form, "filed_date": date.fromisoformat(day), **more}


def exhibit(number: int, name: str, kind: str, sequence: int) -> dict[str, Any]:
    filing_id = f"sec:0000000001-25-{number:06d}"
    return {"document_id": f"{filing_id}/{name}", "filing_id": filing_id, "company_id": "tesla",
            "sequence": sequence, "document_url": FOLDER + name, "file_name": name, "kind": kind,
            "source_id": "sec_filing_index"}  # fmt: skip


def fetched(warehouse: Warehouse, source_id: str, url: str, outcome: str, reason: str | None = None) -> None:
    row = {"run_id": "r", "fetch_number": 1, "source_id": source_id, "chunk": "", "method": "GET", "url": url,
           "requested_at": NOON, "seconds": 0.0, "attempts": 1, "outcome": outcome, "reason": reason,
           "moves_cursor": False}  # fmt: skip
    warehouse.append({"ops.fetches": BY_NAME["ops.fetches"].arrow([row])})


def links(warehouse: Warehouse, source_id: str) -> list[str]:
    return [url.rpartition("/")[2] for url in links_of(source_id, warehouse, WATCHLIST, JANUARY)]


def test_indexes_are_asked_for_of_reports_that_carry_exhibits_within_the_window(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "core.filings_by_source",
        filing(1, "8-K", item_codes=["2.02", "9.01"]),
        filing(2, "8-K", item_codes=["5.02"]),
        filing(3, "6-K"),
        filing(4, "10-Q"),
        filing(5, "6-K", "2024-12-31"),
        filing(6, "8-K", item_codes=["9.01"]),
        filing(7, "6-K", company_id="gone"),
    )
    load(warehouse, "core.filing_exhibits", exhibit(6, "a.htm", "EX-99.1", 2))
    assert links(warehouse, "sec_filing_index") == ["0000000001-25-000001-index.htm", "0000000001-25-000003-index.htm"]


def test_documents_are_press_releases_covers_and_reports_of_periods(warehouse: Warehouse) -> None:
    load(
        warehouse,
        "core.filings_by_source",
        filing(1, "8-K", document_url=FOLDER + "8k.htm"),
        filing(2, "6-K", document_url=FOLDER + "6k.htm"),
        filing(3, "10-Q", document_url=FOLDER + "10q.htm"),
        filing(4, "10-K", "2024-02-01", document_url=FOLDER + "10k.htm"),
        filing(5, "4", document_url=FOLDER + "form4.xml"),
        filing(6, "20-F", document_url=FOLDER + "20f.htm"),
    )
    load(
        warehouse,
        "core.filing_exhibits",
        exhibit(1, "8k.htm", "8-K", 1),
        exhibit(1, "ex991.htm", "EX-99.1", 2),
        exhibit(1, "ex101.htm", "EX-10.1", 3),
        exhibit(2, "6k.htm", "6-K", 1),
        exhibit(2, "logo.jpg", "EX-99.2", 2),
    )
    assert sorted(links(warehouse, "sec_documents")) == ["10q.htm", "20f.htm", "6k.htm", "ex991.htm"]


@pytest.mark.parametrize(
    ("outcome", "reason", "is_asked_again"),
    [
        ("ok", None, False),
        ("nothing_there", "no_text_layer", False),
        ("refused", "encrypted", False),
        ("refused", "circuit", True),
        ("unavailable", "cut", True),
        ("rate_limited", "threshold", True),
    ],
)
def test_what_could_not_be_had_is_asked_for_again(
    warehouse: Warehouse, outcome: str, reason: str | None, is_asked_again: bool
) -> None:
    load(warehouse, "core.filings_by_source", filing(1, "10-Q", document_url=FOLDER + "10q.htm"))
    fetched(warehouse, "sec_documents", FOLDER + "10q.htm", outcome, reason)
    assert bool(links(warehouse, "sec_documents")) is is_asked_again


def test_a_document_that_was_read_from_its_submission_is_not_asked_for(warehouse: Warehouse) -> None:
    load(warehouse, "core.filings_by_source", filing(1, "10-Q", document_url=FOLDER + "10q.htm"))
    document = {"document_id": "d", "publisher": "sec", "document_url": FOLDER + "10q.htm", "file_name": "10q.htm",
                "media_type": "text/html", "page_count": 1, "character_count": 10}  # fmt: skip
    load(warehouse, "core.filing_documents", document)
    assert links(warehouse, "sec_documents") == []


def test_of_hong_kong_results_and_monthly_returns_are_read_in_both_languages(warehouse: Warehouse) -> None:
    notices = "Announcements and Notices"
    load(
        warehouse,
        "core.filings_by_source",
        filing(1, notices, publisher="hkex", item_codes=["Final Results"], document_url=HKEX + "1.pdf"),
        filing(2, "公告及通告", publisher="hkex", item_codes=["末期業績"], document_url=HKEX + "2_c.pdf"),
        filing(3, "Monthly Returns", publisher="hkex", document_url=HKEX + "3.pdf"),
        filing(4, notices, publisher="hkex", item_codes=["Connected Transaction"], document_url=HKEX + "4.pdf"),
        filing(5, notices, publisher="hkex", item_codes=["Final Results"], document_url=HKEX + "5.htm"),
        filing(6, "Final Results", publisher="sec", document_url=HKEX + "6.pdf"),
    )
    assert links(warehouse, "hkexnews_documents") == ["1.pdf", "2_c.pdf", "3.pdf"]


@pytest.mark.parametrize(
    ("title", "is_read"),
    [
        ("2024年年度报告", True),
        ("2024年第三季度报告全文", True),
        ("2024年半年度报告", True),
        ("2024年12月产销快报", True),
        ("2024年年度报告摘要", False),
        ("关于召开股东大会的通知", False),
    ],
)
def test_of_the_mainland_reports_and_sales_are_read(warehouse: Warehouse, title: str, is_read: bool) -> None:
    url = "http://static.cninfo.com.cn/finalpage/2025-01-02/1222000001.PDF"
    load(warehouse, "core.filings_by_source", filing(1, "01", publisher="cninfo", title=title, document_url=url))
    assert bool(links(warehouse, "cninfo_documents")) is is_read


def test_a_source_with_a_list_of_its_own_is_given_no_links(warehouse: Warehouse) -> None:
    assert links_of("sec_submissions", warehouse, WATCHLIST, JANUARY) == ()
    assert {"news_articles", "sec_documents", "sec_filing_index"} <= LINKS.keys()
