"""Marts of the past: what was public, what stood here, and that a time wants its zone."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import small_warehouse as small
from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME, TABLES
from warehouse.tables.marts import VIEWS

MARTS = [view for view in VIEWS if view.schema == "mart"]
ENDLESS = "2999-01-01T00:00:00Z"
LISTED_AT = "2025-01-01 00:00"


@pytest.fixture(scope="module")
def filled() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        yield small.fill(warehouse)


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[Warehouse, Warehouse]]:
    with Warehouse.open_memory() as one, Warehouse.open_memory() as other:
        yield one, other


@pytest.fixture
def warehouse(pair: tuple[Warehouse, Warehouse]) -> Warehouse:
    return listed(pair[0])


def listed(warehouse: Warehouse) -> Warehouse:
    """Empty a warehouse but for a watch list of one company."""
    for table in TABLES:
        warehouse.connection.execute(f"DELETE FROM {table.name}")
        if table.history:
            warehouse.connection.execute(f"DELETE FROM {table.history}")
    small.load(warehouse, "core.companies", small.company("xiaomi"), at=LISTED_AT)
    line = small.security("XHKG:01810", "xiaomi", is_primary=True)
    small.load(warehouse, "core.securities", line, at=LISTED_AT)
    small.load(warehouse, "core.accounts", small.account("weibo:1", "company", "xiaomi"), at=LISTED_AT)
    return warehouse


def seen(warehouse: Warehouse, table: str, row: small.Row, at: str) -> None:
    """Load a row that was fetched and first seen at a time."""
    small.load(warehouse, table, {**row, "fetched_at": at, "first_seen_at": at}, at=at)


def asked(warehouse: Warehouse, mart: str, columns: str, at: str, *, known_here: bool = False) -> list[tuple[Any, ...]]:
    sql = f"SELECT {columns} FROM mart_as_of.{mart}(?, known_here := {known_here}) ORDER BY ALL"
    return warehouse.connection.execute(sql, [small.utc(at)]).fetchall()


@pytest.mark.parametrize("mart", MARTS, ids=lambda view: view.name)
def test_at_the_end_of_time_a_mart_is_as_it_is_today(filled: Warehouse, mart: Any) -> None:
    today = filled.frame(f"FROM {mart.name} ORDER BY ALL").to_pylist()
    assert filled.frame(f"FROM mart_as_of.{mart.base}('{ENDLESS}') ORDER BY ALL").to_pylist() == today
    assert today


@pytest.mark.parametrize("mart", MARTS, ids=lambda view: view.name)
def test_a_time_without_a_zone_is_refused(filled: Warehouse, mart: Any) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="does not know the zone of 2025-03-18"):
        filled.connection.execute(f"FROM mart_as_of.{mart.base}('2025-03-18')")


def test_a_corrected_close_is_public_when_it_was_seen(warehouse: Warehouse) -> None:
    seen(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", "2025-03-18", "55.2"), "2025-03-18 09:00")
    seen(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", "2025-03-18", "55.3"), "2025-03-20 09:00")
    closes = [
        asked(warehouse, "company_daily", "CAST(close_price AS DOUBLE)", at)
        for at in ("2025-03-18 07:59", "2025-03-18 08:00", "2025-03-20 08:59", "2025-03-20 09:00")
    ]
    assert closes == [[], [(55.2,)], [(55.2,)], [(55.3,)]]


def test_a_late_filing_was_public_before_we_read_it(warehouse: Warehouse) -> None:
    seen(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", "2025-03-18", "50"), "2025-03-18 09:00")
    seen(warehouse, "core.shares_outstanding_by_source", counted(), "2025-03-01 09:00")
    seen(warehouse, "core.fx_rates_by_source", small.fx("HKD", "CNY", "2025-03-17", "0.9"), "2025-03-17 15:00")
    profit = small.fact("xiaomi", "net_profit_attributable", "year", "2024-12-31", "9e9", "2025-03-10 09:00")
    seen(warehouse, "core.financial_facts_by_source", profit, "2025-03-25 09:00")
    before_it, public, known = (
        asked(warehouse, "valuation", "pe", "2025-03-20 00:00", known_here=True),
        asked(warehouse, "valuation", "pe", "2025-03-20 00:00"),
        asked(warehouse, "valuation", "pe", "2025-03-26 00:00", known_here=True),
    )
    assert before_it == [(None,)]
    assert public == known == [(pytest.approx(50 * 1e9 * 0.9 / 9e9),)]


def test_a_restated_quarter_answers_with_what_stood_then(warehouse: Warehouse) -> None:
    first = small.fact("xiaomi", "revenue", "quarter", "2024-09-30", "100", "2024-11-18 09:00")
    again = small.fact("xiaomi", "revenue", "quarter", "2024-09-30", "98", "2025-03-18 09:00")
    for row, at in ((first, "2024-11-18 10:00"), (again, "2025-03-18 10:00")):
        seen(warehouse, "core.financial_facts_by_source", row, at)
    revenues = [
        asked(warehouse, "quarterly_results", "CAST(revenue AS DOUBLE)", at)
        for at in ("2024-11-18 08:59", "2025-03-18 08:59", "2025-03-18 09:01")
    ]
    assert revenues == [[], [(100.0,)], [(98.0,)]]


def test_a_follower_count_that_was_read_a_day_late_is_known_a_day_late(warehouse: Warehouse) -> None:
    seen(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", "2025-03-18", "50"), "2025-03-18 09:00")
    seen(
        warehouse,
        "core.follower_counts",
        small.followers("weibo:1", "2025-03-18 03:00", 36_000_000),
        "2025-03-19 03:00",
    )
    counts = [
        asked(warehouse, "company_daily", "follower_count", "2025-03-18 12:00", known_here=known)
        for known in (False, True)
    ]
    assert counts == [[(36_000_000,)], [(None,)]]


def counted() -> small.Row:
    return small.shares("xiaomi", "all", "2025-02-28", 1_000_000_000, available_at="2025-03-01 09:00")


START = small.utc("2025-03-01 00:00")
COMPARED = ("daily_quotes", "daily_quotes_by_source", "financial_facts", "follower_counts", "shares_outstanding")


def _at(day: float) -> str:
    return (START + timedelta(days=day)).strftime("%Y-%m-%d %H:%M")


@st.composite
def arrivals(draw: st.DrawFn) -> list[tuple[int, str, small.Row]]:
    """Draw what arrived on which day: closes and their corrections by two sources, profits, counts and followers."""
    found: list[tuple[int, str, small.Row]] = []
    for day in range(1, draw(st.integers(2, 9))):
        what = draw(st.sampled_from(("close", "close", "close", "profit", "shares", "followers")))
        number = draw(st.sampled_from(("50", "51")))
        source = draw(st.sampled_from(("one", "two")))
        told = draw(st.integers(0, day))
        match what:
            case "close":
                row = small.quote("XHKG:01810", _at(draw(st.sampled_from((0, 1, 2))))[:10], number, source_id=source)
                table = "core.daily_quotes_by_source"
            case "profit":
                row = small.fact("xiaomi", "net_profit_attributable", "year", "2024-12-31", number, _at(told))
                table = "core.financial_facts_by_source"
            case "shares":
                row = {**counted(), "share_count": int(number), "available_at": _at(told)}
                table = "core.shares_outstanding_by_source"
            case _:
                row, table = small.followers("weibo:1", _at(told), int(number)), "core.follower_counts"
        found.append((day, table, row))
    return found


def answers(warehouse: Warehouse, at: datetime) -> dict[str, list[Any]]:
    """Ask what was known here at a time, of tables and of marts."""
    asked = [f"as_of.{name}" for name in COMPARED] + [f"mart_as_of.{mart.base}" for mart in MARTS]
    sql = "FROM {}(?, known_here := true) ORDER BY ALL"
    return {name: warehouse.frame(sql.format(name), [at]).to_pylist() for name in asked}


def contents(warehouse: Warehouse) -> dict[str, list[Any]]:
    """Read the same tables and marts as they stand."""
    found = {}
    for name in COMPARED:
        columns = ", ".join(column.name for column in BY_NAME[f"core.{name}"].columns)
        found[f"as_of.{name}"] = warehouse.frame(f"SELECT {columns} FROM core.{name} ORDER BY ALL").to_pylist()
    for mart in MARTS:
        found[f"mart_as_of.{mart.base}"] = warehouse.frame(f"FROM {mart.name} ORDER BY ALL").to_pylist()
    return found


def take(warehouse: Warehouse, history: Sequence[tuple[int, str, small.Row]]) -> None:
    for day, table, row in history:
        seen(warehouse, table, row, _at(day))


@settings(max_examples=8, deadline=None)
@given(history=arrivals(), data=st.data())
def test_the_past_is_a_warehouse_of_what_had_arrived_by_then(
    pair: tuple[Warehouse, Warehouse], history: list[tuple[int, str, small.Row]], data: Any
) -> None:
    whole, then = listed(pair[0]), listed(pair[1])
    day = data.draw(st.integers(0, 9))
    take(whole, history)
    take(then, [one for one in history if one[0] <= day])
    assert answers(whole, small.utc(_at(day + 0.5))) == contents(then)
