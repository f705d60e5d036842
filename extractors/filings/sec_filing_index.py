"""The index of one filing: which document is the main one, which the exhibits, and when it was accepted.

Published by   the SEC, with the filing
Read from      `<filing>-index.htm`, a page with tables of documents; `-index-headers.html`, the header with the
               same in tags; `index.json`, names and sizes only; `FilingSummary.xml`, the rendered statements
Know that      only page and headers bind EX-99.1 to a file; links to inline XBRL lead through a viewer; the
               times are New York wall clock
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from xml.etree.ElementTree import Element

from lxml import etree

from extractors.client import Client, Fetched
from extractors.errors import Refused, ShapeChanged
from extractors.filings import sec, sgml
from extractors.filings.sec_folders import read_folder
from extractors.news.page_tree import tree_of, visible_text
from extractors.news.text_decoding import decode
from extractors.reading import Drift, Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source
from extractors.xml import parse_xml

SOURCE = Source(
    "sec_filing_index",
    title="Indexes of single filings with the SEC",
    publisher=sec.PUBLISHER,
    kind="filings",
    home_url=f"{sec.ARCHIVES}data/",
    pace=sec.PACE,
    tables=("core.filing_exhibits", "core.filings_by_source"),
    terms=sec.TERMS,
    needs=Need.CONTACT,
    may_be_redistributed=True,
    honours_robots=False,
    missing_marks=sec.MISSING,
)

_ADDRESS = re.compile(
    r"https?://www\.sec\.gov/Archives/edgar/data/(?P<cik>\d{1,10})/(?:(?P<folder>\d{18})/)?"
    r"(?:(?P<accession>\d{10}-\d{2}-\d{6})-index(?P<headers>-headers)?\.html?|(?P<json>index\.json)"
    r"|(?P<summary>FilingSummary\.xml))(?:\?.*)?$",
    re.IGNORECASE,
)
_VIEWER = "/ix?doc="
_ITEM = re.compile(r"Item\s+(\d+\.\d+)")
_CIK = re.compile(r"CIK=(\d{1,10})")
_FORM = re.compile(r"Form\s+(\S+(?:\s\S+)*)")


@dataclass(frozen=True, slots=True)
class Listed:
    """One document that the index names."""

    file_name: str
    kind: str = ""
    sequence: int | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class FilingIndex:
    """The index of one filing; what its form does not say is empty."""

    accession: str
    cik: int
    """Of the folder that it was read from."""
    documents: tuple[Listed, ...]
    ciks: tuple[int, ...] = ()
    """Of every company that the filing is about."""
    form: str = ""
    filed: date | None = None
    period_end: date | None = None
    accepted_text: str = ""
    accepted_at: datetime | None = None
    items: tuple[str, ...] = ()


def matches(url: str) -> bool:
    """Tell whether this is the index of one filing, in any of its forms."""
    found = _ADDRESS.match(url)
    return found is not None and bool(found["accession"] or found["folder"])


def address(cik: int, accession: str) -> str:
    """Give the address of the index of a filing."""
    return f"{sec.filing_folder(cik, accession)}{accession}-index.htm"


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the indexes of filings that lists of this run named."""
    companies = {company.sec_cik: company.id for company in query.watchlist.companies}
    for url in query.links:
        if found := _ADDRESS.match(url):
            yield client.get(SOURCE, url, chunk=companies.get(int(found["cik"]), ""))


def parse(snapshot: Snapshot) -> Reading[FilingIndex]:
    """Read one index.

    Raises Refused for another page in its place, ShapeChanged where it names no document or a field is missing.
    """
    asked = _ADDRESS.match(snapshot.url)
    accession = sec.accession_of(asked["accession"] or asked["folder"] or "") if asked else ""
    if asked is None or not accession:
        raise ShapeChanged("url", snapshot.at("not an address of an index"))
    if asked["json"]:
        folder = read_folder(snapshot)
        documents = tuple(Listed(name) for name in folder.records[0].names)
        return Reading((FilingIndex(accession, int(asked["cik"]), documents),), folder.drift)
    sec.require_sec_ok(snapshot, pages_are_data=not asked["summary"])
    read = _summary if asked["summary"] else _headers if asked["headers"] else _page
    return read(snapshot, accession, int(asked["cik"]))


def _page(snapshot: Snapshot, accession: str, cik: int) -> Reading[FilingIndex]:
    tree = _tree(snapshot)
    tables = _with(tree, "class", "tableFile")
    if not tables or accession not in visible_text(tree):
        raise Refused("block_page", snapshot.at("a page that is not the index of this filing"))
    facts = _facts(tree)
    documents = tuple(one for table in tables for row in table.iter("tr") if (one := _listed(row)))
    if not documents:
        raise ShapeChanged("tableFile", snapshot.at("no document in the tables"))
    named = next((one for box in _with(tree, "id", "formName") for one in box.iter("strong")), None)
    name = _FORM.match(visible_text(named)) if named is not None else None
    if name is None or "Filing Date" not in facts or "Accepted" not in facts:
        raise ShapeChanged("formHeader", snapshot.at("form, filing date or time of acceptance is missing"))
    found = FilingIndex(
        accession,
        cik,
        documents,
        ciks=tuple(dict.fromkeys(int(one) for one in _CIK.findall(" ".join(_links(tree))))),
        form=name[1],
        filed=_day(facts["Filing Date"], snapshot),
        period_end=_day(facts["Period of Report"], snapshot) if facts.get("Period of Report") else None,
        accepted_text=facts["Accepted"],
        accepted_at=_accepted(facts["Accepted"], snapshot),
        items=tuple(_ITEM.findall(facts.get("Items", ""))),
    )
    return Reading((found,))


def _with(tree: etree._Element, attribute: str, value: str) -> list[etree._Element]:
    return [one for one in tree.iter() if isinstance(one.tag, str) and value in (one.get(attribute) or "").split()]


def _links(tree: etree._Element) -> list[str]:
    return [one.get("href") or "" for one in tree.iter("a")]


def _facts(tree: etree._Element) -> dict[str, str]:
    """Map each heading of the page to what stands under it."""
    found = {}
    for head in _with(tree, "class", "infoHead"):
        beside = head.getnext()
        if beside is not None and beside.get("class") == "info":
            found[visible_text(head)] = visible_text(beside)
    return found


def _listed(row: etree._Element) -> Listed | None:
    """Read one row: sequence, description, document, type, size."""
    cells = row.findall("td")
    links = [] if len(cells) < 4 else _links(cells[2])
    if not links or not links[0]:
        return None
    path = links[0].removeprefix(_VIEWER).partition("?")[0].partition("&")[0]
    sequence, kind = visible_text(cells[0]), visible_text(cells[3])
    return Listed(
        file_name=path.rpartition("/")[2],
        kind=kind,
        sequence=int(sequence) if re.fullmatch(r"\d{1,6}", sequence) else None,
        description=visible_text(cells[1]),
    )


def _headers(snapshot: Snapshot, accession: str, cik: int) -> Reading[FilingIndex]:
    text = decode(snapshot)
    header = sgml.header_of(text)
    if not header:
        raise Refused("block_page", snapshot.at("a page without the header of a filing"))
    said = sgml.header_value(header, "ACCESSION-NUMBER") or sgml.header_value(header, "ACCESSION NUMBER")
    if said != accession:
        raise ShapeChanged("ACCESSION-NUMBER", snapshot.at(f"asked for {accession}, got {said!r}"))
    shown = unescape(re.sub(r"</?a\b[^>]*>|<br>", "", text[text.find("<PRE>") :]))
    documents = tuple(
        Listed(part.file_name, part.kind, part.sequence, part.description)
        for part in sgml.parts_of(shown)
        if part.file_name
    )
    if not documents:
        raise ShapeChanged("DOCUMENT", snapshot.at("no document in the header"))
    filed, accepted = sgml.header_value(header, "FILING-DATE"), sgml.header_value(header, "ACCEPTANCE-DATETIME")
    period = sgml.header_value(header, "PERIOD")
    found = FilingIndex(
        accession,
        cik,
        documents,
        ciks=tuple(dict.fromkeys(int(one) for one in re.findall(r"<CIK>(\d{1,10})", header))),
        form=sgml.header_value(header, "TYPE"),
        filed=_day(filed, snapshot) if filed else None,
        period_end=_day(period, snapshot) if period else None,
        accepted_text=accepted,
        accepted_at=sec.header_time(accepted),
        items=tuple(re.findall(r"^<ITEMS>(\d+\.\d+)", header, re.MULTILINE)),
    )
    return Reading((found,))


def _summary(snapshot: Snapshot, accession: str, cik: int) -> Reading[FilingIndex]:
    root = parse_xml(snapshot)
    if root.tag != "FilingSummary":
        raise ShapeChanged("FilingSummary", snapshot.at(f"the document is {root.tag!r}"))
    documents = []
    for report in root.iter("Report"):
        name = report.findtext("HtmlFileName") or report.findtext("XmlFileName")
        if name is None:
            continue  # the list of all reports stands among them and has no file
        position = report.findtext("Position") or ""
        documents.append(
            Listed(
                name,
                "R",
                int(position) if re.fullmatch(r"\d{1,6}", position) else None,
                report.findtext("ShortName") or report.findtext("LongName") or "",
            )
        )
    if not documents:
        raise ShapeChanged("Report", snapshot.at("no statement in the summary"))
    return Reading((FilingIndex(accession, cik, tuple(documents)),), _new_fields(root))


def _new_fields(root: Element) -> tuple[Drift, ...]:
    known = {"Report", "IsDefault", "HasEmbeddedReports", "HtmlFileName", "XmlFileName", "LongName", "ReportType",
             "Role", "ShortName", "MenuCategory", "Position", "ParentRole", "UniqueAnchor"}  # fmt: skip
    names = {str(field.tag): field.text or "" for report in root.iter("Report") for field in report}
    return tuple(Drift(f"Report.{name}", text[:80]) for name, text in names.items() if name not in known)


def _tree(snapshot: Snapshot) -> etree._Element:
    try:
        return tree_of(decode(snapshot))
    except (etree.LxmlError, ValueError) as error:
        raise ShapeChanged("body", snapshot.at(f"not HTML: {error}")) from error


def _day(text: str, snapshot: Snapshot) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ShapeChanged("Filing Date", snapshot.at(f"not a day: {text!r}")) from error


def _accepted(text: str, snapshot: Snapshot) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=sec.NEW_YORK)
    except ValueError as error:
        raise ShapeChanged("Accepted", snapshot.at(f"not a time: {text!r}")) from error
