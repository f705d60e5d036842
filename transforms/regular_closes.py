"""When a session is over: from then on a price of that day is final and public.

Half days end earlier: those of Hong Kong and New York from 2000 through 2027 stand in `half_days.csv`. One that is not
there counts as over at the regular close, which is late and never wrong.
"""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
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


_SAME_HALF_DAYS = {"XNAS": "XNYS"}


@cache
def half_days_of(exchange: str) -> Mapping[date, time]:
    """Give the half days of one exchange with the time at which each is over, the closing auction included."""
    text = files("transforms").joinpath("half_days.csv").read_text(encoding="utf-8")
    home = _SAME_HALF_DAYS.get(exchange, exchange)
    return {
        date.fromisoformat(row["session_date"]): time.fromisoformat(row["over"])
        for row in csv.DictReader(io.StringIO(text))
        if row["exchange"] == home
    }


def close_of(exchange: str, day: date) -> datetime:
    """Give the instant at which the session of one day is over, in UTC."""
    over = half_days_of(exchange).get(day, REGULAR_CLOSES[exchange].over)
    return datetime.combine(day, over, EXCHANGES[exchange].zone).astimezone(UTC)


def is_final_stamp(exchange: str, stamped_at: datetime) -> bool:
    """Tell whether a source stamped a price at the end of its session or later."""
    zone, regular = EXCHANGES[exchange].zone, REGULAR_CLOSES[exchange]
    day = stamped_at.astimezone(zone).date()
    auction = datetime.combine(day, regular.over) - datetime.combine(day, regular.stamped)
    return stamped_at >= close_of(exchange, day) - auction


def start_of(exchange: str, day: date) -> datetime:
    """Give the instant at which a day begins on an exchange, in UTC."""
    return datetime.combine(day, time(), EXCHANGES[exchange].zone).astimezone(UTC)


def closes_of(exchange: str, days: Any) -> Any:
    """Give the same as `close_of` for a column of days."""
    half_days = half_days_of(exchange)
    regular = _since_midnight(REGULAR_CLOSES[exchange].over)
    early = pa.array([_since_midnight(over) for over in half_days.values()], pa.duration("s"))
    found = pc.index_in(days, value_set=pa.array(half_days, pa.date32()))
    over = pc.coalesce(early.take(found), pa.scalar(regular, pa.duration("s")))
    zone = EXCHANGES[exchange].zone.key
    return pc.assume_timezone(pc.add(days.cast(pa.timestamp("s")), over), timezone=zone).cast(
        pa.timestamp("us", tz="UTC")
    )


def _since_midnight(local: time) -> timedelta:
    return timedelta(hours=local.hour, minutes=local.minute)
