"""Tencent's texts about dividends, buybacks and splits are read whole or not at all."""

from decimal import Decimal

import pytest

from transforms.action_texts import Cash, Ratio, bonus_of, buyback_price_of, cash_of, split_of


@pytest.mark.parametrize(
    ("text", "is_mainland", "amount", "currency"),
    [
        ("10派259.11元", True, "25.911", "CNY"),
        ("10派259.11元(含税)", True, "25.911", "CNY"),
        ("10送8转12派39.74元", True, "3.974", "CNY"),
        ("10送3股转增4股派2.5元", True, "0.25", "CNY"),
        ("每股分配1.889美元", False, "1.889", "USD"),
        ("每股派0.5港元", False, "0.5", "HKD"),
        ("末期息每股派港币1.25元", False, "1.25", "HKD"),
        ("每股派人民币3.974元", False, "3.974", "CNY"),
        ("每股派0.5元", True, "0.5", "CNY"),
    ],
)
def test_reads_cash_per_share(text: str, is_mainland: bool, amount: str, currency: str) -> None:
    assert cash_of(text, is_mainland=is_mainland) == Cash(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("text", "is_mainland"),
    [
        ("", True),
        ("10送8转12", True),
        ("每股派0.5元", False),
        ("10派259.11元", False),
        ("每股派0.5港元，特别股息0.3港元", False),
        ("每股派0.5港元或0.064美元", False),
        ("10派259.11元，另派1元", True),
        ("实物分派", False),
    ],
)
def test_guesses_no_cash(text: str, is_mainland: bool) -> None:
    assert cash_of(text, is_mainland=is_mainland) is None


def test_reads_shares_given_on_top() -> None:
    assert bonus_of("10送8转12派39.74元") == Ratio(Decimal(30), Decimal(10))
    assert bonus_of("10转4.5") == Ratio(Decimal("14.5"), Decimal(10))
    assert bonus_of("10派259.11元") is None


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [("每1股拆分成10股", 10, 1), ("每10股合并成1股", 1, 10), ("1拆4", 4, 1), ("每2股合并为1股", 1, 2)],
)
def test_reads_splits(text: str, after: int, before: int) -> None:
    assert split_of(text) == Ratio(Decimal(after), Decimal(before))


@pytest.mark.parametrize("text", ["每0股拆分成10股", "拆股", "每1股拆分成10股并派息", ""])
def test_guesses_no_split(text: str) -> None:
    assert split_of(text) is None


def test_reads_the_average_price_of_a_buyback_that_names_one() -> None:
    price = buyback_price_of("回购23.70万股，均价423.851港元", is_mainland=False)
    assert price == Cash(Decimal("423.851"), "HKD")
    assert buyback_price_of("回购23.50万股", is_mainland=False) is None
    assert buyback_price_of("回购23.50万股，均价12.5元", is_mainland=False) is None
    assert buyback_price_of("回购23.50万股，均价12.5元", is_mainland=True) == Cash(Decimal("12.5"), "CNY")
