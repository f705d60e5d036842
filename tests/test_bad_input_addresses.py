"""A source that leads into a private network: refused before anything is connected to, counted and told."""

import socket
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.settings import Settings
from extractors.source import Window
from extractors.watchlist import Feed, WatchList
from flows.clients import Means
from flows.collect import Request, run_daily
from flows.report import RunReport, State
from flows.runner import PlainRunner
from tests.end_to_end.rows import ledger
from tests.servers import Reply, Site, site
from tests.threaded_clock import ThreadedClock
from warehouse.home import Home

PUBLIC = "93.184.216.34"
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = Window(date(2026, 11, 10), date(2026, 11, 10))
"""An older day, for which nothing can be stale."""
PRIVATE = {
    "inside.example": ["10.0.0.8"],
    "both.example": [PUBLIC, "192.168.1.1"],
    "six.example": ["fd00::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
}
TARGETS = (
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1/admin",
    "http://10.0.0.1:8080/",
    "http://[::1]/",
    "http://[fe80::1]/",
    "http://2130706433/",
    *(f"http://{name}/" for name in PRIVATE),
)
ENTRY = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>http://news.example/</link>'
    b"<item><title>Xiaomi</title><link>%s</link><pubDate>Tue, 10 Nov 2026 08:00:00 GMT</pubDate></item></channel></rss>"
)


class Recorder:
    """Stands in for names and connections: one public host leads to the test's own site, the rest is only noted."""

    def __init__(self, it: Site) -> None:
        self.reached: list[str] = []
        self._port = it.port

    def resolve(self, host: str, port: int) -> list[str]:
        numbers = host.replace(".", "").isdecimal() or ":" in host
        found = [host] if numbers else PRIVATE.get(host, [PUBLIC])
        return ["127.0.0.1"] if host == "2130706433" else found

    def connect(self, address: tuple[str, int], timeout: float, **_: Any) -> socket.socket:
        self.reached.append(address[0])
        if address[0] != PUBLIC:
            raise ConnectionRefusedError("no connection in a test")
        return socket.create_connection(("127.0.0.1", self._port), timeout)


def run(home: Home, recorder: Recorder, *only: str) -> RunReport:
    clock = ThreadedClock(AT)
    feed = Feed("news", "http://news.example/feed", "News")
    request = Request(
        home,
        Settings(robots=False),
        WatchList(feeds=(feed,)),
        window=DAY,
        only=only,
        means=Means(clock.monotonic, clock.sleep, recorder.resolve, recorder.connect),
    )
    return run_daily(request, PlainRunner(), now=clock.now)


@pytest.mark.parametrize("target", TARGETS)
def test_a_feed_that_redirects_inside_is_refused_before_any_connection(tmp_path: Path, target: str) -> None:
    home = Home(tmp_path)
    with site() as it:
        it.says("/feed", Reply(b"", 302, {"Location": target}))
        recorder = Recorder(it)
        report = run(home, recorder, "news_feeds")
    assert set(recorder.reached) == {PUBLIC}
    assert report.by_source == {"news_feeds": {"refused": 1}}
    assert (report.state, report.exit_code) == (State.COMPLETED_WITH_GAPS, 0)
    (gap,) = report.gaps
    assert (gap.source_id, gap.chunk, gap.outcome, gap.reason) == ("news_feeds", "news", "refused", "address")
    assert "allow the host by name in the settings" in gap.mend and "not public" in gap.message
    (row,) = ledger(home.root, "SELECT url, outcome, reason, attempts FROM fetches")
    assert (row["url"], row["outcome"], row["reason"]) == ("http://news.example/feed", "refused", "address")
    (hole,) = ledger(home.root, "SELECT state, reason, mend FROM answers WHERE chunk = 'news'")
    assert (hole["state"], hole["reason"], hole["mend"]) == ("missing", "refused: address", gap.mend)


@pytest.mark.parametrize(
    ("link", "outcomes"),
    [("http://inside.example/2026/story.html", {"refused": 1}), ("http://10.0.0.1/2026/11/10/story.html", None)],
    ids=["by name", "by number, which is no row and so never asked for"],
)
def test_an_article_inside_that_a_feed_points_to_is_not_read(
    tmp_path: Path, link: str, outcomes: dict[str, int] | None
) -> None:
    with site() as it:
        it.says("/feed", Reply(ENTRY % link.encode(), headers={"Content-Type": "application/rss+xml"}))
        recorder = Recorder(it)
        report = run(Home(tmp_path), recorder, "news_feeds", "news_articles")
    assert set(recorder.reached) == {PUBLIC}
    assert report.by_source["news_feeds"] == {"ok": 1}
    assert report.by_source.get("news_articles") == outcomes
    assert {gap.reason for gap in report.gaps} == ({"address"} if outcomes else set())


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://news.example/feed", "gopher://10.0.0.1/"])
def test_a_redirect_to_what_is_no_web_address_is_refused(tmp_path: Path, target: str) -> None:
    with site() as it:
        it.says("/feed", Reply(b"", 301, {"Location": target}))
        recorder = Recorder(it)
        report = run(Home(tmp_path), recorder, "news_feeds")
    assert set(recorder.reached) == {PUBLIC}
    assert report.by_source == {"news_feeds": {"refused": 1}} and report.gaps[0].reason == "address"
