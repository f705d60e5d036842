"""Followers of a Bilibili channel.

Published by   Bilibili, exact and current, without a login
Read from      the call that its own pages make for the four numbers of a relation; the card of a profile is read too
Know that      the call is not documented, and in January 2026 the publisher objected by lawyer's letter to a public
               collection of such calls: it is off until the operator has permission. A refusal comes with status
               200 and a negative `code`; a ban of the address with status 412 and a page. The channel's number
               is a number in one answer and text in the other.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, Refused, Unavailable
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import Codes, FollowerReading, ask_each, error_of, field_names, is_call, take_count
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "bilibili",
    title="Followers of Bilibili channels",
    publisher="Shanghai Hode Information Technology (Bilibili)",
    kind="social",
    home_url="https://www.bilibili.com/",
    pace=Pace(seconds=5),
    tables=("core.follower_counts",),
    terms="Not documented for programs; the publisher objected in January 2026 to a collection of such calls.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="The call is undocumented and Bilibili objected to its use by lawyer's letter in January 2026; turn it on "
    "once the publisher or your counsel agrees, and keep to a few channels a day.",
)

_HOSTS = frozenset({"api.bilibili.com"})
_PATH = re.compile(r"/x/relation/stat|/x/web-interface/card")
_CALLBACK = re.compile(rb"\s*(?:/\*\*/)?\s*[\w$.]+\s*\((.*)\)\s*;?\s*", re.DOTALL)
_CODES: Codes = {
    -101: (Refused, "login"),
    -102: (Refused, "banned"),
    -352: (Refused, "risk_control"),
    -400: (Refused, "bad_request"),
    -401: (Refused, "captcha"),
    -403: (Refused, "forbidden"),
    -404: (NothingThere, "no_such_account"),
    -412: (Refused, "banned"),
    -500: (Unavailable, "server_error"),
    -503: (Unavailable, "server_error"),
    -504: (Unavailable, "timeout"),
    -509: (RateLimited, "too_many_requests"),
    -626: (NothingThere, "no_such_account"),
    -799: (RateLimited, "too_many_requests"),
    -8888: (Unavailable, "server_error"),
}
_STAT = frozenset({"following", "whisper", "black"})
_CARD_ANSWER = frozenset({"following", "archive_count", "article_count", "follower", "like_num", "space"})
_CARD = field_names(
    "approve sex rank face face_nft face_nft_type DisplayRank regtime spacesta birthday place description article "
    "attentions friend attention sign level_info pendant nameplate Official official_verify vip is_senior_member "
    "name_render"
)


def matches(url: str) -> bool:
    """Tell whether this is one of the two calls that we read."""
    return is_call(url, _HOSTS, _PATH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the relation numbers of each channel on the watch list."""
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("bilibili"), _address)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one answer, plain or wrapped in a callback.

    Raises what its `code` means, Refused for one that we do not know, ShapeChanged for a missing count.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    answer = Record(json_body(_unwrapped(snapshot)), snapshot)
    with answer.exhausted(drift, ignore=frozenset({"message", "msg", "ttl"})):
        _require_code_zero(answer, snapshot)
        data = answer.record("data")
    reading = _card(data, snapshot, drift) if "card" in data else _relation(data, snapshot, drift)
    return Reading((reading,), tuple(drift))


def _address(account: Account) -> str:
    number = account.platform_id or account.handle
    return f"https://api.bilibili.com/x/relation/stat?vmid={quote(number)}" if number.isdecimal() else ""


def _unwrapped(snapshot: Snapshot) -> Snapshot:
    wrapped = _CALLBACK.fullmatch(snapshot.body)
    return replace(snapshot, body=wrapped[1]) if wrapped else snapshot


def _require_code_zero(answer: Record, snapshot: Snapshot) -> None:
    code = answer.integer("code")
    if code == 0:
        return
    raise error_of(_CODES, code, snapshot, answer.optional("message"))


def _relation(data: Record, snapshot: Snapshot, drift: list[Drift]) -> FollowerReading:
    with data.exhausted(drift, ignore=_STAT):
        count = take_count(data, "follower", snapshot)
        return FollowerReading(str(data.integer("mid")), "", count, "api")


def _card(data: Record, snapshot: Snapshot, drift: list[Drift]) -> FollowerReading:
    card = data.record("card")
    with data.exhausted(drift, ignore=_CARD_ANSWER), card.exhausted(drift, ignore=_CARD):
        count = take_count(card, "fans", snapshot)
        return FollowerReading(str(card.integer("mid")), card.text("name"), count, "api")
