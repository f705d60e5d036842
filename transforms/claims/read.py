"""Read the numeric claims of a text: sentence by sentence, number by number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from extractors.watchlist import WatchList
from transforms.claims import subjects as who
from transforms.claims.amounts import Amount
from transforms.claims.claim import UNKNOWN, Claim
from transforms.claims.comparisons import BEAT, GUIDANCE, directions
from transforms.claims.currencies import UNSETTLED, of_the_text
from transforms.claims.measure_words import BY_CODE, COUNT_FAMILIES, COUNT_FLOW, FLOW, QUOTE, RATIO, Measure
from transforms.claims.metric_choice import choose_metric
from transforms.claims.metric_names import metric_name
from transforms.claims.period import Period, in_fiscal_year
from transforms.claims.period_choice import end_of_frame, said_period, settle_period
from transforms.claims.plain import Plain
from transforms.claims.qualifiers import EXACT, REPORTED, is_reported, qualifier
from transforms.claims.relations import Relation, is_base, is_rate, relate
from transforms.claims.scene import Scene, set_scene
from transforms.claims.scripts import is_traditional
from transforms.claims.sentences import Sentence, sentences
from transforms.claims.subjects import NOBODY, Subject, Subjects
from transforms.claims.unit_choice import Money, normalised, settle_currency, settle_unit
from transforms.claims.units import MONEY, RATES
from transforms.gazetteer import COMPANY, PERSON, PRODUCT

_COMPANY_METRICS = frozenset(
    [
        "revenue",
        "cost_of_sales",
        "gross_profit",
        "operating_profit",
        "net_profit",
        "net_loss",
        "adjusted_net_profit",
        "market_cap",
        "share_price",
        "share_price_open",
        "share_price_close",
        "share_price_change",
        "share_price_change_abs",
        "cash_reserves",
        "pe_ratio",
        "turnover",
        "placing_price",
        "placing_proceeds",
        "placing_shares",
        "placing_discount",
        "target_price",
        "rd_expense",
        "rd_staff",
    ]
)
_NEVER_ASSUMED = frozenset({UNKNOWN, "share", "annual_salary", "vehicle_margin", "gdp"})
"""What a text must name somebody for: vehicle margin is a figure of companies that make nothing but cars."""
_OF_ANYBODY = frozenset(
    {
        "revenue", "cost_of_sales", "gross_profit", "gross_margin", "operating_profit", "operating_margin", "ebit",
        "net_profit", "net_loss", "net_margin", "margin", "inventory_days", "eps",
    }
)  # fmt: skip
"""Figures that every company has: a lone sentence that names neither a time nor `the company` may be of anybody."""
_OF_MODELS = frozenset({"orders", "deliveries", "production", "sales"})
"""What is counted of a model, not of a variant that another clause names."""
_OF_PRODUCTS = frozenset(
    [
        "price",
        "price_presale",
        "price_change",
        "acceleration_0_100",
        "range",
        "top_speed",
        "battery_capacity",
        "orders",
        "sales_target",
    ]
)
_OF_PEOPLE = frozenset({"annual_salary", "net_worth", UNKNOWN, "share"})
_OF_MARKETS = frozenset({"index_level", "share_price", "share_price_close", "turnover"})
_DEAREST_SHARE = 10_000
_HONG_KONG = ("zh-hant", "zh-hk", "zh-tw", "zh-mo")
_LONGEST_FRAGMENT = 600
"""Characters: a longer text that names nobody on the list is not about its main company."""
_CARRIED = frozenset({"quarter", "month", "year", "half", "nine_months", "span"})
"""Kinds of times that hold for the sentences after them."""
_OVER_TIME = frozenset({FLOW, RATIO, COUNT_FLOW})
_LIST = re.compile(r"(?:,|、|\band|\bthen|\bfinally|\bto|\bversus|\bfrom|至|到|和)\s?[^\d]{0,24}$")


@dataclass(slots=True)
class Memory:
    """What the sentences before have spoken of."""

    subject: Subject = NOBODY
    measure: Measure | None = None
    period: Period | None = None
    year: int | None = None
    """Of the paragraph."""
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Reader:
    """What holds for the whole text."""

    plain: Plain
    published: date | None
    subjects: Subjects
    headline: Subject
    main_of_text: Subject
    is_hong_kong: bool
    stated_currency: str
    trading: dict[str, str] = field(default_factory=dict)


def read_claims(
    text: str, *, published: date | None, language: str | None = None, watchlist: WatchList, title: str = ""
) -> tuple[Claim, ...]:
    """Read every numeric claim of a text, in order, with whom and what it is about and when.

    `published` is the day of the text, from which `last month` is counted; without it only stated years are placed.
    `language` (BCP 47) tells Hong Kong and Taiwan texts where their characters do not. Offsets count characters of
    `text` as given. Linear in the length of the text.
    """
    plain = Plain.of(text)
    subjects = Subjects(watchlist, published)
    in_title = subjects.find(Plain.of(title).text) if title else []
    in_text = subjects.find(plain.text)
    headline = next((replace(one.subject, via=who.HEADLINE) for one in in_title if not one.is_object), NOBODY)
    is_hong_kong = (language or "").lower().startswith(_HONG_KONG) or is_traditional(plain.text)
    reader = Reader(
        plain, published, subjects, headline, subjects.most_named([*in_title, *in_text]),
        is_hong_kong,
        of_the_text(plain.folded),
        {company.id: _trading(watchlist, company.id, is_hong_kong=is_hong_kong) for company in watchlist.companies},
    )  # fmt: skip
    memory = Memory(subject=headline)
    return tuple(claim for sentence in sentences(plain.folded) for claim in _claims_of(reader, memory, sentence))


def _trading(watchlist: WatchList, company: str, *, is_hong_kong: bool) -> str:
    """Give the money that 元 means in prices of a share: Hong Kong's where it trades there and not on the mainland."""
    exchanges = {line.exchange for line in watchlist.securities_of(company)}
    if "XHKG" not in exchanges:
        return ""
    is_primary = any(line.is_primary and line.exchange == "XHKG" for line in watchlist.securities_of(company))
    is_of_mainland = bool(exchanges & {"XSHE", "XSHG"})
    return "HKD" if is_hong_kong or (is_primary and not is_of_mainland) else ""


def _claims_of(reader: Reader, memory: Memory, sentence: Sentence) -> Iterator[Claim]:
    text = reader.plain.folded[sentence.start : sentence.end]
    names = reader.subjects.find(reader.plain.text[sentence.start : sentence.end])
    carries_metric = memory.measure is not None
    if memory.paragraph != sentence.paragraph:
        memory.paragraph, memory.measure, memory.year = sentence.paragraph, None, None
    scene = set_scene(
        text, names, reader.published, carries_metric=carries_metric, told_year=memory.year, told=memory.period
    )
    if not sentence.is_question:
        yield from _of_scene(reader, memory, sentence, scene)
    _remember(memory, scene)


def _remember(memory: Memory, scene: Scene) -> None:
    subject = next((one.subject for one in scene.names if not one.is_object), None)
    memory.subject = replace(subject, via=who.PREVIOUS) if subject else memory.subject
    measures = [one.measure for one in scene.measures if one.measure.family in (*COUNT_FAMILIES, FLOW, RATIO, QUOTE)]
    memory.measure = measures[0] if measures else memory.measure
    told = [one.period for one in scene.periods if one.period and not is_base(scene, one.start, one.end)]
    periods = [one for one in told if one.kind in _CARRIED and not one.is_start]
    memory.period = periods[0] if periods else memory.period
    years = [one.start.year for one in told if one.start and one.kind != "duration" and not one.counts_from]
    memory.year = years[0] if years else memory.year


def _of_scene(reader: Reader, memory: Memory, sentence: Sentence, scene: Scene) -> Iterator[Claim]:
    relations: list[Relation] = []
    units: list[tuple[str, str]] = []
    last: Measure | None = memory.measure if not scene.measures else None
    for amount in scene.amounts:
        measure = choose_metric(scene, amount, last)
        subject = _subject(reader, memory, scene, amount)
        measure = _by_market(scene, amount, subject, measure)
        changes = is_rate(amount)
        said = said_period(scene, amount, measure, is_rate=changes)
        relation = relate(scene, amount, measure, said or memory.period, relations)
        if relation.comparison == "to":
            later = said_period(scene, amount, measure, is_rate=changes, after=end_of_frame(scene, amount))
            said = later or (said if measure and measure.family in _OVER_TIME else None)
        claim = _claim(reader, memory, sentence, scene, amount, measure, subject, relation, said, units)
        relations.append(relation)
        units.append((claim.unit, claim.currency))
        last = measure or last
        yield claim


def _claim(
    reader: Reader, memory: Memory, sentence: Sentence, scene: Scene, amount: Amount, measure: Measure | None,
    subject: Subject, relation: Relation, said: Period | None, units: list[tuple[str, str]],
) -> Claim:  # fmt: skip
    changes = is_rate(amount)
    is_list = bool(_LIST.search(scene.before(amount, 30)))
    unit = settle_unit(amount, measure, units, is_list=is_list)
    is_guidance = bool(GUIDANCE.search(scene.text[: amount.start])) and not BEAT.search(scene.text)
    is_target = relation.comparison == "target"
    is_money = any(earlier.startswith(MONEY) for earlier, _ in units)
    metric = metric_name(
        amount, unit, measure, relation, is_guidance=is_guidance, is_target=is_target, is_money=is_money
    )
    subject = _settled(reader, scene, subject, metric, measure, amount, relation)
    trading = reader.trading.get(subject.company_id or reader.subjects.main.company_id, "")
    currency = settle_currency(amount, unit, measure, Money(reader.stated_currency, trading), units)
    chosen = settle_period(
        scene, amount, said, measure, relation, carried=None if scene.says_time else memory.period,
        is_known=subject.name != UNKNOWN, is_rate=changes,
    )  # fmt: skip
    period = chosen.period and in_fiscal_year(chosen.period, reader.subjects.fiscal_year_end(subject))
    code, start, end = qualifier(scene.text, amount.start, amount.end)
    code = "over" if code == EXACT and amount.is_more else code
    code = REPORTED if is_reported(scene.text) else code
    low, high = normalised(amount, unit, metric, relation)
    written = reader.plain.span(sentence.start + start, sentence.start + end)
    whole = reader.plain.span(sentence.start, sentence.end)
    source = reader.plain.source
    return Claim(
        subject=subject.name,
        subject_id=subject.id,
        company_id=subject.company_id,
        subject_via=subject.via,
        metric=metric,
        warehouse_metric=measure.stored_as if measure and metric != UNKNOWN else "",
        text=source[slice(*written)],
        value=amount.value,
        unit=unit,
        currency=currency,
        normalised=low,
        normalised_max=high,
        period=period.code if period else "",
        period_kind=period.kind if period else "",
        period_start=period.start if period else None,
        period_end=period.end if period else None,
        is_period_assumed=chosen.is_assumed,
        comparison=relation.comparison,
        direction=relation.direction,
        qualifier=code,
        sentence=source[slice(*whole)],
        start=written[0],
        end=written[1],
    )


def _subject(reader: Reader, memory: Memory, scene: Scene, amount: Amount) -> Subject:
    """Find whom a number is about: named in the sentence, else spoken of before, else the text's or list's main one."""
    named = who.choose(scene.names, scene.text, amount.start, amount.end)
    if named:
        return named
    other = who.other(scene.text)
    if other and not any(one.start < len(other) for one in scene.measures):
        return Subject(name=other, via=who.NAMED)
    if memory.subject is not NOBODY:
        return memory.subject
    if reader.main_of_text is not NOBODY:
        return reader.main_of_text
    is_fragment = len(reader.plain.text) <= _LONGEST_FRAGMENT
    return reader.subjects.main if is_fragment and not who.is_about_others(scene.text) else NOBODY


def _settled(
    reader: Reader, scene: Scene, subject: Subject, metric: str, measure: Measure | None, amount: Amount,
    relation: Relation,
) -> Subject:  # fmt: skip
    """Turn to whom such a metric can belong to: the company of a person, the only car of an assumed company, nobody."""
    if measure and measure.code == "index_level":
        return Subject(name=_index_name(scene, amount))
    if subject.via in ("", who.ASSUMED) and not scene.names and (group := _group(scene, metric, relation)):
        return Subject(name=group)
    if subject.via == who.ASSUMED and (
        metric in _NEVER_ASSUMED or _is_foreign(reader, scene, subject) or _is_of_anybody(scene, metric, subject)
    ):
        return NOBODY
    if subject.via == who.ASSUMED and metric in _OF_PRODUCTS:
        return reader.subjects.only_car(subject)
    if subject.company_id and (
        (subject.kind == PERSON and metric not in _OF_PEOPLE and not metric.endswith("followers"))
        or (subject.kind == PRODUCT and metric in _COMPANY_METRICS)
    ):
        subject = reader.subjects.company_of(subject)
    if metric in _OF_MODELS and not _names_in_clause(scene, amount):
        subject = reader.subjects.model_of(subject)
    clause = re.split(r"[;；]", scene.text[: amount.start])[-1]
    return who.with_segment(subject, metric, clause)


def _group(scene: Scene, metric: str, relation: Relation) -> str:
    """Name the people or things that a number counts a part of, where the sentence names nobody."""
    if who.speaks_of_company(scene.text):
        return ""
    if metric in who.CHARGERS:
        return "chargers"
    return who.group_of(scene.text) if relation.comparison == "share_of" else ""


def _is_of_anybody(scene: Scene, metric: str, subject: Subject) -> bool:
    """Tell a figure of any company in a sentence that says neither when nor of which part or company."""
    is_open = metric in _OF_ANYBODY and not scene.says_time and not who.speaks_of_company(scene.text)
    return is_open and who.with_segment(subject, metric, scene.text) == subject


def _names_in_clause(scene: Scene, amount: Amount) -> bool:
    """Tell whether the clause of a number names somebody itself."""
    first = max((place + 1 for place, _ in scene.breaks if place < amount.start), default=0)
    last = min((place for place, _ in scene.breaks if place >= amount.end), default=len(scene.text))
    return any(first <= one.start < last for one in scene.names)


def _index_name(scene: Scene, amount: Amount) -> str:
    """Give the name of the index nearest before a number, as the text writes it."""
    found = [one for one in scene.measures if one.measure.code == "index_level"]
    nearest = min(found, key=lambda one: abs(one.end - amount.start), default=None)
    if nearest is None:
        return UNKNOWN
    return re.sub(
        r"^the |\s(?:index|gauge|benchmark)$", "", scene.text[nearest.start : nearest.end], flags=re.IGNORECASE
    )


def _is_foreign(reader: Reader, scene: Scene, subject: Subject) -> bool:
    """Tell a sentence whose first money is of a currency in which the company neither reports nor trades."""
    known = reader.subjects.currencies.get(subject.company_id, set())
    money = [one.currency for one in scene.amounts if one.unit == MONEY and one.currency not in ("", UNSETTLED)]
    return bool(money) and money[0] not in known


def _by_market(scene: Scene, amount: Amount, subject: Subject, measure: Measure | None) -> Measure | None:
    """Take prices and changes of a company without any other metric for those of its share."""
    if subject.kind != COMPANY or any(one.measure.code not in _OF_MARKETS for one in scene.measures):
        return measure
    if measure and measure.code != "share_price":
        return measure
    has_quote = any(one.unit == MONEY and one.scale == 1 and one.value < _DEAREST_SHARE for one in scene.amounts)
    if not has_quote or (amount.unit != MONEY and amount.unit not in RATES) or not directions(scene.text):
        return measure
    ends = re.search(r"(?:\bto|\bat|至|到|报)\s?$", scene.before(amount)) and amount.unit == MONEY
    return BY_CODE["share_price_close" if ends else "share_price"]


__all__ = ["read_claims"]
