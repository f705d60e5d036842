"""Who wrote an article, by the places that a page names people in.

What Chinese portals put into the head of a page is the portal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from extractors.news import json_ld
from extractors.news.byline import Byline
from extractors.news.feed_entries import names
from extractors.news.page_tree import elements, visible_text
from extractors.news.plain_text import to_line

_NAMED = (
    "author", "article:author", "article.author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "byl", "byline", "cxenseparse:author", "article:author_name", "og:article:author",
)  # fmt: skip
_ADDRESS = re.compile(r"^(?:https?:|//|www\.|@)|\.(?:com|net|org|co\.\w\w)(?:/|$)", re.IGNORECASE)
_MARKED = elements("//*[@itemprop='author' or (self::a and @rel='author')]")
_CLASSED = elements(
    "//*[self::a or self::span or self::p or self::div or self::address or self::li or self::strong]"
    "[contains(@class, 'uthor') or contains(@class, 'yline') or @rel='author' or contains(@data-testid, 'yline')]"
)
_NAME = re.compile(r"(?:by:?\s+)?(?P<name>(?:[A-Z][\w.'’-]*\s+){1,3}[A-Z][\w'’-]+)$", re.IGNORECASE)
_CAPITALS = re.compile(r"(?:(?:[A-Z][\w.'’-]*|d[aeiu]|v[ao]n|de[rnl]?|al|bin|el|la|le)\s+){1,4}[A-Z][\w'’-]+$")
_NOBODY = re.compile(
    r"\b(?:about|more|all|posts?|view|follow|author|authors|contributors?|written|share|news|staff|team|by|updated|published"
    r"|reporter|editor|image|photo|read|min|sign|log|comments?)\b",
    re.IGNORECASE,
)
_LONGEST = 60


def authors_of(
    tree: etree._Element,
    article: json_ld.Node,
    metas: Mapping[str, Sequence[str]],
    byline: Byline,
    site_name: str,
    *,
    is_chinese: bool,
) -> tuple[str, ...]:
    """Name the authors, from the place that can be trusted most of those that name one."""
    stated = names(json_ld.names_of(article.get("author")))
    if is_chinese:
        return byline.authors or tuple(name for name in stated if not byline.is_outlet(name, site_name))
    for written in _places(tree, stated, metas):
        if found := tuple(name for name in written if not _ADDRESS.search(name)):
            return found
    return byline.authors


def _places(tree: etree._Element, stated: Iterable[str], metas: Mapping[str, Sequence[str]]) -> Iterator[Iterable[str]]:
    yield stated
    for place in _NAMED:
        yield from (names([text]) for text in metas.get(place, ())[:1] if not _ADDRESS.search(text))
    yield names(list(_marked(tree)))
    yield names(list(_classed(tree)))


def _marked(tree: etree._Element) -> Iterator[str]:
    """Give the names in the first author mark and beside it; further marks belong to other articles."""
    marks = _MARKED(tree)
    beside = marks[0].getparent() if marks else None
    for one in marks:
        if one is marks[0] or (beside is not None and one.getparent() is beside):
            inner = next((part for part in one.iter() if part.get("itemprop") == "name"), one)
            yield to_line(inner.get("content") or visible_text(inner))


def _classed(tree: etree._Element) -> Iterator[str]:
    """Give the name in the first element whose class says that it holds the author's, where it holds nothing else."""
    for one in _CLASSED(tree):
        text = visible_text(one)
        found = _NAME.fullmatch(text) if len(text) <= _LONGEST else None
        if found and _CAPITALS.fullmatch(found["name"]) and not _NOBODY.search(found["name"]):
            yield found["name"]
            return
