"""Questions about the past: what was public, and what this warehouse knew."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.histories import batches_of, histories, timeline
from tests.loading import LATER, WORDS, Sighting, at, empty, load, open_notes, rows
from warehouse.database import Warehouse


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    with open_notes() as warehouse:
        yield warehouse


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    empty(shared)
    return shared


def said(warehouse: Warehouse, day: float, *, known_here: bool = False) -> list[tuple[Any, ...]]:
    question = f"SELECT note_id, said FROM as_of.notes_by_source(?, known_here := {known_here}) ORDER BY ALL"
    return rows(warehouse, question, [at(day)])


def test_a_correction_is_public_when_it_was_seen(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(2, "a", public=1), Sighting(8, "b", public=1))
    assert [said(warehouse, day) for day in (0.9, 1, 7.9, 8)] == [[], [("n", "a")], [("n", "a")], [("n", "b")]]


def test_what_was_public_is_not_what_was_known(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(2, "a", public=1, seen=5))
    assert said(warehouse, 3) == [("n", "a")]
    assert said(warehouse, 3, known_here=True) == []
    assert said(warehouse, 5, known_here=True) == [("n", "a")]


def test_a_misreading_was_known_and_never_public(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a", snapshot="s"), loaded_at=at(1))
    load(warehouse, Sighting(1, "b", snapshot="s"), loaded_at=at(9))
    assert said(warehouse, 5) == [("n", "b")]
    assert said(warehouse, 5, known_here=True) == [("n", "a")]
    assert said(warehouse, 9, known_here=True) == [("n", "b")]


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_it_answers_as_a_warehouse_of_that_day_would(shared: Warehouse, data: Any) -> None:
    history = data.draw(histories())
    empty(shared)
    for batch in data.draw(batches_of(history)):
        load(shared, *batch)
    for day in sorted({0.0, *(one.day for one in history), *(one.known + 0.5 for one in history)}):
        known = [one for one in history if one.known <= day]
        newest = {one.note: one.said for one in sorted(known, key=lambda one: one.day)}
        assert said(shared, day, known_here=True) == sorted(newest.items())
        assert said(shared, day) == _public(history, day)


def _public(history: list[Sighting], day: float) -> list[tuple[str, str]]:
    notes = {one.note for one in history}
    versions = (one for note in notes for one in timeline([one for one in history if one.note == note]))
    return sorted(
        (one.note, one.said)
        for one in versions
        if one.public_from <= day < (float("inf") if one.public_to is None else one.public_to)
    )


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_choice_is_made_among_what_was_there(shared: Warehouse, data: Any) -> None:
    history = data.draw(histories(sources=("anna", "bert", "carl")))
    weights = {word: data.draw(st.integers(1, 4)) for word in "abcd"}
    empty(shared)
    for batch in data.draw(batches_of(history)):
        weighed = [one.row(weight=weights[one.said]) for one in batch]
        load(shared, *weighed, ranks={"core.notes_by_source": ("bert", "anna")})
    for day in (0.0, *(one.day for one in history), *(one.known for one in history)):
        for known_here in (False, True):
            call = f"(?, known_here := {known_here})"
            readings = shared.frame(f"SELECT * FROM as_of.notes_by_source{call}", [at(day)]).to_pylist()
            chosen = shared.frame(f"SELECT * FROM as_of.notes{call} ORDER BY note_id", [at(day)]).to_pylist()
            assert chosen == _choices(readings)
    everything = shared.frame("SELECT * FROM as_of.notes(?)", [LATER]).to_pylist()
    now = shared.frame("SELECT * FROM core.notes").to_pylist()
    assert [{name: row[name] for name in everything[0]} for row in now] == everything


def _choices(readings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Choose as the definition says: by rank, then the newest."""
    ranks = {"bert": 1, "anna": 2}
    chosen = []
    for note in sorted({row["note_id"] for row in readings}):
        mine = [row for row in readings if row["note_id"] == note]
        mine.sort(key=lambda row: row["snapshot_id"])
        mine.sort(key=lambda row: (row["available_at"], row["fetched_at"]), reverse=True)
        mine.sort(key=lambda row: ranks.get(row["source_id"], 9))
        weights = [row["weight"] for row in mine]
        choice = {"is_disputed": max(weights) > 2 * min(weights), "reading_count": len(mine)}
        chosen.append(mine[0] | choice)
    return chosen


def test_a_derived_row_is_there_from_the_time_it_was_public(warehouse: Warehouse) -> None:
    row = {"word": "a", "times": 1, **Sighting(3, "", public=2).row()}
    warehouse.derive(
        WORDS, WORDS.arrow([{k: v for k, v in row.items() if k not in ("note_id", "said")}]),
        run_id="run", loaded_at=LATER,
    )  # fmt: skip
    question = "SELECT count(*) FROM as_of.words(?, known_here := {})"
    assert rows(warehouse, question.format("false"), [at(1.9)]) == [(0,)]
    assert rows(warehouse, question.format("false"), [at(2)]) == [(1,)]
    assert rows(warehouse, question.format("true"), [at(2)]) == [(0,)]
    assert rows(warehouse, question.format("true"), [at(3)]) == [(1,)]


@pytest.mark.parametrize(
    "written",
    [
        "'2025-01-09T08:00:00+08:00'",
        "'2025-01-09T08:00:00+0800'",
        "'2025-01-09 00:00:00.000Z'",
        "TIMESTAMPTZ '2025-01-09 00:00:00+00'",
    ],
)
def test_a_time_with_its_zone_is_understood(warehouse: Warehouse, written: str) -> None:
    load(warehouse, Sighting(2, "a", public=1), Sighting(8, "b"))
    question = "SELECT said FROM as_of.notes_by_source({})"
    assert rows(warehouse, question.format(written)) == [("b",)]
    before = f"CAST({written} AS TIMESTAMPTZ) - INTERVAL 1 SECOND"
    assert rows(warehouse, question.format(before)) == [("a",)]


@pytest.mark.parametrize(
    "written",
    [
        "'2025-01-09'",
        "'2025-01-09T08:00:00'",
        "'2025-01-09 08'",
        "TIMESTAMP '2025-01-09 00:00:00'",
        "DATE '2025-01-09'",
        "NULL",
        "CAST(NULL AS TIMESTAMPTZ)",
        "20250109",
    ],
)
@pytest.mark.parametrize("table", ["notes", "notes_by_source", "words"])
def test_a_time_without_a_zone_is_an_error_that_says_how_to_write_it(
    warehouse: Warehouse, table: str, written: str
) -> None:
    with pytest.raises(duckdb.Error, match=r"as_of .*2025-01-02T17:00:00\+08:00"):
        rows(warehouse, f"SELECT * FROM as_of.{table}({written}) WHERE source_id = 'nobody'")


@pytest.mark.parametrize("naive", [datetime(2025, 1, 9), date(2025, 1, 9)])  # noqa: DTZ001  that is the point
def test_a_parameter_without_a_zone_is_an_error(warehouse: Warehouse, naive: date) -> None:
    with pytest.raises(duckdb.Error, match="as_of does not know the zone of 2025-01-09"):
        rows(warehouse, "SELECT * FROM as_of.notes(?)", [naive])
