"""Each source is asked for the days that its own parts are missing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.registry import BY_ID
from extractors.source import Extractor, Query, Window
from extractors.watchlist import parse_watchlist
from flows.plan import FIRST_DAYS, LONGEST_CATCH_UP, catch_up, plan
from flows.survey import asked_chunks
from flows.watching import default_watchlist
from warehouse.database import Warehouse
from warehouse.ledger import cursors
from warehouse.tables.catalog import BY_NAME

TODAY = date(2025, 3, 1)
DAILY = BY_ID["tencent_daily"]
LAG = timedelta(days=DAILY.source.lag_days)
MONTH = TODAY - timedelta(days=FIRST_DAYS)


def days_ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def start(asked: list[str], reached: dict[str, date]) -> date:
    window = catch_up(DAILY, today=TODAY, asked=asked, cursors=reached)
    assert window.end == TODAY
    return window.start


@pytest.mark.parametrize(
    ("asked", "reached", "expected"),
    [
        (["a", "b"], {}, MONTH),
        (["a", "b"], {"a": days_ago(1), "b": days_ago(1)}, days_ago(1) - LAG),
        (["a", "b"], {"a": days_ago(1), "b": days_ago(20)}, days_ago(20) - LAG),
        (["a", "new"], {"a": days_ago(1)}, MONTH),
        (["old", "new"], {"old": days_ago(90)}, days_ago(90) - LAG),
        (["a"], {"a": days_ago(1), "gone": days_ago(90)}, days_ago(1) - LAG),
        (["a"], {"a": days_ago(-3)}, TODAY - LAG),
        (["a"], {"a": days_ago(900)}, days_ago(LONGEST_CATCH_UP)),
        ([], {}, MONTH),
        ([], {"found": days_ago(2)}, days_ago(2) - LAG),
        ([], {"found": days_ago(2), "lost": days_ago(300)}, MONTH),
    ],
    ids=str,
)
def test_a_source_is_asked_from_the_part_that_is_furthest_behind(
    asked: list[str], reached: dict[str, date], expected: date
) -> None:
    assert start(asked, reached) == expected


def test_a_window_that_is_given_holds_for_all_and_stages_follow_the_kinds() -> None:
    window = Window(date(2024, 1, 1), date(2024, 2, 1))
    chosen = [
        BY_ID[name] for name in ("sec_documents", "news_articles", "tencent_daily", "trading_calendars", "news_feeds")
    ]
    planned = plan(chosen, default_watchlist(), window=window, today=TODAY, cursors={}).stages
    assert [[step.extractor.source.id for step in stage] for stage in planned] == [
        ["trading_calendars"],
        ["tencent_daily", "news_feeds"],
        ["news_articles"],
        ["sec_documents"],
    ]
    assert {step.window for stage in planned for step in stage} == {window}


def test_a_new_line_on_the_watch_list_is_asked_for_a_month() -> None:
    watchlist = default_watchlist()
    lines = asked_chunks(DAILY, Query(watchlist, Window(TODAY, TODAY)))
    assert lines == {one.id for one in watchlist.securities if one.tencent_daily or one.tencent}
    known = {"tencent_daily": dict.fromkeys(lines, days_ago(1))}

    def first_day(text: str) -> date:
        planned = plan([DAILY], parse_watchlist(text), window=None, today=TODAY, cursors=known)
        return planned.stages[1][0].window.start

    more = '\n[[security]]\ncompany = "byd"\nexchange = "XHKG"\ncode = "81211"\nname = "BYD"\ncurrency = "CNY"\n'
    more += 'share_class = "H"\ntencent = "hk81211"\n'
    assert first_day(watchlist.text) == days_ago(1) - LAG
    assert first_day(watchlist.text + more) == MONTH


def test_a_source_that_stops_half_way_still_says_what_it_asks_for() -> None:
    def fetch(client: Client, query: Query) -> Iterator[Fetched]:
        yield client.get(DAILY.source, "https://example.org/a", chunk="a")
        raise ShapeChanged("account", "the next one has no name")

    stopping: Extractor = replace(DAILY, fetch=fetch)
    assert asked_chunks(stopping, Query(default_watchlist(), Window(TODAY, TODAY))) == {"a"}


def tries(*rows: tuple[str, str, int, int, str]) -> dict[str, dict[str, date]]:
    """Write fetches of one source, as run, chunk, first and last day ago, outcome, and read its cursors."""
    with Warehouse.open_memory() as warehouse:
        warehouse.append(
            {
                "ops.fetches": BY_NAME["ops.fetches"].arrow(
                    {
                        "run_id": run,
                        "fetch_number": number,
                        "source_id": "s",
                        "chunk": chunk,
                        "method": "GET",
                        "url": "https://example.org/",
                        "requested_at": datetime(2025, 3, 1, tzinfo=UTC) + timedelta(seconds=number),
                        "seconds": 0.0,
                        "attempts": 1,
                        "outcome": outcome,
                        "window_start_date": days_ago(first),
                        "window_end_date": days_ago(last),
                        "moves_cursor": run != "replay",
                    }
                    for number, (run, chunk, first, last, outcome) in enumerate(rows)
                )
            }
        )
        return cursors(warehouse)


def test_a_part_is_caught_up_to_the_end_of_its_newest_whole_run() -> None:
    assert tries(
        ("1", "a", 40, 3, "ok"), ("1", "b", 40, 3, "nothing_there"),
        ("2", "a", 10, 2, "unchanged"), ("2", "b", 10, 2, "unavailable"),
    ) == {"s": {"a": days_ago(2), "b": days_ago(3)}}  # fmt: skip


def test_half_an_answer_does_not_move_a_part() -> None:
    assert tries(("1", "a", 40, 3, "ok"), ("2", "a", 40, 2, "ok"), ("2", "a", 40, 2, "rate_limited")) == {
        "s": {"a": days_ago(3)}
    }


def test_a_part_that_never_came_stands_where_it_was_first_asked_from() -> None:
    assert tries(("1", "a", 300, 3, "unavailable"), ("2", "a", 307, 2, "refused")) == {"s": {"a": days_ago(300)}}


def test_a_replay_moves_nothing() -> None:
    assert tries(("replay", "a", 40, 3, "ok")) == {}
