"""Followers of an account at Kuaishou.

Published by   Kuaishou, current, to its own pages and its app
Read from      the query behind its older pages, with the operator's own cookie; saved answers of the newer call and
               of the app are read too
Know that      `ownerCount` stands beside `profile`, not in it. The newer call sends a number, the older query a
               shortened text such as `1.2万`. Without a signature, which only its own page can make and which is not
               made here, the newer call answers `{"result": 2}`; 109 wants a login. The id in an address is not the
               number that people see.
"""

import json
import re
from collections.abc import Iterator

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, Refused
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import (
    Codes,
    FollowerReading,
    cookie,
    error_of,
    field_names,
    is_call,
    named,
    take_count,
)
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "kuaishou",
    title="Followers of accounts at Kuaishou",
    publisher="Kuaishou",
    kind="social",
    home_url="https://www.kuaishou.com/",
    pace=Pace(seconds=15),
    tables=("core.follower_counts",),
    terms="Not documented; Kuaishou's terms forbid collecting by automatic means without its written permission.",
    needs=Need.LOGIN,
    is_on_by_default=False,
    why_off="Kuaishou's terms forbid automated collection and its calls want a cookie of your own; "
    "`dragongate import followers` takes counts by hand or from a service that you pay.",
)

_PAGES = frozenset({"www.kuaishou.com", "live.kuaishou.com"})
_CALL = re.compile(r"/rest/v/profile/user|/graphql")
_APP_HOST = re.compile(r"(?:[a-z0-9-]+\.)?(?:gifshow|ksapisrv|kuaishou)\.com")
_APP = re.compile(r"/rest/n/user/profile(?:/v2)?")
_ANY: frozenset[str] = frozenset()
_QUERY = (
    "query visionProfile($userId: String) { visionProfile(userId: $userId) { result hostName userProfile { "
    "ownerCount { fan photo follow photo_public } profile { gender user_name user_id headurl user_text } "
    "isFollowing } } }"
)
_CODES: Codes = {
    2: (Refused, "not_signed"),
    21: (NothingThere, "no_such_account"),
    24: (NothingThere, "no_such_account"),
    50: (RateLimited, "too_many_requests"),
    109: (Refused, "login"),
    400002: (Refused, "captcha"),
}
_ANSWER = field_names("host-name hostName error_msg request_id __typename")
_PROFILE = field_names(
    "userDefineId isFollowing gender showPhotoCollectTab cityName cityCode constellation enableMoment __typename "
    "livingId"
)
_COUNTS = field_names("like photo article_public follow photo_public photo_private collect moment __typename")
_PERSON = field_names("user_name headurl user_text verified user_sex gender user_profile_bg_url eid kwaiId __typename")


def matches(url: str) -> bool:
    """Tell whether this is one of the three calls for one account."""
    if is_call(url, _PAGES, _CALL):
        return True
    host = re.match(r"https?://([^/:?#]+)", url)
    return bool(host and _APP_HOST.fullmatch(host[1].lower())) and is_call(url, _ANY, _APP)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each account on the watch list, with the operator's cookie."""
    headers = cookie(client, SOURCE)
    for account, user_id in named(SOURCE, query.watchlist.accounts_on("kuaishou"), _user_id):
        asked = {"operationName": "visionProfile", "variables": {"userId": user_id}, "query": _QUERY}
        url, body = "https://www.kuaishou.com/graphql", json.dumps(asked).encode()
        yield client.post(SOURCE, url, body, "application/json", chunk=account.id, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one account, in any of the three shapes.

    Raises what `result` means, ShapeChanged without a count.
    """
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    answer = Record(json_body(snapshot), snapshot)
    profile = _profile(answer, snapshot, drift)
    with profile.exhausted(drift, ignore=_PROFILE):
        counts, person = profile.record("ownerCount"), profile.record("profile")
    with counts.exhausted(drift, ignore=_COUNTS), person.exhausted(drift, ignore=_PERSON):
        count = take_count(counts, "fan", snapshot)
        user_id = person.optional_text("user_id") or ""
        shown = str(profile.optional("userDefineId") or "")
        name = shown or person.optional_text("user_name") or ""
        others = (shown,) if shown and user_id else ()
    return Reading((FollowerReading(user_id, name, count, "api", other_ids=others),), tuple(drift))


def _user_id(account: Account) -> str:
    return account.platform_id


def _profile(answer: Record, snapshot: Snapshot, drift: list[Drift]) -> Record:
    """Find the profile: under the older query, in the newer call, or as the app's own object."""
    if "data" in answer:
        data = answer.record("data")
        if "visionProfile" not in data:
            raise NothingThere("other_query", snapshot.at("the answer of another query"))
        answer = data.record("visionProfile")
    if "ownerCount" in answer and "userProfile" not in answer:
        answer.ignore("result")
        return answer
    with answer.exhausted(drift, ignore=_ANSWER):
        result = answer.integer("result")
        if result != 1:
            raise error_of(_CODES, result, snapshot, answer.optional("error_msg"))
        return answer.record("userProfile")
