"""The lines of the page: one for each source and one for each table, with its age against what its calendar expects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.service.sight import View
from flows.service.sparkline import Sparkline, sparkline
from flows.service.status_document import ages
from flows.service.words import EXCHANGES, age
from warehouse.data_times import DataTime, DataTimes, limit_of
from warehouse.tables.catalog import BY_NAME

Row = Mapping[str, Any]
NOTHING_READ = DataTimes()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source that is on."""

    id: str
    title: str
    kind: str
    is_required: bool
    state: str
    """here, missing, muted, late, reserve or not asked."""
    loudness: str
    until: datetime | None
    age_hours: float | None
    expected: str
    """How old its data may be, in words."""
    last_good_at: datetime | None
    last_outcome: str
    spark: Sparkline


@dataclass(frozen=True, slots=True)
class TableLine:
    """One table."""

    name: str
    row_count: int
    is_required: bool
    state: str
    loudness: str
    until: datetime | None
    age_hours: float | None
    expected: str
    spark: Sparkline | None


def source_lines(view: View, now: datetime) -> list[SourceLine]:
    """List the sources that are on; those that ask for a look come first."""
    at = view.as_of(now)
    times = view.warehouse.data_times if view.warehouse else NOTHING_READ
    muted = {one["source_id"] for one in view.status.muted}
    lines = [_source(row, times, at, muted) for row in view.overview.sources if row["is_enabled"]]
    return sorted(lines, key=lambda one: (_ORDER.index(one.loudness), one.kind, one.id))


def table_lines(view: View, now: datetime) -> list[TableLine]:
    """List the tables with an allowed age first, stale ones before the others."""
    at = view.as_of(now)
    times = view.warehouse.data_times if view.warehouse else NOTHING_READ
    told = {one["table_name"]: one for one in ages(view, now)}
    lines = [_table(row, told[row["table_name"]], times, at) for row in view.status.freshness]
    return sorted(lines, key=lambda one: (_ORDER.index(one.loudness), one.spark is None, one.name))


def expected(allowed_hours: float | None, exchange: str = "") -> str:
    """Say how old data may be; closed days do not count where an exchange is named."""
    if allowed_hours is None:
        return "no limit"
    days = f" of {EXCHANGES.get(exchange, exchange)} trading days" if exchange else ""
    return f"up to {age(allowed_hours)}{days}"


_ORDER = ("bad", "attention", "good", "plain")


def _source(row: Row, times: DataTimes, at: datetime, muted: Iterable[str]) -> SourceLine:
    own = times.by_source.get(row["source_id"], ())
    worst = max(own, key=lambda one: _share(one, at, times), default=None)
    hours = worst.age_hours(at, times.calendars) if worst else None
    is_late = bool(worst and worst.allowed_hours is not None and hours is not None and hours > worst.allowed_hours)
    state, loudness = _state(row, is_late=is_late, is_muted=row["source_id"] in muted)
    exchange = worst.counts_sessions_of if worst else ""
    return SourceLine(
        row["source_id"],
        row["title"],
        row["kind"],
        row["is_required"],
        state,
        loudness,
        worst.until if worst else None,
        hours,
        expected(worst.allowed_hours if worst else _allowed(row), exchange),
        row["last_good_at"],
        row["last_outcome"] or "",
        sparkline(times.rows_by_source.get(row["source_id"], {}), at.date(), times.calendars.get(exchange)),
    )


def _share(time: DataTime, at: datetime, times: DataTimes) -> tuple[bool, float]:
    """Order times by how much of what is allowed they have used; those without a limit come last, the newest first."""
    hours = time.age_hours(at, times.calendars)
    return (False, -hours) if time.allowed_hours is None else (True, hours / time.allowed_hours)


def _allowed(row: Row) -> float | None:
    limits = (limit_of(BY_NAME[name]) for name in row["tables"] if name in BY_NAME)
    return min((float(one.hours) for one in limits if one), default=None)


def _state(row: Row, *, is_late: bool, is_muted: bool) -> tuple[str, str]:
    if is_muted:
        return "muted", "attention"
    if row["missing"]:
        return "missing", "bad" if row["required_missing"] else "attention"
    if row["elsewhere"] and not row["here"]:
        return "reserve answered", "good"
    if row["last_asked_at"] is None:
        return "not asked yet", "plain"
    return ("late", "attention") if is_late and row["here"] else ("here", "good")


def _table(row: Row, told: Row, times: DataTimes, at: datetime) -> TableLine:
    table = BY_NAME.get(row["table_name"])
    limit = table.fresh_within if table else None
    exchange = limit.counts_sessions_of if limit else ""
    state, loudness = "fresh" if limit else "no limit", "good" if limit else "plain"
    if told["is_stale"]:
        state, loudness = ("stale" if row["row_count"] else "empty"), "bad" if row["is_required"] else "attention"
    elif not row["row_count"]:
        state, loudness = "no rows yet", "plain"
    days = times.rows_by_table.get(row["table_name"])
    return TableLine(
        row["table_name"],
        row["row_count"],
        row["is_required"],
        state,
        loudness,
        row["data_until"],
        told["age_hours"],
        expected(row["allowed_hours"], exchange),
        None if days is None else sparkline(days, at.date(), times.calendars.get(exchange)),
    )


def kinds(lines: Iterable[SourceLine]) -> Iterator[str]:
    """Name the kinds of sources in the order of the lines, each once."""
    yield from dict.fromkeys(one.kind for one in lines)
