"""Counts of shares in a row of a form: issued, treasury and total, told apart by how they add up."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from transforms.figures.cells import number_of
from transforms.figures.figure import ALL, Figure, Period
from transforms.figures.whole import Whole

_COUNT = re.compile(
    r"(?<![\d.,/$])(?:-\s?)?\(?\d{1,3}(?:,\d{3})+\)?(?![\d.,]*\d|\s*%)|(?<![\d.,/(A-Za-z])-?\d+(?![\d.,/)]|\s*%)|"
    r"\bN/A\b|\bNil\b|不適用|不适用|(?<!\S)-(?!\S)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"\((?:notes?|註|注|附註)[^)]*\)|\(\d\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Count:
    """One number of a row with its place in the text; `is_absent` for N/A."""

    value: Decimal
    start: int
    end: int
    is_absent: bool = False


def counts_of(text: str, start: int, end: int) -> list[Count]:
    """List the counts of a stretch, N/A among them; numbers of notes are none."""
    stretch = _NOTE.sub(lambda note: " " * len(note[0]), text[start:end])
    found = []
    for one in _COUNT.finditer(stretch):
        number = number_of(one[0])
        is_absent = number is None or number.is_nil
        value = Decimal(0) if number is None else number.value
        found.append(Count(value, start + one.start(), start + one.end(), is_absent))
    return found


@dataclass(frozen=True, slots=True)
class Balance:
    """What is in issue: all shares, and those of them that the company holds itself."""

    issued: Count
    treasury: Count | None = None


def balance_of(counts: Sequence[Count]) -> Balance | None:
    """Tell the columns of a balance apart: one is the number itself; of three the first two make the third."""
    present = [one for one in counts if not one.is_absent]
    if len(present) == 1:
        return Balance(present[0])
    if len(present) == 3 and present[0].value + present[1].value == present[2].value:
        return Balance(present[2], present[1])
    if len(present) == 2 and present[0].value == present[1].value:
        return Balance(present[1])
    return None


def share_figure(
    metric: str, count: Count, period: Period, share_class: str, whole: Whole, label: str, *, unit: str = "shares"
) -> Figure:
    """Make the figure of a count."""
    return Figure(
        metric=metric, label=label, value=count.value, value_low=count.value, value_high=count.value,
        qualifier="exact", unit=unit, currency="", period=period, place=whole.place(count.start, count.end),
        product=share_class or ALL,
    )  # fmt: skip
