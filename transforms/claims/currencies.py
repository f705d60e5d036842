"""Signs and words of currencies, before and after a number."""

import re

_BEFORE = (
    ("HKD", r"HK\$|HKD|H\.K\.\$|港币|港元"),
    ("USD", r"US\$|USD|U\.S\.\$|美元"),
    ("TWD", r"NT\$|TWD"),
    ("SGD", r"S\$|SGD"),
    ("AUD", r"A\$|AUD"),
    ("CAD", r"C\$|CAD"),
    ("CNY", r"RMB¥?|CN¥|CNY|Rmb|人民币"),
    ("JPY", r"JP¥|JPY"),
    ("EUR", r"€|EUR"),
    ("GBP", r"£|GBP"),
    ("KRW", r"₩|KRW"),
    ("INR", r"₹|INR|Rs\.?"),
    ("CHF", r"CHF"),
    ("USD", r"\$"),
    ("CNY", r"¥|￥"),
)
_AFTER = (
    ("HKD", r"Hong Kong dollars?\b|HK dollars?\b|HKD\b|港元|港币|元港币|块港币|港纸"),
    ("USD", r"(?:US|U\.S\.) dollars?\b|USD\b|美元|美金"),
    ("TWD", r"(?:New )?Taiwan dollars?\b|NT dollars?\b|新台币|新台元|台币"),
    ("SGD", r"Singapore dollars?\b|新加坡元|新元"),
    ("AUD", r"Australian dollars?\b|澳元"),
    ("CAD", r"Canadian dollars?\b|加元"),
    ("CNY", r"元人民币|块人民币|人民币|(?:Chinese )?yuan\b|renminbi\b|RMB\b|CNY\b"),
    ("JPY", r"(?:Japanese )?yen\b|JPY\b|日元|日圆"),
    ("EUR", r"euros?\b|EUR\b|€|欧元"),
    ("GBP", r"pounds?(?: sterling)?\b(?! of)|GBP\b|£|英镑"),
    ("KRW", r"(?:South )?(?:Korean )?won\b|韩元|韩圆"),
    ("INR", r"(?:Indian )?rupees?\b|卢比"),
    ("CHF", r"Swiss francs?\b|CHF\b|瑞郎"),
    ("RUB", r"roubles?\b|rubles?\b|卢布"),
    ("USD", r"dollars?\b|bucks\b"),
    ("?", r"元|圆|块钱"),
)
UNSETTLED = "?"
"""元 alone: mainland money, or Hong Kong money in Hong Kong prices."""


def _pattern(table: tuple[tuple[str, str], ...]) -> str:
    return "|".join(f"(?P<c{place}>{words})" for place, (_, words) in enumerate(table))


_BEFORE_RE = re.compile(rf"(?<![A-Za-z])(?:{_pattern(_BEFORE)})\s?$")
_AFTER_RE = re.compile(_pattern(_AFTER))
_LONGEST_SIGN = 8
_NOTE = re.compile(
    r"(?P<currency>人民币|港元|港币|美元)(?:为单位)?[，,、]?(?:下同|除非另有)|(?:figures"
    r"|amounts) (?:are )?in (?P<words>RMB|yuan|US dollars|Hong Kong dollars)"
)
_NAMED = {
    "人民币": "CNY", "港元": "HKD", "港币": "HKD", "美元": "USD", "RMB": "CNY", "yuan": "CNY", "US dollars": "USD",
    "Hong Kong dollars": "HKD",
}  # fmt: skip


def before(text: str, place: int) -> tuple[str, int] | None:
    """Find the currency whose sign ends at a place: its code and where the sign begins."""
    window = max(0, place - _LONGEST_SIGN)
    found = _BEFORE_RE.search(text[window:place])
    return (_BEFORE[_number(found)][0], window + found.start()) if found else None


def after(text: str, place: int) -> tuple[str, int] | None:
    """Find the currency whose word begins at a place: its code, or UNSETTLED, and where the word ends."""
    found = _AFTER_RE.match(text, place)
    return (_AFTER[_number(found)][0], found.end()) if found else None


def of_the_text(text: str) -> str:
    """Give the currency that a text states for all of its money, as in 人民币，下同; empty where it states none."""
    found = _NOTE.search(text)
    return _NAMED[found["currency"] or found["words"]] if found else ""


def _number(found: re.Match[str]) -> int:
    assert found.lastgroup
    return int(found.lastgroup[1:])
