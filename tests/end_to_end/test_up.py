"""`dragongate up` as an operator runs it: one process tree that works by the schedules and ends in good order."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
import requests

from extractors.settings_file import read_settings
from flows.collect import Request, run_daily
from flows.runner import PlainRunner
from flows.scheduling.heartbeat import read_heartbeat
from flows.scheduling.scheduled import named_schedules
from flows.scheduling.scheduler import Outside, Scheduler
from flows.scheduling.schedules import Turn, sources_of
from flows.watching import home_watchlist, schedules_of
from tests.end_to_end.commands import dragongate, environment
from tests.end_to_end.rows import content, ledger
from tests.servers import Reply, Site, site
from warehouse.home import Home
from warehouse.scheduled import scheduled_runs

LONGEST_SECONDS = 300.0
MARK = "DRAGONGATES_TEST_OF_UP"
"""What every process of one test has in its environment, whichever session it stands in."""
OUTLETS = ("one", "two")
SETTINGS = 'contact = "tests@example.org"\nallowed_addresses = ["127.0.0.1"]\n[paces]\nnews_feeds = 0\n'
COMPANY = '[[company]]\nid = "xiaomi"\nname = "Xiaomi"\nreporting_currency = "CNY"\nis_main = true\n'
SCHEDULES = """
[[schedule]]
name = "feeds"
every = "2h"
sources = ["news_feeds"]
"""
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>{outlet}</title><link>https://{outlet}.example/</link>
<item><title>A story for the project, told by {outlet}</title><link>https://{outlet}.example/news/story.html</link>
<guid>{outlet}-1</guid><pubDate>Thu, 02 Jan 2025 09:00:00 +0000</pubDate><description>Xiaomi.</description></item>
</channel></rss>
"""
needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to see who is left")


@dataclass
class Up:
    """One `dragongate up` and all that it started."""

    process: subprocess.Popen[str]
    mark: str

    def said(self, home: Path) -> str:
        return (home / "up.log").read_text(encoding="utf-8")

    def wait_for(self, home: Path, *words: str) -> None:
        """Wait until the log has all of these words."""
        until = time.monotonic() + LONGEST_SECONDS
        while not all(word in self.said(home) for word in words):
            assert self.process.poll() is None and time.monotonic() < until, self.said(home)
            time.sleep(0.05)

    def left(self) -> dict[int, str]:
        """Name the processes that are left of it."""
        return marked(self.mark)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=LONGEST_SECONDS)


def marked(mark: str) -> dict[int, str]:
    """Name the living processes that have a mark in their environment."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except (OSError, ValueError):
            continue
    return found


@pytest.fixture
def ups() -> Iterator[list[Up]]:
    """Collects what a test starts; whatever it leaves behind is killed."""
    found: list[Up] = []
    yield found
    for one in found:
        for process in one.left():
            os.kill(process, signal.SIGKILL)
        one.process.wait()


def begin(home: Path, *words: str, ups: list[Up], **more: str) -> Up:
    mark = uuid4().hex
    with (home / "up.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [*COMMAND, "up", "--home", str(home), *words],
            env=environment(**{MARK: mark, **more}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    ups.append(Up(process, mark))
    return ups[-1]


COMMAND = [sys.executable, "-m", "flows.main"]


@pytest.fixture
def outlets() -> Iterator[tuple[Site, Event]]:
    """Two feeds; the second keeps whoever asks waiting until the event is set."""
    over = Event()

    def keep_waiting(handler: BaseHTTPRequestHandler) -> None:
        over.wait()
        handler.close_connection = True

    with site() as it:
        for outlet in OUTLETS:
            reply = Reply(FEED.format(outlet=outlet).encode(), headers={"Content-Type": "application/rss+xml"})
            it.says(f"/{outlet}/feed.xml", *([keep_waiting] if outlet == "two" else []), reply)
        yield it, over
        over.set()


def make_home(folder: Path, it: Site, schedules: str = SCHEDULES) -> Path:
    """A home that follows these two feeds."""
    feeds = [
        f'[[feed]]\nid = "{one}"\nurl = "{it.url(f"/{one}/feed.xml")}"\noutlet = "{one}"\nread_pages = false\n'
        for one in OUTLETS
    ]
    folder.mkdir()
    (folder / "dragongate.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "watchlist.toml").write_text("\n".join([COMPANY, *feeds, schedules]), encoding="utf-8")
    return folder


def states(home: Path) -> list[tuple[str, list[str]]]:
    found = ledger(home, "SELECT state, schedules FROM runs ORDER BY started_at")
    return [(one["state"], one["schedules"]) for one in found]


@needs_proc
def test_a_run_and_its_scheduler_that_are_killed_are_closed_and_finished_by_the_next(
    outlets: tuple[Site, Event], tmp_path: Path, ups: list[Up]
) -> None:
    it, over = outlets
    home = make_home(tmp_path / "home", it)
    first = begin(home, "--no-server", "--no-service", ups=ups)
    first.wait_for(home, "run for feeds")
    while "/two/feed.xml" not in it.paths():
        assert first.process.poll() is None, first.said(home)
        time.sleep(0.02)
    for process in first.left():
        os.kill(process, signal.SIGKILL)
    first.process.wait()
    assert not (home / "published" / "ops.duckdb").exists(), "killed in the middle"
    over.set()
    second = begin(home, "--no-server", "--no-service", ups=ups)
    second.wait_for(home, " completed after ")
    assert second.end() == 0
    assert states(home) == [("died", ["feeds"]), ("completed", ["feeds"])]
    articles = content(home)["core.articles"].to_pylist()
    assert sorted(one["outlet"] for one in articles) == ["one", "two"]
    assert second.left() == {}


@needs_proc
def test_a_signal_ends_the_run_under_way_the_page_and_the_scheduler_and_the_next_run_goes_on(
    outlets: tuple[Site, Event], tmp_path: Path, ups: list[Up]
) -> None:
    it, over = outlets
    home = make_home(tmp_path / "home", it)
    running = begin(home, "--no-server", "--port", "0", ups=ups)
    running.wait_for(home, "run for feeds", "The status page is at http://127.0.0.1:")
    page = running.said(home).partition("The status page is at ")[2].split()[0]
    assert requests.get(f"{page}livez", timeout=10).status_code == 200
    while "/two/feed.xml" not in it.paths():
        time.sleep(0.02)
    running.process.send_signal(signal.SIGINT)
    running.wait_for(home, "ending the run for feeds")
    over.set()
    assert running.process.wait(timeout=LONGEST_SECONDS) == 0
    assert running.left() == {}
    assert "ended; nothing is left running" in running.said(home) and "Traceback" not in running.said(home)
    with socket.socket() as again:
        again.bind(("127.0.0.1", int(page.rstrip("/").rpartition(":")[2])))
    beat = read_heartbeat(Home(home))
    assert beat is not None and beat.pid == running.process.pid and [one.schedule for one in beat.next] == ["feeds"]
    following = dragongate("run", "--home", str(home), "--if-due", "--no-server", "--json")
    assert following.code == 0, following.err
    last = states(home)
    assert last[-1] == ("completed", ["feeds"]) and {state for state, _ in last[:-1]} <= {"died", "failed"}
    assert len(last) == 2
    assert dragongate("run", "--home", str(home), "--if-due", "--no-server").out == "No schedule is due.\n"


@dataclass(frozen=True)
class Done:
    """A run in this process, which is over before anybody asks."""

    code: int

    def ended_with(self) -> int:
        return self.code

    def end(self) -> None:
        raise AssertionError("it is over")


def test_three_days_of_downtime_are_one_real_run_that_asks_from_the_cursor_on(
    outlets: tuple[Site, Event], tmp_path: Path
) -> None:
    it, over = outlets
    over.set()
    it.says("/two/feed.xml", Reply(FEED.format(outlet="two").encode(), headers={"Content-Type": "application/rss+xml"}))
    place = Home(make_home(tmp_path / "home", it))
    clock = [datetime(2025, 3, 6, 13, 0, tzinfo=UTC)]

    def run(turn: Turn) -> Done:
        watchlist = home_watchlist(place)
        assert watchlist is not None
        only = sources_of(named_schedules(place, turn.names))
        request = Request(place, read_settings(place.root, {}), watchlist, only=only, schedules=turn.names)
        return Done(run_daily(request, PlainRunner(), now=lambda: clock[0]).exit_code)

    def look(*hours: float) -> None:
        for hour in hours:
            clock[0] += timedelta(hours=hour)
            scheduler.tick()

    outside = Outside(lambda: clock[0], run, lambda: schedules_of(place), lambda: scheduled_runs(place))
    scheduler = Scheduler(place, outside, since=clock[0])
    look(0, 0.5, 0.5, 0.1)
    clock[0] += timedelta(days=3)
    scheduler = Scheduler(place, outside, since=clock[0])
    look(0.2, 0.1, 0.1, 0.1)
    runs = ledger(place.root, "SELECT run_id, started_at FROM runs ORDER BY started_at")
    assert [f"{one['started_at']:%d %H:%M}" for one in runs] == ["06 13:00", "06 14:00", "09 14:18"]
    windows = ledger(
        place.root,
        f"SELECT DISTINCT window_start_date, window_end_date FROM fetches WHERE source_id = 'news_feeds' "
        f"AND run_id = '{runs[-1]['run_id']}'",
    )
    assert [(f"{one['window_start_date']}", f"{one['window_end_date']}") for one in windows] == [
        ("2025-02-27", "2025-03-09")
    ], "the cursor stands at 6 March; the last seven days before it are asked for again"


def _planned(server: str, deployment: str) -> int:
    """Count the runs that Prefect has planned of a deployment, once it has; it looks every five seconds."""
    until = time.monotonic() + LONGEST_SECONDS
    wanted = {"deployments": {"id": {"any_": [deployment]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    found = 0
    while not found and time.monotonic() < until:
        found = requests.post(f"{server}/api/flow_runs/count", json=wanted, timeout=30).json()
        time.sleep(0.1)
    return found


@needs_proc
def test_with_prefect_the_pages_are_there_the_run_is_seen_and_schedules_become_deployments(
    outlets: tuple[Site, Event], tmp_path: Path, ups: list[Up]
) -> None:
    it, over = outlets
    over.set()
    closes = '\n[[schedule]]\nname = "closes"\nafter = "XNYS close"\ndelay = "1h"\nkinds = ["calendar"]\n'
    home = make_home(tmp_path / "home", it, SCHEDULES + closes)
    running = begin(home, "--port", "0", "--server-port", "0", "--no-service", ups=ups)
    running.wait_for(home, "Prefect's server is at ", "run for closes (")
    server = running.said(home).partition("Prefect's server is at ")[2].split()[0]
    assert "<title>" in requests.get(server, timeout=30).text, "the web interface"
    deployed = dragongate("deploy", "--home", str(home), "--json", PREFECT_API_URL=f"{server}/api")
    assert deployed.code == 0, deployed.err
    assert deployed.json["is_pool_new"] is True
    found = {one["name"]: one for one in requests.post(f"{server}/api/deployments/filter", json={}, timeout=30).json()}
    assert found.keys() == {"feeds", "closes"}
    for name, one in found.items():
        assert one["parameters"] == {"home": str(home), "schedules": [name]}
        assert (one["work_pool_name"], one["work_queue_name"]) == ("dragongate", "one-at-a-time")
        assert one["global_concurrency_limit"]["limit"] == 1
    assert [one["schedule"]["interval"] for one in found["feeds"]["schedules"]] == [7200.0]
    times = [(one["schedule"]["cron"], one["schedule"]["timezone"]) for one in found["closes"]["schedules"]]
    assert ("0 17 * * 1,2,3,4,5", "America/New_York") in times and len(times) > 1
    running.wait_for(home, " completed after ")
    (run,) = ledger(home, "SELECT run_id FROM runs")
    # Prefect plans hundreds of runs of the deployments ahead, which would fill the page that an answer is.
    ours = {"flow_runs": {"tags": {"all_": [f"run:{run['run_id']}"]}}}
    seen = requests.post(f"{server}/api/flow_runs/filter", json=ours, timeout=30).json()
    assert [one["state_name"] for one in seen] == ["Completed"], running.said(home)
    assert _planned(server, found["feeds"]["id"]) > 0, "a worker of the pool finds runs to do"
    assert running.end() == 0
    assert running.left() == {}
    assert json.loads((home / "heartbeat.json").read_text())["next"]
