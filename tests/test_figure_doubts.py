"""Days that no calendar has and currencies that nobody knows, in documents by hand: told of with their place."""

import pytest

from extractors.filings.document import Document, numbered
from tests.figures import about
from transforms.figures.doubts import MOST, doubts_in
from transforms.figures.tables import read_tables
from transforms.figures.units import is_unit, unit_of
from transforms.tidy_doubts import tidy_doubts

STATEMENT = """CONDENSED CONSOLIDATED INCOME STATEMENT
\tThree months ended {day}
\t2024\t2023
\t{unit}\t{unit}
Revenue\t92,506,506\t70,894,410
Profit for the period\t5,340,292\t4,873,607
"""


def document(*pages: str) -> Document:
    return Document("https://example.org/one", "one", "text/html", numbered(list(pages)))


def told(*pages: str) -> list[tuple[str, str]]:
    return [(one.reason, one.said) for one in doubts_in(document(*pages))]


@pytest.mark.parametrize(
    "said",
    [
        "September 31, 2024", "31 Sept. 2024", "Feb. 30, 2023", "2024-13-05", "2023年2月29日", "2024 年 13 月 5 日",
        "December 31, 2999", "November 0, 2024",
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_told_of(said: str) -> None:
    assert told(f"The results for the quarter ended {said} are final.") == [("impossible_date", said)]


@pytest.mark.parametrize(
    "said", ["September 30, 2024", "29 Feb 2024", "2024-12-31", "2024年2月29日", "No. 2024-99-1", "may 35 1,000"]
)
def test_a_day_that_exists_and_what_is_no_day_are_not(said: str) -> None:
    assert told(f"It is {said} here.") == []


def test_a_place_leads_to_page_and_line() -> None:
    (doubt,) = doubts_in(document("All is well.", "First\nAs of June 31, 2024, nothing\nLast"))
    assert doubt.place.evidence == "page 2: As of June 31, 2024, nothing"
    (aside,) = tidy_doubts([doubt], about()).set_aside
    assert (aside.reason, aside.row["place"], aside.row["characters"]) == (
        "impossible_date", "page 2: As of June 31, 2024, nothing", "12-25",
    )  # fmt: skip


def test_a_document_full_of_them_is_told_of_in_part() -> None:
    assert len(told(*(f"It was on 2024-13-{day:02} then" for day in range(1, 60)))) == MOST


@pytest.mark.parametrize(
    ("caption", "currency"),
    [
        ("RMX'000", "RMX"),
        ("(Expressed in thousands of Martian credits)", "MARTIAN CREDITS"),
        ("单位:千火星币", "火星币"),
    ],
)
def test_amounts_in_an_unknown_currency_are_no_figures_and_are_told_of(caption: str, currency: str) -> None:
    page = document(STATEMENT.format(day="September 30,", unit=caption))
    assert read_tables(page) == ()
    (doubt,) = doubts_in(page)
    assert (doubt.reason, doubt.said) == ("unknown_currency", currency)
    assert doubt.place.evidence == "page 1: Revenue 92,506,506 70,894,410"


@pytest.mark.parametrize(
    ("caption", "currency"), [("THB'000", "THB"), ("RMB'000", "CNY"), ("(in CHF millions)", "CHF")]
)
def test_a_currency_by_its_code_is_read(caption: str, currency: str) -> None:
    assert is_unit(caption) or caption.startswith("(")
    assert unit_of(caption).currency == currency


@pytest.mark.parametrize(
    "caption", ["(in thousands of shares)", "in thousands", "Three months", "GWh", "(ADS in millions)"]
)
def test_what_counts_no_money_names_no_currency(caption: str) -> None:
    assert unit_of(caption).currency == ""


def test_amounts_without_a_unit_are_told_of_once_a_page() -> None:
    page = STATEMENT.format(day="September 30,", unit="")
    assert told(page) == [("unknown_currency", "Revenue")]
    assert told(page.replace("Revenue", "Revenue (RMB)")) == [("unknown_unit", "Revenue (RMB)")]
    assert told(STATEMENT.format(day="September 30,", unit="RMB'000")) == []


def test_money_of_an_unknown_code_in_a_sentence_is_told_of() -> None:
    assert told("Total revenue was QQQ 5.2 billion in the quarter.") == [("unknown_currency", "QQQ 5.2 billion")]
    assert told("Revenue was USD 5.2 billion, or RMB 37 billion.") == []
    assert told("Sales of the ninth generation and NEV 4.2 million ahead") == [("unknown_currency", "NEV 4.2 million")]
    assert told("The number of users went up to MAU 640 million.") == []
