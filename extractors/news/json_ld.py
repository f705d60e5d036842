"""What a page says about itself in JSON-LD.

Read leniently: real blocks hold raw line breaks, comments and stray commas.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from extractors.reading import whole_characters

_ARTICLE = re.compile(r"(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting|TechArticle|Report|OpinionArticle)$")
_PAGE = re.compile(r"(?:WebPage|ItemPage)$")
_LIST = re.compile(r"(?:CollectionPage|SearchResultsPage|ItemList|ProfilePage)$")
_COMMENT = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$", re.DOTALL)
_STRAY_COMMA = re.compile(r",(\s*[}\]])")
_RAW_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NESTING = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
_DEEPEST = 4

Node = Mapping[str, Any]


def article_of(blocks: Sequence[str]) -> Node | None:
    """Find the article that a page is about; of several, the first with a headline."""
    nodes = [node for node in _nodes(blocks) if _is(node, _ARTICLE)]
    return next((node for node in nodes if text_of(node.get("headline"))), nodes[0] if nodes else None)


def page_of(blocks: Sequence[str]) -> Node | None:
    """Find the page itself, which carries dates where the article carries none."""
    return next((node for node in _nodes(blocks) if _is(node, _PAGE)), None)


def is_list(blocks: Sequence[str]) -> bool:
    """Tell whether a page calls itself a list of other pages."""
    return any(_is(node, _LIST) for node in _nodes(blocks))


def text_of(value: object) -> str:
    """Give a value as one text: the first of a list, the `@value` or `name` of an object."""
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return next((text for one in value if (text := text_of(one))), "")
    if isinstance(value, Mapping):
        return text_of(value.get("@value") or value.get("name") or "")
    return ""


def names_of(value: object) -> list[str]:
    """List the names in an author or publisher: an object, a list of them, or plain text."""
    values = value if isinstance(value, list) else [value]
    return [text for one in values if (text := text_of(one))]


def address_of(value: object) -> str:
    """Give an address out of a text, a list, or an object with `url` or `@id`."""
    if isinstance(value, Mapping):
        return address_of(value.get("url") or value.get("@id") or value.get("contentUrl") or "")
    if isinstance(value, list):
        return next((address for one in value if (address := address_of(one))), "")
    return value if isinstance(value, str) else ""


def is_paid(node: Node) -> bool:
    """Tell whether the article says that not all of it is for everyone."""
    parts = node.get("hasPart")
    parts = parts if isinstance(parts, list) else [parts]
    marks = [
        node.get("isAccessibleForFree"),
        *(part.get("isAccessibleForFree") for part in parts if isinstance(part, Mapping)),
    ]
    return any(str(mark).rpartition("/")[2].lower() == "false" for mark in marks if mark is not None)


def _is(node: Node, kind: re.Pattern[str]) -> bool:
    kinds = node.get("@type")
    return any(kind.match(str(one).rpartition("/")[2]) for one in (kinds if isinstance(kinds, list) else [kinds]))


def _nodes(blocks: Sequence[str]) -> Iterator[Node]:
    for block in blocks:
        yield from _within(_loaded(block), 0)


def _within(value: object, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _within(one, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for name in _NESTING:
            if isinstance(value.get(name), list | Mapping):
                yield from _within(value[name], depth + 1)


def _loaded(block: str) -> object:
    """Load a block in the ways that mend it, mildest first; a block beyond that says nothing."""
    text = block.strip()
    if text[:1] not in _STARTS or text[-1:] not in _ENDS:
        text = _COMMENT.sub("", _COMMENT.sub("", text)).strip().rstrip(";")
    for mend in _MENDS:
        try:
            value = json.loads(mend(text), strict=False)
        except (ValueError, RecursionError):
            continue
        return whole_characters(value) if "\\u" in text else value
    return None


_STARTS, _ENDS = ("{", "["), ("}", "]")
_MENDS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: _STRAY_COMMA.sub(r"\1", _RAW_CONTROL.sub(" ", text)),
    lambda text: _STRAY_COMMA.sub(r"\1", unescape(text)),
)
