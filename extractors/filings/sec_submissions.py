"""Everything that a company filed with the SEC, one row a document.

Published by   the SEC, within a minute of acceptance
Read from      `submissions/CIK##########.json`, and the older pages that it names
Know that      rows are columns: parallel arrays, under `filings.recent` on the first page and at top level on
               older ones; columns were added over the years; the first page holds a year or about a
               thousand rows, whichever is more; `acceptanceDateTime` ends in Z but was New York wall
               clock until about 2024, so it is kept as text for the transform to judge
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, SourceError
from extractors.filings import sec
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "sec_submissions",
    title="Filings with the SEC",
    publisher=sec.PUBLISHER,
    kind="filings",
    home_url="https://data.sec.gov/submissions/",
    pace=sec.PACE,
    tables=("core.filings_by_source", "core.events"),
    terms=sec.TERMS,
    terms_url="https://www.sec.gov/os/accessing-edgar-data",
    needs=Need.CONTACT,
    may_be_redistributed=True,
    honours_robots=False,
    missing_marks=sec.MISSING,
)

_ADDRESS = re.compile(
    r"https?://data\.sec\.gov/submissions/(?P<name>CIK-?(?P<cik>\d+)(?P<older>-submissions-\d+)?\.json)(\?.*)?$"
)
_KINDS: Mapping[str, pa.DataType] = {
    "accessionNumber": pa.string(),
    "filingDate": pa.date32(),
    "acceptanceDateTime": pa.string(),
    "form": pa.string(),
    "primaryDocument": pa.string(),
    "reportDate": pa.date32(),
    "act": pa.string(),
    "fileNumber": pa.string(),
    "filmNumber": pa.string(),
    "items": pa.string(),
    "core_type": pa.string(),
    "size": pa.int64(),
    "isXBRL": pa.int64(),
    "isInlineXBRL": pa.int64(),
    "isXBRLNumeric": pa.int64(),
    "primaryDocDescription": pa.string(),
}
_MANDATORY = ("accessionNumber", "filingDate", "acceptanceDateTime", "form", "primaryDocument")
_PROFILE = frozenset({
    "entityType", "sic", "sicDescription", "ownerOrg", "insiderTransactionForOwnerExists",
    "insiderTransactionForIssuerExists", "tickers", "exchanges", "ein", "lei", "description", "website",
    "investorWebsite", "category", "fiscalYearEnd", "stateOfIncorporation", "stateOfIncorporationDescription",
    "addresses", "phone", "flags", "formerNames",
})  # fmt: skip
_WALL_CLOCK = r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)?$"
_SLACK = timedelta(days=7)
"""`filingTo` of an older page lies up to some days before the last filing date in it."""


@dataclass(frozen=True, slots=True)
class OlderPage:
    """A page of older filings that the first page names."""

    name: str
    filing_from: date
    filing_to: date


@dataclass(frozen=True, slots=True)
class Submissions:
    """The filings of one company on one page, in the SEC's own columns."""

    cik: int
    name: str
    """Name of the company; empty on an older page, which carries none."""
    filings: pa.Table
    older: tuple[OlderPage, ...] = ()


def matches(url: str) -> bool:
    """Tell whether this is a page of a company's filings."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each company's first page, and for older ones where the window reaches back that far."""
    for company in query.watchlist.companies:
        if company.sec_cik is None:
            continue
        first = client.get(SOURCE, f"{SOURCE.home_url}CIK{company.sec_cik:010d}.json", chunk=company.id)
        yield first
        for page in _older_pages(first):
            if page.filing_from <= query.window.end and query.window.start <= page.filing_to + _SLACK:
                yield client.get(SOURCE, f"{SOURCE.home_url}{page.name}", chunk=company.id)


def parse(snapshot: Snapshot) -> Reading[Submissions]:
    """Read one page of filings.

    Raises NothingThere for an unknown company and for one that never filed, ShapeChanged when arrays
    differ in length or a column that we rely on is gone.
    """
    sec.require_sec_ok(snapshot)
    asked = _ADDRESS.match(snapshot.url)
    if asked is None:
        raise ShapeChanged("url", snapshot.at("not an address of filings"))
    body = Record(json_body(snapshot), snapshot)
    page, drift = (_older if asked["older"] else _first)(body, asked.groupdict(), snapshot)
    if not page.filings.num_rows and not page.older:
        raise NothingThere("no_filings", snapshot.at("no filing is listed"))
    return Reading((page,), tuple(drift))


def _first(body: Record, asked: Mapping[str, str], snapshot: Snapshot) -> tuple[Submissions, list[Drift]]:
    drift: list[Drift] = []
    with body.exhausted(drift, ignore=_PROFILE):
        cik = sec.same_company(sec.whole_number(body.take("cik"), "cik", snapshot), asked, snapshot)
        name = body.text("name")
        filings = body.record("filings")
    with filings.exhausted(drift):
        recent = filings.record("recent")
        older = tuple(_older_page(entry, drift) for entry in filings.records("files"))
    return Submissions(cik, name, _columns(recent, drift, snapshot), older), drift


def _older(body: Record, asked: Mapping[str, str], snapshot: Snapshot) -> tuple[Submissions, list[Drift]]:
    drift: list[Drift] = []
    return Submissions(int(asked["cik"]), "", _columns(body, drift, snapshot)), drift


def _older_page(entry: Record, drift: list[Drift]) -> OlderPage:
    with entry.exhausted(drift, ignore=frozenset({"filingCount"})):
        name = entry.text("name")
        if not matches(SOURCE.home_url + name):
            raise ShapeChanged("filings.files.name", f"filings.files.name: {name!r} is not a page of filings")
        return OlderPage(name, entry.day("filingFrom"), entry.day("filingTo"))


def _columns(arrays: Record, drift: list[Drift], snapshot: Snapshot) -> pa.Table:
    with arrays.exhausted(drift):
        found = {name: _array(arrays, name, snapshot) for name in _KINDS if name in arrays or name in _MANDATORY}
    lengths = {name: len(values) for name, values in found.items()}
    if len(set(lengths.values())) > 1:
        raise ShapeChanged("filings", snapshot.at(f"arrays differ in length: {lengths}"))
    empty = [None] * lengths["accessionNumber"]
    table = pa.table({name: sec.column(found.get(name, empty), kind, name, snapshot) for name, kind in _KINDS.items()})
    known = pc.match_substring_regex(table["acceptanceDateTime"], _WALL_CLOCK)
    if not pc.all(known, min_count=0).as_py():
        raise ShapeChanged(
            "acceptanceDateTime", snapshot.at("acceptanceDateTime: not a time like 2026-01-29T01:55:03Z")
        )
    return table


def _array(arrays: Record, name: str, snapshot: Snapshot) -> list[Any]:
    values = arrays.take(name)
    if not isinstance(values, list):
        raise ShapeChanged(name, snapshot.at(f"{name}: expected a list"))
    if name in _MANDATORY and None in values:
        raise ShapeChanged(name, snapshot.at(f"{name}: null in a row"))
    return [value or None for value in values] if name == "reportDate" else values


def _older_pages(first: Fetched) -> tuple[OlderPage, ...]:
    if first.snapshot is None:
        return ()
    try:
        return parse(first.snapshot).records[0].older
    except SourceError:
        return ()
