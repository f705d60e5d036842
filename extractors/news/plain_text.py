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
_CONTROLS_OF_LATIN_1 = re.compile("[\x80-\x9f]")
_ASCII_INVISIBLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


def to_text(markup: str) -> str:
    """Give the words of a piece of HTML; paragraphs become lines, nothing that could run is left."""
    text = markup
    if "<" in text or "]]>" in text:
        text = _COMMENT.sub("", _SCRIPT.sub(" ", text))
        text = _TAG.sub("", _BREAK.sub("\n", text))
    text = _without_invisible(_undone(text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def to_line(markup: str) -> str:
    """Give the words of a headline or name on one line."""
    if markup.isascii() and markup.isprintable() and "<" not in markup and "&" not in markup and "]]>" not in markup:
        return " ".join(markup.split())
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


def _without_invisible(text: str) -> str:
    if text.isascii():
        return text.translate(_ASCII_INVISIBLE)
    return _INVISIBLE.sub("", _mended(text) if _CONTROLS_OF_LATIN_1.search(text) else text)


def _mended(text: str) -> str:
    """Undo what editors do to quotes and dashes: bytes of UTF-8 or of Windows taken for characters of Latin 1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return _CONTROLS_OF_LATIN_1.sub(lambda one: one[0].encode("latin-1").decode("cp1252", errors="ignore"), text)


def _undone(text: str) -> str:
    """Undo entities once, and once more where they were escaped twice and no tag comes out of it."""
    if "&" not in text:
        return text
    once = unescape(text)
    if not _ENTITY.search(once):
        return once
    twice = unescape(once)
    return once if _TAG.search(twice) and not _TAG.search(once) else twice
