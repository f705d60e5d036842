"""Periods of figures, named by their length, and where they lie in a company's fiscal year."""

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from transforms.figures.figure import Period
from transforms.periods import PERIOD_DAYS, calendar_quarter, fiscal_quarter, fiscal_year

AS_NAMED = ("instant", "cumulative", "trailing")
"""Kinds that a length in days does not tell."""
MONTH_DAYS = (28, 31)
EARLIEST, LATEST = date(1980, 1, 1), date(2100, 12, 31)
_LONGEST_DAYS = 400


def is_possible(period: Period) -> bool:
    """Tell whether days are in their order and within the life of any company that we follow."""
    if period.start > period.end or not EARLIEST <= period.end <= LATEST:
        return False
    is_span = period.kind not in ("instant", "cumulative")
    return not is_span or ((period.end - period.start).days < _LONGEST_DAYS and period.start >= EARLIEST)


def by_length(period: Period) -> Period:
    """Name a period by its days: nine months to date are nine months, whoever calls them year to date."""
    if period.kind == "instant":
        return replace(period, start=period.end)
    if period.kind in AS_NAMED:
        return period
    days = (period.end - period.start).days + 1
    if MONTH_DAYS[0] <= days <= MONTH_DAYS[1]:
        return replace(period, kind="month")
    found = (kind for kind, (fewest, most) in PERIOD_DAYS.items() if fewest <= days <= most)
    named = next(found, "span" if period.kind in PERIOD_DAYS else period.kind)
    return replace(period, kind=named)


def in_fiscal_year(end: date, fiscal_year_end: str) -> dict[str, Any]:
    """Give the fiscal year and quarter, and the calendar quarter, of a period that ends on a day."""
    days = pa.chunked_array([pa.array([end], pa.date32())])
    return {
        "fiscal_year": fiscal_year(days, fiscal_year_end)[0].as_py(),
        "fiscal_quarter": fiscal_quarter(days, fiscal_year_end)[0].as_py(),
        "calendar_quarter": calendar_quarter(days)[0].as_py(),
    }
