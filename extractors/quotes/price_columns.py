"""Columns of daily bars out of the texts and numbers that a source writes."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from extractors.errors import ShapeChanged
from extractors.snapshot import Snapshot

PRICE = pa.decimal128(23, 12)
COUNT = pa.decimal128(26, 12)
NOTHING = frozenset({"", "-", "--", "N/A", "null", None})
"""What sources write where there is no number."""


def number_column(values: Sequence[object], kind: pa.DataType, name: str, snapshot: Snapshot) -> pa.Array:
    """Make a column of exact numbers; what stands for no number is a null.

    Raises ShapeChanged, naming the column, for anything else that is not a number of that kind.
    """
    try:
        return pa.array([_text(value) for value in values], pa.string()).cast(kind)
    except (pa.ArrowInvalid, TypeError) as error:
        raise ShapeChanged(name, snapshot.at(f"{name}: {error}")) from error


def day_column(values: Sequence[object], pattern: str, name: str, snapshot: Snapshot) -> pa.Array:
    """Make a column of days written in `pattern`.

    Raises ShapeChanged, naming the column, for what is no day.
    """
    return pa.array([_day(value, pattern, name, snapshot) for value in values], pa.date32())


def _day(value: object, pattern: str, name: str, snapshot: Snapshot) -> date:
    try:
        return datetime.strptime(value, pattern).date()  # type: ignore[arg-type]  # noqa: DTZ007  a day has no zone
    except (TypeError, ValueError):
        message = f"{name}: expected a day like {pattern}, got {value!r:.40}"
        raise ShapeChanged(name, snapshot.at(message)) from None


def _text(value: object) -> str | None:
    """Write a number as text: 1234.5 for $1,234.50 too."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal | None):
        raise TypeError(f"expected a number, got {value!r:.40}")
    if not isinstance(value, str):
        return None if value is None else str(value)
    plain = value.strip()
    return None if plain in NOTHING else plain.removeprefix("$").replace(",", "")
