"""Codes in official lists, categories of the exchange, and what a data house lists beside: to compare, not to count."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from extractors.filings.cninfo import SHANGHAI
from extractors.filings.cninfo_stocks import OrgCode
from extractors.filings.eastmoney_announcements import OutsideNotice
from extractors.filings.eastmoney_financials import OutsideItem, OutsideReport
from extractors.filings.hkexnews_categories import Category
from extractors.filings.hkexnews_stocks import ListedStock
from extractors.reading import Read
from extractors.watchlist import WatchList
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.documents import (
    FILING_CATEGORIES,
    LISTED_CODES,
    OUTSIDE_ANNOUNCEMENTS,
    OUTSIDE_FINANCIALS,
    OUTSIDE_REPORTS,
)
from warehouse.tables.table import Table

CURRENCIES = {"人民币": "CNY", "港元": "HKD", "港币": "HKD", "美元": "USD"}
_COPY = "https://pdf.dfcfw.com/pdf/H2_{}_1.pdf"

Rows = Iterable[tuple[Mapping[str, Any], str | None]]
"""Rows without provenance, each with the company that it belongs to."""


def tidy_hkexnews_stocks(reads: Sequence[Read[ListedStock]], watchlist: WatchList) -> Tidy:
    """Make a row of each code that the watch list has; a prefix finds many others."""
    companies = _by_code(watchlist, ("XHKG",))
    return _join(
        LISTED_CODES,
        "hkexnews_stocks",
        (
            (read, ((_listed("hkex", one.code, one.language, str(one.stock_id), one.name), companies.get(one.code))
                    for one in read.records))
            for read in reads
        ),
    )  # fmt: skip


def tidy_cninfo_stocks(reads: Sequence[Read[OrgCode]], watchlist: WatchList) -> Tidy:
    """Make a row of each code that the watch list has."""
    companies = _by_code(watchlist, ("XSHE", "XSHG"))
    return _join(
        LISTED_CODES,
        "cninfo_stocks",
        (
            (read, ((_listed("cninfo", one.code, "zh-Hans", one.org_id, one.name), companies.get(one.code))
                    for one in read.records))
            for read in reads
        ),
    )  # fmt: skip


def tidy_hkexnews_categories(reads: Sequence[Read[Category]], watchlist: WatchList) -> Tidy:
    """Make a row of each category."""
    del watchlist
    rows = (
        {
            **origin(read.snapshot, "hkexnews_categories"),
            "publisher": "hkex",
            "level": one.level,
            "code": one.code,
            "parent_code": one.headline_code,
            "language": one.language,
            "name": one.name,
            "group_code": one.group_code or None,
            "available_at": read.snapshot.fetched_at,
        }
        for read in reads
        for one in read.records
    )
    return Tidy.of(FILING_CATEGORIES, rows)


def tidy_eastmoney_announcements(reads: Sequence[Read[OutsideNotice]], watchlist: WatchList) -> Tidy:
    """Make a row of each announcement of a company that we follow."""
    companies = _by_code(watchlist, ("XHKG", "XSHE", "XSHG"))
    return _join(
        OUTSIDE_ANNOUNCEMENTS,
        "eastmoney_announcements",
        ((read, (_outside(one, companies) for one in read.records)) for read in reads),
    )


def tidy_eastmoney_financials(reads: Sequence[Read[OutsideReport | OutsideItem]], watchlist: WatchList) -> Tidy:
    """Make a row of each report and of each item with an amount."""
    companies = _by_code(watchlist, ("XHKG",))
    parts = [Tidy.of(OUTSIDE_REPORTS, []), Tidy.of(OUTSIDE_FINANCIALS, [])]
    for read in reads:
        public = {"available_at": read.snapshot.fetched_at}
        reports = (
            ({**_report(one), **public}, companies.get(one.code))
            for one in read.records
            if isinstance(one, OutsideReport)
        )
        items = (
            ({**_item(one), **public}, companies.get(one.code))
            for one in read.records
            if isinstance(one, OutsideItem) and one.amount is not None
        )
        parts.append(_join(OUTSIDE_REPORTS, "eastmoney_financials", [(read, reports)]))
        parts.append(_join(OUTSIDE_FINANCIALS, "eastmoney_financials", [(read, items)]))
    return Tidy.join(parts)


def _join(table: Table, source_id: str, parts: Iterable[tuple[Read[Any], Rows]]) -> Tidy:
    tidy = Tidy.of(table, [])
    for read, rows in parts:
        provenance = {"available_at": read.snapshot.fetched_at, **origin(read.snapshot, source_id)}
        kept: dict[tuple[Any, ...], dict[str, Any]] = {}
        others = 0
        for row, company_id in rows:
            if company_id is None:
                others += 1
                continue
            whole = {**provenance, **row, "company_id": company_id}
            kept[tuple(whole[name] for name in table.key)] = whole
        aside = [SetAside(table.name, "not_followed", {"rows": others}, read.snapshot.id, source_id)] if others else []
        tidy |= Tidy.of(table, kept.values(), aside)
    return tidy


def _listed(publisher: str, code: str, language: str, number: str, name: str) -> dict[str, Any]:
    return {"publisher": publisher, "code": code, "language": language, "publisher_number": number, "name": name}


def _outside(notice: OutsideNotice, companies: Mapping[str, str]) -> tuple[dict[str, Any], str | None]:
    code = next((one for one in notice.codes if one in companies), "")
    end_of_day = datetime.combine(notice.notice_date + timedelta(days=1), time(0), SHANGHAI)
    row = {
        "announcement_id": f"eastmoney:{notice.art_code}",
        "code": code,
        "title": notice.title,
        "category": notice.category or None,
        "notice_date": notice.notice_date,
        "listed_at": notice.listed_at,
        "document_url": _COPY.format(notice.art_code),
        "available_at": notice.listed_at or end_of_day,
    }
    return row, companies.get(code)


def _report(report: OutsideReport) -> dict[str, Any]:
    return {
        "period_start_date": report.start,
        "period_end_date": report.end,
        "currency": CURRENCIES.get(report.currency, report.currency),
        "accounting_standard": report.accounting_standard,
        "report_type": report.report_type,
    }


def _item(item: OutsideItem) -> dict[str, Any]:
    return {
        "statement": item.statement,
        "item_code": item.item_code,
        "period_start_date": item.start,
        "period_end_date": item.end,
        "item_name": item.item_name,
        "value": item.amount,
    }


def _by_code(watchlist: WatchList, exchanges: tuple[str, ...]) -> dict[str, str]:
    return {line.code: line.company for line in watchlist.securities if line.exchange in exchanges and line.company}
