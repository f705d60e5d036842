"""Any WARC file is read as far as it goes; what cannot be read is named and never raised."""

import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.settings import Limits
from extractors.snapshot import Snapshot
from extractors.warc_answers import Broken, is_own
from extractors.warc_reading import NOTE, read_archive, read_record
from tests.archives import NOON, URL, http, info, members, record

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus" / "recorded.warc.gz"
DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
THREE = (record(number=1), record(number=2, block=http(b"[2]")), record(number=3, block=http(b"[3]")))


def read(folder: Path, data: bytes, *, limits: Limits | None = None) -> list[Snapshot | Broken]:
    path = folder / "foreign.warc.gz"
    path.write_bytes(data)
    return list(read_archive(path, arrival=NOON, limits=limits))


def shapes(found: list[Snapshot | Broken]) -> list[str]:
    return [one.reason if isinstance(one, Broken) else one.body.decode() for one in found]


def one(found: list[Snapshot | Broken]) -> Snapshot:
    assert len(found) == 1 and isinstance(found[0], Snapshot), found
    return found[0]


FORMS = {
    "a member for each record": members(info(), *THREE),
    "plain": b"".join((info(), *THREE)),
    "compressed as a whole": gzip.compress(b"".join((info(), *THREE))),
    "members of two": members(info() + THREE[0], THREE[1] + THREE[2]),
    "zeros at the end": members(info(), *THREE) + bytes(600),
    "no empty lines between": b"".join(part.removesuffix(b"\r\n\r\n") for part in (info(), *THREE)),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_file_is_read_and_every_record_is_one_seek_away(tmp_path: Path, form: str) -> None:
    found = read(tmp_path, FORMS[form])
    assert shapes(found) == ["[1]", "[2]", "[3]"]
    for snapshot in found:
        assert isinstance(snapshot, Snapshot)
        assert read_record(tmp_path / "foreign.warc.gz", snapshot.archive_offset, arrival=NOON) == snapshot
        assert snapshot.first_seen_at == NOON
        assert snapshot.fetched_at == DAY


@pytest.mark.parametrize("version", ["1.0", "1.1", "0.18"])
def test_fields_of_a_response(tmp_path: Path, version: str) -> None:
    head = "Vary: a\r\nVary: b\r\nX-Folded: one\r\n  two\r\n"
    snapshot = one(read(tmp_path, record(block=http(head=head, status="404 Not Found"), version=version)))
    assert (snapshot.id, snapshot.url, snapshot.method, snapshot.status) == (
        "urn:uuid:00000000-0000-0000-0000-000000000001",
        URL,
        "GET",
        404,
    )
    assert snapshot.headers["vary"] == "a, b"
    assert snapshot.media_type == "application/json"


def test_the_method_comes_from_the_request_before_or_after(tmp_path: Path) -> None:
    post = record("request", b"POST /feed HTTP/1.1\r\nHost: x\r\n\r\nq=1", number=5)
    get = record("request", b"GET /feed HTTP/1.1\r\n\r\n", number=6, url="https://other.example.com/")
    for parts in ([post, THREE[0]], [THREE[0], post], [get, THREE[0], post], [THREE[0], post, get]):
        assert one(read(tmp_path, members(*parts))).method == "POST"
    assert one(read(tmp_path, members(get, THREE[0]))).method == "GET"


def test_resources_and_other_kinds(tmp_path: Path) -> None:
    resource = record("resource", b"a,b\n", url="urn:x:followers", more="Content-Type: text/csv\r\n")
    dns = record("response", b"20260105 example.com. 300 IN A 192.0.2.1", url="dns:example.com")
    snapshot = one(read(tmp_path, members(dns, record("metadata", b"x: y"), resource)))
    assert (snapshot.method, snapshot.status, snapshot.media_type, snapshot.body) == (
        "RESOURCE",
        200,
        "text/csv",
        b"a,b\n",
    )


def zeros(size: int) -> bytes:
    """Compress zeros without ever holding or packing them all: one packed piece stands there many times."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = squeeze.compress(bytes(1024 * 1024)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + piece * (size // (1024 * 1024))


def test_a_bomb_ends_early_and_in_little_memory(tmp_path: Path) -> None:
    bomb = members(record(block=http(zeros(1024**3), head="Content-Encoding: gzip\r\n")), THREE[1])
    tracemalloc.start()
    try:
        found = read(tmp_path, bomb)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert shapes(found) == ["too_large", "[2]"]
    assert most < 32 * 1024 * 1024


def test_a_record_above_the_limit_is_passed_over(tmp_path: Path) -> None:
    limits = Limits(body_bytes=1000)
    big = record(block=http(bytes(3 * 1024 * 1024)))
    for data in (members(big, THREE[1]), big + THREE[1], gzip.compress(big + THREE[1])):
        assert shapes(read(tmp_path, data, limits=limits)) == ["too_large", "[2]"]


DEFLATED = zlib.compress(b"[9]")
ENCODED = {
    "gzip": (gzip.compress(b"[9]"), "gzip", "[9]"),
    "two members": (gzip.compress(b"[") + gzip.compress(b"9]"), "gzip", "[9]"),
    "upper case": (gzip.compress(b"[9]"), "GZIP", "[9]"),
    "twice": (gzip.compress(gzip.compress(b"[9]")), "gzip, gzip", "[9]"),
    "deflate": (DEFLATED, "deflate", "[9]"),
    "raw deflate": (DEFLATED[2:-4], "deflate", "[9]"),
    "undone before it was saved": (b"[9]", "gzip", "[9]"),
    "unknown but plain": (b"[9]", "br", "[9]"),
    "unknown": (b"\x8b\xff\x80", "br", "undecodable"),
    "cut": (gzip.compress(b"[9]" * 100)[:-12], "gzip", "truncated"),
    "damaged": (gzip.compress(b"[9]")[:-8] + b"12345678", "gzip", "undecodable"),
    "followed by something": (gzip.compress(b"[9]") + b"<html>", "gzip", "undecodable"),
    "identity": (b"[9]", "identity", "[9]"),
}


@pytest.mark.parametrize("name", ENCODED)
def test_content_encodings(tmp_path: Path, name: str) -> None:
    body, encoding, expected = ENCODED[name]
    found = read(tmp_path, members(record(block=http(body, head=f"Content-Encoding: {encoding}\r\n")), THREE[1]))
    assert shapes(found) == [expected, "[2]"]


def test_long_bodies_survive_decoding(tmp_path: Path) -> None:
    body = bytes(range(256)) * 20_000
    packed = gzip.compress(body) + gzip.compress(body)
    assert one(read(tmp_path, record(block=http(packed, head="Content-Encoding: gzip\r\n")))).body == body * 2


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"2\r\n[7\r\n1\r\n]\r\n0\r\n\r\n", "[7]"),
        (b"[7]", "[7]"),
        (b"2\r\n[7\r\n1\r\n", "truncated"),
        (b"9\r\n[7", "truncated"),
    ],
)
def test_chunks(tmp_path: Path, payload: bytes, expected: str) -> None:
    block = http(payload, head="Transfer-Encoding: chunked\r\n")
    assert shapes(read(tmp_path, record(block=block))) == [expected]


DATES = {
    "month 20, Date header": (
        "2018-20-15T12:00:00Z",
        "Date: Mon, 05 Jan 2026 07:30:00 GMT\r\n",
        DAY - timedelta(minutes=30),
    ),
    "month 20, date of the file": ("2018-20-15T12:00:00Z", "", DAY - timedelta(minutes=1)),
    "words": ("yesterday", "Date: soon\r\n", DAY - timedelta(minutes=1)),
    "year 1": ("0001-01-01T00:00:00Z", "", DAY - timedelta(minutes=1)),
    "empty": ("", "", DAY - timedelta(minutes=1)),
}


@pytest.mark.parametrize("name", DATES)
def test_a_bad_date_falls_back_and_says_so(tmp_path: Path, name: str) -> None:
    date, head, expected = DATES[name]
    snapshot = one(read(tmp_path, members(info(), record(block=http(head=head), date=date))))
    assert snapshot.fetched_at == expected
    assert "stands in" in snapshot.headers[NOTE]


def test_without_any_date_the_arrival_stands_in_and_without_that_nothing_does(tmp_path: Path) -> None:
    bad = record(date="2018-20-15T12:00:00Z")
    assert one(read(tmp_path, bad)).fetched_at == NOON
    assert shapes(list(read_archive(tmp_path / "foreign.warc.gz", arrival=None))) == ["date"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2026-01-05T08:00:00.123456789Z", DAY.replace(microsecond=123_456)),
        ("2026-01-05T16:00:00+08:00", DAY),
        ("2026-01-05T08:00:00", DAY),
    ],
)
def test_good_dates(tmp_path: Path, date: str, expected: datetime) -> None:
    snapshot = one(read(tmp_path, record(date=date)))
    assert snapshot.fetched_at == expected and NOTE not in snapshot.headers


def damaged() -> Iterator[tuple[str, bytes, list[str]]]:
    first, _, third = THREE
    short, long = (record(number=2, block=http(b"[2]"), length=size) for size in (20, 5000))
    yield "cut in the last member", members(*THREE)[:-30], ["[1]", "[2]", "truncated"]
    yield "cut in a plain file", b"".join(THREE)[:-30], ["[1]", "[2]", "truncated"]
    yield "too short, by member", members(first, short, third), ["[1]", "length", "[3]"]
    yield "too short, plain", first + short + third, ["[1]", "length", "[3]"]
    yield "too short, whole", gzip.compress(first + short + third), ["[1]", "length", "[3]"]
    yield "too long, by member", members(first, long, third), ["[1]", "truncated", "[3]"]
    yield "too long, plain", first + long + third, ["[1]", "truncated", "[3]"]
    yield "endless", first + record(length=10**12) + third, ["[1]", "truncated", "[3]"]
    yield "no number", first + record(length=-5) + third, ["[1]", "length", "[3]"]
    yield "garbage between, by member", members(first) + b"garbage!" + members(third), ["[1]", "garbage", "[3]"]
    yield "garbage between, plain", first + b"garbage!\r\n" + third, ["[1]", "garbage", "[3]"]
    yield "garbage before", b"garbage!" * 20 + members(first), ["garbage", "[1]"]
    yield "nothing", b"", []
    yield "no WARC", b"<html>" * 1000, ["garbage"]
    yield "gzip of no WARC", gzip.compress(b"<html>" * 1000), ["garbage"]
    yield "not HTTP", members(record(block=b"\x16\x03\x01 hello"), third), ["http", "[3]"]
    yield "odd status", members(record(block=b"HTTP/1.1 abc\r\n\r\n"), third), ["http", "[3]"]
    yield "empty block", members(record(block=b""), third), ["http", "[3]"]
    yield "no address", members(record(url="").replace(b"WARC-Target-URI: \r\n", b""), third), ["[3]"]
    yield (
        "shorter than announced",
        members(record(block=http(head="Content-Length: 99\r\n")), third),
        ["truncated", "[3]"],
    )
    yield "marked as cut", members(record(more="WARC-Truncated: length\r\n"), third), ["too_large", "[3]"]
    yield "in segments", members(record(more="WARC-Segment-Number: 1\r\n"), third), ["segmented", "[3]"]
    flipped = bytearray(members(*THREE))
    flipped[len(members(first)) + 40] ^= 0xFF
    yield "a flipped byte", bytes(flipped), ["[1]", "damaged", "[3]"]
    head = b"WARC/1.0\r\n" + b"X-Endless: 1\r\n" * 300_000
    yield "an endless head", first + head + b"\r\n" + third, ["[1]", "head", "[3]"]


DAMAGED = {name: (data, expected) for name, data, expected in damaged()}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_named_and_reading_goes_on(tmp_path: Path, name: str) -> None:
    data, expected = DAMAGED[name]
    assert shapes(read(tmp_path, data)) == expected


def test_a_file_compressed_as_a_whole_and_cut_ends_with_a_fault(tmp_path: Path) -> None:
    data = gzip.compress(b"".join(THREE) + record(number=4, block=http(bytes(range(256)) * 40)))
    assert shapes(read(tmp_path, data[:-40])) == ["[1]", "[2]", "[3]", "truncated"]


@pytest.mark.parametrize("cut", range(0, len(members(info(), *THREE)), 7))
def test_a_file_cut_anywhere_gives_whole_records_and_at_most_one_broken(tmp_path: Path, cut: int) -> None:
    found = read(tmp_path, members(info(), *THREE)[:cut])
    bodies = [snapshot.body for snapshot in found if isinstance(snapshot, Snapshot)]
    assert bodies == [b"[1]", b"[2]", b"[3]"][: len(bodies)]
    assert sum(isinstance(part, Broken) for part in found) <= 1


def revisit(more: str, *, block: bytes = b"", profile: str = "identical-payload-digest") -> bytes:
    fields = f"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/{profile}\r\n{more}"
    return record("revisit", block, number=7, date="2026-01-06T08:00:00Z", more=fields)


REVISITS = {
    "by record": revisit("WARC-Refers-To: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n", block=http(b"")),
    "by digest": revisit("WARC-Payload-Digest: sha1:AAAA\r\n", block=http(b"")),
    "without a head": revisit("WARC-Payload-Digest: sha1:AAAA\r\n"),
    "not modified": revisit("", block=http(b"", status="304 Not Modified"), profile="server-not-modified"),
}


@pytest.mark.parametrize("name", REVISITS)
def test_a_revisit_has_the_earlier_body_and_its_own_time(tmp_path: Path, name: str) -> None:
    first = record(number=1, more="WARC-Payload-Digest: sha1:AAAA\r\n")
    found = read(tmp_path, members(first, record(number=2, url=f"{URL}&c=3"), REVISITS[name]))
    assert shapes(found) == ["[1]", "[1]", "[1]"]
    last = found[-1]
    assert isinstance(last, Snapshot)
    assert (last.status, last.media_type, last.fetched_at) == (200, "application/json", DAY + timedelta(days=1))


def test_a_revisit_of_nothing_is_broken(tmp_path: Path) -> None:
    assert shapes(read(tmp_path, members(REVISITS["by record"]))) == ["no_original"]


def test_a_record_without_an_id_gets_the_same_one_in_every_reading(tmp_path: Path) -> None:
    nameless = members(*(part.replace(b"WARC-Record-ID", b"X-Was-Id") for part in THREE[:2]))
    ids = [[part.id for part in read(tmp_path, nameless) if isinstance(part, Snapshot)] for _ in range(2)]
    assert ids[0] == ids[1] and len(set(ids[0])) == 2


def test_whose_file_it_is(tmp_path: Path) -> None:
    for number, (software, own) in enumerate((("Dragongate/0.1", True), ("Dragongateway/1", False), ("x", False))):
        path = tmp_path / f"{number}.warc.gz"
        path.write_bytes(members(info(software), THREE[0]))
        assert is_own(path) is own
        (found,) = read_archive(path, arrival=NOON)
        assert isinstance(found, Snapshot) and found.first_seen_at == (DAY if own else NOON)


def test_a_missing_file_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(read_archive(tmp_path / "none.warc.gz", arrival=None))


@pytest.mark.recorded
@pytest.mark.skipif(not CORPUS.exists(), reason="the recorded material is not beside the project")
def test_the_recorded_material_is_read_whole() -> None:
    found = list(read_archive(CORPUS, arrival=NOON))
    snapshots = [part for part in found if isinstance(part, Snapshot)]
    assert (len(snapshots), len(found)) == (459, 459)
    assert sum(NOTE in part.headers for part in snapshots) == 11
    for part in snapshots[::50]:
        assert read_record(CORPUS, part.archive_offset, arrival=NOON) == part
