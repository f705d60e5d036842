"""Shares in issue and purchases as sentences tell them, in summaries of returns."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from transforms.figures.days import DAY, day_of
from transforms.figures.figure import Figure, Period
from transforms.figures.share_classes import class_of
from transforms.figures.share_numbers import Count, share_figure
from transforms.figures.whole import Whole

_SENTENCE = re.compile(r"[^\n.]*(?:\.(?=\d)[^\n.]*)*(?:\.|\n|$)")
_CLAUSE = re.compile(r"[^;]+")
_COUNT = r"(?P<count>\d{1,3}(?:,\d{3})+) (?:[A-Za-z ]{0,40})?shares?\b"
_MOVED = re.compile(
    rf"\b(?:in|de)creased? by (?P<moved>\d{{1,3}}(?:,\d{{3}})*)(?: shares?)? to {_COUNT}", re.IGNORECASE
)
_OPENING = re.compile(
    rf"opening balance (?:on|as at|as of|at) (?P<day>{DAY}) (?:stood at|was|of|is) {_COUNT}", re.IGNORECASE
)
_CLOSING = re.compile(
    rf"closing balance (?:(?:on|as at|as of|at) (?P<day>{DAY}) )?(?:to|stood at|was|of|at|is) {_COUNT}", re.IGNORECASE
)
_BETWEEN = re.compile(rf"between \d{{1,2}}(?: [A-Za-z]+)?(?: \d{{4}})? and (?P<day>{DAY})", re.IGNORECASE)
_BOUGHT = re.compile(
    r"(?P<count>\d{1,3}(?:,\d{3})+) [^.;\d]{0,40}shares\b[^.;]{0,60}?(?:\d[\d.]*%[^.;]{0,40}?)?\bwere repurchased",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"(?P<kind>aggregate consideration|consideration|total price) of (?P<about>approximately |about )?"
    r"(?P<money>HKD|HK\$|USD|US\$|RMB) ?(?P<count>\d{1,3}(?:,\d{3})+)(?:\.\d+)?(?! ?(?:million|billion|thousand))",
    re.IGNORECASE,
)
_DAY = re.compile(rf"\b(?:on|as of|as at) ({DAY})", re.IGNORECASE)
_ISSUED = re.compile(
    r"issued shares|shares in issue|opening balance|closing balance|share capital|repurchase", re.IGNORECASE
)
_CURRENCIES = {"hkd": "HKD", "hk$": "HKD", "usd": "USD", "us$": "USD", "rmb": "CNY"}


def read_share_sentences(whole: Whole) -> Iterator[Figure]:
    """Give what sentences say of balances and purchases of one class on one day; nothing where either is open."""
    if not _ISSUED.search(whole.text):
        return
    only_class = class_of(whole.text)
    only_day = _only({day_of(one) for one in re.findall(DAY, whole.text, re.IGNORECASE)})
    bought: date | None = None
    for sentence in _SENTENCE.finditer(whole.text):
        day = _day(sentence[0]) or only_day
        if _BOUGHT.search(sentence[0]):
            bought = day or bought
        for clause in _CLAUSE.finditer(sentence[0]):
            share_class = class_of(clause[0]) if re.search(r"\bclass\b", clause[0], re.IGNORECASE) else only_class
            if share_class is not None:
                at = sentence.start() + clause.start()
                yield from _balances(clause[0], sentence[0], day, share_class, at, whole)
                yield from _purchases(clause[0], day, bought, share_class, at, whole)


def _day(sentence: str) -> date | None:
    return _only({day_of(one) for one in _DAY.findall(sentence)})


def _only(days: set[date | None]) -> date | None:
    return days.pop() if len(days) == 1 else None


def _balances(
    clause: str, sentence: str, day: date | None, share_class: str, at: int, whole: Whole
) -> Iterator[Figure]:
    if (found := _MOVED.search(clause)) and re.search(r"issued shares|shares in issue", clause, re.IGNORECASE) and day:
        yield _instant(found, day, share_class, at, whole)
    if (found := _OPENING.search(clause)) and (said := day_of(found["day"])):
        yield _instant(found, said, share_class, at, whole)
    if found := _CLOSING.search(clause):
        until = _BETWEEN.search(sentence)
        said = day_of(found["day"]) if found["day"] else day_of(until["day"]) if until else day
        if said:
            yield _instant(found, said, share_class, at, whole)


def _instant(found: re.Match[str], day: date, share_class: str, at: int, whole: Whole) -> Figure:
    period = Period("instant", day, day)
    return share_figure("shares_in_issue", _count(found, at), period, share_class, whole, found[0][:60])


def _purchases(
    clause: str, day: date | None, bought: date | None, share_class: str, at: int, whole: Whole
) -> Iterator[Figure]:
    if (found := _BOUGHT.search(clause)) and day:
        period = Period("span", day, day)
        yield share_figure("shares_repurchased", _count(found, at), period, share_class, whole, "repurchased")
    if (found := _PAID.search(clause)) and bought and re.search("repurchase", clause, re.IGNORECASE):
        count = _count(found, at)
        is_about = bool(found["about"])
        yield Figure(
            metric="repurchase_consideration", label=found["kind"], value=count.value, value_low=count.value,
            value_high=count.value, qualifier="about" if is_about else "exact", unit="currency",
            currency=_CURRENCIES[found["money"].lower()], period=Period("span", bought, bought),
            place=whole.place(count.start, count.end), product=share_class,
        )  # fmt: skip


def _count(found: re.Match[str], at: int) -> Count:
    value = Decimal(found["count"].replace(",", ""))
    return Count(value, at + found.start("count"), at + found.end("count"))
