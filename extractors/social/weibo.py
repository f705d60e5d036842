"""Followers of a Weibo account.

Published by   Weibo (Sina), to whoever is logged in
Read from      the call behind the desktop profile, with the operator's own cookie; saved answers of the mobile
               call and of the plain pages are read too
Know that      the desktop call sends the exact number and a shortened text beside it; the mobile call often sends
               only the text, as `2275.6万`. A logged-out visitor gets `ok: -100`, a status 432 or 418, or the page
               "Sina Visitor System" with status 200: none of them means that the account is gone. Good answers are
               full of the words `verified` and `passport`, so that neither word says anything. A cookie may last
               minutes.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, quote

from extractors.answers import refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, RateLimited, Refused, SourceError, Unavailable
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social import weibo_page
from extractors.social.count_text import CountText, Qualifier
from extractors.social.followers import FollowerReading, ask_each, cookie, field_names, is_call, split, take_count
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "weibo",
    title="Followers of Weibo accounts",
    publisher="Weibo (Sina)",
    kind="social",
    home_url="https://weibo.com/",
    pace=Pace(seconds=5),
    tables=("core.follower_counts",),
    terms="For people with an account; not documented for programs.",
    needs=Need.LOGIN,
    is_on_by_default=False,
    why_off="Weibo shows follower counts to those who are logged in: give the cookie of your own account, and expect "
    "to renew it often.",
)

_DESKTOP = frozenset({"weibo.com", "www.weibo.com"})
_DESKTOP_PATH = re.compile(r"/ajax/profile/info")
_MOBILE = frozenset({"m.weibo.cn"})
_MOBILE_PATH = re.compile(r"/api/container/getIndex")
_PROFILE_CONTAINER = "100505"
_PAGES = frozenset({"weibo.cn", "www.weibo.cn"})
_PAGES_PATH = re.compile(r"/(u/)?[0-9]+(/(profile|info))?/?")

_LOGIN_ADDRESS = re.compile(r"passport\.|/visitor/|login|/signup/|/signin/", re.IGNORECASE)
_LOGIN_PAGE = re.compile(rb"sina visitor system|passport\.(weibo|sina)\.|/newlogin|/login\.php|/signin/", re.IGNORECASE)
_TOO_OFTEN = re.compile("频繁")
_NO_SUCH = re.compile(r"20003|用户不存在")
_ANSWER = frozenset({"msg", "message", "http_code"})
_DATA = field_names(
    # of the desktop call
    "tabList blockText blockType "
    # of the mobile call
    "avatar_guide isStarStyle fans_scheme follow_scheme tabsInfo profile_ext scheme showAppTips isVideoCoverStyle"
)
_USER = field_names(
    # of both
    "profile_image_url profile_url verified verified_type verified_type_ext verified_reason description gender "
    "statuses_count follow_me following mbrank mbtype svip vvip special_follow avatar_hd cover_image_phone badge "
    "followers_count_str "
    # of the desktop call
    "idstr pc_new domain weihao v_plus planet_video user_ability location friends_count friends_count_str url "
    "icon_list top_user user_type is_star is_muteuser isOwner avatar_large fansIcon status_total_counter content1 "
    "content2 "
    # of the mobile call
    "close_blue_v urank follow_count like like_me toolbar_menus"
)


def matches(url: str) -> bool:
    """Tell whether this is the profile of one account, in one of the three places that show it."""
    if is_call(url, _MOBILE, _MOBILE_PATH):
        asked = parse_qs(split(url).query)
        container = asked.get("containerid", [""])[0]
        return container.startswith(_PROFILE_CONTAINER) if container else asked.get("type") == ["uid"]
    return is_call(url, _DESKTOP, _DESKTOP_PATH) or is_call(url, _PAGES, _PAGES_PATH)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the profile of each account on the watch list, with the operator's cookie."""
    headers = cookie(client, SOURCE)
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("weibo"), _address, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one profile, from JSON or from a plain page.

    Raises Refused for every sign that a login is wanted, NothingThere for an unknown account, ShapeChanged
    without a count.
    """
    _refuse_redirect_to_login(snapshot)
    require_ok(snapshot)
    if split(snapshot.url).hostname in _PAGES:
        return weibo_page.read(snapshot)
    if snapshot.body.lstrip()[:1] == b"<" and _LOGIN_PAGE.search(snapshot.body):
        raise Refused("login", snapshot.at("a page for visitors in place of data"))
    refuse_html(snapshot)
    return _read_json(snapshot)


def _address(account: Account) -> str:
    if account.platform_id:
        return f"https://weibo.com/ajax/profile/info?uid={quote(account.platform_id, safe='')}"
    return f"https://weibo.com/ajax/profile/info?screen_name={quote(account.handle, safe='')}"


def _refuse_redirect_to_login(snapshot: Snapshot) -> None:
    target = snapshot.headers.get("location", "")
    if 300 <= snapshot.status < 400 and _LOGIN_ADDRESS.search(target):
        raise Refused("login", snapshot.at(f"status {snapshot.status} to {target}"))


def _read_json(snapshot: Snapshot) -> Reading[FollowerReading]:
    drift: list[Drift] = []
    answer = Record(json_body(snapshot), snapshot)
    with answer.exhausted(drift, ignore=_ANSWER):
        if answer.integer("ok") != 1:
            raise _refusal(answer, snapshot)
        data = answer.record("data")
    with data.exhausted(drift, ignore=_DATA):
        is_mobile = "userInfo" in data
        user = data.record("userInfo" if is_mobile else "user")
    with user.exhausted(drift, ignore=_USER):
        reading = FollowerReading(
            platform_id=str(user.integer("id")),
            handle=user.text("screen_name"),
            followers=_followers(user, snapshot),
            method="api" if is_mobile else "cookie",
        )
    return Reading((reading,), tuple(drift))


def _followers(user: Record, snapshot: Snapshot) -> CountText:
    """Take the exact number and keep the text beside it; where only texts were sent, the more exact of them."""
    count = take_count(user, "followers_count", snapshot)
    shown = user.optional_text("followers_count_str")
    if count.qualifier is Qualifier.EXACT:
        return replace(count, text=shown or count.text)
    other = take_count(user, "followers_count_str", snapshot) if shown else count
    return other if other.qualifier is Qualifier.EXACT else count


def _refusal(answer: Record, snapshot: Snapshot) -> SourceError:
    """Say what an answer with another `ok` than 1 means; an empty one without words means nothing."""
    code = answer.integer("ok")
    words = " ".join(str(answer.optional(name) or "") for name in ("msg", "message", "errno", "error_code"))
    message = snapshot.at(f"ok {code}: {words.strip()}")
    if code == -100 or "login" in str(answer.optional("url") or ""):
        return Refused("login", message)
    if _NO_SUCH.search(words):
        return NothingThere("no_such_account", message)
    if _TOO_OFTEN.search(words):
        return RateLimited("too_many_requests", message)
    if code == 0:
        return Unavailable("empty_answer", message)
    return Refused(f"ok_{code}", message)
