"""Which numbers the words of a claim allow: 92.51 billion is ±0.005 billion, over 36 million less than 37 million."""

from dataclasses import dataclass
from decimal import Decimal

from transforms.claims import Claim
from transforms.claims.qualifiers import APPROX, AT_LEAST, NEARLY, OVER
from transforms.claims.units import RATES
from transforms.verdicts.numbers import Span, decimals_of

_CHANGES = frozenset(
    {"yoy", "qoq", "mom", "change", "since_year_start", "day", "vs_last_close", "since", "cagr", "multiple"}
)
_HALF = Decimal("0.5")
_WIDEST = Decimal("0.1")
"""Of a number that is said to be about or nearly something: a tenth of it at most."""
_OF_A_RATE = {"percent": Decimal("0.01"), "pp": Decimal("0.01"), "bp": Decimal("0.0001")}


@dataclass(frozen=True, slots=True)
class Words:
    """A claim as a number with its sign, and what numbers it allows."""

    stated: Decimal
    allowed: Span
    written_place: Decimal
    """The place of the last digit that is written: 0.01 billion of 92.51 billion, 1 of 70,000."""
    sure_place: Decimal
    """The place of the last digit that is not a zero: 10,000 of 70,000."""


def words_of(claim: Claim) -> Words:
    """Read what a claim allows from its digits and its qualifier."""
    size = abs(claim.normalised)
    sign = -1 if claim.normalised < 0 or _is_fall(claim) else 1
    written, sure = _places(claim)
    high = None if claim.normalised_max is None else abs(claim.normalised_max)
    span = _allowed(claim.qualifier, size, high, written, sure)
    return Words(sign * size, span if sign > 0 else span.turned(), written, sure)


def _is_fall(claim: Claim) -> bool:
    is_rate = claim.unit in RATES or claim.unit in ("fraction", "multiple")
    return claim.direction == "down" and is_rate and claim.comparison in _CHANGES


def _places(claim: Claim) -> tuple[Decimal, Decimal]:
    value = claim.value
    is_times = claim.unit == "multiple"
    scale = abs(claim.normalised / value) if value and not is_times else _OF_A_RATE.get(claim.unit, Decimal(1))
    written = scale * Decimal(10) ** -decimals_of(value)
    exponent = value.normalize().as_tuple().exponent
    is_number = value and isinstance(exponent, int)
    return written, scale * Decimal(10) ** int(exponent) if is_number else written


def _allowed(code: str, size: Decimal, high: Decimal | None, written: Decimal, sure: Decimal) -> Span:
    if high is not None:
        low, high = sorted((size, high))
        return Span(low - written * _HALF, high + written * _HALF, is_high_open=True)
    if code == OVER:
        return Span(size, size + sure, is_high_open=True)
    if code == AT_LEAST:
        return Span(size, None)
    if code == NEARLY:
        return Span(size - min(sure, size * _WIDEST), size)
    if code == APPROX:
        reach = min(sure, size * _WIDEST)
        return Span(size - reach, size + reach)
    return Span(size - written * _HALF, size + written * _HALF, is_high_open=True)
