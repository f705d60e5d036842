"""The last price of one line, with the day's range, turnover and shares in issue.

Published by   Eastmoney, for its own pages; undocumented, no key
Read from      the `stock/get` call, one line a call
Know that      values are named by number; prices are whole numbers scaled by ten to the power of f59 unless the address
               says `fltt=2`; volume is in lots of 100 on the mainland and in shares elsewhere; a dash stands where
               there is no value; an answer without f86 does not say of which day it is, and one without f59 says its
               scale only by its turnover; an unknown line has `data` null
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.eastmoney_answer import HOSTS, TERMS, WHY_OFF, data_of
from extractors.quotes.nameless_fields import is_plain
from extractors.quotes.price_columns import NOTHING
from extractors.reading import Reading, Record
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "eastmoney_snapshot",
    title="Last prices and shares in issue",
    publisher="Eastmoney",
    kind="quotes",
    home_url="https://quote.eastmoney.com/",
    pace=Pace(seconds=3),
    tables=("core.daily_quotes_by_source", "core.shares_outstanding_by_source"),
    terms=TERMS,
    is_on_by_default=False,
    why_off=WHY_OFF,
)

_PRICES = {"last": "f43", "high": "f44", "low": "f45", "open": "f46", "previous_close": "f60"}
_VALUES = {"volume": "f47", "turnover": "f48", "total_shares": "f84", "total_value": "f116"}
_ADDRESS = (
    "https://push2.eastmoney.com/api/qt/stock/get?secid={code}"
    "&fields=f43,f44,f45,f46,f47,f48,f57,f58,f59,f60,f84,f85,f86,f107,f116,f117"
)
_PATH = re.compile(r"/api/qt/stock/get/?")
_NUMBERED = re.compile(r"data\.f\d+")
"""There are some three hundred numbered fields, and an answer holds those that were asked for."""
_MAINLAND = ("0", "1")
"""Markets whose volume is in lots of 100."""
_LOT = 100
_LARGEST_PRICE = 10**11
_MOST_DECIMALS = 6
_LAST_STAMP = 10**10


@dataclass(frozen=True, slots=True)
class LastPrice:
    """One line, prices unscaled; None where the source says nothing."""

    secid: str
    """Market and code, such as 116.01810."""
    name: str
    last: Decimal | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    previous_close: Decimal | None
    volume: Decimal | None
    """In the source's own unit: lots of 100 on the mainland."""
    turnover: Decimal | None
    total_shares: Decimal | None
    total_value: Decimal | None
    """Market value of all classes, in the currency of the price."""
    stamped_at: datetime | None
    """In UTC."""


def matches(url: str) -> bool:
    """Tell whether this is a call for one line's last price."""
    parts = urlsplit(url)
    return bool(HOSTS.fullmatch(parts.hostname or "") and _PATH.fullmatch(parts.path)) and "secid=" in parts.query


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each line that has a code here."""
    for code, line in asked_lines(query, lambda line: line.eastmoney):
        yield client.get(SOURCE, _ADDRESS.format(code=code), chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[LastPrice]:
    """Read the one line of an answer.

    Raises NothingThere for an unknown line, ShapeChanged for a value that is no number and for prices whose scale
    nothing tells.
    """
    answer, data = data_of(snapshot)
    prices = {name: _number(data, field, snapshot) for name, field in _PRICES.items()}
    values = {name: _number(data, field, snapshot) for name, field in _VALUES.items()}
    secid = _secid(data, snapshot)
    scale = Decimal(10) ** -_decimals(data, prices, values, secid, snapshot)
    unscaled = {name: _price(name, value, scale, snapshot) for name, value in prices.items()}
    stamped_at = _stamp(data, snapshot)
    name = data.optional_text("f58") or ""
    record = LastPrice(secid, name, stamped_at=stamped_at, **unscaled, **values)
    named = (one for one in data.drift() if not _NUMBERED.fullmatch(one.field))
    return Reading((record,), (*answer.drift(), *named))


def _asked(snapshot: Snapshot, name: str) -> str:
    return parse_qs(urlsplit(snapshot.url).query).get(name, [""])[0]


def _secid(data: Record, snapshot: Snapshot) -> str:
    """Name the line as the answer does; where it leaves the market or the code out, as the address does."""
    market, _, code = _asked(snapshot, "secid").partition(".")
    return f"{data.integer('f107') if 'f107' in data else market}.{data.optional_text('f57') or code}"


def _number(data: Record, field: str, snapshot: Snapshot) -> Decimal | None:
    value = data.take(field) if field == _PRICES["last"] else data.optional(field)
    if value is None or (isinstance(value, str) and value.strip() in NOTHING):
        return None
    number = data.decimal(field)
    if not is_plain(number):
        raise ShapeChanged(f"data.{field}", snapshot.at(f"data.{field}: expected a number, got {number!s:.40}"))
    return number


def _price(name: str, value: Decimal | None, scale: Decimal, snapshot: Snapshot) -> Decimal | None:
    if value is None:
        return None
    price = value * scale
    if abs(price) >= _LARGEST_PRICE:
        raise ShapeChanged(f"data.{_PRICES[name]}", snapshot.at(f"{name}: expected a price, got {price}"))
    return price


def _decimals(
    data: Record, prices: dict[str, Decimal | None], values: dict[str, Decimal | None], secid: str, snapshot: Snapshot
) -> int:
    """Say by how many digits prices are scaled; without f59 by those that bring the mean price into the day's range."""
    stated = data.integer("f59") if data.optional("f59") is not None else None
    if stated is not None and not 0 <= stated <= _MOST_DECIMALS:
        raise ShapeChanged("data.f59", snapshot.at(f"no price has {stated} digits after the point"))
    if _asked(snapshot, "fltt") == "2" or not prices["last"]:
        return 0
    if stated is not None:
        return stated
    low, high, volume, turnover = prices["low"], prices["high"], values["volume"], values["turnover"]
    if low and high and volume and turnover:
        lot = _LOT if secid.partition(".")[0] in _MAINLAND else 1
        mean = turnover / (volume * lot)
        for digits in range(_MOST_DECIMALS + 1):
            if low * Decimal("0.99") <= mean * 10**digits <= high * Decimal("1.01"):
                return digits
    raise ShapeChanged("data.f59", snapshot.at("data.f59 is missing, and nothing else tells the scale of the prices"))


def _stamp(data: Record, snapshot: Snapshot) -> datetime | None:
    value = data.optional("f86")
    if value in (None, 0, "-", ""):
        return None
    stamp = data.integer("f86")
    if not 0 < stamp < _LAST_STAMP:
        raise ShapeChanged("data.f86", snapshot.at(f"data.f86: a time at {stamp} is out of all bounds"))
    return datetime.fromtimestamp(stamp, UTC)
