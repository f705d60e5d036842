"""Words for numbers and scales, in English and Chinese, and the values that they stand for."""

import re
from decimal import Decimal

SCALES: dict[str, Decimal] = {
    "hundred million": Decimal(10**8), "thousand": Decimal(10**3), "million": Decimal(10**6),
    "billion": Decimal(10**9), "trillion": Decimal(10**12), "mln": Decimal(10**6), "mn": Decimal(10**6),
    "m": Decimal(10**6), "bln": Decimal(10**9), "bn": Decimal(10**9), "b": Decimal(10**9),
    "trn": Decimal(10**12), "tn": Decimal(10**12), "k": Decimal(10**3), "ten thousand": Decimal(10**4),
    "万亿": Decimal(10**12), "千亿": Decimal(10**11), "百亿": Decimal(10**10), "十亿": Decimal(10**9),
    "亿": Decimal(10**8), "千万": Decimal(10**7), "百万": Decimal(10**6), "十万": Decimal(10**5),
    "万": Decimal(10**4), "兆": Decimal(10**12), "千": Decimal(10**3), "百": Decimal(100),
}  # fmt: skip
LETTERS = frozenset({"m", "b", "k"})
"""Scales of one letter: glued to the digits, or after money only; `20 m` is a length."""

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万亿": 10**12, "兆": 10**12, "亿": 10**8, "万": 10**4}
_GROUP = re.compile("([零〇一二两三四五六七八九十百千]*)(万亿|亿|万|兆)")

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ENGLISH: dict[str, Decimal] = (
    {word: Decimal(n) for n, word in enumerate(_UNITS)}
    | {word: Decimal(10 * n) for n, word in enumerate(_TENS, 2)}
    | {
        f"{ten}-{one}": Decimal(10 * n + m)
        for n, ten in enumerate(_TENS, 2)
        for m, one in enumerate(_UNITS[:10])
        if m
    }
    | {
        "a": Decimal(1), "an": Decimal(1), "half a": Decimal("0.5"), "half-a": Decimal("0.5"), "a dozen": Decimal(12),
        "one and a half": Decimal("1.5"), "two and a half": Decimal("2.5"), "a quarter of a": Decimal("0.25"),
        "three quarters of a": Decimal("0.75"), "a hundred": Decimal(100), "one hundred": Decimal(100),
        "two hundred": Decimal(200), "three hundred": Decimal(300), "five hundred": Decimal(500),
    }
)  # fmt: skip
ORDINALS = {
    word: n
    for n, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
         "ninth": 9, "tenth": 10, "hundredth": 100}  # fmt: skip
"""Denominators: a third, two fifths, three-quarters."""


def chinese_number(text: str) -> tuple[Decimal, Decimal]:
    """Read a Chinese numeral as its number before the last scale word, and that scale: 三千六百亿 is 3600 and 10^8.

    A scale that stands alone counts once: 万亿 is 1 and 10^12, 万 is 10000 and 1.
    """
    groups = [(found[1], _GROUPS[found[2]]) for found in _GROUP.finditer(text)]
    if not groups:
        return Decimal(_below_ten_thousand(text)), Decimal(1)
    first, scale = groups[0]
    if not first:
        return (Decimal(scale), Decimal(1)) if len(text) == 1 else (Decimal(1), Decimal(scale))
    total = sum(_below_ten_thousand(digits) * size for digits, size in groups if digits)
    rest = text[max(found.end() for found in _GROUP.finditer(text)) :]
    if rest:
        is_short = len(rest) == 1 and rest in _DIGITS
        total += _DIGITS[rest] * groups[-1][1] // 10 if is_short else _below_ten_thousand(rest)
    return Decimal(total) / scale, Decimal(scale)


def digit(character: str) -> int:
    """Give the value of one Chinese or Latin digit."""
    return int(character) if character.isdecimal() else _DIGITS[character]


def _below_ten_thousand(text: str) -> int:
    """Add up places; 二五 without places is read digit by digit, 三千六 has its last place left out."""
    if not any(character in _PLACES for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total, pending, last = 0, None, 1
    for character in text:
        if character in _PLACES:
            last = _PLACES[character]
            total += (1 if pending is None else pending) * last
            pending = None
        else:
            pending = _DIGITS[character]
            last = 10 if pending == 0 else last
    return total + (pending or 0) * (last // 10 if last > 10 else 1)
