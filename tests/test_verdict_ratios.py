"""Price against earnings, growth over years, and claims in another money: each worked out by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.small_warehouse import company, load, quote, security
from tests.test_verdicts import ask, fact
from transforms.verdicts.judge import Verdict
from warehouse.database import Warehouse

QUARTERS = (
    ("2024-01-01", "2024-03-31", "4000000000"), ("2024-04-01", "2024-06-30", "5000000000"),
    ("2024-07-01", "2024-09-30", "5000000000"), ("2024-10-01", "2024-12-31", "6000000000"),
)  # fmt: skip
"""Twenty thousand million yuan in the year."""


def profit(start: str, end: str, value: str, **more: Any) -> Mapping[str, Any]:
    return fact(start, end, value, metric="net_profit_attributable", filing_id=f"hkex:{end}:profit", **more)


def rate(base: str, quoted: str, day: str, value: str) -> Mapping[str, Any]:
    return {
        "base_currency": base, "quote_currency": quoted, "rate_date": day, "rate": value, "is_derived": False,
        "available_at": f"{day} 08:00",
    }  # fmt: skip


@pytest.fixture
def warehouse() -> Warehouse:
    """Hold a close of HK$50 with 10,000 million shares, a year of profit, and rates of two days."""
    warehouse = Warehouse.open_memory()
    load(warehouse, "core.companies", company("xiaomi"))
    load(warehouse, "core.securities", security("XHKG:01810", "xiaomi", is_primary=True))
    load(warehouse, "core.daily_quotes_by_source", quote("XHKG:01810", "2025-03-20", "50.00", "49.00"))
    load(
        warehouse, "core.shares_outstanding_by_source",
        {
            "company_id": "xiaomi", "share_class": "all", "as_of_date": "2025-02-28", "share_count": 10_000_000_000,
            "available_at": "2025-03-05 10:00", "fetched_at": "2025-03-05 10:00",
        },
    )  # fmt: skip
    load(warehouse, "core.financial_facts_by_source", *(profit(*one) for one in QUARTERS))
    load(
        warehouse, "core.financial_facts_by_source",
        fact("2024-10-01", "2024-12-31", "100000000000"),
        fact("2021-01-01", "2021-12-31", "200000000000", period_kind="year"),
        fact("2024-01-01", "2024-12-31", "266200000000", period_kind="year"),
    )  # fmt: skip
    load(
        warehouse, "core.fx_rates_by_source", rate("CNY", "HKD", "2025-03-20", "1.25"),
        rate("CNY", "USD", "2025-03-20", "0.140"), rate("CNY", "USD", "2024-12-31", "0.136"),
        rate("HKD", "USD", "2025-03-20", "0.128"),
    )  # fmt: skip
    return warehouse


def tables_of(verdict: Verdict) -> set[str]:
    return {one.table for one in verdict.answer.cited} if verdict.answer else set()


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("Xiaomi trades at 20 times earnings.", "supported", ""),
        ("Xiaomi trades at 20.0 times earnings.", "supported", ""),
        ("Xiaomi trades at 21 times earnings.", "contradicted", ""),
        ("小米市盈率约为20倍。", "supported", ""),
        ("小米市盈率为30倍。", "contradicted", ""),
        ("Xiaomi trades at 16 times forward earnings.", "unverifiable", "not_comparable"),
        ("小米动态市盈率为16倍。", "unverifiable", "not_comparable"),
    ],
)
def test_a_price_is_held_against_the_earnings_of_four_quarters(
    warehouse: Warehouse, text: str, verdict: str, reason: str
) -> None:
    found = ask(warehouse, text)
    assert (found.verdict, found.reason) == (verdict, reason), found


def test_a_multiple_rests_on_price_shares_profits_and_the_rate_of_the_day(warehouse: Warehouse) -> None:
    found = ask(warehouse, "Xiaomi trades at 20 times earnings.")
    assert found.answer is not None
    assert (found.answer.value, len(found.answer.cited)) == (20, 7)
    assert tables_of(found) == {
        "core.daily_quotes", "core.shares_outstanding", "core.financial_facts", "core.fx_rates",
    }  # fmt: skip


def test_a_price_is_never_divided_by_a_profit_that_was_published_later(warehouse: Warehouse) -> None:
    before = ask(warehouse, "Xiaomi trades at 20 times earnings.", at=datetime(2025, 3, 17, tzinfo=UTC))
    assert (before.verdict, before.reason) == ("unverifiable", "no_data_for_period")


def test_half_a_year_makes_twelve_months_with_what_was_left_of_the_last(warehouse: Warehouse) -> None:
    load(
        warehouse, "core.financial_facts_by_source",
        *(
            profit(start, end, value, period_kind=kind, accounting_basis="prc_gaap")
            for start, end, value, kind in (
                ("2023-01-01", "2023-06-30", "3000000000", "half"),
                ("2023-01-01", "2023-12-31", "8000000000", "year"),
                ("2024-01-01", "2024-06-30", "5000000000", "half"),
            )
        ),
    )  # fmt: skip
    assert ask(warehouse, "Xiaomi trades at 40 times earnings.").verdict == "supported", "5 + 8 - 3 thousand million"


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("Between 2021 and 2024 Xiaomi's revenue compounded at 10.0% a year.", "supported", ""),
        ("Between 2021 and 2024 Xiaomi's revenue compounded at 11.0% a year.", "contradicted", ""),
        ("2021年至2024年，小米营收复合年增长率为10%。", "supported", ""),
        ("Xiaomi's revenue grew at a compound annual growth rate of 10% over the past three years.", "supported", ""),
        ("小米近三年营收年均复合增长10%。", "supported", ""),
        ("小米近三年营收年均复合增长20%。", "contradicted", ""),
        ("Between 2020 and 2024 Xiaomi's revenue compounded at 10.0% a year.", "unverifiable", "no_data_for_period"),
    ],
)
def test_growth_over_years_is_compounded(warehouse: Warehouse, text: str, verdict: str, reason: str) -> None:
    found = ask(warehouse, text)
    assert (found.verdict, found.reason) == (verdict, reason), found


@pytest.mark.parametrize(
    ("text", "verdict", "n"),
    [
        ("Xiaomi's revenue in the fourth quarter was US$14.0 billion.", "supported", 0),
        ("Xiaomi's revenue in the fourth quarter was US$13.6 billion.", "supported", 0),
        ("Xiaomi's revenue in the fourth quarter was US$14.5 billion.", "contradicted", 0),
        ("Xiaomi's revenue in the fourth quarter was HK$125 billion.", "supported", 0),
        ("Xiaomi's revenue in the fourth quarter was £11 billion.", "unverifiable", 0),
        ("小米第四季度营收1000亿元，折合约138亿美元。", "unverifiable", 1),
        ("小米第四季度营收1000亿元，折合约238亿美元。", "contradicted", 1),
        ("Xiaomi closed at US$6.40 on 20 March.", "supported", 0),
        ("Xiaomi closed at US$6.30 on 20 March.", "contradicted", 0),
    ],
)
def test_another_money_is_translated_at_the_rate_of_the_day(
    warehouse: Warehouse, text: str, verdict: str, n: int
) -> None:
    found = ask(warehouse, text, n=n)
    assert found.verdict == verdict, found
    assert verdict == "unverifiable" or "core.fx_rates" in tables_of(found)
