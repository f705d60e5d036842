"""Cut a text into sentences: at Chinese and Latin stops and at line ends, not inside numbers or abbreviations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 1200
"""A sentence that is longer, as a table without stops, is cut so that no rule looks further."""
_ABBREVIATIONS = frozenset(
    [
        "Inc",
        "Co",
        "Corp",
        "Ltd",
        "No",
        "Nos",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Prof",
        "vs",
        "approx",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
        "U.S",
        "U.K",
        "St",
        "a.m",
        "p.m",
        "e.g",
        "i.e",
        "etc",
        "cf",
        "al",
        "Fig",
        "Art",
        "est",
    ]
)
_STOP = re.compile(r"[。!?！？]+[\"'”’」』)]*|\.+[\"')]*(?=\s|$)|[\r\n\u2028\u2029]+|…+")
_WORD = re.compile(r"[A-Za-z.]+$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, by its offsets in the plain text."""

    start: int
    end: int
    paragraph: int
    is_question: bool


def sentences(text: str) -> Iterator[Sentence]:
    """Cut a text into sentences, in order; white space around them is left out."""
    start = paragraph = 0
    for stop in _STOP.finditer(text):
        if _is_inside(text, stop):
            continue
        yield from _pieces(text, start, stop.end(), paragraph)
        start = stop.end()
        paragraph += text[stop.start()] in "\r\n\u2028\u2029"
    yield from _pieces(text, start, len(text), paragraph)


def _is_inside(text: str, stop: re.Match[str]) -> bool:
    """Tell the dot of an abbreviation, or of a number at a line's start, from the end of a sentence."""
    if not stop[0].startswith("."):
        return False
    word = _WORD.search(text, max(0, stop.start() - 12), stop.start())
    following = text[stop.end() : stop.end() + 2].strip()
    if word and (word[0] in _ABBREVIATIONS or (len(word[0]) == 1 and word[0].isupper())):
        return following[:1].islower() or following[:1].isdigit() or word[0] not in {"U.S", "U.K", "p.m", "a.m", "etc"}
    return following[:1].islower()


def _pieces(text: str, start: int, end: int, paragraph: int) -> Iterator[Sentence]:
    while start < end:
        stop = end if end - start <= LONGEST else _gap(text, start + LONGEST)
        piece = text[start:stop]
        left = len(piece) - len(piece.lstrip())
        if piece.strip():
            is_question = piece.rstrip("\"'”’」』) \r\n").endswith(("?", "？"))
            yield Sentence(start + left, start + len(piece.rstrip()), paragraph, is_question)
        start = stop


def _gap(text: str, limit: int) -> int:
    """Find a white space before the limit, so that no number is cut, or cut at the limit."""
    place = text.rfind(" ", limit - 200, limit)
    return place + 1 if place > 0 else limit
