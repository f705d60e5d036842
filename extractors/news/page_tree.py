"""The tree of a page, and the text in it that a reader sees.

The page of an article is parsed once; how large it is and how many tags it has is looked at before, how deep they
nest is bounded by the parser, which gives up.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from lxml import etree, html

_HIDDEN = ("script", "style", "noscript", "template", "svg", "select", "iframe")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_NUMBERED_CONTROL = re.compile(r"&#(?:[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));")
_DATA_ADDRESS = re.compile(r"data:[^\"'()<>]{2000,}")
_RAW_CONTROL = bytes.maketrans(bytes([*range(9), 11, 12, *range(14, 32)]), b" " * 29)
_MOST_CHARACTERS = 20_000_000
_MOST_TAGS = 300_000
_GAVE_UP = "ERR_RESOURCE_LIMIT"
"""The parser ends at 256 elements within one another and at ten million bytes of one text or attribute."""


class TooLarge(ValueError):
    """A page that is larger, has more elements or nests them deeper than a page of an article would."""


def without_control(text: str) -> str:
    """Put blanks in place of characters that no document may hold, as themselves or by their number."""
    return _CONTROL.sub(" ", text)


def tree_of(text: str) -> etree._Element:
    """Parse a page, whatever its size.

    Raises ParserError, a ValueError of lxml, for a text in which there is no element at all.
    """
    return html.document_fromstring(_without_declaration(text).encode("utf-8", errors="replace"), _parser())


def bounded_tree_of(text: str) -> etree._Element:
    """Parse the page of an article; data in its addresses, such as whole pictures, is left out.

    Raises TooLarge for a page beyond the bounds, and ParserError, both a ValueError, for a text in which there is
    no element at all.
    """
    tags = text.count("<")
    if len(text) > _MOST_CHARACTERS or tags > _MOST_TAGS:
        raise TooLarge(f"{len(text)} characters, {tags} tags")
    text = _without_declaration(text)
    if "data:" in text:
        text = _DATA_ADDRESS.sub("data:", text)
    if "&#" in text:
        text = _NUMBERED_CONTROL.sub(" ", text)
    text = text.replace("\ufffe", " ").replace("\uffff", " ")
    parser = _parser()
    tree = html.document_fromstring(text.encode("utf-8", errors="replace").translate(_RAW_CONTROL), parser)
    end = parser.error_log.last_error
    if end is not None and end.type_name == _GAVE_UP:
        raise TooLarge(f"the parser gave up: {end.message.strip()}")
    return tree


def _without_declaration(text: str) -> str:
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _parser() -> etree.HTMLParser:
    """Give a parser all of whose elements are of one class, which saves a look-up in Python for each of them."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    return parser


def elements(path: str) -> Callable[[etree._Element], list[etree._Element]]:
    """Compile a path that selects elements."""
    return cast(Callable[[etree._Element], list[etree._Element]], etree.XPath(path))


def drop(tree: etree._Element, tags: Iterable[str]) -> None:
    """Take the elements of these kinds out of a tree, and leave the text that follows them."""
    for element in list(tree.iter(*tags)):
        parent = element.getparent()
        if parent is None:
            continue
        if element.tail:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
        parent.remove(element)


def drop_hidden(tree: etree._Element) -> None:
    """Take out what a reader of a page never sees, such as scripts."""
    drop(tree, _HIDDEN)


def visible_lines(element: etree._Element) -> Iterator[str]:
    """Give the pieces of text that a reader sees, in order."""
    if element.text and element.text.strip():
        yield " ".join(element.text.split())
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _HIDDEN:
            yield from visible_lines(child)
        if child.tail and child.tail.strip():
            yield " ".join(child.tail.split())


def visible_text(element: etree._Element) -> str:
    """Give the visible text of an element on one line."""
    return " ".join(visible_lines(element))
