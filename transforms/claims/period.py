"""Spans of days with the codes that claims carry, counted from the day of an article."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_MOST_YEARS = 12
_LONGEST_CLOSURE = 10
"""Days: the exchanges of the mainland close for nine at most."""
GUIDED_LATE = 60
"""Days after a quarter in which a text may still look ahead to its figures."""


@dataclass(frozen=True, slots=True)
class Period:
    """One span of days, a day, or a length of time; days are unknown where the text cannot be placed in time."""

    code: str
    kind: str
    start: date | None = None
    end: date | None = None
    is_fiscal: bool = False
    """Counted in the company's fiscal year."""
    is_of_somebody: bool = False
    """The quarter of whoever is meant: without a subject nobody knows which it is."""
    is_start: bool = False
    """When something began, up to the text's day: a longer time that the sentence names holds before it."""
    counts_from: str = ""
    """`year`, `session` or `told`: which one it is, the times that the text has named before say and not its day."""


def year(number: int, *, is_fiscal: bool = False) -> Period:
    """Give a year: 2024FY."""
    return Period(f"{number}FY", "year", date(number, 1, 1), date(number, 12, 31), is_fiscal)


def half(number: int, which: int) -> Period:
    """Give half a year: 2024H1."""
    return Period(f"{number}H{which}", "half", *_months(number, 6 * which - 5, 6 * which))


def quarter(number: int, which: int, *, is_fiscal: bool = False) -> Period:
    """Give a quarter: 2024Q3."""
    return Period(f"{number}Q{which}", "quarter", *_months(number, 3 * which - 2, 3 * which), is_fiscal)


def month(number: int, which: int) -> Period:
    """Give a month: 2025-03."""
    return Period(f"{number}-{which:02}", "month", *_months(number, which, which))


def months(number: int, first: int, last: int) -> Period:
    """Give a run of months of one year: a quarter, half or year where it is one, else 2024-01..2024-09."""
    length = last - first + 1
    if length == 12:
        return year(number)
    if length == 6 and first in (1, 7):
        return half(number, 1 + first // 7)
    if length == 3 and first % 3 == 1:
        return quarter(number, 1 + first // 3)
    if length == 1:
        return month(number, first)
    kind = "nine_months" if (first, last) == (1, 9) else "span"
    return Period(f"{number}-{first:02}..{number}-{last:02}", kind, *_months(number, first, last))


def span(first: Period, last: Period) -> Period:
    """Give a run from one period to another of its kind: 2021FY..2024FY."""
    return Period(f"{_bare(first)}..{_bare(last)}", "span", first.start, last.end)


def instant(day: date) -> Period:
    """Give one day: as_of 2024-12-30."""
    return Period(f"as_of {day.isoformat()}", "instant", day, day)


def in_month(number: int, which: int) -> Period:
    """Give a level at some day of a month: as_of 2024-01."""
    return Period(f"as_of {number}-{which:02}", "instant", *_months(number, which, which))


def to_date(day: date) -> Period:
    """Give the year up to a day: 2024YTD."""
    return Period(f"{day.year}YTD", "to_date", date(day.year, 1, 1), day)


def by(number: int, which: int | None = None) -> Period:
    """Give a date to be met: by 2025-06, by 2030."""
    if which is None:
        return Period(f"by {number}", "instant", date(number, 1, 1), date(number, 12, 31))
    return Period(f"by {number}-{which:02}", "instant", *_months(number, which, which))


def past(length: int, unit: str, today: date | None) -> Period:
    """Give the last so many months or years up to an article's month: P9M to 2024-12."""
    if today is None:
        return Period(f"P{length}{unit}", "duration")
    count = length * (12 if unit == "Y" else 1)
    first_year, first_month = shifted(today, 1 - count)
    start = _months(first_year, first_month, first_month)[0] if 0 < count <= _MOST_YEARS * 12 else None
    return Period(f"P{length}{unit} to {today.year}-{today.month:02}", "span", start, today)


def duration(length: int, unit: str) -> Period:
    """Give a length of time: PT3M (minutes), PT24H, P3D, P1W."""
    return Period(f"P{'T' if unit in ('MIN', 'H', 'S') else ''}{length}{unit[0]}", "duration")


def since(number: int, today: date | None) -> Period:
    """Give the time from a year on: since 2018."""
    return Period(f"since {number}", "span", date(number, 1, 1), today)


def week(day: date) -> Period:
    """Give the week of a day, from Monday to Sunday: 2024-11-18..2024-11-24."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    return Period(f"{first.isoformat()}..{last.isoformat()}", "week", first, last)


def since_start(start: Period, today: date | None) -> Period:
    """Give the time from a month or quarter on: since 2024-04."""
    return Period(f"since {_bare(start)}", "span", start.start, today, is_start=True)


def session_before(day: date) -> Period:
    """Give the trading day before a day; which day that is, the exchange's calendar knows."""
    code = f"trading_day_before {day.isoformat()}"
    return Period(code, "day", day - timedelta(days=_LONGEST_CLOSURE), day - timedelta(days=1), counts_from="session")


def first_session(number: int) -> Period:
    """Give the first trading day of a year; which day that is, the exchange's calendar knows."""
    return Period(f"first_trading_day {number}", "day", date(number, 1, 1), date(number, 1, 10))


def last_quarter(which: int, today: date, *, is_future: bool = False) -> Period:
    """Give the quarter of that number that ended last, or for an outlook the one that ends next."""
    number = today.year
    found = quarter(number, which)
    assert found.end
    if is_future:
        return found if found.end >= today - timedelta(days=GUIDED_LATE) else quarter(number + 1, which)
    return found if found.end < today else quarter(number - 1, which)


def latest_quarter(today: date, *, lag: int = 0) -> Period:
    """Give the quarter that ended last, at least so many days ago."""
    seen = today - timedelta(days=lag)
    which = (seen.month - 1) // 3
    return quarter(seen.year, which) if which else quarter(seen.year - 1, 4)


def last_month(which: int, today: date, *, is_future: bool = False) -> Period:
    """Give the month of that number that began last, or for an outlook the one that ends next."""
    if is_future:
        return month(today.year + (which < today.month), which)
    return month(today.year - (which > today.month), which)


_MONTHS_OF_RESULTS = 4
"""Months after its end in which a half year is spoken of as the past one."""


def latest_half(which: int, today: date, *, is_future: bool = False) -> Period:
    """Give the half year of that number that ended last, or ends next; plans of a year speak of its past half too."""
    end_month = 6 * which
    if is_future:
        return half(today.year + (end_month + _MONTHS_OF_RESULTS < today.month), which)
    found = half(today.year, which)
    assert found.end
    return found if found.end < today else half(today.year - 1, which)


def latest_year(today: date) -> Period:
    """Give the year that `the full year` means: the last one until autumn, the running one in its last weeks."""
    return year(today.year if today.month == 12 else today.year - 1)


def shifted(today: date, count: int) -> tuple[int, int]:
    """Give year and month, so many months away."""
    place = today.year * 12 + today.month - 1 + count
    return place // 12, place % 12 + 1


def last_day(number: int, which: int) -> date:
    """Give the last day of a month."""
    return date(number, which, monthrange(number, which)[1])


def as_level(period: Period) -> Period:
    """Give the day at which a level holds that is stated for a month or year: as_of 2024-01."""
    if period.kind == "month":
        return Period(f"as_of {period.code}", "instant", period.start, period.end)
    return period


def in_fiscal_year(period: Period, fiscal_year_end: str) -> Period:
    """Move a fiscal year or quarter to its days; the year is named after the one in which it ends."""
    last = int(fiscal_year_end.partition("-")[0])
    if last == 12 or not period.is_fiscal or not period.start or not period.end:
        return period
    first_year, first_month = shifted(period.start, last - 12)
    last_year, last_month_ = shifted(period.end, last - 12)
    return Period(period.code, period.kind, date(first_year, first_month, 1), last_day(last_year, last_month_), True)


def year_before(period: Period) -> Period:
    """Give the same period one year earlier."""
    if not period.start or not period.end or period.kind not in ("quarter", "half", "year", "month"):
        return period
    number = period.start.year - 1
    builders = {"quarter": (quarter, 3), "half": (half, 6), "month": (month, 1)}
    if period.kind == "year":
        return year(number)
    build, length = builders[period.kind]
    return build(number, (period.start.month - 1) // length + 1)


def _months(number: int, first: int, last: int) -> tuple[date, date]:
    return date(number, first, 1), last_day(number, last)


def _bare(period: Period) -> str:
    return period.code.removeprefix("as_of ")
