"""`dragongate init`: make a home folder with settings and a watch list to edit."""

import shutil

from extractors.settings_template import write_template
from flows.commands.options import DEFAULT_HOME, HomeOption
from flows.commands.terminal import OUT
from flows.watching import shipped_watchlist
from warehouse.home import Home


def init(home: HomeOption = DEFAULT_HOME) -> None:
    """Make a home folder; what is there already is left alone."""
    place = Home(home).make()
    there = {path for path in (place.settings, place.watchlist) if path.exists()}
    if place.settings not in there:
        write_template(place.root)
    if place.watchlist not in there:
        shutil.copyfile(shipped_watchlist(), place.watchlist)
    for path in (place.settings, place.watchlist):
        OUT.print(f"{path} is there already and stays as it is" if path in there else f"wrote {path}")
    OUT.print(f"Next: set `contact` in {place.settings}, then `dragongate run --home {place.root}`.")
