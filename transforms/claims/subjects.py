"""Whom a number is about: a name in the sentence, the one spoken of before, the headline's, or the main company.

Names come from the watch list. A segment, a plant and a variant of a model are named as the text names them,
beside their company: Xiaomi EV, Tesla Shanghai, Xiaomi SU7 Ultra.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from extractors.watchlist import WatchList
from transforms.claims.claim import UNKNOWN
from transforms.gazetteer import COMPANY, PERSON, PRODUCT, Gazetteer, Mention, Name

NAMED, PRONOUN, HEADLINE, PREVIOUS, ASSUMED = "named", "pronoun", "headline", "previous", "assumed"
_OBJECT_BEFORE = re.compile(
    r"\b(?:than|over(?:took|taking)?|behind|ahead of|against|versus|vs\.?|beat(?:ing)?|surpass(?:ed|ing)?"
    r"|outs(?:old|elling)|like|unlike|compared (?:with|to)|rivals?(?: such as)?|including|such as|from|by|with"
    r"|trails?|passed|partner(?:ed)? with|supplier to|backed by)\s(?:the |its |rivals? )?$|(?:超过|超越|高于"
    r"|低于|落后于?|领先于?|不及|对比|相比|较|比|击败|反超|包括|如|与|和|跟|除了?)$",
    re.IGNORECASE,
)
_HEAD_BEFORE = re.compile(
    r"(?:^|[,，;；:：。.!！?？(（\"“—]|[元%倍点點]\s"
    r"|\b(?:and|while|whereas|but|as|when|at|for|of|in)\b|而|但|其中|则)\s?(?:the "
    r"|rival |carmaker |maker |shares of |at |for )?$", re.IGNORECASE)  # fmt: skip
_VARIANT = re.compile(
    r"\s?(?P<variant>(?:Ultra|Max|Pro|Plus|Mini|Lite|Performance|Long Range|Juniper|L)(?:\s(?:Max|Pro))?)(?![A-Za-z])"
)
_SITE = re.compile(
    r"^(?:'s|的)?\s?(?P<site>上海|柏林|得州|德州|北京|武汉|合肥|深圳|内华达|弗里蒙特|墨西哥"
    r"|[A-ZÀ-Þ][\w\u00c0-\u024f]+(?: [A-Z][a-z]+)?)\s?(?:超级)?(?:factory|plant|site|gigafactory|works|工厂)",
    re.IGNORECASE)  # fmt: skip
_SITES = {
    "上海":
        "Shanghai",
        "柏林": "Berlin", "得州": "Texas", "德州": "Texas", "北京": "Beijing", "武汉": "Wuhan", "合肥": "Hefei",
          "深圳": "Shenzhen", "内华达": "Nevada", "弗里蒙特": "Fremont", "墨西哥": "Mexico"}  # fmt: skip
_FOR = re.compile(r"^[^,，;；.。]{0,12}?(?:\bfor|\bat|\bby|\bfrom|归|属于)\s(?:the )?$", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:analysts? at|buyers|owners|chargers|consumers|respondents|industry|nationwide|China's|the country"
    r"|the government|the market as a whole|tariffs?)\b|全国|美国|关税|全球市场|行业|我国|中国汽车|乘联"
    r"|中汽协|全市|全省"
)
_ANAPHORA = re.compile(
    r"\b(?:the|this|our) (?:company|group|firm|(?:car|phone|smartphone)?maker|stock|business)\b|\bgroup\b|\bits?\b"
    r"|\bwe\b|\bour\b|公司|集团|该股|其(?![余他中实次间它])|我们|\bquarter|季",
    re.IGNORECASE,
)
GROUPS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(words, re.IGNORECASE))
    for name, words in (
        ("buyers", r"\bbuyers\b|购车者|买家"),
        ("owners", r"\bowners\b|车主"),
        ("users", r"\busers\b|用户"),
        ("staff", r"\b(?:staff|employees|workers|workforce)\b|(?<!研发)员工|雇员"),
        ("customers", r"\bcustomers\b|客户|顾客"),
        ("consumers", r"\bconsumers\b|消费者"),
        ("respondents", r"\brespondents\b|受访者"),
    )
)
"""People of whom a sentence counts a part, without saying whose they are."""
CHARGERS = frozenset({"charging_piles", "charging_stations"})
_KNOWN = (
    r"零跑|极氪|問界|问界|岚图|阿维塔|深蓝|智己|哪吒|埃安|长城|长安|奇瑞|上汽|广汽|東風|东风|北汽|华为|華為|荣耀|腾讯|騰訊"
    r"|阿里巴巴|美团|美團|京东|京東|百度|网易|字节跳动|快手|拼多多|联想|聯想|宁德时代|寧德時代|中芯国际|台积电|苹果|蘋果|三星"
    r"|英伟达|微软|谷歌|高通|英特尔|丰田|豐田|本田|日产|大众|宝马|奔驰|奥迪|保时捷|福特|法拉利|格力|美的|海尔|传音|大疆"
    r"|Leapmotor|Zeekr|AITO|Avatr|Chery|SAIC|GAC|Huawei|Honor|Oppo|OPPO|vivo|Vivo|Tencent|Alibaba|Meituan|JD\.com|Baidu"
    r"|NetEase|ByteDance|Lenovo|CATL|SMIC|TSMC|Apple|Samsung|Nvidia|Microsoft|Google|Qualcomm|Intel|Toyota|Honda|Nissan"
    r"|Volkswagen|BMW|Mercedes-Benz|Audi|Porsche|Ford|Ferrari|Transsion"
)
"""Makers and companies that business news often names beside those followed, and that a name alone betrays."""
_OTHER = re.compile(
    r"^(?!(?:The|It|Its|They|Their|We|Our|He|She|This|That|These|Last|Next|Total|Group|Net|Gross|Today"
    r"|Analysts?|China|Chinese)\b)"
    r"(?P<name>[A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,3})(?:'s\s|\s(?:said|reported|delivered|sold|posted|shipped"
    r"|produced|earned|recalled)\b)"
    rf"|^(?P<known>{_KNOWN})(?![A-Za-z])"
    r"|^(?P<chinese>(?!该|本|全|公司|集团|总|上市)[一-鿿]{2,6}?(?:集团|汽车|股份|科技|控股))(?!业务|分部|毛利"
    r"|收入|销量|行业|市场)"
)
SEGMENTS: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "xiaomi": (
        (
            "Xiaomi EV",
            re.compile(
                r"(?:^|[,;] ?|\bits )(?:the )?(?:cars|EVs)\b|\b(?:car|EV|auto|automotive|smart EV"
                r"|vehicle) (?:business|unit|segment|arm|division|revenue)|smart EV|Xiaomi (?:EV|Auto|Motors)"
                r"|小米汽车|汽车(?:分部|业务|板块|等创新业务)|电动(?:汽)?车(?:等创新|业务|分部)|造车业务",
                re.IGNORECASE,
            ),
        ),
    ),
}
"""Parts of a company that texts count apart, by company."""
_CAR_METRICS = frozenset({"deliveries", "production", "cumulative_production", "registrations", "days_since_launch"})


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a number is about."""

    name: str = UNKNOWN
    id: str = ""
    kind: str = ""
    company_id: str = ""
    via: str = ""


NOBODY = Subject()


@dataclass(frozen=True, slots=True)
class Named:
    """One place in a sentence that names somebody."""

    start: int
    end: int
    subject: Subject
    is_object: bool
    """What the sentence compares with, or takes from: than Tesla, behind BYD."""
    is_head: bool
    """Stands where a clause begins."""


@lru_cache(maxsize=4)
def _gazetteer(watchlist: WatchList) -> Gazetteer:
    """Keep the names of a watch list ready, as one run asks for those of one list a thousand times."""
    return Gazetteer(watchlist)


class Subjects:
    """Everybody on a watch list, as subjects of claims."""

    def __init__(self, watchlist: WatchList, day: date | None) -> None:
        self._day = day
        self._gazetteer = _gazetteer(watchlist)
        self._companies = {one.id: one for one in watchlist.companies}
        self._people = {one.id: one for one in watchlist.people}
        self._products = {one.id: one for one in watchlist.products}
        self._posts = {
            one.subject: one.object
            for one in watchlist.relations
            if one.relation == "executive_of"
            and (day is None or ((one.valid_from or day) <= day and (one.valid_to is None or day < one.valid_to)))
        }
        main = next((one for one in watchlist.companies if one.is_main), None)
        self.main = Subject(main.name, main.id, COMPANY, main.id, ASSUMED) if main else NOBODY
        self.currencies = {
            one.id: {one.reporting_currency, *(line.currency for line in watchlist.securities_of(one.id))}
            for one in watchlist.companies
        }

    def find(self, text: str) -> list[Named]:
        """List who is named in a plain text, in order."""
        mentions = self._gazetteer.find(text)
        sure = {name.entity_id for one in mentions for name in one.names if name.kind == COMPANY}
        return [one for mention in mentions for one in self._named(text, mention, sure)]

    def company_of(self, subject: Subject) -> Subject:
        """Give the company behind a product or person."""
        company = self._companies.get(subject.company_id)
        return Subject(company.name, company.id, COMPANY, company.id, subject.via) if company else subject

    def fiscal_year_end(self, subject: Subject) -> str:
        """Give the end of the company's fiscal year as MM-DD."""
        company = self._companies.get(subject.company_id)
        return company.fiscal_year_end if company else "12-31"

    def only_car(self, subject: Subject) -> Subject:
        """Give the car of a company, where it had launched just one by the day of the text."""
        cars = [
            one
            for one in self._products.values()
            if one.company == subject.company_id
            and one.kind == "car"
            and one.launched
            and (self._day is None or one.launched <= self._day)
        ]
        return Subject(cars[0].name, cars[0].id, PRODUCT, cars[0].company, subject.via) if len(cars) == 1 else subject

    def model_of(self, subject: Subject) -> Subject:
        """Give the model of a variant, under its own name."""
        product = self._products.get(subject.id)
        if subject.kind != PRODUCT or product is None:
            return subject
        return replace(subject, name=self._full_name(product.name, product.company))

    def _full_name(self, product: str, company_id: str) -> str:
        company = self._companies[company_id].name
        return product if company.split()[0].lower() in product.lower() else f"{company} {product}"

    def most_named(self, names: Sequence[Named]) -> Subject:
        """Give the company that a text is mostly about."""
        counts = Counter(one.subject.company_id for one in names if one.subject.company_id)
        if not counts:
            return NOBODY
        company = self._companies[counts.most_common(1)[0][0]]
        return Subject(company.name, company.id, COMPANY, company.id, PREVIOUS)

    def _named(self, text: str, mention: Mention, sure: set[str]) -> list[Named]:
        for name in mention.names:
            subject = self._subject(name)
            is_word = name.rule.needs_company and not name.text.isascii()
            if is_word and subject.company_id not in sure and name.kind != PERSON:
                continue
            before = text[max(0, mention.start - 24) : mention.start]
            end, subject = self._wider(text, mention.end, subject)
            return [
                Named(
                    mention.start, end, subject, bool(_OBJECT_BEFORE.search(before)), bool(_HEAD_BEFORE.search(before))
                )
            ]
        return []

    def _subject(self, name: Name) -> Subject:
        if name.kind == COMPANY:
            return Subject(self._companies[name.entity_id].name, name.entity_id, COMPANY, name.entity_id, NAMED)
        if name.kind == PERSON:
            person = self._people[name.entity_id]
            return Subject(person.name, person.id, PERSON, self._posts.get(person.id, ""), NAMED)
        product = self._products[name.entity_id]
        full = self._full_name(product.name, product.company)
        return Subject(full, product.id, PRODUCT, product.company, NAMED)

    def _wider(self, text: str, end: int, subject: Subject) -> tuple[int, Subject]:
        """Take the variant of a model, or the site of a company, into the name."""
        if subject.kind == PRODUCT:
            found = _VARIANT.match(text, end)
            end = found.end() if found else end
            written = text[max(0, end - 24) : end]
            variant = re.search(r"(?:Ultra|Max|Pro|Plus|Mini)(?: (?:Max|Pro))?$", written)
            name = f"{subject.name} {variant[0]}" if variant and variant[0] not in subject.name else subject.name
            return end, replace(subject, name=name)
        found = _SITE.match(text[end : end + 40]) if subject.kind == COMPANY else None
        if found:
            site = _SITES.get(found["site"], found["site"])
            return end + found.end(), replace(subject, name=f"{subject.name} {site}")
        return end, subject


def choose(names: Sequence[Named], text: str, start: int, end: int) -> Subject | None:
    """Pick from the names of a sentence the one that a number at a place is about."""
    after = next((one for one in names if one.start >= end and _FOR.match(text[end : one.start])), None)
    if after:
        return after.subject
    left = [one for one in names if one.end <= start and not one.is_object]
    heads = [one for one in left if one.is_head] or left[:1]
    if heads:
        return _most_exact(heads[-1], left)
    right = [one for one in names if one.start >= end and not one.is_object]
    if right:
        return right[0].subject
    return None


def _most_exact(named: Named, names: Sequence[Named]) -> Subject:
    """Take the product whose name follows that of its maker: 特斯拉Model Y is the car."""
    return next(
        (
            one.subject
            for one in names
            if named.end <= one.start <= named.end + 1
            and one.subject.kind == PRODUCT
            and one.subject.company_id == named.subject.company_id
        ),
        named.subject,
    )


def with_segment(subject: Subject, metric: str, text: str) -> Subject:
    """Name the part of the company that a clause speaks of, where the company is counted in parts."""
    if subject.kind != COMPANY:
        return subject
    for name, words in SEGMENTS.get(subject.id, ()):
        if words.search(text) or (metric in _CAR_METRICS and subject.via != NAMED):
            return replace(subject, name=name)
    return subject


def other(text: str) -> str:
    """Name the company that opens a sentence and is not on the list; empty where none does."""
    found = _OTHER.match(text)
    return (found["name"] or found["known"] or found["chinese"] or "") if found else ""


def group_of(text: str) -> str:
    """Name the people that a sentence counts a part of, by the first word for them; empty where there is none."""
    found = [(match.start(), name) for name, words in GROUPS if (match := words.search(text))]
    return min(found)[1] if found else ""


def speaks_of_company(text: str) -> bool:
    """Tell a sentence that means a company spoken of elsewhere: the group, its, 公司, a quarter of its results."""
    return bool(_ANAPHORA.search(text))


def is_about_others(text: str) -> bool:
    """Tell a sentence about a market, an industry or a group of people from one about the company of the text."""
    return bool(_ELSEWHERE.search(text))
