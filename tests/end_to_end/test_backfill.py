"""A backfill between two days of a home that asks live: what it leaves alone, and what a kill costs it."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from extractors.archive import Archive
from extractors.settings import Settings
from flows.clients import Means
from flows.collect import Request, run_daily
from flows.report import RunReport
from flows.runner import PlainRunner
from flows.watching import default_watchlist
from tests.end_to_end.backfill_child import SATURDAY, SOURCES, fill, means_of, settings_of
from tests.end_to_end.commands import ROOT, environment
from tests.end_to_end.rows import content, ledger
from tests.live_server import Internet, internet
from tests.threaded_clock import ThreadedClock
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.ledger import cursors

pytestmark = pytest.mark.xdist_group("backfill")

DEATHS = (("answers", 9), ("loads", 3), ("publishes", 1), ("chunks", 1))
"""In the middle of asking, of loading, between loading and publishing, and between two chunks."""
IDS = ("snapshot_id", "run_id", "evidence_snapshot_ids")
"""What differs between two homes in which the same was said."""


@dataclass(frozen=True)
class Filled:
    """Homes that are alike but for a backfill."""

    net: Internet
    settings: Settings
    saturday: Home
    """After one live run."""
    filled: Home
    """After a backfill on top of that, and nothing else."""
    reports: list[RunReport]
    asked: list[str]


def means(net: Internet, clock: ThreadedClock) -> Means:
    return means_of(net.port, clock)


def run(home: Home, net: Internet, settings: Settings, clock: ThreadedClock) -> list[str]:
    """Run the daily flow for what is missing; gives what was asked, robots.txt apart."""
    net.begin()
    request = Request(
        home, settings, default_watchlist(), only=("watchlist_file", *SOURCES), means=means_of(net.port, clock)
    )
    run_daily(request, PlainRunner(), now=clock.now)
    return urls(net)


def urls(net: Internet) -> list[str]:
    return [one.url for one in net.asked if one.path != "/robots.txt"]


def copy_of(home: Home, folder: Path) -> Home:
    return Home(Path(shutil.copytree(home.root, folder, symlinks=True)))


@pytest.fixture(scope="module")
def it(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    folder = tmp_path_factory.mktemp("backfill")
    clock = ThreadedClock(SATURDAY)
    with internet(folder, default_watchlist()) as net:
        settings = settings_of(net.ca_bundle)
        saturday = Home(folder / "saturday")
        run(saturday, net, settings, clock)
        filled = copy_of(saturday, folder / "filled")
        net.begin()
        reports = fill(filled.root, settings, means_of(net.port, clock), clock.now)
        yield Filled(net, settings, saturday, filled, reports, urls(net))


def data_of(home: Home) -> dict[str, list[dict[str, Any]]]:
    """Give every row of core and history without the ids of records and runs."""
    return {
        name: sorted(rows.drop_columns([one for one in IDS if one in rows.column_names]).to_pylist(), key=repr)
        for name, rows in content(home.root).items()
        if name.startswith(("core.", "history."))
    }


def test_a_backfill_asks_for_what_is_missing_year_by_year_and_for_nothing_twice(it: Filled) -> None:
    assert [str(one.window) for one in it.reports] == [
        "2025-01-01..2025-01-10", "2024-01-01..2024-12-31", "2023-12-27..2023-12-31",
    ]  # fmt: skip
    assert {one.state for one in it.reports} == {"completed"}
    assert all(count == 1 for count in Counter(it.asked).values())


def test_it_never_moves_a_cursor(it: Filled) -> None:
    with Warehouse.open(it.saturday.warehouse) as before, Warehouse.open(it.filled.warehouse) as after:
        assert cursors(after) == cursors(before) != {}


def test_the_next_daily_run_asks_what_it_would_have_asked_without(it: Filled, tmp_path: Path) -> None:
    sunday = ThreadedClock(SATURDAY).next_day()
    asked = [
        Counter(run(copy_of(home, tmp_path / name), it.net, it.settings, sunday))
        for name, home in (("with", it.filled), ("without", it.saturday))
    ]
    assert asked[0] == asked[1] and asked[0]


def test_killed_anywhere_it_goes_on_from_there_and_ends_with_the_same_rows(it: Filled, tmp_path: Path) -> None:
    home = copy_of(it.saturday, tmp_path / "home")
    it.net.begin()
    for moment, number in DEATHS:
        assert _live(home, it, moment, number) == -9, moment
    assert _live(home, it, "never", 0) == 0
    assert data_of(home) == data_of(it.filled)
    archive = Archive(home.archive)
    again = {url for url, count in Counter(urls(it.net)).items() if count > 1}
    for url in again:  # it was asked, and the kill came before its answer was archived
        assert len(archive.index.find("GET", url)) == 1
    states = ledger(home.root, "SELECT mode, state, is_whole, count(*) AS n FROM runs GROUP BY ALL ORDER BY ALL")
    assert [(one["mode"], one["state"], one["n"]) for one in states if one["mode"] == "backfill"] == []
    assert _live(home, it, "never", 0) == 0


def _live(home: Home, it: Filled, moment: str, number: int) -> int:
    words = [str(home.root), str(it.net.port), it.net.ca_bundle, moment, str(number)]
    return subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.backfill_child", *words], cwd=ROOT, env=environment(), check=False
    ).returncode
