"""Rows of cells that stand somewhere from left to right, put into the columns that their numbers make.

Know that      only numbers make columns: headers stand centred above one or several of them, labels run on; a header
               above several columns is written in the first of them, and the others are left empty
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_NUMBER = r"[-+–—−－*]?\d{1,3}(?:[,，.]\d{3})+(?:\.\d+)?|[-+–—−－*]?\d+(?:[.,]\d+)?"
_SIGN = r"(?:US\$|HK\$|NT\$|C\$|A\$|S\$|RMB|[$¥￥€£])"
_AMOUNT = re.compile(
    rf"^{_SIGN}?\s*[(（\[]?\s*{_SIGN}?\s*(?:{_NUMBER})\s*[)）\]]?\s*[%％]?\s*[)）\]]?$|^{_SIGN}?\s*[-–—−－]+$|^N/?A$"
)
_FULL_AMOUNT = re.compile(r"^[(（]?[-+−－]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)[)）]?[%％]?$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_FEWEST_ROWS = 2
_HAIR = 0.01
_AS_GOOD = 0.1
_NEAR = 0.75
"""A header stands above the middle of its columns, give or take this share of the space between two of them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text with its left and right edge, in any unit."""

    left: float
    right: float
    text: str

    @property
    def middle(self) -> float:
        """Give the place between both edges."""
        return (self.left + self.right) / 2


@dataclass(slots=True)
class _Column:
    left: float
    right: float
    beside: int
    """Numbers in the fullest row of the column."""
    count: int = 1

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_sure(self) -> bool:
        """Tell a column from a stray number: it has several, or one note in a row of numbers."""
        return self.count >= _FEWEST_ROWS or self.beside > _FEWEST_ROWS

    def take(self, cell: Cell, beside: int) -> None:
        """Grow over one more number."""
        self.beside = max(self.beside, beside)
        self.left, self.right = min(self.left, cell.left), max(self.right, cell.right)
        self.count += 1


def is_amount(text: str) -> bool:
    """Tell whether a cell is a number, a rate or the mark for nothing."""
    return _AMOUNT.match(text) is not None


def is_full_amount(text: str) -> bool:
    """Tell whether a word is surely a number by itself: grouped in thousands, or with decimals."""
    return _FULL_AMOUNT.match(text) is not None


def in_columns(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Give the texts of each row, an empty one where a column before the last text has none.

    Rows without numbers in common columns stay as they are.
    """
    columns = _columns(rows)
    if len(columns) < 2:
        return [[cell.text for cell in row] for row in rows]
    margin = min((cell.left for row in rows for cell in row), default=0.0)
    return [_placed(row, columns, margin) for row in rows]


def begins_table(row: Sequence[Cell]) -> bool:
    """Tell whether a row is one of headers: several texts, and no number but years."""
    return len(row) > 1 and not _amounts(row)


def has_amounts(row: Sequence[Cell]) -> bool:
    """Tell whether a row holds numbers in columns."""
    return len(row) > 1 and _amounts(row) > 0


def _columns(rows: Sequence[Sequence[Cell]]) -> list[_Column]:
    """Find columns: narrow numbers first, so that a wide one never joins two columns."""
    cells = [(cell, _amounts(row)) for row in rows if len(row) > 1 for cell in row if _makes_column(cell.text)]
    found: list[_Column] = []
    for cell, beside in sorted(cells, key=lambda one: one[0].right - one[0].left):
        over = [one for one in found if one.left < cell.right and cell.left < one.right]
        if len(over) == 1:
            over[0].take(cell, beside)
        elif not over:
            found.append(_Column(cell.left, cell.right, beside))
    return sorted((one for one in found if one.is_sure), key=lambda one: one.left)


def _amounts(row: Sequence[Cell]) -> int:
    return sum(_makes_column(cell.text) for cell in row)


def _placed(row: Sequence[Cell], columns: Sequence[_Column], margin: float) -> list[str]:
    texts = [""] * (len(columns) + 1)
    is_header = not _amounts(row)
    labels_end = columns[0].left
    if is_header and len(row) > 1:
        labels_end = max((margin + labels_end) / 2, row[0].middle + _HAIR if row[0].left <= margin else 0)
    places = _header_places(row, columns, labels_end) if is_header else None
    if places is None:
        places = [_place(cell, columns, labels_end, is_alone=len(row) == 1) for cell in row]
    for number, cell in enumerate(row):
        place = places[number]
        is_room = place + 1 < len(texts) and all(other > place + 1 for other in places[number + 1 :])
        if texts[place] and is_room:
            place += 1
        texts[place] = f"{texts[place]} {cell.text}" if texts[place] else cell.text
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _makes_column(text: str) -> bool:
    return is_amount(text) and not _YEAR.match(text)


def _place(cell: Cell, columns: Sequence[_Column], labels_end: float, *, is_alone: bool) -> int:
    """Give the column below or around a cell; 0 is that of the labels."""
    if cell.middle < labels_end or (is_alone and cell.left < columns[0].left):
        return 0
    over = [min(one.right, cell.right) - max(one.left, cell.left) for one in columns]
    if max(over) > 0:
        return over.index(max(over)) + 1
    return min(range(1, len(columns) + 1), key=lambda one: abs(columns[one - 1].middle - cell.middle))


def _header_places(row: Sequence[Cell], columns: Sequence[_Column], labels_end: float) -> list[int] | None:
    """Place headers that stand above the middle of several columns in the first of these; None if they do not."""
    if len(row) == len(columns) + 1:
        return list(range(len(row)))
    right = [cell for cell in row if cell.middle >= labels_end]
    if len(right) < 2 or len(right) >= len(columns):
        return None
    groups: list[list[int]] = [[] for _ in right]
    for number, column in enumerate(columns):
        groups[min(range(len(right)), key=lambda one: abs(right[one].middle - column.middle))].append(number)
    if not all(groups):
        return None
    off = max(abs(_middle(columns, group) - cell.middle) for cell, group in zip(right, groups, strict=True))
    space = (columns[-1].middle - columns[0].middle) / (len(columns) - 1)
    if off > _NEAR * space or off > _off_alone(right, columns) + _AS_GOOD * space:
        return None
    firsts = iter(group[0] + 1 for group in groups)
    return [next(firsts) if cell.middle >= labels_end else 0 for cell in row]


def _middle(columns: Sequence[_Column], group: Sequence[int]) -> float:
    return (columns[group[0]].middle + columns[group[-1]].middle) / 2


def _off_alone(cells: Sequence[Cell], columns: Sequence[_Column]) -> float:
    """Tell how far headers are from standing above one column each, by their middle or right edge."""
    return max(
        min(min(abs(one.middle - cell.middle), abs(one.right - cell.right)) for one in columns) for cell in cells
    )
