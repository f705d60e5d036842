"""One figure as a document states it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

GROUP = "group"
ALL = "all"

PERIOD_KINDS = (
    "month", "quarter", "half", "nine_months", "year", "year_to_date", "trailing", "cumulative", "instant", "span",
)  # fmt: skip
"""`span` is any other stretch of days; `cumulative` runs from the beginning of the business."""
QUALIFIERS = ("exact", "about", "over", "nearly", "at_least")
STATUSES = ("actual", "guidance", "target", "estimate", "preliminary")
FACTS = ("actual", "preliminary")
"""Statuses of facts: a preliminary one is stated again later."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a figure is of, both included; for an instant both are that day."""

    kind: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands in its document."""

    page: int
    """From 1."""
    start: int
    """Offset of its first character in the text of that page."""
    end: int
    """Offset after its last character."""
    line: str
    """The line or sentence that holds it, so that a person finds it."""

    @property
    def evidence(self) -> str:
        """Give the place in the words of `evidence` columns."""
        return f"page {self.page}: {' '.join(self.line.split())[:160]}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with all that the document says of it. A reader that is not sure gives none."""

    metric: str
    """Code of core.metrics; empty where the label is none that we know."""
    label: str
    """The words of the row or sentence, as written."""
    value: Decimal
    """In plain units, thousands and millions applied; a rate in per cent."""
    value_low: Decimal
    value_high: Decimal | None
    qualifier: str
    unit: str
    """currency, currency per share, shares, vehicles, people, units, stores, GWh, %, …, as core.metrics has it."""
    currency: str
    """ISO 4217; empty for what is no money."""
    period: Period
    place: Place
    segment: str = GROUP
    """`group`, or the segment's label as written."""
    product: str = ALL
    """`all`, or the brand, model or class as written."""
    accounting_basis: str = ""
    """us_gaap, ifrs, hkfrs or prc_gaap where the document says it; adjusted for adjusted figures."""
    status: str = "actual"
    is_convenience_translation: bool = False
    decimals: int = 0
    """Decimal places of the plain value that the document shows; -6 for whole millions."""
