"""Which pages a source asks for that has no list of its own: what lists of this run, or earlier ones, pointed to."""

from collections.abc import Callable, Collection, Mapping, Sequence

from extractors.filings import sec_filing_index
from extractors.source import Window
from extractors.watchlist import WatchList
from warehouse.database import Warehouse
from warehouse.ledger import unread_article_pages
from warehouse.unread_filings import (
    documents_of,
    filings_without_exhibits,
    settled_urls,
    unread_documents,
    unread_sec_documents,
)

Links = Callable[[Warehouse, WatchList, Window], Sequence[str]]

HONG_KONG_CATEGORIES = (
    "Final Results", "Interim Results", "Quarterly Results", "Monthly Returns",
    "末期業績", "中期業績", "季度業績", "月報表",
)  # fmt: skip
"""Headlines and items whose documents are read: results and the monthly returns of shares in issue."""
MAINLAND_TITLES = r"(年度报告|半年度报告|季度报告)(全文|正文)?$|产销快报"
"""Titles whose documents are read: reports, but not their summaries, and the sales of a month."""


def links_of(
    source_id: str, warehouse: Warehouse, watchlist: WatchList, window: Window, companies: Collection[str] = ()
) -> tuple[str, ...]:
    """List what a source should ask for within a window and has not; nothing for one with lists of its own.

    With `companies` only documents of their filings are listed.
    """
    find = LINKS.get(source_id)
    if find is None:
        return ()
    settled = settled_urls(warehouse, source_id)
    found = [url for url in find(warehouse, watchlist, window) if url not in settled]
    if not companies or source_id not in _BY_DOCUMENT:
        return tuple(found)
    theirs = documents_of(warehouse, companies)
    return tuple(url for url in found if url in theirs)


def _article_pages(warehouse: Warehouse, watchlist: WatchList, window: Window) -> Sequence[str]:
    feeds = [feed.id for feed in watchlist.feeds if feed.read_pages]
    return unread_article_pages(warehouse, feeds, window.start, window.end)


def _filing_indexes(warehouse: Warehouse, watchlist: WatchList, window: Window) -> Sequence[str]:
    numbers = {company.id: company.sec_cik for company in watchlist.companies if company.sec_cik is not None}
    unknown = filings_without_exhibits(warehouse, window.start, window.end)
    return [
        sec_filing_index.address(numbers[company_id], filing_id.removeprefix("sec:"))
        for filing_id, company_id in unknown
        if company_id in numbers
    ]


def _sec_documents(warehouse: Warehouse, watchlist: WatchList, window: Window) -> Sequence[str]:
    del watchlist
    return unread_sec_documents(warehouse, window.start, window.end)


def _hong_kong_documents(warehouse: Warehouse, watchlist: WatchList, window: Window) -> Sequence[str]:
    del watchlist
    return unread_documents(warehouse, "hkex", "", HONG_KONG_CATEGORIES, window.start, window.end)


def _mainland_documents(warehouse: Warehouse, watchlist: WatchList, window: Window) -> Sequence[str]:
    del watchlist
    return unread_documents(warehouse, "cninfo", MAINLAND_TITLES, (), window.start, window.end)


LINKS: Mapping[str, Links] = {
    "news_articles": _article_pages,
    "sec_filing_index": _filing_indexes,
    "sec_documents": _sec_documents,
    "hkexnews_documents": _hong_kong_documents,
    "cninfo_documents": _mainland_documents,
}
"""How the pages of a source are found, by its id."""
_BY_DOCUMENT = frozenset({"sec_documents", "hkexnews_documents", "cninfo_documents"})
"""Sources whose pages are found whatever the companies of the watch list."""
