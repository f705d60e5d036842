"""Trading days of the exchanges on the watch list: when they open and close, half days, closures.

Published by   the exchanges; collected by the maintainers of the library exchange_calendars
Read from      that library and our own corrections, kept in the archive as one CSV per exchange and year
Know that      times are instants in UTC; a weekday without trading is a row too, with the reason where one is
               known; weekends are left out; lunch breaks are ignored; the library learns of closures late, so a
               weekday without a quote and without a closure here is a question, not an error
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from extractors.answers import require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.exchanges import EXCHANGES
from extractors.quotes.exchange_sessions import COLUMNS, sessions_csv
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source, Window

URI = "urn:dragongate:calendar:"

SOURCE = Source(
    "trading_calendars",
    title="Sessions, half days and closures of the exchanges",
    publisher="exchange_calendars",
    kind="calendar",
    home_url="https://github.com/gerrymanoim/exchange_calendars",
    pace=Pace(seconds=0),
    tables=("core.trading_sessions",),
    terms="Apache License 2.0; session times are facts.",
    is_required=True,
    may_be_redistributed=True,
)

_NAMED = re.compile(re.escape(URI) + r"([A-Z0-9]{4}):(\d{4})")
_TEXT = pa.string()
_INSTANT = pa.timestamp("us", "UTC")
_KINDS = dict(zip(COLUMNS, (pa.date32(), pa.bool_(), _INSTANT, _INSTANT, pa.bool_(), _TEXT), strict=True))


@dataclass(frozen=True, slots=True)
class SessionCalendar:
    """One year of an exchange, as columns: `session_date`, `is_open`, `opens_at`, `closes_at`, `is_half_day`, …"""

    exchange: str
    year: int
    table: pa.Table


def matches(url: str) -> bool:
    """Tell whether this is a kept calendar of an exchange that we know."""
    found = _NAMED.fullmatch(url)
    return found is not None and found[1] in EXCHANGES


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Keep a year of each exchange used, for the years of the window and the one before.

    The year before holds the last close before the window.
    """
    for exchange in sorted({line.exchange for line in query.watchlist.securities}):
        for year in _years(query.window):
            body = sessions_csv(exchange, year)
            yield client.keep(SOURCE, f"{URI}{exchange}:{year}", body, "text/csv", chunk=exchange)


def parse(snapshot: Snapshot) -> Reading[SessionCalendar]:
    """Read one kept year.

    Raises NothingThere for a year that the library does not reach, ShapeChanged for anything but the
    columns that we keep, a day outside the year or twice, and an open day without hours.
    """
    require_ok(snapshot)
    exchange, year = _named(snapshot)
    table = _columns(snapshot)
    if not table.num_rows:
        raise NothingThere("beyond_calendar", snapshot.at(f"the calendar of {exchange} does not reach {year}"))
    _check_days(table, year, snapshot)
    drift = tuple(Drift(name, str(table[name][0])) for name in table.column_names if name not in COLUMNS)
    return Reading((SessionCalendar(exchange, year, table.select(COLUMNS)),), drift)


def _years(window: Window) -> range:
    return range(window.start.year - 1, window.end.year + 1)


def _named(snapshot: Snapshot) -> tuple[str, int]:
    found = _NAMED.fullmatch(snapshot.url)
    if not found:
        raise ShapeChanged("uri", snapshot.at("not the name of a calendar"))
    return found[1], int(found[2])


def _columns(snapshot: Snapshot) -> pa.Table:
    options = arrow_csv.ConvertOptions(
        column_types=_KINDS, strings_can_be_null=True, null_values=[""], true_values=["true"], false_values=["false"]
    )
    try:
        table = arrow_csv.read_csv(io.BytesIO(snapshot.body), convert_options=options)
        names = table.column_names
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise ShapeChanged("rows", snapshot.at(f"not the rows of a calendar: {error}")) from error
    for name in COLUMNS:
        if name not in names:
            raise ShapeChanged(name, snapshot.at(f"{name} is missing"))
    return table


def _check_days(table: pa.Table, year: int, snapshot: Snapshot) -> None:
    for name in ("session_date", "is_open", "is_half_day"):
        if table[name].null_count:
            raise ShapeChanged(name, snapshot.at(f"{name} is empty in {table[name].null_count} rows"))
    days = table["session_date"]
    if pc.any(pc.not_equal(pc.year(days), year)).as_py() or pc.count_distinct(days).as_py() != table.num_rows:
        raise ShapeChanged("session_date", snapshot.at(f"a day outside {year}, or one that stands twice"))
    for name in ("opens_at", "closes_at"):
        if pc.any(pc.and_(table["is_open"], pc.is_null(table[name]))).as_py():
            raise ShapeChanged(name, snapshot.at(f"{name} is empty on an open day"))
