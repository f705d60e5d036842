"""What one numeric statement says."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

UNKNOWN = "unknown"
QUALIFIERS = ("exact", "approx", "over", "nearly", "at_least", "reported")
DIRECTIONS = ("up", "down", "flat", "")
COMPARISONS = (
    "yoy", "qoq", "mom", "since_year_start", "from", "to", "target", "range", "share_of", "rank", "cumulative",
    "threshold", "multiple", "cagr", "change", "equivalent", "prior_period", "prior_year", "day", "record",
    "vs_last_close", "since", "streak", "distance", "",
)  # fmt: skip
"""What a number is compared with or stands for; empty for a plain level."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One number that a text states about somebody, with all that the text says of it."""

    subject: str
    """Name of whom or what it is about, as in `Xiaomi SU7`; `unknown` where the text does not lead to anybody."""
    subject_id: str
    """Id of the company, person or product on the watch list; empty where it is none of them."""
    company_id: str
    """The company behind the subject: itself, the maker of the product, the employer of the person."""
    subject_via: str
    """named, pronoun, headline, previous, assumed (the main company of the list) or empty."""
    metric: str
    """What is measured, in the words of this package; `unknown` where nothing says it."""
    warehouse_metric: str
    """Code in core.metrics that the metric is a reading of; empty where the warehouse keeps none."""
    text: str
    """The characters of the text that carry the number, with qualifier and unit."""
    value: Decimal
    """The number as written, before the scale word."""
    unit: str
    currency: str
    """ISO 4217 code for money, else empty."""
    normalised: Decimal
    """The number with scale and sign: money in units of the currency, percent and points as a quotient."""
    normalised_max: Decimal | None
    """Upper end of a range."""
    period: str
    """As 2024Q3, 2024FY, 2025-03, 2024YTD, as_of 2024-12-30, P9M to 2024-12; empty where nothing says it."""
    period_kind: str
    """day, week, month, quarter, half, nine_months, year, to_date, instant, span, duration or empty."""
    period_start: date | None
    period_end: date | None
    """Last day, inclusive."""
    is_period_assumed: bool
    """Nothing in the text names the period: it is the last one on which there can be figures."""
    comparison: str
    direction: str
    qualifier: str
    sentence: str
    start: int
    """Offset of `text` in the whole text, in characters."""
    end: int
