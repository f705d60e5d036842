"""Every time that we read in a feed and feedparser reads otherwise, with the reason: none may differ for no reason."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import feedparser
import pytest

from extractors.news.dates import WrittenTime, read_time
from extractors.news.feed_entries import Entry
from tests.recorded_news import body, files, read, recorded

SHANGHAI = ZoneInfo("Asia/Shanghai")
HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NEW_YORK = ZoneInfo("America/New_York")
SEEN = datetime(2025, 1, 2, tzinfo=UTC)


def slashes(clock: datetime) -> str:
    return f"{clock.year}/{clock.month}/{clock.day}"


REASONS: dict[str, Callable[[datetime | None, Entry], bool]] = {
    "a year before there were feeds is the zero of somebody's database": lambda theirs, ours: (
        theirs is not None and theirs.year < 1995 and ours.published is None and ours.published_text != ""
    ),
    "year/month/day is read as written, not with day and month exchanged and the clock lost": lambda theirs, ours: (
        ours.published is not None
        and ours.published_text.split()[0] == slashes(ours.published.clock)
        and (theirs is None or (theirs.year, theirs.hour) == (ours.published.clock.year, 0))
    ),
}
"""Why a time may differ, and how such a difference is known from the words of the feed alone."""
NOT_ENTRY_BY_ENTRY: dict[str, Callable[[str], bool]] = {
    "feedparser reads no JSON Feed": lambda file: body(file).lstrip().startswith(b"{"),
    "feedparser gives up over a broken declaration": lambda file: feedparser_entries(file) == [],
    "a feed that ends in the middle of an entry is not read": lambda file: (
        read(file, "news_feeds").reason == "truncated"
    ),
}


def feedparser_entries(file: str) -> list[feedparser.FeedParserDict]:
    found: list[feedparser.FeedParserDict] = feedparser.parse(BytesIO(body(file))).entries
    return found


def their_time(entry: feedparser.FeedParserDict) -> datetime | None:
    """Give what feedparser made of the first time of an entry; it gives UTC without saying so."""
    parsed = (dict.get(entry, f"{name}_parsed") for name in ("published", "updated", "created"))
    first = next((one for one in parsed if one), None)
    return datetime(*first[:6], tzinfo=UTC) if first else None


def our_time(entry: Entry) -> datetime | None:
    return entry.published.instant(ZoneInfo("UTC")) if entry.published else None


@pytest.mark.recorded
@recorded[1]
def test_every_difference_over_the_recorded_feeds_has_a_reason(record_property: Callable[[str, object], None]) -> None:
    same, explained = 0, Counter[str]()
    for file in (*files("feeds"), *files("feeds_small")):
        theirs, ours = feedparser_entries(file), read(file, "news_feeds").reading.records
        if len(theirs) != len(ours):
            explained[next(reason for reason, fits in NOT_ENTRY_BY_ENTRY.items() if fits(file))] += 1
            continue
        for one, other in zip(theirs, ours, strict=True):
            if their_time(one) == our_time(other):
                same += 1
                continue
            fitting = [reason for reason, fits in REASONS.items() if fits(their_time(one), other)]
            assert len(fitting) == 1, (file, their_time(one), other.published_text, fitting)
            explained[fitting[0]] += 1
    record_property("same", same)
    for reason, number in explained.items():
        record_property(reason, number)
    assert same >= 800 and set(explained) == {*REASONS, *NOT_ENTRY_BY_ENTRY}


@pytest.mark.parametrize(
    ("written", "home", "right", "theirs"),
    [
        ("2024/1/10 14:33:00", SHANGHAI, "2024-01-10T06:33:00", "2024-11-01T00:00:00"),
        ("2024年12月30日 09:30", SHANGHAI, "2024-12-30T01:30:00", "2024-11-01T00:00:00"),
        ("2024.12.30 09:30", SHANGHAI, "2024-12-30T01:30:00", "2024-11-01T00:00:00"),
        ("1735545600", SHANGHAI, "2024-12-30T08:00:00", "2017-12-21T00:00:00"),
        ("Mon, 30 Dec 2024 16:08:00 HKT", HONG_KONG, "2024-12-30T08:08:00", "2024-12-30T16:08:00"),
        ("Mon, 30 Dec 2024 16:08:00 CST", SHANGHAI, "2024-12-30T08:08:00", "2024-12-30T22:08:00"),
        ("2024-12-30 16:08:00", SHANGHAI, "2024-12-30T08:08:00", "2024-12-30T16:08:00"),
        ("Mon, 30 Dec 2024 16:08:00 EST", NEW_YORK, "2024-12-30T21:08:00", "2024-12-30T21:08:00"),
    ],
)
def test_why_the_words_of_a_feed_are_read_and_not_what_feedparser_makes_of_them(
    written: str, home: ZoneInfo, right: str, theirs: str
) -> None:
    feed = f"<rss version='2.0'><channel><item><title>T</title><pubDate>{written}</pubDate></item></channel></rss>"
    (entry,) = feedparser.parse(BytesIO(feed.encode())).entries
    found = read_time(written, SEEN)
    assert isinstance(found, WrittenTime) and found.instant(home) == datetime.fromisoformat(right).replace(tzinfo=UTC)
    assert their_time(entry) == datetime.fromisoformat(theirs).replace(tzinfo=UTC)
