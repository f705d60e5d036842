"""Feeds in XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0.

Elements are taken by name whatever their namespace is called, since feeds forget to declare them; only
direct children of an entry count, since `source` repeats title and link of another feed. The text of summaries
and bodies is left as the feed wrote it: reading a feed must be cheap, and most of its entries are known already.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from lxml import etree

from extractors.news.addresses import resolve, unwrap
from extractors.news.dates import WrittenTime, read_time
from extractors.news.feed_elements import (
    ABOUT,
    BASE,
    LANGUAGE,
    Children,
    authors_of,
    children_of,
    first_text,
    image_of,
    link_of,
    name_of,
    outlet_of,
    tags_of,
)
from extractors.news.feed_entries import Entry, names, without_outlet
from extractors.news.feed_fields import unknown_in_xml
from extractors.news.feed_tree import from_root, is_cut, lenient_tree, local, opened, strict_tree
from extractors.news.plain_text import to_line
from extractors.reading import Drift

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_ROOTS = frozenset({"rss", "feed", "rdf"})
_ENTRIES = ("item", "entry")
_TIMES = (
    "pubDate", "pubdate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "atom:published",
    "date", "created", "updated", "modified", "atom:updated", "dcterms:modified",
)  # fmt: skip
_TITLES = ("title", "dc:title", "media:title")
_IDS = ("guid", "id", "dc:identifier")
_DESCRIPTIONS = ("description", "summary", "dc:description", "atom:summary", "itunes:summary", "media:description")
_CONTENTS = ("content:encoded", "content", "body", "atom:content")


@dataclass(frozen=True, slots=True)
class Document:
    """A feed that was understood."""

    entries: tuple[Entry, ...]
    unread: int = 0
    """Entries that stand in the text and could not be reached, where none could."""
    is_cut: bool = False
    """The document ends in the middle of an entry."""
    drift: tuple[Drift, ...] = ()


def read_strictly(data: bytes, url: str, seen_at: datetime) -> Document | None:
    """Read a well-formed feed in UTF-8, from its root on; None for anything else."""
    root = strict_tree(data)
    if root is None or local(root.tag).lower() not in _ROOTS:
        return None
    return _document(root, url, seen_at, has_bases=b"xml:base" in data)


def read_xml_feed(text: str, url: str, seen_at: datetime) -> Document | None:
    """Read a feed out of its text, however broken; None where there is no root of a feed in it."""
    text = from_root(text, _ROOT)
    if not text:
        return None
    root = strict_tree(text.encode("utf-8", errors="replace"))
    if root is None:
        if is_cut(text, _ENTRIES):
            return Document((), is_cut=True)
        root = lenient_tree(text, _ENTRIES)
        if root is None:
            return None
    document = _document(root, url, seen_at, has_bases="xml:base" in text)
    return document if document.entries else replace(document, unread=len(opened(text, _ENTRIES)))


def _document(root: etree._Element, url: str, seen_at: datetime, *, has_bases: bool) -> Document:
    items = list(root.iter("{*}item", "{*}entry")) or [one for one in root.iter() if local(one.tag) in _ENTRIES]
    feed = _feed(root, url, seen_at, has_bases=has_bases)
    return Document(tuple([_entry(one, feed) for one in items]), drift=unknown_in_xml(feed.examples))


@dataclass(frozen=True, slots=True)
class _Feed:
    """What all entries of a feed share."""

    url: str
    title: str
    language: str
    seen_at: datetime
    has_bases: bool
    """Whether `xml:base` stands anywhere."""
    home: str
    """The prefix of the feed's own namespace, which its elements go without."""
    names: dict[object, str] = field(default_factory=dict)
    """How each tag that was met in an entry is named."""
    examples: dict[str, str] = field(default_factory=dict)
    """What stood in the first element of each name."""

    def children(self, item: etree._Element) -> Children:
        """Sort the children of an entry by name."""
        found: Children = {}
        named = self.names
        for child in item:
            tag = child.tag
            name = named[tag] if tag in named else self._learn(child)
            if name in found:
                found[name].append(child)
            elif name:
                found[name] = [child]
        return found

    def _learn(self, child: etree._Element) -> str:
        name = self.names[child.tag] = name_of(child.tag, self.home)
        if name:
            self.examples.setdefault(name, (child.text or "").strip())
        return name


def _feed(root: etree._Element, url: str, seen_at: datetime, *, has_bases: bool) -> _Feed:
    is_atom = local(root.tag).lower() == "feed"
    head = root if is_atom else next((one for one in root.iter() if local(one.tag) == "channel"), root)
    home = "atom" if is_atom else ""
    children = children_of(head, home)
    return _Feed(
        url=_base_of(root, url, link_of(children, head)),
        title=to_line(first_text(children, ("title",))),
        language=first_text(children, ("language", "dc:language")) or root.get(LANGUAGE, ""),
        seen_at=seen_at,
        has_bases=has_bases,
        home=home,
    )


def _entry(item: etree._Element, feed: _Feed) -> Entry:
    children = feed.children(item)
    base = _base_of(item, feed.url, "") if feed.has_bases else feed.url
    outlet, outlet_url = outlet_of(children) if "source" in children else ("", "")
    published, written = _published(children, feed.seen_at)
    link = link_of(children, item)
    image = image_of(children)
    return Entry(
        guid=first_text(children, _IDS) or item.get(ABOUT, ""),
        link=unwrap(resolve(link, base)) if link else "",
        title=without_outlet(to_line(first_text(children, _TITLES)), outlet),
        published=published,
        published_text=written,
        authors=names(authors_of(children)),
        description=first_text(children, _DESCRIPTIONS),
        content=first_text(children, _CONTENTS),
        outlet=outlet,
        outlet_url=outlet_url,
        image_url=resolve(image, base) if image else "",
        tags=tags_of(children),
        language=item.get(LANGUAGE, "") or feed.language,
        feed_title=feed.title,
    )


def _base_of(element: etree._Element, url: str, link: str) -> str:
    """Find what relative links are relative to: xml:base at any level, the channel's link, the feed's address."""
    base = (resolve(link, url) if link.startswith(("http://", "https://")) else "") or url
    for one in reversed([element, *element.iterancestors()]):
        if written := one.get(BASE):
            base = resolve(written, base) or base
    return base


def _published(children: Children, seen_at: datetime) -> tuple[WrittenTime | None, str]:
    """Read the first time that can be believed; keep the first one written in any case."""
    first = ""
    for name in _TIMES:
        if name in children and (text := first_text(children, (name,))):
            if found := read_time(text, seen_at):
                return found, text
            first = first or text
    return None, first
