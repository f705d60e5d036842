"""Members of the Hang Seng Tech index.

Published by   Hang Seng Indexes, which announces changes each February, May, August and November
Read from      a dated list that ships with Dragongate and is kept in the archive by each run; the publisher's own
               JSON of today's members, when an archive holds it
Know that      the list begins on 2023-09-04: a member with that first day and no announcement was one before; it
               holds every announced change up to the review of February 2026, of which the one of August 2025 is
               taken to have changed nothing and is not confirmed; the publisher writes codes without leading zeros
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

INDEX_ID = "XHKG:HSTECH"
URI = "urn:dragongate:index-members:HSTECH"

SOURCE = Source(
    "index_members",
    title="Members of the Hang Seng Tech index",
    publisher="Hang Seng Indexes, as reported by the press",
    kind="reference",
    home_url="https://www.hsi.com.hk/eng/indexes/all-indexes/hstech",
    pace=Pace(seconds=5),
    tables=("core.index_members",),
    terms="Membership is a fact that the publisher announces; its own files are not passed on.",
)

_PATH = re.compile(r"/data/(eng|chi|schi)/rt/index-series/hstech/constituents\.do")
_FIELDS = ("index_id", "exchange_code", "name", "valid_from_date", "valid_to_date", "announced_date", "source")
_FIVE_DIGITS = re.compile(r"\d{5}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SERIES_KNOWN = ("seriesName", "seriesCode")
_INDEX_KNOWN = ("indexName", "constituentsCount", "subIndexList")
_MEMBER_KNOWN = ("type", "isDummy")


@dataclass(frozen=True, slots=True)
class MemberSpan:
    """One member over one span, as the dated list says."""

    index_id: str
    exchange_code: str
    """Five digits."""
    name: str
    valid_from_date: date
    valid_to_date: date | None
    """First day out of the index."""
    announced_date: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Composition:
    """All members on one day, as the publisher lists them."""

    index_id: str
    as_of_date: date
    members: tuple[tuple[str, str], ...]
    """Code of five digits, and name."""


def matches(url: str) -> bool:
    """Tell whether this is the kept list, or the publisher's list of members."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_publisher = host == "hsi.com.hk" or host.endswith(".hsi.com.hk")
    return url == URI or (is_publisher and _PATH.fullmatch(parts.path) is not None)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Keep the list that ships, where the watch list follows the index."""
    if any(line.id == INDEX_ID for line in query.watchlist.securities):
        yield client.keep(SOURCE, URI, _shipped(), "text/csv", chunk=INDEX_ID)


def parse(snapshot: Snapshot) -> Reading[MemberSpan | Composition]:
    """Read the kept list, or the publisher's.

    Raises NothingThere for a list without members, Refused for HTML in place of JSON, ShapeChanged for a
    missing field, a code that is none, spans that overlap or a count that the members do not add up to.
    """
    require_ok(snapshot)
    if snapshot.url == URI:
        return Reading(*_spans(snapshot))
    refuse_html(snapshot)
    return _composition(snapshot)


@cache
def shipped_spans() -> tuple[MemberSpan, ...]:
    """Read the list that ships, to compare the publisher's with; its rows come from a kept one."""
    no_time = datetime(1970, 1, 1, tzinfo=UTC)
    return _spans(Snapshot(URI, URI, _shipped(), no_time, no_time))[0]


def _shipped() -> bytes:
    return files("extractors.quotes").joinpath("hang_seng_tech_members.csv").read_bytes()


def _spans(snapshot: Snapshot) -> tuple[tuple[MemberSpan, ...], tuple[Drift, ...]]:
    try:
        rows = list(csv.DictReader(io.StringIO(snapshot.body.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ShapeChanged("rows", snapshot.at(f"not the rows of a CSV: {error}")) from error
    if not rows:
        raise NothingThere("no_members", snapshot.at("a list without members"))
    spans = [_span(Record(row, snapshot, f"row {n}")) for n, row in enumerate(rows, start=2)]
    _check_spans(spans, snapshot)
    return tuple(spans), tuple(Drift(str(name), str(rows[0][name])[:80]) for name in rows[0] if name not in _FIELDS)


def _span(row: Record) -> MemberSpan:
    return MemberSpan(
        index_id=row.text("index_id"),
        exchange_code=_code(row, "exchange_code"),
        name=row.text("name"),
        valid_from_date=row.day("valid_from_date"),
        valid_to_date=row.day("valid_to_date") if row.optional_text("valid_to_date") else None,
        announced_date=row.day("announced_date") if row.optional_text("announced_date") else None,
        source=row.text("source"),
    )


def _check_spans(spans: list[MemberSpan], snapshot: Snapshot) -> None:
    """Refuse spans of one member that overlap, or that end before they begin."""
    ends: dict[tuple[str, str], date] = {}
    for span in sorted(spans, key=lambda one: (one.index_id, one.exchange_code, one.valid_from_date)):
        member = (span.index_id, span.exchange_code)
        end = span.valid_to_date or date.max
        if span.valid_from_date < ends.get(member, date.min) or span.valid_from_date >= end:
            raise ShapeChanged("valid_from_date", snapshot.at(f"the spans of {span.exchange_code} do not fit together"))
        ends[member] = end


def _composition(snapshot: Snapshot) -> Reading[MemberSpan | Composition]:
    drift: list[Drift] = []
    body = Record(json_body(snapshot), snapshot)
    with body.exhausted(drift, frozenset({"requestDate"})):
        series = body.records("indexSeriesList")
    if not series:
        raise NothingThere("no_members", snapshot.at("no series in the answer"))
    with series[0].exhausted(drift, frozenset(_SERIES_KNOWN)):
        as_of = _leading_day(series[0], "constituentsDate", snapshot)
        indexes = series[0].records("indexList")
    if len(indexes) != 1:
        raise ShapeChanged("indexList", snapshot.at(f"expected one index, got {len(indexes)}"))
    with indexes[0].exhausted(drift, frozenset(_INDEX_KNOWN)):
        listed = indexes[0].records("constituentContent")
        count = indexes[0].optional_integer("constituentsCount")
    members = _members(listed, drift)
    if not members:
        raise NothingThere("no_members", snapshot.at("an index without members"))
    if count not in (None, len(listed), len(members)):
        raise ShapeChanged("constituentsCount", snapshot.at(f"{count} members are stated and {len(listed)} listed"))
    return Reading((Composition(INDEX_ID, as_of, members),), tuple(drift))


def _members(listed: list[Record], drift: list[Drift]) -> tuple[tuple[str, str], ...]:
    """List the members; a dummy stands in for a line that is suspended or being replaced, and is none."""
    members = []
    for one in listed:
        with one.exhausted(drift, frozenset(_MEMBER_KNOWN)):
            member = (_code(one, "code"), one.text("constituentName"))
            if one.optional("isDummy") in (None, "N"):
                members.append(member)
    return tuple(members)


def _code(record: Record, name: str) -> str:
    code = f"{record.integer(name):05}"
    if not _FIVE_DIGITS.fullmatch(code):
        raise ShapeChanged(name, f"{name}: expected a code of up to five digits, got {json.dumps(code)}")
    return code


def _leading_day(record: Record, name: str, snapshot: Snapshot) -> date:
    """Take the day of a Hong Kong wall-clock time such as 2026-08-05 07:32:54."""
    found = _DAY.match(record.text(name))
    try:
        return date.fromisoformat(found[0] if found else "")
    except ValueError as error:
        raise ShapeChanged(name, snapshot.at(f"{name}: expected a day, got {record.text(name)!r}")) from error
