"""The text of an article: its paragraphs, without what stands around them.

The first reader is trafilatura, the best of those that were measured. Where it finds little, or menus in place of
sentences, the text that the page states in JSON-LD and the place with the most sentences are second readers: JSON-LD
is often a teaser, so it counts only where it holds what the first reader found and much more.
"""

import re
from collections.abc import Iterator

from lxml import etree
from trafilatura import extract

from extractors.news.page_lines import article_lines
from extractors.news.page_tree import visible_text
from extractors.news.page_trimming import trim
from extractors.news.plain_text import to_text
from extractors.news.sentences import prose_length

_LITTLE = 300
_MUCH_MORE = 1.5
_SAMPLE = 40
_FEWEST_LETTERS = 20
_MENUS = 0.2
_MANY_LINES = 60
_PARAGRAPHS = frozenset({"p", "blockquote", "pre"})
_BLOCKS = frozenset({"div", "section", "article", "main", "ul", "ol", "table", "form", "h1", "h2", "h3", "center"})
_PLACES = ("div", "section", "article", "main", "td", "body")


def body_of(tree: etree._Element, *, stated: str, title: str) -> str:
    """Read the body of a page out of its tree, which is trimmed; `stated` is what the page gives in JSON-LD."""
    trim(tree)
    body = article_lines(extract(tree, include_comments=False, fast=True) or "", title)
    claimed = to_text(stated) if stated else ""
    if len(claimed) > max(len(body) * _MUCH_MORE, _LITTLE) and _holds(claimed, body):
        return claimed
    if len(body) >= _LITTLE and not _is_menus(body):
        return body
    second = article_lines("\n".join(_densest(tree)), title)
    if _is_menus(body):
        return second if prose_length(second) >= _SAMPLE * 3 else body
    return max(body, second, key=len)


def _is_menus(body: str) -> bool:
    """Tell a whole page, menus and all, from an article: many lines and hardly a sentence."""
    return body.count("\n") > _MANY_LINES and prose_length(body) < len(body) * _MENUS


def _densest(tree: etree._Element) -> Iterator[str]:
    """Give the lines of the place that holds the most sentences of its own: paragraphs, and words between breaks."""
    best, most = tree, 0
    for place in tree.iter(*_PLACES):
        length = prose_length("\n".join(_own_lines(place)))
        if length > most:
            best, most = place, length
    return _own_lines(best)


def _own_lines(place: etree._Element) -> Iterator[str]:
    """Give the paragraphs of an element and what it says between them, not what is in other places within it."""
    said: list[str] = [place.text or ""]
    for child in place:
        if child.tag in _PARAGRAPHS or child.tag in _BLOCKS or child.tag in ("br", "hr"):
            yield from _lines(" ".join(said))
            said = []
            if child.tag in _PARAGRAPHS:
                linked = sum(len(visible_text(link)) for link in child.iter("a"))
                line = visible_text(child)
                if linked < len(line) / 2:
                    yield from _lines(line)
        else:
            said.append(visible_text(child))
        said.append(child.tail or "")
    yield from _lines(" ".join(said))


def _lines(text: str) -> Iterator[str]:
    line = " ".join(text.split())
    if len(line) >= _FEWEST_LETTERS:
        yield line


def _holds(claimed: str, body: str) -> bool:
    """Tell whether most of what was found stands in the claimed text too."""
    packed = re.sub(r"\W+", "", claimed)
    found = re.sub(r"\W+", "", body)
    samples = [found[start : start + _SAMPLE] for start in range(0, max(len(found) - _SAMPLE, 1), _SAMPLE * 4)]
    return sum(sample in packed for sample in samples) * 2 >= len(samples)
