"""Marts of the past: what was public, what stood here, and that a time wants its zone."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import small_warehouse as small
from tests.arrivals import LAST_DAY, TABLES, Arrival, arrivals, at, take, written
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.published import query
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.catalog import TABLES as ALL
from warehouse.tables.marts import VIEWS

MARTS = [view for view in VIEWS if view.schema == "mart"]
ENDLESS = "2999-01-01T00:00:00Z"
LISTED_AT = "2025-01-01 00:00"
RANKS = {"core.daily_quotes_by_source": ("two", "one"), "core.financial_facts_by_source": ("two", "one")}


@pytest.fixture(scope="module")
def filled() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        yield small.fill(warehouse)


@pytest.fixture(scope="module")
def opened() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        yield warehouse


@pytest.fixture
def warehouse(opened: Warehouse) -> Warehouse:
    return listed(opened)


def listed(warehouse: Warehouse) -> Warehouse:
    """Empty a warehouse but for a watch list of one company."""
    for table in ALL:
        warehouse.connection.execute(f"DELETE FROM {table.name}")
        if kept := table.history or table.past:
            warehouse.connection.execute(f"DELETE FROM {kept}")
    warehouse.load({}, run_id="run-1", loaded_at=small.utc(LISTED_AT), ranks=RANKS)
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


OWNED = """owner_id = '{0}' OR owner_id IN (SELECT product_id FROM core.products WHERE company_id = '{0}')
    OR owner_id IN (SELECT subject_id FROM core.relations WHERE object_id = '{0}')"""
"""Accounts of a company, of its products and of whoever has to do with it; every other mart names the company."""
SAMPLE_TIMES = ("2024-11-19T18:00:00+08:00", "2025-01-11T20:00:00+08:00")


@pytest.mark.parametrize("mart", MARTS, ids=lambda view: view.name)
def test_companies_that_are_named_have_the_rows_that_a_filter_leaves(filled: Warehouse, mart: Any) -> None:
    for company in ("xiaomi", "nobody"):
        named, left = _named_and_left(filled.frame, mart, company, ENDLESS)
        assert named == left
    both = filled.frame(f"FROM mart_as_of.{mart.base}('{ENDLESS}', companies := ['xiaomi', 'li-auto'])")
    assert both.num_rows >= filled.frame(f"FROM mart_as_of.{mart.base}('{ENDLESS}', companies := ['xiaomi'])").num_rows


@pytest.mark.parametrize("mart", MARTS, ids=lambda view: view.name)
def test_so_they_have_in_the_sample(sample_home: Home, mart: Any) -> None:
    rows = 0
    for company, moment in product(("xiaomi", "tesla"), SAMPLE_TIMES):
        named, left = _named_and_left(partial(query, sample_home), mart, company, moment)
        assert named == left
        rows += len(left)
    assert rows


def _named_and_left(ask: Callable[..., pa.Table], mart: Any, company: str, moment: str) -> tuple[Any, Any]:
    past = f"mart_as_of.{mart.base}('{moment}'"
    has_company = any(column.name == "company_id" for column in mart.columns)
    condition = ("company_id = '{0}'" if has_company else OWNED).format(company)
    named = ask(f"FROM {past}, companies := ['{company}']) ORDER BY ALL").to_pylist()
    return named, ask(f"FROM {past}) WHERE {condition} ORDER BY ALL").to_pylist()


def test_one_company_that_is_no_list_is_refused(filled: Warehouse) -> None:
    with pytest.raises(duckdb.ConversionException, match=r"'xiaomi' can't be cast to the destination type VARCHAR\[\]"):
        filled.connection.execute(f"FROM mart_as_of.company_daily('{ENDLESS}', companies := 'xiaomi')")


def test_a_corrected_close_is_public_when_it_was_seen(warehouse: Warehouse) -> None:
    seen(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", "2025-03-18", "55.2"), "2025-03-18 09:00")
    seen(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", "2025-03-18", "55.3"), "2025-03-20 09:00")
    closes = [
        asked(warehouse, "company_daily", "CAST(close_price AS DOUBLE)", moment)
        for moment in ("2025-03-18 07:59", "2025-03-18 08:00", "2025-03-20 08:59", "2025-03-20 09:00")
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
    for row, when in ((first, "2024-11-18 10:00"), (again, "2025-03-18 10:00")):
        seen(warehouse, "core.financial_facts_by_source", row, when)
    revenues = [
        asked(warehouse, "quarterly_results", "CAST(revenue AS DOUBLE)", moment)
        for moment in ("2024-11-18 08:59", "2025-03-18 08:59", "2025-03-18 09:01")
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


def test_an_edited_article_names_whom_it_named_then(warehouse: Warehouse) -> None:
    """It is about Xiaomi until a correction of the next day takes that back; a number changes with it."""
    wrong, right = "Xiaomi delivered 20,000 cars in February", "BYD delivered 30,000 cars in February"
    first, second = written("m", wrong), written("m", right)
    take(warehouse, [(1, "core.articles_by_source", first), (2, "core.articles_by_source", second)])
    told = []
    for day in (1.9, 2.1):
        companies = warehouse.frame("SELECT company_id FROM as_of.article_companies(?)", [small.utc(at(day))])
        numbers = warehouse.frame("SELECT normalised FROM as_of.claims(?)", [small.utc(at(day))])
        volume = asked(warehouse, "news_volume", "company_id, article_count", at(day))
        told.append((*companies.column(0).to_pylist(), *numbers.column(0).to_pylist(), volume))
    assert told == [("xiaomi", 20_000, [("xiaomi", 1)]), ("byd", 30_000, [("byd", 1)])]


def test_a_story_has_the_tellings_that_were_there_by_then(warehouse: Warehouse) -> None:
    """The second outlet is read a day later, and what it tells was published first."""
    late, early = written("m", "Xiaomi: a record", published=2), written("n", "A record for Xiaomi", published=1)
    take(warehouse, [(2, "core.articles_by_source", late), (3, "core.articles_by_source", early)])
    question = "SELECT story_id, article_count FROM as_of.stories(?, known_here := {})"
    there = [
        warehouse.frame(question.format(known), [small.utc(at(day))]).to_pylist()
        for known, day in (("true", 1.5), ("true", 2.5), ("true", 3.5), ("false", 1.5), ("false", 2.5))
    ]
    alone, both = [{"story_id": "m", "article_count": 1}], [{"story_id": "n", "article_count": 2}]
    assert there == [[], alone, both, [{"story_id": "n", "article_count": 1}], both]


def test_a_story_that_was_read_twice_was_published_once(warehouse: Warehouse) -> None:
    """A feed names it a day before its page is read; to the world it was there from the first day on."""
    feed = {**written("m", "Xiaomi: a record", published=1), "source_id": "feed", "available_at": at(1)}
    page = {**feed, "title": "Xiaomi: a record year", "source_id": "page"}
    take(warehouse, [(2, "core.articles_by_source", feed), (3, "core.articles_by_source", page)])
    question = "SELECT title FROM as_of.stories(?, known_here := {})"
    titles = [
        warehouse.frame(question.format(known), [small.utc(at(day))]).column(0).to_pylist()
        for known, day in (("false", 0.5), ("false", 1.5), ("true", 1.5), ("true", 2.5), ("true", 3.5))
    ]
    newest = warehouse.frame("SELECT title FROM core.stories").column(0).to_pylist()
    assert titles == [[], newest, [], ["Xiaomi: a record"], newest]
    assert asked(warehouse, "news_volume", "article_count", at(1.5)) == [(1,)]


def counted() -> small.Row:
    return small.shares("xiaomi", "all", "2025-02-28", 1_000_000_000, available_at="2025-03-01 09:00")


OF_ARTICLES = {
    *("as_of.articles_by_source", "as_of.articles", "as_of.article_mentions", "as_of.article_companies"),
    *("as_of.stories", "as_of.story_articles", "as_of.claims", "mart_as_of.news_volume"),
}
EVERYTHING = {f"as_of.{name}" for name in TABLES} | {f"mart_as_of.{mart.base}" for mart in MARTS}


def answers(warehouse: Warehouse, names: Collection[str], moment: datetime) -> dict[str, list[Any]]:
    """Ask what was known here at a time, of tables and of marts."""
    sql = "FROM {}(?, known_here := true) ORDER BY ALL"
    return {name: warehouse.frame(sql.format(name), [moment]).to_pylist() for name in names}


def contents(warehouse: Warehouse, names: Collection[str]) -> dict[str, list[Any]]:
    """Read the same tables and marts as they stand."""
    found = {}
    for name in names:
        layer, _, base = name.partition(".")
        mine = f"core.{base}" if layer == "as_of" else f"mart.{base}"
        columns = ", ".join(column.name for column in BY_NAME[mine].columns) if mine in BY_NAME else "*"
        found[name] = warehouse.frame(f"SELECT {columns} FROM {mine} ORDER BY ALL").to_pylist()
    return found


def _recorded(day: int, fetched: int, close: str) -> Arrival:
    row = small.quote("XHKG:01810", "2025-03-01", close, fetched_at=at(fetched), snapshot_id=f"urn:{fetched}")
    return day, "core.daily_quotes_by_source", row


A_LATE_RECORDING = [_recorded(1, 1, "50"), _recorded(5, 3, "51")]
"""A correction of the third day, of which a recording reached us on the fifth."""


@example(history=A_LATE_RECORDING, day=3)
@settings(max_examples=3, deadline=None)
@given(history=arrivals(), day=st.integers(0, LAST_DAY))
def test_the_past_is_a_warehouse_of_what_had_arrived_by_then(
    opened: Warehouse, history: list[Arrival], day: int
) -> None:
    _the_past_is_what_had_arrived(opened, history, day, EVERYTHING)


CITED_BY = ("fetched_at", "snapshot_id", "available_at")
"""By which bytes, and public since when, a value is cited: an older recording of the same may become those bytes."""


@settings(max_examples=3, deadline=None)
@given(history=arrivals(), day=st.integers(0, LAST_DAY), data=st.data())
def test_a_recording_of_earlier_days_that_comes_late_changes_no_value_of_the_past(
    opened: Warehouse, history: list[Arrival], day: int, data: st.DataObject
) -> None:
    late = [(came, table, _fetched_before(row, came, data.draw(LAGS))) for came, table, row in history]
    _the_past_is_what_had_arrived(opened, late, day, EVERYTHING, but_for=CITED_BY)


LAGS = st.sampled_from((0, 0, 1, 2))


def _fetched_before(row: small.Row, came: int, days: int) -> small.Row:
    return {**row, "fetched_at": at(came - days)}


@settings(max_examples=8, deadline=None)
@given(history=arrivals(kinds=("article",)), day=st.integers(0, LAST_DAY))
def test_so_is_the_past_of_articles_that_are_edited_and_of_what_follows_from_them(
    opened: Warehouse, history: list[Arrival], day: int
) -> None:
    _the_past_is_what_had_arrived(opened, history, day, OF_ARTICLES)


def _the_past_is_what_had_arrived(
    opened: Warehouse, history: list[Arrival], day: int, names: Collection[str], *, but_for: tuple[str, ...] = ()
) -> None:
    warehouse = listed(opened)
    take(warehouse, [one for one in history if one[0] <= day])
    then = contents(warehouse, names)
    take(warehouse, [one for one in history if one[0] > day])
    found = answers(warehouse, names, small.utc(at(day + 0.5)))
    assert _without(found, but_for) == _without(then, but_for)


def _without(found: dict[str, list[Any]], columns: tuple[str, ...]) -> dict[str, list[Any]]:
    """Leave columns out, with those named after them; rows keep no order by what is left out."""
    if not columns:
        return found
    kept = {
        name: [{column: value for column, value in row.items() if not column.endswith(columns)} for row in rows]
        for name, rows in found.items()
    }
    return {name: sorted(rows, key=repr) for name, rows in kept.items()}
