"""Followers of an account at Bluesky.

Published by   Bluesky Social, exact and current, in its documented public interface
Read from      `app.bsky.actor.getProfile` for one handle or did; an answer of getProfiles for several is read too
Know that      the did stays when the handle changes. Every way of not being there is a status 400, told apart by
               `error` and `message`; getProfiles leaves such accounts out and says nothing.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, ShapeChanged
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import FollowerReading, ask_each, field_names, is_call, take_count
from extractors.source import Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "bluesky",
    title="Followers of accounts at Bluesky",
    publisher="Bluesky Social",
    kind="social",
    home_url="https://docs.bsky.app/docs/api/app-bsky-actor-get-profile",
    pace=Pace(seconds=1),
    tables=("core.follower_counts",),
    terms="A documented public interface, open to programs without a key.",
    honours_robots=False,  # documented for programs
)

_ANY_HOST: frozenset[str] = frozenset()
"""The server of an account answers the same call as the public interface."""
_PATH = re.compile(r"/xrpc/app\.bsky\.actor\.getProfiles?")
_GONE = {"AccountTakedown": "suspended", "AccountDeactivated": "deactivated", "AccountNotFound": "no_such_account"}
_NOT_FOUND = re.compile(r"not found|unable to resolve", re.IGNORECASE)
_KNOWN = field_names(
    "displayName description pronouns website avatar banner followsCount postsCount associated "
    "joinedViaStarterPack indexedAt createdAt viewer labels pinnedPost verification status debug"
)


def matches(url: str) -> bool:
    """Tell whether this is the profile of one account, or of several."""
    return is_call(url, _ANY_HOST, _PATH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the profile of each account on the watch list."""
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("bluesky"), _address)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one profile, or each of several.

    Raises NothingThere for an account that is unknown, suspended or deactivated, ShapeChanged without a count.
    """
    if snapshot.status != 400:
        require_ok(snapshot)
    refuse_html(snapshot)
    if snapshot.status == 400:
        raise _absence(Record(json_body(snapshot), snapshot), snapshot)
    drift: list[Drift] = []
    answer = Record(json_body(snapshot), snapshot)
    if "profiles" not in answer:
        return Reading((_profile(answer, snapshot, drift),), tuple(drift))
    with answer.exhausted(drift):
        profiles = answer.records("profiles")
    if not profiles:
        raise NothingThere("no_such_account", snapshot.at("none of the accounts is there"))
    readings = tuple(_profile(profile, snapshot, drift) for profile in profiles)
    return Reading(readings, tuple(drift))


def _address(account: Account) -> str:
    actor = account.platform_id or account.handle.removeprefix("@")
    return f"https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile?actor={quote(actor, safe=':')}"


def _absence(error: Record, snapshot: Snapshot) -> NothingThere | ShapeChanged:
    name, message = error.text("error"), error.optional_text("message") or ""
    if name in _GONE:
        return NothingThere(_GONE[name], snapshot.at(message or name))
    if _NOT_FOUND.search(message):
        return NothingThere("no_such_account", snapshot.at(message))
    return ShapeChanged("status_400", snapshot.at(f"{name}: {message}"))


def _profile(profile: Record, snapshot: Snapshot, drift: list[Drift]) -> FollowerReading:
    with profile.exhausted(drift, ignore=_KNOWN):
        count = take_count(profile, "followersCount", snapshot)
        return FollowerReading(profile.text("did"), profile.text("handle"), count, "api")
