"""What filing sources answered when somebody recorded it: each body has its outcome, and known values are read."""

import csv
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors.filings import hkexnews_search, sec_companyfacts, sec_submissions
from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Extractor
from extractors.watchlist import Company, Security, WatchList
from tests.filing_clients import NOW
from transforms.tidy import Tidy
from transforms.tidy_facts import tidy_sec_companyfacts
from transforms.tidy_filings import tidy_hkexnews_search, tidy_sec_submissions

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded material does not lie beside the project"),
]

WATCHLIST = WatchList(
    companies=(
        Company("tesla", "Tesla", "USD", sec_cik=1318605),
        Company("nio", "NIO", "CNY", sec_cik=1736541),
        Company("apple", "Apple", "USD", sec_cik=320193, fiscal_year_end="09-28"),
        Company("lpa", "Logistic Properties", "USD", sec_cik=1997711),
        Company("snowflake", "Snowflake", "USD", sec_cik=1640147, fiscal_year_end="01-31"),
        Company("tencent", "Tencent", "CNY", hkex_stock_id=7609),
        Company("smoore", "Smoore", "CNY"),
    ),
    securities=(Security("XHKG", "00700", "HKD", "tencent"), Security("XHKG", "06969", "HKD", "smoore")),
)
SOURCES = {
    module.SOURCE.id: (Extractor(module.SOURCE, module.matches, module.fetch, module.parse), tidy)
    for module, tidy in (
        (sec_submissions, tidy_sec_submissions),
        (sec_companyfacts, tidy_sec_companyfacts),
        (hkexnews_search, tidy_hkexnews_search),
    )
}
EXPECTED = {
    "filings/sec/companyfacts_CIK0001736541_NIO.json": ("ok", "", {"core.reported_facts": 7461}),
    "filings/sec/companyfacts_LPA_ifrs.json": ("ok", "", {"core.reported_facts": 768}),
    "filings/sec/submissions_404_nosuchkey.xml": ("nothing_there", "not_found", {}),
    "filings/sec/submissions_CIK0000320193_recorded_2023-08.json": ("ok", "", {"core.filings_by_source": 1000}),
    "filings/sec/submissions_CIK0000350001_company_with_no_filings.json": ("nothing_there", "no_filings", {}),
    "filings/sec/submissions_CIK0001318605-submissions-001.json": ("ok", "", {"core.filings_by_source": 720}),
    "filings/sec/submissions_CIK0001318605.json": ("ok", "", {"core.filings_by_source": 1000}),
    "filings/hkex/titleSearchServlet_00700_2026-08_EN_first_row.json": ("ok", "", {"core.filings_by_source": 1}),
    "filings/hkex/titleSearchServlet_06969_EN.json": ("ok", "", {"core.filings_by_source": 3}),
    "filings/hkex/titleSearchServlet_06969_ZH.json": ("shape_changed", "result[0].NEWS_ID", {}),
    "filings/hkex/titleSearchServlet_refused_or_empty.json": ("nothing_there", "empty_window", {}),
    "filings/hkex/titleSearch_result_rows_00700_2024-01_EN.json": ("ok", "", {"core.filings_by_source": 4}),
    "filings/hkex/titleSearch_result_rows_assorted_ZH.json": ("ok", "", {"core.filings_by_source": 0}),
    "quotes/sec_companyconcept_EXE_shares_empty_200.json": ("nothing_there", "empty_units", {}),
    "quotes/sec_companyfacts_LPA.json": ("ok", "", {"core.shares_outstanding_by_source": 2}),
    "quotes/sec_companyfacts_SNOW_dei_only.json": ("ok", "", {"core.reported_facts": 23}),
}


def recordings() -> dict[str, tuple[str, Snapshot]]:
    """Find each recorded body that one of the sources answers for."""
    found = {}
    for index in sorted(CORPUS.glob("*/INDEX.tsv")):
        with index.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                url = row.get("request_url") or ""
                for source_id, (extractor, _) in SOURCES.items():
                    if extractor.matches(url):
                        name = f"{index.parent.name}/{row['file']}"
                        found[name] = (source_id, saved(name, url, int(row["status"])))
    return found


def saved(name: str, url: str, status: int = 200) -> Snapshot:
    body = (CORPUS / name).read_bytes()
    return Snapshot(f"urn:recorded:{name}", url, body, fetched_at=NOW, first_seen_at=NOW, status=status)


def read(name: str) -> tuple[Answer, Tidy]:
    source_id, snapshot = recordings()[name]
    extractor, tidy = SOURCES[source_id]
    answer = read_snapshot(extractor, snapshot)
    return answer, tidy([Read(snapshot, answer.reading.records)], WATCHLIST)


def rows(name: str, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read(name)[1].rows[table].to_pylist()
    return found


def nio(metric: str, end: date, currency: str = "CNY") -> dict[str, Decimal]:
    """Map filings to what they state of one metric of NIO at one day or over one year."""
    table = rows("filings/sec/companyfacts_CIK0001736541_NIO.json", "core.financial_facts_by_source")
    return {
        row["filing_id"]: row["value"]
        for row in table
        if (row["metric"], row["period_end_date"], row["currency"]) == (metric, end, currency)
        and row["period_kind"] in ("year", "instant")
    }


def filing(name: str, filing_id: str) -> dict[str, Any]:
    return next(row for row in rows(name, "core.filings_by_source") if row["filing_id"] == filing_id)


def test_every_recording_of_these_sources_has_an_expected_outcome() -> None:
    assert set(recordings()) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_recording_gives_its_outcome(name: str) -> None:
    answer, tidy = read(name)
    outcome, reason, counts = EXPECTED[name]
    assert (answer.outcome, answer.reason) == (outcome, reason), answer.message
    assert {table: tidy.rows[table].num_rows for table in counts} == counts
    assert [one.field for one in answer.reading.drift] == (["envelope"] if "result_rows" in name else [])


def test_filings_of_tesla() -> None:
    page = "filings/sec/submissions_CIK0001318605.json"
    annual = filing(page, "sec:0001628280-26-003952")
    assert (annual["form"], annual["filed_date"], annual["period_end_date"], annual["document_size"]) == (
        "10-K",
        date(2026, 1, 29),
        date(2025, 12, 31),
        15755490,
    )
    assert annual["document_url"].endswith("/data/1318605/000162828026003952/tsla-20251231.htm")
    before = filing(page, "sec:0001628280-24-002390")
    assert before["available_at"] == datetime(2024, 1, 27, 2, 0, 20, tzinfo=UTC)
    deliveries = filing(page, "sec:0001628280-26-000016")
    assert (deliveries["form"], deliveries["item_codes"]) == ("8-K", ["2.02", "9.01"])


def test_a_recording_in_wall_clock_is_read_as_new_york_time() -> None:
    page = "filings/sec/submissions_CIK0000320193_recorded_2023-08.json"
    early = filing(page, "sec:0001193125-19-292676")
    assert early["accepted_text"] == "2019-11-15T06:02:24.000Z"
    assert early["available_at"] == datetime(2019, 11, 15, 11, 2, 24, tzinfo=UTC)


def test_revenue_of_nio_is_not_the_note_item() -> None:
    assert set(nio("revenue", date(2023, 12, 31)).values()) == {Decimal(55617933000)}
    assert set(nio("revenue", date(2024, 12, 31)).values()) == {Decimal(65731559000)}
    assert set(nio("revenue", date(2024, 12, 31), "USD").values()) == {Decimal(9005187000)}
    assert set(nio("revenue", date(2025, 12, 31)).values()) == {Decimal(87487510000)}


def test_other_figures_of_nio() -> None:
    assert set(nio("gross_profit", date(2024, 12, 31)).values()) == {Decimal(6492762000)}
    assert set(nio("net_profit", date(2024, 12, 31)).values()) == {Decimal(-22401709000)}
    assert set(nio("total_assets", date(2024, 12, 31)).values()) == {Decimal(107604612000)}
    assert set(nio("cash_and_equivalents", date(2025, 12, 31)).values()) == {Decimal(11274094000)}


def test_a_restatement_is_another_row() -> None:
    assert nio("receivables", date(2021, 12, 31)) == {
        "sec:0001104659-22-052718": Decimal(2823222000),
        "sec:0001104659-23-051990": Decimal(2797805000),
    }


def test_a_fourth_quarter_of_nio_is_what_the_company_published() -> None:
    table = rows("filings/sec/companyfacts_CIK0001736541_NIO.json", "core.financial_facts_by_source")
    derived = {
        (str(row["period_end_date"]), row["value"])
        for row in table
        if row["metric"] == "revenue" and row["period_kind"] == "quarter"
    }
    assert ("2020-12-31", Decimal(6641091000)) in derived
    assert all(row["is_derived"] for row in table if row["period_kind"] == "quarter")


def test_figures_of_an_ifrs_filer() -> None:
    table = rows("filings/sec/companyfacts_LPA_ifrs.json", "core.financial_facts_by_source")
    values = {
        (row["metric"], str(row["period_end_date"]), row["value"]) for row in table if row["accounting_basis"] == "ifrs"
    }
    assert {
        ("revenue", "2024-12-31", Decimal(43862372)),
        ("revenue", "2023-12-31", Decimal(39436343)),
        ("net_profit", "2024-12-31", Decimal(-19426051)),
        ("total_assets", "2024-12-31", Decimal(607019578)),
        ("cash_and_equivalents", "2024-12-31", Decimal(28827347)),
    } <= values


def test_shares_of_the_cover_page() -> None:
    counts = rows("quotes/sec_companyfacts_SNOW_dei_only.json", "core.shares_outstanding_by_source")
    assert {row["as_of_date"]: row["share_count"] for row in counts}[date(2021, 5, 14)] == 296100000


def test_announcements_carry_hong_kong_time() -> None:
    found = rows("filings/hkex/titleSearch_result_rows_00700_2024-01_EN.json", "core.filings_by_source")
    newest = next(row for row in found if row["filing_id"] == "hkex:11042134")
    assert newest["available_at"] == datetime(2024, 1, 18, 9, 41, tzinfo=UTC)
    assert (newest["form"], newest["item_codes"]) == ("Next Day Disclosure Returns", ["Share Buyback"])


def test_reading_a_large_history_takes_little_memory() -> None:
    tracemalloc.start()
    try:
        read("filings/sec/companyfacts_CIK0001736541_NIO.json")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60_000_000
