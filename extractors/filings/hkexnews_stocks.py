"""The exchange's own numbers of listed stocks, by which the title search is asked.

Published by   Hong Kong Exchanges and Clearing, on HKEXnews
Read from      the look-ups by code (`prefix.do`) and by name (`partial.do`), and the whole lists
               (`activestock_sehk_e.json`), a megabyte that holds for a day
Know that      the look-ups answer JavaScript with the rows within; a prefix finds warrants and the renminbi counter
               too, so that only the whole code counts; `lang` must be EN or ZH in capitals, anything else answers
               an empty call; in the lists `i` is the number and `s` only the order
"""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.filings import hkexnews
from extractors.filings.row_drift import once
from extractors.reading import Drift, Reading, Record, json_body, whole_characters
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "hkexnews_stocks",
    title="Stock numbers of HKEXnews",
    publisher=hkexnews.PUBLISHER,
    kind="filings",
    home_url=f"{hkexnews.HOME}/search/prefix.do",
    pace=hkexnews.PACE,
    tables=("core.listed_codes",),
    terms=hkexnews.TERMS,
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off=hkexnews.WHY_OFF,
)

_LOOK_UP = re.compile(r"https?://www\d?\.hkexnews\.hk/search/(?P<kind>prefix|partial)\.do\?", re.IGNORECASE)
_LIST = re.compile(
    r"https?://www\d?\.hkexnews\.hk/ncms/script/eds/(?:in)?activestock_(?:sehk|gem)_(?P<language>[ec])\.json(?:\?.*)?$",
    re.IGNORECASE,
)
_CALL = re.compile(r"^\s*[\w$.]+\s*\((?P<inside>.*)\)\s*;?\s*$", re.DOTALL)
_LANGUAGES = {"EN": "en", "ZH": "zh-Hant"}


@dataclass(frozen=True, slots=True)
class ListedStock:
    """One code of the exchange."""

    code: str
    """Five digits."""
    stock_id: int
    name: str
    language: str


def matches(url: str) -> bool:
    """Tell whether this is a look-up of stocks, or a list of all of them."""
    return bool(_LOOK_UP.match(url) or _LIST.match(url))


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Look up each line that is listed in Hong Kong, in both languages."""
    for line in query.watchlist.securities:
        if line.exchange == "XHKG" and re.fullmatch(r"\d{5}", line.code):
            for language in _LANGUAGES:
                asked = f"callback=callback&lang={language}&type=A&name={line.code}&market=SEHK"
                yield client.get(SOURCE, f"{SOURCE.home_url}?{asked}", chunk=line.id)


def parse(snapshot: Snapshot) -> Reading[ListedStock]:
    """Read one look-up or list.

    Raises NothingThere where no stock is found, ShapeChanged for a call without anything in it, which is the answer
    to an unknown language, and for a field that is missing.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    listed = _LIST.match(snapshot.url)
    if listed:
        rows = _rows(json_body(snapshot), "", snapshot)
        language = hkexnews.LANGUAGES[listed["language"].lower()]
        found = tuple(_of_list(row, language, drift) for row in rows)
    else:
        language = _LANGUAGES.get(parse_qs(urlsplit(snapshot.url).query).get("lang", ["EN"])[0], "en")
        found = tuple(_of_look_up(row, language, drift) for row in _looked_up(snapshot, drift))
    if not found:
        raise NothingThere("no_stock", snapshot.at("no stock is found"))
    return Reading(found, once(drift))


def _looked_up(snapshot: Snapshot, drift: list[Drift]) -> list[Record]:
    inside = _inside(snapshot)
    if isinstance(inside, list):
        return _rows(inside, "", snapshot)
    answer = Record(inside, snapshot)
    with answer.exhausted(drift, ignore=frozenset({"more"})):
        return answer.records("stockInfo")


def _inside(snapshot: Snapshot) -> Any:
    try:
        call = _CALL.match(snapshot.body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ShapeChanged("body", snapshot.at(f"not UTF-8: {error}")) from error
    if call is None or not call["inside"].strip():
        raise ShapeChanged("callback", snapshot.at("a call without anything in it"))
    try:
        return whole_characters(json.loads(call["inside"]))
    except (ValueError, RecursionError) as error:
        raise ShapeChanged("callback", snapshot.at(f"not JSON within: {error}")) from error


def _rows(values: object, name: str, snapshot: Snapshot) -> list[Record]:
    if not isinstance(values, list):
        raise ShapeChanged(name or "body", snapshot.at("expected a list"))
    return [Record(value, snapshot, f"[{number}]") for number, value in enumerate(values)]


def _of_look_up(row: Record, language: str, drift: list[Drift]) -> ListedStock:
    with row.exhausted(drift):
        return ListedStock(row.text("code"), row.integer("stockId"), html.unescape(row.text("name")), language)


def _of_list(row: Record, language: str, drift: list[Drift]) -> ListedStock:
    with row.exhausted(drift, ignore=frozenset({"s"})):
        return ListedStock(row.text("c"), row.integer("i"), html.unescape(row.text("n")), language)
