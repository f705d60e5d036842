"""A warehouse that is made anew from the archive alone: the same rows, or each difference by table and column."""

import json
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from extractors.archive import Archive
from extractors.settings import Settings
from flows.commands.rebuild import show
from flows.forget import forget
from flows.ingest import ingest
from flows.keeping.rebuild import Rebuilt, in_order, rebuild
from flows.main import app
from flows.mend import correct, mute
from flows.republish import go_back, republish
from flows.watching import default_watchlist
from tests.archives import NOON as MARCH
from tests.archives import http, info, members, record
from tests.documents import ROOT
from tests.end_to_end.commands import kill, started
from tests.end_to_end.rows import content, differences, ledger
from tests.end_to_end.test_mending import CELL, NOON, START, at, copied, piece
from warehouse.by_nature import REASONS
from warehouse.comparing import TableDifference
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.lease import Lease

pytestmark = pytest.mark.xdist_group("rebuild")  # one worker makes the home that all copy

LATER = NOON.replace(day=4)
FILINGS = "https://data.sec.gov/submissions/CIK0001318605.json"


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which a row was corrected, a source muted and a document taken down; nobody writes into it."""
    folder = tmp_path_factory.mktemp("rebuild")
    home = Home(folder / "home")
    assert ingest(home, piece(folder), Settings(), default_watchlist(), now=lambda: START).exit_code == 0
    correct(at(home), *CELL, ["close_price=34.95", "volume="])
    mute(at(home, now=NOON + timedelta(hours=1)), "tencent_daily", date(2025, 3, 1))
    forget(at(home, now=NOON + timedelta(hours=2)), FILINGS)
    return home


def rebuilt(home: Home, *, is_publishing: bool = False) -> Rebuilt:
    return rebuild(home, Settings(), default_watchlist(), is_publishing=is_publishing, now=lambda: LATER)


def files_of(home: Home) -> dict[str, bytes]:
    """Read every file of a home but the index of its archive and the lease."""
    kept = [one for one in home.root.rglob("*") if one.is_file() and ".index" not in one.parts]
    return {str(one.relative_to(home.root)): one.read_bytes() for one in kept if one.name != "lease"}


def test_what_people_mended_is_rebuilt_as_it_was_and_nothing_is_touched(mended: Home, tmp_path: Path) -> None:
    home = copied(mended, tmp_path)
    before = files_of(home)
    ran = CliRunner().invoke(app, ["rebuild", "--json", "--home", str(home.root)])
    told = json.loads(ran.stdout)
    assert told["comparison"]["differences"] == []
    assert (ran.exit_code, told["is_equal"], told["publication"]) == (0, True, None)
    assert told["files"] >= 4 and told["comparison"]["rows"] > 200
    assert [one["reason"] for one in told["not_compared"]] == [one.reason for one in REASONS]
    assert files_of(home) == before and not home.rebuilding.exists()


def test_every_difference_by_nature_is_on_the_operators_page() -> None:
    page = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    assert [one for one in REASONS if one.reason not in page] == []


# --- Changed by hand


@dataclass(frozen=True)
class Hurt:
    """A home whose warehouse somebody changed by hand and published, and what a rebuild says of it."""

    home: Home
    said: Rebuilt

    @property
    def found(self) -> dict[str, TableDifference]:
        assert self.said.comparison is not None
        return {one.table: one for one in self.said.comparison.differences}


OF = "security_id = 'XHKG:01810' AND source_id = 'tencent_daily' AND trade_date = DATE "
BY_HAND = (
    # One cell, one row less, one row more, one time.
    "UPDATE core.daily_quotes SET close_price = close_price + 1 WHERE security_id = 'XHKG:01810' "
    "AND trade_date = DATE '2024-12-30'",
    f"DELETE FROM core.daily_quotes_by_source WHERE {OF} '2024-12-27'",
    "INSERT INTO core.shares_outstanding_by_source BY NAME SELECT * REPLACE (DATE '1999-01-04' AS as_of_date) "
    "FROM core.shares_outstanding_by_source LIMIT 1",
    f"UPDATE core.daily_quotes_by_source SET known_from = known_from + INTERVAL 1 DAY WHERE {OF} '2024-12-24'",
    # What a mended parser leaves: the misreading, and the row that is known from the mending on.
    "INSERT INTO history.daily_quotes_by_source BY NAME SELECT * REPLACE ('parser' AS version_cause, "
    "close_price + 1 AS close_price), public_from AS public_to, known_from + INTERVAL 1 DAY AS known_to "
    f"FROM core.daily_quotes_by_source WHERE {OF} '2024-12-23'",
    f"UPDATE core.daily_quotes_by_source SET known_from = known_from + INTERVAL 1 DAY WHERE {OF} '2024-12-23'",
)


@pytest.fixture(scope="module")
def hurt(mended: Home, tmp_path_factory: pytest.TempPathFactory) -> Hurt:
    home = copied(mended, tmp_path_factory.mktemp("hurt"))
    home.rebuilding.mkdir()
    (home.rebuilding / "warehouse.duckdb").write_bytes(b"what a rebuild that was killed left")
    with Warehouse.open(home.warehouse) as warehouse:
        for one in BY_HAND:
            assert warehouse.connection.execute(one).fetchall() == [(1,)], one
    republish(home, Settings(), default_watchlist(), accept={}, now=lambda: LATER)
    assert not home.rebuilding.exists(), "any start clears up"
    home.published_ops.chmod(0o644)
    with duckdb.connect(str(home.published_ops)) as ops:
        ops.execute("DELETE FROM mutes")
    return Hurt(home, rebuilt(home))


def test_only_the_tables_that_were_changed_are_named(hurt: Hurt) -> None:
    assert hurt.found.keys() == {
        "core.daily_quotes", "core.daily_quotes_by_source", "core.shares_outstanding_by_source", "ops.mutes",
    }  # fmt: skip
    assert (hurt.said.is_equal, hurt.said.exit_code) == (False, 1)


def test_a_changed_cell_is_named_by_column_with_its_row_and_both_values(hurt: Hurt) -> None:
    one = hurt.found["core.daily_quotes"]
    assert (one.differing, one.only_published, one.only_rebuilt) == (1, 0, 0)
    (column,) = one.columns
    assert (column.column, column.rows) == ("close_price", 1)
    assert column.example_key == "security_id=XHKG:01810,trade_date=2024-12-30"
    assert (column.published, column.rebuilt) == ("35.950000", "34.950000")


def test_rows_that_one_side_alone_has_are_counted_with_an_example(hurt: Hurt) -> None:
    readings, actions = hurt.found["core.daily_quotes_by_source"], hurt.found["core.shares_outstanding_by_source"]
    assert (readings.only_published, readings.only_rebuilt, readings.differing) == (0, 1, 1)
    assert "trade_date=2024-12-27" in str(readings.example_only_rebuilt) and not readings.example_only_published
    assert (actions.only_published, actions.only_rebuilt, actions.differing) == (1, 0, 0)
    assert "as_of_date=1999-01-04" in str(actions.example_only_published)
    assert hurt.found["ops.mutes"].only_rebuilt == 1, "the ledger's own copy is compared too"


def test_when_we_knew_counts_but_for_rows_that_we_once_misread(hurt: Hurt) -> None:
    (column,) = hurt.found["core.daily_quotes_by_source"].columns
    assert (column.column, column.rows) == ("known_from", 1) and "trade_date=2024-12-24" in column.example_key


def test_people_are_shown_the_same(hurt: Hurt, capsys: pytest.CaptureFixture[str]) -> None:
    show(hurt.said, hurt.home)
    said = capsys.readouterr().out
    assert "core.daily_quotes security_id=XHKG:01810,trade_date=2024-12-30" in said
    assert "close_price: published 35.950000, rebuilt 34.950000" in said
    assert "core.shares_outstanding_by_source: only published: " in said
    assert "Nothing was changed." in said


# --- Published when told to


def test_only_when_told_to_it_is_published_even_over_a_damaged_warehouse(
    hurt: Hurt, mended: Home, tmp_path: Path
) -> None:
    home = copied(hurt.home, tmp_path)
    wrong = content(home.root)
    assert differences(wrong, content(mended.root)) != []
    home.warehouse.write_bytes(b"no database" * 1000)
    home.warehouse.with_name("warehouse.duckdb.wal").write_bytes(b"nor its log")
    done = rebuilt(home, is_publishing=True)
    assert done.publication is not None and (done.publication.is_new, done.exit_code) == (True, 0)
    assert differences(content(home.root), content(mended.root)) == []
    runs = ledger(home.root, "SELECT flow, mode, state FROM runs")
    assert {row["flow"] for row in runs} >= {"ingest", "correct", "mute", "forget", "rebuild", "publish"}
    assert {row["state"] for row in runs if row["flow"] == "rebuild"} == {"completed"}
    assert ledger(home.root, "SELECT DISTINCT source_id FROM mutes") == [{"source_id": "tencent_daily"}]
    go_back(home, Settings(), default_watchlist(), to=None, now=lambda: LATER)
    assert differences(content(home.root), wrong) == []


def test_killed_in_the_middle_nothing_is_touched_and_what_is_lost_comes_back(mended: Home, tmp_path: Path) -> None:
    home = copied(mended, tmp_path)
    before = files_of(home)
    process = started("rebuild", "--publish", "--home", str(home.root))
    while process.poll() is None and not [*home.rebuilding.glob("*.duckdb")]:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)
    kill(process)
    assert process.returncode < 0 and home.rebuilding.exists()
    left = files_of(home)
    assert {name: left[name] for name in before} == before
    assert all(name.startswith("private/") for name in left.keys() - before.keys())
    shutil.rmtree(home.published)
    home.warehouse.unlink()
    done = rebuilt(home, is_publishing=True)
    assert (done.comparison, done.exit_code, home.rebuilding.exists()) == (None, 0, False)
    assert differences(content(home.root), content(mended.root)) == []


# --- Refused


def test_while_a_run_writes_it_leaves_and_says_who_holds_the_lease(mended: Home, tmp_path: Path) -> None:
    home = copied(mended, tmp_path)
    with Lease(home, flow="daily", run_id="daily-1", now=lambda: NOON):
        ran = CliRunner().invoke(app, ["rebuild", "--home", str(home.root)])
    assert ran.exit_code == 1 and "the flow daily (run daily-1" in str(ran.exception)


def test_a_home_without_an_archive_is_told_and_loses_nothing(mended: Home, tmp_path: Path) -> None:
    home = copied(mended, tmp_path)
    shutil.rmtree(home.archive)
    before = files_of(home)
    ran = CliRunner().invoke(app, ["rebuild", "--publish", "--home", str(home.root)])
    assert ran.exit_code == 1 and "there is nothing to rebuild from" in str(ran.exception)
    assert files_of(home) == before


def test_files_are_read_in_the_order_in_which_they_came(mended: Home, tmp_path: Path) -> None:
    archive = Archive(copied(mended, tmp_path).archive)
    foreign = tmp_path / "a-crawl.warc.gz"
    foreign.write_bytes(members(info(), record(url="https://api.github.com/users/a", block=http(b"{}"))))
    archive.adopt(foreign, lambda: MARCH)
    came = [name.partition("-")[0] for name in in_order(archive)]
    assert came[0] == "turn" and came[-5:] == ["correct", "mute", "forget", "a", "arrival"]
