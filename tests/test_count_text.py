"""A number text is read in the one way it can be meant, with every count it may stand for, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.social.count_text import CountText, NotACount, Qualifier, count_of, read_count

EXACT = {
    "0": 0,
    "98": 98,
    "1,234": 1_234,
    "1,234,567": 1_234_567,
    "25 015": 25_015,
    "25\u2009015": 25_015,
    "25\u00a0015": 25_015,
    "12\u202f345\u202f678": 12_345_678,
    "22756103": 22_756_103,
    " 42\n": 42,
    "１２３４": 1_234,
    "１，２３４": 1_234,
    "1.2345万": 12_345,
    "1.234K": 1_234,
}
ROUNDED = {
    "10.5M": (10_500_000, 10_450_000, 10_599_999),
    "2.52m": (2_520_000, 2_515_000, 2_529_999),
    "1.2K": (1_200, 1_150, 1_299),
    "1.0M": (1_000_000, 950_000, 1_099_999),
    "3B": (3_000_000_000, 2_500_000_000, 3_999_999_999),
    "24.7万": (247_000, 246_500, 247_999),
    "24.7 万": (247_000, 246_500, 247_999),
    "２４．７万": (247_000, 246_500, 247_999),
    "2275.6万": (22_756_000, 22_755_500, 22_756_999),
    "1,234.5万": (12_345_000, 12_344_500, 12_345_999),
    "0.7万": (7_000, 6_500, 7_999),
    "3.2萬": (32_000, 31_500, 32_999),
    "1.2w": (12_000, 11_500, 12_999),
    "1.2亿": (120_000_000, 115_000_000, 129_999_999),
    "1.2億": (120_000_000, 115_000_000, 129_999_999),
    "3千万": (30_000_000, 25_000_000, 39_999_999),
    "0万": (0, 0, 9_999),
}
AT_LEAST = {
    "10万+": 100_000,
    "10万＋": 100_000,
    "10w+": 100_000,
    "5K+": 5_000,
    "999+": 999,
    "3600多万": 36_000_000,
    "3600万多": 36_000_000,
    "3600余万": 36_000_000,
    "1.2亿+": 120_000_000,
    "100多": 100,
}
NOT_COUNTS = [
    "", " ", "很多", "万", "+", "-1", "−5", "1.234", "1.5", "1.00", "1,23", "12,34,567", "1,234 567", "25 01", "10,5M",
    "1.2.3万", "1.23456万", "1e6", "0x10", "1_000", "٣", "24.7万粉丝", "12 subscribers", "1-2万", "9999亿", "1" * 30,
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), EXACT.items())
def test_a_full_number_is_exact(text: str, value: int) -> None:
    assert read_count(text) == CountText(value, value, value, Qualifier.EXACT, text)


@pytest.mark.parametrize(("text", "bounds"), ROUNDED.items())
def test_a_shortened_number_has_bounds(text: str, bounds: tuple[int, int, int]) -> None:
    assert read_count(text) == CountText(*bounds, Qualifier.ROUNDED, text)


@pytest.mark.parametrize(("text", "value"), AT_LEAST.items())
def test_a_number_and_more_has_no_upper_end(text: str, value: int) -> None:
    assert read_count(text) == CountText(value, value, None, Qualifier.AT_LEAST, text)


@pytest.mark.parametrize("text", NOT_COUNTS)
def test_what_is_no_count_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(NotACount):
        read_count(text)


def test_a_number_that_was_sent_as_one_is_exact_and_has_no_text() -> None:
    assert count_of(30_352_069) == CountText(30_352_069, 30_352_069, 30_352_069, Qualifier.EXACT, "")


@pytest.mark.parametrize("value", [-1, True, None, 24.7, [1], {"count": 1}, 10**30], ids=repr)
def test_a_value_of_another_kind_is_refused(value: object) -> None:
    with pytest.raises(NotACount):
        count_of(value)


@settings(derandomize=True, deadline=None)
@given(st.integers(0, 5_000_000_000), st.sampled_from([("K", 3), ("M", 6), ("万", 4), ("亿", 8)]), st.integers(0, 2))
def test_the_bounds_hold_whether_a_platform_rounds_or_cuts_off(count: int, unit: tuple[str, int], places: int) -> None:
    letter, zeros = unit
    step = 10 ** (zeros - places)
    for shown in (count // step, (count + step // 2) // step):
        whole, part = divmod(shown, 10**places)
        read = read_count(f"{whole}.{part:0{places}}{letter}" if places else f"{whole}{letter}")
        assert read.value == shown * step
        assert read.high is not None and read.low <= count <= read.high
