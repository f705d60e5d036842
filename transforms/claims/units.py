"""Words for units, with the code of each."""

import re
from dataclasses import dataclass

RATES = frozenset({"percent", "pp", "bp"})
MONEY = "money"

_ROWS: tuple[tuple[str, str], ...] = (
    ("pp", r"percentage[- ]points?\b|percent points?\b|pct points?\b|ppts?\b|pp\b|points?\b|个?百分点"),
    ("bp", r"basis[- ]points?\b|bps?\b|个?基点"),
    ("percent", r"%|per ?cent\b|pct\b"),
    ("km_per_hour", r"km/h\b|kph\b|kmh\b|公里/小时|公里每小时"),
    ("km", r"km\b|kilomet(?:re|er)s?\b|公里|千米"),
    ("mile", r"miles?\b|英里"),
    ("square_metre", r"square met(?:re|er)s?\b|sqm\b|㎡|m2\b|平方米|平米"),
    ("millimetre", r"mm\b|millimet(?:re|er)s?\b|毫米"),
    ("metre", r"met(?:re|er)s?\b|米"),
    ("kwh", r"kWh\b|kilowatt[- ]hours?\b|度电|千瓦时"),
    ("gwh", r"GWh\b|gigawatt[- ]hours?\b|吉瓦时"),
    ("mwh", r"MWh\b"),
    ("kw", r"kW\b|kilowatts?\b|千瓦"),
    ("horsepower", r"hp\b|horsepower\b|匹马力|匹|马力"),
    ("mah", r"mAh\b|毫安时?"),
    ("nanometre", r"nm\b|纳米"),
    ("gigabyte", r"GB\b"),
    ("ton", r"(?:metric )?ton(?:ne)?s?\b|吨"),
    ("kilogram", r"kg\b|kilograms?\b|公斤|千克"),
    ("second", r"seconds?\b|秒"),
    ("day", r"days?\b|天"),
    ("ratio", r"times (?:earnings|sales|book|forward|trailing|its|profits?)\b|x (?:earnings|sales)\b"),
    ("times", r"times\b|-?fold\b|x\b|倍"),
    (
        "vehicles",
        r"vehicles?\b|cars?\b|N?EVs?\b|SUVs?\b|sedans?\b|automobiles?\b|trucks?\b|deliveries\b|registrations\b"
        r"|辆(?:新车|汽车|车)?",
    ),
    ("phones", r"(?:smart)?phones?\b|handsets?\b|部(?:智能)?手机|台(?:智能)?手机|部"),
    (
        "orders",
        r"orders?\b|reservations?\b|bookings?\b|pre-?orders?\b|(?:笔|个|份|张|台|辆)?(?:大定|锁单|订单|预订单)|单(?![一价品元位季月日身独])",
    ),
    ("followers", r"followers?\b|fans?\b|subscribers?\b|(?:名|个|位)?粉丝"),
    ("users", r"(?:monthly |daily )?(?:active )?users?\b|(?:名|个|位)?(?:活跃)?用户"),
    ("devices", r"devices?\b|(?:台|个)?(?:IoT)?设备"),
    (
        "stores",
        r"stores?\b|shops?\b|outlets?\b|showrooms?\b|dealerships?\b|(?:家|间|个)?(?:零售)?(?:门店|店铺|专卖店"
        r"|体验店|商店|分店|店)",
    ),
    ("cities", r"cities\b|city\b|(?:座|个)?城市|座城"),
    ("countries", r"countries\b|(?:个)?国家"),
    ("gpus", r"GPUs?\b|(?:graphics |accelerator )?cards?\b|chips?\b|张(?:GPU|显卡|卡)|卡|块(?:GPU|显卡)|枚芯片|颗芯片"),
    (
        "piles",
        r"(?:charging )?piles?\b|chargers?\b|(?:charging |supercharging )?stalls?\b|根(?!据|本|源)(?:充电桩)?"
        r"|个?充电桩",
    ),
    (
        "stations",
        r"(?:charging |swap |service |super ?charging |battery swap )?stations?\b|(?:座|个)?(?:充电站|换电站"
        r"|超充站)|座",
    ),
    ("patents", r"patents?\b|(?:项|件)专利"),
    ("employees", r"employees?\b|(?:名|位)?员工"),
    (
        "people",
        r"people\b|persons?\b|staff\b|workers?\b|engineers?\b|researchers?\b|名研发人员|(?:名|位(?!数|于|列|居"
        r"|置))(?:工程师"
        r"|工人)?|人(?!民币|次)",
    ),
    ("households", r"households?\b|户"),
    ("shares", r"(?:ordinary |new |class [AB] |existing |H |A )*shares?\b|ADSs?\b|股(?:股份)?"),
    ("months", r"months?\b|个月"),
    ("units", r"units?\b|pieces?\b|sets?\b|台|套|件|个单位"),
    ("points", r"点"),
    ("degree", r"degrees?\b|摄氏度|度"),
    ("litre", r"lit(?:re|er)s?\b|升"),
    ("votes", r"votes?\b|票"),
    ("times_of", r"times a|人次|次"),
    ("companies", r"companies\b|(?:家|个)(?:公司|企业|机构|供应商)|家"),
    ("products", r"models?\b|products?\b|款|(?:个|种)(?:产品|车型|型号)"),
    ("items", r"块|片|枚|颗|项|条|所|个|只|种|张|件"),
)
_UNIT = re.compile("|".join(f"(?P<u{place}>{words})" for place, (_, words) in enumerate(_ROWS)), re.ASCII)
_UNIT_ANY_CASE = re.compile(_UNIT.pattern, re.ASCII | re.IGNORECASE)
WORD_COUNTS = frozenset(
    [
        "vehicles",
        "phones",
        "orders",
        "stores",
        "cities",
        "countries",
        "gpus",
        "piles",
        "stations",
        "users",
        "followers",
        "shares",
        "people",
        "employees",
        "patents",
        "percent",
        "pp",
        "bp",
        "km",
        "second",
        "times",
        "ratio",
        "days",
        "devices",
    ]
)
"""What a number in words counts for sure: two stores; two banks is a way of speaking."""
_ADJECTIVE = re.compile(
    r"\s(?!(?:of|in|on|at|to|for|from|by|with|and|or|but|than|the|a|an|as|per|after|before|since|when|while|which|that"
    r"|were|was|is|are|has|had|have|will|up|down|more|less|higher|lower|over|last|this|next|its|their|his|her|overseas|abroad|worldwide|globally|nationwide|annually|during"
    r"|within|came|worth|year|quarter|month|week)\b)[A-Za-z]+(?:-[A-Za-z]+)*(?=\s)"
)
_MOST_ADJECTIVES = 3
_NOUN = re.compile(
    r"\s(?!(?:years|months|weeks|hours|minutes|times|quarters|was|is|as|has|its|this|thus|plus|versus|overseas"
    r"|times)\b)([a-z]{3,}s)\b"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit word in a text."""

    code: str
    end: int
    is_adjacent: bool
    """Stands at the number itself, so that it belongs to the words that carry the value."""


def unit_at(text: str, place: int) -> Unit | None:
    """Find the unit of the number that ends at a place: at once, after a space or hyphen, or after some adjectives."""
    start = place + (text[place : place + 1] in (" ", "-") and len(text) > place + 1)
    found = _UNIT.match(text, start) or _UNIT_ANY_CASE.match(text, start)
    if found and (start == place or text[place] == " " or text[start].isalpha()):
        return Unit(_code(found), found.end(), True)
    for _ in range(_MOST_ADJECTIVES):
        adjective = _ADJECTIVE.match(text, place)
        if not adjective:
            return None
        place = adjective.end()
        found = _UNIT_ANY_CASE.match(text, place + 1)
        if found:
            return Unit(_code(found), found.end(), False)
    return None


def noun_at(text: str, place: int) -> Unit | None:
    """Find a plural that is in no table just after a number: what it counts is the word itself."""
    found = _NOUN.match(text, place)
    return Unit(found[1], found.end(), True) if found else None


def _code(found: re.Match[str]) -> str:
    assert found.lastgroup
    return _ROWS[int(found.lastgroup[1:])][0]
