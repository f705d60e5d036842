"""Which days a number holds for: the time that its sentence names nearest to it, the one spoken of before, or none."""

import re
from dataclasses import dataclass

from transforms.claims import period as p
from transforms.claims.amounts import Amount
from transforms.claims.basis import basis_spans, is_worked_out
from transforms.claims.comparisons import TARGET
from transforms.claims.measure_words import COUNT_FLOW, COUNT_LEVEL, FLOW, LEVEL, PRICE, QUOTE, RATIO, TRADE, Measure
from transforms.claims.period import Period
from transforms.claims.periods import PeriodMention
from transforms.claims.relations import Relation, is_base
from transforms.claims.scene import Scene

_REPORTING_LAG = 30
"""Days after a quarter's end before which nobody has figures of it."""
_RESULTS = frozenset({"margin", "gross_margin", "vehicle_margin", "net_margin", "operating_margin"})
_NO_PERIOD = frozenset({"range", "acceleration_0_100", "top_speed", "battery_capacity", "power"})
_TO = re.compile(r"\bto\b|至|到|增|涨|升|降|跌")
_CLAUSE = re.compile(r"[，;；]|,(?!\d)|\b(?:while|but)\b")
_NEXT = re.compile(r"[，,;；]\s?(?:而|但|其中)?$|[,;]\s(?:(?:and|but|while) )?(?:in |for |during )?(?:the )?$")
_OF_NEXT = 60
"""Cost of a time in the next clause, which has a number of its own: taken where the sentence names no other."""
_EACH = re.compile(r"分别|依次|\brespectively\b", re.IGNORECASE)
_INTRADAY = re.compile(r"盘中|一度|intraday", re.IGNORECASE)
_AT_CLOSE = re.compile(r"收市|收盘|尾盘")
_YEARLY = frozenset({"capacity", "annual_salary"})
_AT_THE_TIME = frozenset(
    {
        "share_price_high",
        "share_price_low",
        "turnover",
        "share_price",
        "share_price_close",
        "index_level",
        "gpu_count",
        "market_cap",
    }
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A period, and whether nothing but the calendar of results leads to it."""

    period: Period | None = None
    is_assumed: bool = False


def said_period(
    scene: Scene, amount: Amount, measure: Measure | None, *, is_rate: bool, after: int = 0
) -> Period | None:
    """Find the time that the sentence names nearest to a number, comparisons aside; `after` a place if one is given."""
    paired = _paired(scene, amount)
    if paired is not None:
        return paired
    bases = basis_spans(scene.text) if is_worked_out(amount, measure.code if measure else "") else []
    costs = [
        (cost, place)
        for place, one in enumerate(scene.periods)
        if one.start >= after
        and not any(first <= one.start < last for first, last in bases)
        and (cost := _cost(scene, amount, one, is_rate=is_rate)) is not None
    ]
    return scene.periods[min(costs)[1]].period if costs else None


def _paired(scene: Scene, amount: Amount) -> Period | None:
    """Give the time that stands at the place of the number in its list: as many times before or behind as numbers."""
    if not _EACH.search(scene.text) or len(scene.periods) != len(scene.amounts) or len(scene.amounts) < 2:
        return None
    if scene.periods[-1].end > scene.amounts[0].start and scene.periods[0].start < scene.amounts[-1].end:
        return None
    return scene.periods[list(scene.amounts).index(amount)].period


def end_of_frame(scene: Scene, amount: Amount) -> int:
    """Give the place of `to` before the second number of from … to …: what stands before it is of the first."""
    return max((found.start() for found in _TO.finditer(scene.text, scene.window(amount)[0], amount.start)), default=0)


def _cost(scene: Scene, amount: Amount, one: PeriodMention, *, is_rate: bool) -> int | None:
    is_of_base = is_base(scene, one.start, one.end)
    if is_of_base and is_rate and any(not is_base(scene, other.start, other.end) for other in scene.periods):
        return None
    if one.end <= amount.start:
        between = sum(other.start >= one.end and other.end <= amount.start for other in scene.amounts)
        is_day = one.period is not None and one.period.kind == "instant"
        if is_of_base and is_day and (is_rate or between or _TO.search(scene.text, one.end, amount.start)):
            return None
        return scene.cost(one.end, amount.start) + 8 * between + 40 * (is_of_base and is_rate)
    if is_of_base:
        return None
    opens_next = _opens_next(scene, amount, one)
    if opens_next and _NEXT.search(scene.text[amount.end : one.start]):
        return None
    between = sum(other.start >= amount.end and other.end <= one.start for other in scene.amounts)
    if between and _CLAUSE.search(scene.text, amount.end, one.start):
        return None
    return scene.cost(amount.end, one.start) + 4 + 30 * between + _OF_NEXT * opens_next


def _opens_next(scene: Scene, amount: Amount, one: PeriodMention) -> bool:
    """Tell a time of the next clause, before that clause's own number."""
    last = scene.window(amount)[1]
    if not one.end <= last < len(scene.text) or not _CLAUSE.search(scene.text, amount.end, one.start):
        return False
    return not _CLAUSE.search(scene.text, one.end, last)


def settle_period(
    scene: Scene,
    amount: Amount,
    said: Period | None,
    measure: Measure | None,
    relation: Relation,
    *,
    carried: Period | None,
    is_known: bool,
    is_rate: bool,
) -> Chosen:
    """Settle what a number holds for, by what it measures; `is_known` tells that its subject is known."""
    if relation.comparison == "since" and is_rate:
        return Chosen(Period("since launch", "span"))
    if said is not None and said.is_of_somebody and not is_known:
        said = None
    if measure is None:
        return Chosen(said)
    if measure.code == "dividend" and said is not None and said.kind == "span" and said.end:
        return Chosen(p.year(said.end.year))
    if scene.today and measure.family in (QUOTE, TRADE):
        session = _session(scene, amount, said)
        if session:
            return Chosen(Period(session, "day", scene.today, scene.today), is_assumed=True)
    if measure.code in _YEARLY and not is_rate:
        return Chosen(Period("P1Y", "duration"))
    family = measure.family
    if relation.comparison == "prior_year":
        return Chosen(p.year_before(said) if said and said.kind != "" else Period("unknown -1Y", "") if said else None)
    if said is None:
        return _unsaid(scene, measure, relation, carried, is_known=is_known, is_rate=is_rate)
    if scene.today and is_rate and relation.comparison == "since_year_start":
        return Chosen(p.to_date(scene.today))
    if scene.today and relation.comparison == "from" and said.code.startswith("by "):
        return Chosen(p.instant(scene.today))
    if scene.today and said.kind == "to_date" and not is_rate and family in (LEVEL, COUNT_LEVEL, QUOTE):
        return Chosen(p.instant(scene.today))
    if said.kind == "month" and (family in (LEVEL, COUNT_LEVEL, QUOTE)):
        return Chosen(p.as_level(said))
    if said.kind == "duration" and family in (FLOW, RATIO, PRICE):
        return Chosen(carried if family != PRICE else None)
    return Chosen(said)


def _session(scene: Scene, amount: Amount, said: Period | None) -> str:
    """Name the session of a market report that names no day: during it, or at its close."""
    if said is not None:
        return ""
    if _INTRADAY.search(scene.text[scene.window(amount)[0] : amount.end]):
        return "intraday"
    return "day" if _AT_CLOSE.search(scene.text) else ""


def _unsaid(
    scene: Scene, measure: Measure, relation: Relation, carried: Period | None, *, is_known: bool, is_rate: bool
) -> Chosen:
    family, today = measure.family, scene.today
    if today and is_rate and relation.comparison == "since_year_start":
        return Chosen(p.to_date(today))
    if measure.code in _NO_PERIOD or family == PRICE or relation.comparison in ("range",):
        return Chosen(carried if family in (FLOW, COUNT_FLOW, RATIO) else None)
    if relation.comparison in ("target", "threshold") and family != COUNT_FLOW:
        return Chosen(carried if relation.comparison == "threshold" else None)
    if today and family == COUNT_FLOW and relation.comparison == "target":
        return Chosen(carried or p.year(today.year))
    if family in (FLOW, COUNT_FLOW, RATIO) and carried:
        return Chosen(carried)
    if relation.comparison in ("from", "to") and family in (LEVEL, COUNT_LEVEL) and not scene.periods:
        return Chosen()
    if measure.code.startswith("placing"):
        return Chosen(None if today is None or TARGET.search(scene.text) else p.instant(today))
    if measure.code in ("investment", "buyback") or (is_rate and family == COUNT_LEVEL):
        return Chosen()
    if today and is_known and (family == FLOW or measure.code in _RESULTS):
        return Chosen(p.latest_quarter(today, lag=_REPORTING_LAG), is_assumed=True)
    is_now = family in (LEVEL, COUNT_LEVEL, TRADE) or measure.code in _AT_THE_TIME
    if today and is_known and (is_now or (family == QUOTE and relation.comparison == "to")):
        return Chosen(p.instant(today), is_assumed=True)
    return Chosen()
