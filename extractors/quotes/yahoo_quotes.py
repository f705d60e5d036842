"""The last price of several lines, and what Yahoo's other calls answer in its place.

Published by   Yahoo; undocumented, with a cookie and a crumb that go together
Read from      the v7 quote call; summaries, searches and crumbs are read for what they refuse
Know that      it is never asked: without a browser's cookie and crumb it answers 401, and Dragongate makes neither;
               answers of archives are read; prices are 32-bit floats of the session of `regularMarketTime`; the text of
               a crumb can be that of an error page; an error stands under `finance`, `quoteResponse` or
               `quoteSummary`
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlsplit

from extractors.answers import refuse_block_page, refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, ShapeChanged
from extractors.quotes.yahoo_errors import error_of, raise_stated_error
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "yahoo_quotes",
    title="Last prices",
    publisher="Yahoo",
    kind="quotes",
    home_url="https://finance.yahoo.com/",
    pace=Pace(seconds=2),
    tables=("core.daily_quotes_by_source",),
    terms="Undocumented endpoint; the terms forbid automated access without permission and passing the data on.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="It wants a browser's cookie and crumb, which Dragongate does not make; it is only read from archives.",
)

_HOSTS = re.compile(r"(query[12]|finance)\.(finance\.)?yahoo\.com")
_PATH = re.compile(r"/v[67]/finance/quote|/v1[01]/finance/quoteSummary/[^/]+|/v1/finance/search|/v1/test/getcrumb")
_KNOWN = re.compile(
    r"(regularMarket|postMarket|preMarket|overnightMarket|fiftyTwoWeek|fiftyDay|twoHundredDay|averageDailyVolume|earnings"
    r"|trailing|forward|eps|priceEps|exchange|dividend|firstTradeDate|gmtOff[sS]et|ytd|netAssets|netExpense|circulating"
    r"|startDate|expire|underlying|openInterest|volume|volAll|strike|contract|toCurrency|fromCurrency|coinMarketCap|headSymbol)"
    r"\w*|(full|display|short|long|previous|prev)Name|language|region|typeDisp|quoteSourceName|triggerable"
    r"|customPriceAlertConfidence|hasPrePostMarketData|bid|ask|bidSize|askSize|fullExchangeName|financialCurrency"
    r"|isEarningsDateEstimate|sharesOutstanding|bookValue|marketCap|marketState|priceToBook|sourceInterval|tradeable"
    r"|cryptoTradeable|averageAnalystRating|corporateActions|exchange|messageBoardId|market|esgPopulated|beta|logoUrl"
    r"|companyLogoUrl|coinImageUrl|lastMarket|nameChangeDate|ipoExpectedDate|extendedMarket\w*|impliedSharesOutstanding"
    r"|pegRatio|prevTicker|tickerChangeDate|sector|industry|algorithm|totalCash|floatShares|ebitda|shortRatio|targetPrice\w*"
)
"""Fields that we know and do not want: other sources say the same better."""
_ERRORS = (400, 401, 404, 422)
_LARGEST_PRICE = 10**11
_MOST_DIGITS = 10
_FINEST = 10
"""Digits after the point that no 32-bit float of a price has more of."""
_LARGEST_COUNT = 10**14
_LAST_STAMP = 10**10


@dataclass(frozen=True, slots=True)
class LastPrice:
    """One line; None where the source says nothing."""

    symbol: str
    currency: str
    """As the source writes it: `GBp` is a hundredth of GBP."""
    kind: str
    """EQUITY, INDEX, CURRENCY, …"""
    price_hint: int
    """Digits after the point that prices of this line have."""
    last: Decimal | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    previous_close: Decimal | None
    volume: Decimal | None
    stamped_at: datetime | None
    """In UTC."""


def matches(url: str) -> bool:
    """Tell whether this is a call for quotes, a summary, a search or a crumb; charts and downloads are others."""
    parts = urlsplit(url)
    return bool(_HOSTS.fullmatch(parts.hostname or "") and _PATH.fullmatch(parts.path.rstrip("/")))


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for nothing: what would be needed is a browser in disguise."""
    del client, query
    yield from ()


def parse(snapshot: Snapshot) -> Reading[LastPrice]:
    """Read the last prices of one answer.

    Raises NothingThere for an unknown symbol and for the calls that are read for their refusals alone, RateLimited and
    Refused where the answer turns away, ShapeChanged for a value that is no number.
    """
    refuse_block_page(snapshot)
    if snapshot.status in _ERRORS:
        raise_stated_error(error_of(snapshot), snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    if snapshot.body[:40].strip().lower().startswith(b"too many requests"):
        raise RateLimited("too_many_requests", snapshot.at("status 200 with the text of a refusal"))
    if not urlsplit(snapshot.url).path.rstrip("/").endswith("/quote"):
        raise NothingThere("not_a_quote", snapshot.at("this call is read for its refusals alone"))
    answer = Record(json_body(snapshot, exact=True), snapshot)
    if "quoteResponse" not in answer:
        raise_stated_error(error_of(snapshot), snapshot)
    response = answer.record("quoteResponse")
    raise_stated_error(response.optional("error"), snapshot)
    lines = response.records("result")
    prices = tuple(_price(line, snapshot) for line in lines)
    if not prices:
        raise NothingThere("unknown_symbol", snapshot.at("the source knows none of the symbols"))
    unknown = {_field(one): one for line in lines for one in line.drift() if not _KNOWN.fullmatch(_field(one))}
    news = (Drift(f"result[].{name}", one.example) for name, one in unknown.items())
    return Reading(prices, (*answer.drift(), *response.drift(), *news))


def _field(one: Drift) -> str:
    return one.field.rpartition(".")[2]


def _price(line: Record, snapshot: Snapshot) -> LastPrice:
    """Read one line; of its some eighty fields those of the session, since the rest comes from better sources."""
    digits = line.integer("priceHint")
    if not 0 <= digits <= _MOST_DIGITS:
        raise ShapeChanged("result.priceHint", snapshot.at(f"no price has {digits} digits after the point"))
    names = ("regularMarketPrice", "regularMarketOpen", "regularMarketDayHigh", "regularMarketDayLow")
    last, first, high, low = (_number(line, name, _LARGEST_PRICE, snapshot) for name in names)
    return LastPrice(
        symbol=line.text("symbol"),
        currency=line.optional_text("currency") or "",
        kind=line.text("quoteType"),
        price_hint=digits,
        last=last,
        open=first,
        high=high,
        low=low,
        previous_close=_number(line, "regularMarketPreviousClose", _LARGEST_PRICE, snapshot),
        volume=_number(line, "regularMarketVolume", _LARGEST_COUNT, snapshot),
        stamped_at=_stamp(line, snapshot),
    )


def _number(line: Record, name: str, bound: int, snapshot: Snapshot) -> Decimal | None:
    """Take a number that a line may lack; with `formatted=true` it stands under `raw`."""
    value = line.optional(name)
    if value is None or value == {}:
        return None
    number = line.record(name).decimal("raw") if isinstance(value, Mapping) else line.decimal(name)
    if abs(number) >= bound:
        raise ShapeChanged(f"result.{name}", snapshot.at(f"{name}: {number!s:.40} is out of all bounds"))
    return round(number, _FINEST)


def _stamp(line: Record, snapshot: Snapshot) -> datetime | None:
    seconds = _number(line, "regularMarketTime", _LAST_STAMP, snapshot)
    return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
