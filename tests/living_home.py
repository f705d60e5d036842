"""A small home that asks sources every day, around two closed days of Hong Kong; runs are written by hand."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests import small_warehouse as small
from warehouse.database import Warehouse
from warehouse.freshness import measure_freshness
from warehouse.home import Home
from warehouse.publish import publish, publish_ops
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.ops import SOURCES

FRIDAY = "2025-03-21"
CLOSED = ("2025-03-24", "2025-03-25")
"""Monday and Tuesday: by the calendar of this home a holiday."""
OPEN_AGAIN = "2025-03-26"
LINE = "XHKG:01810"


def make_home(root: Path) -> Home:
    """Give a home whose only run ended on Friday after the close, with that day's price."""
    home = Home(root).make()
    with Warehouse.open(home.warehouse) as warehouse:
        _sources(warehouse)
        days = [(FRIDAY, True), *((day, False) for day in CLOSED), (OPEN_AGAIN, True), ("2025-03-27", True)]
        small.load(warehouse, "core.trading_sessions", *(_session(day, is_open=is_open) for day, is_open in days))
        run(home, warehouse, "run-1", ended_at=f"{FRIDAY} 09:00", price_of=FRIDAY)
    return home


def opened(home: Home) -> Warehouse:
    """Open the writer's file for one more run."""
    return Warehouse.open(home.warehouse)


def give_sign_of_life(home: Home, at: datetime) -> None:
    """Leave what the scheduler leaves: a sign of life a minute ago, the next run in two hours, a ping that failed."""
    sign = {
        "at": (at - timedelta(minutes=1)).isoformat(),
        "pid": 1,
        "next": [{"schedule": "feeds", "at": (at + timedelta(hours=2)).isoformat()}],
        "dead_man_ping": {"at": (at - timedelta(minutes=2)).isoformat(), "ok": False},
    }
    (home.root / "heartbeat.json").write_text(json.dumps(sign), encoding="utf-8")


def run(
    home: Home,
    warehouse: Warehouse,
    run_id: str,
    *,
    ended_at: str,
    price_of: str,
    seconds: int = 90,
    urls: Iterable[str] = ("https://prices.example/daily",),
    is_shown: bool = True,
    **more: Any,
) -> None:
    """Write one live run that brought the price of a day; put out the ledger, and a generation if it is to be shown."""
    ended = small.utc(ended_at)
    small.load(warehouse, "core.daily_quotes_by_source", small.quote(LINE, price_of, "55"), at=ended_at, run_id=run_id)
    told = {
        "run_id": run_id,
        "flow": "daily",
        "mode": "live",
        "started_at": ended - timedelta(seconds=seconds),
        "ended_at": ended,
        "state": "completed",
        "code_version": "0",
        **more,
    }
    rows: dict[str, Iterable[Mapping[str, Any]]] = {
        "ops.runs": [told],
        "ops.fetches": [_fetch(run_id, number, url, ended) for number, url in enumerate(urls)],
        "ops.completeness": [_expected(run_id, date.fromisoformat(price_of), ended)],
        "ops.answers": [_answer(run_id, "tencent_daily", LINE)],
    }
    warehouse.append({name: BY_NAME[name].arrow(found) for name, found in rows.items()})
    warehouse.append({"ops.freshness": measure_freshness(warehouse, run_id=run_id, now=ended)})
    if is_shown:
        publish(home, warehouse, run_id=run_id, now=ended)
    publish_ops(home, warehouse)


def _sources(warehouse: Warehouse) -> None:
    plain = {
        **dict.fromkeys(("title", "publisher", "home_url", "terms", "terms_url"), ""),
        "kind": "quotes", "needs": "nothing",
        "honours_robots": True, "robots_decision": "allowed", "may_be_redistributed": False, "pace_seconds": 1.0,
        "is_enabled": True,
    }  # fmt: skip
    warehouse.append(
        {
            SOURCES.name: SOURCES.arrow(
                [
                    {
                        **plain,
                        "source_id": "tencent_daily",
                        "tables": ["core.daily_quotes_by_source"],
                        "is_required": True,
                    },
                    {**plain, "source_id": "weibo", "tables": ["core.follower_counts"], "is_required": False},
                ]
            )
        }
    )


def _session(day: str, *, is_open: bool) -> small.Row:
    return {
        "exchange": "XHKG",
        "session_date": day,
        "is_open": is_open,
        "opens_at": f"{day} 01:30" if is_open else None,
        "closes_at": f"{day} 08:00" if is_open else None,
        "is_half_day": False,
        "closed_reason": None if is_open else "holiday",
    }


def _fetch(run_id: str, number: int, url: str, at: datetime) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "fetch_number": number,
        "source_id": "tencent_daily",
        "chunk": LINE,
        "method": "GET",
        "url": url,
        "requested_at": at,
        "seconds": 0.5,
        "attempts": 2,
        "status": 200,
        "outcome": "ok",
        "moves_cursor": True,
    }


def _expected(run_id: str, day: date, at: datetime) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "subject_kind": "security",
        "subject_id": LINE,
        "what": "daily_closes",
        "table_name": "core.daily_quotes",
        "source_ids": ["tencent_daily"],
        "expected_from_date": date(2025, 3, 1),
        "expected_until_date": day,
        "expected_count": 15,
        "came_count": 15,
        "missing_count": 0,
        "last_came_date": day,
        "state": "complete",
        "measured_until": at,
    }


def _answer(run_id: str, source_id: str, chunk: str) -> dict[str, Any]:
    return {"run_id": run_id, "source_id": source_id, "chunk": chunk, "state": "here", "is_required": True}
