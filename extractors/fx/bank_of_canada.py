"""Daily average rates of the Bank of Canada.

Published by   the Bank of Canada, each business day by 16:30 in Ottawa, since 2017; free of a key
Read from      Valet, its documented interface: the group of all daily rates
Know that      a series is named after its two currencies, and gives the second for one unit of the first; four digits
               that count are few for a cross between small currencies
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere
from extractors.fx.given_rates import Given, GivenRates, one_news_each, rates_table
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "bank_of_canada",
    title="Daily exchange rates of the Canadian dollar",
    publisher="Bank of Canada",
    kind="fx",
    home_url="https://www.bankofcanada.ca/valet/docs",
    pace=Pace(seconds=1),
    tables=("core.fx_rates_by_source",),
    terms="Free to use with the source named; indicative rates only.",
    is_on_by_default=False,
    why_off="a second opinion: the ECB gives the same currencies",
    may_be_redistributed=True,
    honours_robots=False,  # a documented interface, made for programs
)

_ADDRESS = "https://www.bankofcanada.ca/valet/observations/group/FX_RATES_DAILY/json?start_date={start}&end_date={end}"
_PATH = re.compile(r"/valet/observations/(group/FX_RATES_DAILY|FX[A-Z]{6}(,FX[A-Z]{6})*)/json/?")
_SERIES = re.compile(r"FX([A-Z]{3})([A-Z]{3})")
_KNOWN = frozenset({"terms", "groupDetail", "seriesDetail"})


def matches(url: str) -> bool:
    """Tell whether this is a call for daily rates as JSON."""
    parts = urlsplit(url)
    is_ours = parts.hostname in ("www.bankofcanada.ca", "bankofcanada.ca")
    return is_ours and _PATH.fullmatch(parts.path) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for all rates of the window."""
    yield client.get(SOURCE, _ADDRESS.format(start=query.window.start, end=query.window.end))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the rates of one window.

    Raises NothingThere for a window without business days, ShapeChanged when a field that we rely on is missing or
    of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = Record(json_body(snapshot, exact=True), snapshot)
    with body.exhausted(drift, _KNOWN):
        days = body.records("observations")
    if not days:
        raise NothingThere("empty_window", snapshot.at("no day in the window"))
    rows = [row for day in days for row in _day(day, drift)]
    return Reading((GivenRates(SOURCE.id, "CAD", "average", rates_table(rows, snapshot)),), one_news_each(drift))


def _day(day: Record, drift: list[Drift]) -> Iterator[Given]:
    """Give the rates of one day; a series that has none on it is an empty object."""
    date = day.day("d")
    for name in day.names():
        pair = _SERIES.fullmatch(name)
        if pair and "CAD" in pair.groups():
            value = day.record(name)
            if value.optional_text("v"):
                yield date, pair[1], pair[2], value.decimal("v")
            drift.extend(value.drift())
    drift.extend(day.drift())
