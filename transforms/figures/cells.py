"""Cells of tables as numbers: brackets, nil marks, footnote marks, percent and currency signs.

A cell that could be read in two ways is no number.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_NIL = frozenset({"-", "–", "—", "−", "－", "―", "nil", "無", "无"})
_ABSENT = frozenset({"n/a", "na", "n/m", "nm", "n.m.", "不适用", "不適用", "*", "/", "--"})
_SIGNS = {
    "us$": "USD", "hk$": "HKD", "nt$": "TWD", "c$": "CAD", "a$": "AUD", "s$": "SGD", "rmb": "CNY", "$": "", "¥": "",
    "€": "EUR", "£": "GBP", "usd": "USD", "hkd": "HKD", "cny": "CNY",
}  # fmt: skip
_SIGN = "|".join(re.escape(sign) for sign in _SIGNS)
_POINT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")
_COMMA = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_AROUND = re.compile(
    rf"^(?P<open>\()?\s*(?P<sign>{_SIGN})?\s*(?P<minus>[-−–+](?=[\d.$¥€£])|(?P<inner>\())?\s*(?P<late>{_SIGN})?\s*"
    r"(?P<number>[\d.,]+)\s*(?P<percent>%)?\s*(?P<close>\))?\s*(?P<after>%)?\s*(?P<note>\((?:\d{1,2}|[a-z]|[ivx]+)\)|[*†‡#^]{1,2})?$"
)
_GERMAN = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?![\d.,])|(?<![\d.,])\d+,\d{1,2}\s?%")
_ENGLISH = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d.,])|(?<![\d.,])\d+\.\d{1,2}\s?%")
_GLUED_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?!,)")
_GLUED_DECIMALS = re.compile(r"-?\d{1,3}(?:,\d{3})*\.\d%?|\(\d{1,3}(?:,\d{3})*\.\d\)")
COMMA_LANGUAGES = frozenset({"de", "fr", "es", "it", "pt", "nl"})


@dataclass(frozen=True, slots=True)
class Number:
    """One number as a cell shows it, before any unit."""

    value: Decimal
    decimals: int = 0
    is_percent: bool = False
    is_nil: bool = False
    currency: str = ""
    """From a sign that is no other country's too; the dollar sign alone is nobody's."""
    is_bracketed: bool = False
    is_bare: bool = False
    """A small whole number without any sign, as a note in the column beside the labels is."""


def number_of(text: str, *, decimal_comma: bool = False) -> Number | None:
    """Read a cell; None for what is no number, or might be two."""
    cell = unicodedata.normalize("NFKC", text).strip().lower()
    if cell in _NIL or (cell and cell.lstrip("".join(_SIGNS)) in _NIL):
        return Number(Decimal(0), is_nil=True)
    found = _AROUND.match(cell)
    if found is None or not _is_closed(found):
        return None
    digits = found["number"]
    if not (_COMMA if decimal_comma else _POINT).fullmatch(digits):
        return None
    digits = digits.replace(".", "").replace(",", ".") if decimal_comma else digits.replace(",", "")
    value = Decimal(digits)
    is_bracketed = bool(found["open"] or found["inner"])
    is_negative = is_bracketed or (found["minus"] or "").strip() in ("-", "−", "–")
    sign = found["sign"] or found["late"] or ""
    return Number(
        value=-value if is_negative else value,
        decimals=len(digits.partition(".")[2]),
        is_percent=bool(found["percent"] or found["after"]),
        currency=_SIGNS[sign] if sign else "",
        is_bracketed=is_bracketed,
        is_bare=cell.isdigit() and len(cell) <= 2,
    )


def is_absent(text: str) -> bool:
    """Tell a cell that says that there is no number here from one that holds words."""
    return unicodedata.normalize("NFKC", text).strip().lower() in _ABSENT


def has_decimal_comma(text: str, language: str = "") -> bool:
    """Tell by language, else by the grouping of all numbers of a text, which sign parts decimals."""
    if language:
        return language.partition("-")[0] in COMMA_LANGUAGES
    german, english = len(_GERMAN.findall(text)), len(_ENGLISH.findall(text))
    return german > 0 and english == 0


def parted(text: str) -> list[str] | None:
    """Part numbers that stand glued together: by thousands, or with one decimal each; None where it is not sure.

    `91,50746,533` are 91,507 and 46,533, as a group of three ends a number; `9,005.273,243.748.8%` are three numbers.
    """
    cell = unicodedata.normalize("NFKC", text).replace(" ", "")
    for pattern in (_GLUED_DECIMALS, _GLUED_THOUSANDS):
        found = pattern.findall(cell)
        if len(found) > 1 and "," in cell and "".join(found) == cell:
            return found
    return None


def _is_closed(found: re.Match[str]) -> bool:
    opened = bool(found["open"]) + bool(found["inner"])
    return opened == bool(found["close"]) and not (found["sign"] and found["late"])
