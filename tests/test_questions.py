"""Ten questions of an analyst, in at most ten lines of SQL each, over a small warehouse and over an empty one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import small_warehouse as small
from warehouse.database import Warehouse

FOLDER = Path(__file__).parents[1] / "docs" / "questions"
QUESTIONS = sorted(FOLDER.glob("*.sql"))


@pytest.fixture(scope="module")
def filled() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        small.fill(warehouse)
        corrected = small.quote("XHKG:01810", "2025-03-19", "57.95", "57")
        small.load(warehouse, "core.daily_quotes_by_source", corrected, at="2025-03-20 12:00")
        yield warehouse


@pytest.fixture(scope="module")
def empty() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        yield warehouse


def ask(warehouse: Warehouse, number: int) -> list[dict[str, Any]]:
    return warehouse.frame(QUESTIONS[number - 1].read_text(encoding="utf-8")).to_pylist()


def test_there_are_ten_questions_in_order() -> None:
    assert [one.name[:2] for one in QUESTIONS] == [f"{number:02}" for number in range(1, 11)]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.stem)
def test_a_question_is_asked_in_a_line_and_answered_in_ten(question: Path) -> None:
    first, *sql = question.read_text(encoding="utf-8").splitlines()
    assert first.startswith("-- ")
    assert len(sql) <= 10


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.stem)
def test_where_there_is_no_data_yet_a_question_still_runs(empty: Warehouse, question: Path) -> None:
    assert empty.frame(question.read_text(encoding="utf-8")).num_rows == 0


def test_market_value_in_three_currencies(filled: Warehouse) -> None:
    xiaomi, li_auto = ask(filled, 1)
    assert (xiaomi["company_id"], xiaomi["trade_date"]) == ("xiaomi", date(2025, 3, 19))
    hkd = 57.95 * 25e9
    assert xiaomi["market_value_hkd"] == pytest.approx(hkd)
    assert xiaomi["market_value_usd"] == pytest.approx(hkd * 0.128)
    assert xiaomi["market_value_cny"] == pytest.approx(hkd * 0.93)
    assert li_auto["market_value_usd"] == pytest.approx(26.4 / 2 * 2e9)


def test_results_of_all_rivals_in_one_quarter(filled: Warehouse) -> None:
    found = [(row["company_id"], float(row["revenue"])) for row in ask(filled, 2)]
    assert found == [("xiaomi", 109_005e6), ("li-auto", 44_270e6)]


def test_profit_and_pe_as_they_were_known(filled: Warehouse) -> None:
    (row,) = ask(filled, 3)
    assert (row["company_id"], row["period_end_date"]) == ("xiaomi", date(2023, 12, 31))
    # The session was over, and the result of the new year was out an hour later.
    assert row["pe"] == pytest.approx(55.2 * 25e9 * 0.93 / 17.475e9)


def test_return_after_a_result(filled: Warehouse) -> None:
    (row,) = ask(filled, 4)
    # Published at 19:00 in Hong Kong, after the close of the 18th.
    assert (row["day_before"], row["day_after"]) == (date(2025, 3, 18), date(2025, 3, 19))
    assert row["return_pct"] == pytest.approx(100 * (57.95 / 55.2 - 1))


def test_deliveries_league(filled: Warehouse) -> None:
    found = [(row["place"], row["company_id"], row["delivery_count"], row["qualifier"]) for row in ask(filled, 5)]
    assert found == [(1, "xpeng", 30_453, "exact"), (2, "li-auto", 26_263, "exact"), (3, "xiaomi", 20_000, "over")]


def test_an_ads_against_its_hong_kong_line(filled: Warehouse) -> None:
    rows = ask(filled, 6)
    assert [row["trade_date"] for row in rows] == [date(2024, 12, 31), date(2025, 3, 18)]
    assert rows[1]["premium_pct"] == pytest.approx(100 * (26.4 / 2 * 7.8 / 103.4 - 1))


def test_rank_by_membership_at_the_time(filled: Warehouse) -> None:
    found = [(row["company_id"], row["rank_in_index"], row["members_priced"]) for row in ask(filled, 7)]
    assert found == [("xiaomi", 1, 1)]


def test_followers_of_a_person_by_platform_and_day(filled: Warehouse) -> None:
    found = [(row["observed_date"].day, row["platform"], row["follower_count"]) for row in ask(filled, 8)]
    assert found == [(17, "weibo", 25_900_000), (18, "weibo", 26_000_000), (19, "weibo", 26_100_000)]


def test_articles_with_people_and_products(filled: Warehouse) -> None:
    found = [tuple(row.values()) for row in ask(filled, 9)]
    assert found == [(date(2025, 3, 18), 2, 1, 1), (date(2025, 3, 19), 1, 0, 0)]


def test_what_changed_since_yesterday_and_when_it_was_known(filled: Warehouse) -> None:
    (row,) = ask(filled, 10)
    assert (row["table_name"], row["cause"]) == ("core.daily_quotes_by_source", "source")
    assert row["known_from"] == small.utc("2025-03-20 12:00")
    assert '"close_price":57.96' in row["old_json"] and '"close_price":57.95' in row["new_json"]
