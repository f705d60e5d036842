"""`dragongate changes`: what changed, from what to what, in which run, and why."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json, table
from flows.mended import key_text
from warehouse.changed import Change, changes_since
from warehouse.home import Home

_SHOWN = 6
"""Columns of one change that are told in full."""


def changes(
    since: Annotated[
        str, typer.Option(help="From when on, with its zone: 2025-01-02T09:00:00+08:00. Default a day before the last.")
    ] = "",
    table_name: Annotated[str, typer.Option("--table", help="Changes of this table alone.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="How many changes to tell one by one; new rows are counted.")] = 50,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Show what changed since a moment: from what to what, when, which run brought it, and why."""
    started, found = changes_since(Home(home), _moment(since), table_name)
    if json:
        as_json({"since": started, "changes": [asdict(one) for one in found]})
        return
    counts: Counter[tuple[str, str, str]] = Counter()
    told: list[Change] = []
    for one in found:
        counts[one.table, one.change, one.cause] += 1
        if one.cause != "first" and len(told) < limit:
            told.append(one)
    if not counts:
        OUT.print(f"Nothing changed since {started:%Y-%m-%d %H:%M}Z." if started else "Nothing ever changed.")
        return
    table(
        f"Changes since {started:%Y-%m-%d %H:%M}Z",
        ["table", "change", "cause", "rows"],
        [[*what, rows] for what, rows in sorted(counts.items())],
    )
    for one in told:
        _tell(one)
    rest = sum(rows for (_, _, cause), rows in counts.items() if cause != "first") - len(told)
    if rest:
        OUT.print(f"and {rest:,} more: `--limit` shows them, `--json` gives all")


def _moment(text: str) -> datetime | None:
    """Read a moment. Raises BadParameter where it is none, or has no zone: nobody knows then which moment it is."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"--since {text}: write a moment like 2025-01-02T09:00:00+08:00") from error
    if at.tzinfo is None:
        raise typer.BadParameter(
            f"--since {text} has no zone: write 2025-01-02T09:00:00+08:00 for Hong Kong, 2025-01-02T01:00:00Z for UTC"
        )
    return at.astimezone(UTC)


def _tell(one: Change) -> None:
    OUT.print(f"{one.known_from:%Y-%m-%d %H:%M}Z {one.table} {key_text(one.key)}: {one.change}", markup=False)
    for name, (old, new) in list(one.columns.items())[:_SHOWN]:
        OUT.print(f"  {name}: {_short(old)} → {_short(new)}", markup=False)
    if len(one.columns) > _SHOWN:
        OUT.print(f"  and {len(one.columns) - _SHOWN} more columns", markup=False)
    OUT.print(f"  {one.why}; run {one.run_id or 'unknown'}", markup=False)


def _short(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
