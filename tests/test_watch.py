"""Waiting for results: how often is asked, when it ends, and what stands beside what came."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.filings.added_documents import Added
from extractors.settings import Settings
from flows.adding import add_document
from flows.collect import Request
from flows.watch import AROUND, OFTEN, SELDOM, pause, watch
from flows.watching import default_watchlist, of_company
from tests.test_documents_to_facts import statement
from warehouse.home import Home

FIVE = datetime(2024, 11, 18, 9, tzinfo=UTC)
"""Five in the afternoon in Hong Kong."""


class Clock:
    """A clock that only moves when somebody sleeps, and lets a document come in at a time."""

    def __init__(self, start: datetime, home: Home, comes_at: datetime | None = None) -> None:
        self.at = start
        self.naps: list[float] = []
        self._home = home
        self._comes_at = comes_at

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.at += timedelta(seconds=seconds)
        if self._comes_at and self.at >= self._comes_at:
            self._comes_at = None
            path = self._home.root.parent / "results.txt"
            path.write_text(statement(), encoding="utf-8")
            added = Added("https://documents.example/results.txt", self.at, "xiaomi", "filing", "a test")
            add_document(self._home, path, added, Settings(), default_watchlist(), now=self.now)


def request(home: Home) -> Request:
    return Request(home, Settings(), default_watchlist(), only=("added_documents",))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(hours=5), SELDOM),
        (AROUND + timedelta(minutes=3), timedelta(minutes=3)),
        (timedelta(minutes=10), OFTEN),
        (-timedelta(minutes=10), OFTEN),
        (-timedelta(hours=3), SELDOM),
    ],
)
def test_it_is_asked_often_around_the_hour_only(before: timedelta, expected: timedelta) -> None:
    assert pause(FIVE - before, FIVE) == expected


def test_without_an_hour_it_is_asked_every_minute() -> None:
    assert pause(FIVE, None) == OFTEN


def test_it_ends_when_figures_come_and_shows_the_year_before(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    clock = Clock(FIVE, home, comes_at=FIVE + timedelta(minutes=3))
    found = watch(request(home), "xiaomi", now=clock.now, sleep=clock.sleep, until=FIVE + timedelta(hours=1))
    assert (found.asks, clock.naps) == (4, [60.0, 60.0, 60.0])
    assert {(row["metric"], str(row["period_end_date"])) for row in found.fresh} >= {("revenue", "2024-09-30")}


def test_it_ends_when_nothing_comes_in_time(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    clock = Clock(FIVE, home)
    found = watch(request(home), "xiaomi", now=clock.now, sleep=clock.sleep, until=FIVE + timedelta(minutes=2))
    assert (list(found.fresh), found.asks) == ([], 3)


def test_only_the_company_is_asked_for() -> None:
    narrow = of_company(default_watchlist(), "tesla")
    assert [one.id for one in narrow.companies] == ["tesla"]
    assert {one.company for one in narrow.securities} == {"tesla"}
    assert not narrow.feeds
