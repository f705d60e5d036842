"""Holes in what we follow, put together: what is missing for one reason is one line."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flows.commands.terminal import OUT, table

_COUNTS = re.compile(r"\b\d+ (?:bar|count|answer|report)s?: ")
_MOST_NAMES = 4


def show_holes(holes: Sequence[Mapping[str, Any]]) -> None:
    """Show holes by kind and reason, and under them what to do about each."""
    if not holes:
        return
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for one in holes:
        groups.setdefault((one["what"], one["whose"] or "", _COUNTS.sub("", one["reason"] or "")), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1])))
    rows = []
    for number, ((what, whose, reason), members) in enumerate(ordered, start=1):
        missing = sum(one["missing_count"] for one in members)
        rows.append([number, what, _names(members), missing or None, _days(members), whose, reason])
    table("Missing of what we follow", ["", "what", "of", "missing", "days", "whose", "why"], rows)
    for number, (_, members) in enumerate(ordered, start=1):
        for said in dict.fromkeys(one["mend"] for one in members[:1] if one["mend"]):
            OUT.print(f"{number}. {said}", markup=False)
        if members[0]["next_try"]:
            OUT.print(f"   Next: {members[0]['next_try']}.", markup=False)
    OUT.print()


def _names(members: Sequence[Mapping[str, Any]]) -> str:
    names = [one["subject_id"] for one in members]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _days(members: Sequence[Mapping[str, Any]]) -> str | None:
    first = min((one["first_missing_date"] for one in members if one["first_missing_date"]), default=None)
    last = max((one["last_missing_date"] for one in members if one["last_missing_date"]), default=None)
    if first is None or last is None:
        return None
    return str(first) if first == last else f"{first}..{last}"
