"""What a watch list may not say, beyond the kinds of its fields.

A list with one of these would fail later and farther away: at a load, in a join, or as a price of the wrong line.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

if TYPE_CHECKING:
    from extractors.watchlist import Security, WatchList

VENDORS = ("yahoo", "tencent", "tencent_daily", "sina", "eastmoney", "nasdaq", "alpha_vantage", "stooq")
_DIGITS = {"XHKG": 5, "XSHE": 6, "XSHG": 6}
"""How long a share's code is where it is a number."""
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ENDS = {"executive_of": ("person", "company"), "product_of": ("product", "company")}
"""Relations that hold between two kinds only."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, with the place where it stands."""

    section: str
    number: int
    field: str
    message: str


def problems_of(watchlist: "WatchList") -> Iterator[Problem]:
    """List everything that is wrong, in the order in which a person would mend it."""
    entries = {
        "company": watchlist.companies,
        "person": watchlist.people,
        "product": watchlist.products,
        "security": watchlist.securities,
        "account": watchlist.accounts,
        "feed": watchlist.feeds,
        "relation": watchlist.relations,
    }
    yield from _values(entries)
    yield from _twice(entries)
    yield from _references(entries)
    yield from _ends(watchlist)
    yield from _spans(entries)
    yield from _lines(watchlist)
    yield from _codes(watchlist.securities)


def _values(entries: Mapping[str, Sequence[Any]]) -> Iterator[Problem]:
    for (section, name), (fits, expected) in _RULES.items():
        for number, entry in enumerate(entries[section]):
            value = getattr(entry, name)
            if not fits(value):
                yield Problem(section, number, name, f"expected {expected}, got {value!r}")


def _is_currency(value: str) -> bool:
    return re.fullmatch("[A-Z]{3}", value) is not None


def _is_month_and_day(value: str) -> bool:
    if not re.fullmatch(r"(0[1-9]|1[0-2])-\d\d", value):
        return False
    return 1 <= int(value[3:]) <= _MONTH_LENGTHS[int(value[:2]) - 1]


@cache
def _zones() -> set[str]:
    """Walk the system's folder of zones once, which takes a while."""
    return available_timezones()


_RULES: Mapping[tuple[str, str], tuple[Callable[[Any], bool], str]] = {
    ("company", "reporting_currency"): (_is_currency, "a currency like CNY"),
    ("company", "fiscal_year_end"): (_is_month_and_day, "a month and day like 12-31"),
    ("security", "currency"): (_is_currency, "a currency like HKD"),
    ("security", "shares_per_unit"): (lambda value: value > 0, "one or more shares"),
    ("feed", "url"): (
        lambda value: re.match("https?://[^/]", value) is not None,
        "an address that begins with https://",
    ),
    ("feed", "time_zone"): (lambda value: value in _zones(), "a zone like Asia/Shanghai"),
}


def _twice(entries: Mapping[str, Sequence[Any]]) -> Iterator[Problem]:
    """Find ids that stand twice; companies, people and products share one space, since accounts name any of them."""
    seen: set[object] = set()
    for section, listed in entries.items():
        space = "owner" if section in ("company", "person", "product") else section
        for number, entry in enumerate(listed):
            if (space, *_key(section, entry)) in seen:
                yield Problem(section, number, "", f"{_named(section, entry)!r} stands twice")
            seen.add((space, *_key(section, entry)))


def _key(section: str, entry: Any) -> tuple[object, ...]:
    if section == "relation":
        return (entry.subject, entry.relation, entry.object, entry.valid_from)
    return (entry.id, entry.valid_from) if section == "security" else (entry.id,)


def _named(section: str, entry: Any) -> str:
    return f"{entry.subject} {entry.relation} {entry.object}" if section == "relation" else str(entry.id)


def _references(entries: Mapping[str, Sequence[Any]]) -> Iterator[Problem]:
    companies = {one.id for one in entries["company"]}
    owners = companies | {one.id for section in ("person", "product") for one in entries[section]}
    ends = owners | {line.id for line in entries["security"]}
    known = {
        ("product", "company"): companies,
        ("security", "company"): companies | {""},
        ("account", "owner"): owners,
        ("relation", "subject"): ends,
        ("relation", "object"): ends,
    }
    for (section, name), ids in known.items():
        for number, entry in enumerate(entries[section]):
            if getattr(entry, name) not in ids:
                yield Problem(section, number, name, f"there is no {getattr(entry, name)!r} in this list")


def _ends(watchlist: "WatchList") -> Iterator[Problem]:
    kinds = {one.id: "company" for one in watchlist.companies}
    kinds |= {one.id: "person" for one in watchlist.people}
    kinds |= {one.id: "product" for one in watchlist.products}
    kinds |= {one.id: "security" for one in watchlist.securities}
    for number, relation in enumerate(watchlist.relations):
        for name, wanted in zip(("subject", "object"), _ENDS.get(relation.relation, ()), strict=False):
            end = getattr(relation, name)
            if kinds.get(end, wanted) != wanted:
                message = f"the {name} of {relation.relation} is a {wanted}, {end!r} is a {kinds[end]}"
                yield Problem("relation", number, name, message)


def _spans(entries: Mapping[str, Sequence[Any]]) -> Iterator[Problem]:
    """Find spans that end before they begin, and those of one line that overlap."""
    ends: dict[str, date] = {}
    for section in ("relation", "security"):
        for number, entry in enumerate(entries[section]):
            if entry.valid_to and entry.valid_to <= (entry.valid_from or date.min):
                yield Problem(section, number, "valid_to", "the span ends before it begins")
    lines: list[tuple[int, Security]] = sorted(
        enumerate(entries["security"]), key=lambda one: (one[1].id, one[1].valid_from or date.min)
    )
    for number, line in lines:
        if line.id in ends and (line.valid_from or date.min) < ends[line.id]:
            yield Problem("security", number, "valid_from", f"{line.id!r} has two entries that hold on the same day")
        ends[line.id] = line.valid_to or date.max


def _lines(watchlist: "WatchList") -> Iterator[Problem]:
    main = [number for number, company in enumerate(watchlist.companies) if company.is_main]
    for number in main[1:]:
        yield Problem("company", number, "is_main", "there is one main company, and another one has it")
    primary: dict[str, str] = {}
    for number, line in enumerate(watchlist.securities):
        if line.kind != "index" and not line.company:
            yield Problem("security", number, "", "the field company is missing; only an index has none")
        if line.is_primary and primary.setdefault(line.company, line.id) != line.id:
            message = f"{line.company!r} has one primary line, and {primary[line.company]!r} is it"
            yield Problem("security", number, "is_primary", message)


def _codes(lines: Sequence["Security"]) -> Iterator[Problem]:
    """Find codes of the wrong length, and one vendor's code on two lines: prices would go to the wrong one."""
    holders: dict[tuple[str, str], str] = {}
    for number, line in enumerate(lines):
        length = _DIGITS.get(line.exchange)
        if length and line.kind != "index" and not re.fullmatch(rf"\d{{{length}}}", line.code):
            yield Problem(
                "security", number, "code", f"{line.exchange} has codes of {length} digits, got {line.code!r}"
            )
        for vendor in VENDORS:
            code = getattr(line, vendor)
            if code and holders.setdefault((vendor, code), line.id) != line.id:
                message = f"{code!r} is the code of {holders[vendor, code]!r} too"
                yield Problem("security", number, vendor, message)
