"""Five days of one home that asks live, over TLS, with a clock of its own; made once, then looked at by many tests.

Saturday   the whole window of the sample; one host forbids its pages, another is in trouble over its robots.txt
Sunday     the same again, a day later: most hosts say that nothing changed
Monday     Tencent is busy, then turns us down; its last prices are a block page; nobody left a contact
Tuesday    all is well again
Wednesday  one company more on the watch list

The answers that are not of the sample archive are made up here, in the wire formats.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from extractors.fx import ecb_rates
from extractors.settings import Permission, Secret, Settings
from extractors.source import Window
from extractors.watchlist import WatchList, parse_watchlist
from flows.collect import Request, run_daily
from flows.report import RunReport
from flows.runner import PlainRunner
from samples.build import WINDOW
from samples.published import rows_of
from tests.end_to_end.rows import content, ledger
from tests.live_server import Asked, Internet, as_json, daily_bars, euro_rates, recorded
from tests.servers import Reply
from tests.threaded_clock import ThreadedClock
from warehouse.home import Home

SATURDAY = datetime(2025, 1, 11, 6, tzinfo=UTC)
COOKIE = "SUB=this-cookie-is-nobodys"
BUSY = Reply(b"busy", 503, {"Retry-After": "30"})
TOO_OFTEN = Reply(b"too often", 429, {"Retry-After": "60"})
GONE_FOR_A_DAY = Reply(b"back tomorrow", 503, {"Retry-After": "86400"})
BLOCK_PAGE = Reply(
    b"<!DOCTYPE html><html><head><title>Access denied</title></head><body>Please verify you are human</body></html>",
    headers={"Content-Type": "text/html"},
)
BARS = "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param={},day,{},{},800,"
MOVED = "https://cnevpost.com/2024/12/30/dragongate-sample-xiaomi-close/"
MOVED_TO = MOVED.replace("https://", "https://www.")
ONE_MORE = """
[[company]]
id = "leapmotor"
name = "Leapmotor"
name_zh = "零跑汽车"
country = "CN"
reporting_currency = "CNY"
followed_since = 2025-01-15

[[security]]
company = "leapmotor"
exchange = "XHKG"
code = "09863"
name = "LEAPMOTOR"
currency = "HKD"
share_class = "H"
is_primary = true
tencent = "hk09863"

[[account]]
platform = "bluesky"
owner = "leapmotor"
handle = "sample.example"
"""


@dataclass(frozen=True)
class Day:
    """One run: what it said, what was asked of the hosts, how long it would have slept, what it left."""

    at: datetime
    report: RunReport
    asked: list[Asked]
    connected: list[tuple[str, float]]
    slept: list[float]
    fetches: list[dict[str, Any]]
    log: str
    content: Mapping[str, pa.Table]

    def paths(self, host: str) -> list[str]:
        """List what was asked of one host, robots.txt apart."""
        return [one.path for one in self.asked if one.host == host and one.path != "/robots.txt"]

    def outcomes(self, source_id: str) -> set[tuple[str, str | None]]:
        """Name the outcomes and reasons of one source."""
        return {(one["outcome"], one["reason"]) for one in self.fetches if one["source_id"] == source_id}

    def window(self, source_id: str) -> Window:
        """Tell the days that one source was asked for."""
        (found,) = {
            (one["window_start_date"], one["window_end_date"]) for one in self.fetches if one["source_id"] == source_id
        }
        return Window(*found)

    @property
    def inserted(self) -> dict[str, int]:
        """Count the new rows of each table that has some."""
        return {name: one.inserted for name, one in self.report.loaded.items() if one.inserted}


class Week:
    """One home and its days."""

    def __init__(self, home: Path, net: Internet) -> None:
        self.home = Home(home)
        self.net = net
        self.days: dict[str, Day] = {}
        self._clock = ThreadedClock(SATURDAY)
        self._watchlist = net.watchlist
        self.settings = Settings(
            contact="operator@example.org",
            allowed_addresses=net.names,
            ca_bundle=net.ca_bundle,
            permissions={"weibo": Permission(by="operator", on=date(2025, 1, 1), because="my own account")},
            secrets={"weibo": Secret(COOKIE)},
        )

    def pass_by(self) -> None:
        """Live through all five days."""
        for day in (self._saturday, self._sunday, self._monday, self._tuesday, self._wednesday):
            day()
            self._clock = self._clock.next_day()

    def _saturday(self) -> None:
        self.net.robots["electrek.co"] = Reply(b"User-agent: *\nDisallow: /2025/\n")
        self.net.robots["china.hket.com"] = Reply(b"busy", 503)
        self.net.marked = frozenset({"data.sec.gov", "www.ecb.europa.eu", "cnevpost.com", "36kr.com"})
        self.net.pages[MOVED_TO] = recorded(MOVED)
        self.net.pages[MOVED] = Reply(b"", 301, {"Location": MOVED_TO})
        self._run("saturday", window=WINDOW)

    def _sunday(self) -> None:
        self._run("sunday")

    def _monday(self) -> None:
        friday = rows_of("euro_rates")[0]
        self.net.pages[ecb_rates.DAILY] = euro_rates([{**friday, "date": "2025-01-13", "USD": "1.0198"}])
        self.net.troubles["web.ifzq.gtimg.cn"] = [BUSY] * 4 + [TOO_OFTEN]
        self.net.troubles["qt.gtimg.cn"] = [BLOCK_PAGE]
        self.net.troubles["www.hket.com"] = [GONE_FOR_A_DAY]
        self._run("monday", settings=replace(self.settings, contact=""))
        self.net.troubles.clear()

    def _tuesday(self) -> None:
        del self.net.robots["china.hket.com"]
        late = daily_bars("hk01810", ("2025-01-13", "32.600", "33.100", "33.400", "32.500", "98765432.000"))
        self.net.pages[BARS.format("hk01810", "2025-01-05", "2025-01-14")] = late
        self._run("tuesday")

    def _wednesday(self) -> None:
        self._watchlist = self.net.watchlist = with_one_more(self._watchlist)
        bars = BARS.format("hk09863", "{}", "{}")
        self.net.pages[bars.format("2024-12-06", "2024-12-31")] = daily_bars(
            "hk09863", ("2024-12-30", "31.500", "32.000", "32.400", "31.200", "4000000.000")
        )
        self.net.pages[bars.format("2025-01-01", "2025-01-15")] = daily_bars(
            "hk09863", ("2025-01-14", "30.050", "30.400", "30.900", "29.800", "5000000.000")
        )
        self.net.pages["https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile?actor=sample.example"] = as_json(
            {"did": "did:plc:madeupmadeupmadeupmadeu2", "handle": "sample.example", "followersCount": 4321}
        )
        self._run("wednesday")

    def _run(self, name: str, *, window: Window | None = None, settings: Settings | None = None) -> None:
        self.net.begin()
        clock = self._clock
        request = Request(
            self.home, settings or self.settings, self._watchlist, window=window, means=self.net.means(clock)
        )
        with all_logs() as lines:
            report = run_daily(request, PlainRunner(), now=clock.now)
        fetches = ledger(self.home.root, f"SELECT * FROM fetches WHERE run_id = '{report.run_id}'")
        self.days[name] = Day(
            clock.at,
            report,
            self.net.asked,
            self.net.connected,
            clock.slept,
            fetches,
            "\n".join(lines),
            content(self.home.root),
        )


def with_one_more(watchlist: WatchList) -> WatchList:
    """Follow one company more: a few lines at the end of the file, and nothing else."""
    return parse_watchlist(watchlist.text + ONE_MORE)


class Lines(logging.Handler):
    """Keeps every line that anything in the process logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def all_logs() -> Iterator[list[str]]:
    """Listen to every logger for the length of a block."""
    root, handler = logging.getLogger(), Lines()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
