"""Archives that are cut, lie, hold nothing or a bomb, come late or say one thing twice: an outcome or a clear error."""

import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.archive import Archive, NoArchive
from extractors.settings import Settings
from extractors.watchlist import WatchList, read_watchlist
from flows.ingest import ingest
from flows.report import RunReport
from tests.archives import http, info, members, record
from tests.end_to_end.commands import Ran, dragongate, environment
from tests.end_to_end.rows import content, differences, ledger
from warehouse.home import Home
from warehouse.published import query

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
OWN = info("Dragongate/0.1.0")
BARS = "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param=hk01810,day,2026-03-02,2026-03-06,800,"
FEED = "https://cnevpost.com/feed/"
MEGABYTE = 1024 * 1024

Write = Callable[..., Path]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(name: str, *parts: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(parts))
        return path

    return _write


def take(home: Home, path: Path, watchlist: WatchList = WATCHLIST) -> RunReport:
    return ingest(home, path, Settings(), watchlist, now=lambda: AT)


def user(name: str, number: int, **more: Any) -> bytes:
    """Write a good answer about an account that nobody follows."""
    body = f'{{"id": {number}, "login": "{name}", "followers": 3}}'.encode()
    return record(url=f"https://api.github.com/users/{name}", block=http(body), number=number, **more)


def bars(*days: Sequence[str], number: int, date: str) -> bytes:
    """Write an answer with daily bars of Xiaomi: day, open, CLOSE, high, low, volume."""
    rows = ",".join("[" + ",".join(f'"{one}"' for one in day) + "]" for day in days)
    body = f'{{"code":0,"msg":"","data":{{"hk01810":{{"day":[{rows}],"prec":"50.000","version":"16"}}}}}}'
    return record(url=BARS, block=http(body.encode()), number=number, date=date)


def unavailable(home: Home) -> list[tuple[object, object]]:
    rows = ledger(home.root, "SELECT url, reason FROM fetches WHERE outcome = 'unavailable' ORDER BY url")
    return [(str(row["url"]).rpartition("/")[2], row["reason"]) for row in rows]


def test_a_file_that_ends_early_gives_what_is_whole_and_names_what_is_not(home: Home, write: Write) -> None:
    whole = members(info(), user("a", 1), user("b", 2))
    report = take(home, write("cut.warc.gz", whole[:-40]))
    assert (report.exit_code, report.responses, report.broken) == (0, 2, 1)
    assert report.by_source["github"] == {"ok": 1, "unavailable": 1}
    assert unavailable(home) == [("b", "truncated")]


@pytest.mark.parametrize("pack", [members, lambda *parts: b"".join(parts)], ids=["by record", "plain"])
def test_lengths_that_lie_cost_their_own_record_and_no_other(
    home: Home, write: Write, pack: Callable[..., bytes]
) -> None:
    parts = (info(), user("short", 1, length=10), user("a", 2), user("long", 3, length=100_000), user("b", 4))
    report = take(home, write("lies.warc", pack(*parts)))
    assert (report.exit_code, report.responses, report.unmatched) == (0, 4, 0)
    assert report.by_source["github"] == {"ok": 2, "unavailable": 2}
    assert unavailable(home) == [("long", "truncated"), ("short", "length")]


def test_a_body_shorter_than_its_header_says_is_not_read(home: Home, write: Write) -> None:
    cut = record(
        url="https://api.github.com/users/cut",
        block=http(b'{"id": 1, "login": "cut", "followers": 3', head="Content-Length: 4000\r\n"),
    )
    report = take(home, write("short.warc.gz", members(info(), cut, user("a", 2))))
    assert report.by_source["github"] == {"ok": 1, "unavailable": 1}
    assert unavailable(home) == [("cut", "truncated")]


def test_bytes_that_are_no_record_are_told_with_their_place(
    home: Home, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    report = take(home, write("mixed.warc", info(), b"this is no record\r\n\r\n", user("a", 1)))
    assert (report.responses, report.broken, report.by_source["github"]) == (1, 1, {"ok": 1})
    assert f"byte {len(info())}: garbage" in caplog.text


@pytest.mark.parametrize(
    "body",
    [b"", b"\n\n", b"no record stands here\n" * 50, members(b"no record stands here either"), bytes(5_000)],
    ids=["empty", "blank", "text", "text in gzip", "zeros"],
)
def test_what_is_no_archive_is_not_taken_in(home: Home, write: Write, body: bytes) -> None:
    with pytest.raises(NoArchive, match=r"x\.warc\.gz: no WARC record stands in it; give a file that ends in \.warc"):
        Archive(home.archive).adopt(write("x.warc.gz", body), lambda: AT)
    assert not list(home.archive.glob("*.warc*"))


@pytest.mark.parametrize("body", [b"", b"no record stands here\n" * 50], ids=["empty", "text"])
def test_what_is_no_archive_is_bad_use_of_the_command(home: Home, write: Write, body: bytes) -> None:
    ran = dragongate("ingest", str(write("x.warc.gz", body)), "--home", str(home.root))
    assert ran.code == 2 and "Traceback" not in ran.err
    assert "x.warc.gz: no WARC record stands in it; give a file that ends in .warc or .warc.gz" in ran.err


def test_a_file_that_is_not_there_is_bad_use(home: Home, tmp_path: Path) -> None:
    ran = dragongate("ingest", str(tmp_path / "none.warc.gz"), "--home", str(home.root))
    assert (ran.code, "none.warc.gz" in ran.err, "Traceback" in ran.err) == (2, True, False)


def test_addresses_that_are_none_belong_to_nobody(home: Home, write: Write) -> None:
    odd = ("http://[broken/a", "http://a.example:port/x", "no address at all", "http://\x7f/", "dns:example.com")
    parts = [record(url=url, block=http(b"{}"), number=n) for n, url in enumerate(odd, start=1)]
    report = take(home, write("odd.warc.gz", members(info(), *parts, user("a", 9))))
    assert report.exit_code == 0 and report.by_source["github"] == {"ok": 1}
    assert report.responses == sum(sum(counts.values()) for counts in report.by_source.values())


GIGABYTE = 1024


def zeros(megabytes: int) -> bytes:
    """Pack zeros as one gzip member, without ever holding them."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = bytes(MEGABYTE)
    packed = pack.compress(block) + pack.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(megabytes):
        check = zlib.crc32(block, check)
    tail = check.to_bytes(4, "little") + (megabytes * MEGABYTE % 2**32).to_bytes(4, "little")
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + packed * megabytes + b"\x03\0" + tail


def bomb_in_the_body() -> bytes:
    answer = http(zeros(GIGABYTE), head="Content-Encoding: gzip\r\n")
    return members(record(url="https://api.github.com/users/bomb", block=answer, number=7))


def bomb_as_the_record() -> bytes:
    size = GIGABYTE * MEGABYTE
    head = record(url="https://api.github.com/users/bomb", block=b"", number=7, length=len(http(b"")) + size)
    pack = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    packed = pack.compress(head.removesuffix(b"\r\n\r\n") + http(b""))
    block = bytes(MEGABYTE)
    packed += b"".join(pack.compress(block) for _ in range(GIGABYTE))
    return packed + pack.compress(b"\r\n\r\n") + pack.flush()


MOST_MORE_KILOBYTES = 96 * 1024
"""What a bomb may cost beyond an archive without one; it unpacks to a gigabyte."""
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], check=False)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


def measured(*words: str) -> tuple[Ran, int]:
    """Run a command in a process of its own and say how many kilobytes it held at most."""
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "flows.main", *words]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=240, check=False)
    return Ran(done.returncode, done.stdout, done.stderr), int(done.stderr.split()[-1])


@pytest.fixture(scope="module")
def usual_kilobytes(tmp_path_factory: pytest.TempPathFactory) -> int:
    folder = tmp_path_factory.mktemp("usual")
    (folder / "small.warc.gz").write_bytes(members(info(), user("a", 1)))
    ran, most = measured("ingest", str(folder / "small.warc.gz"), "--home", str(folder / "home"), "--json")
    assert ran.code == 0
    return most


@pytest.mark.parametrize("bomb", [bomb_in_the_body, bomb_as_the_record])
def test_a_gigabyte_of_zeros_is_an_outcome_and_takes_no_memory(
    home: Home, write: Write, bomb: Callable[[], bytes], usual_kilobytes: int
) -> None:
    path = write("bomb.warc.gz", members(info()), bomb(), members(user("a", 1)))
    assert path.stat().st_size < 16 * MEGABYTE
    ran, most = measured("ingest", str(path), "--home", str(home.root), "--json")
    assert ran.code == 0 and ran.json["by_source"]["github"] == {"ok": 1, "unavailable": 1}
    assert unavailable(home) == [("bomb", "too_large")]
    assert most - usual_kilobytes < MOST_MORE_KILOBYTES


def entities(root: str) -> bytes:
    """Write a document in which each of ten entities stands for ten of the one before."""
    names = [f'<!ENTITY e{n} "{"&e" + str(n - 1) + ";"}{"&e" + str(n - 1) + ";" * 9}">' for n in range(1, 10)]
    head = f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "ha">{"".join(names)}]>'
    return f"{head}<{root}><channel><title>&e9;</title></channel></{root}>".encode()


@pytest.mark.parametrize(
    ("url", "source"),
    [(FEED, "news_feeds"), ("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml", "ecb_rates")],
)
def test_a_document_that_grows_is_a_change_of_shape(home: Home, write: Write, url: str, source: str) -> None:
    report = take(home, write("bomb.warc.gz", members(info(), record(url=url, block=http(entities("rss"))))))
    assert report.by_source[source] == {"shape_changed": 1}
    (row,) = ledger(home.root, f"SELECT reason, message FROM fetches WHERE source_id = '{source}'")
    assert row["reason"] == "entities" and "entities" in str(row["message"])


EARLIER = bars(
    ("2026-03-05", "51.00", "52.00", "53.00", "50.00", "100"),
    ("2026-03-06", "52.00", "53.00", "54.00", "51.00", "200"),
    number=21,
    date="2026-03-06T09:00:00Z",
)
LATER = bars(
    ("2026-03-05", "51.00", "52.00", "53.00", "50.00", "100"),
    ("2026-03-06", "52.00", "53.50", "54.00", "51.00", "250"),
    number=22,
    date="2026-03-09T09:00:00Z",
)


def closes(home: Home) -> list[tuple[str, float]]:
    rows = query(home, "SELECT trade_date, close_price FROM core.daily_quotes ORDER BY trade_date").to_pylist()
    return [(row["trade_date"].isoformat(), float(row["close_price"])) for row in rows]


def quotes(home: Home) -> dict[str, Any]:
    """Quotes, the readings and what they said before; only the cause of a version depends on when it came."""
    rows = {name: one for name, one in content(home.root).items() if "daily_quotes" in name}
    return {
        name: one.drop_columns("version_cause") if "version_cause" in one.column_names else one
        for name, one in rows.items()
    }


@pytest.mark.parametrize("software", [OWN, info()], ids=["own", "foreign"])
def test_an_older_recording_that_comes_later_changes_nothing_that_is_newer(
    tmp_path: Path, write: Write, software: bytes
) -> None:
    older, newer = (
        write(f"{name}.warc.gz", members(software, one)) for name, one in (("older", EARLIER), ("newer", LATER))
    )
    in_order, reversed_order = Home(tmp_path / "one"), Home(tmp_path / "other")
    for home, files in ((in_order, (older, newer)), (reversed_order, (newer, older))):
        reports = [take(home, path) for path in files]
        assert [report.exit_code for report in reports] == [0, 0]
        assert closes(home) == [("2026-03-05", 52.0), ("2026-03-06", 53.5)]
    assert differences(quotes(in_order), quotes(reversed_order)) == []
    (kept,) = query(reversed_order, "SELECT close_price FROM history.daily_quotes_by_source").to_pylist()
    assert float(kept["close_price"]) == 53.0


def test_a_day_that_one_answer_gives_twice_with_other_prices_is_set_aside(home: Home, write: Write) -> None:
    twice = bars(
        ("2026-03-05", "52.00", "53.00", "54.00", "51.00", "200"),
        ("2026-03-05", "52.00", "99.00", "99.00", "51.00", "200"),
        ("2026-03-06", "51.00", "52.00", "53.00", "50.00", "100"),
        number=23,
        date="2026-03-06T09:00:00Z",
    )
    report = take(home, write("twice.warc.gz", members(info(), twice)))
    loaded = report.loaded["core.daily_quotes_by_source"]
    assert (report.exit_code, loaded.inserted, loaded.rejected) == (0, 1, 2)
    assert closes(home) == [("2026-03-06", 52.0)]
    rejects = ledger(home.root, "SELECT table_name, reason, row_json FROM rejects")
    assert {(row["table_name"], row["reason"]) for row in rejects} == {("core.daily_quotes_by_source", "duplicate_key")}
    assert sorted('"close_price":99' in str(row["row_json"]) for row in rejects) == [False, True]


def test_a_day_that_one_answer_gives_twice_in_the_same_words_is_one_row(home: Home, write: Write) -> None:
    day = ("2026-03-06", "52.00", "53.00", "54.00", "51.00", "200")
    report = take(home, write("same.warc.gz", members(info(), bars(day, day, number=24, date="2026-03-06T09:00:00Z"))))
    loaded = report.loaded["core.daily_quotes_by_source"]
    assert (loaded.inserted, loaded.rejected, closes(home)) == (1, 0, [("2026-03-06", 53.0)])


def test_a_kept_watch_list_that_is_none_is_named_with_the_way_out(home: Home, write: Write) -> None:
    kept = record("resource", b'[[company]]\nname = "no id"\n', url="urn:dragongate:watchlist")
    path = write("list.warc.gz", members(OWN, kept, user("a", 2)))
    ran = dragongate("ingest", str(path), "--home", str(home.root))
    assert ran.code == 2
    for said in ("list.warc.gz", ":1: [[company]]: the field id is missing", "dragongate init"):
        assert said in ran.err
    home.watchlist.write_text((Path(__file__).parent / "fixtures" / "watchlist.toml").read_text(encoding="utf-8"))
    again = dragongate("ingest", str(path), "--home", str(home.root), "--json")
    # Once as what the run that failed had left, once as what is asked for now.
    assert (again.code, again.json["by_source"]["github"]) == (0, {"ok": 2})


def test_what_was_loaded_before_stays_when_a_broken_archive_follows(home: Home, write: Write) -> None:
    take(home, write("good.warc.gz", members(OWN, LATER)))
    before = content(home.root)
    take(home, write("bad.warc.gz", members(info(), record(url=BARS, block=http(b'{"code":0,"data":{"hk0')))[:-9]))
    assert differences(before, content(home.root)) == []
