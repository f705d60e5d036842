"""The text of an HTML document, page by page: a line for each block, a line for each row of a table.

Know that      cells stand in the columns of their table's numbers, and a column without a text in between is empty;
               filers write pages as breaks in style sheets, amounts as a currency sign, a number and a bracket
               in three cells, and spacer cells without anything; inline XBRL keeps a hidden header in the body
"""

import re
from collections.abc import Iterator

from lxml import etree

from extractors.filings.columns import Cell, in_columns
from extractors.news.page_tree import tree_of, without_control

_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "ix:header"})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "br",
})  # fmt: skip
_LONGEST_CELL = 1_500
"""A cell with more text than this lays out a page; its blocks are lines of their own."""
_WIDEST = 200
"""Columns or rows that a cell may span: some files say thousands."""
_OPENS = re.compile(r"^[\s(\[（]*(?:[$¥€£]|US\$|HK\$|NT\$|C\$|A\$|RMB|USD|HKD|CNY)?\s*[(\[（]*$")
_CLOSES = re.compile(r"^[)\]）]*\s*[%％]?\s*[)\]）]*$")
_AMOUNT = re.compile(r"^[\s(\[（]*[-+–—−.\d]")
_AMOUNT_ENDS = re.compile(r"[\d–—)\]）]\s*$")
_SPACE = re.compile("[\\s\u00a0\u2000-\u200b\u202f\u3000\ufeff]+")


def html_pages(text: str) -> list[str]:
    """Give the text of each page; a document without page breaks is one page.

    Raises ParserError, a ValueError of lxml, for a text in which there is no element at all.
    """
    writer = _Writer()
    writer.walk(tree_of(without_control(text)))
    return writer.ended()


class _Writer:
    """Collects words into lines and lines into pages."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._lines: list[str] = []
        self._pages: list[str] = []
        self._rows: dict[etree._Element, list[str]] = {}

    def walk(self, element: etree._Element) -> None:
        """Write an element and all that is in it."""
        if not _is_visible(element):
            return
        style = _style(element)
        if "page-break-before:always" in style or "break-before:page" in style:
            self._end_page()
        is_block = element.tag in _BLOCKS
        if is_block:
            self._end_line()
        if element.tag == "table":
            self._rows |= _rows_of(element)
        if element.tag == "tr" and (cells := self._rows.pop(element, None)) is not None:
            self._add_line("\t".join(cells))
        else:
            self._walk_inside(element)
        if is_block:
            self._end_line()
        if "page-break-after:always" in style or "break-after:page" in style:
            self._end_page()

    def ended(self) -> list[str]:
        """Give the pages; blank ones between two breaks are no pages."""
        self._end_page()
        return self._pages

    def _walk_inside(self, element: etree._Element) -> None:
        self._words.append(element.text or "")
        for child in element:
            self.walk(child)
            self._words.append(child.tail or "")

    def _end_line(self) -> None:
        self._add_line(_SPACE.sub(" ", "".join(self._words)).strip())
        self._words.clear()

    def _add_line(self, line: str) -> None:
        if line:
            self._lines.append(line)

    def _end_page(self) -> None:
        self._end_line()
        if self._lines:
            self._pages.append("\n".join(self._lines))
            self._lines.clear()


def _is_visible(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag not in _HIDDEN and "display:none" not in _style(element)


def _style(element: etree._Element) -> str:
    return (element.get("style") or "").lower().replace(" ", "")


def _rows_of(table: etree._Element) -> dict[etree._Element, list[str]]:
    """Give the cells of the rows of a table, in their columns; rows that lay out a page are left out."""
    rows: dict[etree._Element, list[Cell]] = {}
    held: dict[int, int] = {}
    for row in table.iterchildren("tr", "thead", "tbody", "tfoot"):
        for one in (row,) if row.tag == "tr" else row.iterchildren("tr"):
            if _is_visible(one) and (cells := _cells(one, held)) is not None:
                rows[one] = _joined(cells)
    return dict(zip(rows, in_columns(list(rows.values())), strict=True))


def _cells(row: etree._Element, held: dict[int, int]) -> list[Cell] | None:
    """Give the cells of a row that hold something; None for a row that lays out a page.

    `held` says for how many more rows a column is taken by a cell from above.
    """
    found = []
    at = 0
    taken = {column for column, more in held.items() if more > 0}
    for column in taken:
        held[column] -= 1
    is_layout = False
    for cell in row:
        if not isinstance(cell.tag, str):
            continue
        if cell.tag not in ("td", "th") or next(cell.iter("table"), None) is not None:
            is_layout = True
            continue
        while at in taken:
            at += 1
        wide = _span(cell, "colspan")
        held.update(dict.fromkeys(range(at, at + wide), _span(cell, "rowspan") - 1))
        text = _SPACE.sub(" ", "".join(_pieces(cell))).strip() if _is_visible(cell) else ""
        is_layout = is_layout or len(text) > _LONGEST_CELL
        if text:
            found.append(Cell(at, at + wide, text))
        at += wide
    return None if is_layout else found


def _span(cell: etree._Element, name: str) -> int:
    said = (cell.get(name) or "").strip()
    return min(max(int(said), 1), _WIDEST) if said.isascii() and said.isdigit() and len(said) < 6 else 1


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if _is_visible(child):
            gap = " " if child.tag in _BLOCKS else ""
            yield gap
            yield from _pieces(child)
            yield gap
        yield child.tail or ""


def _joined(cells: list[Cell]) -> list[Cell]:
    """Put what belongs to one amount into one cell; signs alone, as in a row of currencies, stay cells."""
    found: list[Cell] = []
    signs: list[Cell] = []
    for cell in cells:
        if not signs and found and _CLOSES.match(cell.text) and _AMOUNT_ENDS.search(found[-1].text):
            found[-1] = _one([found[-1], cell])
        elif _OPENS.match(cell.text):
            signs.append(cell)
        else:
            found += [_one([*signs, cell])] if _AMOUNT.match(cell.text) else [*signs, cell]
            signs.clear()
    return [*found, *signs]


def _one(cells: list[Cell]) -> Cell:
    return Cell(cells[0].left, cells[-1].right, "".join(cell.text for cell in cells))
