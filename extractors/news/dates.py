"""Times as news sites write them, in English and in Chinese, read without guessing.

A time without an offset is a time of the source's zone, which the transform knows. Names of zones are
ambiguous: CST is China's on Chinese sites and Chicago's elsewhere, so it stays a name until the zone is known.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY, MINUTE, SECOND = "day", "minute", "second"


@dataclass(frozen=True, slots=True)
class WrittenTime:
    """A time as it stands in a document: the words, the clock, and the offset where one was written."""

    text: str
    clock: datetime
    """Without zone: what a clock at the source showed."""
    precision: str
    zone: str = ""
    """Offset as `+08:00`, or the name of a zone; empty where the source wrote none."""

    def instant(self, home: ZoneInfo) -> datetime:
        """Place it in UTC; `home` is the zone of a source that wrote none, and says which CST is meant."""
        return self.clock.replace(tzinfo=_zone(self.zone, self.clock, home)).astimezone(UTC)

    def end(self, home: ZoneInfo) -> datetime:
        """Give the moment by which it had surely come: the end of the day where only the day is known."""
        return self.instant(home) + (timedelta(days=1) if self.precision == DAY else timedelta())


def read_time(text: str, seen_at: datetime | None = None) -> WrittenTime | None:
    """Read a time; None where the words are none that we know, or the time cannot be true.

    `seen_at` resolves what is relative or lacks a year; years before 1995 and times more than a day
    after it are mistakes of the source (year 1, 1970-01-01).
    """
    if quick := _quick(text):
        return quick if _is_believable(quick.clock, seen_at) else None
    words = re.sub(r"[\s\u00a0\u3000]+", " ", text).strip()
    if not words or len(words) > 120:
        return None
    for pattern, read in _SHAPES:
        match = pattern.search(words)
        if match is None:
            continue
        try:
            found = read(match, seen_at)
        except (ValueError, OverflowError):
            continue
        if found is not None:
            clock, precision, zone = found
            return WrittenTime(text.strip(), clock, precision, zone) if _is_believable(clock, seen_at) else None
    return None


_RFC_822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) ((?:19|20)\d{2}) (\d{2}:\d{2}:\d{2}) "
    r"([+-]\d{4}|GMT|UTC|Z|[EMP][SD]T)"
)
_RFC_3339 = re.compile(r"((?:19|20)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})")
_MONTH_DIGITS = {
    name: f"{number:02}"
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}


def _quick(text: str) -> WrittenTime | None:
    """Read the two shapes that the formats ask for, which nine of ten feeds keep to; None for any other."""
    try:
        if text[4:5] == "-":
            found = _RFC_3339.fullmatch(text)
            return WrittenTime(text, datetime.fromisoformat(found[1]), SECOND, found[2]) if found else None
        if found := _RFC_822.fullmatch(text):
            day, month, year, clock, zone = found.groups()
            written = f"{year}-{_MONTH_DIGITS[month]}-{day:0>2}T{clock}"
            return WrittenTime(text, datetime.fromisoformat(written), SECOND, zone)
    except (ValueError, KeyError):
        return None
    return None


_Found = tuple[datetime, str, str] | None
_Read = Callable[[re.Match[str], datetime | None], _Found]

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_OFFSETS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "IST": 330, "HKT": 480, "SGT": 480, "AWST": 480, "JST": 540, "KST": 540,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420,
    "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540, "HST": -600,
}  # fmt: skip
_PLACES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "北京时间": "Asia/Shanghai",
    "北京時間": "Asia/Shanghai",
    "香港时间": "Asia/Hong_Kong",
    "香港時間": "Asia/Hong_Kong",
}
_HALVES = {"上午": "a", "下午": "p", "晚上": "p"}
_AMBIGUOUS = "CST"
_EAST = timedelta(hours=8)
_FIRST_YEAR = 1995

_WEEKDAY = r"(?:[（(]?(?:星期|周|週)[一二三四五六日天][）)]?\s*)?"
_CLOCK = (
    _WEEKDAY + r"(?P<noon>[上下]午|晚上)?\s*(?P<hour>\d{1,2})[:：](?P<minute>\d{2})"
    r"(?:[:：](?P<second>\d{2})(?:[.,]\d+)?)?(?:\s*(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = r"(?:\s*\(?(?P<zone>Z\b|(?:GMT|UTC|UT)?\s?[+\-−]\d{1,2}:?(?:\d{2})?\b|[A-Z]{2,4}\b))?"
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*)\.?"
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"


def _written(match: re.Match[str], _: datetime | None) -> _Found:
    """Read year, month, day and perhaps a clock from the named groups of a match."""
    part = match.groupdict()
    year = int(part["year"]) + (0 if len(part["year"]) > 2 else 2000 if int(part["year"]) < 70 else 1900)
    month = int(part["month"]) if part["month"].isdigit() else _MONTHS[part["month"].lower()]
    return _with_clock(date(year, month, int(part["day"])), part)


def _with_clock(day: date, part: dict[str, str | None]) -> _Found:
    hour = part.get("hour")
    if not hour:
        return datetime.combine(day, time()), DAY, part.get("zone") or ""
    number, half = int(hour), (part.get("half") or _HALVES.get(part.get("noon") or "", "")).lower()
    if half and 1 <= number <= 12:
        number = number % 12 + (12 if half == "p" else 0)
    later = timedelta(days=1) if number == 24 else timedelta()
    clock = datetime.combine(day, time(number % 24, int(part.get("minute") or 0), int(part.get("second") or 0))) + later
    return clock, SECOND if part.get("second") else MINUTE, part.get("zone") or ""


def _without_year(match: re.Match[str], seen_at: datetime | None) -> _Found:
    """Choose the latest year that does not lie in the future."""
    if seen_at is None:
        return None
    part: dict[str, str | None] = match.groupdict()
    for year in (seen_at.year + 1, seen_at.year, seen_at.year - 1):
        found = _with_clock(date(year, int(part["month"] or 0), int(part["day"] or 0)), part)
        if found and _is_believable(found[0], seen_at):
            return found
    return None


def _epoch(match: re.Match[str], _: datetime | None) -> _Found:
    digits = match.group(0)
    return datetime.fromtimestamp(int(digits[:10]), UTC).replace(tzinfo=None), SECOND, "Z"


def _ago(match: re.Match[str], seen_at: datetime | None) -> _Found:
    if seen_at is None:
        return None
    unit = match.group("unit").lower()
    seconds = next(size for start, size in _UNITS.items() if unit.startswith(start))
    clock = seen_at.astimezone(UTC) - timedelta(seconds=seconds * int(match.group("count")))
    return clock.replace(tzinfo=None), DAY if seconds >= 86400 else MINUTE, "Z"


def _day_word(match: re.Match[str], seen_at: datetime | None) -> _Found:
    """Read 今天 and 昨天 by the calendar of East Asia, where they are written."""
    if seen_at is None:
        return None
    today = (seen_at.astimezone(UTC) + _EAST).date()
    found = _with_clock(today - timedelta(days=_DAY_WORDS[match.group("word")]), match.groupdict())
    return found and (found[0], found[1], "+08:00")


_UNITS = {
    "秒": 1,
    "sec": 1,
    "分": 60,
    "min": 60,
    "小时": 3600,
    "小時": 3600,
    "hour": 3600,
    "hr": 3600,
    "天": 86400,
    "day": 86400,
}
_DAY_WORDS = {"刚刚": 0, "剛剛": 0, "今天": 0, "昨天": 1, "昨日": 1, "前天": 2}

_SHAPES: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        # 2024-12-30T08:08:00.000+08:00, 2024/1/10 14:33:00, 2024.12.30 09:30, 2024-12-30
        (
            rf"(?<!\d){_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})(?!\d)"
            rf"(?:(?:T|[ ,，]\s*|(?=\d))(?:(?:at|[a-z]+day),? )?{_CLOCK}{_ZONE})?",
            _written,
        ),
        # 2024年12月30日 16:08, 2024年12月30日16时08分
        (
            rf"(?<!\d){_YEAR}\s?年\s?(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?[日号號]?"
            rf"(?:\s*{_CLOCK.replace('[:：]', '[:：时時点點]', 1)}分?{_ZONE})?",
            _written,
        ),
        # Mon, 30 Dec 2024 08:08:00 GMT, 30 December 2024, 30-Dec-24
        (
            rf"(?<!\d){_ORDINAL}(?: of)?[ -]{_MONTH},?[ -](?P<year>(?:(?:19|20)\d{{2}}|\d{{2}}))(?!\d)"
            rf"(?:[ ,|·–-]*(?:at )?{_CLOCK}{_ZONE})?",
            _written,
        ),
        # 8:08 a.m. ET, December 30, 2024
        (rf"{_CLOCK}{_ZONE}[ ,|·–-]*(?:on )?(?:[a-z]{3, 9},? )?{_MONTH} {_ORDINAL},? {_YEAR}", _written),
        # December 30, 2024 8:08 AM ET
        (rf"\b{_MONTH} {_ORDINAL},? {_YEAR}(?:[ ,|·–-]*(?:at )?{_CLOCK}{_ZONE})?", _written),
        # Mon Dec 30 16:08:00 +0800 2024
        (rf"\b{_MONTH} {_ORDINAL} {_CLOCK}{_ZONE} {_YEAR}", _written),
        # 20241230T080800Z, 20241230
        (
            rf"(?<!\d){_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)"
            r"(?:T?(?P<hour>\d{2}):?(?P<minute>\d{2}):?(?P<second>\d{2})?" + _ZONE + r")?(?!\d)",
            _written,
        ),
        (r"^1\d{9}(?:\d{3})?$", _epoch),
        (
            r"(?P<count>\d{1,3})\s?(?P<unit>秒钟?|分钟|分鐘|小时|小時|天|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)\s?(?:之?前|ago)",
            _ago,
        ),
        (rf"(?P<word>刚刚|剛剛|今天|昨天|昨日|前天)\s?(?:{_CLOCK})?", _day_word),
        (rf"(?<!\d)(?P<month>\d{{1,2}})(?:月(?P<day>\d{{1,2}})[日号號]?)\s*{_CLOCK}", _without_year),
        (rf"(?<!\d)(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}}) {_CLOCK}", _without_year),
    )
)


def _is_believable(clock: datetime, seen_at: datetime | None) -> bool:
    if clock.year < _FIRST_YEAR:
        return False
    return seen_at is None or clock <= _latest(seen_at)


@lru_cache(maxsize=64)
def _latest(seen_at: datetime) -> datetime:
    """Give the latest clock time that can be believed, a day ahead in the zone that is furthest east."""
    return seen_at.astimezone(UTC).replace(tzinfo=None) + timedelta(hours=24 + 14)


def _zone(written: str, clock: datetime, home: ZoneInfo) -> tzinfo:
    """Resolve an offset or the name of a zone; an unknown name counts as none."""
    name = written.strip().upper().replace("−", "-")
    offset = re.fullmatch(r"(?:GMT|UTC|UT)?\s?([+-])(\d{1,2}):?(\d{2})?", name)
    if offset:
        minutes = int(offset.group(2)) * 60 + int(offset.group(3) or 0)
        return timezone(timedelta(minutes=-minutes if offset.group(1) == "-" else minutes))
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    if name == _AMBIGUOUS:
        return home if clock.replace(tzinfo=home).utcoffset() == _EAST else timezone(timedelta(hours=-6))
    if name in _OFFSETS:
        return timezone(timedelta(minutes=_OFFSETS[name]))
    return home
