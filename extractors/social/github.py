"""Followers of a user or an organisation at GitHub.

Published by   GitHub, exact and current, in its documented REST interface
Read from      `/users/{name}`, which answers for organisations too, and `/orgs/{name}`
Know that      60 questions an hour are free of a key; an unchanged answer (304) costs none. Asking too often is a
               403 more often than a 429, and only its words or `x-ratelimit-remaining` tell it from a refusal.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import FollowerReading, ask_each, field_names, is_call, seconds_until, take_count
from extractors.source import Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "github",
    title="Followers of users and organisations at GitHub",
    publisher="GitHub",
    kind="social",
    home_url="https://docs.github.com/en/rest/users/users",
    pace=Pace(seconds=1),
    tables=("core.follower_counts",),
    terms="A documented interface, open to programs within its rate limits.",
    terms_url="https://docs.github.com/en/site-policy/github-terms/github-terms-of-service",
    honours_robots=False,  # documented for programs; robots.txt of the host speaks to crawlers of pages
)

_HOSTS = frozenset({"api.github.com"})
_PATH = re.compile(r"/(users|orgs)/[^/]+/?")
_TOO_OFTEN = re.compile(rb"rate limit|abuse detection", re.IGNORECASE)
_KNOWN = field_names(
    # of everyone
    "node_id avatar_url url html_url repos_url events_url type name company blog location email twitter_username "
    "public_repos public_gists following created_at updated_at "
    # of a user
    "user_view_type gravatar_id followers_url following_url gists_url starred_url subscriptions_url organizations_url "
    "received_events_url site_admin hireable bio notification_email suspended_at "
    # of an organisation
    "hooks_url issues_url members_url public_members_url description is_verified has_organization_projects "
    "has_repository_projects archived_at "
    # of one's own user or organisation
    "plan private_gists total_private_repos owned_private_repos disk_usage collaborators two_factor_authentication "
    "ldap_dn business_plus billing_email default_repository_permission default_repository_branch "
    "two_factor_requirement_enabled members_allowed_repository_creation_type members_can_create_repositories "
    "members_can_create_public_repositories members_can_create_private_repositories "
    "members_can_create_internal_repositories members_can_create_pages members_can_create_public_pages "
    "members_can_create_private_pages members_can_fork_private_repositories members_can_delete_repositories "
    "members_can_change_repo_visibility members_can_invite_outside_collaborators members_can_delete_issues "
    "members_can_create_teams members_can_view_dependency_insights readers_can_create_discussions "
    "display_commenter_full_name_setting_enabled web_commit_signoff_required deploy_keys_enabled_for_repositories "
    "advanced_security_enabled_for_new_repositories dependabot_alerts_enabled_for_new_repositories "
    "dependabot_security_updates_enabled_for_new_repositories dependency_graph_enabled_for_new_repositories "
    "secret_scanning_enabled_for_new_repositories secret_scanning_push_protection_enabled_for_new_repositories "
    "secret_scanning_push_protection_custom_link_enabled secret_scanning_push_protection_custom_link"
)


def matches(url: str) -> bool:
    """Tell whether this is the profile of one user or organisation, and not one of the lists below it."""
    return is_call(url, _HOSTS, _PATH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the profile of each account on the watch list."""
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("github"), _address)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one profile.

    Raises RateLimited for a 403 or 429 that says so, NothingThere for an unknown name, ShapeChanged without a count.
    """
    _stop_when_too_often(snapshot)
    if snapshot.status == 404:
        raise NothingThere("no_such_account", snapshot.at("status 404"))
    require_ok(snapshot)
    refuse_html(snapshot)
    drift: list[Drift] = []
    profile = Record(json_body(snapshot), snapshot)
    with profile.exhausted(drift, ignore=_KNOWN):
        reading = FollowerReading(
            str(profile.integer("id")), profile.text("login"), take_count(profile, "followers", snapshot), "api"
        )
    return Reading((reading,), tuple(drift))


def _address(account: Account) -> str:
    return f"https://api.github.com/users/{quote(account.handle, safe='')}"


def _stop_when_too_often(snapshot: Snapshot) -> None:
    if snapshot.status not in (403, 429):
        return
    is_spent = snapshot.headers.get("x-ratelimit-remaining", "").strip() == "0"
    if is_spent or snapshot.status == 429 or _TOO_OFTEN.search(snapshot.body):
        message = snapshot.at(f"status {snapshot.status}")
        raise RateLimited("too_many_requests", message, after_seconds=seconds_until(snapshot, "x-ratelimit-reset"))
