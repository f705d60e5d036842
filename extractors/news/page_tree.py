"""The tree of a page, and the text in it that a reader sees."""

import re
from collections.abc import Iterator

from lxml import etree, html

_HIDDEN = ("script", "style", "noscript", "template", "svg", "select", "iframe")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


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
