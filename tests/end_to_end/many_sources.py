"""A large watch list, hosts for all of it, and six days in which one source after the other is in trouble.

200 lines on three exchanges, 100 accounts on four platforms, 50 feeds. The sessions are two weeks of 2023, with Hong
Kong closed by a typhoon and by black rain, a typhoon day of 2024 on which it traded, and the half day before Christmas.

first    28 August to 1 September 2023: the exchange of Hong Kong is closed on the last day, by a typhoon
second   4 to 8 September 2023: closed on the last day, by black rain; New York on the first; Bluesky has a new field
third    11 to 14 November 2024: it trades through a typhoon; GitHub answers 429 and asks for half a minute
fourth   19 to 24 December 2024: a half day; Telegram shows a block page with status 200; two prices disagree
fifth    25 to 27 December 2024: Mastodon servers name their count otherwise from now on
sixth    30 December 2024: Bluesky closes every connection

Prices are made up: a line's close follows from its number and the day.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from extractors.settings import Settings
from extractors.source import Window
from extractors.watchlist import WatchList, parse_watchlist
from flows.collect import Request, run_daily
from flows.report import RunReport
from flows.runner import PlainRunner
from tests.end_to_end.rows import ledger
from tests.live_server import OPEN, Asked, Internet, as_json, daily_bars, euro_rates
from tests.servers import Reply
from tests.threaded_clock import ThreadedClock
from warehouse.home import Home

LINES = {"XHKG": 120, "XNAS": 50, "XSHG": 30}
ACCOUNTS = 25
"""On each platform."""
FEEDS = 50
MASTODON = [f"social{number}.example" for number in range(5)]
HOSTS = (
    "api.github.com", "public.api.bsky.app", "t.me", "qt.gtimg.cn", "web.ifzq.gtimg.cn", "www.ecb.europa.eu",
    *MASTODON, *(f"outlet{number}.example" for number in range(FEEDS)),
)  # fmt: skip
CLOSED = {
    "XHKG": {date(2023, 9, 1), date(2023, 9, 8), date(2024, 12, 25), date(2024, 12, 26)},
    "XNAS": {date(2023, 9, 4), date(2024, 12, 25)},
    "XSHG": set[date](),
}
"""Weekdays within the windows on which an exchange did not trade, by its own announcements."""
FOLLOWED_SINCE = date(2023, 8, 28)
DISPUTED = ("XHKG", 7, date(2024, 12, 24))
"""The line and day on which the two calls of Tencent disagree."""
TOO_OFTEN = Reply(b'{"message":"API rate limit exceeded"}', 429, {"Retry-After": "30"})
BLOCK_PAGE = Reply(
    b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>",
    headers={"Content-Type": "text/html"},
)
HUNG_UP = Reply(status=0)


@dataclass(frozen=True)
class Plan:
    """One run: its days, when it is, and what goes wrong."""

    window: Window
    at: datetime
    troubles: dict[str, Reply] = field(default_factory=dict)
    """By host, in place of everything that it would say."""


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


PLANS = {
    "first": Plan(Window(date(2023, 8, 28), date(2023, 9, 1)), _at("2023-09-02 04:00")),
    "second": Plan(Window(date(2023, 9, 4), date(2023, 9, 8)), _at("2023-09-09 04:00")),
    "third": Plan(
        Window(date(2024, 11, 11), date(2024, 11, 14)), _at("2024-11-15 00:00"), {"api.github.com": TOO_OFTEN}
    ),
    "fourth": Plan(Window(date(2024, 12, 19), date(2024, 12, 24)), _at("2024-12-25 00:00"), {"t.me": BLOCK_PAGE}),
    "fifth": Plan(Window(date(2024, 12, 25), date(2024, 12, 27)), _at("2024-12-28 04:00")),
    "sixth": Plan(
        Window(date(2024, 12, 30), date(2024, 12, 30)), _at("2024-12-31 00:00"), {"public.api.bsky.app": HUNG_UP}
    ),
}


def sessions(exchange: str, window: Window) -> list[date]:
    """List the days of a window on which an exchange traded."""
    days = [window.start + timedelta(n) for n in range((window.end - window.start).days + 1)]
    return [day for day in days if day.weekday() < 5 and day not in CLOSED[exchange]]


def close_of(number: int, day: date) -> Decimal:
    """Give a line's close: it follows from the line's number and the day."""
    return Decimal(10 + number) + Decimal(day.toordinal() % 50) / 10


def code_of(exchange: str, number: int) -> str:
    """Give an exchange's own code of a line."""
    return {"XHKG": f"{100 + number:05}", "XNAS": f"Q{_letters(number)}", "XSHG": f"{600100 + number}"}[exchange]


def _letters(number: int) -> str:
    return chr(65 + number // 26) + chr(65 + number % 26)


def _tencent(exchange: str, number: int) -> tuple[str, str]:
    """Give the codes of the realtime call and of the daily bars."""
    code = code_of(exchange, number)
    if exchange == "XNAS":
        return f"us{code}", f"us{code}.OQ"
    whole = {"XHKG": "hk", "XSHG": "sh"}[exchange] + code
    return whole, whole


BY_CODE = {
    code: (exchange, number)
    for exchange, count in LINES.items()
    for number in range(count)
    for code in _tencent(exchange, number)
}


def large_watchlist() -> WatchList:
    """Write and read the watch list."""
    return parse_watchlist("\n".join(_entries()))


def _entries() -> Iterator[str]:
    yield '[[company]]\nid = "main"\nname = "Main"\nreporting_currency = "CNY"\nis_main = true\n'
    for exchange, count in LINES.items():
        for number in range(count):
            yield _company_and_line(exchange, number)
    for number in range(ACCOUNTS):
        yield _account("github", f"octo{number}", str(1000 + number))
        yield _account("bluesky", f"sky{number}.example", "")
        yield _account("telegram", f"channel_{number}", "")
        yield _account("mastodon", f"toot{number}@{MASTODON[number % len(MASTODON)]}", "")
    for number in range(FEEDS):
        yield (
            f'[[feed]]\nid = "feed{number}"\nurl = "https://outlet{number}.example/rss"\noutlet = "Outlet {number}"\n'
            "read_pages = false\n"
        )


def _company_and_line(exchange: str, number: int) -> str:
    name = f"{exchange.lower()}-{number}"
    realtime, daily = _tencent(exchange, number)
    currency = {"XHKG": "HKD", "XNAS": "USD", "XSHG": "CNY"}[exchange]
    return (
        f'[[company]]\nid = "{name}"\nname = "Sample {name}"\nreporting_currency = "CNY"\n'
        f"followed_since = {FOLLOWED_SINCE}\n\n"
        f'[[security]]\ncompany = "{name}"\nexchange = "{exchange}"\ncode = "{code_of(exchange, number)}"\n'
        f'currency = "{currency}"\nis_primary = true\ntencent = "{realtime}"\n'
        + (f'tencent_daily = "{daily}"\n' if daily != realtime else "")
    )


def _account(platform: str, handle: str, platform_id: str) -> str:
    known = f'platform_id = "{platform_id}"\n' if platform_id else ""
    return f'[[account]]\nplatform = "{platform}"\nowner = "main"\nhandle = "{handle}"\n{known}'


class Hosts(Internet):
    """All the hosts, on the day of one plan."""

    plan: Plan
    name = ""

    def answer(self, host: str, path: str, headers: dict[str, str]) -> Reply:
        """Answer one request as its host does."""
        if path == "/robots.txt":
            return OPEN
        if host in self.plan.troubles:
            return self.plan.troubles[host]
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if host in MASTODON:
            return self._mastodon(asked["acct"], host)
        if host.startswith("outlet"):
            return self._feed(host)
        kinds = {
            "web.ifzq.gtimg.cn": lambda: self._bars(asked["param"]),
            "qt.gtimg.cn": lambda: self._last_prices(unquote(path).removeprefix("/q=").split(",")),
            "www.ecb.europa.eu": lambda: self._rates(parts.path),
            "api.github.com": lambda: self._github(parts.path.rpartition("/")[2]),
            "public.api.bsky.app": lambda: self._bluesky(asked["actor"]),
            "t.me": lambda: self._telegram(),
        }
        return kinds[host]()

    def _bars(self, param: str) -> Reply:
        code, _, first, last, *_ = param.split(",")
        exchange, number = BY_CODE[code]
        window = Window(date.fromisoformat(first), date.fromisoformat(last))
        bars = []
        for day in sessions(exchange, window):
            price = f"{close_of(number, day):.3f}"
            bars.append((str(day), price, price, price, price, "1000.000"))
        return daily_bars(code, *bars)

    def _last_prices(self, codes: list[str]) -> Reply:
        lines = "".join(f'v_{code}="{"~".join(self._last_price(code))}";\n' for code in codes)
        return Reply(lines.encode("gb18030"), headers={"Content-Type": "text/html; charset=GBK"})

    def _last_price(self, code: str) -> list[str]:
        """Write the last price before now, as its market lays it out."""
        exchange, number = BY_CODE[code]
        day = sessions(exchange, Window(date(2023, 8, 1), self.plan.window.end))[-1]
        is_half_day = day == date(2024, 12, 24) and exchange == "XHKG"
        market, length, when, currency_at, currency = {
            "XHKG": ("100", 78, f"{day:%Y/%m/%d} {'12:08:10' if is_half_day else '16:08:10'}", 75, "HKD"),
            "XNAS": ("200", 71, f"{day} 16:00:03", 35, "USD"),
            "XSHG": ("1", 88, f"{day:%Y%m%d}150003", 82, "CNY"),
        }[exchange]
        close = close_of(number, day)
        if (exchange, number, day) == DISPUTED:
            close += 1
        price = f"{close:.3f}"
        fields = {
            0: market,
            1: f"Sample {number}",
            2: code_of(exchange, number),
            3: price,
            4: price,
            5: price,
            6: "1000",
        }
        fields |= {30: when, 31: "0.000", 32: "0.00", 33: price, 34: price, 36: "1000", currency_at: currency}
        return [fields.get(position, "") for position in range(length)]

    def _rates(self, path: str) -> Reply:
        days = [
            {"date": str(day), "USD": "1.0800", "HKD": "8.4300", "CNY": "7.8000"}
            for day in sessions("XSHG", Window(date(2023, 8, 28), self.plan.window.end))
            if day not in (date(2024, 12, 25), date(2024, 12, 26))
        ]
        if path.endswith("-daily.xml"):
            return euro_rates(days[-1:])
        if path.endswith("-90d.xml"):
            return euro_rates(reversed(days[-60:]))
        head = "Date,USD,HKD,CNY,"
        rows = [",".join([*day.values(), ""]) for day in reversed(days)]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as packed:
            packed.writestr("eurofxref-hist.csv", "\n".join([head, *rows]) + "\n")
        return Reply(out.getvalue(), headers={"Content-Type": "application/zip"})

    def _github(self, login: str) -> Reply:
        number = int(login.removeprefix("octo"))
        return as_json({"login": login, "id": 1000 + number, "type": "Organization", "followers": 10_000 + number})

    def _bluesky(self, actor: str) -> Reply:
        number = int(actor.removeprefix("sky").removesuffix(".example"))
        profile = {"did": f"did:plc:sample{number}", "handle": actor, "followersCount": 5_000 + number}
        return as_json(profile | ({"badgeCount": 3} if self.name == "second" else {}))

    def _telegram(self) -> Reply:
        page = (
            "<!DOCTYPE html><html><head><title>Telegram: Contact</title></head><body>"
            '<div class="tgme_page"><div class="tgme_page_extra">1 204 subscribers</div></div></body></html>'
        )
        return Reply(page.encode(), headers={"Content-Type": "text/html"})

    def _mastodon(self, user: str, server: str) -> Reply:
        number = int(user.removeprefix("toot"))
        count = "followers_total" if self.name in ("fifth", "sixth") else "followers_count"
        return as_json(
            {"id": str(7000 + number), "username": user, "acct": user, "url": f"https://{server}/@{user}", count: 70}
        )

    def _feed(self, host: str) -> Reply:
        day = self.plan.window.end
        item = (
            f"<item><title>Sample of {day}</title><link>https://{host}/{day}</link>"
            f"<pubDate>{day:%a, %d %b %Y} 06:00:00 +0000</pubDate></item>"
        )
        rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{host}</title>{item}</channel></rss>'
        return Reply(rss.encode(), headers={"Content-Type": "application/rss+xml"})


@dataclass(frozen=True)
class Day:
    """One run, and what the hosts saw of it."""

    plan: Plan
    report: RunReport
    asked: list[Asked]
    connected: list[tuple[str, float]]
    slept: list[float]
    fetches: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    completeness: list[dict[str, Any]]

    def outcomes(self, source_id: str) -> list[tuple[str, str | None, int]]:
        """List outcome, reason and attempts of each request to a source."""
        return [
            (one["outcome"], one["reason"], one["attempts"]) for one in self.fetches if one["source_id"] == source_id
        ]


def live_through(home: Home, hosts: Hosts) -> dict[str, Day]:
    """Run all days, one after the other."""
    settings = Settings(allowed_addresses=hosts.names, ca_bundle=hosts.ca_bundle)
    return {name: _live(name, plan, home, hosts, settings) for name, plan in PLANS.items()}


def _live(name: str, plan: Plan, home: Home, hosts: Hosts, settings: Settings) -> Day:
    hosts.begin()
    hosts.name, hosts.plan = name, plan
    clock = ThreadedClock(plan.at)
    request = Request(home, settings, hosts.watchlist, window=plan.window, means=hosts.means(clock))
    report = run_daily(request, PlainRunner(), now=clock.now)
    this_run = f"WHERE run_id = '{report.run_id}'"
    return Day(
        plan,
        report,
        hosts.asked,
        hosts.connected,
        clock.slept,
        ledger(home.root, f"SELECT * FROM fetches {this_run} ORDER BY fetch_number"),
        ledger(home.root, f"SELECT * FROM answers {this_run}"),
        ledger(home.root, f"SELECT * FROM completeness {this_run}"),
    )
