"""How a column of an answer stands in a sheet: as what, in which format, how wide; and what Excel cannot hold of it.

Know that    Excel keeps numbers as floating point with 15 digits, texts of 32,767 units of UTF-16, days since 1900,
             and neither zones, NaN, infinity nor anything nested
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from math import isfinite
from typing import Any
from unicodedata import east_asian_width

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.exports.values import plain_text, values

DIGITS = 15
LONGEST = 32_767
DAY, INSTANT, LOCAL, TIME = "yyyy-mm-dd", 'yyyy-mm-dd hh:mm:ss"Z"', "yyyy-mm-dd hh:mm:ss", "hh:mm:ss"
_FIRST_DAY = date(1900, 1, 1)
_CUT = "… [cut: a cell holds no more]"
_LOOKED_AT = 300
"""Rows from which the width of a column is taken."""
_NARROW, _WIDE, _WIDE_HEAD = 8, 60, 22
_WHOLE, _LARGE = "#,##0", 100_000
_SEEN_PLACES = 4
"""Decimal places that are seen at most; the cell holds all."""
_TEMPORAL: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (pa.types.is_date, DAY),
    (lambda kind: pa.types.is_timestamp(kind) and kind.tz is not None, INSTANT),
    (pa.types.is_timestamp, LOCAL),
    (pa.types.is_time, TIME),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a sheet."""

    name: str
    column: pa.ChunkedArray
    format: str
    """Excel's number format; empty for texts, and for true and false."""
    cell: Callable[[Any], Any]
    """Turns a value into what a cell can hold: a text, a number, a day, an instant without zone, a truth."""
    width: int
    note: str = ""
    """What had to be done so that Excel can hold it."""


def shown(name: str, column: pa.ChunkedArray) -> list[Shown]:
    """Say how a column stands in a sheet; one with more digits than Excel keeps stands there as text as well."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return shown(name, column.cast(kind.value_type))
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return _exact_numbers(name, column)
    if pa.types.is_floating(kind):
        return [_made(name, column, _of_floats(column), _number)]
    found = next((shape for test, shape in _TEMPORAL if test(kind)), "")
    return [_made(name, column, found, _moment if found else _text, note=_cut_note(column))]


def display_width(text: str) -> int:
    """Count the places that a text takes; a Chinese character takes two."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _exact_numbers(name: str, column: pa.ChunkedArray) -> list[Shown]:
    places = _places(column)
    seen = min(places, _SEEN_PLACES)
    shape = f"{_WHOLE}.{'0' * seen}" if seen else "0" if name.rpartition("_")[2] == "year" else _WHOLE
    number = _made(name, column, shape, _number)
    if not _loses_digits(column, places):
        return [number]
    note = f"Excel keeps {DIGITS} digits: the column beside it has them all, as text"
    exact = _made(f"{name} (exact)", column, "", _digits, note=f"{name} with all its digits")
    return [replace(number, note=note), exact]


def _made(name: str, column: pa.ChunkedArray, shape: str, cell: Callable[[Any], Any], note: str = "") -> Shown:
    looked_at = (cell(one) for one in islice(values(column.slice(0, _LOOKED_AT)), _LOOKED_AT) if one is not None)
    needed = max((display_width(_as_seen(one, shape)) for one in looked_at), default=0)
    head = min(display_width(name) + 3, _WIDE_HEAD)
    return Shown(name, column, shape, cell, min(max(needed + 2, head, _NARROW), _WIDE), note)


def _as_seen(value: Any, shape: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.{len(shape.partition('.')[2])}f}"
    return shape.replace('"', "") if isinstance(value, date | time) else str(value)


def _places(column: pa.ChunkedArray) -> int:
    """Count the decimal places that a column uses."""
    scale = column.type.scale if pa.types.is_decimal(column.type) else 0
    return next((n for n in range(scale) if pc.all(pc.equal(pc.round(column, n), column)).as_py() is not False), scale)


def _loses_digits(column: pa.ChunkedArray, places: int) -> bool:
    top = pc.max(pc.abs(column)).as_py()
    if top is None or top * 10**places < 10**DIGITS:
        return False
    return any(len(Decimal(one).normalize().as_tuple().digits) > DIGITS for one in values(column) if one is not None)


def _of_floats(column: pa.ChunkedArray) -> str:
    top = pc.max(pc.abs(column.filter(pc.is_finite(column)))).as_py() or 0
    return _WHOLE if top >= _LARGE else f"{_WHOLE}.00" if top >= 1 else "0.0000"


def _number(value: Any) -> Any:
    """Give a number; NaN and infinity, which Excel does not know, as text."""
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _digits(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _moment(value: Any) -> Any:
    """Give a day, a time, or an instant in UTC without its zone; what lies before Excel's first day as text."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, date) and (value.date() if isinstance(value, datetime) else value) < _FIRST_DAY:
        return value.isoformat(*(" ",) if isinstance(value, datetime) else ())
    return value.replace(tzinfo=None) if isinstance(value, time) else value


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    text = value if isinstance(value, str) else plain_text(value)
    if len(text) * 2 <= LONGEST or _units(text) <= LONGEST:
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST - len(_CUT))].decode("utf-16-le", "ignore")
    return kept + _CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut_note(column: pa.ChunkedArray) -> str:
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return ""
    count = sum(
        _units(one) > LONGEST for one in values(column.filter(pc.greater(pc.utf8_length(column), LONGEST // 2)))
    )
    return f"cut in {count:,} rows: a cell holds {LONGEST:,} characters" if count else ""
