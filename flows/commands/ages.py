"""How old the data is, as a table for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flows.commands.terminal import OUT, table

HOURS_IN_WORDS = 72.0
"""Up to here an age is told in hours, beyond it in days."""


def show_ages(title: str, freshness: Sequence[Mapping[str, Any]]) -> None:
    """Print each table with rows and its age, and name those without in one line."""
    filled = [one for one in freshness if one["row_count"]]
    table(
        title,
        ["table", "rows", "data until", "age", "allowed"],
        [
            [one["table_name"], one["row_count"], _day(one["data_until"]), _length(one["age_hours"]), _allowed(one)]
            for one in filled
        ],
    )
    empty = [f"{one['table_name']}{' (stale)' if one['is_stale'] else ''}" for one in freshness if not one["row_count"]]
    if empty:
        OUT.print(f"no rows yet: {', '.join(empty)}\n", markup=False)


def _day(until: datetime | None) -> str | None:
    """Name the day; the end of a day belongs to it and not to the next one."""
    return f"{until - timedelta(seconds=1):%Y-%m-%d}" if until else None


def _length(hours: float | None) -> str | None:
    if hours is None:
        return None
    return f"{hours:.0f} h" if hours <= HOURS_IN_WORDS else f"{hours / 24:,.0f} d"


def _allowed(one: Mapping[str, Any]) -> str | None:
    length = _length(one["allowed_hours"])
    return f"{length}, stale" if one["is_stale"] else length
