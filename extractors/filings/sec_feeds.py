"""Filings as they come in: the SEC's feed of the newest ones, and of one company's.

Published by   the SEC, within a minute of acceptance
Read from      `browse-edgar?action=getcurrent&output=atom`, a hundred entries a page; `action=getcompany`, one company
Know that      the feed is Latin-1; one filing stands in it once for each role (issuer, reporting, filer, subject);
               `type` is the beginning of a form, so that 4 brings 424B5 too; page past the last one answers 503;
               an older answer of a company's list is XML of another kind
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import parse_qs, urlencode, urlsplit
from xml.etree.ElementTree import Element

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, SourceError
from extractors.filings import sec
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source
from extractors.xml import parse_xml

SOURCE = Source(
    "sec_feeds",
    title="Feed of the newest filings with the SEC",
    publisher=sec.PUBLISHER,
    kind="filings",
    home_url="https://www.sec.gov/cgi-bin/browse-edgar",
    pace=sec.PACE,
    tables=("core.filings_by_source",),
    terms=f"{sec.TERMS} robots.txt forbids /cgi-bin to crawlers; the feed itself is offered to feed readers.",
    needs=Need.CONTACT,
    is_on_by_default=False,
    why_off="The submissions of each company say the same, and robots.txt forbids /cgi-bin to crawlers.",
    may_be_redistributed=True,
    honours_robots=False,
    missing_marks=sec.MISSING,
)

FORMS = ("8-K", "6-K", "10-Q", "10-K", "20-F")
_ADDRESS = re.compile(r"https?://www\.sec\.gov/cgi-bin/browse-edgar\?", re.IGNORECASE)
_PER_PAGE = 100
_LAST_START = 5_000
_ATOM = "{http://www.w3.org/2005/Atom}"
_ENTRY_FIELDS = frozenset({"title", "link", "summary", "updated", "category", "id", "content"})
_TITLE = re.compile(r"^(?P<form>\S+(?: \S+)*?) - (?P<name>.*) \((?P<cik>\d{10})\) \((?P<role>[^()]+)\)$")
_FILED = re.compile(r"Filed:\s*(?:</b>)?\s*(\d{4}-\d\d-\d\d)")
_ITEM = re.compile(r"\bItem\s+(\d{1,2}\.\d{2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One filing in one of its roles."""

    accession: str
    form: str
    cik: int
    company_name: str
    role: str
    """Filer, Issuer, Reporting, Subject; empty in a company's own list."""
    filed: date
    items: tuple[str, ...]
    updated_at: datetime | None
    """Acceptance; aware. None in the older kind of list."""


def matches(url: str) -> bool:
    """Tell whether this is a feed of filings."""
    if not _ADDRESS.match(url):
        return False
    asked = _asked(url)
    return asked.get("action") in ("getcurrent", "getcompany") and asked.get("output") in ("atom", "xml")


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the newest filings of each chosen form, page by page back to the first day of the window.

    Never beyond the last page that there is: what is older stands in the daily indexes.
    """
    for form in FORMS:
        for start in range(0, _LAST_START + 1, _PER_PAGE):
            asked = {"action": "getcurrent", "type": form, "company": "", "dateb": "", "owner": "include",
                     "start": start, "count": _PER_PAGE, "output": "atom"}  # fmt: skip
            page = client.get(SOURCE, f"{SOURCE.home_url}?{urlencode(asked)}", chunk=form)
            yield page
            if not _reaches_further(page, query.window.start):
                break


def parse(snapshot: Snapshot) -> Reading[Entry]:
    """Read one page of a feed.

    Raises NothingThere for a page without entries, or past the last one; ShapeChanged where a field is missing.
    """
    start = _asked(snapshot.url).get("start", "0")
    if snapshot.status == 503 and start.isdigit() and int(start) > 0:
        raise NothingThere("past_end", snapshot.at("the feed has no further page"))
    sec.require_sec_ok(snapshot)
    root = parse_xml(snapshot)
    if root.tag == f"{_ATOM}feed":
        return _feed(root, snapshot)
    if root.find(".//companyfilings") is not None:
        return _company_list(root, snapshot)
    raise ShapeChanged("feed", snapshot.at(f"the document is {root.tag!r}"))


def _feed(root: Element, snapshot: Snapshot) -> Reading[Entry]:
    elements = root.findall(f"{_ATOM}entry")
    if not elements:
        raise NothingThere("no_entries", snapshot.at("no entry in the feed"))
    company = root.find(f"{_ATOM}company-info")
    read = _entry if company is None else lambda entry, at: _company_entry(entry, company, at)
    names = {child.tag.removeprefix(_ATOM): child.text or "" for element in elements for child in element}
    drift = tuple(Drift(f"entry.{name}", text[:80]) for name, text in names.items() if name not in _ENTRY_FIELDS)
    return Reading(tuple(read(element, snapshot) for element in elements), drift)


def _entry(entry: Element, snapshot: Snapshot) -> Entry:
    title = _TITLE.match(_text(entry, "title", snapshot))
    if title is None:
        raise ShapeChanged("title", snapshot.at(f"title: expected FORM - Company (CIK) (Role), got {entry[0].text!r}"))
    summary = html.unescape(_text(entry, "summary", snapshot))
    filed = _FILED.search(summary)
    category = entry.find(f"{_ATOM}category")
    form = category.get("term", "") if category is not None else ""
    if filed is None or not form:
        raise ShapeChanged("summary", snapshot.at("the day of filing, or the form, is missing"))
    return Entry(
        accession=_accession(_text(entry, "id", snapshot), snapshot),
        form=form,
        cik=int(title["cik"]),
        company_name=title["name"],
        role=title["role"],
        filed=_day(filed[1], snapshot),
        items=tuple(_ITEM.findall(summary)),
        updated_at=_instant(_text(entry, "updated", snapshot), snapshot),
    )


def _company_entry(entry: Element, company: Element, snapshot: Snapshot) -> Entry:
    content = entry.find(f"{_ATOM}content")
    if content is None:
        raise ShapeChanged("content", snapshot.at("content is missing"))
    return Entry(
        accession=_accession(_text(content, "accession-number", snapshot), snapshot),
        form=_text(content, "filing-type", snapshot),
        cik=sec.whole_number(_text(company, "cik", snapshot), "cik", snapshot),
        company_name=_text(company, "conformed-name", snapshot),
        role="",
        filed=_day(_text(content, "filing-date", snapshot), snapshot),
        items=tuple(_ITEM.findall(content.findtext(f"{_ATOM}items-desc") or "")),
        updated_at=_instant(_text(entry, "updated", snapshot), snapshot),
    )


def _company_list(root: Element, snapshot: Snapshot) -> Reading[Entry]:
    """Read the older kind of list; a link in it may be broken, the number stands in a second one."""
    cik = sec.whole_number(_plain(root, ".//companyinfo/cik", snapshot), "cik", snapshot)
    name = _plain(root, ".//companyinfo/name", snapshot)
    filings = root.findall(".//results/filing")
    if not filings:
        raise NothingThere("no_entries", snapshot.at("no filing in the list"))
    found = []
    for filing in filings:
        links = f"{filing.findtext('filinghref') or ''} {filing.findtext('xbrlref') or ''}"
        filed = _day(_plain(filing, "datefiled", snapshot), snapshot)
        form = _plain(filing, "type", snapshot)
        found.append(Entry(_accession(links, snapshot), form, cik, name, "", filed, (), None))
    return Reading(tuple(found))


def _reaches_further(page: Fetched, first_day: date) -> bool:
    """Tell whether a page is full and does not reach back to a day."""
    if page.snapshot is None or page.snapshot.status != 200:
        return False
    try:
        entries = parse(page.snapshot).records
    except SourceError:
        return False
    return len(entries) >= _PER_PAGE and min(one.filed for one in entries) >= first_day


def _asked(url: str) -> dict[str, str]:
    return {name.lower(): values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def _text(element: Element, name: str, snapshot: Snapshot) -> str:
    return _plain(element, f"{_ATOM}{name}", snapshot)


def _plain(element: Element, path: str, snapshot: Snapshot) -> str:
    text = (element.findtext(path) or "").strip()
    if not text:
        name = path.removeprefix(_ATOM)
        raise ShapeChanged(name, snapshot.at(f"{name} is missing"))
    return text


def _accession(text: str, snapshot: Snapshot) -> str:
    found = sec.accession_of(text)
    if not found:
        raise ShapeChanged("accession", snapshot.at(f"no number of a filing in {text[:120]!r}"))
    return found


def _day(text: str, snapshot: Snapshot) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ShapeChanged("filed", snapshot.at(f"not a day: {text!r}")) from error


def _instant(text: str, snapshot: Snapshot) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ShapeChanged("updated", snapshot.at(f"not a time: {text!r}")) from error
    if found.tzinfo is None:
        raise ShapeChanged("updated", snapshot.at(f"a time without offset: {text!r}"))
    return found
