"""From a document that somebody adds to the figure that an analyst is given, and who contradicts it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractors.filings.added_documents import Added
from extractors.settings import Settings
from flows.adding import add_document
from flows.main import app
from flows.report import RunReport
from flows.watching import default_watchlist
from samples import hkex
from warehouse.home import Home
from warehouse.published import query
from warehouse.why import explain

STATEMENT = """Example Corporation
ANNOUNCEMENT OF THE RESULTS FOR THE THREE MONTHS ENDED SEPTEMBER 30, 2024
CONDENSED CONSOLIDATED INCOME STATEMENT
\tThree months ended September 30,
\t2024\t2023
\tRMB'000\tRMB'000
Revenue\t{revenue}\t70,894,410
Cost of sales\t({cost})\t(54,786,000)
Gross profit\t18,872,251\t16,108,410
Profit for the period\t5,340,292\t4,873,607
"""
DAY = datetime(2024, 11, 18, 9, tzinfo=UTC)
KEY = "company_id=xiaomi,metric=revenue,period_kind=quarter,period_end_date=2024-09-30"


def add(home: Home, text: str, *, said_by: str = "filing", at: datetime = DAY, name: str = "results.txt") -> RunReport:
    path = home.root.parent / name
    path.write_text(text, encoding="utf-8")
    added = Added(f"https://documents.example/{name}", at, "xiaomi", said_by, "an analyst")
    return add_document(
        home, path, added, Settings(), default_watchlist(), now=lambda: datetime(2024, 11, 19, tzinfo=UTC)
    )


def statement(revenue: str = "92,506,506") -> str:
    cost = f"{int(revenue.replace(',', '')) - 18_872_251:,}"
    return STATEMENT.format(revenue=revenue, cost=cost)


def ask(home: Home, sql: str) -> list[dict[str, Any]]:
    return query(home, sql).to_pylist()


def revenue_of(home: Home, table: str = "core.financial_facts") -> list[int]:
    sql = f"SELECT value FROM {table} WHERE metric = 'revenue' AND period_end_date = '2024-09-30' ORDER BY available_at"
    return [int(row["value"]) for row in ask(home, sql)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_document_that_is_added_answers_with_its_page_and_line(home: Home) -> None:
    assert not add(home, statement()).gaps
    assert revenue_of(home) == [92_506_506_000]
    found = explain(home, "core.financial_facts", KEY)
    (row,), (chain,) = found.rows, found.chains
    assert row["evidence"] == ["page 1: Revenue 92,506,506 70,894,410"]
    assert row["available_at"] == DAY
    assert chain.snapshot is not None
    assert "documents.example%2Fresults.txt" in chain.snapshot["url"]


def test_a_medium_that_contradicts_a_filing_is_listed_and_never_chosen(home: Home) -> None:
    add(home, statement())
    add(home, statement("29,506,506"), said_by="media", at=DAY.replace(hour=15), name="article.txt")
    assert revenue_of(home) == [92_506_506_000]
    (dispute,) = [
        row
        for row in ask(home, "SELECT * FROM ops.disagreements WHERE table_name = 'core.financial_facts_by_source'")
        if json.loads(row["row_key"])["metric"] == "revenue"
    ]
    assert (dispute["least_value"], dispute["greatest_value"]) == (29_506_506_000, 92_506_506_000)
    disputed = ask(
        home, "SELECT is_disputed FROM core.financial_facts WHERE metric = 'revenue' ORDER BY period_end_date"
    )
    assert [row["is_disputed"] for row in disputed] == [False, True]


def test_a_clarification_supersedes_and_both_are_kept(home: Home) -> None:
    add(home, statement())
    add(home, statement("92,606,506"), at=DAY.replace(day=19, hour=0), name="clarification.txt")
    assert revenue_of(home) == [92_606_506_000]
    assert revenue_of(home, "core.financial_facts_by_source") == [92_506_506_000, 92_606_506_000]
    assert ask(home, "SELECT * FROM ops.disagreements WHERE table_name LIKE '%facts%'") == []
    before = "as_of.financial_facts('2024-11-18T12:00:00Z')"
    assert revenue_of(home, before) == [92_506_506_000]


def test_the_same_document_twice_changes_nothing(home: Home) -> None:
    add(home, statement())
    again = add(home, statement())
    assert {name for name, loaded in again.loaded.items() if loaded.inserted or loaded.updated} == set()


def test_a_document_that_cannot_be_read_is_a_gap_and_stays_archived(home: Home) -> None:
    report = add(home, "%PDF-1.7\nand nothing after it", name="cut.pdf")
    assert [(gap.source_id, gap.outcome, gap.reason) for gap in report.gaps] == [
        ("added_documents", "unavailable", "cut")
    ]
    assert [row["outcome"] for row in ask(home, "FROM raw.snapshots WHERE source_id = 'added_documents'")] == [
        "unavailable"
    ]


def test_parse_shows_the_figures_that_a_run_would_load(tmp_path: Path) -> None:
    saved = tmp_path / "results.pdf"
    saved.write_bytes(hkex.document("2024111899901.pdf"))
    url = "https://www1.hkexnews.hk/listedco/listconews/sehk/2024/1118/2024111899901.pdf"
    result = CliRunner().invoke(app, ["parse", "hkexnews_documents", str(saved), "--url", url, "--json"])
    rows = json.loads(result.output)["rows"]["core.financial_facts_by_source"]
    assert (
        next(row["value"] for row in rows if row["metric"] == "revenue" and row["segment"] == "group") == 92_506_500_000
    )


def rejects(home: Home, reason: str) -> list[dict[str, Any]]:
    found = ask(home, f"SELECT row_json FROM ops.rejects WHERE reason = '{reason}'")
    return [json.loads(row["row_json"]) for row in found]


def test_a_statement_with_a_false_number_is_held_back_and_counted(home: Home) -> None:
    report = add(home, statement().replace("18,872,251", "18,972,251"))
    assert report.loaded["core.financial_facts_by_source"].rejected == 3
    held = {row["metric"]: row for row in rejects(home, "does_not_add_up")}
    assert held.keys() == {"revenue", "cost_of_sales", "gross_profit"}
    said = held["gross_profit"]
    assert [int(float(said[name])) for name in ("value", "stated_value", "expected_value")] == [
        18_972_251_000, 18_972_251_000, 18_872_251_000,
    ]  # fmt: skip
    assert said["places"] == [
        "page 1: Gross profit 18,972,251 16,108,410",
        "page 1: Revenue 92,506,506 70,894,410",
        "page 1: Cost of sales (73,634,255) (54,786,000)",
    ]
    facts = ask(home, "SELECT metric, value FROM core.financial_facts WHERE period_end_date = '2024-09-30'")
    assert [(row["metric"], int(row["value"])) for row in facts] == [("net_profit", 5_340_292_000)]
    assert ask(home, "FROM core.reported_facts WHERE value = 18972251000") == []
    assert any("does_not_add_up" in line for line in explain(home, "core.financial_facts", KEY).hole)
    assert ask(home, "SELECT rule FROM ops.figure_checks WHERE NOT is_passed") == [{"rule": "gross_profit"}]


MONTH = "Example Corporation {month} 2024 Delivery Update\n{month} deliveries were {count} vehicles.\n"
MONTH += "The company delivered {count} vehicles in {month} 2024 and thanks everybody who ordered one of them."


def test_a_cumulative_number_taken_for_a_month_is_held_back_by_the_month_before(home: Home) -> None:
    add(home, MONTH.format(count="20,000", month="September"), at=DAY.replace(month=10, day=1), name="september.txt")
    add(home, MONTH.format(count="120,000", month="October"), at=DAY.replace(day=1), name="october.txt")
    months = ask(home, "SELECT period_end_date, value FROM core.operating_kpis WHERE metric = 'deliveries'")
    assert [(str(row["period_end_date"]), int(row["value"])) for row in months] == [("2024-09-30", 20_000)]
    held = rejects(home, "far_above_last_months")
    assert {(int(float(one["stated_value"])), int(float(one["expected_value"]))) for one in held} == {(120_000, 20_000)}
    assert all(["120,000" in one["places"][0], "20,000" in one["places"][1]] == [True, True] for one in held)


def test_a_day_that_does_not_exist_and_a_currency_that_nobody_knows_are_counted_with_their_place(home: Home) -> None:
    text = statement().replace("RMB'000", "RMX'000").replace("THE THREE MONTHS ENDED SEPTEMBER 30", "September 31")
    assert not add(home, text).gaps
    assert [row["place"] for row in rejects(home, "impossible_date")] == [
        "page 1: ANNOUNCEMENT OF THE RESULTS FOR September 31, 2024"
    ]
    (unknown,) = rejects(home, "unknown_currency")
    assert (unknown["said"], unknown["place"]) == ("RMX", "page 1: Revenue 92,506,506 70,894,410")
    assert revenue_of(home) == []
