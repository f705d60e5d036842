"""Rates of the Hong Kong dollar at the end of each day.

Published by   the Hong Kong Monetary Authority, in its monthly bulletin, about a month after the days it tells of
Read from      its open interface, a hundred days a call
Know that      a rate is Hong Kong dollars for one unit; the numbers carry the noise of binary floats; weekends can
               appear; dead currencies are null; an error is a 200 whose header says so. Good for back-fill and as a
               second opinion, of no use for today
"""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Context
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged, SourceError
from extractors.fx.given_rates import Given, GivenRates, one_news_each, rates_table
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "hkma",
    title="Exchange rates at the end of the day",
    publisher="Hong Kong Monetary Authority",
    kind="fx",
    home_url="https://apidocs.hkma.gov.hk/",
    pace=Pace(seconds=1),
    tables=("core.fx_rates_by_source",),
    terms="Open data; free to use with the source named.",
    may_be_redistributed=True,
    honours_robots=False,  # a documented interface, made for programs
    lag_days=70,
)

_PATH = "/public/market-data-and-statistics/monthly-statistical-bulletin/er-ir/er-eeri-daily"
_ADDRESS = (
    f"https://api.hkma.gov.hk{_PATH}?choose=end_of_day&from={{start}}&to={{end}}"
    "&sortby=end_of_day&sortorder=desc&pagesize={size}&offset={offset}"
)
_PAGE = 100
_MOST_PAGES = 200
_CLOSED: Mapping[str, str] = {
    one: one.upper()
    for one in (
        "usd", "gbp", "jpy", "cad", "aud", "sgd", "twd", "chf", "cny", "krw", "thb", "myr", "dem", "nlg", "bef",
        "frf", "itl", "eur", "php", "inr", "idr", "zar",
    )
} | {"special_drawing_rights": "XDR"}  # fmt: skip
"""The fields that are rates; the others are indexes of the currency's value against baskets."""
_INDEXES = frozenset(
    f"neeri_{year}_{weight}_wgt" for year in (1983, 2000, 2010, 2020) for weight in ("trade", "import", "export")
)
_WITHOUT_NOISE = Context(prec=10, rounding=ROUND_HALF_EVEN)
"""The authority gives six digits; a binary float is right to fifteen."""


def matches(url: str) -> bool:
    """Tell whether this is a call for the daily rates."""
    parts = urlsplit(url)
    return parts.hostname == "api.hkma.gov.hk" and parts.path.rstrip("/") == _PATH


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the window, page after page until one is not full."""
    for page in range(_MOST_PAGES):
        url = _ADDRESS.format(start=query.window.start, end=query.window.end, size=_PAGE, offset=page * _PAGE)
        fetched = client.get(SOURCE, url)
        yield fetched
        if not fetched.snapshot or _days_in(fetched.snapshot) < _PAGE:
            return


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read one page.

    Raises NothingThere for a window without days, Refused for a question that it does not take, ShapeChanged
    when a field that we rely on is missing or of another kind.
    """
    drift: list[Drift] = []
    rows: list[Given] = []
    for day in _records(snapshot, drift):
        with day.exhausted(drift, _INDEXES):
            date = day.day("end_of_day")
            if "usd" not in day:
                raise ShapeChanged("usd", snapshot.at("a day without the US dollar's rate"))
            for field, currency in _CLOSED.items():
                if day.optional(field) is not None:
                    rows.append((date, currency, "HKD", _WITHOUT_NOISE.plus(day.decimal(field))))
    return Reading((GivenRates(SOURCE.id, "HKD", "end_of_day", rates_table(rows, snapshot)),), one_news_each(drift))


def _records(snapshot: Snapshot, drift: list[Drift]) -> list[Record]:
    require_ok(snapshot)
    refuse_html(snapshot)
    body = Record(json_body(snapshot, exact=True), snapshot)
    with body.exhausted(drift):
        header = body.record("header")
        if not header.flag("success"):
            code, words = header.optional("err_code"), header.optional("err_msg")
            raise Refused("bad_request", snapshot.at(f"{code}: {words}"))
        result = body.record("result")
    with result.exhausted(drift, frozenset({"datasize"})):
        records = result.records("records")
    if not records:
        raise NothingThere("empty_window", snapshot.at("no day in the window"))
    return records


def _days_in(snapshot: Snapshot) -> int:
    try:
        return len(_records(snapshot, []))
    except SourceError:
        return 0
