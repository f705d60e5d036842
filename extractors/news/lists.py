"""Pages that list articles, for outlets with neither feed nor site map, as many Chinese ones are.

Published by   outlets, all day
Read from      the addresses on the watch list with `kind = "list"`
Know that      nothing in its address marks such a page, so only the watch list names it; times stand beside the links,
               often without a year or as "3 minutes ago", and count from when the page was fetched
"""

from collections.abc import Iterator

from lxml import etree

from extractors.answers import refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.news.feed_entries import Entry
from extractors.news.list_links import list_entries
from extractors.news.page_tree import tree_of, without_control
from extractors.news.text_decoding import decode
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "news_lists",
    title="List pages of news outlets",
    publisher="the outlets on the watch list",
    kind="news",
    home_url="https://www.rssboard.org/rss-autodiscovery",
    pace=Pace(5),
    tables=("core.articles_by_source",),
    terms="Each outlet's own; a headline may be shown with the link.",
)

_FEWEST = 3
"""A page with fewer articles is no list, or one of another shape than we read."""


def matches(url: str) -> bool:
    """Claim nothing: a list page has no mark in its address, and the watch list names it."""
    del url
    return False


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for every list page on the watch list."""
    for feed in query.watchlist.feeds:
        if feed.kind == "list":
            yield client.get(SOURCE, feed.url, chunk=feed.id)


def parse(snapshot: Snapshot) -> Reading[Entry]:
    """Read the articles that a page lists.

    Raises Refused for a block page, ShapeChanged for a page on which no list can be found.
    """
    refuse_block_page(snapshot)
    require_ok(snapshot)
    try:
        tree = tree_of(without_control(decode(snapshot)))
    except (ValueError, etree.ParserError) as error:
        raise ShapeChanged("page", snapshot.at(f"a page without elements: {error}")) from error
    entries = list_entries(tree, snapshot.url, snapshot.fetched_at)
    if len(entries) < _FEWEST:
        raise ShapeChanged("entries", snapshot.at(f"{len(entries)} links with headlines, which is no list"))
    return Reading(entries)
