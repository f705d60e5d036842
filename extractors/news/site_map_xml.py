"""Site maps: addresses of a site, for news with headline and time, and indexes of further maps.

Elements are taken by name whatever their namespace is called, since sites get it wrong. A picture's title is not the
headline of the page that shows it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from extractors.news.addresses import resolve
from extractors.news.dates import WrittenTime, read_time
from extractors.news.feed_entries import Entry
from extractors.news.feed_tree import from_root, is_cut, lenient_tree, local, strict_tree
from extractors.news.plain_text import to_line
from extractors.reading import Drift

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_PARTS = ("url", "sitemap")
_KNOWN = frozenset({"loc", "lastmod", "changefreq", "priority", "news", "image", "video", "mobile", "link", "PageMap"})
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class FurtherMap:
    """A site map that an index points to."""

    url: str
    modified: WrittenTime | None


@dataclass(frozen=True, slots=True)
class SiteMap:
    """A site map that was understood."""

    entries: tuple[Entry, ...] = ()
    further: tuple[FurtherMap, ...] = ()
    is_cut: bool = False
    """The document ends in the middle of an address."""
    drift: tuple[Drift, ...] = ()


def read_site_map(text: str, url: str, seen_at: datetime) -> SiteMap | None:
    """Read a site map, in XML or as a list of lines; None for what is neither."""
    xml = from_root(text, _ROOT)
    if not xml:
        return _lines(text)
    root = strict_tree(xml.encode("utf-8", errors="replace"))
    if root is None:
        if is_cut(xml, _PARTS):
            return SiteMap(is_cut=True)
        root = lenient_tree(xml, _PARTS)
    if root is None:
        return None
    parts = [one for one in root.iter() if local(one.tag) in _PARTS]
    entries = (_entry(one, url, seen_at) for one in parts if local(one.tag) == "url")
    further = (_further(one, url, seen_at) for one in parts if local(one.tag) == "sitemap")
    return SiteMap(tuple(entries), tuple(one for one in further if one.url), drift=tuple(_unknown(parts)))


def _lines(text: str) -> SiteMap | None:
    """Read a list of addresses, one a line, which is a site map too."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or not all(_ADDRESS.fullmatch(line) for line in lines):
        return None
    return SiteMap(tuple(Entry("", resolve(line, line), "", None, "") for line in lines))


def _entry(part: etree._Element, url: str, seen_at: datetime) -> Entry:
    plain = _texts(part)
    news, video = _inside(part, "news"), _inside(part, "video")
    written = news.get("publication_date", "") or video.get("publication_date", "")
    tags = [tag.strip() for name in ("keywords", "stock_tickers") for tag in news.get(name, "").split(",")]
    image = _inside(part, "image").get("loc", "") or video.get("thumbnail_loc", "")
    link = plain.get("loc", "")
    return Entry(
        guid="",
        link=resolve(link, url) if link else "",
        title=to_line(news.get("title", "") or video.get("title", "")),
        published=read_time(written, seen_at),
        published_text=written,
        modified=read_time(plain.get("lastmod", ""), seen_at),
        image_url=resolve(image, url) if image else "",
        tags=tuple(dict.fromkeys(tag for tag in tags if tag)),
        language=news.get("language", ""),
        feed_title=to_line(news.get("name", "")),
    )


def _further(part: etree._Element, url: str, seen_at: datetime) -> FurtherMap:
    """Read one map of an index; some write its address without `loc`."""
    texts = _texts(part)
    link = texts.get("loc", "") or (part.text or "").strip()
    return FurtherMap(resolve(link, url) if link else "", read_time(texts.get("lastmod", ""), seen_at))


def _texts(element: etree._Element) -> dict[str, str]:
    """Give the texts of the direct children by name, the first of each."""
    found: dict[str, str] = {}
    for child in element:
        if name := local(child.tag):
            found.setdefault(name, (child.text or "").strip())
    return found


def _inside(part: etree._Element, name: str) -> Mapping[str, str]:
    """Give the texts inside the first element of a name, at any depth."""
    block = next((child for child in part if local(child.tag) == name), None)
    found: dict[str, str] = {}
    for one in block.iter() if block is not None else ():
        if field := local(one.tag):
            found.setdefault(field, (one.text or "").strip())
    return found


def _unknown(parts: list[etree._Element]) -> Iterator[Drift]:
    seen: set[str] = set()
    for part in parts:
        for child in part:
            name = local(child.tag)
            if name and name not in _KNOWN and name not in seen:
                seen.add(name)
                yield Drift(f"{local(part.tag)}.{name}", (child.text or "").strip()[:80])
