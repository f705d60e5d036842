"""Rows a day as a small picture, with the same said in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from warehouse.data_times import DAYS_SHOWN
from warehouse.freshness import Calendar

WIDTH, HEIGHT = 120, 24
_LEAST = 1.5
"""A day with few rows is still seen."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """One bar a day."""

    path: str
    """The bars, as the path of an SVG of WIDTH by HEIGHT."""
    words: str


def sparkline(rows: Mapping[date, int], last: date, calendar: Calendar | None = None) -> Sparkline:
    """Draw the days up to one; days on which an exchange is closed are left out, so that a gap is a hole."""
    every = [last - timedelta(days=back) for back in reversed(range(DAYS_SHOWN))]
    days = [day for day in every if calendar is None or calendar.trades_on(day) or rows.get(day)]
    most = max((rows.get(day, 0) for day in days), default=0)
    if not most:
        return Sparkline("", f"no rows in the {DAYS_SHOWN} days to {last}")
    step = WIDTH / len(days)
    bars = []
    for number, day in enumerate(days):
        if count := rows.get(day, 0):
            high = max(_LEAST, HEIGHT * count / most)
            bars.append(f"M{number * step:.1f} {HEIGHT}v{-high:.1f}h{step * 0.8:.1f}v{high:.1f}z")
    return Sparkline("".join(bars), _words(rows, days, most))


def _words(rows: Mapping[date, int], days: list[date], most: int) -> str:
    top = next(day for day in reversed(days) if rows.get(day, 0) == most)
    without = sum(not rows.get(day) for day in days)
    kind = "days" if len(days) == DAYS_SHOWN else "open days"
    return (
        f"rows a day from {days[0]} to {days[-1]}: {rows.get(days[-1], 0):,} on the last day, "
        f"at most {most:,} on {top}, none on {without} of {len(days)} {kind}"
    )
