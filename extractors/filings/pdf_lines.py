"""Characters on a page, put into lines by their baseline and into columns by the gaps between them."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.filings.columns import Cell, begins_table, has_amounts, in_columns, is_full_amount

_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_SAME_LINE = 0.4
"""Baselines that differ by less than this share of the type size are one line: footnote marks stand higher."""
_WORD_GAP = 0.2
_COLUMN_GAP = 1.5
_HAN_COLUMN_GAP = 1.2
"""Gaps in type sizes. Justified Chinese is spread out within words."""
_SMALLEST = 1.0
"""Type size in points below which nobody is meant to read it."""
_STRUCK_TWICE = 0.15
_LINE_OF_PROSE = 34
"""Han characters from which on a line without columns is prose, and parts one table from the next; letters: twice."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character: left and right edge, baseline and type size in points, the page upright."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    follows_space: bool


def placed_characters(page: pypdfium2.PdfPage) -> tuple[list[Character], int]:
    """Give the characters of a page that a reader sees, and how many have no map to Unicode.

    Characters that are turned against the rest, outside the page or too small to read are left out.
    """
    text_page = page.get_textpage()
    try:
        found, unmapped = _collected(text_page.raw, pdfium.FPDFText_CountChars(text_page.raw), page.get_mediabox())
    finally:
        text_page.close()
    turns = Counter(turn for turn, _ in found)
    upright = turns.most_common(1)[0][0] if turns else 0
    return [character for turn, character in found if turn == upright], unmapped


def lines_of(characters: list[Character]) -> Iterator[str]:
    """Give the lines from the top; cells of a row are parted by tabs, and a column without a text is empty."""
    block: list[list[Cell]] = []
    ends = 0
    for line in _rows(characters):
        cells = _cells(sorted(line, key=lambda one: one.left))
        if ends and (begins_table(cells) or _is_prose(cells)):
            yield from _written(block[:ends])
            block, ends = block[ends:], 0
        block.append(cells)
        if has_amounts(cells):
            ends = len(block)
    yield from _written(block)


def _written(block: list[list[Cell]]) -> Iterator[str]:
    yield from ("\t".join(texts) for texts in in_columns(block))


def _is_prose(cells: list[Cell]) -> bool:
    return len(cells) == 1 and len(cells[0].text) >= _LINE_OF_PROSE * (1 + (not _HAN.search(cells[0].text)))


def _collected(
    raw: pdfium.FPDF_TEXTPAGE, count: int, bounds: tuple[float, float, float, float]
) -> tuple[list[tuple[int, Character]], int]:
    found: list[tuple[int, Character]] = []
    unmapped = 0
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    follows_space = True
    for number in range(count):
        text = _character(pdfium.FPDFText_GetUnicode(raw, number))
        if text.isspace():
            follows_space = True
            continue
        if not text:
            unmapped += 1
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, number, box)
        pdfium.FPDFText_GetCharOrigin(raw, number, x, y)
        if not _is_inside(box, bounds):
            continue
        turn = round(pdfium.FPDFText_GetCharAngle(raw, number) / (math.pi / 2)) % 4
        placed = _upright(text, turn, box, (x.value, y.value), follows_space)
        if placed.size >= _SMALLEST:
            found.append((turn, placed))
            follows_space = False
    return found, unmapped


def _character(code: int) -> str:
    """Give the character of a code; nothing for one that stands for no character."""
    if code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000 or 0xE000 <= code < 0xF900 or code > 0x10FFFF:
        return ""
    if code < 0x20 or code == 0xAD:
        return " " if code in (9, 10, 13) else "-" if code == 2 else ""
    return chr(code)


def _is_inside(box: pdfium.FS_RECTF, bounds: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = bounds
    return bool(box.right > left and box.left < right and box.top > bottom and box.bottom < top)


def _upright(text: str, turn: int, box: pdfium.FS_RECTF, origin: tuple[float, float], follows_space: bool) -> Character:
    """Turn a character so that its line runs from left to right and the page from top to bottom."""
    x, y = origin
    wide, high = box.right - box.left, box.top - box.bottom
    left, right, baseline, size = {
        0: (box.left, box.right, y, high),
        1: (box.bottom, box.top, -x, wide),
        2: (-box.right, -box.left, -y, high),
        3: (-box.top, -box.bottom, x, wide),
    }[turn]
    return Character(text, left, right, baseline, abs(size), follows_space)


def _rows(characters: list[Character]) -> Iterator[list[Character]]:
    row: list[Character] = []
    for one in sorted(characters, key=lambda one: -one.baseline):
        if row and row[0].baseline - one.baseline > _SAME_LINE * max(one.size, max(other.size for other in row[-3:])):
            yield row
            row = []
        row.append(one)
    if row:
        yield row


def _cells(line: list[Character]) -> list[Cell]:
    """Part a line into cells at wide gaps, and at any gap between two whole numbers."""
    words: list[list[Cell]] = [[Cell(line[0].left, line[0].right, line[0].text)]]
    for before, one in pairwise(line):
        gap, size = one.left - before.right, max(before.size, one.size)
        if one.text == before.text and one.left - before.left < _STRUCK_TWICE * size:
            continue
        between = _between(before, one, gap / size)
        if between == "\t":
            words.append([Cell(one.left, one.right, one.text)])
        elif between:
            words[-1].append(Cell(one.left, one.right, one.text))
        else:
            word = words[-1][-1]
            words[-1][-1] = Cell(word.left, one.right, word.text + one.text)
    return [cell for cell_words in words for cell in _parted(cell_words)]


def _parted(words: list[Cell]) -> Iterator[Cell]:
    """Part numbers that stand close to one another or to the end of their label."""
    numbers = 0
    while numbers < len(words) and is_full_amount(words[-1 - numbers].text):
        numbers += 1
    if numbers < 2 and len(words) > 1 and not (numbers and _HAN.match(words[-2].text[-1])):
        numbers = 0
    if label := words[: len(words) - numbers]:
        yield Cell(label[0].left, label[-1].right, " ".join(word.text for word in label))
    yield from words[len(words) - numbers :]


def _between(before: Character, one: Character, gap: float) -> str:
    if _HAN.match(before.text) and _HAN.match(one.text):
        return "\t" if gap > _HAN_COLUMN_GAP else ""
    if gap > _COLUMN_GAP:
        return "\t"
    return " " if gap > _WORD_GAP or (one.follows_space and gap > 0) else ""
