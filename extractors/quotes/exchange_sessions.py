"""The sessions of an exchange as a CSV per year, from the library exchange_calendars and our own corrections.

The library knows the rules and most closures, not every one: Hong Kong's storms of September 2023 and its late
openings are missing from it. `session_corrections.csv` holds those, each with the exchange's notice or a report
of it. Since 23 September 2024 Hong Kong trades through storms. The lunch breaks of Hong Kong and the mainland
are ignored: a session runs from its opening to its close.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from extractors.exchanges import EXCHANGES

COLUMNS = ("session_date", "is_open", "opens_at", "closes_at", "is_half_day", "closed_reason")

_CALENDARS = {
    "XHKG": ("exchange_calendars.exchange_calendar_xhkg", "XHKGExchangeCalendar"),
    "XNAS": ("exchange_calendars.exchange_calendar_xnys", "XNYSExchangeCalendar"),
    "XNYS": ("exchange_calendars.exchange_calendar_xnys", "XNYSExchangeCalendar"),
    "XSHE": ("exchange_calendars.exchange_calendar_xshg", "XSHGExchangeCalendar"),
    "XSHG": ("exchange_calendars.exchange_calendar_xshg", "XSHGExchangeCalendar"),
}
"""Nasdaq keeps New York's hours and Shenzhen keeps Shanghai's."""
_NOT_A_NAME = frozenset({"I dont know these days, please tell me"})
"""What the library calls a few Hong Kong holidays of the past."""


@dataclass(frozen=True, slots=True)
class _Day:
    session_date: date
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_half_day: bool = False
    closed_reason: str = ""


@dataclass(frozen=True, slots=True)
class _Correction:
    change: str
    local_time: str
    reason: str
    notice_url: str


def sessions_csv(exchange: str, year: int) -> bytes:
    """Write one year of an exchange; a year that the library does not reach has no rows."""
    days = (_corrected(exchange, day) for day in _days(*_CALENDARS[exchange], year))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(day) for day in days)
    return text.getvalue().encode()


def notice_of(exchange: str, day: date, *, is_open: bool) -> str:
    """Give the address of the notice of a closure, a late opening or an early close; empty for a day by the rules."""
    found = _corrections().get((exchange, day))
    return found.notice_url if found and is_open == (found.change != "closed") else ""


def newest_correction() -> date:
    """Give the newest day that we know from a notice rather than from the library."""
    return max(day for _, day in _corrections())


def _days(module: str, name: str, year: int) -> Sequence[_Day]:
    return [day for day in _decade(module, name, year // 10 * 10) if day.session_date.year == year]


@cache
def _decade(module: str, name: str, start: int) -> Sequence[_Day]:
    """Ask the library once for ten years of exchanges that keep the same hours: one year takes it as long as ten."""
    # The library takes a second to import, which only a run that asks for calendars should pay.
    kind = getattr(import_module(module), name)
    first, last = _reach(kind, date(start, 1, 1), date(start + 9, 12, 31))
    if first > last:
        return ()
    calendar = kind(start=first.isoformat(), end=last.isoformat())
    days = (*_open_days(calendar), *_closed_weekdays(calendar, first, last))
    return tuple(sorted(days, key=lambda day: day.session_date))


def _reach(kind: Any, first: date, last: date) -> tuple[date, date]:
    lowest, highest = kind.bound_min(), kind.bound_max()
    return max(first, lowest.date() if lowest else first), min(last, highest.date() if highest else last)


def _open_days(calendar: Any) -> Iterator[_Day]:
    half_days = {session.date() for session in calendar.early_closes}
    for session in calendar.schedule.itertuples():
        day = session.Index.date()
        yield _Day(day, session.open.to_pydatetime(), session.close.to_pydatetime(), day in half_days)


def _closed_weekdays(calendar: Any, first: date, last: date) -> Iterator[_Day]:
    pandas = import_module("pandas")
    names = _holiday_names(calendar, first, last)
    for day in pandas.bdate_range(first, last).difference(calendar.sessions):
        yield _Day(day.date(), closed_reason=names.get(day.date(), ""))


def _holiday_names(calendar: Any, first: date, last: date) -> dict[date, str]:
    rules = calendar.regular_holidays
    if rules is None:
        return {}
    named = rules.holidays(first.isoformat(), last.isoformat(), return_name=True)
    return {day.date(): name for day, name in named.items() if name not in _NOT_A_NAME}


def _corrected(exchange: str, day: _Day) -> _Day:
    correction = _corrections().get((exchange, day.session_date))
    if correction is None:
        return day
    if correction.change == "closed" or day.opens_at is None:
        return _Day(day.session_date, closed_reason=correction.reason)
    zone = EXCHANGES[exchange].zone
    moment = datetime.combine(day.session_date, time.fromisoformat(correction.local_time), zone).astimezone(UTC)
    if correction.change == "opens_at":
        return replace(day, opens_at=moment)
    return replace(day, closes_at=moment, is_half_day=True)


@cache
def _corrections() -> dict[tuple[str, date], _Correction]:
    text = files("extractors.quotes").joinpath("session_corrections.csv").read_text(encoding="utf-8")
    return {
        (row["exchange"], date.fromisoformat(row["session_date"])): _Correction(
            row["change"], row["local_time"], row["reason"], row["source"]
        )
        for row in csv.DictReader(io.StringIO(text))
    }


def _cells(day: _Day) -> tuple[str, ...]:
    return (
        day.session_date.isoformat(),
        "true" if day.opens_at else "false",
        _instant(day.opens_at),
        _instant(day.closes_at),
        "true" if day.is_half_day else "false",
        day.closed_reason,
    )


def _instant(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""
