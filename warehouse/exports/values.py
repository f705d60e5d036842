"""Values of a query's answer as Python has them, and as text where a file knows no such type."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_INFINITY = {32: 2**31 - 1, 64: 2**63 - 1}
"""What DuckDB writes for infinity, as a day and as an instant."""


def values(column: pa.ChunkedArray) -> Iterator[Any]:
    """Give the values of a column; a day or an instant without end, which Python does not know, as a text."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    for chunk in column.chunks:
        try:
            yield from chunk.to_pylist()
        except OverflowError:
            yield from (_endless(one) for one in chunk)


def is_endless(column: pa.ChunkedArray) -> bool:
    """Tell whether a day or an instant without end is among the values."""
    if not (pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)):
        return False
    width = column.type.bit_width
    top = pc.max(pc.abs(column.cast(pa.int32() if width == 32 else pa.int64()))).as_py()
    return top is not None and top >= _INFINITY[width]


def plain_text(value: Any) -> str:
    """Write a value that is neither number, text nor time: a list joined by semicolons, what is nested as JSON."""
    if isinstance(value, pa.MonthDayNano):
        return _interval(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list) and not any(isinstance(one, list | dict | tuple) for one in value):
        return "; ".join("" if one is None else str(one) for one in value)
    if isinstance(value, list | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)


def _endless(scalar: pa.Scalar) -> Any:
    try:
        return scalar.as_py()
    except OverflowError:
        return "infinity" if scalar.value > 0 else "-infinity"


def _interval(value: Any) -> str:
    months, days, nanoseconds = value
    parts = [
        f"{count} {unit}{'' if abs(count) == 1 else 's'}" for count, unit in ((months, "month"), (days, "day")) if count
    ]
    if nanoseconds or not parts:
        parts.append(str(timedelta(microseconds=nanoseconds // 1000)))
    return " ".join(parts)
