"""Homes for the status service, written by hand: one in which everything is wrong, and one with many sources."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.publish import publish, publish_ops
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.table import Kind

Row = dict[str, Any]
NOW = datetime(2025, 3, 19, 13, tzinfo=UTC)
"""A Wednesday, in the evening in Hong Kong."""
HOSTILE = "<script>document.title='owned'</script><img src=http://192.0.2.1/x.png onerror=alert(1)>\"'&amp;"
RUN, OLDER = "daily-2", "daily-1"
_DEFAULTS: Mapping[Kind, Any] = {
    Kind.TEXT: "a word",
    Kind.TEXTS: ["a word"],
    Kind.INTEGER: 1,
    Kind.NUMBER: 1.0,
    Kind.FLAG: False,
    Kind.DAY: NOW.date(),
    Kind.INSTANT: NOW,
    Kind.PRICE: Decimal(1),
}


def row(table: str, **values: Any) -> Row:
    """Make a row; mandatory columns that are not given have a value that means nothing."""
    given = {one.name: _DEFAULTS[one.kind] for one in BY_NAME[table].columns if not one.optional}
    return {**given, **values}


def append(warehouse: Warehouse, table: str, *rows: Row) -> None:
    warehouse.append({table: BY_NAME[table].arrow([row(table, **one) for one in rows])})


def run_of(run_id: str, state: str, started_at: datetime, **values: Any) -> Row:
    ended = None if state == "running" else started_at + timedelta(minutes=4, seconds=5)
    return {
        "run_id": run_id,
        "flow": "daily",
        "mode": "live",
        "state": state,
        "started_at": started_at,
        "ended_at": ended,
        **values,
    }


def source_of(source_id: str, **values: Any) -> Row:
    return {
        "source_id": source_id,
        "title": "Daily bars",
        "kind": "quotes",
        "home_url": "https://example.com/",
        "is_enabled": True,
        "tables": ["core.daily_quotes_by_source"],
        **values,
    }


def quotes(warehouse: Warehouse, source_ids: list[str], days: list[date]) -> None:
    """Load a close a day of each source, each of a security of its own."""
    rows = [
        row(
            "core.daily_quotes_by_source",
            security_id=f"XHKG:{number:05}",
            trade_date=day,
            source_id=source_id,
            close_price=Decimal(10),
            currency="HKD",
            price_basis="as_traded",
            snapshot_id=f"urn:{source_id}:{day}",
            **{name: datetime(day.year, day.month, day.day, 9, tzinfo=UTC) for name in _TIMES},
        )
        for number, source_id in enumerate(source_ids)
        for day in days
    ]
    batch = BY_NAME["core.daily_quotes_by_source"].arrow(rows)
    warehouse.load({"core.daily_quotes_by_source": batch}, run_id=RUN, loaded_at=NOW)


_TIMES = ("available_at", "fetched_at", "first_seen_at")


def troubled(home: Home) -> Home:
    """Make a home whose newest run failed, with something to show in every place; much of it is hostile text."""
    with Warehouse.open(home.make().warehouse) as warehouse:
        append(
            warehouse,
            "core.sources",
            source_of("tencent_daily", is_required=True, title=f"Bars {HOSTILE}"),
            source_of("news_feeds", kind="news", tables=["core.articles_by_source"]),
            source_of("ecb_rates", kind="fx", tables=["core.fx_rates_by_source"]),
            source_of("weibo", kind="social", is_enabled=False, needs="login", why_off="It wants a login."),
        )
        quotes(warehouse, ["tencent_daily"], [date(2025, 3, 11), date(2025, 3, 12)])
        append(
            warehouse,
            "ops.runs",
            run_of(OLDER, "completed", NOW - timedelta(days=1)),
            run_of("daily-0", "died", NOW - timedelta(days=2), message="the process went away"),
            run_of(RUN, "failed", NOW - timedelta(hours=3), message=f"tencent_daily is missing: {HOSTILE}"),
        )
        append(
            warehouse,
            "ops.fetches",
            fetch(1, "tencent_daily", "XHKG:01810", "refused", reason="block_page", message=HOSTILE, status=403),
            fetch(2, "news_feeds", "", "unavailable", reason="timeout", url="javascript:alert(1)"),
            fetch(3, "ecb_rates", "", "ok", status=200, snapshot_id="urn:3"),
        )
        append(
            warehouse,
            "ops.loads",
            {
                "run_id": RUN,
                "load_number": 90,
                "table_name": "core.fx_rates_by_source",
                "inserted": 30,
                "updated": 3,
                "rejected": 1,
                "state": "loaded",
            },
        )
        append(
            warehouse,
            "ops.answers",
            missing("tencent_daily", "XHKG:01810", is_required=True, reason="block_page", mend="Ask `why` first."),
            missing("news_feeds", "", reason="timeout", mend="No answer in time; it is asked again in the next run."),
        )
        append(warehouse, "ops.completeness", hole("XHKG:01810"), hole(f"XHKG:{HOSTILE}"))
        append(warehouse, "ops.drift", {"source_id": "ecb_rates", "field": "a.b", "example": HOSTILE, "run_id": RUN})
        append(
            warehouse,
            "ops.mutes",
            {"source_id": "news_feeds", "until_date": date(2025, 4, 1), "author": "Ada", "because": "It moves house."},
        )
        append(
            warehouse,
            "ops.freshness",
            fresh("core.daily_quotes", 2, datetime(2025, 3, 12, 16, tzinfo=UTC), 36.0, is_stale=True, is_required=True),
            fresh("core.fx_rates", 30, NOW - timedelta(hours=20), 120.0),
            fresh("core.companies", 8, NOW, None),
        )
        _publish(home, warehouse)
    return home


def crowded(home: Home, sources: int = 500) -> Home:
    """Make a home in good order with many sources, each with its rows of twenty days."""
    names = ["tencent_daily", *(f"source_{number:03}" for number in range(1, sources))]
    days = [NOW.date() - timedelta(days=back) for back in range(20)]
    with Warehouse.open(home.make().warehouse) as warehouse:
        append(warehouse, "core.sources", *(source_of(name) for name in names))
        quotes(warehouse, names, days)
        append(warehouse, "ops.runs", run_of(RUN, "completed", NOW - timedelta(hours=1)))
        append(
            warehouse, "ops.fetches", *(fetch(n, name, "", "ok", status=200) for n, name in enumerate(names, start=1))
        )
        append(
            warehouse,
            "ops.answers",
            *({"run_id": RUN, "source_id": name, "chunk": "", "state": "here"} for name in names),
        )
        append(warehouse, "ops.completeness", *(hole(f"XHKG:{number:05}") for number in range(1800, 1840)))
        append(warehouse, "ops.freshness", fresh("core.daily_quotes", len(names) * 20, NOW, 36.0, is_required=True))
        _publish(home, warehouse)
    return home


def fetch(number: int, source_id: str, chunk: str, outcome: str, **values: Any) -> Row:
    given = {"run_id": RUN, "fetch_number": number, "source_id": source_id, "chunk": chunk, "outcome": outcome}
    return {**given, "method": "GET", "url": "https://example.com/data?x=1", "requested_at": NOW, **values}


def missing(source_id: str, chunk: str, **values: Any) -> Row:
    return {"run_id": RUN, "source_id": source_id, "chunk": chunk, "state": "missing", **values}


def hole(subject_id: str) -> Row:
    return {
        "run_id": RUN,
        "subject_kind": "security",
        "subject_id": subject_id,
        "what": "daily_closes",
        "table_name": "core.daily_quotes",
        "source_ids": ["tencent_daily"],
        "expected_from_date": date(2025, 3, 3),
        "expected_until_date": date(2025, 3, 18),
        "expected_count": 12,
        "came_count": 8,
        "missing_count": 4,
        "first_missing_date": date(2025, 3, 13),
        "last_missing_date": date(2025, 3, 18),
        "missing_days": ["2025-03-13..2025-03-18"],
        "last_came_date": date(2025, 3, 12),
        "state": "missing",
        "whose": "theirs",
        "reason": "4 bars: tencent_daily refused (block_page)",
        "mend": "The source showed a block page; it is asked again in the next run.",
        "next_try": "the next run asks for all of them again, from 2025-03-12 on",
        "next_try_from_date": date(2025, 3, 12),
    }


def fresh(name: str, count: int, until: datetime, allowed: float | None, **flags: bool) -> Row:
    return {
        "run_id": RUN,
        "table_name": name,
        "row_count": count,
        "data_until": until,
        "age_hours": (NOW - until) / timedelta(hours=1),
        "allowed_hours": allowed,
        "measured_at": NOW,
        **flags,
    }


def _publish(home: Home, warehouse: Warehouse) -> None:
    publish(home, warehouse, run_id=RUN, now=NOW)
    publish_ops(home, warehouse)
