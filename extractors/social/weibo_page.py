"""The plain HTML pages of weibo.cn, as one who is logged in sees them.

The profile page states the exact count as the text of a link to `/{uid}/fans`; the page of personal details
(`…的资料`) has none. The posts below it are other people's words, so nothing is looked for in them but that link.
"""

import re
from typing import TYPE_CHECKING

from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.social.count_text import NotACount, read_count
from extractors.social.followers import FollowerReading

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*(?:>|$)")
"""The pages are XHTML and not always well-formed, so they are read as HTML."""
_FANS_ADDRESS = re.compile(r"/(?P<uid>[0-9]+)/fans\b")
_FANS_TEXT = re.compile(r"^\s*粉丝\[(?P<count>[^\]]+)\]")
_TITLE = re.compile(r"(?P<name>.*?)(?P<kind>的微博|的资料)?", re.DOTALL)
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
    from bs4 import BeautifulSoup  # takes a tenth of a second, which only a run that has such pages should pay

    page = snapshot.body.decode("utf-8", errors="replace")
    soup = BeautifulSoup(_DECLARATION.sub("", page), "lxml")
    title = _TITLE.fullmatch(soup.title.get_text(strip=True) if soup.title else "")
    uid, shown = _fans(soup)
    if not shown:
        raise _without_count(page, title["kind"] if title else None, snapshot)
    try:
        count = read_count(shown)
    except NotACount as error:
        raise ShapeChanged("粉丝", snapshot.at(f"粉丝: {error}")) from error
    return Reading((FollowerReading(uid, title["name"].strip() if title else "", count, "page"),))


def _fans(soup: "BeautifulSoup") -> tuple[str, str]:
    """Find whose page it is and the count as shown; empty texts where no link states one."""
    for link in soup.find_all("a", href=_FANS_ADDRESS):
        address, shown = _FANS_ADDRESS.search(str(link["href"])), _FANS_TEXT.match(link.get_text())
        if address and shown:
            return address["uid"], shown["count"]
    return "", ""


def _without_count(page: str, kind: str | None, snapshot: Snapshot) -> NothingThere | Refused | ShapeChanged:
    if kind == "的资料":
        return NothingThere("no_count", snapshot.at("the page of personal details states no count"))
    if _NO_SUCH.search(page):
        return NothingThere("no_such_account", snapshot.at("the page says so"))
    if _LOGIN.search(page):
        return Refused("login", snapshot.at("a page that wants a login"))
    return ShapeChanged("粉丝", snapshot.at("粉丝 is missing"))
