"""Housekeeping: what nothing rests on goes, all else stays and is found, whatever is killed when."""

import gzip
import random
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.archive import Archive
from extractors.settings import Keep, Settings
from extractors.warc_frames import Frame, frames
from extractors.warc_records import payload_digest
from extractors.warc_thinning import CannotThin, leave_out, standing
from flows.ingest import ingest
from flows.keeping import housekeep as module
from flows.keeping.housekeep import Housekept, housekeep, look
from flows.keeping.housekeeping import Plan
from flows.keeping.rebuild import rebuild
from flows.watching import default_watchlist
from tests.archives import http, info, members, record
from tests.end_to_end.rows import content, differences
from warehouse.database import Warehouse
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.needed import needed_answers
from warehouse.published import open_published

LIMIT = 10**8
Change = Callable[[bytes], bytes]
NOW = datetime(2031, 1, 1, tzinfo=UTC)


def settings(**keep: float) -> Settings:
    return Settings(keep=Keep(**keep))  # type: ignore[arg-type]


@pytest.fixture
def home(sample_home: Home, tmp_path: Path) -> Home:
    copy = tmp_path / "home"
    shutil.copytree(sample_home.root, copy, symlinks=True)
    return Home(copy)


def kept(home: Home, chosen: Settings, plans: list[Plan] | None = None) -> Housekept:
    told = plans if plans is not None else []
    return housekeep(home, chosen, default_watchlist(), now=lambda: NOW, said=told.append)


def require_bytes(home: Home) -> None:
    """See that each row, current or former, that readers have leads to its own bytes, at the place that is stated."""
    archive = Archive(home.archive)
    with Warehouse.open(home.warehouse) as warehouse:
        needed = needed_answers(warehouse, Generations(home.published))
    with open_published(home) as published:
        rows = published.execute(
            "SELECT snapshot_id, archive_file, archive_offset, sha256 FROM raw.snapshots"
        ).fetchall()
    stated = {name: place for name, *place in rows}
    assert needed <= stated.keys() and needed
    for name, (file, offset, sha256) in stated.items():
        found = archive.snapshot(file, offset)
        assert (found.id, found.sha256) == (name, sha256)


def require_same_when_rebuilt(home: Home) -> None:
    """See that what is left of the archive gives what is published."""
    found = rebuild(home, Settings(), default_watchlist(), is_publishing=False, now=lambda: NOW)
    assert found.comparison is not None and found.comparison.rows > 0
    assert found.comparison.differences == ()


def sizes(home: Home) -> int:
    return sum(path.stat().st_size for path in home.archive.glob("*.warc.gz"))


def places_of(home: Home) -> dict[str, tuple[str, int]]:
    with open_published(home) as published:
        rows = published.execute("SELECT snapshot_id, archive_file, archive_offset FROM raw.snapshots").fetchall()
    return {name: (file, offset) for name, file, offset in rows}


def test_what_goes_is_said_before_and_every_row_still_reaches_its_bytes_whatever_is_killed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, size = content(home.root), sizes(home)
    chosen = settings(archive_days=365)
    plan = look(home, chosen, now=lambda: NOW)
    assert plan.freed_bytes > 0 and sizes(home) == size

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "agree", killed)
        with pytest.raises(KeyboardInterrupt):
            kept(home, chosen)
    assert sizes(home) < size and differences(before, content(home.root)) == []
    archive, places = Archive(home.archive), places_of(home)
    with open_published(home) as published:
        rows = published.execute("SELECT DISTINCT snapshot_id FROM core.daily_quotes_by_source").fetchall()
    for (name,) in rows:
        assert archive.snapshot(*archive.place_of(name, *places[name])).id == name
    plans: list[Plan] = []
    done = kept(home, chosen, plans)
    assert plans == [done.plan] and done.plan.freed_bytes == 0
    assert differences(before, content(home.root)) == []
    require_bytes(home)
    require_same_when_rebuilt(home)


def test_by_default_nothing_of_the_archive_goes_and_by_size_the_oldest_first(home: Home) -> None:
    size = sizes(home)
    home.logs.mkdir(exist_ok=True)
    (home.logs / "dragongate-2020-01-01.log").write_text("old")
    everything = look(home, settings(archive_days=1), now=lambda: NOW)
    some = look(home, settings(archive_gigabytes=(size - 2_000) / 1e9, log_days=0), now=lambda: NOW)
    assert 2_000 <= some.freed_bytes < everything.freed_bytes and some.logs == ()
    before = {path.name: path.read_bytes() for path in home.archive.glob("*.warc.gz")}
    done = kept(home, settings(generations=1))
    assert {path.name: path.read_bytes() for path in home.archive.glob("*.warc.gz")} == before
    assert done.plan.files == () and not (home.logs / "dragongate-2020-01-01.log").exists()
    assert len(Generations(home.published).numbers()) == 1


PART = b"\0part\0"
CODES = ("hk01810", "hk01211", "sz002594")
DAYS = [date(2025, 3, 3) + timedelta(days=number) for number in range(3)]


def random_answers(chance: random.Random) -> list[bytes]:
    """Write answers about the same few bars, asked again and again: some say something new, some are revisits."""
    found: list[bytes] = []
    last: dict[str, tuple[bytes, int]] = {}
    for number in range(1, 31):
        code = chance.choice(CODES)
        url = f"https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param={code},day,,,800,"
        stamp = f"2025-03-{6 + number // 24:02}T{number % 24:02}:00:00Z"
        if code in last and chance.random() < 0.3:
            found.append(revisit(*last[code], url=url, stamp=stamp, number=number))
            continue
        bars = ",".join(
            f'["{day}","1{chance.randrange(2)}.0","10.5","12.0","9.0","1000"]' for day in DAYS[: chance.randint(1, 3)]
        )
        text = f'{{"code":0,"msg":"","data":{{"{code}":{{"day":[{bars}],"prec":"1","version":"1"}}}}}}'
        body, status = (text.encode(), "200 OK") if chance.random() < 0.85 else (b"not now", "404 Not Found")
        digest = f"WARC-Payload-Digest: {payload_digest(body)}\r\n"
        asked = record("request", b"GET / HTTP/1.1\r\n\r\n", url=url, date=stamp, number=number + 500)
        answer = record("response", http(body, status=status), url=url, date=stamp, number=number, more=digest)
        found.append(asked + PART + answer)
        last[code] = (body, number)
    return found


def revisit(body: bytes, original: int, *, url: str, stamp: str, number: int) -> bytes:
    more = (
        "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
        f"WARC-Refers-To: <urn:uuid:00000000-0000-0000-0000-{original:012}>\r\n"
        f"WARC-Payload-Digest: {payload_digest(body)}\r\n"
    )
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
    return record("revisit", head, url=url, date=stamp, number=number, more=more)


def test_whatever_came_a_rebuild_from_what_is_left_gives_the_same_rows(tmp_path: Path) -> None:
    answers = random_answers(random.Random(7))
    home = Home(tmp_path / "home")
    for number, part in enumerate((answers[:15], answers[15:])):
        path = tmp_path / f"part-{number}.warc.gz"
        path.write_bytes(members(info(), *(one for text in part for one in text.split(PART))))
        arrived = datetime(2026, 1, 1 + number, tzinfo=UTC)
        ingest(home, path, Settings(), default_watchlist(), now=lambda at=arrived: at)  # type: ignore[misc]
    before = content(home.root)
    done = kept(home, settings(archive_days=30))
    assert done.plan.freed_bytes > 0
    assert differences(before, content(home.root)) == []
    require_bytes(home)
    require_same_when_rebuilt(home)


URL = "https://news.example.com/a"


def three(path: Path, *, plain: bool = False) -> Path:
    parts = [
        info(),
        record("request", b"GET /a HTTP/1.1\r\n\r\n", url=URL, number=11),
        record(block=http(b"[1]"), url=URL, number=1),
        record(block=http(b"[2]"), url=f"{URL}?2", number=2),
        record("request", b"GET /b HTTP/1.1\r\n\r\n", url=f"{URL}?2", number=12),
        record("request", b"GET /a HTTP/1.1\r\n\r\n", url=URL, number=13),
        record(block=http(b"[3]"), url=URL, number=3),
    ]
    path.write_bytes(b"".join(parts) if plain else members(*parts))
    return path


def numbers(path: Path) -> list[int]:
    return [int(one.get("WARC-Record-ID")[-4:-1]) for one in frames(path, limit=LIMIT) if isinstance(one, Frame)]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(
    ("gone", "left"),
    [
        ((1,), [999, 2, 12, 13, 3]),
        ((2,), [999, 11, 1, 13, 3]),
        ((1, 3), [999, 2, 12]),
        ((), [999, 11, 1, 2, 12, 13, 3]),
    ],
)
def test_an_answer_goes_with_its_request_and_the_others_are_where_they_are_said_to_be(
    tmp_path: Path, gone: tuple[int, ...], left: list[int], plain: bool
) -> None:
    path = three(tmp_path / ("a.warc" if plain else "a.warc.gz"), plain=plain)
    ids = {f"urn:uuid:00000000-0000-0000-0000-{number:012}" for number in gone}
    places = leave_out(path, standing(path, limit=LIMIT), ids)
    assert numbers(path) == left
    there = {one.get("WARC-Record-ID").strip("<>"): (one.offset, one.length) for one in frames(path, limit=LIMIT)
             if isinstance(one, Frame) and one.kind == "response"}  # fmt: skip
    assert places == there
    read = [one.rec_headers.get_header("WARC-Record-ID") for one in ArchiveIterator(BytesIO(path.read_bytes()))]
    assert [int(name[-4:-1]) for name in read] == left


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda content: gzip.compress(gzip.decompress(content)), "compressed as a whole"),
        (lambda content: content[:-20], "cannot be read whole"),
        (lambda content: members(info(), record(block=http(b"[1]"), url=URL).replace(b"WARC-Record-ID", b"X-Other")),
         "records without ids"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_thinned_is_left_alone_and_says_why(tmp_path: Path, change: Change, said: str) -> None:
    path = three(tmp_path / "a.warc.gz")
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(CannotThin, match=said):
        standing(path, limit=LIMIT)
