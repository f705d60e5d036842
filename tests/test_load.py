"""Loading: what is new, what changed, what came late, and what is turned away."""

import json
from collections.abc import Iterator

import duckdb
import pytest

from tests.loading import (
    LABELS,
    LATER,
    NOTES_BY_SOURCE,
    Sighting,
    at,
    empty,
    everything,
    load,
    notes,
    open_notes,
    rows,
    versions,
)
from warehouse import load as loading
from warehouse.database import Warehouse
from warehouse.loaded import Loaded, Rejected
from warehouse.tables.ops import DRIFT, RUNS
from warehouse.tables.raw import SNAPSHOTS


@pytest.fixture(scope="module")
def shared() -> Iterator[Warehouse]:
    with open_notes() as warehouse:
        yield warehouse


@pytest.fixture
def warehouse(shared: Warehouse) -> Warehouse:
    empty(shared)
    shared.connection.execute("DELETE FROM ops.rejects; DELETE FROM ops.drift; DELETE FROM ops.runs")
    shared.connection.execute("DELETE FROM raw.snapshots")
    return shared


SPAN = "said, fetched_at, confirmed_at, public_from, public_to, known_from, known_to, version_cause"


def test_new_keys_are_inserted_and_the_same_batch_again_changes_nothing(warehouse: Warehouse) -> None:
    batch = [Sighting(1, "a", note=f"n{number}") for number in range(5)]
    assert load(warehouse, *batch) == Loaded(inserted=5)
    before = versions(warehouse, "*")
    assert load(warehouse, *batch) == Loaded(unchanged=5)
    assert versions(warehouse, "*") == before
    assert versions(warehouse, SPAN)[0] == ("a", 1, 1, 0, None, 1, None, "first")


def test_an_empty_batch_is_a_load_of_nothing(warehouse: Warehouse) -> None:
    assert load(warehouse) == Loaded()
    assert rows(warehouse, "SELECT DISTINCT state, inserted FROM ops.loads") == [("loaded", 0)]


def test_a_newer_fetch_with_the_same_content_only_confirms(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a"))
    assert load(warehouse, Sighting(3, "a")) == Loaded(unchanged=1)
    assert versions(warehouse, "fetched_at, snapshot_id, confirmed_at, confirmed_snapshot_id, first_seen_at") == [
        (1, "anna-1", 3, "anna-3", 1)
    ]


def test_a_correction_supersedes_and_history_keeps_what_was_said(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a"))
    assert load(warehouse, Sighting(4, "b")) == Loaded(updated=1)
    assert versions(warehouse, SPAN) == [
        ("a", 1, 1, 0, 4, 1, 4, "first"),
        ("b", 4, 4, 4, None, 4, None, "source"),
    ]
    assert rows(warehouse, "SELECT said, first_seen_at FROM core.notes_by_source") == [("b", 1)]


def test_a_version_that_says_when_it_was_public_is_believed(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(2, "a", public=1), Sighting(9, "b", public=5), Sighting(12, "c", public=4))
    assert versions(warehouse, "said, public_from, public_to") == [("a", 1, 5), ("b", 5, 12), ("c", 12, None)]


def test_no_version_is_public_before_the_one_that_it_corrects(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a", public=3), Sighting(2, "b", public=3))
    assert versions(warehouse, "said, public_from, public_to") == [("a", 3, 3), ("b", 3, None)]


def test_an_older_recording_that_comes_late_goes_to_history(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(5, "b"))
    assert load(warehouse, Sighting(2, "a", seen=9)) == Loaded(unchanged=1, late=1)
    assert versions(warehouse, SPAN) == [
        ("a", 2, 2, 0, 5, 9, 9, "late"),
        ("b", 5, 5, 5, None, 5, None, "first"),
    ]


def test_an_older_recording_with_the_same_content_moves_the_first_sighting(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(5, "a"))
    assert load(warehouse, Sighting(2, "a", public=1)) == Loaded(unchanged=1)
    assert versions(warehouse, SPAN) == [("a", 2, 5, 1, None, 2, None, "first")]
    assert rows(warehouse, "SELECT snapshot_id, first_seen_at FROM core.notes_by_source") == [("anna-2", 2)]


def test_an_older_recording_in_the_midst_of_a_version_splits_it(warehouse: Warehouse) -> None:
    spans = "said, snapshot_id, confirmed_snapshot_id, public_from, public_to, known_from, known_to"
    load(warehouse, Sighting(1, "a"))
    load(warehouse, Sighting(3, "a"))
    assert load(warehouse, Sighting(2, "b")) == Loaded(unchanged=1, late=1)
    split = versions(warehouse, spans)
    assert split == [
        ("a", "anna-1", "anna-1", 0, 2, 1, 2),
        ("b", "anna-2", "anna-2", 2, 3, 2, 3),
        ("a", "anna-3", "anna-3", 3, None, 3, None),
    ]
    empty(warehouse)
    for one in (Sighting(1, "a"), Sighting(2, "b"), Sighting(3, "a")):
        load(warehouse, one)
    assert versions(warehouse, spans) == split


@pytest.mark.parametrize("at_once", [True, False])
def test_a_version_that_is_split_remembers_when_its_last_recording_came_here(
    warehouse: Warehouse, at_once: bool
) -> None:
    sightings = [Sighting(1, "a"), Sighting(3, "a", seen=20)]
    for batch in [sightings] if at_once else [[one] for one in sightings]:
        load(warehouse, *batch)
    load(warehouse, Sighting(2, "b"))
    assert versions(warehouse, "said, known_from, known_to") == [("a", 1, 2), ("b", 2, 20), ("a", 20, None)]


def test_a_batch_may_hold_many_fetches_of_a_key(warehouse: Warehouse) -> None:
    said = "aabbca"
    batch = [Sighting(day, word) for day, word in enumerate(said, start=1)]
    assert load(warehouse, *reversed(batch), Sighting(1, "x", note="m")) == Loaded(inserted=2)
    spans = versions(warehouse, "note_id, said, fetched_at, confirmed_at, version_cause")
    assert spans == [
        ("m", "x", 1, 1, "first"),
        ("n", "a", 1, 2, "first"),
        ("n", "b", 3, 4, "source"),
        ("n", "c", 5, 5, "source"),
        ("n", "a", 6, 6, "source"),
    ]
    before = versions(warehouse, "*")
    assert load(warehouse, *batch) == Loaded(unchanged=1)
    assert versions(warehouse, "*") == before


def test_first_seen_is_the_least_of_all_sightings(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a", seen=20))
    load(warehouse, Sighting(5, "b"))
    assert versions(warehouse, "said, first_seen_at, known_from, known_to") == [("a", 5, 20, 20), ("b", 5, 5, None)]
    load(warehouse, Sighting(9, "b", seen=30))
    assert rows(warehouse, "SELECT first_seen_at, known_from FROM core.notes_by_source") == [(5, 5)]


def test_what_our_own_fetch_confirmed_was_known_before_the_foreign_recording_came(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a", seen=20))
    load(warehouse, Sighting(5, "a"))
    assert versions(warehouse, "fetched_at, confirmed_at, first_seen_at, known_from") == [(1, 5, 5, 5)]


def test_another_reading_of_the_same_bytes_wins_and_was_never_public(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a", snapshot="s"), loaded_at=at(1))
    assert load(warehouse, Sighting(1, "b", snapshot="s"), loaded_at=at(50)) == Loaded(updated=1)
    mended = [("a", 1, 1, 0, 0, 1, 50, "parser"), ("b", 1, 1, 0, None, 50, None, "first")]
    assert versions(warehouse, SPAN) == mended
    assert load(warehouse, Sighting(1, "b", snapshot="s"), loaded_at=at(60)) == Loaded(unchanged=1)
    assert versions(warehouse, SPAN) == mended


def test_a_reading_mended_twice_and_a_later_version_leave_one_truth_at_any_time(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a", snapshot="s"), loaded_at=at(1))
    load(warehouse, Sighting(9, "z"), loaded_at=at(9))
    load(warehouse, Sighting(1, "b", snapshot="s"), loaded_at=at(50))
    load(warehouse, Sighting(1, "c", snapshot="s"), loaded_at=at(60))
    assert versions(warehouse, SPAN) == [
        ("a", 1, 1, 0, 0, 1, 9, "parser"),
        ("b", 1, 1, 0, 0, 50, 50, "parser"),
        ("c", 1, 1, 0, 9, 60, 60, "first"),
        ("z", 9, 9, 9, None, 9, None, "source"),
    ]


def test_a_confirmation_that_is_read_otherwise_now_becomes_a_version(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a"), loaded_at=at(1))
    load(warehouse, Sighting(3, "a"), loaded_at=at(3))
    assert load(warehouse, Sighting(3, "b"), loaded_at=at(50)) == Loaded(updated=1)
    assert versions(warehouse, "said, fetched_at, public_from, public_to, known_from, known_to, version_cause") == [
        ("a", 1, 0, 3, 1, 3, "first"),
        ("a", 3, 0, 0, 3, 50, "parser"),
        ("b", 3, 3, None, 50, None, "source"),
    ]


def test_a_mended_reading_is_known_from_the_mending_on_even_if_older_bytes_say_it_too(warehouse: Warehouse) -> None:
    for day in (1, 2, 3):
        load(warehouse, Sighting(day, "a"), loaded_at=at(day))
    load(warehouse, *(Sighting(day, "b") for day in (1, 2, 3)), loaded_at=at(50))
    mended = [("a", 1, 3, "parser"), ("b", 50, None, "first"), ("a", 3, 50, "parser")]
    assert rows(warehouse, "SELECT said FROM core.notes_by_source") == [("b",)]
    assert versions(warehouse, "said, known_from, known_to, version_cause") == mended
    assert load(warehouse, *(Sighting(day, "b") for day in (1, 2, 3)), loaded_at=at(60)) == Loaded(unchanged=1)
    assert versions(warehouse, "said, known_from, known_to, version_cause") == mended


def test_rows_that_differ_only_beside_the_content_have_not_changed(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a").row(page="12"))
    assert load(warehouse, Sighting(2, "a").row(page="13", available_at=at(2))) == Loaded(unchanged=1)
    assert rows(warehouse, "SELECT page FROM core.notes_by_source") == [("12",)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"weight": 1}, {"weight": None}),
        ({"tags": ["x", "y"]}, {"tags": ["x,y"]}),
        ({"tags": []}, {"tags": None}),
        ({"tags": ["x", None]}, {"tags": ["x"]}),
        ({"heard_at": at(1)}, {"heard_at": at(2)}),
    ],
)
def test_every_kind_of_content_is_compared(
    warehouse: Warehouse, before: dict[str, object], after: dict[str, object]
) -> None:
    load(warehouse, Sighting(1, "a").row(**before))
    assert load(warehouse, Sighting(2, "a").row(**before)) == Loaded(unchanged=1)
    assert load(warehouse, Sighting(3, "a").row(**after)) == Loaded(updated=1)


def test_the_same_row_twice_in_one_answer_counts_once(warehouse: Warehouse) -> None:
    assert load(warehouse, Sighting(1, "a"), Sighting(1, "a"), Sighting(1, "b", note="m")) == Loaded(inserted=2)


def test_one_answer_that_contradicts_itself_is_rejected_with_the_reason(warehouse: Warehouse) -> None:
    contradiction = [Sighting(1, "a", snapshot="s"), Sighting(1, "b", snapshot="s")]
    assert load(warehouse, *contradiction, Sighting(2, "c")) == Loaded(inserted=1, rejected=2)
    assert versions(warehouse, "said") == [("c",)]
    kept = rows(warehouse, "SELECT reason, row_json, snapshot_id, source_id, table_name FROM ops.rejects ORDER BY 2")
    assert [(row[0], json.loads(row[1])["said"], *row[2:]) for row in kept] == [
        ("duplicate_key", "a", "s", "anna", "core.notes_by_source"),
        ("duplicate_key", "b", "s", "anna", "core.notes_by_source"),
    ]


def test_a_row_that_breaks_a_rule_is_rejected_and_the_others_are_loaded(warehouse: Warehouse) -> None:
    assert load(warehouse, Sighting(1, ""), Sighting(1, "long enough", note="m")) == Loaded(inserted=1, rejected=1)
    assert rows(warehouse, "SELECT reason, source_id, rejected_at FROM ops.rejects") == [
        ("note_says_something", "anna", 365)
    ]


def test_a_batch_that_breaks_a_rule_on_batches_leaves_its_table_alone(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a"))
    assert load(warehouse, Sighting(2, "forged"), Sighting(2, "b", note="m")) == Loaded(rejected=2)
    assert versions(warehouse, "said, confirmed_at") == [("a", 1)]
    assert rows(warehouse, "SELECT reason FROM ops.rejects") == [("note_is_not_forged",)]
    last = "SELECT state, message, rejected FROM ops.loads ORDER BY load_number DESC LIMIT 1"
    assert rows(warehouse, last) == [("rejected", "the batch breaks note_is_not_forged", 2)]


def test_rows_that_a_transform_set_aside_are_kept_and_counted(warehouse: Warehouse) -> None:
    aside = [Rejected("core.notes_by_source", "not_followed", {"code": "X", "on": at(1)}, "s", "anna")]
    assert load(warehouse, Sighting(1, "a"), set_aside=aside) == Loaded(inserted=1, rejected=1)
    assert rows(warehouse, "SELECT reason, row_json FROM ops.rejects") == [
        ("not_followed", '{"code": "X", "on": "2025-01-02 00:00:00+00:00"}')
    ]


def test_every_load_is_written_down_and_numbered_on(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a"))
    load(warehouse, Sighting(2, "b"))
    assert rows(warehouse, "SELECT load_number, table_name, inserted, updated, state FROM ops.loads ORDER BY 1") == [
        (1, "core.notes_by_source", 1, 0, "loaded"),
        (2, "core.notes", 1, 0, "loaded"),
        (3, "core.notes_by_source", 0, 1, "loaded"),
        (4, "core.notes", 0, 1, "loaded"),
    ]


@pytest.mark.parametrize("step", ["choose", "append_all", "keep_set_aside"])
def test_an_error_in_the_middle_leaves_everything_as_it_was(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    load(warehouse, Sighting(1, "a"))
    before = everything(warehouse)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patch:
        patch.setattr(loading, step, fail)
        with pytest.raises(RuntimeError, match="power"):
            load(warehouse, Sighting(2, "b"), Sighting(2, "", note="m"), ranks={"core.notes_by_source": ["anna"]})
    assert everything(warehouse) == before
    assert load(warehouse, Sighting(2, "b")) == Loaded(updated=1)


def test_an_error_of_the_database_leaves_everything_as_it_was(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a"))
    before = everything(warehouse)
    with pytest.raises(KeyError, match="nowhere"):
        load(warehouse, Sighting(2, "b"), ledger={"core.nowhere": notes([])})
    warehouse.connection.execute("ALTER TABLE ops.loads RENAME COLUMN seconds TO minutes")
    with pytest.raises(duckdb.BinderException, match="seconds"):
        load(warehouse, Sighting(2, "b"))
    warehouse.connection.execute("ALTER TABLE ops.loads RENAME COLUMN minutes TO seconds")
    assert everything(warehouse) == before
    assert load(warehouse, Sighting(2, "b")) == Loaded(updated=1)


def test_an_error_of_the_database_in_the_midst_of_a_batch_is_told_as_it_is(warehouse: Warehouse) -> None:
    warehouse.connection.execute("ALTER TABLE core.notes RENAME COLUMN page TO leaf")
    with pytest.raises(duckdb.BinderException, match="page"):
        load(warehouse, Sighting(2, "b"))
    warehouse.connection.execute("ALTER TABLE core.notes RENAME COLUMN leaf TO page")
    assert load(warehouse, Sighting(2, "b")) == Loaded(inserted=1)


def test_a_load_leaves_nothing_behind_in_memory(warehouse: Warehouse) -> None:
    load(warehouse, Sighting(1, "a"), Sighting(2, "b"), Sighting(1, "", note="m"))
    assert rows(warehouse, "SELECT table_name FROM duckdb_tables() WHERE temporary") == []
    assert rows(warehouse, "SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal") == []


def test_a_table_that_takes_no_batches_is_named(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match=r"core\.notes:"):
        warehouse.load({"core.notes": notes([])}, run_id="run", loaded_at=LATER)


def test_a_batch_without_a_mandatory_column_is_an_error_that_names_it(warehouse: Warehouse) -> None:
    batch = notes([Sighting(1, "a")]).drop_columns(["said"])
    with pytest.raises(ValueError, match=r"core\.notes_by_source\.said is mandatory"):
        warehouse.load({NOTES_BY_SOURCE.name: batch}, run_id="run", loaded_at=LATER)
    assert versions(warehouse, "said") == []


def _label(warehouse: Warehouse, day: float, reads: str, source: str = "anna") -> Loaded:
    row = Sighting(day, "", source=source).row(label_id="l", reads=reads)
    known = {name: value for name, value in row.items() if name not in ("note_id", "said")}
    batch = {LABELS.name: LABELS.arrow([known])}
    return warehouse.load(batch, run_id="run", loaded_at=LATER)[LABELS.name]


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 0, 4, 1, 3)])
def test_a_source_that_repeats_what_a_person_corrected_is_passed_over(
    warehouse: Warehouse, order: tuple[int, ...]
) -> None:
    said = [(1, "a", "anna"), (2, "b", "manual"), (3, "a", "anna"), (4, "a", "anna"), (5, "c", "anna")]
    for step in order:
        _label(warehouse, *said[step])
    assert rows(
        warehouse,
        "SELECT reads, fetched_at FROM history.labels UNION ALL SELECT reads, fetched_at FROM core.labels ORDER BY 2",
    ) == [("a", 1), ("b", 2), ("c", 5)]


def test_a_correction_stays_until_the_source_says_something_new(warehouse: Warehouse) -> None:
    _label(warehouse, 1, "a")
    assert _label(warehouse, 2, "b", "manual") == Loaded(updated=1)
    assert _label(warehouse, 3, "a") == Loaded(unchanged=1)
    assert rows(warehouse, "SELECT reads, version_cause FROM core.labels") == [("b", "manual")]


def _run(state: str) -> dict[str, object]:
    return {
        "run_id": "r",
        "flow": "daily",
        "mode": "live",
        "started_at": at(1),
        "state": state,
        "code_version": "1",
    }


def test_a_row_of_the_ledger_may_be_written_over(warehouse: Warehouse) -> None:
    warehouse.append({"ops.runs": RUNS.arrow([_run("running")])})
    warehouse.append({"ops.runs": RUNS.arrow([_run("failed"), _run("completed")])})
    assert rows(warehouse, "SELECT run_id, state FROM ops.runs") == [("r", "completed")]


def _drift(example: str) -> dict[str, object]:
    return {
        "source_id": "anna",
        "field": "mood",
        "example": example,
        "snapshot_id": "s",
        "first_seen_at": at(1),
        "run_id": "r",
    }


def test_a_new_field_is_noted_once(warehouse: Warehouse) -> None:
    warehouse.append({"ops.drift": DRIFT.arrow([_drift("glad"), _drift("sad")])})
    warehouse.append({"ops.drift": DRIFT.arrow([_drift("sad")])})
    assert rows(warehouse, "SELECT example FROM ops.drift") == [("glad",)]


def test_another_reading_of_saved_bytes_changes_their_outcome_and_nothing_else(warehouse: Warehouse) -> None:
    saved = {
        "snapshot_id": "s",
        "url": "https://example.org/",
        "method": "GET",
        "status": 200,
        "fetched_at": at(1),
        "first_seen_at": at(1),
        "media_type": "",
        "sha256": "",
        "body_length": 1,
        "archive_file": "one",
        "archive_offset": 0,
        "archive_length": 9,
        "outcome": "shape_changed",
        "reason": "said",
    }
    again = {**saved, "first_seen_at": at(5), "outcome": "ok", "reason": None, "source_id": "anna"}
    warehouse.append({"raw.snapshots": SNAPSHOTS.arrow([saved])})
    warehouse.append({"raw.snapshots": SNAPSHOTS.arrow([again])})
    assert rows(warehouse, "SELECT outcome, reason, source_id, first_seen_at FROM raw.snapshots") == [
        ("ok", None, "anna", 1)
    ]


def test_only_the_ledger_is_appended_to(warehouse: Warehouse) -> None:
    with pytest.raises(ValueError, match=r"core\.notes_by_source is not written by the pipeline"):
        warehouse.append({"core.notes_by_source": notes([Sighting(1, "a")])})
