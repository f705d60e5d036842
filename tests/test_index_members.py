"""Members of the Hang Seng Tech index: the list that ships, the publisher's list, and how they are compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Outcome, ShapeChanged
from extractors.quotes.index_members import (
    INDEX_ID,
    URI,
    Composition,
    MemberSpan,
    fetch,
    matches,
    parse,
    shipped_spans,
)
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window
from extractors.watchlist import Security, WatchList
from transforms.tidy import Tidy
from transforms.tidy_index_members import tidy_index_members

NOON = datetime(2024, 12, 31, 4, tzinfo=UTC)
WINDOW = Window(date(2024, 12, 30), date(2024, 12, 31))
FOLLOWED = WatchList(securities=(Security("XHKG", "HSTECH", "HKD", kind="index"),))
PUBLISHED = "https://www.hsi.com.hk/data/eng/rt/index-series/hstech/constituents.do"
HEAD = "index_id,exchange_code,name,valid_from_date,valid_to_date,announced_date,source\n"


@dataclass
class KeepingClient(Client):
    """Remembers what it was given to keep."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def keep(self, source: Source, uri: str, body: bytes, media_type: str, *, chunk: str = "") -> Fetched:
        self.kept[uri] = body
        return Fetched(source.id, chunk, "RESOURCE", uri, NOON, 0.0, 1, Outcome.OK)


def _snapshot(body: bytes, url: str = URI) -> Snapshot:
    return Snapshot("urn:uuid:1", url, body, NOON, NOON)


def _members_on(day: date) -> set[str]:
    return {
        one.exchange_code
        for one in shipped_spans()
        if one.valid_from_date <= day and (one.valid_to_date is None or day < one.valid_to_date)
    }


def _published(codes: Mapping[str, str], day: str = "2024-12-31", **index: Any) -> bytes:
    content = [{"code": code, "constituentName": name, "type": "O", "isDummy": "N"} for code, name in codes.items()]
    series = {
        "seriesName": "Hang Seng TECH Index",
        "seriesCode": "hstech",
        "constituentsDate": f"{day} 07:30:11",
        "indexList": [{"indexName": "Hang Seng TECH Index", "constituentContent": content, **index}],
    }
    return json.dumps({"requestDate": f"{day} 09:15:02", "indexSeriesList": [series]}).encode()


def _tidy(*snapshots: Snapshot, watchlist: WatchList = FOLLOWED) -> Tidy:
    return tidy_index_members([Read(one, parse(one).records) for one in snapshots], watchlist)


@pytest.mark.parametrize(
    "day",
    [
        date(2023, 9, 4),
        date(2023, 12, 29),
        date(2024, 6, 28),
        date(2024, 9, 9),
        date(2024, 9, 10),
        date(2024, 12, 31),
        date(2025, 3, 10),
        date(2025, 6, 30),
        date(2025, 12, 31),
    ],
)
def test_the_index_has_thirty_members_on_any_day(day: date) -> None:
    assert len(_members_on(day)) == 30


def test_the_members_at_the_end_of_2024() -> None:
    members = _members_on(date(2024, 12, 31))
    assert {"01810", "00700", "09988", "03690", "02015", "09866", "09868", "00300", "00522"} <= members
    assert members.isdisjoint({"09898", "01833", "01211", "09863"})


@pytest.mark.parametrize(
    ("last_day", "joined", "left"),
    [
        (date(2024, 3, 3), {"00780"}, {"09698"}),
        (date(2024, 9, 9), {"00522"}, {"01833"}),
        (date(2024, 12, 8), {"00300"}, {"09898"}),
        (date(2025, 3, 9), {"01698", "09660"}, {"01797", "06060"}),
        (date(2025, 6, 8), {"01211"}, {"00772"}),
        (date(2025, 12, 7), {"09863"}, {"00522"}),
    ],
)
def test_a_review_changes_the_members_on_its_day(last_day: date, joined: set[str], left: set[str]) -> None:
    before, after = _members_on(last_day), _members_on(date.fromordinal(last_day.toordinal() + 1))
    assert (after - before, before - after) == (joined, left)


def test_who_joined_was_announced_before() -> None:
    announced = [one for one in shipped_spans() if one.announced_date]
    assert announced and all(one.announced_date < one.valid_from_date for one in announced if one.announced_date)
    assert all(one.source for one in shipped_spans())


def test_keeps_the_list_where_the_index_is_followed() -> None:
    client = KeepingClient()
    assert [one.url for one in fetch(client, Query(FOLLOWED, WINDOW))] == [URI]
    assert parse(_snapshot(client.kept[URI])).records == shipped_spans()
    assert list(fetch(client, Query(WatchList(), WINDOW))) == []


def test_a_span_is_a_row_that_leads_to_the_kept_list() -> None:
    body = HEAD + "XHKG:HSTECH,00300,Midea Group,2024-12-09,,2024-11-22,review\n"
    (row,) = _tidy(_snapshot(body.encode())).rows["core.index_members"].to_pylist()
    assert (row["security_id"], row["valid_from_date"], row["valid_to_date"]) == ("XHKG:00300", date(2024, 12, 9), None)
    assert row["available_at"] == datetime(2024, 11, 22, 16, tzinfo=UTC)
    assert (row["source_id"], row["snapshot_id"], row["weight_pct"]) == ("index_members", "urn:uuid:1", None)


def test_reads_the_publishers_codes_to_five_digits() -> None:
    records = parse(_snapshot(_published({"20": "SENSETIME - W", "9999": "NTES - S"}), PUBLISHED)).records
    members = (("00020", "SENSETIME - W"), ("09999", "NTES - S"))
    assert records == (Composition(INDEX_ID, date(2024, 12, 31), members),)


def test_a_dummy_is_no_member() -> None:
    body = _published({"700": "TENCENT", "2999": "DUMMY"}, constituentsCount=1).replace(b'"N"}]', b'"Y"}]')
    (composition,) = parse(_snapshot(body, PUBLISHED)).records
    assert isinstance(composition, Composition) and composition.members == (("00700", "TENCENT"),)


def test_a_published_list_that_agrees_adds_nothing() -> None:
    same = {str(int(code)): code for code in _members_on(date(2024, 12, 31))}
    tidy = _tidy(_snapshot(_published(same, constituentsCount=30), PUBLISHED))
    assert tidy.rows["core.index_members"].num_rows == 0
    assert tidy.set_aside == ()


def test_a_member_that_our_list_lacks_gets_the_one_day_and_one_that_left_is_set_aside() -> None:
    other = {str(int(code)): code for code in _members_on(date(2024, 12, 31)) - {"00020"}} | {"99": "NEW"}
    tidy = _tidy(_snapshot(_published(other), PUBLISHED))
    (row,) = tidy.rows["core.index_members"].to_pylist()
    assert (row["security_id"], row["valid_from_date"]) == ("XHKG:00099", date(2024, 12, 31))
    assert row["valid_to_date"] == date(2025, 1, 1)
    (aside,) = tidy.set_aside
    assert (aside.reason, aside.row["exchange_code"], aside.source_id) == (
        "not_in_published_list",
        "00020",
        "index_members",
    )


def test_the_kept_list_of_the_same_run_is_the_one_that_is_compared() -> None:
    kept = _snapshot((HEAD + "XHKG:HSTECH,00099,New,2024-12-09,,,review\n").encode())
    tidy = _tidy(kept, _snapshot(_published({"99": "NEW"}), PUBLISHED))
    rows = tidy.rows["core.index_members"].to_pylist()
    assert [(row["security_id"], row["valid_to_date"]) for row in rows] == [("XHKG:00099", None)]
    assert tidy.set_aside == ()


def test_an_index_that_nobody_follows_is_set_aside() -> None:
    tidy = _tidy(_snapshot(_published({"700": "TENCENT"}), PUBLISHED), watchlist=WatchList())
    assert tidy.rows == {}
    assert [one.reason for one in tidy.set_aside] == ["not_followed"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("XHKG:HSTECH,1810.HK,Xiaomi,2023-09-04,,,x\n", "row 2.exchange_code"),
        ("XHKG:HSTECH,101810,Xiaomi,2023-09-04,,,x\n", "exchange_code"),
        ("XHKG:HSTECH,01810,Xiaomi,,,,x\n", "row 2.valid_from_date"),
        ("XHKG:HSTECH,01810,Xiaomi,4 Sept 2023,,,x\n", "row 2.valid_from_date"),
        ("XHKG:HSTECH,01810,Xiaomi\n", "row 2.valid_from_date"),
        ("XHKG:HSTECH,01810,Xiaomi,2023-09-04,2023-09-04,,x\n", "valid_from_date"),
        ("XHKG:HSTECH,01810,A,2023-09-04,,,x\nXHKG:HSTECH,01810,A,2024-09-04,,,x\n", "valid_from_date"),
    ],
)
def test_a_dated_list_that_does_not_fit_is_a_change_of_shape(rows: str, reason: str) -> None:
    with pytest.raises(ShapeChanged) as raised:
        parse(_snapshot((HEAD + rows).encode()))
    assert raised.value.reason == reason


def test_a_member_may_leave_and_come_back() -> None:
    rows = "XHKG:HSTECH,01810,A,2023-09-04,2024-03-04,,x\nXHKG:HSTECH,01810,A,2024-09-10,,,x\n"
    records = parse(_snapshot((HEAD + rows).encode())).records
    assert [one.valid_from_date for one in records if isinstance(one, MemberSpan)] == [
        date(2023, 9, 4),
        date(2024, 9, 10),
    ]


def test_a_list_without_members_is_nothing() -> None:
    with pytest.raises(NothingThere):
        parse(_snapshot(HEAD.encode()))
    with pytest.raises(NothingThere):
        parse(_snapshot(_published({}), PUBLISHED))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (_published({"700": "TENCENT"}, constituentsCount=30), "constituentsCount"),
        (_published({"7OO": "TENCENT"}), "indexSeriesList[0].indexList[0].constituentContent[0].code"),
        (_published({"700": "TENCENT"}, day="31/12/2024"), "constituentsDate"),
        (_published({"700": "TENCENT"}).replace(b"constituentsDate", b"date"), "indexSeriesList[0].constituentsDate"),
        (b'{"indexSeriesList":[{"constituentsDate":"2024-12-31","indexList":[]}]}', "indexList"),
        (b"{}", "indexSeriesList"),
        (b"[", "body"),
    ],
)
def test_a_published_list_that_changed_names_the_field(body: bytes, reason: str) -> None:
    with pytest.raises(ShapeChanged) as raised:
        parse(_snapshot(body, PUBLISHED))
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        (URI, True),
        (PUBLISHED, True),
        (PUBLISHED.replace("/eng/", "/schi/") + "?1538", True),
        (PUBLISHED.replace("www.", "origin-www."), True),
        (PUBLISHED.replace("https", "http"), True),
        (PUBLISHED.replace("hstech", "hsi"), False),
        ("https://www.hsi.com.hk/data/eng/download/notices.json", False),
        (PUBLISHED.replace("www.hsi.com.hk", "www.hsi.com.hk.example"), False),
        ("urn:dragongate:index-members:HSI", False),
    ],
)
def test_takes_the_kept_list_and_the_published_one(url: str, is_ours: bool) -> None:
    assert matches(url) is is_ours
