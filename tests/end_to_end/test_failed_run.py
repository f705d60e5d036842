"""A run that fails is seen by everybody, and takes nothing from readers."""

from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.commands import demo, dragongate
from tests.end_to_end.conftest import Demo
from tests.end_to_end.rows import content, differences, ledger

WITHOUT_RATES = ("--source", "watchlist_file", "--source", "tencent_daily")
QUOTES = ("core.daily_quotes_by_source", "core.daily_quotes", "history.daily_quotes_by_source")
NO_PRICE = """
INSERT INTO core.daily_quotes_by_source BY NAME
SELECT * REPLACE (DATE '2020-01-02' AS trade_date, -1 AS close_price)
FROM core.daily_quotes_by_source ORDER BY security_id, trade_date LIMIT 1
"""
"""A row that no load lets in: what a warehouse may hold that was written before a rule was made, or by another hand."""
NO_PRICE_ANY_MORE = "DELETE FROM core.daily_quotes_by_source WHERE close_price < 0"


def write(home: Path, sql: str) -> None:
    """Write into the private warehouse behind the back of every rule."""
    with duckdb.connect(str(home / "private" / "warehouse.duckdb")) as connection:
        connection.execute(sql)


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A home with a good generation of quotes, and a row in the writer's file that breaks a blocking rule since."""
    home = tmp_path / "spoilt"
    assert dragongate(*demo(home, *WITHOUT_RATES)).code == 0
    write(home, NO_PRICE)
    return home


def test_a_table_that_fails_keeps_its_last_good_content_and_the_others_go_out(undisturbed: Demo, spoilt: Path) -> None:
    good = content(spoilt)
    ran = dragongate(*demo(spoilt, "--json"))
    assert ran.code == 1
    assert ran.json["state"] == "failed" and ran.json["generation"] == 2
    assert ran.json["kept_back"] == {"core.daily_quotes_by_source": "close_is_positive"}
    shown, whole = content(spoilt), content(undisturbed.home)
    core = [name for name in shown if name.startswith(("core.", "history.")) and name != "core.adjusted_daily_quotes"]
    for name in core:
        expected = good if name in QUOTES else whole
        assert shown[name].equals(expected[name]), name
    assert good["core.fx_rates"].num_rows == 0 < shown["core.fx_rates"].num_rows


def test_status_the_ledger_and_the_exit_code_say_what_is_kept_back(spoilt: Path) -> None:
    ran = dragongate(*demo(spoilt))
    assert ran.code == 1
    assert "kept back: core.daily_quotes_by_source" in ran.out and "close_is_positive" in ran.out
    status = dragongate("status", "--home", str(spoilt), "--json")
    assert status.code == 1
    assert status.json["is_good"] is False
    assert status.json["runs"][0]["state"] == "failed"
    assert "close_is_positive" in status.json["runs"][0]["message"]
    kept = {one["table_name"]: one["content_generation"] for one in status.json["kept_back"]}
    assert kept == {"core.daily_quotes_by_source": 1, "core.daily_quotes": 1}
    assert [(one["check_name"], one["failing_rows"]) for one in status.json["failed_checks"] if one["is_blocking"]] == [
        ("close_is_positive", 1)
    ]
    said = dragongate("status", "--home", str(spoilt))
    assert said.code == 1
    assert "last good content" in said.out and "core.daily_quotes_by_source" in said.out
    rows = ledger(spoilt, "SELECT table_name FROM publications WHERE generation = 2 AND state = 'kept' ORDER BY ALL")
    assert [row["table_name"] for row in rows] == ["core.daily_quotes", "core.daily_quotes_by_source"]


def test_what_was_kept_back_goes_out_once_it_is_mended(undisturbed: Demo, spoilt: Path) -> None:
    assert dragongate(*demo(spoilt)).code == 1
    write(spoilt, NO_PRICE_ANY_MORE)
    mended = dragongate(*demo(spoilt, "--json"))
    assert mended.code == 0, mended.err
    assert mended.json["kept_back"] == {} and mended.json["generation"] == 3
    assert differences(content(undisturbed.home), content(spoilt)) == []


def test_a_source_that_is_required_and_missing_fails_the_run_and_leaves_the_others(
    undisturbed: Demo, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    other_days = ("--from", "2024-12-23", "--to", "2025-01-08")
    words = [word for word in demo(home, "--json") if word not in ("--from", "2023-12-27", "--to", "2025-01-10")]
    ran = dragongate(*words, *other_days)
    assert ran.code == 1
    assert ran.json["state"] == "failed" and "required and missing" in ran.json["message"]
    missing = {gap["source_id"] for gap in ran.json["gaps"] if gap["is_required"]}
    assert "tencent_daily" in missing
    assert all(gap["reason"] == "not_recorded" and gap["mend"] for gap in ran.json["gaps"])
    status = dragongate("status", "--home", str(home), "--json")
    assert status.code == 1
    assert {gap["source_id"] for gap in status.json["gaps"] if gap["is_required"]} == missing
    # What is asked for the same way whatever the days.
    found, whole = (
        [row for row in content(one)["core.filings_by_source"].to_pylist() if row["source_id"] == "sec_submissions"]
        for one in (home, undisturbed.home)
    )
    assert found == whole != []
