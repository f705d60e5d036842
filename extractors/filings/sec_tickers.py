"""The tickers of everybody who files with the SEC, and where each trades.

Published by   the SEC, updated from time to time
Read from      `company_tickers_exchange.json`, which names the exchange; `company_tickers.json` without it; the head
               of a filer's submissions for the end of its fiscal year
Know that      it is asked only when somebody wants to follow a company, not day by day; several tickers may share a
               number; who is traded over the counter without filing (Xiaomi, BYD) is not in it
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.filings import sec
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

FILES = "https://www.sec.gov/files/"
WITH_EXCHANGE = FILES + "company_tickers_exchange.json"
PLAIN = FILES + "company_tickers.json"
FILER = "https://data.sec.gov/submissions/CIK{cik:010}.json"

SOURCE = Source(
    "sec_tickers",
    title="Tickers of filers with the SEC",
    publisher=sec.PUBLISHER,
    kind="reference",
    home_url=FILES,
    pace=sec.PACE,
    tables=(),
    terms=sec.TERMS,
    needs=Need.CONTACT,
    may_be_redistributed=True,
    honours_robots=False,
    missing_marks=sec.MISSING,
)

_LIST = re.compile(r"https?://www\.sec\.gov/files/company_tickers(_exchange)?\.json(\?.*)?")
_FILER = re.compile(r"https?://data\.sec\.gov/submissions/CIK(?P<cik>\d{10})\.json(\?.*)?")
_PLAIN = ("cik_str", "ticker", "title")
_COLUMNS = ("cik", "name", "ticker", "exchange")


@dataclass(frozen=True, slots=True)
class TickerTable:
    """One list as columns `cik`, `ticker`, `name` and `exchange`; the last is null where the list does not say."""

    table: pa.Table


@dataclass(frozen=True, slots=True)
class Filer:
    """Who a filer is, from the head of its submissions."""

    cik: int
    name: str
    fiscal_year_end: str
    """Month and day, `MM-DD`; empty where the SEC does not know."""


def matches(url: str) -> bool:
    """Tell whether this is one of the lists; a filer's submissions belong to `sec_submissions`."""
    return _LIST.fullmatch(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the lists and filers that the query links to: without one, for nothing."""
    for url in query.links:
        if _LIST.fullmatch(url) or _FILER.fullmatch(url):
            yield client.get(SOURCE, url)


def parse(snapshot: Snapshot) -> Reading[TickerTable | Filer]:
    """Read one list, or the head of a filer's submissions.

    Raises NothingThere for an empty list, ShapeChanged where a field is missing or of another kind.
    """
    sec.require_sec_ok(snapshot)
    body = json_body(snapshot)
    if asked := _FILER.fullmatch(snapshot.url):
        return Reading((_filer(Record(body, snapshot), asked, snapshot),))
    if isinstance(body, dict) and "data" in body:
        rows, drift = _with_exchange(Record(body, snapshot), snapshot)
    else:
        rows, drift = _plain(body, snapshot)
    if not rows:
        raise NothingThere("empty_list", snapshot.at("the list names nobody"))
    return Reading((TickerTable(_columns(rows, snapshot)),), drift)


def _filer(head: Record, asked: re.Match[str], snapshot: Snapshot) -> Filer:
    cik = sec.same_company(sec.whole_number(head.take("cik"), "cik", snapshot), asked.groupdict(), snapshot)
    end = head.optional_text("fiscalYearEnd") or ""
    if end and not re.fullmatch(r"\d{4}", end):
        raise ShapeChanged("fiscalYearEnd", snapshot.at(f"fiscalYearEnd: expected MMDD, got {end!r}"))
    return Filer(cik, head.text("name"), f"{end[:2]}-{end[2:]}" if end else "")


def _with_exchange(body: Record, snapshot: Snapshot) -> tuple[list[Sequence[Any]], tuple[Drift, ...]]:
    names, data = body.take("fields"), body.take("data")
    if not isinstance(names, list) or not isinstance(data, list):
        raise ShapeChanged("fields", snapshot.at("fields: expected a list of names, and data: a list of rows"))
    for name in _COLUMNS:
        if name not in names:
            raise ShapeChanged(f"fields.{name}", snapshot.at(f"fields: {name} is missing"))
    places = [names.index(name) for name in _COLUMNS]
    for number, row in enumerate(data):
        if not isinstance(row, list) or len(row) != len(names):
            raise ShapeChanged(f"data[{number}]", snapshot.at(f"data[{number}]: expected {len(names)} values"))
    example = data[0] if data else [""] * len(names)
    more = [Drift(f"data.{name}", str(example[n])[:80]) for n, name in enumerate(names) if name not in _COLUMNS]
    return [[row[place] for place in places] for row in data], (*body.drift(), *more)


def _plain(body: object, snapshot: Snapshot) -> tuple[list[Sequence[Any]], tuple[Drift, ...]]:
    if not isinstance(body, Mapping):
        raise ShapeChanged("body", snapshot.at("expected an object of numbered rows"))
    rows: list[Sequence[Any]] = []
    drift: dict[str, Drift] = {}
    for number, values in body.items():
        row = Record(values, snapshot, str(number))
        cik, ticker, title = (row.take(name) for name in _PLAIN)
        rows.append((cik, title, ticker, None))
        for name in values.keys() - set(_PLAIN):
            drift.setdefault(name, Drift(str(name), str(values[name])[:80]))
    return rows, tuple(drift.values())


def _columns(rows: Sequence[Sequence[Any]], snapshot: Snapshot) -> pa.Table:
    cik, name, ticker, exchange = zip(*rows, strict=True)
    for number, texts in enumerate(zip(name, ticker, strict=True)):
        if not all(isinstance(one, str) and one for one in texts):
            raise ShapeChanged("ticker", snapshot.at(f"row {number}: expected a name and a ticker, got {texts!r}"))
    numbers = [sec.whole_number(one, "cik", snapshot) for one in cik]
    return pa.table(
        {
            "cik": sec.column(numbers, pa.int64(), "cik", snapshot),
            "ticker": sec.column(ticker, pa.string(), "ticker", snapshot),
            "name": sec.column(name, pa.string(), "name", snapshot),
            "exchange": sec.column(exchange, pa.string(), "exchange", snapshot),
        }
    )
