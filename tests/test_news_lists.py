"""Site maps and list pages: what is asked, whose they are, and what is left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.client import Client, Fetched
from extractors.errors import Outcome, ShapeChanged, Unavailable
from extractors.news import feeds, lists, site_maps
from extractors.news.list_links import has_mark_of_article
from extractors.news.listed import feed_of
from extractors.news.page_addresses import is_article_address, is_feed_address, is_site_map_address
from extractors.reading import Read
from extractors.registry import claimant
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window
from extractors.watchlist import BadWatchList, Feed, WatchList, parse_watchlist
from transforms.tidy_articles import tidy_site_maps

SEEN = datetime(2024, 12, 31, 1, tzinfo=UTC)
FIXTURES = Path(__file__).parent / "fixtures"
MAP = Feed("map", "https://www.example.com/news-sitemap.xml", "Example", kind="sitemap", time_zone="America/New_York")
LIST = Feed("list", "https://www.example.cn/auto/", "示例", kind="list", language="zh-Hans", time_zone="Asia/Shanghai")
PLAIN = Feed("plain", "https://www.example.com/feed/", "Example")
WATCHLIST = WatchList(feeds=(MAP, LIST, PLAIN))
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">%s</sitemapindex>"""
CHILD = b"<sitemap><loc>https://www.example.com/%s.xml</loc><lastmod>2024-12-%02dT00:00:00Z</lastmod></sitemap>"


class Asked(Client):
    """A client that remembers what it was asked for and answers from a few pages."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, str, str]] = []

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        """Answer from the pages."""
        self.asked.append((source.id, url, chunk))
        snapshot = page(self.pages[url], url) if url in self.pages else None
        outcome = Outcome.OK if snapshot else Outcome.UNAVAILABLE
        return Fetched(source.id, chunk, "GET", url, SEEN, 0.1, 1, outcome, snapshot=snapshot)


def page(body: bytes, url: str = MAP.url) -> Snapshot:
    return Snapshot("urn:test", url, body, SEEN, SEEN)


def query() -> Query:
    return Query(WATCHLIST, Window(SEEN.date(), SEEN.date()))


def test_each_kind_of_entry_is_asked_by_its_own_source() -> None:
    client = Asked({})
    for source in (feeds, lists, site_maps):
        list(source.fetch(client, query()))
    assert client.asked == [
        ("news_feeds", PLAIN.url, "plain"),
        ("news_lists", LIST.url, "list"),
        ("news_site_maps", MAP.url, "map"),
    ]


def test_an_index_leads_to_its_newest_maps_those_for_news_first_and_to_a_few_only() -> None:
    names = [(b"news-old", 1), *((b"map-%d" % day, day) for day in range(2, 12))]
    client = Asked({MAP.url: INDEX % b"".join(CHILD % one for one in names)})
    list(site_maps.fetch(client, query()))
    assert [url.rpartition("/")[2] for _, url, _ in client.asked[1:]] == [
        "news-old.xml", "map-11.xml", "map-10.xml", "map-9.xml", "map-8.xml",
    ]  # fmt: skip
    assert {chunk for *_, chunk in client.asked} == {"map"}


def test_what_is_no_index_leads_nowhere() -> None:
    client = Asked({MAP.url: b"<html><p>Hello</p></html>"})
    assert len(list(site_maps.fetch(client, query()))) == 1


def test_the_watch_list_says_whose_an_address_is() -> None:
    urls = ("http://www.example.cn/auto?utm_source=x", MAP.url, PLAIN.url)
    found = [claimant(url, WATCHLIST) for url in urls]
    assert [one and one.source.id for one in found] == ["news_lists", "news_site_maps", "news_feeds"]
    assert feed_of("https://www.example.cn/auto/1.html", WATCHLIST) is None
    assert claimant(LIST.url) is not claimant(LIST.url, WATCHLIST)


def test_a_kind_that_there_is_not_is_told() -> None:
    text = '[[feed]]\nid = "a"\nurl = "https://a.example/"\noutlet = "A"\nkind = "page"\n'
    with pytest.raises(BadWatchList, match="known are feed, sitemap, list"):
        parse_watchlist(text)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.com/sitemap.xml",
        "https://www.example.com/news-sitemap.xml.gz",
        "https://www.example.com/sitemap_index.xml",
        "https://www.example.com/bol_news_sitemap.xml",
        "https://www.example.com/wsjsitemaps/wsj_google_news.xml",
        "https://www.example.com/sitemaps/web/en/index_en.xml.gz",
        "https://www.example.com/feeds/biz/sitemap_news.xml",
        "https://www.example.com/sitemap.jss?code=2",
        "https://feeds.example.com/sitemap.txt",
    ],
)
def test_an_address_of_a_site_map_is_nothing_else(url: str) -> None:
    assert is_site_map_address(url) and not is_feed_address(url) and not is_article_address(url)


@pytest.mark.parametrize(
    "url",
    ["https://www.example.com/sitemap.html", "https://www.example.com/feed.xml", "https://www.example.com/a-map.xml"],
)
def test_other_addresses_are_no_site_maps(url: str) -> None:
    assert not is_site_map_address(url)


def test_a_map_that_an_index_led_to_belongs_to_the_one_site_map_of_its_site() -> None:
    body = (FIXTURES / "news_site_maps" / "news.xml").read_bytes()
    child = page(body, "https://www.example.com/maps/2024-12.xml")
    tidy = tidy_site_maps([Read(child, site_maps.parse(child).records)], WATCHLIST)
    rows = tidy.rows["core.articles_by_source"].to_pylist()
    assert {row["feed_id"] for row in rows} == {"map"} and {row["outlet"] for row in rows} == {"Example"}
    day = next(row for row in rows if row["published_precision"] == "day")
    assert day["published_at"] == datetime(2024, 12, 30, 5, tzinfo=UTC)  # midnight in New York


def test_addresses_without_headlines_are_set_aside_as_one() -> None:
    body = b"\n".join(b"https://www.example.com/%d" % number for number in range(1_000))
    tidy = tidy_site_maps([Read(page(body), site_maps.parse(page(body)).records)], WATCHLIST)
    (aside,) = tidy.set_aside
    assert (aside.reason, aside.row["count"]) == ("no_title", 1_000)


def test_a_map_that_cannot_be_decompressed_or_explodes_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        site_maps.parse(page(b"\x1f\x8b\x08\0broken"))


def test_a_feed_may_stand_in_for_a_site_map() -> None:
    body = b"<rss><channel><item><title>T</title><link>https://www.example.com/a</link></item></channel></rss>"
    assert [one.title for one in site_maps.parse(page(body)).records] == ["T"]
    with pytest.raises(ShapeChanged):
        feeds.parse(page(b"<urlset><url><loc>https://www.example.com/a</loc></url></urlset>", PLAIN.url))


@pytest.mark.parametrize(
    ("link", "is_article"),
    [
        ("https://www.example.cn/2024-12-30/doc-abc.shtml", True),
        ("https://www.example.cn/20/0802/09/FJ1.html", True),
        ("https://www.example.com/news/xiaomi-sells-more-cars", True),
        ("https://www.example.com/view?id=1234567", True),
        ("https://www.example.com/world/asia/", False),
        ("https://www.example.com/about-us", False),
        ("https://www.example.com/tag/20241230/", False),
    ],
)
def test_addresses_of_articles_have_a_mark(link: str, *, is_article: bool) -> None:
    assert has_mark_of_article(link) is is_article


def test_a_time_that_counts_back_counts_from_when_the_page_was_fetched() -> None:
    rows = "".join(
        f'<li><a href="/a/2024/{n}0000{n}.html">A headline of several words {n}</a><span>{n} hours ago</span></li>'
        for n in (1, 2, 3)
    )
    snapshot = page(f"<html><ul>{rows}</ul></html>".encode(), "https://www.example.com/news/")
    times = [one.published.clock for one in lists.parse(snapshot).records if one.published]
    later = replace(snapshot, fetched_at=SEEN.replace(hour=5))
    assert [time.hour for time in times] == [0, 23, 22]
    assert [one.published.clock.hour for one in lists.parse(later).records if one.published] == [4, 3, 2]
