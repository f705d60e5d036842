"""The plain HTML pages of weibo.cn, as one who is logged in sees them.

The profile page states the exact count as the text of a link to `/{uid}/fans`; the page of personal details
(`…的资料`) has none. The posts below it are other people's words, so nothing is looked for in them but that link.
"""

import html
import re

from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.social.count_text import NotACount, read_count
from extractors.social.followers import FollowerReading

_FANS = re.compile(r'<a\s[^>]*href="[^"]*/(?P<uid>[0-9]+)/fans\b[^"]*"[^>]*>\s*粉丝\[(?P<count>[^\]<]+)\]')
_TITLE = re.compile(r"<title>\s*(?P<name>.*?)(?P<kind>的微博|的资料)?\s*</title>", re.DOTALL | re.IGNORECASE)
_LOGIN = re.compile(
    r"sina visitor system|passport\.(weibo|sina)\.[a-z]+/(visitor|sso/signin|signin)|>\s*登录(\s|<)|新浪通行证",
    re.IGNORECASE,
)
_NO_SUCH = re.compile(r"用户不存在|User does not exists?|账号不存在")


def read(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one page.

    Raises Refused for a page that wants a login, NothingThere for an unknown account and for the page of
    personal details, ShapeChanged for any other page without a count.
    """
    page = snapshot.body.decode("utf-8", errors="replace")
    title = _TITLE.search(page)
    fans = _FANS.search(page)
    if not fans:
        raise _without_count(page, title["kind"] if title else None, snapshot)
    try:
        count = read_count(fans["count"])
    except NotACount as error:
        raise ShapeChanged("粉丝", snapshot.at(f"粉丝: {error}")) from error
    name = html.unescape(title["name"]).strip() if title else ""
    return Reading((FollowerReading(fans["uid"], name, count, "page"),))


def _without_count(page: str, kind: str | None, snapshot: Snapshot) -> NothingThere | Refused | ShapeChanged:
    if kind == "的资料":
        return NothingThere("no_count", snapshot.at("the page of personal details states no count"))
    if _NO_SUCH.search(page):
        return NothingThere("no_such_account", snapshot.at("the page says so"))
    if _LOGIN.search(page):
        return Refused("login", snapshot.at("a page that wants a login"))
    return ShapeChanged("粉丝", snapshot.at("粉丝 is missing"))
