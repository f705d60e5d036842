"""Documents that a regulator or an exchange published, one row each."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.filings.hkexnews_search import Announcement
from extractors.filings.sec_submissions import Submissions
from extractors.reading import Read
from extractors.watchlist import Company, WatchList
from transforms.filing_events import with_events
from transforms.new_york_time import accepted_at
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.filings import FILINGS_BY_SOURCE

_ARCHIVES = "https://www.sec.gov/Archives/edgar/data/"
_HKEXNEWS = "https://www1.hkexnews.hk"
_ITEMS = re.compile(r"\[([^\]]*)\]")
_ABOVE_ITEMS = re.compile(r"\s*-?\s*\[")


def tidy_sec_submissions(reads: Sequence[Read[Submissions]], watchlist: WatchList) -> Tidy:
    """Make a row of each filing of a company that we follow, and of each event that a filing shows."""
    companies = {company.sec_cik: company for company in watchlist.companies if company.sec_cik is not None}
    return with_events(
        Tidy.join(_of_company(read.snapshot, page, companies) for read in reads for page in read.records)
    )


def tidy_hkexnews_search(reads: Sequence[Read[Announcement]], watchlist: WatchList) -> Tidy:
    """Make a row of each announcement of a company that we follow, and of each event that it shows."""
    companies = _by_stock(watchlist)
    rows, aside = [], []
    for read in reads:
        provenance = origin(read.snapshot, "hkexnews_search")
        for notice in read.records:
            company_id = _company_of(notice, companies)
            if company_id:
                rows.append({**_announcement(notice), "company_id": company_id, **provenance})
            else:
                about = {"news_id": notice.news_id, "stock_codes": ",".join(notice.stock_codes)}
                aside.append(
                    SetAside(FILINGS_BY_SOURCE.name, "not_followed", about, read.snapshot.id, "hkexnews_search")
                )
    return with_events(Tidy.of(FILINGS_BY_SOURCE, rows, aside))


def _of_company(snapshot: Any, page: Submissions, companies: Mapping[int, Company]) -> Tidy:
    company = companies.get(page.cik)
    if company is None:
        about = {"cik": page.cik, "rows": page.filings.num_rows}
        return Tidy.of(
            FILINGS_BY_SOURCE,
            [],
            [SetAside(FILINGS_BY_SOURCE.name, "not_followed", about, snapshot.id, "sec_submissions")],
        )
    filings = page.filings
    count = filings.num_rows
    same = {"company_id": company.id, "publisher": "sec", "language": "en", **origin(snapshot, "sec_submissions")}
    columns = {
        "filing_id": pc.binary_join_element_wise("sec:", filings["accessionNumber"], ""),
        "form": filings["form"],
        "item_codes": _items(filings["items"]),
        "title": _or_null(filings["primaryDocDescription"]),
        "filed_date": filings["filingDate"],
        "period_end_date": filings["reportDate"],
        "accepted_text": _or_null(filings["acceptanceDateTime"]),
        "document_url": _document_urls(page.cik, filings),
        "document_size": filings["size"],
        "available_at": accepted_at(filings["acceptanceDateTime"], filings["filingDate"], filings["form"]),
        **{
            name: pa.array([value] * count, FILINGS_BY_SOURCE.arrow_schema.field(name).type)
            for name, value in same.items()
        },
    }
    return Tidy.of(FILINGS_BY_SOURCE, pa.table(columns))


def _items(items: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.split_pattern(_or_null(items), ",")


def _or_null(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _document_urls(cik: int, filings: pa.Table) -> pa.ChunkedArray:
    """Give the address of each main document as it was filed.

    Ownership reports are listed with the folder of their rendered view, which is cut.
    """
    folder = pc.replace_substring(filings["accessionNumber"], "-", "")
    document = pc.replace_substring_regex(_or_null(filings["primaryDocument"]), r"^xsl[^/]*/", "")
    return pc.binary_join_element_wise(f"{_ARCHIVES}{cik}", folder, document, "/")


def _by_stock(watchlist: WatchList) -> dict[str, str]:
    """Map stock codes, and the exchange's own numbers, to companies in the order of the list."""
    found: dict[str, str] = {}
    for company in watchlist.companies:
        codes = [line.code for line in watchlist.securities_of(company.id) if line.exchange == "XHKG"]
        for code in codes:
            found.setdefault(code, company.id)
        if company.hkex_stock_id is not None:
            found.setdefault(f"id {company.hkex_stock_id}", company.id)
    return found


def _company_of(notice: Announcement, companies: Mapping[str, str]) -> str:
    """Find the company; of a joint announcement the first that we follow, in the order of the list."""
    keys = notice.stock_codes or (f"id {notice.stock_id}",)
    order = list(companies)
    followed = sorted((key for key in keys if key in companies), key=order.index)
    return companies[followed[0]] if followed else ""


def _announcement(notice: Announcement) -> dict[str, Any]:
    items = [item for group in _ITEMS.findall(notice.category) for item in group.split(" / ") if item]
    document = notice.file_link.rpartition("/")[2].partition(".")[0]
    return {
        "filing_id": f"hkex:{notice.news_id or document}",
        "publisher": "hkex",
        "form": _ABOVE_ITEMS.split(notice.category, maxsplit=1)[0],
        "item_codes": items or None,
        "title": notice.title,
        "language": notice.language,
        "filed_date": notice.released_at.date(),
        "accepted_text": notice.released_text,
        "document_url": f"{_HKEXNEWS}{notice.file_link}"
        if notice.file_link.startswith("/")
        else notice.file_link or None,
        "available_at": notice.released_at.astimezone(UTC),
    }
