"""Daily bars as traded, for Hong Kong, New York and the mainland, with dividends and buybacks beside the bar.

Published by   Tencent, for its own charts; undocumented, open, no key
Read from      `fqkline`, one calendar year of one line a call, since a call holds at most 800 bars
Know that      a bar is date, open, CLOSE, high, low, volume; on a day with news a seventh element tells of
               dividends, buybacks and splits in Chinese, and `newfqkline` appends turnover figures after it;
               raw prices stand under `day`, adjusted ones under `qfqday` or `hfqday`, and a line that was never
               adjusted has its raw prices under `day` whatever was asked for; without the trailing comma in the
               address there is no `day`; a US code without its venue gets the first and the last bar of its life
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.quotes.asked_lines import asked_lines
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source, Window

SOURCE = Source(
    "tencent_daily",
    title="Daily bars as traded, dividends and buybacks",
    publisher="Tencent",
    kind="quotes",
    home_url="https://gu.qq.com/",
    pace=Pace(seconds=1),
    tables=("core.daily_quotes_by_source", "core.corporate_actions_by_source"),
    terms="Undocumented endpoint of a public page, open without a key; no licence to pass the data on.",
    is_required=True,
)

_ADDRESS = "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param={code},day,{start},{end},800,"
_HOSTS = re.compile(r"(web\d*\.)?ifzq\.gtimg\.cn|proxy\.finance\.qq\.com")
_PATH = re.compile(r"(/ifzqgtimg)?/appstock/app/(hk|us|new)?fqkline/get/?", re.IGNORECASE)
_CALLBACK = re.compile(rb"^\s*[A-Za-z_$][\w$.]*\s*=(?=\s*\{)")
_PRICE = pa.decimal128(23, 12)
_COLUMNS = {
    "date": pa.date32(), "open": _PRICE, "close": _PRICE, "high": _PRICE, "low": _PRICE,
    "volume": pa.decimal128(26, 12),
}  # fmt: skip
_NEWS = 6
_LONGEST_ROW = 10
_SERIES = ("day", "qfqday", "hfqday")
_KNOWN = ("qt", "prec", "version", "mx_price", "market", "vcm", "pandata")
_NEWS_KNOWN = ("paixiri", "nd", "fh_sh", "djr")


@dataclass(frozen=True, slots=True)
class News:
    """What changed a line on one day, in the source's own words; empty where it says nothing."""

    bar_date: date
    ex_date: date
    dividend: str
    buyback: str
    split: str
    rights: str


@dataclass(frozen=True, slots=True)
class DailyBars:
    """One series of one line: `date`, `open`, `close`, `high`, `low`, `volume`, oldest first."""

    code: str
    series: str
    """`day` for prices as traded, `qfqday` and `hfqday` for adjusted ones."""
    bars: pa.Table
    news: tuple[News, ...]


def matches(url: str) -> bool:
    """Tell whether this is a call for daily bars."""
    parts = urlsplit(url)
    if not (_HOSTS.fullmatch(parts.hostname or "") and _PATH.fullmatch(parts.path)):
        return False
    asked = parse_qs(parts.query, keep_blank_values=True).get("param", [""])[0].split(",")
    return len(asked) < 2 or asked[1] in ("", "day")


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each line that has a code here, one calendar year a call."""
    for code, line in asked_lines(query, lambda line: line.tencent_daily or line.tencent, members=True):
        for year in _years(query.window):
            yield client.get(SOURCE, _ADDRESS.format(code=code, start=year.start, end=year.end), chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[DailyBars]:
    """Read the bars of one answer, one record for each series in it.

    Raises NothingThere for an unknown code and an empty window, Refused for a call that the source did not
    understand, ShapeChanged for bars that are not six numbers.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    if b"v_pv_none_match" in snapshot.body[:200]:
        raise NothingThere("unknown_symbol", snapshot.at("the source knows no such code"))
    answer = Record(json_body(_without_callback(snapshot)), snapshot)
    data = _data(answer, snapshot)
    drift: list[Drift] = list(answer.drift())
    records = [record for code in data for record in _line(code, data, snapshot, drift)]
    return Reading(tuple(records), tuple(drift))


def _years(window: Window) -> Iterator[Window]:
    for year in range(window.start.year, window.end.year + 1):
        yield Window(max(window.start, date(year, 1, 1)), min(window.end, date(year, 12, 31)))


def _without_callback(snapshot: Snapshot) -> Snapshot:
    """Take off the `kline_dayqfq=` that `_var` puts before the JSON."""
    head = _CALLBACK.match(snapshot.body)
    if not head:
        return snapshot
    body = snapshot.body[head.end() :].strip().removesuffix(b";")
    return Snapshot(snapshot.id, snapshot.url, body, snapshot.fetched_at, snapshot.first_seen_at)


def _data(answer: Record, snapshot: Snapshot) -> Mapping[str, Any]:
    code, message = answer.integer("code"), answer.optional_text("msg") or ""
    data = answer.optional("data")
    if code != 0 or "error" in message or isinstance(data, list):
        raise Refused("bad_request", snapshot.at(f"code {code}, {message or 'data is a list'}"))
    if not isinstance(data, Mapping):
        raise ShapeChanged("data", snapshot.at("data is missing"))
    if not data:
        raise NothingThere("unknown_symbol", snapshot.at("no line in the answer"))
    return data


def _line(code: str, data: Mapping[str, Any], snapshot: Snapshot, drift: list[Drift]) -> Iterator[DailyBars]:
    line = Record(data[code], snapshot, f"data.{code}")
    present = [series for series in _SERIES if series in line]
    if not present:
        raise ShapeChanged(f"data.{code}.day", snapshot.at(f"data.{code} has no day; it has {', '.join(data[code])}"))
    line.ignore(*_SERIES, *_KNOWN)
    drift.extend(line.drift())
    if not any(data[code][series] for series in present):
        raise NothingThere(_why_empty(code, data[code]), snapshot.at(f"data.{code}.{present[0]} is empty"))
    if code.startswith("us") and "." not in code:
        raise ShapeChanged("code_without_venue", snapshot.at(f"{code} needs its venue, as {code}.OQ"))
    for series in present:
        place = f"data.{code}.{series}"
        rows = _rows(data[code][series], place, snapshot, drift)
        yield DailyBars(code, series, _bars(rows, place, snapshot), _news(rows, place, snapshot, drift))


def _why_empty(code: str, line: Mapping[str, Any]) -> str:
    """Tell a code that is unknown from one that has no bar in the window: a known one has a price before it."""
    live = line.get("qt")
    known = line.get("prec") or (isinstance(live, Mapping) and live.get(code))
    return "empty_window" if known else "unknown_symbol"


def _rows(rows: object, place: str, snapshot: Snapshot, drift: list[Drift]) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise ShapeChanged(place, snapshot.at(f"{place} is not a list"))
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) < _NEWS:
            raise ShapeChanged(f"{place}[{number}]", snapshot.at(f"{place}[{number}] is not a bar of six: {row!r:.80}"))
    longest: list[Any] = max(rows, key=len, default=[])
    drift.extend(Drift(f"{place}[][{n}]", str(longest[n])[:80]) for n in range(_LONGEST_ROW, len(longest)))
    return rows


def _bars(rows: list[list[Any]], place: str, snapshot: Snapshot) -> pa.Table:
    columns = {}
    for position, (name, kind) in enumerate(_COLUMNS.items()):
        values = [row[position] for row in rows]
        try:
            columns[name] = pa.array([_text(value) for value in values], pa.string()).cast(kind)
        except (pa.ArrowInvalid, TypeError) as error:
            raise ShapeChanged(f"{place}.{name}", snapshot.at(f"{place}.{name}: {error}")) from error
    return pa.table(columns)


def _text(value: object) -> str:
    """Write a value as text; US rows mix numbers with strings."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"expected a number, got {value!r:.40}")
    return value if isinstance(value, str) else repr(value)


def _news(rows: list[list[Any]], place: str, snapshot: Snapshot, drift: list[Drift]) -> tuple[News, ...]:
    seen: dict[str, Drift] = {}
    news = []
    for row in rows:
        if len(row) <= _NEWS or not row[_NEWS]:
            continue
        record = Record(row[_NEWS], snapshot, f"{place}[{row[0]}]")
        record.ignore(*_NEWS_KNOWN)
        ex_date = record.day("cqr") if record.optional_text("cqr") else date.fromisoformat(row[0])
        words = {
            name: (record.optional_text(field) or "").strip()
            for name, field in (
                ("dividend", "FHcontent"), ("buyback", "HGcontent"), ("split", "hgcgContent"), ("rights", "ggContent"),
            )
        }  # fmt: skip
        for one in record.drift():
            name = f"{place}[][{_NEWS}].{one.field.rpartition('.')[2]}"
            seen.setdefault(name, Drift(name, one.example))
        if any(words.values()):
            news.append(News(date.fromisoformat(row[0]), ex_date, **words))
    drift.extend(seen.values())
    return tuple(news)
