"""Wait for the results of one company, and say what they are as soon as they are in.

Around the hour that is expected the sources are asked every minute, before it every ten: gently, and no longer than
the caller allows. Each ask is a run like any other, for this company and its sources of filings alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from extractors.registry import BY_ID
from extractors.source import Window
from extractors.watchlist_file import SOURCE as WATCHLIST_FILE
from flows.clock import DAY_ZONE, Now
from flows.collect import Request, run_daily
from flows.runner import PlainRunner
from warehouse.company_facts import company_facts, expected_results
from warehouse.home import Home
from warehouse.published import NothingPublished

SOURCES = (
    "hkexnews_search", "hkexnews_documents", "issuer_pages", "sec_submissions", "sec_filing_index", "sec_documents",
    "sec_companyfacts", "cninfo_announcements", "cninfo_documents",
)  # fmt: skip
OFTEN = timedelta(minutes=1)
SELDOM = timedelta(minutes=10)
AROUND = timedelta(minutes=45)
"""How near to the expected hour it is asked often, on both sides."""

Row = Mapping[str, Any]
WATCHLIST = WATCHLIST_FILE.id
_SERIES = ("metric", "part", "period_kind", "period_end_date", "unit")


@dataclass(frozen=True, slots=True)
class Watched:
    """What came: new facts, each with the last quarter's and last year's beside it, and how often was asked."""

    fresh: Sequence[Row]
    beside: Sequence[Row]
    asks: int


def pause(now: datetime, expected: datetime | None) -> timedelta:
    """Say how long to wait before the next ask: often around the expected hour, or always where none is known."""
    if expected is None or abs(now - expected) <= AROUND:
        return OFTEN
    return SELDOM if now > expected else min(SELDOM, max(OFTEN, expected - AROUND - now))


def watch(request: Request, company_id: str, *, now: Now, sleep: Callable[[float], None], until: datetime) -> Watched:
    """Ask until there are facts that were not known before, or until a time; an empty home knows nothing yet."""
    asked = _asked(request, company_id, now)
    before = {_key(row) for row in _facts(request.home, company_id)}
    expected = _expected(request.home, company_id, now())
    asks = 0
    while True:
        run_daily(replace(asked, window=_days(now)), PlainRunner(), now=now)
        asks += 1
        facts = _facts(request.home, company_id)
        fresh = [row for row in facts if _key(row) not in before]
        rest = pause(now(), expected)
        if fresh or now() + rest > until:
            return Watched(fresh, _beside(fresh, facts), asks)
        sleep(rest.total_seconds())


def _asked(request: Request, company_id: str, now: Now) -> Request:
    """Narrow a request to one company and its sources of filings; the watch list is kept with every run."""
    wanted = (WATCHLIST, *(request.only or SOURCES))
    only = tuple(name for name in wanted if name in BY_ID)
    return replace(request, companies=(company_id,), only=only, window=_days(now))


def _days(now: Now) -> Window:
    today = now().astimezone(DAY_ZONE).date()
    return Window(today - timedelta(days=1), today)


def _facts(home: Home, company_id: str) -> list[Row]:
    try:
        rows: list[Row] = company_facts(home, company_id).to_pylist()
    except NothingPublished:
        return []
    return rows


def _expected(home: Home, company_id: str, now: datetime) -> datetime | None:
    try:
        return expected_results(home, company_id, now)
    except NothingPublished:
        return None


def _key(row: Row) -> tuple[Any, ...]:
    return (*(row[name] for name in _SERIES), row["document_id"])


def _beside(fresh: Sequence[Row], facts: Sequence[Row]) -> list[Row]:
    """Give the same figures a year and a quarter before each new one."""
    wanted = {
        (*(row[name] for name in _SERIES if name != "period_end_date"), year, month)
        for row in fresh
        for year, month in _earlier(row["period_end_date"])
    }
    new = {_key(row) for row in fresh}
    return [row for row in facts if _key(row) not in new and _dated(row) in wanted]


def _dated(row: Row) -> tuple[Any, ...]:
    end: date = row["period_end_date"]
    return (*(row[name] for name in _SERIES if name != "period_end_date"), end.year, end.month)


def _earlier(end: date) -> tuple[tuple[int, int], tuple[int, int]]:
    years, month = divmod(end.month - 4, 12)
    return (end.year - 1, end.month), (end.year + years, month + 1)
