"""Find whom a text names: every name of the watch list in one pass, the longest of those that overlap.

Latin names need a boundary on both sides (LI in plasticity is no Li Auto) and a capital where the list has
one (musk, tesla); short ones in capitals, and tickers, count only as written. Chinese has no boundaries, so
there the rules for ambiguous names decide.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

import ahocorasick

from extractors.watchlist import Security, WatchList
from transforms.mention_rules import RULES, Rule

COMPANY, PERSON, PRODUCT = "itself", "person", "product"
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_SHORT = 4
_NO_RULE = Rule()
_LEAST_TICKER = 3
_MARKETS = {
    "XHKG": ("HKEX", "SEHK", "HKSE", "HK", "HKG", "港股", "股份代號", "股份代号", "股票代码", "股票代號"),
    "XNYS": ("NYSE", "US", "纽交所", "纽约证券交易所"),
    "XNAS": ("NASDAQ", "US", "纳斯达克"),
    "XSHE": ("SZSE", "SZ", "深交所"),
    "XSHG": ("SSE", "SH", "上交所"),
}
_SUFFIXES = {
    "XHKG": (".HK", ":HK", " HK"),
    "XNYS": (".N", ".US", ":US", " US"),
    "XNAS": (".O", ".OQ", ".US", ":US", " US"),
    "XSHE": (".SZ",),
    "XSHG": (".SH", ".SS"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """One way in which texts write somebody."""

    text: str
    kind: str
    entity_id: str
    is_exact: bool = False
    """Counts in this case of letters only."""
    rule: Rule = _NO_RULE


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names somebody, by characters of the text as it was given."""

    start: int
    end: int
    names: tuple[Name, ...]
    """More than one where two share a name."""


class Gazetteer:
    """All names of a watch list, ready to be found."""

    def __init__(self, watchlist: WatchList) -> None:
        by_key: dict[str, list[Name]] = {}
        for name in names_of(watchlist):
            by_key.setdefault(_key(name.text), []).append(name)
        self._automaton = ahocorasick.Automaton()
        for key, names in by_key.items():
            self._automaton.add_word(key, (len(key), tuple(dict.fromkeys(names))))
        self._is_empty = not by_key
        if by_key:
            self._automaton.make_automaton()

    def find(self, text: str) -> list[Mention]:
        """List the places where a text names somebody, in order; where names overlap the longest stands."""
        if self._is_empty:
            return []
        plain = text if unicodedata.is_normalized("NFKC", text) else _MAYBE_OTHER.sub(_plain, text)
        found: list[Mention] = []
        for last, (length, names) in self._automaton.iter(_lowered(plain)):
            start, end = last + 1 - length, last + 1
            if not _is_bounded(plain, start, end):
                continue
            kept = tuple(
                one for one in names if _is_written(plain[start:end], one) and one.rule.allows(plain, start, end)
            )
            if kept:
                found.append(Mention(start, end, kept))
        found.sort(key=lambda one: (one.start, -one.end))
        longest = list(_longest(found))
        return longest if len(plain) == len(text) else _placed(longest, text)


_MAYBE_OTHER = re.compile(
    "[\u00a0-\u02ff\u037a-\u03ff\u0587\u0675-\u0678\u0e33\u0eb3\u0f0c\u0f77\u0f79\u10fc\u1d2c-\u1fff"
    "\u2000-\u200a\u2011\u2017\u2024-\u2026\u202f\u2033-\u2037\u203c\u203e\u2047-\u2049\u2057\u205f\u2070-\u24ff"
    "\u2a0c\u2a74-\u2a76\u2adc\u2c7c-\u2c7d\u2d6f\u2e9f\u2ef3\u2f00-\u2fd5\u3000\u3036-\u303a\u309b-\u309f\u30ff\u3131-\u33ff"
    "\ua69c-\ua7ff\uab5c-\uab69\uf900-\uffff\U00010781-\U000107ba\U0001d400-\U0001f2ff\U0001fbf0-\U0002fa1f]"
)
"""Blocks that hold the characters with a plain form (NFKC) of their own: wide and ringed letters, ligatures, …, №."""


def _plain(found: re.Match[str]) -> str:
    """Give one character's plain form: one by one, so that every place can be found again."""
    return unicodedata.normalize("NFKC", found[0])


def _placed(found: list[Mention], text: str) -> list[Mention]:
    """Find the places of the plain text in the text as it was given: some characters, as …, are several plain ones."""
    ends, shifts, shift = [0], [0], 0
    for one in _MAYBE_OTHER.finditer(text):
        grown = len(_plain(one)) - 1
        if grown:
            shift += grown
            ends.append(one.end() + shift)
            shifts.append(shift)

    def place(plain: int) -> int:
        return plain - shifts[bisect_right(ends, plain) - 1]

    return [replace(one, start=place(one.start), end=place(one.end)) for one in found]


def _longest(found: list[Mention]) -> Iterator[Mention]:
    end = 0
    for mention in found:
        if mention.start >= end:
            end = mention.end
            yield mention


def _key(text: str) -> str:
    return _lowered(unicodedata.normalize("NFKC", text))


def _lowered(text: str) -> str:
    """Lower a text without moving a character: some letters grow when they are lowered."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_LOWER)


def _is_bounded(text: str, start: int, end: int) -> bool:
    """Tell a whole word from a piece of one, at the ends that are Latin letters or digits."""
    return not (
        (start > 0 and _joins(text[start - 1]) and _joins(text[start]))
        or (end < len(text) and _joins(text[end]) and _joins(text[end - 1]))
    )


def _joins(character: str) -> bool:
    return character.isalnum() and character < "\u0250"


def _is_written(text: str, name: Name) -> bool:
    """Check the case: exact where it must be, else a capital where the name has one."""
    if text == name.text:
        return True
    if name.is_exact:
        return False
    return text != text.lower() or name.text == name.text.lower()


def names_of(watchlist: WatchList) -> Iterator[Name]:
    """List every way in which texts write whom a watch list holds."""
    for kind, entities in ((COMPANY, watchlist.companies), (PERSON, watchlist.people), (PRODUCT, watchlist.products)):
        for entity in entities:
            for text in filter(None, (entity.name, entity.name_zh, *entity.aliases)):
                plain = unicodedata.normalize("NFKC", text)
                is_exact = plain.isascii() and plain.isupper() and len(plain) <= _SHORT
                yield Name(plain, kind, entity.id, is_exact, RULES.get(plain, _NO_RULE))
    for security in watchlist.securities:
        if security.company:
            yield from (Name(text, COMPANY, security.company, is_exact=True) for text in _tickers(security))


def _tickers(security: Security) -> Iterator[str]:
    """List the ways in which texts write a code: with the market before or after it, with and without zeros."""
    codes = dict.fromkeys((security.code, security.code.lstrip("0")))
    for code in codes:
        for market in _MARKETS.get(security.exchange, ()):
            yield from (f"{written}{mark}{code}" for written in (market, market.title()) for mark in (":", ": "))
        yield from (f"{code}{suffix}" for suffix in _SUFFIXES.get(security.exchange, ()))
        yield f"${code}"
    if (security.code.isalpha() and len(security.code) >= _LEAST_TICKER) or security.code.startswith("0"):
        yield security.code
    if security.yahoo and not security.yahoo.isalpha():
        yield security.yahoo
