"""Followers of an account at X, from saved answers of the call behind its pages.

Published by   X (formerly Twitter), exact and current, to its own pages
Read from      saved answers alone: nothing is asked
Know that      X's terms forbid automatic access to its pages without written consent; the call wants a token of a
               visitor or a login, and its name changes every few weeks. Until 2025 the counts stood in `legacy`, then
               in `relationship_counts`; some tools save them flattened. A missing user is an empty `data`, a closed
               one is `UserUnavailable`.
"""

import re
from collections.abc import Iterator

from extractors.answers import refuse_html
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import FollowerReading, field_names, is_call, split, take_count
from extractors.social.x_errors import stop_at_error
from extractors.source import Need, Pace, Query, Source

SOURCE = Source(
    "x_graphql",
    title="Followers of accounts at X, from saved answers of its pages",
    publisher="X",
    kind="social",
    home_url="https://x.com/",
    pace=Pace(seconds=10),
    tables=("core.follower_counts",),
    terms="X's terms forbid automatic access to its pages without its written consent.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="X's terms forbid automatic access to its pages; the source x asks the documented interface with your key, "
    "and answers that you have saved are read by `dragongate ingest`.",
)

_HOSTS = frozenset({"x.com", "www.x.com", "api.x.com", "twitter.com", "www.twitter.com", "api.twitter.com"})
_PAGES = frozenset({"x.com", "www.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com"})
_PATH = re.compile(r"(?:/i/api)?/graphql/[^/]+/(?:UserByScreenName|UserByRestId|AboutAccountQuery)")
_PAGE_PATH = re.compile(r"/[A-Za-z0-9_]{1,15}/?")
_NOT_NAMES = field_names(
    "home explore search login logout settings notifications messages tos privacy about jobs compose hashtag intent "
    "share download signup account i"
)
_CLOSED = {"Suspended": "suspended", "Offboarded": "deactivated", "Deactivated": "deactivated"}
_RESULT = field_names(
    "__typename id action_counts affiliates_highlighted_label avatar banner business_account core "
    "creator_subscriptions_count dm_permissions follow_request_sent has_graduated_access "
    "has_hidden_subscriptions_on_profile highlights_info identity_profile_labels_highlighted_label is_blue_verified "
    "is_profile_translatable legacy_extended_profile location media_permissions notifications_settings "
    "parody_commentary_fan_label pinned_items possibly_sensitive premium_gifting_eligible privacy professional "
    "profile_bio profile_description_language profile_image_shape profile_metadata profile_sort_enabled "
    "profile_translation relationship_perspectives smart_blocked_by smart_blocking super_follow_eligible "
    "super_followed_by super_following tipjar_settings tweet_counts user_seed_tweet_count verification "
    "verification_info verified_phone_status website about_profile"
)
_FLAT = field_names(
    "id name screen_name verified verified_type default_profile default_profile_image description entities "
    "fast_followers_count favourites_count follow_request_sent following friends_count has_custom_timelines "
    "is_translator listed_count location media_count needs_phone_verification normal_followers_count notifications "
    "pinned_tweet_ids_str possibly_sensitive profile_banner_url profile_image_url_https profile_interstitial_type "
    "protected statuses_count time_zone translator_type url utc_offset want_retweets withheld_description "
    "withheld_in_countries withheld_scope can_dm can_media_tag created_at"
)


def matches(url: str) -> bool:
    """Tell whether this is the call for one user, or the page of one."""
    if is_call(url, _HOSTS, _PATH):
        return True
    name = split(url).path.strip("/").lower()
    return is_call(url, _PAGES, _PAGE_PATH) and name not in _NOT_NAMES


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for nothing.

    Raises Refused where there are accounts that somebody turned this source on for.
    """
    del client
    yield from ()
    if query.watchlist.accounts_on("x"):
        raise Refused("terms", f"{SOURCE.id} reads saved answers alone; the source x asks the documented interface")


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one user, in any of the three shapes.

    Raises NothingThere for one that is unknown, closed or shown without counts, ShapeChanged where they are missing.
    """
    refuse_html(snapshot)
    stop_at_error(snapshot)
    drift: list[Drift] = []
    answer = Record(json_body(snapshot), snapshot)
    if "rest_id" in answer:
        reading = _flat(answer, snapshot, drift)
    else:
        reading = _user(_result(answer, snapshot), snapshot, drift)
    return Reading((reading,), tuple(drift))


def _result(answer: Record, snapshot: Snapshot) -> Record:
    data = answer.record("data")
    name = next((one for one in ("user", "user_result_by_screen_name") if one in data), "")
    user = data.record(name) if name else None
    if user is None or "result" not in user:
        raise NothingThere("no_such_account", snapshot.at("an answer without a user"))
    result = user.record("result")
    if result.optional("__typename") == "UserUnavailable":
        reason = str(result.optional("reason") or "")
        raise NothingThere(_CLOSED.get(reason, "closed"), snapshot.at(str(result.optional("message") or reason)))
    return result


def _user(result: Record, snapshot: Snapshot, drift: list[Drift]) -> FollowerReading:
    core = result.record("core") if "core" in result else None
    with result.exhausted(drift, ignore=_RESULT):
        user_id = result.text("rest_id")
        legacy = result.record("legacy") if "legacy" in result else None
        counts = result.record("relationship_counts") if "relationship_counts" in result else None
    if counts is not None and "followers" in counts:
        count = take_count(counts, "followers", snapshot)
    elif legacy is not None and "followers_count" in legacy:
        count = take_count(legacy, "followers_count", snapshot)
    elif "about_profile" in result:
        raise NothingThere("no_count", snapshot.at("an answer about the account itself, without counts"))
    else:
        raise ShapeChanged("relationship_counts", snapshot.at("neither relationship_counts nor legacy has a count"))
    named = core if core is not None and "screen_name" in core else legacy
    return FollowerReading(user_id, named.text("screen_name") if named else "", count, "page")


def _flat(user: Record, snapshot: Snapshot, drift: list[Drift]) -> FollowerReading:
    with user.exhausted(drift, ignore=_FLAT):
        count = take_count(user, "followers_count", snapshot)
        return FollowerReading(user.text("rest_id"), user.optional_text("screen_name") or "", count, "page")
