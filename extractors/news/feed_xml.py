"""Feeds in XML: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0.

Elements are taken by name whatever their namespace is called, since feeds forget to declare them; only
direct children of an entry count, since `source` repeats title and link of another feed.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from html.entities import html5

from lxml import etree

from extractors.news.addresses import resolve, unwrap
from extractors.news.dates import WrittenTime, read_time
from extractors.news.feed_entries import Entry, names, own_summary, summary_and_body, without_outlet
from extractors.news.feed_fields import unknown_in_xml
from extractors.news.plain_text import to_line
from extractors.reading import Drift

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{0,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]")
_TAG = re.compile(r"<[A-Za-z][^<>]*>")
_BARE_VALUE = re.compile(r"(\s[\w:.-]+)=([^\s\"'>]+)(?=[\s>])")
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
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_TIMES = (
    "pubDate", "pubdate", "published", "issued", "dc:date", "dcterms:issued", "dcterms:created", "atom:published",
    "date", "created", "updated", "modified", "atom:updated", "dcterms:modified",
)  # fmt: skip
_AUTHORS = ("dc:creator", "author", "dc:author", "atom:author", "itunes:author", "media:credit")
_DESCRIPTIONS = ("description", "summary", "dc:description", "atom:summary", "itunes:summary", "media:description")
_CONTENTS = ("content:encoded", "content", "body", "atom:content")


@dataclass(frozen=True, slots=True)
class Document:
    """A feed that was understood."""

    entries: tuple[Entry, ...]
    unread: int = 0
    """Entries that stand in the text and could not be reached, where none could."""
    drift: tuple[Drift, ...] = ()


def read_xml_feed(text: str, url: str, seen_at: datetime) -> Document | None:
    """Read a feed out of its text; None where there is no root of a feed in it."""
    start = _ROOT.search(text)
    if start is None:
        return None
    text = text[start.start() :]
    root = _tree(text)
    if len(_entries(root)) < len(_ENTRY.findall(text)):
        root = max(root, _tree(_TAG.sub(_quoted, text)), key=lambda one: len(_entries(one)))
    if root is None:
        return None
    kind = _local(root.tag).lower()
    head = next((one for one in root.iter() if _local(one.tag) == "channel"), root) if kind != "feed" else root
    places = _Feed(
        url=_base_of(root, url, head),
        title=to_line(_first(_children(head), "title")),
        language=_first(_children(head), "language", "dc:language") or root.get(f"{_XML}lang", ""),
        seen_at=seen_at,
    )
    items = _entries(root)
    fields = ({name: (found[0].text or "").strip() for name, found in _children(one).items()} for one in items)
    entries = tuple(_entry(one, places) for one in items)
    return Document(entries, 0 if entries else len(_ENTRY.findall(text)), unknown_in_xml(fields))


def _entries(root: etree._Element | None) -> list[etree._Element]:
    """List the entries wherever they stand: in the channel, beside it, or at the end of a broken tree."""
    return [] if root is None else [one for one in root.iter() if _local(one.tag) in ("item", "entry")]


def _quoted(tag: re.Match[str]) -> str:
    """Put quotes round the bare values of attributes, which end a tree early."""
    return _BARE_VALUE.sub(r'\1="\2"', tag.group(0))


@dataclass(frozen=True, slots=True)
class _Feed:
    url: str
    title: str
    language: str
    seen_at: datetime


_Children = dict[str, list[etree._Element]]


def _tree(text: str) -> etree._Element | None:
    """Parse leniently and shut: no entities but those of HTML, which are characters; no network, no DTD."""
    text = _NAMED_ENTITY.sub(_character, _CONTROL.sub("", _BARE_AMPERSAND.sub("&amp;", text)))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        return etree.fromstring(text.encode("utf-8", errors="replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _character(match: re.Match[str]) -> str:
    name = match.group(1)
    return match.group(0) if name in _XML_ENTITIES else html5.get(f"{name};", match.group(0).replace("&", "&amp;"))


def _local(tag: object) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _name(element: etree._Element, home: str) -> str:
    """Name an element as feeds usually write it; the feed's own namespace has no prefix."""
    namespace, _, local = element.tag.rpartition("}")
    undeclared, _, local = local.rpartition(":")
    prefix = _NAMESPACES.get(namespace[1:], "") or (undeclared if undeclared != "rss" else "")
    return f"{prefix}:{local}" if prefix and prefix != home else local


def _children(parent: etree._Element) -> _Children:
    home = "atom" if _local(parent.tag) in ("entry", "feed") else ""
    found: _Children = {}
    for child in parent:
        if isinstance(child.tag, str):
            found.setdefault(_name(child, home), []).append(child)
    return found


def _first(children: _Children, *wanted: str) -> str:
    """Give the text of the first element that has any, in the order of the names."""
    for name in wanted:
        for element in children.get(name, []):
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
    children = _children(item)
    base = _base_of(item, feed.url, None)
    source = _source(children)
    summary, body = summary_and_body(_first(children, *_DESCRIPTIONS), _first(children, *_CONTENTS))
    title = without_outlet(to_line(_first(children, "title", "dc:title", "media:title")), source[0])
    published, written = _published(children, feed.seen_at)
    link = _link(children, item)
    return Entry(
        guid=_first(children, "guid", "id", "dc:identifier") or item.get(_ABOUT, ""),
        link=unwrap(resolve(link, base)) if link else "",
        title=title,
        published=published,
        published_text=written,
        authors=names([_person(one) for one in _authors(children)]),
        summary=own_summary(summary, title, source[0]),
        body=body,
        outlet=source[0],
        outlet_url=source[1],
        image_url=resolve(_image(children), base) if _image(children) else "",
        tags=_tags(children),
        language=item.get(f"{_XML}lang", "") or feed.language,
        feed_title=feed.title,
    )


def _base_of(element: etree._Element, url: str, head: etree._Element | None) -> str:
    """Find what relative links are relative to: xml:base at any level, the channel's link, the feed's address."""
    base = url
    if head is not None:
        link = _link(_children(head), head)
        base = (resolve(link, url) if link.startswith(("http://", "https://")) else "") or url
    for one in reversed([element, *element.iterancestors()]):
        base = resolve(one.get(f"{_XML}base", ""), base) or base
    return base


def _link(children: _Children, item: etree._Element) -> str:
    """Choose the address of the article, in order of trust."""
    if original := _first(children, "feedburner:origLink", "origLink"):
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
    written = [text for name in _TIMES if (text := _first(children, name))]
    for text in written:
        if found := read_time(text, seen_at):
            return found, text
    return None, written[0] if written else ""


def _source(children: _Children) -> tuple[str, str]:
    """Name the outlet that an aggregator took the entry from."""
    for element in children.get("source", []):
        inner = _children(element)
        if title := to_line(_first(inner, "title", "atom:title") if inner else element.text or ""):
            return title, element.get("url", "")
    return "", ""


def _authors(children: _Children) -> list[etree._Element]:
    return next((children[name] for name in _AUTHORS if name in children), [])


def _person(element: etree._Element) -> str:
    inner = {_local(child.tag): child.text or "" for child in element}
    return inner.get("name", "") if inner else element.text or ""


def _image(children: _Children) -> str:
    for name in ("media:content", "media:thumbnail", "enclosure", "media:group", "itunes:image", "image"):
        for element in children.get(name, []):
            for one in element.iter():
                kind = f"{one.get('medium', '')} {one.get('type', '')} {name} {_local(one.tag)}"
                if ("image" in kind or "thumbnail" in kind) and (address := one.get("url") or one.get("href") or ""):
                    return address
    return ""


def _tags(children: _Children) -> tuple[str, ...]:
    elements = [one for name in ("category", "dc:subject") for one in children.get(name, [])]
    return tuple(dict.fromkeys(tag for one in elements if (tag := to_line(one.get("term") or one.text or ""))))
