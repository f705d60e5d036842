"""The archive of a home: what goes in comes out the same, once, and survives what may happen to a disk."""

import gzip
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.archive import Archive, ArchiveError, Broken, is_own, read_archive
from extractors.archive_index import CACHE
from extractors.exchange import Exchange
from extractors.snapshot import Snapshot
from extractors.warc_reading import ASKED
from tests.archives import NOON, URL, Clock, answered, asked, http, info, members, record

ROOT = Path(__file__).parents[1]
FOREIGN = members(info(), record(number=1), record(number=2, url="https://other.example.com/", block=http(b"[2]")))


def snapshots(archive: Archive) -> list[Snapshot]:
    found = [one for path in archive.files() for one in archive.read(path.name)]
    assert not [one for one in found if isinstance(one, Broken)]
    return [one for one in found if isinstance(one, Snapshot)]


def kept(found: Snapshot | Broken) -> Snapshot:
    assert isinstance(found, Snapshot), found
    return found


def test_what_goes_in_comes_out_the_same(tmp_path: Path) -> None:
    archive, clock = Archive(tmp_path / "archive"), Clock()
    with archive.start("run-1", clock.now) as writer:
        live = [
            kept(writer.response(asked(), answered(b"[1]", ETag='W/"a"', X_Name="Zür"))),
            kept(writer.response(asked(f"{URL}&c=1"), answered(gzip.compress(b"[2]"), Content_Encoding="gzip"))),
            kept(writer.response(asked(f"{URL}&c=2"), answered(b"", 304))),
            kept(writer.response(asked(f"{URL}&c=3"), answered("小米".encode("gb18030"), 404))),
            kept(writer.response(asked(f"{URL}&c=4"), answered(b"[4]", Transfer_Encoding="chunked"))),
            writer.resource("urn:dragongate:watchlist", b"[[company]]", "application/toml"),
        ]
    assert [one.body for one in live[:2]] == [b"[1]", b"[2]"]
    assert live[0].fetched_at == live[0].first_seen_at == NOON
    for reopened in (archive, Archive(archive.folder)):
        assert snapshots(reopened) == live
        assert [reopened.snapshot(one.archive_file, one.archive_offset) for one in live] == live
    assert is_own(writer.path)


def test_the_file_is_good_warc_for_other_tools(tmp_path: Path) -> None:
    with Archive(tmp_path).start("run-1", Clock().now) as writer:
        for number in range(3):
            writer.response(asked(f"{URL}&c={number}"), answered(b"[%d]" % number))
    with writer.path.open("rb") as file:
        read = ArchiveIterator(file, check_digests="raise")
        found = [(one.rec_type, one.content_stream().read()) for one in read]
    assert [kind for kind, _ in found] == ["warcinfo", *["request", "response"] * 3]
    assert b"software: Dragongate/" in found[0][1]
    assert [body for kind, body in found if kind == "response"] == [b"[0]", b"[1]", b"[2]"]


def test_secrets_are_not_archived(tmp_path: Path) -> None:
    with Archive(tmp_path).start("run-1", Clock().now) as writer:
        snapshot = kept(writer.response(asked("https://me:word@x.example.com/a?api_key=hush-hush&b=1"), answered()))
    assert snapshot.url == "https://xxx@x.example.com/a?api_key=xxx&b=1"
    text = gzip.decompress(writer.path.read_bytes())
    assert b"hush" not in text and b"word" not in text and b"api_key=xxx" in text


def test_a_run_that_archives_nothing_leaves_no_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    with archive.start("run-1", Clock().now) as writer:
        assert not writer.has_records
    assert archive.files() == [] and not archive.folder.exists()


def test_the_same_run_again_gets_another_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    names = []
    for _ in range(3):
        with archive.start("run-1", Clock().now) as writer:
            writer.resource("urn:x:a", b"a", "text/plain")
        names.append(writer.name)
    assert names == ["run-1.warc.gz", "run-1-2.warc.gz", "run-1-3.warc.gz"]
    for bad in ("", "../x", "a b", ".x"):
        with pytest.raises(ArchiveError, match="cannot name a file"):
            archive.start(bad, Clock().now)
    with pytest.raises(ArchiveError, match="finished"):
        writer.resource("urn:x:a", b"b", "text/plain")


def test_bytes_that_did_not_change_are_kept_once(tmp_path: Path) -> None:
    clock, body = Clock(), os.urandom(50_000)
    live = []
    for run in ("run-1", "run-2"):
        with Archive(tmp_path).start(run, clock.now) as writer:
            live += [kept(writer.response(asked(), answered(body, Age=run))) for _ in range(2)]
        clock.move(60)
    assert sum(path.stat().st_size for path in tmp_path.glob("*.gz")) < 60_000
    assert len({one.id for one in live}) == 4
    archive = Archive(tmp_path)
    assert snapshots(archive) == live
    assert archive.snapshot(live[3].archive_file, live[3].archive_offset) == live[3]
    assert (live[3].body, live[3].headers["age"], live[3].fetched_at) == (body, "run-2", NOON + timedelta(seconds=60))


def test_another_status_or_address_with_the_same_bytes_is_a_response(tmp_path: Path) -> None:
    with Archive(tmp_path).start("run-1", Clock().now) as writer:
        for url, status in ((URL, 200), (URL, 503), (f"{URL}&c=1", 200)):
            writer.response(asked(url), answered(b"[1]", status))
    with writer.path.open("rb") as file:
        assert "revisit" not in [one.rec_type for one in ArchiveIterator(file)]


def test_a_cut_answer_is_kept_and_never_taken_for_a_whole_one(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with archive.start("run-1", Clock().now) as writer:
        cut = Exchange(200, (("Content-Length", "9"),), b"[1", cut="disconnect")
        found = writer.response(asked(), cut)
    assert isinstance(found, Broken) and found.reason == "truncated"
    assert [one.reason for one in archive.read(writer.name) if isinstance(one, Broken)] == ["truncated"]
    assert archive.index.best("GET", URL) is not None and not archive.index.answers("GET", URL)[0].is_final


def test_where_redirects_led_from_is_kept(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with archive.start("run-1", Clock().now) as writer:
        writer.response(replace(asked(), asked_url="http://old.example.com/?token=hush"), answered())
    assert snapshots(archive)[0].headers[ASKED] == "http://old.example.com/?token=xxx"


def test_threads_share_a_writer(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with archive.start("run-1", Clock().now) as writer, ThreadPoolExecutor(8) as pool:
        urls = [f"{URL}&c={number}" for number in range(100)]
        live = list(pool.map(lambda url: writer.response(asked(url), answered(url.encode())), urls))
    assert sorted(one.body for one in snapshots(archive)) == sorted(url.encode() for url in urls)
    assert {kept(one).id: one for one in live} == {one.id: one for one in snapshots(archive)}


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from extractors.archive import Archive
from extractors.exchange import Exchange, Request

writer = Archive(Path(sys.argv[1])).start("run-1", lambda: datetime(2026, 3, 2, tzinfo=UTC))
for number in range(10**9):
    writer.response(Request(f"https://x.example.com/{number}"), Exchange(200, (), b"%d" % number))
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_run_keeps_every_record_that_it_had_announced(tmp_path: Path) -> None:
    run = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    with run.stdout:
        seen = [int(run.stdout.readline()) for _ in range(20)]
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        seen += [int(line) for line in run.stdout.read().splitlines() if line]
    found = list(Archive(tmp_path).read("run-1.warc.gz"))
    bodies = [one.body for one in found if isinstance(one, Snapshot)]
    assert bodies[: len(seen)] == [b"%d" % number for number in seen]
    assert sum(isinstance(one, Broken) for one in found) <= 1


def test_a_cut_tail_does_not_spoil_the_archive(tmp_path: Path) -> None:
    with Archive(tmp_path).start("run-1", Clock().now) as writer:
        for number in range(3):
            writer.response(asked(f"{URL}&c={number}"), answered(b"[%d]" % number))
    writer.path.write_bytes(writer.path.read_bytes()[:-20])
    archive = Archive(tmp_path)
    found = list(archive.read("run-1.warc.gz"))
    assert [one.reason if isinstance(one, Broken) else one.body for one in found] == [b"[0]", b"[1]", "truncated"]
    assert archive.index.best("GET", f"{URL}&c=1") and archive.index.best("GET", f"{URL}&c=2") is None


FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from extractors.archive import Archive, ArchiveError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
writer = Archive(Path(sys.argv[1])).start("run-1", lambda: datetime(2026, 3, 2, tzinfo=UTC))
writer.resource("urn:x:a", b"small", "text/plain")
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    writer.resource("urn:x:b", __import__("os").urandom(50_000), "text/plain")
except ArchiveError as error:
    print(error)
writer.resource("urn:x:c", b"small again", "text/plain")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on file size")
def test_a_full_disk_is_said_and_leaves_whole_records(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout
    assert "run-1.warc.gz: cannot be written" in said and "free some space" in said
    assert [one.body for one in snapshots(Archive(tmp_path))] == [b"small", b"small again"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file in the way")
    archive = Archive(tmp_path / "archive")
    with pytest.raises(ArchiveError, match=r"run-1\.warc\.gz: cannot be written.*make the folder writable"):
        archive.start("run-1", Clock().now).resource("urn:x:a", b"a", "text/plain")
    foreign = tmp_path / "foreign.warc.gz"
    foreign.write_bytes(FOREIGN)
    with pytest.raises(ArchiveError, match=r"foreign\.warc\.gz cannot be taken into"):
        archive.adopt(foreign, Clock().now)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    with pytest.raises(ArchiveError, match=r"none\.warc\.gz: cannot be read"):
        list(archive.read("none.warc.gz"))
    with archive.start("run-1", Clock().now) as writer:
        writer.resource("urn:x:a", b"a", "text/plain")
    with pytest.raises(ArchiveError, match="byte 99999: truncated"):
        archive.snapshot("run-1.warc.gz", 99_999)


def test_a_foreign_file_is_taken_in_once_with_its_arrival(tmp_path: Path) -> None:
    foreign = tmp_path / "CC NEWS (1).warc.gz"
    foreign.write_bytes(FOREIGN)
    clock = Clock()
    archive = Archive(tmp_path / "archive")
    with archive.start("ingest-1", clock.now) as writer:
        first = archive.adopt(foreign, clock.now)
        clock.move(3600)
        again = archive.adopt(foreign, clock.now)
        renamed = archive.adopt(foreign.rename(tmp_path / "other.warc.gz"), clock.now)
    assert (first.is_own, first.is_new, again.is_new, renamed.is_new) == (False, True, False, False)
    assert first.name == again.name == renamed.name and first.name.startswith("CC-NEWS-1-")
    assert (archive.folder / first.name).read_bytes() == FOREIGN
    assert archive.adopt(archive.folder / first.name, clock.now) == again
    arrivals = [one for one in snapshots(archive) if one.url.startswith("urn:dragongate:arrival:")]
    assert [json.loads(one.body)["file"] for one in arrivals] == [first.name]
    assert writer.name == arrivals[0].archive_file
    for reopened in (archive, Archive(archive.folder)):
        assert reopened.arrivals() == {first.name: NOON}
        assert {one.first_seen_at for one in reopened.read(first.name) if isinstance(one, Snapshot)} == {NOON}
    assert [path.name for path in archive.files()] == ["ingest-1.warc.gz", first.name]
    assert [path.name for path in archive.folder.iterdir() if path.name.startswith(".") and path.name != CACHE] == []


def test_a_file_without_a_run_notes_its_arrival_by_itself(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.warc"
    foreign.write_bytes(info() + record())
    archive = Archive(tmp_path / "archive")
    name = archive.adopt(foreign, Clock().now).name
    assert name.endswith(".warc") and Archive(archive.folder).arrivals() == {name: NOON}


def test_our_own_file_keeps_its_name_and_its_times(tmp_path: Path) -> None:
    clock = Clock()
    with Archive(tmp_path / "a").start("run-1", clock.now) as writer:
        live = kept(writer.response(asked(), answered()))
    clock.move(3600)
    other = Archive(tmp_path / "b")
    adopted = other.adopt(writer.path, clock.now)
    assert (adopted.name, adopted.is_own, adopted.is_new) == ("run-1.warc.gz", True, True)
    assert snapshots(other) == [live] and other.arrivals() == {}
    with Archive(tmp_path / "c").start("run-1", clock.now) as writer:
        writer.resource("urn:x:a", b"another run of that name", "text/plain")
    assert other.adopt(writer.path, clock.now).name.startswith("run-1-")


def test_an_archive_moves_to_another_home_with_its_arrivals(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.warc.gz"
    foreign.write_bytes(FOREIGN)
    clock = Clock()
    old, new = Archive(tmp_path / "old"), Archive(tmp_path / "new")
    with old.start("ingest-1", clock.now):
        old.adopt(foreign, clock.now)
    clock.move(3600)
    for path in old.files():
        new.adopt(path, clock.now)
    assert snapshots(new) == snapshots(old)
    assert new.arrivals() == old.arrivals()


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"\x1f\x8b\x08 nothing"])
def test_what_is_no_warc_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(content)
    archive = Archive(tmp_path / "archive")
    with pytest.raises(ArchiveError, match="no WARC record stands in it"):
        archive.adopt(path, Clock().now)
    with pytest.raises(ArchiveError, match="cannot be taken into"):
        archive.adopt(tmp_path / "missing.warc.gz", Clock().now)
    assert archive.files() == []


def test_the_index_finds_by_address_body_and_time(tmp_path: Path) -> None:
    clock = Clock()
    archive = Archive(tmp_path)
    with archive.start("run-1", clock.now) as writer:
        for body, status in ((b"[1]", 200), (b"[2]", 200), (b"", 304), (b"later", 503)):
            writer.response(asked(), answered(body, status))
            clock.move(60)
    same = "HTTPS://news.example.com/feed?a=1&b=2#top"
    for index in (archive.index, Archive(tmp_path).index, Archive(tmp_path).index):
        assert [at for at, _, _ in index.find("GET", same)] == [NOON + timedelta(minutes=n) for n in (3, 2, 1, 0)]
        best = [index.best("GET", same, until=NOON + timedelta(minutes=n)) for n in (0, 1, 5, -1)]
        assert [one and archive.snapshot(one.file, one.offset).body for one in best] == [b"[1]", b"[2]", b"[2]", None]
        assert index.find("POST", same) == index.find("GET", same, body_hash="x") == []
    assert (tmp_path / CACHE / "run-1.warc.gz.jsonl").exists()


def test_a_spoilt_or_stale_index_is_made_again(tmp_path: Path) -> None:
    with Archive(tmp_path).start("run-1", Clock().now) as writer:
        writer.response(asked(), answered())
    assert Archive(tmp_path).index.best("GET", URL)
    cache = tmp_path / CACHE / "run-1.warc.gz.jsonl"
    whole = cache.read_text()
    for spoilt in ("", "{}", whole.replace('"size": ', '"size": 1'), whole.splitlines()[0] + "\n{}\n", "\0"):
        cache.write_text(spoilt)
        assert Archive(tmp_path).index.best("GET", URL)
        assert cache.read_text() == whole


def test_a_foreign_revisit_of_another_file_is_resolved(tmp_path: Path) -> None:
    fields = f"WARC-Refers-To-Target-URI: {URL}\r\nWARC-Payload-Digest: sha1:AAAA\r\nWARC-Profile: identical\r\n"
    parts = {
        "a.warc.gz": members(info(), record(number=1, more="WARC-Payload-Digest: sha1:AAAA\r\n")),
        "b.warc.gz": members(info(), record("revisit", http(b""), number=2, more=fields, date="2026-02-01T00:00:00Z")),
    }
    archive = Archive(tmp_path / "archive")
    for name, data in parts.items():
        (tmp_path / name).write_bytes(data)
        archive.adopt(tmp_path / name, Clock().now)
    assert [one.body for one in snapshots(archive) if one.method == "GET"] == [b"[1]", b"[1]"]
    alone = list(read_archive(tmp_path / "b.warc.gz", arrival=NOON))
    assert [one.reason for one in alone if isinstance(one, Broken)] == ["no_original"]
