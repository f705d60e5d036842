"""Age is measured by the data's own time, and days on which nothing can come do not age it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests import small_warehouse as small
from warehouse.database import Warehouse
from warehouse.freshness import ZONES, Calendar, measure_freshness
from warehouse.tables.catalog import BY_NAME, TABLES
from warehouse.tables.table import Load, Table

FRIDAY = "2025-03-21"


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as opened:
        yield opened


def row_of(warehouse: Warehouse, table: str, now: str) -> dict[str, Any]:
    rows = measure_freshness(warehouse, run_id="run-1", now=small.utc(now), tables=[BY_NAME[table]]).to_pylist()
    assert len(rows) == 1
    return rows[0]


def session(day: str, *, is_open: bool) -> dict[str, Any]:
    return {
        "exchange": "XHKG",
        "session_date": day,
        "is_open": is_open,
        "opens_at": f"{day} 01:30" if is_open else None,
        "closes_at": f"{day} 08:00" if is_open else None,
        "is_half_day": False,
        "closed_reason": None if is_open else "holiday",
    }


@pytest.mark.parametrize(
    ("now", "hours", "is_stale"),
    [
        ("2025-03-21 09:00", 0, False),  # the day itself is not over
        ("2025-03-22 16:00", 0, False),  # a weekend does not age it
        ("2025-03-24 01:00", 9, False),  # Monday, 09:00 in Hong Kong
        ("2025-03-25 04:00", 36, False),
        ("2025-03-25 05:00", 37, True),
    ],
)
def test_weekends_do_not_age_quotes(warehouse: Warehouse, now: str, hours: float, is_stale: bool) -> None:
    small.load(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", FRIDAY, "55"))
    row = row_of(warehouse, "core.daily_quotes", now)
    assert (row["age_hours"], row["is_stale"], row["allowed_hours"]) == (hours, is_stale, 36)
    assert row["data_until"] == small.utc("2025-03-21 16:00")


def test_a_holiday_of_the_calendar_does_not_age_quotes(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", FRIDAY, "55"))
    days = [
        session(FRIDAY, is_open=True),
        session("2025-03-24", is_open=False),
        session("2025-03-25", is_open=False),
        session("2025-03-26", is_open=True),
    ]
    small.load(warehouse, "core.trading_sessions", *days)
    row = row_of(warehouse, "core.daily_quotes", "2025-03-26 04:00")
    assert (row["age_hours"], row["is_stale"]) == (12, False)


def test_another_exchange_s_holiday_does_not_count(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", FRIDAY, "55"))
    small.load(warehouse, "core.trading_sessions", {**session("2025-03-24", is_open=False), "exchange": "XNAS"})
    assert row_of(warehouse, "core.daily_quotes", "2025-03-24 16:00")["age_hours"] == 24


def test_a_day_without_an_exchange_ends_in_utc(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.fx_rates_by_source", small.fx("USD", "HKD", "2025-03-21", "7.8"))
    row = row_of(warehouse, "core.fx_rates", "2025-03-24 00:00")
    assert (row["data_until"], row["age_hours"], row["is_stale"]) == (small.utc("2025-03-22 00:00"), 48, False)
    assert row_of(warehouse, "core.fx_rates", "2025-03-27 01:00")["is_stale"]


def test_four_closed_days_over_easter_do_not_make_rates_stale(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.fx_rates_by_source", small.fx("USD", "HKD", "2025-04-17", "7.8"))
    assert not row_of(warehouse, "core.fx_rates", "2025-04-22 14:00")["is_stale"]


def test_an_old_reading_that_was_loaded_just_now_is_old(warehouse: Warehouse) -> None:
    small.load(
        warehouse, "core.follower_counts", small.followers("weibo:1", "2025-03-01 00:00", 5), at="2025-03-19 12:00"
    )
    row = row_of(warehouse, "core.follower_counts", "2025-03-19 12:00")
    assert (row["age_hours"], row["is_stale"], row["row_count"]) == (18 * 24 + 12, True, 1)


def test_an_empty_table_that_should_be_fresh_is_stale(warehouse: Warehouse) -> None:
    row = row_of(warehouse, "core.articles", "2025-03-19 12:00")
    assert (row["row_count"], row["age_hours"], row["data_until"], row["is_stale"]) == (0, None, None, True)


def source(gives: str, *, is_enabled: bool = True, is_required: bool = False) -> dict[str, Any]:
    return {
        "source_id": f"gives {gives}, {is_required}",
        "title": "Feeds",
        "publisher": "Outlets",
        "kind": "news",
        "home_url": "https://outlet.example",
        "terms": "",
        "needs": "nothing",
        "honours_robots": True,
        "robots_decision": "unknown",
        "may_be_redistributed": False,
        "pace_seconds": 1.0,
        "tables": [gives],
        "is_required": is_required,
        "is_enabled": is_enabled,
    }


def add_sources(warehouse: Warehouse, *sources: dict[str, Any]) -> None:
    warehouse.append({"core.sources": BY_NAME["core.sources"].arrow(sources)})


@pytest.mark.parametrize(
    ("gives", "is_enabled", "is_stale"),
    [("core.articles_by_source", True, True), ("core.articles_by_source", False, False), ("core.filings", True, False)],
)
def test_an_empty_table_is_stale_only_where_a_source_for_it_is_on(
    warehouse: Warehouse, gives: str, is_enabled: bool, is_stale: bool
) -> None:
    add_sources(warehouse, source(gives, is_enabled=is_enabled))
    assert row_of(warehouse, "core.articles", "2025-03-19 12:00")["is_stale"] is is_stale


@pytest.mark.parametrize(
    ("is_enabled", "is_required", "expected"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_table_is_required_where_a_required_source_that_is_on_fills_its_readings(
    warehouse: Warehouse, is_enabled: bool, is_required: bool, expected: bool
) -> None:
    other = source("core.articles_by_source")
    add_sources(warehouse, source("core.articles_by_source", is_enabled=is_enabled, is_required=is_required), other)
    for table in ("core.articles", "core.articles_by_source"):
        assert row_of(warehouse, table, "2025-03-19 12:00")["is_required"] is expected
    assert row_of(warehouse, "core.filings", "2025-03-19 12:00")["is_required"] is False


def test_a_table_without_an_allowed_age_has_the_age_of_its_newest_row_and_is_never_stale(warehouse: Warehouse) -> None:
    old = {**small.company("xiaomi"), "available_at": "2025-03-18 12:00"}
    small.load(warehouse, "core.companies", old, {**small.company("tesla"), "available_at": "2025-03-17 12:00"})
    row = row_of(warehouse, "core.companies", "2035-03-18 13:00")
    assert (row["row_count"], row["data_until"]) == (2, small.utc("2025-03-18 12:00"))
    assert (row["age_hours"], row["allowed_hours"], row["is_stale"]) == (3652 * 24 + 1, None, False)


def test_an_empty_table_without_an_allowed_age_is_not_stale(warehouse: Warehouse) -> None:
    row = row_of(warehouse, "core.events", "2025-03-19 12:00")
    assert (row["row_count"], row["age_hours"], row["is_stale"]) == (0, None, False)


@pytest.mark.parametrize("table", [one for one in TABLES if one.load is not Load.LEDGER], ids=lambda one: one.name)
def test_every_table_of_data_has_a_time_to_be_measured_by(table: Table) -> None:
    names = [one.name for one in table.columns]
    assert (table.fresh_within.column if table.fresh_within else "available_at") in names


def test_every_table_of_data_is_measured(warehouse: Warehouse) -> None:
    rows = measure_freshness(warehouse, run_id="run-1", now=small.utc("2025-03-19 12:00"))
    assert rows.schema == BY_NAME["ops.freshness"].arrow([]).schema
    assert set(rows.column("table_name").to_pylist()) == {one.name for one in TABLES if one.load is not Load.LEDGER}


def test_every_exchange_that_a_table_names_has_a_zone() -> None:
    named = {one.fresh_within.counts_sessions_of for one in TABLES if one.fresh_within}
    assert named - {""} <= ZONES.keys()


def test_a_day_of_a_clock_change_has_its_own_length() -> None:
    calendar = Calendar(ZONES["XNAS"], {date(2025, 3, 9): True})
    # Sunday 9 March 2025 has 23 hours in New York; taken as a trading day for the sake of the sum.
    assert calendar.hours_between(small.utc("2025-03-09 05:00"), small.utc("2025-03-10 04:00")) == 23
