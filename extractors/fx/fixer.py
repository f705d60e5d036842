"""Rates of Fixer.

Published by   APILayer, some from the ECB and some from houses that it does not name
Read from      `latest`, against the euro; answers for a day in the past are read when an archive holds them
Know that      it needs a key; an error is a 200 whose body says `success: false`
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.fx.currencies import currencies_of
from extractors.fx.given_rates import GivenRates
from extractors.fx.service_answers import read_service
from extractors.fx.stated_errors import raise_apilayer_error
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "fixer",
    title="Exchange rates of Fixer",
    publisher="APILayer",
    kind="fx",
    home_url="https://fixer.io/documentation",
    pace=Pace(seconds=1),
    tables=("core.fx_rates_by_source",),
    terms="Needs an account; the plan says how often it may be asked and whether rates may be passed on.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="it needs a key, and gives nothing that the central banks do not give without one",
    honours_robots=False,  # a documented interface, made for programs
)

_ADDRESS = "https://data.fixer.io/api/latest?symbols={symbols}&access_key={key}"
_DAY = r"(latest|[\dY]{4}-[\dM]{2}-[\dD]{2})"
_PATHS = {
    "data.fixer.io": re.compile(rf"/api/{_DAY}/?"),
    "api.apilayer.com": re.compile(rf"/fixer/{_DAY}/?"),
    "api.fixer.io": re.compile(rf"/{_DAY}/?"),
}


def matches(url: str) -> bool:
    """Tell whether this is a call for the rates of one day, by any of its addresses."""
    parts = urlsplit(url)
    path = _PATHS.get(parts.hostname or "")
    return path is not None and path.fullmatch(parts.path) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the newest rates of our currencies."""
    symbols = ",".join(one for one in currencies_of(query.watchlist) if one != "EUR")
    yield client.get(SOURCE, _ADDRESS.format(symbols=symbols, key=client.secret(SOURCE)))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the rates of one day.

    Raises Refused for a key or a plan that does not allow it, NothingThere for an unknown currency, ShapeChanged
    when a field that we rely on is missing or of another kind.
    """
    raise_apilayer_error(snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = Record(json_body(snapshot, exact=True), snapshot)
    return Reading((read_service(body, snapshot, SOURCE.id, drift),), tuple(drift))
