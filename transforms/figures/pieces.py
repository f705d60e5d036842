"""The pieces of tables that lost their shape: periods, numbers and labels in the order of the text.

Cells may be parted by tabs, bars, line breaks or single blanks; a piece is read the same way in each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from transforms.figures.cells import Number, is_absent, number_of, parted
from transforms.figures.days import MONTH_NAME, month_end, month_number
from transforms.figures.figure import Period

_PERIOD = re.compile(
    r"(?P<year_first>20\d\d)[\s-]?Q(?P<late>[1-4])(?:(?=20\d\d\s?Q)|(?![\d,.%]))|Q(?P<early>[1-4])[\s-]?(?:FY)?(?P<year_last>20\d\d)|"
    r"(?P<short>[1-4])Q\s?(?P<year_short>20\d\d|\d\d(?!\d))|"
    r"(?:FY|full[- ]year|fiscal year)\s?(?P<fiscal>20\d\d)|(?P<fiscal_first>20\d\d)\s?(?:FY|全年|年度)|"
    r"(?P<ordinal>first|second|third|fourth)[ -]quarter(?:,? of)?(?: fiscal(?: year)?)?,? (?P<ordinal_year>20\d\d)|"
    rf"three months ended (?P<ended>{MONTH_NAME}) (?:30|31),? (?P<ended_year>20\d\d)|"
    r"(?P<chinese>20\d\d)\s?年第?(?P<numeral>[一二三四1-4])季度?|"
    r"(?P<month_year>20\d\d)\s?年\s?(?P<month>\d{1,2})\s?月(?!\s?\d{1,2}\s?日)|"
    rf"(?P<name>{MONTH_NAME})[ -](?P<name_year>20\d\d)",
    re.IGNORECASE,
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}
_YEAR = re.compile(r"(?:19|20)\d\d年?(?![\d,./%-])(?!\s?[QF年])")
_NUMBER = re.compile(r"[(]?[-−+]?\d[\d,]*(?:\.\d+)?(?: ?%)?\)?(?: ?%)?(?:pts?|pp)?(?![\w/])")
_MODEL = re.compile(r"Models? [SXY3](?:/[SXY3])*(?:(?:,| and| &|/) ?(?:Model )?[SXY3](?:/[SXY3])*)*(?![\w,])")
_GAP = re.compile(r"[\s|·•●○▪‧]+")
_BULLET = re.compile(r"[-–—－*] +\w")
_WORD = re.compile(r"[^\s|]+?(?=\d{1,3}(?:,\d{3})+)|[^\s|]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: a period, a year alone, a number, an absent number, or words."""

    kind: str
    start: int
    end: int
    text: str
    period: Period | None = None
    number: Number | None = None
    year: int = 0


def pieces_of(text: str, *, decimal_comma: bool = False) -> list[Piece]:
    """Cut a text into pieces, in order."""
    found: list[Piece] = []
    at = 0
    while at < len(text):
        if gap := _GAP.match(text, at):
            at = gap.end()
            continue
        for piece in _next(text, at, decimal_comma):
            _add(found, piece, text)
            at = piece.end
    return found


def _next(text: str, at: int, decimal_comma: bool) -> Iterator[Piece]:
    if (period := _PERIOD.match(text, at)) and (read := period_of_words(period)):
        yield Piece("period", at, period.end(), period[0], period=read)
    elif year := _YEAR.match(text, at):
        yield Piece("year", at, year.end(), year[0], year=int(year[0][:4]))
    elif number := _NUMBER.match(text, at):
        yield from _numbers(number[0], at, decimal_comma)
    elif model := _MODEL.match(text, at):
        yield Piece("words", at, model.end(), model[0])
    else:
        word = _WORD.match(text, at)
        assert word is not None
        is_bullet = _BULLET.match(text, at) is not None
        kind = "absent" if (is_absent(word[0]) or word[0] in "-–—－") and not is_bullet else "words"
        yield Piece(kind, at, word.end(), word[0])


def _numbers(cell: str, at: int, decimal_comma: bool) -> Iterator[Piece]:
    """Give the number of a cell, or the numbers that stand glued in it; one that is neither is words."""
    if number := number_of(cell, decimal_comma=decimal_comma):
        yield Piece("number", at, at + len(cell), cell, number=number)
        return
    glued = [] if decimal_comma else parted(cell.strip()) or []
    read = [number_of(part) for part in glued]
    if not read or None in read:
        yield Piece("words", at, at + len(cell), cell)
        return
    for part, number in zip(glued, read, strict=True):
        yield Piece("number", at, at + len(part), part, number=number)
        at += len(part)


def _add(found: list[Piece], piece: Piece, text: str) -> None:
    """Add a piece; words that a single blank parts from words are one piece."""
    last = found[-1] if found else None
    is_more = (
        last is not None and last.kind == piece.kind == "words" and text[last.end : piece.start] in (" ", "", "\u00a0")
    )
    if last is not None and is_more:
        found[-1] = Piece("words", last.start, piece.end, text[last.start : piece.end])
    else:
        found.append(piece)


def period_of_words(found: re.Match[str]) -> Period | None:
    """Give the days of a quarter, year or month that `find_period` found."""
    year, quarter = found["year_first"] or found["year_last"] or found["year_short"], None
    if year:
        quarter = int(found["late"] or found["early"] or found["short"])
        return quarter_of(int(year) if len(year) == 4 else 2000 + int(year), quarter)
    if year := found["fiscal"] or found["fiscal_first"]:
        return year_of(int(year))
    if found["ordinal"]:
        return quarter_of(int(found["ordinal_year"]), _ORDINALS[found["ordinal"].lower()])
    if found["ended"]:
        last = month_number(found["ended"]) or 0
        return quarter_of(int(found["ended_year"]), last // 3) if last and last % 3 == 0 else None
    if found["chinese"]:
        numeral = found["numeral"]
        return quarter_of(int(found["chinese"]), _NUMERALS.get(numeral) or int(numeral))
    number = int(found["month"]) if found["month"] else month_number(found["name"]) or 0
    return month_of(int(found["month_year"] or found["name_year"]), number) if 1 <= number <= 12 else None


def find_periods(text: str) -> list[Period]:
    """List the periods that a text names whole."""
    return [read for found in _PERIOD.finditer(text) if (read := period_of_words(found))]


def quarter_of(year: int, quarter: int) -> Period:
    """Give a calendar quarter."""
    return Period("quarter", date(year, 3 * quarter - 2, 1), month_end(year, 3 * quarter))


def month_of(year: int, month: int) -> Period:
    """Give a month."""
    return Period("month", date(year, month, 1), month_end(year, month))


def year_of(year: int) -> Period:
    """Give a calendar year."""
    return Period("year", date(year, 1, 1), date(year, 12, 31))
