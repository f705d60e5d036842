"""Days as forms and titles write them; one that the calendar does not have is none."""

import calendar
import re
from datetime import date

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? {MONTH_NAME},? \d{{4}}|{MONTH_NAME} \d{{1,2}},? \d{{4}}|"
    r"\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d\d-\d\d|\d{4} ?年 ?\d{1,2} ?月 ?\d{1,2} ?日)"
)
"""Pattern of a whole day; with slashes the day stands before the month, as in Hong Kong."""
_ENGLISH = re.compile(
    rf"(?:(?P<early>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<month>{MONTH_NAME})(?: (?P<late>\d{{1,2}}))?,? (?P<year>\d{{4}})",
    re.IGNORECASE,
)
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DASHES = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_CHINESE = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日")


def day_of(text: str) -> date | None:
    """Read the first whole day of a text."""
    if found := _SLASHES.search(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    for pattern in (_DASHES, _CHINESE):
        if found := pattern.search(text):
            return _day(*(int(part) for part in found.groups()))
    if (found := _ENGLISH.search(text)) and (number := month_number(found["month"])):
        day = found["early"] or found["late"]
        return _day(int(found["year"]), number, int(day)) if day else None
    return None


def month_number(name: str) -> int | None:
    """Give the number of a month by its English name, whole or cut to three letters at least."""
    return _MONTHS.get(name[:3].lower())


def month_end(year: int, month: int) -> date:
    """Give the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _day(year: int, month: int, day: int) -> date | None:
    is_one = 1 <= month <= 12 and 1980 <= year <= 2100 and 1 <= day <= calendar.monthrange(year, month)[1]
    return date(year, month, day) if is_one else None
