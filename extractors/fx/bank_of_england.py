"""Spot rates of the Bank of England.

Published by   the Bank of England, on the morning of the next working day; free of a key
Read from      its database's CSV, one column a series
Know that      a rate is units of foreign currency for one pound; the codes do not say the currency, so a table does;
               a window without days is answered with a page
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import parse_qs, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.fx.given_rates import Given, GivenRates, day_of, number_of, rates_table
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "bank_of_england",
    title="Daily spot rates against sterling",
    publisher="Bank of England",
    kind="fx",
    home_url="https://www.bankofengland.co.uk/boeapps/database/",
    pace=Pace(seconds=5),
    tables=("core.fx_rates_by_source",),
    terms="Free to use with the source named; rates are indicative middle market rates.",
    is_on_by_default=False,
    why_off="a second opinion: the ECB gives the same currencies",
    may_be_redistributed=True,
)

_PATHS = ("/boeapps/database/_iadb-fromshowcolumns.asp", "/boeapps/iadb/fromshowcolumns.asp")
_ADDRESS = (
    "https://www.bankofengland.co.uk/boeapps/database/_iadb-fromshowcolumns.asp?csv.x=yes&Datefrom={start}"
    "&Dateto={end}&SeriesCodes={series}&CSVF=TN&UsingCodes=Y"
)
SERIES: Mapping[str, str] = {
    "XUDLUSS": "USD", "XUDLERS": "EUR", "XUDLJYS": "JPY", "XUDLCDS": "CAD", "XUDLSFS": "CHF", "XUDLADS": "AUD",
    "XUDLNDS": "NZD", "XUDLNKS": "NOK", "XUDLSKS": "SEK", "XUDLDKS": "DKK", "XUDLHDS": "HKD", "XUDLSGS": "SGD",
    "XUDLSRS": "SAR", "XUDLZRS": "ZAR", "XUDLTWS": "TWD", "XUDLBK25": "CZK", "XUDLBK33": "HUF", "XUDLBK47": "PLN",
    "XUDLBK78": "ILS", "XUDLBK83": "MYR", "XUDLBK87": "THB", "XUDLBK89": "CNY", "XUDLBK93": "KRW",
    "XUDLBK95": "TRY", "XUDLBK97": "INR", "XUDLZOS4": "RON",
}  # fmt: skip
"""The currency of each series of spot rates against the pound."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NONE = ("", "n/a", "N/A", "..")


def matches(url: str) -> bool:
    """Tell whether this is a CSV of the database with codes as titles."""
    parts = urlsplit(url)
    is_ours = parts.hostname in ("www.bankofengland.co.uk", "bankofengland.co.uk")
    return is_ours and parts.path.lower() in _PATHS and parse_qs(parts.query).get("CSVF") == ["TN"]


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for all series of the window."""
    start, end = _written(query.window.start), _written(query.window.end)
    yield client.get(SOURCE, _ADDRESS.format(start=start, end=end, series=",".join(SERIES)))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the rates of one window.

    Raises Refused for a page in place of the CSV, NothingThere for one without rates, ShapeChanged for columns that
    are none of ours and for cells that are no numbers.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    try:
        lines = list(csv.reader(io.StringIO(snapshot.body.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ShapeChanged("rows", snapshot.at(f"not the rows of a CSV: {error}")) from error
    names = [name.strip() for name in lines[0]] if lines else [""]
    if names[0] != "DATE":
        raise ShapeChanged("DATE", snapshot.at("the first column is not DATE"))
    drift = tuple(Drift(name, "") for name in names[1:] if name and name not in SERIES)
    if len(set(names)) < len(names):
        raise ShapeChanged("DATE", snapshot.at("a series heads two columns"))
    rows = [row for line in lines[1:] if any(line) for row in _day(dict(_cells(names, line, snapshot)), snapshot)]
    return Reading((GivenRates(SOURCE.id, "GBP", "mid", rates_table(rows, snapshot)),), drift)


def _cells(names: list[str], line: list[str], snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    if len(line) != len(names):
        raise ShapeChanged("rows", snapshot.at(f"a row of {len(line)} cells under {len(names)} titles"))
    return zip(names, line, strict=True)


def _day(cells: Mapping[str, str], snapshot: Snapshot) -> Iterator[Given]:
    day = day_of(cells["DATE"], "%d %b %Y", "DATE", snapshot)
    for series, currency in SERIES.items():
        if cells.get(series, "").strip() not in _NONE:
            yield day, "GBP", currency, number_of(cells[series], series, snapshot)


def _written(day: date) -> str:
    return f"{day.day:02}/{_MONTHS[day.month - 1]}/{day.year}"
