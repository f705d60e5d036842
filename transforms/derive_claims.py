"""Claims of articles as rows, from what was found when their pages were read."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from transforms.article_claims import kept_claims
from transforms.claims import Claim
from transforms.tidy import Tidy
from transforms.verdicts.numbers import decimals_of, rounded
from warehouse.tables.claims import CLAIMS

Row = dict[str, Any]

_KEPT = ("article_id", "available_at", "source_id", "snapshot_id", "fetched_at", "first_seen_at")
_READ = (*_KEPT, "title", "summary", "body", "claims_json")
_PARTS = ("title", "summary", "body")


def derive_claims(articles: pa.Table) -> Tidy:
    """One row per number that an article states."""
    return Tidy.of(CLAIMS, [row for article in articles.select(list(_READ)).to_pylist() for row in _rows(article)])


def _rows(article: Mapping[str, Any]) -> list[Row]:
    kept = {name: article[name] for name in _KEPT}
    found = kept_claims(article["claims_json"], {part: article[part] for part in _PARTS})
    rows = {
        (one.part, one.claim.start, one.claim.end): {**kept, "part": one.part, "scope": one.scope, **row_of(one.claim)}
        for one in found
    }
    return list(rows.values())


def row_of(claim: Claim) -> Row:
    """Give the columns of a claim."""
    return {
        "start_offset": claim.start,
        "end_offset": claim.end,
        "text_as_written": claim.text,
        "sentence": claim.sentence or None,
        "subject": claim.subject,
        "metric": claim.metric,
        "unit": claim.unit,
        "qualifier": claim.qualifier,
        "value": rounded(claim.value),
        "value_decimals": decimals_of(claim.value),
        "normalised": rounded(claim.normalised),
        "normalised_max": None if claim.normalised_max is None else rounded(claim.normalised_max),
        "period_start_date": claim.period_start,
        "period_end_date": claim.period_end,
        "is_period_assumed": claim.is_period_assumed,
        **{name: getattr(claim, name) or None for name in _OFTEN_EMPTY},
    }


_OFTEN_EMPTY = (
    "subject_id", "company_id", "subject_via", "warehouse_metric", "currency", "period", "period_kind", "comparison",
    "direction",
)  # fmt: skip
