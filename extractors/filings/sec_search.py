"""Full-text search of filings with the SEC since 2001: for finding what a back-fill should ask for.

Published by   the SEC
Read from      `efts.sec.gov/LATEST/search-index`, a hundred documents a page
Know that      it is the search behind a page and no documented API; one row is one document of a filing; no more
               than ten thousand rows can be reached, and beyond them the count says `gte`
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlencode, urlsplit

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, SourceError, Unavailable
from extractors.filings import sec
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "sec_search",
    title="Full-text search of filings with the SEC",
    publisher=sec.PUBLISHER,
    kind="filings",
    home_url="https://efts.sec.gov/LATEST/search-index",
    pace=sec.PACE,
    tables=("core.filings_by_source",),
    terms=sec.TERMS,
    needs=Need.CONTACT,
    is_on_by_default=False,
    why_off="It is the search behind a page and no documented API; it helps a back-fill and adds nothing daily.",
    may_be_redistributed=True,
    honours_robots=False,
    missing_marks=sec.MISSING,
)

FORMS = ("8-K", "6-K", "10-Q", "10-K", "20-F")
_ADDRESS = re.compile(r"https?://efts\.sec\.gov/LATEST/search-index(?:\?|$)", re.IGNORECASE)
_PER_PAGE = 100
_MOST_ROWS = 10_000
_NOT_WANTED = frozenset({
    "display_names", "file_num", "film_num", "xsl", "biz_states", "biz_locations", "inc_states", "sics",
    "schema_version", "root_forms",
})  # fmt: skip
_KNOWN = frozenset({"took", "aggregations", "query"})


@dataclass(frozen=True, slots=True)
class Hit:
    """One document that the search found."""

    accession: str
    file_name: str
    ciks: tuple[int, ...]
    form: str
    file_type: str
    filed: date
    period_end: date | None
    items: tuple[str, ...]
    sequence: int | None
    description: str


def matches(url: str) -> bool:
    """Tell whether this is an answer of the search."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the chosen forms of each company that files, page by page."""
    for company in query.watchlist.companies:
        if company.sec_cik is None:
            continue
        for start in range(0, _MOST_ROWS, _PER_PAGE):
            asked = {"q": "", "forms": ",".join(FORMS), "ciks": f"{company.sec_cik:010d}", "dateRange": "custom",
                     "startdt": query.window.start, "enddt": query.window.end, "from": start}  # fmt: skip
            page = client.get(SOURCE, f"{SOURCE.home_url}?{urlencode(asked)}", chunk=company.id)
            yield page
            if start + _PER_PAGE >= _total(page):
                break


def parse(snapshot: Snapshot) -> Reading[Hit]:
    """Read one page of what was found.

    Raises NothingThere where nothing was, Unavailable where a part of the search did not answer, ShapeChanged for
    counts that do not agree or a field that is missing.
    """
    sec.require_sec_ok(snapshot)
    drift: list[Drift] = []
    body = Record(json_body(snapshot), snapshot)
    with body.exhausted(drift, ignore=_KNOWN):
        hits = body.record("hits")
        is_partial = body.flag("timed_out") or body.record("_shards").integer("failed") > 0
    if is_partial:
        raise Unavailable("partial", snapshot.at("a part of the search did not answer"))
    with hits.exhausted(drift, ignore=frozenset({"max_score"})):
        total = hits.record("total").integer("value")
        rows = hits.records("hits")
    start = _start(snapshot.url)
    if len(rows) != max(0, min(_PER_PAGE, total - start)):
        raise ShapeChanged("hits", snapshot.at(f"{len(rows)} rows from row {start} of {total}"))
    if not rows:
        raise NothingThere("no_hits", snapshot.at("nothing was found"))
    return Reading(tuple(_hit(row, drift, snapshot) for row in rows), once(drift))


def _hit(row: Record, drift: list[Drift], snapshot: Snapshot) -> Hit:
    with row.exhausted(drift, ignore=frozenset({"_index", "_score"})):
        accession, _, file_name = row.text("_id").partition(":")
        source = row.record("_source")
    with source.exhausted(drift, ignore=_NOT_WANTED):
        if source.text("adsh") != accession or sec.accession_of(accession) != accession:
            raise ShapeChanged("adsh", snapshot.at(f"adsh does not agree with {accession!r}"))
        return Hit(
            accession=accession,
            file_name=file_name,
            ciks=tuple(sec.whole_number(one, "ciks", snapshot) for one in _texts(source, "ciks", snapshot)),
            form=source.text("form"),
            file_type=source.optional_text("file_type") or "",
            filed=source.day("file_date"),
            period_end=source.day("period_ending") if source.optional_text("period_ending") else None,
            items=tuple(_texts(source, "items", snapshot)),
            sequence=source.optional_integer("sequence"),
            description=source.optional_text("file_description") or "",
        )


def _texts(record: Record, name: str, snapshot: Snapshot) -> list[str]:
    values = record.optional(name) or []
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ShapeChanged(name, snapshot.at(f"{name}: expected a list of texts"))
    return values


def _start(url: str) -> int:
    asked = parse_qs(urlsplit(url).query).get("from", ["0"])[0]
    return int(asked) if re.fullmatch(r"\d{1,5}", asked) else 0


def _total(page: Fetched) -> int:
    """Tell how many rows there are that can be reached; none where the page is no answer."""
    if page.snapshot is None or page.snapshot.status != 200:
        return 0
    try:
        total = Record(json_body(page.snapshot), page.snapshot).record("hits").record("total").integer("value")
    except SourceError:
        return 0
    return min(total, _MOST_ROWS)
