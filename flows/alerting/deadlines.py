"""What is due by which time of day: the closes of each market and the counts of each day, the morning after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from warehouse.freshness import Calendar

_HONG_KONG = ZoneInfo("Asia/Hong_Kong")
_MORNING = time(8, 30)
_LONGEST_CLOSURE = 30
"""Days; the longest holidays of any exchange that we know are shorter."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that people wait for: what is expected of one day must be here the morning after."""

    name: str
    title: str
    what: str
    """As `ops.completeness` names it."""
    exchanges: tuple[str, ...] = ()
    """Whose sessions count; none: every day does."""
    share_let_pass: float = 0.0
    """So large a share may be late without anybody waiting: the sources of some things are optional."""
    due: time = _MORNING
    zone: ZoneInfo = _HONG_KONG
    """Of the time of day: where people look at the numbers."""

    def due_at(self, day: date) -> datetime:
        """Give the moment by which a day's data must be here: the morning after."""
        return datetime.combine(day + timedelta(days=1), self.due, self.zone)

    def last_due(self, now: datetime, calendars: Mapping[str, Calendar]) -> date | None:
        """Give the newest day whose data is due; none where its exchanges have not traded for a month."""
        first = now.astimezone(self.zone).date()
        for back in range(_LONGEST_CLOSURE):
            day = first - timedelta(days=back)
            if self.due_at(day) <= now and self._counts(day, calendars):
                return day
        return None

    def _counts(self, day: date, calendars: Mapping[str, Calendar]) -> bool:
        known = [calendars.get(one, Calendar(self.zone)) for one in self.exchanges]
        return not known or any(one.trades_on(day) for one in known)


DEADLINES: tuple[Deadline, ...] = (
    Deadline("hong_kong_prices", "Hong Kong prices", "daily_closes", ("XHKG",)),
    Deadline("new_york_prices", "New York prices", "daily_closes", ("XNAS", "XNYS")),
    Deadline("mainland_prices", "mainland prices", "daily_closes", ("XSHE", "XSHG")),
    Deadline("follower_counts", "follower counts", "follower_counts", share_let_pass=0.5),
)
