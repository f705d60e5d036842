"""CNINFO's own numbers of listed companies, without which their announcements cannot be asked for.

Published by   Shenzhen Securities Information
Read from      `new/data/szse_stock.json`, all of Shenzhen and Shanghai; `new/information/topSearch/query`, by name
Know that      a number is never to be built from a code: the pattern that most follow fails for some
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.filings import cninfo
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Query, Source

SOURCE = Source(
    "cninfo_stocks",
    title="Company numbers of CNINFO",
    publisher=cninfo.PUBLISHER,
    kind="filings",
    home_url=f"{cninfo.HOME}/new/data/szse_stock.json",
    pace=cninfo.PACE,
    tables=("core.listed_codes",),
    terms=cninfo.TERMS,
    is_on_by_default=False,
    why_off=cninfo.WHY_OFF,
)

_ADDRESS = re.compile(
    r"https?://www\.cninfo\.com\.cn/new/(?:data/(?:szse|sse|hke)_stock\.json|information/topSearch/query)(?:\?.*)?$"
)


@dataclass(frozen=True, slots=True)
class OrgCode:
    """One listed code and the number of its company."""

    code: str
    org_id: str
    name: str


def matches(url: str) -> bool:
    """Tell whether this is a list or a look-up of companies."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the one list that holds Shenzhen and Shanghai."""
    del query
    yield client.get(SOURCE, SOURCE.home_url)


def parse(snapshot: Snapshot) -> Reading[OrgCode]:
    """Read one list or look-up.

    Raises NothingThere where no company is found, ShapeChanged where a field is missing or of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    body = json_body(snapshot)
    if isinstance(body, list):
        rows = [Record(row, snapshot, f"[{number}]") for number, row in enumerate(body)]
    else:
        answer = Record(body, snapshot)
        with answer.exhausted(drift):
            rows = answer.records("stockList")
    if not rows:
        raise NothingThere("no_company", snapshot.at("no company is found"))
    found = []
    for row in rows:
        with row.exhausted(drift, ignore=frozenset({"category", "pinyin", "type", "delisted"})):
            found.append(OrgCode(row.text("code"), _org_id(row.text("orgId"), snapshot), row.text("zwjc")))
    return Reading(tuple(found), once(drift))


def _org_id(text: str, snapshot: Snapshot) -> str:
    if not re.fullmatch(r"\w{1,30}", text):
        raise ShapeChanged("orgId", snapshot.at(f"orgId: not a number of a company: {text!r}"))
    return text
