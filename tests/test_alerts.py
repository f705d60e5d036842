"""What is wrong at a moment: each kind of trouble where it is there, and nothing where it is not."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from flows.alerting.alert import Alert, Surroundings
from flows.alerting.alerts import KINDS, alerts
from flows.alerting.deadlines import DEADLINES
from tests.alerting import NOW, around, calendars, closes, fresh, gap, hours_later, run, status
from warehouse.lease import Holder
from warehouse.status import Status

GIB = 1024**3
HELD = Holder("daily", "daily-2", 77, "here", NOW - timedelta(hours=7))


@dataclass(frozen=True)
class Beat:
    at: datetime


def found(
    at: Status | None = None, world: Surroundings | None = None, now: datetime = NOW, beat: Beat | None = None
) -> list[Alert]:
    return list(alerts(at or status(), beat, now, world or around()))


def names(*args: Status | Surroundings | datetime | Beat | None, **more: object) -> list[tuple[str, str]]:
    return [one.key for one in found(*args, **more)]  # type: ignore[arg-type]


def test_nothing_is_wrong_where_all_is_well() -> None:
    assert found(status(freshness=[fresh()]), around(expected=[closes()]), beat=Beat(NOW)) == []


def test_names_are_unique_words_with_a_place_in_the_run_book() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert all(kind.name.isalpha() and kind.name[0].isupper() for kind in KINDS)
    assert KINDS[0].anchor == "docs/runbook.md#requireddatastale"


def test_every_kind_can_happen() -> None:
    """Each rule is tried on its own below; here all kinds come from states that differ from a good one in one thing."""
    stale = fresh(hours=40.0)
    optional = fresh("core.articles", hours=50.0, allowed_hours=48.0, is_required=False)
    happened = {
        one.name
        for state in (
            found(status(freshness=[stale, optional])),
            found(world=around(expected=[closes(last="2025-03-17")])),
            found(status(gaps=[gap(), gap("weibo", is_required=False)])),
            found(status(failed_checks=[check()], kept_back=[kept()])),
            found(status(drift=[new_field(NOW)])),
            found(world=around(disagreements={"core.daily_quotes_by_source": 3})),
            found(status(runs=[run(state="failed"), run(flow="ingest", state="died")])),
            found(now=hours_later(40)),
            found(beat=Beat(NOW - timedelta(minutes=11))),
            found(world=around(free_bytes=GIB)),
            found(status(running=HELD), around(is_lease_held=True)),
            found(world=around(unreadable="its bytes are damaged")),
        )
        for one in state
    }
    assert happened == {kind.name for kind in KINDS}


def check(table: str = "core.fx_rates", name: str = "rate_is_positive") -> dict[str, object]:
    return {"table_name": table, "check_name": name, "is_blocking": False, "failing_rows": 2, "example": None}


def kept(table: str = "core.daily_quotes") -> dict[str, object]:
    return {"table_name": table, "reason": "close_is_positive", "content_generation": 4}


def new_field(at: datetime) -> dict[str, object]:
    return {"source_id": "tencent_daily", "field": "data.new", "first_seen_at": at}


def test_data_ages_between_runs_by_the_calendar_of_its_exchange() -> None:
    friday_evening = datetime.fromisoformat("2025-03-21T16:00:00+00:00")
    measured = status(freshness=[fresh(hours=20.0, measured_at=friday_evening)])
    sunday, tuesday = friday_evening + timedelta(days=2), friday_evening + timedelta(days=3, hours=17)
    assert ("RequiredDataStale", "core.daily_quotes") not in names(measured, now=sunday)
    (one,) = [one for one in found(measured, now=tuesday) if one.subject == "core.daily_quotes"]
    assert (one.name, one.exchanges, one.group) == ("RequiredDataStale", ("XHKG",), "core.daily_quotes")
    assert one.sentence == "core.daily_quotes ends 61 h ago of days on which XHKG trades; 36 h are allowed"


def test_a_home_that_only_replays_grows_no_older() -> None:
    replayed = status(runs=[run(mode="replay")], freshness=[fresh()])
    assert found(replayed, around(expected=[closes(last="2025-01-10")]), now=hours_later(24 * 90)) == []


def test_an_empty_table_says_so_and_its_hole_says_whose_it_is() -> None:
    hole = {
        "table_name": "core.daily_quotes",
        "state": "missing",
        "subject_kind": "security",
        "subject_id": "XHKG:01810",
        "last_missing_date": date(2025, 3, 18),
        "source_ids": ["tencent_daily"],
        "whose": "theirs",
        "mend": "Wait.",
        "next_try": "the next run asks for all of them again",
    }
    (one,) = found(status(freshness=[fresh(hours=None, is_stale=True)], holes=[hole]))
    assert one.sentence == "core.daily_quotes is empty though a source for it is on"
    assert (one.whose, one.mend, one.next_try) == ("theirs", "Wait.", "the next run asks for all of them again")
    assert one.why == "dragongate why core.daily_quotes XHKG:01810,2025-03-18"


class TestDeadlines:
    """Hong Kong's prices of Tuesday are due on Wednesday at half past eight, 00:30 UTC."""

    late = closes(last="2025-03-17")

    def test_before_the_hour_nothing_is_late(self) -> None:
        assert found(world=around(expected=[self.late]), now=NOW - timedelta(minutes=91)) == []

    def test_after_the_hour_what_is_not_here_is(self) -> None:
        (one,) = found(world=around(expected=[self.late, closes("XHKG:09988")]), now=NOW - timedelta(minutes=90))
        assert one.key == ("DeadlineMissed", "hong_kong_prices")
        assert one.sentence == (
            "Hong Kong prices of 2025-03-18 were due at 08:30 (Asia/Hong_Kong); "
            "1 of 2 are not here: no run has asked since"
        )
        assert (one.whose, one.exchanges, one.group) == ("ours", ("XHKG",), "tencent_daily")
        assert one.why == "dragongate why core.daily_quotes XHKG:01810,2025-03-18"

    def test_over_a_closure_the_session_before_it_is_still_the_newest(self) -> None:
        closed = around(expected=[self.late], calendars=calendars(date(2025, 3, 18)))
        assert found(world=closed) == []

    def test_a_halted_line_is_not_late_and_a_source_that_has_none_at_all_is(self) -> None:
        halted = closes("XHKG:00001", "2025-03-10", reason="7 bars: tencent_daily answered and has none")
        here = [closes(f"XHKG:0000{number}") for number in range(2, 5)]
        assert found(world=around(expected=[halted, *here])) == []
        assert names(world=around(expected=[halted])) == [("DeadlineMissed", "hong_kong_prices")]

    def test_a_muted_source_owes_nothing(self) -> None:
        muted = [{"source_id": "tencent_daily"}]
        assert found(status(muted=muted), around(expected=[self.late])) == []

    def test_a_line_that_no_source_is_asked_for_is_not_waited_for(self) -> None:
        assert found(world=around(expected=[{**self.late, "source_ids": []}])) == []

    def test_half_of_the_follower_counts_may_be_late(self) -> None:
        counts = [closes(f"github:{number}", what="follower_counts") for number in range(3)]
        late = [{**one, "last_came_date": date(2025, 3, 17)} for one in counts]
        assert found(world=around(expected=[late[0], *counts[1:]])) == []
        assert names(world=around(expected=[*late[:2], counts[2]])) == [("DeadlineMissed", "follower_counts")]

    def test_a_line_that_only_an_index_holds_is_not_waited_for(self) -> None:
        assert found(world=around(expected=[{**self.late, "is_followed": False}])) == []

    def test_a_line_that_began_to_be_followed_today_owes_nothing_of_yesterday(self) -> None:
        new = closes(last=None, expected_from_date=date(2025, 3, 19))
        assert found(world=around(expected=[new])) == []

    def test_new_york_is_due_the_morning_after_in_hong_kong(self) -> None:
        new_york = next(one for one in DEADLINES if one.name == "new_york_prices")
        monday = datetime.fromisoformat("2025-03-17T00:31:00+00:00")
        assert new_york.last_due(monday, calendars()) == date(2025, 3, 14)


def test_missing_sources_are_told_once_each_and_required_ones_first() -> None:
    gaps = [gap("weibo", "acct", is_required=False, reason="rate_limited: "), gap(), gap(chunk="XNAS:TSLA")]
    required, optional = found(status(gaps=gaps))
    assert (required.key, required.whose) == (("RequiredSourceMissing", "tencent_daily"), "theirs")
    assert required.exchanges == ("XHKG", "XNAS")
    assert required.sentence.startswith("tencent_daily: 2 of the answers that it should have given are missing")
    assert (optional.key, optional.whose) == (("OptionalSourceMissing", "weibo"), "ours")
    assert optional.exchanges == ()


def test_a_table_that_is_kept_back_pages_and_its_checks_do_not_speak_twice() -> None:
    both = status(failed_checks=[check("core.daily_quotes"), check()], kept_back=[kept()])
    assert names(both) == [("TableKeptBack", "core.daily_quotes"), ("CheckFailed", "core.fx_rates")]


def test_a_new_field_is_news_for_a_week() -> None:
    assert names(status(drift=[new_field(NOW - timedelta(days=6))])) == [("SourceDrift", "tencent_daily")]
    assert names(status(drift=[new_field(NOW - timedelta(days=8))])) == []


class TestRuns:
    """The newest run of each schedule counts, and of each flow that somebody started by hand."""

    def test_a_failed_run_is_over_with_the_next_good_one(self) -> None:
        failed = run(state="failed", message="required and missing: tencent_daily")
        assert names(status(runs=[failed])) == [("RunFailed", "daily")]
        assert names(status(runs=[run(), failed])) == []

    def test_a_good_run_of_the_feeds_does_not_hide_a_failed_one_of_the_prices(self) -> None:
        runs = [run(schedules=["feeds"]), run(state="failed", schedules=["after_hong_kong"])]
        assert names(status(runs=runs)) == [("RunFailed", "after_hong_kong")]

    def test_a_holder_that_is_gone_died(self) -> None:
        assert names(status(running=HELD), around(is_lease_held=False)) == [("RunDied", "daily")]

    def test_a_holder_that_works_may_take_its_time(self) -> None:
        working = replace(HELD, since=NOW - timedelta(hours=5))
        assert names(status(running=working), around(is_lease_held=True)) == []
        assert names(status(running=HELD), around(is_lease_held=True)) == [("LeaseHeldTooLong", "daily")]
        backfill = replace(HELD, flow="backfill")
        assert names(status(running=backfill), around(is_lease_held=True)) == []

    def test_without_schedules_a_day_may_pass_between_runs(self) -> None:
        assert names(now=hours_later(25)) == []
        assert names(now=hours_later(26)) == [("NoRunEnded", "runs")]

    def test_a_run_that_makes_up_for_days_without_one_is_waited_for(self) -> None:
        catching_up = replace(HELD, since=hours_later(71))
        assert names(status(running=catching_up), around(is_lease_held=True), now=hours_later(72)) == []

    def test_with_schedules_a_run_is_due_when_one_says_so(self) -> None:
        assert names(now=hours_later(70), world=around(last_scheduled_at=NOW - timedelta(hours=1))) == []
        (one,) = found(now=hours_later(5), world=around(last_scheduled_at=hours_later(1)))
        assert "a schedule wanted one at 2025-03-19 03:00Z" in one.sentence

    def test_a_scheduler_that_never_was_is_not_missed(self) -> None:
        assert names(beat=None) == []
        assert names(beat=Beat(NOW - timedelta(minutes=10))) == []
        assert names(beat=Beat(NOW - timedelta(minutes=11))) == [("SchedulerHeartbeatGone", "scheduler")]


@pytest.mark.parametrize(
    ("free", "total", "is_low"),
    [(1, 10, True), (3, 10, False), (19, 1000, True), (25, 1000, False), (3, 40, False)],
)
def test_a_disk_is_nearly_full_by_size_and_share(free: int, total: int, is_low: bool) -> None:
    world = around(free_bytes=free * GIB, total_bytes=total * GIB)
    assert names(world=world) == ([("DiskLow", "home")] if is_low else [])
