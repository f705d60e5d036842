"""`dragongate follow`: one company more on the watch list."""

from dataclasses import replace
from typing import Annotated

import typer

from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.terminal import OUT, as_json
from flows.follow import Given, add, find
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home


def follow(
    code: Annotated[str, typer.Argument(help="The line: 9988.HK, 002594.SZ, 600519.SS, TSLA or XNYS:BABA.")],
    company: Annotated[str, typer.Option(help="Id of the company it belongs to, on the list or new.")] = "",
    name: Annotated[str, typer.Option(help="Name of a new company, in place of the list's.")] = "",
    reporting_currency: Annotated[str, typer.Option(help="Currency of a new company's accounts, such as CNY.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Add the lines without asking.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask this home's archive; open no connection.")] = False,
    home: HomeOption = DEFAULT_HOME,
    json: JsonOption = False,
) -> None:
    """Find a company's codes in the official lists, show the lines for the watch list, and add them."""
    place = Home(home)
    settings = settings_of(place)
    addition = find(
        place,
        replace(settings, offline=settings.offline or offline),
        home_watchlist(place) or default_watchlist(),
        code,
        given=Given(company, name, reporting_currency.upper()),
        now=utc_now,
    )
    if not json:
        OUT.print(addition.lines, markup=False)
        for one in addition.unknown:
            OUT.print(f"not known: {one}", markup=False)
    is_added = yes or (not json and typer.confirm(f"Add these lines to {place.watchlist}?"))
    if is_added:
        add(place, addition)
    if json:
        as_json({"is_added": is_added, **{field: getattr(addition, field) for field in addition.__dataclass_fields__}})
    else:
        OUT.print(f"{place.watchlist} follows {addition.security_id} now" if is_added else "nothing was changed")
