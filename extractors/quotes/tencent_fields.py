"""Where the nameless fields of Tencent's lines stand, market by market, and how one is taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from extractors.errors import ShapeChanged
from extractors.snapshot import Snapshot

_TIME = 30
_LARGEST = 10**14
_LARGEST_PRICE = 10**11
_FINEST = -12


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of one market's line stand, and how it writes its time."""

    zone: ZoneInfo
    time_pattern: str
    positions: Mapping[str, int]


_PRICES = {"last": 3, "previous_close": 4, "open": 5, "volume": 6, "high": 33, "low": 34, "turnover": 37}
_VALUES = {"class_value": 44, "total_value": 45}
_MAINLAND = Layout(
    ZoneInfo("Asia/Shanghai"),
    "%Y%m%d%H%M%S",
    {**_PRICES, **_VALUES, "class_shares": 72, "total_shares": 73, "currency": 82},
)
LAYOUTS = {
    "hk": Layout(
        ZoneInfo("Asia/Hong_Kong"),
        "%Y/%m/%d %H:%M:%S",
        {**_PRICES, **_VALUES, "total_shares": 69, "class_shares": 70, "currency": 75},
    ),
    "us": Layout(
        ZoneInfo("America/New_York"),
        "%Y-%m-%d %H:%M:%S",
        {**_PRICES, **_VALUES, "total_shares": 62, "class_shares": 63, "currency": 35},
    ),
    "sh": _MAINLAND,
    "sz": _MAINLAND,
    "bj": _MAINLAND,
}
SHORT = {"last": 3, "volume": 6, "turnover": 7}


class Fields:
    """The fields of one line by name; a field beyond the end of the line is not there."""

    def __init__(self, name: str, fields: list[str], positions: Mapping[str, int], snapshot: Snapshot) -> None:
        self._name, self._fields, self._positions, self._snapshot = name, fields, positions, snapshot

    def text(self, field: str) -> str:
        """Take a text; empty where the line has none."""
        position = self._positions.get(field, len(self._fields))
        return self._fields[position].strip() if position < len(self._fields) else ""

    def number(self, field: str) -> Decimal | None:
        """Take a number that a line may lack."""
        text = self.text(field)
        try:
            value = Decimal(text) if text else None
        except InvalidOperation:
            raise self._shape(field, f"expected a number, got {text!r:.40}") from None
        if value is not None and not _is_plain(value):
            raise self._shape(field, f"expected a number, got {text!r:.40}")
        return value

    def price(self, field: str) -> Decimal:
        """Take a price that every line has; an empty one is a zero, which means that nothing traded yet."""
        position = self._positions[field]
        if position >= len(self._fields):
            raise self._shape(field, f"the line ends before field {position}")
        value = self.number(field) or Decimal(0)
        if abs(value) >= _LARGEST_PRICE:
            raise self._shape(field, f"expected a price, got {value}")
        return value

    def time(self, layout: Layout) -> datetime | None:
        """Take the time of the line in its exchange's zone; None where the field is empty."""
        if len(self._fields) <= _TIME:
            raise self._shape("time", f"the line ends before field {_TIME}")
        text = self._fields[_TIME].strip()
        if not text:
            return None
        try:
            return datetime.strptime(text, layout.time_pattern).replace(tzinfo=layout.zone)
        except ValueError:
            raise self._shape("time", f"expected a time like {layout.time_pattern}, got {text!r:.40}") from None

    def _shape(self, field: str, what: str) -> ShapeChanged:
        return ShapeChanged(f"{self._name}.{field}", self._snapshot.at(f"{self._name}.{field}: {what}"))


def _is_plain(value: Decimal) -> bool:
    """Tell a number of this world: finite, not too large, without digits that nobody measures."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _FINEST and abs(value) < _LARGEST
