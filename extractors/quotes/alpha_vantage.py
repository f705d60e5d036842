"""Daily bars as traded, with dividends and splits where the key pays for them, of lines in New York.

Published by   Alpha Vantage; a documented API with a key, 25 requests a day without a fee
Read from      `TIME_SERIES_DAILY`; `TIME_SERIES_DAILY_ADJUSTED` and `SYMBOL_SEARCH` are read where they were saved
Know that      every field has a number before its name, which differs between the calls; prices are as traded in both
               calls, and what is adjusted has a field of its own; days are New York's, newest first, and the newest may
               be the running session's; limits, a wrong key and errors are answers of 200 with `Information`, `Note` or
               `Error Message` in place of data
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pyarrow as pa

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, Refused, ShapeChanged, SourceError
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.price_columns import COUNT, PRICE, day_column, number_column
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "alpha_vantage",
    title="Daily bars as traded",
    publisher="Alpha Vantage",
    kind="quotes",
    home_url="https://www.alphavantage.co/",
    pace=Pace(seconds=12),
    tables=("core.daily_quotes_by_source", "core.corporate_actions_by_source"),
    terms="A documented API for holders of a key, for their own use; 25 requests a day without a fee.",
    needs=Need.KEY,
    is_on_by_default=False,
    honours_robots=False,
)

_ADDRESS = "https://www.alphavantage.co/query?"
_DAILY = ("TIME_SERIES_DAILY", "TIME_SERIES_DAILY_ADJUSTED")
_SEARCH = "SYMBOL_SEARCH"
_COMPACT_DAYS = timedelta(days=90)
"""A compact answer holds the newest hundred sessions; a full one needs a key that is paid for."""
_SERIES = "Time Series (Daily)"
_COLUMNS = {
    "open": PRICE, "high": PRICE, "low": PRICE, "close": PRICE, "volume": COUNT,
    "dividend amount": PRICE, "split coefficient": PRICE,
}  # fmt: skip
_NEEDED = ("open", "high", "low", "close")
_KNOWN = (*_COLUMNS, "adjusted close")
_META_KNOWN = ("Information", "Last Refreshed", "Output Size")
_NUMBERED = re.compile(r"\d+[a-z]?\. (.+)")


@dataclass(frozen=True, slots=True)
class DailyBars:
    """One line, oldest first.

    `date`, `open`, `high`, `low`, `close`, `volume`, `dividend amount`, `split coefficient`.
    """

    symbol: str
    zone: str
    """As the source writes it, such as US/Eastern."""
    bars: pa.Table


@dataclass(frozen=True, slots=True)
class Match:
    """A line that a search found; it helps to find a code and makes no row."""

    symbol: str
    name: str
    kind: str
    region: str
    currency: str


def matches(url: str) -> bool:
    """Tell whether this is a call for daily bars or a search; rates have calls of their own."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query).get("function", [""])[0].upper()
    is_here = (parts.hostname or "").removeprefix("www.") == "alphavantage.co" and parts.path.rstrip("/") == "/query"
    return is_here and asked in (*_DAILY, _SEARCH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each line that has a symbol here: the newest hundred sessions, or all of them for a longer window."""
    size = "compact" if query.window.end - query.window.start <= _COMPACT_DAYS else "full"
    key = client.secret(SOURCE)
    for symbol, line in asked_lines(query, lambda line: line.alpha_vantage):
        asked = {"function": _DAILY[0], "symbol": symbol, "outputsize": size, "apikey": key}
        yield client.get(SOURCE, _ADDRESS + urlencode(asked), chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[DailyBars | Match]:
    """Read the bars of one answer, or what a search found.

    Raises RateLimited, Refused and NothingThere as the sentence in place of data says, ShapeChanged for a value that
    is no number.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    answer = Record(json_body(snapshot), snapshot)
    for name in ("Error Message", "Information", "Note"):
        if name in answer:
            raise _stated(answer.text(name), snapshot)
    if "bestMatches" in answer:
        return _matches(answer, snapshot)
    meta = Record(_named(answer.take("Meta Data"), snapshot, "Meta Data"), snapshot, "Meta Data")
    meta.ignore(*_META_KNOWN)
    symbol, zone = meta.text("Symbol"), meta.text("Time Zone")
    drift: list[Drift] = []
    bars = _bars(answer.take(_SERIES), snapshot, drift)
    return Reading((DailyBars(symbol, zone, bars),), (*answer.drift(), *meta.drift(), *drift))


def _stated(words: str, snapshot: Snapshot) -> SourceError:
    """Make the error that a sentence in place of data means."""
    said, plain = snapshot.at(words[:300]), words.lower()
    if "premium endpoint" in plain or "premium feature" in plain:
        return Refused("payment", said)
    if "rate limit" in plain or "call frequency" in plain or "requests per" in plain or "calls per" in plain:
        return RateLimited("daily_limit" if "per day" in plain else "too_many_requests", said)
    if "apikey" in plain or "api key" in plain:
        return Refused("key", said)
    if "invalid api call" in plain:
        return NothingThere("unknown_symbol", said)
    return Refused("bad_request", said)


def _named(values: object, snapshot: Snapshot, place: str) -> dict[str, Any]:
    """Take the numbers off the names of fields: `1. open` is open."""
    if not isinstance(values, Mapping):
        raise ShapeChanged(place, snapshot.at(f"{place} is not an object"))
    return {found[1] if (found := _NUMBERED.fullmatch(name)) else name: value for name, value in values.items()}


def _bars(series: object, snapshot: Snapshot, drift: list[Drift]) -> pa.Table:
    if not isinstance(series, Mapping):
        raise ShapeChanged(_SERIES, snapshot.at(f"{_SERIES} is not an object"))
    if not series:
        raise NothingThere("empty_window", snapshot.at("no bar in the answer"))
    rows = [_named(row, snapshot, f"{_SERIES}.{day}") for day, row in series.items()]
    for name in _NEEDED:
        if any(name not in row for row in rows):
            raise ShapeChanged(f"{_SERIES}.{name}", snapshot.at(f"a bar has no {name}"))
    columns = {"date": day_column(list(series), "%Y-%m-%d", f"{_SERIES}.date", snapshot)}
    for name, kind in _COLUMNS.items():
        columns[name] = number_column([row.get(name) for row in rows], kind, f"{_SERIES}.{name}", snapshot)
    unknown = {name: value for row in rows for name, value in row.items() if name not in _KNOWN}
    drift.extend(Drift(f"{_SERIES}[].{name}", str(value)[:80]) for name, value in unknown.items())
    return pa.table(columns).sort_by("date")


def _matches(answer: Record, snapshot: Snapshot) -> Reading[DailyBars | Match]:
    found = answer.take("bestMatches")
    if not isinstance(found, list):
        raise ShapeChanged("bestMatches", snapshot.at("bestMatches is not a list"))
    if not found:
        raise NothingThere("unknown_symbol", snapshot.at("the search found nothing"))
    records, drift = [], list(answer.drift())
    for number, one in enumerate(found):
        place = f"bestMatches[{number}]"
        row = Record(_named(one, snapshot, place), snapshot, place)
        with row.exhausted(drift, ignore=frozenset({"marketOpen", "marketClose", "timezone", "matchScore"})):
            names = ("symbol", "name", "type", "region", "currency")
            records.append(Match(*(row.text(name) for name in names)))
    return Reading(tuple(records), tuple(drift))
