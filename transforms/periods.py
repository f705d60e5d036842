"""Spans of days as periods of a company's fiscal year.

A fiscal year of 52 or 53 weeks ends on a weekday near the end of its month, up to some days into the
next one, so ends are moved back before their month is read. The fiscal year is named after the calendar
year in which it ends.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

PERIOD_DAYS: Mapping[str, tuple[int, int]] = {
    "quarter": (80, 100),
    "half": (170, 195),
    "nine_months": (255, 290),
    "year": (350, 380),
}
"""Fewest and most days of each kind of period; spans between them are none of these."""

_PAST_MONTH_END = 10
_HALF_A_QUARTER = 45


def period_kind(start: pa.ChunkedArray, end: pa.ChunkedArray) -> pa.ChunkedArray:
    """Name the kind of each span; one day is an instant, a span of another length is null."""
    days = pc.add(pc.subtract(_number(end), _number(start)), 1)
    kind = pc.if_else(pc.equal(days, 1), "instant", pa.scalar(None, pa.string()))
    for name, (fewest, most) in PERIOD_DAYS.items():
        kind = pc.if_else(pc.and_(pc.greater_equal(days, fewest), pc.less_equal(days, most)), name, kind)
    return kind


def fiscal_year(end: pa.ChunkedArray, fiscal_year_end: str) -> pa.ChunkedArray:
    """Give the fiscal year in which each period ends; `fiscal_year_end` is MM-DD."""
    within = _days_before(end, _PAST_MONTH_END)
    is_after = pc.greater(pc.month(within), _month(fiscal_year_end))
    return pc.add(pc.year(within), pc.cast(is_after, pa.int64()))


def fiscal_quarter(end: pa.ChunkedArray, fiscal_year_end: str) -> pa.ChunkedArray:
    """Give the fiscal quarter, 1 to 4, in which each period ends."""
    months = pc.add(pc.month(_days_before(end, _PAST_MONTH_END)), 11 - _month(fiscal_year_end))
    whole_years = pc.multiply(pc.divide(months, 12), 12)
    return pc.add(pc.divide(pc.subtract(months, whole_years), 3), 1)


def calendar_quarter(end: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the calendar quarter in which most of the last three months of each period lie, as 2024Q3."""
    middle = _days_before(end, _HALF_A_QUARTER)
    year, quarter = (pc.cast(part, pa.string()) for part in (pc.year(middle), pc.quarter(middle)))
    return pc.binary_join_element_wise(year, quarter, "Q")


def day_after(days: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the day after each."""
    return _days_before(days, -1)


def _month(fiscal_year_end: str) -> int:
    return int(fiscal_year_end.partition("-")[0])


def _days_before(days: pa.ChunkedArray, count: int) -> pa.ChunkedArray:
    return pc.cast(pc.subtract(_number(days), pa.scalar(count, pa.int32())), pa.date32())


def _number(days: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.cast(days, pa.int32())
