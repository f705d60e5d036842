"""Of which days a column is, as its header says it, completed by the title of its statement and of the document.

Know that      a header may say `2025` alone, and the title above it when that year ended; weeks are counted by
               retailers, whose quarters end on a weekday; `2025` of a fiscal year is the year in which it ends
"""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from transforms.figures.figure import Period
from transforms.figures.plain import plain

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_MONTH = "|".join(rf"{name.lower()}[a-z]*\.?" for name in _MONTHS)
_ENGLISH_DAY = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})\s*(\d{{1,2}})?(?!\d)(?:\s*,?\s*((?:19|20)\d\d))?"
)
_CHINESE_DAY = re.compile(r"(?:((?:19|20)\d\d)年)?(\d{1,2})月(\d{1,2})日")
_NUMERIC_DAY = re.compile(r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b")
_YEAR = re.compile(r"(?<![\d,.])(?:fy|fiscal(?: year)? )?((?:19|20)\d\d)(?![\d,]|\.\d)(?:年度?)?")
_COUNTS = {
    "three": 3, "six": 6, "nine": 9, "twelve": 12, "thirteen": 13, "twenty-six": 26, "thirty-nine": 39,
    "fifty-two": 52, "fifty-three": 53, "fourteen": 14, "twenty six": 26, "thirty nine": 39, "fifty two": 52,
    "twenty-seven": 27, "forty": 40,
}  # fmt: skip
_COUNT = "|".join(_COUNTS)
_MONTHS_LONG = re.compile(rf"\b({_COUNT}|3|6|9|12)[- ]months?\b(?![a-z])|止(?:的)?(3|6|9|12)个月|(?<!\d)(3|6|9)个月")
_SEVERAL = re.compile(
    rf"\b(?:{_COUNT}|\d{{1,2}})(?:[- ](?:months?|weeks?))?,? and (?:{_COUNT}|\d{{1,2}})[- ](?:months?|weeks?)|"
    r"止(?:3个月及|[36]个月(?:及|和))"
)
_WEEKS_LONG = re.compile(rf"\b({_COUNT}|1[34]|2[67]|39|40|5[23])[- ]weeks?\b|(?<!\d)(1[34]|2[67]|39|40|5[23])周")
_QUARTER = re.compile(
    r"\bq([1-4])\b|\b(?:19|20)\d\d\s?q([1-4])|\b([1-4])q|(first|second|third|fourth) (?:fiscal )?quarter|第([1-4])季度?"
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_YEAR_LONG = re.compile(
    r"\b(?:fiscal |financial )?years? (?:ended|ending)\b|for the (?:fiscal |financial )?year\b|\bfull year\b|"
    r"止年度|全年|\bfy\s?\d|年年度报告|\bannual report"
)
_QUARTER_LONG = re.compile(r"\bquarters? (?:ended|ending)\b|止季度")
_HALF = re.compile(r"\bhalf[- ]years?\b|上半年|止半年|半年度")
_MONTH_RANGE = re.compile(r"(?<!\d)1-(3|6|9|12)月|(?<!\d)(4-6|7-9|10-12)月")
_INSTANT = re.compile(r"\bas (?:of|at)\b|^at\b|(?:年|期)末|^于|^截至[^止]*日?$|日余额")
_SPARE = re.compile(
    r"unaudited|audited|reviewed|restated|未经审核|未经审计|经审核|经审计|重列|重述|经重列|已重述|审核|\bended\b|\bending\b|\bthe\b|\bfor\b|\bas\b|"
    r"\bof\b|\bat\b|\band\b|\bfiscal\b|\bfinancial\b|\byears?\b|\bquarters?\b|\bperiods?\b|\bmonths?\b|截至|止|年度|以下日期|于|"
    r"金额|附注|份|amounts?|notes?\s*\d*|\bfy|\bin\b|年|月|日|期间|余额|末|报告|\(\d{1,2}\)|[()\s,:/.\-*]+"
)
_FUTURE = re.compile(r"forecast|outlook|guidance|预测|预计|\byear ending\b|budget")
_KIND_BY_MONTHS = {3: "quarter", 6: "half", 9: "nine_months", 12: "year"}
_WEEKS_TO_MONTHS = {13: 3, 14: 3, 26: 6, 27: 6, 39: 9, 40: 9, 52: 12, 53: 12}


@dataclass(frozen=True, slots=True)
class Span:
    """What words say of a stretch of time; what they leave open is None."""

    months: int | None = None
    weeks: int | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_instant: bool = False
    is_forecast: bool = False
    rest: str = ""
    """Words that say something else."""

    @property
    def says_something(self) -> bool:
        """Tell whether there is any time in it."""
        return any(one is not None for one in (self.months, self.year, self.month))

    def within(self, wider: "Span") -> "Span":
        """Complete this span by what a title says: its length, and the day on which periods end."""
        has_day = self.month is not None
        return replace(
            self,
            months=self.months if self.months is not None or self.is_instant else wider.months,
            weeks=self.weeks if self.months is not None else wider.weeks,
            year=self.year if self.year is not None else wider.year,
            month=self.month if has_day else wider.month,
            day=self.day if has_day else wider.day,
            is_instant=self.is_instant or (self.months is None and wider.is_instant),
        )

    @property
    def end(self) -> date | None:
        """Give the last day, if it is said whole and exists."""
        if self.year is None or self.month is None:
            return None
        last = calendar.monthrange(self.year, self.month)[1]
        day = last if self.day is None else self.day
        return date(self.year, self.month, day) if day <= last else None


def span_of(text: str) -> Span:
    """Read what a header or a title says of time."""
    said = plain(text)
    months, weeks, said_length = _length(said)
    is_forecast = _FUTURE.search(said) is not None
    rest = _FUTURE.sub(" ", said_length)
    year, month, day, rest = _day(rest)
    if months is not None and month is None and (quarter := _quarter(said)):
        month, day = 3 * quarter, None
    is_instant = months is None and (_INSTANT.search(said) is not None)
    if is_instant and month is None and re.search("年末", said):
        month, day = 12, 31
    if is_instant:
        rest = _INSTANT.sub(" ", rest)
    if span := _MONTH_RANGE.search(said):
        month, day = int(span[1] or span[2].split("-")[1]), None
    rest = _SPARE.sub(" ", rest)
    return Span(months, weeks, year, month, day, is_instant, is_forecast, " ".join(rest.split()))


def period_of(span: Span) -> Period | None:
    """Give the days of a span that is said whole; None where something is open or impossible."""
    end = span.end
    if end is None:
        return None
    if span.months is None:
        return instant(end) if span.is_instant else None
    kind = _KIND_BY_MONTHS.get(span.months, "span")
    if span.weeks is not None or not _ends_month(end):
        weeks = span.weeks or span.months * 13 // 3
        return Period(kind, end - timedelta(days=7 * weeks - 1), end)
    month = end.month - span.months + 1
    return Period(kind, date(end.year + (month - 1) // 12, (month - 1) % 12 + 1, 1), end)


def instant(day: date) -> Period:
    """Give the period of a balance."""
    return Period("instant", day, day)


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).month != day.month


def _length(said: str) -> tuple[int | None, int | None, str]:
    """Give months, weeks and the text without the words that say so; two lengths at once are none."""
    if _SEVERAL.search(said):
        return None, None, _SEVERAL.sub(" ", said)
    if found := _WEEKS_LONG.search(said):
        weeks = _counted(found)
        return _WEEKS_TO_MONTHS[weeks], weeks, _WEEKS_LONG.sub(" ", said)
    if found := _MONTHS_LONG.search(said):
        return _counted(found), None, _MONTHS_LONG.sub(" ", said)
    if found := _MONTH_RANGE.search(said):
        months = int(found[1]) if found[1] else 3
        return months, None, _MONTH_RANGE.sub(" ", _QUARTER.sub(" ", said))
    for pattern, months in ((_QUARTER, 3), (_QUARTER_LONG, 3), (_HALF, 6), (_YEAR_LONG, 12)):
        if found := pattern.search(said):
            year = re.search(r"(?:19|20)\d\d", found[0])
            return (
                months,
                None,
                pattern.sub(f" {year[0]} " if year else " ", said) if pattern is not _YEAR_LONG else said,
            )
    return None, None, said


def _counted(found: re.Match[str]) -> int:
    word = next(one for one in found.groups() if one)
    return _COUNTS.get(word) or int(word)


def _quarter(said: str) -> int | None:
    if found := _QUARTER.search(said):
        word = next(one for one in found.groups() if one)
        return _ORDINALS.get(word) or int(word)
    return 2 if _HALF.search(said) else None


def _day(said: str) -> tuple[int | None, int | None, int | None, str]:
    """Give year, month, day and the text without them; several different days are none."""
    year = month = day = None
    rest = said
    if len({found[0] for found in _CHINESE_DAY.finditer(said)}) > 1 or len({*_YEAR.findall(said)}) > 1:
        return None, None, None, said
    if found := _CHINESE_DAY.search(said):
        year, month, day = (int(part) if part else None for part in found.groups())
        rest = _CHINESE_DAY.sub(" ", said)
    elif found := _NUMERIC_DAY.search(said):
        year, month, day = (int(part) for part in found.groups())
        rest = _NUMERIC_DAY.sub(" ", said)
    elif found := _ENGLISH_DAY.search(said):
        if len({(one["month"][:3], one[1], one[3]) for one in _ENGLISH_DAY.finditer(said)}) > 1:
            return None, None, None, said
        month = _MONTHS[found["month"][:3].title()]
        days = [int(one) for one in (found[1], found[3]) if one]
        day = days[0] if days else None
        year = int(found[4]) if found[4] else None
        rest = _ENGLISH_DAY.sub(" ", said)
    if year is None and (stated := _YEAR.search(rest)):
        year = int(stated[1])
    rest = _YEAR.sub(" ", rest)
    if month is not None and not 1 <= month <= 12:
        return year, None, None, rest
    return year, month, day, rest
