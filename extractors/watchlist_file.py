"""The watch list of a run, as an archived input.

Published by   the operator
Read from      `watchlist.toml` in the home folder; kept in the archive whenever it changes
Know that      the newest kept list is the one that an ingest without a list of its own uses
"""

from collections.abc import Iterator

from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source
from extractors.watchlist import BadWatchList, WatchList, parse_watchlist

URI = "urn:dragongate:watchlist"

SOURCE = Source(
    "watchlist_file",
    title="Companies, people, products, securities, accounts and how they hang together",
    publisher="the operator",
    kind="reference",
    home_url=URI,
    pace=Pace(0),
    tables=(
        "core.companies",
        "core.people",
        "core.products",
        "core.securities",
        "core.accounts",
        "core.relations",
        "core.metrics",
        "core.segments",
        "core.fiscal_periods",
    ),
    terms="The operator's own.",
    is_required=True,
    may_be_redistributed=True,
)


def matches(url: str) -> bool:
    """Tell whether this is a kept watch list."""
    return url == URI


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Keep the list that this run uses."""
    yield client.keep(SOURCE, URI, query.watchlist.text.encode(), "application/toml")


def parse(snapshot: Snapshot) -> Reading[WatchList]:
    """Read a kept list.

    Raises ShapeChanged where the list is not one.
    """
    try:
        return Reading((parse_watchlist(snapshot.body.decode("utf-8")),))
    except (BadWatchList, UnicodeDecodeError) as error:
        raise ShapeChanged("watchlist", snapshot.at(str(error))) from error
