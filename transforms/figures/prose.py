"""Figures that stand in sentences only: counts, money and margins, by the claims grammar and stricter rules.

Know that      a number counts where its sentence names its period, its product and its part of the business, or where
               the document leaves no other; what the company expects or wants is never an actual figure
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from extractors.filings.document import Document
from extractors.watchlist import Company, WatchList
from transforms.claims import Claim, read_claims
from transforms.figures import prose_words as words
from transforms.figures.arithmetic import Rate
from transforms.figures.figure import ALL, GROUP, Figure, Period, Place
from transforms.figures.paragraphs import Running, running_text
from transforms.figures.product_names import PARTS, product_of
from transforms.figures.prose_parts import only_label, segment_of
from transforms.figures.prose_periods import day_of_claim, main_of, names_time, span_of_claim

COUNTS = {
    "deliveries": ("deliveries", "vehicles"), "sales": ("sales_volume", "vehicles"),
    "production": ("production", "vehicles"), "smartphone_shipments": ("smartphone_shipments", "units"),
    "energy_storage": ("energy_storage_deployed", "GWh"),
}  # fmt: skip
LEVELS = {
    "stores": ("stores", "stores"), "charging_stations": ("charging_stations", "stations"),
    "charging_piles": ("charging_piles", "piles"), "monthly_active_users": ("monthly_active_users", "people"),
    "iot_devices": ("iot_devices", "devices"),
}  # fmt: skip
MONEY = {
    "revenue": "revenue", "gross_profit": "gross_profit", "operating_profit": "operating_profit",
    "operating_loss": "operating_profit", "net_profit": "net_profit", "net_loss": "net_profit",
    "adjusted_net_profit": "adjusted_net_profit", "adjusted_net_loss": "adjusted_net_profit",
    "rd_expense": "research_and_development",
}  # fmt: skip
BALANCES = {"cash_reserves": "cash_resources"}
RATES = {"gross_margin": "gross_margin", "vehicle_margin": "vehicle_margin"}
_BASES = frozenset({"yoy", "qoq", "mom"})
_UNITS = {
    "deliveries": ("vehicles", "units", ""), "sales": ("vehicles", "units", ""),
    "production": ("vehicles", "units", ""),
    "smartphone_shipments": ("phones", "units"), "energy_storage": ("gwh",), "stores": ("stores",),
    "charging_stations": ("stations",), "charging_piles": ("piles",), "monthly_active_users": ("users",),
    "iot_devices": ("devices",),
}  # fmt: skip
_QUALIFIERS = {"exact": "exact", "approx": "about", "over": "over", "nearly": "nearly", "at_least": "at_least"}
_LEVEL_SAID = frozenset({"", "record", "cumulative", "from", "prior_period", "prior_year", "to"})
_BEFORE_NUMBER = re.compile(
    r"(?:\bby|\bup|\bdown|\brose|\bgrew|\bfell|(?:in|de)crease of|rise of|drop of|gain of|another|additional|更多|"
    r"增加了?|增长了?|增長了?|"
    r"减少了?|減少了?|多|少|增|减|減)\s*$",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(
    r"^\s*(?:units?|vehicles?|cars?)?(?:,? or (?:about )?\d[\d.]*%,? (?:up|more|higher|down|fewer|less|lower)"
    r"| (?:more|higher|fewer|less|lower|above|below|short))\b|"
    r"^\s*(?:mark|milestone|threshold|th\b|大关|大關)",
    re.IGNORECASE,
)
_OTHER_PROFIT = re.compile(
    r"attributable|per (?:share|ads|ordinary)|归属|歸屬|每股|归母|歸母|纯利|純利|"
    r"excluding|before (?:income )?tax|除税前|除稅前",
    re.IGNORECASE,
)
_ADJUSTED = re.compile(r"adjusted|non-(?:gaap|ifrs)|经调整|經調整|非国际|非國際", re.IGNORECASE)
_NOT_ALL_OF = {
    "monthly_active_users": re.compile(
        r"\bTV|tablet|电视|電視|mainland|china|中国大陆|中國大陸|境内|境內", re.IGNORECASE
    ),
    "iot_devices": re.compile(r"users? with|five or more|or more|五件|5件|用户数|用戶數|拥有|擁有", re.IGNORECASE),
    "smartphone_shipments": re.compile(
        r"premium|high-end|mainland|china|overseas|india|高端|境外|境内|中国大陆|中國大陸", re.IGNORECASE
    ),
}
_ABROAD = re.compile(r"overseas|abroad|outside|海外|境外", re.IGNORECASE)
_A_PRICE = re.compile(r"\bASPs?\b|average selling price|per unit|均价|均價|平均售价|平均售價", re.IGNORECASE)
_LEAST_MONEY = 1_000_000
"""Below which an amount is a price, not what a company turns over."""
_RESOURCES = re.compile(r"cash resources|现金资源|現金資源|现金储备|現金儲備", re.IGNORECASE)
"""Cash as a company defines it; cash and equivalents are a line of the balance sheet."""
_PROFIT_FOR = re.compile(
    r"(?<=profit )for the (?:period|quarter|year)\b(?! ended)|(?<=loss )for the (?:period|"
    r"quarter|year)\b(?! ended)"
)
_STORAGE = re.compile(
    r"^(?!.*(?:batter(?:y|ies)\b(?! storage)|电池|電池)).*(?:storage|储能|儲能)", re.IGNORECASE | re.DOTALL
)
"""Storage put up for customers; batteries that a maker builds are counted in the same unit."""
_DIGIT = re.compile(r"\d")
_THROUGH = re.compile(
    r"\bthrough (?:the )?(?:first|second|third|fourth|end|q[1-4]|jan|feb|mar|apr|may|jun|jul|"
    r"aug|sep|oct|nov|dec)",
    re.I,
)
"""Words that make a year's count end before the year: grammar takes the quarter for the period."""
_LATE = timedelta(days=45)
"""Days after the end of a period within which guidance for it may still be spoken of."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    claims: Sequence[Claim]
    start: int
    """Offset in the running text."""
    is_in_same_paragraph: bool = False
    """No line ends between it and the sentence before."""

    def bounds(self, number: int) -> tuple[int, int, int, int]:
        """Give start and end of a number in the sentence, the end of the one before and the start of the one after."""
        one = self.claims[number]
        before = self.claims[number - 1].end - self.start if number else 0
        after = self.claims[number + 1].start - self.start if number + 1 < len(self.claims) else len(self.text)
        return one.start - self.start, one.end - self.start, before, after


@dataclass(frozen=True, slots=True)
class _Reader:
    published: date
    company: Company
    main: Period | None
    page: int
    running: Running
    names: frozenset[str]
    others: re.Pattern[str]
    carries: bool = True
    """Nothing since the beginning has spoken of another period than the document's own or one before it."""
    segment: str = ""
    """The segment that the last sentences have spoken of."""


def read_prose(document: Document, *, published: date, company: Company, language: str = "") -> tuple[Figure, ...]:
    """Read the sentences of a document of a company, in English and Chinese; what is open gives nothing."""
    return _agreed(figure for figures, _ in _pages(document, published, company, language) for figure in figures)


def read_rates(document: Document, *, published: date, company: Company, language: str = "") -> tuple[Rate, ...]:
    """Read the growth that sentences state of their own figures, to check it; it is kept apart from computed growth."""
    return tuple(rate for _, rates in _pages(document, published, company, language) for rate in rates)


@lru_cache(maxsize=1)
def _pages(
    document: Document, published: date, company: Company, language: str
) -> tuple[tuple[Sequence[Figure], Sequence[Rate]], ...]:
    """Read a document once for both its figures and its rates."""
    return tuple(_each_sentence(document, published, company, language))


def _each_sentence(
    document: Document, published: date, company: Company, language: str
) -> Iterator[tuple[Sequence[Figure], Sequence[Rate]]]:
    """Give figures and rates of each sentence."""
    watchlist = WatchList(companies=(replace(company, is_main=True),))
    whole = [name.lower() for name in (company.name, company.name_zh, *company.aliases) if name]
    names = frozenset([*whole, *(word for name in whole for word in name.split())])
    main: Period | None = None
    carries, segment = True, ""
    for page in document.pages:
        running = running_text(page.text)
        claims = list(
            read_claims(
                _read_as(running.text),
                published=published,
                language=language or None,
                watchlist=watchlist,
                title=company.name,
            )
        )
        main = main or main_of(claims)
        reader = _Reader(published, company, main, page.number, running, names, _others(names))
        for sentence in _sentences(claims, running):
            yield _read(replace(reader, carries=carries, segment=segment), sentence)
            segment = only_label(sentence.text, company.id) or ("" if names_time(sentence.text) else segment)
            carries = _still_carries(sentence, main, carries=carries)


def _read_as(text: str) -> str:
    """Blank out `for the period` after profits, which names no period, so that each character keeps its place."""
    return _PROFIT_FOR.sub(lambda found: " " * len(found[0]), text)


def _others(names: frozenset[str]) -> re.Pattern[str]:
    others = [one for one in words.MAKERS if not any(one.lower() in name for name in names)]
    return re.compile("|".join(rf"\b{re.escape(one)}\b" if one.isascii() else re.escape(one) for one in others))


def _still_carries(sentence: _Sentence, main: Period | None, *, carries: bool) -> bool:
    """Tell whether a sentence without time is still of the document's own period: the last one named was that."""
    if main is None or not names_time(sentence.text):
        return carries
    periods = {
        (one.period_start, one.period_end)
        for one in sentence.claims
        if one.period_end and one.period_start and one.comparison in ("", "record", "cumulative")
    }
    later = {days for days in periods if days[1] and days[1] >= main.end}
    return later <= {(main.start, main.end)} if later else carries


def _sentences(claims: Sequence[Claim], running: Running) -> Iterator[_Sentence]:
    at, read = 0, _read_as(running.text)
    for text, group in groupby(claims, key=lambda one: one.sentence):
        listed = list(group)
        first = listed[0]
        start = read.rfind(text, at, first.start + len(text))
        if start < 0 or not start <= first.start < start + len(text):
            continue
        whole = running.text[start : start + len(text)]
        inside = [replace(one, sentence=whole) for one in listed if one.start < start + len(text)]
        yield _Sentence(whole, inside, start, "\n" not in running.text[at:start])
        at = start


def _read(reader: _Reader, sentence: _Sentence) -> tuple[Sequence[Figure], Sequence[Rate]]:
    text = sentence.text
    if reader.others.search(text) or words.RESPECTIVELY.search(text) or words.CONDITIONS.search(text):
        return (), ()
    each = list(_each(reader, sentence))
    found = [one for _, one in each]
    is_ahead = any(one.status == "guidance" for one in found)
    return (list(_ranges(found)), ()) if is_ahead else (found, list(_rates(sentence, each)))


def _rates(sentence: _Sentence, each: Sequence[tuple[int, Figure]]) -> Iterator[Rate]:
    """Give what grew by so much: the last figure of the whole before the rate, of the same metric."""
    for number, claim in enumerate(sentence.claims):
        if claim.unit != "percent" or claim.comparison not in _BASES or claim.direction not in ("up", "down"):
            continue
        levels = [
            one
            for at, one in each
            if at < number
            and sentence.claims[at].metric == claim.metric
            and sentence.claims[at].comparison in ("", "record")
            and not one.is_convenience_translation
        ]
        whole = [one for one in levels if one.product == ALL and one.segment == GROUP] or levels
        if whole and claim.normalised_max is None:
            percent = claim.normalised * 100 * (-1 if claim.direction == "down" else 1)
            yield Rate(whole[-1], claim.comparison, percent, " ".join(claim.sentence.split())[:160])


def _ranges(figures: Sequence[Figure]) -> Iterator[Figure]:
    """Make one range of the two ends of guidance, which a sentence gives as two amounts of one metric."""
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for one in figures:
        groups.setdefault((one.metric, one.product, one.segment, one.period, one.currency, one.status), []).append(one)
    for group in groups.values():
        first, last = group[0], group[-1]
        if len(group) == 2 and first.status == "guidance" and first.value < last.value:
            yield replace(first, value_high=last.value)
        else:
            yield from group


def _each(reader: _Reader, sentence: _Sentence) -> Iterator[tuple[int, Figure]]:
    last: Figure | None = None
    for number, claim in enumerate(sentence.claims):
        if claim.comparison == "equivalent" and claim.currency:
            if last is not None and last.unit == "currency" and last.currency != claim.currency:
                yield number, _translated(reader, claim, last)
            continue
        last = _figure(reader, sentence, number, claim)
        if last is not None:
            yield number, last


def _figure(reader: _Reader, sentence: _Sentence, number: int, claim: Claim) -> Figure | None:
    start, end, before, after = sentence.bounds(number)
    text = sentence.text
    status = _status(text, start, end, before, after, claim)
    is_ours = claim.company_id == reader.company.id or claim.subject.lower() in reader.names
    if not is_ours or status is None or claim.qualifier not in _QUALIFIERS:
        return None
    is_range = claim.comparison == "range" and status == "guidance"
    if not (claim.comparison in _LEVEL_SAID or is_range or (claim.comparison == "target" and status == "target")):
        return None
    if _BEFORE_NUMBER.search(text[:start]) or _AFTER_NUMBER.search(text[end:]) or words.SINGLE.search(text):
        return None
    code = claim.metric.removesuffix("_guidance").removesuffix("_target")
    if code != claim.metric and status == "actual":
        return None
    made = _of_count(reader, sentence, number, claim, code) or _of_money(reader, sentence, number, claim, code)
    if made is None or not _is_in_time(made.period, status, reader.published):
        return None
    return replace(made, status=status)


def _status(text: str, start: int, end: int, before: int, after: int, claim: Claim) -> str | None:
    """Tell what is, what is aimed at and what others thought; None where words behind a number may turn it."""
    left, right = text[:start], text[end:after]
    if words.EXPECTED.search(text[before:start]) or words.EXPECTED.match(right.lstrip()):
        return "estimate"
    if claim.metric.endswith("_target") or claim.comparison == "target" or words.AIM.search(left):
        return "target"
    if claim.metric.endswith("_guidance") or words.AHEAD.search(left):
        return "guidance"
    return None if words.AHEAD.search(right) or words.AIM.search(right) else "actual"


def _is_in_time(period: Period, status: str, published: date) -> bool:
    if status == "actual":
        return period.end <= published
    return status == "estimate" or period.end + _LATE >= published


def _of_count(reader: _Reader, sentence: _Sentence, number: int, claim: Claim, code: str) -> Figure | None:
    known = COUNTS.get(code) or LEVELS.get(code)
    if known is None or claim.unit not in _UNITS[code] or not _DIGIT.search(claim.text):
        return None
    if code != "energy_storage" and (claim.normalised % 1 or _THROUGH.search(sentence.text)):
        return None
    metric, unit = known
    start, end, before, after = sentence.bounds(number)
    if (narrow := _NOT_ALL_OF.get(metric)) and narrow.search(sentence.text[before:after]):
        return None
    if code == "energy_storage" and not _STORAGE.search(sentence.text[before:after]):
        return None
    if code in LEVELS:
        is_abroad = _ABROAD.search(sentence.text[before:after]) is not None
        product, period = None if is_abroad else ALL, day_of_claim(claim)
    else:
        is_new = number > 0 and sentence.claims[number - 1].warehouse_metric != claim.warehouse_metric
        product = product_of(sentence.text, start, end, before, after, reader.names, is_new_metric=is_new)
        period = span_of_claim(claim, reader.main, may_carry=reader.carries and claim.comparison == "")
    if product is None or period is None:
        return None
    return _made(reader, claim, metric, claim.normalised, claim.normalised_max, unit, period, product=product)


def _of_money(reader: _Reader, sentence: _Sentence, number: int, claim: Claim, code: str) -> Figure | None:
    start, end, before, after = sentence.bounds(number)
    is_rate = code in RATES and claim.unit == "percent" and claim.comparison != "from"
    is_money = bool(claim.currency) and claim.unit.startswith("money")
    if code in BALANCES and is_money and _RESOURCES.search(sentence.text[:start]):
        day = day_of_claim(claim)
        made = (
            _made(reader, claim, BALANCES[code], claim.normalised, claim.normalised_max, "currency", day)
            if day
            else None
        )
        return None if PARTS.search(sentence.text[:start]) else made
    if not is_rate and not (code in MONEY and is_money):
        return None
    clause = sentence.text[before:after]
    if (code in MONEY and code.endswith(("profit", "loss")) and _OTHER_PROFIT.search(clause)) or (
        not code.startswith("adjusted") and _ADJUSTED.search(sentence.text[before:start])
    ):
        return None
    if code in MONEY and (abs(claim.normalised) < _LEAST_MONEY or _A_PRICE.search(clause)):
        return None
    period = span_of_claim(claim, reader.main, may_carry=reader.carries and sentence.is_in_same_paragraph)
    segment = segment_of(sentence.text, start, end, after, reader.company.id, spoken_of=reader.segment)
    segment = GROUP if code == "vehicle_margin" else segment
    if period is None or segment is None or period.kind == "cumulative":
        return None
    if is_rate:
        return _made(reader, claim, RATES[code], claim.normalised * 100, None, "%", period, segment=segment)
    made = _made(
        reader, claim, MONEY[code], claim.normalised, claim.normalised_max, "currency", period, segment=segment
    )
    return replace(made, accounting_basis="adjusted" if code.startswith("adjusted") else "")


def _made(
    reader: _Reader, claim: Claim, metric: str, value: Decimal, high: Decimal | None, unit: str, period: Period,
    *, product: str = ALL, segment: str = GROUP,
) -> Figure:  # fmt: skip
    qualifier = _QUALIFIERS[claim.qualifier]
    start, end = reader.running.span(claim.start, claim.end)
    decimals = _decimals(claim, value)
    low, top = _bounds(value, high, qualifier, decimals)
    return Figure(
        metric=metric, label=claim.text, value=value, value_low=low, value_high=top, qualifier=qualifier, unit=unit,
        currency=claim.currency if unit == "currency" else "", period=period,
        place=Place(reader.page, start, end, claim.sentence), segment=segment, product=product, decimals=decimals,
    )  # fmt: skip


def _bounds(value: Decimal, high: Decimal | None, qualifier: str, decimals: int) -> tuple[Decimal, Decimal | None]:
    """Give what the words allow: `over` has no upper end, `nearly` and `about` may miss by one of the last place."""
    if high is not None:
        return value, high
    slack = abs(value) * Decimal("0.05")
    if qualifier in ("over", "at_least"):
        return value, None
    if qualifier == "nearly":
        return value - slack, value
    if qualifier == "about":
        return value - slack, value + slack
    del decimals
    return value, value


def _decimals(claim: Claim, value: Decimal) -> int:
    """Give the decimal places that the number shows; negative for whole thousands or millions."""
    exponent = claim.value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if not claim.value or not value:
        return max(places, 0)
    scale = abs(value / claim.value)
    return places - scale.adjusted()


def _translated(reader: _Reader, claim: Claim, last: Figure) -> Figure:
    made = _made(reader, claim, last.metric, claim.normalised, claim.normalised_max, "currency", last.period)
    return replace(
        made, segment=last.segment, product=last.product, status=last.status, is_convenience_translation=True,
        accounting_basis=last.accounting_basis,
    )  # fmt: skip


def _agreed(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Give each figure once, the most exact statement of it; none where two exact ones contradict each other."""
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for one in figures:
        key = (one.metric, one.product, one.segment, one.period, one.currency, one.status)
        groups.setdefault(key, []).append(one)
    return tuple(best for group in groups.values() if (best := _best(group)) is not None)


def _best(group: Sequence[Figure]) -> Figure | None:
    exact = [one for one in group if one.qualifier == "exact"] or list(group)
    best = max(exact, key=lambda one: one.decimals)
    slack = max(Decimal(10) ** -one.decimals for one in exact)
    return best if all(abs(one.value - best.value) <= slack for one in exact) else None
