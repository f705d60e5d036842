"""Which metric a number measures: the words nearest to it that can have such a unit."""

import re

from transforms.claims.amounts import NUMBER, Amount
from transforms.claims.measure_words import (
    BY_CODE,
    COUNT_FAMILIES,
    COUNT_FLOW,
    COUNT_LEVEL,
    FLOW,
    LEVEL,
    OTHER,
    PRICE,
    QUOTE,
    RATIO,
    TRADE,
    UNIT_METRICS,
    Measure,
)
from transforms.claims.measures import MeasureMention
from transforms.claims.scene import Scene
from transforms.claims.units import MONEY, RATES

_RIGHT_COST, _NEXT_CLAUSE = 14, 100
_NEAR = 12
_INDEX_REACH, _PLATFORM_REACH = 48, 80
_MEMBER = re.compile(r"weight|constituent|member|component|权重|成分|占比|占", re.IGNORECASE)
_PLATFORMS = (
    ("weibo_followers", re.compile(r"\bWeibo\b|微博")),
    ("douyin_followers", re.compile(r"\bDouyin\b|抖音")),
    ("bilibili_followers", re.compile(r"\bBilibili\b|B站|哔哩哔哩")),
)
_MOVE = re.compile(
    r"(?:tumbled|plunged|soared|jumped|fell|rose|gained|lost|surged|slid|dropped|climbed|added|rallied|slumped|sank)"
    r"(?: by| about| as much as| nearly| almost| more than| over| around| some)*\s$"
)
_CHINESE_MOVE = re.compile(
    r"(?:收涨|收跌|收升|现升|高开|低开|收高|收低|大涨|大跌|涨超|跌超|涨逾|跌逾|[涨跌挫])(?:了|约|近|超|逾|幅)*$"
)
_JOINED = re.compile(r"^\s?(?:of|in|的|worth of|in (?:new )?|locked-in |new |total |record )*\s?$", re.IGNORECASE)
_COUNTED_MONEY = frozenset(
    {"orders", "exports", "sales", "sales_target", "investment", "price_cut", "charging_piles", "recall"}
)
_COUNT_UNITS = frozenset(
    {"vehicles", "phones", "units", "items", "orders", "companies", "people", "users", "followers", "devices"}
)
_OWN_UNIT = {
    "second": (
        "acceleration_0_100",
        ), "km": ("range", "mileage"), "day": ("inventory_days",), "kwh": ("battery_capacity", "energy_storage"),
    "gwh": (
        "energy_storage", "battery_capacity"), "shares": ("placing_shares", "shares_outstanding", "volume", "buyback"),
    "km_per_hour": (
        "top_speed",
        ), "horsepower": ("power",), "kw": ("power",), "ratio": ("pe_ratio", "ps_ratio"), "rank": ("market_rank",),
    "points": ("index_level",), "times_of": ("views",), "patents": ("patents",),
}  # fmt: skip
_BARE = frozenset({"index_level", "gpu_count", "exchange_rate"})
"""What is often written without a unit."""
_PEOPLE = frozenset(
    {"rd_staff", "employees", "layoffs", "users", "monthly_active_users", "daily_active_users", "followers"}
)


def choose_metric(scene: Scene, amount: Amount, carried: Measure | None) -> Measure | None:
    """Pick the metric of a number: by its unit, by the nearest words of the sentence, or the one spoken of before."""
    own = UNIT_METRICS.get(amount.unit)
    if _is_of_index(scene, amount):
        return BY_CODE["index_level"]
    if moves_the_share(scene, amount):
        return BY_CODE["share_price"]
    if amount.per == "share" and any(one.measure.code.startswith("placing") for one in scene.measures):
        return BY_CODE["placing_price"]
    costs = [
        (cost, place) for place, one in enumerate(scene.measures) if (cost := _cost(scene, amount, one)) is not None
    ]
    nearest = min(costs, default=None)
    best = (nearest[0], nearest[1], scene.measures[nearest[1]].measure) if nearest else None
    if own and (
        best is None
        or best[2].family not in COUNT_FAMILIES
        or amount.unit in ("orders", "stores", "cities", "gpus", "rank")
    ):
        return BY_CODE[own]
    if best:
        return _on_platform(scene, amount) if best[2].code == "followers" else best[2]
    if carried and _fits(carried, amount):
        return carried
    return None


def _is_of_index(scene: Scene, amount: Amount) -> bool:
    """Tell what an index did: it is named before the number, and neither a company nor another metric after it."""
    if amount.unit not in ("percent", "points"):
        return False
    index = max((one.end for one in scene.measures if one.measure.code == "index_level" and one.end <= amount.start),
                default=None)  # fmt: skip
    if index is None or amount.start - index > _INDEX_REACH or _MEMBER.search(scene.text[index : amount.start]):
        return False
    others = [one.start for one in scene.measures if one.measure.code != "index_level" and one.measure.family != QUOTE]
    return not any(index <= place < amount.start for place in [*others, *(one.start for one in scene.names)])


def _on_platform(scene: Scene, amount: Amount) -> Measure:
    """Give the followers of the platform named last before a number, else soon after it, else of no platform."""
    found = [
        (place.start(), code)
        for code, words in _PLATFORMS
        for place in words.finditer(scene.text, max(0, amount.start - _PLATFORM_REACH), amount.end + _NEAR * 2)
    ]
    before = max((one for one in found if one[0] < amount.start), default=None)
    after = min((one for one in found if one[0] >= amount.end), default=None)
    chosen = before or after
    return BY_CODE[chosen[1] if chosen else "followers"]


def moves_the_share(scene: Scene, amount: Amount) -> bool:
    """Tell `Xiaomi tumbled 4%` and 小米跌4%, which speak of the share, from what else a company may raise or cut."""
    if amount.unit != "percent":
        return False
    before = scene.before(amount)
    if _CHINESE_MOVE.search(before):
        return not any(scene.cost(one.end, amount.start) < _NEAR for one in scene.measures if one.end <= amount.start)
    move = _MOVE.search(before)
    place = amount.start - len(before) + move.start() if move else -1
    return any(one.end <= place <= one.end + 3 for one in scene.names)


def _cost(scene: Scene, amount: Amount, mention: MeasureMention) -> int | None:
    if not _fits(mention.measure, amount) or _is_cut_off(scene, amount, mention):
        return None
    if mention.end <= amount.start:
        return scene.cost(mention.end, amount.start)
    if mention.start < amount.end or mention.start < amount.reach:
        return 0
    gap = scene.text[amount.end : mention.start]
    if mention.measure.code in ("net_profit", "net_loss") and _is_sign(scene, mention):
        return None
    if _JOINED.match(gap):
        return 3 if gap.strip() else 5
    between = any(amount.end <= one.start < mention.start for one in scene.amounts)
    is_cut = any(amount.end <= place < mention.start for place, _ in scene.breaks)
    return scene.cost(amount.end, mention.start) + _RIGHT_COST + 40 * between + _NEXT_CLAUSE * is_cut


def _is_sign(scene: Scene, mention: MeasureMention) -> bool:
    """Tell `a loss` after a number of another profit, which says its sign only."""
    word = scene.text[mention.start : mention.end].lower()
    return word in ("profit", "loss", "earnings", "亏损", "盈利") and any(
        one.measure.family == FLOW and one.end <= mention.start for one in scene.measures if one != mention
    )


def _is_cut_off(scene: Scene, amount: Amount, mention: MeasureMention) -> bool:
    """Tell an index from what a company did: a company named between them takes the number."""
    first, last = sorted((mention.end, amount.start))
    return mention.measure.code == "index_level" and any(first <= one.start < last for one in scene.names)


def _fits(measure: Measure, amount: Amount) -> bool:
    """Tell whether a number with such a unit can measure this."""
    unit, family = amount.unit, measure.family
    if unit in RATES or unit in ("fraction", "multiple"):
        return measure.code not in ("market_rank", "placing_shares", "growth_streak")
    if unit == MONEY:
        if family == QUOTE and measure.code not in ("dividend",):
            return amount.scale == 1
        if family == PRICE:
            return amount.scale < 10**8
        return family in (FLOW, LEVEL, TRADE, PRICE, QUOTE) or measure.code in _COUNTED_MONEY
    if unit in _OWN_UNIT:
        return measure.code in _OWN_UNIT[unit]
    if unit == "people":
        return measure.code in _PEOPLE
    if unit == "":
        if amount.kind == NUMBER and amount.scale > 1:
            return family in (FLOW, LEVEL, TRADE, COUNT_FLOW, COUNT_LEVEL) or measure.unit in ("money", "shares")
        return family in (COUNT_FLOW, COUNT_LEVEL, QUOTE) or measure.code in _BARE
    if unit in ("vehicles", "phones"):
        return family in COUNT_FAMILIES and measure.unit in (unit, "orders", "units")
    if unit in _COUNT_UNITS or unit in ("stores", "cities", "gpus", "piles", "stations", "employees"):
        return family in (COUNT_FLOW, COUNT_LEVEL)
    return (
        (family == OTHER and measure.unit == unit)
        or (family == COUNT_LEVEL and measure.unit == unit)
        or (family == RATIO and False)
    )
