"""Monthly tables of production and sales by class, as makers on the mainland file them.

Published by   the maker, on the first days of the next month
Read from      rows of classes; for production and again for sales: this month, the same month of last year, this year
               so far, last year so far, and the change of the last two in per cent
Know that      a row counts only where both changes follow from the counts beside them, which proves the columns
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from transforms.figures.count_labels import UNITS
from transforms.figures.figure import ALL, Figure, Period
from transforms.figures.pieces import Piece, find_periods, month_of
from transforms.figures.plain import plain
from transforms.figures.whole import Whole

_HEAD = re.compile(r"production (?:volume|and sales)|产销|產銷|产量|產量", re.IGNORECASE)
_SALES = re.compile(r"sales volume|sold|销量|銷量|产销|產銷", re.IGNORECASE)
_WIDTH = 10
_MONTH_TITLE = 2_000
"""Characters at the top of the document in which the month is named."""
_TOLERANCE = Decimal("0.06")
_CLASSES = (
    (ALL, r"^(?:total|合计|总计)$"),
    ("New energy vehicles", r"^(?:new energy vehicles?|nevs?|新能源汽车)$"),
    ("Passenger vehicles", r"^(?:passenger vehicles?|(?:新能源)?乘用车)$"),
    (
        "Battery electric passenger vehicles",
        r"^(?:(?:battery|pure) electric(?: vehicles?)?|bevs?|纯电动(?:乘用车|汽车)?)$",
    ),
    (
        "Plug-in hybrid passenger vehicles",
        r"^(?:plug-?in hybrid(?: electric)?(?: vehicles?)?|phevs?|插电式混合动力(?:乘用车|汽车)?|插电混动)$",
    ),
    ("Commercial vehicles", r"^(?:commercial vehicles?|(?:新能源)?商用车)$"),
    ("Buses", r"^(?:buses|bus|客车)$"),
    ("Other commercial vehicles", r"^(?:others?|其他)$"),
    ("Fuel vehicles", r"^(?:(?:conventional )?fuel(?:-powered)? vehicles?|燃油汽车)$"),
)  # fmt: skip
_COMPILED = tuple((product, re.compile(pattern)) for product, pattern in _CLASSES)
_MARKS = re.compile(r"^[\s\-–—－·.、()（）\d]+|[\s*:：]+$")


@dataclass(frozen=True, slots=True)
class _Half:
    """Five numbers: production or sales."""

    metric: str
    cells: Sequence[Piece]


def read_production_and_sales(pieces: Sequence[Piece], whole: Whole, title: str) -> Iterator[Figure]:
    """Give month and year to date of each class, with those of the year before."""
    top = f"{title}\n{whole.text[:_MONTH_TITLE]}"
    months = {one for one in find_periods(top) if one.kind == "month"}
    if not (_HEAD.search(top) and _SALES.search(top)) or not months:
        return
    month = max(months, key=lambda one: one.end) if len(months) == 1 else _titled(top)
    if month is None:
        return
    for at, piece in enumerate(pieces):
        product = _class(piece.text) if piece.kind == "words" else None
        row = pieces[at + 1 : at + 1 + _WIDTH]
        if product is None or len(row) < _WIDTH or any(one.number is None for one in row):
            continue
        halves = (_Half("production", row[:5]), _Half("sales_volume", row[5:]))
        if all(_is_proved(half.cells) for half in halves):
            for half in halves:
                yield from _figures(half, product, piece.text, month, whole)


def _titled(top: str) -> Period | None:
    """Give the month of the line that names production and sales."""
    for line in top.split("\n"):
        named = [one for one in find_periods(line) if one.kind == "month"]
        if _HEAD.search(line) and len(set(named)) == 1:
            return named[0]
    return None


def _class(text: str) -> str | None:
    said = _MARKS.sub("", plain(text)).strip()
    return next((product for product, pattern in _COMPILED if pattern.match(said)), None)


def _is_proved(cells: Sequence[Piece]) -> bool:
    """Tell whether the fifth cell is the change from the fourth to the third."""
    values = [one.number.value for one in cells if one.number]
    shapes = [one.number.is_percent for one in cells if one.number]
    if shapes != [False] * 4 + [True] or values[3] <= 0 or values[0] > values[2] or values[1] > values[3]:
        return False
    return abs((values[2] / values[3] - 1) * 100 - values[4]) <= _TOLERANCE


def _figures(half: _Half, product: str, label: str, month: Period, whole: Whole) -> Iterator[Figure]:
    before = month_of(month.end.year - 1, month.end.month)
    periods = (month, before, _to_date(month), _to_date(before))
    for period, piece in zip(periods, half.cells, strict=False):
        assert piece.number is not None
        value = piece.number.value
        yield Figure(
            metric=half.metric, label=label, value=value, value_low=value, value_high=value, qualifier="exact",
            unit=UNITS[half.metric], currency="", period=period, place=whole.place(piece.start, piece.end),
            product=product,
        )  # fmt: skip


def _to_date(month: Period) -> Period:
    kind = "year" if month.end.month == 12 else "year_to_date"
    return Period(kind, date(month.end.year, 1, 1), month.end)
