"""What the warehouse has on price against earnings, and on growth over several years.

Know that      a price is divided by the profit of the last four quarters that was public by then, never by a later one;
               earnings may be those of the owners or adjusted, so both are alternatives
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from transforms.verdicts.asked import FORWARD, GROUP, INDEX, PART, Asked
from transforms.verdicts.figures import Find, Measured, Span, codes_of, facts, figure_rows, kpis, same_figures
from transforms.verdicts.known import FACTS, NO_DATA, Answer, Answers, Cited, Unanswered
from transforms.verdicts.numbers import EXACTLY
from transforms.verdicts.prices import market_values, rate_on

_EARNINGS = ("net_profit_attributable", "net_profit", "adjusted_net_profit")
_FRESH = 400
"""Days after its end for which a year of earnings is the last one."""
_QUARTERS = 4
_NEAR = 7
_TO_DATE = frozenset({"half", "nine_months"})
_DAY = timedelta(days=1)


def price_to_earnings(asked: Asked) -> Answers:
    """Give the market value of a day over the earnings of the last four quarters."""
    claim = asked.claim
    if asked.scope == FORWARD or claim.period_kind not in ("", "instant", "day"):
        return Unanswered("not_comparable", "earnings of another time")
    if claim.comparison not in ("", "to", "record", "threshold"):
        return Unanswered("not_comparable", claim.comparison)
    values = market_values(asked)
    if isinstance(values, Unanswered):
        return values
    found = [one for value in values for code in _EARNINGS for one in _multiples(asked, code, value)]
    return tuple(found) or NO_DATA


def _multiples(asked: Asked, code: str, value: Answer) -> Iterator[Answer]:
    bar = value.cited[0].row
    for earned in _earned(asked, code, bar["trade_date"]):
        rate = None
        money = earned.cited[0].row["currency"]
        if money != bar["currency"]:
            rate = rate_on(asked, money, bar["currency"], bar["trade_date"])
        if (money != bar["currency"] and rate is None) or earned.low <= 0:
            continue
        factor = Decimal(rate.row["rate"]) if rate else Decimal(1)
        ratio, high, low = (
            EXACTLY.divide(value.value, EXACTLY.multiply(one, factor))
            for one in (earned.value, earned.low, earned.high)
        )
        cited = (*value.cited, *earned.cited, *((rate,) if rate else ()))
        yield Answer(ratio, f"{value.how} over {code} of {_until(earned)}", cited, low, high)


def _until(earned: Measured) -> str:
    row = earned.cited[0].row
    return f"the year to {row['period_end_date']}"


def _earned(asked: Asked, code: str, day: date) -> Iterator[Measured]:
    """Give the profit of the newest twelve months that were public, in each currency and by each basis."""
    rows = [
        one
        for one in asked.known.rows(FACTS, asked.claim.company_id, code, GROUP, at=asked.at)
        if one.is_known_then and not one.row["is_convenience_translation"] and one.row["period_end_date"] <= day
    ]
    for kind in sorted({_kind(one) for one in rows}):
        own = [one for one in rows if _kind(one) == kind]
        ends = {one.row["period_end_date"] for one in own if one.row["period_end_date"] >= day - timedelta(_FRESH)}
        found = next((one for end in sorted(ends, reverse=True) if (one := _twelve_months(own, end))), None)
        if found is not None:
            yield found


def _kind(one: Cited) -> tuple[str, str]:
    return one.row["currency"], one.row["accounting_basis"]


def _twelve_months(rows: list[Cited], end: date) -> Measured | None:
    """Give the year to a day: a year as it is, four quarters, or a part of this year and what was left of the last."""
    whole = _of(rows, "year", end)
    if whole is not None:
        return figure_rows([whole])
    quarters = [_of(rows, "quarter", _back(end, 3 * count)) for count in range(_QUARTERS)]
    known = [one for one in quarters if one is not None]
    if len(known) == _QUARTERS:
        return figure_rows(known)
    part = next((one for kind in _TO_DATE if (one := _of(rows, kind, end)) is not None), None)
    if part is None:
        return None
    year = _of(rows, "year", part.row["period_start_date"] - _DAY)
    before = _of(rows, part.row["period_kind"], _back(end, 12))
    return None if year is None or before is None else figure_rows([part, year], less=[before])


def _of(rows: Iterable[Cited], kind: str, end: date) -> Cited | None:
    return next(
        (
            one
            for one in rows
            if one.row["period_kind"] == kind and abs((one.row["period_end_date"] - end).days) <= _NEAR
        ),
        None,
    )


def _back(end: date, months: int) -> date:
    """Give the last day of the month so many months before."""
    place = end.year * 12 + end.month - months
    return date(place // 12, place % 12 + 1, 1) - _DAY


def compound_of_facts(asked: Asked) -> Answers:
    """Give the yearly growth of a figure of results from one year to another."""
    return _compound(asked, facts)


def compound_of_kpis(asked: Asked) -> Answers:
    """Give the yearly growth of a figure of operation from one year to another."""
    return _compound(asked, kpis)


def _compound(asked: Asked, find: Find) -> Answers:
    if asked.scope in (PART, INDEX):
        return Unanswered("part_of_company")
    years = list(_years(asked))
    if not years:
        return Unanswered("period_unknown")
    codes = codes_of(asked)
    found = [
        _grown(now, then, last - first)
        for first, last in years
        for now, then in same_figures(find(asked, codes, GROUP, _year(last)), find(asked, codes, GROUP, _year(first)))
        if then.low > 0 and now.low > 0
    ]
    return tuple(found) or NO_DATA


def _years(asked: Asked) -> Iterator[tuple[int, int]]:
    """Name the first and last year; of the past so many years, the last may be counted as steps or as years."""
    first, last = asked.claim.period_start, asked.claim.period_end
    if first is None or last is None or asked.claim.period_kind != "span":
        return
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        yield from [(first.year, last.year)] if last.year > first.year else []
        return
    length = round((last - first).days / 365.25)
    for end in (last.year - 1, last.year - 2):
        yield from ((end - steps, end) for steps in (length, length - 1) if steps > 0)


def _year(number: int) -> Span:
    return Span("year", date(number, 1, 1), date(number, 12, 31))


def _grown(now: Measured, then: Measured, steps: int) -> Answer:
    rate, low, high = (
        EXACTLY.power(EXACTLY.divide(one, other), EXACTLY.divide(Decimal(1), Decimal(steps))) - 1
        for one, other in ((now.value, then.value), (now.low, then.high), (now.high, then.low))
    )
    ends = f"{then.cited[0].row['period_end_date']} to {now.cited[0].row['period_end_date']}"
    return Answer(rate, f"yearly growth over {steps} years, {ends}", (*now.cited, *then.cited), low, high)
