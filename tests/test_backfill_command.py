"""What `dragongate backfill` refuses, and what it shows before it begins; nothing here asks anybody."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.main import app
from samples.build import ARCHIVE
from warehouse.database import Warehouse
from warehouse.home import Home

SPRING = ("--from", "2024-01-02", "--to", "2024-05-31")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("DRAGONGATE_CONTACT", "operator@example.org")
    return tmp_path / "home"


def backfill(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["backfill", "--home", str(home), *words])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*SPRING, "--source", "bluesky"), "bluesky has no past to ask for: it gives the state of the moment"),
        ((*SPRING, "--source", "hkexnews_search"), "hkexnews_search is off: "),
        ((*SPRING, "--source", "ecb_rate"), "there is no source 'ecb_rate'; near are ecb_rates"),
        ((*SPRING, "--company", "xiaomo"), "there is no company 'xiaomo'"),
        (("--from", "2024-01-02", "--to", "2999-01-01"), "2999-01-01 is not over in Hong Kong"),
        (("--from", "2999-01-01"), "--from 2999-01-01 is after --to"),
        (("--from", "2024-06-02", "--to", "2024-05-31"), "--from 2024-06-02 is after --to 2024-05-31"),
        ((*SPRING, "--source", "tencent_daily", "--company", "xiaomi"), "give --yes, or --dry-run"),
    ],
)
def test_what_can_have_no_effect_is_bad_use_with_the_reason(home: Path, words: tuple[str, ...], said: str) -> None:
    ran = backfill(home, *words)
    assert ran.exit_code == 2
    assert said in " ".join(ran.output.replace("│", " ").split()), ran.output
    assert not [*home.glob("archive/*")], "nothing was begun"


def test_the_plan_says_what_is_asked_of_whom_and_how_long_it_takes(home: Path) -> None:
    words = (*SPRING, "--source", "tencent_daily", "--source", "ecb_rates", "--company", "xiaomi", "--dry-run")
    shown = backfill(home, *words)
    assert shown.exit_code == 0
    assert "tencent_daily" in shown.output and "requests at the least, in " in shown.output
    plan = json.loads(backfill(home, *words, "--json").stdout)
    (chunk,) = plan["plan"]
    assert chunk["window"] == "2024-01-02..2024-05-31" and not chunk["is_here"]
    asked = {one["source_id"]: one["requests"] for one in chunk["sources"]}
    assert asked.keys() == {"tencent_daily", "ecb_rates"} and min(asked.values()) > 0
    assert plan["runs"] == [] and plan["seconds"] >= asked["tencent_daily"] - 1 > 0


def test_a_recording_that_does_not_know_its_days_wants_them(home: Path) -> None:
    ran = CliRunner().invoke(app, ["run", "--home", str(home), "--replay", str(ARCHIVE), "--no-server"])
    assert ran.exit_code == 2
    assert "does not say which days: give --from and --to" in " ".join(ran.output.replace("│", " ").split())


def test_what_the_archive_holds_is_taken_from_there_and_nobody_is_asked(
    sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    home = Path(shutil.copytree(sample_home.root, tmp_path / "home", symlinks=True))
    with Warehouse.open(Home(home).warehouse) as warehouse:
        warehouse.connection.execute("DELETE FROM ops.answers")  # as after an ingest, which asked for no days
        before = warehouse.frame("SELECT * FROM core.daily_quotes ORDER BY ALL").num_rows
    words = ("--from", "2024-01-01", "--to", "2024-12-31", "--source", "tencent_daily", "--company", "xiaomi", "--yes")
    ran = backfill(home, *words)
    assert ran.exit_code == 0, ran.output
    assert "The archive has all of it; nobody is asked." in ran.output and "2024-01-01..2024-12-31" in ran.output
    with Warehouse.open(Home(home).warehouse) as warehouse:
        fetches = warehouse.frame(
            "SELECT attempts, robots_rule, outcome, moves_cursor FROM ops.fetches JOIN ops.runs USING (run_id) "
            "WHERE mode = 'backfill' AND source_id = 'tencent_daily'"
        ).to_pylist()
        assert warehouse.frame("SELECT * FROM core.daily_quotes ORDER BY ALL").num_rows == before
    assert {one.pop("outcome") for one in fetches} == {"ok", "nothing_there"}
    told = {"attempts": 0, "robots_rule": "not asked: the archive answers", "moves_cursor": False}
    assert [one for one in fetches if one != told] == []
    assert "There is nothing to ask for." in backfill(home, *words).output
