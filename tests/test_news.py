"""Feeds and articles: addresses, encodings, times, and what is asked."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from extractors.answers import is_block_page
from extractors.client import Client, Fetched
from extractors.errors import Outcome
from extractors.news import articles, feeds
from extractors.news.addresses import article_id, canonical_address, chosen_canonical, resolve
from extractors.news.dates import read_time
from extractors.news.json_ld import article_of
from extractors.news.languages import language_of
from extractors.news.plain_text import shortened, to_line, to_text
from extractors.news.text_decoding import decode_bytes
from extractors.reading import Read
from extractors.registry import claimant
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window
from extractors.watchlist import read_watchlist
from transforms.tidy_articles import tidy_articles, tidy_feeds

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
SEEN = datetime(2024, 12, 31, 1, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
CHINESE = "小米汽车今日宣布，十二月的交付量再创新高，工厂将在春节期间继续生产。"
TRADITIONAL = "小米汽車今日宣布，十二月的交付量再創新高，工廠將在春節期間繼續生產。"
JAPANESE = "小米は今日、十二月の納車台数が過去最高になったと発表しました。"
KOREAN = "샤오미는 오늘 12월의 인도 대수가 사상 최고라고 발표했다."
RUSSIAN = "Сегодня компания сообщила о рекордных поставках электромобилей в декабре."
FRENCH = "Le café est très bien situé, déjà à côté de l’hôtel où naît l’été."

FEED_ADDRESSES = (
    "https://cnevpost.com/feed/",
    "https://36kr.com/feed",
    "https://www.36kr.com/feed-newsflash",
    "https://www.huxiu.com/rss/0.xml",
    "https://www.ithome.com/rss/",
    "https://www.scmp.com/rss/91/feed",
    "https://feeds.finance.yahoo.com/rss/2.0/headline?s=TSLA&region=US&lang=en-US",
    "https://finance.yahoo.com/news/rssindex",
    "https://news.google.com/rss/search?q=Xiaomi&hl=en-US",
    "https://www.google.com/alerts/feeds/123/456",
    "https://www.cnbc.com/id/100003114/device/rss/rss.html",
    "https://www.ft.com/markets?format=rss",
    "https://blog.example/?feed=rss2",
    "https://www.prnewswire.com/rss/news-releases-list.rss",
    "https://www.globenewswire.com/RssFeed/organization/KEY",
    "https://www.youtube.com/feeds/videos.xml?channel_id=UCexample",
    "https://example.org/news/index.rdf",
    "https://example.org/posts.atom",
    "https://example.org/feed.json",
)
ARTICLE_ADDRESSES = (
    "https://cnevpost.com/2024/12/30/xiaomi-and-rivals/",
    "https://finance.sina.com.cn/stock/hkstock/2024-12-30/doc-abc.shtml",
    "http://entermedia.example/news/news_view.html?idx=8576&page=1",
    "https://www.example.com/?p=123",
    "https://www.example.hk/財經/小米汽車首錄盈利/619901",
    "https://consent.yahoo.com/v2/collectConsent?sessionId=1",
)
OTHER_ADDRESSES = (
    "https://www.example.com/",
    "https://www.example.com",
    "https://www.example.com/robots.txt",
    "https://www.example.com/sitemap.xml",
    "https://www.example.com/static/app.js",
    "https://www.example.com/report.PDF",
    "https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK=1&output=atom",
    "https://www1.hkexnews.hk/search/partial.do?name=1810",
    "https://query1.finance.yahoo.com/v8/finance/chart/TSLA",
    "https://qt.gtimg.cn/q=hk01810",
    "https://api.example.com/articles/1",
    "https://www.example.com/api/articles/1",
    "https://news.example.com/news-site-api/main/get-market-list?size=10",
    "https://feed.example.com/api/roll/get?pageid=384&lid=2674",
    "https://feeds.example.com/sitemap.xml",
    "https://www.example.com/feeds/biz/sitemap_news.xml",
    "https://x.com/leijun",
    "https://weibo.com/1749127163",
    "https://mastodon.example/@xiaomi",
    "https://news.google.com/rss/articles/CBMiEXAMPLE",
    "urn:dragongate:watchlist",
    "ftp://example.com/a",
    "https://[broken/a",
)


@pytest.mark.parametrize("url", FEED_ADDRESSES)
def test_an_address_of_a_feed_goes_to_feeds(url: str) -> None:
    assert feeds.matches(url) and not articles.matches(url)
    found = claimant(url)
    assert found is not None and found.source.id == "news_feeds"


@pytest.mark.parametrize("url", ARTICLE_ADDRESSES)
def test_an_address_that_could_be_an_article_goes_to_articles(url: str) -> None:
    assert articles.matches(url) and not feeds.matches(url)
    found = claimant(url)
    assert found is not None and found.source.id == "news_articles"


@pytest.mark.parametrize("url", OTHER_ADDRESSES)
def test_other_addresses_are_nobodys(url: str) -> None:
    assert not articles.matches(url) and not feeds.matches(url)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "utf-8"),
        (CHINESE, "utf-8-sig"),
        (CHINESE, "gb18030"),
        (CHINESE, "utf-16"),
        (TRADITIONAL, "big5hkscs"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (KOREAN, "cp949"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp1251"),
        (FRENCH, "cp1252"),
        (FRENCH, "utf-8"),
    ],
)
@pytest.mark.parametrize("label", ["", "text/html", "text/html; charset=ISO-8859-1", "text/html; charset=nonsense"])
def test_text_is_decoded_whatever_the_server_says(text: str, encoding: str, label: str) -> None:
    assert decode_bytes(f"<html>{text}".encode(encoding), label) == f"<html>{text}"


def test_a_label_that_lies_gives_way_to_the_bytes() -> None:
    assert decode_bytes(b'<meta charset="gb2312">' + CHINESE.encode()).endswith(CHINESE)
    assert decode_bytes(b'<meta charset="utf-8">' + CHINESE.encode("gbk")).endswith(CHINESE)
    assert decode_bytes("堃".encode("gb18030") * 3, "text/html; charset=gb2312") == "堃堃堃"


def test_a_page_that_is_cut_in_mid_character_keeps_its_encoding() -> None:
    assert decode_bytes(CHINESE.encode()[:-1]).startswith(CHINESE[:-1])


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("2024-12-30T16:08:00+08:00", "2024-12-30T08:08:00", "second"),
        ("2024-12-30T08:08Z", "2024-12-30T08:08:00", "minute"),
        ("Mon, 30 Dec 2024 08:08:00 GMT", "2024-12-30T08:08:00", "second"),
        ("30 Dec 24 03:08:00 EST", "2024-12-30T08:08:00", "second"),
        ("Mon, 30 Dec 2024 16:08:00 HKT", "2024-12-30T08:08:00", "second"),
        ("Mon, 30 Dec 2024 16:08:00 CST", "2024-12-30T08:08:00", "second"),
        ("2024/12/30 16:08:00", "2024-12-30T08:08:00", "second"),
        ("2024.12.30 16:08", "2024-12-30T08:08:00", "minute"),
        ("2024年12月30日 16:08", "2024-12-30T08:08:00", "minute"),
        ("2024年12月30日16时08分", "2024-12-30T08:08:00", "minute"),
        ("2024年12月30日 星期一 下午4:08", "2024-12-30T08:08:00", "minute"),
        ("12月30日 16:08", "2024-12-30T08:08:00", "minute"),
        ("昨天 16:08", "2024-12-30T08:08:00", "minute"),
        ("3分钟前", "2024-12-31T00:57:00", "minute"),
        ("1735546080", "2024-12-30T08:08:00", "second"),
        ("1735546080123", "2024-12-30T08:08:00", "second"),
        ("Updated Dec. 30, 2024, 3:08 a.m. ET", "2024-12-30T08:08:00", "minute"),
        ("3:08 AM EST, December 30, 2024", "2024-12-30T08:08:00", "minute"),
        ("20241230", "2024-12-29T16:00:00", "day"),
        ("2024-12-30", "2024-12-29T16:00:00", "day"),
    ],
)
def test_times_are_read_as_they_are_written(text: str, instant: str, precision: str) -> None:
    found = read_time(text, SEEN)
    assert found is not None
    assert found.instant(SHANGHAI) == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert (found.precision, found.text) == (precision, text)


def test_cst_is_what_it_is_where_the_source_is() -> None:
    found = read_time("Mon, 30 Dec 2024 16:08:00 CST", SEEN)
    assert found is not None and found.instant(NEW_YORK) == datetime(2024, 12, 30, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024年Q3", "0001-01-01T00:00:00Z", "1970-01-01", "2025-01-03", "31/31/2024", "2024-02-30", "x" * 200],
)
def test_what_is_no_time_or_cannot_be_true_is_none(text: str) -> None:
    assert read_time(text, SEEN) is None


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.com:443/a/../b?utm_source=x&id=3&spm=1.2#top", "https://example.com/b?id=3"),
        ("https://finance.sina.com.cn/a.shtml?cre=x&mod=y&loc=3&r=2", "https://finance.sina.com.cn/a.shtml"),
        ("https://example.com/forum.php?mod=viewthread&tid=3", "https://example.com/forum.php?mod=viewthread&tid=3"),
        ("https://finance.yahoo.com/news/a.html?.tsrc=rss&guccounter=1", "https://finance.yahoo.com/news/a.html"),
        ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/amp/", "https://www.example.com/a"),
        ("https://example.com/?p=12&from=rss", "https://example.com/?p=12"),
    ],
)
def test_an_article_has_one_address(url: str, canonical: str) -> None:
    assert canonical_address(url) == canonical
    assert canonical_address(canonical) == canonical


def test_twins_of_an_address_are_one_article() -> None:
    twins = ("https://www.example.com/a/1/", "http://example.com/a/1", "https://m.example.com/a/1")
    assert len({article_id(canonical_address(one)) for one in twins}) == 1
    assert article_id("https://example.com/a/1") != article_id("https://example.com/a/2")


@pytest.mark.parametrize(
    "stated",
    ["https://www.example.com/", "https://other.example/a", "http://localhost:4000/a", "https://staging.example.com/a"],
)
def test_a_canonical_address_that_cannot_be_is_not_believed(stated: str) -> None:
    assert chosen_canonical((stated,), "https://www.example.com/a?id=1") == "https://www.example.com/a?id=1"


def test_links_are_resolved_or_dropped() -> None:
    assert resolve(" /a b\n", "https://example.com/feed/") == "https://example.com/a%20b"
    assert resolve("javascript:alert(1)", "https://example.com/") == ""


def test_markup_becomes_text() -> None:
    assert to_text("<p>A&nbsp;b</p><script>x()</script><p>c&amp;amp;d</p>") == "A b\nc&d"
    assert to_line("&amp;lt;b&amp;gt; stays a sign") == "&lt;b&gt; stays a sign"
    assert shortened("One. Two. Three.", 11) == "One. Two. …"


def test_quotes_that_an_editor_spoilt_are_quotes() -> None:
    assert to_line("don\x92t \u2014 it\x92s") == "don’t — it’s"
    assert to_line("â\x80\x9cquotedâ\x80\x9d") == "“quoted”"
    assert to_line("naïve café") == "naïve café"


def test_json_ld_is_read_leniently() -> None:
    block = '<!-- {"@graph": [{"@type": "NewsArticle", "headline": "A\nb", "author": ["X",],},]} -->'
    found = article_of([block])
    assert found is not None and found["author"] == ["X"]
    assert article_of(["not json", '{"@type": "WebSite"}']) is None


def test_the_script_decides_over_a_template_that_says_english() -> None:
    declared = (("en", CHINESE), ("", TRADITIONAL), ("en_us", FRENCH), ("", ""))
    assert [language_of(label, text) for label, text in declared] == ["zh-Hans", "zh-Hant", "en-US", ""]


def test_a_marker_in_a_long_genuine_article_is_no_block_page() -> None:
    challenge = b"<html><head><title>Just a moment...</title></head><body>_cf_chl_opt</body></html>"
    article = (
        b"<html><body><script>px-captcha</script><article><p>"
        + b"A sentence of news. " * 100
        + b"</p></article></body></html>"
    )
    headline = b"<html><head><title>Access denied: how a bank failed</title></head><body><p>Text.</p></body></html>"
    assert [is_block_page(_page(body)) for body in (challenge, article, headline)] == [True, False, False]


def test_one_article_in_a_feed_and_on_its_page_has_one_id() -> None:
    link = b"http://cnevpost.com/2024/12/30/x/?utm_source=rss"
    feed = b"<rss><channel><item><title>T</title><link>" + link + b"</link></item></channel></rss>"
    text = b"A sentence of news that says what happened on Monday. " * 8
    head = b'<title>T</title><meta property="og:type" content="article">'
    of_feed = _page(feed, "https://cnevpost.com/feed/")
    of_page = _page(b"<html><head>" + head + b"</head><p>" + text, "https://cnevpost.com/2024/12/30/x/")
    table = "core.articles_by_source"
    one = tidy_feeds([Read(of_feed, feeds.parse(of_feed).records)], WATCHLIST).rows[table].to_pylist()
    two = tidy_articles([Read(of_page, articles.parse(of_page).records)], WATCHLIST).rows[table].to_pylist()
    assert one[0]["article_id"] == two[0]["article_id"]
    assert (two[0]["body"], two[0]["body_length"] > 300, len(two[0]["body_hash"])) == (None, True, 64)


def test_entries_that_cannot_be_rows_are_set_aside_with_the_reason() -> None:
    body = (Path(__file__).parent / "fixtures" / "news_feeds" / "rss_of_the_watch_list.xml").read_bytes()
    snapshot = _page(body, "https://cnevpost.com/feed")
    tidy = tidy_feeds([Read(snapshot, feeds.parse(snapshot).records)], WATCHLIST)
    assert [(one.reason, one.source_id) for one in tidy.set_aside] == [
        ("duplicate_in_feed", "news_feeds"),
        ("no_title", "news_feeds"),
        ("no_public_address", "news_feeds"),
    ]
    assert set(tidy.rows["core.articles_by_source"]["feed_id"].to_pylist()) == {"cnevpost"}


class _Asked(Client):
    """A client that remembers what it was asked for and answers with a page for each address."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, str]] = []

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        """Answer from the pages."""
        self.asked.append((url, chunk))
        snapshot = _page(self.pages[url], url) if url in self.pages else None
        outcome = Outcome.OK if snapshot else Outcome.UNAVAILABLE
        return Fetched(source.id, chunk, "GET", url, SEEN, 0.1, 1, outcome, snapshot=snapshot)


def _page(body: bytes, url: str = "https://www.example.com/a") -> Snapshot:
    return Snapshot("urn:test", url, body, SEEN, SEEN, headers={"content-type": "text/html"})


def _query(*links: str) -> Query:
    return Query(WATCHLIST, Window(SEEN.date(), SEEN.date()), links)


def test_every_feed_of_the_watch_list_is_asked() -> None:
    client = _Asked({})
    assert len(list(feeds.fetch(client, _query()))) == 2
    assert client.asked == [(feed.url, feed.id) for feed in WATCHLIST.feeds]


def test_pages_are_asked_once_and_no_more_than_fifty_of_a_host() -> None:
    links = [f"https://one.example/a/{n}" for n in range(60)] + ["https://two.example/b/1", "https://two.example/b/1"]
    client = _Asked({})
    list(articles.fetch(client, _query(*links, "https://news.google.com/rss/articles/CBMi", "https://two.example/")))
    assert [url for url, _ in client.asked] == [*links[:50], "https://two.example/b/1"]
    assert client.asked[-1][1] == "two.example"


def test_a_page_that_leads_on_is_followed_and_a_loop_ends() -> None:
    leads = '<html><head><meta http-equiv="refresh" content="0;url={}"></head></html>'
    client = _Asked(
        {
            "https://one.example/go": leads.format("https://one.example/a").encode(),
            "https://one.example/a": leads.format("/go").encode(),
        }
    )
    list(articles.fetch(client, _query("https://one.example/go")))
    assert [url for url, _ in client.asked] == ["https://one.example/go", "https://one.example/a"]
