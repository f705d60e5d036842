"""Plain text of what sites write as HTML: tags off, entities undone, odd spaces made plain."""

import re
from html import unescape

_SCRIPT = re.compile(r"<(script|style|noscript|template|iframe)\b[^>]*>.*?(?:</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)|<!\[CDATA\[|\]\]>", re.DOTALL)
_BREAK = re.compile(
    r"<(?:br|hr)\s*/?>|</(?:p|div|li|h[1-6]|tr|blockquote|ul|ol|table|section|article|figure)\s*>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[0-9a-f]+|[a-z]+\d?);", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u3000]+")


def to_text(markup: str) -> str:
    """Give the words of a piece of HTML; paragraphs become lines, nothing that could run is left."""
    text = _COMMENT.sub("", _SCRIPT.sub(" ", markup))
    text = _TAG.sub("", _BREAK.sub("\n", text))
    text = _undone(text)
    lines = (_SPACES.sub(" ", _INVISIBLE.sub("", line)).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def to_line(markup: str) -> str:
    """Give the words of a headline or name on one line."""
    return " ".join(to_text(markup).split())


def shortened(text: str, most: int) -> str:
    """Cut a text at the end of a sentence or word, and say so with an ellipsis."""
    if len(text) <= most:
        return text
    head = text[:most]
    end = max(head.rfind(mark) for mark in ("。", "！", "？", ". ", "! ", "? ", "\n"))
    if end < most // 2:
        end = max(head.rfind(" "), most // 2)
    return head[: end + 1].rstrip() + " …"


def _undone(text: str) -> str:
    """Undo entities once, and once more where they were escaped twice and no tag comes out of it."""
    once = unescape(text)
    if not _ENTITY.search(once):
        return once
    twice = unescape(once)
    return once if _TAG.search(twice) and not _TAG.search(once) else twice
