"""Exact arithmetic of verdicts: spans of numbers, and the places to which numbers are written."""

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

EXACTLY = Context(prec=60)
_STORED = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` to `high`; an end that is open does not belong to it, one that is None does not exist."""

    low: Decimal | None
    high: Decimal | None
    is_low_open: bool = False
    is_high_open: bool = False

    def holds(self, value: Decimal) -> bool:
        """Tell whether a number lies in it."""
        if self.low is not None and (value < self.low or (self.is_low_open and value == self.low)):
            return False
        return self.high is None or value < self.high or (value == self.high and not self.is_high_open)

    def meets(self, low: Decimal, high: Decimal) -> bool:
        """Tell whether any number from `low` to `high` lies in it."""
        return (self.high is None or low <= self.high) and (self.low is None or self.low <= high)

    def turned(self) -> "Span":
        """Give the span of the same numbers with the other sign."""
        return Span(
            None if self.high is None else -self.high, None if self.low is None else -self.low,
            self.is_high_open, self.is_low_open,
        )  # fmt: skip


def decimals_of(value: Decimal) -> int:
    """Count the digits after the point as written, zeros included."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def rounded(value: Decimal) -> Decimal:
    """Round to what the warehouse stores: six places."""
    return value.quantize(_STORED, rounding=ROUND_HALF_UP, context=EXACTLY)


def to_place(value: Decimal, place: Decimal) -> Decimal:
    """Round half up, away from zero, to a multiple of a place such as 0.1 or 1000."""
    return EXACTLY.multiply((EXACTLY.divide(value, place)).to_integral_value(ROUND_HALF_UP), place)


def cut_to_place(value: Decimal, place: Decimal) -> Decimal:
    """Cut off, towards zero, what lies beyond a place."""
    return EXACTLY.multiply((EXACTLY.divide(value, place)).to_integral_value(ROUND_DOWN), place)
