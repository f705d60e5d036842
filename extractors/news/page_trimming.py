"""What is taken out of the tree of a page before its text is read, and what is joined in it."""

import re
from collections import defaultdict

from lxml import etree

from extractors.news.page_tree import drop, elements

_FURNITURE = (
    "head", "link", "meta", "canvas", "video", "audio", "picture", "source", "button", "input", "textarea", "object",
    "embed", "map", "aside", "footer", "nav", "menu", "dialog",
)  # fmt: skip
"""Elements that hold no paragraph of an article, wherever they stand."""
_BODY_CLASS = re.compile(
    r"(?:article|post|entry|story|content)(?:-|_|__)?(?:body|text|content)|body-text|body__|paragraphs?\b",
    re.IGNORECASE,
)
_PLACES = elements("//body//*[self::div or self::section][@class][p]")
_HEADLINES = elements(".//h1 | .//article")
_NEAREST = 3
"""Steps up in which the parts of one body meet."""
_MOST_PARTS = 40
_FEWEST_LINKS = 3
_MOST_PLACES = 20
_NEARLY_ALL = 0.8
_LONG_ENOUGH = 800
_ALMOST_ALL = 0.9


def trim(tree: etree._Element) -> None:
    """Take out menus, footers, forms' fields and pictures, and join a body that advertisements cut into parts."""
    drop(tree, _FURNITURE)
    _narrow(tree)
    for one in [one for one in tree.iter("ul", "ol") if _is_list_of_links(one)]:
        for item in list(one):
            one.remove(item)
    for parts in _groups(tree):
        _join(parts)


def _narrow(tree: etree._Element) -> None:
    """Leave of the body the one article or main part that holds nearly all paragraphs, where there is one."""
    body = tree.find("body")
    total = _length_of_paragraphs(body) if body is not None else 0
    if body is None or total < _LONG_ENOUGH:
        return
    for tag in ("article", "main"):
        places = list(body.iter(tag))
        if not 0 < len(places) <= _MOST_PLACES:
            continue
        place = max(places, key=_length_of_paragraphs)
        if _length_of_paragraphs(place) >= max(total * _NEARLY_ALL, _LONG_ENOUGH):
            for one in list(body):
                body.remove(one)
            place.tail = None
            body.append(place)
            return


def _length_of_paragraphs(element: etree._Element) -> int:
    return sum(len(text) for paragraph in element.iter("p") for text in paragraph.itertext())


def _is_list_of_links(element: etree._Element) -> bool:
    """Tell a list in which hardly a word stands outside of links: other articles, or a menu."""
    links = element.findall(".//a")
    if len(links) < _FEWEST_LINKS:
        return False
    length = sum(len(text.strip()) for text in element.itertext())
    linked = sum(len(text.strip()) for link in links for text in link.itertext())
    return linked >= length * _ALMOST_ALL


def _groups(tree: etree._Element) -> list[list[etree._Element]]:
    """Find containers of paragraphs that share the class of a body, and of those, the ones that stand together."""
    alike: dict[tuple[str, str], list[etree._Element]] = defaultdict(list)
    for one in _PLACES(tree):
        if _BODY_CLASS.search(one.get("class", "")):
            alike[str(one.tag), one.get("class", "")].append(one)
    return [_together(group) for group in alike.values() if 1 < len(group) <= _MOST_PARTS]


def _together(group: list[etree._Element]) -> list[etree._Element]:
    """Keep those that meet the first a few steps above both, and that no headline of their own makes an article."""
    first = group[0]
    above = _ancestors(first)
    parts = [one for one in group[1:] if any(up in above for up in _ancestors(one)) and not _HEADLINES(one)]
    return [first, *parts]


def _ancestors(element: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    for up in element.iterancestors():
        if len(found) == _NEAREST or up.tag in ("article", "body", "main"):
            break
        found.append(up)
    return found


def _join(parts: list[etree._Element]) -> None:
    first, *others = parts
    for other in others:
        if first in other.iterancestors():
            continue
        first.extend(list(other))
