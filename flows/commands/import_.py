"""`dragongate import`: what people wrote down or bought, as archived records with their own source and author."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.summary import show
from flows.commands.terminal import as_json
from flows.importing import import_followers
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home

imports = typer.Typer(
    help="Bring in what people wrote down or bought; each kind is a table of its own.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@imports.callback()
def kinds() -> None:
    """Bring in what people wrote down or bought; each kind is a table of its own."""


@imports.command()
def followers(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="CSV in UTF-8 with the columns account, metric, count, observed_at, source, author; "
            "precision and method may be there.",
        ),
    ],
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Take in follower counts of platforms that no program may ask, whole or not at all."""
    place = Home(home)
    report = import_followers(place, file, settings_of(place), home_watchlist(place) or default_watchlist())
    if json:
        as_json(report.as_json())
    else:
        show(report, place)
    raise typer.Exit(report.exit_code)
