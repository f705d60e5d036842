"""In what a table counts: its currency and scale, as headers, captions and notes above it say."""

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

from transforms.figures.plain import plain

_CURRENCIES = (
    ("CNY", r"rmb|renminbi|cny|人民币"),
    ("HKD", r"hk\$|hkd|港元|港币|港仙|hong kong (?:dollars?|cents?)|hk cents?"),
    ("USD", r"us\$|u\.s\.\s?\$|usd|u\.?s\.? (?:dollars?|cents?)|united states dollars?|美元|美金|美仙"),
    ("TWD", r"nt\$|twd|new taiwan dollars?|新台币"),
    ("SGD", r"s\$|sgd|singapore dollars?|新加坡元"),
    ("CAD", r"c\$|cad|canadian (?:dollars?|cents?)|加元|加币"),
    ("AUD", r"a\$|aud|australian (?:dollars?|cents?)|澳元"),
    ("JPY", r"jpy|(?:japanese )?yen|日元|日圆|円"),
    ("EUR", r"eur|euros?|€|欧元"),
    ("GBP", r"gbp|£|pounds? sterling|英镑"),
    ("KRW", r"krw|₩|korean won|韩元"),
)
_CURRENCY = re.compile("|".join(rf"(?P<{code}>(?<![a-z])(?:{words})(?![a-z]))" for code, words in _CURRENCIES))
_SCALES = (
    (1_000_000_000, r"billions?(?![a-z])|bn(?![a-z])|十亿"),
    (100_000_000, r"亿"),
    (1_000_000, r"millions?(?![a-z])|mn(?![a-z])|mil\.|(?<![a-z])mm(?![a-z])|百万"),
    (10_000, r"万"),
    (1_000, r"thousands?(?![a-z])|'000s?|(?<=\d)000s(?![a-z])|千"),
)
_SCALE = re.compile("|".join(rf"(?P<s{scale}>{words})" for scale, words in _SCALES))
_CENTS = re.compile(r"cents?(?![a-z])|仙|人民币分|(?<![部百])分(?=\)|/|$)")
_SHARES_SCALE = re.compile(r"shares? in (thousands|millions)|(千|百万|万)股|shares? \(?'000|thousands? of shares")
_SHARES = {"thousands": 1_000, "millions": 1_000_000, "千": 1_000, "百万": 1_000_000, "万": 10_000}
_NOT_SHARES = re.compile(
    r"except (?:for )?(?:number of )?(?:ads|share)s?(?!\s*amounts)|except .{0,30}\bshares?\b.{0,8}(?:,|and|or)"
)
_EXCEPT = re.compile(r"[,，;]?\s*(?:except|unless|除)(?:.*)$")
_STATEMENT = re.compile(
    r"^\(?[^.。]{0,80}\b(?:in (?:thousands|millions|billions)|expressed in|amounts? in|'000)\b|单位:|单位为|币种|计值|"
    r"^\(?(?:amounts |all amounts )?(?:are )?(?:expressed |stated |presented )?in "
    r"(?:rmb|us|hk|canadian|united|thousands|millions)|"
    r"(?:rmb|renminbi|hk\$|us\$|yen|人民币|港元|港币|美元|日元).{0,12}(?:in )?"
    r"(?:thousands|millions|百万元?|千元?|万元?)[,，)]|"
    r"unless (?:otherwise )?(?:specified|stated|noted)|除非另有|除特别|除另有|下同\)"
)
_LONGEST = 220
_OTHER_CURRENCIES = (
    re.compile(
        r"^\s*\(?(?P<code>[A-Z]{3})(?: in)?\s?(?:'000s?|[Tt]housands?|[Mm]illions?|[Bb]illions?|mn|bn|m)\)?\s*$"
    ),
    re.compile(
        r"^\s*\(?(?:(?:All )?[Aa]mounts? )?(?:[Aa]re )?(?:[Ee]xpressed |[Ss]tated |[Pp]resented )?[Ii]n "
        r"(?P<code>[A-Z]{3})(?:\s?'000|\s(?:thousands?|millions?|billions?))"
    ),
    re.compile(
        r"^\s*\(?(?:(?:All )?[Aa]mounts? )?(?:[Aa]re )?(?:[Ee]xpressed |[Ss]tated |[Pp]resented )?[Ii]n "
        r"(?:thousands|millions|billions) of (?!shares|dollars|units|ADS)(?P<code>[A-Za-z][A-Za-z ]{2,30}?)"
        r"(?=\s*(?:[,;.()]|$|except|unless))"
    ),
    re.compile(
        r"单位[:为]\s*(?:百万|千|万|亿)*(?P<code>(?![百千万亿十])[\u4e00-\u9fff]{1,5}[币元圆])(?:百万|千|万|亿)*(?=$|[,;)\s])"
    ),
)
"""Captions that name a currency which is none of those above: its code, or its name as written."""
_NO_CODES = frozenset({"THE", "ALL", "PER", "NET", "NOT", "AND", "FOR", "ADS", "TON", "GWH", "MWH", "KWH"})
_UNIT_WORDS = re.compile(
    r"^[\s()/:]*(?:(?:人民币|港|美|日|欧|台)?(?:百万|千|万|亿|十亿)?(?:人民币|港|美|日)?(?:元|币|圆)?(?:百万|千|万)?|"
    r"(?:mil\.|in )?\s*(?:rmb|hk\$|us\$|usd|cny|hkd|yen|jpy|\$|eur|€|nt\$|s\$|c\$|cad|¥)?\s*(?:\(\$\))?\s*"
    r"(?:'000s?|in )?\s*(?:millions?|thousands?|mn|bn|mil\.|billions?)?\s*(?:yen)?|"
    r"%|pps?|(?:hk|us|rmb)?\s*cents?|港仙|分|人民币分)[\s()/]*$"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number of a table counts; what is not said is empty."""

    currency: str = ""
    scale: Decimal | None = None
    shares_scale: Decimal | None = None
    """Scale of numbers of shares, where it is said or follows from what is excepted."""
    is_rate: bool = False
    is_cents: bool = False
    is_plain: bool = False
    """A currency is named and no scale: ones, unless something further out says thousands."""

    def over(self, wider: "Unit") -> "Unit":
        """Give this unit, completed from what is said further out."""
        return replace(
            self,
            currency=self.currency or wider.currency,
            scale=self.scale if self.scale is not None else wider.scale,
            is_plain=self.is_plain or wider.is_plain,
            shares_scale=self.shares_scale if self.shares_scale is not None else wider.shares_scale,
        )


def unit_of(text: str) -> Unit:
    """Read a unit from a header, a caption or a label's brackets."""
    said = plain(text)
    kept = _EXCEPT.sub("", said)
    currency = _CURRENCY.search(kept) or _CURRENCY.search(said)
    is_cents = _CENTS.search(kept) is not None and _SCALE.search(kept) is None
    shares = _SHARES_SCALE.search(said)
    without_shares = _SHARES_SCALE.sub("", kept)
    scale = _SCALE.search(without_shares)
    found = Decimal(str(scale.lastgroup)[1:]) if scale else None
    is_plain = found is None and bool(currency or "元" in kept) and not shares and _is_unit_only(kept)
    if is_plain and "单位" in kept:
        found = Decimal(1)
    shares_scale = None
    if shares:
        shares_scale = Decimal(
            _SHARES[next(part for part in shares.groups() if part)] if any(shares.groups()) else 1_000
        )
    elif found is not None and "except" in said:
        shares_scale = Decimal(1) if _NOT_SHARES.search(said) else found
    elif found is not None and re.match(r"^\(?in (?:thousands|millions)\)?$", said):
        shares_scale = found
    name = str(currency.lastgroup) if currency else "USD" if "$" in kept else _other_currency(text)
    return Unit(name, found, shares_scale, said.strip("() ") in ("%", "pp", "pps"), is_cents, is_plain)


def is_unit(text: str) -> bool:
    """Tell whether a header cell says a unit and nothing else."""
    return bool(text.strip()) and (_UNIT_WORDS.match(plain(text)) is not None or _other_currency(text) != "")


def states_unit(text: str) -> bool:
    """Tell whether a line is a caption that says the unit of what follows."""
    if len(text) > _LONGEST:
        return False
    said = plain(text)
    return (
        _STATEMENT.search(said) is not None
        and (_SCALE.search(said) or _CURRENCY.search(said) or "元" in said) is not None
    )


def _other_currency(text: str) -> str:
    """Give the code of another currency, or its name as written in capitals; empty where none is named."""
    said = unicodedata.normalize("NFKC", text).replace("’", "'")
    if _CURRENCY.search(plain(said)):
        return ""
    found = next(
        (one for cell in said.split("\t") for pattern in _OTHER_CURRENCIES if (one := pattern.search(cell))), None
    )
    return "" if found is None or found["code"].upper() in _NO_CODES else found["code"].upper()


def _is_unit_only(text: str) -> bool:
    return _UNIT_WORDS.match(text) is not None or "单位" in text or "币种" in text or "expressed in" in text
