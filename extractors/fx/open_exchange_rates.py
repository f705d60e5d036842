"""Rates of Open Exchange Rates.

Published by   Open Exchange Rates, from houses that it does not name
Read from      `latest.json`, against the US dollar; a day in the past is read when an archive holds it
Know that      it needs a key; an answer has no day but a time in UTC; metals and bitcoin stand among the currencies; an
               error's body says more than its status, and may name another one
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.fx.currencies import currencies_of
from extractors.fx.given_rates import GivenRates
from extractors.fx.service_answers import read_service
from extractors.fx.stated_errors import raise_open_exchange_error
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "open_exchange_rates",
    title="Exchange rates of Open Exchange Rates",
    publisher="Open Exchange Rates",
    kind="fx",
    home_url="https://docs.openexchangerates.org/",
    pace=Pace(seconds=1),
    tables=("core.fx_rates_by_source",),
    terms="Needs an account; resale is prohibited.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="it needs a key, and gives nothing that the central banks do not give without one",
    honours_robots=False,  # a documented interface, made for programs
)

_ADDRESS = "https://openexchangerates.org/api/latest.json?symbols={symbols}&app_id={key}"
_PATH = re.compile(r"/api/(latest|historical/[\dY]{4}-[\dM]{2}-[\dD]{2})\.json")


def matches(url: str) -> bool:
    """Tell whether this is a call for the rates of one day."""
    parts = urlsplit(url)
    is_ours = parts.hostname in ("openexchangerates.org", "www.openexchangerates.org")
    return is_ours and _PATH.fullmatch(parts.path) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the newest rates of our currencies."""
    symbols = ",".join(one for one in currencies_of(query.watchlist) if one != "USD")
    yield client.get(SOURCE, _ADDRESS.format(symbols=symbols, key=client.secret(SOURCE)))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the rates of one day.

    Raises Refused for a key that does not allow it, NothingThere for a day without rates, RateLimited for too many
    questions, ShapeChanged when a field that we rely on is missing or of another kind.
    """
    raise_open_exchange_error(snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = Record(json_body(snapshot, exact=True), snapshot)
    return Reading((read_service(body, snapshot, SOURCE.id, drift),), tuple(drift))
