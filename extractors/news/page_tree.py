"""The tree of a page, and the text in it that a reader sees."""

import re
from collections.abc import Iterator

from lxml import etree, html

_HIDDEN = ("script", "style", "noscript", "template", "svg", "select", "iframe")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def without_control(text: str) -> str:
    """Put blanks in place of characters that no document may hold, as themselves or by their number."""
    return _CONTROL.sub(" ", text)


def tree_of(text: str) -> etree._Element:
    """Parse a page.

    Raises ParserError, a ValueError of lxml, for a text in which there is no element at all.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True)
    return html.document_fromstring(_DECLARATION.sub("", text).encode("utf-8", errors="replace"), parser)


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
