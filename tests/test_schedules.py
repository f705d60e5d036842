"""Schedules: what a person may write, and the moments that follow from it over clock changes, half days and storms."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from extractors.registry import EXTRACTORS
from extractors.schedule import KINDS, Schedule, span_of, time_of, without_schedules
from extractors.settings import Settings
from extractors.watchlist import BadWatchList, parse_watchlist, read_watchlist
from flows.scheduling.schedules import ALWAYS, Ran, due, moments, next_time, sources_of
from flows.scheduling.session_moments import Session, is_known, session_on

SHIPPED = Path(__file__).parents[1] / "watchlist.toml"
HONG_KONG = Schedule("hong-kong", ("quotes",), after="XHKG close", delay="45m")
NEW_YORK = Schedule("new-york", ("quotes",), after="XNYS close", delay="1h")
FEEDS = Schedule("feeds", ("news",), every="2h")
TWICE = Schedule("twice", ("social",), at=("08:30", "20:30"), zone="Asia/Hong_Kong")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(schedule: Schedule, start: str, end: str) -> list[str]:
    return [f"{one:%m-%d %H:%M}" for one in moments(schedule, utc(start), utc(end))]


def test_new_york_closes_an_hour_earlier_in_utc_once_its_clocks_are_put_forward():
    assert times(NEW_YORK, "2026-03-05", "2026-03-11") == ["03-05 22:00", "03-06 22:00", "03-09 21:00", "03-10 21:00"]


def test_new_york_closes_an_hour_later_in_utc_once_its_clocks_are_put_back():
    assert times(NEW_YORK, "2026-10-29", "2026-11-04") == ["10-29 21:00", "10-30 21:00", "11-02 22:00", "11-03 22:00"]


def test_the_day_after_thanksgiving_is_a_half_day_and_thanksgiving_none():
    assert times(NEW_YORK, "2026-11-25", "2026-12-01") == ["11-25 22:00", "11-27 19:00", "11-30 22:00"]


def test_hong_kong_does_not_trade_in_the_storms_of_september_2023():
    found = times(HONG_KONG, "2023-08-31", "2023-09-12")
    assert found == ["08-31 08:45", *(f"09-0{day} 08:45" for day in (4, 5, 6, 7)), "09-11 08:45"]


def test_the_eve_of_the_lunar_new_year_is_a_half_day_and_three_days_are_closed():
    assert times(HONG_KONG, "2026-02-13", "2026-02-24") == ["02-13 08:45", "02-16 04:45", "02-20 08:45", "02-23 08:45"]


def test_an_opening_counts_as_well():
    opening = Schedule("opening", ("quotes",), after="XNYS open")
    assert times(opening, "2026-03-06", "2026-03-10") == ["03-06 14:30", "03-09 13:30"]


def test_every_two_hours_is_counted_in_utc_whatever_clocks_do():
    assert times(FEEDS, "2026-03-08 05:00", "2026-03-08 10:00") == ["03-08 06:00", "03-08 08:00", "03-08 10:00"]


def test_times_of_day_hold_in_their_zone_over_a_clock_change():
    berlin = Schedule("rates", ("fx",), at=("16:45",), zone="Europe/Berlin")
    assert times(berlin, "2026-03-28", "2026-03-30") == ["03-28 15:45", "03-29 14:45"]
    assert times(TWICE, "2026-03-08", "2026-03-09") == ["03-08 00:30", "03-08 12:30"]


def test_a_time_that_is_skipped_comes_an_hour_later_and_one_that_comes_twice_counts_once():
    night = Schedule("night", ("news",), at=("02:30",), zone="America/New_York")
    assert times(night, "2026-03-08", "2026-03-09") == ["03-08 07:30"]
    late = Schedule("late", ("news",), at=("01:30",), zone="America/New_York")
    assert times(late, "2026-11-01", "2026-11-02") == ["11-01 05:30"]


def test_the_moment_itself_is_not_after_itself():
    first = next_time(HONG_KONG, utc("2026-03-05"))
    assert first == utc("2026-03-05 08:45")
    assert next_time(HONG_KONG, first) == utc("2026-03-06 08:45")


def test_an_exchange_that_never_trades_has_no_next_time():
    assert next_time(HONG_KONG, utc("2026-03-05"), lambda exchange, day: None) is None


def test_a_year_that_no_calendar_reaches_has_the_usual_hours_of_every_weekday():
    assert not is_known("XSHG", 2095)
    assert session_on("XSHG", date(2095, 1, 3)) == Session(utc("2095-01-03 01:30"), utc("2095-01-03 07:00"))
    assert session_on("XSHG", date(2095, 1, 1)) is None, "a Saturday"


def good(at: str) -> Ran:
    return Ran(utc(at), True)


def bad(at: str) -> Ran:
    return Ran(utc(at), False)


def names_due(ran, now: str, **more) -> tuple[str, ...]:
    turn = due((HONG_KONG, FEEDS, TWICE), ran, utc(now), **more)
    return turn.names if turn else ()


def test_what_never_ran_is_due_at_once_and_in_one_run():
    assert names_due({}, "2026-03-05 03:00") == ("feeds", "hong-kong", "twice")


def test_a_moment_is_due_until_a_run_answers_for_it():
    ran = {
        "hong-kong": [good("2026-03-04 08:45")],
        "feeds": [good("2026-03-05 08:00")],
        "twice": [good("2026-03-05 01:00")],
    }
    assert names_due(ran, "2026-03-05 08:44") == ()
    assert names_due(ran, "2026-03-05 08:45") == ("hong-kong",)
    ran["hong-kong"].append(good("2026-03-05 08:46"))
    assert names_due(ran, "2026-03-05 09:59") == ()


def test_three_days_of_downtime_are_one_run_that_counts_what_it_makes_up_for():
    monday = "2026-03-02 13:00"
    ran = {"hong-kong": [good(monday)], "feeds": [good(monday)], "twice": [good(monday)]}
    turn = due((HONG_KONG, FEEDS, TWICE), ran, utc("2026-03-05 13:00"))
    assert turn is not None
    assert {one.schedule.name: (one.missed, f"{one.at:%d %H:%M}") for one in turn.due} == {
        "hong-kong": (2, "05 08:45"),
        "feeds": (35, "05 12:00"),
        "twice": (5, "05 12:30"),
    }
    assert str(turn).startswith("hong-kong (due 2026-03-05 08:45Z, with 2 earlier), feeds (")


def test_a_run_that_failed_is_tried_again_after_half_an_hour_and_three_times_at_most():
    others = {"feeds": [good("2026-03-05 08:40")], "twice": [good("2026-03-05 01:00")]}
    tries = [good("2026-03-04 08:45"), bad("2026-03-05 08:45")]
    assert names_due({**others, "hong-kong": tries}, "2026-03-05 09:14") == ()
    assert names_due({**others, "hong-kong": tries}, "2026-03-05 09:15") == ("hong-kong",)
    tries += [bad("2026-03-05 09:15"), bad("2026-03-05 09:45")]
    assert names_due({**others, "hong-kong": tries}, "2026-03-05 09:59") == ()
    others["feeds"].append(good("2026-03-06 08:00"))
    others["twice"].append(good("2026-03-06 01:00"))
    assert names_due({**others, "hong-kong": tries}, "2026-03-06 08:45") == ("hong-kong",), "the next close counts anew"


def test_a_scheduler_that_starts_anew_does_not_wait_for_what_the_one_before_it_failed_at():
    ran = {
        "feeds": [bad("2026-03-05 08:02")],
        "hong-kong": [good("2026-03-04 09:00")],
        "twice": [good("2026-03-05 01:00")],
    }
    assert names_due(ran, "2026-03-05 08:10", since=utc("2026-03-05 07:00")) == ()
    assert names_due(ran, "2026-03-05 08:10", since=utc("2026-03-05 08:05")) == ("feeds",)


def test_the_shipped_schedules_ask_every_source_that_is_on():
    watchlist = read_watchlist(SHIPPED)
    settings = Settings(contact="tests@example.org")
    on = {one.source.id for one in EXTRACTORS if settings.is_enabled(one.source)}
    assert len(on) > 15 and on <= set(sources_of(watchlist.schedules))
    assert {one.source.kind for one in EXTRACTORS} <= set(KINDS)


def test_a_run_for_one_schedule_asks_its_sources_and_what_every_run_needs():
    one = Schedule("rates", sources=("ecb_rates",), every="1d")
    assert set(sources_of([one])) == {"ecb_rates", *ALWAYS}
    assert "github" in sources_of([TWICE]) and "news_feeds" not in sources_of([TWICE])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('name = "A b"\nevery = "2h"\nkinds = ["fx"]', ":2: [[schedule]] name: expected small letters"),
        ('name = "a"\nkinds = ["fx"]', ':1: [[schedule]]: write one of after = "XHKG close"'),
        ('name = "a"\nevery = "2h"\nat = ["08:30"]\nkinds = ["fx"]', ":4: [[schedule]] at: write one of"),
        ('name = "a"\nafter = "XHKG shut"\nkinds = ["fx"]', ":3: [[schedule]] after: expected an exchange and open or"),
        ('name = "a"\nafter = "XHKG close"\ndelay = "3"\nkinds = ["fx"]', ":4: [[schedule]] delay: expected a span"),
        ('name = "a"\nafter = "XHKG close"\ndelay = "13h"\nkinds = ["fx"]', "delay: expected 12h at most"),
        ('name = "a"\nevery = "2h"\ndelay = "5m"\nkinds = ["fx"]', "delay: a delay belongs to after"),
        ('name = "a"\nevery = "1m"\nkinds = ["fx"]', "every: expected 5m or more"),
        ('name = "a"\nevery = "2h"\nzone = "UTC"\nkinds = ["fx"]', "zone: a zone belongs to at"),
        (
            'name = "a"\nat = ["8:30"]\nzone = "UTC"\nkinds = ["fx"]',
            "at: expected a time of day like 08:30, got '8:30'",
        ),
        ('name = "a"\nat = ["08:30"]\nkinds = ["fx"]', "zone: expected the zone of these times"),
        ('name = "a"\nat = ["08:30"]\nzone = "HKT"\nkinds = ["fx"]', "zone: expected the zone of these times"),
        ('name = "a"\nevery = "2h"', '[[schedule]]: write kinds = ["quotes"] or sources'),
        ('name = "a"\nevery = "2h"\nkinds = ["quote"]', "kinds: unknown kind 'quote'; known are quotes"),
        ('name = "a"\nevery = "2h"\nsources = ["ecb"]', "sources: there is no source 'ecb'; `dragongate sources`"),
        ('name = "a"\nevery = 2\nkinds = ["fx"]', "every: expected text, got 2"),
        ('name = "a"\nevry = "2h"\nkinds = ["fx"]', "evry: unknown field; known are name"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_write(lines: str, message: str):
    with pytest.raises(BadWatchList) as found:
        parse_watchlist(f"[[schedule]]\n{lines}\n")
    assert message in str(found.value)


def test_a_name_stands_once():
    one = '[[schedule]]\nname = "a"\nevery = "2h"\nkinds = ["fx"]\n'
    with pytest.raises(BadWatchList, match=r":6: \[\[schedule\]\] name: 'a' stands twice"):
        parse_watchlist(one + one)


@pytest.mark.parametrize(("text", "minutes"), [("45m", 45), ("2h", 120), ("1h30m", 90), ("1d", 1440)])
def test_spans(text: str, minutes: int):
    assert span_of(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "m", "1.5h", "2 h", "-1h", "24:00"])
def test_what_is_no_span_and_no_time(text: str):
    with pytest.raises(ValueError, match="like"):
        span_of(text)
    with pytest.raises(ValueError, match="like"):
        time_of(text)


COMPANY = '[[company]]\nid = "one"\nname = "One"\nreporting_currency = "CNY"\n'
SCHEDULE = '\n# When\n\n[[schedule]]\nname = "a"\nat = [\n  "08:30",  # early\n]\nzone = "UTC"\nkinds = ["fx"]\n'


def test_the_list_that_is_kept_is_the_one_without_schedules():
    assert parse_watchlist(COMPANY + SCHEDULE).text == COMPANY
    other = COMPANY.replace("one", "two")
    assert without_schedules(SCHEDULE + COMPANY + SCHEDULE + "\n# Two\n" + other) == COMPANY + "\n# Two\n" + other
    untouched = COMPANY + "\n# the end\n"
    assert without_schedules(untouched) == untouched
