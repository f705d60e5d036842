"""Whom we follow: companies, people, products, securities, accounts, feeds and how they hang together.

Published by   the operator, as `watchlist.toml`
Read from      the home folder, or the one that ships with Dragongate
Know that      every run archives the list that it used, so the archive alone rebuilds the warehouse;
               codes are matched exactly and never derived from one another: 01810 at the exchange is
               1810.HK at Yahoo and hk01810 at Tencent
"""

import re
import tomllib
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from extractors.exchanges import EXCHANGES
from extractors.schedule import Schedule, schedule_problems, without_schedules
from extractors.watchlist_checks import problems_of

RELATIONS = ("executive_of", "product_of", "competes_with", "invested_in")
PLATFORMS = (
    "bilibili", "bluesky", "douyin", "facebook", "github", "instagram", "kuaishou",
    "linkedin", "mastodon", "reddit", "telegram", "threads", "tiktok", "weibo", "x", "xiaohongshu", "youtube", "zhihu",
)  # fmt: skip
SECURITY_KINDS = ("share", "ads", "index")
FEED_KINDS = ("feed", "sitemap", "list")


class BadWatchList(Exception):
    """The watch list cannot be used; the message names the line, the field and the mend."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company that we follow, or a rival of one."""

    id: str
    name: str
    reporting_currency: str
    name_zh: str = ""
    aliases: tuple[str, ...] = ()
    """Other names in any script, as texts write them."""
    country: str = ""
    fiscal_year_end: str = "12-31"
    """Month and day, `MM-DD`."""
    sec_cik: int | None = None
    hkex_stock_id: int | None = None
    """The exchange's own number for the title search; not the stock code."""
    investor_pages: tuple[str, ...] = ()
    """Pages of the issuer that list its announcements, English or Chinese, on a host like `ir.example.com`."""
    followed_since: date | None = None
    is_main: bool = False
    """The company that the others are compared with."""
    deliveries_every: str = ""
    """`month` or `quarter` for a company that tells its deliveries on the first days after each."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person whose words and followers matter, tied to companies by relations."""

    id: str
    name: str
    name_zh: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """A product or brand of a company."""

    id: str
    company: str
    name: str
    name_zh: str = ""
    aliases: tuple[str, ...] = ()
    kind: str = ""
    launched: date | None = None


@dataclass(frozen=True, slots=True)
class Security:
    """One line on one exchange, with the code that each source uses. An index is a security too."""

    exchange: str
    """ISO 10383 code of the market."""
    code: str
    """The exchange's own code: five digits in Hong Kong, six on the mainland, a ticker in New York."""
    currency: str
    company: str = ""
    """Empty for an index."""
    name: str = ""
    kind: str = "share"
    share_class: str = ""
    """The class that trades, such as B, H, A; empty where a company has one class."""
    is_primary: bool = False
    """The line whose close stands for the company."""
    shares_per_unit: int = 1
    """Ordinary shares in one traded unit: 2 for an ADS of Li Auto or XPeng."""
    valid_from: date | None = None
    valid_to: date | None = None
    """First day on which this line, or this ratio, no longer holds."""
    yahoo: str = ""
    tencent: str = ""
    """Code of the realtime call, such as hk01810 or usTSLA."""
    tencent_daily: str = ""
    """Code of the daily bars where it differs: US codes need the venue, as usTSLA.OQ."""
    sina: str = ""
    eastmoney: str = ""
    """Market and code, such as 116.01810."""
    nasdaq: str = ""
    alpha_vantage: str = ""
    stooq: str = ""
    """Code with the market, such as tsla.us."""

    @property
    def id(self) -> str:
        """Our name for the line: exchange and code, as `XHKG:01810`."""
        return f"{self.exchange}:{self.code}"


@dataclass(frozen=True, slots=True)
class Account:
    """A social account of a company, person or product."""

    platform: str
    owner: str
    """Id of a company, person or product."""
    handle: str
    """The name in the address; for a platform with servers `user@server`."""
    platform_id: str = ""
    """The platform's own stable id, which outlives a change of name."""

    @property
    def id(self) -> str:
        """Our name for the account: platform and its stable id, or the handle where there is none."""
        return f"{self.platform}:{self.platform_id or self.handle}"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of articles."""

    id: str
    url: str
    outlet: str
    kind: str = "feed"
    """A feed; a site map, for outlets without one; or a page that lists articles, for outlets with neither."""
    language: str = "en"
    time_zone: str = "UTC"
    """The zone of times that the feed writes without offset."""
    read_pages: bool = True
    """Fetch the page of each new entry."""
    keep_full_text: bool = False
    """Keep the body; the operator states that the outlet allows it."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Subject, relation, object: Lei Jun is executive_of xiaomi."""

    subject: str
    relation: str
    object: str
    role: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class WatchList:
    """The whole list, checked: every reference leads somewhere and no id stands twice."""

    companies: tuple[Company, ...] = ()
    people: tuple[Person, ...] = ()
    products: tuple[Product, ...] = ()
    securities: tuple[Security, ...] = ()
    accounts: tuple[Account, ...] = ()
    feeds: tuple[Feed, ...] = ()
    relations: tuple[Relation, ...] = ()
    members: tuple[Security, ...] = field(default=(), repr=False, compare=False)
    """Lines that are priced because an index on the list holds them, and not followed."""
    schedules: tuple[Schedule, ...] = field(default=(), repr=False, compare=False)
    """When they are asked about, which is no part of whom we follow."""
    text: str = field(default="", repr=False, compare=False)
    """The file as it was read, schedules left out: what the run archives."""

    @property
    def priced(self) -> tuple[Security, ...]:
        """List the lines that prices are kept of: those on the list, and members of its indices."""
        return (*self.securities, *self.members)

    def securities_of(self, company_id: str) -> tuple[Security, ...]:
        """List the lines of one company."""
        return tuple(line for line in self.securities if line.company == company_id)

    def by_code(self, vendor: str) -> dict[str, Security]:
        """Map each code of one vendor (`yahoo`, `tencent`, …) to its line, members of indices included."""
        return {getattr(line, vendor): line for line in (*self.members, *self.securities) if getattr(line, vendor)}

    def accounts_on(self, platform: str) -> tuple[Account, ...]:
        """List the accounts on one platform."""
        return tuple(account for account in self.accounts if account.platform == platform)


_SECTIONS = {
    "company": (Company, "companies"),
    "person": (Person, "people"),
    "product": (Product, "products"),
    "security": (Security, "securities"),
    "account": (Account, "accounts"),
    "feed": (Feed, "feeds"),
    "relation": (Relation, "relations"),
    "schedule": (Schedule, "schedules"),
}
_CLOSED = {
    ("company", "deliveries_every"): ("month", "quarter"),
    ("security", "exchange"): tuple(EXCHANGES),
    ("security", "kind"): SECURITY_KINDS,
    ("feed", "kind"): FEED_KINDS,
    ("account", "platform"): PLATFORMS,
    ("relation", "relation"): RELATIONS,
}


def read_watchlist(path: Path) -> WatchList:
    """Read and check a watch list file.

    Raises BadWatchList when the file is missing, not UTF-8 or wrong. Some editors put a mark before UTF-8.
    """
    try:
        return parse_watchlist(path.read_text(encoding="utf-8-sig"), name=path.name)
    except UnicodeDecodeError as error:
        raise BadWatchList(f"{path}: not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise BadWatchList(f"{path}: cannot be read ({error.strerror}); `dragongate init` writes one") from error


def parse_watchlist(text: str, *, name: str = "watchlist.toml") -> WatchList:
    """Read and check a watch list.

    Raises BadWatchList, with the line and the field, for a syntax error, an unknown section or field,
    a value of the wrong kind or outside a closed list, and, all at once, for whatever `problems_of` finds:
    ids that stand twice, references to nothing, spans that overlap, codes that two lines share.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadWatchList(f"{name}: {error}") from error
    places = _Places(text, name)
    for section in document:
        if section not in _SECTIONS:
            raise BadWatchList(f"{places.at(section)}: unknown section [[{section}]]; known are {', '.join(_SECTIONS)}")
    parts: dict[str, Any] = {}
    for section, (kind, plural) in _SECTIONS.items():
        entries = document.get(section, [])
        if not isinstance(entries, list) or not all(isinstance(values, dict) for values in entries):
            raise BadWatchList(f"{places.at(section)}: write [[{section}]] with two brackets")
        parts[plural] = tuple(_entry(kind, section, n, values, places) for n, values in enumerate(entries))
    watchlist = WatchList(**parts, text=without_schedules(text))
    found = (*problems_of(watchlist), *schedule_problems(watchlist.schedules))
    problems = [f"{places.at(one.section, one.number, one.field)}: {one.message}" for one in found]
    if problems:
        raise BadWatchList("\n".join(problems))
    return watchlist


class _Places:
    """Finds the line of an entry or of a field in it, for messages; tomllib keeps no positions."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = text.splitlines()
        self._name = name

    def at(self, section: str, number: int = 0, field_name: str = "") -> str:
        """Name the line of the `number`th [[section]], or of a field within it."""
        heads = [n for n, line in enumerate(self._lines) if re.match(rf"\s*\[\[?\s*{re.escape(section)}\s*\]", line)]
        if number >= len(heads):
            return self._name
        line = head = heads[number]
        for offset in range(head + 1, len(self._lines)):
            if re.match(r"\s*\[", self._lines[offset]):
                break
            if field_name and re.match(rf"\s*{re.escape(field_name)}\s*=", self._lines[offset]):
                line = offset
                break
        where = f"{self._name}:{line + 1}: [[{section}]]"
        return f"{where} {field_name}" if field_name else where


def _entry(kind: type[Any], section: str, number: int, values: Mapping[str, Any], places: _Places) -> Any:
    known = {item.name: item for item in fields(kind)}
    hints = get_type_hints(kind)
    for name, value in values.items():
        if name not in known:
            close = ", ".join(known)
            raise BadWatchList(f"{places.at(section, number, name)}: unknown field; known are {close}")
        if not _fits(value, hints[name]):
            raise BadWatchList(f"{places.at(section, number, name)}: expected {_named(hints[name])}, got {value!r}")
        closed = _CLOSED.get((section, name))
        if closed and value not in closed:
            raise BadWatchList(
                f"{places.at(section, number, name)}: unknown {name} {value!r}; known are {', '.join(closed)}"
            )
    for name, item in known.items():
        if item.default is MISSING and not values.get(name):
            raise BadWatchList(f"{places.at(section, number)}: the field {name} is missing")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def _fits(value: object, hint: Any) -> bool:
    if get_origin(hint) in (Union, types.UnionType):
        return any(_fits(value, one) for one in get_args(hint))
    if get_origin(hint) is tuple:
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, hint)


def _named(hint: Any) -> str:
    names = {str: "text", int: "a whole number", bool: "true or false", date: "a date like 2024-12-31"}
    if get_origin(hint) is tuple:
        return "a list of texts"
    return " or ".join(names[one] for one in get_args(hint) or (hint,) if one is not type(None))
