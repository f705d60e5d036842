"""Whom to tell of what, moment by moment: changes once, recoveries, flapping, closed days, taking on, the digest."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from extractors.settings import Notify
from flows.alerting import alert_kinds as kinds
from flows.alerting.alert import Alert
from flows.alerting.following import (
    Rules,
    digest_entries,
    followed,
    is_digest_due,
    not_told,
    openings_due,
    recoveries_due,
    told,
)
from tests.alerting import CLOSED, NOW, calendars, hours_later
from warehouse.alert_book import Book, Entry, newest

HOOK = "https hooks.example.org"
MAIL = "e-mail smtp.example.org"


def alert(kind: kinds.AlertKind = kinds.REQUIRED_SOURCE_MISSING, subject: str = "tencent_daily", **more: str) -> Alert:
    return Alert(kind, subject, "theirs", "it is missing", "Wait.", "the next run", "dragongate status", subject)


QUOTES = replace(alert(), exchanges=("XHKG",))
TICKET = alert(kinds.OPTIONAL_SOURCE_MISSING, "weibo")


class Story:
    """Moves through time, and says what each address is told on the way."""

    def __init__(self, **settings: object) -> None:
        self.notify = replace(Notify(), **settings)  # type: ignore[arg-type]
        self.book: Book = {}
        self.rules = Rules(self.notify, NOW, calendars(CLOSED))

    def at(self, hours: float, *wrong: Alert) -> "Story":
        """Look at the home so many hours later, with this being wrong."""
        self.rules = replace(self.rules, now=hours_later(hours))
        self.book = followed(self.book, wrong, self.rules)
        return self

    def tells(self, address: str = HOOK, *, arrives: bool = True) -> list[str]:
        """Tell what is due, and give it: + for what began, - for what is over."""
        due = [*openings_due(self.book, self.rules, address), *recoveries_due(self.book, self.rules, address)]
        for one in due:
            now = self.rules.now
            self.book[one.key] = told(one, address, now) if arrives else not_told(one, f"{address}: gone", now)
        return [f"{'+' if one.is_open else '-'}{one.subject}" for one in due]

    @property
    def only(self) -> Entry:
        (entry,) = self.book.values()
        return entry


def test_a_change_is_told_once_and_so_is_its_end() -> None:
    story = Story()
    assert story.at(0, QUOTES).tells() == ["+tencent_daily"]
    assert story.at(1, QUOTES).tells() == []
    assert story.at(2).tells() == ["-tencent_daily"]
    assert story.at(3).tells() == []
    entry = story.only
    assert (entry.opened_at, entry.recovered_at, entry.told_at) == (NOW, hours_later(2), NOW)
    assert (entry.told_to, entry.recovery_told_to) == ((HOOK,), (HOOK,))


def test_each_address_is_told_by_itself() -> None:
    story = Story().at(0, QUOTES)
    assert story.tells() == ["+tencent_daily"]
    assert story.tells(MAIL, arrives=False) == ["+tencent_daily"]
    assert story.only.not_told == "e-mail smtp.example.org: gone"
    assert story.at(1, QUOTES).tells() == []
    assert story.tells(MAIL) == ["+tencent_daily"]
    assert (story.only.not_told, story.only.told_to) == (None, (HOOK, MAIL))


def test_an_address_that_cannot_be_reached_is_left_alone_for_a_quarter_of_an_hour() -> None:
    story = Story().at(0, QUOTES)
    story.tells(arrives=False)
    assert story.at(0.2, QUOTES).tells() == []
    assert story.at(0.3, QUOTES).tells() == ["+tencent_daily"]


def test_what_was_never_told_has_no_end_to_tell() -> None:
    story = Story().at(0, QUOTES)
    story.tells(arrives=False)
    assert story.at(1).tells() == []
    assert story.only.not_told is None


def test_flapping_is_told_once() -> None:
    story = Story()
    said = [story.at(hour, *([QUOTES] if hour % 2 == 0 else [])).tells() for hour in range(10)]
    assert [one for one in said if one] == [["+tencent_daily"], ["-tencent_daily"]]
    assert (len(story.book), story.only.reopened_count) == (1, 4)


def test_what_comes_back_and_stays_is_told_again_and_so_is_its_end() -> None:
    story = Story()
    story.at(0, QUOTES).tells()
    story.at(1).tells()
    assert story.at(2, QUOTES).tells() == []
    assert story.at(7, QUOTES).tells() == []
    assert story.at(8, QUOTES).tells() == ["+tencent_daily"]
    assert story.at(9).tells() == ["-tencent_daily"]


def test_what_comes_back_after_the_settling_time_is_new_trouble() -> None:
    story = Story()
    story.at(0, QUOTES).tells()
    story.at(1).tells()
    assert story.at(8, QUOTES).tells() == ["+tencent_daily"]
    assert [one.opened_at for one in story.book.values()] == [NOW, hours_later(8)]
    assert newest(story.book)[QUOTES.key].opened_at == hours_later(8)


def test_on_a_closed_day_the_data_of_its_exchange_is_silent_and_the_machine_is_not() -> None:
    story = Story()
    disk = alert(kinds.DISK_LOW, "home")
    assert story.at(24, QUOTES, disk).tells() == ["+home"]
    assert story.at(48, QUOTES, disk).tells() == ["+tencent_daily"]


def test_the_end_waits_for_an_open_day_too() -> None:
    story = Story()
    story.at(0, QUOTES).tells()
    assert story.at(24).tells() == []
    assert story.at(48).tells() == ["-tencent_daily"]


def test_a_day_on_which_one_of_its_exchanges_trades_is_no_closed_day() -> None:
    story = Story()
    story.rules = replace(story.rules, calendars={**calendars(CLOSED), "XNAS": calendars()["XNAS"]})
    assert story.at(36, replace(QUOTES, exchanges=("XHKG", "XNAS"))).tells() == ["+tencent_daily"]


def test_tickets_wait_for_the_digest_unless_they_are_wanted_at_once() -> None:
    assert Story().at(0, TICKET).tells() == []
    assert Story(min_severity="ticket").at(0, TICKET).tells() == ["+weibo"]


def test_what_a_source_says_stays_in_one_line() -> None:
    story = Story().at(0, replace(QUOTES, sentence="a field \x1b[2Jnamed\r\n'x'\u2028 is new"))
    assert story.only.sentence == "a field [2Jnamed 'x' is new"


@pytest.mark.parametrize("quiet", ["RequiredSourceMissing", "RequiredSourceMissing:tencent_daily"])
def test_what_nobody_wants_to_hear_is_remembered_and_not_told(quiet: str) -> None:
    story = Story(quiet=(quiet,)).at(0, QUOTES)
    assert (story.tells(), story.only.is_open) == ([], True)


def test_news_that_passes_by_has_no_recovery() -> None:
    story = Story(min_severity="ticket")
    assert story.at(0, alert(kinds.SOURCE_DRIFT)).tells() == ["+tencent_daily"]
    assert story.at(200).tells() == []


class TestTakingOn:
    """What somebody took on is quiet until it is over, or until the day that he named is past."""

    def taken_on(self, until: date) -> Story:
        story = Story().at(0, QUOTES)
        story.tells()
        story.book = {key: replace(one, acknowledged_until=until) for key, one in story.book.items()}
        return story

    def test_it_is_told_again_when_the_day_is_past(self) -> None:
        story = self.taken_on(date(2025, 3, 21))
        assert story.at(48, QUOTES).tells() == []
        assert story.at(72, replace(QUOTES, exchanges=())).tells() == ["+tencent_daily"]
        assert story.at(73, replace(QUOTES, exchanges=())).tells() == []

    def test_its_end_is_told(self) -> None:
        story = self.taken_on(date(2025, 4, 30))
        assert story.at(6).tells() == ["-tencent_daily"]

    def test_the_digest_leaves_it_out(self) -> None:
        story = self.taken_on(date(2025, 3, 19))
        assert digest_entries(story.book, story.rules) == []

    def test_one_that_nobody_heard_of_yet_is_not_told(self) -> None:
        story = Story().at(0, QUOTES)
        story.book = {key: replace(one, acknowledged_until=date(2025, 3, 19)) for key, one in story.book.items()}
        assert story.tells() == []


class TestDigest:
    """Once a day, from its hour on: nine in Hong Kong is 01:00 UTC, and the story begins at 02:00 UTC."""

    def is_due(self, story: Story) -> bool:
        return is_digest_due(story.book, story.rules)

    def test_it_lists_what_is_open_pages_first(self) -> None:
        story = Story().at(0, TICKET, QUOTES)
        assert [one.subject for one in digest_entries(story.book, story.rules)] == ["tencent_daily", "weibo"]

    def test_a_day_without_trouble_has_none(self) -> None:
        assert not self.is_due(Story().at(0))

    def test_it_is_due_once_a_day_for_what_was_open_at_its_hour(self) -> None:
        story = Story().at(0, TICKET)
        assert not self.is_due(story.at(22.9, TICKET))
        assert self.is_due(story.at(23, TICKET))
        story.book = {key: replace(one, digested_at=story.rules.now) for key, one in story.book.items()}
        assert not self.is_due(story.at(24, TICKET))
        assert self.is_due(story.at(47, TICKET))

    def test_one_that_did_not_arrive_is_tried_again_later(self) -> None:
        story = Story().at(0, TICKET).at(23, TICKET)
        story.book = {key: not_told(one, "gone", story.rules.now) for key, one in story.book.items()}
        assert not self.is_due(story.at(23.2, TICKET))
        assert self.is_due(story.at(23.3, TICKET))

    def test_its_hour_is_the_operators(self) -> None:
        rules = Rules(Notify(digest_hour=17, digest_zone="America/New_York"), NOW, {})
        assert rules.digest_due_since == NOW - timedelta(hours=5)
