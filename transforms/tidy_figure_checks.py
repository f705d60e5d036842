"""Sums and growths that were tried on the figures of a document, as rows."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from transforms.figures.arithmetic import Check

_DIGITS = Decimal("0.000001")


def tidy_figure_checks(
    checks: Iterable[Check], *, document_id: str, snapshot_id: str, run_id: str
) -> list[dict[str, Any]]:
    """One row per rule, metric, product and period; of what is stated twice, the one that does not hold."""
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for one in sorted(checks, key=lambda check: check.is_passed, reverse=True):
        rows[one.rule, one.metric, one.product, one.period] = {
            "document_id": document_id,
            "rule": one.rule,
            "metric": one.metric,
            "product": one.product,
            "period_kind": one.period.kind,
            "period_start_date": one.period.start,
            "period_end_date": one.period.end,
            "stated_value": one.stated.quantize(_DIGITS),
            "computed_value": one.computed.quantize(_DIGITS),
            "tolerance": one.tolerance.quantize(_DIGITS),
            "is_passed": one.is_passed,
            "evidence": list(one.evidence),
            "snapshot_id": snapshot_id,
            "run_id": run_id,
        }
    return list(rows.values())
