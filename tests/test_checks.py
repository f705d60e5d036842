"""Checks find what a load would not have let in, count it, and give one example."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import small_warehouse as small
from warehouse.checks import CURRENCY, failed_tables, run_checks
from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME, TABLES

NOW = small.utc("2025-03-19 13:00")


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as opened:
        yield opened


def broken(warehouse: Warehouse, *tables: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Run the checks of some tables and key those that fail by table and check."""
    rows = run_checks(warehouse, run_id="run-1", now=NOW, tables=[BY_NAME[one] for one in tables]).to_pylist()
    return {(row["table_name"], row["check_name"]): row for row in rows if not row["is_passed"]}


def test_an_empty_warehouse_passes_every_check(warehouse: Warehouse) -> None:
    checks = run_checks(warehouse, run_id="run-1", now=NOW)
    assert {row["table_name"] for row in checks.to_pylist()} == {one.name for one in TABLES}
    assert failed_tables(checks) == {}
    assert checks.schema == BY_NAME["ops.checks"].arrow([]).schema


def test_rows_that_a_load_let_in_pass_all_that_blocks(warehouse: Warehouse) -> None:
    small.fill(warehouse)
    assert failed_tables(run_checks(warehouse, run_id="run-1", now=NOW)) == {}


def test_a_rule_of_the_table_counts_its_rows_and_shows_one(warehouse: Warehouse) -> None:
    small.fill(warehouse)
    warehouse.connection.execute(
        "UPDATE core.daily_quotes_by_source SET volume = -5 "
        "WHERE security_id = 'XHKG:01810' AND trade_date < '2025-03-01'"
    )
    row = broken(warehouse, "core.daily_quotes_by_source")["core.daily_quotes_by_source", "volume_is_not_negative"]
    assert (row["failing_rows"], row["is_blocking"], row["run_id"], row["checked_at"]) == (2, True, "run-1", NOW)
    assert '"security_id":"XHKG:01810"' in row["example"] and '"trade_date":"2024-12-31"' in row["example"]


def test_a_condition_that_comes_out_unknown_is_not_met(warehouse: Warehouse) -> None:
    small.fill(warehouse)
    split = {
        "security_id": "XHKG:01810",
        "ex_date": "2025-03-19",
        "kind": "split",
        "ratio_numerator": "2",
        "ratio_denominator": "1",
        "is_split_adjusted": False,
    }
    small.load(warehouse, "core.corporate_actions_by_source", split)
    warehouse.connection.execute("UPDATE core.corporate_actions_by_source SET ratio_numerator = NULL")
    name = "core.corporate_actions_by_source"
    assert (name, "a_split_has_a_ratio") in broken(warehouse, name)


def test_a_key_that_stands_twice_blocks(warehouse: Warehouse) -> None:
    small.fill(warehouse)
    warehouse.connection.execute("INSERT INTO core.companies FROM core.companies WHERE company_id = 'xiaomi'")
    row = broken(warehouse, "core.companies")["core.companies", "key_is_unique"]
    assert (row["failing_rows"], row["is_blocking"], row["example"]) == (1, True, '{"company_id":"xiaomi"}')


def test_an_empty_mandatory_column_blocks(warehouse: Warehouse) -> None:
    small.fill(warehouse)
    warehouse.connection.execute("UPDATE core.companies SET reporting_currency = NULL WHERE company_id = 'xpeng'")
    row = broken(warehouse, "core.companies")["core.companies", "mandatory_columns_are_filled"]
    assert (row["failing_rows"], row["is_blocking"], row["example"]) == (1, True, '{"company_id":"xpeng"}')


def test_a_reference_that_leads_nowhere_is_shown_and_does_not_block(warehouse: Warehouse) -> None:
    small.fill(warehouse)
    row = broken(warehouse, "core.daily_quotes")["core.daily_quotes", "security_id_leads_to_securities"]
    # Members of the index are priced without being followed.
    assert (row["failing_rows"], row["is_blocking"]) == (4, False)
    assert ("core.products", "company_id_leads_to_companies") not in broken(warehouse, "core.products")


def test_a_foreign_currency_of_a_fact_is_shown_unless_it_is_a_translation(warehouse: Warehouse) -> None:
    small.fill(warehouse)
    report = ("xiaomi", "revenue", "year", "2024-12-31", "1", "2025-03-18 11:00")
    small.load(
        warehouse,
        "core.financial_facts_by_source",
        small.fact(*report, currency="HKD"),
        small.fact(*report, currency="USD", is_convenience_translation=True),
        small.fact(*report, currency=""),
    )
    row = broken(warehouse, "core.financial_facts_by_source")["core.financial_facts_by_source", CURRENCY]
    assert (row["failing_rows"], row["is_blocking"]) == (1, False)
    assert '"currency":"HKD"' in row["example"]


def test_a_table_of_the_pipeline_itself_never_blocks(warehouse: Warehouse) -> None:
    run = {"run_id": "run-1", "flow": "daily", "mode": "live", "started_at": NOW, "state": "running"}
    warehouse.append({"ops.runs": BY_NAME["ops.runs"].arrow([{**run, "code_version": "0"}])})
    warehouse.connection.execute("INSERT INTO ops.runs FROM ops.runs")
    checks = run_checks(warehouse, run_id="run-1", now=NOW, tables=[BY_NAME["ops.runs"]])
    row = next(row for row in checks.to_pylist() if row["check_name"] == "key_is_unique")
    assert (row["is_passed"], row["is_blocking"]) == (False, False)
    assert failed_tables(checks) == {}


def test_the_first_blocking_check_of_a_table_is_named() -> None:
    row = {"run_id": "r", "is_blocking": True, "is_passed": False, "failing_rows": 1, "checked_at": NOW}
    rows = [
        {**row, "table_name": "core.a", "check_name": "first"},
        {**row, "table_name": "core.a", "check_name": "second"},
        {**row, "table_name": "core.b", "check_name": "shown", "is_blocking": False},
        {**row, "table_name": "core.c", "check_name": "passed", "is_passed": True},
    ]
    assert failed_tables(BY_NAME["ops.checks"].arrow(rows)) == {"core.a": "first"}


def open_day(day: str, *, is_open: bool = True) -> dict[str, Any]:
    hours = {"opens_at": f"{day} 01:30", "closes_at": f"{day} 08:00"} if is_open else {}
    return {"exchange": "XHKG", "session_date": day, "is_open": is_open, "is_half_day": False, **hours}


@pytest.mark.parametrize(
    ("bars", "bare"),
    [
        (("2024-09-05", "2024-09-09"), 1),  # the storm of the sixth, which the calendar does not know
        (("2024-09-05", "2024-09-06", "2024-09-09"), 0),
        (("2024-09-06",), 0),  # nobody knows whether the days around it were asked for
        ((), 0),
    ],
)
def test_a_session_without_a_bar_between_two_with_bars_is_shown(
    warehouse: Warehouse, bars: tuple[str, ...], bare: int
) -> None:
    small.load(warehouse, "core.trading_sessions", *map(open_day, ("2024-09-05", "2024-09-06", "2024-09-09")))
    for day in bars:
        small.load(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", day, "20"))
    found = broken(warehouse, "core.trading_sessions")
    name = ("core.trading_sessions", "a_session_between_two_with_bars_has_one_too")
    assert (found[name]["failing_rows"] if name in found else 0) == bare
    assert name not in found or (not found[name]["is_blocking"] and '"2024-09-06"' in found[name]["example"])


@pytest.mark.parametrize(("day", "is_wrong"), [("2024-09-06", True), ("2024-09-07", True), ("2024-09-05", False)])
def test_a_bar_on_a_closed_day_or_a_weekend_is_shown_and_does_not_block(
    warehouse: Warehouse, day: str, is_wrong: bool
) -> None:
    small.load(warehouse, "core.trading_sessions", open_day("2024-09-05"), open_day("2024-09-06", is_open=False))
    small.load(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", day, "20"))
    name = ("core.daily_quotes", "no_bar_stands_on_a_day_that_the_calendar_has_closed")
    found = broken(warehouse, "core.daily_quotes")
    assert (name in found) is is_wrong
    assert not any(row["is_blocking"] for key, row in found.items() if key == name)
