"""Which entry of the watch list an address belongs to."""

from collections.abc import Mapping
from functools import lru_cache

from extractors.news.addresses import canonical_address
from extractors.watchlist import Feed, WatchList


def feed_of(url: str, watchlist: WatchList) -> Feed | None:
    """Find the feed, site map or list page on the watch list that stands at an address."""
    listed = _by_address(watchlist.feeds)
    return listed.get(_bare(url)) if listed else None


@lru_cache(maxsize=16)
def _by_address(feeds: tuple[Feed, ...]) -> Mapping[str, Feed]:
    return {_bare(feed.url): feed for feed in reversed(feeds)}


def _bare(url: str) -> str:
    """Leave out what twins of an address differ in: the scheme, tracking keys, a closing slash."""
    try:
        return canonical_address(url).partition("://")[2].rstrip("/")
    except ValueError:
        return url
