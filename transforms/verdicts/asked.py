"""One question to the warehouse: a claim, at the time of its article."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from extractors.watchlist import Security
from transforms.claims import Claim
from transforms.verdicts.known import Known

GROUP, PART, INDEX, CARS, INTRADAY, FORWARD = "group", "part", "index", "cars", "intraday", "forward"
CARS_IN = "ev-and-new-initiatives"
"""The segment in which Xiaomi counts its cars, together with more: it can bear their figures out, not refute them."""
_ANY_PRICE = re.compile(
    r"(?:touch(?:ed|ing|es)?|hit(?:ting)?|as (?:high|low|much) as|intraday|at one point|briefly|盘中|盤中|一度|高见"
    r"|高見|低见|低見|最高|最低)[^.;；。,，]{0,16}$",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    r"\bforward\b|expected|estimated?|forecast|next year|预期|预测|預測|动态|動態|远期", re.IGNORECASE
)
"""Words that make earnings those to come."""
_REACH = 70
_SEGMENTS: tuple[tuple[str, str, str], ...] = (
    (
        "xiaomi", "smartphones",
        r"smartphone (?:business|segment|revenue|sales)|智能手机|智能手機|手机(?:业务|分部|收入)",
    ),
    ("xiaomi", "iot-and-lifestyle", r"\bIoT\b(?! devices)|lifestyle products|生活消费|生活消費"),
    ("xiaomi", "internet-services", r"internet services?|互联网服务|互聯網服務"),
    (
        "xiaomi", "ev-and-new-initiatives",
        r"new initiatives|汽车等创新|汽車等創新|创新业务|創新業務",
    ),
    ("tesla", "automotive", r"automotive (?:revenue|segment|business|sales|gross)|汽车业务"),
    ("tesla", "energy", r"energy (?:revenue|generation|storage|business|segment)|能源业务|储能业务"),
    ("tesla", "services", r"services (?:and other )?(?:revenue|segment)"),
    ("", "vehicle-sales", r"vehicle (?:sales|revenue)|revenues? from vehicle|汽车销售|車輛銷售|车辆销售"),
)  # fmt: skip
"""Company (empty for any), segment, and the words before a figure that say that it is of that segment."""
_OTHER_PART = re.compile(
    r"overseas|international(?!ly)|abroad|domestic|export|in (?:China|Europe|India|Japan|Germany|Mexico|Brazil)\b"
    r"|海外|境外|国内|國內|中国区|from (?:services|software|advertising|games)|广告|游戏|subsidiar|joint venture",
    re.IGNORECASE,
)
_KIND_OF_THING = re.compile(
    r"battery[- ]electric|plug-in|hybrids?\b|\bBEVs?\b|\bPHEVs?\b|passenger|commercial|premium"
    r"|纯电|純電|插混|插电|混动|增程|乘用|商用|出口|高端|以上",
    re.IGNORECASE,
)
"""Words beside a count that make it one of a part of what the company sells."""
_COUNTED = frozenset({"deliveries", "sales", "production", "smartphone_shipments", "shipments", "registrations"})
_INDEX_WORDS = re.compile(r"index|gauge|constituents?|Hang Seng|恒生|恆生|指数|指數|成份股|成分股", re.IGNORECASE)
_SEGMENT_WORDS = tuple((company, name, re.compile(words, re.IGNORECASE)) for company, name, words in _SEGMENTS)
_CLAUSE = re.compile(r"[;；,，。]\s(?!\d)|\bwhile\b|\band\b(?=.*\b(?:was|were|rose|fell)\b)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim, what its sentence says of its scope, and what was known at its article's time."""

    claim: Claim
    scope: str
    at: datetime
    """From then on nothing counts but figures of periods that were over."""
    day: date
    """The day of the article."""
    known: Known

    @property
    def lines(self) -> tuple[Security, ...]:
        """The company's lines, the primary one first, in the currency of the claim where it has one."""
        lines = [one for one in self.known.watchlist.securities_of(self.claim.company_id) if one.kind != "index"]
        money = self.claim.currency
        return tuple(sorted((one for one in lines if money in ("", one.currency)), key=lambda one: not one.is_primary))

    @property
    def names_no_day(self) -> bool:
        """Tell that the text does not say when: in the morning it may mean the day before."""
        return self.claim.period_end is None or self.claim.is_period_assumed

    @property
    def is_unplaced(self) -> bool:
        """Tell that the text names no day of its own: it holds when the article says so."""
        return self.claim.period_end is None or self.claim.period_end >= self.day


_BASES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(words, re.IGNORECASE))
    for code, words in (
        ("EUR", r"\beuros?\b|欧元|歐元|EUR/"),
        ("USD", r"(?<!Hong Kong )(?<!HK )\bdollars?\b|美元|美金|USD/"),
        ("HKD", r"Hong Kong dollars?|HK dollars?|港元|港币|港幣|HKD/"),
        ("CNY", r"\byuan\b|renminbi|人民币|人民幣|CN[YH]/"),
    )
)
"""Currencies of which one unit is priced, in the order in which texts price them."""


def scope_of(claim: Claim) -> str:
    """Say which part of a company the words before a figure speak of: a segment, `part`, `index` or the group.

    Of a rate it is the currency of which one unit is priced.

    Read when the text is read, as most texts are not kept.
    """
    place = claim.sentence.find(claim.text)
    before = claim.sentence[max(0, place - _REACH) : max(place, 0)]
    clause = _CLAUSE.split(before)[-1]
    end = place + len(claim.text)
    beside = f"{clause[-24:]} {re.split('[,;，；。.]', claim.sentence[end : end + 24])[0]}"
    if claim.metric in _COUNTED and _KIND_OF_THING.search(f"{claim.text} {beside}"):
        return PART
    if claim.metric == "exchange_rate":
        return next((code for code, one in _BASES if code != claim.currency and one.search(claim.sentence)), PART)
    if claim.metric == "pe_ratio":
        return FORWARD if _EXPECTED.search(claim.sentence) else GROUP
    if claim.metric.startswith("share_price"):
        return INTRADAY if _ANY_PRICE.search(before) else GROUP
    if claim.comparison == "rank":
        return INDEX if _INDEX_WORDS.search(claim.sentence) else PART
    for company, segment, words in _SEGMENT_WORDS:
        if company in ("", claim.company_id) and words.search(clause):
            return segment
    if claim.subject == "Xiaomi EV":
        return CARS
    return PART if _OTHER_PART.search(clause) else GROUP
