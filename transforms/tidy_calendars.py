"""Trading sessions from kept calendars."""

from collections.abc import Sequence

import pyarrow as pa

from extractors.quotes.exchange_sessions import notice_of
from extractors.quotes.trading_calendars import SessionCalendar
from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.quotes import TRADING_SESSIONS


def tidy_trading_sessions(reads: Sequence[Read[SessionCalendar]], watchlist: WatchList) -> Tidy:
    """One row per weekday of each exchange on which a line of the watch list trades.

    Lunch breaks are ignored. What a calendar says was available when it was kept.
    """
    used = {line.exchange for line in watchlist.securities}
    return Tidy.join(_sessions(record, read, used) for read in reads for record in read.records)


def _sessions(calendar: SessionCalendar, read: Read[SessionCalendar], used: set[str]) -> Tidy:
    if calendar.exchange not in used:
        row = {"exchange": calendar.exchange, "year": calendar.year}
        aside = SetAside(TRADING_SESSIONS.name, "not_followed", row, read.snapshot.id, "trading_calendars")
        return Tidy(set_aside=(aside,))
    table = calendar.table
    known = {"exchange": calendar.exchange, "available_at": read.snapshot.fetched_at}
    days, are_open = table["session_date"].to_pylist(), table["is_open"].to_pylist()
    notices = [
        notice_of(calendar.exchange, day, is_open=is_open) or None for day, is_open in zip(days, are_open, strict=True)
    ]
    table = table.append_column("notice_url", pa.array(notices, pa.string()))
    for name, value in (known | origin(read.snapshot, "trading_calendars")).items():
        table = table.append_column(name, pa.repeat(pa.scalar(value), table.num_rows))
    return Tidy.of(TRADING_SESSIONS, table)
