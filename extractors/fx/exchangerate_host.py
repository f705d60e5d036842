"""Rates of exchangerate.host.

Published by   exchangerate.host, now one of APILayer's services
Read from      `live`, against the US dollar; its answers from before September 2023 are read when an archive holds them
Know that      until then it was free of a key and gave `base` and `rates`; since then it answers 200 without a key and
               says `success: false`, and with one it gives `quotes`
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
    "exchangerate_host",
    title="Exchange rates of exchangerate.host",
    publisher="APILayer",
    kind="fx",
    home_url="https://exchangerate.host/documentation",
    pace=Pace(seconds=1),
    tables=("core.fx_rates_by_source",),
    terms="Needs an account; the plan says how often it may be asked and whether rates may be passed on.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="it needs a key, and gives nothing that the central banks do not give without one",
    honours_robots=False,  # a documented interface, made for programs
)

_ADDRESS = "https://api.exchangerate.host/live?source=USD&currencies={symbols}&access_key={key}"
_PATH = re.compile(r"/(latest|live|historical|timeframe|timeseries|[\dY]{4}-[\dM]{2}-[\dD]{2})/?")


def matches(url: str) -> bool:
    """Tell whether this is a call for rates."""
    parts = urlsplit(url)
    return parts.hostname == "api.exchangerate.host" and _PATH.fullmatch(parts.path) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the newest rates of our currencies."""
    symbols = ",".join(one for one in currencies_of(query.watchlist) if one != "USD")
    yield client.get(SOURCE, _ADDRESS.format(symbols=symbols, key=client.secret(SOURCE)))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the rates of one answer, of the years with a key or of those without.

    Raises Refused for a missing key, Unavailable for a failure without a reason, NothingThere for an unknown
    currency, ShapeChanged when a field that we rely on is missing or of another kind.
    """
    raise_apilayer_error(snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = Record(json_body(snapshot, exact=True), snapshot)
    return Reading((read_service(body, snapshot, SOURCE.id, drift),), tuple(drift))
