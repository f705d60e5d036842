"""Kill runs at any moment: the next plain run finishes the work, and no reader ever notices."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.end_to_end.commands import SAMPLE, WINDOW, demo, dragongate, kill, processes_of, started
from tests.end_to_end.conftest import Demo
from tests.end_to_end.rows import content, counts, differences, ledger
from tests.end_to_end.watching import watched
from warehouse.home import Home
from warehouse.lease import held_by

KILLS = 15
"""In each of the two tests: thirty together."""
KILLS_IN_A_LIFE = 8
"""How often a home is killed before a plain run must finish what is left."""
EARLIER = ("--source", "watchlist_file", "--source", "tencent_daily", "--source", "weibo")
"""Sources of an earlier generation, so that a killed run has one to replace."""

Sign = Callable[[Home], object]
SIGNS: dict[str, Sign] = {
    "the archive takes the file": lambda home: [*home.archive.glob("*")],
    "the writer's file is there": lambda home: home.warehouse.exists(),
    "a load is being written": lambda home: [*home.warehouse.parent.glob("*.wal")],
    "a generation is being built": lambda home: [*home.published.glob(".building-[0-9]*")],
    "the ledger's copy is being built": lambda home: [*home.published.glob(".building-ops*")],
    "a generation has its name": lambda home: [*home.published.glob("warehouse-*")],
}
"""Moments that are told by what lies in the home; what is there from before does not tell them."""


@pytest.mark.parametrize("seed", [1810, 81810])
def test_runs_killed_at_any_moment_are_finished_by_the_next(seed: int, undisturbed: Demo, tmp_path: Path) -> None:
    chance = Random(seed)
    whole = content(undisturbed.home)
    killed = died = 0
    for life in range(KILLS):
        home = tmp_path / f"home-{life}"
        if life % 2:
            assert dragongate(*demo(home, *EARLIER)).code == 0
        before = [counts(home)] if life % 2 else []
        with watched(home) as reader:
            here = 0
            while here < KILLS_IN_A_LIFE and _is_killed(home, chance, undisturbed.seconds):
                here += 1
            if here == KILLS_IN_A_LIFE:
                last = dragongate(*demo(home))
                assert last.code == 0, last.err
        killed += here
        assert differences(whole, content(home)) == []
        assert reader.wrong == []
        assert reader.looks["warehouse"] > 0 and reader.looks["ops"] > 0
        assert all(one in (*before, counts(undisturbed.home)) for one in reader.seen)
        died += _assert_nothing_is_left(home)
        if killed >= KILLS:
            break
    assert killed >= KILLS
    assert died > 0, f"none of {killed} kills met a run between its first row and its last"


def test_an_ingest_killed_in_the_middle_is_finished_by_a_plain_run(undisturbed: Demo, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    process = started("ingest", str(SAMPLE), "--home", str(home.root))
    _wait_for(process, lambda: (home.archive / SAMPLE.name).exists(), undisturbed.seconds)
    kill(process)
    assert process.returncode < 0
    assert not home.published_warehouse.exists()
    finished = dragongate(
        "run", "--home", str(home.root), "--offline", *WINDOW, "--source", "watchlist_file", "--no-server"
    )
    assert finished.code == 0, finished.err
    assert differences(content(undisturbed.home), content(home.root)) == []
    _assert_nothing_is_left(home.root)


def test_an_ingest_killed_in_the_middle_is_finished_by_the_same_ingest(undisturbed: Demo, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    process = started("ingest", str(SAMPLE), "--home", str(home.root))
    _wait_for(process, lambda: [*home.warehouse.parent.glob("*.wal")], undisturbed.seconds)
    kill(process)
    assert process.returncode < 0
    finished = dragongate("ingest", str(SAMPLE), "--home", str(home.root))
    assert finished.code == 0, finished.err
    assert differences(content(undisturbed.home), content(home.root)) == []
    _assert_nothing_is_left(home.root)


def _is_killed(home: Path, chance: Random, seconds: float) -> bool:
    """Start a run and kill it, at a random time of its work or at a random sign; False when it was done before that.

    Time counts from when the run holds the lease: before that it has nothing to lose, and how long an interpreter
    takes to start differs from machine to machine.
    """
    place = Home(home)
    name = chance.choice([*SIGNS, *["time"] * len(SIGNS)])
    after = chance.uniform(0.0, 0.6) * seconds
    before = {one: _told(sign, place) for one, sign in SIGNS.items()}
    process = started(*demo(home))
    if name == "time":
        _wait_for(process, lambda: _holds_lease(process, place), seconds)
        _wait_for(process, lambda: False, after)
    else:
        _wait_for(process, lambda: _told(SIGNS[name], place) - before[name], seconds)
    left = kill(process)
    assert left.code in (0, -signal.SIGKILL), left.err
    return left.code != 0


def _holds_lease(process: subprocess.Popen[str], home: Home) -> bool:
    holder = held_by(home)
    return holder is not None and holder.pid == process.pid


def _told(sign: Sign, home: Home) -> set[str]:
    found = sign(home)
    return {str(one) for one in found} if isinstance(found, list) else {str(found)} - {"False"}


def _wait_for(process: subprocess.Popen[str], is_there: Callable[[], object], seconds: float) -> None:
    """Wait until something is there, the process has ended or its time is over."""
    until = time.monotonic() + seconds
    while not is_there() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)


def _assert_nothing_is_left(home: Path) -> int:
    """No lease, no half file, and every run that died is closed and says so; gives how many did."""
    place = Home(home)
    assert held_by(place) is None
    assert not place.lease.with_name("lease.json").exists()
    assert not [*place.published.glob(".building*"), *place.archive.glob(".*.part")]
    runs = ledger(home, "SELECT state, ended_at, message, pid FROM runs ORDER BY started_at")
    assert runs[-1]["state"] == "completed"
    dead = [run for run in runs if run["state"] != "completed"]
    assert {run["state"] for run in dead} <= {"died"}
    for run in dead:
        assert run["ended_at"] is not None
        assert f"the process {run['pid']}" in str(run["message"]) and "went away" in str(run["message"])
        assert not Path(f"/proc/{run['pid']}").exists() or not processes_of(int(str(run["pid"])))
    return len(dead)
