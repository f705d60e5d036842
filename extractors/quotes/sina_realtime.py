"""The last price of many lines in one call, for Hong Kong, New York and the mainland.

Published by   Sina, for its own pages; undocumented, no key
Read from      `hq.sinajs.cn`, many codes a call
Know that      a line is `var hq_str_code="f0,f1,…";` in GBK, its fields have no names and stand in another order in
               each market: open, previous close, high, low, last in Hong Kong; open, previous close, last, high, low on
               the mainland; last first in New York, whose field 3 is Beijing time and a day ahead at the close; `rt_hk`
               is undelayed and `hk` 15 minutes late, with the same fields; volumes are shares; a code that is not known
               is empty; before the first trade of a day prices are zero; since January 2022 a request that does not
               name one of Sina's own pages as its referrer gets 403 and `Kinsoku jikou desu!`; one malformed code
               spoils the whole call, which then says `sys_auth`
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from urllib.parse import unquote, urlsplit

from extractors.answers import refuse_block_page, refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.nameless_fields import NamelessFields
from extractors.quotes.sina_fields import Layout, layout_of, stamped_at
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "sina_realtime",
    title="Last prices",
    publisher="Sina",
    kind="quotes",
    home_url="https://finance.sina.com.cn/",
    pace=Pace(seconds=2),
    tables=("core.daily_quotes_by_source",),
    terms="Undocumented endpoint meant for Sina's own pages, which it asks to be named as the referrer.",
    is_on_by_default=False,
    why_off="Since 2022 it answers only requests that name one of its own pages as their referrer; "
    "whether to send that is the operator's to decide.",
)

_ADDRESS = "https://hq.sinajs.cn/list={codes}"
_REFERRER = {"referer": "https://finance.sina.com.cn/"}
_CODES_A_CALL = 60
_HOSTS = re.compile(r"(w\.)?hq\.sinajs\.cn")
_ASKED = re.compile(r"(?:^|[/?&])list=([^&?]*)")
_LINE = re.compile(r'var hq_str_([\w.$]+)="([^"]*)";?')
_TURNED_AWAY = "sys_auth"


@dataclass(frozen=True, slots=True)
class LastPrice:
    """One line in the source's own units; None where it says nothing."""

    code: str
    name: str
    last: Decimal
    stamped_at: datetime | None
    """In the exchange's zone; a short line and one that is cut have none."""
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    previous_close: Decimal | None
    volume: Decimal | None
    """Shares; in a short line of the mainland lots of 100."""
    turnover: Decimal | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A code that was asked for and that the source does not know."""

    code: str


def matches(url: str) -> bool:
    """Tell whether this is a call for the last prices of shares or indices; the host has currencies and futures too."""
    return bool(_HOSTS.fullmatch(urlsplit(url).hostname or "")) and any(map(layout_of, _asked(url)))


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for all lines that have a code here, 60 at a time."""
    lines = asked_lines(query, lambda line: line.sina)
    while batch := list(islice(lines, _CODES_A_CALL)):
        codes, asked_for = ",".join(code for code, _ in batch), ",".join(line.id for _, line in batch)
        yield client.get(SOURCE, _ADDRESS.format(codes=codes), chunk=asked_for, headers=_REFERRER)


def parse(snapshot: Snapshot) -> Reading[LastPrice | Missing]:
    """Read every line of one answer and name the codes that have none.

    Raises NothingThere when no code is known, Refused without a referrer, ShapeChanged for a line that is cut off or
    too short for its prices, or whose fields are not numbers.
    """
    refuse_block_page(snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    lines = _lines(snapshot)
    drift: list[Drift] = []
    prices = [one for code, text in lines.items() if text if (one := _line(code, text, snapshot, drift))]
    asked = dict.fromkeys((*_asked(snapshot.url), *lines))
    missing = [Missing(code) for code in asked if code and not lines.get(code)]
    if not any(lines.values()):
        codes = ", ".join(one.code for one in missing)
        raise NothingThere("unknown_symbol", snapshot.at(f"the source knows none of {codes}"))
    return Reading((*prices, *missing), tuple(drift))


def _asked(url: str) -> list[str]:
    found = _ASKED.search(unquote(urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl()))
    return [code for code in found.group(1).split(",") if code] if found else []


def _lines(snapshot: Snapshot) -> dict[str, str]:
    """Split an answer into its lines; an unknown code has an empty one."""
    text = _decoded(snapshot)
    rest = _LINE.sub("", text).strip()
    if rest:
        raise ShapeChanged("cut_line", snapshot.at(f"not a whole line: {rest[:60]!r}"))
    lines = dict(_LINE.findall(text))
    if _TURNED_AWAY in lines:
        raise Refused("bad_request", snapshot.at(f"{_TURNED_AWAY}: {lines[_TURNED_AWAY]:.40}"))
    if not lines:
        raise ShapeChanged("body", snapshot.at("no line in the answer"))
    return lines


def _decoded(snapshot: Snapshot) -> str:
    is_utf8 = "charset=utf" in snapshot.headers.get("content-type", "").lower()
    try:
        return snapshot.body.decode("utf-8-sig" if is_utf8 else "gb18030")
    except UnicodeDecodeError as error:
        raise ShapeChanged("encoding", snapshot.at(f"{error.encoding} at byte {error.start}")) from error


def _line(code: str, text: str, snapshot: Snapshot, drift: list[Drift]) -> LastPrice | None:
    layout = layout_of(code)
    if layout is None:
        drift.append(Drift(f"market {code[:3]}", code))
        return None
    fields = text.split(",")
    drift.extend(_length_drift(layout, fields))
    here = NamelessFields(code, fields, layout.positions, snapshot)
    return LastPrice(
        code=code,
        name=here.text("name"),
        last=here.price("last"),
        stamped_at=stamped_at(here, layout),
        open=_price(here, layout, "open"),
        high=_price(here, layout, "high"),
        low=_price(here, layout, "low"),
        previous_close=here.number("previous_close"),
        volume=here.number("volume"),
        turnover=here.number("turnover"),
    )


def _price(fields: NamelessFields, layout: Layout, name: str) -> Decimal | None:
    return fields.price(name) if name in layout.positions else None


def _length_drift(layout: Layout, fields: list[str]) -> Iterator[Drift]:
    if len(fields) < layout.usual_length:
        yield Drift(f"{layout.market}.length", f"{len(fields)} fields, {layout.usual_length} or more are usual")
    for position in range(layout.longest, len(fields)):
        if fields[position]:
            yield Drift(f"{layout.market}[{position}]", fields[position][:80])
