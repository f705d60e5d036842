"""`dragongate publish`: put out what a check kept back, with a reason, or go back to an earlier generation."""

from typing import Annotated

import typer

from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption, settings_of
from flows.commands.terminal import OUT, as_json
from flows.republish import go_back, republish
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home


def publish(
    home: HomeOption = DEFAULT_HOME,
    accept: Annotated[str, typer.Option(help="A blocking check whose failure you have looked at.")] = "",
    because: Annotated[str, typer.Option(help="Why it may go out all the same.")] = "",
    rollback: Annotated[bool, typer.Option("--rollback", help="Show the generation before this one again.")] = False,
    to: Annotated[int | None, typer.Option(help="The generation to go back to.")] = None,
    json: JsonOption = False,
) -> None:
    """Publish the warehouse as it stands; exit code 1 when a table is kept back."""
    if accept and not because:
        raise typer.BadParameter("--accept needs --because: the reason is published with the data")
    if (accept or because) and rollback:
        raise typer.BadParameter("--rollback goes back to what was published; it accepts nothing")
    place = Home(home)
    settings, watchlist = settings_of(place), home_watchlist(place) or default_watchlist()
    if rollback:
        generation, kept = go_back(place, settings, watchlist, to=to, now=utc_now), {}
    else:
        published = republish(place, settings, watchlist, accept={accept: because} if accept else {}, now=utc_now)
        generation, kept = published.generation, dict(published.kept)
    if json:
        as_json({"generation": generation, "kept": kept})
    else:
        OUT.print(f"readers see generation {generation}: {place.published_warehouse}")
        for table, check in kept.items():
            OUT.print(f"kept back: {table}, since {check} failed", markup=False)
    raise typer.Exit(1 if kept else 0)
