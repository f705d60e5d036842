"""Numbers in a text, with scale, unit and currency; what they are said of comes later."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from transforms.claims import currencies
from transforms.claims.number_words import ENGLISH, LETTERS, SCALES, chinese_number
from transforms.claims.units import MONEY, RATES, WORD_COUNTS, noun_at, unit_at

NUMBER, PART, MULTIPLE, RANK, STREAK = "number", "part", "multiple", "rank", "streak"
_MOST_DIGITS = 24


@dataclass(frozen=True, slots=True)
class Amount:
    """One number, by its place in the folded text of a sentence."""

    start: int
    end: int
    value: Decimal
    """As written, before the scale word."""
    scale: Decimal = Decimal(1)
    unit: str = ""
    currency: str = ""
    kind: str = NUMBER
    per: str = ""
    """share or year, where the words beside it say so."""
    is_more: bool = False
    """With 多, 余, + or -plus: the number and something on top."""
    is_word: bool = False
    """Written in words; counts only beside a unit or scale."""
    added: Decimal = Decimal(0)
    """What the words put on top: one for 增长2倍, which is three times as much."""
    high: Decimal | None = None
    """Upper end of a range, scaled."""
    direction: str = ""
    """Said by the number itself: doubled, halved."""
    is_negative: bool = False
    reach: int = 0
    """Where the words end that belong to it, the noun after adjectives included."""

    @property
    def scaled(self) -> Decimal:
        """The value with its scale."""
        return self.value * self.scale + self.added


_ENGLISH_WORDS = "|".join(sorted((re.escape(word).replace(r"\ ", r"\s") for word in ENGLISH), key=len, reverse=True))
_CODES = ("RMB", "CNY", "HKD", "USD", "EUR", "GBP", "JPY", "Rmb", "SGD", "TWD")
_AFTER_CODE = "|".join(f"(?<={code})" for code in _CODES)
_NUMBER = re.compile(
    rf"(?P<digits>(?:(?<![A-Za-z0-9_.])|{_AFTER_CODE})"
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+))"
    r"|(?P<chinese>(?<![第零一二两三四五六七八九十百千万亿\d])"
    r"(?:[零〇一二两三四五六七八九十百千]+(?:(?:万亿|亿|万|兆)(?:[零〇一二两三四五六七八九十百千]+(?!成"
    r"|分之))?)*|万亿|万|亿|兆))"
    rf"|(?<![A-Za-z0-9-])(?P<english>(?:{_ENGLISH_WORDS}))(?![A-Za-z])",
    re.IGNORECASE,
)
_LATIN_SCALES = sorted((word for word in SCALES if word.isascii()), key=len, reverse=True)
_SCALE = re.compile(
    r"(?P<more>\+|-plus|[多余来几])?(?P<gap>[\s-]?)"
    rf"(?P<scale>(?:(?:million|billion|trillion|thousand)s?"
    rf"|{'|'.join(_LATIN_SCALES).replace(' ', '[ ]')})(?![A-Za-z])|万亿|[百千]?亿|[十百千]?万|兆"
    rf"|千(?=[多余]?[辆台家元人名部公米件套个]))"
    r"(?P<after>\+|-plus|[多余](?!年))?",
    re.IGNORECASE,
)
_MORE = re.compile(r"\+|-?plus\b|-odd\b|[多余](?!年|次|个百)")
_VAGUE = re.compile("[数几]$")
"""数千万 is tens of millions, of which nobody says how many."""
_CAPITAL = re.compile(
    r"(?<![A-Za-z])(?!(?:About|Over|Nearly|Almost|Only|Some|Around|The|At|Of|In|To|And|With|From|For|By"
    r"|Just)\b)[A-Z][A-Za-z]*\s$"
)
_OPENS = re.compile(r"(?:^|[.!?:;,。，；：\"'(]\s?)[A-Z][A-Za-z]*\s$")
_COMPOUND = re.compile(r"(?:零)?(\d{1,4}(?:\.\d+)?)万")
_THOUSANDS_DOT = re.compile(r"\d{1,3}(?:\.\d{3})+$")
_WHOLE_THINGS = frozenset(
    {"vehicles", "phones", "orders", "stores", "cities", "people", "employees", "units", "shares"}
)


def numbers(text: str) -> Iterator[Amount]:
    """Find every number of a sentence in digits or words, with the unit beside it; linear in its length."""
    end = 0
    for found in _NUMBER.finditer(text):
        if found.start() < end:
            continue
        amount = _read(text, found)
        if amount:
            end = max(amount.end, found.end())
            yield amount


def _read(text: str, found: re.Match[str]) -> Amount | None:
    if found["chinese"] and _VAGUE.search(text, max(0, found.start() - 1), found.start()):
        return None
    if found["digits"]:
        return _with_digits(text, found)
    if found["chinese"]:
        return _with_chinese(text, found)
    return _with_english(text, found)


def _with_digits(text: str, found: re.Match[str]) -> Amount | None:
    digits = found["digits"]
    if len(digits) > _MOST_DIGITS:
        return None
    amount = Amount(found.start(), found.end(), Decimal(digits.replace(",", "")))
    amount = _signed(text, amount)
    amount = _with_unit(text, _scaled(text, amount))
    if _is_name(text, amount):
        return None
    if amount.unit in _WHOLE_THINGS and _THOUSANDS_DOT.fullmatch(digits) and amount.scale == 1:
        amount = replace(amount, value=Decimal(digits.replace(".", "")))
    return None if _is_part_of_a_word(text, amount) else amount


def _with_chinese(text: str, found: re.Match[str]) -> Amount | None:
    value, scale = chinese_number(found["chinese"])
    amount = Amount(found.start(), found.end(), value, scale, is_word=True)
    more = _MORE.match(text, amount.end)
    if more:
        amount = replace(amount, end=more.end(), is_more=True)
        scale_word = _SCALE.match(text, amount.end)
        if scale_word and not scale_word["gap"] and scale == 1:
            amount = replace(amount, end=scale_word.end(), scale=SCALES[scale_word["scale"]])
    amount = _with_unit(text, amount)
    is_counted = amount.unit in WORD_COUNTS and amount.value > 1
    return amount if amount.scale > 1 or amount.currency or is_counted else None


def _with_english(text: str, found: re.Match[str]) -> Amount | None:
    word = re.sub(r"\s", " ", found["english"].lower())
    amount = _with_unit(text, _scaled(text, Amount(found.start(), found.end(), ENGLISH[word], is_word=True)))
    is_article = word in ("a", "an")
    if amount.scale > 1 and not (is_article and amount.scale < 1000):
        return amount
    is_point = amount.unit == "pp" and "-" in text[amount.start : amount.end]
    return None if is_article or is_point or word == "one" or amount.unit not in WORD_COUNTS else amount


def _signed(text: str, amount: Amount) -> Amount:
    """Take a sign or a currency's sign before the digits into the number."""
    found = currencies.before(text, amount.start)
    start = found[1] if found else amount.start
    is_negative = start > 0 and text[start - 1] == "-" and not text[max(0, start - 2) : start - 1].strip("( ，,:：")
    currency = found[0] if found else ""
    return replace(
        amount, start=start - is_negative, currency=currency, unit=MONEY if found else "", is_negative=is_negative
    )


def _scaled(text: str, amount: Amount) -> Amount:
    found = _SCALE.match(text, amount.end)
    if not found or not _is_scale(found, amount):
        more = _MORE.match(text, amount.end)
        return replace(amount, end=more.end(), is_more=True) if more else amount
    scale = SCALES[found["scale"].lower().removesuffix("s") if found["scale"].isascii() else found["scale"]]
    amount = replace(amount, end=found.end(), scale=scale, is_more=bool(found["more"] or found["after"]))
    rest = _COMPOUND.match(text, found.end()) if found["scale"].endswith("亿") and not found["after"] else None
    if rest:
        total = amount.scaled + Decimal(rest[1]) * 10**4
        amount = replace(amount, end=rest.end(), value=total / scale)
    return amount


def _is_scale(found: re.Match[str], amount: Amount) -> bool:
    """Tell a scale from a unit of the same letter: letters stand at the digits, or after money."""
    word = found["scale"].lower()
    return word not in LETTERS or not found["gap"] or bool(amount.currency)


def _with_unit(text: str, amount: Amount) -> Amount:
    place = amount.end
    start = place + (text[place : place + 1] in (" ", "-") and len(text) > place + 1)
    currency = None if amount.currency else currencies.after(text, start)
    if currency and not (amount.is_word and amount.scale == 1 and currency[0] == currencies.UNSETTLED):
        return _per(text, replace(amount, end=currency[1], reach=currency[1], unit=MONEY, currency=currency[0]))
    if amount.currency:
        named = currencies.after(text, start)
        end = named[1] if named and named[0] in (amount.currency, currencies.UNSETTLED) else place
        return _per(text, replace(amount, end=end, reach=end))
    unit = unit_at(text, place)
    if not unit and not amount.is_word:
        unit = noun_at(text, place) if amount.value >= 2 else None
    if not unit:
        return _per(text, replace(amount, reach=amount.end))
    end = unit.end if unit.is_adjacent else place
    return _per(text, replace(amount, end=end, reach=unit.end, unit=unit.code))


_PER_AFTER = re.compile(
    r"\s?(?:(?P<share>a share|per share|apiece|per ADS|each share|each(?! \w)|/share|/股|每股)"
    r"|(?P<year>(?:a|per|each|every) year|annually|per annum|yearly|/年|一年|每年))",
    re.IGNORECASE,
)
_PER_BEFORE = re.compile(r"(?:(?P<share>每股)|(?P<year>年薪|年产能?|每年))[^\d，。；,;]{0,8}$")


def _per(text: str, amount: Amount) -> Amount:
    """Mark what a number is counted by: one share, one year."""
    found = _PER_AFTER.match(text, amount.reach) or _PER_BEFORE.search(text[max(0, amount.start - 12) : amount.start])
    return replace(amount, per=found.lastgroup or "") if found else amount


def _is_name(text: str, amount: Amount) -> bool:
    """Tell RTX 4090 and Polestar 2 from numbers: digits without mark or scale, after a word with a capital."""
    if amount.scale > 1 or amount.currency or amount.unit in RATES or amount.value != int(amount.value):
        return False
    before = text[max(0, amount.start - 24) : amount.start]
    if "," in text[amount.start : amount.end] or not _CAPITAL.search(before):
        return False
    return amount.unit == "" or (amount.value < 100 and not _OPENS.search(before))


def _is_part_of_a_word(text: str, amount: Amount) -> bool:
    """Tell 5G, 17Pro, 14-inch and 3nm-like names from numbers."""
    following = text[amount.end : amount.end + 2]
    if amount.unit or amount.scale > 1:
        return bool(following[:1].isascii() and following[:1].isalnum())
    return following[:1].isascii() and (
        following[:1].isalpha() or following[:1] == "_" or (following[:1] == "-" and following[1:].isalpha())
    )
