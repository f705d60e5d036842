"""The tree of a feed or a site map: strictly first, which is fast, and leniently where that fails.

Documents of news sites are often not well-formed: bare ampersands, entities of HTML, values without quotes, control
characters, something before the declaration. All of that is mended; a document that ends in the middle of an entry is
told apart, since what follows is missing and nobody would know.
"""

import re
from collections.abc import Sequence
from html.entities import html5

from lxml import etree

_PROLOG = re.compile(
    r"(?>[\s\ufeff]+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*+", re.DOTALL | re.IGNORECASE
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{0,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_TAG = re.compile(r"<[A-Za-z][^<>]*=[^\s\"'<>][^<>]*>")
_BARE_VALUE = re.compile(r"(\s[\w:.-]+)=([^\s\"'>]+)(?=[\s>])")
_ROOTS = ("channel", "rss", "feed", "rdf", "urlset", "sitemapindex")
_CDATA = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$)", re.DOTALL)


def from_root(text: str, root: re.Pattern[str]) -> str:
    """Give a document from its root element on; empty where there is none.

    A declaration, comments and a DOCTYPE may stand before it, and in broken documents other text.
    """
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    found = root.match(text, start) or root.search(text)
    return text[found.start() :] if found else ""


def strict_tree(data: bytes) -> etree._Element | None:
    """Parse a well-formed document in UTF-8 from its root on; None for any other."""
    try:
        return etree.fromstring(data, _parser(recover=False))
    except etree.XMLSyntaxError:
        return None


def lenient_tree(text: str, entries: Sequence[str]) -> etree._Element | None:
    """Parse what can be parsed; of two ways to mend a document the one that shows more `entries` counts."""
    root = _mended(text)
    if count(root, entries) < len(opened(text, entries)):
        other = _mended(_TAG.sub(_quoted, text))
        root = max(root, other, key=lambda one: count(one, entries))
    return root


def count(root: etree._Element | None, names: Sequence[str]) -> int:
    """Count the elements of some names, wherever they stand."""
    if root is None:
        return 0
    known = sum(1 for _ in root.iter(*(f"{{*}}{name}" for name in names)))
    return known or sum(local(one.tag) in names for one in root.iter())


def opened(text: str, names: Sequence[str]) -> list[int]:
    """List where elements of some names begin, as the text says."""
    return [found.start() for found in re.finditer(rf"<(?:[\w.-]+:)?(?:{'|'.join(names)})[\s>/]", text)]


def is_cut(text: str, names: Sequence[str]) -> bool:
    """Tell whether a document ends inside an entry: the last one that begins never ends."""
    plain = _CDATA.sub("", text)
    begins = opened(plain, names)
    if not begins:
        return False
    rest = plain[begins[-1] :]
    closes = re.search(
        rf"</(?:[\w.-]+:)?(?:{'|'.join(names)}|channel|rss|feed|rdf|urlset|sitemapindex)\s*>?", rest, re.I
    )
    return closes is None and not re.match(r"<[^<>]*/>", rest)


def local(tag: object) -> str:
    """Give the name of an element without its namespace; empty for comments and the like."""
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _parser(*, recover: bool) -> etree.XMLParser:
    """Make a parser that is shut: no entities, no network, no DTD, no huge trees."""
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
        encoding="utf-8",
    )


def _mended(text: str) -> etree._Element | None:
    text = _NAMED_ENTITY.sub(_character, _CONTROL.sub("", _BARE_AMPERSAND.sub("&amp;", text)))
    try:
        return etree.fromstring(text.encode("utf-8", errors="replace"), _parser(recover=True))
    except etree.XMLSyntaxError:
        return None


def _character(match: re.Match[str]) -> str:
    """Put the character in place of an entity of HTML."""
    name = match.group(1)
    return match.group(0) if name in _XML_ENTITIES else html5.get(f"{name};", match.group(0).replace("&", "&amp;"))


def _quoted(tag: re.Match[str]) -> str:
    """Put quotes round the bare values of attributes, which end a tree early."""
    return _BARE_VALUE.sub(r'\1="\2"', tag.group(0))
