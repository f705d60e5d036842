"""Where the nameless fields of Sina's lines stand, market by market, and how each market writes its time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from extractors.quotes.nameless_fields import NamelessFields

_HONG_KONG, _SHANGHAI = ZoneInfo("Asia/Hong_Kong"), ZoneInfo("Asia/Shanghai")
_NEW_YORK = ZoneInfo("America/New_York")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_US_TIME = re.compile(rf"({'|'.join(_MONTHS)}) (\d\d?) (\d\d?):(\d\d) ?([AP])M E[SD]T")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of one market's line stand, and how many a whole line has."""

    market: str
    positions: Mapping[str, int]
    usual_length: int
    longest: int


HONG_KONG = Layout(
    "hk",
    {
        "english_name": 0, "name": 1, "open": 2, "previous_close": 3, "high": 4, "low": 5, "last": 6,
        "turnover": 11, "volume": 12, "day": 17, "time": 18,
    },
    usual_length=19,
    longest=25,
)  # fmt: skip
NEW_YORK = Layout(
    "gb",
    {
        "name": 0, "last": 1, "beijing_time": 3, "open": 5, "high": 6, "low": 7, "volume": 10, "time": 25,
        "previous_close": 26, "year": 29,
    },
    usual_length=30,
    longest=37,
)  # fmt: skip
MAINLAND = Layout(
    "cn",
    {
        "name": 0, "open": 1, "previous_close": 2, "last": 3, "high": 4, "low": 5, "volume": 8, "turnover": 9,
        "day": 30, "time": 31,
    },
    usual_length=33,
    longest=34,
)  # fmt: skip
SHORT = Layout("s", {"name": 0, "last": 1, "volume": 4, "turnover": 5}, usual_length=6, longest=7)
LAYOUTS = {
    "rt_hk": HONG_KONG, "hk": HONG_KONG, "gb_": NEW_YORK, "sh": MAINLAND, "sz": MAINLAND, "bj": MAINLAND,
    "s_sh": SHORT, "s_sz": SHORT, "s_bj": SHORT,
}  # fmt: skip
"""The layout of each kind of code, by how it begins."""
_DAYS = {"hk": ("%Y/%m/%d", _HONG_KONG), "cn": ("%Y-%m-%d", _SHANGHAI)}


def layout_of(code: str) -> Layout | None:
    """Find the layout of a code; None for markets that we do not read, such as futures and currencies."""
    return next((layout for prefix, layout in LAYOUTS.items() if code.startswith(prefix)), None)


def stamped_at(fields: NamelessFields, layout: Layout) -> datetime | None:
    """Read the time of a line in its exchange's zone; None where the line has none.

    Raises ShapeChanged for a time that is written in another way.
    """
    if layout.market in _DAYS:
        return _plain_time(fields, *_DAYS[layout.market])
    return _us_time(fields) if layout is NEW_YORK else None


def _plain_time(fields: NamelessFields, pattern: str, zone: ZoneInfo) -> datetime | None:
    day, clock = fields.text("day"), fields.text("time")
    if not day:
        return None
    try:
        return datetime.strptime(f"{day} {clock}", f"{pattern} {_clock_pattern(clock)}").replace(tzinfo=zone)
    except ValueError:
        raise fields.shape("time", f"expected a time like {pattern} %H:%M:%S, got {day!r:.20} {clock!r:.20}") from None


def _clock_pattern(clock: str) -> str:
    return "%H:%M" if clock.count(":") == 1 else "%H:%M:%S"


def _us_time(fields: NamelessFields) -> datetime | None:
    """Read a time such as `Jul 12 04:00PM EDT`, whose year stands elsewhere.

    The Beijing time beside it is of the same hours, so the year is the one that brings the two together: at the
    turn of a year the field of the year is that of Beijing.
    """
    text = fields.text("time")
    if not text:
        return None
    found = _US_TIME.fullmatch(text)
    if not found:
        raise fields.shape("time", f"expected a time like Jul 12 04:00PM EDT, got {text!r:.40}")
    month, day, hour, minute, half = found.groups()
    clock = f"{_MONTHS.index(month) + 1:02}-{int(day):02} {int(hour) % 12 + 12 * (half == 'P'):02}:{minute}"
    near = _beijing_time(fields)
    years = (near.year - 1, near.year, near.year + 1) if near else (_year(fields),)
    candidates = [one for year in years if (one := _new_york(f"{year:04}-{clock}"))]
    if not candidates:
        raise fields.shape("time", f"there is no such time: {text!r:.40}")
    return min(candidates, key=lambda one: abs(one - near)) if near else candidates[0]


def _beijing_time(fields: NamelessFields) -> datetime | None:
    text = fields.text("beijing_time")
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_SHANGHAI) if text else None
    except ValueError:
        raise fields.shape("beijing_time", f"expected a time like 2021-07-13 09:30:14, got {text!r:.40}") from None


def _year(fields: NamelessFields) -> int:
    text = fields.text("year")
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise fields.shape("year", f"expected a year, got {text!r:.40}")
    return int(text)


def _new_york(text: str) -> datetime | None:
    """Give a wall-clock time of New York; None for one that no calendar has, such as 29 February of most years."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=_NEW_YORK)
    except ValueError:
        return None
