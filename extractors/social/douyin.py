"""Followers of an account at Douyin.

Published by   Douyin (ByteDance), exact and current, to its own pages
Read from      the page of an account, with the operator's own cookie; saved answers of the call behind it are read too
Know that      there are three numbers, and they differ: those who follow at Douyin, those in all of ByteDance's apps
               together, and the most that there ever were. Each is a metric of its own. The call wants a signature
               that only its own page can make, and none is made here. The usual refusal is status 200 with nothing
               in it.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

from extractors.answers import refuse_block_page, refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import Refused, ShapeChanged
from extractors.reading import Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import (
    Codes,
    FollowerReading,
    ask_each,
    cookie,
    error_of,
    is_call,
    take_count,
)
from extractors.social.page_data import read_script, script_with_id
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "douyin",
    title="Followers of accounts at Douyin",
    publisher="Douyin (ByteDance)",
    kind="social",
    home_url="https://www.douyin.com/",
    pace=Pace(seconds=15),
    tables=("core.follower_counts",),
    terms="Not documented; Douyin's terms forbid collecting by automatic means without its written permission.",
    needs=Need.LOGIN,
    is_on_by_default=False,
    why_off="Douyin's terms forbid automated collection and its pages want a cookie of your own; "
    "`dragongate import followers` takes counts by hand or from a service that you pay.",
)

_HOSTS = frozenset({"www.douyin.com", "www-hj.douyin.com", "douyin.com"})
_CALL = re.compile(r"/aweme/v1/web/user/profile/other/?")
_PAGE = re.compile(r"/user/[A-Za-z0-9_-]{20,}/?")
_SECRET_ID = re.compile(r"MS4wLjABAAAA[A-Za-z0-9_-]+")
_METRICS = {
    "follower_count": "followers",
    "mplatform_followers_count": "followers_all_apps",
    "max_follower_count": "followers_peak",
}
_PAGE_NAMES = {
    "followerCount": "followers",
    "mplatformFollowersCount": "followers_all_apps",
    "maxFollowerCount": "followers_peak",
}
_CODES: Codes = {8: (Refused, "login"), 2154: (Refused, "login"), 2483: (Refused, "login")}
_DEEPEST = 8


def matches(url: str) -> bool:
    """Tell whether this is one account, by the call or as a page."""
    return is_call(url, _HOSTS, _CALL) or is_call(url, _HOSTS, _PAGE)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the page of each account on the watch list, with the operator's cookie."""
    headers = cookie(client, SOURCE)
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("douyin"), _address, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read the three counts of one account.

    Raises Refused for nothing at all, for an empty user and for a page that is a challenge, ShapeChanged without
    the count of Douyin itself. What else an answer tells of a person is not looked at, so that none of it is news.
    """
    if snapshot.status == 200 and not snapshot.body.strip():
        raise Refused("empty_body", snapshot.at("status 200 with nothing in it, as Douyin refuses"))
    require_ok(snapshot)
    if is_call(snapshot.url, _HOSTS, _PAGE):
        return _read_page(snapshot)
    refuse_html(snapshot)
    answer = Record(json_body(snapshot), snapshot)
    code = answer.integer("status_code") if "status_code" in answer else 0
    if code:
        raise error_of(_CODES, code, snapshot, answer.optional("status_msg"))
    user = answer.record("user") if "user" in answer else answer
    if "user" in answer and not answer.take("user"):
        raise Refused("empty_user", snapshot.at("a user without anything in it"))
    return _counts(user, snapshot, _METRICS, ("uid", "sec_uid"), ("unique_id", "short_id"))


def _address(account: Account) -> str:
    if not _SECRET_ID.fullmatch(account.platform_id):
        return ""
    return f"https://www.douyin.com/user/{quote(account.platform_id, safe='')}"


def _counts(
    user: Record, snapshot: Snapshot, metrics: dict[str, str], ids: tuple[str, str], names: tuple[str, str]
) -> Reading[FollowerReading]:
    number, secret_id = (user.optional_text(name) for name in ids)
    handle = next((text for name in names if (text := user.optional_text(name)) and text != "0"), "")
    main = next(iter(metrics))
    if main not in user:
        raise ShapeChanged(main, snapshot.at(f"{main} is missing"))
    return Reading(
        tuple(
            FollowerReading(
                platform_id=secret_id or number or "",
                handle=handle,
                followers=take_count(user, name, snapshot),
                method="page" if metrics is _PAGE_NAMES else "api",
                metric=metric,
                other_ids=(number,) if number and secret_id else (),
            )
            for name, metric in metrics.items()
            if user.optional(name) is not None or name == main
        )
    )


def _read_page(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read the data that a page carries: JSON whose every sign is escaped as in an address."""
    refuse_block_page(snapshot)
    script = script_with_id(snapshot.body, "RENDER_DATA")
    if script is None:
        raise Refused("block_page", snapshot.at("a page without RENDER_DATA: a challenge or a login"))
    user = _user_in(read_script(unquote(script.decode("utf-8", "replace")).strip(), snapshot, "RENDER_DATA"))
    if user is None:
        raise Refused("login", snapshot.at("RENDER_DATA without an account"))
    return _counts(Record(user, snapshot, "user"), snapshot, _PAGE_NAMES, ("uid", "secUid"), ("uniqueId", "shortId"))


def _user_in(value: Any, depth: int = 0) -> dict[str, Any] | None:
    """Find the account of a page, which lies under a key that changes with every build of it."""
    if not isinstance(value, dict) or depth > _DEEPEST:
        return None
    if "followerCount" in value and "secUid" in value:
        return value
    inner = value.get("user")
    ordered = [inner, *value.values()] if isinstance(inner, dict) else list(value.values())
    return next((found for one in ordered if (found := _user_in(one, depth + 1)) is not None), None)
