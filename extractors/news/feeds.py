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

from extractors.answers import begins_as_html, refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged, Unavailable
from extractors.news.feed_entries import Entry
from extractors.news.feed_fallback import read_with_feedparser
from extractors.news.feed_json import is_json_feed, read_json_feed
from extractors.news.feed_xml import read_strictly, read_xml_feed
from extractors.news.page_addresses import is_feed_address
from extractors.news.text_decoding import decode
from extractors.reading import Reading, whole_characters
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source
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
_BEGIN = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE rss[^>\[]*>)*+(?=<(?:rss|feed|rdf:RDF)[\s>])", re.DOTALL
)
"""What may stand before the root of a feed."""
_HEAD = 64 * 1024
"""Characters in which a declaration of entities is looked for; the fast reader takes a document from its root on."""
_HALF_A_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def matches(url: str) -> bool:
    """Tell whether an address looks like a feed."""
    return is_feed_address(url)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for every feed on the watch list; a feed knows no window."""
    for feed in query.watchlist.feeds:
        if feed.kind == "feed":
            yield client.get(SOURCE, feed.url, chunk=feed.id)


def parse(snapshot: Snapshot) -> Reading[Entry]:
    """Read one feed; what the fast reader cannot read is handed to feedparser.

    Raises Refused for a block page and any other page of HTML, ShapeChanged where the answer is no feed or declares
    entities, Unavailable where it ends in the middle of an entry, NothingThere for a feed without entries.
    """
    reading = _plain_entries(snapshot) or _entries(feed_text(snapshot), snapshot)
    if not reading.records:
        raise NothingThere("empty_feed", snapshot.at("a feed without entries"))
    return reading


def feed_text(snapshot: Snapshot) -> str:
    """Decode an answer that should be data, without blanks and marks before it.

    Raises Refused for a page of HTML, ShapeChanged for declared entities, and what the status says.
    """
    if not _BEGIN.match(snapshot.body):
        refuse_block_page(snapshot)
    require_ok(snapshot)
    if begins_as_html(snapshot.body):
        raise Refused("block_page", snapshot.at("a page of HTML in place of a feed"))
    text = decode(snapshot).lstrip(_BLANKS)
    if "<!ENTITY" in text[:_HEAD]:
        refuse_entities(snapshot.body)
    return text


def _plain_entries(snapshot: Snapshot) -> Reading[Entry] | None:
    """Read what most feeds are, well-formed and in UTF-8; no page that turns us away has entries."""
    if not 200 <= snapshot.status < 300:
        return None
    reading = None
    if begin := _BEGIN.match(snapshot.body):
        document = read_strictly(snapshot.body[begin.end() :], snapshot.url, snapshot.fetched_at)
        reading = Reading(document.entries, document.drift) if document else None
    elif snapshot.body.startswith(b"{") and b"jsonfeed.org" in snapshot.body:
        reading = _json_entries(decode(snapshot), snapshot)
    return reading if reading and reading.records else None


def _entries(text: str, snapshot: Snapshot) -> Reading[Entry]:
    return _json_entries(text, snapshot) if text.startswith("{") else _xml_entries(text, snapshot)


def _xml_entries(text: str, snapshot: Snapshot) -> Reading[Entry]:
    document = read_xml_feed(text, snapshot.url, snapshot.fetched_at)
    if document is not None and document.is_cut:
        raise Unavailable("truncated", snapshot.at("the feed ends in the middle of an entry"))
    if document is not None and document.entries:
        return Reading(document.entries, document.drift)
    refuse_entities(snapshot.body)
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
