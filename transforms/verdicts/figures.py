"""What the warehouse has on figures of results and of operation: values, changes, shares of the group, margins."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from transforms.claims.units import RATES
from transforms.verdicts.asked import CARS, CARS_IN, GROUP, INDEX, PART, Asked
from transforms.verdicts.known import FACTS, KPIS, NO_DATA, TARGETS, Answer, Answers, Cited, Unanswered
from transforms.verdicts.known import RATES as RATES_OF_MONEY
from transforms.verdicts.numbers import EXACTLY
from transforms.verdicts.prices import rate_on

_STORED: dict[str, tuple[str, ...]] = {
    "net_profit": ("net_profit_attributable", "net_profit"),
    "net_loss": ("net_profit_attributable", "net_profit"),
    "cash_reserves": ("cash_resources", "cash_and_equivalents"),
    "debt": ("borrowings",),
    "sales": ("sales_volume", "deliveries"),
    "sales_target": ("deliveries", "sales_volume"),
    "shipments": ("smartphone_shipments",),
    "cumulative_production": ("production",),
}
"""Codes of the warehouse that a metric of a claim can be a reading of, where they are several."""
_RATIOS = {
    "gross_margin": (("gross_profit",), ("revenue",)),
    "net_margin": (("net_profit_attributable", "net_profit"), ("revenue",)),
    "operating_margin": (("operating_profit",), ("revenue",)),
}
_LOSSES = frozenset({"net_loss", "operating_loss", "adjusted_net_loss"})
_NEAR = 7
"""Days by which a fiscal period of whole weeks may lie beside the calendar's."""
_FRESH = 200
"""Days for which a level of a balance sheet is the latest one."""
_BACK = {"yoy": 12, "qoq": 3, "mom": 1}
_LENGTHS = {"month": 1, "quarter": 3, "half": 6, "nine_months": 9, "year": 12}


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure with what it rests on; a sum rests on several rows."""

    value: Decimal
    low: Decimal
    high: Decimal
    cited: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a figure; `length` in months, 0 for a level."""

    kind: str
    first: date
    last: date
    is_latest: bool = False
    """The latest level up to `last` will do."""

    @property
    def length(self) -> int:
        """Months of it."""
        return _LENGTHS.get(self.kind, 0)

    def back(self, months: int) -> "Span":
        """Give the same span so many months before."""
        return Span(self.kind, _shifted(self.first, months), _shifted(self.last + timedelta(days=1), months) - _DAY)


_DAY = timedelta(days=1)
Find = Callable[[Asked, tuple[str, ...], str, Span], list[Measured]]


def fact(asked: Asked) -> Answers:
    """Give a figure of results: its value, its change, or its share of the group's."""
    codes = codes_of(asked)
    return _answered(asked, codes, facts)


def kpi(asked: Asked) -> Answers:
    """Give a figure of operation: its value or its change."""
    return _answered(asked, codes_of(asked), kpis)


def margin(asked: Asked) -> Answers:
    """Give a margin as stated, or one figure over another; in points, its change."""
    return _answered(asked, codes_of(asked), _margins)


def target(asked: Asked) -> Answers:
    """Give what was aimed at or guided to, by anybody who said so until then."""
    span = _span(asked)
    if span is None:
        return Unanswered("period_unknown")
    found = [
        Answer(
            Decimal(one.row["value"] if one.row["value"] is not None else one.row["value_low"]),
            f"{one.row['kind']} by {one.row['said_by']} for {span.first}..{span.last}", (one,),
            one.row["value_low"], one.row["value_high"],
        )
        for code in codes_of(asked)
        for one in asked.known.rows(TARGETS, asked.claim.company_id, code, at=asked.at)
        if _is_same(one, span) and one.is_known_then
    ]  # fmt: skip
    return tuple(found) or NO_DATA


def codes_of(asked: Asked) -> tuple[str, ...]:
    """Name the metrics of the warehouse that the metric of a claim can be a reading of."""
    base = asked.claim.metric
    for tail in ("_share", "_guidance", "_target", "_cagr"):
        base = base.removesuffix(tail) if base not in _STORED else base
    return _STORED.get(base, (asked.claim.warehouse_metric,) if asked.claim.warehouse_metric else (base,))


def _answered(asked: Asked, codes: tuple[str, ...], find: Find) -> Answers:
    claim = asked.claim
    if asked.scope in (PART, INDEX):
        return Unanswered("part_of_company")
    span = _span(asked)
    if span is None:
        return Unanswered("period_unknown")
    if span.first > asked.day:
        return Unanswered("in_the_future")
    segment = CARS_IN if asked.scope == CARS else asked.scope or GROUP
    is_rate = claim.unit in RATES or claim.unit in ("fraction", "multiple")
    if claim.comparison in ("cagr", "prior_period") or (claim.comparison == "equivalent" and is_rate):
        return Unanswered("not_comparable", claim.comparison)
    if claim.comparison == "share_of" and is_rate and find is facts:
        found = _shares(asked, codes, segment, span)
    elif is_rate and (find is not _margins or claim.unit in ("pp", "bp")):
        if claim.comparison not in (*_BACK, "multiple", "change"):
            return Unanswered("not_comparable", claim.comparison or "a rate of nothing")
        found = _changes(asked, find, codes, segment, span)
    else:
        found = [_answer(one, f"{', '.join(_rows_of(one))}") for one in find(asked, codes, segment, span)]
    return tuple(found) or NO_DATA


def _rows_of(found: Measured) -> Iterator[str]:
    for one in found.cited:
        row = one.row
        if one.table == RATES_OF_MONEY:
            yield f"{row['quote_currency']} for one {row['base_currency']} on {row['rate_date']}"
            continue
        yield f"{row['metric']} of {row['period_start_date']}..{row['period_end_date']}"


def _answer(found: Measured, how: str) -> Answer:
    return Answer(found.value, how, found.cited, found.low, found.high)


def _span(asked: Asked) -> Span | None:
    claim = asked.claim
    if claim.period_start is None or claim.period_end is None:
        return None
    is_latest = claim.period_kind == "instant" and claim.period_end >= asked.day
    return Span(claim.period_kind, claim.period_start, claim.period_end, is_latest)


def facts(asked: Asked, codes: tuple[str, ...], segment: str, span: Span) -> list[Measured]:
    """Find figures of results of a span, in the money of the claim; where there are none, translated."""
    rows = [
        one for code in codes for one in asked.known.rows(FACTS, asked.claim.company_id, code, segment, at=asked.at)
    ]
    found = [_measured(one) for one in _of_span([one for one in rows if _fits_money(asked, one)], span)]
    if found or not asked.claim.currency:
        return found
    own = [one for one in rows if one.row["currency"] and not one.row["is_convenience_translation"]]
    return [other for one in _of_span(own, span) for other in _translated(asked, one)]


def _translated(asked: Asked, one: Cited) -> Iterator[Measured]:
    """Give a figure in the money of the claim: at the rate of the article's day, and of the last day of its period."""
    days = dict.fromkeys((asked.day, min(asked.day, one.row["period_end_date"])))
    rates = (rate_on(asked, one.row["currency"], asked.claim.currency, day) for day in days)
    for rate in rates:
        if rate is not None:
            figure, factor = _measured(one), Decimal(rate.row["rate"])
            value, *ends = (EXACTLY.multiply(number, factor) for number in (figure.value, figure.low, figure.high))
            yield Measured(value, min(ends), max(ends), (one, rate))


def _fits_money(asked: Asked, one: Cited) -> bool:
    """Keep figures of the claim's money, and translations only where the claim is in their money."""
    money = asked.claim.currency
    if money:
        return bool(one.row["currency"] in (money, ""))
    return not one.row["is_convenience_translation"]


def kpis(asked: Asked, codes: tuple[str, ...], segment: str, span: Span) -> list[Measured]:
    """Find figures of operation of a span, or add up those of its parts."""
    del segment
    product = _product(asked, span)
    rows = [
        one
        for code in codes
        for one in asked.known.rows(KPIS, asked.claim.company_id, code, at=asked.at)
        if one.row["product_id"] == product and _is_cumulative(one) == (asked.claim.comparison == "cumulative")
    ]
    if asked.claim.comparison == "cumulative":
        until = [one for one in rows if span.last - timedelta(days=31) <= one.row["period_end_date"] <= span.last]
        return [_measured(max(until, key=lambda one: one.row["period_end_date"]))] if until else []
    found = [_measured(one) for one in _of_span(rows, span)]
    return found or _summed(rows, span)


def _product(asked: Asked, span: Span) -> str:
    """Name the product that is counted: `all` for the company, and for its only car."""
    own = [one for one in asked.known.watchlist.products if one.company == asked.claim.company_id]
    cars = [one.id for one in own if one.kind == "car" and (one.launched is None or one.launched <= span.last)]
    subject = asked.claim.subject_id
    return subject if subject in {one.id for one in own} and cars != [subject] else "all"


def _is_cumulative(one: Cited) -> bool:
    return bool(one.row["period_kind"] == "cumulative")


def _summed(rows: list[Cited], span: Span) -> list[Measured]:
    """Add up the months or quarters of a longer span, where each of them is there."""
    for kind in ("quarter", "month"):
        length = _LENGTHS[kind]
        if span.length <= length or span.length % length:
            continue
        spans = [Span(kind, first, _shifted(first, -length) - _DAY) for first in _starts(span, length)]
        found = [next(iter(_of_span(rows, one)), None) for one in spans]
        whole = [_measured(one) for one in found if one]
        if len(whole) == len(spans):
            return [figure_rows([cited for one in whole for cited in one.cited])]
    return []


def _starts(span: Span, length: int) -> list[date]:
    return [_shifted(span.first, -months) for months in range(0, span.length, length)]


def _of_span(rows: Iterable[Cited], span: Span) -> list[Cited]:
    if span.is_latest:
        levels = [
            one
            for one in rows
            if one.row["period_kind"] == "instant" and one.is_known_then
            and span.last - timedelta(days=_FRESH) <= one.row["period_end_date"] <= span.last
        ]  # fmt: skip
        newest = max((one.row["period_end_date"] for one in levels), default=None)
        return [one for one in levels if one.row["period_end_date"] == newest]
    return [one for one in rows if _is_same(one, span)]


def _is_same(one: Cited, span: Span) -> bool:
    first: date = one.row["period_start_date"]
    last: date = one.row["period_end_date"]
    if abs((last - span.last).days) > _NEAR:
        return False
    return bool(one.row["period_kind"] == "instant" or abs((first - span.first).days) <= _NEAR)


def _measured(one: Cited) -> Measured:
    low, high = one.row.get("value_low"), one.row.get("value_high")
    value = Decimal(one.row["value"] if one.row["value"] is not None else one.row["value_low"])
    is_open = one.row.get("qualifier") in ("over", "at_least") and high is None
    return Measured(
        value, value if low is None else Decimal(low),
        Decimal(value * 2 if is_open else value) if high is None else Decimal(high), (one,),
    )  # fmt: skip


def figure_rows(rows: Sequence[Cited], *, less: Sequence[Cited] = ()) -> Measured:
    """Add up the figures of some rows, and take away those of others."""
    more, fewer = [_measured(one) for one in rows], [_measured(one) for one in less]
    return Measured(
        sum((one.value for one in more), Decimal(0)) - sum((one.value for one in fewer), Decimal(0)),
        sum((one.low for one in more), Decimal(0)) - sum((one.high for one in fewer), Decimal(0)),
        sum((one.high for one in more), Decimal(0)) - sum((one.low for one in fewer), Decimal(0)),
        tuple(cited for one in (*more, *fewer) for cited in one.cited),
    )


def _changes(asked: Asked, find: Find, codes: tuple[str, ...], segment: str, span: Span) -> list[Answer]:
    comparison = asked.claim.comparison
    months = _BACK.get(comparison) or 12
    pairs = same_figures(find(asked, codes, segment, span), find(asked, codes, segment, span.back(months)))
    if asked.claim.unit in ("pp", "bp"):
        return [_points(now, then) for now, then in pairs]
    return [one for now, then in pairs for one in _growth(asked, now, then)]


def _points(now: Measured, then: Measured) -> Answer:
    how = f"{next(_rows_of(now))} less {next(_rows_of(then))}"
    return Answer(now.value - then.value, how, (*now.cited, *then.cited), now.low - then.high, now.high - then.low)


def same_figures(now: list[Measured], then: list[Measured]) -> Iterator[tuple[Measured, Measured]]:
    """Join figures of one metric, money and basis."""
    for one in now:
        for other in then:
            if _kind_of(one) == _kind_of(other):
                yield one, other


def _kind_of(one: Measured) -> tuple[object, ...]:
    return tuple(one.cited[0].row.get(name) for name in ("metric", "currency", "accounting_basis", "product_id"))


def _growth(asked: Asked, now: Measured, then: Measured) -> Iterator[Answer]:
    """Give by how much a figure grew; of a loss, by how much the loss did. From a loss to a profit there is no rate."""
    if asked.claim.metric in _LOSSES:
        now, then = _negated(now), _negated(then)
    if then.low <= 0 or now.value < 0:
        return
    rate, low, high = (
        EXACTLY.divide(one, other) - 1
        for one, other in ((now.value, then.value), (now.low, then.high), (now.high, then.low))
    )
    how = f"{next(_rows_of(now))} against {next(_rows_of(then))}"
    cited = (*now.cited, *then.cited)
    whole = 1 if asked.claim.unit == "multiple" else 0
    yield Answer(rate + whole, how, cited, low + whole, high + whole)


def _negated(one: Measured) -> Measured:
    return Measured(-one.value, -one.high, -one.low, one.cited)


def _shares(asked: Asked, codes: tuple[str, ...], segment: str, span: Span) -> list[Answer]:
    if segment == GROUP:
        return []
    parts, wholes = facts(asked, codes, segment, span), facts(asked, codes, GROUP, span)
    return [_quotient(part, whole, f"{segment} over group") for part, whole in same_figures(parts, wholes)]


def _margins(asked: Asked, codes: tuple[str, ...], segment: str, span: Span) -> list[Measured]:
    stated = [_as_quotient(one) for one in facts(asked, codes, segment, span)]
    above, below = _RATIOS.get(asked.claim.metric, ((), ()))
    tops, bottoms = facts(asked, above, segment, span), facts(asked, below, segment, span)
    found = [
        _over(top, bottom)
        for top in tops
        for bottom in bottoms
        if top.cited[0].row["currency"] == bottom.cited[0].row["currency"] and bottom.low > 0
    ]
    return [*stated, *found]


def _as_quotient(one: Measured) -> Measured:
    """Bring a margin that is stored in percent to a quotient."""
    hundred = Decimal(100)
    return Measured(one.value / hundred, one.low / hundred, one.high / hundred, one.cited)


def _over(top: Measured, bottom: Measured) -> Measured:
    ends = [EXACTLY.divide(one, other) for one in (top.low, top.high) for other in (bottom.low, bottom.high)]
    return Measured(EXACTLY.divide(top.value, bottom.value), min(ends), max(ends), (*top.cited, *bottom.cited))


def _quotient(part: Measured, whole: Measured, how: str) -> Answer:
    return _answer(_over(part, whole), how)


def _shifted(day: date, back: int) -> date:
    place = day.year * 12 + day.month - 1 - back
    return date(place // 12, place % 12 + 1, min(day.day, 28) if day.day > 28 else day.day)
