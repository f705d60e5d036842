"""Where a site keeps its feeds: from a page, from robots.txt, from the usual places, through a run of its own."""

import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractors.news.addresses import unwrap
from extractors.news.discovery import Place, places_of_robots, read_site, usual_places, watchlist_lines
from extractors.news.page_addresses import is_article_address
from extractors.settings import Settings
from extractors.watchlist import parse_watchlist
from flows.feed_search import FeedSearch, find_feeds
from flows.main import app
from flows.watching import default_watchlist
from tests.end_to_end.rows import ledger
from tests.live_server import Internet, internet
from tests.servers import Reply
from tests.threaded_clock import ThreadedClock
from warehouse.home import Home

NOON = datetime(2026, 2, 3, 4, tzinfo=UTC)
SITE = "https://news.example.org/"
PAGE = """<html lang="zh-CN"><head><base href="/top/"><meta property="og:site_name" content='Example "News"'>
<link rel="alternate" type="application/rss+xml" title="All" href="../all.xml">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link rel="alternate" type="application/json" href="/wp-json/posts/1"><link rel="alternate" hreflang="en" href="/en/">
<link rel="ALTERNATE nofollow" type="application/feed+json" href="/feed.json"></head>
<body><a href="/cars/feed">Cars</a><a href="https://other.example/feed">Not ours</a>
<a href="/all.xml">All</a></body></html>"""
RSS = "<rss><channel><item><title>T</title><link>https://news.example.org/a</link></item></channel></rss>"
MAP = "<urlset><url><loc>https://news.example.org/a</loc></url></urlset>"


def reply(text: str, media_type: str = "text/html") -> Reply:
    return Reply(text.encode(), 200, {"Content-Type": media_type})


def test_a_page_names_its_feeds_and_those_of_comments_and_others_are_none() -> None:
    site = read_site(PAGE, SITE)
    assert [(one.url, one.title) for one in site.places] == [
        ("https://news.example.org/all.xml", "All"),
        ("https://news.example.org/feed.json", ""),
        ("https://news.example.org/cars/feed", "Cars"),
    ]
    assert (site.name, site.language) == ('Example "News"', "zh-CN")


def test_what_is_no_page_says_so() -> None:
    with pytest.raises(ValueError, match="no page"):
        read_site("", SITE)


def test_site_maps_of_robots_with_those_for_news_first() -> None:
    text = (
        "Sitemap: /sitemap.xml\nUser-agent: *\nsitemap : https://a.example/google-news.xml # new\n#Sitemap: /no.xml\n"
    )
    assert places_of_robots(text, "https://a.example/robots.txt") == (
        Place("https://a.example/google-news.xml", "sitemap"),
        Place("https://a.example/sitemap.xml", "sitemap"),
    )


def test_lines_are_ready_for_the_watch_list_whatever_stands_in_a_name() -> None:
    places = [Place("https://www.a.example/feed", "feed"), Place("https://www.a.example/map.xml", "sitemap")]
    lines = watchlist_lines(places, outlet='A "b"\\c\n', language="zh_TW", taken=("a",))
    feeds = parse_watchlist(lines).feeds
    assert [(one.id, one.kind, one.time_zone) for one in feeds] == [
        ("a-feed", "feed", "Asia/Shanghai"),
        ("a-map-xml", "sitemap", "Asia/Shanghai"),
    ]
    assert feeds[0].outlet == 'A "b"\\c ' and feeds[0].language == "zh-TW"


def test_a_token_of_google_news_gives_the_outlet_where_it_holds_one_and_is_never_asked_for_text() -> None:
    target = b"https://www.example.com/a?x=1"
    token = urlsafe_b64encode(b'\x08\x13"' + bytes([len(target)]) + target + b"\xd2\x01\x00").decode().rstrip("=")
    opaque = "https://news.google.com/rss/articles/" + urlsafe_b64encode(b'\x08\x13"\x05AU_yq').decode()
    assert unwrap(f"https://news.google.com/rss/articles/{token}?oc=5") == target.decode()
    assert unwrap(opaque) == opaque and not is_article_address(opaque)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Internet]:
    with internet(tmp_path_factory.mktemp("net"), default_watchlist(), "news.example.org") as it:
        yield it


def search(it: Internet, home: Home, pages: dict[str, Reply]) -> FeedSearch:
    it.begin()
    it.pages = {SITE + path: page for path, page in pages.items()}
    it.robots = {"news.example.org": pages["robots.txt"]}
    settings = Settings(contact="operator@example.org", allowed_addresses=it.names, ca_bundle=it.ca_bundle)
    clock = ThreadedClock(NOON)
    return find_feeds(home, settings, default_watchlist(), SITE, now=clock.now, means=it.means(clock))


GONE = Reply(b"gone", 404)


def test_what_a_site_names_is_tried_and_what_is_no_feed_is_left_out(server: Internet, tmp_path: Path) -> None:
    home = Home(tmp_path)
    pages = {
        "": reply(PAGE),
        "robots.txt": reply("User-agent: *\nDisallow: /cars/\nSitemap: /news-map.xml\n", "text/plain"),
        "all.xml": reply(RSS, "application/xml"),
        "feed.json": GONE,
        "news-map.xml": reply(MAP, "application/xml"),
    }
    found = search(server, home, pages)
    assert [(one.place.url.removeprefix(SITE), one.outcome, one.entries) for one in found.tried] == [
        ("all.xml", "ok", 1),
        ("feed.json", "nothing_there", 0),
        ("cars/feed", "refused", 0),
        ("news-map.xml", "ok", 1),
    ]
    assert [one["url"].removeprefix(SITE) for one in tomllib.loads(found.lines)["feed"]] == ["all.xml", "news-map.xml"]
    assert "news.example.org/cars/feed" not in {one.url for one in server.asked}
    run = ledger(home.root, "SELECT flow, state FROM runs")
    assert run == [{"flow": "feeds", "state": "completed"}]
    again = replace(Settings(), offline=True)
    replayed = find_feeds(home, again, default_watchlist(), SITE, now=ThreadedClock(NOON).now)
    assert replayed.lines == found.lines


def test_a_site_that_names_none_is_asked_at_the_usual_places(server: Internet, tmp_path: Path) -> None:
    usual = {one.url.removeprefix(SITE): GONE for one in usual_places(SITE)}
    pages = {"": reply("<html><p>Hello</p></html>"), "robots.txt": GONE, **usual, "rss.xml": reply(RSS, "text/xml")}
    found = search(server, Home(tmp_path), pages)
    assert [one["url"] for one in tomllib.loads(found.lines)["feed"]] == [SITE + "rss.xml"]
    assert len(found.tried) == len(usual)


def test_an_address_that_is_a_feed_already_is_the_answer(server: Internet, tmp_path: Path) -> None:
    found = search(server, Home(tmp_path), {"": reply(RSS, "text/xml"), "robots.txt": GONE})
    assert [one["url"] for one in tomllib.loads(found.lines)["feed"]] == [SITE]


def test_a_site_that_turns_us_away_is_told(server: Internet, tmp_path: Path) -> None:
    challenge = reply("<html><head><title>Just a moment...</title></head><body>_cf_chl_opt</body></html>")
    found = search(server, Home(tmp_path), {"": challenge, "robots.txt": GONE})
    assert found.lines == "" and "a block page with status 200" in found.message


def test_the_command_reads_a_saved_page_without_asking_anybody(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    home = ("--home", str(tmp_path / "home"))
    ran = CliRunner().invoke(app, ["feeds", str(page), "--url", SITE, *home])
    assert ran.exit_code == 0 and len(tomllib.loads(ran.stdout)["feed"]) == 3
    assert CliRunner().invoke(app, ["feeds", str(page), *home]).exit_code == 2
    page.write_text("<html><p>Hello</p></html>", encoding="utf-8")
    assert CliRunner().invoke(app, ["feeds", str(page), "--url", SITE, *home]).exit_code == 1
