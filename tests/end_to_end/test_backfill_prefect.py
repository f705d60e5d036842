"""A backfill in a real Prefect server: one flow run, with a progress artifact for each year."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.commands import ROOT, environment

pytestmark = pytest.mark.xdist_group("backfill")

CHILD = """
import os, sys
from datetime import UTC, date, datetime
from pathlib import Path
from extractors.source import Window
from flows.prefect_server import server
from flows.report import RunReport, State

AT = datetime(2025, 1, 11, tzinfo=UTC)
YEARS = [Window(date(2024, 1, 1), date(2024, 12, 31)), Window(date(2023, 12, 27), date(2023, 12, 31))]

def work(runner_of):
    reports = []
    for window, done in zip(YEARS, (4, 1)):
        runner = runner_of(window)
        runner.progress(0, 4)
        assert runner.each(str, lambda number: number * 2, [1, 2]) == [2, 4]
        runner.progress(done, 4)
        state = State.COMPLETED if done == 4 else State.FAILED
        reports.append(RunReport(str(window), "backfill", "backfill", state, AT, AT, window, message="one is missing"))
    return reports

with server(Path(sys.argv[1])) as settings:
    os.environ.update(settings)
    from flows.backfilling.backfill_observed import backfill_observed
    print([one.state.value for one in backfill_observed(work, Window(YEARS[1].start, YEARS[0].end))])
"""
"""Stands in for the command where PREFECT_API_URL names a server; what a chunk does is tried elsewhere."""


def test_prefect_shows_each_year_as_a_progress_artifact(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.stdout.strip() == "['completed', 'failed']", ran.stderr
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as database:
        artifacts = dict(database.execute("SELECT key, data FROM artifact WHERE type = 'progress'"))
        runs = database.execute("SELECT name, state_name, tags FROM flow_run").fetchall()
    assert {key: float(data) for key, data in artifacts.items()} == {
        "backfill-2024-01-01": 100.0,
        "backfill-2023-12-27": 25.0,
    }
    assert [(name, state) for name, state, _ in runs] == [("backfill 2023-12-27..2024-12-31", "Failed")]
    assert set(json.loads(runs[0][2])) == {"dragongate", "backfill"}
