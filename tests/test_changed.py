"""What changed since a moment: from what to what, in which run, and why."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.main import app
from tests import small_warehouse as small
from warehouse.changed import Change, changes_since
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.published import QueryError
from warehouse.tables.catalog import BY_NAME

TABLE = "core.daily_quotes_by_source"
FIRST, SECOND = small.utc("2025-03-19 11:00"), small.utc("2025-03-20 11:00")


def note(warehouse: Warehouse, name: str, *rows: dict[str, Any]) -> None:
    warehouse.append({name: BY_NAME[name].arrow(rows)})


def ran(warehouse: Warehouse, run_id: str, started_at: datetime, version: str, *snapshots: str) -> None:
    """Write down a run and what it read."""
    run = {"run_id": run_id, "flow": "daily", "mode": "live", "started_at": started_at, "state": "completed"}
    note(warehouse, "ops.runs", {**run, "code_version": version, "host": "here", "pid": 1})
    asked = {"source_id": "by_hand", "chunk": "", "method": "GET", "url": "https://a.example", "attempts": 1}
    for number, one in enumerate(snapshots):
        fetch = {"run_id": run_id, "fetch_number": number, "requested_at": started_at, "snapshot_id": one}
        note(warehouse, "ops.fetches", {**asked, **fetch, "outcome": "ok", "moves_cursor": False})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which a price came, was restated, was read anew by a later version, came late, and was corrected."""
    home = Home(tmp_path_factory.mktemp("changed")).make()
    with Warehouse.open(home.warehouse) as warehouse:

        def came(day: str, close: str, snapshot: str, at: str, **more: Any) -> None:
            row = small.quote("XHKG:01810", day, close, snapshot_id=snapshot, **more)
            small.load(warehouse, TABLE, row, at=at)

        ran(warehouse, "run-1", FIRST, "1.0", "urn:a", "urn:b")
        came("2025-03-18", "55.2", "urn:a", "2025-03-19 12:00")
        came("2025-03-17", "54.1", "urn:b", "2025-03-19 12:00")
        ran(warehouse, "run-2", SECOND, "1.1", "urn:c", "urn:b", "urn:old", "urn:fix")
        came("2025-03-18", "55.3", "urn:c", "2025-03-20 12:00")
        small.load(
            warehouse,
            TABLE,
            small.quote("XHKG:01810", "2025-03-17", "54.2", snapshot_id="urn:b", fetched_at="2025-03-19 12:00",
                        first_seen_at="2025-03-19 12:00"),
            at="2025-03-20 12:00",
        )  # fmt: skip
        came("2025-03-18", "50", "urn:old", "2025-03-20 12:10", fetched_at="2025-03-18 12:00")
        came("2025-03-18", "55.4", "urn:fix", "2025-03-20 12:30", source_id="manual")
        note(
            warehouse,
            "ops.corrections",
            {
                "table_name": TABLE, "row_key": "security_id=XHKG:01810", "kind": "correction", "author": "A. Name",
                "change_text": "close_price: 55.3 → 55.4", "because": "the exchange says so",
                "corrected_at": SECOND, "snapshot_id": "urn:fix",
            },
        )  # fmt: skip
        publish(home, warehouse, run_id="run-2", now=small.utc("2025-03-20 13:00"))
    return home


def found(home: Home, since: str, table: str = TABLE) -> list[Change]:
    return list(changes_since(home, small.utc(since), table)[1])


def test_each_change_says_from_what_to_what_which_run_and_why(home: Home) -> None:
    told = {
        (one.change, one.cause): (one.key["trade_date"], dict(one.columns).get("close_price"), one.run_id, one.why)
        for one in found(home, "2025-03-20 00:00")
    }
    assert told == {
        ("updated", "source"): ("2025-03-18", (55.2, 55.3), "run-2", "restated: the source says otherwise"),
        ("updated", "parser"): (
            "2025-03-17", (54.1, 54.2), "run-2",
            "code: version 1.0 had misread the same bytes, which version 1.1 reads",
        ),
        ("inserted", "late"): ("2025-03-18", (None, 50.0), "run-2", "late: an older answer came after a newer one"),
        ("inserted", "manual"): (
            "2025-03-18", (None, 55.4), "run-2",
            "correction by A. Name (close_price: 55.3 → 55.4): the exchange says so",
        ),
    }  # fmt: skip


def test_what_came_before_the_moment_is_left_out(home: Home) -> None:
    assert {one.cause for one in found(home, "2025-03-19 00:00")} >= {"first"}
    assert {one.cause for one in found(home, "2025-03-20 12:15")} == {"manual"}
    assert found(home, "2025-03-21 00:00") == []


def test_without_a_moment_it_is_the_day_before_the_newest_change(home: Home) -> None:
    since, told = changes_since(home, None)
    assert since == small.utc("2025-03-19 12:30") and len(list(told)) == 4


def test_a_chosen_table_changes_with_its_readings(home: Home) -> None:
    assert found(home, "2025-03-20 00:00", "core.daily_quotes") == found(home, "2025-03-20 00:00")
    assert found(home, "2025-03-20 00:00", "core.filings") == []


def test_a_moment_without_a_zone_and_an_unknown_table_are_told(home: Home) -> None:
    with pytest.raises(QueryError, match="has no zone"):
        changes_since(home, datetime(2025, 3, 20))  # noqa: DTZ001  that is the point
    with pytest.raises(QueryError, match=r"near are core\.daily_quotes"):
        changes_since(home, None, "core.daily_quote")
    for text, said in (("2025-03-20T00:00", "has no zone"), ("yesterday", "write a moment like")):
        ended = CliRunner().invoke(app, ["changes", "--since", text, "--home", str(home.root)])
        assert ended.exit_code == 2 and said in " ".join(ended.output.replace("│", " ").split())


def test_people_and_programs_are_told_the_same(home: Home) -> None:
    words = ["changes", "--since", "2025-03-20T08:00:00+08:00", "--table", TABLE, "--home", str(home.root)]
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert told["since"] == "2025-03-20T00:00:00+00:00" and len(told["changes"]) == 4
    shown = CliRunner().invoke(app, words).output
    assert "close_price: 54.1 → 54.2" in shown and "restated: the source says otherwise; run run-2" in shown
    few = CliRunner().invoke(app, [*words, "--limit", "1"]).output
    assert "and 3 more" in few
    quiet = CliRunner().invoke(app, ["changes", "--since", "2026-01-01T00:00Z", "--home", str(home.root)])
    assert "Nothing changed since 2026-01-01" in quiet.output


def test_what_was_rejected_taken_down_and_judged_anew_is_told_too(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "warehouse.duckdb") as warehouse:
        ran(warehouse, "run-9", SECOND, "1.0", "urn:rejection", "urn:tombstone")
        said = {"author": "A. Name", "because": "another line"}
        note(
            warehouse,
            "ops.corrections",
            {**said, "table_name": "raw.snapshots", "row_key": "snapshot_id=urn:bad", "kind": "rejection",
             "change_text": TABLE, "corrected_at": SECOND, "snapshot_id": "urn:rejection"},
        )  # fmt: skip
        aside = {"run_id": "run-9", "table_name": TABLE, "snapshot_id": "urn:bad", "rejected_at": SECOND}
        row = '{"security_id":"XHKG:01810","close_price":1}'
        note(warehouse, "ops.rejects", {**aside, "reason": "rejected: another line", "row_json": row})
        note(warehouse, "ops.rejects", {**aside, "reason": "not_followed", "row_json": "{}"})
        tombstone = {"snapshot_id": "urn:gone", "url": "https://a.example", "sha256": "", "fetched_at": FIRST}
        keys = ["core.filings_by_source filing_id=sec:1,source_id=sec"]
        note(
            warehouse,
            "ops.tombstones",
            {**said, **tombstone, "row_keys": keys, "forgotten_at": SECOND, "tombstone_id": "urn:tombstone"},
        )
        place = {"run_id": "run-9", "article_id": "a", "part": "text", "start_offset": 1, "end_offset": 2}
        note(
            warehouse,
            "ops.verdict_changes",
            {**place, "verdict_before": "unproven", "verdict_after": "true", "changed_at": SECOND, "snapshot_id": "s"},
        )
        told = warehouse.frame("SELECT * FROM ops.changes ORDER BY change").to_pylist()
    assert [(one["table_name"], one["change"], one["run_id"], one["why"]) for one in told] == [
        ("core.filings_by_source", "forgotten", "run-9", "taken down by A. Name: another line"),
        ("core.claim_checks", "updated", "run-9", "judged: evidence came, or a version of the article"),
        (TABLE, "withdrawn", "run-9", "rejection by A. Name: another line"),
    ]
    assert told[0]["row_key"] == "filing_id=sec:1,source_id=sec"
    assert (told[2]["old_json"], told[2]["new_json"]) == (row, None)
