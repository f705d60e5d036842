"""Numbers as people read them: three or four digits, with their unit."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

NONE = "–"
_STEPS = ((1e12, "trillion"), (1e9, "bn"), (1e6, "m"))
_DIGITS = 3
_WORDS = {
    "exact": "",
    "about": "about ",
    "over": "over ",
    "nearly": "nearly ",
    "at_least": "at least ",
    "rounded": "about ",
}


def short(value: float | None, unit: str = "") -> str:
    """Write a value with its unit, as `861 bn HKD`, `17.1 %` or `130,000 vehicles`; a dash where there is none."""
    if value is None:
        return NONE
    if unit == "%":
        return f"{value:+,.1f} %" if value < 0 else f"{value:,.1f} %"
    for size, word in _STEPS:
        # A count below ten million is read as it is; money never is.
        if abs(value) >= size and (size > 1e6 or unit.isupper() or abs(value) >= 1e7):
            return f"{_rounded(value / size)} {word} {unit}".rstrip()
    return f"{_plain(value)} {unit}".rstrip()


def change(value: float | None) -> str:
    """Write a change in per cent with its sign."""
    return NONE if value is None else f"{value:+,.1f} %"


def bounded(row: dict[str, Any]) -> str:
    """Write a figure with the words that bound it: `over 20,000 vehicles`."""
    low, high, value = row.get("value_low"), row.get("value_high"), row["value"]
    words = "at least " if low is not None and high is None and low == value else ""
    return words + short(value, row["unit"] or "")


def qualified(value: float, qualifier: str) -> str:
    """Write a count with its qualifier: `over 20,000`."""
    return f"{_WORDS.get(qualifier, '')}{value:,.0f}"


def shown(value: object) -> str:
    """Write any cell of a table."""
    match value:
        case None:
            return NONE
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case date():
            return value.isoformat()
        case float() | Decimal():
            return _plain(float(value))
        case int():
            return f"{value:,}"
        case _:
            return str(value)


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 10**_DIGITS else f"{value:.{_DIGITS}g}"


def _plain(value: float) -> str:
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}"
