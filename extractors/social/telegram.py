"""Followers of a channel or a group at Telegram.

Published by   Telegram, current, to everyone
Read from      the landing page `t.me/{name}`, which states the exact number; previews `t.me/s/{name}`, which
               shorten it, are read too
Know that      thousands stand apart by a space, as `25 015 subscribers`. A channel has subscribers and a group has
               members. In a preview the counters stand in any order, photos first as well as last, so that only the
               word beside a number says what it counts. An unknown name gives a page with status 200 and no number;
               the page of a person or a bot has another text in that place.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from extractors.answers import refuse_block_page, require_ok
from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Refused, ShapeChanged
from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.social.count_text import NotACount, read_count
from extractors.social.followers import FollowerReading, ask_each, field_names, is_call, split
from extractors.source import Pace, Query, Source
from extractors.watchlist import Account

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

SOURCE = Source(
    "telegram",
    title="Subscribers of Telegram channels and members of groups",
    publisher="Telegram",
    kind="social",
    home_url="https://t.me/",
    pace=Pace(seconds=3),
    tables=("core.follower_counts",),
    terms="Public pages, shown to everyone without a login; robots.txt decides.",
)

_HOSTS = frozenset({"t.me", "www.t.me", "telegram.me"})
_PATH = re.compile(r"/(?:s/)?(?P<name>[A-Za-z][A-Za-z0-9_]{3,31})/?")
_NOT_NAMES = field_names(
    "joinchat addstickers addemoji addtheme addlist share proxy socks setlanguage login confirmphone msg invoice "
    "giftcode"
)
_METRICS = {"subscriber": "subscribers", "subscribers": "subscribers", "member": "members", "members": "members"}
_EXTRA = re.compile(r"(?P<count>[0-9][0-9 .,]*[KMB]?) (?P<word>[a-z]+)\b.*", re.DOTALL)


def matches(url: str) -> bool:
    """Tell whether this is the page of one name, and not an invitation, a post or a tool."""
    return is_call(url, _HOSTS, _PATH) and _name(url).lower() not in _NOT_NAMES


def fetch(client: Client, query: Query) -> Iterator[Fetched]:
    """Ask for the landing page of each channel on the watch list."""
    yield from ask_each(client, SOURCE, query.watchlist.accounts_on("telegram"), _address)


def parse(snapshot: Snapshot) -> Reading[FollowerReading]:
    """Read one page.

    Raises NothingThere for an unknown name, a person or a bot, Refused for a page that is not Telegram's,
    ShapeChanged where a number is none or a preview has no counter of people.
    """
    from bs4 import BeautifulSoup  # takes a tenth of a second, which only a run that has such pages should pay

    refuse_block_page(snapshot)
    require_ok(snapshot)
    if b"tgme_" not in snapshot.body:
        raise Refused("block_page", snapshot.at("a page without anything of Telegram's"))
    soup = BeautifulSoup(snapshot.body, "lxml")
    count, word = _in_preview(soup, snapshot) or _on_landing_page(soup, snapshot)
    try:
        followers = read_count(count)
    except NotACount as error:
        raise ShapeChanged(word, snapshot.at(f"{word}: {error}")) from error
    return Reading((FollowerReading("", _name(snapshot.url), followers, "page", metric=_METRICS[word]),))


def _address(account: Account) -> str:
    name = account.handle.removeprefix("@")
    return f"https://t.me/{quote(name)}" if _PATH.fullmatch(f"/{name}") else ""


def _name(url: str) -> str:
    found = _PATH.fullmatch(split(url).path)
    return found["name"] if found else ""


def _in_preview(soup: "BeautifulSoup", snapshot: Snapshot) -> tuple[str, str] | None:
    """Find the counter of people among those of a preview; None where the page is none.

    Raises ShapeChanged for a preview without one.
    """
    counters = soup.select(".tgme_channel_info_counter")
    for counter in counters:
        value, kind = counter.select_one(".counter_value"), counter.select_one(".counter_type")
        word = _plain(kind.get_text()).lower() if kind else ""
        if value and word in _METRICS:
            return _plain(value.get_text()), word
    if counters or soup.select_one(".tgme_channel_info"):
        raise ShapeChanged("counter_type", snapshot.at("no counter of subscribers or members"))
    return None


def _on_landing_page(soup: "BeautifulSoup", snapshot: Snapshot) -> tuple[str, str]:
    extra = soup.select_one(".tgme_page_extra")
    if not extra:
        raise NothingThere("no_such_account", snapshot.at("a page without a number: nobody has this name"))
    text = _plain(extra.get_text())
    found = _EXTRA.fullmatch(text)
    if found and found["word"] in _METRICS:
        return found["count"], found["word"]
    if re.search("subscriber|member", text):
        raise ShapeChanged("tgme_page_extra", snapshot.at(f"no number in {text!r}"))
    raise NothingThere("no_count", snapshot.at(f"the page of a person or a bot says {text!r}"))


def _plain(text: str) -> str:
    """Make every kind of space a plain one."""
    return " ".join(text.split())
