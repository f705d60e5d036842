"""What should be here, what is not, why, whose it is and when it is asked again, in words."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.completeness import Asked, completeness_row, next_window_start, spans
from tests import small_warehouse as small
from warehouse.database import Warehouse
from warehouse.expectations import (
    Expected,
    Try,
    expected_answers,
    expected_closes,
    expected_followers,
    expected_reports,
    quiet_feeds,
    tries_of,
)
from warehouse.tables.catalog import BY_NAME

MONDAY = date(2025, 3, 17)
WEEK = tuple(MONDAY + timedelta(days=number) for number in range(5))
ON = Asked(("tencent_daily",), {}, MONDAY)


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as opened:
        yield opened


def expected(kind: str = "security", missing: Sequence[date] = (), due: Sequence[date] = WEEK) -> Expected:
    return Expected(kind, "XHKG:01810", "daily_closes", "core.daily_quotes", MONDAY, tuple(due), tuple(missing), None)


def tried(source: str, days: Sequence[date], outcome: str, reason: str = "", *, at: int = 20) -> Try:
    return Try(source, "XHKG:01810", datetime(2025, 3, at, 12, tzinfo=UTC), days[0], days[-1], outcome, reason)


def row(one: Expected, asked: Asked = ON, *tries: Try) -> dict[str, Any]:
    return completeness_row(one, asked, tries, None)


def test_days_in_a_row_are_a_span_over_weekends_and_closures() -> None:
    due = [date(2025, 3, day) for day in (13, 14, 17, 19, 20)]
    assert spans(due[:4], due) == ["2025-03-13..2025-03-19"]
    assert spans([due[0], due[2], due[4]], due) == ["2025-03-13", "2025-03-17", "2025-03-20"]
    assert spans([], due) == []


def test_what_is_all_here_needs_no_words() -> None:
    found = row(expected())
    assert (found["state"], found["expected_count"], found["came_count"], found["missing_count"]) == (
        "complete",
        5,
        5,
        0,
    )
    assert not {"whose", "reason", "mend", "next_try"} & found.keys()
    assert row(expected(due=()))["state"] == "nothing_due"


@pytest.mark.parametrize(
    ("outcome", "reason", "whose", "why", "mend"),
    [
        ("unavailable", "timeout", "theirs", "tencent_daily unavailable (timeout)", "next run"),
        ("refused", "block_page", "theirs", "tencent_daily refused (block_page)", "block page"),
        ("shape_changed", "close", "theirs", "tencent_daily shape_changed (close)", "parser"),
        ("rate_limited", "too_many_requests", "ours", "tencent_daily rate_limited (too_many_requests)", "pace"),
        ("unavailable", "not_recorded", "ours", "tencent_daily unavailable (not_recorded)", "archive"),
        ("ok", "", "theirs", "tencent_daily answered and has none", "A halt"),
        ("nothing_there", "unknown_symbol", "theirs", "tencent_daily answered and has none (unknown_symbol)", "A halt"),
    ],
)
def test_the_newest_try_says_why_and_whose_it_is(outcome: str, reason: str, whose: str, why: str, mend: str) -> None:
    older = tried("tencent_daily", WEEK, "unavailable", "dns", at=18)
    found = row(expected(missing=WEEK[1:3]), ON, tried("tencent_daily", WEEK, outcome, reason), older)
    assert (found["state"], found["whose"], found["reason"]) == ("missing", whose, f"2 bars: {why}")
    assert mend in found["mend"]
    assert (found["first_missing_date"], found["last_missing_date"]) == WEEK[1:3]
    assert found["missing_days"] == ["2025-03-18..2025-03-19"]


def test_each_reason_has_its_days_and_the_one_of_most_says_what_to_do() -> None:
    found = row(expected(missing=WEEK), ON, tried("tencent_daily", WEEK[3:], "unavailable", "timeout"))
    assert found["reason"] == "3 bars: no run has asked for these days; 2 bars: tencent_daily unavailable (timeout)"
    assert found["whose"] == "ours"
    assert found["mend"] == "Ask for them: dragongate run --from 2025-03-17 --to 2025-03-19"


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (WEEK[0], "the next run asks for all of them again, from 2025-03-17 on"),
        (WEEK[2], "the next run asks from 2025-03-19 on, for 1 of them; for the others: "
                  "dragongate run --from 2025-03-18 --to 2025-03-18"),
        (WEEK[4], "no run asks so far back by itself: dragongate run --from 2025-03-18 --to 2025-03-19"),
    ],
)  # fmt: skip
def test_the_next_try_is_the_one_that_the_cursor_leads_to(start: date, said: str) -> None:
    found = row(expected(missing=WEEK[1:3]), Asked(("tencent_daily",), {}, start), tried("tencent_daily", WEEK, "ok"))
    assert (found["next_try"], found["next_try_from_date"]) == (said, start)


def test_the_cursor_leads_to_the_days_that_a_source_mends() -> None:
    today = date(2025, 3, 20)
    assert next_window_start(None, today=today, lag_days=7, first_days=40) == date(2025, 2, 8)
    assert next_window_start(date(2025, 3, 19), today=today, lag_days=7, first_days=40) == date(2025, 3, 12)
    assert next_window_start(date(2025, 4, 1), today=today, lag_days=7, first_days=40) == date(2025, 3, 13)


def test_what_no_source_that_is_on_has_is_ours_and_says_what_turns_one_on() -> None:
    found = row(expected(missing=WEEK), Asked((), {"yahoo_chart": "yahoo_chart is off: write [source.yahoo_chart]"}))
    assert (found["whose"], found["mend"]) == ("ours", "yahoo_chart is off: write [source.yahoo_chart]")
    assert found["reason"] == "5 bars: no source that is on has it: yahoo_chart"
    assert found["next_try"] == "not while every source that has it is off"
    assert "no code of it" in row(expected(missing=WEEK), Asked())["reason"]


def test_an_account_that_nobody_can_ask_for_is_not_asked() -> None:
    found = row(expected("account", due=()), Asked((), {"weibo": "weibo is turned on but has no key"}))
    assert (found["state"], found["whose"], found["mend"]) == ("not_asked", "ours", "weibo is turned on but has no key")


def test_a_count_of_a_day_comes_on_that_day_or_never() -> None:
    on = Asked(("bluesky",), {}, MONDAY)
    found = row(expected("account", missing=WEEK[:4]), on, tried("bluesky", WEEK, "unavailable", "timeout", at=20))
    assert found["reason"] == "3 counts: no run asked on these days; 1 count: bluesky unavailable (timeout)"
    assert found["next_try"].endswith("past days cannot be had")


def test_a_late_report_is_theirs_once_somebody_asked_after_it_was_due() -> None:
    on = Asked(("sec_submissions",), {}, MONDAY)
    late = expected("filer", missing=WEEK[:1], due=WEEK[:1])
    assert "answered and has none" in row(late, on, tried("sec_submissions", WEEK, "ok"))["reason"]
    assert row(late, on, tried("sec_submissions", WEEK, "ok", at=16))["whose"] == "ours"


def test_a_feed_that_tells_nothing_new_is_quiet() -> None:
    newest = datetime(2025, 3, 1, 8, tzinfo=UTC)
    found = completeness_row(expected("feed"), Asked(("news_feeds",), {}, MONDAY), (), (newest, 3.4))
    assert (found["state"], found["whose"]) == ("quiet", "theirs")
    assert found["reason"] == "nothing new since 2025-03-01 08:00Z; usually an entry every 3 h"


def session(day: date, *, is_open: bool = True) -> dict[str, Any]:
    hours = {"opens_at": f"{day} 01:30", "closes_at": f"{day} 08:00"} if is_open else {}
    return {"exchange": "XHKG", "session_date": str(day), "is_open": is_open, "is_half_day": False, **hours}


def closes(warehouse: Warehouse, until: str) -> dict[str, Expected]:
    return {one.id: one for one in expected_closes(warehouse, small.utc(until))}


@pytest.fixture
def week(warehouse: Warehouse) -> Warehouse:
    """Xiaomi followed since Tuesday, closed on Thursday, with bars of Tuesday and a running one of Friday."""
    followed = {**small.company("xiaomi"), "followed_since_date": str(WEEK[1])}
    small.load(warehouse, "core.companies", followed)
    small.load(
        warehouse,
        "core.securities",
        small.security("XHKG:01810", "xiaomi", is_primary=True),
        small.security("XHKG:HSTECH", None, kind="index"),
        small.security("XHKG:00700", None),
    )
    small.load(warehouse, "core.trading_sessions", *(session(day, is_open=day != WEEK[3]) for day in WEEK))
    small.load(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", str(WEEK[1]), "55"))
    running = small.quote("XHKG:01810", str(WEEK[4]), "56", is_final=False)
    small.load(warehouse, "core.daily_quotes_by_source", running)
    return warehouse


def test_a_line_owes_a_final_close_of_each_session_since_its_company_is_followed(week: Warehouse) -> None:
    found = closes(week, "2025-03-21 12:00")["XHKG:01810"]
    assert found.due == (WEEK[1], WEEK[2], WEEK[4]), "not before it was followed, and not on a closed day"
    assert found.missing == (WEEK[2], WEEK[4])
    assert found.last_came == WEEK[1]


def test_a_close_is_due_two_hours_after_the_session(week: Warehouse) -> None:
    assert closes(week, "2025-03-21 09:59")["XHKG:01810"].due[-1] == WEEK[2]
    assert closes(week, "2025-03-21 10:00")["XHKG:01810"].due[-1] == WEEK[4]


def test_an_index_is_followed_with_the_first_company_and_a_mere_member_since_it_is_known(week: Warehouse) -> None:
    found = closes(week, "2025-03-21 12:00")
    assert found["XHKG:HSTECH"].due == found["XHKG:01810"].due
    assert found["XHKG:00700"].since == small.utc(small.LOADED_AT).date()
    assert found["XHKG:00700"].due == (WEEK[2], WEEK[4])


def asked(warehouse: Warehouse, *rows: tuple[str, str, str, str, bool]) -> None:
    """Write fetches down: source, chunk, time, outcome, whether the run was live."""
    warehouse.append(
        {
            "ops.fetches": BY_NAME["ops.fetches"].arrow(
                {
                    "run_id": f"run-{at[:10]}", "fetch_number": number, "source_id": source, "chunk": chunk,
                    "method": "GET", "url": "https://example.org/", "requested_at": small.utc(at), "attempts": 1,
                    "outcome": outcome, "window_start_date": date(2025, 2, 10),
                    "window_end_date": small.utc(at).date(), "moves_cursor": is_live,
                }
                for number, (source, chunk, at, outcome, is_live) in enumerate(rows)
            )
        }
    )  # fmt: skip


def test_an_account_owes_a_count_a_day_since_a_live_run_asked_first(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.accounts", small.account("bluesky:a", "company", "xiaomi"))
    small.load(warehouse, "core.follower_counts", small.followers("bluesky:a", "2025-03-17 17:00", 5))
    asked(
        warehouse,
        ("bluesky", "bluesky:a", "2025-03-10 12:00", "ok", False),
        ("bluesky", "bluesky:a", "2025-03-17 17:00", "ok", True),
    )
    (found,) = expected_followers(warehouse, small.utc("2025-03-19 15:59"))
    assert found.due == (date(2025, 3, 18), date(2025, 3, 19)), "17:00 in London is the next day in Hong Kong"
    assert found.missing == (date(2025, 3, 19),)


def test_a_feed_owes_an_answer_a_day_and_one_that_nobody_asked_owes_nothing(warehouse: Warehouse) -> None:
    asked(
        warehouse,
        ("news_feeds", "a", "2025-03-17 12:00", "ok", True),
        ("news_feeds", "a", "2025-03-18 12:00", "unavailable", True),
        ("news_feeds", "a", "2025-03-19 12:00", "unchanged", True),
    )
    found = {one.id: one for one in expected_answers(warehouse, ["a", "b"], small.utc("2025-03-19 15:00"))}
    assert found["a"].missing == (date(2025, 3, 18),) and len(found["a"].due) == 3
    assert found["a"].last_came == date(2025, 3, 19)
    assert (found["b"].due, found["b"].since) == ((), None)


def test_no_feed_is_quiet_without_a_history(warehouse: Warehouse) -> None:
    assert quiet_feeds(warehouse, small.utc("2025-03-19 15:00")) == {}


def test_the_worst_answer_of_a_run_is_what_it_said(warehouse: Warehouse) -> None:
    asked(
        warehouse,
        ("tencent_realtime", "XHKG:1,XHKG:2", "2025-03-18 12:00", "ok", True),
        ("tencent_realtime", "XHKG:1", "2025-03-18 12:01", "unavailable", True),
        ("tencent_realtime", "XHKG:1", "2025-03-19 12:00", "ok", True),
    )
    found = tries_of(warehouse, date(2025, 3, 1))
    assert [one.outcome for one in found["XHKG:1"]] == ["ok", "unavailable"]
    assert [one.outcome for one in found["XHKG:2"]] == ["ok"]
    assert tries_of(warehouse, date(2025, 4, 1)) == {}


@pytest.mark.parametrize(
    ("company", "line", "what"),
    [
        (
            {"sec_cik": 1, "country": "US"},
            {},
            {"sec:annual_report": "2025-03-01", "sec:quarterly_report": "2024-05-10"},
        ),
        ({"sec_cik": 1, "country": "CN"}, {}, {"sec:annual_report": "2025-04-30"}),
        ({}, {"is_primary": True}, {"hkex:annual_results": "2025-03-31", "hkex:interim_results": "2024-08-31"}),
        ({"deliveries_every": "month"}, {}, {"issuer:deliveries": "2024-02-05"}),
    ],
)
def test_a_filer_owes_what_the_rules_and_its_habit_make_due(
    warehouse: Warehouse, company: dict[str, Any], line: dict[str, Any], what: dict[str, str]
) -> None:
    small.load(warehouse, "core.companies", {**small.company("a"), "followed_since_date": "2024-01-01", **company})
    small.load(warehouse, "core.securities", small.security("XHKG:1", "a", **line))
    ends = [("2024-03-31", "quarter"), ("2024-06-30", "quarter"), ("2024-12-31", "quarter"), ("2024-12-31", "year")]
    small.load(warehouse, "core.fiscal_periods", *(small.fiscal_period("a", end, kind) for end, kind in ends))
    found = {one.what: one for one in expected_reports(warehouse, small.utc("2026-01-01 00:00"))}
    assert {name: str(one.due[0]) for name, one in found.items()} == what
    assert all(one.missing == one.due for one in found.values())


def test_a_report_that_was_filed_is_not_missing_and_one_that_is_not_due_neither(warehouse: Warehouse) -> None:
    followed = {**small.company("tesla"), "followed_since_date": "2024-01-01", "sec_cik": 1, "country": "US"}
    small.load(warehouse, "core.companies", followed)
    ends = [("2024-03-31", "quarter"), ("2024-06-30", "quarter")]
    small.load(warehouse, "core.fiscal_periods", *(small.fiscal_period("tesla", end, kind) for end, kind in ends))
    filing = {
        "filing_id": "sec:1", "company_id": "tesla", "publisher": "sec", "form": "10-Q",
        "filed_date": "2024-04-24", "period_end_date": "2024-03-30", "available_at": "2024-04-24 00:27",
    }  # fmt: skip
    small.load(warehouse, "core.filings_by_source", filing)
    (early,) = expected_reports(warehouse, small.utc("2024-08-09 12:00"))
    assert (early.due, early.missing) == ((date(2024, 5, 10),), ())
    (late,) = expected_reports(warehouse, small.utc("2024-08-10 12:00"))
    assert late.missing == (date(2024, 8, 9),)
