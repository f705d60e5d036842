"""What all answers of the SEC have in common: the pace, the contact, and the four meanings of a refusal.

Published by   the US Securities and Exchange Commission
Know that      ten requests a second are allowed from one address over all hosts, and every request must
               name who asks; a missing file answers 403 or 404 with an XML error of the file store, being
               too fast or unnamed answers 403 with a page of HTML, and neither is ever a 429
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from extractors.answers import refuse_block_page, refuse_html, require_ok
from extractors.errors import NothingThere, RateLimited, Refused, ShapeChanged
from extractors.snapshot import Snapshot
from extractors.source import Pace

PUBLISHER = "US Securities and Exchange Commission"
PACE = Pace(0.125, across="sec.gov")
"""Eight requests a second over all hosts and threads; the SEC cuts off at ten."""
MISSING = (b"<Code>AccessDenied</Code>", b"<Code>NoSuchKey</Code>")
"""What the file store answers, with status 403 or 404, for a file that is not there: a holiday, a quarter to come."""
TERMS = "US government dissemination: free to copy and reuse; at most ten requests a second, with a contact."

ARCHIVES = "https://www.sec.gov/Archives/edgar/"
NEW_YORK = ZoneInfo("America/New_York")
_ACCESSION = re.compile(r"(?<!\d)(\d{10})-?(\d{2})-?(\d{6})(?!\d)")
_BLOCK_SECONDS = 600.0
"""How long a block for asking too fast lasts; each further request prolongs it."""
_STORE_ERROR = re.compile(rb"<Error>\s*<Code>(NoSuchKey|AccessDenied)</Code>")
_UNDECLARED = re.compile(rb"undeclared automated tool", re.IGNORECASE)
_TOO_FAST = re.compile(rb"request rate threshold exceeded", re.IGNORECASE)
_HEAD = 20_000


def require_sec_ok(snapshot: Snapshot, *, pages_are_data: bool = False) -> None:
    """Let an answer with data through; the body decides what a 403 means. `pages_are_data` where HTML is asked for.

    Raises NothingThere for a file that the store does not have, Refused when the SEC wants to know who
    asks, RateLimited when it was asked too fast, and what `require_ok` and `refuse_html` raise.
    """
    head = snapshot.body[:_HEAD]
    if snapshot.status != 200 or snapshot.body.lstrip().startswith(b"<"):
        if missing := _STORE_ERROR.search(head):
            raise NothingThere("not_found", snapshot.at(f"the store says {missing[1].decode()}"))
        if _UNDECLARED.search(head):
            raise Refused("undeclared", snapshot.at("the request must name a contact"))
        if _TOO_FAST.search(head):
            raise RateLimited("threshold", snapshot.at("asked too fast"), after_seconds=_BLOCK_SECONDS)
    require_ok(snapshot)
    (refuse_block_page if pages_are_data else refuse_html)(snapshot)


def accession_of(text: str) -> str:
    """Find the number of a filing in an address or a file name, with or without its dashes; empty where none stands."""
    found = _ACCESSION.search(text)
    return "-".join(found.groups()) if found else ""


def filing_folder(cik: int, accession: str) -> str:
    """Give the address under which the documents of a filing lie."""
    return f"{ARCHIVES}data/{cik}/{accession.replace('-', '')}/"


def header_time(text: str) -> datetime | None:
    """Read `20250102090639`, the New York time of an acceptance; None for a text that is no time."""
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=NEW_YORK)
    except ValueError:
        return None


def column(values: Sequence[Any], kind: pa.DataType, name: str, snapshot: Snapshot) -> pa.ChunkedArray:
    """Make a column of one kind.

    Raises ShapeChanged, naming the column, where a value is of another kind.
    """
    try:
        return pa.chunked_array([pa.array(values, _read_as(kind)).cast(kind)], kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError, OverflowError) as error:
        raise ShapeChanged(name, snapshot.at(f"{name}: {error}")) from error


def whole_number(value: object, name: str, snapshot: Snapshot) -> int:
    """Read a number that the SEC writes as an integer or as a padded string.

    Raises ShapeChanged when it is neither.
    """
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdigit():
        raise ShapeChanged(name, snapshot.at(f"{name}: expected a whole number, got {value!r}"))
    return int(value)


def same_company(cik: int, asked: Mapping[str, str], snapshot: Snapshot) -> int:
    """Check that the answer is about the company that the address names.

    Raises ShapeChanged when it is about another one.
    """
    if int(asked["cik"]) != cik:
        raise ShapeChanged("cik", snapshot.at(f"cik: asked for {asked['cik']}, got {cik}"))
    return cik


def _read_as(kind: pa.DataType) -> pa.DataType:
    written_as_text = pa.types.is_date(kind) or pa.types.is_decimal(kind)
    return pa.string() if written_as_text else kind
