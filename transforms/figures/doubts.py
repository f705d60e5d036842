"""What a document says and cannot mean: days that no calendar has, and amounts in no currency or unit that is known.

A reader gives no figure of such a place; here is told that there was one, and where.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from extractors.filings.document import Document, Page
from transforms.figures.currency_codes import CURRENCY_CODES
from transforms.figures.days import month_number
from transforms.figures.figure import Place
from transforms.figures.tables import without_unit

MOST = 20
"""Places that are told of one document; what is wrong everywhere need not be told everywhere."""
_YEARS = (1800, 2100)
"""First and last year that a document may speak of: a founder, a bond."""
_NAMES = "|".join(name for names in (calendar.month_name, calendar.month_abbr) for name in names if name) + "|Sept"
_DAY = re.compile(
    rf"\b(?:(?P<late_month>{_NAMES})\.? (?P<late_day>\d{{1,2}}),? (?P<late_year>\d{{4}})|"
    rf"(?P<early_day>\d{{1,2}}) (?P<early_month>{_NAMES})\.?,? (?P<early_year>\d{{4}}))(?![\d,.]\d)|"
    r"(?<![\d-])(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?![\d-])|"
    r"(?<!\d)(?P<han_year>\d{4}) ?年 ?(?P<han_month>\d{1,2}) ?月 ?(?P<han_day>\d{1,2}) ?日"
)
_MONEY = re.compile(
    r"(?:\b(?:of|was|were|to|at|about|around|approximately|totaled|totalled|reached|and|over|nearly) )"
    r"(?P<code>[A-Z]{3}) ?\d[\d,.]*\d?\s?(?:thousand|million|billion|mn|bn|m)\b"
)
_OF_MONEY = re.compile(r"revenue|profit|income|loss|cash|cost|expense|sales|dividend|earnings", re.IGNORECASE)
_NAMES_OF_MONEY = frozenset({"RMB"})
"""Names of currencies that are no codes."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One place that cannot be read as it stands."""

    reason: str
    """impossible_date, unknown_currency or unknown_unit."""
    said: str
    place: Place


def doubts_in(document: Document, *, language: str = "") -> tuple[Doubt, ...]:
    """List the places of a document that name impossible days or unknown currencies, each text once."""
    found: dict[tuple[str, str], Doubt] = {}
    for page in document.pages:
        for one in _of_page(page):
            found.setdefault((one.reason, one.said), one)
    for figure in without_unit(document, language=language):
        reason = "unknown_unit" if figure.currency in CURRENCY_CODES else "unknown_currency"
        said = figure.label if figure.currency in CURRENCY_CODES else figure.currency or figure.label
        found[reason, figure.place.evidence] = Doubt(reason, said, figure.place)
    return tuple(found.values())[:MOST]


def _of_page(page: Page) -> Iterator[Doubt]:
    for day in _DAY.finditer(page.text):
        if not _exists(day):
            yield Doubt("impossible_date", day[0], _place(page, day.start(), day.end()))
    for money in _MONEY.finditer(page.text):
        is_known = money["code"] in CURRENCY_CODES or money["code"] in _NAMES_OF_MONEY
        place = _place(page, money.start("code"), money.end())
        if not is_known and _OF_MONEY.search(place.line):
            yield Doubt("unknown_currency", page.text[place.start : place.end], place)


def _exists(found: re.Match[str]) -> bool:
    said = {name.partition("_")[2]: value for name, value in found.groupdict().items() if value}
    year, day = int(said["year"]), int(said["day"])
    month = int(said["month"]) if said["month"].isdigit() else month_number(said["month"]) or 0
    is_in_time = _YEARS[0] <= year <= _YEARS[1]
    return is_in_time and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _place(page: Page, start: int, end: int) -> Place:
    first = page.text.rfind("\n", 0, start) + 1
    last = page.text.find("\n", end)
    return Place(page.number, start, end, page.text[first : last if last >= 0 else None])
