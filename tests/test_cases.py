"""Every saved answer of every source is read and tidied as its case says."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors.reader import read_snapshot
from extractors.reading import Read
from extractors.registry import BY_ID, EXTRACTORS
from extractors.watchlist import read_watchlist
from tests.cases import FIXTURES, Case, cases
from transforms.registry import transform_of
from warehouse.tables.catalog import table

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")


@pytest.mark.parametrize("case", cases(), ids=str)
def test_reads_and_tidies_saved_answers(case: Case) -> None:
    answer = read_snapshot(BY_ID[case.source_id], case.snapshot)
    assert answer.outcome == case.outcome, answer.message
    assert case.reason in ("", answer.reason)
    assert [one.field for one in answer.reading.drift] == case.drift
    if answer.outcome != "ok":
        return
    tidy = transform_of(case.source_id)([Read(case.snapshot, answer.reading.records)], WATCHLIST)
    assert set(tidy.rows) == set(case.rows) | set(case.counts)
    for name, expected in case.rows.items():
        key = table(name).key
        got = sorted(tidy.rows[name].to_pylist(), key=lambda row, key=key: [str(row[one]) for one in key])
        assert [_only(row, want) for row, want in zip(got, expected, strict=True)] == [
            _plain(want) for want in expected
        ]
    for name, count in case.counts.items():
        assert tidy.rows[name].num_rows == count


@pytest.mark.parametrize("source_id", [one.source.id for one in EXTRACTORS if one.source.kind != "reference"])
def test_every_source_has_a_good_and_a_bad_answer(source_id: str) -> None:
    outcomes = {case.outcome for case in cases() if case.source_id == source_id}
    assert "ok" in outcomes and len(outcomes) > 1, (
        f"{FIXTURES / source_id} needs a good answer and one that is not data"
    )


def _only(row: dict[str, Any], want: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(row[name]) for name in want}


def _plain(want: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in want.items()}


def _value(value: Any) -> Any:
    """Compare decimals, dates and instants by value, whatever their type in the case file."""
    if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return value.isoformat()
    return value
