"""The last price of many lines in one call, with the day's range, turnover, market value and shares in issue.

Published by   Tencent, for its own pages; undocumented, open, no key
Read from      `qt.gtimg.cn`, up to 60 codes a call; `sqt.gtimg.cn/utf8` sends the same in UTF-8
Know that      a line is `v_code="f0~f1~…";` in GBK, its fields have no names and their number grew from 50 to 88
               over the years, differently in each market; `r_` before a code asks for the undelayed line and `s_`
               for a short one of ten fields without a time; times are the exchange's own; mainland volume is in
               lots of 100 and mainland turnover in 10,000 yuan; a code that is not known is left out, empty, or
               answered with one `v_pv_none_match` for all of them; before the first trade of a day prices are zero
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from urllib.parse import unquote, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.quotes.asked_lines import asked_lines
from extractors.quotes.tencent_fields import LAYOUTS, SHORT, Fields
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source

SOURCE = Source(
    "tencent_realtime",
    title="Last prices and shares in issue",
    publisher="Tencent",
    kind="quotes",
    home_url="https://gu.qq.com/",
    pace=Pace(seconds=1),
    tables=("core.daily_quotes_by_source", "core.shares_outstanding_by_source"),
    terms="Undocumented endpoint of a public page, open without a key; no licence to pass the data on.",
)

_ADDRESS = "https://qt.gtimg.cn/q={codes}"
_CODES_A_CALL = 60
_HOSTS = re.compile(r"(web\.)?s?qt\.gtimg\.cn")
_ASKED = re.compile(r"(?:^|[/?&])q=([^&?]*)")
_CODE = re.compile(r"(?:[rs]_)?(hk|us|sh|sz|bj)[\w.]+")
_LINE = re.compile(r'v_([\w.]+)="([^"]*)";?')
_NONE_MATCH = "pv_none_match"
_USUAL_LENGTH = 50
_LONGEST = 88


@dataclass(frozen=True, slots=True)
class LastPrice:
    """One line in the source's own units; None where it says nothing."""

    code: str
    """Without the `r_` or `s_` that it was asked with."""
    name: str
    is_short: bool
    last: Decimal
    stamped_at: datetime | None
    """In the exchange's zone; a short line has none."""
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    previous_close: Decimal | None = None
    volume: Decimal | None = None
    turnover: Decimal | None = None
    class_value: Decimal | None = None
    """Market value of the listed class, in 100 million of the currency."""
    total_value: Decimal | None = None
    """Market value of all classes, in 100 million of the currency."""
    class_shares: Decimal | None = None
    """Shares of the listed class; in New York those that float."""
    total_shares: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A code that was asked for and that the source does not know."""

    code: str


def matches(url: str) -> bool:
    """Tell whether this is a call for last prices; the host answers other questions under other prefixes."""
    return bool(_HOSTS.fullmatch(urlsplit(url).hostname or "")) and any(map(_CODE.fullmatch, _asked(url)))


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for all lines that have a code here, 60 at a time."""
    lines = asked_lines(query, lambda line: line.tencent)
    while batch := list(islice(lines, _CODES_A_CALL)):
        codes, asked_for = ",".join(code for code, _ in batch), ",".join(line.id for _, line in batch)
        yield client.get(SOURCE, _ADDRESS.format(codes=codes), chunk=asked_for)


def parse(snapshot: Snapshot) -> Reading[LastPrice | Missing]:
    """Read every line of one answer and name the codes that have none.

    Raises NothingThere when no code is known, ShapeChanged for a line that is cut off or too short for its
    prices, or whose fields are not numbers.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    lines = _lines(snapshot)
    drift: list[Drift] = []
    found = [_line(name, fields, snapshot, drift) for name, fields in lines.items() if fields]
    prices = [one for one in found if one is not None]
    known = {name for name, fields in lines.items() if fields}
    asked = dict.fromkeys((*_asked(snapshot.url), *lines))
    missing = [Missing(name.removeprefix("r_").removeprefix("s_")) for name in asked if name and name not in known]
    if not found:
        codes = ", ".join(one.code for one in missing)
        raise NothingThere("unknown_symbol", snapshot.at(f"the source knows none of {codes}"))
    return Reading((*prices, *missing), tuple(drift))


def _asked(url: str) -> list[str]:
    found = _ASKED.search(unquote(urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl()))
    return found.group(1).split(",") if found else []


def _lines(snapshot: Snapshot) -> dict[str, list[str]]:
    """Split an answer into its lines and their fields; an unknown code has no fields."""
    text = _decoded(snapshot)
    rest = _LINE.sub("", text).strip()
    if rest:
        raise ShapeChanged("cut_line", snapshot.at(f"not a whole line: {rest[:60]!r}"))
    lines = {name: value.split("~") if value else [] for name, value in _LINE.findall(text)}
    if not lines:
        raise ShapeChanged("body", snapshot.at("no line in the answer"))
    lines.pop(_NONE_MATCH, None)
    return lines


def _decoded(snapshot: Snapshot) -> str:
    declared = snapshot.headers.get("content-type", "").lower()
    is_utf8 = "charset=utf" in declared or (
        "charset=" not in declared and urlsplit(snapshot.url).path.startswith("/utf8")
    )
    try:
        return snapshot.body.decode("utf-8-sig" if is_utf8 else "gb18030")
    except UnicodeDecodeError as error:
        raise ShapeChanged("encoding", snapshot.at(f"{error.encoding} at byte {error.start}")) from error


def _line(name: str, fields: list[str], snapshot: Snapshot, drift: list[Drift]) -> LastPrice | None:
    code = name.removeprefix("r_").removeprefix("s_")
    layout = LAYOUTS.get(code[:2])
    if layout is None:
        drift.append(Drift(f"market {code[:2]}", name))
        return None
    is_short = name.startswith("s_")
    positions = SHORT if is_short else layout.positions
    here = Fields(name, fields, positions, snapshot)
    if not is_short:
        drift.extend(_length_drift(code[:2], fields))
    return LastPrice(
        code=code,
        name=fields[1] if len(fields) > 1 else "",
        is_short=is_short,
        last=here.price("last"),
        stamped_at=None if is_short else here.time(layout),
        open=None if is_short else here.price("open"),
        high=None if is_short else here.price("high"),
        low=None if is_short else here.price("low"),
        previous_close=here.number("previous_close"),
        volume=here.number("volume"),
        turnover=here.number("turnover"),
        class_value=here.number("class_value"),
        total_value=here.number("total_value"),
        class_shares=here.number("class_shares"),
        total_shares=here.number("total_shares"),
        currency=here.text("currency"),
    )


def _length_drift(market: str, fields: list[str]) -> Iterator[Drift]:
    if len(fields) < _USUAL_LENGTH:
        yield Drift(f"{market}.length", f"{len(fields)} fields, {_USUAL_LENGTH} or more are usual")
    for position in range(_LONGEST, len(fields)):
        if fields[position]:
            yield Drift(f"{market}[{position}]", fields[position][:80])
