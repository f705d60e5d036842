"""A record is taken out of a WARC file: nothing of it is left, the file stays valid, the others stay where they are."""

import gzip
import random
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.snapshot import Snapshot
from extractors.warc_frames import Fault, Frame, frames
from extractors.warc_reading import read_archive
from extractors.warc_rewriting import take_out
from samples.build import ARCHIVE
from tests.archives import NOON, http, info, members, record

LIMIT = 10**7
GONE = "https://news.example.com/gone"
NOISE = random.Random(1).randbytes(40_000)


def is_gone(frame: Frame | Fault) -> bool:
    return frame.url == GONE


def three(body: bytes) -> list[bytes]:
    return [
        info(),
        record(block=http(b"[1]"), url="https://news.example.com/one", number=1),
        record(block=http(body), url=GONE, number=2),
        record(block=http(b"[3]" * 50), url="https://news.example.com/three", number=3),
    ]


def written(tmp_path: Path, form: str, body: bytes) -> Path:
    content = {
        "each": members(*three(body)),
        "whole": gzip.compress(b"".join(three(body)), mtime=0),
        "plain": b"".join(three(body)),
    }[form]
    path = tmp_path / ("file.warc" if form == "plain" else "file.warc.gz")
    path.write_bytes(content)
    return path


def places(path: Path) -> dict[str, tuple[int, int]]:
    return {
        one.id: (one.archive_offset, len(one.body))
        for one in read_archive(path, arrival=NOON)
        if isinstance(one, Snapshot)
    }


def everything(path: Path) -> bytes:
    content = path.read_bytes()
    return content + (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else b"")


@pytest.mark.parametrize("form", ["each", "whole", "plain"])
@pytest.mark.parametrize("body", [b"", b"secret words", b"secret words " * 9_000, NOISE, NOISE * 4], ids=len)
def test_nothing_else_moves(form: str, body: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, form, body)
    before = places(path)
    assert take_out(path, is_gone, limit=LIMIT) == ["urn:uuid:00000000-0000-0000-0000-000000000002"]
    after = places(path)
    assert after == {name: place for name, place in before.items() if not name.endswith("2")}
    assert b"secret" not in everything(path) and NOISE[:50] not in everything(path)
    assert not [one for one in frames(path, limit=LIMIT) if isinstance(one, Fault)]
    kinds = [one.kind for one in frames(path, limit=LIMIT) if isinstance(one, Frame)]
    assert kinds == ["warcinfo", "response", "metadata", "response"]
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("form", ["each", "plain"])
@pytest.mark.parametrize("body", [b"secret words", b"secret words " * 9_000, NOISE], ids=len)
def test_other_tools_read_the_file_on(form: str, body: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, form, body)
    take_out(path, is_gone, limit=LIMIT)
    read = [(one.rec_type, one.content_stream().read()) for one in ArchiveIterator(BytesIO(path.read_bytes()))]
    assert [kind for kind, _ in read] == ["warcinfo", "response", "metadata", "response"]
    assert read[1][1] == b"[1]" and read[3][1] == b"[3]" * 50


@pytest.mark.parametrize("length", [*range(0, 700, 7), *range(65_100, 65_600, 9), 131_000, 196_700])
def test_every_length_is_met_exactly(length: int, tmp_path: Path) -> None:
    path = written(tmp_path, "each", (NOISE * 5)[:length])
    size, before = path.stat().st_size, places(path)
    take_out(path, is_gone, limit=LIMIT)
    assert path.stat().st_size == size and len(before.items() - places(path).items()) == 1


def test_doing_it_twice_changes_nothing_and_both_give_the_same_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, "each", b"secret words")
    take_out(path, is_gone, limit=LIMIT)
    once = path.read_bytes()
    assert take_out(path, is_gone, limit=LIMIT) == [] and path.read_bytes() == once
    again = written(tmp_path, "each", b"secret words")
    take_out(again, is_gone, limit=LIMIT)
    assert again.read_bytes() == once


def test_a_file_without_it_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "each", b"secret words")
    inode = path.stat().st_ino
    assert take_out(path, lambda frame: False, limit=LIMIT) == [] and path.stat().st_ino == inode


@pytest.mark.parametrize("form", ["each", "plain"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_of_a_record_that_was_cut_nothing_is_left_either(form: str, kept: float, tmp_path: Path) -> None:
    path = written(tmp_path, form, b"secret words " + NOISE)
    offset = next(one.offset for one in frames(path, limit=LIMIT) if one.url == GONE)
    end = next(one.offset for one in frames(path, limit=LIMIT) if one.url.endswith("three"))
    path.write_bytes(path.read_bytes()[: offset + int((end - offset) * kept)])
    assert any(isinstance(one, Fault) and one.url == GONE for one in frames(path, limit=LIMIT))
    take_out(path, is_gone, limit=LIMIT)
    assert NOISE[:30] not in path.read_bytes() and b"secret" not in path.read_bytes()
    assert [one.url for one in frames(path, limit=LIMIT) if isinstance(one, Frame)][1:] == [
        "https://news.example.com/one"
    ]


def test_a_record_longer_than_the_limit_goes_too(tmp_path: Path) -> None:
    path = written(tmp_path, "each", NOISE * 4)
    before = places(path)
    take_out(path, is_gone, limit=20_000)
    assert places(path) == {name: place for name, place in before.items() if not name.endswith("2")}
    assert NOISE[:50] not in path.read_bytes()


def test_killed_before_the_step_the_file_is_as_it_was(tmp_path: Path) -> None:
    path = written(tmp_path, "each", b"secret words")
    content = path.read_bytes()

    def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_out(path, is_gone, limit=LIMIT, before=killed)
    assert path.read_bytes() == content and [one.name for one in tmp_path.iterdir()] == [path.name]


def test_out_of_a_real_archive(tmp_path: Path) -> None:
    path = tmp_path / ARCHIVE.name
    path.write_bytes(ARCHIVE.read_bytes())
    before = [one for one in read_archive(path, arrival=None) if isinstance(one, Snapshot)]
    url = before[5].url
    take_out(
        path, lambda frame: frame.url == url and isinstance(frame, Frame) and frame.kind == "response", limit=LIMIT
    )
    after = [one for one in read_archive(path, arrival=None) if isinstance(one, Snapshot)]
    assert after == [one for one in before if one.url != url] and len(after) < len(before)
