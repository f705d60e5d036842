"""Marts of a large generation are tables: the same answers, names and comments, and no generation without a change."""

from typing import Any

import pytest

from tests import small_warehouse as small
from warehouse import written_marts
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.published import open_published
from warehouse.tables.marts import VIEWS

NOW = small.utc("2025-03-19 13:00")
MARTS = [view.name for view in VIEWS if view.schema == "mart"]
COMMENTS = """
    SELECT table_name, column_name, comment FROM duckdb_columns() WHERE schema_name = 'mart'
    UNION ALL SELECT view_name, NULL, comment FROM duckdb_views() WHERE schema_name = 'mart'
    UNION ALL SELECT table_name, NULL, comment FROM duckdb_tables() WHERE schema_name = 'mart' ORDER BY ALL
"""


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Home]:
    """Give a home whose marts are views, and one that counts as large."""
    found = []
    for name in ("small", "large"):
        home = Home(tmp_path_factory.mktemp(name)).make()
        with Warehouse.open(home.warehouse) as warehouse, pytest.MonkeyPatch.context() as patch:
            if name == "large":
                patch.setattr(written_marts, "MANY_ROWS", 1)
            small.fill(warehouse)
            published = [publish(home, warehouse, run_id=run_id, now=NOW) for run_id in ("run-1", "run-2")]
            assert [one.is_new for one in published] == [True, False]
        found.append(home)
    return found[0], found[1]


def asked(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with open_published(home) as connection:
        return connection.execute(sql).fetchall()


def test_only_a_large_generation_has_marts_that_are_tables(homes: tuple[Home, Home]) -> None:
    sql = "SELECT 'mart.' || table_name FROM duckdb_tables() WHERE schema_name = 'mart' ORDER BY 1"
    assert asked(homes[0], sql) == []
    assert asked(homes[1], sql) == [(name,) for name in sorted(MARTS)]


@pytest.mark.parametrize("mart", MARTS)
def test_a_written_mart_has_the_rows_of_its_view(homes: tuple[Home, Home], mart: str) -> None:
    view, table = (asked(home, f"FROM {mart} ORDER BY ALL") for home in homes)
    assert table == view != []


def test_a_written_mart_says_the_same_of_itself(homes: tuple[Home, Home]) -> None:
    view, table = (asked(home, COMMENTS) for home in homes)
    assert table == view
    assert all(comment for _, _, comment in table)


def test_a_new_definition_reaches_a_large_generation(homes: tuple[Home, Home]) -> None:
    home = homes[1]
    with Warehouse.open(home.warehouse) as warehouse, pytest.MonkeyPatch.context() as patch:
        patch.setattr(written_marts, "MANY_ROWS", 1)
        warehouse.connection.execute("COMMENT ON COLUMN mart.company_daily.pe IS 'Another word'")
        assert publish(home, warehouse, run_id="run-3", now=NOW).is_new
    assert ("company_daily", "pe", "Another word") in asked(home, COMMENTS)
