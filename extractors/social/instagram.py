"""Followers of an account at Instagram, as its own pages and its app see it.

Published by   Instagram (Meta), exact and current, to whoever is logged in
Read from      the call behind a profile, with the operator's own cookie; saved answers of the app's call and of
               profile pages are read too
Know that      an unknown name is a user that is null, with status 200 or 404. One who is not logged in gets 401, 429,
               a page that wants a login with status 200, or a checkpoint; none of them means that the account is
               gone. A page has the number in its description for other sites, shortened: `1.2M Followers, …`.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

from extractors.answers import refuse_block_page, refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, Refused, ShapeChanged, SourceError
from extractors.reading import Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.count_text import NotACount, read_count
from extractors.social.followers import (
    Codes,
    FollowerReading,
    ask_each,
    cookie,
    error_of,
    field_names,
    is_call,
    split,
    take_count,
)
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "instagram",
    title="Followers of accounts at Instagram, as its own pages see them",
    publisher="Instagram (Meta)",
    kind="social",
    home_url="https://www.instagram.com/",
    pace=Pace(seconds=10),
    tables=("core.follower_counts",),
    terms="Not documented; Instagram's terms forbid collecting by automatic means without its permission.",
    needs=Need.LOGIN,
    is_on_by_default=False,
    why_off="Instagram wants a login and its terms forbid automated collection without permission; instagram_graph "
    "asks the documented interface, and `dragongate import followers` takes counts by hand.",
)

_HOSTS = frozenset({"www.instagram.com", "instagram.com", "i.instagram.com"})
_PAGES = frozenset({"www.instagram.com", "instagram.com"})
_CALL = re.compile(r"/api/v1/users/(?:web_profile_info|[0-9]*/info)/?")
_PAGE = re.compile(r"/[A-Za-z0-9_.]{1,30}/?")
_NOT_NAMES = field_names(
    "accounts explore p reel reels tv stories about developer legal direct api challenge web session emails press"
)
_WEB_APP = {"x-ig-app-id": "936619743392459"}
"""The number of Instagram's own pages, which the call cannot do without; it says which call is meant, not who asks."""
_WORDS: Codes = {
    "checkpoint_required": (Refused, "checkpoint"),
    "challenge_required": (Refused, "checkpoint"),
    "consent_required": (Refused, "checkpoint"),
    "login_required": (Refused, "login"),
    "feedback_required": (Refused, "banned"),
    "rate_limit_error": (RateLimited, "too_many_requests"),
    "generic_request_error": (Refused, "generic_request_error"),
    "useragent mismatch": (Refused, "bad_request"),
    "user not found": (NothingThere, "no_such_account"),
    "target user not found": (NothingThere, "no_such_account"),
}
_WAIT = re.compile(r"wait a few minutes", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"<meta[^>]+property=[\"']og:description[\"'][^>]+content=[\"'](?P<text>[^\"']*)", re.IGNORECASE
)
_FOLLOWERS = re.compile(r"(?P<count>[0-9][0-9.,]*[KMBkmb]?) Followers?\b")
_NAMED = re.compile(r"\(@(?P<name>[A-Za-z0-9_.]+)\)")


def matches(url: str) -> bool:
    """Tell whether this is one profile, by one of two calls or as a page."""
    if is_call(url, _HOSTS, _CALL):
        return True
    return is_call(url, _PAGES, _PAGE) and split(url).path.strip("/").lower() not in _NOT_NAMES


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the profile of each account on the watch list, with the operator's cookie."""
    headers = {**_WEB_APP, **(cookie(client, SOURCE) or {})}
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("instagram"), _address, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one profile.

    Raises Refused for every sign that a login is wanted, NothingThere for an unknown account, ShapeChanged without a
    count. What else an answer tells of a person is not looked at, so that none of it is news.
    """
    if snapshot.body.lstrip().startswith(b"{"):
        return _read_answer(Record(json_body(snapshot), snapshot), snapshot)
    refuse_block_page(snapshot)
    require_ok(snapshot)
    if is_call(snapshot.url, _PAGES, _PAGE):
        return _read_page(snapshot)
    refuse_html(snapshot)
    raise ShapeChanged("body", snapshot.at("neither JSON nor a page"))


def _address(account: Account) -> str:
    name = quote(account.handle.removeprefix("@"), safe="")
    return f"https://www.instagram.com/api/v1/users/web_profile_info/?username={name}"


def _read_answer(answer: Record, snapshot: Snapshot) -> Reading[FollowerReading]:
    refusal = _refusal(answer, snapshot)
    if refusal:
        raise refusal
    data = answer.record("data") if "data" in answer else answer
    if "user" in data and data.optional("user") is None:
        raise NothingThere("no_such_account", snapshot.at("the user is null"))
    require_ok(snapshot)
    user = data.record("user")
    if "edge_followed_by" in user:
        count = take_count(user.record("edge_followed_by"), "count", snapshot)
        return Reading((FollowerReading(user.text("id"), user.text("username"), count, "api"),))
    count = take_count(user, "follower_count", snapshot)
    return Reading((FollowerReading(str(user.integer("pk")), user.text("username"), count, "api"),))


def _refusal(answer: Record, snapshot: Snapshot) -> SourceError | None:
    """Say what an answer that is no profile means; None for a profile, or for a status that speaks for itself."""
    words = [str(answer.optional(name) or "") for name in ("message", "error_type")]
    if answer.optional("require_login"):
        return Refused("login", snapshot.at(words[0]))
    known = next((word for word in words if word.lower() in _WORDS), "")
    if known:
        return error_of(_WORDS, known.lower(), snapshot, known)
    if _WAIT.search(words[0]):
        return RateLimited("too_many_requests", snapshot.at(words[0]))
    if answer.optional("status") == "fail" and 200 <= snapshot.status <= 400:
        return Refused("fail", snapshot.at(words[0] or "status fail"))
    return None


def _read_page(snapshot: Snapshot) -> Reading[FollowerReading]:
    page = snapshot.body.decode("utf-8", "replace")
    described = _DESCRIBED.search(page)
    text = unescape(described["text"]) if described else ""
    shown, name = _FOLLOWERS.search(text), _NAMED.search(text)
    if not shown:
        raise Refused("login", snapshot.at("a page without a profile, which wants a login"))
    try:
        count = read_count(shown["count"])
    except NotACount as error:
        raise ShapeChanged("og:description", snapshot.at(f"og:description: {error}")) from error
    handle = name["name"] if name else split(snapshot.url).path.strip("/")
    return Reading((FollowerReading("", handle, count, "page"),))
