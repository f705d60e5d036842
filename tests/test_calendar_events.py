"""Ex-dates and index reviews become events, the same whoever tells of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from extractors.watchlist import Security, WatchList
from transforms.calendar_events import with_calendar_events
from transforms.tidy import Tidy
from warehouse.tables.quotes import CORPORATE_ACTIONS_BY_SOURCE, INDEX_MEMBERS

READ = datetime(2025, 6, 2, 9, tzinfo=UTC)
LISTED = WatchList(securities=(Security("XHKG", "01211", "HKD", company="byd"), Security("XNYS", "NIO", "USD")))
ORIGIN = {
    "source_id": "tencent_daily",
    "snapshot_id": "urn:1",
    "available_at": READ,
    "fetched_at": READ,
    "first_seen_at": READ,
}


def action(
    kind: str = "dividend", security_id: str = "XHKG:01211", day: str = "2025-06-10", **more: Any
) -> dict[str, Any]:
    split = {"ratio_numerator": 3, "ratio_denominator": 1} if kind == "split" else {}
    return {
        "security_id": security_id, "ex_date": date.fromisoformat(day), "kind": kind, "is_split_adjusted": False,
        **split, **ORIGIN, **more,
    }  # fmt: skip


def member(code: str, since: str, until: str | None = None, announced: str | None = None) -> dict[str, Any]:
    return {
        "index_id": "XHKG:HSTECH", "security_id": f"XHKG:{code}", "name": code,
        "valid_from_date": date.fromisoformat(since), "valid_to_date": until and date.fromisoformat(until),
        "announced_date": announced and date.fromisoformat(announced), **ORIGIN,
    }  # fmt: skip


def events(tidy: Tidy) -> list[dict[str, Any]]:
    made = with_calendar_events(tidy, LISTED)
    return made.rows["core.events"].to_pylist() if "core.events" in made.rows else []


def test_an_ex_date_to_come_is_expected_at_the_start_of_its_day_at_the_exchange() -> None:
    (event,) = events(Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, [action()]))
    assert (event["event_id"], event["company_id"], event["kind"]) == (
        "ex_date:XHKG:01211:2025-06-10:dividend",
        "byd",
        "ex_date",
    )
    assert event["expected_at"] == datetime(2025, 6, 9, 16, tzinfo=UTC)
    assert event["happened_at"] is None


@pytest.mark.parametrize(
    ("security_id", "day", "start"),
    [
        ("XHKG:01211", "2025-06-02", datetime(2025, 6, 1, 16, tzinfo=UTC)),
        ("XNYS:NIO", "2025-06-02", datetime(2025, 6, 2, 4, tzinfo=UTC)),
        ("XNYS:NIO", "2025-01-02", datetime(2025, 1, 2, 5, tzinfo=UTC)),
    ],
)
def test_an_ex_date_that_is_over_has_happened(security_id: str, day: str, start: datetime) -> None:
    (event,) = events(Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, [action("split", security_id, day)]))
    assert event["expected_at"] == event["happened_at"] == start


def test_a_buyback_has_no_ex_date_and_two_sources_tell_of_one_event() -> None:
    assert events(Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, [action("buyback")])) == []
    both = [action(amount_per_unit=1), action(amount_per_unit=2, source_id="yahoo_chart")]
    assert len(events(Tidy.of(CORPORATE_ACTIONS_BY_SOURCE, both))) == 1


def test_a_review_counts_who_comes_and_who_goes_and_was_public_when_it_was_announced() -> None:
    rows = [
        member("00001", "2020-07-27", "2025-06-09"),
        member("00002", "2020-07-27"),
        member("00003", "2025-06-09", announced="2025-05-16"),
    ]
    (event,) = events(Tidy.of(INDEX_MEMBERS, rows))
    assert event["event_id"] == "index_review:XHKG:HSTECH:2025-06-09"
    assert event["title"] == "Members of XHKG:HSTECH change: 1 in, 1 out"
    assert event["available_at"] == datetime(2025, 5, 15, 16, tzinfo=UTC)
    assert event["company_id"] is None and event["happened_at"] is None


def test_rows_of_other_kinds_stay_as_they_are() -> None:
    tidy = Tidy()
    assert with_calendar_events(tidy, LISTED) is tidy
