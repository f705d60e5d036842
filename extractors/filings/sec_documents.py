"""The documents of filings with the SEC: main documents, exhibits, and whole submissions with all of them.

Published by   the SEC as the filers wrote them, at once with the filing
Read from      `Archives/edgar/data/<CIK>/<filing>/<file>`, and `<filing>.txt`, which holds every document in an
               envelope of tags and gives the New York time of acceptance
Know that      a document served by itself mostly keeps its envelope, inline XBRL does not; old ones are plain
               text; pictures, spreadsheets and XBRL files in a submission are no text and are left out
"""

import re
from collections.abc import Iterator

from lxml.etree import LxmlError

from extractors.client import Client, Fetched
from extractors.errors import Refused, ShapeChanged, Unavailable
from extractors.filings import sec, sgml
from extractors.filings.document import FIGURE_TABLES, Document, has_substance, numbered
from extractors.filings.html_pages import html_pages
from extractors.filings.inline_xbrl import has_tagged_facts, tagged_facts
from extractors.filings.pdf_pages import is_pdf, pdf_pages
from extractors.filings.plain_pages import is_plain_text, plain_pages
from extractors.news.text_decoding import decode
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source

SOURCE = Source(
    "sec_documents",
    title="Documents of filings with the SEC",
    publisher=sec.PUBLISHER,
    kind="filings",
    home_url=sec.ARCHIVES,
    pace=sec.PACE,
    tables=FIGURE_TABLES,
    terms=f"{sec.TERMS} Exhibits stay the work of their filers.",
    needs=Need.CONTACT,
    honours_robots=False,
    missing_marks=sec.MISSING,
)

_ADDRESS = re.compile(
    r"https?://www\.sec\.gov/(?:ix\?doc=/)?Archives/edgar/data/(?P<cik>\d{1,10})/"
    r"(?:(?P<folder>\d{18})/(?P<file>[^/?#]+\.(?:html?|txt|pdf))|(?P<submission>\d{10}-\d{2}-\d{6})\.txt)(?:[?#].*)?$",
    re.IGNORECASE,
)
_INDEX = re.compile(r"-index(?:-headers)?\.html?$", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:!doctype html|html|body|div|p|font|span|tr|td)\b", re.IGNORECASE)
_TEXT_FILE = re.compile(r"\.(?:html?|txt)$", re.IGNORECASE)
_NO_TEXT = re.compile(r"^(?:GRAPHIC|XML|EXCEL|ZIP|JSON|PDF|EX-10[01]\.?.*)$")
_STATED_KIND = re.compile(
    r"<ix:nonnumeric[^>]*name=[\"']dei:DocumentType[\"'][^>]*>(?:<[^>]*>|\s)*([^<]+?)\s*<", re.IGNORECASE
)
_EXHIBIT = re.compile(r"^\W*(?:exhibit|ex)[\s.:-]*(\d{1,2}(?:\.\d{1,3})?)\W*$", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>\s*([^<]{2,300}?)\s*</title", re.IGNORECASE)
_NO_TITLE = frozenset({"document", "untitled", "html"})
_FIRST_LINES = 4


def matches(url: str) -> bool:
    """Tell whether this is a document of a filing, or a whole submission; its index is neither."""
    found = _ADDRESS.match(url)
    return found is not None and not _INDEX.search(found["file"] or "")


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the documents that lists of this run pointed to."""
    companies = {company.sec_cik: company.id for company in query.watchlist.companies}
    for url in query.links:
        found = _ADDRESS.match(url)
        if found and matches(url):
            yield client.get(SOURCE, url, chunk=companies.get(int(found["cik"]), ""))


def parse(snapshot: Snapshot) -> Reading[Document]:
    """Read one document, or every text in a submission.

    Raises Unavailable for one that is cut, Refused for a page without a document's text, NothingThere for pictures
    only, ShapeChanged for what is neither text nor a PDF.
    """
    sec.require_sec_ok(snapshot, pages_are_data=True)
    asked = _ADDRESS.match(snapshot.url)
    if asked is None:
        raise ShapeChanged("url", snapshot.at("not an address of a document"))
    accession = asked["submission"] or sec.accession_of(asked["folder"])
    name = asked["file"] or f"{accession}.txt"
    if is_pdf(snapshot.body):
        pages = numbered(pdf_pages(snapshot))
        found = Document(_url(asked, name), name, "application/pdf", pages, accession=accession, cik=int(asked["cik"]))
        return Reading((found,))
    text = decode(snapshot)
    if sgml.is_submission(text):
        return Reading(tuple(_submission(text, asked, snapshot)))
    part = sgml.unwrapped(text) or sgml.Part("", None, name, "", text)
    return Reading((_document(part, name, asked, accession, snapshot),))


def _submission(text: str, asked: re.Match[str], snapshot: Snapshot) -> Iterator[Document]:
    header = sgml.header_of(text)
    accession = sgml.header_value(header, "ACCESSION NUMBER") or sgml.header_value(header, "ACCESSION-NUMBER")
    if not sec.accession_of(accession):
        raise ShapeChanged("ACCESSION NUMBER", snapshot.at("ACCESSION NUMBER is missing"))
    if sgml.is_cut(text):
        raise Unavailable("cut", snapshot.at("the submission ends before its end"))
    parts = list(sgml.parts_of(text))
    count = sgml.header_value(header, "PUBLIC DOCUMENT COUNT")
    if not parts or (count.isascii() and count.isdigit() and len(parts) < int(count[:9])):
        raise ShapeChanged("DOCUMENT", snapshot.at(f"{len(parts)} documents where the header says {count or 'some'}"))
    accepted = sgml.header_value(header, "ACCEPTANCE-DATETIME")
    wanted = [one for one in parts if _TEXT_FILE.search(one.file_name) and not _NO_TEXT.match(one.kind.upper())]
    if not wanted:
        raise ShapeChanged("DOCUMENT", snapshot.at("no document of the submission is text"))
    for part in wanted:
        yield _document(part, part.file_name, asked, accession, snapshot, accepted)


def _document(
    part: sgml.Part, name: str, asked: re.Match[str], accession: str, snapshot: Snapshot, accepted: str = ""
) -> Document:
    is_page = _MARKUP.search(part.text) is not None
    pages = _pages(part.text, is_page, snapshot)
    facts, unreadable = tagged_facts(part.text) if is_page and has_tagged_facts(part.text) else (None, 0)
    return Document(
        url=_url(asked, name, accession),
        file_name=name,
        media_type="text/html" if is_page else "text/plain",
        pages=numbered(pages),
        kind=part.kind or _stated_kind(part.text, pages[0]),
        sequence=part.sequence,
        title=part.description or _title(part.text),
        accession=accession,
        cik=int(asked["cik"]),
        accepted_at=sec.header_time(accepted),
        facts=facts,
        unreadable_facts=unreadable,
    )


def _pages(text: str, is_page: bool, snapshot: Snapshot) -> list[str]:
    if not is_page:
        if not is_plain_text(text):
            raise ShapeChanged("body", snapshot.at("neither HTML nor a text"))
        return plain_pages(text)
    try:
        pages = html_pages(text)
    except (LxmlError, ValueError) as error:
        raise ShapeChanged("body", snapshot.at(f"not HTML: {error}")) from error
    if not has_substance(pages):
        raise Refused("block_page", snapshot.at("a page without the text of a document"))
    return pages


def _stated_kind(text: str, first_page: str) -> str:
    """Find what a document says that it is: in its data, or in a first line such as `Exhibit 99.1`."""
    if found := _STATED_KIND.search(text):
        return found[1].upper()
    exhibits = (_EXHIBIT.match(line) for line in first_page.split("\n")[:_FIRST_LINES])
    return next((f"EX-{found[1]}" for found in exhibits if found), "")


def _title(text: str) -> str:
    found = _TITLE.search(text[:20_000])
    return "" if found is None or found[1].lower() in _NO_TITLE else " ".join(found[1].split())


def _url(asked: re.Match[str], name: str, accession: str = "") -> str:
    return sec.filing_folder(int(asked["cik"]), accession or asked["folder"] or asked["submission"]) + name
