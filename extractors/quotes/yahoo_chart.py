"""Daily bars, dividends and splits for most lines of the world, restated for every later split.

Published by   Yahoo; undocumented, no key
Read from      the v8 chart call, one line and any number of years a call
Know that      a bar is stamped with the opening of its session, and the session that runs adds a second bar
               stamped with the last trade; the day is the stamp in `exchangeTimezoneName`, while `gmtoffset` is
               today's and wrong for half the year; prices are 32-bit floats, adjusted for splits and not for
               dividends; holidays can be rows of nulls; `GBp` is pence; an empty window has no `timestamp` at all;
               it turns away programs that say who they are, so it is off until an operator has its permission
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
import pyarrow as pa

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, ShapeChanged
from extractors.exchanges import EXCHANGES
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.yahoo_errors import error_of, raise_stated_error
from extractors.quotes.yahoo_series import Dividend, Split, read_bars, read_events
from extractors.reading import Drift, Reading, Record
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "yahoo_chart",
    title="Daily bars restated for splits, dividends and splits",
    publisher="Yahoo",
    kind="quotes",
    home_url="https://finance.yahoo.com/",
    pace=Pace(seconds=2),
    tables=("core.daily_quotes_by_source", "core.corporate_actions_by_source"),
    terms="Undocumented endpoint; the terms forbid automated access without permission and passing the data on.",
    terms_url="https://legal.yahoo.com/us/en/yahoo/terms/otos/index.html",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="It answers browsers and refuses programs that name themselves, which Dragongate always does.",
)

_ADDRESS = (
    "https://query1.finance.yahoo.com/v8/finance/chart/{symbol}"
    "?period1={start}&period2={end}&interval=1d&events=div%7Csplit&includeAdjustedClose=true"
)
_HOSTS = re.compile(r"(query[12]|finance)\.(finance\.)?yahoo\.com")
_PATH = re.compile(r"/v8/finance/chart/[^/]+")
_MOST_DIGITS = 10
_META_KNOWN = (
    "chartPreviousClose", "currentTradingPeriod", "exchangeName", "fiftyTwoWeekHigh", "fiftyTwoWeekLow",
    "firstTradeDate", "fullExchangeName", "gmtoffset", "hasPrePostMarketData", "instrumentType", "longName",
    "previousClose", "range", "regularMarketDayHigh", "regularMarketDayLow", "regularMarketPrice",
    "regularMarketTime", "regularMarketVolume", "scale", "shortName", "timezone", "tradingPeriods", "validRanges",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chart:
    """One line's answer."""

    symbol: str
    currency: str
    """As the source writes it: `GBp` is a hundredth of GBP."""
    zone: str
    price_hint: int
    """Digits after the point that prices of this line have."""
    interval: str
    bars: pa.Table
    """`timestamp` in Unix seconds, `open`, `high`, `low`, `close`, `volume`, `adjclose`, oldest first."""
    dividends: tuple[Dividend, ...] = ()
    splits: tuple[Split, ...] = ()


def matches(url: str) -> bool:
    """Tell whether this is a chart call; quotes, summaries and downloads are other endpoints."""
    parts = urlsplit(url)
    return bool(_HOSTS.fullmatch(parts.hostname or "") and _PATH.fullmatch(parts.path))


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each line that has a symbol here, the whole window in one call."""
    for symbol, line in asked_lines(query, lambda line: line.yahoo, members=True):
        zone = EXCHANGES[line.exchange].zone
        start = datetime.combine(query.window.start, time(), zone)
        end = datetime.combine(query.window.end + timedelta(days=1), time(), zone)
        url = _ADDRESS.format(symbol=quote(symbol, safe="="), start=int(start.timestamp()), end=int(end.timestamp()))
        yield client.get(SOURCE, url, chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[Chart]:
    """Read the bars, dividends and splits of one answer.

    Raises NothingThere for an unknown symbol and an empty window, RateLimited and Refused where we are not
    welcome, ShapeChanged for columns of different length or a missing currency or zone.
    """
    if snapshot.status in (400, 404, 422):
        raise_stated_error(error_of(snapshot), snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    if snapshot.body[:40].strip().lower().startswith(b"too many requests"):
        raise RateLimited("too_many_requests", snapshot.at("status 200 with the text of a refusal"))
    answer = Record(_json(snapshot), snapshot)
    if "chart" not in answer and "finance" in answer:
        raise_stated_error(error_of(snapshot), snapshot)
    chart = answer.record("chart")
    raise_stated_error(chart.optional("error"), snapshot)
    drift: list[Drift] = [*answer.drift()]
    charts = [one for result in chart.records("result") if (one := _chart(result, snapshot, drift))]
    drift.extend(chart.drift())
    if not charts:
        raise NothingThere("empty_window", snapshot.at("no bar in the window"))
    return Reading(tuple(charts), tuple(drift))


def _json(snapshot: Snapshot) -> Any:
    try:
        return orjson.loads(snapshot.body)
    except orjson.JSONDecodeError as error:
        raise ShapeChanged("body", snapshot.at(f"not JSON: {error}")) from error


def _chart(result: Record, snapshot: Snapshot, drift: list[Drift]) -> Chart | None:
    """Read one result; None when it holds neither a bar nor an event."""
    meta, indicators = result.record("meta"), result.record("indicators")
    timestamps = result.optional("timestamp")
    events = result.record("events") if result.optional("events") else None
    if not timestamps and not events:
        return None
    dividends, splits = read_events(events, snapshot, drift) if events else ((), ())
    bars = read_bars(timestamps or [], indicators, snapshot)
    asked = parse_qs(urlsplit(snapshot.url).query).get("interval", [""])[0]
    chart = Chart(
        symbol=meta.text("symbol"),
        currency=meta.text("currency"),
        zone=_zone(meta, snapshot),
        price_hint=_digits(meta, snapshot),
        interval=meta.optional_text("dataGranularity") or asked,
        bars=bars,
        dividends=dividends,
        splits=splits,
    )
    meta.ignore(*_META_KNOWN)
    for part in (meta, indicators, result):
        drift.extend(part.drift())
    return chart


def _digits(meta: Record, snapshot: Snapshot) -> int:
    digits = meta.integer("priceHint")
    if not 0 <= digits <= _MOST_DIGITS:
        raise ShapeChanged("meta.priceHint", snapshot.at(f"no price has {digits} digits after the point"))
    return digits


def _zone(meta: Record, snapshot: Snapshot) -> str:
    name = meta.text("exchangeTimezoneName")
    try:
        ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise ShapeChanged("meta.exchangeTimezoneName", snapshot.at(f"there is no zone {name!r:.40}")) from error
    return name
