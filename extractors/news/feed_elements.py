"""The elements of an entry, by the names that feeds usually give them, and what is chosen among them.

A name is a prefix and a local name whatever prefix a feed declares, since feeds forget to declare them; a feed's own
namespace has no prefix.
"""

from collections.abc import Sequence
from functools import lru_cache

from lxml import etree

from extractors.news.feed_tree import local
from extractors.news.plain_text import to_line

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
BASE = f"{_XML}base"
LANGUAGE = f"{_XML}lang"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ORIGINALS = ("feedburner:origLink", "origLink")
_AUTHORS = ("dc:creator", "author", "dc:author", "atom:author", "itunes:author", "media:credit")
_IMAGES = ("media:content", "media:thumbnail", "enclosure", "media:group", "itunes:image", "image")

Children = dict[str, list[etree._Element]]
"""The elements of an entry by name, in the order in which they stand."""


def children_of(parent: etree._Element, home: str) -> Children:
    """Sort the children of an element by name; comments and the like have none."""
    found: Children = {}
    for child in parent:
        name = name_of(child.tag, home)
        if name in found:
            found[name].append(child)
        elif name:
            found[name] = [child]
    return found


@lru_cache(maxsize=4096)
def name_of(tag: object, home: str) -> str:
    """Name an element as feeds usually write it; the feed's own namespace has no prefix."""
    if not isinstance(tag, str):
        return ""
    namespace, _, rest = tag.rpartition("}")
    undeclared, _, name = rest.rpartition(":")
    prefix = _NAMESPACES.get(namespace[1:], "") or (undeclared if undeclared != "rss" else "")
    return f"{prefix}:{name}" if prefix and prefix != home else name


def first_text(children: Children, wanted: Sequence[str]) -> str:
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


def link_of(children: Children, item: etree._Element) -> str:
    """Choose the address of the article, in order of trust."""
    if original := first_text(children, _ORIGINALS):
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
    about = item.get(ABOUT, "")
    return about if about.startswith(("http://", "https://", "/")) else ""


def outlet_of(children: Children) -> tuple[str, str]:
    """Name the outlet that an aggregator took the entry from."""
    for element in children.get("source", []):
        inner = children_of(element, "")
        if title := to_line(first_text(inner, ("title", "atom:title")) if inner else element.text or ""):
            return title, element.get("url", "")
    return "", ""


def authors_of(children: Children) -> list[str]:
    """Give the names in the first kind of author field that there is."""
    return next(([_person(one) for one in children[name]] for name in _AUTHORS if name in children), [])


def _person(element: etree._Element) -> str:
    if len(element) == 0:
        return element.text or ""
    return {local(child.tag): child.text or "" for child in element}.get("name", "")


def image_of(children: Children) -> str:
    """Give the address of the first picture; empty where there is none."""
    for name in _IMAGES:
        for element in children.get(name, ()):
            for one in element.iter():
                kind = f"{one.get('medium', '')} {one.get('type', '')} {name} {local(one.tag)}"
                if ("image" in kind or "thumbnail" in kind) and (address := one.get("url") or one.get("href") or ""):
                    return address
    return ""


def tags_of(children: Children) -> tuple[str, ...]:
    """Give the tags as plain text, each once."""
    elements = [one for name in ("category", "dc:subject") if name in children for one in children[name]]
    if not elements:
        return ()
    return tuple(dict.fromkeys([tag for one in elements if (tag := _tag(one.get("term") or one.text or ""))]))


@lru_cache(maxsize=4096)
def _tag(written: str) -> str:
    """Remember what was read, since the same few tags stand on all entries of a feed."""
    return to_line(written)
