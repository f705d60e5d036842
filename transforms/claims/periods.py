"""Find where a sentence speaks of time, and which days it means."""

import re
from dataclasses import dataclass, replace
from datetime import date

from transforms.claims import period as p
from transforms.claims.period import Period
from transforms.claims.period_readers import Moment
from transforms.claims.period_words import RULES
from transforms.claims.triggers import Triggered

_COMPILED = tuple((Triggered.of(pattern), resolve) for pattern, resolve in RULES)
_SAID_YEAR = re.compile(r"(?:19|20)\d\d|(?<!\d)\d\d(?!\d)")
_WITHOUT_DAY = date(2000, 12, 31)
_HAS_TIME = re.compile(
    r"[0-9年月季周天日时今昨去上下前本目现至半]|quarter|month|year|week|day|hour|minute|half|now|current|present|FY|"
    r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<=[一-鿿]) (?=\d)|(?<![A-Za-z\d.,-])\d+( )(?=[一-鿿])")
"""The space that many Chinese texts set around digits: 12 月 30 日. Digits of a model's name (SU7 月销) keep theirs."""

_MONTHS_LONG = frozenset({"quarter", "half", "nine_months"})


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """One place in a sentence that speaks of time; without a period where the calendar does not say which."""

    start: int
    end: int
    period: Period | None


def find_periods(text: str, moment: Moment) -> list[PeriodMention]:
    """List the places that speak of time, in order; where two overlap the longer one stands."""
    if not _HAS_TIME.search(text):
        return []
    left_out = _spaces(text)
    if not left_out:
        return _counted(_find(text, moment), moment)
    kept = [place for place in range(len(text)) if place not in left_out]
    found = _find("".join(text[place] for place in kept), moment)
    written = [replace(one, start=kept[one.start], end=kept[one.end - 1] + 1) for one in found]
    return _counted(written, moment)


def _spaces(text: str) -> set[int]:
    """Name the places of spaces between Chinese characters and digits."""
    return {found.end() - 1 for found in _SPACED.finditer(text)}


def _find(text: str, moment: Moment) -> list[PeriodMention]:
    lowered = text.lower()
    found = [
        (match, resolve)
        for pattern, resolve in _COMPILED
        for match in pattern.finditer(text, lowered)
        if match.end() > match.start()
    ]
    found.sort(key=lambda one: (one[0].start() - one[0].end(), one[0].start()))
    taken = bytearray(len(text))
    mentions = []
    for match, resolve in found:
        start, end = match.span()
        if any(taken[start:end]):
            continue
        taken[start:end] = b"\1" * (end - start)
        period = resolve(match, moment, moment.today or _WITHOUT_DAY)
        if moment.today is None and period and not _SAID_YEAR.search(match[0]) and period.kind != "duration":
            period = None
        mentions.append(PeriodMention(start, end, period))
    return sorted(mentions, key=lambda one: one.start)


def _counted(mentions: list[PeriodMention], moment: Moment) -> list[PeriodMention]:
    """Place what is counted from a time that the sentence has named before: its day's last session, its year's plan."""
    counted: list[PeriodMention] = []
    told: Period | None = None
    for one in mentions:
        period = one.period
        if period and told and told.start and period.counts_from == "year" and moment.tells_of_past:
            period = p.year(told.start.year)
        elif period and told and told.start and period.counts_from == "session" and told.kind == "instant":
            period = p.session_before(told.start)
        elif period and told and period.counts_from == "told" and told.kind in _MONTHS_LONG:
            period = told
        elif period and period.start and not period.counts_from and period.kind != "duration":
            told = period
        counted.append(replace(one, period=period))
    return counted
