"""Two hundred lines, a hundred accounts, fifty feeds, four sources in trouble: the ledger says exactly what happened.

What is expected here is counted by hand from the plans in many_sources.py, not from what a run prints.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from extractors.registry import BY_ID
from tests.end_to_end.many_sources import (
    ACCOUNTS,
    DISPUTED,
    FEEDS,
    HOSTS,
    LINES,
    MASTODON,
    PLANS,
    Day,
    Hosts,
    close_of,
    code_of,
    large_watchlist,
    live_through,
)
from tests.end_to_end.rows import ledger
from tests.live_server import internet
from warehouse.home import Home
from warehouse.published import query

pytestmark = pytest.mark.xdist_group("many_sources")

SESSIONS = {
    "first": {"XHKG": 4, "XNAS": 5, "XSHG": 5},
    "second": {"XHKG": 4, "XNAS": 4, "XSHG": 5},
    "third": {"XHKG": 4, "XNAS": 4, "XSHG": 4},
    "fourth": {"XHKG": 4, "XNAS": 4, "XSHG": 4},
    "fifth": {"XHKG": 1, "XNAS": 2, "XSHG": 3},
    "sixth": {"XHKG": 1, "XNAS": 1, "XSHG": 1},
}
"""How many sessions each exchange had in each window, by its own announcements of closures."""
ASKED = {
    "tencent_daily": sum(LINES.values()),
    "tencent_realtime": 4,
    "github": ACCOUNTS,
    "bluesky": ACCOUNTS,
    "telegram": ACCOUNTS,
    "mastodon": ACCOUNTS,
    "news_feeds": FEEDS,
}
"""How often each source is asked a day when all is well: 60 last prices go into one call."""
TROUBLES: Mapping[str, Mapping[str, Counter[tuple[str, str | None, int]]]] = {
    # Four tries, half a minute apart as the host asks; then it is left alone.
    "third": {
        "github": Counter({("rate_limited", "too_many_requests", 4): 1, ("rate_limited", "circuit", 0): ACCOUNTS - 1})
    },
    "fourth": {"telegram": Counter({("refused", "block_page", 1): ACCOUNTS})},
    "fifth": {"mastodon": Counter({("shape_changed", "followers_count", 1): ACCOUNTS})},
    # Two requests in a row without an answer, and the host is left alone.
    "sixth": {
        "mastodon": Counter({("shape_changed", "followers_count", 1): ACCOUNTS}),
        "bluesky": Counter({("unavailable", "connection", 4): 2, ("unavailable", "circuit", 0): ACCOUNTS - 2}),
    },
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("many") / "home")


@pytest.fixture(scope="module")
def days(home: Home) -> dict[str, Day]:
    with internet(home.root.parent, large_watchlist(), *HOSTS, make=Hosts) as hosts:
        return live_through(home, hosts)


def test_the_list_is_as_large_as_it_should_be() -> None:
    watchlist = large_watchlist()
    assert (len(watchlist.securities), len(watchlist.accounts), len(watchlist.feeds)) == (200, 100, 50)
    assert len({one.exchange for one in watchlist.securities}) == 3


@pytest.mark.parametrize("name", PLANS)
def test_every_request_has_the_outcome_that_it_deserves(name: str, days: Mapping[str, Day]) -> None:
    day, troubles = days[name], TROUBLES.get(name, {})
    for source_id, count in ASKED.items():
        good = Counter({("ok", None, 1): count})
        assert Counter(day.outcomes(source_id)) == troubles.get(source_id, good), source_id
    others = {one["source_id"] for one in day.fetches} - ASKED.keys()
    assert others == {"ecb_rates", "trading_calendars", "watchlist_file"}
    assert {one["outcome"] for one in day.fetches if one["source_id"] in others} <= {"ok", "unchanged"}


@pytest.mark.parametrize("name", PLANS)
def test_the_run_names_who_is_missing_and_fails_for_nobody_optional(name: str, days: Mapping[str, Day]) -> None:
    report, missing = days[name].report, sorted(TROUBLES.get(name, {}))
    assert report.exit_code == 0 and report.kept_back == {}
    assert (report.state, report.message) == (
        ("completed_with_gaps", f"missing: {', '.join(missing)}") if missing else ("completed", "")
    )
    assert Counter(gap.source_id for gap in report.gaps) == dict.fromkeys(missing, ACCOUNTS)
    assert all(gap.mend for gap in report.gaps)


@pytest.mark.parametrize("name", PLANS)
def test_the_answers_of_each_chunk_are_told(name: str, days: Mapping[str, Day]) -> None:
    day, troubles = days[name], TROUBLES.get(name, {})
    told: dict[str, Counter[tuple[str, str | None]]] = defaultdict(Counter)
    for row in day.answers:
        told[row["source_id"]][row["state"], row["reason"]] += 1
    for source_id, count in ASKED.items():
        bad = troubles.get(source_id)
        wanted = Counter(
            {("missing", f"{outcome}: {reason}"): number for (outcome, reason, _), number in bad.items()}
            if bad
            else {("here", None): count}
        )
        assert told[source_id] == wanted, source_id
    missing = [row for row in day.answers if row["state"] == "missing"]
    assert all(row["mend"] and not row["is_required"] for row in missing)


# --- What is here


def test_every_session_of_every_line_is_here_and_no_other_day(home: Home, days: Mapping[str, Day]) -> None:
    rows = query(
        home,
        "SELECT split_part(security_id, ':', 1) AS exchange, trade_date, count(*) AS n FROM core.daily_quotes "
        "WHERE source_id = 'tencent_daily' GROUP BY ALL",
    ).to_pylist()
    assert {row["n"] for row in rows if row["exchange"] == "XHKG"} == {LINES["XHKG"]}
    came = Counter(row["exchange"] for row in rows)
    assert came == {exchange: sum(one[exchange] for one in SESSIONS.values()) for exchange in LINES}
    closed = {(row["exchange"], row["trade_date"]) for row in rows} & {
        ("XHKG", date(2023, 9, 1)), ("XHKG", date(2023, 9, 8)),
        ("XNAS", date(2023, 9, 4)), ("XNAS", date(2024, 12, 25)),
    }  # fmt: skip
    assert closed == set()


def test_the_prices_are_those_of_the_hosts(home: Home, days: Mapping[str, Day]) -> None:
    for exchange, number, day in (("XHKG", 119, "2024-11-14"), ("XNAS", 3, "2023-09-01"), ("XSHG", 29, "2024-12-25")):
        line = f"{exchange}:{code_of(exchange, number)}"
        rows = query(
            home,
            f"SELECT close_price FROM core.daily_quotes WHERE security_id = '{line}' AND trade_date = '{day}'",
        ).to_pylist()
        assert rows == [{"close_price": close_of(number, date.fromisoformat(day))}]


def test_the_calendar_knows_storms_and_half_days(home: Home, days: Mapping[str, Day]) -> None:
    rows = query(
        home,
        "SELECT session_date, is_open, is_half_day, closes_at, closed_reason FROM core.trading_sessions "
        "WHERE exchange = 'XHKG' AND CAST(session_date AS VARCHAR) IN "
        "('2023-09-01', '2023-09-08', '2024-11-14', '2024-12-24')",
    ).to_pylist()
    by_day = {row["session_date"]: row for row in rows}
    for closed in (date(2023, 9, 1), date(2023, 9, 8)):
        assert not by_day[closed]["is_open"] and by_day[closed]["closed_reason"]
    assert by_day[date(2024, 11, 14)]["is_open"] and not by_day[date(2024, 11, 14)]["is_half_day"]
    half = by_day[date(2024, 12, 24)]
    assert half["is_half_day"] and half["closes_at"] == datetime(2024, 12, 24, 4, tzinfo=UTC)


def test_counts_came_where_the_platform_answered(home: Home, days: Mapping[str, Day]) -> None:
    rows = query(
        home,
        "SELECT split_part(account_id, ':', 1) AS platform, count(*) AS n FROM core.follower_counts GROUP BY ALL",
    ).to_pylist()
    in_trouble = Counter(source for troubles in TROUBLES.values() for source in troubles)
    assert {row["platform"]: row["n"] for row in rows} == {
        name: (len(PLANS) - in_trouble[name]) * ACCOUNTS for name in ("github", "bluesky", "telegram", "mastodon")
    }


def test_every_feed_brought_its_entry_of_each_day(home: Home, days: Mapping[str, Day]) -> None:
    (row,) = query(home, "SELECT count(*) AS n FROM core.articles").to_pylist()
    assert row["n"] == FEEDS * len(PLANS)


# --- What the ledger says of it


def of_kind(day: Day, kind: str, prefix: str) -> list[dict[str, Any]]:
    return [row for row in day.completeness if row["subject_kind"] == kind and row["subject_id"].startswith(prefix)]


@pytest.mark.parametrize("exchange", LINES)
def test_two_weeks_are_complete_though_a_storm_closed_the_exchange(exchange: str, days: Mapping[str, Day]) -> None:
    expected = 0
    for name in ("first", "second"):
        expected += SESSIONS[name][exchange]
        rows = of_kind(days[name], "security", exchange)
        assert len(rows) == LINES[exchange]
        said = {(row["state"], row["expected_count"], row["came_count"], row["missing_count"]) for row in rows}
        assert said == {("complete", expected, expected, 0)}


@pytest.mark.parametrize("exchange", LINES)
def test_days_that_nobody_asked_for_are_ours_and_missing(exchange: str, days: Mapping[str, Day]) -> None:
    came = sum(SESSIONS[name][exchange] for name in ("first", "second", "third"))
    rows = of_kind(days["third"], "security", exchange)
    assert {(row["state"], row["whose"], row["came_count"]) for row in rows} == {("missing", "ours", came)}
    assert {row["expected_count"] - row["missing_count"] for row in rows} == {came}
    first_weekday_after = date(2023, 9, 11)
    assert {row["first_missing_date"] for row in rows} == {first_weekday_after}
    assert {row["last_missing_date"] for row in rows} == {date(2024, 11, 8)}
    assert all("no run has asked" in row["reason"] for row in rows)


@pytest.mark.parametrize(
    ("name", "platform", "reasons"),
    [
        ("third", "github", {"rate_limited (too_many_requests)": 1, "rate_limited (circuit)": ACCOUNTS - 1}),
        ("fourth", "telegram", {"refused (block_page)": ACCOUNTS}),
        ("fifth", "mastodon", {"shape_changed (followers_count)": ACCOUNTS}),
        ("sixth", "bluesky", {"unavailable (connection)": 2, "unavailable (circuit)": ACCOUNTS - 2}),
    ],
)
def test_a_count_that_a_platform_kept_from_us_is_told_with_its_reason(
    name: str, platform: str, reasons: Mapping[str, int], days: Mapping[str, Day]
) -> None:
    rows = of_kind(days[name], "account", platform)
    assert len(rows) == ACCOUNTS and {row["state"] for row in rows} == {"missing"}
    told = Counter(reason for row in rows for reason in reasons if f"1 count: {platform} {reason}" in row["reason"])
    assert told == reasons
    before = of_kind(days["second"], "account", platform)
    assert not any(platform in (row["reason"] or "") for row in before), "all was well then"


def test_the_new_field_is_the_only_drift(home: Home, days: Mapping[str, Day]) -> None:
    rows = ledger(home.root, "SELECT source_id, field, example, run_id FROM drift")
    assert rows == [
        {"source_id": "bluesky", "field": "badgeCount", "example": "3", "run_id": days["second"].report.run_id}
    ]


def test_the_one_price_on_which_sources_differ_is_the_only_disagreement(home: Home, days: Mapping[str, Day]) -> None:
    exchange, number, day = DISPUTED
    (row,) = query(home, "SELECT * FROM ops.disagreements").to_pylist()
    key = json.loads(row["row_key"])
    assert (key["security_id"], key["trade_date"]) == (f"{exchange}:{code_of(exchange, number)}", str(day))
    said = (row["least_source_id"], row["least_value"], row["greatest_source_id"], row["greatest_value"])
    close = float(close_of(number, day))
    assert said == ("tencent_daily", close, "tencent_realtime", close + 1)
    assert row["least_snapshot_id"] != row["greatest_snapshot_id"] and row["reading_count"] == 2
    (chosen,) = query(
        home,
        f"SELECT source_id, close_price, is_disputed FROM core.daily_quotes WHERE trade_date = '{day}' AND is_disputed",
    ).to_pylist()
    assert chosen == {"source_id": "tencent_daily", "close_price": Decimal(str(close)), "is_disputed": True}


# --- Manners


PACES = {
    "web.ifzq.gtimg.cn": "tencent_daily",
    "qt.gtimg.cn": "tencent_realtime",
    "api.github.com": "github",
    "public.api.bsky.app": "bluesky",
    "t.me": "telegram",
    "www.ecb.europa.eu": "ecb_rates",
    **dict.fromkeys(MASTODON, "mastodon"),
    **{f"outlet{number}.example": "news_feeds" for number in range(FEEDS)},
}


def test_every_host_has_a_pace() -> None:
    assert PACES.keys() == set(HOSTS)


@pytest.mark.parametrize("name", PLANS)
def test_the_pace_of_every_host_was_kept(name: str, days: Mapping[str, Day]) -> None:
    day = days[name]
    times: dict[str, list[float]] = defaultdict(list)
    for host, at in day.connected:
        times[host].append(at)
    # Each request is a connection of its own, so that the hosts saw each of these moments.
    assert {host: len(found) for host, found in times.items()} == Counter(one.host for one in day.asked)
    for host, source_id in PACES.items():
        pace = BY_ID[source_id].source.pace.seconds
        assert all(later - earlier >= pace - 1e-6 for earlier, later in pairwise(sorted(times[host]))), host


def test_who_asks_for_half_a_minute_gets_it(days: Mapping[str, Day]) -> None:
    third = days["third"]
    assert Counter(round(seconds) for seconds in third.slept)[30] == 3, "three pauses between four tries"
    times = sorted(at for host, at in third.connected if host == "api.github.com")
    assert len(times) == 4 and all(later - earlier >= 30 - 1e-6 for earlier, later in pairwise(times))
    assert not any(30 <= seconds < 31 for name, day in days.items() if name != "third" for seconds in day.slept)


def test_who_turns_us_away_is_left_alone(days: Mapping[str, Day]) -> None:
    seen = {name: Counter(one.host for one in day.asked) for name, day in days.items()}
    assert seen["third"]["api.github.com"] == 4 and seen["sixth"]["public.api.bsky.app"] == 8
    assert seen["fourth"]["t.me"] == ACCOUNTS + 1, "a block page is no reason to ask again, nor to believe it for all"
