"""Of which days a number in a sentence is: those that the sentence names, or those that the document is of.

Know that      a level of the year so far ends with the month that the document is of, not on the day of publication
"""

from datetime import date, timedelta

from transforms.claims import Claim
from transforms.figures.figure import Period
from transforms.figures.prose_words import CHANGE_WORDS, KINDS, THIS_PERIOD, TIME

BEGINNING = date(1980, 1, 1)
"""First day of what is counted since the beginning of a business, which nobody says."""
_SPANS = frozenset({"month", "quarter", "half", "nine_months", "year"})


def names_time(sentence: str) -> bool:
    """Tell whether a sentence names any time itself, comparisons and `the quarter` aside."""
    return TIME.search(_bare(sentence)) is not None


def main_of(claims: list[Claim]) -> Period | None:
    """Give the month or quarter that a document is of: the first one that a sentence with figures names."""
    for one in claims:
        is_level = one.comparison in ("", "record") and one.period_kind in ("month", "quarter")
        if is_level and not one.is_period_assumed and names_time(one.sentence) and one.warehouse_metric:
            return _whole(one)
    return None


def span_of_claim(claim: Claim, main: Period | None, *, may_carry: bool) -> Period | None:
    """Give the stretch of time that a flow is of; None where nothing says it."""
    if not names_time(claim.sentence):
        return _carried(claim.sentence, main, may_carry=may_carry)
    if claim.is_period_assumed or claim.period_start is None or claim.period_end is None:
        return None
    if claim.period_kind in _SPANS:
        return None if claim.period_kind == "month" and claim.comparison == "cumulative" else _whole(claim)
    if claim.period_kind == "instant" and claim.comparison == "cumulative":
        return Period("cumulative", BEGINNING, claim.period_end)
    if claim.period_kind in ("to_date", "span") and (claim.period_start.month, claim.period_start.day) == (1, 1):
        return _to_date(claim, main)
    return None


def day_of_claim(claim: Claim) -> Period | None:
    """Give the day at which a level holds."""
    if claim.is_period_assumed or claim.period_end is None or not names_time(claim.sentence):
        return None
    if claim.period_kind == "instant" and not claim.period.startswith("by "):
        return Period("instant", claim.period_end, claim.period_end)
    if claim.period_kind in ("month", "quarter", "year"):
        return Period("instant", claim.period_end, claim.period_end)
    return None


def _bare(sentence: str) -> str:
    return THIS_PERIOD.sub(" ", CHANGE_WORDS.sub(" ", sentence))


def _whole(claim: Claim) -> Period | None:
    if claim.period_start is None or claim.period_end is None:
        return None
    return Period(claim.period_kind, claim.period_start, claim.period_end)


def _carried(sentence: str, main: Period | None, *, may_carry: bool) -> Period | None:
    if main is None:
        return None
    if found := THIS_PERIOD.search(sentence):
        word = (found["kind"] or found["zh"]).lower()
        return main if KINDS[word] == main.kind else None
    return main if may_carry else None


def _to_date(claim: Claim, main: Period | None) -> Period | None:
    assert claim.period_start and claim.period_end
    end = claim.period_end
    if (end + timedelta(days=1)).day != 1:
        if main is None or main.end.year != end.year or main.end > end:
            return None
        end = main.end
    return Period("year" if end.month == 12 else "year_to_date", claim.period_start, end)
