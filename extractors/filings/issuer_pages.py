"""Announcements on the pages that issuers keep for investors: a list, and the PDFs that it leads to.

Published by   the issuer, in English and Chinese, often minutes before the exchange's own copy is found
Read from      the list pages that the watch list names for a company (`investor_pages`), then the documents of the
               window on them whose title tells of results or deliveries
Know that      no recording of such a page existed when this was written. The shape that is assumed is the common one:
               links to PDFs, each with its title in the link or beside it, and a day in the same row or block, as
               2024-11-18, 2024/11/18, 18 Nov 2024, November 18, 2024 or 2024年11月18日. A host is known by its name,
               `ir.` or `investor(s).`; a document of another host is added by hand
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

from extractors.answers import refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged, SourceError
from extractors.filings.document import FIGURE_TABLES, Document, numbered
from extractors.filings.pdf_pages import is_pdf, pdf_pages
from extractors.news.page_tree import tree_of, visible_text, without_control
from extractors.news.text_decoding import decode
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.source import Pace, Query, Source, Window

SOURCE = Source(
    "issuer_pages",
    title="Pages of issuers for investors",
    publisher="each issuer",
    kind="filings",
    home_url="https://ir.mi.com/",
    pace=Pace(seconds=3),
    tables=FIGURE_TABLES,
    terms="Documents stay the work of their issuers; facts are kept, and where they stand.",
)

_ADDRESS = re.compile(r"https?://(?:ir|investors?)\.[\w.-]+/(?!.*news-release-details/)", re.IGNORECASE)
_WANTED = re.compile(
    r"\bresults?\b|deliver|monthly return|production and sales|"
    r"業績|业绩|交付|產銷|产销|季度報告|季度报告|月報表|月报表",
    re.IGNORECASE,
)
_DAYS = (
    (re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"), "%Y %m %d"),
    (re.compile(r"(\d{1,2})\s+([A-Z][a-z]{2})[a-z]*\.?,?\s+(20\d\d)"), "%d %b %Y"),
    (re.compile(r"([A-Z][a-z]{2})[a-z]*\.?\s+(\d{1,2}),?\s+(20\d\d)"), "%b %d %Y"),
)
_BLOCKS = frozenset({"tr", "li", "article", "section", "div", "p", "dd"})
_LONGEST_BLOCK = 600
"""A block with more text than this holds several announcements, and its day is no longer one's own."""
_MOST_DOCUMENTS = 20


@dataclass(frozen=True, slots=True)
class Announcement:
    """One document on a list page."""

    url: str
    title: str
    released: date | None
    """The day beside it; empty where there is none, or several."""


def matches(url: str) -> bool:
    """Tell whether this is a page of an issuer for investors."""
    return _ADDRESS.match(url) is not None


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each list page, and for the documents of the window on it that tell of results or deliveries."""
    for company in query.watchlist.companies:
        for page in company.investor_pages:
            listed = client.get(SOURCE, page, chunk=company.id)
            yield listed
            for url in _documents(listed, query.window):
                yield client.get(SOURCE, url, chunk=company.id)


def parse(snapshot: Snapshot) -> Reading[Announcement | Document]:
    """Read a list page, or one document.

    Raises NothingThere for a page without documents, ShapeChanged for what is neither a page nor a PDF.
    """
    require_ok(snapshot)
    if is_pdf(snapshot.body):
        name = urlsplit(snapshot.url).path.rpartition("/")[2] or "document.pdf"
        pages = numbered(pdf_pages(snapshot))
        found = Document(snapshot.url, name, "application/pdf", pages, said_by="release", digest=snapshot.sha256)
        return Reading((found,))
    refuse_block_page(snapshot)
    listed = tuple(announcements(snapshot))
    if not listed:
        raise NothingThere("no_documents", snapshot.at("a page without links to documents"))
    return Reading(listed)


def announcements(snapshot: Snapshot) -> Iterator[Announcement]:
    """List the documents that a page leads to, each once, with the day beside it. Raises ShapeChanged for no page."""
    try:
        tree = tree_of(without_control(decode(snapshot)))
    except (etree.LxmlError, ValueError) as error:
        raise ShapeChanged("body", snapshot.at(f"not HTML: {error}")) from error
    seen = set()
    for link in tree.iter("a"):
        url = urljoin(snapshot.url, (link.get("href") or "").strip())
        if not urlsplit(url).path.lower().endswith(".pdf") or url in seen:
            continue
        seen.add(url)
        block = _block(link)
        title = visible_text(link).strip() or visible_text(block).strip()
        yield Announcement(url, " ".join(title.split())[:300], _only_day(_beside(link, block)))


def _documents(listed: Fetched, window: Window) -> list[str]:
    if listed.snapshot is None or listed.snapshot.status != 200:
        return []
    try:
        found = [one for one in parse(listed.snapshot).records if isinstance(one, Announcement)]
    except SourceError:
        return []
    wanted = [
        one.url
        for one in found
        if _WANTED.search(one.title)
        and one.released
        and window.start <= one.released <= window.end
        and matches(one.url)
    ]
    return wanted[:_MOST_DOCUMENTS]


def _block(link: etree._Element) -> etree._Element:
    """Give the smallest block round a link that holds a day, or the link itself."""
    for element in link.iterancestors():
        if element.tag not in _BLOCKS:
            continue
        text = visible_text(element)
        if len(text) > _LONGEST_BLOCK:
            break
        if _only_day(_beside(link, element)):
            return element
    return link


def _beside(link: etree._Element, block: etree._Element) -> str:
    """Give the text of a block without that of the link: titles hold days of periods."""
    return visible_text(block).replace(visible_text(link), " ") if block is not link else ""


def _only_day(text: str) -> date | None:
    """Read the day in a text; none for a text with none, and for one with several."""
    days = set()
    for pattern, shape in _DAYS:
        for parts in pattern.findall(text):
            try:
                days.add(datetime.strptime(" ".join(parts), shape).date())  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
    return days.pop() if len(days) == 1 else None
