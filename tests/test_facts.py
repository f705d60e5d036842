"""Which element states a metric, in which period, and what follows from periods that add up."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from extractors.errors import ShapeChanged
from extractors.filings import sec_companyfacts
from extractors.reading import Read
from extractors.watchlist import WatchList, read_watchlist
from tests.filing_clients import snapshot
from transforms.periods import calendar_quarter, fiscal_quarter, fiscal_year, period_kind
from transforms.tidy import Tidy
from transforms.tidy_facts import tidy_sec_companyfacts
from transforms.xbrl_metrics import METRICS, OVERRIDES, elements_of

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
NIO, TESLA = 1736541, 1318605


def fact(
    value: Any, end: str, start: str | None = None, *, filing: str = "0000000000-25-000001", filed: str = "2025-02-01"
) -> dict[str, Any]:
    span = {"start": start} if start else {}
    return {**span, "end": end, "val": value, "accn": filing, "fy": 2030, "fp": "Q1", "form": "10-K", "filed": filed}


def tidy(cik: int, facts: Mapping[str, Mapping[str, list[dict[str, Any]]]], watchlist: WatchList = WATCHLIST) -> Tidy:
    taxonomies: dict[str, dict[str, Any]] = {}
    for element, units in facts.items():
        taxonomy, _, tag = element.partition(":")
        taxonomies.setdefault(taxonomy, {})[tag] = {"label": tag, "description": None, "units": units}
    body = json.dumps({"cik": cik, "entityName": "Example", "facts": taxonomies}).encode()
    saved = snapshot(f"https://data.sec.gov/api/xbrl/companyfacts/CIK{cik:010d}.json", body)
    return tidy_sec_companyfacts([Read(saved, sec_companyfacts.parse(saved).records)], watchlist)


def metrics(result: Tidy) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = result.rows["core.financial_facts_by_source"].to_pylist()
    return rows


def of(rows: list[dict[str, Any]], metric: str, kind: str) -> list[tuple[str, str, Decimal]]:
    return sorted(
        (str(row["period_end_date"]), row["filing_id"][-6:], row["value"])
        for row in rows
        if (row["metric"], row["period_kind"]) == (metric, kind)
    )


def days(*values: date) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, pa.date32())])


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        (date(2024, 1, 1), date(2024, 3, 31), "quarter"),
        (date(2022, 9, 25), date(2022, 12, 31), "quarter"),
        (date(2024, 1, 1), date(2024, 6, 30), "half"),
        (date(2024, 1, 1), date(2024, 9, 30), "nine_months"),
        (date(2024, 1, 1), date(2024, 12, 31), "year"),
        (date(2022, 9, 25), date(2023, 9, 30), "year"),
        (date(2024, 12, 31), date(2024, 12, 31), "instant"),
        (date(2024, 1, 1), date(2024, 1, 31), None),
        (date(2018, 1, 1), date(2024, 12, 31), None),
    ],
)
def test_the_length_of_a_span_names_its_kind(start: date, end: date, kind: str | None) -> None:
    assert period_kind(days(start), days(end)).to_pylist() == [kind]


@pytest.mark.parametrize(
    ("end", "year_end", "expected"),
    [
        (date(2024, 12, 31), "12-31", (2024, 4, "2024Q4")),
        (date(2024, 3, 31), "12-31", (2024, 1, "2024Q1")),
        (date(2026, 1, 3), "12-31", (2025, 4, "2025Q4")),
        (date(2025, 1, 31), "01-31", (2025, 4, "2024Q4")),
        (date(2024, 4, 30), "01-31", (2025, 1, "2024Q1")),
        (date(2023, 9, 30), "09-28", (2023, 4, "2023Q3")),
        (date(2022, 12, 31), "09-28", (2023, 1, "2022Q4")),
        (date(2023, 7, 1), "09-28", (2023, 3, "2023Q2")),
        (date(2024, 6, 30), "06-30", (2024, 4, "2024Q2")),
        (date(2024, 9, 30), "06-30", (2025, 1, "2024Q3")),
    ],
)
def test_years_and_quarters_come_from_the_period_itself(
    end: date, year_end: str, expected: tuple[int, int, str]
) -> None:
    found = fiscal_year(days(end), year_end), fiscal_quarter(days(end), year_end), calendar_quarter(days(end))
    assert tuple(one.to_pylist()[0] for one in found) == expected


def test_the_year_of_the_filing_is_not_the_year_of_the_fact() -> None:
    rows = metrics(tidy(TESLA, {"us-gaap:GrossProfit": {"USD": [fact(5, "2023-12-31", "2023-01-01")]}}))
    assert [(row["fiscal_year"], row["fiscal_quarter"]) for row in rows] == [(2023, 4)]


def test_a_fiscal_year_end_of_the_watch_list_is_used() -> None:
    companies = tuple(replace(one, fiscal_year_end="06-30") for one in WATCHLIST.companies)
    facts = {"us-gaap:GrossProfit": {"USD": [fact(5, "2024-09-30", "2024-07-01")]}}
    rows = metrics(tidy(TESLA, facts, replace(WATCHLIST, companies=companies)))
    assert [(row["fiscal_year"], row["fiscal_quarter"], row["calendar_quarter"]) for row in rows] == [
        (2025, 1, "2024Q3")
    ]


def test_revenue_is_the_largest_of_its_elements_in_each_filing() -> None:
    year = ("2024-12-31", "2024-01-01")
    facts = {
        "us-gaap:Revenues": {"USD": [fact(100, *year)]},
        "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax": {"USD": [fact(90, *year)]},
    }
    rows = metrics(tidy(TESLA, facts))
    assert [(row["value"], row["evidence"]) for row in rows] == [(100, ["us-gaap:Revenues"])]


def test_a_part_that_a_filing_states_alone_is_no_total() -> None:
    year = ("2024-12-31", "2024-01-01")
    facts = {
        "us-gaap:Revenues": {"USD": [fact(3, *year, filing="0000000000-26-000002", filed="2026-02-01")]},
        "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax": {"USD": [fact(90, *year)]},
    }
    assert of(metrics(tidy(TESLA, facts)), "revenue", "year") == [("2024-12-31", "000001", Decimal(90))]


def test_a_restated_total_stays_however_much_smaller() -> None:
    year = ("2024-12-31", "2024-01-01")
    later = fact(30, *year, filing="0000000000-26-000002", filed="2026-02-01")
    rows = metrics(tidy(TESLA, {"us-gaap:Revenues": {"USD": [fact(90, *year), later]}}))
    assert of(rows, "revenue", "year") == [
        ("2024-12-31", "000001", Decimal(90)),
        ("2024-12-31", "000002", Decimal(30)),
    ]


def test_a_renamed_element_keeps_both_filings() -> None:
    year = ("2017-12-31", "2017-01-01")
    facts = {
        "us-gaap:SalesRevenueNet": {"USD": [fact(90, *year)]},
        "us-gaap:Revenues": {"USD": [fact(91, *year, filing="0000000000-26-000002", filed="2026-02-01")]},
    }
    assert [row[2] for row in of(metrics(tidy(TESLA, facts)), "revenue", "year")] == [90, 91]


def test_the_first_element_wins_where_elements_are_not_parts_of_one_another() -> None:
    facts = {
        "us-gaap:StockholdersEquity": {"USD": [fact(70, "2024-12-31"), fact(60, "2023-12-31")]},
        "us-gaap:StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest": {
            "USD": [fact(50, "2024-12-31")]
        },
    }
    assert [row[2] for row in of(metrics(tidy(TESLA, facts)), "total_equity", "instant")] == [60, 50]


def test_a_level_over_a_span_and_a_flow_at_a_day_are_neither() -> None:
    facts = {
        "us-gaap:Assets": {"USD": [fact(5, "2024-12-31", "2024-01-01")]},
        "us-gaap:GrossProfit": {"USD": [fact(5, "2024-12-31")]},
    }
    result = tidy(TESLA, facts)
    assert metrics(result) == []
    assert result.rows["core.reported_facts"].num_rows == 2


def test_units_that_do_not_fit_a_metric_stay_facts_as_reported() -> None:
    year = ("2024-12-31", "2024-01-01")
    facts = {"us-gaap:GrossProfit": {"pure": [fact(0.4, *year)], "EUR": [fact(4, *year)], "CNY": [fact(9, *year)]}}
    rows = metrics(tidy(NIO, facts))
    assert [(row["currency"], row["value"]) for row in rows] == [("CNY", 9)]


def test_dollars_are_a_translation_only_for_who_reports_in_another_currency() -> None:
    facts = {"us-gaap:GrossProfit": {"USD": [fact(4, "2024-12-31", "2024-01-01")]}}
    assert [row["is_convenience_translation"] for row in metrics(tidy(NIO, facts))] == [True]
    assert [row["is_convenience_translation"] for row in metrics(tidy(TESLA, facts))] == [False]


def test_an_override_replaces_the_usual_elements() -> None:
    facts = {"us-gaap:LongTermDebt": {"CNY": [fact(8, "2019-12-31")], "USD": [fact(1, "2019-12-31")]}}
    assert metrics(tidy(NIO, facts)) == []
    assert [row["metric"] for row in metrics(tidy(TESLA, facts))] == ["borrowings"]


def test_every_metric_and_override_is_named_once_and_says_why() -> None:
    assert [code for code, count in Counter(metric.code for metric in METRICS).items() if count > 1] == []
    for metric in METRICS:
        elements = elements_of(metric, 0)
        assert elements and len(elements) == len(set(elements)) and metric.reason
    assert all(override.reason and override.elements for override in OVERRIDES.values())
    assert {code for _, code in OVERRIDES} <= {metric.code for metric in METRICS}


def test_a_stated_fourth_quarter_is_not_derived_again() -> None:
    facts = {
        "us-gaap:GrossProfit": {
            "USD": [
                fact(30, "2024-09-30", "2024-01-01"),
                fact(42, "2024-12-31", "2024-01-01"),
                fact(11, "2024-12-31", "2024-10-01"),
            ]
        }
    }
    assert [row[2] for row in of(metrics(tidy(TESLA, facts)), "gross_profit", "quarter")] == [11]


def test_a_derived_quarter_uses_what_was_known_by_the_filing_of_the_year() -> None:
    first = fact(30, "2024-09-30", "2024-01-01", filing="0000000000-24-000010", filed="2024-10-25")
    restated = fact(28, "2024-09-30", "2024-01-01", filing="0000000000-25-000020", filed="2025-10-25")
    year = fact(42, "2024-12-31", "2024-01-01", filing="0000000000-25-000011", filed="2025-01-30")
    repeated = fact(42, "2024-12-31", "2024-01-01", filing="0000000000-26-000021", filed="2026-01-30")
    rows = metrics(tidy(TESLA, {"us-gaap:GrossProfit": {"USD": [first, restated, year, repeated]}}))
    assert of(rows, "gross_profit", "quarter") == [
        ("2024-12-31", "000011", Decimal(12)),
        ("2024-12-31", "000021", Decimal(14)),
    ]


def test_a_quarter_that_needs_a_later_filing_was_public_with_it() -> None:
    year = fact(42, "2024-12-31", "2024-01-01", filing="0000000000-25-000011", filed="2025-01-30")
    late = fact(30, "2024-09-30", "2024-01-01", filing="0000000000-25-000020", filed="2025-10-24")
    rows = metrics(tidy(TESLA, {"us-gaap:GrossProfit": {"USD": [year, late]}}))
    derived = [row for row in rows if row["is_derived"]]
    assert [(row["filing_id"][-6:], f"{row['available_at']:%Y-%m-%d %H}") for row in derived] == [
        ("000011", "2025-10-25 02")
    ]


def test_second_quarters_follow_from_halves() -> None:
    facts = [fact(10, "2024-03-31", "2024-01-01"), fact(25, "2024-06-30", "2024-01-01")]
    rows = metrics(tidy(TESLA, {"us-gaap:GrossProfit": {"USD": facts}}))
    assert of(rows, "gross_profit", "quarter") == [
        ("2024-03-31", "000001", Decimal(10)),
        ("2024-06-30", "000001", Decimal(15)),
    ]


def test_nothing_is_derived_across_elements_translations_or_levels() -> None:
    nine, year = ("2024-09-30", "2024-01-01"), ("2024-12-31", "2024-01-01")
    facts = {
        "us-gaap:ShareBasedCompensation": {"CNY": [fact(30, *nine)]},
        "us-gaap:AllocatedShareBasedCompensationExpense": {"CNY": [fact(42, *year)]},
        "us-gaap:GrossProfit": {"USD": [fact(3, *nine), fact(4, *year)]},
        "us-gaap:WeightedAverageNumberOfSharesOutstandingBasic": {"shares": [fact(5, *nine), fact(6, *year)]},
    }
    assert [row for row in metrics(tidy(NIO, facts)) if row["is_derived"]] == []


def test_a_negative_amount_of_what_has_no_sign_is_set_aside() -> None:
    facts = [fact(50, "2024-09-30", "2024-01-01"), fact(42, "2024-12-31", "2024-01-01")]
    result = tidy(TESLA, {"us-gaap:Revenues": {"USD": facts}})
    assert of(metrics(result), "revenue", "quarter") == []
    assert [(one.reason, one.row["value"]) for one in result.set_aside] == [("negative_value", Decimal(-8))]


def test_values_are_exact_and_those_that_no_column_holds_are_set_aside() -> None:
    values = ["12345678901234567.25", "0.1", "1e-30", "1e40", "null"]
    body = [fact(f"@{value}@", "2024-12-31", filing=f"0000000000-25-00000{n}") for n, value in enumerate(values)]
    text = json.dumps(
        {"cik": str(TESLA), "entityName": "E", "facts": {"srt": {"X": {"label": None, "units": {"pure": body}}}}}
    )
    for value in values:
        text = text.replace(f'"@{value}@"', value)
    saved = snapshot(f"https://data.sec.gov/api/xbrl/companyfacts/CIK{TESLA:010d}.json", text.encode())
    result = tidy_sec_companyfacts([Read(saved, sec_companyfacts.parse(saved).records)], WATCHLIST)
    kept = result.rows["core.reported_facts"]["value"].to_pylist()
    assert kept == [Decimal("12345678901234567.25"), Decimal("0.1"), Decimal(0)]
    assert [one.reason for one in result.set_aside] == ["no_value", "no_value"]


def test_the_same_fact_twice_in_one_filing_is_one_row() -> None:
    facts = {"us-gaap:Assets": {"USD": [fact(5, "2024-12-31"), fact(6, "2024-12-31")]}}
    assert tidy(TESLA, facts).rows["core.reported_facts"]["value"].to_pylist() == [6]


def test_ifrs_filers_have_their_own_elements() -> None:
    year = ("2024-12-31", "2024-01-01")
    facts = {
        "ifrs-full:Revenue": {"CNY": [fact(9, *year)]},
        "ifrs-full:ProfitLoss": {"CNY": [fact(-2, *year)]},
        "ifrs-full:Equity": {"CNY": [fact(-1, "2024-12-31")]},
    }
    rows = metrics(tidy(NIO, facts))
    assert sorted((row["metric"], row["accounting_basis"], row["value"]) for row in rows) == [
        ("net_profit", "ifrs", -2),
        ("revenue", "ifrs", 9),
        ("total_equity", "ifrs", -1),
    ]


def test_a_fact_with_a_day_that_does_not_exist_is_set_aside_and_the_others_stay() -> None:
    wrong, right = fact(7, "2024-02-30", "2024-01-01"), fact(8, "2024-03-31", "2024-01-01")
    result = tidy(TESLA, {"us-gaap:Revenues": {"USD": [wrong, right]}})
    assert [row["value"] for row in result.rows["core.reported_facts"].to_pylist()] == [Decimal(8)]
    (aside,) = [one for one in result.set_aside if one.reason == "impossible_date"]
    assert (aside.table, aside.row["tag"], aside.row["end"]) == ("core.reported_facts", "Revenues", "2024-02-30")


def test_a_day_in_another_form_is_another_shape() -> None:
    with pytest.raises(ShapeChanged, match="end"):
        tidy(TESLA, {"us-gaap:Revenues": {"USD": [fact(7, "31 March 2024")]}})
