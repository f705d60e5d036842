"""Figures by hand, as a reader of documents gives them, and what is known of their document."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractors.watchlist import read_watchlist
from tests.small_warehouse import utc
from transforms.figure_issuers import About
from transforms.figures.figure import Figure, Period, Place

WATCHLIST = read_watchlist(Path(__file__).parents[1] / "watchlist.toml")
Q3_2024 = Period("quarter", date(2024, 7, 1), date(2024, 9, 30))


def figure(
    metric: str, value: str | int, period: Period = Q3_2024, *, page: int = 1, at: int = 0, **more: Any
) -> Figure:
    """Give an exact figure in millions of yuan, unless more is said."""
    number = Decimal(value)
    return Figure(
        **{
            "metric": metric,
            "label": metric.replace("_", " "),
            "value": number,
            "value_low": number,
            "value_high": number,
            "qualifier": "exact",
            "unit": "currency",
            "currency": "CNY",
            "period": period,
            "place": Place(page, at, at + 8, f"{metric} {value}"),
            "decimals": -5,
            **more,
        }
    )


def about(company_id: str = "xiaomi", public: str = "2024-11-18 09:00", **more: Any) -> About:
    """Give a results announcement in Hong Kong."""
    company = next(one for one in WATCHLIST.companies if one.id == company_id)
    provenance = {
        "source_id": "hkexnews_documents",
        "snapshot_id": "urn:test:document",
        "available_at": utc(public),
        "fetched_at": utc("2024-11-19 00:00"),
        "first_seen_at": utc("2024-11-19 00:00"),
    }
    return About(
        **{
            "document_id": "hkex:2024111801234",
            "filing_id": "hkex:11900001",
            "company": company,
            "publisher": "hkex",
            "kind": "Quarterly Results",
            "language": "en",
            "provenance": provenance,
            **more,
        }
    )
