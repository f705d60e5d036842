"""Followers of an account at TikTok.

Published by   TikTok, current, on the page of the account
Read from      the data that the page carries for its own scripts
Know that      of a large account `stats` has a number shortened to what the page shows (4,000,000 for 4.0M);
               `statsV2` has the same as text, and often the whole number. Where both agree on a round number nobody
               can tell whether it was shortened, so that it counts as rounded. An unknown, banned or private account
               is status 200 with a `statusCode`; a captcha is a page without the data.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from extractors.answers import refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, Unavailable
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.count_text import CountText, shortened
from extractors.social.followers import Codes, FollowerReading, ask_each, error_of, field_names, is_call, take_count
from extractors.social.page_data import script_with_id
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "tiktok",
    title="Followers of accounts at TikTok",
    publisher="TikTok",
    kind="social",
    home_url="https://www.tiktok.com/",
    pace=Pace(seconds=10),
    tables=("core.follower_counts",),
    terms="Shown to everyone, but TikTok's terms forbid collecting by automatic means without its written permission.",
    needs=Need.PERMISSION,
    is_on_by_default=False,
    why_off="TikTok's terms forbid automated collection without written permission; turn it on once you have it, or "
    "bring counts in with `dragongate import followers`.",
)

_HOSTS = frozenset({"www.tiktok.com", "tiktok.com", "m.tiktok.com"})
_PATH = re.compile(r"/@[A-Za-z0-9_.]{1,24}/?")
_DATA = "__UNIVERSAL_DATA_FOR_REHYDRATION__"
_CODES: Codes = {
    10202: (NothingThere, "no_such_account"),
    10221: (NothingThere, "suspended"),
    10222: (NothingThere, "private"),
    10000: (Refused, "captcha"),
    10101: (Unavailable, "server_error"),
}
_FEW = 10_000
"""Below it a page shows every digit."""
_DETAIL = field_names("statusCode statusMsg shareMeta needFix itemList userInfo")
_USER = field_names(
    "shortId nickname avatarLarger avatarMedium avatarThumb signature createTime verified ftc relation openFavorite "
    "bioLink commentSetting commerceUserInfo duetSetting stitchSetting privateAccount secret isADVirtual roomId "
    "uniqueIdModifyTime ttSeller downloadSetting profileTab followingVisibility recommendReason nowInvitationCardUrl "
    "nickNameModifyTime isEmbedBanned canExpPlaylist profileEmbedPermission language eventList suggestAccountBind "
    "isOrganization UserStoryStatus region extraInfo"
)
_STATS = field_names("followingCount heart heartCount videoCount diggCount friendCount")


def matches(url: str) -> bool:
    """Tell whether this is the page of one account."""
    return is_call(url, _HOSTS, _PATH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the page of each account on the watch list."""
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("tiktok"), _address)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one page, or the data that somebody took out of it.

    Raises what `statusCode` means, Refused for a page without data, ShapeChanged without a count.
    """
    refuse_block_page(snapshot)
    require_ok(snapshot)
    drift: list[Drift] = []
    detail = _scope(snapshot).record("webapp.user-detail")
    code = detail.integer("statusCode") if detail.optional("statusCode") is not None else 0
    if code:
        raise error_of(_CODES, code, snapshot, detail.optional("statusMsg"))
    with detail.exhausted(drift, ignore=_DETAIL):
        reading = _reading(detail.record("userInfo"), snapshot, drift)
    return Reading((reading,), tuple(drift))


def _address(account: Account) -> str:
    handle = account.handle.removeprefix("@")
    return f"https://www.tiktok.com/@{quote(handle)}" if _PATH.fullmatch(f"/@{handle}") else ""


def _scope(snapshot: Snapshot) -> Record:
    body = snapshot.body
    if not body.lstrip().startswith(b"{"):
        found = script_with_id(body, _DATA)
        if found is None:
            raise Refused("block_page", snapshot.at(f"a page without {_DATA}"))
        body = found
    return Record(json_body(replace(snapshot, body=body)), snapshot).record("__DEFAULT_SCOPE__")


def _reading(info: Record, snapshot: Snapshot, drift: list[Drift]) -> FollowerReading:
    with info.exhausted(drift, ignore=frozenset({"itemList"})):
        user, stats = info.record("user"), info.record("stats")
        whole = info.record("statsV2") if info.optional("statsV2") is not None else None
    with user.exhausted(drift, ignore=_USER), stats.exhausted(drift, ignore=_STATS):
        shown = take_count(stats, "followerCount", snapshot)
        exact = take_count(whole, "followerCount", snapshot) if whole else shown
        handle, secret_id = user.text("uniqueId"), user.optional_text("secUid")
        others = (secret_id,) if secret_id else ()
        return FollowerReading(user.text("id"), handle, _count(shown, exact), "page", other_ids=others)


def _count(shown: CountText, whole: CountText) -> CountText:
    """Take the whole number; where it is as round as the page shows it, it may have been shortened."""
    step = 1 if whole.value < _FEW else 100 if whole.value < 1_000_000 else 100_000
    if whole.value != shown.value or whole.value % step:
        return whole
    return shortened(whole.value, step, whole.text)
