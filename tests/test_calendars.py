"""Calendars of the exchanges: what is kept, the days that hurt, and how strictly a kept year is read."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Outcome, ShapeChanged
from extractors.exchanges import EXCHANGES
from extractors.quotes import exchange_sessions
from extractors.quotes.exchange_sessions import COLUMNS, notice_of, sessions_csv
from extractors.quotes.trading_calendars import URI, fetch, matches, parse
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window
from extractors.watchlist import Security, WatchList
from transforms.tidy_calendars import tidy_trading_sessions

NOON = datetime(2025, 1, 2, 12, tzinfo=UTC)
LISTED = WatchList(securities=(Security("XHKG", "01810", "HKD"), Security("XSHE", "002594", "CNY")))


@cache
def _days(exchange: str, year: int) -> Mapping[str, Mapping[str, str]]:
    rows = csv.DictReader(io.StringIO(sessions_csv(exchange, year).decode()))
    return {row["session_date"]: row for row in rows}


def _snapshot(body: bytes, exchange: str = "XHKG", year: int = 2024) -> Snapshot:
    return Snapshot("urn:uuid:1", f"{URI}{exchange}:{year}", body, NOON, NOON)


@dataclass
class KeepingClient(Client):
    """Remembers what it was given to keep."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def keep(self, source: Source, uri: str, body: bytes, media_type: str, *, chunk: str = "") -> Fetched:
        self.kept[uri] = body
        snapshot = Snapshot(uri, uri, body, NOON, NOON, headers={"content-type": media_type})
        return Fetched(source.id, chunk, "RESOURCE", uri, NOON, 0.0, 1, Outcome.OK, snapshot=snapshot)


def test_keeps_each_exchange_of_the_list_for_the_window_and_the_year_before() -> None:
    client = KeepingClient()
    query = Query(LISTED, Window(date(2024, 12, 20), date(2025, 1, 2)))
    fetched = list(fetch(client, query))
    assert list(client.kept) == [
        f"{URI}{exchange}:{year}" for exchange in ("XHKG", "XSHE") for year in (2023, 2024, 2025)
    ]
    assert [one.chunk for one in fetched] == ["XHKG"] * 3 + ["XSHE"] * 3
    assert all(parse(one.snapshot).records for one in fetched if one.snapshot)


def test_the_same_year_gives_the_same_bytes() -> None:
    assert sessions_csv("XHKG", 2024) == sessions_csv("XHKG", 2024)


@pytest.mark.parametrize(
    ("exchange", "day", "hours"),
    [
        ("XHKG", "2024-12-30", ("2024-12-30T01:30:00Z", "2024-12-30T08:00:00Z")),
        ("XSHE", "2024-12-30", ("2024-12-30T01:30:00Z", "2024-12-30T07:00:00Z")),
        ("XSHG", "2024-12-30", ("2024-12-30T01:30:00Z", "2024-12-30T07:00:00Z")),
        ("XNAS", "2024-03-08", ("2024-03-08T14:30:00Z", "2024-03-08T21:00:00Z")),
        ("XNAS", "2024-03-11", ("2024-03-11T13:30:00Z", "2024-03-11T20:00:00Z")),
        ("XNYS", "2024-11-01", ("2024-11-01T13:30:00Z", "2024-11-01T20:00:00Z")),
        ("XNYS", "2024-11-04", ("2024-11-04T14:30:00Z", "2024-11-04T21:00:00Z")),
    ],
)
def test_full_days_from_open_to_close_whatever_the_clocks_and_lunch_breaks(
    exchange: str, day: str, hours: tuple[str, str]
) -> None:
    row = _days(exchange, int(day[:4]))[day]
    assert (row["opens_at"], row["closes_at"], row["is_half_day"]) == (*hours, "false")


@pytest.mark.parametrize(
    ("exchange", "day", "closes_at"),
    [
        ("XHKG", "2024-02-09", "2024-02-09T04:00:00Z"),
        ("XHKG", "2024-12-24", "2024-12-24T04:00:00Z"),
        ("XHKG", "2024-12-31", "2024-12-31T04:00:00Z"),
        ("XNAS", "2024-11-29", "2024-11-29T18:00:00Z"),
        ("XNYS", "2024-12-24", "2024-12-24T18:00:00Z"),
    ],
)
def test_half_days_close_early(exchange: str, day: str, closes_at: str) -> None:
    row = _days(exchange, int(day[:4]))[day]
    assert (row["is_open"], row["is_half_day"], row["closes_at"]) == ("true", "true", closes_at)


@pytest.mark.parametrize(
    ("exchange", "day", "reason"),
    [
        ("XHKG", "2020-10-13", "Typhoon Nangka"),
        ("XHKG", "2021-10-13", "Typhoon Kompasu"),
        ("XHKG", "2023-07-17", "Typhoon Talim"),
        ("XHKG", "2023-09-01", "Typhoon Saola"),
        ("XHKG", "2023-09-08", "Black rainstorm and extreme conditions"),
        ("XHKG", "2024-09-06", "Typhoon Yagi"),
        ("XHKG", "2024-12-25", "Christmas"),
        ("XHKG", "2024-02-12", ""),
        ("XNAS", "2024-12-25", "Christmas"),
        ("XNYS", "2025-01-09", ""),
        ("XSHE", "2024-10-04", ""),
    ],
)
def test_closed_weekdays_are_rows_with_the_reason_where_one_is_known(exchange: str, day: str, reason: str) -> None:
    row = _days(exchange, int(day[:4]))[day]
    assert (row["is_open"], row["opens_at"], row["closes_at"], row["closed_reason"]) == ("false", "", "", reason)


@pytest.mark.parametrize("day", ["2020-08-19", "2021-06-28"])
def test_a_storm_that_passes_in_the_morning_opens_the_afternoon(day: str) -> None:
    row = _days("XHKG", int(day[:4]))[day]
    assert (row["opens_at"], row["closes_at"]) == (f"{day}T05:30:00Z", f"{day}T08:00:00Z")
    assert row["is_half_day"] == "false"


def test_weekends_are_left_out_and_no_weekday_is() -> None:
    days = [date.fromisoformat(day) for day in _days("XHKG", 2024)]
    assert days == sorted(days) and len(days) == 262
    assert all(day.weekday() < 5 for day in days)


def test_every_exchange_that_we_know_has_a_calendar() -> None:
    assert all(len(_days(exchange, 2024)) == 262 for exchange in EXCHANGES)


@pytest.mark.parametrize(("exchange", "year"), [("XSHE", 2100), ("XHKG", 1950)])
def test_claims_nothing_about_years_that_the_library_does_not_reach(exchange: str, year: int) -> None:
    assert _days(exchange, year) == {}
    with pytest.raises(NothingThere):
        parse(_snapshot(sessions_csv(exchange, year), exchange, year))


def test_corrections_name_an_exchange_a_change_and_a_source() -> None:
    text = exchange_sessions.files("extractors.quotes").joinpath("session_corrections.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["exchange"] for row in rows} <= set(EXCHANGES)
    assert {row["change"] for row in rows} <= {"closed", "opens_at", "closes_at"}
    assert all(bool(row["local_time"]) == (row["change"] != "closed") for row in rows)
    assert all(row["source"].startswith("https://") and row["reason"] for row in rows)
    assert all(date.fromisoformat(row["session_date"]).weekday() < 5 for row in rows)


def test_an_early_close_can_be_corrected_too(monkeypatch: pytest.MonkeyPatch) -> None:
    correction = exchange_sessions._Correction("closes_at", "12:00", "Typhoon", "https://example.org/")
    monkeypatch.setattr(exchange_sessions, "_corrections", lambda: {("XHKG", date(2024, 9, 5)): correction})
    rows = csv.DictReader(io.StringIO(sessions_csv("XHKG", 2024).decode()))
    (row,) = [one for one in rows if one["session_date"] == "2024-09-05"]
    assert (row["closes_at"], row["is_half_day"]) == ("2024-09-05T04:00:00Z", "true")


HEAD = ",".join(COLUMNS) + "\n"
DAY = "2024-03-08,true,2024-03-08T01:30:00Z,2024-03-08T08:00:00Z,false,\n"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD + DAY + DAY, "session_date"),
        (HEAD + DAY.replace("2024-03-08,", "2023-03-08,"), "session_date"),
        (HEAD + DAY.replace("2024-03-08,", ","), "session_date"),
        (HEAD + DAY.replace("2024-03-08,", "8 March,"), "rows"),
        (HEAD + DAY.replace("true,2024-03-08T01:30:00Z", "true,"), "opens_at"),
        (HEAD + DAY.replace("true", "yes"), "rows"),
        (HEAD + DAY.replace("true", ""), "is_open"),
        (HEAD + DAY.replace("false", ""), "is_half_day"),
        (HEAD.replace("closed_reason", "why") + DAY, "closed_reason"),
        (HEAD + "2024-03-08\n", "rows"),
    ],
)
def test_anything_else_is_a_change_of_shape_that_names_the_field(text: str, reason: str) -> None:
    with pytest.raises(ShapeChanged) as raised:
        parse(_snapshot(text.encode()))
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        (f"{URI}XHKG:2024", True),
        (f"{URI}XNYS:1999", True),
        (f"{URI}XPAR:2024", False),
        (f"{URI}XHKG:24", False),
        (f"{URI}XHKG", False),
        ("urn:dragongate:watchlist", False),
    ],
)
def test_takes_kept_calendars_of_known_exchanges(url: str, is_ours: bool) -> None:
    assert matches(url) is is_ours


def _tidied(exchange: str, year: int) -> Any:
    snapshot = _snapshot(sessions_csv(exchange, year), exchange, year)
    return tidy_trading_sessions([Read(snapshot, parse(snapshot).records)], LISTED)


def test_a_year_becomes_rows_that_lead_to_the_kept_calendar() -> None:
    rows = _tidied("XHKG", 2024).rows["core.trading_sessions"].to_pylist()
    assert len(rows) == 262 and sum(row["is_open"] for row in rows) == 246
    last = rows[-1]
    assert last["closes_at"] == datetime(2024, 12, 31, 4, tzinfo=UTC)
    assert (last["exchange"], last["source_id"], last["snapshot_id"]) == ("XHKG", "trading_calendars", "urn:uuid:1")
    assert last["available_at"] == last["fetched_at"] == NOON


def test_a_calendar_of_an_exchange_that_nobody_follows_is_set_aside() -> None:
    tidy = _tidied("XNYS", 2024)
    assert tidy.rows == {}
    assert [(one.reason, one.row) for one in tidy.set_aside] == [("not_followed", {"exchange": "XNYS", "year": 2024})]


def test_a_closure_that_the_rules_lack_names_its_notice_and_no_other_day_does() -> None:
    assert notice_of("XHKG", date(2023, 9, 1), is_open=False).startswith("https://www.hkex.com.hk/")
    assert notice_of("XHKG", date(2020, 8, 19), is_open=True).startswith("https://www.hkex.com.hk/")
    assert notice_of("XHKG", date(2023, 9, 1), is_open=True) == "", "a calendar that was kept before we knew"
    assert notice_of("XHKG", date(2025, 1, 1), is_open=False) == ""
    assert notice_of("XNAS", date(2023, 9, 1), is_open=True) == ""
