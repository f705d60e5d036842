"""Members of an index: asked for and priced without being followed, and no hole in a recording that lacks them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from extractors.client import Client, Fetched
from extractors.errors import Outcome
from extractors.quotes import eastmoney_daily, tencent_daily, tencent_realtime, yahoo_chart
from extractors.quotes.index_members import shipped_spans
from extractors.quotes.member_lines import with_members
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window
from extractors.watchlist import Security, WatchList
from flows.collect import without_unrecorded_members
from transforms.share_counts import is_first_counter
from transforms.tidy_tencent_daily import tidy_tencent_daily

NOON = datetime(2024, 12, 30, 12, tzinfo=UTC)
INDEX = Security("XHKG", "HSTECH", "HKD", kind="index", tencent="hkHSTECH", yahoo="HSTECH.HK", eastmoney="124.HSTECH")
XIAOMI = Security("XHKG", "01810", "HKD", company="xiaomi", is_primary=True, tencent="hk01810", yahoo="1810.HK")
LISTED = with_members(WatchList(securities=(XIAOMI, INDEX)))
DECEMBER = Window(date(2024, 12, 16), date(2024, 12, 30))
NOVEMBER = Window(date(2024, 11, 4), date(2024, 11, 15))


@dataclass
class NotingClient(Client):
    """Notes what it is asked for and gives nothing."""

    chunks: list[str] = field(default_factory=list)

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        self.chunks += chunk.split(",")
        return Fetched(source.id, chunk, "GET", url, NOON, 0.0, 1, Outcome.UNAVAILABLE, "not_recorded")


def members_on(day: date) -> set[str]:
    return {
        f"XHKG:{one.exchange_code}"
        for one in shipped_spans()
        if one.valid_from_date <= day and (one.valid_to_date is None or day < one.valid_to_date)
    }


def asked_of(module: object, window: Window) -> set[str]:
    client = NotingClient()
    fetch = getattr(module, "fetch")  # noqa: B009  one of several modules
    assert list(fetch(client, Query(LISTED, window)))
    return set(client.chunks)


def test_every_member_of_the_day_has_a_price_asked_for() -> None:
    assert len(members_on(DECEMBER.end)) == 30
    assert asked_of(tencent_daily, DECEMBER) == members_on(DECEMBER.end) | {XIAOMI.id, INDEX.id}
    assert asked_of(yahoo_chart, DECEMBER) == members_on(DECEMBER.end) | {XIAOMI.id, INDEX.id}
    assert asked_of(eastmoney_daily, DECEMBER) >= members_on(DECEMBER.end) - {XIAOMI.id}


def test_who_joined_later_is_asked_for_later() -> None:
    joined = members_on(DECEMBER.end) - members_on(NOVEMBER.end)
    assert joined and not joined & asked_of(tencent_daily, NOVEMBER)


def test_a_member_is_asked_for_its_days_and_not_for_its_last_price() -> None:
    assert asked_of(tencent_realtime, DECEMBER) == {XIAOMI.id, INDEX.id}


def test_without_the_index_there_are_no_members() -> None:
    assert with_members(WatchList(securities=(XIAOMI,))).members == ()


def test_a_member_that_is_followed_is_no_second_line() -> None:
    assert XIAOMI.id not in {line.id for line in LISTED.members}
    assert LISTED.by_code("tencent")["hk01810"] is XIAOMI


def test_the_bars_of_a_member_are_kept_and_its_shares_are_nobody_s() -> None:
    body = b'{"code":0,"msg":"","data":{"hk00700":{"day":[["2024-12-30","420","421.2","423","419","9000000.000"]]}}}'
    url = "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param=hk00700,day,2024-12-30,2024-12-30,800,"
    snapshot = Snapshot("urn:uuid:1", url, body, NOON, NOON)
    tidy = tidy_tencent_daily([Read(snapshot, tencent_daily.parse(snapshot).records)], LISTED)
    (row,) = tidy.rows["core.daily_quotes_by_source"].to_pylist()
    assert (row["security_id"], float(row["close_price"]), tidy.set_aside) == ("XHKG:00700", 421.2, ())
    assert not is_first_counter(LISTED.by_code("tencent")["hk00700"], LISTED)


def _missing(chunk: str, reason: str) -> Fetched:
    return Fetched("tencent_daily", chunk, "GET", "https://example.org/", NOON, 0.0, 1, Outcome.UNAVAILABLE, reason)


def test_a_recording_need_not_hold_what_nobody_follows() -> None:
    answers = [
        _missing("XHKG:00700", "not_recorded"),
        _missing("XHKG:00700", "timeout"),
        _missing(XIAOMI.id, "not_recorded"),
    ]
    assert list(without_unrecorded_members(iter(answers), LISTED)) == answers[1:]
