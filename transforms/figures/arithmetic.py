"""Whether figures add up: models, brands, months and quarters to totals, growth to both, accounts to themselves.

Know that      only exact figures are added; quarters need not add up to a cumulative number, as vehicles handed over
               before the first named quarter are in it; three months of one quarter must
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from transforms.figures.figure import ALL, FACTS, GROUP, Figure, Period
from transforms.figures.pieces import month_of, quarter_of

TOLERANCE_POINTS = Decimal("0.06")
"""Percentage points by which a stated growth may differ from the computed one: both are rounded."""
ADDABLE = frozenset({"deliveries", "production", "sales_volume", "smartphone_shipments"})
_FIREFLY_BEGINS = date(2025, 4, 1)
"""First month in which NIO's group had a third brand."""
_PARTITIONS = (
    ("Model 3/Y", "Other Models"), ("Model 3/Y", "Model S/X"), ("NIO", "ONVO", "FIREFLY"), ("NIO", "ONVO"),
    ("Passenger vehicles", "Commercial vehicles"),
)  # fmt: skip
_SUMS = {
    "gross_profit": ("gross_profit", "revenue", "cost_of_sales"),
    "balance": ("total_assets", "liabilities_and_equity"),
}
"""What a statement makes of two of its lines; equity alone is not tried, as some owe to holders between the two."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A growth that a document states of a figure."""

    figure: Figure
    base: str
    """yoy, qoq or mom."""
    percent: Decimal
    """Negative for a decline."""
    evidence: str


@dataclass(frozen=True, slots=True)
class Check:
    """One sum or quotient that was tried."""

    rule: str
    """parts_to_total, months_to_quarter, quarters_to_year, months_to_year, cumulative_difference, gross_profit,
    balance, or stated_growth_yoy, _qoq and _mom."""
    metric: str
    product: str
    period: Period
    stated: Decimal
    computed: Decimal
    tolerance: Decimal
    evidence: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    """All that were put into it: where it does not hold, one of them is false."""

    @property
    def is_passed(self) -> bool:
        """Tell whether it adds up."""
        return abs(self.stated - self.computed) <= self.tolerance


Values = Mapping[Period, Figure]


def check_figures(figures: Iterable[Figure], rates: Iterable[Rate] = ()) -> tuple[Check, ...]:
    """Try every sum that the figures allow; a sum with a part that is not there is not tried."""
    exact = [one for one in figures if one.qualifier == "exact" and one.status in FACTS]
    counts = [one for one in exact if one.metric in ADDABLE and one.segment == GROUP]
    by_thing: dict[tuple[str, str], dict[Period, Figure]] = {}
    for one in counts:
        by_thing.setdefault((one.metric, one.product), {})[one.period] = one
    found = list(_parts(by_thing))
    for values in by_thing.values():
        found.extend(_periods(values))
        found.extend(_cumulative(values))
    found.extend(_accounts(exact))
    found.extend(_growth(exact, rates))
    return tuple(found)


def _parts(by_thing: Mapping[tuple[str, str], Values]) -> Iterator[Check]:
    for metric in sorted({metric for metric, _ in by_thing}):
        for period, total in by_thing.get((metric, ALL), {}).items():
            for names in _PARTITIONS:
                parts = [by_thing.get((metric, name), {}).get(period) for name in names]
                is_whole = names != ("NIO", "ONVO") or period.end < _FIREFLY_BEGINS
                known = [one for one in parts if one is not None]
                if is_whole and len(known) == len(names):
                    yield _sum("parts_to_total", total, known)
                    break


def _periods(values: Values) -> Iterator[Check]:
    for period, whole in values.items():
        year, month = period.end.year, period.end.month
        if period.kind == "quarter":
            yield from _whole("months_to_quarter", whole, [month_of(year, month - back) for back in (2, 1, 0)], values)
        if period.kind == "year":
            yield from _whole("quarters_to_year", whole, [quarter_of(year, one) for one in (1, 2, 3, 4)], values)
        if period.kind in ("year", "year_to_date", "half", "nine_months") and period.start.month == 1:
            months = [month_of(year, one) for one in range(1, month + 1)]
            yield from _whole("months_to_year", whole, months, values)


def _whole(rule: str, whole: Figure, periods: Sequence[Period], values: Values) -> Iterator[Check]:
    parts = [values[one] for one in periods if one in values]
    if len(parts) == len(periods):
        yield _sum(rule, whole, parts)


def _cumulative(values: Values) -> Iterator[Check]:
    totals = {period.end: one for period, one in values.items() if period.kind == "cumulative"}
    for end, later in totals.items():
        month = month_of(end.year, end.month)
        before = totals.get(month.start - timedelta(days=1))
        if before is not None and month in values and month.end == end:
            computed = later.value - before.value
            stated = values[month]
            yield _check("cumulative_difference", stated, computed, Decimal(0), [stated, later, before])


def _accounts(figures: Sequence[Figure]) -> Iterator[Check]:
    """Try the sums of statements; an amount that the document gives twice with two values is not used."""
    columns: dict[tuple[object, ...], dict[str, set[Figure]]] = {}
    for one in figures:
        if one.currency and (one.segment, one.product) == (GROUP, ALL):
            column = columns.setdefault((one.period, one.currency, one.is_convenience_translation), {})
            column.setdefault(one.metric, set()).add(one)
    for column in columns.values():
        single = {metric: min(all_of, key=_place) for metric, all_of in column.items() if _is_one_value(all_of)}
        for rule, (total, *parts) in _SUMS.items():
            if all(metric in single for metric in (total, *parts)):
                yield _account(rule, single[total], [single[metric] for metric in parts])


def _account(rule: str, total: Figure, parts: Sequence[Figure]) -> Check:
    """Subtract costs from the first amount, whatever sign they are written with."""
    first, *costs = parts
    computed = first.value - sum((abs(one.value) for one in costs), Decimal(0))
    slack = sum((_half_a_digit(one) for one in (total, *parts)), Decimal(0))
    return _check(rule, total, computed, slack, [total, *parts])


def _is_one_value(figures: Iterable[Figure]) -> bool:
    return len({one.value for one in figures}) == 1


def _place(figure: Figure) -> tuple[int, int]:
    return figure.place.page, figure.place.start


def _half_a_digit(figure: Figure) -> Decimal:
    return Decimal(5).scaleb(-figure.decimals - 1)


def _growth(figures: Sequence[Figure], rates: Iterable[Rate]) -> Iterator[Check]:
    known = {_identity(one, one.period): one for one in figures}
    for rate in rates:
        earlier = _earlier(rate.figure.period, rate.base)
        before = known.get(_identity(rate.figure, earlier)) if earlier else None
        if before is None or before.value <= 0 or rate.figure.qualifier != "exact":
            continue
        computed = (rate.figure.value / before.value - 1) * 100
        slack = TOLERANCE_POINTS + _rounding(rate.figure, before)
        parts = (rate.evidence, before.place.evidence)
        figure = rate.figure
        rule = f"stated_growth_{rate.base}"
        yield Check(
            rule, figure.metric, figure.product, figure.period, rate.percent, computed, slack, parts, (figure, before)
        )


def _rounding(figure: Figure, before: Figure) -> Decimal:
    """Give the points by which a quotient of rounded amounts may be off; none for whole counts."""
    return sum(
        (_half_a_digit(one) / one.value * 100 for one in (figure, before) if one.decimals < 0),
        Decimal(0),
    ) * max(figure.value / before.value, Decimal(1))


def _identity(figure: Figure, period: Period) -> tuple[object, ...]:
    return figure.metric, figure.product, figure.segment, figure.currency, period


def _earlier(period: Period, base: str) -> Period | None:
    """Give the period that a growth is measured from."""
    year, month = period.end.year, period.end.month
    if base == "yoy" and period.kind in ("month", "quarter", "half", "nine_months", "year", "year_to_date"):
        end = month_of(year - 1, month).end
        return Period(period.kind, period.start.replace(year=period.start.year - 1), end)
    if base == "qoq" and period.kind == "quarter":
        return quarter_of(year, month // 3 - 1) if month > 3 else quarter_of(year - 1, 4)
    if base == "mom" and period.kind == "month":
        return month_of(year, month - 1) if month > 1 else month_of(year - 1, 12)
    return None


def _sum(rule: str, total: Figure, parts: Sequence[Figure]) -> Check:
    return _check(rule, total, sum((one.value for one in parts), Decimal(0)), Decimal(0), [total, *parts])


def _check(rule: str, figure: Figure, computed: Decimal, tolerance: Decimal, of: Sequence[Figure]) -> Check:
    evidence = tuple(dict.fromkeys(one.place.evidence for one in of))
    return Check(
        rule, figure.metric, figure.product, figure.period, figure.value, computed, tolerance, evidence, tuple(of)
    )
