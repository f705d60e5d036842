"""Fiscal quarters and years of companies, by the calendar."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from extractors.reading import Read
from extractors.watchlist import Company, WatchList
from transforms.periods import calendar_quarter
from transforms.tidy import Tidy, origin
from warehouse.tables.facts import FISCAL_PERIODS as TABLE

FIRST_YEAR, LAST_YEAR = 2008, 2035


def tidy_fiscal_periods(reads: Sequence[Read[WatchList]]) -> Tidy:
    """One row per fiscal quarter and year of each company of the kept lists, from 2008 to 2035."""
    return Tidy.join(
        Tidy.of(
            TABLE,
            [
                {**row, "available_at": read.snapshot.fetched_at, **origin(read.snapshot, "watchlist_file")}
                for listed in read.records
                for company in listed.companies
                for row in _periods(company)
            ],
        )
        for read in reads
    )


def _periods(company: Company) -> Iterator[dict[str, Any]]:
    last_month = int(company.fiscal_year_end.partition("-")[0])
    ends = [_month_end(year, last_month - 9 + 3 * n) for year in range(FIRST_YEAR, LAST_YEAR + 1) for n in range(4)]
    quarters = calendar_quarter(pa.chunked_array([pa.array(ends, pa.date32())])).to_pylist()
    for number, (end, quarter) in enumerate(zip(ends, quarters, strict=True)):
        year, part = FIRST_YEAR + number // 4, number % 4 + 1
        months = {"quarter": 3, "year": 12} if part == 4 else {"quarter": 3}
        for kind, length in months.items():
            yield {
                "company_id": company.id,
                "period_kind": kind,
                "fiscal_year": year,
                "fiscal_quarter": part,
                "period_start_date": _month_end(end.year, end.month - length) + timedelta(days=1),
                "period_end_date": end,
                "calendar_quarter": quarter,
            }


def _month_end(year: int, month: int) -> date:
    """Give the last day of a month; months are counted through the ends of years, so 0 is December before."""
    years, index = divmod(month, 12)
    return date(year + years, index + 1, 1) - timedelta(days=1)
