"""A whole home in one file and back: byte for byte, or a clear word and nothing at all."""

import gzip
import io
import json
import shutil
import tarfile
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from typer.testing import CliRunner

from flows.keeping.backup import back_up
from flows.keeping.backup_manifest import MANIFEST, BackupError, Manifest, read, written
from flows.keeping.restore import restore
from flows.main import app
from tests.archives import info, members, record
from tests.end_to_end.rows import content, differences
from warehouse.home import Home
from warehouse.lease import Lease, LeaseHeld

NOON = datetime(2025, 2, 3, 4, tzinfo=UTC)
Files = dict[str, bytes]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a file of every kind, small enough to be damaged in every place; nobody opens its database."""
    home = Home(tmp_path / "home").make()
    chance = Random(1810)
    home.settings.write_text("robots = true\n", encoding="utf-8")
    home.watchlist.write_text("# nobody\n", encoding="utf-8")
    (home.root / ".env").write_text("DRAGONGATE_SECRET_WEIBO=hush\n", encoding="utf-8")
    (home.archive / "crawl-1.warc.gz").write_bytes(members(info(), record()))
    (home.archive / ".half.part").write_bytes(b"half")
    home.warehouse.write_bytes(chance.randbytes(400))
    (home.warehouse.parent / "warehouse.duckdb.wal").write_bytes(b"the log of a run that was killed")
    for number in (6, 7):
        (home.published / f"warehouse-{number}.duckdb").write_bytes(chance.randbytes(300))
    home.published_warehouse.symlink_to("warehouse-7.duckdb")
    home.published_ops.write_bytes(chance.randbytes(200))
    return home


@pytest.fixture
def file(home: Home, tmp_path: Path) -> Path:
    back_up(home, tmp_path / "home.tar.gz", now=lambda: NOON)
    return tmp_path / "home.tar.gz"


def files_of(home: Home) -> Files:
    kept = [one for one in home.root.rglob("*") if one.is_file() and not one.is_symlink()]
    return {one.relative_to(home.root).as_posix(): one.read_bytes() for one in kept if one != home.lease}


def held(file: Path) -> Files:
    with tarfile.open(file) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]


def test_everything_that_is_needed_is_in_it_and_no_secret(home: Home, file: Path) -> None:
    assert set(held(file)) == {
        "dragongate.toml", "watchlist.toml", "archive/crawl-1.warc.gz", "private/warehouse.duckdb",
        "private/warehouse.duckdb.wal", "published/warehouse-7.duckdb", "published/ops.duckdb", MANIFEST,
    }  # fmt: skip
    assert not any(b"hush" in one for one in held(file).values())
    manifest = read(held(file)[MANIFEST])
    assert (manifest.made_at, manifest.generation, len(manifest.files)) == (NOON, 7, 7)
    assert manifest.size == sum(len(one) for name, one in held(file).items() if name != MANIFEST)


def test_a_restored_home_is_the_same_byte_for_byte(home: Home, file: Path, tmp_path: Path) -> None:
    other = Home(tmp_path / "deep" / "other")
    restore(file, other)
    whole = files_of(home)
    gone = {".env", "archive/.half.part", "published/warehouse-6.duckdb"}
    assert files_of(other) == {name: one for name, one in whole.items() if name not in gone}
    assert other.published_warehouse.read_bytes() == whole["published/warehouse-7.duckdb"]
    assert (other.published / "warehouse-7.duckdb").stat().st_mode & 0o777 == 0o444
    assert sorted(one.name for one in other.root.parent.iterdir()) == ["other"]


def test_the_sample_home_goes_there_and_back_by_the_command_line(sample_home: Home, tmp_path: Path) -> None:
    home = Home(Path(shutil.copytree(sample_home.root, tmp_path / "home", symlinks=True)))
    file, other = tmp_path / "home.tar.gz", tmp_path / "other"
    done = CliRunner().invoke(app, ["backup", str(file), "--home", str(home.root), "--json"])
    assert done.exit_code == 0 and json.loads(done.stdout)["manifest"]["generation"] == 1
    back = CliRunner().invoke(app, ["restore", str(file), "--home", str(other), "--json"])
    assert back.exit_code == 0 and json.loads(back.stdout)["manifest"] == json.loads(done.stdout)["manifest"]
    assert differences(content(home.root), content(other)) == []
    assert file.stat().st_size < sum(len(one) for one in files_of(home).values()) / 2


# --- Refused


def test_while_a_run_writes_it_leaves_and_says_who_holds_the_lease(home: Home, tmp_path: Path) -> None:
    with (
        Lease(home, flow="daily", run_id="daily-1", now=lambda: NOON),
        pytest.raises(LeaseHeld, match=r"the flow daily \(run daily-1"),
    ):
        back_up(home, tmp_path / "home.tar.gz", now=lambda: NOON)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home"]


def test_it_waits_for_the_lease_as_long_as_it_is_told(home: Home, tmp_path: Path) -> None:
    done: list[Manifest] = []
    with Lease(home, flow="daily", run_id="daily-1", now=lambda: NOON):
        waiting = Thread(
            target=lambda: done.append(back_up(home, tmp_path / "home.tar.gz", now=lambda: NOON, wait_seconds=60.0))
        )
        waiting.start()
        assert done == []
    waiting.join()
    assert [len(one.files) for one in done] == [7]


def test_nothing_is_written_over(home: Home, file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        back_up(home, file, now=lambda: NOON)
    with pytest.raises(BackupError, match="is not empty"):
        restore(file, home)
    assert file.read_bytes() == before and (home.root / ".env").exists()
    with pytest.raises(BackupError, match="is no home"):
        back_up(Home(tmp_path / "nowhere"), tmp_path / "b.tar.gz", now=lambda: NOON)
    assert not (tmp_path / "nowhere").exists()


def refused(file: Path, tmp_path: Path, match: str = "nothing was restored") -> None:
    with pytest.raises(BackupError, match=match):
        restore(file, Home(tmp_path / "other"))
    assert not [one.name for one in tmp_path.iterdir() if "other" in one.name]


def test_a_file_that_is_cut_anywhere_restores_nothing(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    for length in (*range(0, len(whole), 97), len(whole) - 1):
        file.write_bytes(whole[:length])
        refused(file, tmp_path)


def test_a_byte_that_is_changed_anywhere_restores_nothing_wrong(home: Home, file: Path, tmp_path: Path) -> None:
    whole, right = file.read_bytes(), held(file)
    del right[MANIFEST]
    for place in (*range(0, 30), *range(30, len(whole), 41), *range(len(whole) - 8, len(whole))):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        other = Home(tmp_path / "other")
        try:
            restore(file, other)
        except BackupError:
            assert not [one.name for one in tmp_path.iterdir() if "other" in one.name]
        else:  # a byte of the head that says nothing, such as the system that wrote it
            assert place < 10
            assert files_of(other) == right
            shutil.rmtree(other.root)


def packed(file: Path, entries: Iterator[tuple[tarfile.TarInfo, bytes]]) -> None:
    with gzip.open(file, "wb") as raw, tarfile.open(fileobj=raw, mode="w|") as tar:
        for entry, body in entries:
            entry.size = len(body)
            tar.addfile(entry, io.BytesIO(body))


def other_body(name: str, body: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [(tarfile.TarInfo(name), body[::-1] if name.endswith("ops.duckdb") else body)]


def left_out(name: str, body: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [] if name.endswith("ops.duckdb") else [(tarfile.TarInfo(name), body)]


def one_more(name: str, body: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    more = [(tarfile.TarInfo("archive/more.warc.gz"), b"more")] if name == MANIFEST else []
    return [*more, (tarfile.TarInfo(name), body)]


def twice(name: str, body: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [(tarfile.TarInfo(name), body)] * (2 if name.endswith("ops.duckdb") else 1)


def without_manifest(name: str, body: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    return [] if name == MANIFEST else [(tarfile.TarInfo(name), body)]


@pytest.mark.parametrize("change", [other_body, left_out, one_more, twice, without_manifest])
def test_what_is_not_as_the_manifest_says_is_refused(
    change: Callable[[str, bytes], list[tuple[tarfile.TarInfo, bytes]]], file: Path, tmp_path: Path
) -> None:
    entries = [entry for name, body in held(file).items() for entry in change(name, body)]
    packed(file, iter(entries))
    refused(file, tmp_path)


@pytest.mark.parametrize(
    "name", ["../outside", "/tmp/outside", "archive/../../outside", "archive/deep/er", "other/file", "archive\\..\\x"]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str, file: Path, tmp_path: Path) -> None:
    packed(file, iter([(tarfile.TarInfo(name), b"x")]))
    refused(file, tmp_path)
    assert not (tmp_path / "outside").exists()


def test_a_link_is_refused(file: Path, tmp_path: Path) -> None:
    link = tarfile.TarInfo("archive/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    packed(file, iter([(link, b"")]))
    refused(file, tmp_path)


def test_a_backup_of_a_newer_version_says_so(file: Path, tmp_path: Path) -> None:
    newer = written(read(held(file)[MANIFEST])).replace(b'"version": 1', b'"version": 2')
    packed(file, iter([(tarfile.TarInfo(MANIFEST), newer)]))
    refused(file, tmp_path, "a newer version of Dragongate")


# --- Killed, and large


def test_what_a_killed_restore_left_is_cleared_up_by_the_next(home: Home, file: Path, tmp_path: Path) -> None:
    left = tmp_path / ".other.restoring" / "archive"
    left.mkdir(parents=True)
    (left / "half.warc.gz").write_bytes(b"half")
    (tmp_path / "other").mkdir()
    restore(file, Home(tmp_path / "other"))
    assert not left.exists() and [one.name for one in (tmp_path / "other" / "archive").iterdir()] == ["crawl-1.warc.gz"]


def test_no_file_is_held_in_memory(home: Home, tmp_path: Path) -> None:
    (home.archive / "large.warc.gz").write_bytes(Random(1).randbytes(16_000_000))
    tracemalloc.start()
    try:
        back_up(home, tmp_path / "large.tar.gz", now=lambda: NOON)
        restore(tmp_path / "large.tar.gz", Home(tmp_path / "other"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000
