"""Subscribers of a subreddit and followers of a user at Reddit.

Published by   Reddit, exact and current, to applications that are registered with it
Read from      `about` of a subreddit or a user, at the host for applications; saved answers of the open host, with
               `.json` at their end, are read too
Know that      what its pages call members is `subscribers` in the data. The followers of a user stand in `subreddit`,
               which answers of before 2017 lack. A suspended user has a name and no counts. The open host answers
               servers with 403 or 429. The handle on the watch list is `r/name` or `u/name`.
"""

import re
from collections.abc import Iterator

from extractors.answers import refuse_html, require_ok, retry_after
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, ShapeChanged
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import FollowerReading, ask_each, bearer, is_call, take_count
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "reddit",
    title="Subscribers of subreddits and followers of users at Reddit",
    publisher="Reddit",
    kind="social",
    home_url="https://www.reddit.com/dev/api/",
    pace=Pace(seconds=2),
    tables=("core.follower_counts",),
    terms="Reddit's Data API Terms: registered applications only, free for small use that is not commercial.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="Reddit answers registered applications only: register one, accept the Data API Terms, and give its access "
    "token, which lasts a day.",
    honours_robots=False,  # documented for programs that bring a token
)

_HOSTS = frozenset({"oauth.reddit.com", "www.reddit.com", "reddit.com", "old.reddit.com", "api.reddit.com"})
_PATH = re.compile(r"/(?:r|u|user)/[A-Za-z0-9_-]{1,30}/about(?:\.json)?/?")
_HANDLE = re.compile(r"/?(?P<kind>r|u|user)/(?P<name>[A-Za-z0-9_-]{1,30})/?")
_STATES = {
    "banned": "suspended",
    "private": "private",
    "quarantined": "quarantined",
    "gold_only": "private",
}


def matches(url: str) -> bool:
    """Tell whether this is about one subreddit or user."""
    return is_call(url, _HOSTS, _PATH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask about each subreddit and user on the watch list."""
    headers = bearer(client, SOURCE)
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("reddit"), _address, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one subreddit or user.

    Raises NothingThere for one that is unknown, closed or without a count, RateLimited with the seconds that the
    answer names, ShapeChanged without a count that should be there.
    """
    _stop_at_status(snapshot)
    refuse_html(snapshot)
    answer = Record(json_body(snapshot), snapshot)
    kind = answer.text("kind")
    data = answer.record("data")
    if kind == "t5":
        return Reading((_subreddit(data, snapshot),), _drift(answer))
    if kind == "t2":
        return Reading((_user(data, snapshot),), _drift(answer))
    if kind == "Listing":  # an unknown subreddit leads to a search
        raise NothingThere("no_such_account", snapshot.at("a search in place of a subreddit"))
    raise ShapeChanged("kind", snapshot.at(f"kind {kind!r} is neither a subreddit nor a user"))


def _address(account: Account) -> str:
    found = _HANDLE.fullmatch(account.handle)
    if not found:
        return ""
    kind = "r" if found["kind"] == "r" else "user"
    return f"https://oauth.reddit.com/{kind}/{found['name']}/about?raw_json=1"


def _stop_at_status(snapshot: Snapshot) -> None:
    if snapshot.status == 429:
        message = snapshot.at("status 429")
        raise RateLimited("too_many_requests", message, after_seconds=_wait(snapshot))
    if snapshot.status in (403, 404) and snapshot.body.lstrip().startswith(b"{"):
        state = Record(json_body(snapshot), snapshot).optional("reason")
        if state in _STATES:
            raise NothingThere(_STATES[state], snapshot.at(f"status {snapshot.status}: {state}"))
        if snapshot.status == 404:
            raise NothingThere("no_such_account", snapshot.at("status 404"))
    require_ok(snapshot)


def _wait(snapshot: Snapshot) -> float | None:
    """Read how many seconds are left of the window, which this host counts down."""
    left = snapshot.headers.get("x-ratelimit-reset", "").strip()
    told = retry_after(snapshot)
    return float(left) if told is None and left.isdecimal() else told


def _drift(answer: Record) -> tuple[Drift, ...]:
    """Report what is new around the object; its own hundred fields come and go with the reader's rights."""
    return answer.drift()


def _subreddit(data: Record, snapshot: Snapshot) -> FollowerReading:
    count = take_count(data, "subscribers", snapshot)
    return FollowerReading(data.text("name"), f"r/{data.text('display_name')}", count, "api", metric="subscribers")


def _user(data: Record, snapshot: Snapshot) -> FollowerReading:
    name = data.text("name")
    if data.optional("is_suspended"):
        raise NothingThere("suspended", snapshot.at(f"{name} is suspended"))
    if data.optional("subreddit") is None:
        raise NothingThere("no_count", snapshot.at("a user without a profile of their own, which followers belong to"))
    count = take_count(data.record("subreddit"), "subscribers", snapshot)
    return FollowerReading(f"t2_{data.text('id')}", f"u/{name}", count, "api", other_ids=(data.text("id"),))
