"""The tables of a document below the titles that matter: header, rows, and what the lines above say of both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extractors.filings.document import Document, Page
from transforms.figures.cells import is_absent, number_of
from transforms.figures.headers import is_header
from transforms.figures.plain import plain
from transforms.figures.spans import Span, span_of
from transforms.figures.titles import Title, is_prose, title_of
from transforms.figures.units import Unit, states_unit, unit_of

_PROSE_ENDS = 3
_FOOTER = re.compile(r"^[-–—]?\s*\d{1,4}\s*[-–—]?$|^\d{1,4}\s*(?:/|of)\s*\d{1,4}$|^table of contents$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\(?\d{1,2}[.)]?$")
_MOST_ROWS = 5_000
"""Rows from which on a table is a listing, not a statement."""


@dataclass(slots=True)
class Row:
    """One row with numbers."""

    cells: list[str]
    page: int
    start: int
    """Offset of the line in the text of its page."""
    line: str
    above: list[str]
    """Lines without numbers since the row before."""
    below: str = ""
    """The line without numbers right below."""


@dataclass(slots=True)
class Grid:
    """One table: what its title is, what its header says, its rows."""

    title: Title
    span: Span
    unit: Unit
    header: list[list[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    title_text: str = ""


def grids_of(document: Document, *, decimal_comma: bool = False) -> Iterator[Grid]:
    """Give the tables below titles of statements and highlights, over the ends of pages, one at a time."""
    reader = _Reader(decimal_comma)
    for page in document.pages:
        yield from reader.read(page)
    yield from reader.ended()


class _Reader:
    def __init__(self, decimal_comma: bool) -> None:
        self._comma = decimal_comma
        self._title: Title | None = None
        self._text = ""
        self._span, self._unit = Span(), Unit()
        self._header: list[list[str]] = []
        self._is_header_open = False
        self._above: list[str] = []
        self._grid: Grid | None = None
        self._prose = 0

    def read(self, page: Page) -> Iterator[Grid]:
        start = 0
        for line in page.text.split("\n"):
            yield from self._line(line, page.number, start)
            start += len(line) + 1

    def ended(self) -> Iterator[Grid]:
        if self._grid is not None and self._grid.rows:
            yield self._grid
        self._grid = None

    def _line(self, line: str, page: int, start: int) -> Iterator[Grid]:
        if _FOOTER.match(line.strip()):
            return
        cells = [cell.strip() for cell in line.split("\t")]
        filled = [cell for cell in cells if cell]
        if self._has_numbers(cells):
            self._prose = 0
            self._add_row(cells, page, start, line)
            return
        if filled and (title := title_of(_head_of(filled))):
            yield from self.ended()
            self._begin(title, cells if cells[0] else filled)
            return
        if self._title is None or not self._title.kinds:
            return
        if len(filled) < 2 and (cells[0] or _is_title_like(line.strip())):
            yield from self._lone(line.strip(), line)
            return
        self._prose = 0
        if states_unit(line) and not is_header([cell for cell in cells if not states_unit(cell)]):
            yield from self.ended()
            self._unit = unit_of(line).over(self._unit)
            return
        yield from self._add_header(cells)
        if states_unit(cells[0]):
            self._unit = unit_of(cells[0]).over(self._unit)

    def _has_numbers(self, cells: list[str]) -> bool:
        values = [cell for cell in (cells[1:] if len(cells) > 1 else cells) if cell]
        numbers = [cell for cell in values if number_of(cell, decimal_comma=self._comma) is not None]
        if not numbers or len(cells) < 2 or all(_is_year(cell) for cell in numbers):
            return False
        return len(numbers) + sum(is_absent(cell) for cell in values) >= len(values) / 2

    def _begin(self, title: Title, cells: list[str]) -> None:
        is_same = self._title is not None and self._title.kinds == title.kinds
        words = " ".join(cells)
        span = span_of(cells[0])
        self._title, self._text = title, words
        self._span = span if span.says_something else self._span if is_same else Span()
        self._unit = unit_of(words) if states_unit(words) else self._unit if is_same else Unit()
        self._header = [["", *cells[1:]]] if len(cells) > 1 else self._header if is_same else []
        self._is_header_open = len(cells) > 1
        self._above, self._prose = [], 0

    def _lone(self, text: str, line: str) -> Iterator[Grid]:
        """Take a line of one text: a caption with unit or days, a heading, part of a label, or prose."""
        if states_unit(text):
            if self._grid is not None and self._grid.rows:
                yield from self.ended()
            self._unit = unit_of(text).over(self._unit)
            return
        if is_prose(line):
            self._prose += 1
            if self._prose >= _PROSE_ENDS:
                yield from self.ended()
                self._title = None
            return
        if self._grid is None or not self._grid.rows:
            span = span_of(text)
            if span.says_something and not span.rest:
                self._span = span.within(self._span)
        elif not self._grid.rows[-1].below and not self._above:
            self._grid.rows[-1].below = text
        self._above.append(text)

    def _add_header(self, cells: list[str]) -> Iterator[Grid]:
        if self._grid is not None and self._grid.rows:
            yield from self.ended()
        if not self._is_header_open:
            self._header = []
            self._is_header_open = True
        self._header.append(cells)

    def _add_row(self, cells: list[str], page: int, start: int, line: str) -> None:
        if self._title is None or not self._title.kinds or not self._header:
            return
        if self._grid is None:
            self._grid = Grid(self._title, self._span, self._unit, self._header, title_text=self._text)
        self._is_header_open = False
        if len(self._grid.rows) < _MOST_ROWS:
            self._grid.rows.append(Row(cells, page, start, line, self._above))
        self._above = []


def _head_of(filled: list[str]) -> str:
    """Give the text that may be a title; a number in a cell of its own is that of a note."""
    return " ".join(filled) if len(filled) == 2 and _NUMBERED.match(filled[0]) else filled[0]


def run_widths(grid: Grid) -> list[int]:
    """Give for each row how many columns the rows around it have: each page, and each stretch of it, has its own."""
    runs: list[list[Row]] = []
    for row in grid.rows:
        if not runs or runs[-1][-1].page != row.page or any(is_prose(line) for line in row.above):
            runs.append([])
        runs[-1].append(row)
    return [width for run in runs for width in [max(len(row.cells) for row in run) - 1] * len(run)]


def _is_title_like(text: str) -> bool:
    """Tell whether a lone text in the middle is a caption: a unit, or a whole date."""
    return states_unit(text) or span_of(text).end is not None


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and 1900 <= int(text) < 2100


def about(document: Document) -> Span:
    """Give the days that the whole document is about, as its first pages say; nothing where they do not."""
    found = Span()
    for page in document.pages[:3]:
        for line in page.text.split("\n")[:80]:
            if len(line) > 200 or "\t" in line:
                continue
            said = plain(line)
            span = span_of(said)
            if span.months is None or span.year is None:
                pass
            elif span.month is not None:
                return span
            elif span.months == 12 and "报告" in said:
                return replace(span, month=12, day=31)
            if found.month is None and span.month is not None and span.year is not None and "ended" in said:
                found = span
    return found
