"""Every security that can be traded in Hong Kong.

Published by   Hong Kong Exchanges and Clearing, each trading day
Read from      the workbook of its page of securities lists, in English
Know that      it is asked only when somebody wants to follow a company, not day by day; a title and the date stand
               above the heads, which have line breaks in them; codes are texts of five digits, and were numbers once;
               shares are some 2,700 of 17,000 rows, the others warrants, certificates and bonds; columns come and go
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from warnings import catch_warnings, simplefilter
from zipfile import BadZipFile, ZipFile

import pyarrow as pa

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Pace, Query, Source
from extractors.xml import refuse_entities

ADDRESS = "https://www.hkex.com.hk/eng/services/trading/securities/securitieslists/ListOfSecurities.xlsx"

SOURCE = Source(
    "hkex_securities",
    title="Securities that trade in Hong Kong",
    publisher="Hong Kong Exchanges and Clearing",
    kind="reference",
    home_url="https://www.hkex.com.hk/Services/Trading/Securities/Securities-Lists",
    pace=Pace(seconds=3),
    tables=(),
    terms="The site's terms allow personal use; collecting by program and passing on want the exchange's leave.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="the site's terms of use ask for the exchange's permission",
)

_ADDRESS = re.compile(
    r"https?://www\.hkex\.com\.hk/eng/services/trading/securities/securitieslists/ListOfSecurities\.xlsx(\?.*)?",
    re.IGNORECASE,
)
_AS_OF = re.compile(r"updated as at\s+(\d{1,2}/\d{1,2}/\d{4})", re.IGNORECASE)
_MANDATORY = {"Stock Code": "code", "Name of Securities": "name", "Category": "category"}
_OPTIONAL = {
    "Sub-Category": "sub_category",
    "ISIN": "isin",
    "Trading Currency": "currency",
    "RMB Counter": "renminbi_code",
}
_KNOWN = frozenset(
    {
        "Board Lot", "Par Value", "Expiry Date", "Subject to Stamp Duty", "Shortsell Eligible", "CAS Eligible",
        "VCM Eligible", "Admitted to Stock Options", "Admitted to Stock Futures", "Admitted to CCASS",
        "ETF / Fund Manager", "Debt Securities Board Lot (Nominal)", "Debt Securities Investor Type", "POS Eligible",
    }
)  # fmt: skip
_LEGEND = "Spread Table"
"""A head that goes on with the numbers of the tables."""
_MOST_BYTES = 256 * 1024 * 1024
_HEAD_ROWS = 10


@dataclass(frozen=True, slots=True)
class SecurityTable:
    """The list of one day as columns `code` (five digits), `name`, `category` and what else it says."""

    as_of: date
    table: pa.Table


def matches(url: str) -> bool:
    """Tell whether this is the list in English."""
    return _ADDRESS.fullmatch(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the list where the query links to it: otherwise for nothing."""
    if ADDRESS in query.links:
        yield client.get(SOURCE, ADDRESS)


def parse(snapshot: Snapshot) -> Reading[SecurityTable]:
    """Read the workbook.

    Raises NothingThere for a list without securities, ShapeChanged for what is no workbook, and for one whose heads,
    date or codes are not what we know.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    rows = _rows(snapshot)
    head = next((n for n, row in enumerate(rows[:_HEAD_ROWS]) if "Stock Code" in map(_text, row)), None)
    if head is None:
        raise ShapeChanged("Stock Code", snapshot.at("no row of heads names Stock Code"))
    heads = [_text(value) for value in rows[head]]
    places = {column: _place(heads, name, snapshot) for name, column in _MANDATORY.items()}
    places |= {column: heads.index(name) for name, column in _OPTIONAL.items() if name in heads}
    body = [row for row in rows[head + 1 :] if any(_text(value) for value in row)]
    if not body:
        raise NothingThere("empty_list", snapshot.at("the list names no security"))
    as_of = _as_of(rows[:head], snapshot)
    return Reading((SecurityTable(as_of, _columns(body, places, snapshot)),), _drift(heads, body[0]))


def _rows(snapshot: Snapshot) -> list[Sequence[Any]]:
    """Read the cells of the first sheet, as they are written."""
    import openpyxl  # takes a seventh of a second, which few runs need

    try:
        with ZipFile(BytesIO(snapshot.body)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_BYTES:
                raise ShapeChanged("body", snapshot.at("the workbook unpacks to more than it may"))
            for one in packed.namelist():
                if one.endswith((".xml", ".rels")):
                    refuse_entities(packed.read(one))
        with catch_warnings():
            simplefilter("ignore")  # about styles and data rules, which nobody needs here
            book = openpyxl.load_workbook(BytesIO(snapshot.body), read_only=True, data_only=True)
            try:
                return list(book.worksheets[0].iter_rows(values_only=True))
            finally:
                book.close()
    except ShapeChanged:
        raise
    except BadZipFile as error:
        raise ShapeChanged("body", snapshot.at(f"no workbook: {error}")) from error
    except Exception as error:  # the library raises whatever a damaged part leads it to
        raise ShapeChanged("body", snapshot.at(f"no workbook: {type(error).__name__}: {error}")) from error


def _text(value: object) -> str:
    return " ".join(str(value).split()) if value is not None else ""


def _place(heads: Sequence[str], name: str, snapshot: Snapshot) -> int:
    if name not in heads:
        raise ShapeChanged(name, snapshot.at(f"{name} is missing among the heads"))
    return heads.index(name)


def _as_of(rows: Sequence[Sequence[Any]], snapshot: Snapshot) -> date:
    above = " ".join(_text(value) for row in rows for value in row)
    found = _AS_OF.search(above)
    try:
        return datetime.strptime(found[1] if found else "", "%d/%m/%Y").date()  # noqa: DTZ007  a day, of Hong Kong
    except ValueError:
        raise ShapeChanged("Updated as at", snapshot.at(f"no date of the list in {above[:120]!r}")) from None


def _columns(body: Sequence[Sequence[Any]], places: dict[str, int], snapshot: Snapshot) -> pa.Table:
    columns = {
        column: [_text(row[place]) if place < len(row) else "" for row in body] for column, place in places.items()
    }
    columns["code"] = [_code(text, number, snapshot) for number, text in enumerate(columns["code"])]
    return pa.table({column: pa.array(values, pa.string()) for column, values in columns.items()})


def _code(text: str, number: int, snapshot: Snapshot) -> str:
    digits = text.removesuffix(".0")
    if not digits.isdecimal() or len(digits) > 5:
        raise ShapeChanged("Stock Code", snapshot.at(f"Stock Code: expected five digits, got {text!r} in row {number}"))
    return digits.zfill(5)


def _drift(heads: Sequence[str], example: Sequence[Any]) -> tuple[Drift, ...]:
    known = _KNOWN | _MANDATORY.keys() | _OPTIONAL.keys()
    return tuple(
        Drift(name, _text(example[n])[:80] if n < len(example) else "")
        for n, name in enumerate(heads)
        if name and name not in known and not name.startswith(_LEGEND)
    )
