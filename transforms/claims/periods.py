"""Find where a sentence speaks of time, and which days it means."""

import re
from dataclasses import dataclass
from datetime import date

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
