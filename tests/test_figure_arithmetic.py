"""Sums and quotients of figures by hand, each with its counterpart in which one number is falsified."""

from datetime import date
from decimal import Decimal

import pytest

from extractors.filings.document import Document, numbered
from tests.figures import WATCHLIST, figure
from transforms.figures.arithmetic import Rate, check_figures
from transforms.figures.deliveries import read_delivery_tables
from transforms.figures.figure import Figure, Period
from transforms.figures.holding import far_above, hold_back
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
    march = delivered(450_000, month_of(2024, 3))
    assert far_above(march, last) == last[1]
    assert far_above(delivered(30_000, month_of(2024, 3)), last) is None
    assert far_above(delivered(450_000, Q1), last) is None and far_above(march, []) is None
    assert far_above(delivered(450_000, month_of(2025, 3)), last) is None, "a year later is another business"
    (held,) = hold_back([march], [], last)[1]
    assert (held.reason, held.stated, held.expected) == ("far_above_last_months", 450_000, 12_000)
    assert held.places == ("page 1: deliveries 450000", "page 1: deliveries 12000")


def test_a_new_model_may_rise_fast_and_a_sum_that_holds_clears_a_month() -> None:
    last = [delivered(800, month_of(2024, 1), "ONVO")]
    rising = delivered(4_000, FEBRUARY, "ONVO")
    assert hold_back([rising], [], last) == ((rising,), ())
    months = [delivered(value, month_of(2024, which)) for which, value in ((1, 10), (2, 20), (3, 70))]
    figures = [delivered(100, Q1), *months]
    assert hold_back(figures, [])[1][0].figure == months[2]
    assert hold_back(figures, check_figures(figures))[1] == ()


def held_values(figures: list[Figure], rates: list[Rate] | None = None) -> list[int]:
    return [int(one.figure.value) for one in hold_back(figures, check_figures(figures, rates or []))[1]]


def test_of_a_sum_that_fails_every_part_is_held_but_what_another_sum_bears_out() -> None:
    quarters = [delivered(10 * which, quarter_of(2024, which)) for which in (1, 2, 3, 4)]
    months = [delivered(value, month_of(2024, which)) for which, value in ((1, 3), (2, 3), (3, 4))]
    assert held_values([*months, *quarters, delivered(101, year_of(2024))]) == [20, 30, 40, 101]
    assert held_values([*months, *quarters, delivered(100, year_of(2024))]) == []


def test_of_a_growth_that_fails_what_a_sum_bears_out_is_published() -> None:
    now, before = delivered(61_855, quarter_of(2024, 3)), delivered(55_432, quarter_of(2023, 3))
    rate = Rate(now, "yoy", Decimal("21.6"), "page 1: growth")
    assert held_values([now, before], [rate]) == [61_855, 55_432]
    months = [delivered(20_000, month_of(2024, which)) for which in (7, 8)]
    assert held_values([now, before, *months, delivered(21_855, month_of(2024, 9))], [rate]) == [55_432]


@pytest.mark.parametrize(("cost", "held"), [("-600", []), ("600", []), ("650", [1000, 650, 400])])
def test_gross_profit_is_what_costs_leave_of_revenue(cost: str, held: list[int]) -> None:
    amounts = {"revenue": "1000", "cost_of_sales": cost, "gross_profit": "400"}
    lines = [figure(name, value, decimals=0) for name, value in amounts.items()]
    assert held_values(lines) == held
    again = figure("revenue", "900", decimals=0, page=4)
    assert held_values([*lines, again]) == [], "a line with two values is not added"


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
