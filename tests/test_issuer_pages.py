"""Pages of issuers: what is on them, what is asked for, and whose the documents are."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.filings import issuer_pages
from extractors.filings.issuer_pages import Announcement
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Query, Window
from samples import hkex
from tests.figures import WATCHLIST
from tests.filing_clients import TableClient
from transforms.tidy_documents import tidy_issuer_pages

LIST = (Path(__file__).parent / "fixtures" / "issuer_pages" / "list.html").read_bytes()
PAGE = "https://ir.example.com/announcements"
FIVE_PAST = datetime(2024, 11, 18, 9, 5, tzinfo=UTC)


def listed(body: bytes) -> list[Announcement]:
    saved = Snapshot("urn:test:list", PAGE, body, FIVE_PAST, FIVE_PAST)
    return [one for one in issuer_pages.parse(saved).records if isinstance(one, Announcement)]


def test_a_list_page_gives_titles_and_days() -> None:
    found = listed(LIST)
    assert [(one.url.rpartition("/")[2], one.released) for one in found] == [
        ("results.pdf", date(2024, 11, 18)), ("results_c.pdf", date(2024, 11, 18)),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["2024/11/18", "November 18, 2024", "2024年11月18日", "18 November 2024"])
def test_days_are_read_as_people_write_them(text: str) -> None:
    page = f"<html><body><table><tr><td>{text}</td><td><a href='a.pdf'>Results</a></td></tr></table></body></html>"
    assert [one.released for one in listed(page.encode())] == [date(2024, 11, 18)]


def test_a_block_with_several_days_gives_none() -> None:
    page = b"<html><body><div>2024-11-18 2024-11-19 <a href='a.pdf'>Results</a></div></body></html>"
    assert [one.released for one in listed(page)] == [None]


@pytest.mark.parametrize(("day", "asked"), [(18, 2), (20, 0)])
def test_only_documents_of_the_window_are_asked_for(day: int, asked: int) -> None:
    companies = tuple(replace(one, investor_pages=(PAGE,) if one.id == "xiaomi" else ()) for one in WATCHLIST.companies)
    client = TableClient({PAGE: LIST})
    window = Window(date(2024, 11, day), date(2024, 11, day))
    list(issuer_pages.fetch(client, Query(replace(WATCHLIST, companies=companies), window)))
    urls = [url for _, url in client.asked]
    assert (urls[:1], len(urls)) == ([PAGE], 1 + asked)


def test_a_document_is_the_issuers_own_word_and_public_when_it_was_found() -> None:
    body = hkex.document("2024111899901.pdf")
    saved = Snapshot("urn:test:pdf", "https://ir.example.com/static/files/results.pdf", body, FIVE_PAST, FIVE_PAST)
    result = tidy_issuer_pages([Read(saved, issuer_pages.parse(saved).records)], WATCHLIST)
    (row,) = result.rows["core.filing_documents"].to_pylist()
    assert (row["company_id"], row["authority"], row["available_at"]) == ("xiaomi", 2, FIVE_PAST)
