"""Site maps for news: what a site published in the last two days, for sites without a feed.

Published by   outlets, for search engines; often named in their robots.txt
Read from      the addresses on the watch list with `kind = "sitemap"`; an index leads on to its newest maps
Know that      only the last 48 hours are listed, so a day that was not asked is lost; a plain map has addresses and no
               headlines; `.gz` comes with and without the header that says so; a feed may stand in for a map
"""

from collections.abc import Iterator
from datetime import datetime

from extractors.answers import refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.decoding import Undecodable
from extractors.decoding import decode as undo
from extractors.errors import NothingThere, ShapeChanged, SourceError, Unavailable
from extractors.news import feeds
from extractors.news.feed_entries import Entry
from extractors.news.page_addresses import is_site_map_address
from extractors.news.site_map_xml import FurtherMap, read_site_map
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "news_site_maps",
    title="Site maps of news outlets",
    publisher="the outlets on the watch list",
    kind="news",
    home_url="https://www.sitemaps.org/protocol.html",
    pace=Pace(2),
    tables=("core.articles_by_source",),
    terms="Each outlet's own; a site map is meant to be read by programs, a headline may be shown with the link.",
)

_MOST_BYTES = 50 * 1024 * 1024
"""What the protocol allows a site map to hold, decompressed."""
_MOST_MAPS = 5
"""How many maps of one index are asked for: the newest ones."""
_GZIP = b"\x1f\x8b"


def matches(url: str) -> bool:
    """Tell whether an address looks like a site map."""
    return is_site_map_address(url)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for every site map on the watch list, and for the newest maps of those that are indexes."""
    for feed in query.watchlist.feeds:
        if feed.kind == "sitemap":
            fetched = client.get(SOURCE, feed.url, chunk=feed.id)
            yield fetched
            for url in _leads_to(fetched.snapshot):
                yield client.get(SOURCE, url, chunk=feed.id)


def parse(snapshot: Snapshot) -> Reading[Entry | FurtherMap]:
    """Read one site map or index of site maps.

    Raises Refused for a page of HTML, Unavailable where it ends in the middle of an address or cannot be decompressed,
    ShapeChanged where the answer is no site map, NothingThere for one without addresses.
    """
    refuse_block_page(snapshot)
    require_ok(snapshot)
    plain = _decompressed(snapshot)
    text = feeds.feed_text(plain)
    found = read_site_map(text, plain.url, plain.fetched_at)
    if found is None:
        return _feed_in_its_place(plain)
    if found.is_cut:
        raise Unavailable("truncated", snapshot.at("the site map ends in the middle of an address"))
    if not found.entries and not found.further:
        raise NothingThere("empty_site_map", snapshot.at("a site map without addresses"))
    if not any(one.link for one in found.entries) and not found.further:
        raise ShapeChanged("loc", snapshot.at("loc is missing in every address"))
    return Reading((*found.entries, *found.further), found.drift)


def _leads_to(snapshot: Snapshot | None) -> tuple[str, ...]:
    """Choose the newest maps of an index, those whose name speaks of news first."""
    if snapshot is None:
        return ()
    try:
        found = [one for one in parse(snapshot).records if isinstance(one, FurtherMap)]
    except SourceError:
        return ()
    found.sort(key=lambda one: ("news" in one.url.lower(), _clock(one)), reverse=True)
    return tuple(dict.fromkeys(one.url for one in found))[:_MOST_MAPS]


def _clock(one: FurtherMap) -> datetime:
    return one.modified.clock if one.modified else datetime.min  # noqa: DTZ901  compared with clocks without zone


def _decompressed(snapshot: Snapshot) -> Snapshot:
    """Undo gzip that the headers did not speak of."""
    if not snapshot.body.startswith(_GZIP):
        return snapshot
    try:
        body = undo(snapshot.body, "gzip", _MOST_BYTES)
    except Undecodable as error:
        raise Unavailable(error.reason, snapshot.at(str(error))) from error
    return Snapshot(
        snapshot.id, snapshot.url, body, snapshot.fetched_at, snapshot.first_seen_at, status=snapshot.status
    )


def _feed_in_its_place(snapshot: Snapshot) -> Reading[Entry | FurtherMap]:
    """Read a feed, which the protocol allows in place of a site map."""
    reading = feeds.parse(snapshot)
    return Reading(reading.records, reading.drift)
