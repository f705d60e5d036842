"""Tables of made-up companies, one for each idea of the reader: what it takes, and what it leaves alone."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from extractors.filings.document import Document, numbered
from extractors.filings.pdf_pages import pdf_pages
from extractors.snapshot import Snapshot
from tests.written_pdf import pdf_of, table
from transforms.figures.figure import Figure
from transforms.figures.tables import read_tables

YEAR = ("year", date(2031, 12, 31))
DAY = ("instant", date(2031, 12, 31))
SEEN = datetime(2032, 3, 1, tzinfo=UTC)


def read(*pages: str, media_type: str = "text/html", published: date | None = None) -> tuple[Figure, ...]:
    document = Document("https://example.org/a", "a", media_type, numbered(list(pages)))
    return read_tables(document, published=published)


def values(figures: Sequence[Figure], metric: str) -> dict[tuple[str, date], Decimal]:
    return {(one.period.kind, one.period.end): one.value for one in figures if one.metric == metric}


STATEMENT = """CONSOLIDATED STATEMENT OF PROFIT OR LOSS
For the year ended 31 December 2031
\t\t2031\t2030
\tNotes\tRMB'000\tRMB'000
Revenue\t4\t1,234,567\t987,654
Cost of sales\t\t(900,000)\t(800,000)
Finance costs\t6\t(1,200)\t–
Loss before tax\t\t(64,270)\t(3,070)
Income tax credit\t\t9\t9
(LOSS)/PROFIT FOR THE YEAR\t\t(64,261)\t3,500
Attributable to:
Owners of the parent\t\t(60,000)\t3,400
Non-controlling interests\t\t(4,261)\t100
\t\t(64,261)\t3,500
EARNINGS PER SHARE
Basic (HK cents)\t\t(6.30)\t0.35
Diluted (HK cents)\t\t–\t–"""


def test_a_statement_in_thousands_with_notes() -> None:
    figures = read(STATEMENT)
    assert values(figures, "revenue") == {YEAR: Decimal(1234567000), ("year", date(2030, 12, 31)): Decimal(987654000)}
    assert values(figures, "cost_of_sales")[YEAR] == -900000000
    assert values(figures, "finance_costs")[("year", date(2030, 12, 31))] == 0
    assert values(figures, "profit_before_tax")[YEAR] == -64270000
    assert values(figures, "net_profit") == {YEAR: Decimal(-64261000), ("year", date(2030, 12, 31)): Decimal(3500000)}
    assert values(figures, "net_profit_attributable")[YEAR] == -60000000


def test_what_a_figure_says_of_itself() -> None:
    revenue = next(one for one in read(STATEMENT) if one.metric == "revenue")
    assert (revenue.currency, revenue.unit, revenue.decimals, revenue.label) == ("CNY", "currency", -3, "Revenue")
    assert STATEMENT[revenue.place.start : revenue.place.end] == "1,234,567"
    assert revenue.place.evidence == "page 1: Revenue 4 1,234,567 987,654"
    assert revenue.period.start == date(2031, 1, 1)


def test_cents_and_a_dash_per_share() -> None:
    figures = read(STATEMENT)
    basic = next(one for one in figures if one.metric == "eps_basic")
    assert (basic.value, basic.currency, basic.unit) == (Decimal("-0.063"), "HKD", "currency per share")
    assert values(figures, "eps_diluted") == {}


def test_a_loss_without_a_bracket_is_a_loss() -> None:
    text = STATEMENT.replace("(64,270)\t(3,070)", "64,270\t3,070")
    assert values(read(text), "profit_before_tax")[YEAR] == -64270000


QUARTER = """Unaudited Condensed Consolidated Statements of Comprehensive Loss
(All amounts in thousands, except for share and per share data)
\tThree Months Ended
\tSeptember 30, 2030\tJune 30, 2031\tSeptember 30, 2031\t
\tRMB\tRMB\tRMB\tUS$
Vehicle sales\t17,408\t15,679\t16,697\t2,379
Total revenues\t19,066\t17,446\t18,673\t2,660
Net loss attributable to ordinary shareholders of Made-up Motors Inc.\t(4,628)\t(5,126)\t(5,141)\t(732)
Weighted average number of ordinary shares
Basic and diluted\t1,700,000\t1,800,000\t1,900,000\t1,900,000"""


def test_a_bare_currency_does_not_undo_thousands_above() -> None:
    figures = [one for one in read(QUARTER) if one.metric == "revenue"]
    assert [one.value for one in figures if one.currency == "CNY"] == [19066000, 17446000, 18673000]
    assert [(one.value, one.is_convenience_translation) for one in figures if one.currency == "USD"] == [
        (2660000, True)
    ]
    assert {one.is_convenience_translation for one in figures if one.currency == "CNY"} == {False}


def test_shares_are_not_in_thousands_where_they_are_excepted() -> None:
    figures = read(QUARTER)
    assert values(figures, "weighted_shares_basic")[("quarter", date(2031, 9, 30))] == 1900000
    assert values(figures, "net_profit_attributable")[("quarter", date(2031, 6, 30))] == -5126000


WEEKS = """CONSOLIDATED STATEMENTS OF INCOME
(Amounts in Thousands Except Per Share Amounts)
\tThirteen Weeks Ended\t\tThirty-Nine Weeks Ended
\tNovember 1, 2031\tNovember 2, 2030\tNovember 1, 2031\tNovember 2, 2030
Net sales\t$1,250\t$1,100\t$3,900\t$3,500
Gross profit\t12,34\t1\t2\t3
EARNINGS PER SHARE:
Basic\t$0.89\t$1.05\t$2.37\t$2.83
Basic weighted average shares\t49,854\t49,513\t49,854\t49,513"""


def test_weeks_are_counted_and_a_header_spans_columns() -> None:
    figures = read(WEEKS)
    assert values(figures, "revenue")[("quarter", date(2031, 11, 1))] == 1250000
    assert values(figures, "revenue")[("nine_months", date(2030, 11, 2))] == 3500000
    starts = {one.period.start for one in figures if one.period.end == date(2031, 11, 1)}
    assert starts == {date(2031, 8, 3), date(2031, 2, 2)}
    assert values(figures, "weighted_shares_basic")[("quarter", date(2031, 11, 1))] == 49854000


def test_a_cell_that_is_no_number_gives_nothing() -> None:
    assert ("quarter", date(2031, 11, 1)) not in values(read(WEEKS), "gross_profit")


CHANGES = """RESULTS ANNOUNCEMENT FOR THE THREE AND NINE MONTHS ENDED SEPTEMBER 30, 2031
KEY HIGHLIGHTS
\tUnaudited
\tThree months ended
\tSeptember 30,\tSeptember 30,\tYear-over-year\tJune 30,\tQuarter-over-quarter
\t2031\t2030\tchange\t2031\tchange
(Renminbi (“RMB”) in millions, unless specified)
Revenue\t92.5\t70.9\t30.5%\t88.9\t4.1%
Non-IFRS Measure1: Adjusted net profit\t6.3\t6.0\t4.4%\t6.2\t1.2%"""


def test_columns_of_changes_are_passed_over() -> None:
    figures = read(CHANGES)
    assert values(figures, "revenue") == {
        ("quarter", date(2031, 9, 30)): Decimal(92500000),
        ("quarter", date(2030, 9, 30)): Decimal(70900000),
        ("quarter", date(2031, 6, 30)): Decimal(88900000),
    }
    adjusted = [one for one in figures if one.metric == "adjusted_net_profit"]
    assert len(adjusted) == 3 and {one.accounting_basis for one in adjusted} == {"adjusted"}


TRADITIONAL = """簡明合併收益表
截至二零三一年九月三十日止三個月及九個月
\t\t截至九月三十日止三個月\t\t截至九月三十日止九個月
\t\t二零三一年\t二零三零年\t二零三一年\t二零三零年
\t附註\t人民幣千元\t人民幣千元\t人民幣千元\t人民幣千元
收入\t3\t92,500\t70,800\t256,900\t197,700
期內（虧損）╱溢利\t\t（5,340）\t4,874\t14,583\t12,750
以下人士應佔：
－本公司擁有人\t\t（5,352）\t4,869\t14,599\t12,745"""


def test_traditional_chinese_with_numerals_and_full_width_brackets() -> None:
    figures = read(TRADITIONAL)
    assert values(figures, "revenue") == {
        ("quarter", date(2031, 9, 30)): Decimal(92500000),
        ("quarter", date(2030, 9, 30)): Decimal(70800000),
        ("nine_months", date(2031, 9, 30)): Decimal(256900000),
        ("nine_months", date(2030, 9, 30)): Decimal(197700000),
    }
    assert values(figures, "net_profit")[("quarter", date(2031, 9, 30))] == -5340000
    assert values(figures, "net_profit_attributable")[("nine_months", date(2031, 9, 30))] == 14599000


MAINLAND = """造灯股份有限公司2031年第三季度报告
(一)主要会计数据和财务指标
单位：元
\t本报告期\t本报告期比上年同期增减\t年初至报告期末\t年初至报告期末比上年同期增减
营业收入（元）\t201,124.50\t24.04%\t502,251.25\t18.94%
归属于上市公司股东的扣除非
\t11,606.00\t11.47%\t25,238.00\t18.12%
经常性损益的净利润
经营活动产生的现金流量净额（元）\t--\t--\t56,272.00\t-42.40%
\t本报告期末\t上年度末\t本报告期末比上年度末增减
总资产（元）\t764,000.00\t679,000.00\t12.4%"""


def test_mainland_headers_without_dates() -> None:
    figures = read(MAINLAND)
    third, so_far = ("quarter", date(2031, 9, 30)), ("nine_months", date(2031, 9, 30))
    assert values(figures, "revenue") == {third: Decimal("201124.50"), so_far: Decimal("502251.25")}
    assert values(figures, "net_profit_excluding_one_offs") == {third: Decimal(11606), so_far: Decimal(25238)}
    assert values(figures, "operating_cash_flow") == {so_far: Decimal(56272)}
    assert values(figures, "total_assets") == {
        ("instant", date(2031, 9, 30)): Decimal(764000),
        ("instant", date(2030, 12, 31)): Decimal(679000),
    }


def test_the_company_alone_is_not_the_group() -> None:
    group = "合并资产负债表\n2031年12月31日\n单位：元 币种：人民币\n项目\t附注\t2031年12月31日\t2030年12月31日\n"
    figures = read(
        f"{group}资产总计\t\t500,000.50\t490,000.25", f"{group.replace('合并', '母公司')}资产总计\t\t5,000.50\t4,900.25"
    )
    assert values(figures, "total_assets")[DAY] == Decimal("500000.50")


def test_a_page_has_columns_of_its_own() -> None:
    header = "CONSOLIDATED BALANCE SHEETS\nAs of December 31, 2031\n\tNotes\t2031\t2030\n\t\tRMB'000\tRMB'000"
    figures = read(f"{header}\nInventories\t3\t12,500\t9,900", "Total assets\t90,000\t80,000")
    assert values(figures, "total_assets")[DAY] == 90000000


def test_tables_of_notes_and_segments_are_left_alone() -> None:
    figures = read(
        STATEMENT + "\n3.\tSegment information\n\t2031\t2030\n\tRMB'000\tRMB'000\nRevenue\t1\t2\nGross profit\t3\t4"
    )
    assert values(figures, "gross_profit") == {}
    assert values(figures, "revenue")[YEAR] == 1234567000


def test_two_values_for_one_thing_are_none() -> None:
    assert values(read(STATEMENT, STATEMENT.replace("1,234,567", "1,234,568")), "revenue").get(YEAR) is None


def test_a_statement_goes_before_highlights_that_round() -> None:
    highlights = "FINANCIAL HIGHLIGHTS\nFor the year ended 31 December 2031\n\t2031\t2030\n\tRMB million\tRMB million\n"
    figures = read(f"{highlights}Revenue\t1,234.6\t987.7\nGross profit\t334.6\t187.7", STATEMENT)
    assert values(figures, "revenue")[YEAR] == 1234567000
    assert values(figures, "gross_profit")[YEAR] == 334600000


TURNED = """(1) Consolidated operating results
\tOperating\t\tNet income
\trevenue
\tMil. yen\t%\tMil. yen\t%
Year ended
\t162,230\t6.1\t62,727\t1.2
March 31, 2031
Year ended
\t152,871\t14.1\t61,953\t31.2
March 31, 2030"""


def test_periods_below_one_another() -> None:
    figures = read(TURNED)
    assert values(figures, "revenue") == {
        ("year", date(2031, 3, 31)): Decimal(162230000000),
        ("year", date(2030, 3, 31)): Decimal(152871000000),
    }
    assert values(figures, "net_profit")[("year", date(2031, 3, 31))] == 62727000000


FLAT = (
    "摘要未經審核截至以下日期止三個月2031年12月31日2030年12月31日同比變動(人民幣百萬元,除非另有說明)"
    "收入 9,005.23,243.7177.6%毛利 2,454.91,614.052.1%經調整淨利潤12,316\n3、.22,200.05.3%"
)


def test_glued_numbers_are_parted_and_checked_by_the_change() -> None:
    figures = read(FLAT, media_type="text/plain")
    now, before = ("quarter", date(2031, 12, 31)), ("quarter", date(2030, 12, 31))
    assert values(figures, "revenue") == {now: Decimal(9005200000), before: Decimal(3243700000)}
    assert values(figures, "gross_profit") == {now: Decimal(2454900000), before: Decimal(1614000000)}
    assert values(figures, "adjusted_net_profit") == {now: Decimal(2316200000), before: Decimal(2200000000)}


def test_glued_numbers_that_do_not_fit_their_change_are_refused() -> None:
    assert values(read(FLAT.replace("177.6%", "77.6%"), media_type="text/plain"), "revenue") == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("CONSOLIDATED BALANCE SHEETS\n\tDecember 31, 2031\tDecember 31, 2030\nTotal assets\t1,000\t900", "no unit"),
        (
            "CONSOLIDATED BALANCE SHEETS\n(in thousands of zorkmids)\n\tDecember 31, 2031\tDecember 31, 2030\n"
            "Total assets\t1,000\t900",
            "a currency that nobody knows",
        ),
        (
            "CONSOLIDATED BALANCE SHEETS\n(in thousands of US dollars)\n\tFebruary 30, 2031\tJune 31, 2030\n"
            "Total assets\t1,000\t900",
            "days that do not exist",
        ),
        ("Total assets of the group were RMB'000 1,000 in 2031.\nTotal assets\t1,000\t900", "no title and no header"),
        ("CONSOLIDATED BALANCE SHEETS\n(in thousands of US$)\n\tRetail\tTravel\nTotal assets\t1,000\t900", "segments"),
    ],
)  # fmt: skip
def test_what_is_not_said_is_not_guessed(text: str, reason: str) -> None:
    assert read(text) == (), reason


def test_what_lies_ahead_of_its_publication_is_no_fact() -> None:
    assert {one.status for one in read(STATEMENT, published=date(2031, 6, 1)) if one.period.end.year == 2031} == {
        "guidance"
    }


def test_a_pdf_from_bytes_to_figures() -> None:
    rows = [
        ["綜合損益表"],
        ["截至二零三一年三月三十一日止年度"],
        ["", "", "二零三一年", "二零三零年"],
        ["", "附註", "千港元", "千港元"],
        ["營業額", "3", "99,313", "148,422"],
        ["銷貨成本", "", "(94,192)", "(139,558)"],
        ["毛利", "", "5,121", "8,864"],
        ["財務成本", "6", "(9,961)", "(9,458)"],
    ]
    body = pdf_of([table(rows, columns=(330, 430, 530))])
    pages = pdf_pages(Snapshot("0", "https://example.org/a.pdf", body, SEEN, SEEN))
    figures = read(*pages, media_type="application/pdf")
    end = ("year", date(2031, 3, 31))
    assert values(figures, "revenue")[end] == 99313000
    assert values(figures, "gross_profit")[end] == 5121000
    assert values(figures, "finance_costs") == {
        end: Decimal(-9961000),
        ("year", date(2030, 3, 31)): Decimal(-9458000),
    }
    assert {one.currency for one in figures} == {"HKD"}


def test_a_very_long_table_ends_somewhere() -> None:
    rows = "\n".join(f"Row {number}\t{number},000\t1,000" for number in range(100_000))
    header = "CONSOLIDATED BALANCE SHEETS\n(in thousands of US dollars)\n\tDecember 31, 2031\tDecember 31, 2030\n"
    assert values(read(f"{header}Total assets\t1,000\t900\n{rows}"), "total_assets")[DAY] == 1000000


def test_two_thousand_pages_are_read_one_by_one() -> None:
    rows = [
        ["綜合損益表"],
        ["截至二零三一年三月三十一日止年度"],
        ["", "二零三一年", "二零三零年"],
        ["", "千港元", "千港元"],
    ]
    first = table([*rows, ["營業額", "99,313", "148,422"], ["毛利", "5,121", "8,864"]], columns=(430, 530))
    body = pdf_of([first, *[table([["Page"]], columns=()) for _ in range(1_999)]])
    pages = pdf_pages(Snapshot("0", "https://example.org/a.pdf", body, SEEN, SEEN))
    assert len(pages) == 2_000
    assert values(read(*pages, media_type="application/pdf"), "gross_profit")[("year", date(2031, 3, 31))] == 5121000
