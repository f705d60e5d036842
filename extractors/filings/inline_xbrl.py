"""The tagged facts in a report that is a page and data at once: inline XBRL.

Published by   filers with the SEC, in 10-K, 10-Q and 20-F since 2019
Read from      `ix:nonFraction` elements, with the contexts and units of the hidden header
Know that      a value is what is shown, times ten to the `scale`, and negative by `sign`, not by the brackets round
               it; a dash means zero by its `format`; a context names days, and axes with members for what is not of
               the whole company; a fact may be shown in several places and is one fact
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import pyarrow as pa
from lxml import etree

from extractors.news.page_tree import tree_of, without_control

MARK = "<ix:nonfraction"
SCHEMA = pa.schema(
    [
        pa.field("taxonomy", pa.string()),
        pa.field("tag", pa.string()),
        pa.field("dimensions", pa.string()),
        pa.field("unit", pa.string()),
        pa.field("start", pa.date32()),
        pa.field("end", pa.date32()),
        pa.field("value", pa.decimal128(36, 6)),
        pa.field("decimals", pa.int64()),
    ]
)
_KEY = ("taxonomy", "tag", "dimensions", "unit", "start", "end")
_ZERO = frozenset({"fixed-zero", "zerodash", "nocontent"})
_COMMA = frozenset({"num-comma-decimal", "numcommadecimal"})
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
_HOLDS = Decimal(10) ** 29
_DIGITS = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class _Context:
    start: date | None
    end: date
    dimensions: str


def has_tagged_facts(text: str) -> bool:
    """Tell whether a page carries tagged numbers."""
    return MARK in text or MARK in text.lower()


def tagged_facts(text: str) -> tuple[pa.Table, int]:
    """Read the tagged numbers of a page; give them, each once, and how many could not be read.

    Raises ParserError, a ValueError of lxml, for a text in which there is no element at all.
    """
    tree = tree_of(without_control(text))
    contexts = dict(_contexts(tree))
    units = dict(_units(tree))
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    unreadable = 0
    for element in tree.iter("ix:nonfraction"):
        row = _fact(element, contexts, units)
        if row is None:
            unreadable += 1
            continue
        key = tuple(row[name] for name in _KEY)
        if key not in rows or _exactness(row) > _exactness(rows[key]):
            rows[key] = row
    return pa.Table.from_pylist(list(rows.values()), schema=SCHEMA), unreadable


def _exactness(row: Mapping[str, object]) -> int:
    """Tell how exact a fact is shown; a number without `decimals` is meant as it stands."""
    decimals = row["decimals"]
    return decimals if isinstance(decimals, int) else 99


def _contexts(tree: etree._Element) -> Iterator[tuple[str, _Context]]:
    for element in tree.iter("xbrli:context"):
        days = {name: _day(element, f"xbrli:{name}") for name in ("startdate", "enddate", "instant")}
        end = days["instant"] or days["enddate"]
        if end is not None:
            yield element.get("id") or "", _Context(days["startdate"], end, _dimensions(element))


def _dimensions(context: etree._Element) -> str:
    """Write axes and members in one order, those without a list of members by what stands in them."""
    pairs = [
        f"{(member.get('dimension') or '').strip()}={_text(member)}"
        for kind in ("xbrldi:explicitmember", "xbrldi:typedmember")
        for member in context.iter(kind)
    ]
    return "; ".join(sorted(pairs))


def _units(tree: etree._Element) -> Iterator[tuple[str, str]]:
    for element in tree.iter("xbrli:unit"):
        measures = [_text(one).rpartition(":")[2] for one in element.iter("xbrli:measure")]
        if measures:
            yield element.get("id") or "", "/".join(measures[:2])


def _fact(
    element: etree._Element, contexts: Mapping[str, _Context], units: Mapping[str, str]
) -> dict[str, object] | None:
    """Read one fact; None where its context, its unit or its number cannot be read."""
    context = contexts.get(element.get("contextref") or "")
    unit = units.get(element.get("unitref") or "")
    value = _value(element)
    taxonomy, _, tag = (element.get("name") or "").partition(":")
    if context is None or unit is None or value is None or not tag:
        return None
    return {
        "taxonomy": taxonomy,
        "tag": tag,
        "dimensions": context.dimensions,
        "unit": unit,
        "start": context.start,
        "end": context.end,
        "value": value,
        "decimals": _whole(element.get("decimals")),
    }


def _value(element: etree._Element) -> Decimal | None:
    kind = (element.get("format") or "").rpartition(":")[2].lower()
    shown = _text(element)
    if kind in _ZERO:
        return Decimal(0)
    if shown.lower() in _WORDS or shown.lower() == "none":
        number = Decimal(_WORDS.index(shown.lower()) if shown.lower() in _WORDS else 0)
    else:
        plain = shown.replace(".", "").replace(",", ".") if kind in _COMMA else shown
        found = _NUMBER.findall(plain.replace("\u00a0", " "))
        if len(found) != 1:
            return None
        number = Decimal(found[0].replace(",", ""))
    try:
        scaled = number.scaleb(_whole(element.get("scale")) or 0)
        value = -scaled if element.get("sign") == "-" else scaled
        return value.quantize(_DIGITS) if abs(value) < _HOLDS else None
    except (InvalidOperation, OverflowError):
        return None


def _text(element: etree._Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def _day(context: etree._Element, name: str) -> date | None:
    found = next(context.iter(name), None)
    try:
        return None if found is None else date.fromisoformat(_text(found)[:10])
    except ValueError:
        return None


def _whole(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None
