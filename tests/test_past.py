"""What of a past window is not here yet, by source and chunk; and what cannot be asked for at all."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from extractors.archive import Archive
from extractors.exchange import Exchange
from extractors.exchange import Request as Asked
from extractors.recall import Recall
from extractors.registry import BY_ID, EXTRACTORS
from extractors.settings import Settings
from extractors.snapshot import Snapshot
from extractors.source import Source, Window
from extractors.watchlist import WatchList, read_watchlist
from flows.backfilling.backfill import NoEffect, chosen_sources, years
from flows.backfilling.past import Coverage, open_days, plan_past, recall_of
from flows.backfilling.reach import WITH_EVERY_WINDOW, why_no_past
from tests.end_to_end.commands import ROOT
from warehouse.coverage import Covered, covered
from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME

NOW = datetime(2025, 1, 11, 6, tzinfo=UTC)
YEAR = Window(date(2024, 1, 1), date(2024, 12, 31))
SPRING = Window(date(2024, 1, 1), date(2024, 5, 31))
LINE = "XHKG:01810"


def told(source: str, chunk: str, window: Window, *, has_data: bool = True, until: date | None = None) -> Covered:
    return Covered(
        source, chunk, window.start, min(window.end, until or window.end), until or date(2025, 1, 9), has_data
    )


@pytest.fixture(scope="module")
def watchlist() -> WatchList:
    return read_watchlist(ROOT / "tests" / "fixtures" / "watchlist.toml")


# --- What is open


def test_days_that_were_answered_for_are_not_open_and_the_window_between_the_others_is() -> None:
    coverage = Coverage.of([told("sec_submissions", "tesla", Window(YEAR.start, date(2024, 3, 31)))])
    asked = {"sec_submissions": ["tesla", "xpeng"]}
    assert open_days(asked, YEAR, coverage) == {
        "sec_submissions": {"tesla": Window(date(2024, 4, 1), YEAR.end), "xpeng": YEAR}
    }


def test_a_day_that_was_not_over_when_it_was_asked_for_is_open() -> None:
    coverage = Coverage.of([told("sec_submissions", "tesla", YEAR, until=date(2024, 6, 30))])
    assert open_days({"sec_submissions": ["tesla"]}, YEAR, coverage) == {
        "sec_submissions": {"tesla": Window(date(2024, 7, 1), YEAR.end)}
    }


def test_what_another_source_of_the_order_gave_is_not_open() -> None:
    asked = {"tencent_daily": [LINE], "eastmoney_daily": [LINE]}
    given = Coverage.of([told("eastmoney_daily", LINE, YEAR)])
    assert open_days(asked, YEAR, given) == {"tencent_daily": {}, "eastmoney_daily": {}}


def test_that_one_source_has_nothing_leaves_it_open_until_all_of_the_order_said_so() -> None:
    asked = {"tencent_daily": [LINE], "eastmoney_daily": [LINE]}
    nothing = [told(name, LINE, YEAR, has_data=False) for name in asked]
    assert open_days(asked, YEAR, Coverage.of(nothing[:1]))["eastmoney_daily"] == {LINE: YEAR}
    assert open_days(asked, YEAR, Coverage.of(nothing)) == {"tencent_daily": {}, "eastmoney_daily": {}}


def test_a_source_whose_answer_holds_all_there_ever_was_is_asked_once() -> None:
    coverage = Coverage.of([told("sec_companyfacts", "tesla", Window(date(2024, 12, 1), date(2025, 1, 9)))])
    assert open_days({"sec_companyfacts": ["tesla"]}, YEAR, coverage) == {"sec_companyfacts": {}}


def test_the_plan_asks_for_open_days_of_open_chunks_and_the_next_of_an_order_waits(
    watchlist: WatchList,
) -> None:
    chosen = [BY_ID[one] for one in ("watchlist_file", "tencent_daily", "yahoo_chart", "sec_submissions")]
    lines = [one.id for one in watchlist.securities if one.tencent]
    coverage = Coverage.of(told("tencent_daily", one, SPRING if one == LINE else YEAR) for one in lines)
    planned = plan_past(chosen, watchlist, YEAR, coverage)
    steps = {step.extractor.source.id: step for stage in planned.stages for step in stage}
    assert steps.keys() == {"watchlist_file", "tencent_daily", "sec_submissions"}
    assert steps["tencent_daily"].window == Window(date(2024, 6, 1), YEAR.end)
    assert steps["tencent_daily"].open == {LINE}
    assert steps["sec_submissions"].window == YEAR
    further = planned.further([steps["tencent_daily"]], {("tencent_daily", LINE): ("refused", "banned")})
    assert [(str(one), one.open) for one in further] == [("yahoo_chart 2024-06-01..2024-12-31", {LINE})]


def test_rates_belong_to_all_companies_and_prices_to_the_one_that_is_named(watchlist: WatchList) -> None:
    chosen = [BY_ID["tencent_daily"], BY_ID["ecb_rates"]]
    planned = plan_past(chosen, watchlist, YEAR, Coverage(), ("xiaomi",))
    steps = {step.extractor.source.id: step for stage in planned.stages for step in stage}
    ours = {one.id for one in watchlist.securities if one.company == "xiaomi"}
    assert set(planned.turns.carried["tencent_daily"]) == ours and steps["ecb_rates"].window == YEAR


# --- The ledger


def test_only_a_source_that_a_run_asked_to_the_end_and_that_answered_all_has_answered() -> None:
    fetch = {
        "source_id": "ecb_rates", "chunk": "", "method": "GET", "url": "https://x/", "seconds": 0.0, "attempts": 1,
        "requested_at": datetime(2024, 6, 1, 13, tzinfo=UTC), "moves_cursor": False,
        "window_start_date": YEAR.start, "window_end_date": YEAR.end,
    }  # fmt: skip
    fetches = [
        {**fetch, "run_id": "whole", "fetch_number": 1, "outcome": "ok"},
        {**fetch, "run_id": "whole", "fetch_number": 2, "outcome": "nothing_there"},
        {**fetch, "run_id": "half", "fetch_number": 1, "outcome": "ok", "chunk": "half"},
        {**fetch, "run_id": "half", "fetch_number": 2, "outcome": "unavailable", "chunk": "half"},
        {**fetch, "run_id": "killed", "fetch_number": 1, "outcome": "ok", "chunk": "killed"},
    ]
    answers = [
        {"run_id": one, "source_id": "ecb_rates", "chunk": "", "state": "here", "is_required": True}
        for one in ("whole", "half")
    ]
    with Warehouse.open_memory() as warehouse:
        warehouse.append(
            {"ops.fetches": BY_NAME["ops.fetches"].arrow(fetches), "ops.answers": BY_NAME["ops.answers"].arrow(answers)}
        )
        assert covered(warehouse) == [
            Covered("ecb_rates", "", YEAR.start, date(2024, 5, 31), date(2024, 5, 31), has_data=True)
        ]


# --- The archive


SOURCE = BY_ID["ecb_rates"].source
URL = "https://www.ecb.europa.eu/x.xml"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def keep(archive: Archive, at: datetime, *answers: tuple[str, Exchange]) -> None:
    with archive.start(f"run-{at:%Y%m%d%H%M%S}", lambda: at) as writer:
        for url, exchange in answers:
            writer.response(Asked(url), exchange)


def good(source: Source, snapshot: Snapshot) -> bool:
    del source
    return snapshot.body == b"data"


def ok(body: bytes = b"data") -> Exchange:
    return Exchange(200, (("Content-Type", "text/xml"),), body)


def test_the_archive_answers_for_days_that_were_over_and_for_what_was_asked_within_a_day(archive: Archive) -> None:
    keep(archive, datetime(2024, 6, 1, 11, 59, tzinfo=UTC), (URL, ok()))
    spring = recall_of(archive, SPRING, NOW)
    assert not spring.holds("GET", URL), "the last of May was not over everywhere"
    keep(archive, datetime(2024, 6, 1, 12, tzinfo=UTC), (URL, ok()))
    assert recall_of(archive, SPRING, NOW).holds("GET", URL)
    assert not recall_of(archive, YEAR, NOW).holds("GET", URL)
    assert recall_of(archive, YEAR, datetime(2024, 6, 2, 12, tzinfo=UTC)).holds("GET", URL)


def test_what_is_no_answer_is_asked_again(archive: Archive) -> None:
    recall = Recall(archive, since=NOW, is_good=good)
    keep(archive, NOW, (URL, ok(b"a block page")))
    assert recall.find(SOURCE, Asked(URL)) is None
    keep(archive, NOW + timedelta(seconds=1), (URL, Exchange(503, (), b"busy")), (URL + "2", Exchange(429, (), b"")))
    assert recall.find(SOURCE, Asked(URL)) is None and recall.find(SOURCE, Asked(URL + "2")) is None
    keep(archive, NOW + timedelta(seconds=2), (URL, ok()))
    found = recall.find(SOURCE, Asked(URL))
    assert found is not None and found.body == b"data"


def test_redirects_are_followed_as_far_as_the_archive_goes(archive: Archive) -> None:
    moved = Exchange(301, (("Location", f"{URL}?new"),), b"")
    keep(archive, NOW, (URL, moved))
    recall = Recall(archive, since=NOW, is_good=good)
    assert recall.find(SOURCE, Asked(URL)) is None
    keep(archive, NOW + timedelta(seconds=1), (f"{URL}?new", ok()))
    found = recall.find(SOURCE, Asked(URL))
    assert found is not None and found.url == f"{URL}?new"


# --- What can have no effect


def choose(watchlist: WatchList, *only: str, companies: tuple[str, ...] = (), settings: Settings | None = None) -> None:
    chosen_sources(settings or Settings(contact="a@b.example"), watchlist, YEAR, only, companies, lambda: NOW)


def refusals(watchlist: WatchList) -> Iterator[tuple[str, str]]:
    yield "bluesky", "has no past to ask for: it gives the state of the moment"
    yield "news_feeds", "its newest entries alone"
    yield "followers_file", "brought in by hand"
    yield "watchlist_file", "asks nobody"
    yield "hkexnews_search", "is off: "
    yield "trading_calendars", "asks nobody"


def test_a_source_without_a_past_or_that_is_off_is_refused_with_the_reason(watchlist: WatchList) -> None:
    for source, said in refusals(watchlist):
        with pytest.raises(NoEffect, match=said):
            choose(watchlist, source)
    with pytest.raises(NoEffect, match=r"is off: .*contact"):
        choose(watchlist, "sec_submissions", settings=Settings())
    with pytest.raises(NoEffect, match="nothing to ask for about byd"):
        choose(watchlist, "sec_submissions", companies=("byd",))
    with pytest.raises(NoEffect, match=r"no company 'xiaomo'.*xiaomi"):
        choose(watchlist, companies=("xiaomo",))
    with pytest.raises(NoEffect, match="offline"):
        choose(watchlist, settings=Settings(offline=True))


def test_days_that_are_not_over_are_refused(watchlist: WatchList) -> None:
    today = date(2025, 1, 11)
    for end in (today, today + timedelta(days=400)):
        with pytest.raises(NoEffect, match="is not over in Hong Kong"):
            chosen_sources(Settings(), watchlist, Window(YEAR.start, end), (), (), lambda: NOW)
    yesterday = Window(YEAR.start, today - timedelta(days=1))
    assert chosen_sources(Settings(), watchlist, yesterday, (), (), lambda: NOW)


def test_by_itself_it_asks_all_that_are_on_and_have_a_past(watchlist: WatchList) -> None:
    settings = replace(Settings(), contact="a@b.example")
    chosen = set(chosen_sources(settings, watchlist, YEAR, (), (), lambda: NOW))
    assert {"tencent_daily", "ecb_rates", "sec_submissions", "sec_documents", *WITH_EVERY_WINDOW} <= chosen
    assert not {one.source.id for one in EXTRACTORS if one.source.kind == "social"} & chosen
    assert not [name for name in chosen if why_no_past(BY_ID[name].source)]


def test_a_window_is_cut_at_the_turns_of_years_the_newest_first() -> None:
    assert years(Window(date(2023, 12, 27), date(2025, 1, 10))) == [
        Window(date(2025, 1, 1), date(2025, 1, 10)), YEAR, Window(date(2023, 12, 27), date(2023, 12, 31)),
    ]  # fmt: skip
    assert years(SPRING) == [SPRING]
