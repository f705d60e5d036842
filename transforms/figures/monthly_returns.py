"""Monthly returns of issuers in Hong Kong: shares in issue at the end of two months, by class.

Published by   every issuer, by the fifth business day of the next month
Read from      form FF301, in English and Chinese, and the form before 2020, whose columns are classes
Know that      a balance counts only where what was there and what changed make what is there now; the form before
               2020 comes with labels and values in columns of their own when it was flattened
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

from transforms.figures.days import DAY, day_of, month_end
from transforms.figures.figure import Figure, Period
from transforms.figures.share_classes import PREFERENCE, blocks_of, class_of
from transforms.figures.share_numbers import Balance, Count, balance_of, counts_of, share_figure
from transforms.figures.whole import Whole

_IS_RETURN = re.compile(
    r"monthly return (?:of|for) equity issuer|證券變動月報表|证券变动月报表|\bFF301\b", re.IGNORECASE
)
_MONTH = re.compile(
    rf"(?:for the month ended|截至月份)\s*(?:\(\s*(?:dd/mm/yyyy|日/月/年)\s*\))?\s*[:：]?\s*({DAY})", re.IGNORECASE
)
_LABELS = ("Balance at close of preceding month", "Balance at close of the month")
_SLASH_DAY = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/\d{4}(?!\d)")
_SECTION = re.compile(
    r"\bII\.\s*(?:Movements? in Issued|已發行股份|已发行股份)(?P<body>.*?)(?=\bIII\.|\Z)", re.IGNORECASE | re.DOTALL
)
_BEFORE = re.compile(r"Balance at close of\s+(?:the\s+)?preceding\s+month|上月底結存|上月底结存", re.IGNORECASE)
_CHANGE = re.compile(
    r"Increase\s*/\s*\(?decrease\)?\s*(?:\(-\))?(?:\s*during\s+the\s+month)?|(?:本月)?增加\s*/\s*[（(]?減?减?少[）)]?\s*(?:[（(]-[）)])?",
    re.IGNORECASE,
)
_AFTER = re.compile(r"Balance at close of\s+the\s+month|本月底結存|本月底结存", re.IGNORECASE)
_OLD_CLASSES = re.compile(r"No\.?\s*of\s*ordinary\s*shares?|普通股數目|普通股数目", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"\(([12])\)\s*Stock code\s*[:：]?\s*[^\n]*?(?:Description\s*[:：]?\s*([^\n(]*))?(?=\n|\(|$)", re.IGNORECASE
)


def read_monthly_return(whole: Whole) -> Iterator[Figure]:
    """Give the balances of each class at both ends of the month; nothing for other documents."""
    if not _IS_RETURN.search(whole.text):
        return
    month = _month(whole.text)
    section = _SECTION.search(whole.text)
    if month is None or section is None:
        return
    blocks = blocks_of(whole.text, section.start("body"), section.end())
    if blocks:
        for block in blocks:
            rows = _rows(whole.text, block.start, block.end)
            if block.share_class is not None and rows is not None:
                yield from _checked(rows, block.share_class, month, whole)
    elif _OLD_CLASSES.search(section["body"]):
        yield from _by_column(section.start("body"), section.end(), month, whole)


def _month(text: str) -> date | None:
    """Give the last day of the month; where label and day got apart, the only last day of a month with slashes."""
    if found := _MONTH.search(text):
        day = day_of(found[1])
    else:
        days = {day for one in _SLASH_DAY.findall(text) if (day := day_of(one)) is not None}
        ends = {day for day in days if day == month_end(day.year, day.month)}
        day = ends.pop() if len(ends) == 1 else None
    return day if day and day == month_end(day.year, day.month) else None


Rows = tuple[list[Count], list[Count], list[Count]]


def _rows(text: str, start: int, end: int) -> Rows | None:
    """Give the counts after each of the three labels, which stand once and in order."""
    labels = [list(pattern.finditer(text, start, end)) for pattern in (_BEFORE, _CHANGE, _AFTER)]
    if any(len(found) != 1 for found in labels):
        return None
    before, change, after = (found[0] for found in labels)
    if not before.end() <= change.start() < change.end() <= after.start():
        return None
    last = counts_of(text, after.end(), end)
    first = counts_of(text, before.end(), change.start())
    return first, counts_of(text, change.end(), after.start()), last[: len(first)]


def _checked(rows: Rows, share_class: str, month: date, whole: Whole) -> Iterator[Figure]:
    first, changes, last = rows
    before, after = balance_of(first), balance_of(last)
    if before is None or after is None or not _add_up(before, after, changes):
        return
    start = month.replace(day=1) - timedelta(days=1)
    for day, balance, label in ((start, before, _LABELS[0]), (month, after, _LABELS[1])):
        period = Period("instant", day, day)
        yield share_figure("shares_in_issue", balance.issued, period, share_class, whole, label)
        if balance.treasury:
            yield share_figure("treasury_shares", balance.treasury, period, share_class, whole, label)


def _add_up(before: Balance, after: Balance, changes: list[Count]) -> bool:
    moved = after.issued.value - before.issued.value
    said = [one.value for one in changes if not one.is_absent]
    if not said:
        return moved == 0
    return moved in said or moved == sum(said) or (len(said) == 2 and moved == said[0] + said[1])


def _by_column(start: int, end: int, month: date, whole: Whole) -> Iterator[Figure]:
    """Read the form before 2020: two columns of ordinary shares, preference shares, other classes."""
    rows = _rows(whole.text, start, end)
    if rows is None or len({*map(len, rows)}) != 1 or not 1 <= len(rows[0]) <= 4:
        return
    said = {found[1]: found[2] or "" for found in _DESCRIBED.finditer(whole.text[:start])}
    ordinary = list(takewhile(lambda cells: not all(one.is_absent for one in cells), zip(*rows, strict=True)))[:2]
    classes = [class_of(said.get(number, "")) for number in ("1", "2")]
    if len(ordinary) == 2 and (None in classes or len(set(classes)) < 2):
        return
    for share_class, cells in zip(classes, ordinary, strict=False):
        if share_class is not None:
            yield from _checked(tuple([one] for one in cells), share_class, month, whole)  # type: ignore[arg-type]
    if len(rows[0]) > 2 and not rows[0][2].is_absent:
        yield from _checked(([rows[0][2]], [rows[1][2]], [rows[2][2]]), PREFERENCE, month, whole)
