"""The signs of costs: documents write them in brackets or without, our metrics have one rule.

An expense is a positive number and a credit is negative, as the taxonomies have it. A document that puts its costs
in brackets puts its tax there too; one that does not writes a tax credit in brackets.
"""

from collections.abc import Sequence
from dataclasses import replace

from transforms.figures.figure import Figure

COSTS = frozenset({
    "cost_of_sales", "research_and_development", "selling_expenses", "administrative_expenses",
    "selling_general_administrative", "operating_expenses",
})  # fmt: skip
"""Never a credit in a period."""
EITHER_WAY = frozenset({"income_tax", "finance_costs", "interest_expense"})
"""May be a credit."""
PAID = frozenset({"capital_expenditure"})
"""Paid, so in brackets wherever it is written with other flows of cash."""


def with_our_signs(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Turn the costs of one document that brackets them; all else stays as it is written."""
    bracketed = sum(one.metric in COSTS and one.value < 0 for one in figures)
    plain = sum(one.metric in COSTS and one.value > 0 for one in figures)
    return tuple(_turned(one, are_bracketed=bracketed > plain) for one in figures)


def _turned(figure: Figure, *, are_bracketed: bool) -> Figure:
    is_turned = (
        (figure.metric in COSTS and figure.value < 0)
        or (figure.metric in PAID and figure.value < 0)
        or (figure.metric in EITHER_WAY and are_bracketed)
    )
    if not is_turned:
        return figure
    high = None if figure.value_high is None else -figure.value_low
    low = -figure.value_low if figure.value_high is None else -figure.value_high
    return replace(figure, value=-figure.value, value_low=low, value_high=high)
