"""Figures in sentences of our own, about made-up numbers of companies on the watch list."""

from datetime import date
from decimal import Decimal

import pytest

from extractors.filings.document import Document, numbered
from tests.figures import WATCHLIST
from transforms.figures.figure import Figure
from transforms.figures.prose import read_prose

JANUARY_15 = date(2025, 1, 15)


def read(text: str, company_id: str = "nio", published: date = JANUARY_15) -> tuple[Figure, ...]:
    company = next(one for one in WATCHLIST.companies if one.id == company_id)
    document = Document("https://example.org/one", "one", "text/html", numbered([text]))
    return read_prose(document, published=published, company=company)


def said(text: str, company_id: str = "nio", published: date = JANUARY_15) -> dict[tuple[str, ...], Decimal]:
    """Give what is read as (metric, product or segment, kind of period, its last day)."""
    found = read(text, company_id, published)
    return {
        (
            one.metric,
            one.product if one.segment == "group" else one.segment,
            one.period.kind,
            one.period.end.isoformat(),
        ): one.value
        for one in found
        if not one.is_convenience_translation
    }


def test_month_quarter_year_and_cumulative_are_told_apart() -> None:
    assert said(
        "NIO delivered 9,111 vehicles in December 2024, an increase of 5.0% year-over-year. NIO delivered 25,222 "
        "vehicles "
        "in the fourth quarter of 2024. NIO delivered 90,333 vehicles in 2024. Cumulative deliveries reached "
        "400,444 as of "
        "December 31, 2024."
    ) == {
        ("deliveries", "all", "month", "2024-12-31"): 9111,
        ("deliveries", "all", "quarter", "2024-12-31"): 25222,
        ("deliveries", "all", "year", "2024-12-31"): 90333,
        ("deliveries", "all", "cumulative", "2024-12-31"): 400444,
    }


def test_the_year_so_far_ends_with_the_month_that_the_text_is_of() -> None:
    text = "The company delivered 4,100 vehicles in November. Year-to-date deliveries totaled 44,000, up 30.0%."
    found = said(text, "li-auto", date(2024, 12, 2))
    assert found[("deliveries", "all", "year_to_date", "2024-11-30")] == 44000


def test_brands_are_parts_and_the_first_number_is_the_whole() -> None:
    assert said(
        "NIO delivered 9,000 vehicles in December 2024, consisting of 5,000 vehicles from the brand NIO and 4,000 "
        "vehicles "
        "from the brand ONVO."
    ) == {
        ("deliveries", "all", "month", "2024-12-31"): 9000,
        ("deliveries", "NIO", "month", "2024-12-31"): 5000,
        ("deliveries", "ONVO", "month", "2024-12-31"): 4000,
    }


def test_models_of_a_sentence_that_builds_and_delivers() -> None:
    found = said(
        "In the fourth quarter of 2024, Tesla produced 1,000 vehicles and delivered 900 vehicles. Model 3 and Model Y "
        "deliveries totaled 800 units. Other models contributed 100 deliveries.",
        "tesla",
    )
    assert found == {
        ("production", "all", "quarter", "2024-12-31"): 1000,
        ("deliveries", "all", "quarter", "2024-12-31"): 900,
        ("deliveries", "Model 3/Y", "quarter", "2024-12-31"): 800,
        ("deliveries", "Other Models", "quarter", "2024-12-31"): 100,
    }


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("NIO expects deliveries of between 72,100 and 75,200 vehicles in the first quarter of 2025.", "guidance"),
        ("NIO aims to deliver 440,000 vehicles in 2025.", "target"),
        ("蔚来预计2025年第一季度交付72,100至75,200辆。", "guidance"),
    ],
)
def test_what_is_ahead_is_never_an_actual_figure(text: str, status: str) -> None:
    figures = read(text)
    assert figures and {one.status for one in figures} == {status}


def test_guidance_in_money_is_one_range() -> None:
    (yuan, dollars) = read(
        "For the first quarter of 2025, NIO expects total revenues to be between RMB12,000 million (US$1,600 "
        "million) and "
        "RMB13,000 million (US$1,700 million)."
    )
    assert (yuan.value_low, yuan.value_high, yuan.currency) == (12_000_000_000, 13_000_000_000, "CNY")
    assert dollars.currency == "USD" and dollars.is_convenience_translation and dollars.status == "guidance"


def test_what_others_thought_is_an_estimate() -> None:
    figures = read(
        "Revenue for the fourth quarter of 2024 was RMB19.2 billion, beating analysts' estimates of RMB18.1 billion."
    )
    assert [(one.status, one.value) for one in figures] == [
        ("actual", Decimal("19200000000")), ("estimate", Decimal("18100000000")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "qualifier", "low", "high"),
    [
        ("over 20,000", "over", 20_000, None), ("nearly 20,000", "nearly", 19_000, 20_000),
        ("approximately 20,000", "about", 19_000, 21_000), ("20,000", "exact", 20_000, 20_000),
    ],
)  # fmt: skip
def test_what_is_not_exact_says_so(words: str, qualifier: str, low: int, high: int | None) -> None:
    (figure,) = read(f"NIO delivered {words} vehicles in December 2024.")
    assert (figure.qualifier, figure.value_low, figure.value_high) == (qualifier, low, high)


def test_the_translation_stands_beside_the_amount() -> None:
    yuan, dollars = read("Total revenues were RMB15,500.5 million (US$2,100.5 million) in the fourth quarter of 2024.")
    assert (yuan.value, yuan.currency, yuan.is_convenience_translation) == (Decimal("15500500000"), "CNY", False)
    assert (dollars.value, dollars.currency, dollars.is_convenience_translation) == (Decimal("2100500000"), "USD", True)
    assert yuan.decimals == -5


def test_amounts_of_segments_are_not_those_of_the_group() -> None:
    text = (
        "2024年第四季度,小米总收入达到1000亿元。其中,手机×AIoT分部收入为800亿元;"
        "智能电动汽车等创新业务分部收入为200亿元。"
    )
    assert said(text, "xiaomi") == {
        ("revenue", "all", "quarter", "2024-12-31"): Decimal("100000000000"),
        ("revenue", "手机×AIoT", "quarter", "2024-12-31"): Decimal("80000000000"),
        ("revenue", "智能电动汽车等创新业务", "quarter", "2024-12-31"): Decimal("20000000000"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "NIO delivered 9,000 vehicles.",
        "NIO delivered 9,000 vehicles overseas in December 2024.",
        "NIO delivered 300 more vehicles in December 2024 than in November.",
        "Deliveries of Starfinder totaled 4,000 in December 2024.",
        "BYD delivered 300,000 vehicles in December 2024, far ahead of NIO.",
        "In December 2024, deliveries of the ES6 and ES8 were 4,000 and 3,000, respectively.",
        "NIO could deliver 30,000 vehicles in December 2024.",
        "Revenue from services was RMB1.5 billion in the fourth quarter of 2024.",
        "NIO delivered 3,000 vehicles in a single day in December 2024.",
        "In 2024, NIO delivered 9,000 vehicles through the third quarter.",
        "The installed capacity of power batteries and storage batteries was 15.5 GWh in December 2024.",
    ],
)
def test_what_is_open_gives_nothing(text: str) -> None:
    assert read(text) == ()


def test_a_comparison_does_not_move_the_sentences_after_it() -> None:
    found = said(
        "NIO delivered 9,000 vehicles in the fourth quarter of 2024. That is more than the 8,000 vehicles that it "
        "delivered "
        "in the fourth quarter of 2023. ONVO deliveries were 2,000."
    )
    assert found[("deliveries", "ONVO", "quarter", "2024-12-31")] == 2000


def test_a_sentence_without_time_after_another_period_is_open() -> None:
    found = said(
        "In December 2024, NIO delivered 9,000 vehicles. For the full year, NIO delivered 90,000 vehicles. Despite "
        "this, "
        "NIO delivered 80,000 vehicles by itself."
    )
    assert set(found.values()) == {9000, 90000}


def test_wrapped_lines_are_one_sentence_and_tables_are_none() -> None:
    (figure,) = read(
        "2024 Q4\t2024 Q3\nDeliveries\t1,111\t2,222\n- Total deliveries of\nvehicles were 3,333 for the fourth "
        "quarter of\n"
        "2024."
    )
    assert figure.value == 3333 and figure.period.end == date(2024, 12, 31)


def test_the_place_is_that_of_the_page() -> None:
    text = "Some heading\nNIO delivered 9,000 vehicles in December 2024."
    (figure,) = read(text)
    assert text[figure.place.start : figure.place.end].startswith("9,000")
