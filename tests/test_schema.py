"""A home of another version: opened and brought up, or refused in a sentence, and readable all the while."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.documents import ROOT
from tests.end_to_end.rows import content, differences
from warehouse.database import Warehouse, WarehouseError
from warehouse.home import Home
from warehouse.published import open_published_ops, query
from warehouse.schema import UNWRITTEN, VERSION, version_of
from warehouse.status import read_status
from warehouse.tables import ops

CLOSES = "SELECT security_id, trade_date, close_price FROM core.daily_quotes ORDER BY ALL"


@pytest.fixture
def home(sample_home: Home, tmp_path: Path) -> Home:
    """A copy of the sample home without its archive, which nothing here reads."""
    copy = tmp_path / "home"
    shutil.copytree(sample_home.root, copy, symlinks=True, ignore=shutil.ignore_patterns("archive", "prefect"))
    return Home(copy)


def changed(home: Home, *statements: str, path: Path | None = None) -> None:
    with duckdb.connect(str(path or home.warehouse)) as connection:
        for one in statements:
            connection.execute(one)


def made_older(home: Home) -> None:
    """Take out what a Dragongate before versions were written down did not know."""
    changed(
        home,
        "DROP TABLE ops.schema_versions",
        "DROP TABLE ops.mutes",
        "ALTER TABLE ops.checks DROP COLUMN example",
        "DROP VIEW mart.company_daily",
        "COMMENT ON TABLE core.fx_rates IS 'as it was said then'",
    )


def test_a_fresh_warehouse_is_of_this_version_and_says_so_once(tmp_path: Path) -> None:
    for _ in range(2):
        with Warehouse.open(tmp_path / "warehouse.duckdb") as warehouse:
            rows = warehouse.frame("SELECT schema_version, added FROM ops.schema_versions").to_pylist()
            assert rows == [{"schema_version": VERSION, "added": []}] and version_of(warehouse.connection) == VERSION


def test_an_older_home_is_brought_up_and_loses_nothing(home: Home) -> None:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        before = connection.execute(CLOSES).fetchall()
        checks = connection.execute("SELECT count(*) FROM ops.checks").fetchall()
    made_older(home)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        assert version_of(connection) == UNWRITTEN
    with Warehouse.open(home.warehouse) as warehouse:
        connection = warehouse.connection
        assert connection.execute(CLOSES).fetchall() == before and before
        assert connection.execute("SELECT count(*) FROM ops.checks WHERE example IS NULL").fetchall() == checks
        assert connection.execute("SELECT count(*) FROM ops.mutes").fetchall() == [(0,)]
        assert connection.execute("SELECT count(*) > 0 FROM mart.company_daily").fetchall() == [(True,)]
        comment = "SELECT comment FROM duckdb_tables() WHERE table_name = 'fx_rates' AND schema_name = 'core'"
        assert str(connection.execute(comment).fetchall()[0][0]).startswith("one currency pair and day")
        (row,) = warehouse.frame("SELECT schema_version, added FROM ops.schema_versions").to_pylist()
    assert row["schema_version"] == VERSION
    assert {"ops.schema_versions", "ops.mutes", "ops.checks.example"} <= {*row["added"]}


def test_what_stops_it_half_way_leaves_the_older_home_as_it_was(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    made_older(home)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("warehouse.schema.create_views", stopped)
        with pytest.raises(KeyboardInterrupt):
            Warehouse.open(home.warehouse)
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        there = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert not {"mutes", "schema_versions"} & there
    Warehouse.open(home.warehouse).close()


def another_type(home: Home) -> None:
    changed(home, "ALTER TABLE core.companies ALTER COLUMN followed_since_date TYPE VARCHAR")


def another_key(home: Home) -> None:
    changed(
        home,
        "UPDATE ops.schema_versions SET table_keys = list_transform(table_keys, "
        "lambda one: if(one LIKE 'core.companies:%', 'core.companies: name', one))",
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (another_type, r"core\.companies\.followed_since_date holds VARCHAR and should hold DATE"),
        (another_key, r"core\.companies has the key name and should have company_id"),
    ],
)
def test_what_cannot_be_added_is_refused_and_readers_go_on(
    home: Home, change: Callable[[Home], None], said: str
) -> None:
    before = content(home.root)
    change(home)
    size = home.warehouse.read_bytes()
    with pytest.raises(WarehouseError, match=rf"^{said}.*another version of Dragongate.*Run `dragongate rebuild`"):
        Warehouse.open(home.warehouse)
    assert home.warehouse.read_bytes() == size
    assert differences(before, content(home.root)) == [] and read_status(home).runs


def test_a_home_of_a_newer_version_is_refused_and_left_alone(home: Home) -> None:
    changed(
        home,
        "INSERT INTO ops.schema_versions BY NAME SELECT * REPLACE (schema_version + 1 AS schema_version, "
        "'9.1.0' AS code_version) FROM ops.schema_versions",
    )
    size = home.warehouse.read_bytes()
    with pytest.raises(WarehouseError, match=rf"newer Dragongate, 9\.1\.0, .* version {VERSION + 1} .*Install that"):
        Warehouse.open(home.warehouse)
    assert home.warehouse.read_bytes() == size
    assert query(home, "SELECT count(*) AS n FROM core.companies").to_pylist()[0]["n"] > 0


def test_the_copies_of_an_older_version_are_read(home: Home) -> None:
    before = read_status(home)
    home.published_ops.chmod(0o644)
    changed(
        home, "DROP TABLE mutes", "DROP TABLE schema_versions", "ALTER TABLE runs DROP COLUMN message",
        path=home.published_ops,
    )  # fmt: skip
    after = read_status(home)
    assert (after.is_good, len(after.runs), after.muted) == (before.is_good, len(before.runs), [])
    assert all(one["message"] is None for one in after.runs)
    with open_published_ops(home) as connection:
        for table in ops.TABLES:
            connection.execute(f"SELECT {', '.join(one.name for one in table.columns)} FROM {table.base}").fetchall()


def test_every_version_has_its_upgrade_notes() -> None:
    page = (ROOT / "docs" / "upgrade.md").read_text(encoding="utf-8")
    assert [int(one) for one in re.findall(r"^## Tables of version (\d+)", page, re.MULTILINE)] == list(
        range(VERSION, 0, -1)
    )
