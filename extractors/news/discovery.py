"""Where a site keeps its feeds: what its pages name, what its robots.txt names, and where feeds usually stand.

A page names its feeds in `link` elements, which is what they are for; many sites name them only in a link in the
footer, or not at all. Google News searches serve to discover outlets: their links lead nowhere, so that no text is
taken from there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from extractors.news.addresses import is_same_site, resolve, site_of
from extractors.news.languages import zone_of
from extractors.news.page_addresses import is_feed_address, is_site_map_address
from extractors.news.page_tree import tree_of, visible_text, without_control
from extractors.robots import site_maps

_FEED_TYPES = re.compile(
    r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)|(?:application|text)/(?:xml|rss)", re.IGNORECASE
)
_JSON_FEED = re.compile(r"application/json", re.IGNORECASE)
_NOT_OF_ARTICLES = re.compile(r"comment|oembed|wp-json|评论", re.IGNORECASE)
_MOST = 12
_USUAL_PLACES = (
    "/feed/",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/feed.json",
    "/news-sitemap.xml",
)
_NEWS = re.compile(r"news", re.IGNORECASE)
_NO_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Place:
    """An address at which a feed or a site map could stand."""

    url: str
    kind: str
    """feed or sitemap, as the watch list names them."""
    title: str = ""
    """What the page calls it."""


@dataclass(frozen=True, slots=True)
class Site:
    """What a page says about the site that it belongs to."""

    name: str
    language: str
    places: tuple[Place, ...]


def read_site(text: str, url: str) -> Site:
    """Read which feeds a page names, those of comments left out.

    Raises ValueError for a text that is no page.
    """
    try:
        tree = tree_of(without_control(text))
    except etree.ParserError as error:
        raise ValueError(f"no page: {error}") from error
    base = next((found for one in tree.iter("base") if (found := resolve(one.get("href", ""), url))), url)
    named = dict.fromkeys((*_named(tree, base), *_linked(tree, base, url)))
    once = {place.url: place for place in reversed(list(named))}
    return Site(_site_name(tree, url), tree.get("lang", ""), tuple(reversed(once.values()))[:_MOST])


def places_of_robots(text: str, url: str) -> tuple[Place, ...]:
    """Read the site maps that a robots.txt names; those whose name speaks of news come first."""
    found = [one for one in site_maps(text, url) if urlsplit(one).scheme in ("http", "https")]
    found.sort(key=lambda one: not _NEWS.search(urlsplit(one).path))
    return tuple(Place(one, "sitemap") for one in found[:_MOST])


def usual_places(url: str) -> tuple[Place, ...]:
    """Name where the feeds of most sites stand, for a site that names none."""
    return tuple(
        Place(resolve(path, url), "sitemap" if is_site_map_address(resolve(path, url)) else "feed")
        for path in _USUAL_PLACES
    )


def watchlist_lines(places: Iterable[Place], *, outlet: str, language: str, taken: Iterable[str] = ()) -> str:
    """Write places as lines for the watch list; ids are made of the site's name, and differ from those `taken`."""
    used = set(taken)
    blocks = []
    for place in places:
        name = _id_of(place.url, used)
        used.add(name)
        kind = f'kind = "{place.kind}"\n' if place.kind != "feed" else ""
        words = language.replace("_", "-") or "en"
        blocks.append(
            f'[[feed]]\nid = "{name}"\nurl = {_quoted(place.url)}\noutlet = {_quoted(outlet)}\n{kind}'
            f'language = {_quoted(words)}\ntime_zone = "{zone_of(words)}"\n'
        )
    return "\n".join(blocks)


def _named(tree: etree._Element, base: str) -> Iterator[Place]:
    """Give the feeds of `link rel=alternate`, in the page's order."""
    for one in tree.iter("link"):
        kind, relation = one.get("type", ""), one.get("rel", "").lower().split()
        is_feed = _FEED_TYPES.fullmatch(kind) or (_JSON_FEED.fullmatch(kind) and "json" in one.get("href", "").lower())
        if "alternate" not in relation or not is_feed:
            continue
        url, title = resolve(one.get("href", ""), base), " ".join(one.get("title", "").split())
        if url and not _NOT_OF_ARTICLES.search(f"{title} {url}"):
            yield Place(url, "feed", title)


def _linked(tree: etree._Element, base: str, url: str) -> Iterator[Place]:
    """Give the feeds that a page links to in plain sight."""
    for one in tree.iter("a"):
        href = one.get("href", "").strip()
        link = resolve(href, base) if href else ""
        if link and is_feed_address(link) and is_same_site(link, url) and not _NOT_OF_ARTICLES.search(link):
            yield Place(link, "feed", visible_text(one))


def _site_name(tree: etree._Element, url: str) -> str:
    names = ("og:site_name", "application-name")
    stated = (one for one in tree.iter("meta") if one.get("property", one.get("name", "")).lower() in names)
    written = (" ".join(one.get("content", "").split()) for one in stated)
    return next(filter(None, written), site_of(url))


def _id_of(url: str, used: set[str]) -> str:
    """Make an id of the site's name, then of the address's parts, then with a number."""
    site = site_of(url).rpartition(".")[0] or site_of(url)
    name = _NO_KEY.sub("-", site.lower()).strip("-")
    parts = [name, *(_NO_KEY.sub("-", part.lower()).strip("-") for part in urlsplit(url).path.split("/"))]
    candidates = ["-".join(filter(None, parts[:count])) for count in range(1, len(parts) + 1)]
    candidates += [f"{candidates[-1]}-{number}" for number in range(2, len(used) + 3)]
    return next(one for one in candidates if one and one not in used)


def _quoted(text: str) -> str:
    """Write a text as a TOML string."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
