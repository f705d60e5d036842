"""Housekeeping: what nothing rests on goes, all else stays and is found, whatever is killed when."""

import random
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.archive import Archive
from extractors.settings import Keep, Settings
from extractors.snapshot import Snapshot
from extractors.warc_frames import Fault, Frame, frames
from extractors.warc_thinning import CannotThin, leave_out, standing
from flows import housekeep as module
from flows.clients import SYSTEM
from flows.collect import Request, run_daily
from flows.housekeep import Housekept, housekeep, look
from flows.housekeeping import Plan
from flows.ingest import ingest
from flows.runner import PlainRunner
from flows.watching import default_watchlist
from samples.build import ARCHIVE
from tests.archives import http, info, members, record
from tests.end_to_end.rows import content, differences
from warehouse.database import Warehouse
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.needed import needed_answers
from warehouse.published import open_published

LIMIT = 10**8
NOW = datetime(2031, 1, 1, tzinfo=UTC)


def settings(**keep: float) -> Settings:
    return Settings(keep=Keep(**keep))  # type: ignore[arg-type]


@pytest.fixture
def home(sample_home: Home, tmp_path: Path) -> Home:
    copy = tmp_path / "home"
    shutil.copytree(sample_home.root, copy, symlinks=True)
    return Home(copy)


def kept(home: Home, chosen: Settings, plans: list[Plan] | None = None) -> Housekept:
    told = plans if plans is not None else []
    return housekeep(home, chosen, default_watchlist(), now=lambda: NOW, said=told.append)


def require_bytes(home: Home) -> None:
    """See that each row, current or former, that readers have leads to its own bytes, at the place that is stated."""
    archive = Archive(home.archive)
    with Warehouse.open(home.warehouse) as warehouse:
        needed = needed_answers(warehouse, Generations(home.published))
    with open_published(home) as published:
        rows = published.execute(
            "SELECT snapshot_id, archive_file, archive_offset, sha256 FROM raw.snapshots"
        ).fetchall()
    stated = {name: place for name, *place in rows}
    assert needed <= stated.keys() and needed
    for name, (file, offset, sha256) in stated.items():
        found = archive.snapshot(file, offset)
        assert (found.id, found.sha256) == (name, sha256)


def rebuilt(home: Home, place: Path) -> dict[str, object]:
    """Read a home's archive into a fresh one."""
    (place / "archive").mkdir(parents=True)
    for path in home.archive.glob("*.warc.gz"):
        shutil.copyfile(path, place / "archive" / path.name)
    for path in sorted((place / "archive").glob("*.warc.gz")):
        ingest(Home(place), path, Settings(), None, now=lambda: NOW)
    return dict(content(place))


def test_by_default_nothing_of_the_archive_goes(home: Home) -> None:
    before = {path.name: path.read_bytes() for path in home.archive.glob("*.warc.gz")}
    plans: list[Plan] = []
    done = kept(home, Settings(), plans)
    after = {path.name: path.read_bytes() for path in home.archive.glob("*.warc.gz")}
    assert {name: after[name] for name in before} == before
    assert (plans, done.plan.freed_bytes, done.plan.files) == ([done.plan], 0, ())


def test_what_goes_is_said_before_and_every_row_still_reaches_its_bytes(home: Home, tmp_path: Path) -> None:
    before, size = content(home.root), sum(path.stat().st_size for path in home.archive.glob("*.warc.gz"))
    chosen = settings(archive_days=365)
    plan = look(home, chosen, now=lambda: NOW)
    assert plan.freed_bytes > 0 and sum(path.stat().st_size for path in home.archive.glob("*.warc.gz")) == size
    done = kept(home, chosen)
    assert done.plan.freed_bytes == plan.freed_bytes and done.archive_bytes == size - plan.freed_bytes
    assert differences(before, content(home.root)) == []
    require_bytes(home)
    assert look(home, chosen, now=lambda: NOW).freed_bytes == 0
    fresh = rebuilt(home, tmp_path / "fresh")
    assert differences(_answered(before), _answered(fresh)) == []


def _answered(found: dict[str, object]) -> dict[str, object]:
    """Leave out what tells of runs."""
    return {name: rows for name, rows in found.items() if name not in ("core.sources", "core.claim_checks")}
