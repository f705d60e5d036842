"""Followers of an account at Xiaohongshu.

Published by   Xiaohongshu, current, to whoever is logged in; shortened, or not at all, to others
Read from      the page of an account, with the operator's own cookie; saved answers of the call behind it are read too
Know that      the page carries JavaScript, not JSON: `undefined` and `new Set([])` stand in it. Counts are text:
               `16736`, shortened `0.7万`, or `10万+` for that many and more. Which count is which is told by `type`
               alone. The call wants a signature, which is not made here. Status 461 and 471 are captchas.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, quote

from extractors.answers import refuse_block_page, refuse_html, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.reading import Drift, Reading, Record, json_body
from extractors.snapshot import Snapshot
from extractors.social.followers import (
    Codes,
    FollowerReading,
    ask_each,
    cookie,
    error_of,
    field_names,
    is_call,
    split,
    take_count,
)
from extractors.social.page_data import assigned, read_script
from extractors.source import Need, Pace, Query, Source
from extractors.watchlist import Account

SOURCE = Source(
    "xiaohongshu",
    title="Followers of accounts at Xiaohongshu",
    publisher="Xiaohongshu",
    kind="social",
    home_url="https://www.xiaohongshu.com/",
    pace=Pace(seconds=15),
    tables=("core.follower_counts",),
    terms="Not documented; Xiaohongshu's terms forbid collecting by automatic means without its written permission.",
    needs=Need.LOGIN,
    is_on_by_default=False,
    why_off="Xiaohongshu's terms forbid automated collection and its pages want a cookie of your own; "
    "`dragongate import followers` takes counts by hand or from a service that you pay.",
)

_PAGES = frozenset({"www.xiaohongshu.com", "xiaohongshu.com"})
_PAGE = re.compile(r"/user/profile/(?P<id>[0-9A-Za-z_]+)/?")
_CALLS = frozenset({"edith.xiaohongshu.com"})
_CALL = re.compile(r"/api/sns/web/v[0-9]/user/otherinfo")
_STATE = "window.__INITIAL_STATE__"
_CODES: Codes = {
    -100: (Refused, "login"),
    -101: (Refused, "login"),
    -104: (Refused, "forbidden"),
    300011: (Refused, "banned"),
    300012: (Refused, "banned"),
    300013: (Refused, "banned"),
    -9106: (NothingThere, "no_such_account"),
}
_ANSWER = field_names("code success msg")
_DATA = field_names("tags tab_public extra_info result tabPublic extraInfo verifyInfo")
_BASIC = field_names("imageb images nickname gender ip_location desc ipLocation")
_OTHERS = frozenset({"name", "i18nCount"})


def matches(url: str) -> bool:
    """Tell whether this is one account, as a page or by the call."""
    return is_call(url, _PAGES, _PAGE) or is_call(url, _CALLS, _CALL)


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the page of each account on the watch list, with the operator's cookie."""
    headers = cookie(client, SOURCE)
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("xiaohongshu"), _address, headers=headers)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one account.

    Raises what a `code` means, Refused for a page without an account, ShapeChanged without the count of fans.
    """
    if snapshot.status in (461, 471):
        raise Refused("captcha", snapshot.at(f"status {snapshot.status}"))
    refuse_block_page(snapshot)
    require_ok(snapshot)
    drift: list[Drift] = []
    if is_call(snapshot.url, _PAGES, _PAGE):
        data, method = _of_page(snapshot), "page"
    else:
        refuse_html(snapshot)
        data, method = _of_answer(Record(json_body(snapshot), snapshot), snapshot, drift), "api"
    with data.exhausted(drift, ignore=_DATA):
        basic, counts = data.record("basicInfo" if "basicInfo" in data else "basic_info"), data.records("interactions")
    with basic.exhausted(drift, ignore=_BASIC):
        number = basic.optional_text("redId") or basic.optional_text("red_id") or ""
    user_id = _user_id(snapshot.url)
    fans = _fans(counts, snapshot, drift)
    count = take_count(fans, "count", snapshot)
    others = (number,) if number and user_id else ()
    return Reading((FollowerReading(user_id or number, number, count, method, other_ids=others),), tuple(drift))


def _address(account: Account) -> str:
    name = quote(account.platform_id, safe="")
    return f"https://www.xiaohongshu.com/user/profile/{name}" if name else ""


def _user_id(url: str) -> str:
    """Take the account's id from the address that was asked; neither answer repeats it."""
    page = _PAGE.fullmatch(split(url).path)
    return page["id"] if page else parse_qs(split(url).query).get("target_user_id", [""])[0]


def _of_page(snapshot: Snapshot) -> Record:
    state = assigned(snapshot.body, _STATE)
    if state is None:
        raise Refused("login", snapshot.at(f"a page without {_STATE}"))
    user = Record(read_script(state, snapshot, _STATE), snapshot).record("user")
    page = user.optional("userPageData")
    if isinstance(page, dict) and "_rawValue" in page:  # as the page's own framework wraps it
        page = page["_rawValue"]
    if not page or not isinstance(page, dict) or not page.get("interactions"):
        raise Refused("login", snapshot.at("a page without an account, as one who is not logged in gets it"))
    return Record(page, snapshot, "user.userPageData")


def _of_answer(answer: Record, snapshot: Snapshot, drift: list[Drift]) -> Record:
    """Find the account in an answer, or take an object that somebody cut out of one."""
    if "interactions" in answer:
        return answer
    with answer.exhausted(drift, ignore=_ANSWER):
        if answer.optional("success") is False or answer.optional("code") not in (0, None):
            raise error_of(_CODES, answer.integer("code"), snapshot, answer.optional("msg"))
        return answer.record("data")


def _fans(counts: list[Record], snapshot: Snapshot, drift: list[Drift]) -> Record:
    found = None
    for one in counts:
        with one.exhausted(drift, ignore=_OTHERS):
            found = one if one.text("type") == "fans" else found
            one.take("count")
    if found is None:
        raise ShapeChanged("interactions", snapshot.at("no count of the type `fans` among interactions"))
    return found
