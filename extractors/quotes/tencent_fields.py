"""Where the nameless fields of Tencent's lines stand, market by market, and how one is taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from extractors.quotes.nameless_fields import NamelessFields

_TIME = 30


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


class Fields(NamelessFields):
    """The fields of one line of Tencent's, which all have their time at one place."""

    def time(self, layout: Layout) -> datetime | None:
        """Take the time of the line in its exchange's zone; None where the field is empty."""
        if len(self._fields) <= _TIME:
            raise self.shape("time", f"the line ends before field {_TIME}")
        text = self._fields[_TIME].strip()
        if not text:
            return None
        try:
            return datetime.strptime(text, layout.time_pattern).replace(tzinfo=layout.zone)
        except ValueError:
            raise self.shape("time", f"expected a time like {layout.time_pattern}, got {text!r:.40}") from None
