"""Followers of a business account at Instagram, from Meta's documented interface.

Published by   Meta, exact and current, to whoever has a business account of their own there
Read from      `business_discovery` of the Graph API: what one business account may see of another
Know that      the operator's secret is the number of the own account and its token, with a colon between them.
               Accounts of private people cannot be seen.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.facebook import HOSTS, asked_fields
from extractors.social.followers import FollowerReading, ask_each, field_names, is_call, take_count
from extractors.social.graph_errors import stop_at_error
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "instagram_graph",
    title="Followers of business accounts at Instagram",
    publisher="Meta",
    kind="social",
    home_url="https://developers.facebook.com/docs/instagram-platform/reference/business-discovery/",
    pace=Pace(seconds=2),
    tables=("core.follower_counts",),
    terms="A documented interface, by Meta's Platform Terms, for holders of a business account.",
    needs=Need.KEY,
    is_on_by_default=False,
    why_off="The interface answers only for a business account of your own: give its number and its access token as "
    "NUMBER:TOKEN.",
    honours_robots=False,  # documented for programs
)

_PATH = re.compile(r"/(?:v[0-9]+\.[0-9]+/)?[A-Za-z0-9._-]+/?")
_NAME = re.compile(r"[A-Za-z0-9_.]{1,30}")
_ANSWER = frozenset({"id"})
_KNOWN = field_names("biography name profile_picture_url website media_count follows_count media ig_id")
_VERSION = "v21.0"


def matches(url: str) -> bool:
    """Tell whether this is what one business account sees of another."""
    return is_call(url, HOSTS, _PATH) and "business_discovery" in asked_fields(url)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for each account on the watch list."""
    own, _, token = client.secret(SOURCE).partition(":")
    headers = {"Authorization": f"Bearer {token}"} if token else None

    def address(account: Account) -> str:
        name = account.handle.removeprefix("@")
        fields = f"business_discovery.username({name}){{username,id,followers_count}}"
        asked = f"https://graph.facebook.com/{_VERSION}/{quote(own or 'me')}?fields={quote(fields, safe='(),.')}"
        return asked if _NAME.fullmatch(name) else ""

    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("instagram"), address, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one account.

    Raises what `error` means, ShapeChanged without a count.
    """
    stop_at_error(snapshot)
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    answer = Record(json_body(snapshot), snapshot)
    with answer.exhausted(drift, ignore=_ANSWER):
        found = answer.record("business_discovery")
    with found.exhausted(drift, ignore=_KNOWN):
        count = take_count(found, "followers_count", snapshot)
        reading = FollowerReading(found.text("id"), found.optional_text("username") or "", count, "api")
    return Reading((reading,), tuple(drift))
