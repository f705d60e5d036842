"""The text of a plain document, page by page: old filings mark pages with a form feed or a tag."""

import re

_PAGE = re.compile(r"\f|^[ \t]*<PAGE>[ \t]*\d*[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"^[ \t]*</?(?:TABLE|CAPTION|S|C|FN|PAGE|TEXT)>.*$", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_WORD = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]")
_COLUMN = re.compile(r"[ \t]{3,}")
_FEWEST_WORDS = 30


def is_plain_text(text: str) -> bool:
    """Tell whether a text is one that somebody wrote: words, and no control characters."""
    return _CONTROL.search(text) is None and "\ufffd" not in text and len(_WORD.findall(text)) >= _FEWEST_WORDS


def plain_pages(text: str) -> list[str]:
    """Give the text of each page; three blanks or more part cells, as in the other kinds of document."""
    pages = ("\n".join(_lines(page)) for page in _PAGE.split(text))
    return [page for page in pages if page]


def _lines(page: str) -> list[str]:
    lines = (_COLUMN.sub("\t", line.strip()) for line in _TAG.sub("", page).splitlines())
    return [line for line in lines if line]
