"""The state of a home in one sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flows.service.sight import View
from flows.service.status_document import ages

NOTHING_YET = "Nothing has run here yet: `dragongate run` collects and publishes."
_MOST_NAMES = 3


class Level(StrEnum):
    """How much the state asks for."""

    GOOD = "good"
    ATTENTION = "attention"
    """All that is required is here; something optional is not."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Headline:
    """What a person reads first."""

    level: Level
    sentence: str


def headline(view: View, now: datetime) -> Headline:
    """Say how things stand, with what is wrong if anything is."""
    if view.problem:
        return Headline(Level.BAD, view.problem)
    if view.is_empty:
        return Headline(Level.BAD, NOTHING_YET)
    stale = [one for one in ages(view, now) if one["is_stale"]]
    wrong = list(_wrong(view, [one["table_name"] for one in stale if one["is_required"]]))
    if wrong or not view.status.is_good:
        return Headline(Level.BAD, f"Something needs a look: {_listed(wrong)}.")
    missing = list(_optional(view, [one["table_name"] for one in stale]))
    if missing:
        return Headline(Level.ATTENTION, f"All that is required is here; {_listed(missing)}.")
    return Headline(Level.GOOD, "All is well.")


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many there are of something, in words that fit the number."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _wrong(view: View, stale: Sequence[str]) -> Iterator[str]:
    status = view.status
    if status.runs and status.runs[0]["state"] in ("failed", "died"):
        yield f"the newest run {'failed' if status.runs[0]['state'] == 'failed' else 'died'}"
    if missing := _sources(status.gaps, is_required=True):
        yield f"{counted(len(missing), 'required source is', 'required sources are')} missing ({_named(missing)})"
    if kept := [one["table_name"] for one in status.kept_back]:
        yield f"{counted(len(kept), 'table shows its', 'tables show their')} last good content ({_named(kept)})"
    if stale:
        yield f"{counted(len(stale), 'required table is', 'required tables are')} stale ({_named(stale)})"


def _optional(view: View, stale: Sequence[str]) -> Iterator[str]:
    status = view.status
    if missing := _sources(status.gaps, is_required=False):
        yield f"{counted(len(missing), 'optional source is', 'optional sources are')} missing ({_named(missing)})"
    if stale:
        yield f"{counted(len(stale), 'optional table is', 'optional tables are')} stale ({_named(stale)})"
    if status.failed_checks:
        yield f"{counted(len(status.failed_checks), 'check does', 'checks do')} not hold"


def _sources(gaps: Sequence[Mapping[str, Any]], *, is_required: bool) -> list[str]:
    return list(dict.fromkeys(one["source_id"] for one in gaps if one["is_required"] is is_required))


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _listed(parts: Sequence[str]) -> str:
    return "; ".join(parts) if parts else "the newest run that collected did not complete"
