"""Published figures of the companies, answered by SQL from the sample archive, each with its place."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from warehouse.home import Home
from warehouse.published import open_published

RESULTS_DAY = "2024-11-18 09:00:00+00"
Q3 = ("quarter", date(2024, 9, 30))


@pytest.fixture(scope="module")
def warehouse(sample_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(sample_home) as connection:
        yield connection


def rows(warehouse: duckdb.DuckDBPyConnection, sql: str, *values: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = warehouse.execute(sql, list(values)).to_arrow_table().to_pylist()
    return found


@pytest.mark.parametrize(
    ("metric", "segment", "period", "value", "within"),
    [
        ("revenue", "group", Q3, 92_506_500_000, 0),
        ("revenue", "group", ("nine_months", date(2024, 9, 30)), 256_901_200_000, 0),
        ("adjusted_net_profit", "group", Q3, 6_251_965_000, 50_000),
        ("net_profit", "group", Q3, 5_340_292_000, 50_000),
        ("revenue", "smartphones", Q3, 47_452_300_000, 0),
        ("revenue", "ev-and-new-initiatives", Q3, 9_700_000_000, 0),
        ("gross_margin", "ev-and-new-initiatives", Q3, Decimal("17.1"), 0),
        ("cash_resources", "group", ("instant", date(2024, 9, 30)), 151_600_000_000, 0),
    ],
)
def test_the_accounts_of_xiaomi(
    warehouse: duckdb.DuckDBPyConnection, metric: str, segment: str, period: tuple[str, date], value: Any, within: int
) -> None:
    (row,) = rows(
        warehouse,
        "SELECT * FROM core.financial_facts WHERE company_id = 'xiaomi' AND metric = ? AND segment = ? "
        "AND period_kind = ? AND period_end_date = ?",
        metric, segment, *period,
    )  # fmt: skip
    assert abs(row["value"] - value) <= within
    assert row["evidence"][0].startswith("page ")
    assert str(row["available_at"]) == f"{RESULTS_DAY}:00"
    assert (row["source_id"], row["authority"], row["is_disputed"]) == ("hkexnews_documents", 1, False)


@pytest.mark.parametrize(
    ("company", "metric", "period", "value"),
    [
        ("xiaomi", "deliveries", Q3, 39_790),
        ("nio", "deliveries", Q3, 61_855),
        ("li-auto", "deliveries", ("month", date(2024, 11, 30)), 48_740),
        ("xpeng", "deliveries", ("month", date(2024, 12, 31)), 36_695),
        ("xpeng", "deliveries", ("quarter", date(2024, 12, 31)), 91_507),
        ("xpeng", "deliveries", ("year", date(2024, 12, 31)), 190_068),
        ("tesla", "deliveries", ("quarter", date(2024, 12, 31)), 495_570),
        ("tesla", "production", ("quarter", date(2024, 12, 31)), 459_445),
    ],
)
def test_vehicles(
    warehouse: duckdb.DuckDBPyConnection, company: str, metric: str, period: tuple[str, date], value: int
) -> None:
    (row,) = rows(
        warehouse,
        "SELECT * FROM core.operating_kpis WHERE company_id = ? AND product_id = 'all' AND metric = ? "
        "AND period_kind = ? AND period_end_date = ?",
        company, metric, *period,
    )  # fmt: skip
    assert (row["value"], row["qualifier"]) == (value, "exact")
    assert row["evidence"]


def test_revenue_rose_by_30_5_per_cent(warehouse: duckdb.DuckDBPyConnection) -> None:
    (row,) = rows(
        warehouse,
        "SELECT revenue_yoy_pct FROM mart.quarterly_results "
        "WHERE company_id = 'xiaomi' AND calendar_quarter = '2024Q3'",
    )
    assert row["revenue_yoy_pct"] == pytest.approx(30.5, abs=0.05)


def test_shares_in_issue_are_those_of_the_monthly_return(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        warehouse,
        "SELECT share_class, share_count, source_id FROM core.shares_outstanding "
        "WHERE company_id = 'xiaomi' AND as_of_date = '2024-11-30' ORDER BY share_class",
    )
    assert found == [
        {"share_class": "A", "share_count": 4_517_510_134, "source_id": "hkexnews_documents"},
        {"share_class": "B", "share_count": 20_450_006_878, "source_id": "hkexnews_documents"},
    ]


def test_nobody_knew_the_third_quarter_before_it_was_announced(warehouse: duckdb.DuckDBPyConnection) -> None:
    asked = (
        "SELECT count(*) AS n FROM as_of.financial_facts('{}') "
        "WHERE company_id = 'xiaomi' AND period_end_date = DATE '2024-09-30'"
    )
    assert rows(warehouse, asked.format("2024-11-18T16:59:59+08:00")) == [{"n": 0}]
    assert rows(warehouse, asked.format("2024-11-18T17:00:00+08:00"))[0]["n"] > 5
