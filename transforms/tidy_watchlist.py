"""The watch list as rows, and the definitions of our metrics beside it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from extractors.reading import Read
from extractors.watchlist import Account, Company, Person, Product, Relation, Security, WatchList
from transforms.fiscal_periods import tidy_fiscal_periods
from transforms.metrics import tidy_metrics
from transforms.segments import tidy_segments
from transforms.tidy import Tidy, origin
from warehouse.tables.table import Table
from warehouse.tables.watchlist import ACCOUNTS, COMPANIES, PEOPLE, PRODUCTS, RELATIONS, SECURITIES

ALWAYS = date(1900, 1, 1)
"""The first day of what has no stated beginning."""


def tidy_watchlist(reads: Sequence[Read[WatchList]], watchlist: WatchList) -> Tidy:
    """One row per entry of each kept list, and the metrics, segments and fiscal periods that go with it.

    The rows come from the kept lists alone, so that an archive gives the same rows under any list: the list of
    the run is not asked. A list has said what it says since it was kept.
    """
    lists = (_tidy(record, read) for read in reads for record in read.records)
    return Tidy.join([*lists, tidy_metrics(reads), tidy_segments(reads), tidy_fiscal_periods(reads)])


def _tidy(listed: WatchList, read: Read[WatchList]) -> Tidy:
    owners = _kinds_of_owners(listed)
    kept = {"available_at": read.snapshot.fetched_at, **origin(read.snapshot, "watchlist_file")}
    parts: Iterable[tuple[Table, Iterable[Mapping[str, Any]]]] = (
        (COMPANIES, map(_company, listed.companies)),
        (PEOPLE, map(_person, listed.people)),
        (PRODUCTS, map(_product, listed.products)),
        (SECURITIES, map(security_row, listed.securities)),
        (ACCOUNTS, (_account(one, owners) for one in listed.accounts)),
        (RELATIONS, map(_relation, listed.relations)),
    )
    return Tidy.join(Tidy.of(table, [{**row, **kept} for row in rows]) for table, rows in parts)


def _kinds_of_owners(listed: WatchList) -> dict[str, str]:
    kinds: Mapping[str, Sequence[Company | Person | Product]] = {
        "company": listed.companies,
        "person": listed.people,
        "product": listed.products,
    }
    return {one.id: kind for kind, entries in kinds.items() for one in entries}


def _company(one: Company) -> dict[str, Any]:
    return {
        "company_id": one.id,
        "name": one.name,
        "name_zh": one.name_zh or None,
        "aliases": list(one.aliases),
        "country": one.country or None,
        "reporting_currency": one.reporting_currency,
        "fiscal_year_end": one.fiscal_year_end,
        "sec_cik": one.sec_cik,
        "hkex_stock_id": one.hkex_stock_id,
        "followed_since_date": one.followed_since,
        "is_main": one.is_main,
        "deliveries_every": one.deliveries_every or None,
    }


def _person(one: Person) -> dict[str, Any]:
    return {"person_id": one.id, "name": one.name, "name_zh": one.name_zh or None, "aliases": list(one.aliases)}


def _product(one: Product) -> dict[str, Any]:
    return {
        "product_id": one.id,
        "company_id": one.company,
        "name": one.name,
        "name_zh": one.name_zh or None,
        "aliases": list(one.aliases),
        "kind": one.kind or None,
        "launched_date": one.launched,
    }


def security_row(one: Security) -> dict[str, Any]:
    """Give the terms of a line, without provenance."""
    return {
        "security_id": one.id,
        "valid_from_date": one.valid_from or ALWAYS,
        "valid_to_date": one.valid_to,
        "company_id": one.company or None,
        "name": one.name or None,
        "kind": one.kind,
        "share_class": one.share_class or None,
        "exchange": one.exchange,
        "exchange_code": one.code,
        "currency": one.currency,
        "is_primary": one.is_primary,
        "shares_per_unit": one.shares_per_unit,
        "yahoo_code": one.yahoo or None,
        "tencent_code": one.tencent or None,
        "tencent_daily_code": one.tencent_daily or None,
        "sina_code": one.sina or None,
        "eastmoney_code": one.eastmoney or None,
        "nasdaq_code": one.nasdaq or None,
        "alpha_vantage_code": one.alpha_vantage or None,
        "stooq_code": one.stooq or None,
    }


def _account(one: Account, owners: Mapping[str, str]) -> dict[str, Any]:
    return {
        "account_id": one.id,
        "platform": one.platform,
        "owner_kind": owners[one.owner],
        "owner_id": one.owner,
        "handle": one.handle,
        "platform_account_id": one.platform_id or None,
    }


def _relation(one: Relation) -> dict[str, Any]:
    return {
        "subject_id": one.subject,
        "relation": one.relation,
        "object_id": one.object,
        "valid_from_date": one.valid_from or ALWAYS,
        "valid_to_date": one.valid_to,
        "role": one.role or None,
    }
