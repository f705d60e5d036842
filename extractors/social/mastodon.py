"""Followers of an account in the network of Mastodon servers.

Published by   the account's own server, exact and current, in the documented interface of the software
Read from      `/api/v1/accounts/lookup?acct={user}` at the server in the handle `user@server`
Know that      any other server knows only the followers that it has heard of, and shows such an account with
               `user@server` in `acct`: its count is partial and never stands for the account. Ids are those of
               one server. A server may ask for a login (401, or 422 in newer versions); a suspended account
               counts 0 and says `suspended`; some servers send -1 where the owner hides the count.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import FollowerReading, ask_each, field_names, is_call, split, take_count
from extractors.source import Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "mastodon",
    title="Followers of accounts on Mastodon servers",
    publisher="the server of each account",
    kind="social",
    home_url="https://docs.joinmastodon.org/methods/accounts/",
    pace=Pace(seconds=2),
    tables=("core.follower_counts",),
    terms="A documented interface for programs; each server sets its own limits, 300 requests in 5 minutes as a rule.",
    honours_robots=False,  # documented for programs; a server that does not want them answers with 401
)

_ANY_HOST: frozenset[str] = frozenset()
_PATH = re.compile(r"/api/v1/accounts/(lookup|[0-9]{1,20}|[0-9A-Za-z]{18,26})/?")
_LOGIN = re.compile(rb"authenticated user|access token|login", re.IGNORECASE)
_KNOWN = field_names(
    "username display_name locked bot discoverable indexable noindex group created_at note url uri avatar "
    "avatar_static avatar_description header header_static header_description following_count statuses_count "
    "last_status_at hide_collections show_media show_media_replies show_featured feature_approval emojis roles role "
    "fields limited memorial moved mute_expires_at source"
)


def matches(url: str) -> bool:
    """Tell whether this is one account at a Mastodon server, whichever that is."""
    return is_call(url, _ANY_HOST, _PATH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask the home server of each account on the watch list."""
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("mastodon"), _address)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one account as the server that was asked knows it.

    Raises NothingThere where it has none, or one that is suspended or hides its count, Refused where it wants a
    login, ShapeChanged without a count.
    """
    _require_account(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    account = Record(json_body(snapshot), snapshot)
    with account.exhausted(drift, ignore=_KNOWN):
        reading = _reading(account, snapshot)
    return Reading((reading,), tuple(drift))


def _address(account: Account) -> str:
    user, _, server = account.handle.removeprefix("@").rpartition("@")
    return f"https://{server}/api/v1/accounts/lookup?acct={quote(user)}" if user else ""


def _require_account(snapshot: Snapshot) -> None:
    if snapshot.status == 404 and b"not found" in snapshot.body.lower():
        raise NothingThere("no_such_account", snapshot.at("status 404"))
    if snapshot.status in (403, 422) and _LOGIN.search(snapshot.body):
        raise Refused("login", snapshot.at(f"status {snapshot.status}"))
    require_ok(snapshot)


def _reading(account: Record, snapshot: Snapshot) -> FollowerReading:
    if account.optional("suspended"):
        raise NothingThere("suspended", snapshot.at("suspended"))
    if account.take("followers_count") == -1:
        raise NothingThere("hidden", snapshot.at("followers_count is -1"))
    server = split(snapshot.url).netloc.rpartition("@")[2].lower()
    user, _, home = account.text("acct").partition("@")
    return FollowerReading(
        platform_id=f"{account.text('id')}@{server}",
        handle=f"{user}@{home or server}",
        followers=take_count(account, "followers_count", snapshot),
        method="api",
        is_partial=home.lower() not in ("", server),
    )
