"""A document that is taken down is gone from every file of a home, and nothing brings it back."""

import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

import flows.forget
from extractors.archive import Archive, Broken
from extractors.settings import Settings
from extractors.snapshot import Snapshot
from extractors.tombstones import TOMBSTONE
from extractors.warc_frames import Fault, Frame, frames
from extractors.warc_reading import read_archive
from flows.collect import Request, run_daily
from flows.forget import forget
from flows.ingest import ingest
from flows.main import app
from flows.mend import Installation
from flows.runner import PlainRunner
from flows.watching import default_watchlist
from samples.build import ARCHIVE, WINDOW
from tests.archives import http, info, members, record
from tests.end_to_end.rows import content, differences, ledger
from warehouse.database import Warehouse
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.published import QueryError, query
from warehouse.why import explain

START = datetime(2025, 1, 12, 4, tzinfo=UTC)
NOON = datetime(2025, 2, 3, 4, tzinfo=UTC)
FILINGS = "https://data.sec.gov/submissions/CIK0001318605.json"
KEPT = ("param=hk01810,", "CIK0001318605", "qt.gtimg.cn")
CELL = ("core.filings", "sec:0001628280-24-043486")


def piece(folder: Path) -> Path:
    """Cut a few answers out of the sample archive."""
    whole = ARCHIVE.read_bytes()
    path = folder / ARCHIVE.name
    path.write_bytes(
        b"".join(
            whole[one.offset : one.offset + one.length]
            for one in frames(ARCHIVE, limit=10**8)
            if isinstance(one, Frame) and (one.kind == "warcinfo" or any(part in one.url for part in KEPT))
        )
    )
    return path


def at(home: Home) -> Installation:
    return Installation(home, Settings(), default_watchlist(), "A. Name", "the publisher asked for it", lambda: NOON)


def take_in(home: Home, path: Path, now: datetime = START) -> None:
    ingest(home, path, Settings(), default_watchlist(), now=lambda: now)


def copied(home: Home, folder: Path) -> Home:
    return Home(Path(shutil.copytree(home.root, folder / "home", symlinks=True)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with two generations before anything is taken down; nobody writes into it."""
    folder = tmp_path_factory.mktemp("whole")
    home = Home(folder / "home")
    take_in(home, piece(folder))
    return home


@pytest.fixture(scope="module")
def key(whole: Home) -> str:
    found = query(whole, "SELECT filing_id FROM core.filings WHERE publisher = 'sec' ORDER BY 1 LIMIT 1").to_pylist()
    return str(found[0]["filing_id"])


@pytest.fixture(scope="module")
def forgotten(whole: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = copied(whole, tmp_path_factory.mktemp("forgotten"))
    done = forget(at(home), FILINGS)
    assert done.records == 1 and done.deleted["core.filings"] > 0
    return home


def said_by(home: Home) -> list[bytes]:
    """Give everything that stands in the files of a home, compressed records included."""
    found = []
    for path in home.root.rglob("*"):
        if path.is_file() and not path.is_symlink():
            raw = path.read_bytes()
            found.append(raw)
            if path.name.endswith(".gz"):
                found.append(gzip.decompress(raw))
    return found


def rows_of(home: Home, sql: str) -> int:
    return int(query(home, f"SELECT count(*) AS n FROM {sql}").to_pylist()[0]["n"])


def test_no_file_of_the_home_holds_it_any_more(whole: Home, forgotten: Home, key: str) -> None:
    number = key.partition(":")[2].encode()
    assert any(number in content for content in said_by(whole)), "it was there"
    tombstones = [
        one for one in frames(next(forgotten.archive.glob("forget-*")), limit=10**7) if isinstance(one, Frame)
    ]
    (tombstone,) = [one.block for one in tombstones if one.kind == "resource"]
    # The tombstone, and the ledger that repeats it, name the rows that went by their keys, and nothing else does.
    for path in sorted(forgotten.archive.glob("turn-of*")):
        assert number not in gzip.decompress(path.read_bytes())
    assert number in tombstone and b"acceptanceDateTime" not in tombstone and b"primaryDocument" not in tombstone
    assert not any(b"primaryDocDescription" in content for content in said_by(forgotten))


def test_rows_history_and_ledger_are_without_it(forgotten: Home) -> None:
    assert rows_of(forgotten, "core.filings WHERE publisher = 'sec'") == 0
    gone = {row["snapshot_id"] for row in ledger(forgotten.root, "SELECT snapshot_id FROM tombstones")}
    with Warehouse.open(forgotten.warehouse) as warehouse:
        for name in (
            "core.filings_by_source",
            "history.filings_by_source",
            "core.events",
            "ops.rejects",
            "raw.snapshots",
        ):
            ids = warehouse.frame(f"SELECT snapshot_id FROM {name}").column("snapshot_id").to_pylist()
            assert not gone & set(ids), name


def test_everything_else_stays(whole: Home, forgotten: Home) -> None:
    for table in ("core.daily_quotes", "core.financial_facts", "core.shares_outstanding"):
        assert query(forgotten, f"SELECT * FROM {table} ORDER BY ALL").equals(
            query(whole, f"SELECT * FROM {table} ORDER BY ALL")
        )


def test_the_archive_stays_valid_and_the_index_right(forgotten: Home) -> None:
    archive = Archive(forgotten.archive)
    for path in archive.files():
        assert not [one for one in frames(path, limit=10**8) if isinstance(one, Fault)]
        assert not [one for one in archive.read(path.name) if isinstance(one, Broken)]
        with path.open("rb") as file:
            for one in ArchiveIterator(file, check_digests="raise"):
                one.content_stream().read()
    for row in query(forgotten, "SELECT * FROM raw.snapshots").to_pylist():
        found = archive.snapshot(row["archive_file"], row["archive_offset"])
        assert (found.id, found.sha256) == (row["snapshot_id"], row["sha256"])


def test_the_tombstone_says_what_when_by_whom_and_why(forgotten: Home, whole: Home) -> None:
    (row,) = ledger(forgotten.root, "SELECT * FROM tombstones")
    (before,) = query(whole, f"SELECT * FROM raw.snapshots WHERE url = '{FILINGS}' AND method = 'GET'").to_pylist()
    assert (row["url"], row["author"], row["because"]) == (FILINGS, "A. Name", "the publisher asked for it")
    assert (row["snapshot_id"], row["sha256"], row["fetched_at"]) == (
        before["snapshot_id"], before["sha256"], before["fetched_at"],
    )  # fmt: skip
    assert row["forgotten_at"] == NOON and any("core.filings_by_source filing_id=" in one for one in row["row_keys"])


def test_why_tells_of_it(forgotten: Home, key: str) -> None:
    hole = explain(forgotten, "core.filings", key).hole
    assert hole[0].startswith(f"{FILINGS} was taken down on 2025-02-03 by A. Name: the publisher asked for it")
    other = explain(forgotten, "core.filings", "sec:0000000000-00-000000").hole
    assert not any("taken down" in one for one in other), "a row that never was is another hole"


def test_only_generations_without_it_are_left(forgotten: Home) -> None:
    generations = Generations(forgotten.published)
    assert generations.numbers() == [2] and generations.shown() == 2


def test_a_rebuild_does_not_bring_it_back(forgotten: Home, tmp_path: Path) -> None:
    rebuilt = Home(tmp_path / "rebuilt")
    shutil.copytree(forgotten.archive, rebuilt.archive)
    for name in sorted((one.name for one in rebuilt.archive.glob("*.gz")), key=lambda one: not one.startswith("turn")):
        take_in(rebuilt, rebuilt.archive / name, NOON)
    assert differences(content(forgotten.root), content(rebuilt.root)) == []
    assert ledger(rebuilt.root, "SELECT * FROM tombstones") == ledger(forgotten.root, "SELECT * FROM tombstones")


def test_a_backup_from_before_does_not_bring_it_back(forgotten: Home, whole: Home, tmp_path: Path) -> None:
    home = copied(forgotten, tmp_path)
    before = content(home.root)
    names = sorted(path.name for path in home.archive.iterdir() if path.is_file())
    take_in(home, whole.archive / ARCHIVE.name, NOON)
    assert differences(before, content(home.root)) == []
    after = sorted(path.name for path in home.archive.iterdir() if path.is_file())
    assert [one for one in after if one not in names and "ingest" not in one] == [], "the same file, freed of it"
    # In the place of our own file, as somebody restores one
    (home.archive / ARCHIVE.name).write_bytes((whole.archive / ARCHIVE.name).read_bytes())
    take_in(home, home.archive / ARCHIVE.name, NOON)
    assert differences(before, content(home.root)) == []
    assert not any(b"primaryDocDescription" in one for one in said_by(home))


def foreign(folder: Path) -> Path:
    """Another tool's archive with the same document under another record id."""
    recorded = read_archive(ARCHIVE, arrival=None)
    (body,) = [one.body for one in recorded if isinstance(one, Snapshot) and one.url == FILINGS]
    path = folder / "crawl.warc.gz"
    path.write_bytes(
        members(
            info(),
            record(block=http(body), url=FILINGS, number=71),
            record(block=http(b"{}"), url="https://news.example.com/other", number=72),
        )
    )
    return path


def test_another_archive_does_not_bring_it_back(forgotten: Home, tmp_path: Path) -> None:
    home = copied(forgotten, tmp_path)
    before = content(home.root)
    for _ in range(2):
        take_in(home, foreign(tmp_path), NOON)
        assert differences(before, content(home.root)) == []
        assert not any(b"primaryDocDescription" in one for one in said_by(home))
    assert len(list(home.archive.glob("crawl-*"))) == 1


def test_a_tombstone_that_comes_later_takes_down_what_another_archive_brought(
    forgotten: Home, whole: Home, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    take_in(home, foreign(tmp_path))
    assert rows_of(home, "core.filings") > 0
    take_in(home, next(forgotten.archive.glob("forget-*")), NOON)
    assert rows_of(home, "core.filings") == 0
    assert not any(b"primaryDocDescription" in gzip.decompress(one.read_bytes()) for one in home.archive.glob("*.gz"))
    assert Generations(home.published).numbers() == [2]


def test_it_is_not_asked_for_again(forgotten: Home, tmp_path: Path) -> None:
    home = copied(forgotten, tmp_path)
    request = Request(
        home,
        Settings(contact="a@example.org", offline=True),
        default_watchlist(),
        window=WINDOW,
        only=("sec_submissions",),
    )
    run_daily(request, PlainRunner(), now=lambda: NOON)
    rows = ledger(home.root, f"SELECT outcome, reason FROM fetches WHERE url = '{FILINGS}' AND run_id LIKE 'daily-%'")
    assert rows == [{"outcome": "nothing_there", "reason": "forgotten"}]


def test_what_the_archive_does_not_hold_is_told(whole: Home) -> None:
    before = sorted(one.name for one in whole.archive.iterdir())
    with pytest.raises(QueryError, match="holds nothing of https://nobody"):
        forget(at(whole), "https://nobody.example/")
    with pytest.raises(QueryError, match="the installation's own"):
        forget(at(whole), "urn:dragongate:watchlist")
    assert sorted(one.name for one in whole.archive.iterdir()) == before


def test_the_command_asks_first(whole: Home, tmp_path: Path) -> None:
    home = copied(whole, tmp_path)
    words = ["forget", FILINGS, "--because", "asked for", "--home", str(home.root)]
    assert "nothing was changed" in CliRunner().invoke(app, words, input="n\n").output
    assert rows_of(home, "core.filings WHERE publisher = 'sec'") > 0
    done = CliRunner().invoke(app, [*words, "--yes"])
    assert done.exit_code == 0 and f"taken down: {FILINGS}, 1 records" in done.output


# --- Killed on the way


class Killed(BaseException):
    """What stands for the end of the process."""


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, place: str) -> Iterator[None]:
    def end(*args: object, **more: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(flows.forget, place, end)
        # A process that is killed writes down nothing about its end.
        patched.setattr("flows.job._write_failure", lambda job, error: None)
        with pytest.raises(Killed):
            yield


@pytest.mark.parametrize("place", ["written", "take_down", "derive", "publish", "compact"])
def test_killed_anywhere_it_is_as_before_or_the_next_start_finishes_it(
    place: str, whole: Home, forgotten: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(whole, tmp_path)
    with killed_at(monkeypatch, place):
        forget(at(home), FILINGS)
    is_before = not list(Archive(home.archive).index.answers("RESOURCE", TOMBSTONE))
    assert is_before == (place == "written")
    take_in(home, home.archive / ARCHIVE.name, NOON + timedelta(hours=1))
    wanted = whole if is_before else forgotten
    assert differences(content(wanted.root), content(home.root)) == []
    if not is_before:
        assert not any(
            b"primaryDocDescription" in gzip.decompress(one.read_bytes()) for one in home.archive.glob("*.gz")
        )
        assert not any(one == 1 for one in Generations(home.published).numbers())
    assert {row["state"] for row in ledger(home.root, "SELECT state FROM runs WHERE flow = 'forget'")} <= {
        "died", "completed",
    }  # fmt: skip
