"""Euro reference rates of the European Central Bank.

Published by   the ECB, once each TARGET working day at about 16:00 in Frankfurt, since 4 January 1999
Read from      the daily file; with it the file of the last 90 days or the whole history in a zip; the data API's
               CSV is read too when an archive holds it
Know that      a rate is units of foreign currency for one euro; until about 16:00 the daily file is the one of the
               day before; a currency that has left the list is N/A; on weekends and TARGET holidays there is no
               rate, and none is made up. For information, not for trading
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Outcome, SourceError
from extractors.fx.ecb_forms import read_rates
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source, Window

FILES = "https://www.ecb.europa.eu/stats/eurofxref/"
DAILY = FILES + "eurofxref-daily.xml"
LAST_90_DAYS = FILES + "eurofxref-hist-90d.xml"
HISTORY = FILES + "eurofxref-hist.zip"

SOURCE = Source(
    "ecb_rates",
    title="Euro foreign exchange reference rates",
    publisher="European Central Bank",
    kind="fx",
    home_url=FILES,
    pace=Pace(seconds=2),
    tables=("core.fx_rates_by_source",),
    terms="Free to use and pass on with the source named; for information, not for trading.",
    terms_url="https://www.ecb.europa.eu/services/disclaimer/html/index.en.html",
    is_required=True,
    may_be_redistributed=True,
)

_FILE = re.compile(r"/stats/eurofxref/eurofxref(-daily|-hist|-hist-90d)?\.(xml|zip|csv)")
_SERIES = re.compile(r"/service/data/(ECB,)?EXR(,[\d.]+)?(/[^/]*)?")
_DAYS_IN_90D_FILE = 90


@dataclass(frozen=True, slots=True)
class EuroRates:
    """The rates of one answer as columns `time`, `currency` and `rate`, the names of the ECB's XML."""

    table: pa.Table


def matches(url: str) -> bool:
    """Tell whether this is a file of reference rates, or a CSV of the data API's exchange rates."""
    parts = urlsplit(url)
    if parts.hostname in ("www.ecb.europa.eu", "ecb.europa.eu", "www.ecb.int"):
        return _FILE.fullmatch(parts.path) is not None
    if parts.hostname in ("data-api.ecb.europa.eu", "sdw-wsrest.ecb.europa.eu"):
        is_csv = parse_qs(parts.query).get("format") == ["csvdata"]
        return is_csv and _SERIES.fullmatch(parts.path) is not None
    return False


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the daily file, then for the smallest file that reaches back to the start of the window."""
    daily = client.get(SOURCE, DAILY)
    yield daily
    further = _file_that_reaches(query.window, daily)
    if further:
        yield client.get(SOURCE, further)


def parse(snapshot: Snapshot) -> Reading[EuroRates]:
    """Read any of the forms; which one it is, the bytes say.

    Raises NothingThere for a range or an envelope without rates, Refused for a page of HTML in place of
    them, ShapeChanged when a field that we rely on is missing or of another kind.
    """
    if snapshot.status == 404 and "/service/data/" in snapshot.url:
        # The data API's way of saying that a known series has no value in the range.
        raise NothingThere("empty_window", snapshot.at("no rates in this range"))
    require_ok(snapshot)
    refuse_html(snapshot)
    table, drift = read_rates(snapshot)
    if not table.num_rows:
        raise NothingThere("no_rates", snapshot.at("an answer without rates"))
    # A new attribute stands at every rate; it is one piece of news.
    return Reading((EuroRates(table),), tuple({one.field: one for one in reversed(drift)}.values()))


def _file_that_reaches(window: Window, daily: Fetched) -> str:
    """Choose by the newest day that the ECB itself states, so that an old window gets the history too."""
    newest = _newest_day(daily)
    if newest and window.start >= newest:
        return ""
    if newest is None and daily.outcome is Outcome.UNCHANGED:
        return HISTORY
    reach = (newest or window.end) - window.start
    return LAST_90_DAYS if reach.days < _DAYS_IN_90D_FILE else HISTORY


def _newest_day(daily: Fetched) -> date | None:
    if daily.snapshot is None or daily.snapshot.status == 304:
        return None
    try:
        (rates,) = parse(daily.snapshot).records
    except SourceError:
        return None
    newest: date = pc.max(rates.table.column("time")).as_py()
    return newest
