"""Find whom a text names: every name of the watch list in one pass, the longest of those that overlap.

Latin names need a boundary on both sides (LI in plasticity is no Li Auto) and a capital where the list has
one (musk, tesla); short ones in capitals, and tickers, count only as written. Chinese has no boundaries, so
there the rules for ambiguous names decide.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

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
    """One place where a text names somebody."""

    start: int
    end: int
    names: tuple[Name, ...]
    """More than one where two share a name."""


class Gazetteer:
    """All names of a watch list, ready to be found."""

    def __init__(self, watchlist: WatchList) -> None:
        by_key: dict[str, list[Name]] = {}
        for name in _names(watchlist):
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
        plain = unicodedata.normalize("NFKC", text)
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
        return list(_longest(found))


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


def _names(watchlist: WatchList) -> Iterator[Name]:
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
