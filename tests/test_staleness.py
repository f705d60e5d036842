"""A stale table makes a run bad where the run is answerable for it: required, live, and about the present."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extractors.registry import EXTRACTORS
from extractors.settings import Settings
from extractors.source import Window
from flows.job import end, start
from flows.watching import default_watchlist
from tests import small_warehouse as small
from warehouse.home import Home
from warehouse.published import open_published_ops
from warehouse.status import Status, read_status

NOW = small.utc("2025-03-19 12:00")
FILLED_BY_REQUIRED = {"core.daily_quotes", "core.fx_rates"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def run(home: Home, *, mode: str = "live", window: Window | None = None) -> Any:
    """Run without asking anybody: every table stays empty, and so is as stale as can be."""
    with start(home, Settings(), default_watchlist(), flow="daily", mode=mode, now=lambda: NOW, window=window) as job:
        return end(job)


def test_a_live_run_that_leaves_a_required_table_stale_says_so_and_fails(home: Home) -> None:
    report = run(home)
    assert (report.exit_code, report.message) == (1, "required and stale: core.daily_quotes, core.fx_rates")
    status = read_status(home)
    assert (status.is_good, status.runs[0]["message"]) == (False, report.message)


def test_only_tables_of_required_sources_are_required(home: Home) -> None:
    freshness = run(home).freshness
    assert {one["table_name"] for one in freshness if one["is_stale"] and one["is_required"]} == FILLED_BY_REQUIRED
    assert "core.articles" in {one["table_name"] for one in freshness if one["is_stale"] and not one["is_required"]}


@pytest.mark.parametrize(
    ("mode", "window"),
    [("replay", None), ("ingest", None), ("live", Window(date(2024, 1, 1), date(2024, 1, 31)))],
)
def test_a_replay_and_an_older_window_need_not_be_up_to_date(home: Home, mode: str, window: Window | None) -> None:
    assert run(home, mode=mode, window=window).exit_code == 0


def test_a_window_that_reaches_today_must_be_up_to_date(home: Home) -> None:
    assert run(home, window=Window(date(2025, 3, 1), date(2025, 3, 19))).exit_code == 1


@pytest.mark.parametrize(("is_required", "is_good"), [(True, False), (False, True)])
def test_status_looks_past_what_only_optional_sources_fill(is_required: bool, is_good: bool) -> None:
    runs = [{"state": "completed", "mode": "live"}]
    stale = [{"table_name": "core.follower_counts", "is_stale": True, "is_required": is_required}]
    assert Status(runs, stale, [], [], [], [], [], [], running=None).is_good is is_good


def test_the_ledger_knows_which_sources_are_required(home: Home) -> None:
    run(home)
    with open_published_ops(home) as connection:
        found = dict(connection.execute("SELECT source_id, is_required FROM sources").fetchall())
    assert found == {one.source.id: one.source.is_required for one in EXTRACTORS}
