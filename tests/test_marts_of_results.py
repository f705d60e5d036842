"""What the marts make of results and deliveries, over rows whose answers were worked out by hand."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import small_warehouse as small
from tests.small_warehouse import company, fact, fx, quote, security, shares
from warehouse.database import Warehouse

RESULTS = "2024-11-18 09:00"


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as opened:
        small.load(opened, "core.companies", company("xiaomi"))
        small.load(opened, "core.securities", security("XHKG:01810", "xiaomi", is_primary=True))
        small.load(opened, "core.shares_outstanding_by_source", shares("xiaomi", "all", "2024-09-30", 1_000))
        days = ("2024-11-01", "2024-11-18", "2024-11-19")
        small.load(opened, "core.daily_quotes_by_source", *(quote("XHKG:01810", day, "20") for day in days))
        small.load(
            opened,
            "core.fx_rates_by_source",
            *(fx("HKD", "CNY", day, "0.9") for day in days),
            *(fx("CNY", "USD", day, "0.14") for day in ("2024-09-30", *days)),
        )
        yield opened


def add(warehouse: Warehouse, *facts: Any) -> None:
    small.load(warehouse, "core.financial_facts_by_source", *facts)


def year_and_nine_months(
    warehouse: Warehouse, metric: str = "net_profit_attributable", *, year: str = "1000", **more: Any
) -> None:
    nine = {"period_kind": "nine_months", "period_start_date": "2024-01-01"}
    before = {"period_kind": "nine_months", "period_start_date": "2023-01-01"}
    add(
        warehouse,
        fact("xiaomi", metric, "year", "2023-12-31", year, "2024-03-19 09:00", **more),
        fact("xiaomi", metric, "quarter", "2024-09-30", "1500", RESULTS, **{**nine, **more}),
        fact("xiaomi", metric, "quarter", "2023-09-30", "700", RESULTS, **{**before, **more}),
    )


def valued(warehouse: Warehouse) -> dict[str, dict[str, Any]]:
    rows = warehouse.frame("FROM mart.valuation ORDER BY trade_date").to_pylist()
    return {str(row["trade_date"]): row for row in rows}


def test_a_price_is_never_divided_by_a_profit_that_was_published_later(warehouse: Warehouse) -> None:
    year_and_nine_months(warehouse)
    days = valued(warehouse)
    assert days["2024-11-01"]["profit_amount"] == 1000
    assert days["2024-11-01"]["pe"] == pytest.approx(20 * 1_000 * 0.9 / 1000)
    # The session of the day itself was over an hour before the results came out.
    assert days["2024-11-18"]["profit_amount"] == 1000
    assert days["2024-11-18"]["results_available_at"] == small.utc("2024-03-19 09:00")
    assert days["2024-11-19"]["profit_amount"] == 1800
    assert days["2024-11-19"]["profit_basis"] == "last fiscal year, rolled on by nine_months"
    assert days["2024-11-19"]["pe"] == pytest.approx(20 * 1_000 * 0.9 / 1800)


def test_adjusted_profit_gives_a_multiple_of_its_own(warehouse: Warehouse) -> None:
    year_and_nine_months(warehouse)
    year_and_nine_months(warehouse, "adjusted_net_profit", year="1200", accounting_basis="adjusted")
    day = valued(warehouse)["2024-11-19"]
    assert (day["profit_amount"], day["adjusted_profit_amount"]) == (1800, 2000)
    assert day["pe_adjusted"] == pytest.approx(18_000 / 2000)


def test_a_medium_never_values_a_company(warehouse: Warehouse) -> None:
    year_and_nine_months(warehouse)
    add(
        warehouse,
        fact("xiaomi", "net_profit_attributable", "year", "2023-12-31", "9999", "2024-04-01 09:00", authority=4),
    )
    assert valued(warehouse)["2024-11-01"]["profit_amount"] == 1000


def test_sales_and_the_distance_to_a_trillion(warehouse: Warehouse) -> None:
    add(
        warehouse,
        *(
            fact("xiaomi", "revenue", "quarter", end, "250", f"{public} 09:00")
            for end, public in (
                ("2023-12-31", "2024-03-19"), ("2024-03-31", "2024-05-23"),
                ("2024-06-30", "2024-08-21"), ("2024-09-30", "2024-11-18"),
            )
        ),
    )  # fmt: skip
    days = valued(warehouse)
    assert days["2024-11-01"]["ps"] is None
    day = days["2024-11-19"]
    assert (day["revenue_amount"], day["revenue_basis"]) == (1000, "last four quarters")
    assert day["ps"] == pytest.approx(18.0)
    assert day["distance_to_target_hkd"] == pytest.approx(1e12 - 20_000)
    assert day["distance_to_target_pct"] == pytest.approx(100 * (1e12 / 20_000 - 1))
    assert day["pe"] is None


def test_a_quarter_has_its_neighbours_margins_and_twelve_months(warehouse: Warehouse) -> None:
    ends = ("2023-09-30", "2023-12-31", "2024-03-31", "2024-06-30", "2024-09-30")
    add(
        warehouse,
        *(
            fact("xiaomi", "revenue", "quarter", end, str(value), RESULTS)
            for end, value in zip(ends, (80, 100, 90, 110, 120), strict=True)
        ),
        fact("xiaomi", "operating_profit", "quarter", "2024-09-30", "12", RESULTS),
        fact("xiaomi", "adjusted_net_profit", "quarter", "2024-09-30", "6", RESULTS, accounting_basis="adjusted"),
        fact("xiaomi", "adjusted_net_profit", "quarter", "2023-09-30", "5", RESULTS, accounting_basis="adjusted"),
    )
    rows = warehouse.frame("FROM mart.quarterly_results ORDER BY calendar_quarter").to_pylist()
    newest = rows[-1]
    assert newest["revenue_yoy_pct"] == pytest.approx(50.0)
    assert newest["revenue_qoq_pct"] == pytest.approx(100 * (120 / 110 - 1))
    assert newest["operating_margin_pct"] == pytest.approx(10.0)
    assert newest["adjusted_net_margin_pct"] == pytest.approx(5.0)
    assert newest["adjusted_net_profit_yoy_pct"] == pytest.approx(20.0)
    assert [row["revenue_trailing"] for row in rows] == [None, None, None, 380, 420]
    assert newest["revenue_usd"] == pytest.approx(120 * 0.14)


def test_a_quarter_that_is_missing_leaves_no_twelve_months(warehouse: Warehouse) -> None:
    ends = ("2023-09-30", "2023-12-31", "2024-03-31", "2024-09-30")
    add(warehouse, *(fact("xiaomi", "revenue", "quarter", end, "100", RESULTS) for end in ends))
    rows = warehouse.frame("FROM mart.quarterly_results ORDER BY calendar_quarter").to_pylist()
    assert [row["revenue_trailing"] for row in rows] == [None] * 4
    assert rows[-1]["revenue_qoq_pct"] is None


def delivered(month_end: str, count: int, public: str) -> dict[str, Any]:
    return {**small.deliveries("xiaomi", month_end, count, count), "available_at": public}


def test_months_add_up_to_the_year_and_stand_against_the_target_that_was_said(warehouse: Warehouse) -> None:
    year = {
        "company_id": "xiaomi", "product_id": "all", "segment": "group", "metric": "deliveries", "period_kind": "year",
        "period_start_date": "2024-01-01", "period_end_date": "2024-12-31", "currency": "", "place": "page 1",
        "said_by": "xiaomi", "kind": "target", "qualifier": "exact", "unit": "vehicles",
    }  # fmt: skip
    small.load(
        warehouse,
        "core.targets",
        {**year, "document_id": "first", "value_low": "100", "available_at": "2024-01-10 00:00"},
        {**year, "document_id": "second", "value_low": "120", "available_at": "2024-02-20 00:00"},
    )
    cumulative = {"period_kind": "cumulative", "period_start_date": "2023-01-01"}
    small.load(
        warehouse,
        "core.operating_kpis_by_source",
        delivered("2024-01-31", 10, "2024-02-01 00:00"),
        delivered("2024-02-29", 20, "2024-03-01 00:00"),
        delivered("2024-04-30", 40, "2024-05-01 00:00"),
        {**delivered("2024-02-29", 530, "2024-03-01 00:00"), **cumulative},
    )
    rows = warehouse.frame("FROM mart.monthly_deliveries ORDER BY month_date").to_pylist()
    assert [row["year_to_date_count"] for row in rows] == [10, 30, None]
    assert [row["cumulative_count"] for row in rows] == [None, 530, None]
    assert [row["year_target_count"] for row in rows] == [100, 120, 120]
    assert rows[1]["share_of_year_target_pct"] == pytest.approx(25.0)
