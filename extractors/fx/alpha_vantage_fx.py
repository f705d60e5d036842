"""Daily prices of currency pairs.

Published by   Alpha Vantage, from markets that it does not name
Read from      FX_DAILY, one pair a call, the last hundred days
Know that      it needs a key, and a free one allows 25 questions a day; limits and errors are a 200 with words in place
               of data; the bar of the day on which it was refreshed is not over
"""

from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qs, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, Refused, ShapeChanged
from extractors.fx.currencies import currencies_of
from extractors.fx.given_rates import Given, GivenRates, currency_of, day_of, one_news_each, rates_table
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "alpha_vantage_fx",
    title="Daily prices of currency pairs",
    publisher="Alpha Vantage",
    kind="fx",
    home_url="https://www.alphavantage.co/documentation/",
    pace=Pace(seconds=15),
    tables=("core.fx_rates_by_source",),
    terms="Needs a key; free ones allow 25 questions a day; may not be passed on.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="it needs a key, and gives nothing that the central banks do not give without one",
    honours_robots=False,  # a documented interface, made for programs
)

_ADDRESS = (
    "https://www.alphavantage.co/query?function=FX_DAILY&from_symbol=USD&to_symbol={quote}&outputsize=compact"
    "&apikey={key}"
)
_SERIES = "Time Series FX (Daily)"
_META_KNOWN = ("1. Information", "4. Output Size")
_BAR_KNOWN = frozenset({"1. open", "2. high", "3. low"})


def matches(url: str) -> bool:
    """Tell whether this is a call for the daily prices of a pair, as JSON."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    is_call = parts.hostname in ("www.alphavantage.co", "alphavantage.co") and parts.path == "/query"
    return is_call and asked.get("function") == ["FX_DAILY"] and asked.get("datatype", ["json"]) == ["json"]


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each of our currencies against the US dollar."""
    for quote in currencies_of(query.watchlist):
        if quote != "USD":
            yield client.get(SOURCE, _ADDRESS.format(quote=quote, key=client.secret(SOURCE)), chunk=f"USD{quote}")


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the closes of one pair; the bar of a day that is not over is left out.

    Raises RateLimited and Refused for words in place of data, NothingThere for a pair without days, ShapeChanged
    when a field that we rely on is missing or of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = Record(json_body(snapshot, exact=True), snapshot)
    _raise_words(body, snapshot)
    with body.exhausted(drift):
        meta, days = body.record("Meta Data"), body.record(_SERIES)
    meta.ignore(*_META_KNOWN)
    base, quote = currency_of(meta, "2. From Symbol", snapshot), currency_of(meta, "3. To Symbol", snapshot)
    last_over = _refreshed(meta, snapshot)
    drift.extend(meta.drift())
    rows: list[Given] = []
    for written in days.names():
        day = day_of(written, "%Y-%m-%d", _SERIES, snapshot)
        bar = days.record(written)
        with bar.exhausted(drift, _BAR_KNOWN):
            close = bar.decimal("4. close")
        if day < last_over:
            rows.append((day, base, quote, close))
    table = rates_table(rows, snapshot)
    return Reading((GivenRates(SOURCE.id, base, "close", table),), one_news_each(drift))


def _refreshed(meta: Record, snapshot: Snapshot) -> date:
    """Take the day of the last bar, in UTC, which is the one that days are cut in."""
    if meta.text("6. Time Zone") != "UTC":
        raise ShapeChanged("6. Time Zone", snapshot.at("days in another zone than UTC"))
    return day_of(meta.text("5. Last Refreshed")[:10], "%Y-%m-%d", "5. Last Refreshed", snapshot)


def _raise_words(body: Record, snapshot: Snapshot) -> None:
    for name in ("Information", "Note", "Error Message"):
        words = body.optional_text(name)
        if words is None:
            continue
        message, low = snapshot.at(words[:200]), words.lower()
        if "premium" in low and "rate limit" not in low and "requests per day" not in low:
            raise Refused("plan", message)
        if name != "Error Message" and ("rate" in low or "requests" in low or "frequency" in low):
            raise RateLimited("too_many_requests", message)
        if "apikey" in low or "api key" in low:
            raise Refused("login", message)
        if name == "Error Message":
            raise NothingThere("unknown_pair", message)
        raise Refused("stated_error", message)
