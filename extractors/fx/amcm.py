"""Rates of the pataca, which is tied to the Hong Kong dollar at 1.03.

Published by   the Monetary Authority of Macao, each working day; free of a key
Read from      the interface behind its page of rates
Know that      a rate is patacas for `unit` units, one or a hundred; the field `bid` is another quantity, in a direction
               and multiple that differ by currency, and is not read; a row of no units is not a currency
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.fx.given_rates import Given, GivenRates, currency_of, one_news_each, rates_table
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "amcm",
    title="Daily exchange rates of the pataca",
    publisher="Monetary Authority of Macao",
    kind="fx",
    home_url="https://www.amcm.gov.mo/en/financial-information/exchange-rates",
    pace=Pace(seconds=2),
    tables=("core.fx_rates_by_source",),
    terms="Public figures of a public page, for reference.",
    is_on_by_default=False,
    why_off="a second opinion: the ECB gives the same currencies",
)

_PATH = "/api/v1.0/cms/financial_info"
_ADDRESS = f"https://www.amcm.gov.mo{_PATH}?QueryType=1&Begin={{start:%Y%m%d}}&End={{end:%Y%m%d}}"


def matches(url: str) -> bool:
    """Tell whether this is a call for the daily rates."""
    parts = urlsplit(url)
    return parts.hostname in ("www.amcm.gov.mo", "amcm.gov.mo") and parts.path.rstrip("/") == _PATH


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for all rates of the window."""
    yield client.get(SOURCE, _ADDRESS.format(start=query.window.start, end=query.window.end))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the rates of one window.

    Raises NothingThere for a window without working days, Refused for a question that it does not take, ShapeChanged
    when a field that we rely on is missing or of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = Record(json_body(snapshot, exact=True), snapshot)
    with body.exhausted(drift, frozenset({"type"})):
        code, words = body.integer("code"), body.optional("message")
        if code != 0:
            raise Refused("bad_request", snapshot.at(f"code {code}: {words}"))
        data = body.records("data")
    if not data:
        raise NothingThere("empty_window", snapshot.at("no day in the window"))
    rows = [row for one in data for row in _rate(one, snapshot, drift)]
    return Reading((GivenRates(SOURCE.id, "MOP", "mid", rates_table(rows, snapshot)),), one_news_each(drift))


def _rate(one: Record, snapshot: Snapshot, drift: list[Drift]) -> Iterator[Given]:
    with one.exhausted(drift, frozenset({"id", "usdMeanValue", "bid"})):
        day, currency = one.day("date", "%Y-%m-%d %H:%M:%S"), currency_of(one, "currency", snapshot)
        units, rate = one.decimal("unit"), one.decimal("usdMean")
    if units < 0 or bool(units) != bool(rate):
        raise ShapeChanged("unit", snapshot.at(f"{currency}: {rate} for {units} units"))
    if units:
        yield day, currency, "MOP", rate / units
