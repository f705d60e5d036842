"""What is missing of everything that we follow: since when, why, whose it is, what to do and when it is asked again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from flows.clock import DAY_ZONE
from flows.report import mend
from warehouse.expectations import Expected, Try

MOST_SPANS = 40
_NAMES = {"security": "bar", "account": "count", "feed": "answer", "filer": "report"}
_OURS = frozenset(
    {"not_recorded", "crashed", "address", "contact", "login", "terms", "off", "too_large", "dns", "bad_request"}
)
"""Reasons for which no source is to blame; so is having asked too often."""
_ANSWERED = ("ok", "unchanged", "nothing_there")


@dataclass(frozen=True, slots=True)
class Asked:
    """Who can be asked for one thing: sources that are on, in their order, and those that are not, with why."""

    on: tuple[str, ...] = ()
    off: Mapping[str, str] | None = None
    next_start: date | None = None
    """First day that the next run asks for."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason for some of the missing days."""

    days: tuple[date, ...]
    whose: str
    reason: str
    mend: str


def completeness_row(
    one: Expected, asked: Asked, tries: Sequence[Try], quiet: tuple[datetime, float] | None
) -> dict[str, Any]:
    """Say of one thing what is here, what is not and why; `tries` are those about it, newest first."""
    causes = _causes(one, asked, tries)
    row: dict[str, Any] = {
        "subject_kind": one.kind,
        "subject_id": one.id,
        "what": one.what,
        "table_name": one.table,
        "source_ids": list(asked.on),
        "expected_from_date": one.due[0] if one.due else one.since,
        "expected_until_date": one.due[-1] if one.due else None,
        "expected_count": len(one.due),
        "came_count": len(one.due) - len(one.missing),
        "missing_count": len(one.missing),
        "first_missing_date": one.missing[0] if one.missing else None,
        "last_missing_date": one.missing[-1] if one.missing else None,
        "missing_days": spans(one.missing, one.due)[-MOST_SPANS:],
        "last_came_date": one.last_came,
        "state": _state(one, asked, quiet),
    }
    if causes:
        most = causes[0]
        row |= {"whose": most.whose, "reason": _told(causes, one.kind), "mend": most.mend or None}
        row |= _next_try(one, asked)
    elif quiet and row["state"] == "quiet":
        row |= _quiet(*quiet)
    elif row["state"] == "not_asked":
        row |= {"whose": "ours", "reason": _why_off(asked), "mend": _turn_on(asked)}
    return row


def is_ours(outcome: str, reason: str) -> bool:
    """Tell whether an answer that is missing is ours to mend, by its outcome and the word for why."""
    return reason in _OURS or outcome == "rate_limited"


def spans(days: Sequence[date], among: Sequence[date]) -> list[str]:
    """Write days as single ones and spans: a span has no day of `among` in it that is not one of them."""
    place = {day: number for number, day in enumerate(among)}
    found: list[list[date]] = []
    for day in days:
        if found and place[day] == place[found[-1][-1]] + 1:
            found[-1] = [found[-1][0], day]
        else:
            found.append([day])
    return ["..".join(day.isoformat() for day in one) for one in found]


def _state(one: Expected, asked: Asked, quiet: tuple[datetime, float] | None) -> str:
    if one.missing:
        return "missing"
    if quiet:
        return "quiet"
    if not asked.on and one.kind in ("account", "feed"):
        return "not_asked"
    return "complete" if one.due else "nothing_due"


def _causes(one: Expected, asked: Asked, tries: Sequence[Try]) -> list[Cause]:
    """Give every missing day the reason that the newest try which covers it gives; most days first."""
    left = set(one.missing)
    found: dict[tuple[str, str, str], Cause] = {}
    for said in (_reaching(one.kind, said) for said in tries):
        days = {day for day in left if said.start <= day <= said.end}
        if not left or not days:
            continue
        left -= days
        cause = _cause(one.kind, said)
        key = (cause.whose, cause.reason, cause.mend)
        before = found[key].days if key in found else ()
        found[key] = replace(cause, days=tuple(sorted({*before, *days})))
    causes = list(found.values())
    if left:
        causes.append(_never(one, asked, tuple(sorted(left))))
    return sorted(causes, key=lambda cause: (-len(cause.days), cause.reason))


def _reaching(kind: str, said: Try) -> Try:
    """Say which days a try could have brought: prices and filings come late, a count or an answer of its own day."""
    day = said.asked_at.astimezone(DAY_ZONE).date()
    if kind in ("account", "feed"):
        return replace(said, start=day, end=day)
    return replace(said, start=date.min, end=day) if kind == "filer" else said


def _cause(kind: str, said: Try) -> Cause:
    if said.outcome in _ANSWERED:
        unknown = said.outcome == "nothing_there" and said.reason not in ("", "empty_window")
        tail = f" ({said.reason})" if unknown else ""
        return Cause((), "theirs", f"{said.source_id} answered and has none{tail}", _MENDS_OF_SILENCE[kind])
    whose = "ours" if is_ours(said.outcome, said.reason) else "theirs"
    reason = f"{said.source_id} {said.outcome}" + (f" ({said.reason})" if said.reason else "")
    return Cause((), whose, reason, mend(said.outcome, said.reason))


_MENDS_OF_SILENCE = {
    "security": "A halt, or a closure that the calendar lacks: look at the exchange's notices; another source may have "
    "it (`dragongate sources`).",
    "account": "See that the handle on the watch list is right; `dragongate import followers` takes a count by hand.",
    "feed": "See that the feed's address on the watch list is right.",
    "filer": "It is late, or was filed under another form: look at the publisher's own list.",
}


def _never(one: Expected, asked: Asked, days: tuple[date, ...]) -> Cause:
    if not asked.on:
        return Cause(days, "ours", _why_off(asked), _turn_on(asked))
    if one.kind in ("account", "feed"):
        return Cause(
            days, "ours", "no run asked on these days", "Schedule a run a day: what was not asked for is gone."
        )
    return Cause(days, "ours", "no run has asked for these days", _backfill(days))


def _backfill(days: Sequence[date]) -> str:
    return f"Ask for them: dragongate run --from {days[0]} --to {days[-1]}"


def _why_off(asked: Asked) -> str:
    if not asked.off:
        return "no source knows it: the watch list has no code of it"
    return "no source that is on has it: " + ", ".join(sorted(asked.off))


def _turn_on(asked: Asked) -> str:
    if not asked.off:
        return "Add the code of a source to its entry on the watch list."
    return next(iter(asked.off.values())) or "`dragongate sources` says what each source needs."


def _told(causes: Sequence[Cause], kind: str) -> str:
    def count(cause: Cause) -> str:
        return f"{len(cause.days)} {_NAMES[kind]}{'' if len(cause.days) == 1 else 's'}"

    return "; ".join(f"{count(cause)}: {cause.reason}" for cause in causes)


def _next_try(one: Expected, asked: Asked) -> dict[str, Any]:
    if not asked.on:
        return {"next_try": "not while every source that has it is off"}
    if one.kind in ("account", "feed"):
        return {"next_try": "the next run asks for the day on which it runs; past days cannot be had"}
    if one.kind == "filer" or asked.next_start is None:
        return {"next_try": "the next run"}
    said: dict[str, Any] = {"next_try_from_date": asked.next_start}
    late = [day for day in one.missing if day >= asked.next_start]
    if len(late) == len(one.missing):
        return {**said, "next_try": f"the next run asks for all of them again, from {asked.next_start} on"}
    early = [day for day in one.missing if day < asked.next_start]
    if not late:
        return {
            **said,
            "next_try": f"no run asks so far back by itself: dragongate run --from {early[0]} --to {early[-1]}",
        }
    return {
        **said,
        "next_try": f"the next run asks from {asked.next_start} on, for {len(late)} of them; for the others: "
        f"dragongate run --from {early[0]} --to {early[-1]}",
    }


def _quiet(newest: datetime, usual: float) -> dict[str, Any]:
    reason = f"nothing new since {newest:%Y-%m-%d %H:%M}Z; usually an entry every {max(1, round(usual))} h"
    return {
        "whose": "theirs",
        "reason": reason,
        "mend": "See whether the outlet moved its feed.",
        "next_try": "the next run",
    }


def oldest_day(expected: Iterable[Expected]) -> date | None:
    """Give the oldest day that is missing of anything."""
    return min((one.missing[0] for one in expected if one.missing), default=None)


def next_window_start(reached: date | None, *, today: date, lag_days: int, first_days: int) -> date:
    """Say from which day the next run asks for one thing: its cursor less the days that its source mends."""
    if reached is None:
        return today - timedelta(days=first_days)
    return min(reached, today) - timedelta(days=lag_days)
