"""Representative rates that central banks report to the International Monetary Fund.

Published by   the Fund, a day or two after the days they are of; free of a key
Read from      the file of one month, tabs between cells, sent as if it were a spreadsheet
Know that      currencies stand by name, and a footnote says the direction: (1) after a name means US dollars for one
               unit, none means units for one dollar; a month is cut into two tables; NA is no rate
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.fx.given_rates import Given, GivenRates, day_of, number_of, one_news_each, rates_table
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source, Window

SOURCE = Source(
    "imf",
    title="Representative exchange rates",
    publisher="International Monetary Fund",
    kind="fx",
    home_url="https://www.imf.org/external/np/fin/data/param_rms_mth.aspx",
    pace=Pace(seconds=5),
    tables=("core.fx_rates_by_source",),
    terms="Free for use with the source named; passing on in bulk needs permission.",
    is_on_by_default=False,
    why_off="a second opinion without the Hong Kong dollar",
)

_PATH = "/external/np/fin/data/rms_mth.aspx"
_ADDRESS = f"https://www.imf.org{_PATH}?SelectDate={{day}}&reportType=REP&tsvflag=Y"
_NAME = re.compile(r"(?P<name>.*?)\s*(?P<notes>(\(\d+\))*)")
_PER_UNIT = "(1)"
_RULE = re.compile(r"\(1\)\s+which are in terms of U\.S\. dollars per currency unit")
CURRENCIES: Mapping[str, str] = {
    "Chinese yuan": "CNY", "Euro": "EUR", "Japanese yen": "JPY", "U.K. pound": "GBP", "U.S. dollar": "USD",
    "Algerian dinar": "DZD", "Australian dollar": "AUD", "Botswana pula": "BWP", "Brazilian real": "BRL",
    "Brunei dollar": "BND", "Canadian dollar": "CAD", "Chilean peso": "CLP", "Colombian peso": "COP",
    "Czech koruna": "CZK", "Danish krone": "DKK", "Hungarian forint": "HUF", "Icelandic krona": "ISK",
    "Indian rupee": "INR", "Indonesian rupiah": "IDR", "Iranian rial": "IRR", "Israeli New Shekel": "ILS",
    "Kazakhstani tenge": "KZT", "Korean won": "KRW", "Kuwaiti dinar": "KWD", "Libyan dinar": "LYD",
    "Malaysian ringgit": "MYR", "Mauritian rupee": "MUR", "Mexican peso": "MXN", "Nepalese rupee": "NPR",
    "New Zealand dollar": "NZD", "Norwegian krone": "NOK", "Omani rial": "OMR", "Pakistani rupee": "PKR",
    "Peruvian sol": "PEN", "Philippine peso": "PHP", "Polish zloty": "PLN", "Qatari riyal": "QAR",
    "Russian ruble": "RUB", "Saudi Arabian riyal": "SAR", "Singapore dollar": "SGD",
    "South African rand": "ZAR", "Sri Lankan rupee": "LKR", "Swedish krona": "SEK", "Swiss franc": "CHF",
    "Thai baht": "THB", "Trinidadian dollar": "TTD", "Tunisian dinar": "TND", "U.A.E. dirham": "AED",
    "Uruguayan peso": "UYU", "Venezuelan bolivar": "VES",
}  # fmt: skip


def matches(url: str) -> bool:
    """Tell whether this is a month of representative rates with tabs between cells."""
    parts = urlsplit(url)
    asked = {name.lower(): values for name, values in parse_qs(parts.query).items()}
    is_call = parts.hostname in ("www.imf.org", "imf.org") and parts.path.lower() == _PATH
    return is_call and asked.get("reporttype") == ["REP"] and asked.get("tsvflag") == ["Y"]


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each month of the window."""
    for day in _month_ends(query.window):
        yield client.get(SOURCE, _ADDRESS.format(day=day))


def parse(snapshot: Snapshot) -> Reading[GivenRates]:
    """Read the tables of one month.

    Raises Refused for a page in place of the file, NothingThere for a month without rates, ShapeChanged for a file
    that does not say what its footnotes mean, for a footnote that we do not know, and for cells that are no numbers.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    try:
        text = snapshot.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ShapeChanged("body", snapshot.at(f"not text: {error}")) from error
    lines = [[cell.strip() for cell in line.split("\t")] for line in text.splitlines()]
    if not any(line[0] == "Currency" and len(line) > 1 for line in lines):
        raise ShapeChanged("Currency", snapshot.at("no table of rates"))
    if not _RULE.search(text):
        raise ShapeChanged("(1)", snapshot.at("the file does not say in which direction its rates are"))
    drift: list[Drift] = []
    rows = list(_rows(lines, snapshot, drift))
    return Reading((GivenRates(SOURCE.id, "USD", "reference", rates_table(rows, snapshot)),), one_news_each(drift))


def _rows(lines: list[list[str]], snapshot: Snapshot, drift: list[Drift]) -> Iterator[Given]:
    days: list[date] = []
    for line in lines:
        if line[0] == "Currency" and len(line) > 1:
            days = [day_of(cell, "%B %d, %Y", "Currency", snapshot) for cell in line[1:] if cell]
        elif days and len(line) > 1:
            yield from _currency(line, days, snapshot, drift)


def _currency(line: list[str], days: list[date], snapshot: Snapshot, drift: list[Drift]) -> Iterator[Given]:
    found = _NAME.fullmatch(line[0])
    name, notes = (found["name"], found["notes"]) if found else (line[0], "")
    cells = line[1:]
    if name not in CURRENCIES:
        drift.append(Drift(name, cells[0]))
        return
    if notes not in ("", _PER_UNIT):
        raise ShapeChanged("Currency", snapshot.at(f"{name} has the footnote {notes}, which we do not know"))
    if len(cells) < len(days) or any(cells[len(days) :]):
        raise ShapeChanged("Currency", snapshot.at(f"{name} has {len(cells)} cells under {len(days)} days"))
    currency = CURRENCIES[name]
    for day, cell in zip(days, cells, strict=False):
        if cell not in ("NA", "") and currency != "USD":
            pair = (currency, "USD") if notes else ("USD", currency)
            yield day, *pair, number_of(cell, name, snapshot)


def _month_ends(window: Window) -> Iterator[date]:
    """Name each month by its last day, and the last one by the window's."""
    day = window.start
    while day <= window.end:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield min(following - timedelta(days=1), window.end)
        day = following
