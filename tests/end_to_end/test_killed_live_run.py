"""A live run that is killed after it archived answers and before it loaded them: the next start takes them in."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import pytest

from extractors.settings_file import read_settings
from flows.clock import utc_now
from flows.job import Job, start
from flows.taking import Taker
from flows.watching import home_watchlist
from tests.end_to_end.commands import ROOT, dragongate, kill, started
from tests.end_to_end.rows import content, ledger
from tests.servers import Reply, Site, site
from warehouse.home import Home
from warehouse.ledger import unwhole_runs

DAYS = ("--from", "2025-01-02", "--to", "2025-01-10")
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>{outlet}</title><link>https://{outlet}.example/</link>
<item><title>A story for the project, told by {outlet}</title><link>https://{outlet}.example/news/2025/01/story.html</link>
<guid>{outlet}-1</guid><pubDate>Thu, 02 Jan 2025 09:00:00 +0000</pubDate><description>Xiaomi.</description></item>
</channel></rss>
"""
SETTINGS = """
contact = "tests@example.org"
allowed_addresses = ["127.0.0.1"]
[paces]
news_feeds = 0
"""
OUTLETS = ("one", "two", "three")


@pytest.fixture
def outlets() -> Iterator[Site]:
    """Two feeds that answer at once; the third keeps whoever asks waiting until the test is over."""
    over = Event()

    def keep_waiting(handler: BaseHTTPRequestHandler) -> None:
        over.wait()
        handler.close_connection = True

    with site() as it:
        for outlet in OUTLETS[:2]:
            reply = Reply(FEED.format(outlet=outlet).encode(), headers={"Content-Type": "application/rss+xml"})
            it.says(f"/{outlet}/feed.xml", reply)
        it.says("/three/feed.xml", keep_waiting)
        yield it
        over.set()


@pytest.fixture
def home(outlets: Site, tmp_path: Path) -> Path:
    """A home that follows these three feeds."""
    feeds = [
        f'[[feed]]\nid = "{one}"\nurl = "{outlets.url(f"/{one}/feed.xml")}"\noutlet = "{one}"\nlanguage = "en"\n'
        for one in OUTLETS
    ]
    home = tmp_path / "home"
    home.mkdir()
    (home / "dragongate.toml").write_text(SETTINGS, encoding="utf-8")
    companies = (ROOT / "tests" / "fixtures" / "watchlist.toml").read_text(encoding="utf-8").partition("[[feed]]")[0]
    (home / "watchlist.toml").write_text("\n".join([companies, *feeds]), encoding="utf-8")
    return home


def test_answers_that_a_killed_run_had_archived_are_loaded_by_the_next_start(home: Path, outlets: Site) -> None:
    sources = ("--source", "watchlist_file", "--source", "news_feeds")
    process = started("run", "--home", str(home), *DAYS, *sources, "--no-server")
    while "/three/feed.xml" not in outlets.paths():
        assert process.poll() is None, process.communicate()
    kill(process)
    assert process.returncode < 0
    assert not (home / "published" / "warehouse.duckdb").exists()
    asked = len(outlets.asked)
    following = dragongate("run", "--home", str(home), *DAYS, "--source", "watchlist_file", "--no-server", "--json")
    assert following.code == 0, following.err
    assert len(outlets.asked) == asked
    articles = content(home)["core.articles"].to_pylist()
    assert sorted(one["outlet"] for one in articles) == ["one", "two"]
    assert all(one["first_seen_at"] == one["fetched_at"] for one in articles)
    runs = ledger(home, "SELECT run_id, state, archive_files FROM runs ORDER BY started_at")
    assert [run["state"] for run in runs] == ["died", "completed"]
    taken = ledger(home, "SELECT run_id, outcome, moves_cursor FROM fetches WHERE source_id = 'news_feeds'")
    assert taken == [{"run_id": runs[1]["run_id"], "outcome": "ok", "moves_cursor": False}] * 2
    again = dragongate("run", "--home", str(home), *DAYS, "--source", "watchlist_file", "--no-server", "--json")
    assert again.code == 0 and "news_feeds" not in again.json["by_source"]


def test_a_start_that_is_killed_while_it_takes_answers_in_leaves_them_to_the_one_after(
    home: Path, outlets: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = started("run", "--home", str(home), *DAYS, "--source", "news_feeds", "--no-server")
    while "/three/feed.xml" not in outlets.paths():
        assert process.poll() is None, process.communicate()
    kill(process)
    place = Home(home)
    with monkeypatch.context() as patch:
        patch.setattr(Taker, "take", _is_killed)
        with pytest.raises(KeyboardInterrupt), _job(place):
            raise AssertionError("the start takes in what is left before anything else")
    with _job(place) as job:
        assert job.tally.outcomes["news_feeds"] == {"ok": 2}
        assert [run.run_id for run in unwhole_runs(job.warehouse)] == [job.run.run_id]


def _is_killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def _job(place: Home) -> AbstractContextManager[Job]:
    watchlist = home_watchlist(place)
    assert watchlist
    return start(place, read_settings(place.root, {}), watchlist, flow="daily", mode="live", now=utc_now)
