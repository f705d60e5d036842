"""Figures from highlights whose columns got lost: labels and numbers one after the other, glued or line by line.

Between two numbers and the change that the document states of them, one can check the other: that tells a footnote
digit at the head of a number from the number, and a lost value from one that is there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from extractors.filings.document import Document, Page
from transforms.figures.cells import number_of
from transforms.figures.choice import Found
from transforms.figures.figure import Figure, Period, Place
from transforms.figures.labels import INCOME, PER_SHARE, RATES, SHARES, Label, label_of
from transforms.figures.money import Money
from transforms.figures.plain import plain
from transforms.figures.spans import Span, period_of, span_of
from transforms.figures.titles import HIGHLIGHTS
from transforms.figures.units import Unit, unit_of

_BEGINS = re.compile(r"(?:key|financial) highlights|摘要")
_UNIT = re.compile(r"\((?:[^()]|\([^()]*\)){0,40}(?:百万元?|千元|in millions|in thousands|'000)[^()]{0,60}\)")
_LENGTH = re.compile(
    r"(?:three|six|nine|twelve) months ended|years? ended|截至以下日期止(?:3|6|9)个月|"
    r"截至(?:\d{1,2}月\d{1,2}日)?止年度|"
    r"截至(?:\d{1,2}月\d{1,2}日)?止(?:3|6|9)个月"
)
_CUT = re.compile(r"(\d{1,3}(?:,\d{3})+)\s*\n\s*(?:\d{1,3}\s*、\s*)?(\.\d)")
"""A number that a page's end parts from its decimal; the next page may begin with its number."""
_NUMBER = re.compile(
    r"\(-?\d{1,3}(?:,\d{3})*\.\d\)|-?\d{1,3}(?:,\d{3})*\.\d%?|\(\d{1,3}(?:,\d{3})+\)|\d{1,3}(?:,\d{3})+(?![\d.,])|n/a|不适用"
)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_MONTH_DAY = re.compile(rf"(?:{_MONTHS}) \d{{1,2}}(?:, (?:19|20)\d\d)?|\d{{1,2}} (?:{_MONTHS})(?: (?:19|20)\d\d)?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CHINESE_DAY = re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日")
_STATED = re.compile(r"截至(?:19|20)\d\d年\d{1,2}月\d{1,2}日止(?:3|6|9)个月")
_HEADER = 400
_TOLERANCE = Decimal("0.06")
"""Percentage points by which a stated change may differ from the computed one: both numbers are rounded."""
_SENTENCE = re.compile(r".*[。;；]|.*\d\)")


@dataclass(frozen=True, slots=True)
class _Block:
    periods: tuple[Period, ...]
    unit: Unit
    text: str


def flat_figures(document: Document, span: Span, money: Money) -> Iterator[Found]:
    """Give the figures of highlights in a text without columns."""
    text = plain(_CUT.sub(r"\1\2", "\n".join(page.text for page in document.pages)))
    for block in _blocks(text, span):
        currency = block.unit.currency or money.unit.currency
        if currency and block.unit.scale is not None:
            rows = list(_rows(block))
            is_whole = all(_amount_count(values) == len(block.periods) for _, values in rows[:-1]) and len(rows) > 1
            for number, (label, values) in enumerate(rows, start=1):
                is_cut = is_whole and number == len(rows) and len(block.periods) > 2
                yield from _found(label, values, block, currency, document, is_cut=is_cut)


def _blocks(text: str, span: Span) -> Iterator[_Block]:
    """Give the stretches between a unit in brackets and the next, with the periods said before the unit."""
    begins = _BEGINS.search(text)
    units = list(_UNIT.finditer(text, begins.end())) if begins else []
    for number, unit in enumerate(units):
        ends = units[number + 1].start() if number + 1 < len(units) else len(text)
        if periods := _periods(text[max(0, unit.start() - _HEADER) : unit.start()], text, span):
            yield _Block(periods, unit_of(unit[0]), text[unit.end() : ends])


def _periods(before: str, text: str, about: Span) -> tuple[Period, ...]:
    lengths = list(_LENGTH.finditer(before))
    if not lengths:
        return ()
    header = before[lengths[-1].start() :]
    length = span_of(lengths[-1][0])
    found = tuple(period_of(span.within(replace(length, year=None))) for span in _days(header, length))
    if found:
        return tuple(one for one in found if one is not None) if None not in found else ()
    return _stated(text, header, about)


def _days(header: str, length: Span) -> list[Span]:
    """Give the days of a header in order; days and years may stand on two lines."""
    if days := _CHINESE_DAY.findall(header):
        return [span_of(day) for day in days]
    days = _MONTH_DAY.findall(header)
    years = _YEAR.findall(header)
    if days and len(days) == len(years):
        return [replace(span_of(day), year=int(year)) for day, year in zip(days, years, strict=True)]
    if not days and years and length.month is not None:
        return [Span(year=int(year)) for year in years]
    return []


def _stated(text: str, header: str, about: Span) -> tuple[Period, ...]:
    """Give the period of the whole document, then those with which its changes compare it."""
    stated = {period_of(span_of(one)) for one in _STATED.findall(text)} or {period_of(about)}
    current = stated.pop()
    if stated or current is None or not re.search("同比|year-on-year|year-over-year", header):
        return ()
    start, end = (_year_before(one) for one in (current.start, current.end))
    found = (current, Period(current.kind, start, end))
    if current.kind == "quarter" and re.search("环比|quarter-on-quarter|quarter-over-quarter", header):
        return *found, _quarter_before(current)
    return found


def _quarter_before(quarter: Period) -> Period:
    end = quarter.start - timedelta(days=1)
    return Period("quarter", date(end.year, end.month - 2, 1), end)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _rows(block: _Block) -> Iterator[tuple[Label, list[str]]]:
    """Give each known label with the numbers that follow it."""
    at = 0
    words = ""
    values: list[str] = []
    for number in _NUMBER.finditer(block.text):
        if gap := block.text[at : number.start()].strip():
            yield from _row(words, values)
            words, values = gap, []
        values.append(number[0])
        at = number.end()
    yield from _row(words, values)


def _row(words: str, values: list[str]) -> Iterator[tuple[Label, list[str]]]:
    label = label_of(_SENTENCE.sub("", words), (INCOME,))
    if label is not None and values and label.metric not in PER_SHARE | RATES | SHARES:
        yield label, values


def _amount_count(texts: list[str]) -> int:
    return sum(number is not None and not number.is_percent for number in map(number_of, texts))


def _found(
    label: Label, texts: list[str], block: _Block, currency: str, document: Document, *, is_cut: bool
) -> Iterator[Found]:
    scale = block.unit.scale or Decimal(1)
    for text, number, period in _values(texts, block.periods, is_cut=is_cut):
        value = -number if label.is_loss and number > 0 else number
        place = _place(text, document.pages)
        decimals = len(text.strip("()%").partition(".")[2]) - scale.adjusted()
        figure = Figure(
            metric=label.metric,
            label=label.metric,
            value=value * scale,
            value_low=value * scale,
            value_high=value * scale,
            qualifier="exact",
            unit="currency",
            currency=currency,
            period=period,
            place=place,
            accounting_basis="adjusted" if label.metric.startswith("adjusted") else "",
            decimals=decimals,
        )
        yield Found(figure, HIGHLIGHTS, label.is_weaker)


def _values(texts: list[str], periods: tuple[Period, ...], *, is_cut: bool) -> Iterator[tuple[str, Decimal, Period]]:
    """Give the values that are sure: as many as there are periods, or checked by the stated change.

    Where every other row is whole, the last one may be cut by the end of the text, and its first values hold.
    """
    numbers = [number_of(text) for text in texts]
    amounts = [(text, one.value) for text, one in zip(texts, numbers, strict=True) if one and not one.is_percent]
    change = numbers[2] if len(numbers) > 2 and len(amounts) > 1 and texts[0] == amounts[0][0] else None
    if change is None or not change.is_percent or min(amounts[0][1], amounts[1][1]) <= 0:
        if (len(amounts) == len(periods) and len(periods) > 2) or (is_cut and len(amounts) < len(periods)):
            yield from ((text, value, period) for (text, value), period in zip(amounts, periods, strict=False))
        return
    first = _checked(texts[0], amounts[1][1], change.value)
    if first is None:
        return
    yield first[0], first[1], periods[0]
    rest = zip(amounts[1:], periods[1:], strict=False) if len(amounts) == len(periods) else [(amounts[1], periods[1])]
    yield from ((text, value, period) for (text, value), period in rest)


def _checked(text: str, before: Decimal, change: Decimal) -> tuple[str, Decimal] | None:
    """Give the number that the change fits: as written, or without the footnote's digit at its head."""
    for written in (text, text[1:]):
        number = number_of(written)
        if number is None:
            continue
        slack = _TOLERANCE + 100 * (Decimal("0.05") / before) * (2 + abs(change) / 100)
        if abs((number.value / before - 1) * 100 - change) <= slack:
            return written, number.value
    return None


def _place(text: str, pages: tuple[Page, ...]) -> Place:
    for page in pages:
        if (at := page.text.find(text)) >= 0:
            start = page.text.rfind("\n", 0, at) + 1
            end = page.text.find("\n", at)
            line = page.text[start : end if end >= 0 else len(page.text)]
            return Place(page.number, at, at + len(text), line[:400])
    return Place(pages[0].number, 0, 0, "")
