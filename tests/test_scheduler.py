"""The scheduler over weeks of made-up time: the right moments, one run at a time, and one for all that was missed."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.scheduling.heartbeat import Ping, heartbeat_file, read_heartbeat
from flows.scheduling.scheduler import LONGEST_RUN, Outside, Scheduler
from flows.scheduling.schedules import Turn
from flows.watching import default_watchlist
from warehouse.home import Home
from warehouse.lease import Lease
from warehouse.scheduled import ScheduledRun

SHIPPED = default_watchlist().schedules
MINUTE = timedelta(minutes=1)


@dataclass
class Run:
    """A made-up run that lasts as long as it is told, and writes its word at its end."""

    world: "World"
    turn: Turn
    started_at: datetime
    lasts: timedelta
    state: str
    is_over: bool = False

    def ended_with(self) -> int | None:
        if not self.is_over and self.world.at >= self.started_at + self.lasts:
            self.is_over = True
            self.world.write(self)
        return 0 if self.is_over else None

    def end(self) -> None:
        self.is_over = True


@dataclass
class World:
    """A clock, a ledger and runs, all made up; what a scheduler that starts anew finds is the ledger alone."""

    home: Home
    at: datetime
    lasts: timedelta = 12 * MINUTE
    state: str = "completed"
    ledger: list[ScheduledRun] = field(default_factory=list)
    begun: list[Run] = field(default_factory=list)
    scheduler: Scheduler = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start a scheduler that remembers nothing."""
        outside = Outside(lambda: self.at, self.begin, lambda: SHIPPED, lambda: self.ledger)
        self.scheduler = Scheduler(self.home, outside, since=self.at)

    def begin(self, turn: Turn) -> Run:
        assert all(run.is_over for run in self.begun), "two runs overlap"
        self.begun.append(Run(self, turn, self.at, self.lasts, self.state))
        return self.begun[-1]

    def write(self, run: Run) -> None:
        if run.state == "died":
            return
        for name in run.turn.names:
            word = ScheduledRun(name, f"run-{len(self.ledger)}", run.started_at, self.at, run.state, None)
            self.ledger.insert(0, word)

    def live(self, until: datetime, longest_step: timedelta = MINUTE) -> None:
        """Let time pass; the scheduler looks at every moment, when a run ends, and now and then between."""
        while self.at < until:
            self.scheduler.tick()
            following = [at for at, _ in self.scheduler.coming(self.at)[:1]]
            following += [run.started_at + run.lasts for run in self.begun[-1:] if not run.is_over]
            self.at = min(until, self.at + longest_step, *following)

    def starts(self, name: str, since: datetime | None = None) -> list[str]:
        """List when runs for one schedule began."""
        found = [run for run in self.begun if name in run.turn.names and (since is None or run.started_at >= since)]
        return [f"{run.started_at:%m-%d %H:%M}" for run in found]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).make()


def two_weeks(home: Home, start: str) -> World:
    """Live two weeks from a first catch-up on."""
    world = World(home, utc(start))
    world.live(utc(start) + timedelta(days=14), longest_step=timedelta(hours=3))
    return world


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> World:
    return two_weeks(Home(tmp_path_factory.mktemp("march")).make(), "2026-03-01 00:30")


def days(*numbers: int, month: int, clock: str) -> list[str]:
    return [f"{month:02}-{number:02} {clock}" for number in numbers]


def test_two_weeks_over_the_march_change_of_new_york(march: World) -> None:
    world = march
    assert world.starts("new-york-close", utc("2026-03-02")) == [
        *days(2, 3, 4, 5, 6, month=3, clock="22:00"),
        *days(9, 10, 11, 12, 13, month=3, clock="21:00"),
    ]
    assert world.starts("hong-kong-close") == [
        "03-01 00:30",
        *days(*range(2, 7), *range(9, 14), month=3, clock="08:45"),
    ]
    assert world.starts("followers", utc("2026-03-02"))[:3] == ["03-02 00:30", "03-02 12:30", "03-03 00:30"]


def test_every_moment_of_two_weeks_has_one_run(march: World) -> None:
    counted = Counter(name for run in march.begun for name in run.turn.names)
    assert counted == {
        "feeds": 1 + 14 * 12,
        "followers": 14 * 2,
        "filings": 1 + 14 * 5,
        "exchange-rates": 1 + 14,
        "hong-kong-close": 1 + 10,
        "mainland-close": 1 + 10,
        "new-york-close": 1 + 10,
    }


def test_two_weeks_over_the_november_change_of_new_york(home: Home) -> None:
    world = two_weeks(home, "2026-10-25 00:30")
    assert [one[:5] for one in world.starts("new-york-close", utc("2026-10-26"))] == [
        "10-26", "10-27", "10-28", "10-29", "10-30", "11-02", "11-03", "11-04", "11-05", "11-06",
    ]  # fmt: skip
    assert {one[-5:] for one in world.starts("new-york-close", utc("2026-11-02"))} == {"22:00"}
    assert {one[-5:] for one in world.starts("new-york-close", utc("2026-10-26"))[:5]} == {"21:00"}
    rates = world.starts("exchange-rates", utc("2026-10-25 12:00"))
    assert {one[-5:] for one in rates} == {"15:45"}, "Berlin had put its clocks back before"


def test_hong_kong_is_not_asked_about_on_the_storm_days_of_september_2023(home: Home) -> None:
    world = two_weeks(home, "2023-08-28 00:30")
    closes = world.starts("hong-kong-close", utc("2023-08-28 01:00"))
    assert [one[:5] for one in closes] == [
        "08-28", "08-29", "08-30", "08-31", "09-04", "09-05", "09-06", "09-07",
    ]  # fmt: skip
    assert world.starts("mainland-close", utc("2023-09-01"))[0] == "09-01 07:45", "Shanghai traded"


def test_three_days_of_downtime_become_one_catch_up(home: Home) -> None:
    world = World(home, utc("2026-03-02 00:30"))
    world.live(utc("2026-03-03 13:00"), longest_step=timedelta(hours=3))
    before = len(world.begun)
    world.at = utc("2026-03-06 13:20")
    world.start()
    world.live(utc("2026-03-06 13:59"))
    (run,) = world.begun[before:]
    assert set(run.turn.names) == {one.name for one in SHIPPED}
    missed = {one.schedule.name: one.missed for one in run.turn.due}
    assert missed["hong-kong-close"] == 2 and missed["feeds"] == 35 and missed["followers"] == 5


def test_a_run_that_was_killed_is_begun_again_and_goes_on_waiting_when_it_dies_again(home: Home) -> None:
    world = World(home, utc("2026-03-02 00:30"), lasts=3 * MINUTE, state="died")
    world.live(utc("2026-03-02 00:44"))
    world.state = "completed"
    world.live(utc("2026-03-02 01:30"))
    assert [f"{run.started_at:%H:%M} {run.state}" for run in world.begun] == [
        "00:30 died", "00:34 died", "00:39 died", "00:46 completed",
    ], "the pauses grow: one minute, two, four"  # fmt: skip


def test_a_scheduler_that_died_with_its_run_begins_it_again_at_once(home: Home) -> None:
    world = World(home, utc("2026-03-02 00:30"))
    world.live(utc("2026-03-02 00:35"))
    world.begun[0].is_over = True
    world.start()
    world.live(utc("2026-03-02 00:36"))
    assert [f"{run.started_at:%H:%M}" for run in world.begun] == ["00:30", "00:35"]


def test_a_run_that_failed_is_tried_again_twice_and_then_left_until_its_next_moment(home: Home) -> None:
    world = World(home, utc("2026-03-02 00:30"))
    world.live(utc("2026-03-02 08:40"), longest_step=timedelta(hours=3))
    world.state = "failed"
    world.live(utc("2026-03-02 12:00"))
    assert world.starts("hong-kong-close", utc("2026-03-02 08:00")) == ["03-02 08:45", "03-02 09:15", "03-02 09:45"]


def test_a_second_schedule_waits_its_turn_and_those_that_wait_go_together(home: Home) -> None:
    world = World(home, utc("2026-03-02 00:30"))
    world.live(utc("2026-03-02 07:59"), longest_step=timedelta(hours=3))
    world.lasts = 90 * MINUTE
    world.live(utc("2026-03-02 10:00"))
    assert [run.turn.names for run in world.begun[-2:]] == [("feeds",), ("hong-kong-close", "filings")]
    assert world.begun[-1].started_at == utc("2026-03-02 09:30")


def test_while_another_holds_the_lease_nothing_is_begun_and_the_log_says_who(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "dragongate")
    world = World(home, utc("2026-03-02 00:30"))
    with Lease(home, flow="backfill", run_id="backfill-1", now=lambda: utc("2026-03-02 00:10")):
        world.live(utc("2026-03-02 00:40"))
    assert world.begun == []
    said = [one.getMessage() for one in caplog.records]
    assert len(said) == 1, "it is said once"
    assert said[0].startswith("waiting: backfill (run backfill-1, process ") and "2026-03-02 00:10Z" in said[0]
    world.live(utc("2026-03-02 00:42"))
    assert len(world.begun) == 1


def test_a_run_that_hangs_is_ended(home: Home) -> None:
    world = World(home, utc("2026-03-02 00:30"), lasts=timedelta(days=2))
    world.live(utc("2026-03-02 00:30") + LONGEST_RUN + 2 * MINUTE)
    assert world.begun[0].is_over and world.ledger == []


def test_the_sign_of_life_says_what_comes_next(home: Home) -> None:
    world = World(home, utc("2026-03-02 08:00"))
    assert read_heartbeat(home) is None
    world.scheduler.tick()
    beat = read_heartbeat(home)
    assert beat is not None and beat.at == utc("2026-03-02 08:00") and beat.dead_man_ping is None
    assert [(one.schedule, f"{one.at:%H:%M}") for one in beat.next[:3]] == [
        ("hong-kong-close", "08:45"), ("filings", "09:15"), ("feeds", "10:00"),
    ]  # fmt: skip
    heartbeat_file(home).write_text('{"at": "20', encoding="utf-8")
    assert read_heartbeat(home) is None


def test_the_dead_man_address_is_asked_every_five_minutes(home: Home) -> None:
    asked: list[datetime] = []

    def ping(now: datetime) -> Ping:
        asked.append(now)
        return Ping(now, ok=len(asked) > 1)

    world = World(home, utc("2026-03-02 08:00"))
    world.scheduler.outside = replace(world.scheduler.outside, ping=ping)
    world.live(utc("2026-03-02 08:11"))
    assert [f"{one:%H:%M}" for one in asked] == ["08:00", "08:05", "08:10"]
    beat = read_heartbeat(home)
    assert beat is not None and beat.dead_man_ping == Ping(utc("2026-03-02 08:10"), ok=True)


def test_ending_ends_the_run_under_way(home: Home) -> None:
    world = World(home, utc("2026-03-02 00:30"))
    world.scheduler.tick()
    assert world.scheduler.is_running
    world.scheduler.end()
    assert world.begun[0].is_over and not world.scheduler.is_running


def test_the_operator_is_told_every_five_minutes_what_no_run_tells(tmp_path: Path) -> None:
    told: list[datetime] = []
    world = World(Home(tmp_path), datetime(2025, 3, 19, tzinfo=UTC))
    world.scheduler.outside = replace(world.scheduler.outside, tell=told.append)
    began = world.at
    for _ in range(11):
        world.scheduler.tick()
        world.at += MINUTE
    assert [(one - began) // MINUTE for one in told] == [5, 10], "a run that starts first has time to take the lease"
