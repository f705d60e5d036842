"""Prefect observes. With its server, without it, and with one that dies, a run gives the ledger's result."""

import os
import signal
import socket
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from json import loads
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.commands import SAMPLE, WINDOW, dragongate, kill, processes_of, started
from tests.end_to_end.conftest import Demo
from tests.end_to_end.rows import content, differences, ledger
from warehouse.home import Home

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="needs /proc to see which processes are left"
)
LONGEST_SECONDS = 300.0
AFTER_THE_LEDGER = timedelta(seconds=30)


def observed(home: Path) -> tuple[str, ...]:
    """The words of `make demo`, with Prefect."""
    return ("run", "--home", str(home), "--replay", str(SAMPLE), *WINDOW, "--json")


def test_a_run_with_a_server_of_its_own_leaves_no_process_behind(undisturbed: Demo, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    process = started(*observed(home.root))
    out, err = process.communicate(timeout=LONGEST_SECONDS)
    assert processes_of(process.pid) == {}
    assert process.returncode == 0, err
    assert '"state": "completed"' in out
    assert [*home.prefect.glob("*.db")] and (home.prefect / "server.log").exists()
    assert differences(content(undisturbed.home), content(home.root)) == []


def test_a_server_that_is_killed_in_the_middle_changes_nothing(undisturbed: Demo, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    process = started(*observed(home.root))
    try:
        _wait_until_archived(process, home)
        servers = [one for one, words in processes_of(process.pid).items() if "prefect server start" in words]
        assert servers
        for one in servers:
            os.kill(one, signal.SIGKILL)
        out, err = process.communicate(timeout=LONGEST_SECONDS)
        ended_at = datetime.now(UTC)
    finally:
        kill(process)
    assert process.returncode == 0, err
    assert "Prefect could not be told" in err and "Traceback" not in err
    assert '"state": "completed"' in out
    assert differences(content(undisturbed.home), content(home.root)) == []
    (run,) = ledger(home.root, "SELECT run_id, ended_at FROM runs")
    assert ended_at - run["ended_at"] < AFTER_THE_LEDGER, "the exit code comes from the ledger, and soon"
    assert prefect_runs(home) == [("RUNNING", run["run_id"])], "Prefect did not hear of the end"
    following = dragongate("run", "--home", str(home.root), "--source", "watchlist_file", "--json")
    assert following.code == 0, following.err
    assert prefect_runs(home) == [("COMPLETED", run["run_id"]), ("COMPLETED", following.json["run_id"])]
    assert in_prefect(home, "SELECT count(*) FROM task_run WHERE state_type IN ('RUNNING', 'PENDING')") == [(0,)]


def prefect_runs(home: Home) -> list[tuple[str, str]]:
    """List Prefect's runs in their order: state, and the ledger's name of each."""
    found = in_prefect(home, "SELECT state_type, tags FROM flow_run ORDER BY created")
    return [(state, tag.removeprefix("run:")) for state, tags in found for tag in loads(tags) if tag.startswith("run:")]


def in_prefect(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home.prefect / "prefect.db")) as database:
        return database.execute(sql).fetchall()


def test_the_server_of_a_run_that_is_killed_ends_with_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    process = started(*observed(home.root))
    try:
        _wait_until_archived(process, home)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        until = time.monotonic() + 60
        while (left := processes_of(process.pid)) and time.monotonic() < until:
            time.sleep(0.1)
        assert left == {}
    finally:
        kill(process)


def test_an_address_where_no_server_answers_stops_no_run(undisturbed: Demo, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is turned away
        ran = dragongate(*observed(tmp_path), PREFECT_API_URL=f"http://127.0.0.1:{closed.getsockname()[1]}/api")
    assert ran.code == 0, ran.err
    assert "the run goes on without it" in ran.err and "Traceback" not in ran.err
    assert ran.json["state"] == "completed"
    assert differences(content(undisturbed.home), content(tmp_path)) == []


def _wait_until_archived(process: subprocess.Popen[str], home: Home) -> None:
    """Wait until the run has begun its work."""
    while not [*home.archive.glob("*.warc.gz")]:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
