"""Tagged facts of a page: numbers as they are meant, segments apart, and what they are mapped to."""

from pathlib import Path
from typing import Any

import pytest

from extractors.filings import sec_documents
from extractors.filings.inline_xbrl import tagged_facts
from extractors.reading import Read
from tests.figures import WATCHLIST, about
from tests.filing_clients import snapshot
from transforms.tidy import Tidy
from transforms.tidy_documents import tidy_sec_documents
from transforms.tidy_tagged_facts import map_tagged_facts

PAGE = Path(__file__).parent / "fixtures" / "sec_documents" / "inline.htm"
URL = "https://www.sec.gov/Archives/edgar/data/1318605/000162828024032662/tsla-20240630.htm"


def tidy() -> Tidy:
    saved = snapshot(URL, PAGE.read_bytes())
    return tidy_sec_documents([Read(saved, sec_documents.parse(saved).records)], WATCHLIST)


def mapped() -> list[dict[str, Any]]:
    reported = tidy().rows["core.reported_facts"]
    result = map_tagged_facts(reported, about("tesla", "2024-07-23 23:41", publisher="sec"))
    rows: list[dict[str, Any]] = result.rows["core.financial_facts_by_source"].to_pylist()
    return rows


def test_what_has_no_context_is_counted_and_not_guessed() -> None:
    (aside,) = tidy().set_aside
    assert (aside.reason, aside.row["count"]) == ("unreadable_tagged_facts", 1)


def test_facts_of_the_whole_company_and_of_a_segment_are_mapped_apart() -> None:
    found = {(row["metric"], row["segment"]): row["value"] for row in mapped()}
    assert found[("revenue", "group")] == 25_500_000_000
    assert found[("revenue", "automotive")] == 19_878_000_000
    assert found[("income_tax", "group")] == -393_000_000
    assert found[("total_assets", "group")] == 112_832_000_000


def test_they_are_public_when_the_filing_was() -> None:
    assert {str(row["available_at"]) for row in mapped()} == {"2024-07-23 23:41:00+00:00"}


def test_a_year_of_a_fact_is_its_own() -> None:
    assert {(row["fiscal_year"], row["fiscal_quarter"]) for row in mapped()} == {(2024, 2)}


@pytest.mark.parametrize(
    ("shown", "more", "value"),
    [
        ("1,102", 'scale="6"', 1_102_000_000),
        ("1.102,5", 'format="ixt:num-comma-decimal" scale="0"', 1102.5),
        ("—", 'format="ixt:fixed-zero"', 0),
        ("two", 'format="ixt-sec:numwordsen"', 2),
        ("no", 'format="ixt-sec:numwordsen"', 0),
        ("5", 'sign="-" scale="3"', -5000),
        ("5", 'scale="-2"', 0.05),
        ("12 and 13", "", None),
        ("a few", "", None),
        ("1", 'scale="99999"', None),
    ],
)
def test_a_number_is_what_its_attributes_make_of_it(shown: str, more: str, value: float | None) -> None:
    page = (
        "<html><body><xbrli:context id='c'><xbrli:period><xbrli:instant>2024-06-30</xbrli:instant></xbrli:period>"
        "</xbrli:context><xbrli:unit id='u'><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>"
        f"<ix:nonFraction contextRef='c' unitRef='u' name='x:Y' {more}>{shown}</ix:nonFraction></body></html>"
    )
    facts, unreadable = tagged_facts(page)
    assert [float(one) for one in facts["value"].to_pylist()] == ([] if value is None else [value])
    assert unreadable == (1 if value is None else 0)


def test_a_day_that_is_none_leaves_its_facts_unread() -> None:
    page = PAGE.read_text(encoding="utf-8").replace("<xbrli:instant>2024-06-30", "<xbrli:instant>2024-06-31")
    facts, unreadable = tagged_facts(page)
    assert (facts.num_rows, unreadable) == (4, 3)
