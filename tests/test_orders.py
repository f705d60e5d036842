"""Sources stand in an order: the next one is asked only for what those before it left open."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import chain

import pytest

from extractors.client import Client, Fetched
from extractors.errors import Outcome
from extractors.quotes.asked_lines import asked_lines
from extractors.reader import NOTHING, Answer
from extractors.registry import BY_ID
from extractors.source import Extractor, Query, Window
from extractors.watchlist import WatchList, parse_watchlist
from flows.gaps import gaps_of, is_made_good
from flows.orders import FALLBACKS, Outcomes, Turns
from flows.plan import Plan, plan
from flows.taking import Taken, Tally
from tests.cases import FIXTURES
from transforms.registry import ORDERS

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
OK, TIMEOUT, NONE = ("ok", ""), ("unavailable", "timeout"), ("nothing_there", "unknown_symbol")
LINES = {
    "tencent_daily": ("XHKG:1", "XHKG:2", "XNAS:3"),
    "eastmoney_daily": ("XHKG:1", "XHKG:2", "XNAS:3"),
    "yahoo_chart": ("XHKG:2", "XNAS:3", "XHKG:4"),
}


def said(source: str, **outcomes: tuple[str, str]) -> Outcomes:
    return {
        (source, {"a": "XHKG:1", "b": "XHKG:2", "c": "XNAS:3", "d": "XHKG:4"}[name]): one
        for name, one in outcomes.items()
    }


def test_every_source_of_an_order_is_registered_and_fills_what_its_order_gives() -> None:
    for markets in ORDERS.values():
        for order in markets.values():
            assert len(set(order)) == len(order)
            filled = set.intersection(*(set(BY_ID[name].source.tables) for name in order))
            assert any(table.endswith("_by_source") for table in filled), order


def test_at_first_each_part_goes_to_the_first_source_that_has_it() -> None:
    assert Turns(LINES).next({}) == {
        "tencent_daily": {"XHKG:1", "XHKG:2", "XNAS:3"},
        "yahoo_chart": {"XHKG:4"},
    }


def test_the_next_source_gets_what_is_open_and_nothing_else() -> None:
    turns = Turns(LINES)
    turns.next({})
    first = {**said("tencent_daily", a=OK, b=TIMEOUT, c=NONE), **said("yahoo_chart", d=("unchanged", "not_modified"))}
    assert turns.next(first) == {"yahoo_chart": {"XHKG:2", "XNAS:3"}}
    second = {**first, **said("yahoo_chart", b=OK, c=TIMEOUT)}
    assert turns.next(second) == {"eastmoney_daily": {"XNAS:3"}}
    assert turns.next({**second, **said("eastmoney_daily", c=NONE)}) == {}


def test_a_source_that_stopped_half_way_left_open_what_it_did_not_reach() -> None:
    turns = Turns(LINES)
    turns.next({})
    stopped = {**said("tencent_daily", a=OK, c=OK), **said("yahoo_chart", d=OK), ("tencent_daily", ""): TIMEOUT}
    assert turns.next(stopped) == {"yahoo_chart": {"XHKG:2"}}


def test_a_call_for_many_lines_answers_for_each_of_them() -> None:
    turns = Turns({"tencent_realtime": ("XHKG:1,XHKG:2", "XNAS:3"), "sina_realtime": ("XHKG:1,XNAS:3",)})
    assert turns.next({}) == {"tencent_realtime": {"XHKG:1", "XHKG:2", "XNAS:3"}}
    outcomes = {("tencent_realtime", "XHKG:1,XHKG:2"): TIMEOUT, ("tencent_realtime", "XNAS:3"): OK}
    assert turns.next(outcomes) == {"sina_realtime": {"XHKG:1"}}


def test_rates_have_no_market_and_one_answer_is_all_of_them() -> None:
    turns = Turns({"ecb_rates": ("",), "frankfurter": ("",), "open_er_api": ("",), "hkma": ("",), "fred": ("DEXHKUS",)})
    assert turns.next({}) == {"ecb_rates": {""}}
    assert turns.next({("ecb_rates", ""): ("ok", "")}) == {}
    failing = Turns(turns.carried)
    failing.next({})
    ecb = {("ecb_rates", ""): ("refused", "block_page")}
    assert failing.next(ecb) == {"frankfurter": {""}, "hkma": {""}}
    assert failing.next({**ecb, ("frankfurter", ""): OK, ("hkma", ""): TIMEOUT}) == {"fred": {""}}


def test_a_source_that_is_off_leaves_its_place_to_the_next() -> None:
    assert Turns({"eastmoney_daily": ("XSHE:1",), "yahoo_chart": ("XSHE:1",)}).next({}) == {
        "eastmoney_daily": {"XSHE:1"}
    }


def test_fallbacks_are_first_in_no_order() -> None:
    assert FALLBACKS.isdisjoint({"tencent_daily", "tencent_realtime", "ecb_rates"})
    assert {"sina_realtime", "frankfurter", "hkma", "open_er_api", "yahoo_chart"} <= FALLBACKS


def test_a_source_asks_only_for_lines_that_are_open() -> None:
    watchlist = listed()
    query = Query(watchlist, Window(date(2025, 3, 1), date(2025, 3, 1)), open=frozenset({"XHKG:01810"}))
    assert [line.id for _, line in asked_lines(query, lambda line: line.tencent)] == ["XHKG:01810"]
    assert list(asked_lines(replace(query, open=frozenset()), lambda line: line.tencent)) == []


def listed() -> WatchList:
    return parse_watchlist((FIXTURES / "watchlist.toml").read_text(encoding="utf-8"))


def planned(*names: str, cursors: Mapping[str, Mapping[str, date]] | None = None) -> Plan:
    return plan([BY_ID[one] for one in names], listed(), window=None, today=date(2025, 3, 1), cursors=cursors or {})


def test_a_source_that_has_all_to_ask_is_asked_without_a_list_and_the_others_wait() -> None:
    (step,) = chain.from_iterable(planned("tencent_daily", "eastmoney_daily").stages)
    assert (step.extractor.source.id, step.open) == ("tencent_daily", None)


def test_what_is_left_open_is_asked_for_over_the_days_of_the_source_before() -> None:
    made = planned("tencent_daily", "eastmoney_daily")
    (first,) = chain.from_iterable(made.stages)
    outcomes = {("tencent_daily", line.id): OK for line in listed().securities}
    assert made.further([first], outcomes) == []
    (second,) = made.further([first], {**outcomes, ("tencent_daily", "XHKG:01810"): TIMEOUT})
    assert (second.extractor.source.id, second.open, second.window) == ("eastmoney_daily", {"XHKG:01810"}, first.window)
    assert made.further([second], {**outcomes, ("tencent_daily", "XHKG:01810"): TIMEOUT}) == []


def test_steps_without_an_order_lead_to_nothing_further() -> None:
    made = planned("github", "tencent_daily", "eastmoney_daily")
    steps = [one for one in chain.from_iterable(made.stages) if one.extractor.source.id == "github"]
    assert made.further(steps, {}) == []


def taken(source: str, chunk: str, outcome: Outcome, reason: str) -> Taken:
    fetched = Fetched(source, chunk, "GET", "https://example.org/", NOON, 0.0, 1, Outcome.OK)
    return Taken(fetched, Answer(outcome, reason, f"{source} says {reason}", NOTHING))


def after(*answers: tuple[str, str, Outcome, str]) -> tuple[Tally, Turns]:
    """Take answers in, one after the other, with the next sources asked between them."""
    tally, turns = Tally(), Turns(LINES)
    turns.next({})
    for answer in answers:
        tally.add([taken(*answer)], {})
        turns.next(tally.chunks)
    return tally, turns


WELL = (("tencent_daily", "XHKG:1", Outcome.OK, ""), ("yahoo_chart", "XHKG:4", Outcome.OK, ""))
FAILED = ("tencent_daily", "XHKG:2", Outcome.RATE_LIMITED, "too_many_requests")


def test_a_hole_that_the_next_source_fills_is_no_gap_but_its_failure_stays_known() -> None:
    tally, turns = after(
        *WELL, FAILED, ("yahoo_chart", "XHKG:2", Outcome.OK, ""), ("tencent_daily", "XNAS:3", Outcome.OK, "")
    )
    assert list(gaps_of(tally, turns, {})) == []
    assert is_made_good("tencent_daily", "XHKG:2", turns, tally.chunks)
    assert tally.chunks["tencent_daily", "XHKG:2"] == ("rate_limited", "too_many_requests")


def test_where_all_fail_one_gap_names_them_all() -> None:
    tally, turns = after(
        *WELL,
        ("tencent_daily", "XHKG:2", Outcome.OK, ""),
        ("tencent_daily", "XNAS:3", Outcome.RATE_LIMITED, "too_many_requests"),
        ("yahoo_chart", "XNAS:3", Outcome.REFUSED, "block_page"),
        ("eastmoney_daily", "XNAS:3", Outcome.UNAVAILABLE, "timeout"),
    )
    (gap,) = gaps_of(tally, turns, {"alpha_vantage": "alpha_vantage is off: it needs a key"})
    assert (gap.source_id, gap.chunk, gap.outcome, gap.is_required) == ("tencent_daily", "XNAS:3", "rate_limited", True)
    for part in (
        "daily_bars", "tencent_daily: rate_limited (too_many_requests)", "yahoo_chart: refused (block_page)",
        "eastmoney_daily: unavailable (timeout)", "alpha_vantage: alpha_vantage is off",
    ):  # fmt: skip
        assert part in gap.message
    assert not is_made_good("tencent_daily", "XNAS:3", turns, tally.chunks)


def test_a_run_is_complete_without_the_price_of_a_mere_member_of_an_index() -> None:
    tally, turns = after(FAILED, ("yahoo_chart", "XHKG:2", Outcome.REFUSED, "block_page"))
    required = {gap.chunk: gap.is_required for gap in gaps_of(tally, turns, {}, members={"XHKG:2"})}
    assert required == {"XHKG:2": False}
    assert [gap.is_required for gap in gaps_of(tally, turns, {}, members={"XHKG:1"})] == [True]


def test_that_there_is_nothing_is_an_answer_though_the_next_source_is_asked() -> None:
    tally, turns = after(
        *WELL,
        ("tencent_daily", "XNAS:3", Outcome.OK, ""),
        ("tencent_daily", "XHKG:2", Outcome.NOTHING_THERE, "empty_window"),
        ("yahoo_chart", "XHKG:2", Outcome.UNAVAILABLE, "timeout"),
    )
    assert list(gaps_of(tally, turns, {})) == []


@pytest.mark.parametrize(
    ("outcomes", "kept"),
    [
        ([Outcome.NOTHING_THERE, Outcome.OK], "ok"),
        ([Outcome.OK, Outcome.NOTHING_THERE], "ok"),
        ([Outcome.UNAVAILABLE, Outcome.OK], "unavailable"),
        ([Outcome.NOTHING_THERE, Outcome.UNAVAILABLE, Outcome.OK], "unavailable"),
    ],
)
def test_of_several_answers_a_failure_counts_most_and_data_more_than_nothing(
    outcomes: list[Outcome], kept: str
) -> None:
    tally = Tally()
    tally.add([taken("tencent_daily", "XHKG:1", one, "why") for one in outcomes], {})
    assert tally.chunks["tencent_daily", "XHKG:1"][0] == kept


def test_a_survey_gives_a_source_something_for_its_key_so_that_it_says_what_it_would_ask() -> None:
    def fetch(client: Client, query: Query) -> Iterator[Fetched]:
        del query
        if client.secret(BY_ID["alpha_vantage"].source):
            yield client.get(BY_ID["alpha_vantage"].source, "https://example.org/", chunk="XNAS:TSLA")

    keyed: Extractor = replace(BY_ID["alpha_vantage"], fetch=fetch)
    made = plan([keyed], listed(), window=None, today=date(2025, 3, 1), cursors={})
    assert [step.extractor.source.id for stage in made.stages for step in stage] == ["alpha_vantage"]
