"""What filing sources answered when somebody recorded it: each body has its outcome, and known values are read.

`recorded_filings.tsv` states for every body the source, outcome, reason and how many things it holds: rows of a list,
pages of a document. The counts were taken from the bytes, with other means than the readers tested here.
"""

import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from extractors.filings.document import Document
from extractors.filings.sec_filing_index import FilingIndex
from extractors.filings.sec_folders import Folder
from extractors.filings.sec_indexes import FilingIndexFile
from extractors.filings.sec_tickers import TickerTable
from extractors.reader import read_snapshot
from extractors.registry import BY_ID
from tests.recorded_filings import NEEDS_RECORDINGS, UNSUPPORTED, claimed_by, indexed, read, rows, snapshot_of, stated

pytestmark = NEEDS_RECORDINGS

SHARE_TO_COVER = 0.95


def size_of(records: tuple[Any, ...]) -> int:
    """Count the rows, documents' pages, or facts in what was read."""
    first = records[0]
    if isinstance(first, Document):
        return sum(len(one.pages) for one in records)
    if isinstance(first, FilingIndex):
        return len(first.documents)
    if isinstance(first, Folder):
        return len(first.names)
    if isinstance(first, FilingIndexFile) or hasattr(first, "filings"):
        return int(first.filings.num_rows)
    if hasattr(first, "facts"):
        return int(first.facts.num_rows)
    if isinstance(first, TickerTable):
        return int(first.table.num_rows)
    return len(records)


@pytest.mark.parametrize("row", [one for one in stated() if one["outcome"] != UNSUPPORTED], ids=lambda row: row["file"])
def test_each_body_is_what_its_bytes_say(row: dict[str, str]) -> None:
    snapshot = snapshot_of(row)
    assert claimed_by(snapshot.url) == row["source"]
    answer = read_snapshot(BY_ID[row["source"]], snapshot)
    assert (answer.outcome, answer.reason) == (row["outcome"], row["reason"]), answer.message
    assert [one.field for one in answer.reading.drift] == ([row["drift"]] if row["drift"] else [])
    assert (size_of(answer.reading.records) if answer.outcome == "ok" else 0) == int(row["count"])


@pytest.mark.parametrize("row", [one for one in stated() if one["outcome"] == UNSUPPORTED], ids=lambda row: row["file"])
def test_what_no_source_reads_is_claimed_by_none(row: dict[str, str]) -> None:
    assert claimed_by(snapshot_of(row).url) == "" and row["reason"]


def test_every_body_is_stated_once_and_nearly_all_are_covered(record_property: Callable[[str, object], None]) -> None:
    of_filings = [one for one in stated() if one["file"].startswith("filings/")]
    bodies = [name for name in indexed() if name.startswith("filings/")]
    assert Counter(one["file"] for one in of_filings) == Counter(bodies)
    report = Counter(one["outcome"] for one in of_filings)
    for outcome, number in report.items():
        record_property(outcome, number)
    covered = len(bodies) - report[UNSUPPORTED]
    record_property("covered", f"{covered} of {len(bodies)}")
    assert covered / len(bodies) >= SHARE_TO_COVER, report
    assert report == {"ok": 59, "nothing_there": 8, "shape_changed": 1, "unavailable": 1, UNSUPPORTED: 2}


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
