"""Official lists of securities are looked up when somebody is to be followed; no table holds what we do not follow."""

from collections.abc import Sequence
from typing import Any

from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.tidy import Tidy


def tidy_official_lists(reads: Sequence[Read[Any]], watchlist: WatchList) -> Tidy:
    """Make no rows: the list is kept in the archive, where `dragongate follow` reads it."""
    del reads, watchlist
    return Tidy()
