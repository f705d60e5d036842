"""What a number is compared with, which way it goes, and whether it is a rate of change, a share or a level."""

import re
from dataclasses import dataclass
from datetime import timedelta

from transforms.claims import comparisons as c
from transforms.claims.amounts import MULTIPLE, PART, RANK, STREAK, Amount
from transforms.claims.measure_words import COUNT_FLOW, FLOW, QUOTE, RATIO, Measure
from transforms.claims.period import Period
from transforms.claims.periods import PeriodMention
from transforms.claims.scene import Scene
from transforms.claims.units import MONEY, RATES

_FROM = re.compile(
    r"(?:(?<!starts )(?<!start )(?<!starting )(?<!priced )(?<!ranging )\bfrom\b|从|由|自)"
    r"(?!.*(?:\bto\b|\bon(?:wards?)?\b|至|到|增|涨|升|降|跌|起|以来|开始))[^\d,，;；。]{0,24}$",
    re.IGNORECASE,
)
_TO = re.compile(r"(?:\bto\b|至|到|增至|升至|涨到)[^\d,，;；。]{0,16}$", re.IGNORECASE)
_BASE = re.compile(
    r"(?:\bfrom|\bthan(?: in| on| for)?|compared (?:with|to)(?: that of| those of)?|\bversus|\bvs\.?|\bagainst"
    r"|\bover|\bset in|较|比|相较)(?: the| that of| those of| its)?\s?$",
    re.IGNORECASE,
)
_OPENS_BASE = re.compile(
    r"(?:from|than in|than|compared|over(?! the (?:past|last|previous) \w+ (?:years|months|weeks|days)))\b",
    re.IGNORECASE,
)
_OF_YEAR_BEFORE = re.compile(r"(?:去年|上年)同[期月季]的[^\d，；]{0,4}$")
_SINCE = re.compile(
    r"(?:than when|since|after|following) (?:it |the |its |their |he |she )?(?:launch|launched|listing|debut"
    r"|ipo|start(?! of (?:the|this) year)|handovers|release|went on sale)|上市以来|发布以来|上市后",
    re.IGNORECASE,
)
_SHORT_OF = re.compile(
    r"\s(?:short of|shy of|away from|below|from|off)\s(?:a|an|one|the|1|HK\$|US\$)[^.;,]{0,12}trillion", re.IGNORECASE
)
_TO_GO = re.compile(r"距离?[^,，;；。]{0,8}万亿[^,，;；。]{0,10}(?:还|仅|只|尚|相)?差(?:约|近|不到)?\s?$")
_SHARE_MEASURES = frozenset({"market_share", "index_weight", "penetration"})
_RIGHT_REACH, _LEFT_REACH = 30, 60
_TIGHT = re.compile(r"(?:\bfrom|\bto|从|由|自|至|到)(?: about| around| nearly| just)?(?:约|近)?\s?$", re.IGNORECASE)
_TOO_FAR = 60
_AHEAD_AFTER = re.compile(r"\s(?:will|are to|is to)\b|将")
_CYCLE = re.compile(r"CLTC|WLTP|EPA|NEDC")
_LONGER = frozenset({"week", "month", "quarter", "half", "nine_months", "span"})
_DAY_METRICS = frozenset({"share_price", "share_price_close", "share_price_open", "index_level"})


@dataclass(frozen=True, slots=True)
class Relation:
    """How a number stands to others."""

    comparison: str = ""
    direction: str = ""


def relate(
    scene: Scene, amount: Amount, measure: Measure | None, period: Period | None, before: list[Relation]
) -> Relation:
    """Say what a number is compared with; `before` are the relations of the numbers before it in the sentence."""
    if amount.kind == RANK:
        return Relation("rank")
    if is_rate(amount):
        return _rate(scene, amount, measure, period, before)
    return _level(scene, amount, measure, before)


def is_rate(amount: Amount) -> bool:
    """Tell a change or a share from a level or a count."""
    return amount.unit in RATES or amount.kind in (PART, MULTIPLE)


def is_share(scene: Scene, amount: Amount, measure: Measure | None) -> bool:
    """Tell a part of a whole from a change."""
    if measure and measure.code in _SHARE_MEASURES and amount.unit in ("percent", "fraction"):
        return not direction_of(scene, amount) or bool(c.LEVEL_BEFORE.search(scene.before(amount)))
    if amount.kind == MULTIPLE or amount.unit in ("pp", "bp"):
        return False
    after = scene.text[amount.end : amount.end + 30]
    if c.SHARE_OF.match(after) or c.SHARE_BEFORE.search(scene.before(amount)):
        return True
    inside = scene.text[amount.start : amount.end]
    return amount.kind == PART and (not direction_of(scene, amount) or inside.startswith("占"))


def direction_of(scene: Scene, amount: Amount) -> str:
    """Find the word that says which way a number goes, between the numbers beside it."""
    if amount.direction:
        return amount.direction
    first, last = scene.window(amount)
    first, last = max(first, amount.start - _LEFT_REACH), min(last, amount.end + _RIGHT_REACH)
    best = min(
        (
            (scene.cost(end, amount.start) if end <= amount.start else scene.cost(amount.end, start) + 8, way)
            for start, end, way in scene.directions
            if (first <= start and end <= amount.start) or (amount.end <= start and end <= last)
        ),
        default=None,
    )
    return best[1] if best else ("down" if amount.is_negative else "")


def _rate(
    scene: Scene, amount: Amount, measure: Measure | None, period: Period | None, before: list[Relation]
) -> Relation:
    if is_share(scene, amount, measure):
        return Relation("share_of")
    if measure and measure.code == "placing_discount":
        return Relation("vs_last_close", "down")
    direction = direction_of(scene, amount)
    if not direction and before and _goes_on(scene, amount):
        direction = before[-1].direction
    if c.RATE.search(scene.text[scene.window(amount)[0] : scene.window(amount)[1]]):
        return Relation("cagr", direction or "up")
    earlier = _of_the_past(scene, amount, measure, before)
    if earlier:
        return Relation(earlier)
    phrase = _phrase(scene, amount, period)
    is_level = measure is not None and measure.family == RATIO and amount.unit in ("percent", "fraction")
    if is_level and not phrase and (c.LEVEL_BEFORE.search(scene.before(amount)) or not direction):
        return _framed(scene, amount, before, Relation("range" if amount.high is not None else ""))
    framed = _framed(scene, amount, before, Relation()) if amount.unit == "percent" and not phrase else Relation()
    if framed.comparison and _TIGHT.search(scene.before(amount)):
        return framed
    if phrase:
        return Relation(phrase, direction or ("up" if phrase != "vs_last_close" else ""))
    if _SINCE.search(scene.text[amount.end : amount.end + 40]):
        return Relation("since", direction)
    if measure and measure.code in _DAY_METRICS:
        return Relation(_of_the_market(scene, period), direction)
    if not direction:
        return Relation("target" if c.TARGET.search(scene.before(amount)) else "")
    if amount.kind == MULTIPLE and (period is None or measure is None or measure.family not in (FLOW, COUNT_FLOW)):
        return Relation("multiple", direction or "up")
    frames = [one for one in before if one.comparison in ("from", "to")]
    if measure and measure.family in (FLOW, COUNT_FLOW) and not frames:
        return Relation("yoy", direction)
    return Relation("change", direction)


def _of_the_past(scene: Scene, amount: Amount, measure: Measure | None, before: list[Relation]) -> str:
    """Tell a ratio of an earlier period, which another is compared with, from a change."""
    if measure is None or measure.family != RATIO or amount.unit != "percent" or not before:
        return ""
    if c.AGAINST.search(scene.before(amount)):
        return "prior_year" if _is_year_before(scene, amount) else "prior_period"
    return "prior_period" if before[-1].comparison.startswith("prior") and _goes_on(scene, amount) else ""


def _of_the_market(scene: Scene, period: Period | None) -> str:
    """Tell a change since the year began from a change of the day."""
    if (
        (period and (period.kind == "to_date" or _is_running_year(scene, period)))
        or any(one.period and one.period.code.startswith("first_trading") for one in scene.periods)
        or "年初" in scene.text
    ):
        return "since_year_start"
    return "change" if period and period.kind in _LONGER else "day"


def _is_running_year(scene: Scene, period: Period) -> bool:
    return period.kind == "year" and scene.today is not None and period.code == f"{scene.today.year}FY"


def _goes_on(scene: Scene, amount: Amount) -> bool:
    """Tell a number that goes on where the one before it stopped: up 5%, or 3 points."""
    return bool(re.search(r"(?:[,，(（]\s?or|\band|[、和及]|或)\s?[^\d]{0,12}$", scene.before(amount)))


def _phrase(scene: Scene, amount: Amount, period: Period | None) -> str:
    """Find the comparison that belongs to a rate, between the numbers beside it: a phrase, or a period of the past."""
    first, last = scene.window(amount)
    found = [
        (_distance(scene, amount, one.start, one.end), one.code)
        for one in scene.phrases
        if (first <= one.start and one.end <= amount.start)
        or (amount.end <= one.start and one.end <= last + 2 and not _is_next(scene, amount, one.start))
    ]
    found += [
        (_distance(scene, amount, one.start, one.end), code)
        for one in scene.periods
        if amount.end <= one.start <= last and (code := _by_base(scene, one, period))
    ]
    code = min((one for one in found if one[0] < _TOO_FAR), default=(0, ""))[1]
    return ("mom" if period and period.kind == "month" else "qoq") if code == c.SEQUENTIAL else code


def _is_next(scene: Scene, amount: Amount, start: int) -> bool:
    """Tell a phrase that opens the next clause, as Chinese puts it before its number."""
    gap = scene.text[amount.end : start]
    return bool(re.search(r"[，；;、]", gap)) and scene.window(amount)[1] < len(scene.text)


def _distance(scene: Scene, amount: Amount, start: int, end: int) -> int:
    """Give how far a comparison stands; before a number in English it must not belong to the number before."""
    if start >= amount.end:
        return scene.cost(amount.end, start)
    gap = scene.text[end : amount.start]
    is_past = bool(re.search(r"\band\b|,", gap)) and scene.window(amount)[0] > 0
    return scene.cost(end, amount.start) + 2 + 60 * is_past


def _by_base(scene: Scene, one: PeriodMention, period: Period | None) -> str:
    """Judge by the period that a rate is compared with: than in February, from the third quarter of 2023."""
    base = one.period
    if not period or not period.start or not base or not base.start or not is_base(scene, one.start, one.end):
        return ""
    if base.kind == period.kind and base.end and base.end + timedelta(days=1) == period.start:
        return {"month": "mom", "quarter": "qoq"}.get(base.kind, "yoy")
    return "yoy" if base.start.year < period.start.year else ""


def is_base(scene: Scene, start: int, end: int) -> bool:
    """Tell a period that only a comparison speaks of."""
    return bool(_BASE.search(scene.text[max(0, start - 24) : start])) or bool(_OPENS_BASE.match(scene.text[start:end]))


def _level(scene: Scene, amount: Amount, measure: Measure | None, before: list[Relation]) -> Relation:
    text, preceding = scene.text, scene.before(amount)
    flat = (
        "flat"
        if any(way == "flat" and end <= amount.start and amount.start - end < 12 for _, end, way in scene.directions)
        else ""
    )
    if amount.high is not None:
        return Relation("range")
    if amount.unit == MONEY and c.EQUIVALENT.search(preceding) and before and _other_currency(scene, amount):
        return Relation("equivalent")
    if amount.kind == STREAK:
        return Relation("streak", "up")
    if measure and measure.code == "market_cap" and _is_distance(scene, amount):
        return Relation("distance")
    if before and before[-1].comparison == "distance":
        return Relation("target")
    if c.THRESHOLD_AFTER.match(text[amount.end : amount.end + 12]) or c.THRESHOLD_BEFORE.search(
        text[max(0, amount.start - 40) : amount.start]
    ):
        return Relation("threshold")
    framed = _framed(scene, amount, before, Relation())
    if (framed.comparison == "from" and _is_year_before(scene, amount)) or _OF_YEAR_BEFORE.search(preceding):
        return Relation("prior_year")
    if framed.comparison:
        return framed
    first, _ = scene.window(amount)
    leading = text[first : amount.start]
    if (
        re.search(r"(?<![轴轮间])距离?\s?$", preceding)
        or _speaks_of(c.TARGET, leading, amount, text)
        or (before and before[-1].comparison == "target" and _goes_on_list(preceding))
        or _AHEAD_AFTER.match(text[amount.reach : amount.reach + 12])
    ) and not (measure and measure.code.startswith("placing")):
        return Relation("target")
    cycle = _CYCLE.search(text)
    if measure and measure.code == "range" and cycle:
        return Relation(cycle[0].lower())
    if amount.unit == "day" and re.match(r"\s(?:after|since)\b|(?:后|以来)", text[amount.end : amount.end + 8]):
        return Relation("since")
    if before and c.AGAINST.search(preceding):
        return Relation("prior_year" if _is_year_before(scene, amount) else "prior_period")
    if (
        measure
        and measure.family == COUNT_FLOW
        and (
            c.CUMULATIVE.search(leading)
            or (c.CUMULATIVE.search(text[: amount.end]) and not re.search(r"季|quarter|月|month", leading))
            or c.CUMULATIVE_AFTER.match(text[amount.reach :])
        )
    ):
        return Relation("cumulative", flat)
    following = text[amount.end : min(scene.window(amount)[1], amount.end + 50)]
    if c.RECORD.search(following) or c.RECORD_BEFORE.search(leading[-48:]):
        return Relation("record", flat)
    if (
        measure
        and amount.unit == MONEY
        and measure.family == QUOTE
        and measure.code == "share_price"
        and re.search(
            r"(?:ropped|ell|lost|shed|ose|gained|dded|down|up|跌|涨|升|挫)(?: by| about)?(?:了|约)?\s?$", preceding
        )
    ):
        return Relation("day", direction_of(scene, amount))
    if re.search(r"swung to (?:a|an)\s?$", preceding):
        return Relation("", "down")
    return Relation("", flat)


def _is_distance(scene: Scene, amount: Amount) -> bool:
    """Tell what lacks to a trillion: HK$140 billion short of a trillion, 距万亿还差1399亿."""
    return bool(_SHORT_OF.match(scene.text[amount.end :]) or _TO_GO.search(scene.text[: amount.start]))


def _is_year_before(scene: Scene, amount: Amount) -> bool:
    """Tell a number of the year before, which a phrase beside it names: in the same month last year, 去年同期."""
    last = min(scene.window(amount)[1], amount.end + 12)
    return any(
        one.code == "yoy" and (amount.end <= one.start < last or 0 <= amount.start - one.end < 8)
        for one in scene.phrases
    )


def _framed(scene: Scene, amount: Amount, before: list[Relation], otherwise: Relation) -> Relation:
    """Read from … to …."""
    preceding = scene.before(amount, 30)
    if _FROM.search(preceding):
        return Relation("from")
    if re.match(r"起(?!来|飞|步|初)", scene.text[amount.end : amount.end + 2]):
        return Relation("from")
    if before and before[-1].comparison == "from" and _TO.search(preceding):
        place = list(scene.amounts).index(amount)
        earlier = scene.amounts[place - 1]
        way = "" if earlier.scaled == amount.scaled else "up" if amount.scaled > earlier.scaled else "down"
        return Relation("to", way)
    return otherwise


def _speaks_of(words: re.Pattern[str], leading: str, amount: Amount, text: str) -> bool:
    return bool(words.search(leading)) or bool(
        re.match(r"\s?(?:target|goal)s?\b|(?:的)?目标", text[amount.end : amount.end + 8])
    )


def _goes_on_list(preceding: str) -> bool:
    return bool(
        re.search(r"(?:\bthen|\band|\bfinally|,|、|和|\band to \w+|并\S{0,4}|以及\S{0,4})\s?(?:HK\$|US\$)?$", preceding)
    )


def _other_currency(scene: Scene, amount: Amount) -> bool:
    place = list(scene.amounts).index(amount)
    earlier = scene.amounts[place - 1] if place else None
    return earlier is not None and earlier.unit == MONEY and earlier.currency != amount.currency
