"""A backfill between two days of a home that asks live: what it leaves alone, and what a kill costs it."""

import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from extractors.archive import Archive
from extractors.run_record import read_run_record
from extractors.settings import Settings
from flows.backfilling.backfill import plan_backfill
from flows.clients import Means
from flows.collect import Request, run_daily
from flows.report import RunReport
from flows.runner import PlainRunner
from flows.watching import default_watchlist
from tests.end_to_end.backfill_child import SATURDAY, SOURCES, fill, means_of, request_of, settings_of
from tests.end_to_end.commands import ROOT, dragongate, environment
from tests.end_to_end.rows import content, ledger
from tests.live_server import Internet, internet
from tests.threaded_clock import ThreadedClock
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.ledger import cursors
from warehouse.status import read_status

pytestmark = pytest.mark.xdist_group("backfill")

DEATHS = (("answers", 9), ("loads", 6), ("publishes", 1), ("chunks", 1))
"""In the middle of asking and of loading, between loading and publishing, and between two chunks."""
IDS = ("snapshot_id", "run_id", "confirmed_snapshot_id", "evidence_snapshot_ids")
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
    assert [str(one.window) for one in it.reports] == ["2024-01-01..2024-12-31", "2023-12-27..2023-12-31"]
    assert {one.state for one in it.reports} == {"completed"}
    assert all(count == 1 for count in Counter(it.asked).values())
    assert "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param=hk01810,day,2024-01-01,2024-12-01,800," in it.asked
    assert chunks_left(it.filled, it) == [] != chunks_left(it.saturday, it)


def test_it_never_moves_a_cursor_nor_the_status(it: Filled) -> None:
    with Warehouse.open(it.saturday.warehouse) as before, Warehouse.open(it.filled.warehouse) as after:
        assert cursors(after) == cursors(before) != {}
    was, now = read_status(it.saturday), read_status(it.filled)
    assert now.freshness == was.freshness and now.gaps == was.gaps and now.holes == was.holes
    assert Counter(one["mode"] for one in now.runs) == {"backfill": 2, "live": 1}


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
        assert _live(home, it, moment, number) == -signal.SIGKILL, moment
    assert _live(home, it, "never", 0) == 0
    ours, theirs = data_of(home), data_of(it.filled)
    assert [name for name in ours if ours[name] != theirs[name]] == []
    again = [url for url, count in Counter(urls(it.net)).items() if count > 1]
    archive = Archive(home.archive)
    for url in again:  # the kill came before the first answer was archived
        assert len(archive.index.find("GET", url)) == 1
    assert sorted({*urls(it.net)}) == sorted(it.asked)
    runs = ledger(home.root, "SELECT state, is_whole FROM runs WHERE mode = 'backfill'")
    assert {one["state"] for one in runs} == {"completed", "died"} and all(one["is_whole"] for one in runs)


def test_a_recording_of_a_catch_up_is_replayed_with_the_days_that_it_asked_for(it: Filled, tmp_path: Path) -> None:
    (file,) = it.saturday.archive.glob("*.warc.gz")
    told = read_run_record(file)
    assert told is not None and told.window is None and told.windows
    it.net.begin()
    ran = dragongate("run", "--replay", str(file), "--home", str(tmp_path / "home"), "--no-server", "--json")
    assert (ran.code, ran.json["state"], ran.json["mode"]) == (0, "completed", "replay"), ran.err
    assert urls(it.net) == []
    found, whole = data_of(Home(tmp_path / "home")), data_of(it.saturday)
    assert found["core.daily_quotes"] == whole["core.daily_quotes"] != []
    assert found["core.fx_rates"] == whole["core.fx_rates"] != []


def chunks_left(home: Home, it: Filled) -> list[str]:
    """Name what is missing of the window in a home."""
    request = request_of(home.root, it.settings, Means(), ThreadedClock(SATURDAY).now)
    return [str(one.window) for one in plan_backfill(request, now=ThreadedClock(SATURDAY).now) if not one.is_here]


def _live(home: Home, it: Filled, moment: str, number: int) -> int:
    words = [str(home.root), str(it.net.port), it.net.ca_bundle, moment, str(number)]
    return subprocess.run(
        [sys.executable, "-m", "tests.end_to_end.backfill_child", *words], cwd=ROOT, env=environment(), check=False
    ).returncode
