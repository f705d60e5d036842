"""`dragongate status`: what ran, what is stale, what is missing and why, what to do."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import typer

from flows.commands.ages import show_ages
from flows.commands.alerts import show_untold
from flows.commands.holes import show_holes
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import OUT, as_json, table
from warehouse.home import Home
from warehouse.status import Status, read_status


def status(home: HomeOption = DEFAULT_HOME, json: JsonOption = False) -> None:
    """Show the state of this home; exit code 1 when something required is missing, kept back or stale."""
    found = read_status(Home(home))
    if json:
        as_json({"is_good": found.is_good, **asdict(found)})
    else:
        _show(found)
    raise typer.Exit(0 if found.is_good else 1)


def _show(found: Status) -> None:
    if found.running:
        since = f"{found.running.since:%Y-%m-%d %H:%M}Z"
        OUT.print(f"{found.running.flow} has the lease since {since}: it runs, or it died and the next run clears up.")
    if not found.runs:
        OUT.print("Nothing has run here yet: `dragongate run` collects and publishes.")
        return
    OUT.print(_headline(found))
    runs = found.runs[:5]
    table(
        "Runs",
        ["run", "mode", "state", "window"],
        [[*map(run.get, ("run_id", "mode", "state")), _window(run)] for run in runs],
    )
    for run in runs:
        if run["message"]:
            OUT.print(f"{run['run_id']}: {run['message']}\n", markup=False)
    if found.alerts:
        names = ", ".join(f"{one['alert_name']} {one['subject']}" for one in found.alerts)
        OUT.print(f"Alerts that are open: {names}. `dragongate alerts` says what to do.", markup=False)
        show_untold(found.alerts)
        OUT.print()
    show_ages("Age of the data, by its own time", found.freshness)
    if found.gaps:
        table(
            "Missing",
            ["source", "asked for", "required", "why", "what to do"],
            [[one["source_id"], one["chunk"], one["is_required"], one["reason"], one["mend"]] for one in found.gaps],
        )
    show_holes(found.holes)
    if found.muted:
        table(
            "Muted: may be missing for a while",
            ["source", "until", "by", "because"],
            [[one["source_id"], one["until_date"], one["author"], one["because"]] for one in found.muted],
        )
    if found.kept_back:
        table(
            "Kept back: the last good content stands in",
            ["table", "check", "content of generation"],
            [[one["table_name"], one["reason"], one["content_generation"]] for one in found.kept_back],
        )
    if found.failed_checks:
        table(
            "Checks that failed",
            ["table", "check", "blocking", "rows", "example"],
            [
                [one["table_name"], one["check_name"], one["is_blocking"], one["failing_rows"], one["example"]]
                for one in found.failed_checks
            ],
        )
    if found.drift:
        table(
            "Fields that we do not know",
            ["source", "field", "example", "first seen"],
            [[one["source_id"], one["field"], one["example"], one["first_seen_at"]] for one in found.drift],
        )


def _headline(found: Status) -> str:
    if not found.is_good:
        return "[bold red]Something needs a look.[/]\n"
    is_whole = not found.gaps and not any(one["is_stale"] for one in found.freshness)
    return "[green]All is well.[/]\n" if is_whole else "[green]All that is required is here.[/]\n"


def _window(run: Mapping[str, Any]) -> str | None:
    return f"{run['window_start_date']}..{run['window_end_date']}" if run["window_start_date"] else None
