"""Which watch list a run uses: the home's own, or the one that ships with Dragongate."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from extractors.schedule import Schedule
from extractors.watchlist import WatchList, read_watchlist
from warehouse.home import Home

_HERE = Path(__file__).parent


def shipped_watchlist() -> Path:
    """Find the list that ships with Dragongate: beside this module in a wheel, at the top in a checkout."""
    packaged = _HERE / "watchlist.toml"
    return packaged if packaged.exists() else _HERE.parent / "watchlist.toml"


def home_watchlist(home: Home) -> WatchList | None:
    """Read the home's own list, if it has one. Raises BadWatchList."""
    return read_watchlist(home.watchlist) if home.watchlist.exists() else None


def schedules_of(home: Home) -> tuple[Schedule, ...]:
    """Give the schedules of a home: those of its own list, or those that ship with Dragongate where it has none."""
    own = home_watchlist(home)
    return own.schedules if own and own.schedules else default_watchlist().schedules


def default_watchlist() -> WatchList:
    """Read the list that ships with Dragongate."""
    return read_watchlist(shipped_watchlist())


def of_company(watchlist: WatchList, company_id: str) -> WatchList:
    """Leave one company and its lines on a watch list; the text that is archived stays the whole list."""
    return of_companies(watchlist, (company_id,))


def of_companies(watchlist: WatchList, company_ids: Collection[str]) -> WatchList:
    """Leave some companies and their lines on a watch list; the text that is archived stays the whole list."""
    return replace(
        watchlist,
        companies=tuple(one for one in watchlist.companies if one.id in company_ids),
        securities=tuple(one for one in watchlist.securities if one.company in company_ids),
        products=tuple(one for one in watchlist.products if one.company in company_ids),
        accounts=(),
        feeds=(),
        members=(),
    )
