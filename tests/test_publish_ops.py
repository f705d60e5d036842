"""The pipeline's own tables go out after every run, and a question that does not fit is answered with what is near."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests import small_warehouse as small
from warehouse.database import Warehouse
from warehouse.generations import PublishError
from warehouse.home import Home
from warehouse.publish import publish, publish_ops
from warehouse.published import NothingPublished, QueryError, open_published, open_published_ops, query
from warehouse.tables import ops
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.counts import COUNTS

NOW = small.utc("2025-03-19 13:00")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).make()


@pytest.fixture
def warehouse(home: Home) -> Iterator[Warehouse]:
    with Warehouse.open(home.warehouse) as opened:
        add_run(opened, "run-1", "failed")
        yield opened


def add_run(warehouse: Warehouse, run_id: str, state: str) -> None:
    row: dict[str, Any] = {
        "run_id": run_id,
        "flow": "daily",
        "mode": "live",
        "started_at": NOW,
        "ended_at": NOW + timedelta(minutes=1),
        "state": state,
        "code_version": "0",
    }
    warehouse.append({"ops.runs": BY_NAME["ops.runs"].arrow([row])})


@pytest.mark.parametrize("name", ["runs", "ops.runs"])
def test_both_names_work_when_the_file_is_opened(home: Home, warehouse: Warehouse, name: str) -> None:
    publish_ops(home, warehouse)
    with duckdb.connect(str(home.published_ops), read_only=True) as connection:
        assert connection.execute(f"SELECT run_id, state FROM {name}").fetchall() == [("run-1", "failed")]


def test_the_file_can_be_attached_beside_the_warehouse(home: Home, warehouse: Warehouse) -> None:
    publish(home, warehouse, run_id="run-1", now=NOW)
    publish_ops(home, warehouse)
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{home.published_warehouse}' AS warehouse (READ_ONLY)")
        connection.execute(f"ATTACH '{home.published_ops}' AS ops (READ_ONLY)")
        assert connection.execute("SELECT state FROM ops.runs").fetchall() == [("failed",)]


def test_every_table_of_the_ledger_is_there_with_its_comments(home: Home, warehouse: Warehouse) -> None:
    publish_ops(home, warehouse)
    with open_published_ops(home) as connection:
        tables = dict(connection.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
        columns = connection.execute("SELECT count(*) FROM duckdb_columns() WHERE comment IS NULL AND NOT internal")
        assert tables.keys() >= {one.base for one in (*ops.TABLES, COUNTS)}
        assert tables["runs"] == BY_NAME["ops.runs"].grain
        assert columns.fetchone() == (0,)


def test_a_reader_sees_the_newest_run_and_one_that_is_there_keeps_its_own(home: Home, warehouse: Warehouse) -> None:
    publish_ops(home, warehouse)
    with open_published_ops(home) as before:
        add_run(warehouse, "run-2", "completed")
        publish_ops(home, warehouse)
        with open_published_ops(home) as after:
            assert after.execute("SELECT count(*) FROM runs").fetchone() == (2,)
        assert before.execute("SELECT count(*) FROM runs").fetchone() == (1,)


def test_a_log_that_another_tool_left_is_not_replayed_into_the_new_file(home: Home, warehouse: Warehouse) -> None:
    publish_ops(home, warehouse)
    home.published_ops.chmod(0o644)
    tool = duckdb.connect(str(home.published_ops))
    tool.execute("PRAGMA disable_checkpoint_on_shutdown")
    tool.execute("CREATE TABLE scribble (a INTEGER)")
    tool.close()
    assert home.published_ops.with_name("ops.duckdb.wal").exists()
    publish_ops(home, warehouse)
    assert [one.name for one in home.published.iterdir()] == ["ops.duckdb"]
    with open_published_ops(home) as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("FROM scribble")


def test_a_full_disk_leaves_the_old_file(home: Home, warehouse: Warehouse) -> None:
    publish_ops(home, warehouse)
    add_run(warehouse, "run-2", "completed")
    warehouse.connection.execute("CHECKPOINT")
    resource = pytest.importorskip("resource", reason="this system cannot limit the size of files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, hard))
    try:
        with pytest.raises(PublishError, match="could not be written anew"):
            publish_ops(home, warehouse)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [one.name for one in home.published.iterdir()] == ["ops.duckdb"]
    with open_published_ops(home) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)


@pytest.mark.parametrize("opens", [open_published, open_published_ops])
def test_before_the_first_run_there_is_nothing_and_a_word_what_to_do(home: Home, opens: Any) -> None:
    with pytest.raises(NothingPublished, match="dragongate run"):
        opens(home)


def test_a_question_is_answered_in_columns(home: Home, warehouse: Warehouse) -> None:
    publish(home, warehouse, run_id="run-1", now=NOW)
    assert query(home, "SELECT run_id FROM ops.runs").to_pylist() == [{"run_id": "run-1"}]


@pytest.mark.parametrize(
    ("sql", "near"),
    [
        ("FROM core.daily_quote", "no table daily_quote.*core.daily_quotes"),
        ("FROM mart.compani_daily", "no table compani_daily.*mart.company_daily"),
        ("SELECT trade_dat FROM core.daily_quotes", "no column trade_dat.*trade_date"),
        ("SELECT q.trade_dat FROM core.daily_quotes AS q", "no column trade_dat.*trade_date"),
        ("FROM as_of.daily_quote(now())", "no function daily_quote.*as_of.daily_quotes"),
        ("FROM core.xyzzyplugh", "no table xyzzyplugh; there are core"),
        ("SELEKT 1", "syntax error"),
        ("DELETE FROM core.companies", "read-only"),
    ],
)
def test_a_question_that_does_not_fit_is_told_what_is_near(
    home: Home, warehouse: Warehouse, sql: str, near: str
) -> None:
    publish(home, warehouse, run_id="run-1", now=NOW)
    with pytest.raises(QueryError, match=near):
        query(home, sql)
