"""One sentence with everything that was found in it, for the rules that put claims together."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from transforms.claims.amounts import Amount
from transforms.claims.candidates import candidates
from transforms.claims.comparisons import BEAT, GUIDANCE, TARGET, Phrase, directions, find_phrases
from transforms.claims.measures import MeasureMention, find_measures
from transforms.claims.not_claims import silent_spans
from transforms.claims.period import Period
from transforms.claims.period_readers import Moment
from transforms.claims.periods import PeriodMention, find_periods
from transforms.claims.subjects import Named

_BREAK = re.compile(r"[，;；:：()、—]|,(?!\d)|\b(?:while|whereas|but|and|which|giving|taking|pushing)\b|而|但|并|且")
_STRONG = frozenset(";；")
_AHEAD = re.compile(rf"{GUIDANCE.pattern}|{TARGET.pattern}|\bwill\b|即将|\bby the end\b|\bnext\b", re.IGNORECASE)
_IS_OVER = re.compile(
    r"\bhad been\b|\b(?:originally|initially|finally|several times|at the end|beat(?:ing)?|exceed(?:s|ed|ing)?"
    r"|surpass(?:es|ed|ing)?|met|missed|short of)\b|曾|先后|多次|最后|最初|原[定先本]|当初|超[出过额]|完成|达成|未达",
    re.IGNORECASE,
)
"""Words by which a plan is one of the past."""
_HOLDS = re.compile(
    r"\b(?:has|have|keeps?|maintain(?:s|ed)?|reiterate[sd]?|still|now|new|will|expects?|aims?|stands)\b"
    r"|(?:target|goal)s?(?: for the (?:full |whole )?year)? (?:is|are)\b|维持|重申|预计|仍|新的|将|今年|明年",
    re.IGNORECASE,
)
"""Words by which a plan is the present one."""
_SAYS_YEAR = re.compile(r"(?:19|20)\d\d|last year|this year|[今去上]年")
_CONTAINERS = frozenset({"year", "half", "quarter", "nine_months", "to_date"})
WEAK_COST, STRONG_COST = 12, 60


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence in plain spelling and what stands where in it."""

    text: str
    amounts: Sequence[Amount]
    measures: Sequence[MeasureMention]
    periods: Sequence[PeriodMention]
    phrases: Sequence[Phrase]
    directions: Sequence[tuple[int, int, str]]
    names: Sequence[Named]
    today: date | None
    says_time: bool
    """Names a time, even one that cannot be placed without the day of the text."""
    breaks: Sequence[tuple[int, int]] = field(default_factory=list)
    """Place and cost of each break between clauses."""

    def cost(self, first: int, last: int) -> int:
        """Give what stands between two places: characters, and more for every break between clauses."""
        return last - first + sum(cost for place, cost in self.breaks if first <= place < last)

    def window(self, amount: Amount) -> tuple[int, int]:
        """Give the stretch from the number before to the number after."""
        place = bisect_left(self.amounts, amount.start, key=lambda one: one.start)
        before = self.amounts[place - 1].end if place else 0
        after = place + (place < len(self.amounts) and self.amounts[place].start == amount.start)
        return before, self.amounts[after].start if after < len(self.amounts) else len(self.text)

    def before(self, amount: Amount, reach: int = 40) -> str:
        """Give the characters before a number."""
        return self.text[max(0, amount.start - reach) : amount.start]


def set_scene(
    text: str, names: Sequence[Named], today: date | None, *, carries_metric: bool, told_year: int | None = None,
    told: Period | None = None,
) -> Scene:  # fmt: skip
    """Find everything in a sentence; `carries_metric` tells that the sentence before named a metric.

    `told_year` is the year of which the sentences before have told in its paragraph, `told` their last period.
    """
    phrases = find_phrases(text)
    moment = Moment(today, bool(_AHEAD.search(BEAT.sub("", text))), _is_of_the_past(text, today), told_year, told)
    times = find_periods(text, moment)
    measures = find_measures(text)
    times = [one for one in times if not any(name.start < one.end and one.start < name.end for name in names)]
    silent = [
        *silent_spans(text),
        *((one.start, one.end) for one in times),
        *((one.start, one.end) for one in phrases),
        *((one.start, one.end) for one in names),
    ]
    amounts = candidates(text, silent, is_countable=bool(measures) or carries_metric)
    periods = [one for one in times if one.period and not _overlaps(one, phrases)]
    periods = [one for one in periods if not _is_start_within(text, one, periods, amounts)]
    measures = [
        one
        for one in measures
        if not any(
            one.start < a.end
            and a.start < one.end
            and a.unit != "orders"
            and one.measure.family != "ratio"
            and a.unit not in ("ratio", "gpus", "rank")
            and one.measure.unit != a.unit
            for a in amounts
        )
    ]
    breaks = [(found.start(), STRONG_COST if found[0] in _STRONG else WEAK_COST) for found in _BREAK.finditer(text)]
    says_time = bool(periods if today else times)
    return Scene(text, amounts, measures, periods, phrases, directions(text), names, today, says_time, breaks)


def _is_of_the_past(text: str, today: date | None) -> bool:
    """Tell a plan that may be over: by its words, and in the first month of a year by nothing against it."""
    if _HOLDS.search(text):
        return False
    return bool(_IS_OVER.search(text)) or (today is not None and today.month == 1)


def _is_start_within(
    text: str, one: PeriodMention, periods: Sequence[PeriodMention], amounts: Sequence[Amount]
) -> bool:
    """Tell when something began (in 2024, from April on) beside the longer time that the number is of."""
    start = one.period
    if start is None or not start.is_start or start.start is None:
        return False
    is_of_any_year = not _SAYS_YEAR.search(text[one.start : one.end])
    for other in periods:
        whole = other.period
        if whole and whole.kind in _CONTAINERS and whole.start and whole.end:
            first, last = sorted((other, one), key=lambda mention: mention.start)
            is_apart = any(first.end <= amount.start and amount.end <= last.start for amount in amounts)
            is_within = whole.start <= start.start <= whole.end or (whole.kind == "year" and is_of_any_year)
            if is_within and not is_apart:
                return True
    return False


def _overlaps(one: PeriodMention, phrases: Sequence[Phrase]) -> bool:
    return any(phrase.start < one.end and one.start < phrase.end for phrase in phrases)
