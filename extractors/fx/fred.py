"""Noon rates in New York, as the Federal Reserve reports them in its release H.10.

Published by   the Federal Reserve Board each Monday for the week before; handed out by the bank in St. Louis
Read from      its documented interface, one series a currency; needs a free key
Know that      series differ in direction and name themselves in the address only; a value is text, and a point on
               holidays; the first of the two currencies below is the one of which one unit is priced
"""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, Refused, ShapeChanged
from extractors.fx.currencies import currencies_of
from extractors.fx.given_rates import Given, GivenRates, number_of, one_news_each, rates_table
from extractors.fx.stated_errors import error_object
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "fred",
    title="Noon buying rates in New York (H.10)",
    publisher="Federal Reserve Board, by FRED of the Federal Reserve Bank of St. Louis",
    kind="fx",
    home_url="https://fred.stlouisfed.org/docs/api/fred/",
    pace=Pace(seconds=1),
    tables=("core.fx_rates_by_source",),
    terms="Public figures; the interface is free with a key, and wants FRED to be named.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="it needs a free key; the rates come a week late and serve as a second opinion",
    may_be_redistributed=True,
    honours_robots=False,  # a documented interface, made for programs
    lag_days=14,
)

_ADDRESS = (
    "https://api.stlouisfed.org/fred/series/observations?series_id={series}&observation_start={start}"
    "&observation_end={end}&file_type=json&api_key={key}"
)
SERIES: Mapping[str, tuple[str, str]] = {
    "DEXUSEU": ("EUR", "USD"), "DEXUSUK": ("GBP", "USD"), "DEXUSAL": ("AUD", "USD"), "DEXUSNZ": ("NZD", "USD"),
    "DEXHKUS": ("USD", "HKD"), "DEXCHUS": ("USD", "CNY"), "DEXJPUS": ("USD", "JPY"), "DEXCAUS": ("USD", "CAD"),
    "DEXSZUS": ("USD", "CHF"), "DEXKOUS": ("USD", "KRW"), "DEXSIUS": ("USD", "SGD"), "DEXTAUS": ("USD", "TWD"),
    "DEXINUS": ("USD", "INR"), "DEXMXUS": ("USD", "MXN"), "DEXBZUS": ("USD", "BRL"), "DEXTHUS": ("USD", "THB"),
    "DEXMAUS": ("USD", "MYR"), "DEXSDUS": ("USD", "SEK"), "DEXNOUS": ("USD", "NOK"), "DEXDNUS": ("USD", "DKK"),
    "DEXSFUS": ("USD", "ZAR"),
}  # fmt: skip
"""Base and quote of each series."""
_KNOWN = frozenset(
    {
        "realtime_start", "realtime_end", "observation_start", "observation_end", "output_type", "file_type",
        "order_by", "sort_order",
    }
)  # fmt: skip


def matches(url: str) -> bool:
    """Tell whether this is a call for the values of a rate that we know, as JSON."""
    parts = urlsplit(url)
    is_call = parts.hostname == "api.stlouisfed.org" and parts.path.rstrip("/") == "/fred/series/observations"
    return is_call and _series(url) in SERIES and parse_qs(parts.query).get("file_type") == ["json"]


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the series of each of our currencies."""
    ours = currencies_of(query.watchlist)
    start, end, key = query.window.start, query.window.end, client.secret(SOURCE)
    for series, pair in SERIES.items():
        if set(pair) <= set(ours):
            yield client.get(SOURCE, _ADDRESS.format(series=series, start=start, end=end, key=key), chunk=series)


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the values of one series.

    Raises NothingThere for a window of holidays, Refused for a bad key, ShapeChanged when a field that we rely on
    is missing, when values are changes in place of levels, or when the answer holds one part of them only.
    """
    _raise_stated_error(snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    base, quote = SERIES[_series(snapshot.url)]
    drift: list[Drift] = []
    rows: list[Given] = []
    body = Record(json_body(snapshot, exact=True), snapshot)
    with body.exhausted(drift, _KNOWN):
        observations = body.records("observations")
        _require_whole_levels(body, len(observations), snapshot)
    for one in observations:
        with one.exhausted(drift, frozenset({"realtime_start", "realtime_end"})):
            day, value = one.day("date"), one.text("value")
            if value.strip() != ".":
                rows.append((day, base, quote, number_of(value, "value", snapshot)))
    return Reading((GivenRates(SOURCE.id, base, "noon", rates_table(rows, snapshot)),), one_news_each(drift))


def _require_whole_levels(body: Record, found: int, snapshot: Snapshot) -> None:
    if body.one_of("units", ("lin",)) and (body.optional_integer("offset") or 0) > 0:
        return
    count, limit = body.optional_integer("count"), body.optional_integer("limit")
    if count is not None and count > found and not (limit and found >= limit):
        raise ShapeChanged("count", snapshot.at(f"{count} values are stated and {found} given"))


def _raise_stated_error(snapshot: Snapshot) -> None:
    error = error_object(snapshot)
    words = str(error.get("error_message", "")) if error else ""
    if not words:
        return
    if snapshot.status == 429 or "rate limit" in words.lower():
        raise RateLimited("too_many_requests", snapshot.at(words))
    if "api_key" in words:
        raise Refused("login", snapshot.at(words))
    if "does not exist" in words:
        raise NothingThere("unknown_series", snapshot.at(words))
    raise Refused("bad_request", snapshot.at(words))


def _series(url: str) -> str:
    return parse_qs(urlsplit(url).query).get("series_id", [""])[0].upper()
