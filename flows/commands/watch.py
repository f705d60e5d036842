"""`dragongate watch`: wait for results, and print them as soon as they are in."""

import time
from datetime import timedelta
from typing import Annotated

import typer

from flows.clock import utc_now
from flows.collect import Request
from flows.commands.facts import show_facts
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.terminal import OUT, as_json
from flows.watch import watch as wait_for
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home


def watch(
    company: Annotated[str, typer.Argument(help="Id of a company on the watch list.")],
    hours: Annotated[float, typer.Option(min=0, max=24, help="How long to wait at most.")] = 6.0,
    source: Annotated[list[str] | None, typer.Option(help="Ask this source only; may be given several times.")] = None,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Ask a company's sources of filings until new figures are in; exit code 1 when none came in time."""
    place = Home(home)
    watchlist = home_watchlist(place) or default_watchlist()
    if company not in {one.id for one in watchlist.companies}:
        raise typer.BadParameter(f"there is no company {company!r} on the watch list")
    request = Request(place, settings_of(place), watchlist, only=tuple(source or ()))
    until = utc_now() + timedelta(hours=hours)
    found = wait_for(request, company, now=utc_now, sleep=time.sleep, until=until)
    if json:
        as_json({"asks": found.asks, "new": list(found.fresh), "beside": list(found.beside)})
    elif found.fresh:
        show_facts(f"{company}: new", found.fresh)
        show_facts("The quarter and the year before", found.beside)
    else:
        OUT.print(f"{company}: nothing new after {found.asks} asks")
    raise typer.Exit(0 if found.fresh else 1)
