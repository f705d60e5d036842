"""Followers of an account at X, from its documented interface.

Published by   X (formerly Twitter), exact and current, to paying customers
Read from      version 2, users with their public metrics; saved answers of version 1.1 are read too
Know that      without `user.fields=public_metrics` an answer of version 2 has no counts and no error. An unknown
               or suspended account is status 200 with `errors` and no data. The header `x-rate-limit-reset` says in
               Unix seconds when to come back.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote

from extractors.answers import refuse_html
from extractors.client import Client, Fetched
from extractors.errors import NothingThere
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import (
    FollowerReading,
    ask_each,
    bearer,
    field_names,
    is_call,
    split,
    take_count,
)
from extractors.social.x_errors import stop_at_error
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "x",
    title="Followers of accounts at X",
    publisher="X",
    kind="social",
    home_url="https://docs.x.com/x-api/users/user-lookup-by-username",
    pace=Pace(seconds=2),
    tables=("core.follower_counts",),
    terms="A documented interface for customers, by X's Developer Agreement; what is read may not be passed on.",
    terms_url="https://developer.x.com/en/developer-terms/agreement-and-policy",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="The interface answers only with a paid key (a bearer token) of your own, whose agreement you accept.",
    honours_robots=False,  # documented for programs
)

_HOSTS = frozenset({"api.x.com", "api.twitter.com"})
_NEWER = re.compile(r"/2/users(?:/by(?:/username/[^/]+)?|/[0-9]+)?/?")
_OLDER = re.compile(r"/1\.1/users/(?:show|lookup)\.json")
_ANSWER = frozenset({"errors", "includes", "meta"})
_USER = field_names(
    "name created_at description entities location most_recent_tweet_id pinned_tweet_id profile_banner_url "
    "profile_image_url protected url verified verified_type withheld affiliation connection_status "
    "is_identity_verified receives_your_dm subscription subscription_type parody"
)
_METRICS = frozenset({"following_count", "tweet_count", "listed_count", "like_count", "media_count"})
_OLD_USER = field_names(
    "id name location profile_location description url entities protected fast_followers_count normal_followers_count "
    "friends_count listed_count created_at favourites_count utc_offset time_zone geo_enabled verified statuses_count "
    "media_count lang status contributors_enabled is_translator is_translation_enabled profile_background_color "
    "profile_background_image_url profile_background_image_url_https profile_background_tile profile_image_url "
    "profile_image_url_https profile_banner_url profile_link_color profile_sidebar_border_color "
    "profile_sidebar_fill_color profile_text_color profile_use_background_image has_extended_profile default_profile "
    "default_profile_image following follow_request_sent notifications translator_type withheld_in_countries "
    "withheld_scope suspended needs_phone_verification"
)


def matches(url: str) -> bool:
    """Tell whether this is a look-up of users."""
    return is_call(url, _HOSTS, _NEWER) or is_call(url, _HOSTS, _OLDER)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each account on the watch list, by its number or its name."""
    headers = bearer(client, SOURCE)
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("x"), _address, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one user or several.

    Raises what `errors` mean, NothingThere for an answer that was not asked for counts, ShapeChanged without one.
    """
    refuse_html(snapshot)
    stop_at_error(snapshot)
    drift: list[Drift] = []
    body = json_body(snapshot)
    if _OLDER.fullmatch(split(snapshot.url).path):
        users = body if isinstance(body, list) else [body]
        readings = [_old_user(Record(user, snapshot), snapshot, drift) for user in users]
    else:
        readings = _users(Record(body, snapshot), snapshot, drift)
    if not readings:
        raise NothingThere("no_such_account", snapshot.at("none of the accounts is there"))
    return Reading(tuple(readings), tuple(drift))


def _address(account: Account) -> str:
    fields = "user.fields=public_metrics"
    if account.platform_id.isdecimal():
        return f"https://api.x.com/2/users/{account.platform_id}?{fields}"
    return f"https://api.x.com/2/users/by/username/{quote(account.handle.removeprefix('@'), safe='')}?{fields}"


def _users(answer: Record, snapshot: Snapshot, drift: list[Drift]) -> list[FollowerReading]:
    with answer.exhausted(drift, ignore=_ANSWER):
        data = answer.take("data")
        users = answer.records("data") if isinstance(data, list) else [answer.record("data")]
    return [_user(user, snapshot, drift) for user in users]


def _user(user: Record, snapshot: Snapshot, drift: list[Drift]) -> FollowerReading:
    with user.exhausted(drift, ignore=_USER):
        user_id, handle = user.text("id"), user.text("username")
        if "public_metrics" not in user and not _asks_for_counts(snapshot.url):
            raise NothingThere("no_count", snapshot.at("the field public_metrics was not asked for"))
        metrics = user.record("public_metrics")
    with metrics.exhausted(drift, ignore=_METRICS):
        return FollowerReading(user_id, handle, take_count(metrics, "followers_count", snapshot), "api")


def _asks_for_counts(url: str) -> bool:
    return "public_metrics" in ",".join(parse_qs(split(url).query).get("user.fields", []))


def _old_user(user: Record, snapshot: Snapshot, drift: list[Drift]) -> FollowerReading:
    with user.exhausted(drift, ignore=_OLD_USER):
        count = take_count(user, "followers_count", snapshot)
        return FollowerReading(user.text("id_str"), user.text("screen_name"), count, "api")
