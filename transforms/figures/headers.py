"""The header of a table: of which days, in which unit and of what each column is.

A column that says anything else than time and unit, a change say or a note, gives no figures.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from transforms.figures.plain import plain
from transforms.figures.spans import Span, span_of
from transforms.figures.units import Unit, is_unit, unit_of

_MARK = re.compile(r"\((?:\d{1,2}|[a-z]|note \w+)\)")
_NOTE = re.compile(r"^(?:notes?|附注(?:\d+|编号)?|注释|附注\(如适用\)|item|行次)$")
_CHANGE = re.compile(
    r"change|同比|环比|增减|变动|variance|growth|increase|decrease|增长|\byoy\b|\bqoq\b|比上年|比重|占比|%|\(pp\)|percent|margin"
)
_CURRENT = re.compile(r"^(?:本期|本期数|本期金额|本期发生额|本报告期|本年|本年度|本年数|current (?:period|year))$")
_BEFORE = re.compile(
    r"^(?:上期|上期数|上期金额|上期发生额|上年同期|上年同期数|上年|上年度|去年同期|上年数|prior (?:period|year))$"
)
_AT_END = re.compile(r"^(?:期末|期末余额|期末数|本报告期末|年末余额|年末数)$")
_AT_START = re.compile(r"^(?:期初|期初余额|期初数|上年年末|上年末|上年度末|年初余额|年初数|上年末余额)$")
_TO_DATE = re.compile(r"年初至(?:本)?报告期(?:期)?末$")
_AUDITED = re.compile(r"^\(?(?:unaudited|audited|未经审核|经审核|未经审计|经审计)\)?$")
_NEUTRAL = re.compile(
    r"^(?:项目|科目|total|group|consolidated|总计|合计|本集团|集团|as reported|调整后|audited and restated)?$"
)
_TIME = re.compile(
    r"(?:19|20)\d\d|month|week|quarter|year|ended|年|月|季|期|截至|审|audited|restated|重列|\bq[1-4]\b|"
    r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers."""

    span: Span
    unit: Unit
    is_used: bool
    is_note: bool = False
    role: str = ""
    """current, before, end, start or to_date, where the header says so in place of a date."""
    rest: str = ""
    """What it says beside time and unit, such as a segment."""


def is_header(cells: Sequence[str]) -> bool:
    """Tell whether the cells of a row say time, unit, note or change, and no number stands among them."""
    said = [plain(cell) for cell in cells if cell.strip()]
    return bool(said) and any(
        is_unit(one) or _NOTE.match(one) or _CHANGE.search(one) or _TIME.search(one) or _role(one) for one in said
    )


def columns_of(rows: Sequence[Sequence[str]], width: int) -> list[Column]:
    """Read the columns that the rows of a header make, each from the texts above one another.

    A text about time above an empty place holds for that place too; a lone one holds for all.
    """
    above: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        values = _fitted(row, width)
        texts = [text.strip() for text in values]
        filled = [number for number, text in enumerate(texts) if text]
        spreads = len(filled) < width and all(_spreads(texts[one]) for one in filled)
        for number in range(width):
            if texts[number]:
                above[number].append(texts[number])
            elif spreads and len(filled) == 1:
                above[number].append(texts[filled[0]])
            elif spreads and (left := [one for one in filled if one < number]):
                above[number].append(texts[left[-1]])
    return [_column(texts) for texts in above]


def _spreads(text: str) -> bool:
    """Tell whether a header holds for the columns beside it too: days, or a length of time."""
    said = plain(text)
    if is_unit(text) or _NOTE.match(said) or _CHANGE.search(said):
        return False
    span = span_of(text)
    return (span.says_something and not span.rest) or not said.strip("()").strip() or _AUDITED.match(said) is not None


def _fitted(row: Sequence[str], width: int) -> list[str]:
    """Give the cells above the numbers: the row without its label, or all of it where there is none."""
    if len(row) <= width and (len(row) < 2 or row[0].strip()) and not (len(row) > 1 and len(row) == width + 1):
        cells = list(row)
        return [""] * (width - len(cells)) + cells
    return [*row[1 : width + 1], *[""] * (width + 1 - len(row))]


def _column(texts: Sequence[str]) -> Column:
    said = [plain(text) for text in texts]
    if any(_NOTE.match(one) for one in said):
        return Column(Span(), Unit(), is_used=False, is_note=True)
    units = [unit_of(text) for text in texts if is_unit(text)]
    unit = Unit()
    for one in units:
        unit = one.over(unit) if not one.is_rate else one
    words = " ".join(one for one, text in zip(said, texts, strict=True) if not is_unit(text))
    role = _role(words.replace(" ", ""))
    span = span_of(_MARK.sub(" ", words))
    is_used = not (_CHANGE.search(words) or unit.is_rate) and (span.says_something or bool(role))
    rest = "" if role else span.rest
    return Column(replace(span, rest=""), unit, is_used, role=role, rest="" if _NEUTRAL.match(rest) else rest)


def _role(word: str) -> str:
    for name, pattern in (
        ("current", _CURRENT),
        ("before", _BEFORE),
        ("end", _AT_END),
        ("start", _AT_START),
        ("to_date", _TO_DATE),
    ):
        if pattern.match(word):
            return name
    return ""
