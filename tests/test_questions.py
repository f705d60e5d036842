"""Twenty questions of an analyst, each in at most ten lines of SQL: over small and empty warehouses, and shown.

That the answers which `docs/analyst.md` shows are those of the sample, `tests/test_docs.py` tries.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from samples.answers import ANALYST, Question, questions
from tests import small_warehouse as small
from tests.documents import blocks
from warehouse.database import Warehouse

QUESTIONS = questions()


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


def question(words: str) -> Question:
    (found,) = [one for one in QUESTIONS if words in one.file.stem]
    return found


def ask(warehouse: Warehouse, words: str) -> list[dict[str, Any]]:
    return warehouse.frame(question(words).sql).to_pylist()


def test_there_are_twenty_questions_in_order() -> None:
    assert [one.number for one in QUESTIONS] == [*range(1, 21)]


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda one: one.file.stem)
def test_a_question_is_asked_in_a_line_and_answered_in_ten(asked: Question) -> None:
    assert asked.file.read_text(encoding="utf-8").startswith("-- ")
    assert len(asked.sql.splitlines()) <= 10


def test_the_page_shows_each_question_its_query_and_an_answer() -> None:
    page = ANALYST.read_text(encoding="utf-8")
    shown = {block.text: block.shown for block in blocks(ANALYST) if block.language == "sql"}
    for one in QUESTIONS:
        assert f"### {one.number}. {one.asked}\n\n```sql\n{one.sql}```\n" in page, "run python -m samples.answers"
        assert shown[one.sql]


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda one: one.file.stem)
def test_where_there_is_no_data_yet_a_question_still_runs(empty: Warehouse, asked: Question) -> None:
    assert empty.frame(asked.sql).num_rows == 0


def test_market_value_in_three_currencies(filled: Warehouse) -> None:
    xiaomi, li_auto = ask(filled, "market_value_in_three")
    assert (xiaomi["company_id"], xiaomi["trade_date"]) == ("xiaomi", date(2025, 3, 19))
    billion_hkd = 57.95 * 25
    assert xiaomi["billion_hkd"] == pytest.approx(billion_hkd, abs=0.05)
    assert xiaomi["billion_usd"] == pytest.approx(billion_hkd * 0.128, abs=0.05)
    assert xiaomi["billion_cny"] == pytest.approx(billion_hkd * 0.93, abs=0.05)
    assert li_auto["billion_usd"] == pytest.approx(26.4 / 2 * 2, abs=0.05)


def test_results_of_all_rivals_in_one_quarter(filled: Warehouse) -> None:
    found = {row["figure"]: row["xiaomi"] for row in ask(filled, "results_of_all_rivals")}
    assert found["revenue_yoy_pct"] == pytest.approx(100 * (109_005 / 73_240 - 1), abs=0.005)


def test_profit_and_pe_as_they_were_known(filled: Warehouse) -> None:
    *_, xiaomi = ask(filled, "price_to_earnings")
    assert (xiaomi["trade_date"], xiaomi["profit_until"]) == (date(2025, 3, 19), date(2024, 12, 31))
    # The year's profit was out at 19:00 the evening before.
    assert xiaomi["pe"] == pytest.approx(57.95 * 25e9 * 0.93 / 23.658e9, abs=0.05)


def test_return_after_a_result(filled: Warehouse) -> None:
    (row,) = ask(filled, "return_after")
    # Published at 19:00 in Hong Kong, after the close of the 18th.
    assert (row["day_before"], row["day_after"]) == (date(2025, 3, 18), date(2025, 3, 19))
    assert row["return_pct"] == pytest.approx(100 * (57.95 / 55.2 - 1))


def test_deliveries_league(filled: Warehouse) -> None:
    found = [
        (row["place"], row["company_id"], row["delivery_count"], row["qualifier"]) for row in ask(filled, "league")
    ]
    assert found == [(1, "xpeng", 30_453, "exact"), (2, "li-auto", 26_263, "exact"), (3, "xiaomi", 20_000, "over")]


def test_an_ads_against_its_hong_kong_line(filled: Warehouse) -> None:
    rows = ask(filled, "ads_against")
    assert [row["trade_date"] for row in rows] == [date(2025, 3, 18), date(2024, 12, 31)]
    assert rows[0]["premium_pct"] == pytest.approx(100 * (26.4 / 2 * 7.8 / 103.4 - 1))


def test_rank_by_membership_at_the_time(filled: Warehouse) -> None:
    sql = question("rank_among").sql.replace("2024-12-30", "2025-03-19")
    found = [(row["company_id"], row["place"], row["members_priced"]) for row in filled.frame(sql).to_pylist()]
    assert found == [("xiaomi", 1, 1)]


def test_followers_of_a_person_by_platform_and_day(filled: Warehouse) -> None:
    found = [
        (row["day"].day, row["platform"], row["least"], row["grown_low"], row["grown_high"])
        for row in ask(filled, "followers_of")
    ]
    assert found == [
        (17, "weibo", 25_900_000, None, None),
        (18, "weibo", 26_000_000, 100_000, 100_000),
        (19, "weibo", 26_100_000, 100_000, 100_000),
    ]


def test_articles_with_people_and_products(filled: Warehouse) -> None:
    found = [tuple(row.values()) for row in ask(filled, "articles_with")]
    assert found == [(date(2025, 3, 18), 2, 1, 1), (date(2025, 3, 19), 1, 0, 0)]


def test_what_changed_since_yesterday_and_when_it_was_known(filled: Warehouse) -> None:
    first, *others = ask(filled, "what_changed")
    assert (first["change"], first["old_close"], first["new_close"]) == ("updated", Decimal("57.96"), Decimal("57.95"))
    assert first["known_from"] == small.utc("2025-03-20 12:00")
    assert {row["change"] for row in others} == {"inserted"}
