"""Subscribers of a YouTube channel, as its page shows them.

Published by   YouTube (Google), shortened and current
Read from      the call behind the page, by POST: first the channel of a handle where no id is known, then its header;
               saved pages of a channel, which carry the same data, are read too
Know that      the call is not documented and the terms forbid automatic access other than through the documented
               interface: off until YouTube allows it. The number has words around it in the language that is asked
               for, and stands in any row of the header. A closed channel answers 200 with an alert; one for adults
               has no header and wants a login; before 2024 the header was another.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from extractors.answers import refuse_block_page, refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged, Unavailable
from extractors.reading import Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.count_text import CountText, NotACount, Qualifier, read_count
from extractors.social.followers import FollowerReading, is_call, split
from extractors.social.google_errors import stop_at_error
from extractors.social.page_data import assigned, read_script
from extractors.social.youtube import CHANNEL_ID
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "youtube_innertube",
    title="Subscribers of YouTube channels, as their pages show them",
    publisher="YouTube (Google)",
    kind="social",
    home_url="https://www.youtube.com/",
    pace=Pace(seconds=10),
    tables=("core.follower_counts",),
    terms="Not documented; YouTube's terms forbid automatic access except through its documented interface.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="YouTube's terms forbid automatic access without its written permission; the source youtube asks the "
    "documented interface with a free key and says the same.",
)

_HOSTS = frozenset({"www.youtube.com", "youtube.com", "m.youtube.com", "youtubei.googleapis.com"})
_BROWSE = re.compile(r"/youtubei/v1/browse")
_RESOLVE = re.compile(r"/youtubei/v1/navigation/resolve_url")
_PAGES = frozenset({"www.youtube.com", "youtube.com", "m.youtube.com"})
_PAGE = re.compile(r"/(?:channel/UC[A-Za-z0-9_-]{22}|@[^/]+|c/[^/]+|user/[^/]+)(?:/[a-z]+)?/?")
_DATA = "ytInitialData"
_CALL = "https://www.youtube.com/youtubei/v1/{}?prettyPrint=false"
_CONTEXT = {"client": {"clientName": "WEB", "clientVersion": "2.20260101.00.00", "hl": "en", "gl": "US"}}
_COUNTS = re.compile(r"(?P<count>.+?)\s*(?:subscribers?|位订阅者|名订阅者|位訂閱者|名訂閱者)", re.IGNORECASE)
_NOBODY = re.compile(r"no subscribers", re.IGNORECASE)
_NO_SUCH = re.compile(r"does(?: not|n't) exist", re.IGNORECASE)
_CLOSED = re.compile(r"terminated|removed|violat|suspended|closed|no longer available", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ChannelOfAddress:
    """The channel that an address leads to: a step on the way to its count."""

    channel_id: str


def matches(url: str) -> bool:
    """Tell whether this is one of the two calls, or the page of a channel."""
    return is_call(url, _HOSTS, _BROWSE) or is_call(url, _HOSTS, _RESOLVE) or is_call(url, _PAGES, _PAGE)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the header of each channel on the watch list, and before it for the channel of a handle."""
    for account in query.watchlist.accounts_on("youtube"):
        channel_id = _known_id(account)
        if not channel_id:
            found = _post(client, account, "navigation/resolve_url", {"url": _page(account)})
            yield found
            channel_id = _resolved(found.snapshot)
        if channel_id:
            yield _post(client, account, "browse", {"browseId": channel_id})


def parse(snapshot: Snapshot) -> Reading[FollowerReading | ChannelOfAddress]:
    """Read the header of a channel, or the channel that an address leads to.

    Raises NothingThere for a channel that is unknown, closed or hides its count, Refused for one that wants a
    login, ShapeChanged for a header without a count.
    """
    stop_at_error(snapshot)
    require_ok(snapshot)
    answer = _answer(snapshot)
    if _RESOLVE.fullmatch(split(snapshot.url).path):
        return Reading((ChannelOfAddress(_browse_id(answer, snapshot)),))
    _stop_at_alert(answer, snapshot)
    if "header" not in answer:
        raise _without_header(snapshot)
    header = answer.record("header")
    if "pageHeaderRenderer" in header:
        return Reading((_page_header(answer, header.record("pageHeaderRenderer"), snapshot),))
    return Reading((_tabbed_header(header.record("c4TabbedHeaderRenderer"), snapshot),))


def _answer(snapshot: Snapshot) -> Record:
    """Take the data out of a call's answer or out of a page.

    Raises Refused for a page without any, such as the one that asks for consent.
    """
    if not is_call(snapshot.url, _PAGES, _PAGE):
        refuse_html(snapshot)
        return Record(json_body(snapshot), snapshot)
    refuse_block_page(snapshot)
    data = assigned(snapshot.body, _DATA)
    if data is None:
        raise Refused("block_page", snapshot.at(f"a page without {_DATA}"))
    return Record(read_script(data, snapshot, _DATA), snapshot)


def _known_id(account: Account) -> str:
    name = account.platform_id or account.handle
    return name if CHANNEL_ID.fullmatch(name) else ""


def _page(account: Account) -> str:
    return f"https://www.youtube.com/@{account.handle.removeprefix('@')}"


def _post(client: Client, account: Account, call: str, asked: Mapping[str, str]) -> Fetched:
    body = json.dumps({"context": _CONTEXT, **asked}).encode()
    return client.post(SOURCE, _CALL.format(call), body, "application/json", chunk=account.id)


def _resolved(snapshot: Snapshot | None) -> str:
    """Give the channel that an answer names; an empty text where it names none, which its reading then tells."""
    if snapshot is None or snapshot.status != 200:
        return ""
    try:
        return _browse_id(Record(json_body(snapshot), snapshot), snapshot)
    except (NothingThere, ShapeChanged):
        return ""


def _browse_id(answer: Record, snapshot: Snapshot) -> str:
    endpoint = answer.record("endpoint")
    if "browseEndpoint" not in endpoint:
        raise NothingThere("no_such_account", snapshot.at("the address leads to no channel"))
    channel_id = endpoint.record("browseEndpoint").text("browseId")
    if not CHANNEL_ID.fullmatch(channel_id):
        raise NothingThere("no_such_account", snapshot.at(f"the address leads to {channel_id!r}"))
    return channel_id


def _stop_at_alert(answer: Record, snapshot: Snapshot) -> None:
    for alert in answer.records("alerts") if "alerts" in answer else ():
        if "alertRenderer" not in alert:
            continue
        shown = alert.record("alertRenderer")
        if shown.optional("type") != "ERROR":
            continue
        words = " ".join(_texts(shown.optional("text")))
        if _NO_SUCH.search(words):
            raise NothingThere("no_such_account", snapshot.at(words))
        if _CLOSED.search(words):
            raise NothingThere("suspended", snapshot.at(words))
        raise Unavailable("alert", snapshot.at(words or "an alert without words"))


def _without_header(snapshot: Snapshot) -> Refused | ShapeChanged:
    if b'"channelAgeGateRenderer"' in snapshot.body:
        return Refused("age_gate", snapshot.at("a channel for adults, shown to those who are logged in"))
    return ShapeChanged("header", snapshot.at("header is missing"))


def _page_header(answer: Record, header: Record, snapshot: Snapshot) -> FollowerReading:
    view = header.record("content").record("pageHeaderViewModel").record("metadata")
    texts = [text for row in view.record("contentMetadataViewModel").records("metadataRows") for text in _parts(row)]
    channel = answer.record("metadata").record("channelMetadataRenderer")
    handle = next((text for text in texts if text.startswith("@")), "")
    return FollowerReading(channel.text("externalId"), handle, _count(texts, snapshot), "page", metric="subscribers")


def _parts(row: Record) -> Iterator[str]:
    """Give the texts of one row; the last rows may hold buttons in place of parts."""
    for part in row.records("metadataParts") if "metadataParts" in row else ():
        yield from _texts(part.optional("text"))


def _tabbed_header(header: Record, snapshot: Snapshot) -> FollowerReading:
    """Read the header of before 2024, when an owner could hide the count."""
    channel_id = header.text("channelId")
    texts = list(_texts(header.optional("subscriberCountText")))
    if not texts:
        raise NothingThere("hidden", snapshot.at("a header without subscriberCountText"))
    handles = [*_texts(header.optional("channelHandleText")), ""]
    return FollowerReading(channel_id, handles[0], _count(texts, snapshot), "page", metric="subscribers")


def _texts(value: Any) -> Iterator[str]:
    """Give the text of a text, in the three forms that YouTube has for one: plain, runs and content."""
    if not isinstance(value, dict):
        return
    for name in ("content", "simpleText"):
        if isinstance(value.get(name), str):
            yield value[name]
    runs = value.get("runs")
    if isinstance(runs, list):
        yield "".join(str(run.get("text", "")) for run in runs if isinstance(run, dict))


def _count(texts: list[str], snapshot: Snapshot) -> CountText:
    for text in texts:
        if _NOBODY.fullmatch(text.strip()):
            return CountText(0, 0, 0, Qualifier.EXACT, text)
        found = _COUNTS.fullmatch(text.strip())
        if not found:
            continue
        try:
            return read_count(found["count"])
        except NotACount as error:
            raise ShapeChanged("subscribers", snapshot.at(f"subscribers: {error}")) from error
    raise ShapeChanged("subscribers", snapshot.at(f"no count of subscribers among {texts}"))
