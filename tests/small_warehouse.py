"""A small warehouse with a few rows of everything, written by hand, so that answers can be worked out on paper.

Values are written as text and read by the column's type: "55.2" is a price in one column, "2025-03-18" a day in
another and "2025-03-18 11:00" an instant in UTC in a third.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.table import Kind

Row = Mapping[str, Any]


def utc(text: str) -> datetime:
    """Read `2025-03-18 11:00` as an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


LOADED_AT = "2025-03-19 12:00"
_READ: dict[Kind, Callable[[str], Any]] = {
    Kind.DAY: date.fromisoformat,
    Kind.INSTANT: utc,
    Kind.PRICE: Decimal,
    Kind.AMOUNT: Decimal,
    Kind.RATE: Decimal,
}


def load(warehouse: Warehouse, table: str, *rows: Row, at: str = LOADED_AT, run_id: str = "run-1") -> None:
    """Load rows of one table; provenance that a row does not state is filled in."""
    definition = BY_NAME[table]
    kinds = {column.name: column.kind for column in definition.columns}
    origin = {"source_id": "by_hand", "fetched_at": at, "first_seen_at": at, "available_at": at}
    whole = []
    for row in rows:
        full = {**origin, **row}
        full.setdefault("snapshot_id", f"urn:{full['source_id']}:{table}:{full['fetched_at']}")
        typed = {
            name: _READ[kinds[name]](value) if isinstance(value, str) and kinds[name] in _READ else value
            for name, value in full.items()
        }
        whole.append(typed)
    loaded_at = utc(at) + timedelta(minutes=1)
    warehouse.load({table: definition.arrow(whole)}, run_id=run_id, loaded_at=loaded_at)


def fiscal_period(company_id: str, end: str, kind: str = "year") -> Row:
    """Make a fiscal year or quarter of a company whose year is the calendar's."""
    last = date.fromisoformat(end)
    first_month = 1 if kind == "year" else last.month - 2
    return {
        "company_id": company_id,
        "period_kind": kind,
        "fiscal_year": last.year,
        "fiscal_quarter": last.month // 3,
        "period_start_date": f"{last.year}-{first_month:02}-01",
        "period_end_date": end,
        "calendar_quarter": f"{last.year}Q{last.month // 3}",
    }


def company(company_id: str, currency: str = "CNY") -> Row:
    return {
        "company_id": company_id,
        "name": company_id.title(),
        "reporting_currency": currency,
        "fiscal_year_end": "12-31",
        "is_main": company_id == "xiaomi",
    }


def security(security_id: str, company_id: str | None, **more: Any) -> Row:
    exchange, _, code = security_id.partition(":")
    return {
        "security_id": security_id,
        "valid_from_date": "1900-01-01",
        "company_id": company_id,
        "kind": "share",
        "exchange": exchange,
        "exchange_code": code,
        "currency": "HKD" if exchange == "XHKG" else "USD",
        "is_primary": False,
        "shares_per_unit": 1,
        **more,
    }


def quote(security_id: str, day: str, close: str, opening: str | None = None, **more: Any) -> Row:
    """A bar as traded; Hong Kong closes at 08:00 UTC, New York at 20:00 in summer."""
    is_hong_kong = security_id.startswith("XHKG")
    return {
        "security_id": security_id,
        "trade_date": day,
        "price_basis": "as_traded",
        "open_price": opening,
        "close_price": close,
        "currency": "HKD" if is_hong_kong else "USD",
        "is_final": True,
        "available_at": f"{day} {'08' if is_hong_kong else '20'}:00",
        **more,
    }


def fx(base: str, quote_currency: str, day: str, rate: str, **more: Any) -> Row:
    return {
        "base_currency": base,
        "quote_currency": quote_currency,
        "rate_date": day,
        "rate": rate,
        "is_derived": False,
        "available_at": f"{day} 14:00",
        **more,
    }


def shares(company_id: str, share_class: str, day: str, count: int, **more: Any) -> Row:
    """Make a count that was public at noon of its own day, in UTC."""
    counted = {"company_id": company_id, "share_class": share_class, "as_of_date": day, "share_count": count}
    return {**counted, "available_at": f"{day} 12:00", **more}


def member(security_id: str, first: str, last: str | None = None) -> Row:
    return {
        "index_id": "XHKG:HSTECH",
        "security_id": security_id,
        "valid_from_date": first,
        "valid_to_date": last,
        "name": security_id,
    }


_QUARTERS = {"03-31": ("01-01", 1), "06-30": ("04-01", 2), "09-30": ("07-01", 3), "12-31": ("10-01", 4)}


def fact(company_id: str, metric: str, period: str, end: str, value: str, public: str, **more: Any) -> Row:
    """A figure of a group for a quarter or a year that is the calendar's."""
    year, day = end[:4], end[5:]
    begins, quarter = ("01-01", 4) if period == "year" else _QUARTERS[day]
    return {
        "company_id": company_id,
        "metric": metric,
        "segment": "group",
        "period_kind": period,
        "period_start_date": f"{year}-{begins}",
        "period_end_date": end,
        "currency": "CNY",
        "accounting_basis": "ifrs",
        "filing_id": f"filing:{company_id}:{public[:10]}",
        "value": value,
        "fiscal_year": int(year),
        "fiscal_quarter": quarter,
        "calendar_quarter": f"{year}Q{quarter}",
        "is_derived": False,
        "is_convenience_translation": False,
        "available_at": public,
        "fetched_at": public,
        **more,
    }


def followers(account_id: str, at: str, count: int) -> Row:
    return {
        "account_id": account_id,
        "metric": "followers",
        "observed_at": at,
        "value": count,
        "value_low": count,
        "value_high": count,
        "qualifier": "exact",
        "method": "api",
        "available_at": at,
    }


def account(account_id: str, owner_kind: str, owner_id: str) -> Row:
    return {
        "account_id": account_id,
        "platform": account_id.partition(":")[0],
        "owner_kind": owner_kind,
        "owner_id": owner_id,
        "handle": owner_id,
    }


def relation(subject: str, kind: str, target: str) -> Row:
    return {"subject_id": subject, "relation": kind, "object_id": target, "valid_from_date": "1900-01-01"}


def deliveries(company_id: str, month_end: str, count: int | None, low: int, qualifier: str = "exact") -> Row:
    return {
        "company_id": company_id,
        "product_id": "all",
        "metric": "deliveries",
        "period_kind": "month",
        "period_start_date": f"{month_end[:8]}01",
        "period_end_date": month_end,
        "document_id": f"{company_id}:{month_end}",
        "value": count,
        "value_low": low,
        "value_high": count,
        "qualifier": qualifier,
    }


def article(article_id: str, published_at: str) -> Row:
    return {
        "article_id": article_id,
        "canonical_url": f"https://outlet.example/{article_id}",
        "url": f"https://outlet.example/{article_id}",
        "outlet": "Outlet",
        "title": f"Article {article_id}",
        "published_at": published_at,
        "is_partial": False,
        "available_at": published_at,
    }


def link(article_id: str, company_id: str, via: str, entity_id: str) -> Row:
    return {
        "article_id": article_id,
        "company_id": company_id,
        "via": via,
        "entity_id": entity_id,
        "mention_count": 1,
        "is_main": via == "itself",
        "source_id": "by_hand",
        "snapshot_id": f"urn:article:{article_id}",
        "available_at": utc(LOADED_AT),
        "fetched_at": utc(LOADED_AT),
        "first_seen_at": utc(LOADED_AT),
    }


def telling(article_id: str, story_id: str) -> Row:
    return {
        "story_id": story_id,
        "article_id": article_id,
        "is_earliest": article_id == story_id,
        "is_original": article_id == story_id,
        "shared_pct": 50.0,
        "source_id": "by_hand",
        "snapshot_id": f"urn:article:{article_id}",
        "available_at": utc(LOADED_AT),
        "fetched_at": utc(LOADED_AT),
        "first_seen_at": utc(LOADED_AT),
    }


def fill(warehouse: Warehouse) -> Warehouse:
    """Put a few rows into every table that questions read."""
    followed = {**company("xiaomi"), "followed_since_date": "2024-06-30", "deliveries_every": "quarter"}
    load(warehouse, "core.companies", followed, company("li-auto"), company("xpeng"))
    load(warehouse, "core.fiscal_periods", fiscal_period("xiaomi", "2024-12-31"))
    load(
        warehouse,
        "core.securities",
        security("XHKG:01810", "xiaomi", is_primary=True),
        security("XNAS:LI", "li-auto", is_primary=True, kind="ads", shares_per_unit=2),
        security("XHKG:02015", "li-auto"),
        security("XHKG:HSTECH", None, kind="index"),
    )
    load(warehouse, "core.people", {"person_id": "lei-jun", "name": "Lei Jun"})
    load(warehouse, "core.products", {"product_id": "su7", "company_id": "xiaomi", "name": "SU7"})
    load(
        warehouse,
        "core.relations",
        relation("lei-jun", "executive_of", "xiaomi"),
        relation("xiaomi", "competes_with", "li-auto"),
        relation("xpeng", "competes_with", "xiaomi"),
    )
    load(
        warehouse,
        "core.daily_quotes_by_source",
        quote("XHKG:01810", "2024-12-31", "34.5", "34.0"),
        quote("XHKG:01810", "2025-01-02", "33.8", "34.5"),
        quote("XHKG:01810", "2025-03-18", "55.2", "54"),
        quote("XHKG:01810", "2025-03-19", "57.96", "57"),
        quote("XHKG:02015", "2024-12-31", "94"),
        quote("XHKG:02015", "2025-03-18", "103.4"),
        quote("XHKG:00700", "2024-12-31", "417"),
        quote("XHKG:00700", "2025-03-18", "500.4"),
        quote("XHKG:09999", "2024-12-31", "10"),
        quote("XHKG:09999", "2025-03-18", "90"),
        quote("XNAS:LI", "2024-12-31", "24"),
        quote("XNAS:LI", "2025-03-17", "26"),
        quote("XNAS:LI", "2025-03-18", "26.4"),
    )
    load(
        warehouse,
        "core.fx_rates_by_source",
        fx("USD", "HKD", "2025-03-17", "7.8"),
        fx("HKD", "USD", "2025-03-17", "0.128"),
        fx("HKD", "CNY", "2025-03-17", "0.93"),
        fx("USD", "CNY", "2025-03-18", "7.25"),
        fx("USD", "HKD", "2024-12-31", "7.76"),
    )
    load(
        warehouse,
        "core.shares_outstanding_by_source",
        shares("xiaomi", "A", "2025-02-28", 4_500_000_000),
        shares("xiaomi", "B", "2025-01-31", 20_400_000_000),
        shares("xiaomi", "B", "2025-02-28", 20_500_000_000),
        shares("li-auto", "all", "2024-12-31", 2_000_000_000),
    )
    load(
        warehouse,
        "core.index_members",
        member("XHKG:01810", "2020-07-27"),
        member("XHKG:00700", "2020-07-27"),
        member("XHKG:09988", "2020-07-27"),
        member("XHKG:02015", "2025-03-10"),
        member("XHKG:09999", "2020-07-27", "2025-03-10"),
    )
    load(
        warehouse,
        "core.financial_facts_by_source",
        fact("xiaomi", "net_profit_attributable", "year", "2023-12-31", "17475000000", "2024-03-19 09:00"),
        fact("xiaomi", "net_profit_attributable", "year", "2024-12-31", "23658000000", "2025-03-18 11:00"),
        fact("xiaomi", "revenue", "quarter", "2023-12-31", "73240000000", "2024-03-19 09:00"),
        fact("xiaomi", "revenue", "quarter", "2024-12-31", "109005000000", "2025-03-18 11:00"),
        fact("xiaomi", "net_profit", "quarter", "2024-12-31", "8995000000", "2025-03-18 11:00"),
        fact("li-auto", "net_profit_attributable", "quarter", "2024-03-31", "600000000", "2024-05-20 08:00"),
        fact("li-auto", "net_profit_attributable", "quarter", "2024-06-30", "1100000000", "2024-08-28 08:00"),
        fact("li-auto", "net_profit_attributable", "quarter", "2024-09-30", "2800000000", "2024-10-31 08:00"),
        fact("li-auto", "net_profit_attributable", "quarter", "2024-12-31", "3500000000", "2025-03-14 08:00"),
        fact("li-auto", "revenue", "quarter", "2024-12-31", "44270000000", "2025-03-14 08:00"),
    )
    load(
        warehouse,
        "core.filings_by_source",
        {
            "filing_id": "hkex:results",
            "company_id": "xiaomi",
            "publisher": "hkex",
            "form": "Final Results",
            "filed_date": "2025-03-18",
            "period_end_date": "2024-12-31",
            "available_at": "2025-03-18 11:00",
        },
    )
    load(
        warehouse,
        "core.events",
        {
            "event_id": "xiaomi:results:2024",
            "company_id": "xiaomi",
            "kind": "results",
            "happened_at": "2025-03-18 11:00",
            "period_end_date": "2024-12-31",
            "filing_id": "hkex:results",
            "available_at": "2025-03-18 11:00",
        },
    )
    load(
        warehouse,
        "core.accounts",
        account("weibo:1", "person", "lei-jun"),
        account("weibo:2", "company", "xiaomi"),
        account("bilibili:3", "product", "su7"),
    )
    load(
        warehouse,
        "core.follower_counts",
        followers("weibo:1", "2025-03-17 09:00", 25_900_000),
        followers("weibo:1", "2025-03-18 10:00", 26_000_000),
        followers("weibo:1", "2025-03-18 17:00", 26_100_000),
        followers("weibo:2", "2025-03-15 10:00", 1_000_000),
        followers("bilibili:3", "2025-03-17 12:00", 100_000),
    )
    load(
        warehouse,
        "core.articles_by_source",
        article("a1", "2025-03-18 01:00"),
        article("a2", "2025-03-17 17:30"),
        article("a3", "2025-03-18 20:00"),
    )
    links = [
        link("a1", "xiaomi", "itself", "xiaomi"),
        link("a1", "xiaomi", "person", "lei-jun"),
        link("a2", "xiaomi", "product", "su7"),
        link("a3", "xiaomi", "itself", "xiaomi"),
    ]
    linked = BY_NAME["core.article_companies"]
    warehouse.derive(linked, linked.arrow(links), run_id="run-1", loaded_at=utc(LOADED_AT))
    tellings = BY_NAME["core.story_articles"]
    told = [telling("a1", "a2"), telling("a2", "a2"), telling("a3", "a3")]
    warehouse.derive(tellings, tellings.arrow(told), run_id="run-1", loaded_at=utc(LOADED_AT))
    load(
        warehouse,
        "core.operating_kpis_by_source",
        deliveries("li-auto", "2025-02-28", 26_263, 26_263),
        deliveries("li-auto", "2025-01-31", 29_927, 29_927),
        deliveries("li-auto", "2024-02-29", 20_251, 20_251),
        deliveries("xpeng", "2025-02-28", 30_453, 30_453),
        deliveries("xiaomi", "2025-02-28", None, 20_000, "over"),
    )
    return warehouse
