"""A zip of evidence holds what a stranger needs to check a cell, and says the same every time."""

import json
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from extractors.archive import Archive, ArchiveWriter, is_own
from extractors.settings import Limits
from extractors.snapshot import Snapshot
from extractors.warc_copying import small_warc
from extractors.warc_frames import Frame, frames
from extractors.warc_reading import read_archive
from flows.evidence import pack
from flows.main import app
from tests.archives import NOON, Clock, answered, asked, http, info, members, record
from warehouse.evidence import gather
from warehouse.home import Home
from warehouse.published import QueryError, query

CELL = ("core.daily_quotes", "XHKG:01810,2024-12-30")


def opened(home: Home, table: str, key: str) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(pack(home, gather(home, table, key)).content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture(scope="module")
def cell(sample_home: Home) -> dict[str, bytes]:
    return opened(sample_home, *CELL)


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "evidence.warc.gz"
    path.write_bytes(content)
    return path


def test_it_holds_the_row_with_all_its_readings(cell: dict[str, bytes]) -> None:
    said = json.loads(cell["row.json"])
    assert (said["table"], said["key"]) == (CELL[0], {"security_id": "XHKG:01810", "trade_date": "2024-12-30"})
    assert [row["close_price"] for row in said["rows"]] == [34.45]
    assert {row["source_id"] for row in said["readings"]} == {"tencent_daily", "tencent_realtime"}


def test_the_sums_are_those_of_the_files(cell: dict[str, bytes]) -> None:
    told = {name: digest for digest, name in (line.split() for line in cell["SHA256SUMS"].decode().splitlines())}
    assert told == {name: sha256(content).hexdigest() for name, content in cell.items() if name != "SHA256SUMS"}


def test_the_bodies_are_those_that_the_chain_names(cell: dict[str, bytes]) -> None:
    chain = json.loads(cell["chain.json"])
    bodies = [content for name, content in sorted(cell.items()) if name.startswith("bodies/")]
    assert [one["sha256"] for one in chain] == [sha256(body).hexdigest() for body in bodies]
    assert b'"2024-12-30","34.650","34.450"' in bodies[1], "the bar that the close was read from"
    assert all(one["fetches"][0]["code_version"] and one["archive_file"] for one in chain)


def test_the_readme_and_the_terms_name_every_source_and_file(cell: dict[str, bytes]) -> None:
    readme, terms = cell["README.md"].decode(), json.loads(cell["terms.json"])
    assert {one["source_id"] for one in terms} == {"tencent_daily", "tencent_realtime"}
    assert all(one["terms"] in readme and one["publisher"] in readme for one in terms)
    assert [name for name in cell if name not in readme and name != "README.md"] == []
    assert "is not to be passed on" in readme


def test_the_records_are_a_warc_that_other_tools_find_whole(cell: dict[str, bytes], tmp_path: Path) -> None:
    kinds, right = [], []
    for one in ArchiveIterator(BytesIO(cell["evidence.warc.gz"]), check_digests=True):
        one.content_stream().read()
        kinds.append(one.rec_type)
        right.append(one.digest_checker.passed)
    assert kinds == ["warcinfo", "request", "response", "request", "response"]
    assert False not in right and True in right
    path = written(tmp_path, cell["evidence.warc.gz"])
    ids = {one.id for one in read_archive(path, arrival=NOON) if isinstance(one, Snapshot)}
    assert ids == {one["snapshot_id"] for one in json.loads(cell["chain.json"])}
    assert not is_own(path), "a copy is known here from its arrival on, not from the day of its records"


def test_the_same_cell_gives_the_same_bytes(sample_home: Home) -> None:
    assert pack(sample_home, gather(sample_home, *CELL)) == pack(sample_home, gather(sample_home, *CELL))


def test_a_derived_row_brings_the_article_and_where_it_was_read(sample_home: Home) -> None:
    link = query(sample_home, "SELECT * FROM core.article_companies ORDER BY ALL LIMIT 1").to_pylist()[0]
    key = ",".join(str(link[name]) for name in ("article_id", "company_id", "via", "entity_id"))
    files = opened(sample_home, "core.article_companies", key)
    article = link["article_id"]
    readings = query(
        sample_home,
        f"SELECT snapshot_id FROM core.articles_by_source WHERE article_id = '{article}'",
    ).to_pylist()
    packed = {one["snapshot_id"] for one in json.loads(files["chain.json"])}
    assert packed >= {one["snapshot_id"] for one in readings} and len(readings) >= 2
    tables = {one["table"] for one in json.loads(files["row.json"])["documents"]}
    assert "core.articles" in tables


def test_a_mart_brings_what_lies_under_it(sample_home: Home) -> None:
    files = opened(sample_home, "mart.company_daily", "company_id=xiaomi,trade_date=2024-12-30")
    assert "tencent_daily" in {one["source_id"] for one in json.loads(files["chain.json"])}


def test_an_unknown_table_is_named_with_what_there_is(sample_home: Home) -> None:
    with pytest.raises(QueryError, match=r"core\.daily_quotes"):
        gather(sample_home, "core.daily_quote", "x")


def test_the_command_writes_the_file_and_says_so(sample_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "cell.zip"
    done = CliRunner().invoke(app, ["evidence", *CELL, "-o", str(target), "--home", str(sample_home.root)])
    assert done.exit_code == 0 and "2 saved answers" in done.output
    assert zipfile.is_zipfile(target) and [one.name for one in tmp_path.iterdir()] == ["cell.zip"]


def test_the_command_packs_no_hole(sample_home: Home, tmp_path: Path) -> None:
    words = ["evidence", "core.daily_quotes", "XHKG:01810,2025-01-01", "-o", str(tmp_path / "hole.zip")]
    done = CliRunner().invoke(app, [*words, "--home", str(sample_home.root)])
    assert done.exit_code == 1 and "did not trade on 2025-01-01" in done.output
    assert list(tmp_path.iterdir()) == []


def test_what_the_archive_lost_is_told(sample_home: Home, tmp_path: Path) -> None:
    bare = Home(tmp_path / "bare")
    bare.published.parent.mkdir()
    bare.published.symlink_to(sample_home.published)
    bare.archive.mkdir()
    packed = pack(bare, gather(bare, *CELL))
    assert packed.bodies == 0 and len(packed.missing) == 2
    with zipfile.ZipFile(BytesIO(packed.content)) as files:
        assert "cannot be read" in files.read("README.md").decode()
        assert "evidence.warc.gz" not in files.namelist()


def test_before_a_revisit_stands_what_it_repeats(tmp_path: Path) -> None:
    clock, archive = Clock(), Archive(tmp_path)
    with archive.start("one", clock.now) as first:
        first.response(asked(), answered(b"[1, 2]"))
    clock.move(60)
    with archive.start("two", clock.now) as second:
        again = second.response(asked(), answered(b"[1, 2]"))
    assert isinstance(again, Snapshot)
    found = archive.records(again.archive_file, again.archive_offset)
    assert [one.kind for one in found] == ["request", "response", "request", "revisit"]
    path = written(tmp_path / "..", small_warc(found, name="evidence.warc.gz", about="a test", at=NOON))
    bodies = [one.body for one in read_archive(path, arrival=NOON) if isinstance(one, Snapshot)]
    assert bodies == [b"[1, 2]", b"[1, 2]"]


@pytest.mark.parametrize("order", ["before", "behind", "alone"])
def test_a_request_is_found_on_either_side(order: str, tmp_path: Path) -> None:
    request = record("request", b"GET /feed HTTP/1.1\r\nHost: news.example.com\r\n\r\n", number=2)
    other = record("request", b"GET / HTTP/1.1\r\n\r\n", url="https://other.example.com/", number=3)
    answer = record("response", http(), number=1)
    parts = {"before": [request, answer], "behind": [answer, request], "alone": [other, answer, other]}[order]
    path = tmp_path / "foreign.warc.gz"
    path.write_bytes(members(info(), *parts))
    archive = Archive(tmp_path)
    (place,) = [one.offset for one in frames(path, limit=10**6) if isinstance(one, Frame) and one.kind == "response"]
    kinds: dict[str, list[Any]] = {"before": ["request", "response"], "behind": ["response", "request"]}
    assert [one.kind for one in archive.records(path.name, place)] == kinds.get(order, ["response"])


def test_nothing_is_copied_from_where_nothing_stands(tmp_path: Path) -> None:
    with ArchiveWriter(
        tmp_path / "x.warc.gz", run_id="x", now=Clock().now, index=Archive(tmp_path).index, limits=Limits()
    ) as writer:
        writer.resource("urn:x", b"x", "text/plain")
    assert Archive(tmp_path).records("x.warc.gz", 17) == []
