"""Recorded pages that are no articles: a list in Chinese, pages that lead on, shapes of refusals and of aggregators."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from extractors.answers import is_block_page
from extractors.errors import Outcome
from extractors.news.articles import refresh_target
from extractors.news.feed_entries import Entry
from extractors.reader import read_snapshot
from extractors.registry import BY_ID
from tests.recorded_news import files, index, read, recorded, snapshot_of

pytestmark = recorded

LIST = "list_page_zh/163_list_1.html.gz"
LISTED = {
    "https://news.163.com/20/0801/16/FIV54ATS000181BR.html": ("23岁富婆征友，条件只有一个…", date(2020, 8, 1)),
    "https://news.163.com/20/0802/16/FJ1P0UTC0001899O.html": (
        "无缘清华北大的江苏文科第一名 最终申请香港大学",
        date(2020, 8, 2),
    ),
    "https://auto.163.com/20/0801/21/FIVNPEP70008856R.html": (
        "售9.48-12.48万元 比亚迪宋MAX升级版上市",
        date(2020, 8, 1),
    ),
    "http://sports.163.com/18/0613/03/DK5AC8750005877U.html": ("格林:3年前降薪就在等KD", date(2018, 6, 13)),
    "http://dy.163.com/article/FJ11BC280521QBNK.html": ("扫黑办收到富二代悔过书：我赌输了家里的六千万", None),
}
"""Read in the page by hand: headline, and the day where its address names one."""
MENU = ("/rank/", "/world/", "/domestic/", "reg.163.com", "you.163.com", "open.163.com", "/keywords/")
GENUINE = ("article_body", "article_meta", "article_zh", "article_biz", "article_other")
MOST_REFUSED = 0.01


def test_a_list_page_gives_its_headlines_with_links_and_days() -> None:
    found = {one.link: one for one in read_list()}
    for link, (title, day) in LISTED.items():
        published = found[link].published
        assert (found[link].title, published and published.clock.date()) == (title, day)
    assert 110 <= len(found) <= 140
    assert not [link for link in found if any(part in link for part in MENU)]
    dated = [one.published.instant(ZoneInfo("Asia/Shanghai")).date() for one in found.values() if one.published]
    assert len(dated) > len(found) * 0.75 and max(dated) <= date(2020, 8, 2)


def read_list() -> tuple[Entry, ...]:
    """Read the list at the address that its own script names."""
    answer = read_snapshot(BY_ID["news_lists"], replace(snapshot_of(LIST), url="https://news.163.com/"))
    assert answer.outcome is Outcome.OK
    return answer.reading.records


@pytest.mark.parametrize("source_id", ["news_feeds", "news_articles", "news_lists", "news_site_maps"])
def test_thirteen_of_thirteen_challenge_pages_are_refused_by_every_source_of_news(source_id: str) -> None:
    answers = [read(file, source_id) for file in files("block_pages")]
    assert [one.outcome for one in answers] == [Outcome.REFUSED] * 13


def test_of_genuine_pages_next_to_none_is_taken_for_a_block_page() -> None:
    pages = [snapshot_of(file) for kind in GENUINE for file in files(kind)]
    refused = [one.id for one in pages if is_block_page(one)]
    assert len(pages) == 161 and len(refused) <= len(pages) * MOST_REFUSED, refused


def test_shapes_are_what_their_notes_say() -> None:
    assert set(files("shape")) == {file for file in index() if file.startswith("shapes/")}
    for name in ("akamai_403", "consent_redirect", "datadome_200", "sec_undeclared_403"):
        assert read(f"shapes/{name}.html", "news_articles").outcome is Outcome.REFUSED, name
    assert read("shapes/empty_304.txt", "news_feeds").outcome is Outcome.UNCHANGED


def test_an_aggregator_names_the_outlet_and_leaves_the_link_opaque() -> None:
    (entry,) = read("shapes/google_news_search.xml", "news_feeds").reading.records
    assert (entry.title, entry.outlet, entry.outlet_url) == (
        "Xiaomi & rivals report deliveries",
        "Example Wire",
        "https://wire.example",
    )
    assert entry.link.startswith("https://news.google.com/rss/articles/") and entry.texts() == ("", "")


def test_an_opaque_id_and_a_link_that_counts_visits() -> None:
    (entry,) = read("shapes/yahoo_finance_ticker.xml", "news_feeds").reading.records
    assert (entry.guid, entry.published_text) == ("0f0f-1", "Mon, 30 Dec 2024 08:08:00 +0000")
    assert entry.link == "https://finance.yahoo.com/news/example-080800123.html?.tsrc=rss"


def test_a_page_that_leads_on_does_and_one_that_only_refreshes_itself_does_not() -> None:
    leads, stays = (snapshot_of(f"redirect/{name}_meta_refresh.html.gz") for name in ("google", "ap"))
    assert (refresh_target(leads), refresh_target(stays)) == ("http://example.com", "")
    assert read("redirect/google_meta_refresh.html.gz", "news_articles").reason == "not_an_article"
