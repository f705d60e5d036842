"""Documents of filings and their pages, in rows."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from extractors.filings.document import Document, is_chinese
from extractors.filings.issuer_pages import Announcement
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList
from transforms.authority import AUTHORITIES, FILING
from transforms.tidy import SetAside, Tidy, origin
from transforms.tidy_tagged_facts import tidy_tagged_facts
from warehouse.tables.documents import FILING_DOCUMENT_PAGES, FILING_DOCUMENTS
from warehouse.tables.filings import REPORTED_FACTS

_HONG_KONG_CODE = re.compile(
    r"(?:股份代[號号碼码]|證券代[號碼]|stock\s+codes?)\s*[:：]?\s*([^\n)）]{1,40})", re.IGNORECASE
)
_MAINLAND_CODE = re.compile(r"(?:证券代码|公司代码|股票代码)\s*[:：]?\s*(\d{6})")
_SHORT_NUMBER = re.compile(r"(?<![\d.,])\d{1,5}(?![\d.,])")
_DAY = re.compile(r"/(?:listconews/(?:sehk|gem)|finalpage)/(\d{4})[/-](\d\d)-?(\d\d)/", re.IGNORECASE)
"""The day in the address of a document, in Hong Kong and on the mainland."""
_HONG_KONG = ZoneInfo("Asia/Hong_Kong")
_HOSTS = {"sec": "sec.gov/", "hkex": "hkexnews.hk/", "cninfo": "cninfo.com.cn/"}
_FIRST_PAGES = 3
_TOP_LINES = 25
"""Where the names and codes of the issuers stand on the first page; further down others may be spoken of."""

Place = Callable[[Document], tuple[dict[str, Any], bool]]
"""Gives the columns that say whose a document is, and whether it is one that we follow."""


def tidy_sec_documents(reads: Sequence[Read[Document]], watchlist: WatchList) -> Tidy:
    """Make rows of each document of a company that we follow; the address says whose it is."""
    companies = {company.sec_cik: company.id for company in watchlist.companies if company.sec_cik is not None}

    def place(document: Document) -> tuple[dict[str, Any], bool]:
        company_id = companies.get(document.cik or 0)
        filing_id = f"sec:{document.accession}"
        named = {"document_id": f"{filing_id}/{document.file_name}", "filing_id": filing_id, "company_id": company_id}
        return {**named, "publisher": "sec"}, company_id is not None

    return _tidy(reads, place, "sec_documents", chinese="zh-Hant")


def tidy_hkexnews_documents(reads: Sequence[Read[Document]], watchlist: WatchList) -> Tidy:
    """Make rows of each document; the stock code on its first pages says whose it is."""
    companies = _by_code(watchlist, ("XHKG",))

    def place(document: Document) -> tuple[dict[str, Any], bool]:
        company_id, is_followed = _followed(_codes(document, _hong_kong_codes), companies)
        stem = document.file_name.rpartition(".")[0]
        return {"document_id": f"hkex:{stem}", "company_id": company_id, "publisher": "hkex"}, is_followed

    return _tidy(reads, place, "hkexnews_documents", chinese="zh-Hant")


def tidy_cninfo_documents(reads: Sequence[Read[Document]], watchlist: WatchList) -> Tidy:
    """Make rows of each document; its name is the number of the announcement, its first pages say whose it is."""
    companies = _by_code(watchlist, ("XSHE", "XSHG"))

    def place(document: Document) -> tuple[dict[str, Any], bool]:
        company_id, is_followed = _followed(_codes(document, _MAINLAND_CODE.findall), companies)
        number = f"cninfo:{document.file_name.rpartition('.')[0]}"
        named = {"document_id": number, "filing_id": number, "company_id": company_id, "publisher": "cninfo"}
        return named, is_followed

    return _tidy(reads, place, "cninfo_documents", chinese="zh-Hans")


def tidy_added_documents(reads: Sequence[Read[Document]], watchlist: WatchList) -> Tidy:
    """Make rows of documents that people added; they said whose each is. The address says where it lies for others."""
    followed = {company.id for company in watchlist.companies}

    def place(document: Document) -> tuple[dict[str, Any], bool]:
        publisher = next((name for name, host in _HOSTS.items() if host in document.url), document.said_by)
        named = {"document_id": f"added:{document.digest[:16]}", "company_id": document.company}
        return {**named, "publisher": publisher}, document.company in followed

    return _tidy(reads, place, "added_documents", chinese="zh-Hant")


def tidy_issuer_pages(reads: Sequence[Read[Document | Announcement]], watchlist: WatchList) -> Tidy:
    """Make rows of the documents of issuers' own pages; the stock code on the first pages says whose each is."""
    companies = _by_code(watchlist, ("XHKG", "XSHE", "XSHG"))
    documents = [Read(read.snapshot, tuple(one for one in read.records if isinstance(one, Document))) for read in reads]

    def place(document: Document) -> tuple[dict[str, Any], bool]:
        codes = _codes(document, _hong_kong_codes) or _codes(document, _MAINLAND_CODE.findall)
        company_id, is_followed = _followed(codes, companies)
        return {
            "document_id": f"issuer:{document.digest[:16]}",
            "company_id": company_id,
            "publisher": "issuer",
        }, is_followed

    return _tidy(documents, place, "issuer_pages", chinese="zh-Hant")


def _tidy(reads: Iterable[Read[Document]], place: Place, source_id: str, *, chinese: str) -> Tidy:
    documents: dict[str, dict[str, Any]] = {}
    pages: dict[tuple[str, int], dict[str, Any]] = {}
    aside: list[SetAside] = []
    facts: list[Tidy] = []
    for read in reads:
        for document in read.records:
            named, is_followed = place(document)
            if not is_followed:
                about = {"document_url": document.url}
                aside.append(SetAside(FILING_DOCUMENTS.name, "not_followed", about, read.snapshot.id, source_id))
                continue
            public = document.accepted_at or _public_by_address(document.url, read.snapshot)
            provenance = {**origin(read.snapshot, source_id), "available_at": public}
            facts.append(tidy_tagged_facts(document, named, provenance))
            if document.unreadable_facts:
                aside.append(_unreadable(document, read.snapshot, source_id))
            documents[named["document_id"]] = {**named, **_columns(document, chinese), **provenance}
            for page in document.pages:
                key = {"document_id": named["document_id"], "page_number": page.number}
                pages[named["document_id"], page.number] = {**key, "text": page.text, **provenance}
    kept = Tidy.of(FILING_DOCUMENTS, documents.values(), aside) | Tidy.of(FILING_DOCUMENT_PAGES, pages.values())
    return Tidy.join([kept, *facts])


def _unreadable(document: Document, snapshot: Snapshot, source_id: str) -> SetAside:
    about = {"document_url": document.url, "count": document.unreadable_facts}
    return SetAside(REPORTED_FACTS.name, "unreadable_tagged_facts", about, snapshot.id, source_id)


def _public_by_address(url: str, snapshot: Snapshot) -> datetime:
    """Give the end of the day that an address names, by which the document was public; when it was fetched if before.

    Other addresses name no day: such a document was public when it was fetched.
    """
    found = _DAY.search(url)
    if found is None:
        return snapshot.fetched_at
    try:
        day = date(*(int(part) for part in found.groups()))
    except ValueError:
        return snapshot.fetched_at
    return min(datetime.combine(day, time.max, _HONG_KONG).replace(microsecond=0), snapshot.fetched_at)


def _columns(document: Document, chinese: str) -> dict[str, Any]:
    text = document.text
    return {
        "document_url": document.url,
        "file_name": document.file_name,
        "sequence": document.sequence,
        "kind": document.kind or None,
        "title": document.title or None,
        "language": chinese if is_chinese(text) else "en",
        "media_type": document.media_type,
        "page_count": len(document.pages),
        "character_count": sum(len(page.text) for page in document.pages),
        "tagged_fact_count": document.facts.num_rows if document.facts is not None else None,
        "authority": AUTHORITIES.get(document.said_by, FILING),
    }


def _codes(document: Document, find: Callable[[str], list[str]]) -> list[str]:
    """Find the codes of the issuers: those at the top, or the first one in the pages after."""
    top = "\n".join(document.pages[0].text.split("\n")[:_TOP_LINES])
    return find(top) or find("\n".join(page.text for page in document.pages[:_FIRST_PAGES]))[:1]


def _hong_kong_codes(text: str) -> list[str]:
    return [code.zfill(5) for said in _HONG_KONG_CODE.findall(text) for code in _SHORT_NUMBER.findall(said)]


def _by_code(watchlist: WatchList, exchanges: tuple[str, ...]) -> dict[str, str]:
    return {line.code: line.company for line in watchlist.securities if line.exchange in exchanges and line.company}


def _followed(codes: Sequence[str], companies: Mapping[str, str]) -> tuple[str | None, bool]:
    """Find the company; a document that names no code was asked for by somebody, and may be of one that we follow."""
    found = next((companies[code] for code in codes if code in companies), None)
    return found, found is not None or not codes
