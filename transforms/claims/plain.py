"""A text in one spelling, with the way back to the characters as written.

NFKC makes wide digits and letters plain; then traditional characters that our tables use become simplified,
curly marks straight, every dash between numbers a hyphen. Chinese commas stay: a plain comma joins digits.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.claims.scripts import TO_SIMPLIFIED

_KEPT = "，；：、"
_MARKS = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "‑": "-", "−": "-", "‒": "-", "〜": "~", "∼": "~", "﹣": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ",
}  # fmt: skip
_ENDLESS = re.compile(r"\d{25,}|[零〇一二两三四五六七八九十百千万亿]{25,}")
"""Digits without end say no number, and would be tried again from each of them."""
_FOLD = str.maketrans(TO_SIMPLIFIED | _MARKS)


@dataclass(frozen=True, slots=True)
class Plain:
    """One text in plain spelling."""

    source: str
    """As written."""
    text: str
    """NFKC, in the script as written."""
    folded: str
    """The same characters with traditional ones and marks folded; as long as `text`."""
    origins: Sequence[int]
    """For each character of `text`, and for its end, the offset in the text as written."""

    @classmethod
    def of(cls, written: str) -> "Plain":
        """Bring a text into plain spelling; linear in its length."""
        if written.isascii():
            return cls(written, written, _folded(written), range(len(written) + 1))
        pieces: list[str] = []
        origins: list[int] = []
        for place, character in enumerate(written):
            piece = _plain(character)
            pieces.append(piece)
            origins.extend([place] * len(piece))
        text = "".join(pieces)
        return cls(written, text, _folded(text), [*origins, len(written)])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the offsets, in the text as written, of a piece of the plain text that is not empty."""
        return self.origins[start], self.origins[end - 1] + 1


def _folded(text: str) -> str:
    return _ENDLESS.sub(lambda found: "\0" * len(found[0]), text.translate(_FOLD))


def _plain(character: str) -> str:
    if character in _KEPT or character < "\x80":
        return character
    return unicodedata.normalize("NFKC", character) or character
