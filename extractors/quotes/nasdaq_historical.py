"""Daily bars restated for splits, about ten years back, of lines and indices in New York.

Published by   Nasdaq, for its own pages; undocumented, no key
Read from      the `historical` call, one line and any number of days a call
Know that      values are texts: $1,234.56 for a share, 1,234.56 for an index, a dash where there is none; days are
               month/day/year, newest first; prices and volumes are restated for every later split and not for
               dividends; an unknown symbol is a status of 400 within an answer of 200
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pyarrow as pa

from extractors.client import Client, Fetched
from extractors.errors import NothingThere
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.nasdaq_answer import TERMS, WHY_OFF, asset_class, data_of, is_call
from extractors.quotes.price_columns import COUNT, PRICE, day_column, number_column
from extractors.reading import Drift, Reading, Record
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "nasdaq_historical",
    title="Daily bars restated for splits",
    publisher="Nasdaq",
    kind="quotes",
    home_url="https://www.nasdaq.com/",
    pace=Pace(seconds=2),
    tables=("core.daily_quotes_by_source",),
    terms=TERMS,
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off=WHY_OFF,
)

_ADDRESS = (
    "https://api.nasdaq.com/api/quote/{symbol}/historical?assetclass={kind}&fromdate={start}&todate={end}&limit=9999"
)
_COLUMNS = {"close": PRICE, "volume": COUNT, "open": PRICE, "high": PRICE, "low": PRICE}


@dataclass(frozen=True, slots=True)
class DailyBars:
    """One line: `date`, `close`, `volume`, `open`, `high`, `low`, oldest first."""

    symbol: str
    bars: pa.Table


def matches(url: str) -> bool:
    """Tell whether this is a call for daily bars."""
    return is_call(url, "historical")


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each line that has a symbol here, the whole window in one call."""
    for symbol, line in asked_lines(query, lambda line: line.nasdaq):
        window = query.window
        url = _ADDRESS.format(symbol=quote(symbol), kind=asset_class(line), start=window.start, end=window.end)
        yield client.get(SOURCE, url, chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[DailyBars]:
    """Read the bars of one answer.

    Raises NothingThere for an unknown symbol and an empty window, ShapeChanged for a value that is no number.
    """
    answer, data = data_of(snapshot)
    data.ignore("totalRecords")
    symbol, table = data.text("symbol"), data.record("tradesTable")
    table.ignore("asOf", "headers")
    if not table.optional("rows"):
        raise NothingThere("empty_window", snapshot.at(f"no bar of {symbol} in the window"))
    rows = table.records("rows")
    bars = _bars(rows, snapshot)
    seen: dict[str, Drift] = {}
    for one in (drift for row in rows for drift in row.drift()):
        name = f"data.tradesTable.rows[].{one.field.rpartition('.')[2]}"
        seen.setdefault(name, Drift(name, one.example))
    return Reading((DailyBars(symbol, bars),), (*answer.drift(), *data.drift(), *table.drift(), *seen.values()))


def _bars(rows: list[Record], snapshot: Snapshot) -> pa.Table:
    columns = {"date": day_column([row.take("date") for row in rows], "%m/%d/%Y", "rows.date", snapshot)}
    for name, kind in _COLUMNS.items():
        columns[name] = number_column([row.take(name) for row in rows], kind, f"rows.{name}", snapshot)
    return pa.table(columns).sort_by("date")
