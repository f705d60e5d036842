"""Random histories of what arrives: closes, filings, counts, followers, articles, and corrections of all of them.

Every kind may come late, twice, from two sources, and otherwise than before.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from flows.derivations import DERIVATIONS, articles_past
from flows.watching import default_watchlist
from tests import small_warehouse as small
from transforms.article_claims import claims_of_article
from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME

START = small.utc("2025-03-01 00:00")
LAST_DAY = 7
TABLES = (
    "daily_quotes_by_source", "daily_quotes", "corporate_actions_by_source", "corporate_actions", "fx_rates",
    "shares_outstanding_by_source", "shares_outstanding", "financial_facts_by_source", "financial_facts",
    "operating_kpis", "targets", "follower_counts", "index_members", "articles_by_source", "articles",
    "article_mentions", "article_companies", "stories", "story_articles", "claims",
)  # fmt: skip
"""The tables of core that these histories touch."""
XIAOMI = "XHKG:01810"

Arrival = tuple[int, str, small.Row]
"""The day on which it came, the table, and the row."""
Draw = st.DrawFn


def at(day: float) -> str:
    """Write a day of these histories as a time in UTC."""
    return (START + timedelta(days=day)).strftime("%Y-%m-%d %H:%M")


@st.composite
def arrivals(draw: Draw, kinds: tuple[str, ...] = ()) -> list[Arrival]:
    """Draw what arrived on which day: up to two rows a day, of all kinds or of some."""
    found: list[Arrival] = []
    for day in range(1, LAST_DAY):
        for _ in range(draw(st.integers(1, 2))):
            table, make = _KINDS[draw(st.sampled_from(kinds or tuple(_KINDS)))]
            found.append(
                (day, table, {**make(draw, day), "fetched_at": at(day), "snapshot_id": f"urn:{len(found):02}"})
            )
    return found


def take(warehouse: Warehouse, history: Iterable[Arrival]) -> None:
    """Load a history in its order, then let follow what follows."""
    for day, table, row in history:
        seen = at(day)
        small.load(warehouse, table, {"fetched_at": seen, **row, "first_seen_at": seen}, at=seen)
    derive(warehouse)


def derive(warehouse: Warehouse) -> None:
    """Do what a run does after its loads, verdicts aside."""
    past = articles_past(warehouse, default_watchlist())
    for derivation in DERIVATIONS[:3]:
        for name, rows in derivation(warehouse, default_watchlist()).rows.items():
            loaded_at = small.utc(small.LOADED_AT)
            warehouse.derive(BY_NAME[name], rows, run_id="run-1", loaded_at=loaded_at, past=past.get(name))


def _one_of(draw: Draw, *values: Any) -> Any:
    return draw(st.sampled_from(values))


def _told(draw: Draw, day: int) -> str:
    """Draw when it was published: on the day of its arrival, or days before."""
    return at(draw(st.integers(0, day)))


def _close(draw: Draw, day: int) -> small.Row:
    del day
    source = _one_of(draw, "one", "two", "manual")
    return small.quote(XIAOMI, at(_one_of(draw, 0, 1, 2))[:10], _one_of(draw, "50", "51"), source_id=source)


def _split(draw: Draw, day: int) -> small.Row:
    return {
        "security_id": XIAOMI, "ex_date": at(_one_of(draw, 1, 2))[:10], "kind": "split", "ratio_denominator": "1",
        "ratio_numerator": _one_of(draw, "2", "5"), "is_split_adjusted": False, "available_at": _told(draw, day),
    }  # fmt: skip


def _profit(draw: Draw, day: int) -> small.Row:
    value = _one_of(draw, "50", "51")
    return small.fact("xiaomi", "net_profit_attributable", "year", "2024-12-31", value, _told(draw, day))


def _revenue(draw: Draw, day: int) -> small.Row:
    end, value = _one_of(draw, "2023-12-31", "2024-12-31"), _one_of(draw, "50", "51")
    return small.fact(
        "xiaomi", "revenue", "quarter", end, value, _told(draw, day), segment=_one_of(draw, "group", "smartphones"),
        source_id=_one_of(draw, "one", "two"), authority=_one_of(draw, 1, 4),
    )  # fmt: skip


def _shares(draw: Draw, day: int) -> small.Row:
    share_class, count = _one_of(draw, "all", "A", "B"), _one_of(draw, 50, 51)
    return small.shares("xiaomi", share_class, "2025-02-28", count, available_at=_told(draw, day))


def _rate(draw: Draw, day: int) -> small.Row:
    return small.fx("HKD", "CNY", at(_one_of(draw, 0, 1))[:10], _one_of(draw, "0.9", "0.92"), available_at=at(day))


def _followers(draw: Draw, day: int) -> small.Row:
    return small.followers("weibo:1", _told(draw, day), _one_of(draw, 50, 51))


def _deliveries(draw: Draw, day: int) -> small.Row:
    count = _one_of(draw, 50, 51)
    row = small.deliveries("xiaomi", _one_of(draw, "2025-01-31", "2025-02-28"), count, count)
    return {**row, "document_id": _one_of(draw, "x", "y"), "available_at": _told(draw, day)}


def _target(draw: Draw, day: int) -> small.Row:
    return {
        "company_id": "xiaomi", "product_id": "all", "segment": "group", "metric": "deliveries", "period_kind": "year",
        "period_start_date": "2025-01-01", "period_end_date": "2025-12-31", "currency": "", "place": "page 1",
        "said_by": "xiaomi", "kind": "target", "qualifier": "exact", "unit": "vehicles",
        "document_id": _one_of(draw, "x", "y"), "value_low": _one_of(draw, "50", "51"),
        "available_at": _told(draw, day),
    }  # fmt: skip


def _member(draw: Draw, day: int) -> small.Row:
    del day
    return small.member(XIAOMI, "2020-07-27", _one_of(draw, None, "2025-03-02"))


_TITLES = ("Xiaomi delivered 20,000 cars in February", "Lei Jun: 30,000 cars by March", "A quiet day on the markets")


def written(name: str, title: str, published: float = 0, first_word: int = 0) -> small.Row:
    """Make an article of a headline; texts share what follows the first word of their sketch."""
    return {
        **small.article(name, at(published)), "title": title, "outlet": name,
        "text_sketch": list(range(first_word, 60)), "claims_json": _claims(title),
    }  # fmt: skip


def _article(draw: Draw, day: int) -> small.Row:
    row = written(_one_of(draw, "m", "n", "o"), _one_of(draw, *_TITLES), _one_of(draw, 0, 1), _one_of(draw, 0, 55))
    return {**row, "source_id": _one_of(draw, "feed", "page"), "available_at": _told(draw, day)}


@cache
def _claims(title: str) -> str | None:
    return claims_of_article(title, "", "", published=START.date(), language="en", watchlist=default_watchlist())


_KINDS: Mapping[str, tuple[str, Callable[[Draw, int], small.Row]]] = {
    "close": ("core.daily_quotes_by_source", _close),
    "split": ("core.corporate_actions_by_source", _split),
    "profit": ("core.financial_facts_by_source", _profit),
    "revenue": ("core.financial_facts_by_source", _revenue),
    "shares": ("core.shares_outstanding_by_source", _shares),
    "rate": ("core.fx_rates_by_source", _rate),
    "followers": ("core.follower_counts", _followers),
    "deliveries": ("core.operating_kpis_by_source", _deliveries),
    "target": ("core.targets", _target),
    "member": ("core.index_members", _member),
    "article": ("core.articles_by_source", _article),
}
