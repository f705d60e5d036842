"""The newest rates of about 160 currencies, from a free service.

Published by   ExchangeRate-API, once a day just after midnight UTC; no history without a key
Read from      `/v6/latest/{base}`, from the US dollar
Know that      it says not where its rates come from: the last to be asked, and the lowest grade. The day of a rate is
               the day in UTC on which it was updated. Asking more often than about once an hour is a 429
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.fx.given_rates import GivenRates, by_currency, currency_of, instant_of, rates_table
from extractors.fx.stated_errors import error_object, raise_stated
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "open_er_api",
    title="Newest exchange rates of ExchangeRate-API",
    publisher="ExchangeRate-API",
    kind="fx",
    home_url="https://www.exchangerate-api.com/docs/free",
    pace=Pace(seconds=10),
    tables=("core.fx_rates_by_source",),
    terms="Free without a key when the service is named; may not be passed on as a service of one's own.",
    honours_robots=False,  # a documented interface, made for programs
)

_ADDRESS = "https://open.er-api.com/v6/latest/USD"
_PATH = re.compile(r"/v6/latest(/[A-Za-z]{3})?/?")
_KNOWN = frozenset(
    {
        "provider", "documentation", "terms_of_use", "time_last_update_utc", "time_next_update_unix",
        "time_next_update_utc", "time_eol_unix",
    }
)  # fmt: skip


def matches(url: str) -> bool:
    """Tell whether this is a call for the newest rates."""
    parts = urlsplit(url)
    return parts.hostname == "open.er-api.com" and _PATH.fullmatch(parts.path) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the newest rates; there are no others, whatever the window."""
    del query
    yield client.get(SOURCE, _ADDRESS)


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the rates of one answer.

    Raises NothingThere for an unknown currency, RateLimited and Refused where we are not welcome, ShapeChanged when
    a field that we rely on is missing or of another kind.
    """
    _raise_stated_error(error_object(snapshot) or {}, snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    answer = json_body(snapshot, exact=True)
    body = Record(answer, snapshot)
    _raise_stated_error(answer, snapshot)
    with body.exhausted(drift, _KNOWN):
        body.one_of("result", ("success",))
        base, updated_at = currency_of(body, "base_code", snapshot), instant_of(body, "time_last_update_unix", snapshot)
        rates = [(updated_at.date(), base, quote, rate) for quote, rate in by_currency(body, "rates", drift)]
    table = rates_table([row for row in rates if row[2] != base], snapshot)
    return Reading((GivenRates(SOURCE.id, base, "blend", table, published_at=updated_at),), tuple(drift))


def _raise_stated_error(answer: object, snapshot: Snapshot) -> None:
    if isinstance(answer, dict) and answer.get("result") == "error":
        word = str(answer.get("error-type", ""))
        raise_stated(word, snapshot.at(f"error: {word}"))
