"""Daily bars restated for splits, as Yahoo's download gave them.

Published by   Yahoo; for holders of a paid account since 2024
Read from      the v7 download, one line a file of CSV
Know that      it is never asked: it answers 401 to everybody else; files of archives are read; prices are 32-bit
               floats adjusted for splits and not for dividends, beside `Adj Close` which has both; a day without trade
               is a row of nulls; the file names neither its line, which stands in the address, nor its currency;
               dividends and splits are files of their own and an error is a line of plain text
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

import pyarrow as pa

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.quotes.csv_bars import csv_bars, csv_text
from extractors.quotes.price_columns import COUNT, PRICE
from extractors.quotes.yahoo_errors import error_of, raise_stated_error
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "yahoo_download",
    title="Daily bars restated for splits, as files",
    publisher="Yahoo",
    kind="quotes",
    home_url="https://finance.yahoo.com/",
    pace=Pace(seconds=2),
    tables=("core.daily_quotes_by_source",),
    terms="For holders of a paid account, for their own use.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="It answers browsers of paying account holders alone; files of archives are read.",
)

_HOSTS = re.compile(r"(query[12]|finance)\.(finance\.)?yahoo\.com")
_PATH = re.compile(r"/v7/finance/download/([^/]+)")
_ERRORS = (400, 401, 404, 422)
_COLUMNS = {"Open": PRICE, "High": PRICE, "Low": PRICE, "Close": PRICE, "Volume": COUNT}
_KNOWN = ("Adj Close",)


@dataclass(frozen=True, slots=True)
class DailyBars:
    """One line: `date`, `open`, `high`, `low`, `close`, `volume`, oldest first; nulls where nothing traded."""

    symbol: str
    bars: pa.Table


def matches(url: str) -> bool:
    """Tell whether this is a download of daily bars; dividends, splits, weeks and months are other files."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    is_daily = asked.get("interval", ["1d"])[0] == "1d" and asked.get("events", ["history"])[0] == "history"
    return bool(_HOSTS.fullmatch(parts.hostname or "") and _PATH.fullmatch(parts.path)) and is_daily


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for nothing: what would be needed is the browser of an account holder."""
    del client, query
    yield from ()


def parse(snapshot: Snapshot) -> Reading[DailyBars]:
    """Read the bars of one file.

    Raises NothingThere for an unknown symbol and an empty window, Refused where it turns away, ShapeChanged for a
    column that is missing and a value that is no number.
    """
    if snapshot.status in _ERRORS:
        raise_stated_error(error_of(snapshot), snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    raise_stated_error(error_of(snapshot), snapshot)
    bars, drift = csv_bars(csv_text(snapshot), _COLUMNS, snapshot, known=_KNOWN)
    return Reading((DailyBars(_symbol(snapshot), bars),), drift)


def _symbol(snapshot: Snapshot) -> str:
    found = _PATH.fullmatch(urlsplit(snapshot.url).path)
    return unquote(found[1]) if found else ""
