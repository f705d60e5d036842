"""Rates of the Singapore dollar at noon.

Published by   the Monetary Authority of Singapore, each business day; free of a key
Read from      the CSV of its monthly bulletin, which an archive holds or a person has saved
Know that      a title says of how many units a rate is: one of some currencies, a hundred of others; year and month
               stand in the first row of a month only. The page asks by a form that is made for browsers, so
               Dragongate does not ask it
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.fx.given_rates import Given, GivenRates, day_of, number_of, rates_table
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "mas",
    title="Daily exchange rates of the Singapore dollar",
    publisher="Monetary Authority of Singapore",
    kind="fx",
    home_url="https://eservices.mas.gov.sg/statistics/msb/ExchangeRates.aspx",
    pace=Pace(seconds=5),
    tables=("core.fx_rates_by_source",),
    terms="Free to use with the source named.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="its page asks by a form for browsers; files that were saved from it are read",
)

_TITLE = re.compile(r"S\$ Per (?P<units>\d+ )?Units? of (?P<currency>.+)")
CURRENCIES: Mapping[str, str] = {
    "Euro": "EUR", "Pound Sterling": "GBP", "US Dollar": "USD", "Australian Dollar": "AUD", "Canadian Dollar": "CAD",
    "Chinese Renminbi": "CNY", "Hong Kong Dollar": "HKD", "Indian Rupee": "INR", "Indonesian Rupiah": "IDR",
    "Japanese Yen": "JPY", "Korean Won": "KRW", "Malaysian Ringgit": "MYR", "New Taiwan Dollar": "TWD",
    "New Zealand Dollar": "NZD", "Philippine Peso": "PHP", "Qatar Riyal": "QAR", "Saudi Arabia Riyal": "SAR",
    "Swiss Franc": "CHF", "Thai Baht": "THB", "UAE Dirham": "AED", "Vietnamese Dong": "VND",
}  # fmt: skip
_NONE = ("", "-", "na", "n.a.", "N.A.", "NA")


def matches(url: str) -> bool:
    """Tell whether this is the bulletin's page of exchange rates."""
    parts = urlsplit(url)
    is_page = parts.path.lower() == "/statistics/msb/exchangerates.aspx"
    return parts.hostname == "eservices.mas.gov.sg" and is_page


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for nothing: the page takes forms from browsers only."""
    del client, query
    yield from ()


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the CSV of daily rates.

    Raises Refused for the page itself, NothingThere for a file without rates, ShapeChanged for a file of other than
    daily rates, for a title that we cannot read and for cells that are no numbers.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    try:
        lines = list(csv.reader(io.StringIO(snapshot.body.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ShapeChanged("rows", snapshot.at(f"not the rows of a CSV: {error}")) from error
    heads = [number for number, line in enumerate(lines) if line and line[0].strip() == "End of Period"]
    if len(heads) != 1 or not any(line and line[0].strip() == "Exchange Rates (Daily)" for line in lines[: heads[0]]):
        raise ShapeChanged("End of Period", snapshot.at("not the table of daily rates"))
    titles = [title.strip() for title in lines[heads[0]]]
    drift: list[Drift] = []
    rows = list(_rows(titles, lines[heads[0] + 1 :], snapshot, drift))
    return Reading((GivenRates(SOURCE.id, "SGD", "noon", rates_table(rows, snapshot)),), tuple(drift))


def _rows(titles: list[str], lines: list[list[str]], snapshot: Snapshot, drift: list[Drift]) -> Iterator[Given]:
    columns = dict(_columns(titles, drift))
    if "USD" not in {currency for currency, _ in columns.values()}:
        raise ShapeChanged("US Dollar", snapshot.at("no column of the US dollar"))
    month = ""
    for line in lines:
        if not any(cell.strip() for cell in line) or len(line) == 1:
            continue  # a blank line, or a note
        if len(line) != len(titles):
            raise ShapeChanged("rows", snapshot.at(f"a row of {len(line)} cells under {len(titles)} titles"))
        month = f"{line[0].strip() or month[:4]} {line[1].strip() or month[5:]}"
        day = _day(f"{month} {line[2].strip()}", snapshot)
        for number, (currency, units) in columns.items():
            if line[number].strip() not in _NONE:
                yield day, currency, "SGD", number_of(line[number], currency, snapshot) / units


def _columns(titles: list[str], drift: list[Drift]) -> Iterator[tuple[int, tuple[str, Decimal]]]:
    """Say of which currency, and of how many of its units, each column is."""
    for number, title in enumerate(titles):
        found = _TITLE.fullmatch(title) if number > 2 else None
        if found and found["currency"] in CURRENCIES and int(found["units"] or 1):
            yield number, (CURRENCIES[found["currency"]], Decimal(found["units"] or 1))
        elif number > 2 and title:
            drift.append(Drift(title, ""))


def _day(written: str, snapshot: Snapshot) -> date:
    return day_of(written, "%Y %b %d", "End of Period", snapshot)
