"""Feeds in XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0.

Elements are taken by name whatever their namespace is called, since feeds forget to declare them; only
direct children of an entry count, since `source` repeats title and link of another feed. The text of summaries
and bodies is left as the feed wrote it: reading a feed must be cheap, and most of its entries are known already.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from lxml import etree

from extractors.news.addresses import resolve, unwrap
from extractors.news.dates import WrittenTime, read_time
from extractors.news.feed_entries import Entry, names, without_outlet
from extractors.news.feed_fields import unknown_in_xml
from extractors.news.feed_tree import from_root, is_cut, lenient_tree, local, opened, strict_tree
from extractors.news.plain_text import to_line
from extractors.reading import Drift

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_ROOTS = frozenset({"rss", "feed", "rdf"})
_ENTRIES = ("item", "entry")
_NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BASE = f"{_XML}base"
_LANGUAGE = f"{_XML}lang"
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_TIMES = (
    "pubDate", "pubdate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "atom:published",
    "date", "created", "updated", "modified", "atom:updated", "dcterms:modified",
)  # fmt: skip
_TITLES = ("title", "dc:title", "media:title")
_IDS = ("guid", "id", "dc:identifier")
_ORIGINALS = ("feedburner:origLink", "origLink")
_AUTHORS = ("dc:creator", "author", "dc:author", "atom:author", "itunes:author", "media:credit")
_DESCRIPTIONS = ("description", "summary", "dc:description", "atom:summary", "itunes:summary", "media:description")
_IMAGES = ("media:content", "media:thumbnail", "enclosure", "media:group", "itunes:image", "image")
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


_Children = dict[str, list[etree._Element]]


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

    def children(self, item: etree._Element) -> _Children:
        """Sort the children of an entry by name."""
        found: _Children = {}
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
        name = self.names[child.tag] = _name(child.tag, self.home)
        if name:
            self.examples.setdefault(name, (child.text or "").strip())
        return name


def _feed(root: etree._Element, url: str, seen_at: datetime, *, has_bases: bool) -> _Feed:
    is_atom = local(root.tag).lower() == "feed"
    head = root if is_atom else next((one for one in root.iter() if local(one.tag) == "channel"), root)
    home = "atom" if is_atom else ""
    children = _children(head, home)
    return _Feed(
        url=_base_of(root, url, _link(children, head)),
        title=to_line(_first(children, ("title",))),
        language=_first(children, ("language", "dc:language")) or root.get(_LANGUAGE, ""),
        seen_at=seen_at,
        has_bases=has_bases,
        home=home,
    )


def _children(parent: etree._Element, home: str) -> _Children:
    """Sort the children of an element by name; comments and the like have none."""
    found: _Children = {}
    for child in parent:
        name = _name(child.tag, home)
        if name in found:
            found[name].append(child)
        elif name:
            found[name] = [child]
    return found


@lru_cache(maxsize=4096)
def _name(tag: object, home: str) -> str:
    """Name an element as feeds usually write it; the feed's own namespace has no prefix."""
    if not isinstance(tag, str):
        return ""
    namespace, _, rest = tag.rpartition("}")
    undeclared, _, name = rest.rpartition(":")
    prefix = _NAMESPACES.get(namespace[1:], "") or (undeclared if undeclared != "rss" else "")
    return f"{prefix}:{name}" if prefix and prefix != home else name


def _first(children: _Children, wanted: Sequence[str]) -> str:
    """Give the text of the first element that has any, in the order of the names."""
    for name in wanted:
        if name in children:
            for element in children[name]:
                if text := _content(element):
                    return text
    return ""


def _content(element: etree._Element) -> str:
    """Give what stands in an element: its text, or its markup where it holds elements."""
    if len(element) == 0:
        return (element.text or "").strip()
    inner = [element.text or ""]
    inner += [etree.tostring(child, encoding="unicode") for child in element]
    return "".join(inner).strip()


def _entry(item: etree._Element, feed: _Feed) -> Entry:
    children = feed.children(item)
    base = _base_of(item, feed.url, "") if feed.has_bases else feed.url
    outlet, outlet_url = _source(children) if "source" in children else ("", "")
    published, written = _published(children, feed.seen_at)
    link = _link(children, item)
    image = _image(children)
    return Entry(
        guid=_first(children, _IDS) or item.get(_ABOUT, ""),
        link=unwrap(resolve(link, base)) if link else "",
        title=without_outlet(to_line(_first(children, _TITLES)), outlet),
        published=published,
        published_text=written,
        authors=names([_person(one) for one in _authors(children)]),
        description=_first(children, _DESCRIPTIONS),
        content=_first(children, _CONTENTS),
        outlet=outlet,
        outlet_url=outlet_url,
        image_url=resolve(image, base) if image else "",
        tags=_tags(children),
        language=item.get(_LANGUAGE, "") or feed.language,
        feed_title=feed.title,
    )


def _base_of(element: etree._Element, url: str, link: str) -> str:
    """Find what relative links are relative to: xml:base at any level, the channel's link, the feed's address."""
    base = (resolve(link, url) if link.startswith(("http://", "https://")) else "") or url
    for one in reversed([element, *element.iterancestors()]):
        if written := one.get(_BASE):
            base = resolve(written, base) or base
    return base


def _link(children: _Children, item: etree._Element) -> str:
    """Choose the address of the article, in order of trust."""
    if original := _first(children, _ORIGINALS):
        return original
    for name in ("link", "atom:link"):
        for element in children.get(name, []):
            text = (element.text or "").strip()
            is_page = element.get("rel", "alternate") == "alternate" and "xml" not in element.get("type", "").replace(
                "xhtml", ""
            )
            if is_page and (target := element.get("href", "").strip() or text):
                return target
    for element in [*children.get("guid", []), *children.get("id", [])]:
        text = (element.text or "").strip()
        if text.startswith(("http://", "https://")) and element.get("isPermaLink", "true").lower() == "true":
            return text
    about = item.get(_ABOUT, "")
    return about if about.startswith(("http://", "https://", "/")) else ""


def _published(children: _Children, seen_at: datetime) -> tuple[WrittenTime | None, str]:
    """Read the first time that can be believed; keep the first one written in any case."""
    first = ""
    for name in _TIMES:
        if name in children and (text := _first(children, (name,))):
            if found := read_time(text, seen_at):
                return found, text
            first = first or text
    return None, first


def _source(children: _Children) -> tuple[str, str]:
    """Name the outlet that an aggregator took the entry from."""
    for element in children.get("source", []):
        inner = _children(element, "")
        if title := to_line(_first(inner, ("title", "atom:title")) if inner else element.text or ""):
            return title, element.get("url", "")
    return "", ""


def _authors(children: _Children) -> list[etree._Element]:
    return next((children[name] for name in _AUTHORS if name in children), [])


def _person(element: etree._Element) -> str:
    if len(element) == 0:
        return element.text or ""
    return {local(child.tag): child.text or "" for child in element}.get("name", "")


def _image(children: _Children) -> str:
    for name in _IMAGES:
        for element in children.get(name, ()):
            for one in element.iter():
                kind = f"{one.get('medium', '')} {one.get('type', '')} {name} {local(one.tag)}"
                if ("image" in kind or "thumbnail" in kind) and (address := one.get("url") or one.get("href") or ""):
                    return address
    return ""


def _tags(children: _Children) -> tuple[str, ...]:
    elements = [one for name in ("category", "dc:subject") if name in children for one in children[name]]
    if not elements:
        return ()
    return tuple(dict.fromkeys([tag for one in elements if (tag := _tag(one.get("term") or one.text or ""))]))


@lru_cache(maxsize=4096)
def _tag(written: str) -> str:
    """Remember what was read, since the same few tags stand on all entries of a feed."""
    return to_line(written)
