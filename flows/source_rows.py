"""Every source as the compliance officer asks for it: terms, robots.txt, who turned it on and why, redistribution."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from extractors.registry import EXTRACTORS
from extractors.settings import Settings
from extractors.source import Source
from warehouse.tables.catalog import BY_NAME

_NEVER_ASKED: Mapping[str, Any] = {"robots_decision": "unknown"}


def source_rows(settings: Settings, decisions: Mapping[str, Mapping[str, Any]]) -> pa.Table:
    """Give the rows of `core.sources`; `decisions` holds by source what its robots.txt said last."""
    return BY_NAME["core.sources"].arrow(
        {**_row(one.source, settings), **decisions.get(one.source.id, _NEVER_ASKED)} for one in EXTRACTORS
    )


def _row(source: Source, settings: Settings) -> dict[str, Any]:
    permission = settings.permission(source)
    return {
        "source_id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "kind": source.kind,
        "home_url": source.home_url,
        "terms": source.terms,
        "terms_url": source.terms_url or None,
        "terms_read_date": source.terms_read,
        "needs": source.needs,
        "why_off": None if source.is_on_by_default else source.why_off or None,
        "honours_robots": source.honours_robots,
        "may_be_redistributed": source.may_be_redistributed,
        "pace_seconds": float(source.pace.seconds),
        "tables": list(source.tables),
        "is_required": source.is_required,
        "is_enabled": settings.is_enabled(source),
        "enabled_by": permission.by or None,
        "enabled_date": permission.on,
        "permission": permission.because or None,
    }
