"""What Tencent's Chinese texts about dividends, buybacks and splits say, read exactly or not at all.

A text that no pattern covers whole gives None: the words are kept, and no number is guessed from a part of them.
A bare yuan sign is yuan on the mainland only; elsewhere it could be any dollar.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

_CURRENCIES = {
    "美元": "USD", "港元": "HKD", "港币": "HKD", "港幣": "HKD", "人民币": "CNY", "人民幣": "CNY", "人民币元": "CNY",
}  # fmt: skip
_NUMBER = r"\d+(?:\.\d+)?"
_CURRENCY = "|".join(sorted(_CURRENCIES, key=len, reverse=True))
_TAX = r"(?:[(（]含税[)）])?"
_PER_TEN = re.compile(
    rf"(?:每)?10股?(?:送(?P<bonus>{_NUMBER})股?)?(?:转增?(?P<capital>{_NUMBER})股?)?(?:派(?P<cash>{_NUMBER})元)?{_TAX}"
)
_PER_SHARE = re.compile(
    rf"(?:末期|中期|特别|年度|第[一二三四]季度?)?(?:股息|派息|息)?[:：,，]?每股(?:分配|派发|派息|派)?(?:现金)?(?:股息)?"
    rf"(?P<before>{_CURRENCY})?(?P<amount>{_NUMBER})(?P<after>{_CURRENCY}|元)?{_TAX}"
)
_BUYBACK = re.compile(
    rf"回购(?P<count>{_NUMBER})(?P<unit>[万亿]?)股(?:[,，]均价(?P<price>{_NUMBER})(?P<currency>{_CURRENCY}|元))?"
)
_SPLIT = re.compile(
    rf"每?(?P<before>{_NUMBER})股?(?:拆分成|拆分为|拆成|拆为|拆|合并成|合并为|合成|合为|合)(?P<after>{_NUMBER})股?"
)


@dataclass(frozen=True, slots=True)
class Cash:
    """Money per unit."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """Units after in place of units before."""

    after: Decimal
    before: Decimal


def cash_of(text: str, *, is_mainland: bool) -> Cash | None:
    """Read a dividend text, such as 10派259.11元 (for ten shares) or 每股分配1.889美元, per share."""
    words = _plain(text)
    if is_mainland and (found := _PER_TEN.fullmatch(words)) and found["cash"]:
        return Cash(Decimal(found["cash"]) / 10, "CNY")
    if found := _PER_SHARE.fullmatch(words):
        currency = _currency(found["before"] or found["after"] or "", is_mainland=is_mainland)
        return Cash(Decimal(found["amount"]), currency) if currency else None
    return None


def bonus_of(text: str) -> Ratio | None:
    """Read the shares that a mainland dividend text gives on top: 10送3转4 makes 17 of 10."""
    found = _PER_TEN.fullmatch(_plain(text))
    if not found or not (found["bonus"] or found["capital"]):
        return None
    return Ratio(10 + Decimal(found["bonus"] or 0) + Decimal(found["capital"] or 0), Decimal(10))


def buyback_price_of(text: str, *, is_mainland: bool) -> Cash | None:
    """Read the average price of a buyback text that names one, such as 回购23.70万股，均价423.851港元."""
    found = _BUYBACK.fullmatch(_plain(text))
    if not found or not found["price"]:
        return None
    currency = _currency(found["currency"], is_mainland=is_mainland)
    return Cash(Decimal(found["price"]), currency) if currency else None


def split_of(text: str) -> Ratio | None:
    """Read a split or consolidation text, such as 每1股拆分成10股."""
    found = _SPLIT.fullmatch(_plain(text))
    if not found or not (Decimal(found["before"]) and Decimal(found["after"])):
        return None
    return Ratio(Decimal(found["after"]), Decimal(found["before"]))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).rstrip("。;；")


def _currency(word: str, *, is_mainland: bool) -> str:
    return "CNY" if word == "元" and is_mainland else _CURRENCIES.get(word, "")
