"""Readers and writers do not wait for each other, and two writers do not meet."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.commands import SAMPLE, demo, dragongate, environment, kill, started
from tests.end_to_end.conftest import Demo
from tests.end_to_end.rows import content, counts, differences, ledger
from warehouse.home import Home
from warehouse.lease import held_by

HOLDS = """
import sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    ask = "SELECT count(*) FROM core.fx_rates"
    print(connection.execute(ask).fetchone()[0], flush=True)
    for _ in sys.stdin:
        print(connection.execute(ask).fetchone()[0], flush=True)
"""
WITHOUT_RATES = ("--source", "watchlist_file", "--source", "tencent_daily")


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A home with a generation that has no exchange rates yet."""
    home = tmp_path / "earlier"
    assert dragongate(*demo(home, *WITHOUT_RATES)).code == 0
    return home


@pytest.fixture
def reader(earlier: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the published warehouse open all the while; it answers each line with a count."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(earlier / "published" / "warehouse.duckdb")],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_an_open_reader_stops_no_run_and_keeps_what_it_has(
    undisturbed: Demo, earlier: Path, reader: subprocess.Popen[str]
) -> None:
    assert reader.stdin and reader.stdout
    assert reader.stdout.readline() == "0\n"
    ran = dragongate(*demo(earlier, "--json"))
    assert ran.code == 0, ran.err
    assert ran.json["generation"] == 2
    reader.stdin.write("and now?\n")
    reader.stdin.flush()
    assert reader.stdout.readline() == "0\n"
    assert counts(earlier)["core.fx_rates"] == counts(undisturbed.home)["core.fx_rates"] > 0


def test_a_running_writer_stops_no_reader(undisturbed: Demo, earlier: Path) -> None:
    process = started(*demo(earlier))
    asked = []
    while process.poll() is None:
        answer = dragongate("sql", "SELECT count(*) AS n FROM core.fx_rates", "--home", str(earlier), "--json")
        asked.append((answer.code, answer.json[0]["n"]))
    process.communicate()
    assert process.returncode == 0
    assert len(asked) > 1
    assert set(asked) <= {(0, 0), (0, counts(undisturbed.home)["core.fx_rates"])}
    assert asked[0] == (0, 0)


def test_a_second_run_is_told_who_is_writing_and_breaks_nothing(undisturbed: Demo, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    first = started(*demo(home.root))
    try:
        while (holder := held_by(home)) is None or holder.pid != first.pid:
            assert first.poll() is None
            time.sleep(0.01)
        first.send_signal(signal.SIGSTOP)
        second = dragongate("ingest", str(SAMPLE), "--home", str(home.root))
        assert held_by(home) == holder
        first.send_signal(signal.SIGCONT)
        first.communicate()
    finally:
        kill(first)
    assert second.code == 1
    assert "Traceback" not in second.err
    for part in (holder.run_id, f"process {first.pid}", "the flow daily", str(home.published_warehouse)):
        assert part in second.err
    assert first.returncode == 0
    assert differences(content(undisturbed.home), content(home.root)) == []
    assert [run["run_id"] for run in ledger(home.root, "SELECT run_id FROM runs")] == [holder.run_id]
