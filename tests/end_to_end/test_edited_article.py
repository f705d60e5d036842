"""An article that its outlet edits: the same article, another version, and the text only where that is allowed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractors.settings import Settings
from extractors.watchlist import WatchList
from flows.ingest import ingest
from flows.main import app
from flows.watching import default_watchlist
from tests.archives import record
from warehouse.home import Home
from warehouse.published import query

NOW = datetime(2025, 1, 12, 4, tzinfo=UTC)
URL = "https://cnevpost.com/2025/01/03/made-for-this-test/"
FOUND = "https://news.google.com/rss/articles/CBMiMADEUP1?oc=5"
SEARCH = "https://news.google.com/rss/search?q=Xiaomi&hl=en-US&gl=US&ceid=US:en"
SAID = "Xiaomi delivered more than 20,000 cars in December, it said. Its stores count more visitors than ever before. "


def page(title: str, body: str, modified: str) -> bytes:
    text = (
        f"<html lang=en><head><title>{title}</title><meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='2025-01-03T02:00:00+00:00'>"
        f"<meta property='article:modified_time' content='{modified}'></head><body><article><h1>{title}</h1>"
        f"<p>{body}<a href='/about-the-count/'>How it counts</a> is another question.</p>"
        f"<p>{SAID}</p></article></body></html>"
    )
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + text.encode()


def feed() -> bytes:
    items = (
        f"<item><title>Xiaomi counts its cars - Example Wire</title><link>{FOUND}</link>"
        "<pubDate>Fri, 03 Jan 2025 03:00:00 GMT</pubDate>"
        "<source url='https://wire.example'>Example Wire</source></item>"
    )
    text = f"<rss version='2.0'><channel><title>Search</title>{items}</channel></rss>"
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n" + text.encode()


def home_of(folder: Path, watchlist: WatchList) -> Home:
    """Take in the page as it stood on two days, the later one first, and what a search of news found."""
    edited = page("Xiaomi delivers 25,000", "The count was corrected to 25,000 cars. " * 8, "2025-01-04T09:00:00+00:00")
    first = page("Xiaomi delivers 20,000", "The count stood at 20,000 cars. " * 8, "2025-01-03T02:00:00+00:00")
    path = folder / "pages.warc"
    path.write_bytes(
        record(block=edited, url=URL + "?utm_source=rss", date="2025-01-05T08:00:00Z", number=1)
        + record(block=first, url=URL, date="2025-01-03T08:00:00Z", number=2)
        + record(block=feed(), url=SEARCH, date="2025-01-03T09:00:00Z", number=3)
    )
    home = Home(folder / "home")
    assert ingest(home, path, Settings(), watchlist, now=lambda: NOW).exit_code == 0
    return home


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Home]:
    """Give the home of an operator whose outlet allows that its text is kept, or does not."""
    homes: dict[bool, Home] = {}

    def of(is_allowed: bool) -> Home:
        if is_allowed not in homes:
            shipped = default_watchlist()
            kept = tuple(replace(one, keep_full_text=is_allowed) for one in shipped.feeds)
            folder = tmp_path_factory.mktemp(f"allowed-{is_allowed}")
            homes[is_allowed] = home_of(folder, replace(shipped, feeds=kept))
        return homes[is_allowed]

    return of


def rows(home: Home, sql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = query(home, sql).to_pylist()
    return found


@pytest.mark.parametrize("is_allowed", [False, True])
def test_an_edit_is_a_version_of_the_same_article(taken_in: Callable[[bool], Home], is_allowed: bool) -> None:
    home = taken_in(is_allowed)
    (now,) = rows(home, "SELECT * FROM core.articles WHERE source_id = 'news_articles'")
    (then,) = rows(
        home, "SELECT * FROM as_of.articles(TIMESTAMPTZ '2025-01-04 00:00:00+00') WHERE source_id = 'news_articles'"
    )
    assert now["article_id"] == then["article_id"]
    assert (then["title"], now["title"]) == ("Xiaomi delivers 20,000", "Xiaomi delivers 25,000")
    assert now["body_hash"] != then["body_hash"] and now["canonical_url"] == then["canonical_url"] == URL
    assert now["modified_at"] == datetime(2025, 1, 4, 9, tzinfo=UTC)
    for one in (now, then):
        assert (one["body"] is not None) is is_allowed
        assert one["links"] == ["https://cnevpost.com/about-the-count/"] and one["published_at"].day == 3


def test_what_a_search_of_news_found_is_a_headline_and_no_text(taken_in: Callable[[bool], Home]) -> None:
    (found,) = rows(taken_in(True), "SELECT * FROM core.articles WHERE outlet = 'Example Wire'")
    assert (found["title"], found["is_partial"], found["body"]) == ("Xiaomi counts its cars", True, None)
    assert (found["source_id"], found["body_hash"]) == ("news_feeds", None)


def test_an_address_is_read_out_of_the_archive(taken_in: Callable[[bool], Home]) -> None:
    home = taken_in(False)
    ran = CliRunner().invoke(app, ["article", URL, "--home", str(home.root)])
    assert ran.exit_code == 0, ran.output
    assert ran.output.splitlines()[0] == "Xiaomi delivers 20,000"
    assert "published  2025-01-03T02:00:00+00:00" in ran.output
    absent = CliRunner().invoke(app, ["article", URL + "other", "--home", str(home.root)])
    assert absent.exit_code == 1
