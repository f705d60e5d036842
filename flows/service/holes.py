"""Holes in what we follow, put together as `dragongate status` does: what is missing for one reason is one line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]
_COUNTS = re.compile(r"\b\d+ (?:bar|count|answer|report)s?: ")


@dataclass(frozen=True, slots=True)
class HoleGroup:
    """What is missing for one reason."""

    what: str
    whose: str
    reason: str
    missing: int
    first: date | None
    last: date | None
    next_try: str
    members: tuple[Row, ...]


def hole_groups(holes: Sequence[Row]) -> list[HoleGroup]:
    """Put holes together by what is missing and why; those that are ours to mend come first, then the widest."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for one in holes:
        groups.setdefault((one["what"], one["whose"] or "", _COUNTS.sub("", one["reason"] or "")), []).append(one)
    found = [_group(key, members) for key, members in groups.items()]
    return sorted(found, key=lambda one: (one.whose, -one.missing, one.what, one.reason))


def _group(key: tuple[str, str, str], members: list[Row]) -> HoleGroup:
    what, whose, reason = key
    firsts = [one["first_missing_date"] for one in members if one["first_missing_date"]]
    lasts = [one["last_missing_date"] for one in members if one["last_missing_date"]]
    tries = dict.fromkeys(one["next_try"] for one in members if one["next_try"])
    said = next(iter(tries), "") if len(tries) == 1 else f"{len(tries)} answers: see each" if tries else ""
    missing = sum(one["missing_count"] for one in members)
    ordered = tuple(sorted(members, key=lambda one: (-one["missing_count"], one["subject_id"])))
    return HoleGroup(what, whose, reason, missing, min(firsts, default=None), max(lasts, default=None), said, ordered)
