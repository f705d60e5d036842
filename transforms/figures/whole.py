"""A document as one text, with the way back from each character to its page and line."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from extractors.filings.document import Document
from transforms.figures.figure import Place


@dataclass(frozen=True, slots=True)
class Whole:
    """All pages, a line break between two of them."""

    text: str
    pages: Sequence[tuple[int, int]]
    """Number of each page and the offset at which it begins."""

    @classmethod
    def of(cls, document: Document) -> "Whole":
        """Put the pages of a document together."""
        texts = [page.text for page in document.pages]
        starts = accumulate((len(text) + 1 for text in texts), initial=0)
        numbers = (page.number for page in document.pages)
        return cls("\n".join(texts), list(zip(numbers, starts, strict=False)))

    def place(self, start: int, end: int, line: str = "") -> Place:
        """Give the place of a stretch, with its line where none is given."""
        at = max(bisect_right([begin for _, begin in self.pages], start) - 1, 0)
        number, begin = self.pages[at]
        if not line:
            first = self.text.rfind("\n", 0, start) + 1
            last = self.text.find("\n", end)
            line = self.text[first : last if last >= 0 else len(self.text)]
        return Place(number, start - begin, end - begin, line)
