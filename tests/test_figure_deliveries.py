"""Tables of deliveries and production, written by hand in the shapes of releases, with made-up numbers."""

from datetime import date
from decimal import Decimal

import pytest

from extractors.filings.document import Document, numbered
from transforms.figures.deliveries import read_delivery_tables
from transforms.figures.figure import Figure

PUBLISHED = date(2025, 3, 20)


def read(text: str, *, title: str = "", published: date = PUBLISHED) -> tuple[Figure, ...]:
    document = Document("https://example.org/one", "one", "text/html", numbered([text]), title=title)
    return read_delivery_tables(document, published=published)


def values(figures: tuple[Figure, ...]) -> dict[tuple[str, str, str, date], Decimal]:
    return {(one.metric, one.product, one.period.kind, one.period.end): one.value for one in figures}


def quarters(*counts: int) -> dict[tuple[str, str, str, date], int]:
    """Give deliveries of the quarters of 2024, the last one first."""
    ends = (date(2024, 12, 31), date(2024, 9, 30), date(2024, 6, 30), date(2024, 3, 31))
    return {("deliveries", "all", "quarter", end): count for end, count in zip(ends, counts, strict=False)}


@pytest.mark.parametrize(
    "text",
    [
        "\t2024 Q4\t2024 Q3\t2024 Q2\nDeliveries\t3,003\t2,002\t1,001",
        "ended December 31, 2024\n|\n2024Q4 |\n2024Q3 |\n2024Q2 |\n|\n|\nTotal deliveries |\n3,003 |\n2,002 "
        "|\n1,001 |\n|\n"
        "- Total deliveries rose",
        "2024Q42024Q32024Q2\nTotal deliveries3,0032,0021,001\n",
        "Key Operating Results 2024 Q4 2024 Q3 2024 Q2 Deliveries 3,003 2,002 1,001 Financial Highlights",
        "第四季度\n2024年第四季度\t2024年第三季度\t2024年第二季度\n汽車交付量（輛）\t3,003\t2,002\t1,001",
        "Q4 2024\tQ3 2024\tQ2 2024\tYoY\nTotal deliveries\t3,003\t2,002\t1,001\t12%",
    ],
    ids=["grid", "pipes", "glued", "one line", "chinese", "with a change"],
)
def test_one_row_below_three_quarters(text: str) -> None:
    assert values(read(text)) == quarters(3003, 2002, 1001)


def test_each_of_two_stacked_headers_holds_for_the_row_below_it() -> None:
    found = values(
        read(
            "FY 2024\t2024 Q4\t2024 Q3\nDeliveries\t9,000\t3,003\t2,002\n"
            "FY 2023\t2023 Q4\t2023 Q3\nDeliveries\t5,000\t1,800\t1,700"
        )
    )
    assert found[("deliveries", "all", "year", date(2024, 12, 31))] == 9000
    assert found[("deliveries", "all", "quarter", date(2023, 9, 30))] == 1700 and len(found) == 6


@pytest.mark.parametrize(
    "text",
    [
        "2024Q4\t2024Q3\t2024Q2\nTotal deliveries\t3,003\t2,002",
        "2024Q42024Q32024Q2\nTotal deliveries3,0032,00299",
        "2024Q4\t2024Q3\nDeliveries growth\t12\t15",
        "2024Q4\t2024Q3\nDeliveries\t12%\t15%",
        "2024Q4\t2024Q3\nSomething else\t3,003\t2,002",
        "2024Q4\t2024Q4\nDeliveries\t3,003\t2,002",
    ],
    ids=["a hole", "glued and open", "growth", "per cent", "unknown label", "one period twice"],
)
def test_a_row_that_could_mean_something_else_gives_nothing(text: str) -> None:
    assert read(text) == ()


def test_what_is_not_over_is_no_actual_figure() -> None:
    (last, first) = read("2025Q2\t2024Q4\nDeliveries\t4,004\t3,003")
    assert (last.status, first.status) == ("guidance", "actual")


MATRIX = "Month\n2023\n2024\n2025\nJanuary\n100\n200\n300\nFebruary\n110\n210\n310\nMarch\n120\n220\n"


def test_months_down_and_years_across_with_months_that_are_still_to_come() -> None:
    found = values(read(MATRIX, title="Monthly deliveries of some maker"))
    assert found[("deliveries", "all", "month", date(2024, 2, 29))] == 210
    assert found[("deliveries", "all", "month", date(2024, 3, 31))] == 220 and len(found) == 8


def test_a_matrix_gives_nothing_where_a_month_is_missing_or_nothing_says_what_it_counts() -> None:
    assert read(MATRIX.replace("110\n210\n310", "110\n310"), title="Monthly deliveries") == ()
    assert read(MATRIX) == () and read(MATRIX, title="Monthly deliveries and production") == ()


MODELS = (
    "{title}\n\tProduction\tDeliveries\tSubject to operating lease accounting\n"
    "Model 3/Y\t90\t80\t5%\nOther Models\t12\t10\t15%\nTotal\t102\t90\t6%\n{note}"
)


def test_models_down_with_production_and_deliveries_across() -> None:
    figures = read(MODELS.format(title="Vehicle Production & Deliveries for the fourth quarter of 2024", note=""))
    end = date(2024, 12, 31)
    assert values(figures) == {
        ("production", "Model 3/Y", "quarter", end): 90, ("deliveries", "Model 3/Y", "quarter", end): 80,
        ("production", "Other Models", "quarter", end): 12, ("deliveries", "Other Models", "quarter", end): 10,
        ("production", "all", "quarter", end): 102, ("deliveries", "all", "quarter", end): 90,
        ("operating_lease_share", "Model 3/Y", "quarter", end): 5, ("operating_lease_share", "all", "quarter", end): 6,
        ("operating_lease_share", "Other Models", "quarter", end): 15,
    }  # fmt: skip


def test_deliveries_that_may_still_change_are_preliminary() -> None:
    note = "Final numbers could vary by up to 0.5% or more."
    figures = read(MODELS.format(title="Q4 2024 Production & Deliveries", note=note))
    assert {one.metric: one.status for one in figures} == {
        "production": "actual", "deliveries": "preliminary", "operating_lease_share": "actual",
    }  # fmt: skip


def test_a_second_block_of_models_without_its_own_period_gives_nothing() -> None:
    block = MODELS.format(title="", note="")
    figures = read(f"Q4 2024 release\n{block}\nTwelve months\n{block.replace('90', '900')}")
    assert all(one.value < 900 for one in figures) and len(figures) == 9
    named = read(f"Q4 2024\n{block}\n2024\n{block.replace('90', '900')}")
    assert values(named)[("deliveries", "all", "year", date(2024, 12, 31))] == 900


SALES = (
    "2025年2月产销快报\n项目类别\t产量\t销量\n\t本月\t去年同期\t本年累计\t去年累计\t累计同比\t"
    "本月\t去年同期\t本年累计\t去年累计\t累计同比\n"
    "-纯电动\t300\t200\t500\t400\t25.00%\t310\t210\t520\t400\t{change}\n"
)


def test_production_and_sales_of_a_month_are_proved_by_their_changes() -> None:
    found = values(read(SALES.format(change="30.00%")))
    name = "Battery electric passenger vehicles"
    assert found[("production", name, "month", date(2025, 2, 28))] == 300
    assert found[("sales_volume", name, "month", date(2024, 2, 29))] == 210
    assert found[("sales_volume", name, "year_to_date", date(2025, 2, 28))] == 520 and len(found) == 8


def test_a_row_of_production_and_sales_whose_change_does_not_follow_gives_nothing() -> None:
    assert read(SALES.format(change="31.00%")) == ()
