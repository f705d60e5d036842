"""A replay answers from the archive alone: the same snapshots, no waiting, and no connection to anything."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from extractors.archive import Archive, Broken
from extractors.client import Client, open_client
from extractors.exchange import Exchange, Request
from extractors.replay import ReplayTransport
from extractors.settings import Permission, Secret, Settings
from extractors.snapshot import Snapshot
from extractors.source import Need, Source
from tests.archives import NOON, URL, Clock, answered, asked, http, info, members, record
from tests.servers import Reply, site
from tests.test_client import SETTINGS, SOURCE, Home, outcome

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus" / "recorded.warc.gz"
ROOT = Path(__file__).parents[1]
OFFLINE = Settings(offline=True)


def replaying(archive: Archive, clock: Clock, settings: Settings = OFFLINE, **more: object) -> Client:
    writer = archive.start("replay-1", clock.now)
    return open_client(
        settings, archive, writer, now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep, **more  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_replay_gives_the_live_snapshots_and_archives_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with site() as it:
        it.says("/robots.txt", Reply(b"User-agent: *\nDisallow: /c"))
        it.says("/old", Reply(status=301, headers={"Location": "/new"}))
        it.says("/new", Reply(b"[3]"))
        it.says("/b", Reply(status=503), Reply(b"[2]"))
        it.says("/limited", Reply(status=429))
        urls = [it.says("/a", Reply()), it.url("/b"), it.url("/old"), it.url("/missing"), it.url("/limited")]
        live = [home.get(url) for url in urls]
        home.clock.move(60)
    home.close()
    before = sorted(path.name for path in home.archive.folder.iterdir())
    clock = Clock(NOON + timedelta(days=400))
    with replaying(Archive(home.archive.folder), clock) as client:
        again = [client.get(SOURCE, url) for url in urls]
        unknown = client.get(SOURCE, it.url("/c"))
    assert [one.snapshot for one in again] == [one.snapshot for one in live]
    assert [outcome(one) for one in again] == [outcome(one) for one in live]
    assert [one.requested_at for one in again] == [one.snapshot.fetched_at for one in live if one.snapshot]
    assert {one.attempts for one in again} == {0} and {one.robots_rule for one in again} == {""}
    assert outcome(unknown) == ("unavailable", "not_recorded") and it.url("/c") in unknown.message
    assert clock.slept == []
    assert [name for name in before if name.endswith(".gz")] == [path.name for path in home.archive.files()]


def test_a_replay_finds_a_form_by_what_was_sent(tmp_path: Path) -> None:
    home = Home(tmp_path, replace(SETTINGS, secrets={SOURCE.id: Secret("k3y")}))
    with site() as it:
        it.says("/query", Reply(b"[1]"), Reply(b"[2]"))
        url, kind = it.url("/query"), "application/json"
        live = [home.client.post(SOURCE, url, body, kind).snapshot for body in (b"a k3y", b"b k3y")]
    home.close()
    settings = replace(OFFLINE, secrets={SOURCE.id: Secret("another")})
    with replaying(Archive(home.archive.folder), Clock(NOON + timedelta(days=1)), settings) as client:
        again = [client.post(SOURCE, url, body, kind).snapshot for body in (b"b another", b"a another")]
        assert outcome(client.post(SOURCE, url, b"c", kind)) == ("unavailable", "not_recorded")
    assert again == [live[1], live[0]]


def test_a_replay_may_stand_at_a_time(tmp_path: Path) -> None:
    clock, archive = Clock(), Archive(tmp_path)
    with archive.start("run-1", clock.now) as writer:
        for body in (b"[1]", b"[2]"):
            writer.response(asked(), answered(body))
            clock.move(3600)
    bodies = []
    for hours in (0, 1, 9, -1):
        with replaying(archive, clock, until=NOON + timedelta(hours=hours)) as client:
            snapshot = client.get(SOURCE, URL).snapshot
        bodies.append(snapshot and snapshot.body)
    assert bodies == [b"[1]", b"[2]", b"[2]", None]


def test_a_refusal_or_an_unchanged_answer_does_not_hide_an_earlier_one(tmp_path: Path) -> None:
    clock, archive = Clock(), Archive(tmp_path)
    with archive.start("run-1", clock.now) as writer:
        for status, body in ((200, b"[1]"), (304, b""), (503, b"no"), (403, b"no")):
            writer.response(asked(), answered(body, status))
            clock.move(60)
        writer.response(asked(f"{URL}&c=1"), Exchange(200, (("Content-Length", "9"),), b"[", cut="disconnect"))
        writer.response(asked(f"{URL}&c=2"), answered(b"no", 403))
    with replaying(archive, clock) as client:
        found = [client.get(SOURCE, url) for url in (URL, f"{URL}&c=1", f"{URL}&c=2")]
    assert [outcome(one) for one in found] == [("ok", ""), ("unavailable", "not_recorded"), ("ok", "")]
    assert [one.snapshot.status if one.snapshot else 0 for one in found] == [200, 0, 403]


def test_a_replay_finds_addresses_however_they_are_written(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.warc.gz"
    foreign.write_bytes(members(info(), record(url="https://news.example.com/feed?b=2&a=%e5%b0%8f&token=abc")))
    archive, clock = Archive(tmp_path / "archive"), Clock()
    archive.adopt(foreign, clock.now)
    with replaying(archive, clock) as client:
        fetched = client.get(SOURCE, "https://news.example.com/feed?a=小&b=2&token=other#top")
    assert outcome(fetched) == ("ok", "") and fetched.snapshot is not None
    assert (fetched.snapshot.first_seen_at, fetched.snapshot.archive_file.startswith("foreign-")) == (NOON, True)


def test_an_answer_to_another_method_or_body_is_another_answer(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.warc.gz"
    post = record("request", b"POST /feed HTTP/1.1\r\n\r\nq=1", number=2)
    foreign.write_bytes(members(info(), post, record(), record(number=3, block=http(b"[3]"))))
    archive, clock = Archive(tmp_path / "archive"), Clock()
    archive.adopt(foreign, clock.now)
    replay = ReplayTransport(archive)
    bodies = [
        replay.ask(Request(URL, method=method, body=body)).body for method, body in (("GET", b""), ("POST", b"q=1"))
    ]
    assert bodies == [b"[3]", b"[1]"]


@pytest.mark.parametrize(
    ("source", "settings", "expected"),
    [
        (replace(SOURCE, needs=Need.CONTACT), OFFLINE, ("ok", "")),
        (replace(SOURCE, needs=Need.KEY), replace(OFFLINE, permissions={"example": Permission()}), ("ok", "")),
        (replace(SOURCE, needs=Need.KEY), OFFLINE, ("refused", "off")),
        (SOURCE, replace(OFFLINE, permissions={"example": Permission(enabled=False)}), ("refused", "off")),
    ],
)
def test_a_replay_needs_consent_but_neither_contact_nor_key(
    tmp_path: Path, source: Source, settings: Settings, expected: tuple[str, str]
) -> None:
    archive, clock = Archive(tmp_path), Clock()
    with archive.start("run-1", clock.now) as writer:
        writer.response(asked(), answered())
    with replaying(archive, clock, settings) as client:
        assert outcome(client.get(source, URL)) == expected


def test_a_key_in_an_address_does_not_keep_a_replay_from_finding_it(tmp_path: Path) -> None:
    archive, clock = Archive(tmp_path), Clock()
    settings = replace(OFFLINE, secrets={"example": Secret("hush-hush")})
    with archive.start("run-1", clock.now) as writer:
        writer.response(Request(f"{URL}&q=hush-hush", secrets=("hush-hush",)), answered())
    with replaying(archive, clock, settings) as client:
        assert outcome(client.get(SOURCE, f"{URL}&q=hush-hush")) == ("ok", "")


def test_new_inputs_are_kept_in_a_replay_too(tmp_path: Path) -> None:
    archive, clock = Archive(tmp_path), Clock()
    with archive.start("run-1", clock.now) as writer:
        old = writer.resource("urn:x:list", b"a", "text/plain")
    writer = archive.start("replay-1", clock.now)
    with (
        writer,
        open_client(OFFLINE, archive, writer, now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep) as client,
    ):
        same, new = (client.keep(SOURCE, "urn:x:list", body, "text/plain") for body in (b"a", b"b"))
    assert (outcome(same), same.snapshot) == (("unchanged", "same_bytes"), old)
    assert outcome(new) == ("ok", "") and new.snapshot is not None and new.snapshot.archive_file == "replay-1.warc.gz"


def test_a_replay_gives_what_people_brought_in_and_a_live_run_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for minutes, name in ((0, "urn:x:b"), (5, "urn:x:a"), (5, "urn:y:c")):
        home.clock.move(60 * minutes)
        home.client.keep(SOURCE, name, name.encode(), "text/plain")
    assert list(home.client.brought(SOURCE, lambda url: url.startswith("urn:x"))) == []
    home.close()
    archive = Archive(home.archive.folder)
    for until, names in ((None, ["urn:x:b", "urn:x:a"]), (NOON + timedelta(minutes=1), ["urn:x:b"])):
        with replaying(archive, Clock(NOON), until=until) as client:
            found = list(client.brought(SOURCE, lambda url: url.startswith("urn:x")))
        assert [one.url for one in found] == names
        assert [one.snapshot.body.decode() for one in found if one.snapshot] == names


def test_a_file_that_went_missing_is_not_recorded(tmp_path: Path) -> None:
    archive, clock = Archive(tmp_path), Clock()
    with archive.start("run-1", clock.now) as writer:
        writer.response(asked(), answered())
    writer.path.unlink()
    with replaying(archive, clock) as client:
        assert outcome(client.get(SOURCE, URL)) == ("unavailable", "not_recorded")


WATCHED = """
import json, sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from extractors.archive import Archive
from extractors.client import open_client
from tests.test_client import SETTINGS, SOURCE

seen = []
sys.addaudithook(lambda event, _: event.startswith("socket.") and seen.append(event))
folder, url, offline = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "offline"
archive = Archive(folder)
moment = lambda: datetime(2026, 3, 3, tzinfo=UTC)
writer = archive.start("watched", moment)
settings = replace(SETTINGS, offline=offline)
source = replace(SOURCE, honours_robots=True)
with open_client(settings, archive, writer, now=moment, monotonic=lambda: 0.0, sleep=lambda _: None) as client:
    urls = [url, url + "-not-recorded", "https://nowhere.example/"] if offline else [url]
    found = [client.get(source, one) for one in urls]
    client.keep(source, "urn:x:list", b"a", "text/plain")
writer.close()
print(json.dumps({"seen": sorted(set(seen)), "outcomes": [one.outcome for one in found]}))
"""


def watched(folder: Path, url: str, mode: str) -> dict[str, list[str]]:
    command = [sys.executable, "-c", WATCHED, str(folder), url, mode]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    said: dict[str, list[str]] = json.loads(done.stdout)
    return said


def test_offline_is_a_promise(tmp_path: Path) -> None:
    with site() as it:
        url = it.says("/a", Reply())
        live = watched(tmp_path, url, "live")
        assert live["outcomes"] == ["ok"] and "socket.connect" in live["seen"]
        asked_before = len(it.asked)
        offline = watched(tmp_path, url, "offline")
        assert len(it.asked) == asked_before
    assert offline == {"seen": [], "outcomes": ["ok", "unavailable", "unavailable"]}


@pytest.mark.recorded
@pytest.mark.skipif(not CORPUS.exists(), reason="the recorded material is not beside the project")
def test_the_recorded_material_can_be_replayed(tmp_path: Path) -> None:
    archive, clock = Archive(tmp_path), Clock()
    name = archive.adopt(CORPUS, clock.now).name
    urls = {one.url for one in archive.read(name) if isinstance(one, Snapshot)}
    assert not [one for one in archive.read(name) if isinstance(one, Broken)]
    with replaying(archive, clock, replace(SETTINGS, offline=True)) as client:
        found = [client.get(SOURCE, url) for url in sorted(urls)]
    assert [one.url for one in found if one.reason == "not_recorded"] == []
