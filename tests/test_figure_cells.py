"""Cells as numbers, and units as captions and headers say them."""

from decimal import Decimal

import pytest

from transforms.figures.cells import has_decimal_comma, number_of, parted
from transforms.figures.units import is_unit, states_unit, unit_of


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234", "1234"), ("(1,234)", "-1234"), ("（1,234）", "-1234"), ("$(56)", "-56"), ("($56)", "-56"),
        ("–", "0"), ("—", "0"), ("無", "0"), ("nil", "0"), ("$—", "0"), ("0.63", "0.63"), ("-33.46", "-33.46"),
        ("RMB1.5", "1.5"), ("1,234(1)", "1234"), ("50%", "50"), ("(0.8)%", "-0.8"), ("１２３", "123"),
    ],
)  # fmt: skip
def test_numbers(cell: str, value: str) -> None:
    found = number_of(cell)
    assert found is not None and found.value == Decimal(value)


@pytest.mark.parametrize(
    "cell", ["", "12,34", "*1,234", "(1,234", "1,234)", "N/A", "--", "2031年", "減少3.4個百分點", "1 2", "1.2.3"]
)
def test_no_numbers(cell: str) -> None:
    assert number_of(cell) is None


def test_a_decimal_comma_is_told_by_language_or_by_all_numbers() -> None:
    assert has_decimal_comma("514.809 und 4.272.145 Wagen, 41,3 % mehr")
    assert not has_decimal_comma("1.234")
    assert not has_decimal_comma("4.272.145 and 1,234.5")
    assert has_decimal_comma("", "de-DE")
    german = number_of("4.272.145,5", decimal_comma=True)
    assert german is not None and german.value == Decimal("4272145.5")


def test_glued_numbers() -> None:
    assert parted("91,50746,5338,250") == ["91,507", "46,533", "8,250"]
    assert parted("9,005.273,243.7-48.8%") == ["9,005.2", "73,243.7", "-48.8%"]
    assert parted("1,234567") is None
    assert parted("1.2512.5") is None
    assert parted("1,234") is None


@pytest.mark.parametrize(
    ("said", "currency", "scale"),
    [
        ("千港元", "HKD", 1000), ("人民幣千元", "CNY", 1000), ("RMB'000", "CNY", 1000), ("Mil. yen", "JPY", 1000000),
        ("HK$ million", "HKD", 1000000), ("人民币百万元", "CNY", 1000000), ("(in millions)", "", 1000000),
        ("单位：元币种：人民币", "CNY", 1), ("单位：万元", "", 10000), ("(Expressed in Canadian Dollars)", "CAD", None),
        ("RMB", "CNY", None), ("(RMB in millions, unless specified)", "CNY", 1000000),
    ],
)  # fmt: skip
def test_units(said: str, currency: str, scale: int | None) -> None:
    found = unit_of(said)
    assert (found.currency, found.scale) == (currency, None if scale is None else Decimal(scale))
    assert is_unit(said) or states_unit(said)


def test_shares_have_a_scale_of_their_own() -> None:
    assert unit_of("USD ($) shares in Thousands, $ in Millions").shares_scale == 1000
    assert unit_of("(in thousands, except share and per share data)").shares_scale == 1
    assert unit_of("(in millions, except per share data)").shares_scale == 1000000
    assert unit_of("RMB'000").shares_scale is None
