"""Subscribers of a YouTube channel, from YouTube's documented interface.

Published by   YouTube (Google), current, to whoever has a key of their own
Read from      `channels.list` of the Data API, parts snippet and statistics: one unit of 10,000 a day
Know that      numbers are sent as text. Since September 2019 the count is cut off after its third digit, so that
               1,930,000 stands for up to 1,939,999; a number with more digits is an exact one from before. An
               unknown channel is an answer without items; one that hides its count says so and has none.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.count_text import CountText, Qualifier, shortened, step_of
from extractors.social.followers import FollowerReading, ask_each, field_names, is_call, split, take_count
from extractors.social.google_errors import stop_at_error
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "youtube",
    title="Subscribers of YouTube channels",
    publisher="YouTube (Google)",
    kind="social",
    home_url="https://developers.google.com/youtube/v3/docs/channels/list",
    pace=Pace(seconds=1),
    tables=("core.follower_counts",),
    terms="A documented interface for whoever has a key and keeps to the YouTube API Services Terms.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="The interface answers only with a key of your own, which is free, and whose terms you accept with it.",
    honours_robots=False,  # documented for programs
)

CHANNEL_ID = re.compile(r"UC[A-Za-z0-9_-]{22}")
_HOSTS = frozenset({"www.googleapis.com", "youtube.googleapis.com", "content-youtube.googleapis.com"})
_PATH = re.compile(r"/youtube/v3/channels")
_DIGITS = 3
_ANSWER = frozenset({"kind", "etag", "pageInfo", "nextPageToken", "prevPageToken", "eventId", "visitorId"})
_ITEM = field_names(
    "kind etag contentDetails brandingSettings topicDetails status auditDetails contentOwnerDetails localizations"
)
_SNIPPET = field_names("title description publishedAt thumbnails localized country defaultLanguage")
_STATISTICS = frozenset({"viewCount", "commentCount", "videoCount"})


def matches(url: str) -> bool:
    """Tell whether this is the list of channels."""
    return is_call(url, _HOSTS, _PATH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each channel on the watch list, by its id or its handle."""
    key = quote(client.secret(SOURCE), safe="")
    accounts = query.watchlist.accounts_on("youtube")
    yield from ask_each(client, SOURCE, accounts, lambda account: f"{_address(account)}&key={key}")


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read every channel of one answer.

    Raises what `error` means, NothingThere for an unknown channel, for one that hides its count and for an answer
    that was not asked for counts, ShapeChanged for a missing count.
    """
    stop_at_error(snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    answer = Record(json_body(snapshot), snapshot)
    with answer.exhausted(drift, ignore=_ANSWER):
        items = answer.records("items") if "items" in answer else _none(answer)
    if not items:
        raise NothingThere("no_such_account", snapshot.at("no items"))
    if not _asks_for_counts(snapshot.url):
        raise NothingThere("no_count", snapshot.at("the part `statistics` was not asked for"))
    readings = [reading for item in items for reading in _channel(item, snapshot, drift)]
    if not readings:
        raise NothingThere("hidden", snapshot.at("hiddenSubscriberCount"))
    return Reading(tuple(readings), tuple(drift))


def _none(answer: Record) -> list[Record]:
    """Give no items where the list of them was left out, which says that nothing was found."""
    answer.record("pageInfo")
    return []


def _address(account: Account) -> str:
    name = account.platform_id or account.handle
    asked = f"id={quote(name)}" if CHANNEL_ID.fullmatch(name) else f"forHandle=@{quote(name.removeprefix('@'))}"
    return f"https://www.googleapis.com/youtube/v3/channels?part=snippet,statistics&{asked}"


def _asks_for_counts(url: str) -> bool:
    """Tell whether the counts were asked for; an address that was cut says nothing, and they should be there."""
    parts = parse_qs(split(url).query).get("part", [])
    return not parts or "statistics" in ",".join(parts)


def _channel(item: Record, snapshot: Snapshot, drift: list[Drift]) -> Iterator[FollowerReading]:
    with item.exhausted(drift, ignore=_ITEM):
        channel_id, statistics = item.text("id"), item.record("statistics")
        handle = _handle(item.record("snippet"), drift) if "snippet" in item else ""
    with statistics.exhausted(drift, ignore=_STATISTICS):
        is_hidden = "hiddenSubscriberCount" in statistics and statistics.flag("hiddenSubscriberCount")
        if is_hidden:
            statistics.ignore("subscriberCount")
        else:
            yield FollowerReading(channel_id, handle, _count(statistics, snapshot), "api", metric="subscribers")


def _handle(snippet: Record, drift: list[Drift]) -> str:
    with snippet.exhausted(drift, ignore=_SNIPPET):
        return snippet.optional_text("customUrl") or ""


def _count(statistics: Record, snapshot: Snapshot) -> CountText:
    count = take_count(statistics, "subscriberCount", snapshot)
    step = step_of(count.value, _DIGITS)
    if count.qualifier is not Qualifier.EXACT:
        raise ShapeChanged("subscriberCount", snapshot.at(f"subscriberCount: {count.text!r} is no plain number"))
    return count if count.value % step else shortened(count.value, step, count.text, is_cut=True)
