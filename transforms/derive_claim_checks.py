"""Verdicts on the claims of articles, as rows, and what changed in them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from transforms.claims import Claim
from transforms.tidy import Tidy
from transforms.verdicts.asked import Asked
from transforms.verdicts.judge import Verdict, judge
from transforms.verdicts.known import Known
from transforms.verdicts.numbers import rounded
from warehouse.tables.claims import CLAIM_CHECKS, VERDICT_CHANGES

Row = dict[str, Any]

_KEY = CLAIM_CHECKS.key
_KEPT = (*_KEY, "available_at", "source_id", "snapshot_id", "fetched_at", "first_seen_at")
_COMPARED = ("verdict", "reason", "warehouse_value", "evidence_rows")
_EMPTY_TEXTS = (
    "subject_id", "company_id", "subject_via", "warehouse_metric", "currency", "period", "period_kind", "comparison",
    "direction", "sentence",
)  # fmt: skip
DAY_ZONE = ZoneInfo("Asia/Hong_Kong")


def derive_claim_checks(claims: pa.Table, known: Known) -> Tidy:
    """One row per claim, judged by what was public at its article's time."""
    return Tidy.of(CLAIM_CHECKS, [_row(one, known) for one in claims.to_pylist()])


def verdict_changes(before: pa.Table, after: pa.Table, *, run_id: str, changed_at: datetime) -> pa.Table:
    """List the claims whose verdict is another than before, or that are gone; new claims are no change."""
    now = {_key(one): one for one in after.to_pylist()}
    rows = [
        _change(one, now.get(_key(one)), run_id, changed_at)
        for one in before.to_pylist()
        if (found := now.get(_key(one))) is None or any(found[name] != one[name] for name in _COMPARED)
    ]
    return VERDICT_CHANGES.arrow(rows)


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEY)


def _change(before: Row, after: Row | None, run_id: str, changed_at: datetime) -> Row:
    return {
        **{name: before[name] for name in (*_KEY, "snapshot_id")},
        **{f"{name}_before": before[name] for name in _COMPARED},
        "verdict_after": after and after["verdict"],
        "warehouse_value_after": after and after["warehouse_value"],
        "run_id": run_id,
        "changed_at": changed_at,
    }


def _row(row: Mapping[str, Any], known: Known) -> Row:
    day = row["published_at"] or row["available_at"]
    asked = Asked(claim_of(row), row["scope"], row["available_at"], _day(day), known)
    verdict = judge(asked)
    return {**{name: row[name] for name in _KEPT}, "asked_at": row["available_at"], **row_of(verdict)}


def _day(moment: datetime) -> date:
    return moment.astimezone(DAY_ZONE).date()


def claim_of(row: Mapping[str, Any]) -> Claim:
    """Make a claim of its row."""
    values: Row = {name: row[name] or "" for name in _EMPTY_TEXTS} | {name: row[name] for name in _SAME}
    return Claim(
        text=row["text_as_written"],
        period_start=row["period_start_date"],
        period_end=row["period_end_date"],
        value=round(row["value"], row["value_decimals"]),
        start=row["start_offset"],
        end=row["end_offset"],
        **values,
    )


_SAME = ("subject", "metric", "unit", "normalised", "normalised_max", "is_period_assumed", "qualifier")


def row_of(verdict: Verdict) -> Row:
    """Give the columns of a verdict."""
    answer = verdict.answer
    columns: Row = {
        "verdict": verdict.verdict,
        "reason": verdict.reason or None,
        "stated_value": rounded(verdict.words.stated),
        "allowed_low": _stored(verdict.words.allowed.low),
        "allowed_high": _stored(verdict.words.allowed.high),
    }
    if answer is None:
        return {**columns, "derivation": verdict.detail or None}
    low, high = answer.bounds
    return {
        **columns,
        "warehouse_value": rounded(answer.value),
        "warehouse_low": rounded(low),
        "warehouse_high": rounded(high),
        "difference": _stored(verdict.difference),
        "derivation": answer.how,
        "evidence_rows": list(evidence_of(verdict)),
        "evidence_snapshot_ids": list(dict.fromkeys(one.snapshot_id for one in answer.cited)),
        "is_known_then": verdict.is_known_then,
    }


def evidence_of(verdict: Verdict) -> Iterator[str]:
    """Name the rows that a verdict rests on, as `table key`."""
    yield from dict.fromkeys(f"{one.table} {one.key}" for one in (verdict.answer.cited if verdict.answer else ()))


def _stored(value: Any) -> Any:
    return None if value is None else rounded(value)
