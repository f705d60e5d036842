"""Feeds of news outlets: what was published, when, and where it stands.

Published by   outlets and aggregators, many times a day
Read from      the addresses on the watch list; RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, JSON Feed
Know that      a feed lists the newest entries only and forgets the others within hours or days;
               Chinese feeds write local time without an offset; a link of Google News is an opaque redirect,
               so it serves to discover; labels of encodings lie
"""

import json
import re
from collections.abc import Iterator

from extractors.answers import refuse_block_page, refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, Unavailable
from extractors.news.addresses import canonical_address
from extractors.news.feed_entries import Entry
from extractors.news.feed_fallback import read_with_feedparser
from extractors.news.feed_json import is_json_feed, read_json_feed
from extractors.news.feed_xml import read_xml_feed
from extractors.news.page_addresses import is_feed_address
from extractors.news.text_decoding import decode
from extractors.reading import Reading, whole_characters
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source
from extractors.watchlist import Feed, WatchList
from extractors.xml import refuse_entities

SOURCE = Source(
    "news_feeds",
    title="Feeds of news outlets",
    publisher="the outlets on the watch list",
    kind="news",
    home_url="https://www.rssboard.org/rss-specification",
    pace=Pace(2),
    tables=("core.articles_by_source",),
    terms="Each outlet's own; a feed is meant to be read by programs, headline and summary may be shown with the link.",
)

_BLANKS = "\ufeff \t\r\n"
_BEGINS_AS_DATA = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE rss[^>]*>)*+"
    rb"(?:<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]|\{)",
    re.DOTALL,
)
"""No page of HTML begins so, whatever it holds; the search for signs of a block is left out for these."""
_HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def matches(url: str) -> bool:
    """Tell whether an address looks like a feed."""
    return is_feed_address(url)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for every feed on the watch list; a feed knows no window."""
    for feed in query.watchlist.feeds:
        yield client.get(SOURCE, feed.url, chunk=feed.id)


def parse(snapshot: Snapshot) -> Reading[Entry]:
    """Read one feed; what the fast reader cannot read is handed to feedparser.

    Raises Refused for a block page and any other page of HTML, ShapeChanged where the answer is no feed or declares
    entities, Unavailable where it ends in the middle of an entry, NothingThere for a feed without entries.
    """
    text = feed_text(snapshot)
    reading = _json_entries(text, snapshot) if text.startswith("{") else _xml_entries(text, snapshot)
    if not reading.records:
        raise NothingThere("empty_feed", snapshot.at("a feed without entries"))
    return reading


def feed_text(snapshot: Snapshot) -> str:
    """Decode an answer that should be data, without blanks and marks before it.

    Raises Refused for a page of HTML, ShapeChanged for declared entities, and what the status says.
    """
    if not _BEGINS_AS_DATA.match(snapshot.body):
        refuse_block_page(snapshot)
        require_ok(snapshot)
        refuse_html(snapshot)
    require_ok(snapshot)
    text = decode(snapshot).lstrip(_BLANKS)
    if "<!ENTITY" in text or "<!entity" in text:
        refuse_entities(snapshot.body)
    return text


def feed_of(url: str, watchlist: WatchList) -> Feed | None:
    """Find the feed on the watch list that an address belongs to."""
    address = canonical_address(url).partition("://")[2].rstrip("/")
    return next(
        (one for one in watchlist.feeds if canonical_address(one.url).partition("://")[2].rstrip("/") == address), None
    )


def _xml_entries(text: str, snapshot: Snapshot) -> Reading[Entry]:
    document = read_xml_feed(text, snapshot.url, snapshot.fetched_at)
    if document is not None and document.is_cut:
        raise Unavailable("truncated", snapshot.at("the feed ends in the middle of an entry"))
    if document is not None and document.entries:
        return Reading(document.entries, document.drift)
    if other := read_with_feedparser(text, snapshot.url, snapshot.fetched_at):
        return Reading(other)
    if document is None:
        raise ShapeChanged("root", snapshot.at("no root of a feed"))
    if document.unread:
        raise ShapeChanged("entries", snapshot.at(f"{document.unread} entries cannot be read"))
    return Reading((), document.drift)


def _json_entries(text: str, snapshot: Snapshot) -> Reading[Entry]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "jsonfeed.org" in text and not text.rstrip().endswith("}"):
            raise Unavailable("truncated", snapshot.at("the feed ends in the middle of its JSON")) from error
        raise ShapeChanged("body", snapshot.at(f"not JSON: {error}")) from error
    if _HALF_A_CHARACTER.search(text):
        document = whole_characters(document)
    if not is_json_feed(document):
        raise ShapeChanged("version", snapshot.at("JSON that is not a JSON Feed"))
    if not isinstance(document.get("items"), list):
        raise ShapeChanged("items", snapshot.at("items is missing, or no list"))
    return read_json_feed(document, snapshot.url, snapshot.fetched_at)
