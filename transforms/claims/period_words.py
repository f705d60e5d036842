"""Words for periods and dates in English and Chinese, each with the span of days that it means.

Every place that these rules find is time and so no claim, whether or not it can be placed in the calendar.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.claims import period as p
from transforms.claims.number_words import ENGLISH, chinese_number
from transforms.claims.period import Period


@dataclass(frozen=True, slots=True)
class Moment:
    """From when a text speaks: the day of the article, and whether the sentence looks ahead."""

    today: date | None
    is_future: bool = False


Resolve = Callable[[re.Match[str], Moment, date], Period | None]
_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTHS = {name: n for n, name in enumerate(_MONTH_NAMES, 1)} | {name[:3]: n for n, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS["sept"] = 9
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_ORD = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
        "一": 1,
            "二": 2,
                "三": 3,
                    "四": 4,
                        "首": 1,
                            "1": 1, "2": 2, "3": 3, "4": 4, "末": 4, "上": 1, "下": 2, "h1": 1, "h2": 2}  # fmt: skip
_WORDS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen"
    r"|twenty|thirty)"
)
_COUNT = rf"(?:\d{{1,3}}(?:\.\d)?|{_WORDS})"
_ZH = r"(?:\d{1,3}(?:\.\d)?|[一二两三四五六七八九十]{1,3})"
_WEEKDAYS = {
    name: n for n, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_ZH_WEEKDAYS = {c: n for n, c in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_QUARTER_ENDS = {3: 1, 6: 2, 9: 3, 12: 4}
_LENGTHS = {"minute": "MIN", "hour": "H", "day": "D", "week": "W", "month": "M", "year": "Y", "second": "S",
            "分钟": "MIN", "小时": "H", "天": "D", "日": "D", "周": "W", "个月": "M", "年": "Y"}  # fmt: skip


def _n(text: str) -> int:
    lowered = text.lower()
    if lowered.replace(".", "", 1).isdigit():
        return int(float(lowered))
    return int(ENGLISH[lowered]) if lowered.isascii() else int(chinese_number(lowered)[0])


def _m(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS[text.lower().rstrip(".")]


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _said_year(found: re.Match[str], today: date) -> int | None:
    """Read the year that a rule's `year` group says: 2024, 24, last, this, 去年, 今年."""
    text = found["year"] if "year" in found.re.groupindex else None
    if not text:
        return None
    if text.isdigit():
        return _full_year(text)
    return (
        today.year
        - (text.lower() in ("last", "last year", "last year's", "去年", "上年", "the previous year"))
        - 2 * (text == "前年")
        + (text in ("明年", "next year", "next"))
    )


def _day(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    number, which, day = _said_year(found, today), _m(found["month"]), int(found["day"])
    if number is None:
        month = p.last_month(which, today, is_future=moment.is_future)
        assert month.start
        number = month.start.year
    try:
        return p.instant(date(number, which, day))
    except ValueError:
        return None


def _days(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    last_month = found["month2"] or found["month"]
    end = p.last_month(_m(last_month), today)
    assert end.start
    number = _said_year(found, today) or end.start.year
    try:
        first, last = (
            date(number, _m(found["month"]), int(found["day"])),
            date(number, _m(last_month), int(found["day2"])),
        )
    except ValueError:
        return None
    return Period(
        f"{first.isoformat()}..{last.isoformat()}", "week" if (last - first).days == 6 else "span", first, last
    )


def _iso_day(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    try:
        return p.instant(date(int(found["year"]), int(found["month"]), int(found["day"])))
    except ValueError:
        return None


def _month(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    number, which = _said_year(found, today), _m(found["month"])
    if not 1 <= which <= 12:
        return None
    return p.month(number, which) if number else p.last_month(which, today, is_future=moment.is_future)


def _month_end(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    month = _month(found, moment, today)
    return p.instant(month.end) if month and month.end else None


def _quarter(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    number, which = _said_year(found, today), _ORD[found["q"].lower()]
    is_fiscal = "fiscal" in found[0].lower() or "财" in found[0]
    if number:
        return p.quarter(number, which, is_fiscal=is_fiscal)
    return p.last_quarter(which, today, is_future=moment.is_future)


def _quarter_end(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    quarter = _quarter(found, moment, today)
    return p.instant(quarter.end) if quarter and quarter.end else None


def _month_quarter(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    """Read the quarter that is named by its last month: the December quarter, three months to March."""
    which = _m(found["month"])
    number = _said_year(found, today)
    length = _n(found["length"]) if "length" in found.re.groupindex else 3
    if number is None:
        last = p.last_month(which, today)
        assert last.start
        number = last.start.year
    if length > which:
        return Period(f"P{length}M to {number}-{which:02}", "span", None, p.last_day(number, which))
    return p.months(number, which - length + 1, which)


def _half(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    number, which = _said_year(found, today), _ORD[found["h"].lower()]
    return p.half(number, which) if number else p.latest_half(which, today, is_future=moment.is_future)


def _first_months(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    number, length = (
        _said_year(found, today),
        _n(found["length"]) * (3 if "quarter" in found[0] or "季" in found[0] else 1),
    )
    if not 1 <= length <= 12:
        return None
    return p.months(number or today.year - (length > today.month), 1, length)


def _month_run(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    first, last = _m(found["month"]), _m(found["month2"])
    if not 1 <= first <= last <= 12:
        return None
    return p.months(_said_year(found, today) or today.year - (last > today.month), first, last)


def _year(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    number = _said_year(found, today)
    return p.year(number, is_fiscal="财" in found[0] or "fisc" in found[0].lower()) if number else p.latest_year(today)


def _years(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    return p.span(p.year(int(found["year"])), p.year(int(found["year2"])))


def _past(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    unit = _LENGTHS[found["unit"].lower().removesuffix("s")]
    if unit not in ("M", "Y"):
        return p.duration(_n(found["length"]), unit)
    return p.past(_n(found["length"]), unit, moment.today)


def _duration(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    return p.duration(_n(found["length"]), _LENGTHS[found["unit"].lower().removesuffix("s")])


def _weekday(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    name = found["weekday"].lower()
    which = _WEEKDAYS[name] if name in _WEEKDAYS else _ZH_WEEKDAYS[name]
    return p.instant(today - timedelta(days=(today.weekday() - which) % 7))


def _by(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    number = _said_year(found, today)
    which = {"mid": 6, "中": 6}.get((found["part"] or "").lower()[:3], 12) if "part" in found.re.groupindex else None
    return p.by(number or today.year, which)


def _year_end(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    number = _said_year(found, today)
    if moment.is_future:
        return p.by(number or today.year, 12)
    return p.instant(date(number or today.year - (today.month < 12), 12, 31))


_AGO = {"yesterday": 1, "昨日": 1, "昨天": 1, "昨": 1, "前日": 2, "前天": 2, "周一": 0}
_TODAY = (
    r"today|yesterday|今日|今天|昨日|昨天|前日|前天|现时|现在|如今|目前|now(?! (?:that|on))|currently|at present|至今"
)
RULES: tuple[tuple[str, Resolve], ...] = (
    # whole dates and runs of them
    (
        rf"(?P<day>\d{{1,2}})(?: (?P<month>{_MONTH}))?(?: ?- ?"
        rf"| to )(?P<day2>\d{{1,2}}) (?P<month2>{_MONTH})(?:,? (?P<year>{_YEAR}))?\b",
        lambda f, m, t: _days(f, m, t) if f["month"] else None,
    ),
    (
        rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?: ?- ?"
        rf"| to )(?:(?P<month2>{_MONTH}) )?(?P<day2>\d{{1,2}})\b(?:,? (?P<year>{_YEAR})\b)?",
        _days,
    ),
    (
        r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日?(?:-|~|至|到)(?:(?P<month2>\d{1,2})月)?(?P<day2>\d{1,2})日",
        lambda f, m, t: _days(f, m, t),
    ),
    (rf"\b(?P<year>{_YEAR})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})\b", _iso_day),
    (rf"\b(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})/(?P<year>{_YEAR})\b", _iso_day),
    (
        rf"(?P<length>{_WORDS}|\d{{1,2}})(?:-| )months?(?: period)? (?:to|ended|ending"
        rf"|through)(?: in)?(?: the end of)? (?P<month>{_MONTH})(?: \d{{1,2}}\b)?(?:,? (?P<year>{_YEAR})\b)?",
        _month_quarter,
    ),
    (
        rf"(?:quarter|three months) (?:to|ended|ending|through)(?: in"
        rf"| on)?(?: the end of)? (?P<month>{_MONTH})(?: \d{{1,2}}\b)?(?:,? (?P<year>{_YEAR})\b)?",
        _month_quarter,
    ),
    (rf"(?P<month>March|June|September|December)[- ]quarter(?: of (?P<year>{_YEAR}))?", _month_quarter),
    (
        rf"(?:the )?(?:fiscal )?(?:full )?year (?:to|ended"
        rf"|ending)(?: on)? (?P<month>{_MONTH})(?: \d{{1,2}}\b)?,? (?P<year>{_YEAR})\b",
        _year,
    ),
    (
        rf"(?:截至)?(?P<year>{_YEAR})年(?P<month>\d{{1,2}})月(?:\d{{1,2}}日|底)?止?(?:的)?(?P<length>[三六九]|十二"
        rf"|\d{{1,2}})个月",
        _month_quarter,
    ),
    (rf"(?:截至)?(?P<year>{_YEAR})年\d{{1,2}}月\d{{1,2}}日止(?:年度|财年)", _year),
    (r"(?P<month>\d{1,2})月底?止(?:的)?(?:第[一二三四]|首|末)?季度?", _month_quarter),
    (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?\b", _day),
    (rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,? (?P<year>{_YEAR})\b)?", _day),
    (rf"(?:(?P<year>{_YEAR}|今年|去年)年?)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]", _day),
    # ends of quarters and months, days of trading
    (
        rf"(?:when|once|as) (?P<month>{_MONTH}) (?:ended|closed|came to an end)|(?:at|by"
        rf"|as of) the end of (?P<month2>{_MONTH})(?:,? (?P<year>{_YEAR})\b)?",
        lambda f, m, t: _end_of(f, m, t),
    ),
    (
        rf"(?:at|by|as of) (?:the )?end of (?:the )?(?P<q>first|second|third|fourth"
        rf"|final) quarter(?: (?:of )?(?P<year>{_YEAR}|last year|this year))?",
        _quarter_end,
    ),
    (rf"(?:截至)?(?:(?P<year>{_YEAR}|今年|去年)年?)?第?(?P<q>[一二三四首])季(?:度)?[末底]", _quarter_end),
    (rf"(?:截至)?(?:(?P<year>{_YEAR}|今年|去年)年?)?(?P<month>\d{{1,2}})月[末底]", _month_end),
    (
        r"(?:the )?(?:(?P<year>this|last) )?(?:year's )?first (?:trading )?(?:day"
        r"|session)(?: of (?:trading in )?(?:the year|this year|the new year|(?:19|20)\d\d))?|(?:今年"
        r"|年内)?首个交易日|年初开[盘市]|年初首个交易日",
        lambda f, m, t: p.first_session(t.year),
    ),
    # quarters
    (rf"\b(?P<year>{_YEAR})[ -]?Q(?P<q>[1-4])\b|", lambda f, m, t: _quarter(f, m, t) if f["q"] else None),
    (rf"\bQ(?P<q>[1-4])(?:[ -]?(?:of |FY)?'?(?P<year>{_YEAR}|\d\d(?!\d)))?\b", _quarter),
    (r"(?<![\dA-Za-z])(?P<q>[1-4])Q(?:FY)?(?P<year>20\d\d|\d\d)?\b", _quarter),
    (
        rf"(?:fiscal )?(?P<q>first|second|third|fourth|final|1st|2nd|3rd"
        rf"|4th)[- ](?:fiscal )?quarter(?:'s)?(?:,? (?:of |in )?(?:fiscal )?(?P<year>{_YEAR}|last year"
        rf"|this year)\b)?",
        _quarter,
    ),
    (
        rf"(?:(?P<year>{_YEAR}|今年|去年|上年|前年)年?(?:财年)?(?:的)?)第?(?P<q>[一二三四首1-4])(?:财)?季(?:度)?",
        _quarter,
    ),
    (r"(?:前|首)(?P<length>[二两三23])(?:个)?季(?:度)?", _first_months),
    (
        r"(?<![连续个])第?(?P<q>[一二三四首])(?:财)?季(?:度)?(?!连)|第(?P<q2>[1-4])季度?",
        lambda f, m, t: _zh_quarter(f, m, t),
    ),
    (
        rf"(?:the )?first (?P<length>two|three|2|3) quarters(?: of (?P<year>{_YEAR}|last year|this year))?",
        _first_months,
    ),
    (
        r"(?:the )?(?:last|previous|prior|preceding) quarter|上(?:个)?季(?:度)?(?!同)",
        lambda f, m, t: p.latest_quarter(t),
    ),
    (
        r"(?:this|the current) quarter|本季(?:度)?|当季",
        lambda f, m, t: p.latest_quarter(t) if "当" in f[0] else p.quarter(t.year, (t.month + 2) // 3),
    ),
    (r"(?:the )?next quarter|下(?:个)?季(?:度)?", lambda f, m, t: p.latest_quarter(t + timedelta(days=184))),
    (
        r"(?:in|for|during|of|over) the (?:latest |reported )?quarter\b(?! (?:of|ended|ending|to))|the quarter's"
        r"|quarterly|单季(?:度)?|该季(?:度)?|季内|(?:报告)?期内(?=.{0,12}季)",
        lambda f, m, t: p.latest_quarter(t),
    ),
    # halves, runs of months
    (
        rf"(?:the )?(?P<h>first|second)[- ]half(?:(?: of)? (?P<year>{_YEAR}|last year|this year|the year)\b)?",
        lambda f, m, t: _half(f, m, t),
    ),
    (
        rf"\bH(?P<h>[12])(?:[ -]?'?(?P<year>{_YEAR}|\d\d))?\b|(?<![\dA-Za-z])(?P<h2>[12])H'?(?P<year2>\d\d"
        rf"|20\d\d)\b",
        lambda f, m, t: p.half(
            _full_year(f["year"] or f["year2"]) if (f["year"] or f["year2"]) else t.year, int(f["h"] or f["h2"])
        ),
    ),
    (rf"(?:(?P<year>{_YEAR}|今年|去年|上年)年?)?(?P<h>上|下)半年(?!报)", _half),
    (
        rf"(?:the )?first (?P<length>{_WORDS}|\d) months(?: of (?P<year>{_YEAR}|last year|this year|the year)\b)?",
        lambda f, m, t: _first_months(f, m, t),
    ),
    (rf"(?:(?P<year>{_YEAR}|今年|去年)年?)?(?:前|首){_ZH.replace('(?:', '(?P<length>', 1)}个?月", _first_months),
    (
        rf"(?:(?P<year>{_YEAR}|今年|去年)年?)?(?P<month>\d{{1,2}})月?(?:-|~|至|到)(?P<month2>\d{{1,2}})月(?!\d)",
        _month_run,
    ),
    (
        rf"(?P<month>January|February|March|April|May|June|July|August|September|October)(?: ?- ?| to "
        rf"| through )(?P<month2>{_MONTH})(?: (?P<year>{_YEAR}))?\b",
        _month_run,
    ),
    # months
    (rf"\b(?P<month>{_MONTH})(?:,? (?:of )?(?P<year>{_YEAR}|last year|this year))\b", _month),
    (rf"(?P<year>{_YEAR}|今年|去年)年?(?P<month>\d{{1,2}})月(?:份)?", _month),
    (
        rf"(?:\b(?:in|for|during|since|of|from|than in|until|by|and|through|last|late|early"
        rf"|mid-) ?)(?P<month>{_MONTH})\b(?! \d)",
        _month,
    ),
    (
        r"\b(?P<month>January|February|March|April|June|July|August|September|October|November"
        r"|December)(?:'s)?\b(?! \d)",
        _month,
    ),
    (r"(?<!\d)(?P<month>\d{1,2})月(?:份)?(?!球)", _month),
    (r"last month|the previous month|上(?:个)?月", lambda f, m, t: p.month(*p.shifted(t, -1))),
    (r"this month|本月|当月", lambda f, m, t: p.month(t.year, t.month)),
    (r"next month|下(?:个)?月", lambda f, m, t: p.month(*p.shifted(t, 1))),
    # years
    (
        r"(?:so far|thus far|to date) (?:this year|in (?:19|20)\d\d)|(?:this )?year[- ]to[- ]date|\bYTD\b"
        r"|since (?:the (?:start|beginning) of (?:the|this) year|the year began|January|New Year)|this year so far"
        r"|今年(?:以|至)来|今年至今|年初(?:以来|至今)|年内(?:累计)?|本年(?:度)?(?:迄今|至今|累计)|今年累计",
        lambda f, m, t: p.to_date(t),
    ),
    (
        rf"(?:between|from) (?P<year>{_YEAR})(?: and | to |-)(?P<year2>{_YEAR})\b|(?P<year3>{_YEAR})年?(?:至|到|-"
        rf"|~)(?P<year4>{_YEAR})年(?:间)?",
        lambda f, m, t: p.span(p.year(int(f["year"] or f["year3"])), p.year(int(f["year2"] or f["year4"]))),
    ),
    (
        rf"by (?P<part>mid|the middle of|the end of|end|year-?end|late)?[- ]?(?:of )?(?:the year|(?P<year>{_YEAR}"
        rf"|this year|next year)|(?<=mid-)year|(?<=year-)end)\b",
        lambda f, m, t: (
            _by(f, m, t)
            if f["part"] or not f["year"]
            else p.by(int(f["year"]))
            if f["year"].isdigit()
            else p.by(t.year + (f["year"] == "next year"), 12)
        ),
    ),
    (r"by (?P<part>mid)-?year|by (?P<part2>year-?end)", lambda f, m, t: p.by(t.year, 6 if f["part"] else 12)),
    (rf"(?:到|至|在)?(?:(?P<year>{_YEAR}|今年|去年|明年)年?)?年?[底末](?:前)?(?<=年[底末前])", _year_end),
    (
        rf"(?:到|至|于|在)(?P<year>{_YEAR})年(?:前|时)?(?=.{{0,10}}(?:达|实现|突破|增|扩))",
        lambda f, m, t: p.by(int(f["year"])) if int(f["year"]) >= t.year else p.year(int(f["year"])),
    ),
    (r"年中(?!国)", lambda f, m, t: p.by(t.year, 6)),
    (
        r"(?:at )?the (?:start|beginning) of (?:the|this) year|early this year|年初",
        lambda f, m, t: p.in_month(t.year, 1),
    ),
    (
        rf"since (?P<year>{_YEAR})\b|自?(?P<year2>{_YEAR})年(?:以来|起)",
        lambda f, m, t: p.since(int(f["year"] or f["year2"]), m.today),
    ),
    (rf"(?:fiscal|FY|the (?:full |fiscal )?year|full[- ]year) ?'?(?P<year>{_YEAR}|\d\d\b)", _year),
    (
        rf"(?P<year>{_YEAR}|去年|今年|上年|前年|明年)年?(?:财年|财政年度|全年|年度|整年)?(?<![一-鿿]\d{{4}})(?=.)",
        lambda f, m, t: _zh_year(f, m, t),
    ),
    (r"last year(?:'s)?(?! (?:as|on))", lambda f, m, t: p.year(t.year - 1)),
    (r"this year(?:'s)?", lambda f, m, t: p.year(t.year)),
    (r"next year(?:'s)?", lambda f, m, t: p.year(t.year + 1)),
    (
        r"(?:for|in|over) the (?:full |whole )?year\b|full[- ]year|全年|年内利润|annual(?= (?:revenue|sales|profit"
        r"|deliveries|results))",
        _year,
    ),
    (r"(?:in|during|for) the (?:reporting |reported )?period\b", lambda f, m, t: Period("unknown", "")),
    # lengths of time
    (
        rf"(?:over|in|during|for|within) the (?:past|last|previous) (?P<length>{_COUNT}) (?P<unit>months?|years?"
        rf"|weeks?|days?)|(?:in|over) the (?P<length2>{_COUNT}) (?P<unit2>months?|years?) since",
        lambda f, m, t: (
            p.past(
                _n(f["length"] or f["length2"]), _LENGTHS[(f["unit"] or f["unit2"]).lower().removesuffix("s")], m.today
            )
            if (f["unit"] or f["unit2"])[0] in "my"
            else p.duration(_n(f["length"]), _LENGTHS[f["unit"].removesuffix("s")])
        ),
    ),
    (
        rf"(?:近|过去|最近|此前)(?P<length>{_ZH})(?P<unit>个月|年|周|天)|(?P<length2>{_ZH})(?P<unit2>个月"
        rf"|年)(?:以)?来",
        lambda f, m, t: _zh_past(f, m, t),
    ),
    (
        rf"\b(?:within|in|inside|over|after|for|under|first|just|only|of|every|per|the|last|next|past"
        rf"|another)? ?(?P<length>{_COUNT})[- ](?P<unit>minutes?|hours?|weeks?|months?|years?)\b(?! (?:old|olds)\b)",
        _duration,
    ),
    (
        rf"\b(?:within|in|inside|over|during|just|only)(?: the)?(?: first| past| last"
        rf"| next)? (?P<length>{_COUNT}) (?P<unit>days?)\b",
        _duration,
    ),
    (
        rf"(?P<length>{_ZH})(?:多|余|来)?个?(?P<unit>分钟|小时|周(?![一二三四五六日])|个月)(?:内|后|前)?",
        lambda f, m, t: _duration(f, m, t),
    ),
    (rf"(?P<length>{_ZH})(?P<unit>年|日|天)(?:内|后|前|间|之内|时间|期)", _duration),
    (
        rf"(?:长达|未来|历时|为期|每|近|超过|已有|第){_ZH}(?:个)?(?:年|交易日|季度|月|财年)(?!同比|环比|增|盈"
        rf"|下|实)",
        lambda f, m, t: None,
    ),
    # days
    (r"(?:on |last |this )?(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b", _weekday),
    (r"(?:本|上|这)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?!直)", _weekday),
    (_TODAY, lambda f, m, t: p.instant(t - timedelta(days=_AGO.get(f[0].lower(), 0)))),
    (r"(?<!\d)(?P<dom>\d{1,2})日(?!元|圆)", lambda f, m, t: _day_of_month(f, t)),
    # clock times
    (
        r"\b\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?\b|\b\d{1,2} ?[ap]\.?m\.?\b|(?<!\d)\d{1,2}[时点](?:\d{1,2}分"
        r"|半|整|许|左右)?(?!数)|\d{1,2}[时点]\d{1,2}分",
        lambda f, m, t: None,
    ),
    (
        rf"(?<![\d.,$€£¥-])(?:(?:in|of|since|from|until|by|to|and|than in|late"
        rf"|early) )?(?P<year>{_YEAR})s?\b(?![.,]?\d|[%万亿千百辆台家人名个部项张元米吨天度倍股公]| (?:million"
        rf"|billion|yuan|vehicles|cars|units|people|stores|orders|percent|per cent|km|GPUs|shares|dollars|employees"
        rf"|engineers))",
        _year,
    ),
)


def _end_of(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    which = _m(found["month"] or found["month2"])
    if found["year"]:
        return p.instant(p.last_day(int(found["year"]), which))
    end = p.last_month(which, today, is_future=moment.is_future).end
    return p.instant(end) if end else None


def _zh_quarter(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    return p.last_quarter(_ORD[found["q"] or found["q2"]], today, is_future=moment.is_future)


def _zh_year(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    if found["year"].isdigit() and "年" not in found[0]:
        return _year(found, moment, today) if not moment.is_future else p.year(int(found["year"]))
    return _year(found, moment, today)


def _zh_past(found: re.Match[str], moment: Moment, today: date) -> Period | None:
    length, unit = found["length"] or found["length2"], _LENGTHS[found["unit"] or found["unit2"]]
    return p.past(_n(length), unit, moment.today) if unit in ("M", "Y") else p.duration(_n(length), unit)


def _day_of_month(found: re.Match[str], today: date) -> Period | None:
    """Read 30日: a day of the article's month, or of the month before where it has not come yet."""
    day = int(found["dom"])
    number, which = (today.year, today.month) if day <= today.day else p.shifted(today, -1)
    try:
        return p.instant(date(number, which, day))
    except ValueError:
        return None
