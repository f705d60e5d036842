"""Every figure that a company ever tagged in its reports to the SEC.

Published by   the SEC, from the XBRL in each filing, shortly after acceptance
Read from      `api/xbrl/companyfacts/CIK##########.json`: all tags; `companyconcept/…/<tag>.json`: one
Know that      a fact without `start` holds at a day; `fy` and `fp` describe the filing and not the fact; a fact
               comes once per filing that repeats it; only facts of the whole company are here, no segments;
               `cik` is a number or a padded string; a tag without facts has an empty object in place of a list
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.filings import sec
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "sec_companyfacts",
    title="Tagged figures of reports to the SEC",
    publisher=sec.PUBLISHER,
    kind="filings",
    home_url="https://data.sec.gov/api/xbrl/companyfacts/",
    pace=sec.PACE,
    tables=("core.reported_facts", "core.financial_facts_by_source", "core.shares_outstanding_by_source"),
    terms=sec.TERMS,
    terms_url="https://www.sec.gov/os/accessing-edgar-data",
    needs=Need.CONTACT,
    may_be_redistributed=True,
    honours_robots=False,
    missing_marks=sec.MISSING,
)

_ADDRESS = re.compile(
    r"https?://data\.sec\.gov/api/xbrl/"
    r"(companyfacts/CIK-?(?P<cik>\d+)|companyconcept/CIK-?(?P<cik_of_one>\d+)/[\w-]+/\w+)\.json(\?.*)?$"
)
_KINDS: Mapping[str, pa.DataType] = {
    "start": pa.date32(),
    "end": pa.date32(),
    "val": pa.decimal256(76, 24),
    "accn": pa.string(),
    "fy": pa.int64(),
    "fp": pa.string(),
    "form": pa.string(),
    "filed": pa.date32(),
    "frame": pa.string(),
}
_MANDATORY = ("end", "val", "accn", "form", "filed")
_DAYS = ("start", "end", "filed")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LEAST_DIGIT = -24


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """All facts of one company: taxonomy, tag, label and unit beside the SEC's own columns."""

    cik: int
    entity_name: str
    facts: pa.Table
    impossible: tuple[dict[str, Any], ...] = ()
    """Facts with a date that no calendar has; they are not among the others."""


class _Columns:
    """Collects the facts of many tags and units column by column."""

    def __init__(self) -> None:
        self.named: dict[str, list[str | None]] = {"taxonomy": [], "tag": [], "label": [], "unit": []}
        self.taken: dict[str, list[Any]] = {name: [] for name in _KINDS}
        self.unknown: dict[str, str] = {}

    def add(self, taxonomy: str, tag: str, label: str | None, unit: str, facts: list[dict[str, Any]]) -> None:
        """Take the facts of one tag and unit; a KeyError names a mandatory field that one lacks."""
        for name, value in zip(self.named, (taxonomy, tag, label, unit), strict=True):
            self.named[name].extend([value] * len(facts))
        for name, values in self.taken.items():
            values.extend([fact[name] for fact in facts] if name in _MANDATORY else [fact.get(name) for fact in facts])
        for name in set().union(*facts) - _KINDS.keys():
            self.unknown.setdefault(name, next(str(fact[name]) for fact in facts if name in fact))

    def take_impossible(self) -> tuple[dict[str, Any], ...]:
        """Take out the facts that have a date of the right form which does not exist."""
        out = sorted({row for name in _DAYS for row, day in enumerate(self.taken[name]) if _is_impossible(day)})
        columns = {**self.named, **self.taken}
        found = tuple({name: values[row] for name, values in columns.items()} for row in out)
        for values in columns.values():
            for row in reversed(out):
                del values[row]
        return found


def matches(url: str) -> bool:
    """Tell whether this is a page of a company's facts, of all tags or of one."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the facts of each company; an answer holds the whole history, whatever the window."""
    for company in query.watchlist.companies:
        if company.sec_cik is not None:
            yield client.get(SOURCE, f"{SOURCE.home_url}CIK{company.sec_cik:010d}.json", chunk=company.id)


def parse(snapshot: Snapshot) -> Reading[CompanyFacts]:
    """Read one page of facts.

    Raises NothingThere for an unknown company and where no tag has a fact, ShapeChanged when a field
    that we rely on is missing or of another kind.
    """
    sec.require_sec_ok(snapshot)
    asked = _ADDRESS.match(snapshot.url)
    if asked is None:
        raise ShapeChanged("url", snapshot.at("not an address of facts"))
    body = Record(json_body(snapshot, exact=True), snapshot)
    drift: list[Drift] = []
    columns = _Columns()
    with body.exhausted(drift, ignore=frozenset({"description"})):
        cik = sec.whole_number(body.take("cik"), "cik", snapshot)
        sec.same_company(cik, {"cik": asked["cik"] or asked["cik_of_one"]}, snapshot)
        name = body.text("entityName")
        if asked["cik"]:
            _all_tags(body, columns, drift, snapshot)
        else:
            _one_tag(body, body.text("taxonomy"), body.text("tag"), columns, snapshot)
    drift.extend(Drift(f"fact.{field}", example[:80]) for field, example in columns.unknown.items())
    if not columns.named["tag"]:
        raise NothingThere("empty_units", snapshot.at("no tag has a fact"))
    return Reading((_facts(cik, name, columns, snapshot),), tuple(drift))


def _facts(cik: int, name: str, columns: _Columns, snapshot: Snapshot) -> CompanyFacts:
    """Make the table; where a date cannot be read, take out the facts whose date does not exist and try again."""
    try:
        return CompanyFacts(cik, name, _table(columns, snapshot))
    except ShapeChanged as error:
        if error.reason not in _DAYS:
            raise
        impossible = columns.take_impossible()
        if not impossible:
            raise
        return CompanyFacts(cik, name, _table(columns, snapshot), impossible)


def _all_tags(body: Record, columns: _Columns, drift: list[Drift], snapshot: Snapshot) -> None:
    taxonomies = _object(body.take("facts"), "facts", snapshot)
    for taxonomy, tags in taxonomies.items():
        for tag, values in _object(tags, taxonomy, snapshot).items():
            concept = Record(values, snapshot, f"{taxonomy}:{tag}")
            with concept.exhausted(drift, ignore=frozenset({"description"})):
                _one_tag(concept, taxonomy, tag, columns, snapshot)


def _one_tag(concept: Record, taxonomy: str, tag: str, columns: _Columns, snapshot: Snapshot) -> None:
    label = concept.optional_text("label")
    for unit, facts in _object(concept.take("units"), f"{tag}.units", snapshot).items():
        if not facts:
            continue
        if not isinstance(facts, list) or not all(isinstance(fact, dict) for fact in facts):
            raise ShapeChanged(f"{tag}.{unit}", snapshot.at(f"{tag}.{unit}: expected a list of facts"))
        try:
            columns.add(taxonomy, tag, label, unit, facts)
        except KeyError as missing:
            raise ShapeChanged(missing.args[0], snapshot.at(f"{tag}.{unit}: {missing} is missing")) from missing


def _table(columns: _Columns, snapshot: Snapshot) -> pa.Table:
    columns.taken["val"] = [None if value is None else _digits(value) for value in columns.taken["val"]]
    named = {name: pa.array(values, pa.string()) for name, values in columns.named.items()}
    taken = {name: sec.column(columns.taken[name], kind, name, snapshot) for name, kind in _KINDS.items()}
    for name in ("end", "accn", "form", "filed"):
        if taken[name].null_count:
            raise ShapeChanged(name, snapshot.at(f"{name}: null in a fact"))
    return pa.table({**named, **taken})


def _digits(value: object) -> str:
    """Write a number so that its column can hold it: some ratios carry more digits than any use has."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and exponent < _LEAST_DIGIT:
            return str(round(value, -_LEAST_DIGIT))
    return str(value)


def _is_impossible(day: object) -> bool:
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        return False
    try:
        date.fromisoformat(day)
    except ValueError:
        return True
    return False


def _object(value: object, name: str, snapshot: Snapshot) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ShapeChanged(name, snapshot.at(f"{name}: expected an object"))
    return value
