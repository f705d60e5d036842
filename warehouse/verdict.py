"""From checks to what is published: which tables go out, which keep their last good content, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from warehouse.tables.catalog import CHOSEN


@dataclass(frozen=True, slots=True)
class Verdict:
    """Tables that are held back and failures that a person took on."""

    kept: Mapping[str, str]
    """Table to the check that holds it back."""
    accepted: Mapping[str, str]
    """Table to the check that failed and why it goes out all the same."""
    double_keys: frozenset[str]
    """Tables that go out with a key that stands twice."""


def judge(checks: pa.Table, accept: Mapping[str, str]) -> Verdict:
    """Decide for each table; `accept` maps a check, alone or with its table in front, to the reason.

    Raises ValueError for a check that has not failed, since accepting it would do nothing.
    """
    failed = [row for row in checks.to_pylist() if row["is_blocking"] and not row["is_passed"]]
    names = {name for row in failed for name in _names(row)}
    useless = [name for name in accept if name not in names]
    if useless:
        there = ", ".join(sorted(_names(row)[0] for row in failed)) or "none"
        raise ValueError(f"nothing to accept: {', '.join(useless)} has not failed; blocking checks that have: {there}")
    kept: dict[str, str] = {}
    accepted: dict[str, str] = {}
    double: set[str] = set()
    for row in failed:
        table, check = row["table_name"], row["check_name"]
        because = next((accept[name] for name in _names(row) if name in accept), None)
        if because is None:
            kept.setdefault(table, check)
        else:
            accepted[table] = f"{check} accepted: {because}"
            double |= {table} if check == "key_is_unique" else set()
    for table in CHOSEN:
        if table.chosen_from in kept:
            kept.setdefault(table.name, f"{kept[table.chosen_from]} of {table.chosen_from}")
    return Verdict(kept, accepted, frozenset(double - kept.keys()))


def _names(row: Mapping[str, str]) -> tuple[str, str]:
    return f"{row['table_name']}.{row['check_name']}", row["check_name"]
