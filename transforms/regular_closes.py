"""When a regular session is over: from then on a price of that day is final and public.

Half days end earlier; a price of one counts as final only from the regular close on, which is late and never wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.exchanges import EXCHANGES


@dataclass(frozen=True, slots=True)
class RegularClose:
    """The end of a regular session, in the exchange's own time."""

    over: time
    """From when nothing of that day changes any more, the closing auction included."""
    stamped: time
    """The earliest time that a source puts on a final price: in Hong Kong the auction ends at random from 16:08."""


REGULAR_CLOSES: Mapping[str, RegularClose] = {
    "XHKG": RegularClose(over=time(16, 10), stamped=time(16, 8)),
    "XNAS": RegularClose(over=time(16, 0), stamped=time(16, 0)),
    "XNYS": RegularClose(over=time(16, 0), stamped=time(16, 0)),
    "XSHE": RegularClose(over=time(15, 0), stamped=time(15, 0)),
    "XSHG": RegularClose(over=time(15, 0), stamped=time(15, 0)),
}


def close_of(exchange: str, day: date) -> datetime:
    """Give the instant at which the regular session of one day is over, in UTC."""
    return datetime.combine(day, REGULAR_CLOSES[exchange].over, EXCHANGES[exchange].zone).astimezone(UTC)


def start_of(exchange: str, day: date) -> datetime:
    """Give the instant at which a day begins on an exchange, in UTC."""
    return datetime.combine(day, time(), EXCHANGES[exchange].zone).astimezone(UTC)


def closes_of(exchange: str, days: Any) -> Any:
    """Give the same as `close_of` for a column of days."""
    over = REGULAR_CLOSES[exchange].over
    since_midnight = pa.scalar(over.hour * 3600 + over.minute * 60, pa.duration("s"))
    local = pc.add(days.cast(pa.timestamp("s")), since_midnight)
    zone = EXCHANGES[exchange].zone.key
    return pc.assume_timezone(local, timezone=zone).cast(pa.timestamp("us", tz="UTC"))
