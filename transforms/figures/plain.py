"""One plain form of headers and labels, so that each is written once in our tables.

Traditional characters become simplified ones, full-width signs half-width, Chinese numerals of dates digits.
"""

import re
import unicodedata

from transforms.claims.scripts import TO_SIMPLIFIED

_MORE = "歸归屬属絀绌帳账滙汇併并錄录廈厦異异擋挡償偿遞递鬥斗佈布誌志註注託托佔占餘余盪荡鉅巨籍籍倆俩衞卫綫线裏里"
_SIMPLE = str.maketrans({
    **TO_SIMPLIFIED,
    **dict(zip(_MORE[::2], _MORE[1::2], strict=True)),
    "╱": "/", "∕": "/", "⁄": "/", "–": "-", "—": "-", "―": "-", "−": "-", "‑": "-", "﹣": "-",
    "’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "、": "、",
})  # fmt: skip
_DIGITS = {"〇": "0", "零": "0", "○": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7"}
_DIGITS |= {"八": "8", "九": "9"}
_NUMERALS = "〇零○一二三四五六七八九"
_YEAR = re.compile(rf"([{_NUMERALS}]{{4}})(?=年)")
_SMALL = re.compile(r"([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=个月|月|日|季度|季)")
_SPACES = re.compile(r"\s+")
_CHINESE_GAP = re.compile("(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff\\d])|(?<=\\d) (?=[年月日])")


def plain(text: str) -> str:
    """Give a text in its plain form: simplified, half-width, in small letters, dates in digits."""
    found = unicodedata.normalize("NFKC", text.translate(_SIMPLE)).translate(_SIMPLE).lower()
    found = _SPACES.sub(" ", found).strip()
    if not any("\u3400" <= character <= "\u9fff" for character in found):
        return found
    found = _CHINESE_GAP.sub("", found)
    found = _YEAR.sub(lambda year: "".join(_DIGITS[digit] for digit in year[1]), found)
    return _SMALL.sub(lambda small: str(_small(small[1])), found)


def _small(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return int(_DIGITS[numeral])
    return 10 * int(_DIGITS.get(tens, "1")) + int(_DIGITS.get(ones, "0"))
