"""A run that ends by an exception: the next start takes in what it had archived and not loaded, once, and says so."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.archive import ArchiveError, ArchiveWriter
from extractors.settings import Settings
from extractors.source import Window
from flows.clients import Means
from flows.collect import Request, run_daily
from flows.report import RunReport
from flows.runner import PlainRunner
from flows.taking import Taker
from flows.watching import home_watchlist
from tests.end_to_end.commands import ROOT
from tests.end_to_end.rows import content, ledger
from tests.end_to_end.test_killed_live_run import DAYS, FEED
from tests.servers import Reply, Site, site
from tests.threaded_clock import ThreadedClock
from warehouse.database import Warehouse, WarehouseError
from warehouse.home import Home
from warehouse.ledger import Run, close_unwhole_run, files_taken_in, unwhole_runs, write_run

OUTLETS = ("one", "two", "three")
WINDOW = Window(date.fromisoformat(DAYS[1]), date.fromisoformat(DAYS[3]))
NOW = datetime(2025, 1, 11, 6, tzinfo=UTC)


@pytest.fixture
def outlets() -> Iterator[Site]:
    """Three feeds with a story each."""
    with site() as it:
        for outlet in OUTLETS:
            reply = Reply(FEED.format(outlet=outlet).encode(), headers={"Content-Type": "application/rss+xml"})
            it.says(f"/{outlet}/feed.xml", reply)
        yield it


@pytest.fixture
def home(outlets: Site, tmp_path: Path) -> Home:
    """A home that follows them."""
    feeds = [
        f'[[feed]]\nid = "{one}"\nurl = "{outlets.url(f"/{one}/feed.xml")}"\noutlet = "{one}"\nlanguage = "en"\n'
        for one in OUTLETS
    ]
    home = Home(tmp_path / "home")
    home.root.mkdir()
    companies = (ROOT / "tests" / "fixtures" / "watchlist.toml").read_text(encoding="utf-8").partition("[[feed]]")[0]
    home.watchlist.write_text("\n".join([companies, *feeds]), encoding="utf-8")
    return home


def run(home: Home, *only: str) -> RunReport:
    """Run as `dragongate run` does, without waiting for anybody."""
    watchlist, clock = home_watchlist(home), ThreadedClock(NOW)
    assert watchlist
    settings = Settings(contact="tests@example.org", allowed_addresses=frozenset({"127.0.0.1"}))
    means = Means(clock.monotonic, clock.sleep)
    request = Request(home, settings, watchlist, window=WINDOW, only=("watchlist_file", *only), means=means)
    return run_daily(request, PlainRunner(), now=clock.now)


def runs(home: Home) -> list[dict[str, Any]]:
    return ledger(home.root, "SELECT run_id, state, is_whole, message FROM runs ORDER BY started_at, is_whole")


def outlets_of(home: Home) -> list[str]:
    articles = content(home.root)["core.articles"].to_pylist()
    assert all(one["first_seen_at"] == one["fetched_at"] for one in articles)
    return sorted(one["outlet"] for one in articles)


def test_what_was_archived_before_the_disk_was_full_is_taken_in_by_the_next_start_and_only_once(
    home: Home, outlets: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, left = ArchiveWriter.response, [None] * 3  # robots.txt and two feeds

    def until_it_is_full(*args: Any) -> Any:
        if not left:
            raise ArchiveError("No space left on device")
        left.pop()
        return archive(*args)

    with monkeypatch.context() as patch:
        patch.setattr(ArchiveWriter, "response", until_it_is_full)
        with pytest.raises(ArchiveError, match="No space"):
            run(home, "news_feeds")
    (failed,) = runs(home)
    assert (failed["state"], failed["is_whole"]) == ("failed", False)
    asked = len(outlets.asked)
    following = run(home)
    assert following.finished == (failed["run_id"],)
    assert outlets_of(home) == ["one", "two"] and len(outlets.asked) == asked
    said = {one["run_id"]: one for one in runs(home)}
    assert said[failed["run_id"]] == {
        **failed,
        "is_whole": True,
        "message": f"{failed['message']}; what it had archived: taken in by {following.run_id}",
    }


def test_a_home_that_breaks_in_the_middle_of_a_load_loses_nothing(
    home: Home, outlets: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_loads_of_articles(patch, WarehouseError("the disk is full", where="here", mend="Free some."))
        with pytest.raises(WarehouseError, match="disk is full"):
            run(home, "news_feeds")
    following = run(home)
    assert len(following.finished) == 1 and outlets_of(home) == sorted(OUTLETS)
    assert sorted((one["state"], one["is_whole"]) for one in runs(home)) == [("completed", True), ("failed", True)]


def test_a_mistake_of_ours_in_a_load_leaves_the_run_not_whole_and_is_tried_again_until_it_is_mended(
    home: Home, outlets: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        break_loads_of_articles(patch, TypeError("a mistake of ours"))
        first = run(home, "news_feeds")
        assert [gap.reason for gap in first.gaps] == ["crashed"]
        second = run(home)
        assert (second.state, second.finished) == ("completed", ())
        (said,) = (one for one in runs(home) if one["run_id"] == first.run_id)
        assert not said["is_whole"] and "not loaded, the next start tries again (TypeError" in said["message"]
    third = run(home)
    assert third.finished == (first.run_id,) and outlets_of(home) == sorted(OUTLETS)
    (said,) = (one for one in runs(home) if one["run_id"] == first.run_id)
    assert said["is_whole"] and said["message"].endswith(f"taken in by {third.run_id}")
    assert "tries again" not in said["message"]


def test_a_run_is_taken_in_until_it_is_whole_and_an_old_one_by_its_state() -> None:
    """Runs that were written down before the column was there have none."""
    old = Run("old", "daily", "live", NOW, "1", "here", 1, archive_files=("old.warc.gz",), is_whole=None)
    with Warehouse.open_memory() as warehouse:
        for state in ("running", "completed", "completed_with_gaps", "failed", "died"):
            write_run(warehouse, replace(old, run_id=state, state=state, archive_files=(f"{state}.warc.gz",)))
        left = unwhole_runs(warehouse)
        assert {one.run_id for one in left} == {"running", "failed"}
        for one in left:
            close_unwhole_run(warehouse, one, at=NOW, by="this")
        assert unwhole_runs(warehouse) == [] and len(files_taken_in(warehouse)) == 5


def break_loads_of_articles(patch: pytest.MonkeyPatch, error: Exception) -> None:
    take_batch = Taker._take_batch

    def break_it(taker: Taker, taken: Any, *args: Any) -> None:
        if any(one.fetched.source_id == "news_feeds" for one in taken):
            raise error
        take_batch(taker, taken, *args)

    patch.setattr(Taker, "_take_batch", break_it)
