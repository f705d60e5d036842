"""Tagged facts of reports that are pages and data at once: as reported, and by metric, segments too.

companyfacts has them for the whole company only, and some minutes later; segments are here alone.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.filings.document import Document
from transforms.figure_issuers import About
from transforms.segments import segment_id
from transforms.tidy import Tidy
from transforms.tidy_facts import mapped_facts
from warehouse.tables.filings import FINANCIAL_FACTS_BY_SOURCE, REPORTED_FACTS

SEGMENT_AXES = ("us-gaap:StatementBusinessSegmentsAxis", "ifrs-full:SegmentsAxis", "srt:ProductOrServiceAxis")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_TAIL = re.compile(r"(?:Segments?)?Member$")
_FROM_TABLE = [
    "taxonomy", "tag", "dimensions", "unit", "period_start_date", "period_end_date", "is_instant", "filing_id", "value",
    "label", "form", "filed_date", "frame",
]  # fmt: skip
_TO_TABLE = ("taxonomy", "tag", "dimensions", "unit", "value")


def tidy_tagged_facts(document: Document, named: Mapping[str, Any], provenance: Mapping[str, Any]) -> Tidy:
    """One row per tagged fact of a document, under its filing."""
    if document.facts is None or not document.facts.num_rows:
        return Tidy()
    public = provenance["available_at"]
    rows = [
        {
            **{name: fact[name] for name in _TO_TABLE},
            "company_id": named["company_id"],
            "period_start_date": fact["start"] or fact["end"],
            "period_end_date": fact["end"],
            "is_instant": fact["start"] is None,
            "filing_id": named["filing_id"],
            "place": "",
            "form": document.kind,
            "filed_date": public.date(),
            **provenance,
        }
        for fact in document.facts.to_pylist()
        if fact["start"] is None or fact["start"] <= fact["end"]
    ]
    return Tidy.of(REPORTED_FACTS, rows)


def map_tagged_facts(reported: pa.Table, about: About) -> Tidy:
    """Map the tagged facts of one filing, for the whole company and for each segment by itself.

    A fact with other axes, such as a region or a class of shares, stays among what was reported.
    """
    same = {"company_id": about.company.id, **about.provenance}
    public = pa.array([same.pop("available_at")] * reported.num_rows, _UTC)
    facts = reported.select(_FROM_TABLE).append_column("available_at", public)
    place = facts.column_names.index("value")
    facts = facts.set_column(place, "value", pc.cast(facts["value"], _EXACT))
    parts = (
        mapped_facts(facts.filter(is_of), about.company, same, segment=segment)
        for segment, is_of in _segments(facts, about)
    )
    joined = Tidy.join(parts)
    return Tidy({name: _once(rows) for name, rows in joined.rows.items()}, joined.set_aside)


_UTC = pa.timestamp("us", tz="UTC")
_EXACT = pa.decimal128(36, 6)
"""Two digits less than a column holds, so that a difference of two still fits."""


def _segments(facts: pa.Table, about: About) -> Iterator[tuple[str, pa.ChunkedArray]]:
    for dimensions in sorted(pc.unique(facts["dimensions"]).to_pylist()):
        axis, _, member = dimensions.partition("=")
        if not dimensions:
            yield "group", pc.equal(facts["dimensions"], "")
        elif axis in SEGMENT_AXES and ";" not in dimensions:
            words = " ".join(_WORDS.findall(_TAIL.sub("", member.rpartition(":")[2])))
            yield segment_id(about.company.id, words), pc.equal(facts["dimensions"], dimensions)


def _once(rows: pa.Table) -> pa.Table:
    """Keep the first of several facts of one key: a segment may be told by two axes."""
    key = list(FINANCIAL_FACTS_BY_SOURCE.key)
    numbered = rows.append_column("row", pa.array(range(rows.num_rows), pa.int64()))
    first = numbered.select([*key, "row"]).group_by(key).aggregate([("row", "min")])["row_min"]
    return rows.take(first.take(pc.sort_indices(first)))
