"""`dragongate ingest`: take in a WARC file, whoever wrote it."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.summary import show
from flows.commands.terminal import OUT, as_json, bar, table
from flows.ingest import ingest as take_in
from flows.watching import home_watchlist
from warehouse.home import Home


def ingest(
    archive: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A WARC file, compressed or not.")],
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Keep the file in the archive and load every response that a source claims."""
    place = Home(home)
    with bar("Reading", quiet=json) as progress:
        task = progress.task_ids[0]
        report = take_in(
            place,
            archive,
            settings_of(place),
            home_watchlist(place),
            said=lambda done: progress.update(task, completed=done),
        )
    if json:
        as_json(report.as_json())
    else:
        outcomes = [
            [source, outcome, number]
            for source, counts in sorted(report.by_source.items())
            for outcome, number in sorted(counts.items())
        ]
        table(f"Responses: {report.responses:,}", ["source", "outcome", "responses"], outcomes)
        if report.broken:
            OUT.print(f"{report.broken} records could not be read; see ops.fetches")
        show(report, place)
    raise typer.Exit(report.exit_code)
