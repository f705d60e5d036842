"""What people mend: archived with author and reason, told everywhere, and kept by a rebuild."""

import json
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractors.archive import Archive
from extractors.mending import CORRECTION, Correction, Mute, parse
from extractors.settings import Settings
from extractors.source import Window
from extractors.warc_frames import Frame, frames
from flows.collect import Request, run_daily
from flows.commands.options import author_of
from flows.commands.summary import show
from flows.ingest import ingest
from flows.main import app
from flows.mend import Installation, Mending, correct, mute, reject
from flows.report import RunReport
from flows.runner import PlainRunner
from flows.watching import default_watchlist
from samples.build import ARCHIVE
from tests.end_to_end.rows import content, differences, ledger
from warehouse.home import Home
from warehouse.published import QueryError, query
from warehouse.status import read_status
from warehouse.why import explain

CELL = ("core.daily_quotes", "XHKG:01810,2024-12-30")
NOON = datetime(2025, 2, 3, 4, tzinfo=UTC)


KEPT = ("param=hk01810,", "qt.gtimg.cn", "CIK0001318605")
"""What stands in the addresses that are kept of the sample archive."""
START = datetime(2025, 1, 12, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home into which a piece of the sample archive was taken, by a clock of our own; nobody writes into it."""
    folder = tmp_path_factory.mktemp("mending")
    home = Home(folder / "home")
    assert ingest(home, piece(folder), Settings(), default_watchlist(), now=lambda: START).exit_code == 0
    return home


def piece(folder: Path) -> Path:
    """Cut the answers about one line of Tencent and the filings of one company out of the sample archive."""
    content = ARCHIVE.read_bytes()
    path = folder / ARCHIVE.name
    path.write_bytes(
        b"".join(
            content[one.offset : one.offset + one.length]
            for one in frames(ARCHIVE, limit=10**8)
            if isinstance(one, Frame) and (one.kind == "warcinfo" or any(part in one.url for part in KEPT))
        )
    )
    return path


@pytest.fixture
def home(taken_in: Home, tmp_path: Path) -> Home:
    return copied(taken_in, tmp_path)


def copied(home: Home, folder: Path) -> Home:
    return Home(Path(shutil.copytree(home.root, folder / "home", symlinks=True)))


def at(home: Home, *, now: datetime = NOON, because: str = "the exchange says so") -> Installation:
    return Installation(home, Settings(), default_watchlist(), "A. Name", because, lambda: now)


def rebuilt(home: Home, folder: Path, *, first: str = ARCHIVE.name) -> Home:
    """Do what the operator's page says: copy the archive, and take every file of it in."""
    other = Home(folder / "rebuilt")
    shutil.copytree(home.archive, other.archive)
    names = sorted((one.name for one in other.archive.glob("*.warc.gz")), key=lambda name: (name != first, name))
    for name in names:
        ingest(other, other.archive / name, Settings(), default_watchlist(), now=lambda: NOON)
    return other


def close(home: Home) -> list[dict[str, Any]]:
    return query(
        home,
        "SELECT close_price, source_id, is_disputed FROM core.daily_quotes "
        "WHERE security_id = 'XHKG:01810' AND trade_date = DATE '2024-12-30'",
    ).to_pylist()


def same_rows(one: Home, other: Home) -> list[str]:
    return differences(content(one.root), content(other.root))


# --- Corrections


@pytest.fixture(scope="module")
def corrected(taken_in: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Mending]:
    home = copied(taken_in, tmp_path_factory.mktemp("corrected"))
    return home, correct(at(home), *CELL, ["close_price=34.95"])


def test_a_corrected_cell_is_what_readers_see(corrected: tuple[Home, Mending]) -> None:
    home, done = corrected
    assert close(home) == [{"close_price": Decimal("34.95"), "source_id": "manual", "is_disputed": True}]
    readings = query(
        home,
        "SELECT source_id, close_price, version_cause FROM core.daily_quotes_by_source "
        "WHERE security_id = 'XHKG:01810' AND trade_date = DATE '2024-12-30' ORDER BY 1",
    ).to_pylist()
    assert [(row["source_id"], row["close_price"]) for row in readings] == [
        ("manual", Decimal("34.95")),
        ("tencent_daily", Decimal("34.45")),
        ("tencent_realtime", Decimal("34.45")),
    ]
    assert readings[0]["version_cause"] == "manual"
    assert "mart.company_daily" in done.marts and done.report.exit_code == 0


def test_the_mart_follows(corrected: tuple[Home, Mending]) -> None:
    rows = query(
        corrected[0],
        "SELECT close_price FROM mart.company_daily WHERE company_id = 'xiaomi' AND trade_date = DATE '2024-12-30'",
    ).to_pylist()
    assert rows == [{"close_price": Decimal("34.95")}]


def test_before_it_was_made_the_correction_was_not_known(corrected: tuple[Home, Mending]) -> None:
    rows = query(
        corrected[0],
        "SELECT close_price FROM as_of.daily_quotes(TIMESTAMPTZ '2025-02-03 03:00:00Z') "
        "WHERE security_id = 'XHKG:01810' AND trade_date = DATE '2024-12-30'",
    ).to_pylist()
    assert rows == [{"close_price": Decimal("34.45")}]


def test_the_ledger_and_why_name_author_and_reason(corrected: tuple[Home, Mending]) -> None:
    home, _ = corrected
    (row,) = ledger(home.root, "SELECT * FROM corrections")
    assert (row["author"], row["because"], row["kind"]) == ("A. Name", "the exchange says so", "correction")
    assert row["table_name"] == "core.daily_quotes_by_source" and row["change_text"] == "close_price: 34.450000 → 34.95"
    assert "security_id=XHKG:01810,trade_date=2024-12-30" in str(row["row_key"])
    assert "mart.company_daily" in row["marts"] and row["corrected_at"] == NOON
    said = CliRunner().invoke(app, ["why", *CELL, "--home", str(home.root)]).output
    assert "close_price: 34.450000 → 34.95, by A. Name on 2025-02-03: the exchange says so" in said


def test_the_correction_is_a_record_of_the_archive(corrected: tuple[Home, Mending]) -> None:
    home, done = corrected
    archive = Archive(home.archive)
    (entry,) = archive.index.answers("RESOURCE", CORRECTION)
    (record,) = parse(archive.snapshot(entry.file, entry.offset)).records
    assert isinstance(record, Correction) and record == done.record


def test_a_rebuild_keeps_it(corrected: tuple[Home, Mending], tmp_path: Path) -> None:
    home, _ = corrected
    other = rebuilt(home, tmp_path)
    assert same_rows(home, other) == []
    assert ledger(other.root, "SELECT * FROM corrections") == ledger(home.root, "SELECT * FROM corrections")


def test_what_the_source_says_on_does_not_undo_it(corrected: tuple[Home, Mending], tmp_path: Path) -> None:
    home = copied(corrected[0], tmp_path)
    ingest(home, home.archive / ARCHIVE.name, Settings(), default_watchlist(), now=lambda: NOON)
    assert [row["close_price"] for row in close(home)] == [Decimal("34.95")]


def test_a_second_correction_comes_on_top(corrected: tuple[Home, Mending], tmp_path: Path) -> None:
    home = copied(corrected[0], tmp_path)
    correct(at(home, now=NOON.replace(hour=6)), *CELL, ["high_price=35.5", "volume="])
    asked = "SELECT * FROM core.daily_quotes WHERE security_id = 'XHKG:01810' AND trade_date = '2024-12-30'"
    (row,) = query(home, asked).to_pylist()
    assert (row["close_price"], row["high_price"], row["volume"]) == (Decimal("34.95"), Decimal("35.5"), None)
    assert len(ledger(home.root, "SELECT * FROM corrections")) == 2
    assert same_rows(home, rebuilt(home, tmp_path)) == []


def test_a_row_without_readings_is_corrected_too(home: Home, tmp_path: Path) -> None:
    filing = query(home, "SELECT filing_id, form FROM core.filings ORDER BY 1 LIMIT 1").to_pylist()[0]
    correct(at(home), "core.filings", filing["filing_id"], ["form=8-K/A"])
    after = query(home, f"SELECT form FROM core.filings WHERE filing_id = '{filing['filing_id']}'").to_pylist()
    assert after == [{"form": "8-K/A"}] and filing["form"] != "8-K/A"
    assert same_rows(home, rebuilt(home, tmp_path)) == []


@pytest.mark.parametrize(
    ("table", "key", "change", "says"),
    [
        ("core.daily_quotes", "XHKG:01810,2024-12-30", "close_prize=1", "may be corrected"),
        ("core.daily_quotes", "XHKG:01810,2024-12-30", "source_id=me", "may be corrected"),
        ("core.daily_quotes", "XHKG:01810,2024-12-30", "close_price", "column=value"),
        ("core.daily_quotes", "XHKG:01810,2024-12-30", "close_price=", "cannot be empty"),
        ("core.daily_quotes", "XHKG:01810,2024-12-30", "close_price=much", "'much' is no price"),
        ("core.daily_quotes", "XHKG:01810,2024-12-30", "close_price=-5", "breaks"),
        ("core.daily_quotes", "XHKG:01810", "close_price=1", "say which one row"),
        ("core.daily_quotes", "XHKG:01810,2025-01-01", "close_price=1", "no such row"),
        ("core.daily_quotes_by_source", "XHKG:01810", "close_price=1", r"correct core\.daily_quotes"),
        ("core.article_companies", "a,b,c,d", "is_main=true", "computed as a whole"),
        ("mart.company_daily", "xiaomi", "close_price=1", "is computed: correct"),
        ("ops.runs", "x", "state=good", "no table ops.runs with rows to correct"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_kept(
    table: str, key: str, change: str, says: str, taken_in: Home
) -> None:
    before = sorted(one.name for one in taken_in.archive.iterdir())
    with pytest.raises(QueryError, match=says):
        correct(at(taken_in), table, key, [change])
    assert sorted(one.name for one in taken_in.archive.iterdir()) == before


def test_the_command_wants_a_reason(home: Home) -> None:
    words = ["correct", *CELL, "close_price=34.95", "--home", str(home.root)]
    assert CliRunner().invoke(app, words).exit_code == 2
    assert CliRunner().invoke(app, [*words, "--because", "  "]).exit_code == 2
    done = CliRunner().invoke(app, [*words, "--because", "looked it up", "--by", "B. Name"])
    assert done.exit_code == 0 and "close_price: 34.450000 → 34.95" in done.output
    assert [row["author"] for row in ledger(home.root, "SELECT author FROM corrections")] == ["B. Name"]
    assert author_of("") != ""


# --- Rejections


@pytest.fixture(scope="module")
def rejected(taken_in: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Mending, str]:
    home = copied(taken_in, tmp_path_factory.mktemp("rejected"))
    (chain,) = [one for one in explain(home, *CELL).chains if one.reading["source_id"] == "tencent_daily"]
    snapshot_id = str(chain.reading["snapshot_id"])
    return home, reject(at(home, because="the answer of another line"), snapshot_id), snapshot_id


def test_a_rejected_answer_gives_no_rows(rejected: tuple[Home, Mending, str]) -> None:
    home, done, snapshot_id = rejected
    with_it = "SELECT count(*) AS n FROM {} WHERE snapshot_id = '" + snapshot_id + "'"
    for table in ("core.daily_quotes_by_source", "history.daily_quotes_by_source", "core.daily_quotes"):
        assert query(home, with_it.format(table)).to_pylist() == [{"n": 0}], table
    assert close(home)[0]["source_id"] == "tencent_realtime", "another source had that day too"
    lost = query(home, "SELECT count(*) AS n FROM core.daily_quotes WHERE security_id = 'XHKG:01810' "
                       "AND year(trade_date) = 2024").to_pylist()  # fmt: skip
    assert lost[0]["n"] < 10
    assert "mart.company_daily" in done.marts


def test_its_rows_and_its_bytes_are_kept(rejected: tuple[Home, Mending, str]) -> None:
    home, _, snapshot_id = rejected
    aside = ledger(
        home.root, f"SELECT * FROM rejects WHERE snapshot_id = '{snapshot_id}' AND reason LIKE 'rejected: %'"
    )
    assert len(aside) > 10 and {row["reason"] for row in aside} == {"rejected: the answer of another line"}
    (row,) = query(home, f"SELECT * FROM raw.snapshots WHERE snapshot_id = '{snapshot_id}'").to_pylist()
    assert row["outcome"] == "rejected"
    assert Archive(home.archive).snapshot(row["archive_file"], row["archive_offset"]).sha256 == row["sha256"]
    hole = explain(home, "core.daily_quotes", "XHKG:01810,2024-01-02").hole
    assert any("rejected: the answer of another line" in one for one in hole)


def test_a_rebuild_rejects_it_again_in_any_order(rejected: tuple[Home, Mending, str], tmp_path: Path) -> None:
    home, done, _ = rejected
    assert same_rows(home, rebuilt(home, tmp_path)) == []
    backwards = rebuilt(home, tmp_path / "backwards", first=f"{done.report.run_id}.warc.gz")
    assert same_rows(home, backwards) == []


def test_taking_the_same_answer_in_again_does_not_bring_it_back(
    rejected: tuple[Home, Mending, str], tmp_path: Path
) -> None:
    home = copied(rejected[0], tmp_path)
    before = content(home.root)
    ingest(home, home.archive / ARCHIVE.name, Settings(), default_watchlist(), now=lambda: NOON)
    assert differences(before, content(home.root)) == []


def test_an_answer_that_nobody_knows_is_told(taken_in: Home) -> None:
    with pytest.raises(QueryError, match="there is no saved answer urn:uuid:0000"):
        reject(at(taken_in), "0000")


# --- Mutes


def test_a_muted_source_is_listed_until_its_day(home: Home) -> None:
    mute(at(home, because="their site moves"), "tencent_daily", date(2025, 3, 1))
    (row,) = read_status(home).muted
    assert (row["source_id"], row["until_date"], row["author"]) == ("tencent_daily", date(2025, 3, 1), "A. Name")
    said = CliRunner().invoke(app, ["status", "--home", str(home.root)]).output
    assert "their site moves" in said
    listed = json.loads(CliRunner().invoke(app, ["sources", "--json", "--home", str(home.root)]).output)
    told = {one["source"]: one["muted"] for one in listed if one["muted"]}
    assert told == {"tencent_daily": "muted until 2025-03-01 by A. Name: their site moves"}


def test_a_mute_that_is_past_ends_the_one_before(home: Home, tmp_path: Path) -> None:
    mute(at(home), "tencent_daily", date(2025, 3, 1))
    mute(at(home, now=NOON.replace(hour=9)), "tencent_daily", date(2025, 2, 2))
    assert read_status(home).muted == []
    other = rebuilt(home, tmp_path)
    assert ledger(other.root, "SELECT * FROM mutes ORDER BY muted_at") == ledger(
        home.root, "SELECT * FROM mutes ORDER BY muted_at"
    )


def test_mending_hides_nothing_of_the_run_before(home: Home) -> None:
    newest = read_status(home)
    mute(at(home), "tencent_daily", date(2025, 3, 1))
    after = read_status(home)
    assert (after.gaps, after.freshness, after.is_good) == (newest.gaps, newest.freshness, newest.is_good)
    assert after.runs[0]["flow"] == "mute"


def outage(home: Home, *, hour: int = 10) -> RunReport:
    """Ask the archive for days that it does not hold, as if the one required source of prices were down."""
    request = Request(
        home,
        Settings(offline=True),
        default_watchlist(),
        window=Window(date(2025, 2, 3), date(2025, 2, 3)),
        only=("tencent_daily",),
    )
    return run_daily(request, PlainRunner(), now=lambda: NOON.replace(hour=hour))


def test_a_muted_source_is_missing_without_failing_the_run_and_everyone_says_so(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = outage(home)
    assert failed.exit_code == 1 and failed.message == "required and missing: tencent_daily"
    mute(at(home, because="their site moves"), "tencent_daily", date(2025, 2, 3))
    report = outage(home, hour=11)
    words = "muted until 2025-02-03 by A. Name: their site moves"
    assert (report.exit_code, report.state) == (0, "completed_with_gaps")
    assert report.message == f"missing and muted: tencent_daily ({words})"
    assert report.gaps and {(gap.is_required, gap.muted) for gap in report.gaps} == {(False, words)}
    assert report.muted == {"tencent_daily": words} == report.as_json()["muted"]
    show(report, home)
    said = " ".join(capsys.readouterr().out.split())
    assert f"muted: tencent_daily {words}" in said and "missing (muted): tencent_daily" in said
    rows = ledger(home.root, f"SELECT * FROM answers WHERE run_id = '{report.run_id}' AND source_id = 'tencent_daily'")
    assert {(row["state"], row["is_required"]) for row in rows} == {("muted", False)}
    assert all(words in str(row["reason"]) for row in rows)
    prices = [row for row in report.freshness if row["table_name"] == "core.daily_quotes"]
    assert [row["is_required"] for row in prices] == [False]
    assert read_status(home).gaps == [] and [one["source_id"] for one in read_status(home).muted] == ["tencent_daily"]


def test_the_day_after_a_muted_source_fails_the_run_again(home: Home) -> None:
    mute(at(home), "tencent_daily", date(2025, 2, 2))
    assert outage(home).exit_code == 1


def test_an_unknown_source_is_told_with_near_ones(taken_in: Home) -> None:
    with pytest.raises(QueryError, match="near are tencent_daily"):
        mute(at(taken_in), "tencent_dayly", date(2025, 3, 1))


def test_the_records_say_what_they_are(home: Home) -> None:
    done = mute(at(home), "ecb_rates", date(2025, 3, 1))
    assert done.record == Mute("ecb_rates", date(2025, 3, 1), "A. Name", "the exchange says so")
    assert "mart.company_daily" in done.marts
