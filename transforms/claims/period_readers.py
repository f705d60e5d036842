"""How the words of a period lead to its days, counted from the day of the text.

A reader is given what a rule of `period_words` matched, the moment from which the text speaks and the day to
count from. It answers None where the words place nothing in the calendar, as 30 February does not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from transforms.claims import period as p
from transforms.claims.number_words import ENGLISH, chinese_number
from transforms.claims.period import Period


@dataclass(frozen=True, slots=True)
class Moment:
    """From when a text speaks: the day of the article, and whether the sentence looks ahead."""

    today: date | None
    is_future: bool = False
    tells_of_past: bool = False
    """A plan that the sentence speaks of may be over: the year of it is the one that the text tells of."""
    told_year: int | None = None
    """The year that the paragraph has told of before."""
    told: Period | None = None
    """The period that the text has told of before."""


Match = re.Match[str]
Resolve = Callable[[Match, Moment, date], Period | None]
_MONTHS = {"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * n : 3 * n + 3].lower(): n + 1 for n in range(12)}
_NTH = ("first 1st 一 首 1 上", "second 2nd 二 2 下", "third 3rd 三 3", "fourth 4th final last 四 末 4")
_PLACES = {word: place for place, words in enumerate(_NTH, 1) for word in words.split()}
_WEEKDAYS = {name: n for n, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
_WEEKDAYS |= {character: n for n, character in enumerate("一二三四五六日")} | {"天": 6}
_UNITS = {
    "second": "S", "minute": "MIN", "hour": "H", "day": "D", "week": "W", "month": "M", "year": "Y", "分钟": "MIN",
    "小时": "H", "天": "D", "日": "D", "周": "W", "个月": "M", "年": "Y",
}  # fmt: skip
_WEEKS_AWAY = (("last", -1), ("上", -1), ("this", 0), ("本", 0), ("这", 0), ("next", 1), ("下", 1))
_DAYS_AGO = {"yesterday": 1, "昨日": 1, "昨天": 1, "前日": 2, "前天": 2}
_YEARS_AWAY = {"last": -1, "last year": -1, "去年": -1, "上年": -1, "前年": -2, "next year": 1, "明年": 1}


def _group(found: Match, name: str) -> str:
    """Give what a group, or its spelling in another alternative, has matched; empty where none has."""
    names = [one for one in (name, f"{name}2", f"{name}3") if one in found.re.groupindex]
    return next((found[one] for one in names if found[one]), "")


def _count(found: Match, name: str = "length") -> int:
    text = _group(found, name).lower()
    if text.replace(".", "", 1).isdecimal():
        return int(float(text))
    return int(ENGLISH[text]) if text.isascii() else int(chinese_number(text)[0])


def _month_of(text: str) -> int | None:
    """Read the number or name of a month; None for a thirteenth."""
    number = int(text) if text.isdecimal() else _MONTHS[text[:3].lower()]
    return number if 1 <= number <= 12 else None


def _year_of(found: Match, today: date) -> int | None:
    """Read the year that is said: 2024, 24, last year, 今年; None where none is."""
    text = _group(found, "year").lower()
    if not text:
        return None
    if text.isdecimal():
        return int(text) if len(text) == 4 else 2000 + int(text)
    return today.year + _YEARS_AWAY.get(text, 0)


def _date(number: int, month_number: int, day_text: str) -> date | None:
    try:
        return date(number, month_number, int(day_text))
    except ValueError:
        return None


def _unit(found: Match) -> str:
    return _UNITS[_group(found, "unit").lower().removesuffix("s")]


def day(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 30 December, Dec. 31, 2024, 4月18日; without a year the last day of that name, or the next one."""
    which = _month_of(_group(found, "month"))
    if which is None:
        return None
    near = p.last_month(which, today, is_future=moment.is_future).start
    said = _date(_year_of(found, today) or (near or today).year, which, _group(found, "day"))
    return p.instant(said) if said else None


def iso_day(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 2024-12-30, 2024/12/30 and 30/12/2024."""
    which = _month_of(found["month"])
    said = _date(int(found["year"]), which, found["day"]) if which else None
    return p.instant(said) if said else None


def days(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 31 March-6 April, May 5 to 11, 3月31日至4月6日."""
    first_month = _month_of(found["month"] or found["month2"])
    last_month = _month_of(found["month2"] or found["month"])
    if first_month is None or last_month is None:
        return None
    near = p.last_month(last_month, today).start or today
    number = _year_of(found, today) or near.year
    first, last = _date(number, first_month, found["day"]), _date(number, last_month, found["day2"])
    if first is None or last is None or first > last:
        return None
    kind = "week" if last - first == timedelta(days=6) else "span"
    return Period(f"{first.isoformat()}..{last.isoformat()}", kind, first, last)


def day_of_month(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 30日: a day of the article's month, or of the month before where it has not come yet."""
    is_past = int(found["day"]) <= today.day
    number, which = (today.year, today.month) if is_past else p.shifted(today, -1)
    said = _date(number, which, found["day"])
    return p.instant(said) if said else None


def near_day(found: Match, moment: Moment, today: date) -> Period | None:
    """Read today, yesterday, 昨日, 目前."""
    return p.instant(today - timedelta(days=_DAYS_AGO.get(found[0].lower(), 0)))


def weekday(found: Match, moment: Moment, today: date) -> Period | None:
    """Read Thursday, 周四: the last one, the day of the text included; last Friday, 上周五: that of the week before."""
    wanted = _WEEKDAYS[found["weekday"].lower()[:3]]
    which = _group(found, "which").lower()
    if not which:
        return p.instant(today - timedelta(days=(today.weekday() - wanted) % 7))
    weeks = next(away for word, away in _WEEKS_AWAY if which.startswith(word))
    return p.instant(today + timedelta(days=wanted - today.weekday() + 7 * weeks))


def session_before(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 上一交易日, the previous session: counted from the day that the sentence has named, else from its own."""
    return p.session_before(today)


def month(found: Match, moment: Moment, today: date) -> Period | None:
    """Read March 2025, in March, 去年3月; without a year the last month of that name, or the next one."""
    number, which = _year_of(found, today), _month_of(_group(found, "month"))
    if which is None:
        return None
    return p.month(number, which) if number else p.last_month(which, today, is_future=moment.is_future)


def month_end(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 9月底, when September ended, at the end of March."""
    of_which = month(found, moment, today)
    return p.instant(of_which.end) if of_which and of_which.end else None


def month_away(count: int) -> Resolve:
    """Make the reader of last month, this month or next month."""
    return lambda found, moment, today: p.month(*p.shifted(today, count))


def month_run(found: Match, moment: Moment, today: date) -> Period | None:
    """Read January to September, 1-2月."""
    first, last = _month_of(found["month"]), _month_of(found["month2"])
    if first is None or last is None or first > last:
        return None
    return p.months(_year_of(found, today) or today.year - (last > today.month), first, last)


def first_months(found: Match, moment: Moment, today: date) -> Period | None:
    """Read the first nine months, 前三季度, 首两个月."""
    length = _count(found) * (3 if "quarter" in found[0].lower() or "季" in found[0] else 1)
    if not 1 <= length <= 12:
        return None
    return p.months(_year_of(found, today) or today.year - (length > today.month), 1, length)


def quarter(found: Match, moment: Moment, today: date) -> Period | None:
    """Read Q3 2024, 2Q25, the third quarter, 去年四季度; a fiscal one is marked."""
    number, which = _year_of(found, today), _PLACES[_group(found, "q").lower()]
    is_fiscal = "fiscal" in found[0].lower() or "财" in found[0]
    if number:
        return p.quarter(number, which, is_fiscal=is_fiscal)
    return p.last_quarter(which, today, is_future=moment.is_future)


def quarter_end(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 截至三季度末, at the end of the first quarter."""
    of_which = quarter(found, moment, today)
    return p.instant(of_which.end) if of_which and of_which.end else None


def month_quarter(found: Match, moment: Moment, today: date) -> Period | None:
    """Read months that are named by their last: the December quarter, three months to March, 止九个月."""
    which = _month_of(found["month"])
    length = _count(found) if _group(found, "length") else 3
    if which is None:
        return None
    near = p.last_month(which, today).start or today
    number = _year_of(found, today) or near.year
    if not 1 <= length <= which:
        return Period(f"P{length}M to {number}-{which:02}", "span", None, p.last_day(number, which))
    return p.months(number, which - length + 1, which)


def last_quarter(found: Match, moment: Moment, today: date) -> Period | None:
    """Read the quarter, last quarter, 上季: the one that ended last, of whoever is meant."""
    return replace(p.latest_quarter(today), is_of_somebody=True)


def last_quarter_end(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 报告期末: the last day of the quarter that ended last."""
    end = p.latest_quarter(today).end
    return p.instant(end) if end else None


def this_quarter(found: Match, moment: Moment, today: date) -> Period | None:
    """Read this quarter, 本季."""
    return p.quarter(today.year, (today.month + 2) // 3)


def next_quarter(found: Match, moment: Moment, today: date) -> Period | None:
    """Read next quarter, 下季度."""
    after = p.shifted(today, 3)
    return p.quarter(after[0], (after[1] + 2) // 3)


def half(found: Match, moment: Moment, today: date) -> Period | None:
    """Read the first half, H1 2025, 下半年."""
    number, which = _year_of(found, today), _PLACES[_group(found, "h").lower()]
    return p.half(number, which) if number else p.latest_half(which, today, is_future=moment.is_future)


def half_report(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 半年报, 中期业绩: the first half that ended last, or that of the year named."""
    number = _year_of(found, today)
    return p.half(number, 1) if number else p.latest_half(1, today)


def week_away(count: int) -> Resolve:
    """Make the reader of this week or last week, from Monday to Sunday; what is to come of it is in it too."""
    return lambda found, moment, today: p.week(today + timedelta(days=7 * count))


def since_listing(found: Match, moment: Moment, today: date) -> Period | None:
    """Read since its listing: how long that is, the text alone does not say."""
    return Period("since listing", "span", None, moment.today)


def year(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 2024, last year, 今年, 全年, fiscal 2025."""
    number = _year_of(found, today)
    is_fiscal = "财" in found[0] or "fisc" in found[0].lower() or found[0].startswith("FY")
    if number:
        return p.year(number, is_fiscal=is_fiscal)
    return p.year(today.year) if moment.is_future else p.latest_year(today)


def unnamed_year(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 全年, the full year, annual: of a plan the year that the text has told of, else the running one."""
    if not moment.is_future:
        return p.latest_year(today)
    return replace(p.year((moment.told_year if moment.tells_of_past else None) or today.year), counts_from="year")


def year_away(count: int) -> Resolve:
    """Make the reader of last year, this year or next year."""
    return lambda found, moment, today: p.year(today.year + count)


def years(found: Match, moment: Moment, today: date) -> Period | None:
    """Read between 2021 and 2024, 2016年至2018年间."""
    first, last = sorted((int(_group(found, "first")), int(_group(found, "last"))))
    return p.span(p.year(first), p.year(last))


def year_to_date(found: Match, moment: Moment, today: date) -> Period | None:
    """Read so far this year, 今年以来."""
    return p.to_date(today)


def year_start(found: Match, moment: Moment, today: date) -> Period | None:
    """Read at the start of the year, 年初."""
    return p.in_month(today.year, 1)


def first_session(found: Match, moment: Moment, today: date) -> Period | None:
    """Read the year's first trading day, 首个交易日; on New Year's Day it is still that of the year before."""
    is_before = (today.month, today.day) == (1, 1)
    return p.first_session(_year_of(found, today) or today.year - is_before)


def year_end(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 年底, 去年末: the end of a year past, or a date to be met."""
    number = _year_of(found, today)
    if moment.is_future:
        return p.by(number or today.year, 12)
    return p.instant(date(number or today.year - (today.month < 12), 12, 31))


def by(found: Match, moment: Moment, today: date) -> Period | None:
    """Read by mid-year, by the end of 2025, by 2030."""
    number, part = _year_of(found, today) or today.year, _group(found, "part").lower()
    if not part and _group(found, "year").isdecimal():
        return p.by(number)
    return p.by(number, 6 if part.startswith(("mid", "the mid")) else 12)


def by_or_in(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 到2030年: a date to be met, or a year that has passed."""
    number = int(found["year"])
    return p.by(number) if number >= today.year else p.year(number)


def mid_year(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 年中."""
    return p.by(today.year, 6)


def since_month(found: Match, moment: Moment, today: date) -> Period | None:
    """Read from April on, since April 2024, 自4月起."""
    return _since(month(found, replace(moment, is_future=False), today), moment, today)


def since_day(found: Match, moment: Moment, today: date) -> Period | None:
    """Read since April 3, 自4月3日起."""
    return _since(day(found, replace(moment, is_future=False), today), moment, today)


def since_quarter(found: Match, moment: Moment, today: date) -> Period | None:
    """Read 自二季度起, from the second quarter on."""
    number, which = _year_of(found, today), _PLACES[_group(found, "q").lower()]
    number = number or today.year - (3 * which - 2 > today.month)
    return _since(p.quarter(number, which), moment, today)


def _since(start: Period | None, moment: Moment, today: date) -> Period | None:
    if start is None or (moment.today and start.start and start.start > moment.today):
        return start
    is_of_this_year = moment.today is not None and start.start == date(moment.today.year, 1, 1)
    return p.to_date(today) if is_of_this_year else p.since_start(start, moment.today)


def since(found: Match, moment: Moment, today: date) -> Period | None:
    """Read since 2018, 2018年以来."""
    number = int(_group(found, "year"))
    return p.since(number, moment.today) if number <= today.year else None


def past(found: Match, moment: Moment, today: date) -> Period | None:
    """Read over the past nine months, 近三年; days and weeks are a length of time."""
    unit = _unit(found)
    return p.past(_count(found), unit, moment.today) if unit in ("M", "Y") else p.duration(_count(found), unit)


def duration(found: Match, moment: Moment, today: date) -> Period | None:
    """Read within three minutes, 27分钟, in one week."""
    return p.duration(_count(found), _unit(found))


def told_before(found: Match, moment: Moment, today: date) -> Period | None:
    """Read in the same quarter, in those three months, 同一季度: the one spoken of before."""
    return replace(moment.told, counts_from="told") if moment.told else Period("unknown", "", counts_from="told")


def unnamed(found: Match, moment: Moment, today: date) -> Period | None:
    """Read `the period`, which the text has named elsewhere."""
    return Period("unknown", "")


def nothing(found: Match, moment: Moment, today: date) -> Period | None:
    """Read a clock time, or a length that places nothing in the calendar."""
    return None
