"""Prices with dividends put back, and the dividends that are too doubtful for it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import small_warehouse as small
from warehouse.database import Warehouse

LINE = "XHKG:01810"
BEFORE, EX, AFTER = "2025-03-17", "2025-03-18", "2025-03-19"


def dividend(amount: str | None, source: str = "by_hand", **more: Any) -> small.Row:
    return {
        "security_id": LINE, "ex_date": EX, "kind": "dividend", "amount_per_unit": amount, "currency": "HKD",
        "is_split_adjusted": False, "source_id": source, **more,
    }  # fmt: skip


def split(day: str, after: str) -> small.Row:
    return {
        "security_id": LINE, "ex_date": day, "kind": "split", "ratio_numerator": after, "ratio_denominator": "1",
        "is_split_adjusted": False,
    }  # fmt: skip


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(tmp_path / "w.duckdb") as opened:
        small.load(opened, "core.securities", small.security(LINE, "xiaomi"))
        closes = [("2025-03-14", "48"), (BEFORE, "50"), (EX, "49"), (AFTER, "51")]
        small.load(opened, "core.daily_quotes_by_source", *(small.quote(LINE, day, close) for day, close in closes))
        yield opened


def prices(warehouse: Warehouse) -> dict[str, Decimal | None]:
    rows = warehouse.frame("FROM core.total_return_quotes ORDER BY trade_date").to_pylist()
    return {str(row["trade_date"]): row["total_return_close_price"] for row in rows}


def doubts(warehouse: Warehouse) -> list[int]:
    rows = warehouse.frame("FROM core.total_return_quotes ORDER BY trade_date").to_pylist()
    return [row["doubtful_dividend_count"] for row in rows]


def act(warehouse: Warehouse, *rows: small.Row) -> None:
    for row in rows:
        small.load(warehouse, "core.corporate_actions_by_source", row)


def test_without_dividends_nothing_is_taken_off(warehouse: Warehouse) -> None:
    assert prices(warehouse) == {"2025-03-14": 48, BEFORE: 50, EX: 49, AFTER: 51}


def test_a_dividend_comes_off_every_day_before_its_ex_date(warehouse: Warehouse) -> None:
    act(warehouse, dividend("1"))
    assert prices(warehouse) == {"2025-03-14": Decimal("47.04"), BEFORE: 49, EX: 49, AFTER: 51}
    assert doubts(warehouse) == [0, 0, 0, 0]


def test_a_dividend_as_declared_is_brought_into_units_of_today(warehouse: Warehouse) -> None:
    act(warehouse, dividend("1"), split(AFTER, "2"))
    assert prices(warehouse) == {
        "2025-03-14": Decimal("23.52"),
        BEFORE: Decimal("24.5"),
        EX: Decimal("24.5"),
        AFTER: 51,
    }


def test_one_that_its_source_restated_is_not_restated_again(warehouse: Warehouse) -> None:
    act(warehouse, dividend("0.5", is_split_adjusted=True), split(AFTER, "2"))
    assert prices(warehouse)[BEFORE] == Decimal("24.5")


def test_cash_of_another_currency_is_converted_at_the_rate_of_the_ex_date(warehouse: Warehouse) -> None:
    act(warehouse, dividend("1", currency="CNY"))
    assert prices(warehouse)[BEFORE] is None
    small.load(warehouse, "core.fx_rates_by_source", small.fx("CNY", "HKD", BEFORE, "1.07"))
    assert prices(warehouse)[BEFORE] == Decimal("48.93")


@pytest.mark.parametrize(
    "rows",
    [
        (dividend(None),),
        (dividend("16"),),
        (dividend("1"), dividend("10", "other")),
        (dividend("1"), dividend("1", "other", ex_date=AFTER)),
    ],
    ids=["no amount", "more than a dividend is", "sources differ by a factor", "one dividend on two days"],
)
def test_a_doubtful_dividend_leaves_a_gap_and_no_number(warehouse: Warehouse, rows: tuple[small.Row, ...]) -> None:
    act(warehouse, *rows)
    found = prices(warehouse)
    assert (found["2025-03-14"], found[BEFORE], found[AFTER]) == (None, None, Decimal(51))
    assert doubts(warehouse)[:2] == [1, 1]


def test_sources_that_agree_raise_no_doubt(warehouse: Warehouse) -> None:
    act(warehouse, dividend("1"), dividend("1.02", "other"))
    assert doubts(warehouse) == [0, 0, 0, 0]
    assert prices(warehouse)[BEFORE] == 49
