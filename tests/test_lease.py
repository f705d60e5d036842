"""One writer at a time, a clear word for the second, and nothing left locked by the dead."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from warehouse.home import Home
from warehouse.lease import Holder, Lease, LeaseHeld, held_by, note_of, read_note

HOLDS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from warehouse.home import Home
from warehouse.lease import Lease
since = datetime(2025, 3, 18, 8, 30, tzinfo=UTC)
with Lease(Home(Path(sys.argv[1])), flow="daily", run_id="run-1", now=lambda: since):
    print("held", flush=True)
    sys.stdin.read()
"""


def now() -> datetime:
    return datetime(2025, 3, 18, 10, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def other_writer(home: Home):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_writer_is_told_who_since_when_and_where_to_read(home: Home, other_writer) -> None:
    with (
        pytest.raises(LeaseHeld) as refusal,
        Lease(home, flow="ingest", run_id="run-2", now=now, wait_seconds=0),
    ):
        pass
    said = str(refusal.value)
    for word in ("daily", "run-1", str(other_writer.pid), "2025-03-18T08:30:00+00:00", "1 h 30 min"):
        assert word in said
    assert str(home.published_warehouse) in said
    assert refusal.value.holder and refusal.value.holder.run_id == "run-1"


def test_a_killed_writer_frees_the_lease_and_is_named(home: Home, other_writer) -> None:
    other_writer.kill()
    other_writer.wait()
    with Lease(home, flow="daily", run_id="run-2", now=now, wait_seconds=10) as lease:
        assert lease.found_dead and (lease.found_dead.run_id, lease.found_dead.pid) == ("run-1", other_writer.pid)


def test_a_writer_that_ends_well_leaves_no_note(home: Home, other_writer) -> None:
    other_writer.communicate("")
    with Lease(home, flow="daily", run_id="run-2", now=now) as lease:
        assert lease.found_dead is None
        assert read_note(note_of(home)) == Holder("daily", "run-2", os.getpid(), socket.gethostname(), now())
    assert not note_of(home).exists()


def test_a_writer_that_fails_but_lives_is_not_called_dead(home: Home) -> None:
    with pytest.raises(ZeroDivisionError), Lease(home, flow="daily", run_id="run-1", now=now):
        raise ZeroDivisionError
    with Lease(home, flow="daily", run_id="run-2", now=now) as lease:
        assert lease.found_dead is None


def test_two_holders_in_one_process_exclude_each_other(home: Home) -> None:
    with (
        Lease(home, flow="daily", run_id="run-1", now=now),
        pytest.raises(LeaseHeld, match="run-1"),
        Lease(home, flow="daily", run_id="run-2", now=now, wait_seconds=0),
    ):
        pass


@pytest.mark.parametrize("cut_short", ["", "{", "[]", '{"flow": "daily"}', '{"since": 7}'])
def test_a_note_that_was_cut_short_stops_nobody(home: Home, cut_short: str) -> None:
    note_of(home).parent.mkdir(parents=True)
    note_of(home).write_text(cut_short)
    with Lease(home, flow="daily", run_id="run-1", now=now) as lease:
        assert lease.found_dead is None


def test_says_who_holds_the_lease_without_taking_it(home: Home, other_writer) -> None:
    holder = held_by(home)
    assert holder and (holder.run_id, holder.pid) == ("run-1", other_writer.pid)


def test_the_note_of_a_killed_writer_is_no_holder(home: Home, other_writer) -> None:
    other_writer.kill()
    other_writer.wait()
    assert note_of(home).exists()
    assert held_by(home) is None


def test_nobody_holds_the_lease_of_a_new_home(home: Home) -> None:
    assert held_by(home) is None
