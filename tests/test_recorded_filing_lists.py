"""Key values of the recorded lists of filings and documents, taken by hand from the bytes and the pages of truth."""

import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from extractors.filings.document import Document
from extractors.filings.pdf_pages import pdf_pages
from extractors.snapshot import Snapshot
from tests.filing_clients import NOW
from tests.recorded_filings import CORPUS, NEEDS_RECORDINGS, read, rows, stated

pytestmark = NEEDS_RECORDINGS

SEC, HKEX = "filings/sec/", "filings/hkex/"
LISTED = "core.filings_by_source"


def filing(name: str, filing_id: str, table: str = LISTED) -> dict[str, object]:
    (found,) = [row for row in rows(name, table) if row["filing_id"] == filing_id]
    return dict(found)


def test_a_day_of_filings_by_form() -> None:
    (index,) = read(f"{SEC}daily_index_form.20200318.idx")[0].reading.records
    forms = index.filings["form"].to_pylist()
    assert (forms.count("6-K"), forms.count("20-F"), forms.count("8-K")) == (95, 9, 232)
    assert index.filings["filed"].to_pylist().count(date(2020, 3, 18)) == 3940, "the others were filed before"
    first = index.filings.slice(0, 1).to_pylist()[0]
    assert (first["company_name"], first["cik"], first["accession"]) == (
        "DLP Positive Note Fund LLC", 1806014, "0001140361-20-006155",
    )  # fmt: skip


def test_names_that_run_over_their_column_are_whole() -> None:
    (index,) = read(f"{SEC}form_idx_bad_rows.txt")[0].reading.records
    names = dict(zip(index.filings["cik"].to_pylist(), index.filings["company_name"].to_pylist(), strict=True))
    assert names[820694] == "UNITED PLANNERS' FINANCIAL SERVICES OF AMERICA A LIMITED PARTNER"
    assert names[1843120] == "AGILE GROUP, INC. / NV"
    assert set(index.filings["form"].to_pylist()) == {"1-A", "1-A POS", "X-17A-5"}


def test_folders_name_their_files() -> None:
    (daily,) = read(f"{SEC}daily_index_listing_2018_QTR4.html")[0].reading.records
    assert (daily.name, daily.names[0], daily.names[-1]) == (
        "daily-index/2018/QTR4/", "company.20181001.idx", "sitemap.20181231.xml",
    )  # fmt: skip
    (full,) = read(f"{SEC}master_index_1993_QTR4_head.txt")[0].reading.records
    assert "master.idx" in full.names and len(full.names) == 19


def test_the_feed_of_newest_filings() -> None:
    entries = read(f"{SEC}getcurrent_atom_all_start0_count100.xml")[0].reading.records
    assert len({one.accession for one in entries}) == 73
    first = entries[0]
    assert (first.form, first.company_name, first.cik, first.role, first.filed) == (
        "13F-HR", "Ryan Investment Management, Inc.", 2074440, "Filer", date(2026, 1, 12),
    )  # fmt: skip
    assert first.updated_at == datetime(2026, 1, 12, 16, 27, 39, tzinfo=UTC)
    issued = filing(f"{SEC}getcurrent_atom_all_start0_count100.xml", "sec:0000080661-26-000032")
    assert (issued["company_id"], issued["form"]) == ("progressive", "4")
    fours = read(f"{SEC}getcurrent_atom_form4_start0_count100.xml")[0].reading.records
    assert {one.form for one in fours} == {"4"} and len({one.accession for one in fours}) == 46


def test_the_older_list_of_one_company_survives_a_broken_link() -> None:
    name = f"{SEC}browse_edgar_company_atom_AAPL_10Q.xml"
    amended = filing(name, "sec:0001628280-17-000717")
    assert (amended["company_id"], amended["form"], amended["filed_date"]) == ("apple", "10-Q/A", date(2017, 2, 1))
    assert filing(name, "sec:0000320193-20-000010")["filed_date"] == date(2020, 1, 29)


def test_hits_of_the_full_text_search() -> None:
    (hit,) = read(f"{SEC}fts_search_index_1_hit.json")[0].reading.records
    assert (hit.accession, hit.file_name, hit.ciks, hit.form, hit.filed, hit.period_end) == (
        "0000950170-25-055890", "btsg-2025_ars.pdf", (1865782,), "ARS", date(2025, 4, 18), date(2024, 12, 31),
    )  # fmt: skip
    found = filing(f"{SEC}fts_search_index_101_hits.json", "sec:0001918704-25-006778")
    assert (found["company_id"], found["form"], found["filed_date"]) == ("boa", "424B2", date(2025, 4, 18))


def test_the_index_of_a_filing_binds_kinds_to_files() -> None:
    name = f"{SEC}filing_index_0001628280-25-058337_8K.html"
    found = filing(name, "sec:0001628280-25-058337")
    assert found["available_at"] == datetime(2025, 12, 19, 22, 0, 37, tzinfo=UTC)
    assert (found["item_codes"], found["filed_date"]) == (["5.02"], date(2025, 12, 19))
    assert str(found["document_url"]).endswith("/data/1326801/000162828025058337/meta-20251219.htm")
    kinds = {row["file_name"]: (row["sequence"], row["kind"]) for row in rows(name, "core.filing_exhibits")}
    assert kinds["meta-20251219.htm"] == (1, "8-K") and kinds["meta-20251219_g1.jpg"] == (5, "GRAPHIC")
    annual = rows(f"{SEC}filing_index_0001009672-10K_1564590-18-004771.html", "core.filing_exhibits")
    assert [row["file_name"] for row in annual if row["kind"] == "EX-32"] == ["crr-ex32_9.htm"]


def test_the_header_of_a_filing_says_when_it_was_accepted() -> None:
    name = f"{SEC}filing_index_headers_0001493152-25-029712.html"
    found = filing(name, "sec:0001493152-25-029712")
    assert (found["form"], found["available_at"]) == ("424B5", datetime(2025, 12, 31, 13, 15, 19, tzinfo=UTC))
    assert {row["file_name"] for row in rows(name, "core.filing_exhibits")} == {"form424b5.htm", "form424b5_001.jpg"}


def test_rendered_statements_have_their_names() -> None:
    found = rows(f"{SEC}FilingSummary_AAPL_20250329.xml", "core.filing_exhibits")
    names = {row["file_name"]: row["description"] for row in found}
    assert names["R2.htm"] == "CONDENSED CONSOLIDATED STATEMENTS OF OPERATIONS (Unaudited)"


def test_a_whole_submission_says_when_it_was_accepted() -> None:
    name = f"{SEC}full_submission_8K_0000950137-05-004969.txt"
    (document,) = rows(name, "core.filing_documents")
    assert (document["document_id"], document["kind"], document["company_id"]) == (
        "sec:0000950137-05-004969/c94636e8vk.htm", "8-K", "exelon",
    )  # fmt: skip
    assert document["available_at"] == datetime(2005, 4, 27, 16, 25, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("8K_EX99.1_Buckle_quarterly_results.html", "EX-99.1"),
        ("6K_RoyalPhilips.html", "6-K"),
        ("6K_cover_Alcon.html", "6-K"),
        ("8K_1800Flowers.html", "8-K"),
        ("10Q_TSLA_2025-07-24_inline_xbrl.html", "10-Q"),
    ],
)
def test_a_document_says_its_kind(name: str, kind: str) -> None:
    (document,) = rows(f"{SEC}{name}", "core.filing_documents")
    assert (document["kind"], document["language"]) == (kind, "en")


def test_stock_numbers_of_the_exchange() -> None:
    codes = {
        (row["code"], row["publisher_number"]) for row in rows(f"{HKEX}partial_do_1810_EN.jsonp", "core.listed_codes")
    }
    assert codes == {("01810", "190371"), ("81810", "1000195151")}
    (tencent,) = rows(f"{HKEX}activestock_sehk_e_one_row.json", "core.listed_codes")
    assert (tencent["publisher_number"], tencent["name"]) == ("7609", "TENCENT")
    electronic = read(f"{HKEX}prefix_do_00285_EN.jsonp")[0].reading.records
    assert [(one.stock_id, one.name) for one in electronic if one.code == "00285"] == [(20247, "BYD ELECTRONIC")]
    (chinese,) = read(f"{HKEX}prefix_do_06865_ZH_truncated.jsonp")[0].reading.records
    assert (chinese.name, chinese.language) == ("福萊特玻璃", "zh-Hant")


def test_categories_of_the_exchange() -> None:
    items = {row["code"]: row for row in rows(f"{HKEX}tiertwo_c.json", "core.filing_categories")}
    assert (items["13600"]["name"], items["13600"]["parent_code"], items["13600"]["group_code"]) == (
        "季度業績", "10000", "3",
    )  # fmt: skip
    headlines = {row["code"]: row["name"] for row in rows(f"{HKEX}tierone_c.json", "core.filing_categories")}
    assert headlines["51500"] == "月報表"


def test_the_feed_of_the_exchange() -> None:
    (notice,) = rows(f"{HKEX}lcisehk1relsde_1_one_row.json", LISTED)
    assert (notice["filing_id"], notice["company_id"]) == ("hkex:12102478", "bonny")
    assert notice["item_codes"] == ["Very Substantial Disposal", "Connected Transaction"]
    assert notice["available_at"] == datetime(2026, 4, 10, 14, 55, tzinfo=UTC)
    assert str(notice["document_url"]).endswith("/sehk/2026/0410/2026041001769.pdf")


def test_board_meetings_to_come() -> None:
    name = f"{HKEX}ebmn_board_meeting_notifications_2019-08-23.htm"
    meetings = {row["company_id"]: row for row in rows(name, "core.events")}
    assert meetings["heng-hup"]["title"] == "INT RES/DIV, 6-MTH-ENDED30/06/19"
    assert meetings["heng-hup"]["period_end_date"] == date(2019, 6, 30)
    assert meetings["heng-hup"]["expected_at"] == datetime(2019, 8, 23, 16, tzinfo=UTC)
    (two_days,) = [one for one in read(name)[0].reading.records if one.code == "00857"]
    assert (two_days.first_day, two_days.last_day) == (date(2019, 8, 28), date(2019, 8, 29))


def test_announcements_of_the_mainland() -> None:
    name = "filings/cninfo/hisAnnouncement_rows_assorted.json"
    found = filing(name, "cninfo:1225413937")
    assert found["available_at"] == datetime(2026, 7, 7, 9, 5, tzinfo=UTC), "a time"
    assert found["title"] == "关于子公司完成工商变更登记的公告"
    dated = filing(name, "cninfo:1208345383")
    assert (dated["company_id"], dated["filed_date"]) == ("tsingtao", date(2020, 8, 31))
    assert dated["available_at"] == datetime(2020, 8, 31, 16, tzinfo=UTC), "a day only: public by its end"


def test_what_a_data_house_says_is_kept_beside() -> None:
    name = "filings/eastmoney/hkf10_fn_income_00700_two_items.json"
    items = {row["item_code"]: (row["item_name"], row["value"]) for row in rows(name, "core.outside_financials")}
    assert items == {
        "004001001": ("营业额", Decimal(652498000000)),
        "004025002": ("股东应占溢利", Decimal(194073000000)),
    }
    (report,) = rows("filings/eastmoney/hkf10_report_list_00700.json", "core.outside_reports")
    assert (report["currency"], report["period_start_date"]) == ("CNY", date(2024, 1, 1))


# --- documents: what people read on a page stands in its text


PLACE = re.compile(r"page (\d+)")
OF_DOCUMENTS = ("filings/pdf/", f"{SEC}R", f"{SEC}8K_EX99", f"{SEC}10Q_TSLA")


def truths() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "filings" / "TRUTH.tsv").open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines, delimiter="\t"))
    return [row for row in found if row["file"].startswith(OF_DOCUMENTS)]


def as_written(value: str) -> re.Pattern[str]:
    """Write a number as documents do, with or without commas and in brackets, or a day in words."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = date.fromisoformat(value)
        return re.compile(rf"{day.day} {day:%B} {day.year}|{day:%B} {day.day}, {day.year}")
    number = Decimal(value).copy_abs()
    whole = re.escape(f"{number:,}") if number != 0 else "[–—-]"
    return re.compile(rf"(?<![\d.,]){whole}0*(?![\d,]|\.\d)")


def pages_of(name: str) -> tuple[str, ...]:
    if name.startswith("filings/pdf/jp_"):
        body = (CORPUS / name).read_bytes()
        return tuple(pdf_pages(Snapshot("urn:recorded:jp", "https://www.jpx.co.jp/a.pdf", body, NOW, NOW)))
    (document,) = read(name)[0].reading.records
    assert isinstance(document, Document)
    return tuple(page.text for page in document.pages)


@pytest.mark.parametrize("name", sorted({row["file"] for row in truths()}))
def test_every_value_that_people_read_stands_on_its_page(name: str) -> None:
    pages = pages_of(name)
    missing = []
    for row in (one for one in truths() if one["file"] == name):
        places = [int(one) for one in PLACE.findall(row["where"])] or list(range(1, len(pages) + 1))
        if not any(as_written(row["value"]).search(pages[one - 1]) for one in places):
            missing.append((row["metric"], row["value"], places[:3]))
    assert missing == []


def test_columns_of_a_statement_without_lines_are_parted() -> None:
    page = [line.strip() for line in pages_of("filings/pdf/hk_00328_annual_results_FY2025_zh.pdf")[1].split("\n")]
    assert "附註\t千港元\t千港元" in page
    assert "營業額\t3\t99,313\t148,422" in page
    assert "毛利\t\t5,121\t8,864" in page, "no note: the column stays a hole"


def test_cells_of_one_amount_are_one_cell() -> None:
    lines = "\n".join(pages_of(f"{SEC}8K_EX99.1_Buckle_quarterly_results.html")).split("\n")
    assert "Total assets\t$976,270\t$889,810\t$921,207" in lines
    assert "Less accumulated depreciation and amortization\t(365,241)\t(360,200)\t(359,367)" in lines


def test_hidden_data_of_inline_xbrl_is_no_text() -> None:
    text = "\n".join(pages_of(f"{SEC}10Q_TSLA_2025-07-24_inline_xbrl.html"))
    assert "Total assets\t$128,567\t$122,070" in text
    assert "http://fasb.org" not in text and "0001318605" not in text.split("\n")[0]


def test_whose_a_document_is_stands_on_its_first_page() -> None:
    owners = {
        row["file"].rpartition("/")[2][:8]: rows(row["file"], "core.filing_documents")[0]["company_id"]
        for row in stated()
        if row["source"] in ("hkexnews_documents", "cninfo_documents") and "300750" not in row["file"]
    }
    assert owners == {"hk_00328": "alco", "hk_tempa": "telecom", "cn_60051": "moutai"}
