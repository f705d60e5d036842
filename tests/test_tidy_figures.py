"""What becomes of the figures of one document: which table, which key, which of several statements."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.figures import WATCHLIST, about, figure
from transforms.figures.figure import Figure, Period
from transforms.tidy import Tidy
from transforms.tidy_figures import tidy_figures

FACTS, KPIS = "core.financial_facts_by_source", "core.operating_kpis_by_source"


def tidy(*figures: Figure, **more: Any) -> Tidy:
    return tidy_figures(figures, about(**more), WATCHLIST)


def rows(result: Tidy, table: str) -> list[dict[str, Any]]:
    return result.rows[table].to_pylist() if table in result.rows else []


def only(result: Tidy, table: str) -> dict[str, Any]:
    (row,) = rows(result, table)
    return row


def test_a_figure_of_the_accounts_is_reported_and_mapped() -> None:
    result = tidy(figure("revenue", "92506500000", page=3, at=40))
    reported, mapped = only(result, "core.reported_facts"), only(result, FACTS)
    assert (reported["label"], reported["page_number"], reported["place"]) == ("revenue", 3, "page 3, characters 40-48")
    assert (mapped["value"], mapped["currency"], mapped["period_kind"]) == (Decimal("92506500000"), "CNY", "quarter")
    assert (mapped["fiscal_year"], mapped["fiscal_quarter"], mapped["calendar_quarter"]) == (2024, 3, "2024Q3")
    assert (mapped["accounting_basis"], mapped["authority"]) == ("ifrs", 1)
    assert mapped["evidence"] == ["page 3: revenue 92506500000"]
    assert (mapped["value_low"], mapped["value_high"]) == (Decimal("92506450000"), Decimal("92506550000"))


def test_the_most_exact_of_agreeing_statements_counts_and_all_places_are_kept() -> None:
    rounded = figure("revenue", "92500000000", decimals=-8, page=1)
    exact = figure("revenue", "92506506000", decimals=-3, page=9)
    row = only(result := tidy(rounded, exact), FACTS)
    assert row["value"] == Decimal("92506506000")
    assert [one.partition(":")[0] for one in row["evidence"]] == ["page 9", "page 1"]
    assert len(rows(result, "core.reported_facts")) == 2
    assert result.set_aside == ()


def test_a_document_that_contradicts_itself_is_counted() -> None:
    first, second = figure("revenue", "100000000", decimals=-3), figure("revenue", "200000000", decimals=-3, page=2)
    result = tidy(first, second)
    assert only(result, FACTS)["value"] == Decimal(100000000)
    assert [(one.reason, one.row["value"]) for one in result.set_aside] == [
        ("contradicted_in_document", Decimal(200000000))
    ]


@pytest.mark.parametrize(
    ("kind", "start", "end", "expected"),
    [
        ("year_to_date", date(2024, 1, 1), date(2024, 9, 30), "nine_months"),
        ("year_to_date", date(2024, 1, 1), date(2024, 6, 30), "half"),
        ("quarter", date(2024, 7, 1), date(2024, 9, 30), "quarter"),
        ("year", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("year_to_date", date(2024, 1, 1), date(2024, 8, 31), "year_to_date"),
        ("month", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("trailing", date(2023, 10, 1), date(2024, 9, 30), "trailing"),
        ("instant", date(2024, 9, 30), date(2024, 9, 30), "instant"),
    ],
)
def test_periods_are_named_by_their_length(kind: str, start: date, end: date, expected: str) -> None:
    result = tidy(figure("revenue", 5, Period(kind, start, end)))
    assert only(result, FACTS)["period_kind"] == expected


def test_a_quarter_and_the_nine_months_that_end_with_it_are_two_rows() -> None:
    nine_months = Period("nine_months", date(2024, 1, 1), date(2024, 9, 30))
    assert len(rows(tidy(figure("revenue", 5), figure("revenue", 9, nine_months)), FACTS)) == 2


def test_a_translation_stands_beside_the_reporting_currency() -> None:
    translated = figure("revenue", 700, currency="USD", is_convenience_translation=True)
    found = {
        row["currency"]: row["is_convenience_translation"]
        for row in rows(tidy(figure("revenue", 5000), translated), FACTS)
    }
    assert found == {"CNY": False, "USD": True}


def test_costs_in_brackets_are_expenses() -> None:
    result = tidy(
        figure("cost_of_sales", -70), figure("income_tax", -7), figure("net_profit", -5), figure("revenue", 100)
    )
    found = {row["metric"]: row["value"] for row in rows(result, FACTS)}
    assert found == {"cost_of_sales": 70, "income_tax": 7, "net_profit": -5, "revenue": 100}


def test_a_credit_in_brackets_stays_one_where_costs_have_none() -> None:
    found = {
        row["metric"]: row["value"] for row in rows(tidy(figure("cost_of_sales", 70), figure("income_tax", -7)), FACTS)
    }
    assert found == {"cost_of_sales": 70, "income_tax": -7}


def test_an_adjusted_figure_has_a_basis_of_its_own() -> None:
    assert only(tidy(figure("adjusted_net_profit", 6)), FACTS)["accounting_basis"] == "adjusted"


def test_a_segment_has_one_id_under_all_its_labels() -> None:
    labels = ("Smart EV and other new initiatives segment", "智能電動汽車等創新業務分部")
    assert {only(tidy(figure("revenue", 5, segment=one)), FACTS)["segment"] for one in labels} == {
        "ev-and-new-initiatives"
    }


def test_counts_are_operating_figures_of_a_product() -> None:
    counted = figure("deliveries", 39_790, unit="vehicles", currency="", decimals=0)
    model = figure(
        "deliveries", 20_000, unit="vehicles", currency="", decimals=-3, qualifier="over", product="SU7", at=9
    )
    found = {row["product_id"]: row for row in rows(tidy(counted, model), KPIS)}
    assert (found["all"]["value"], found["all"]["value_low"], found["all"]["value_high"]) == (39_790, 39_790, 39_790)
    assert (found["xiaomi-su7"]["qualifier"], found["xiaomi-su7"]["value_low"]) == ("over", 20_000)


@pytest.mark.parametrize(
    ("status", "table"), [("guidance", "targets"), ("target", "targets"), ("estimate", "estimates")]
)
def test_what_is_only_aimed_at_is_never_an_actual(status: str, table: str) -> None:
    year = Period("year", date(2025, 1, 1), date(2025, 12, 31))
    result = tidy(figure("deliveries", 300_000, year, unit="vehicles", currency="", status=status))
    assert set(result.rows) == {f"core.{table}"}
    assert only(result, f"core.{table}")["kind"] == status


def test_a_label_that_is_no_metric_is_reported_only() -> None:
    result = tidy(figure("", 5, label="Fair value gains"))
    assert set(result.rows) == {"core.reported_facts"}
    assert only(result, "core.reported_facts")["tag"] == "fair-value-gains"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"currency": ""}, "unknown_currency"),
        ({"currency": "RMB million"}, "unknown_currency"),
        ({"period": Period("quarter", date(2024, 9, 30), date(2024, 7, 1))}, "impossible_period"),
        ({"period": Period("year", date(2999, 1, 1), date(2999, 12, 31))}, "impossible_period"),
        ({"value": Decimal(10) ** 40}, "value_too_large"),
    ],
)
def test_what_cannot_be_a_row_is_a_counted_reject(more: dict[str, Any], reason: str) -> None:
    whole = {"period": figure("revenue", 1).period, **more}
    result = tidy(replace(figure("revenue", 5), **whole))
    assert [one.reason for one in result.set_aside] == [reason]
    assert result.rows == {}
