"""Daily bars as traded, for Hong Kong, New York and the mainland.

Published by   Eastmoney, for its own charts; undocumented, no key
Read from      the `kline` call, one line and any number of years a call
Know that      a bar is one text of values in the order in which the address asks for them: date, open, CLOSE, high,
               low, volume, turnover; `fqt` in the address says whether prices are as traded (0) or adjusted for
               dividends and splits forward (1) or backward (2), and the answer does not; volume is in lots of 100 on
               the mainland and in shares elsewhere; an unknown line has `data` null
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.eastmoney_answer import HOSTS, TERMS, WHY_OFF, data_of
from extractors.quotes.price_columns import COUNT, PRICE, day_column, number_column
from extractors.reading import Reading, Record
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "eastmoney_daily",
    title="Daily bars as traded",
    publisher="Eastmoney",
    kind="quotes",
    home_url="https://quote.eastmoney.com/",
    pace=Pace(seconds=3),
    tables=("core.daily_quotes_by_source",),
    terms=TERMS,
    is_on_by_default=False,
    why_off=WHY_OFF,
)

_FIELDS = {
    "f51": "date", "f52": "open", "f53": "close", "f54": "high", "f55": "low", "f56": "volume", "f57": "turnover",
    "f58": "amplitude_pct", "f59": "change_pct", "f60": "change", "f61": "turnover_rate_pct",
}  # fmt: skip
_ADDRESS = (
    "https://push2his.eastmoney.com/api/qt/stock/kline/get?secid={code}&klt=101&fqt=0&beg={start:%Y%m%d}&end={end:%Y%m%d}"
    "&lmt=10000&fields1=f1,f2,f3,f4,f5,f6&fields2=" + ",".join(_FIELDS)
)
_PATH = re.compile(r"/api/qt/stock/kline/get/?")
_DAILY = "101"
_NEEDED = ("date", "open", "close", "high", "low")
_WANTED = {"open": PRICE, "close": PRICE, "high": PRICE, "low": PRICE, "volume": COUNT, "turnover": COUNT}
_KNOWN = ("dktotal", "preKPrice", "prePrice", "qtMiscType", "version", "prePrice")


@dataclass(frozen=True, slots=True)
class DailyBars:
    """One line: `date`, `open`, `close`, `high`, `low`, `volume`, `turnover`, oldest first."""

    secid: str
    """Market and code, such as 116.01810."""
    name: str
    adjustment: str
    """`fqt` as it was asked for: 0 for prices as traded; empty where the address does not say."""
    decimals: int
    bars: pa.Table


def matches(url: str) -> bool:
    """Tell whether this is a call for daily bars."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    is_daily = asked.get("klt", [_DAILY])[0] == _DAILY and "secid" in asked
    return bool(HOSTS.fullmatch(parts.hostname or "") and _PATH.fullmatch(parts.path)) and is_daily


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each line that has a code here, the whole window in one call."""
    for code, line in asked_lines(query, lambda line: line.eastmoney, members=True):
        url = _ADDRESS.format(code=code, start=query.window.start, end=query.window.end)
        yield client.get(SOURCE, url, chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[DailyBars]:
    """Read the bars of one answer.

    Raises NothingThere for an unknown line and an empty window, ShapeChanged for bars that do not have the values
    which the address asks for.
    """
    answer, data = data_of(snapshot)
    data.ignore(*_KNOWN)
    bars = _bars(data, snapshot)
    record = DailyBars(
        secid=f"{data.integer('market')}.{data.text('code')}",
        name=data.text("name"),
        adjustment=_asked(snapshot, "fqt"),
        decimals=data.integer("decimal"),
        bars=bars,
    )
    return Reading((record,), (*answer.drift(), *data.drift()))


def _asked(snapshot: Snapshot, name: str) -> str:
    return parse_qs(urlsplit(snapshot.url).query).get(name, [""])[0]


def _bars(data: Record, snapshot: Snapshot) -> pa.Table:
    lines = data.take("klines")
    if not isinstance(lines, list) or not all(isinstance(one, str) for one in lines):
        raise ShapeChanged("data.klines", snapshot.at("data.klines is not a list of texts"))
    if not lines:
        raise NothingThere("empty_window", snapshot.at("no bar in the window"))
    names = _names(snapshot)
    rows = [one.split(",") for one in lines]
    for number, row in enumerate(rows):
        if len(row) != len(names):
            place = f"data.klines[{number}]"
            raise ShapeChanged(place, snapshot.at(f"{place} has {len(row)} values, {len(names)} were asked for"))
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    nothing = [None] * len(rows)
    table = {"date": day_column(columns["date"], "%Y-%m-%d", "data.klines.date", snapshot)}
    for name, kind in _WANTED.items():
        table[name] = number_column(columns.get(name, nothing), kind, f"data.klines.{name}", snapshot)
    return pa.table(table).sort_by("date")


def _names(snapshot: Snapshot) -> list[str]:
    """Name the values of a bar, in the order in which the address asks for them; all eleven where it does not say."""
    asked = _asked(snapshot, "fields2")
    names = [_FIELDS.get(one, one) for one in asked.split(",")] if asked else list(_FIELDS.values())
    if lacking := [name for name in _NEEDED if name not in names]:
        raise ShapeChanged(lacking[0], snapshot.at(f"the address does not ask for {', '.join(lacking)}"))
    return names
