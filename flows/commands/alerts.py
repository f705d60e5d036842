"""`dragongate alerts`: what is wrong now, who was told, and who took it on."""

from datetime import datetime
from typing import Annotated, Any

import typer

from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, ByOption, HomeOption, JsonOption, author_of, reason_of
from flows.commands.terminal import OUT, as_json, table
from warehouse.alert_book import open_alerts
from warehouse.home import Home


def alerts(
    home: HomeOption = DEFAULT_HOME,
    acknowledge_: Annotated[
        str, typer.Option("--acknowledge", metavar="NAME[:SUBJECT]", help="Take it on: nobody is told of it again.")
    ] = "",
    by: ByOption = "",
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; one that is past takes it back.")
    ] = None,
    because: Annotated[str, typer.Option("--because", help="Why; it is kept with the alert.")] = "",
    json: JsonOption = False,
) -> None:
    """List what is wrong now, or take one of them on; exit code 1 when a page is open that nobody took on."""
    place = Home(home)
    now = utc_now()
    if acknowledge_:
        if until is None:
            raise typer.BadParameter("--until must name the last day, like 2026-01-31")
        # What sends messages takes seconds to load; a look at what is wrong shall not wait for it.
        from flows.alerting.notify import Acknowledgement, acknowledge

        name, _, subject = acknowledge_.partition(":")
        word = Acknowledgement(author_of(by), until.date(), reason_of(because))
        for entry in acknowledge(place, name, subject, word, now):
            OUT.print(f"{entry.alert_name} {entry.subject}: taken on by {word.by} until {word.until}", markup=False)
        return
    found = open_alerts(place)
    if json:
        as_json(found)
    else:
        show_alerts(found)
    raise typer.Exit(1 if any(one["severity"] == "page" and not _is_taken_on(one, now.date()) for one in found) else 0)


def show_alerts(found: list[dict[str, Any]]) -> None:
    """Print what is open, and each with what to do."""
    if not found:
        OUT.print("Nothing is open.")
        return
    table(
        "Alerts",
        ["alert", "subject", "severity", "whose", "since", "told", "taken on"],
        [
            [
                one["alert_name"],
                one["subject"],
                one["severity"],
                one["whose"],
                one["reopened_at"] or one["opened_at"],
                one["told_at"],
                f"{one['acknowledged_by']} until {one['acknowledged_until']}" if one["acknowledged_until"] else None,
            ]
            for one in found
        ],
    )
    for one in found:
        OUT.print(f"{one['alert_name']} {one['subject']}: {one['sentence']}.", markup=False)
        OUT.print(f"  {one['mend']} Next try: {one['next_try']}. More: {one['why_command']}\n", markup=False)
    show_untold(found)


def show_untold(found: list[dict[str, Any]]) -> None:
    """Say which addresses could not be told; they are tried again."""
    for failure in sorted({one["not_told"] for one in found if one["not_told"]}):
        OUT.print(f"Not told, and tried again with the next run: {failure}", markup=False)


def _is_taken_on(one: dict[str, Any], today: Any) -> bool:
    return one["acknowledged_until"] is not None and bool(today <= one["acknowledged_until"])
