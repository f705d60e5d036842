"""`dragongate status`: what ran, what is stale, what is missing and why, what to do."""

from dataclasses import asdict

import typer

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
    if not found.runs:
        OUT.print("Nothing has run here yet: `dragongate run` collects and publishes.")
        return
    OUT.print("[green]All is well.[/]" if found.is_good else "[bold red]Something needs a look.[/]")
    if found.running:
        OUT.print(f"{found.running.flow} is running since {found.running.since:%Y-%m-%d %H:%M}Z")
    table(
        "Runs",
        ["run", "mode", "state", "started", "window", "message"],
        [
            [
                one["run_id"], one["mode"], one["state"], one["started_at"],
                f"{one['window_start_date']}..{one['window_end_date']}" if one["window_start_date"] else None,
                one["message"],
            ]
            for one in found.runs[:5]
        ],
    )  # fmt: skip
    table(
        "Age of the data, by its own time",
        ["table", "rows", "data until", "age h", "allowed h", "stale"],
        [
            [
                one["table_name"], one["row_count"], one["data_until"], one["age_hours"], one["allowed_hours"],
                one["is_stale"],
            ]
            for one in found.freshness
        ],
    )  # fmt: skip
    if found.gaps:
        table(
            "Missing",
            ["source", "asked for", "required", "why", "what to do"],
            [[one["source_id"], one["chunk"], one["is_required"], one["reason"], one["mend"]] for one in found.gaps],
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
