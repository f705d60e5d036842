"""The addresses to which the paragraphs of an article link."""

from lxml import etree

from extractors.news.addresses import resolve

_BLOCKS = ("p", "li", "blockquote", "td", "dd", "h2", "h3", "div", "section", "article", "body")
_FIRST_WORDS = 5
_MOST = 200


def links_of(tree: etree._Element, body: str, url: str) -> tuple[str, ...]:
    """Give the addresses that stand in text of the body, absolute, once each, in order, at most 200.

    What is linked in a menu may be a word of the body too, so the block around a link has to be one of the body's.
    """
    words = " ".join(body.split())
    blocks: dict[etree._Element, bool] = {}
    found: dict[str, None] = {}
    for link in tree.iter("a"):
        block = next(link.iterancestors(*_BLOCKS), link)
        if block not in blocks:
            start = _text(block).split(None, _FIRST_WORDS)[:_FIRST_WORDS]
            blocks[block] = bool(start) and " ".join(start) in words
        if blocks[block] and len(found) < _MOST and " ".join(_text(link).split()) in words:
            found[_address(link.get("href", ""), url)] = None
    return tuple(filter(None, found))


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _address(link: str, url: str) -> str:
    return "" if link.startswith(("#", "javascript:", "mailto:", "data:", "tel:")) else resolve(link, url)
