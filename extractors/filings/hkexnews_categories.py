"""The categories under which HKEXnews files documents: headlines, groups, items, and the older document types.

Published by   Hong Kong Exchanges and Clearing; a code stands for the same category in both languages
Read from      `tierone_<e or c>.json`, `tiertwogrp_…`, `tiertwo_…`, `doc_…`
Know that      `count` is how many documents stand there at the moment and belongs to no category
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.filings import hkexnews
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "hkexnews_categories",
    title="Categories of HKEXnews",
    publisher=hkexnews.PUBLISHER,
    kind="filings",
    home_url=f"{hkexnews.HOME}/ncms/script/eds/",
    pace=hkexnews.PACE,
    tables=("core.filing_categories",),
    terms=hkexnews.TERMS,
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off=hkexnews.WHY_OFF,
)

LEVELS = {"tierone": "headline", "tiertwogrp": "group", "tiertwo": "item", "doc": "document_type"}
_ADDRESS = re.compile(
    r"https?://www\d?\.hkexnews\.hk/ncms/script/eds/(?P<list>tierone|tiertwogrp|tiertwo|doc)_(?P<language>[ec])\.json"
    r"(?:\?.*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Category:
    """One category in one language."""

    level: str
    code: str
    name: str
    language: str
    headline_code: str
    """Of a group or an item; empty for the others."""
    group_code: str


def matches(url: str) -> bool:
    """Tell whether this is a list of categories."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the four lists in both languages."""
    del query
    for name in LEVELS:
        for letter in hkexnews.LANGUAGES:
            yield client.get(SOURCE, f"{SOURCE.home_url}{name}_{letter}.json", chunk=name)


def parse(snapshot: Snapshot) -> Reading[Category]:
    """Read one list.

    Raises NothingThere for an empty one, ShapeChanged where a field is missing or of another kind.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    asked = _ADDRESS.match(snapshot.url)
    values = json_body(snapshot)
    if asked is None or not isinstance(values, list):
        raise ShapeChanged("body", snapshot.at("expected a list of categories"))
    if not values:
        raise NothingThere("no_category", snapshot.at("an empty list"))
    level, language = LEVELS[asked["list"].lower()], hkexnews.LANGUAGES[asked["language"].lower()]
    drift: list[Drift] = []
    found = []
    for number, value in enumerate(values):
        row = Record(value, snapshot, f"[{number}]")
        with row.exhausted(drift, ignore=frozenset({"count"})):
            headline = row.text("t1code") if level in ("group", "item") else ""
            group = row.optional_text("t2Gcode") or ""
            found.append(Category(level, row.text("code"), row.text("name"), language, headline, group))
    return Reading(tuple(found), once(drift))
