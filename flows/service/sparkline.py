"""Rows a day as a small picture, with the same said in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from warehouse.data_times import DAYS_SHOWN
from warehouse.freshness import Calendar

HEIGHT = 24
_STEP, _BAR, _LEAST = 4, 3, 2
"""From one day to the next, the width of its bar, and the height at which a day with few rows is still seen."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """One bar a day."""

    path: str
    """The bars, as the path of an SVG of `width` by HEIGHT; whole numbers keep a page of many small."""
    words: str
    width: int = 0


def sparkline(rows: Mapping[date, int], last: date, calendar: Calendar | None = None) -> Sparkline:
    """Draw the days up to one; days on which an exchange is closed are left out, so that a gap is a hole."""
    every = [last - timedelta(days=back) for back in reversed(range(DAYS_SHOWN))]
    days = [day for day in every if calendar is None or calendar.trades_on(day) or rows.get(day)]
    most = max((rows.get(day, 0) for day in days), default=0)
    if not most:
        return Sparkline("", f"no rows in the {DAYS_SHOWN} days to {last}")
    bars = []
    for number, day in enumerate(days):
        if count := rows.get(day, 0):
            high = max(_LEAST, round(HEIGHT * count / most))
            bars.append(f"M{number * _STEP} {HEIGHT}v-{high}h{_BAR}v{high}z")
    return Sparkline("".join(bars), _words(rows, days, most), len(days) * _STEP)


def _words(rows: Mapping[date, int], days: list[date], most: int) -> str:
    top = next(day for day in reversed(days) if rows.get(day, 0) == most)
    without = sum(not rows.get(day) for day in days)
    kind = "days" if len(days) == DAYS_SHOWN else "open days"
    return (
        f"rows a day from {days[0]} to {days[-1]}: {rows.get(days[-1], 0):,} on the last day, "
        f"at most {most:,} on {top}, none on {without} of {len(days)} {kind}"
    )
