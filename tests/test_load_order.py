"""What a warehouse holds does not depend on the order in which batches were loaded."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.histories import Version, batches_of, histories, timeline
from tests.loading import Sighting, at, empty, load, open_notes, rows, versions
from warehouse.database import Warehouse


@pytest.fixture(scope="module")
def warehouse() -> Iterator[Warehouse]:
    with open_notes() as opened:
        yield opened


HELD = "said, fetched_at, confirmed_at, snapshot_id, first_seen_at, public_from, public_to, known_from, known_to"


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_any_order_and_grouping_gives_the_timeline_of_the_sightings(warehouse: Warehouse, data: Any) -> None:
    history = data.draw(histories())
    empty(warehouse)
    for batch in data.draw(batches_of(history)):
        load(warehouse, *batch)
    assert _held(warehouse) == _expected(history)
    before = versions(warehouse, "*")
    assert load(warehouse, *history).updated == 0
    assert versions(warehouse, "*") == before


def test_a_long_history_backwards(warehouse: Warehouse) -> None:
    history = [Sighting(day, said) for day, said in enumerate("abcabdacbd", start=1)]
    empty(warehouse)
    for one in reversed(history):
        load(warehouse, one)
    assert _held(warehouse) == _expected(history)


def _held(warehouse: Warehouse) -> list[Version]:
    return sorted(Version(note, *span).visible() for note, *span in versions(warehouse, f"note_id, {HELD}"))


def _expected(history: Sequence[Sighting]) -> list[Version]:
    notes = {one.note for one in history}
    return sorted(
        version.visible() for note in notes for version in timeline([one for one in history if one.note == note])
    )


@settings(max_examples=15, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(1, 5), st.sampled_from("abc")), min_size=1, max_size=8))
def test_however_often_bytes_are_read_anew_there_is_one_truth_at_a_time(
    warehouse: Warehouse, steps: list[tuple[int, str]]
) -> None:
    empty(warehouse)
    for number, (day, said) in enumerate(steps):
        load(warehouse, Sighting(day, said), loaded_at=at(100 + number))
    latest = dict(steps)
    assert rows(warehouse, "SELECT said FROM core.notes_by_source") == [(latest[max(latest)],)]
    for day in (*range(1, 6), *(100 + number for number in range(len(steps)))):
        for known_here in (False, True):
            question = f"SELECT count(*) FROM as_of.notes_by_source(?, known_here := {known_here})"
            count = rows(warehouse, question, [at(day)])[0][0]
            assert count == 1 or (count == 0 and known_here and day < 100)
    again = [Sighting(day, said) for day, said in latest.items()]
    assert load(warehouse, *again, loaded_at=at(200)).updated == 0
    before = versions(warehouse, "*")
    assert load(warehouse, *again, loaded_at=at(201)).updated == 0
    assert versions(warehouse, "*") == before
