"""Returns of issuers in Hong Kong, written by hand in the words of the forms, with made-up issuers and numbers."""

from datetime import date
from decimal import Decimal

import pytest

from extractors.filings.document import Document, numbered
from transforms.figures.figure import Figure
from transforms.figures.returns import read_returns

CLOSE, OPEN = date(2025, 3, 31), date(2025, 2, 28)
MONTHLY = (
    "FF301\nMonthly Return for Equity Issuer and Hong Kong Depositary Receipts on Movements in Securities\n"
    "For the month ended:\t31 March 2025\tStatus:\tNew Submission\n"
    "I. Movements in Authorised / Registered Share Capital\n"
    "1. Class of shares\tWVR ordinary shares\tType of shares\tA\tListed on the Exchange (Note 1)\tNo\n"
    "Balance at close of preceding month\t9,000,000\tUSD\t0.001\tUSD\t9,000\n"
    "Increase / decrease (-)\t0\nBalance at close of the month\t9,000,000\tUSD\t0.001\tUSD\t9,000"
)
ISSUED = (
    "II. Movements in Issued Shares and/or Treasury Shares\n"
    "1. Class of shares\tWVR ordinary shares\tType of shares\tA\tListed on the Exchange (Note 1)\tNo\n"
    "\tNumber of issued shares (excluding treasury shares)\tNumber of treasury shares\tTotal number of issued shares\n"
    "Balance at close of preceding month\t1,000,300\t0\t1,000,300\n"
    "Increase / decrease (-)\t-300\t0\n"
    "Balance at close of the month\t{after}\t0\t{after}\n"
    "2. Class of shares\tWVR ordinary shares\tType of shares\tB\tListed on the Exchange (Note 1)\tYes\n"
    "Balance at close of preceding month\t5,000,000\t1,000\t5,001,000\n"
    "Increase / decrease (-)\t500\t-500\n"
    "Balance at close of the month\t5,000,500\t500\t5,001,000\n"
    "III. Details of Movements in Issued Shares"
)


def read(*pages: str) -> tuple[Figure, ...]:
    return read_returns(Document("https://example.org/one.pdf", "one.pdf", "application/pdf", numbered(list(pages))))


def values(figures: tuple[Figure, ...]) -> dict[tuple[str, str, date], Decimal]:
    return {(one.metric, one.product, one.period.end): one.value for one in figures}


def test_a_monthly_return_gives_each_class_at_both_ends_of_the_month() -> None:
    figures = read(MONTHLY, ISSUED.format(after="1,000,000"))
    assert values(figures) == {
        ("shares_in_issue", "A", OPEN): 1_000_300, ("treasury_shares", "A", OPEN): 0,
        ("shares_in_issue", "A", CLOSE): 1_000_000, ("treasury_shares", "A", CLOSE): 0,
        ("shares_in_issue", "B", OPEN): 5_001_000, ("treasury_shares", "B", OPEN): 1_000,
        ("shares_in_issue", "B", CLOSE): 5_001_000, ("treasury_shares", "B", CLOSE): 500,
    }  # fmt: skip
    assert {one.place.page for one in figures} == {2}, "what is authorised is not what is issued"
    assert all(one.period.kind == "instant" and one.unit == "shares" for one in figures)


def test_a_balance_that_the_change_does_not_lead_to_gives_nothing() -> None:
    figures = values(read(MONTHLY, ISSUED.format(after="1,000,100")))
    assert {share_class for _, share_class, _ in figures} == {"B"}


def test_a_return_in_chinese_and_one_class_that_is_not_named() -> None:
    (first, last) = read(
        "證券變動月報表\n截至月份:\t2025年3月31日\nII. 已發行股份變動\n"
        "1. 股份分類\t普通股\t股份類別\t不適用\t於香港聯交所上市 (註1)\t是\n"
        "上月底結存\t800,000\n增加 / 減少 (-)\t20,000\n本月底結存\t820,000\nIII. 已發行股份變動詳情"
    )
    assert (first.product, first.period.end, first.value) == ("all", OPEN, 800_000)
    assert (last.product, last.period.end, last.value) == ("all", CLOSE, 820_000)


OLD = (
    "Monthly Return of Equity Issuer on Movements in SecuritiesFor the month ended (dd/mm/yyyy) :\n"
    "To : the exchangeName of Issuer Date SubmittedSome Issuer2 April 2015\n31/03/2015\n"
    "(1) Stock code :9999 Description : Class B ordinary shares\n(2) Stock code :N/A Description : Class A ordinary\n"
    "II. Movements in Issued Shares\nNo. ofordinaryshares(1) (2)\nNo of preference shares\n"
    "Balance at close of\npreceding month\n700,000\n{two}\nN/A\nN/A\n"
    "Increase/ (decrease)\nduring the month\n-5\n{change}\n"
    "N/A\nN/A\nBalance at close of\nthe month\n699,995\n{two}\nN/A\nN/A\n"
)


@pytest.mark.parametrize(
    ("two", "change", "expected"), [("N/A", "N/A", {"B": 699_995}), ("400,000", "0", {"B": 699_995, "A": 400_000})]
)
def test_the_form_before_2020_has_classes_for_columns(two: str, change: str, expected: dict[str, int]) -> None:
    found = values(read(OLD.format(two=two, change=change)))
    at_end = {name: value for (_, name, day), value in found.items() if day == date(2015, 3, 31)}
    assert at_end == expected


NEXT_DAY = (
    "FF305\nNext Day Disclosure Return\nSection I\n"
    "1. Class of shares\tWVR ordinary shares\tType of shares\tB\tListed on the Exchange\tYes\n"
    "Opening balance as at (Note 1)\t12 March 2025\t7,000,000\t0\t7,000,000\n"
    "1). Issue of new shares on exercise of options\t5,000\t0.07 %\tHKD\t9.5\tHKD\t{market}\t-5 %\n"
    "Date of changes\t13 March 2025\n"
    "2). Shares repurchased and cancelled\t3,000\t0.04 %\tHKD\t11\nDate of changes\t14 March 2025\n"
    "Closing balance as at (Notes 5 and 6)\t20 March 2025\t7,002,000\t0\t7,002,000\n"
    "Section II\n1. Class of shares\tWVR ordinary shares\tType of shares\tB\tListed on the Exchange\tYes\n"
    "1).\t20 March 2025\t40,000\tOn the Exchange\tHKD\t12\tHKD\t11\tHKD\t{paid}\n"
)


def test_a_next_day_return_gives_balances_issues_and_purchases() -> None:
    found = values(read(NEXT_DAY.format(market="10", paid="460,000")))
    assert found[("shares_in_issue", "B", date(2025, 3, 12))] == 7_000_000
    assert found[("shares_in_issue", "B", date(2025, 3, 20))] == 7_002_000
    assert found[("shares_issued", "B", date(2025, 3, 13))] == 5_000
    assert found[("issue_price", "B", date(2025, 3, 13))] == Decimal("9.5")
    assert found[("shares_repurchased", "B", date(2025, 3, 20))] == 40_000
    assert found[("repurchase_consideration", "B", date(2025, 3, 20))] == 460_000
    assert ("shares_issued", "B", date(2025, 3, 14)) not in found, "shares taken back are none that were issued"


def test_prices_that_do_not_fit_what_stands_beside_them_give_nothing() -> None:
    metrics = {metric for metric, _, _ in values(read(NEXT_DAY.format(market="12", paid="510,000")))}
    assert not metrics & {"issue_price", "shares_repurchased", "repurchase_consideration"}


def test_the_layout_of_2018_is_of_the_class_that_it_describes() -> None:
    (figure,) = read(
        "Next Day Disclosure Return\nDate submitted: 10 May 2018\nDescription of securities: H shares\nI.\n"
        "Opening balance as at (Note 2) 9 May 2018\n123,456,789\n(Note 3)\n"
        "Shares repurchased on 2 May 2018 and cancelled"
    )
    assert (figure.product, figure.value, figure.period.end) == ("H", 123_456_789, date(2018, 5, 9))


def test_sentences_about_one_class_on_one_day() -> None:
    found = values(
        read(
            "As of 31 March 2025, some issuer reported changes. The number of issued shares of Class B ordinary shares "
            "increased by 1,500 shares to 2,001,500 shares; the number of issued shares of Class A ordinary shares "
            "decreased by 500 shares to 999,500 shares."
        )
    )
    assert found == {("shares_in_issue", "B", CLOSE): 2_001_500, ("shares_in_issue", "A", CLOSE): 999_500}


def test_other_documents_give_nothing() -> None:
    assert read("The board proposes a dividend. Balance at close of the month 1,000,000") == ()
