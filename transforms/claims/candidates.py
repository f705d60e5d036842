"""The numbers of a sentence that can be claims: without names, codes and dates, ranges joined, bare numbers judged."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from transforms.claims.amounts import MULTIPLE, NUMBER, STREAK, Amount, numbers
from transforms.claims.units import MONEY
from transforms.claims.word_amounts import word_amounts

_JOIN = re.compile(r"^(?:\s?(?:-|~|—|–|至|到)\s?|\s(?:to|-)\s)(?:约|about |around )?$")
_JOIN_BETWEEN = re.compile(r"^\s?(?:and|和|与|及|到|至)\s?$")
_BETWEEN = re.compile(
    r"(?:\bbetween|介于|介乎|在|range of|ranging from|rang(?:e|ed|es) (?:from|between))\s?(?:about |around |约)?$",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?<!ranging )(?<!range )(?:\bfrom|由|从|自)\s?$", re.IGNORECASE)
_MOVED = re.compile(
    r"(?:\bby|\brose|\bfell|\bup|\bdown|\bdropped|\bclimbed|\bgained|\bjumped|\bslid|\bcut|降价|下调|上调|上涨"
    r"|下跌|立减)"
    r"(?: about| around| nearly| over)?(?:了|约|近)?\s?$",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"(?:\bfrom|\bto|\bthen|\bfinally|\bversus|\bagainst|\bthan|\bor|\band|由|从|至|到|由于|为|达|增至|升至"
    r"|降至|减至)(?: (?:about|around|nearly|almost|over|some|just|at least|more than|roughly))*(?:约|近|超"
    r"|逾)?\s?$",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"(?:增长|增加|上升|上涨|升|多|涨|提升|增|高出|高|扩大|大增|飙升|激增|暴增|跃升|急升|劲升|大升|猛增)(?:了"
    r"|约|近|超|逾|超过|将近|接近|足足)*$"
)
_TIMES_AFTER = re.compile(
    r"^\s(?:as (?:many|much|high|large|big|fast|long)|more|higher|larger|bigger|faster|greater|the (?:number"
    r"|level|size|amount|figure|sales|revenue|price)|that of|over|what|its|last|oversubscribed|year)"
)
_DIRECTION_BEFORE = re.compile(
    r"(?:ros|grow|grew|increas|jump|surg|climb|up|soar|multipl|expand|swell|leap)\w*(?: (?:by|to|about|around"
    r"|nearly|almost|over|some|more than|roughly))*\s?$",
    re.IGNORECASE,
)
_VALUATION = re.compile(r"市盈率|市销率|市净率|本益比|估值|price-to|P/E|earnings multiple", re.IGNORECASE)
_FALL = re.compile(
    r"(?:减少|下降|下滑|降低|跌|decline of|decrease of|drop of|fall of)(?:约|了| about| approximately)?\s?$"
)
_LEAST_BARE = 1000
_INDEX = re.compile(r"\b(?:index|indices|gauge|benchmark|Hang Seng|Nasdaq|Dow|S&P|CSI|Nikkei)\b", re.IGNORECASE)
_HUNDREDTHS = re.compile(r"per|pct|pp|百分", re.IGNORECASE)
_MOST_POINTS, _LEAST_OF_INDEX = 100, 20
"""Points of a percentage that can be, and the least that are said of an index."""


def candidates(text: str, silent: Iterable[tuple[int, int]], *, is_countable: bool) -> list[Amount]:
    """List the numbers of a sentence that may state something, in order.

    `silent` are the places whose numbers state nothing; `is_countable` tells that the sentence speaks of a metric,
    without which a number that has neither unit nor scale says nothing.
    """
    covered = bytearray(len(text) + 1)
    for start, end in silent:
        covered[start:end] = b"\1" * (end - start)
    found: list[Amount] = []
    taken = bytearray(len(text) + 1)
    for amount in [*word_amounts(text), *numbers(text)]:
        span = slice(amount.start, amount.end)
        if (any(covered[span]) and amount.kind != STREAK) or any(taken[span]):
            continue
        taken[span] = b"\1" * (amount.end - amount.start)
        found.append(amount)
    found.sort(key=lambda one: one.start)
    return _judged(text, [_settled(text, one) for one in _joined(text, found)], is_countable=is_countable)


def _joined(text: str, amounts: Sequence[Amount]) -> list[Amount]:
    """Join the two ends of each range into one number."""
    joined: list[Amount] = []
    for amount in amounts:
        low = joined[-1] if joined else None
        both = _range(text, low, amount) if low and low.high is None else None
        if both:
            joined[-1] = both
        else:
            joined.append(amount)
    return joined


def _range(text: str, low: Amount, high: Amount) -> Amount | None:
    gap, before = text[low.end : high.start], text[max(0, low.start - 24) : low.start]
    is_between = bool(_BETWEEN.search(before)) and bool(_JOIN_BETWEEN.match(gap))
    if not is_between and (
        not _JOIN.match(gap) or ((_FROM.search(before) or _MOVED.search(before)) and not _BETWEEN.search(before))
    ):
        return None
    if low.kind != NUMBER or high.kind != NUMBER or low.is_word != high.is_word:
        return None
    if low.unit and high.unit and low.unit != high.unit:
        return None
    if low.unit and not high.unit and low.unit != MONEY:
        return None
    scale = (
        high.scale if low.scale == 1 and low.value <= high.value and (not low.unit or low.unit == MONEY) else low.scale
    )
    unit, currency = high.unit or low.unit, high.currency or low.currency
    if low.value * scale >= high.scaled:
        return _falling(low, high, before)
    return replace(
        low, end=high.end, scale=scale, unit=unit, currency=currency, per=high.per or low.per, high=high.scaled,
        reach=high.reach, is_more=high.is_more,
    )  # fmt: skip


def _falling(low: Amount, high: Amount, before: str) -> Amount | None:
    """Read the range of a fall, which names its greater end first: down 41% to 38%."""
    if low.unit != "percent" or low.value == high.value or not _FALL.search(before):
        return None
    return replace(low, end=high.end, value=high.value, high=low.value, reach=high.reach)


def _settled(text: str, amount: Amount) -> Amount:
    """Read N times and N倍 as a multiple of what was (增长2倍 is three times, 增至2倍 twice), points of an index."""
    if amount.unit == "pp" and _is_of_index(text, amount):
        return replace(amount, unit="points")
    if amount.unit != "times":
        return amount
    before = text[max(0, amount.start - 8) : amount.start]
    if _VALUATION.search(text[max(0, amount.start - 24) : amount.start]):
        return replace(amount, unit="ratio")
    is_chinese = "倍" in text[amount.start : amount.end]
    added = 1 if is_chinese and _ADDED.search(before) else 0
    if (
        is_chinese
        or "fold" in text[amount.start : amount.end]
        or _TIMES_AFTER.match(text[amount.end :])
        or _DIRECTION_BEFORE.search(text[max(0, amount.start - 24) : amount.start])
    ):
        return replace(
            amount, kind=MULTIPLE, unit=
                "multiple", added=Decimal(added),
            direction="up" if added else "",
        )  # fmt: skip
    return replace(amount, unit="times_of")


def _is_of_index(text: str, amount: Amount) -> bool:
    """Tell points of an index, which come by the score, from points of a percentage."""
    if _HUNDREDTHS.search(text[amount.start : amount.reach]):
        return False
    return amount.value >= _MOST_POINTS or (amount.value >= _LEAST_OF_INDEX and bool(_INDEX.search(text)))


def _judged(text: str, amounts: Sequence[Amount], *, is_countable: bool) -> list[Amount]:
    kept: list[Amount] = []
    for place, amount in enumerate(amounts):
        if (
            amount.unit
            or amount.scale > 1
            or amount.kind != NUMBER
            or (is_countable and _is_bare_claim(text, amount, kept, amounts[place + 1 :]))
        ):
            kept.append(amount)
    return kept


def _is_bare_claim(text: str, amount: Amount, before: Sequence[Amount], after: Sequence[Amount]) -> bool:
    """Judge a number without unit: a large one counts, a small one only as one end of from … to, or beside its like."""
    written = text[amount.start : amount.end]
    if amount.is_word:
        return not amount.value
    if text[amount.end : amount.end + 1] in ("-", "/", ":") or text[max(0, amount.start - 1) : amount.start] in (
        "-",
        "/",
        ":",
    ):
        return "," in written
    if "," in written or amount.value >= _LEAST_BARE:
        return True
    has_frame = bool(_FRAME.search(text[max(0, amount.start - 24) : amount.start]))
    is_followed = any(_FRAME.search(text[max(0, one.start - 24) : one.start]) for one in after[:1])
    is_from = bool(_FROM.search(text[max(0, amount.start - 8) : amount.start]))
    return has_frame and ((is_from and is_followed) or any(_is_bare(one) for one in before[-1:]))


def _is_bare(amount: Amount) -> bool:
    return not amount.unit and amount.kind == NUMBER
