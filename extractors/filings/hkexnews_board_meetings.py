"""Board meetings that issuers in Hong Kong have announced: on which day results are to be expected.

Published by   Hong Kong Exchanges and Clearing, from the issuers' notices
Read from      `reports/bmn/ebmn.htm`, and `ebmngem.htm` for GEM: one page with all meetings to come
Know that      days are of Hong Kong, and a meeting may take two; codes have no leading zeros; the period is glued to
               its end, as 6-MTH-ENDED30/06/19, and its wording varies; a meeting is gone from the page when it is over
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from extractors.answers import refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.filings import hkexnews
from extractors.news.page_tree import tree_of, visible_text
from extractors.news.text_decoding import decode
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "hkexnews_board_meetings",
    title="Board meetings to come, on HKEXnews",
    publisher=hkexnews.PUBLISHER,
    kind="filings",
    home_url="https://www.hkexnews.hk/reports/bmn/",
    pace=hkexnews.PACE,
    tables=("core.events",),
    terms=hkexnews.TERMS,
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off=hkexnews.WHY_OFF,
)

_ADDRESS = re.compile(r"https?://www\d?\.hkexnews\.hk/reports/bmn/ebmn(?:gem)?\.htm(?:\?.*)?$", re.IGNORECASE)
_HEADINGS = ["BM Date", "Stock Short Name", "Code", "Purpose", "Period"]
_DAY = re.compile(r"^(?:(?P<first>\d{1,2})-)?(?P<last>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})$")
_ENDS = re.compile(r"(\d\d)/(\d\d)/(\d\d)(?!.*\d\d/\d\d/\d\d)")
_CODE = re.compile(r"^\d{1,5}$")
_RULE = re.compile(r"^-+$")


@dataclass(frozen=True, slots=True)
class BoardMeeting:
    """One meeting."""

    first_day: date
    last_day: date
    code: str
    """Five digits."""
    name: str
    purpose: str
    period: str
    """As the page has it."""
    period_end: date | None


def matches(url: str) -> bool:
    """Tell whether this is a page of board meetings."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the page of the main board; it holds what is to come, whatever the window."""
    del query
    yield client.get(SOURCE, f"{SOURCE.home_url}ebmn.htm")


def parse(snapshot: Snapshot) -> Reading[BoardMeeting]:
    """Read one page.

    Raises Refused for another page in its place, NothingThere for a table without meetings, ShapeChanged for a row
    that cannot be read.
    """
    require_ok(snapshot)
    refuse_block_page(snapshot)
    try:
        tree = tree_of(decode(snapshot))
    except (etree.LxmlError, ValueError) as error:
        raise ShapeChanged("body", snapshot.at(f"not HTML: {error}")) from error
    rows = [[visible_text(cell) for cell in row.iter("td")] for row in tree.iter("tr")]
    heads = [number for number, row in enumerate(rows) if _is_heading(row)]
    if not heads:
        if b"<html" in snapshot.body[:2_000].lower():
            raise Refused("block_page", snapshot.at("a page without the table of meetings"))
        raise ShapeChanged("table", snapshot.at("no table of meetings"))
    found = tuple(_meeting(row, snapshot) for row in rows[heads[-1] + 1 :] if _is_filled(row))
    if not found:
        raise NothingThere("no_meetings", snapshot.at("no meeting is announced"))
    return Reading(found)


def _is_heading(row: list[str]) -> bool:
    """Tell the row of headings: one of its cells is not closed and holds the others once more."""
    return len(row) >= len(_HEADINGS) and row[0] == _HEADINGS[0] and all(head in " ".join(row) for head in _HEADINGS)


def _is_filled(row: list[str]) -> bool:
    return len(row) > 1 and any(row) and not _RULE.match(row[0])


def _meeting(row: list[str], snapshot: Snapshot) -> BoardMeeting:
    """Read day, nothing, name, code, purpose and period."""
    if len(row) != 6 or not _CODE.match(row[3]):
        raise ShapeChanged("row", snapshot.at(f"not a meeting: {row!r}"[:200]))
    first, last = _days(row[0], snapshot)
    return BoardMeeting(first, last, row[3].zfill(5), row[2], row[4], row[5], _end(row[5]))


def _days(text: str, snapshot: Snapshot) -> tuple[date, date]:
    found = _DAY.match(text)
    if found is None:
        raise ShapeChanged("BM Date", snapshot.at(f"BM Date: not a day: {text!r}"))
    try:
        year, month = int(found["year"]), int(found["month"])
        last = date(year, month, int(found["last"]))
        return (date(year, month, int(found["first"])) if found["first"] else last), last
    except ValueError as error:
        raise ShapeChanged("BM Date", snapshot.at(f"BM Date: not a day: {text!r}")) from error


def _end(period: str) -> date | None:
    """Read the last day that a period names; a wording without one says nothing."""
    found = _ENDS.search(period)
    try:
        return datetime.strptime("/".join(found.groups()), "%d/%m/%y").date() if found else None  # noqa: DTZ007
    except ValueError:
        return None
