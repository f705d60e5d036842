"""Middle rates of the National Bank of Poland.

Published by   the National Bank of Poland, each working day at about noon in Warsaw; free of a key
Read from      table A of its documented interface, 93 days a call at most
Know that      a rate is zlotys for one unit; the table of bids and offers is another one, and is not read
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.fx.given_rates import Given, GivenRates, currency_of, one_news_each, rates_table
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source, Window

SOURCE = Source(
    "nbp",
    title="Middle exchange rates of the zloty, table A",
    publisher="National Bank of Poland",
    kind="fx",
    home_url="https://api.nbp.pl/en.html",
    pace=Pace(seconds=1),
    tables=("core.fx_rates_by_source",),
    terms="Free to use with the source named.",
    is_on_by_default=False,
    why_off="a second opinion: the ECB gives the same currencies",
    may_be_redistributed=True,
    honours_robots=False,  # a documented interface, made for programs
)

_ADDRESS = "https://api.nbp.pl/api/exchangerates/tables/A/{start}/{end}/?format=json"
_PATH = re.compile(r"/api/exchangerates/tables/[ABab](/[\w-]+){0,2}/?")
_LONGEST = timedelta(days=92)


def matches(url: str) -> bool:
    """Tell whether this is a table of middle rates as JSON."""
    parts = urlsplit(url)
    is_json = parse_qs(parts.query).get("format", ["json"]) == ["json"]
    return parts.hostname == "api.nbp.pl" and is_json and _PATH.fullmatch(parts.path) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the tables of the window, a quarter a call."""
    for part in _parts(query.window):
        yield client.get(SOURCE, _ADDRESS.format(start=part.start, end=part.end))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the tables of one window.

    Raises NothingThere for a window without working days, Refused for a window that is too long, ShapeChanged when
    a field that we rely on is missing or of another kind.
    """
    if snapshot.status == 400:
        raise Refused("bad_request", snapshot.at("status 400"))
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    tables = Record({"tables": json_body(snapshot, exact=True)}, snapshot).records("tables")
    if not tables:
        raise NothingThere("empty_window", snapshot.at("no table in the window"))
    rows = [row for table in tables for row in _table(table, snapshot, drift)]
    return Reading((GivenRates(SOURCE.id, "PLN", "mid", rates_table(rows, snapshot)),), one_news_each(drift))


def _table(table: Record, snapshot: Snapshot, drift: list[Drift]) -> Iterator[Given]:
    with table.exhausted(drift, frozenset({"no"})):
        table.one_of("table", ("A", "B"))
        day, rates = table.day("effectiveDate"), table.records("rates")
    for one in rates:
        with one.exhausted(drift, frozenset({"currency", "country"})):
            if "mid" not in one:
                raise ShapeChanged("mid", snapshot.at("a rate that is not a middle one"))
            yield day, currency_of(one, "code", snapshot), "PLN", one.decimal("mid")


def _parts(window: Window) -> Iterator[Window]:
    start = window.start
    while start <= window.end:
        end = min(window.end, start + _LONGEST)
        yield Window(start, end)
        start = end + timedelta(days=1)
