"""Sums and quotients of figures by hand, each with its counterpart in which one number is falsified."""

from datetime import date
from decimal import Decimal

import pytest

from extractors.filings.document import Document, numbered
from tests.figures import WATCHLIST, figure
from transforms.figures.arithmetic import Rate, check_figures, held_back
from transforms.figures.deliveries import read_delivery_tables
from transforms.figures.figure import Figure, Period
from transforms.figures.pieces import month_of, quarter_of, year_of
from transforms.figures.prose import read_prose, read_rates


def delivered(value: int, period: Period, product: str = "all", **more: object) -> Figure:
    return figure("deliveries", value, period, unit="vehicles", currency="", product=product, decimals=0, **more)


def verdicts(figures: list[Figure], rates: list[Rate] | None = None) -> list[tuple[str, bool]]:
    return [(one.rule, one.is_passed) for one in check_figures(figures, rates or [])]


Q1, FEBRUARY = quarter_of(2024, 1), month_of(2024, 2)


@pytest.mark.parametrize(("total", "is_passed"), [(102, True), (103, False)])
def test_models_make_the_total(total: int, is_passed: bool) -> None:
    parts = [delivered(90, Q1, "Model 3/Y"), delivered(12, Q1, "Other Models")]
    assert verdicts([delivered(total, Q1), *parts]) == [("parts_to_total", is_passed)]


def test_brands_make_the_group_as_long_as_there_are_no_more_of_them() -> None:
    brands = [delivered(90, FEBRUARY, "NIO"), delivered(12, FEBRUARY, "ONVO")]
    assert verdicts([delivered(102, FEBRUARY), *brands]) == [("parts_to_total", True)]
    later = month_of(2025, 12)
    two = [delivered(90, later, "NIO"), delivered(12, later, "ONVO")]
    assert verdicts([delivered(110, later), *two]) == [], "the third brand is missing"
    assert verdicts([delivered(110, later), *two, delivered(8, later, "FIREFLY")]) == [("parts_to_total", True)]


@pytest.mark.parametrize(("march", "is_passed"), [(30, True), (31, False)])
def test_months_make_a_quarter(march: int, is_passed: bool) -> None:
    months = [delivered(value, month_of(2024, which)) for which, value in ((1, 10), (2, 20), (3, march))]
    assert verdicts([delivered(60, Q1), *months]) == [("months_to_quarter", is_passed)]
    assert verdicts([delivered(60, Q1), *months[1:]]) == [], "a month is missing"


@pytest.mark.parametrize(("year", "is_passed"), [(100, True), (101, False)])
def test_quarters_make_a_year(year: int, is_passed: bool) -> None:
    quarters = [delivered(10 * which, quarter_of(2024, which)) for which in (1, 2, 3, 4)]
    assert verdicts([delivered(year, year_of(2024)), *quarters]) == [("quarters_to_year", is_passed)]


@pytest.mark.parametrize(("february", "is_passed"), [(20, True), (30, False)])
def test_cumulative_numbers_differ_by_the_month(february: int, is_passed: bool) -> None:
    begin = date(1980, 1, 1)
    totals = [
        delivered(value, Period("cumulative", begin, day))
        for value, day in ((500, date(2024, 1, 31)), (520, date(2024, 2, 29)))
    ]
    assert verdicts([*totals, delivered(february, FEBRUARY)]) == [("cumulative_difference", is_passed)]


@pytest.mark.parametrize(
    ("percent", "is_passed"), [("11.6", True), ("11.65", False), ("11.53", True), ("11.52", False)]
)
def test_growth_follows_from_the_counts(percent: str, is_passed: bool) -> None:
    now, before = delivered(61_855, quarter_of(2024, 3)), delivered(55_432, quarter_of(2023, 3))
    rate = Rate(now, "yoy", Decimal(percent), "page 1: growth")
    assert verdicts([now, before], [rate]) == [("stated_growth_yoy", is_passed)]


def test_growth_of_rounded_amounts_has_the_slack_of_their_rounding() -> None:
    now = figure("revenue", 42_600_000_000, quarter_of(2024, 4), decimals=-8)
    before = figure("revenue", 40_400_000_000, quarter_of(2023, 4), decimals=-8)
    assert verdicts([now, before], [Rate(now, "yoy", Decimal("5.6"), "")]) == [("stated_growth_yoy", True)]
    assert verdicts([now, before], [Rate(now, "yoy", Decimal("6.6"), "")]) == [("stated_growth_yoy", False)]


def test_what_is_rounded_or_ahead_is_not_added() -> None:
    parts = [delivered(90, Q1, "Model 3/Y"), delivered(12, Q1, "Other Models")]
    assert verdicts([delivered(100, Q1, qualifier="over"), *parts]) == []
    assert verdicts([delivered(100, Q1, status="guidance"), *parts]) == []


def test_a_cumulative_number_taken_for_a_month_is_held() -> None:
    last = [delivered(value, month_of(2024, which)) for which, value in ((1, 10_000), (2, 12_000))]
    assert held_back(delivered(450_000, month_of(2024, 3)), last)
    assert not held_back(delivered(30_000, month_of(2024, 3)), last)
    assert not held_back(delivered(450_000, Q1), last) and not held_back(delivered(450_000, month_of(2024, 3)), [])


RELEASE = (
    "Vehicle Production & Deliveries for the fourth quarter of 2024\n"
    "NIO delivered {month} vehicles in December 2024, an increase of 50.0% from 6,000 vehicles in December 2023.\n"
    "FY 2024\t2024 Q4\t2024 Q3\t2024 Q2\t2024 Q1\nDeliveries\t100\t40\t30\t{spring}\t10\n"
)


@pytest.mark.parametrize(
    ("month", "spring", "failing"),
    [("9,000", "20", []), ("9,000", "21", ["quarters_to_year"]), ("9,300", "20", ["stated_growth_yoy"])],
)
def test_a_falsified_number_in_a_document_is_caught(month: str, spring: str, failing: list[str]) -> None:
    company = next(one for one in WATCHLIST.companies if one.id == "nio")
    text = RELEASE.format(month=month, spring=spring)
    document = Document("https://example.org/one", "one", "text/html", numbered([text]))
    said = {"published": date(2025, 1, 2), "company": company}
    figures = [*read_delivery_tables(document, **said), *read_prose(document, **said)]
    checks = check_figures(figures, read_rates(document, **said))
    assert {one.rule for one in checks} == {"quarters_to_year", "stated_growth_yoy"}
    assert [one.rule for one in checks if not one.is_passed] == failing
    assert all(one.evidence for one in checks)
