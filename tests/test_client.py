"""The client asks gently, archives first and names every outcome."""

import gzip
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from extractors.archive import Archive, ArchiveError, Broken
from extractors.client import Client, Fetched
from extractors.settings import Limits, Permission, Secret, Settings
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Source
from extractors.transport import LiveTransport
from tests.archives import NOON, Clock
from tests.servers import Reply, Site, send, site
from tests.test_archive_reading import zeros

SOURCE = Source(
    "example",
    title="Example",
    publisher="Example",
    kind="news",
    home_url="http://127.0.0.1",
    pace=Pace(0),
    tables=(),
    terms="Free.",
)
SETTINGS = Settings(contact="a@example.org", allowed_addresses=frozenset({"127.0.0.1"}))


class Home:
    """One home with its archive, a clock that stands still and a client."""

    def __init__(self, folder: Path, settings: Settings = SETTINGS) -> None:
        self.clock = Clock()
        self.archive = Archive(folder / "archive")
        self.settings = settings
        self.number = 0
        self.run()

    def run(self, settings: Settings | None = None) -> "Home":
        """Begin another run in the same home."""
        self.close() if self.number else None
        self.number += 1
        self.settings = settings or self.settings
        self.writer = self.archive.start(f"run-{self.number}", self.clock.now)
        self.transport = LiveTransport(self.settings, monotonic=self.clock.monotonic)
        self.client = Client(
            self.settings,
            self.transport,
            self.writer,
            self.archive,
            now=self.clock.now,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
        )
        return self

    def get(self, url: str, source: Source = SOURCE, **more: Any) -> Fetched:
        return self.client.get(source, url, **more)

    def archived(self) -> list[Snapshot | Broken]:
        return [one for path in self.archive.files() for one in self.archive.read(path.name)]

    def statuses(self) -> list[int | str]:
        return [one.reason if isinstance(one, Broken) else one.status for one in self.archived()]

    def close(self) -> None:
        self.client.close()
        self.writer.close()


@pytest.fixture
def it() -> Iterator[Site]:
    with site() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    yield made
    made.close()


def outcome(fetched: Fetched) -> tuple[str, str]:
    return (fetched.outcome.value, fetched.reason)


def test_an_answer_is_archived_and_handed_out(home: Home, it: Site) -> None:
    url = it.says("/a?b=1", Reply(gzip.compress(b"[1]"), headers={"Content-Encoding": "gzip", "ETag": 'W/"x"'}))
    fetched = home.get(url, chunk="XHKG:01810", headers={"X-Wanted": "yes"})
    assert (fetched.source_id, fetched.chunk, fetched.method, fetched.url) == ("example", "XHKG:01810", "GET", url)
    assert (outcome(fetched), fetched.attempts, fetched.requested_at) == (("ok", ""), 1, NOON)
    assert fetched.snapshot is not None and fetched.snapshot.body == b"[1]"
    assert home.archived()[-1] == fetched.snapshot
    headers = it.asked[-1][1]
    assert re.fullmatch(r"Dragongate/\S+ \(\+a@example\.org\)", headers["user-agent"])
    assert (headers["accept-encoding"], headers["x-wanted"]) == ("gzip, deflate", "yes")
    assert "cookie" not in headers


@pytest.mark.parametrize("status", [200, 400, 401, 404, 410, 451])
def test_an_answer_of_any_status_is_ok_for_the_fetch(home: Home, it: Site, status: int) -> None:
    fetched = home.get(it.says("/a", Reply(status=status)))
    assert outcome(fetched) == ("ok", "")
    assert fetched.snapshot is not None and fetched.snapshot.status == status
    assert outcome(home.get(it.url("/b"))) == ("ok", "")


def test_no_source_disguises_itself(home: Home, it: Site) -> None:
    with pytest.raises(ValueError, match="user agent"):
        home.get(it.says("/a", Reply()), headers={"User-Agent": "Mozilla/5.0"})


def test_cookies_are_neither_kept_nor_sent(home: Home, it: Site) -> None:
    it.says("/a", Reply(headers={"Set-Cookie": "minted=1; Path=/"}))
    home.get(it.url("/a"))
    home.get(it.says("/b", Reply()))
    assert all("cookie" not in headers for _, headers in it.asked)


def test_trouble_is_tried_again_with_growing_pauses_and_all_of_it_is_archived(home: Home, it: Site) -> None:
    fetched = home.get(it.says("/a", Reply(b"no", 503), Reply(b"no!", 500), Reply(b"[1]")))
    assert (outcome(fetched), fetched.attempts) == (("ok", ""), 3)
    assert home.statuses() == [404, 503, 500, 200]
    first, second = home.clock.slept
    assert 1 <= first <= 2 and 2 <= second <= 3


def test_trouble_that_stays_is_unavailable_with_its_answer(home: Home, it: Site) -> None:
    fetched = home.get(it.says("/a", Reply(b"no", 503)))
    assert (outcome(fetched), fetched.attempts) == (("unavailable", "server_error"), 4)
    assert fetched.snapshot is not None and fetched.snapshot.body == b"no"
    assert "status 503" in fetched.message


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(home: Home, it: Site, form: str) -> None:
    wish = (
        "42" if form == "seconds" else format_datetime(NOON.replace(microsecond=0) + timedelta(seconds=42), usegmt=True)
    )
    fetched = home.get(it.says("/a", Reply(status=429, headers={"Retry-After": wish}), Reply()))
    assert (outcome(fetched), fetched.attempts) == (("ok", ""), 2)
    assert home.clock.slept == [pytest.approx(42, abs=0.5)]


def test_a_longer_wish_than_we_wait_ends_it_for_this_run(home: Home, it: Site) -> None:
    fetched = home.get(it.says("/a", Reply(status=429, headers={"Retry-After": "3600"}), Reply()))
    assert (outcome(fetched), fetched.attempts, home.clock.slept) == (("rate_limited", "too_many_requests"), 1, [])
    assert "3600 s" in fetched.message
    assert outcome(home.get(it.says("/b", Reply()))) == ("rate_limited", "circuit")
    assert it.paths() == ["/a"]


def test_a_host_in_trouble_is_left_alone_after_five_requests(home: Home, it: Site) -> None:
    urls = [it.says(f"/{number}", Reply(b"no", 503)) for number in range(7)]
    said = [outcome(home.get(url)) for url in urls]
    assert said == [("unavailable", "server_error")] * 5 + [("unavailable", "circuit")] * 2
    assert it.paths() == [f"/{number}" for number in range(5) for _ in range(4)]


def test_one_good_answer_makes_trouble_forgotten(home: Home, it: Site) -> None:
    broken = [it.says(f"/{number}", Reply(b"no", 500)) for number in range(8)]
    good = it.says("/good", Reply())
    urls = [*broken[:4], good, *broken[4:]]
    assert [outcome(home.get(url)) for url in urls].count(("unavailable", "server_error")) == 8


def test_a_host_in_trouble_that_wants_a_long_pause_is_left_alone(home: Home, it: Site) -> None:
    fetched = home.get(it.says("/a", Reply(status=503, headers={"Retry-After": "3600"})))
    assert (outcome(fetched), fetched.attempts, home.clock.slept) == (("unavailable", "server_error"), 1, [])
    assert outcome(home.get(it.says("/b", Reply()))) == ("unavailable", "circuit")
    assert it.paths() == ["/a"]


def test_a_host_that_limits_us_is_not_asked_again_in_this_run(home: Home, it: Site) -> None:
    assert outcome(home.get(it.says("/a", Reply(status=429)))) == ("rate_limited", "too_many_requests")
    again = home.get(it.says("/b", Reply()))
    assert (outcome(again), again.attempts, again.snapshot) == (("rate_limited", "circuit"), 0, None)
    assert "not asked again in this run" in again.message and "429" in again.message
    assert it.paths() == ["/a"] * 4
    assert outcome(home.run().get(it.url("/b"))) == ("ok", "")


@pytest.mark.parametrize("status", [403, 412, 418, 432])
def test_a_host_that_turns_us_away_is_not_asked_again(home: Home, it: Site, status: int) -> None:
    assert outcome(home.get(it.says("/a", Reply(status=status)))) == ("ok", "")
    assert outcome(home.get(it.says("/b", Reply()))) == ("refused", "circuit")
    assert it.paths() == ["/a"]


def test_the_pace_of_a_host_is_kept_and_can_be_set(home: Home, it: Site) -> None:
    slow = replace(SOURCE, pace=Pace(3))
    for path in ("/a", "/b"):
        home.get(it.says(path, Reply()), slow)
        home.clock.move(1)
    assert home.clock.slept == [3, 2]  # robots.txt was the first of three
    home.run(replace(SETTINGS, paces={"example": 10.0}))
    home.clock.slept.clear()
    home.get(it.url("/a"), slow)
    assert home.clock.slept == [10]


def test_threads_share_the_pace(home: Home, it: Site) -> None:
    it.says("/a", Reply())
    slow = replace(SOURCE, pace=Pace(5), honours_robots=False)
    threads = [Thread(target=home.get, args=(it.url("/a"), slow)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert home.clock.slept == [5, 5, 5]
    assert len(it.paths()) == 4


def test_a_connection_is_kept_open_between_answers(home: Home, it: Site) -> None:
    ports: list[int] = []

    def keeping(handler: Any) -> None:
        ports.append(handler.client_address[1])
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n")

    it.says("/a", keeping)
    it.says("/b", keeping)
    source = replace(SOURCE, honours_robots=False)
    found = [home.get(it.url(path), source).snapshot for path in ("/a", "/b")]
    assert [one and one.body for one in found] == [b"[1]", b"[1]"]
    assert len(ports) == 2 and len(set(ports)) == 1
    assert home.archived() == found


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/a/b.html?x=1", "denied: Disallow: /*.html (User-agent: *)"),
        ("/a%62c", "denied: Disallow: /abc (User-agent: *)"),
        ("/end", "denied: Disallow: /end$ (User-agent: *)"),
        ("/ending", "allowed: no rule for it"),
    ],
)
def test_the_rule_that_decides_is_named(home: Home, it: Site, path: str, rule: str) -> None:
    it.says("/robots.txt", Reply(b"User-agent: *\nDisallow: /*.html\nDisallow: /abc\nDisallow: /end$\n"))
    it.says(path, Reply())
    assert home.get(it.url(path)).robots_rule == rule


ROBOTS = b"""User-agent: *
Disallow: /

User-agent: dragongate
Disallow: /private
Disallow: /private/inner
Allow: /private/open
Crawl-delay: 7
"""


def test_robots_are_asked_once_archived_and_named(home: Home, it: Site) -> None:
    it.says("/robots.txt", Reply(ROBOTS))
    allowed = home.get(it.says("/public", Reply()))
    opened = home.get(it.says("/private/open", Reply()))
    denied = home.get(it.says("/private/inner/x", Reply()))
    assert (outcome(allowed), allowed.robots_rule) == (("ok", ""), "allowed: no rule for it")
    assert (outcome(opened), opened.robots_rule) == (
        ("ok", ""),
        "allowed: Allow: /private/open (User-agent: dragongate)",
    )
    assert (outcome(denied), denied.attempts) == (("refused", "robots"), 0)
    assert denied.robots_rule == "denied: Disallow: /private/inner (User-agent: dragongate)"
    assert [path for path, _ in it.asked] == ["/robots.txt", "/public", "/private/open"]
    assert isinstance(home.archived()[0], Snapshot) and home.archived()[0].url.endswith("/robots.txt")  # type: ignore[union-attr]
    assert home.clock.slept == [7]  # the delay that the file asks for


def test_robots_are_asked_again_after_a_day(home: Home, it: Site) -> None:
    it.says("/a", Reply())
    for hours, expected in ((0, 1), (23, 1), (2, 2)):
        home.clock.move(hours * 3600)
        home.get(it.url("/a"))
        assert sum(path == "/robots.txt" for path, _ in it.asked) == expected


def test_robots_in_trouble_forbid_everything(home: Home, it: Site) -> None:
    it.says("/robots.txt", Reply(status=500))
    fetched = home.get(it.says("/a", Reply()))
    assert (outcome(fetched), it.paths()) == (("refused", "robots_unavailable"), [])
    assert "status 500" in fetched.robots_rule


def test_without_any_answer_to_robots_there_is_no_request(home: Home) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        fetched = home.get(f"http://127.0.0.1:{port}/a")
        again = home.get(f"http://127.0.0.1:{port}/b")
        last = home.get(f"http://127.0.0.1:{port}/c")
    assert outcome(fetched) == outcome(again) == ("unavailable", "connection")
    assert outcome(last) == ("unavailable", "circuit")


def test_robots_of_another_address_are_followed(home: Home, it: Site) -> None:
    it.says("/robots.txt", Reply(status=301, headers={"Location": "/other.txt"}))
    it.says("/other.txt", Reply(b"User-agent: *\nDisallow: /a"))
    assert outcome(home.get(it.says("/a", Reply()))) == ("refused", "robots")


@pytest.mark.parametrize("way", ["source", "operator"])
def test_robots_may_be_passed_over(home: Home, it: Site, way: str) -> None:
    it.says("/robots.txt", Reply(b"User-agent: *\nDisallow: /"))
    source = replace(SOURCE, honours_robots=way != "source")
    home.run(replace(SETTINGS, robots=way != "operator"))
    fetched = home.get(it.says("/a", Reply()), source)
    assert outcome(fetched) == ("ok", "") and fetched.robots_rule.startswith("not asked")
    assert [path for path, _ in it.asked] == ["/a"]


def test_what_did_not_change_is_not_sent_again(home: Home, it: Site) -> None:
    marks = {"ETag": 'W/"a, b"', "Last-Modified": "Mon,  2 Mar 2026 08:00:00 GMT"}
    url = it.says("/a?x=1&y=2", Reply(b"[1]", headers=marks), Reply(b"", 304, {"Content-Length": "0"}))
    first = home.get(url)
    home.clock.move(60)
    second = home.run().get(url)
    headers = it.asked[-1][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == (marks["ETag"], marks["Last-Modified"])
    assert outcome(second) == ("unchanged", "not_modified") and "2026-03-02 12:00" in second.message
    assert second.snapshot == first.snapshot
    assert home.statuses() == [404, 200, 404, 304]
    assert "if-none-match" not in it.asked[1][1]


def test_the_newest_good_answer_says_what_is_known(home: Home, it: Site) -> None:
    url = it.says("/a", Reply(headers={"ETag": '"old"'}), Reply(b"[2]", headers={"ETag": '"new"'}), Reply(status=404))
    for _ in range(4):
        home.run().get(url)
        home.clock.move(60)
    marks = [headers.get("if-none-match") for path, headers in it.asked if path == "/a"]
    assert marks == [None, '"old"', '"new"', '"new"']


def test_where_the_earlier_bytes_are_lost_everything_is_asked_again(home: Home, it: Site) -> None:
    url = it.says("/a", Reply(headers={"ETag": '"x"'}), Reply(b"", 304), Reply(b"[2]"))
    home.get(url)
    home.run()
    (home.archive.folder / "run-1.warc.gz").write_bytes(b"")
    fetched = home.get(url)
    assert outcome(fetched) == ("ok", "") and fetched.snapshot is not None and fetched.snapshot.body == b"[2]"


def test_redirects_are_followed_step_by_step_and_each_is_archived(home: Home, it: Site) -> None:
    it.says("/old", Reply(status=301, headers={"Location": "/newer?b=1#part"}))
    it.says("/newer?b=1", Reply(status=302, headers={"Location": it.url("/new")}))
    it.says("/new", Reply(b"[7]"))
    fetched = home.get(it.url("/old"))
    assert (outcome(fetched), fetched.url) == (("ok", ""), it.url("/old"))
    assert fetched.snapshot is not None and (fetched.snapshot.url, fetched.snapshot.body) == (it.url("/new"), b"[7]")
    assert fetched.snapshot.headers["x-dragongate-asked"] == it.url("/old")
    assert home.statuses() == [404, 301, 302, 200] and fetched.attempts == 3


def test_a_form_is_posted_each_time_and_its_body_kept_without_the_key(tmp_path: Path, it: Site) -> None:
    settings = replace(SETTINGS, secrets={"example": Secret("k3y")})
    home = Home(tmp_path, settings)
    url = it.says("/query", Reply(b"[1]", headers={"ETag": "x"}))
    for _ in range(2):
        fetched = home.client.post(SOURCE, url, b"code=01810&key=k3y", "application/x-www-form-urlencoded")
    assert (outcome(fetched), fetched.method, it.sent) == (("ok", ""), "POST", [b"code=01810&key=k3y"] * 2)
    assert "if-none-match" not in it.asked[-1][1]
    assert it.asked[-1][1]["content-type"] == "application/x-www-form-urlencoded"
    home.close()
    kept = gzip.decompress((home.archive.folder / "run-1.warc.gz").read_bytes())
    assert kept.count(b"code=01810&key=xxx") == 2 and b"k3y" not in kept


@pytest.mark.parametrize(("status", "method"), [(302, "GET"), (303, "GET"), (307, "POST")])
def test_where_a_form_is_sent_on(home: Home, it: Site, status: int, method: str) -> None:
    it.says("/query", Reply(status=status, headers={"Location": "/answer"}))
    it.says("/answer", Reply(b"[2]"))
    fetched = home.client.post(SOURCE, it.url("/query"), b"a=1", "application/x-www-form-urlencoded")
    assert fetched.snapshot is not None and fetched.snapshot.body == b"[2]"
    assert it.sent == [b"a=1"] * (2 if method == "POST" else 1)


@pytest.mark.parametrize("kind", ["loop", "itself", "long"])
def test_redirects_without_end_end(home: Home, it: Site, kind: str) -> None:
    steps = {"loop": ["/b", "/a"], "itself": ["/a"], "long": [f"/{n}" for n in range(1, 20)]}[kind]
    for start, target in zip(["/a", *steps], steps, strict=False):
        it.says(start, Reply(status=302, headers={"Location": target}))
    fetched = home.get(it.url("/a"))
    assert outcome(fetched) == ("unavailable", "redirects")
    assert len(it.paths()) == {"loop": 2, "itself": 1, "long": 6}[kind]


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://192.168.1.1:8080/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "http://[broken/",
        "//:0/",
    ],
)
def test_redirects_into_the_network_at_home_are_refused_before_any_connection(
    home: Home, it: Site, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[object] = []
    real = home.transport._connect

    def connect(address: tuple[str, int], *arguments: Any, **named: Any) -> socket.socket:
        reached.append(address)
        return real(address, *arguments, **named)

    monkeypatch.setattr(home.transport, "_connect", connect)
    fetched = home.get(it.says("/a", Reply(status=302, headers={"Location": target})))
    assert outcome(fetched) == ("refused", "address")
    assert set(reached) == {("127.0.0.1", it.port)}


def test_a_cut_answer_is_tried_again_and_never_taken_for_a_whole_one(home: Home, it: Site) -> None:
    fetched = home.get(it.says("/a", Reply(b"[1, 2, 3]", cut=4), Reply(b"[1, 2, 3]")))
    assert (outcome(fetched), fetched.attempts) == (("ok", ""), 2)
    assert home.statuses() == [404, "truncated", 200]
    stays = home.get(it.says("/b", Reply(b"[1, 2, 3]", cut=4)))
    assert outcome(stays) == ("unavailable", "connection")


def test_a_bomb_is_archived_and_not_read(home: Home, it: Site) -> None:
    bomb = zeros(1024**3)
    fetched = home.get(it.says("/a", Reply(bomb, headers={"Content-Encoding": "gzip"})))
    assert (outcome(fetched), fetched.attempts) == (("unavailable", "too_large"), 1)


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_above_the_limit_is_not_taken(home: Home, it: Site, announced: bool) -> None:
    def endless(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(1000):
                handler.wfile.write(bytes(100_000))
        except OSError:
            pass

    home.run(replace(SETTINGS, limits=Limits(body_bytes=1_000_000)))
    fetched = home.get(it.says("/a", Reply(bytes(2_000_000)) if announced else endless))
    assert outcome(fetched) == ("unavailable", "too_large")
    assert home.statuses() == [404, "too_large"]


def test_a_slow_answer_ends_when_the_whole_takes_too_long(home: Home, it: Site) -> None:
    def dripping(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")  # more than one read can bring
        handler.end_headers()
        handler.close_connection = True
        try:
            for _ in range(1000):
                home.clock.ticks += 50
                handler.wfile.write(b"x" * 100)
                handler.wfile.flush()
        except OSError:
            pass

    home.run(replace(SETTINGS, limits=Limits(attempts=1)))
    assert outcome(home.get(it.says("/a", dripping))) == ("unavailable", "timeout")


def test_a_head_that_drips_ends_too(home: Home, it: Site) -> None:
    def dripping(handler: Any) -> None:
        handler.close_connection = True
        home.clock.ticks += 500
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(50):
                handler.wfile.write(b"X-%d: 1\r\n" % number)
        except OSError:
            pass

    home.run(replace(SETTINGS, limits=Limits(attempts=1)))
    assert outcome(home.get(it.says("/a", dripping))) == ("unavailable", "timeout")


def test_a_silent_answer_is_a_timeout(home: Home, it: Site) -> None:
    home.run(replace(SETTINGS, limits=Limits(attempts=2, read_seconds=0.05)))

    def silent(handler: Any) -> None:
        handler.close_connection = True
        handler.connection.recv(1)  # until the client has gone

    fetched = home.get(it.says("/a", silent))
    assert (outcome(fetched), fetched.attempts) == (("unavailable", "timeout"), 2)


def test_a_name_without_address_and_no_secure_connection(home: Home, it: Site) -> None:
    plain = replace(SOURCE, honours_robots=False)
    assert outcome(home.get(f"https://127.0.0.1:{it.port}/a", plain)) == ("unavailable", "tls")

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    home.client._transport._resolve = unknown  # type: ignore[attr-defined]
    assert outcome(home.get("http://nowhere.invalid/a", plain)) == ("unavailable", "dns")


@pytest.mark.parametrize("url", ["", "no address", "ftp://example.com/a", "http://", "http://[::1", "http://a:b/"])
def test_what_is_no_web_address_is_refused(home: Home, url: str) -> None:
    assert outcome(home.get(url)) == ("refused", "address")


@pytest.mark.parametrize(
    ("source", "settings", "reason"),
    [
        (replace(SOURCE, is_on_by_default=False), SETTINGS, "off"),
        (replace(SOURCE, needs=Need.CONTACT), replace(SETTINGS, contact=""), "contact"),
        (replace(SOURCE, needs=Need.LOGIN), replace(SETTINGS, permissions={"example": Permission()}), "login"),
        (replace(SOURCE, needs=Need.PERMISSION), replace(SETTINGS, permissions={"example": Permission()}), "terms"),
    ],
)
def test_a_source_that_is_not_turned_on_is_not_asked(
    home: Home, it: Site, source: Source, settings: Settings, reason: str
) -> None:
    fetched = home.run(settings).get(it.says("/a", Reply()), source)
    assert outcome(fetched) == ("refused", reason)
    assert fetched.message and it.asked == [] and not home.writer.has_records


def test_secrets_stay_out_of_everything_that_is_kept(home: Home, it: Site) -> None:
    source = replace(SOURCE, needs=Need.LOGIN)
    home.run(replace(SETTINGS, permissions={"example": Permission()}, secrets={"example": Secret("hush-hush")}))
    secret = home.client.secret(source)
    assert secret == "hush-hush" and home.client.secret(replace(source, id="other")) == ""
    url = it.says(f"/a?token=t0ken&q={secret}", Reply(status=500))
    fetched = home.get(url, source, headers={"Cookie": f"s={secret}", "X-Session": secret})
    assert fetched.url == it.url("/a?token=xxx&q=xxx")
    assert it.asked[-1][1]["cookie"] == "s=hush-hush"
    home.writer.sync()
    archived = gzip.decompress(home.writer.path.read_bytes())
    for text in (repr(fetched), fetched.message, archived.decode(), repr(home.settings)):
        assert "hush" not in text and "t0ken" not in text


def test_secrets_do_not_follow_a_redirect_to_another_host(home: Home, it: Site) -> None:
    home.run(replace(SETTINGS, secrets={"example": Secret("hush-hush")}))
    with site() as other:
        other.says("/there", Reply())
        it.says("/near", Reply(status=302, headers={"Location": "/far"}))
        it.says("/far", Reply(status=302, headers={"Location": other.url("/there")}))
        named = {"Cookie": "c=1", "X-Mine": "hush-hush", "X-Plain": "yes"}
        assert outcome(home.get(it.url("/near"), headers=named)) == ("ok", "")
        assert it.asked[-1][1]["x-mine"] == "hush-hush"
        gone = other.asked[-1][1]
    assert ("cookie" in gone, "x-mine" in gone, gone["x-plain"]) == (False, False, "yes")


def test_an_input_is_kept_once(home: Home) -> None:
    uri = "urn:dragongate:watchlist"
    first = home.client.keep(SOURCE, uri, b"a = 1", "application/toml", chunk="all")
    home.clock.move(60)
    again = home.client.keep(SOURCE, uri, b"a = 1", "application/toml")
    assert (outcome(first), outcome(again)) == (("ok", ""), ("unchanged", "same_bytes"))
    assert (first.method, first.chunk, first.url) == ("RESOURCE", "all", uri)
    assert first.snapshot is not None and again.snapshot == first.snapshot
    changed = home.run().client.keep(SOURCE, uri, b"a = 2", "application/toml")
    home.clock.move(60)
    back = home.client.keep(SOURCE, uri, b"a = 1", "application/toml")
    assert (outcome(changed), outcome(back)) == (("ok", ""), ("ok", ""))
    assert [one.body for one in home.archived() if isinstance(one, Snapshot)] == [b"a = 1", b"a = 2", b"a = 1"]


def test_nothing_is_handed_out_that_cannot_be_archived(tmp_path: Path, it: Site) -> None:
    (tmp_path / "archive").write_text("a file in the way")
    home = Home(tmp_path)
    with pytest.raises(ArchiveError, match="cannot be written"):
        home.get(it.says("/a", Reply()))
    home.close()


def test_the_environment_has_no_say(home: Home, it: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert outcome(home.get(it.says("/a", Reply()))) == ("ok", "")


def test_a_proxy_of_the_operator_is_used(home: Home, it: Site) -> None:
    def proxied(handler: Any) -> None:
        send(handler, Reply(b"[by proxy]"))

    it.says("http://public.example.com/a", proxied)
    source = replace(SOURCE, honours_robots=False)
    home.run(Settings(proxy=it.url("")))
    fetched = home.get("http://public.example.com/a", source)
    assert outcome(fetched) == ("ok", "") and fetched.snapshot is not None
    assert fetched.snapshot.body == b"[by proxy]"
    for inside in (
        "http://127.0.0.1/a",
        "http://localhost/a",
        "http://[::1]/a",
        "http://2130706433/",
        "http://0x7f.1/",
    ):
        assert outcome(home.get(inside, source)) == ("refused", "address")
    assert len(it.asked) == 1


def test_offline_never_goes_out(home: Home, it: Site) -> None:
    home.run(replace(SETTINGS, offline=True))
    fetched = home.get(it.says("/a", Reply()), replace(SOURCE, honours_robots=False))
    assert outcome(fetched) == ("unavailable", "not_recorded") and it.asked == []
