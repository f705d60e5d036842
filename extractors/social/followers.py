"""What every source of follower counts has in common: the record, the asking, the address of a call."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from extractors.answers import retry_after
from extractors.client import Client, Fetched
from extractors.errors import Refused, ShapeChanged, SourceError
from extractors.reading import Record
from extractors.snapshot import Snapshot
from extractors.social.count_text import CountText, NotACount, count_of
from extractors.source import Source
from extractors.watchlist import Account

METRICS = ("followers", "subscribers", "members", "page_likes", "followers_all_apps", "followers_peak")
"""Counts of people that platforms state, each defined once in `core.metrics`."""


@dataclass(frozen=True, slots=True)
class FollowerReading:
    """How many follow one account, as one answer says."""

    platform_id: str
    """The platform's stable id of the account."""
    handle: str
    """The name in the address, or the shown name where the platform has no other; empty where none was sent."""
    followers: CountText
    method: str
    """api, cookie or page."""
    is_partial: bool = False
    """Counted by a server that knows only some of the followers."""
    metric: str = "followers"
    """Which count it is, from `core.metrics`: followers, subscribers, members, …"""
    other_ids: tuple[str, ...] = ()
    """Further stable ids of the same account: some platforms have one for addresses and one for machines."""


def field_names(text: str) -> frozenset[str]:
    """List field names that stand in a text with spaces between them."""
    return frozenset(text.split())


def take_count(record: Record, name: str, snapshot: Snapshot) -> CountText:
    """Take a mandatory count, sent as a number or as text.

    Raises ShapeChanged, naming the field, when it is missing or not a count.
    """
    try:
        return count_of(record.take(name))
    except NotACount as error:
        raise ShapeChanged(name, snapshot.at(f"{name}: {error}")) from error


Codes = Mapping[int | str, tuple[type[SourceError], str]]
"""What the codes of one platform mean: which error, and its reason in a word."""


def error_of(codes: Codes, code: int | str, snapshot: Snapshot, words: object = "") -> SourceError:
    """Make the error that a code stands for; one that is not listed is a refusal, which never passes for no data."""
    kind, reason = codes.get(code, (Refused, f"code_{code}"))
    return kind(reason, snapshot.at(f"code {code}: {words or 'without words'}"))


def seconds_until(snapshot: Snapshot, header: str) -> float | None:
    """Read from `Retry-After`, or from a header with a time in Unix seconds, how long to wait after this answer."""
    told = retry_after(snapshot)
    reset = snapshot.headers.get(header, "").strip()
    if told is not None or not reset.isdecimal():
        return told
    return max(0.0, int(reset) - snapshot.fetched_at.timestamp())


def bearer(client: Client, source: Source) -> Mapping[str, str] | None:
    """Give the header that carries the operator's token; none in a replay, which needs none."""
    token = client.secret(source)
    return {"Authorization": f"Bearer {token}"} if token else None


def cookie(client: Client, source: Source) -> Mapping[str, str] | None:
    """Give the header that carries the operator's own cookie; none in a replay, which needs none."""
    value = client.secret(source)
    return {"Cookie": value} if value else None


def ask_each(
    client: Client,
    source: Source,
    accounts: Iterable[Account],
    address: Callable[[Account], str],
    *,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Fetched]:
    """Ask for one account after another; `address` gives an empty text where it cannot name one.

    Raises ShapeChanged, after the others were asked, for accounts that the watch list does not describe well enough.
    """
    for account, url in named(source, accounts, address):
        yield client.get(source, url, chunk=account.id, headers=headers)


def named(
    source: Source, accounts: Iterable[Account], address: Callable[[Account], str]
) -> Iterator[tuple[Account, str]]:
    """Pair each account with what names it at the source.

    Raises ShapeChanged, after the others were given, for accounts that the watch list does not describe well enough.
    """
    unnamed = []
    for account in accounts:
        name = address(account)
        if name:
            yield account, name
        else:
            unnamed.append(account.id)
    if unnamed:
        raise ShapeChanged("account", f"{source.id}: the watch list gives no usable id for {', '.join(unnamed)}")


def is_call(url: str, hosts: frozenset[str], path: re.Pattern[str]) -> bool:
    """Tell whether a URL is one of `hosts` (any host where empty) with a whole path like `path`."""
    parts = split(url)
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and (not hosts or parts.hostname in hosts)
        and bool(path.fullmatch(parts.path))
    )


def split(url: str) -> SplitResult:
    """Take an address apart; one that is none has no parts."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # a wrong port is found only when it is asked for
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts
