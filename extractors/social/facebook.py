"""Followers and likes of a page at Facebook, from Meta's documented interface.

Published by   Meta, exact and current, to applications that it has reviewed
Read from      the Graph API, one page with `fan_count` and `followers_count`
Know that      they are two counts: those who like a page, and those who follow it. Older answers have the likes
               alone. Pages themselves are behind a login and are not read.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import ShapeChanged
from extractors.reading import Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import FollowerReading, ask_each, bearer, is_call, split, take_count
from extractors.social.graph_errors import stop_at_error
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "facebook",
    title="Followers and likes of Facebook pages",
    publisher="Meta",
    kind="social",
    home_url="https://developers.facebook.com/docs/graph-api/reference/page/",
    pace=Pace(seconds=2),
    tables=("core.follower_counts",),
    terms="A documented interface, by Meta's Platform Terms, for applications with Page Public Content Access.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="The interface answers only with the access token of an application of yours that Meta has reviewed for "
    "Page Public Content Access; pages themselves are behind a login.",
    honours_robots=False,  # documented for programs
)

HOSTS = frozenset({"graph.facebook.com"})
_PATH = re.compile(r"/(?:v[0-9]+\.[0-9]+/)?[A-Za-z0-9._-]+/?")
_FIELDS = re.compile(r"\b(?:fan_count|followers_count)\b")
_METRICS = {"followers_count": "followers", "fan_count": "page_likes"}
_VERSION = "v21.0"


def matches(url: str) -> bool:
    """Tell whether this is a page with one of its two counts; Instagram's accounts have the same host."""
    fields = asked_fields(url)
    return is_call(url, HOSTS, _PATH) and bool(_FIELDS.search(fields)) and "business_discovery" not in fields


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each page on the watch list."""
    headers = bearer(client, SOURCE)
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("facebook"), _address, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one page.

    Raises what `error` means, ShapeChanged where neither count is there. Fields are those that were asked for, so
    that none of them is news.
    """
    stop_at_error(snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    page = Record(json_body(snapshot), snapshot)
    page_id, handle = page.text("id"), page.optional_text("username") or ""
    counts = {metric: take_count(page, name, snapshot) for name, metric in _METRICS.items() if name in page}
    if not counts:
        raise ShapeChanged("followers_count", snapshot.at("neither followers_count nor fan_count is there"))
    return Reading(
        tuple(FollowerReading(page_id, handle, count, "api", metric=metric) for metric, count in counts.items())
    )


def asked_fields(url: str) -> str:
    """Give the fields that an address asks for."""
    return ",".join(parse_qs(split(url).query).get("fields", []))


def _address(account: Account) -> str:
    name = quote(account.platform_id or account.handle, safe="")
    return f"https://graph.facebook.com/{_VERSION}/{name}?fields=id,username,fan_count,followers_count"
