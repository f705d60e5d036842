"""Daily bars restated for dividends and splits, for most lines of the world; thin in Hong Kong.

Published by   Stooq; a key since March 2026
Read from      the download of one line as CSV, any number of days a call
Know that      prices are restated for splits and for dividends, so that those of shares are prices that nobody paid
               and only indices are asked for; the answer does not name its line, which stands in the address; what is
               not data is an answer of 200 too: a sentence (No data, Exceeded the daily hits limit), a page that tells
               how to get a key, or a challenge page
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

import pyarrow as pa

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, Refused, SourceError
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.csv_bars import csv_bars, csv_text
from extractors.quotes.price_columns import COUNT, PRICE
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "stooq",
    title="Daily bars restated for dividends and splits",
    publisher="Stooq",
    kind="quotes",
    home_url="https://stooq.com/",
    pace=Pace(seconds=3),
    tables=("core.daily_quotes_by_source",),
    terms="For holders of a key, for their own use and not for passing on.",
    needs=Need.KEY,
    is_on_by_default=False,
)

_ADDRESS = "https://stooq.com/q/d/l/?"
_HOSTS = ("stooq.com", "www.stooq.com", "stooq.pl", "www.stooq.pl")
_DAILY = "d"
_SENTENCES: tuple[tuple[re.Pattern[str], type[SourceError], str], ...] = (
    (re.compile(r"(no data|brak danych)\b", re.IGNORECASE), NothingThere, "unknown_symbol"),
    (re.compile(r"(exceeded the daily|przekroczony dzienny)", re.IGNORECASE), RateLimited, "daily_limit"),
    (re.compile(r"[^,]{0,200}api\s?key", re.IGNORECASE), Refused, "key"),
    (re.compile(r"(the data has been hidden|write to www@stooq|access denied)", re.IGNORECASE), Refused, "terms"),
)
"""How an answer that is no data begins, and what it means."""
_COLUMNS = {"Open": PRICE, "High": PRICE, "Low": PRICE, "Close": PRICE, "Volume": COUNT}
_KNOWN = ("OpenInt",)


@dataclass(frozen=True, slots=True)
class DailyBars:
    """One line: `date`, `open`, `high`, `low`, `close`, `volume`, oldest first; an index may have no volume."""

    symbol: str
    """As it stands in the address, in lower case."""
    bars: pa.Table


def matches(url: str) -> bool:
    """Tell whether this is a download of daily bars."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    is_here = parts.hostname in _HOSTS and parts.path.rstrip("/") == "/q/d/l"
    return is_here and "s" in asked and asked.get("i", [_DAILY])[0] == _DAILY


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each index that has a symbol here, the whole window in one call."""
    days = {"d1": f"{query.window.start:%Y%m%d}", "d2": f"{query.window.end:%Y%m%d}"}
    key = client.secret(SOURCE)
    for symbol, line in asked_lines(query, lambda line: line.stooq if line.kind == "index" else ""):
        asked = {"s": symbol, "i": _DAILY, **days, "apikey": key}
        yield client.get(SOURCE, _ADDRESS + urlencode(asked), chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[DailyBars]:
    """Read the bars of one answer.

    Raises NothingThere, RateLimited and Refused for the sentences and pages in place of data, ShapeChanged for a
    column that is missing and a value that is no number.
    """
    require_ok(snapshot)
    text = csv_text(snapshot)
    for pattern, error, reason in _SENTENCES:
        if pattern.match(text) or (reason == "key" and pattern.search(text[:4_000]) and not text.startswith("Date,")):
            raise error(reason, snapshot.at(text[:80]))
    refuse_html(snapshot)
    bars, drift = csv_bars(text, _COLUMNS, snapshot, known=_KNOWN, optional="Volume")
    symbol = parse_qs(urlsplit(snapshot.url).query).get("s", [""])[0].lower()
    return Reading((DailyBars(symbol, bars),), drift)
