"""Follower counts: who is asked and how, whose count is kept, and what never becomes one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.client import Client, Fetched
from extractors.errors import Outcome, RateLimited, ShapeChanged
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.social import bilibili, bluesky, github, mastodon, weibo
from extractors.social.count_text import count_of
from extractors.social.followers import FollowerReading
from extractors.source import Query, Source, Window
from extractors.watchlist import Account, WatchList
from tests.cases import FIXTURES
from transforms.tidy import Tidy
from transforms.tidy_followers import tidy_bluesky, tidy_github, tidy_mastodon, tidy_weibo

NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)
COOKIE = "SUB=secret-of-the-operator"


class Asked(Client):
    """Writes down what it is asked for and answers nothing."""

    def __init__(self, secret: str = "") -> None:
        self.calls: list[tuple[str, str, Mapping[str, str] | None]] = []
        self._secret = secret

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        self.calls.append((chunk, url, headers))
        return Fetched(source.id, chunk, "GET", url, NOON, 0.0, 1, Outcome.OK)

    def secret(self, source: Source) -> str:
        return self._secret


def query(*accounts: Account) -> Query:
    return Query(WatchList(accounts=accounts), Window(NOON.date(), NOON.date()))


def snapshot(body: bytes, url: str, *, status: int = 200, id: str = "urn:x", **headers: str) -> Snapshot:
    return Snapshot(
        id, url, body, NOON, NOON, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def read(count: object, *, id: str = "1", handle: str = "", snapshot_id: str = "urn:1", **more: Any) -> Read[Any]:
    reading = FollowerReading(id, handle, count_of(count), "api", **more)
    return Read(snapshot(b"", "https://x.example/", id=snapshot_id), (reading,))


def kept(tidy: Tidy) -> list[tuple[str, int, str]]:
    rows = tidy.rows["core.follower_counts"].to_pylist()
    return [(row["account_id"], row["value"], row["qualifier"]) for row in rows]


ADDRESSES = [
    (
        bilibili,
        Account("bilibili", "x", "name", "517327498"),
        "https://api.bilibili.com/x/relation/stat?vmid=517327498",
    ),
    (bilibili, Account("bilibili", "x", "517327498"), "https://api.bilibili.com/x/relation/stat?vmid=517327498"),
    (weibo, Account("weibo", "x", "雷军", "1749127163"), "https://weibo.com/ajax/profile/info?uid=1749127163"),
    (weibo, Account("weibo", "x", "雷军"), "https://weibo.com/ajax/profile/info?screen_name=%E9%9B%B7%E5%86%9B"),
    (github, Account("github", "x", "XiaoMi"), "https://api.github.com/users/XiaoMi"),
    (github, Account("github", "x", "../repos/a/b"), "https://api.github.com/users/..%2Frepos%2Fa%2Fb"),
    (
        mastodon,
        Account("mastodon", "x", "@user@fedi.example"),
        "https://fedi.example/api/v1/accounts/lookup?acct=user",
    ),
    (
        bluesky,
        Account("bluesky", "x", "wired.com", "did:plc:abc"),
        "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile?actor=did:plc:abc",
    ),
    (
        bluesky,
        Account("bluesky", "x", "@wired.com"),
        "https://public.api.bsky.app/xrpc/app.bsky.actor.getProfile?actor=wired.com",
    ),
]


@pytest.mark.parametrize(("source", "account", "url"), ADDRESSES, ids=[url for _, _, url in ADDRESSES])
def test_asks_for_each_account_once_and_knows_the_answer_again(source: Any, account: Account, url: str) -> None:
    client = Asked()
    elsewhere = Account("reddit", "x", "another-platform")
    assert len(list(source.fetch(client, query(account, elsewhere)))) == 1
    assert client.calls == [(account.id, url, None)]
    assert source.matches(url)


@pytest.mark.parametrize(
    ("source", "bad", "good"),
    [
        (bilibili, Account("bilibili", "x", "a-name"), Account("bilibili", "x", "1")),
        (mastodon, Account("mastodon", "x", "user"), Account("mastodon", "x", "user@fedi.example")),
    ],
    ids=["bilibili", "mastodon"],
)
def test_an_account_without_a_usable_id_is_named_after_the_others_were_asked(
    source: Any, bad: Account, good: Account
) -> None:
    client = Asked()
    with pytest.raises(ShapeChanged, match=bad.id):
        list(source.fetch(client, query(bad, good)))
    assert [chunk for chunk, _, _ in client.calls] == [good.id]


def test_the_cookie_goes_into_its_header_and_nowhere_else() -> None:
    client = Asked(COOKIE)
    (fetched,) = weibo.fetch(client, query(Account("weibo", "x", "雷军", "1749127163")))
    (_, _, headers) = client.calls[0]
    assert headers == {"Cookie": COOKIE}
    assert "secret" not in repr(fetched)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.bilibili.com/x/relation/stat?jsonp=jsonp&callback=cb&vmid=1",
        "https://api.bilibili.com/x/web-interface/card?mid=1",
        "https://m.weibo.cn/api/container/getIndex?value=1&type=uid",
        "https://m.weibo.cn/api/container/getIndex?type=uid&value=1&containerid=1005051",
        "https://weibo.com/ajax/profile/info?scene=profile&uid=1",
        "https://weibo.cn/u/1749127163",
        "https://weibo.cn/1749127163/profile?page=1",
        "https://API.github.com/orgs/octokit",
        "http://localhost:3000/api/v1/accounts/lookup?acct=a",
        "https://any.example/api/v1/accounts/109000000000000001",
        "https://api.bsky.app/xrpc/app.bsky.actor.getProfiles?actors=a&actors=b",
        "https://bsky.social/xrpc/app.bsky.actor.getProfile?actor=a.example",
    ],
)
def test_an_address_has_one_owner(url: str) -> None:
    assert [source.matches(url) for source in (bilibili, weibo, github, mastodon, bluesky)].count(True) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://api.bilibili.com/x/space/wbi/acc/info?mid=1",
        "https://api.bilibili.com/x/relation/stat/other?vmid=1",
        "https://www.bilibili.com/x/relation/stat?vmid=1",
        "https://m.weibo.cn/api/container/getIndex?containerid=1076031749127163",
        "https://m.weibo.cn/api/container/getIndex?type=uid&value=1&containerid=1076031",
        "https://m.weibo.cn/api/container/getIndex?type=all&queryVal=x",
        "https://m.weibo.cn/searchs/suggest",
        "https://weibo.com/ajax/profile/detail?uid=1",
        "https://weibo.cn/1749127163/fans",
        "https://weibo.cn/",
        "https://api.github.com/users/a/repos",
        "https://api.github.com/users",
        "https://api.github.com/repos/a/b",
        "https://github.com/users/a",
        "https://any.example/api/v1/accounts/1/statuses",
        "https://any.example/api/v1/accounts/verify_credentials",
        "https://any.example/api/v1/accounts/relationships",
        "https://any.example/api/v1/timelines/home",
        "https://public.api.bsky.app/xrpc/app.bsky.actor.searchActors?q=a",
        "ftp://api.github.com/users/a",
        "urn:dragongate:watchlist",
        "https://[broken/api/v1/accounts/1",
        "https://any.example:port/api/v1/accounts/1",
        "",
    ],
)
def test_other_addresses_are_left_to_others(url: str) -> None:
    assert not any(source.matches(url) for source in (bilibili, weibo, github, mastodon, bluesky))


def test_undocumented_and_walled_platforms_are_off_until_turned_on() -> None:
    assert [(one.SOURCE.is_on_by_default, bool(one.SOURCE.why_off)) for one in (bilibili, weibo)] == [(False, True)] * 2
    assert all(one.SOURCE.is_on_by_default for one in (github, mastodon, bluesky))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(NOON.timestamp()) + 90)}, 90.0),
        ({"x_ratelimit_remaining": "0", "x_ratelimit_reset": str(int(NOON.timestamp()) - 90)}, 0.0),
        ({"x_ratelimit_remaining": "41", "retry_after": "60"}, 60.0),
        ({}, None),
    ],
)
def test_github_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    body = b'{"message":"You have exceeded a secondary rate limit."}'
    with pytest.raises(RateLimited) as raised:
        github.parse(snapshot(body, "https://api.github.com/users/a", status=403, **headers))
    assert raised.value.after_seconds == seconds


def test_a_handle_matches_in_any_letters_and_with_or_without_its_at_sign() -> None:
    watchlist = WatchList(accounts=(Account("bluesky", "x", "@Wired.com"),))
    assert kept(tidy_bluesky([read(5, id="did:plc:a", handle="wired.COM")], watchlist)) == [
        ("bluesky:@Wired.com", 5, "exact")
    ]


def test_the_platforms_id_finds_an_account_that_changed_its_name() -> None:
    watchlist = WatchList(accounts=(Account("weibo", "x", "old name", "1"), Account("weibo", "x", "new name", "2")))
    assert kept(tidy_weibo([read(5, id="1", handle="new name")], watchlist)) == [("weibo:1", 5, "exact")]


def test_a_handle_that_passed_to_somebody_else_is_not_counted() -> None:
    watchlist = WatchList(accounts=(Account("github", "x", "XiaoMi", "77"),))
    tidy = tidy_github([read(5, id="78", handle="XiaoMi")], watchlist)
    assert kept(tidy) == [] and [one.reason for one in tidy.set_aside] == ["another_account"]


def test_an_account_that_nobody_follows_is_set_aside() -> None:
    tidy = tidy_github([read(5, id="78", handle="nobody")], WatchList(accounts=(Account("github", "x", "XiaoMi"),)))
    assert kept(tidy) == []
    assert [(one.table, one.reason, one.source_id, one.row["handle"]) for one in tidy.set_aside] == [
        ("core.follower_counts", "not_followed", "github", "nobody")
    ]


def test_an_empty_handle_matches_nobody() -> None:
    watchlist = WatchList(accounts=(Account("weibo", "x", "@", "1"),))
    assert kept(tidy_weibo([read(5, id="2", handle="")], watchlist)) == []


def test_another_servers_view_of_a_followed_account_is_no_count() -> None:
    watchlist = WatchList(accounts=(Account("mastodon", "x", "user@home.example"),))
    remote = read(5, id="1@far.example", handle="user@home.example", is_partial=True)
    home = read(9, id="1@home.example", handle="user@home.example")
    tidy = tidy_mastodon([remote, home], watchlist)
    assert kept(tidy) == [("mastodon:user@home.example", 9, "exact")]
    assert [one.reason for one in tidy.set_aside] == ["remote_view"]


def test_an_id_of_one_mastodon_server_says_nothing_at_another() -> None:
    watchlist = WatchList(accounts=(Account("mastodon", "x", "user@home.example", "23972"),))
    other = read(5, id="23972@far.example", handle="other@far.example")
    ours = read(9, id="23972@home.example", handle="user@home.example")
    tidy = tidy_mastodon([other, ours], watchlist)
    assert kept(tidy) == [("mastodon:23972", 9, "exact")]
    assert [one.reason for one in tidy.set_aside] == ["not_followed"]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_of_several_readings_of_one_moment_the_most_exact_stays(order: tuple[int, ...]) -> None:
    watchlist = WatchList(accounts=(Account("weibo", "x", "name", "1"),))
    reads = [
        read("10万+", snapshot_id="urn:1"),
        read("24.7万", snapshot_id="urn:2"),
        read(246_776, snapshot_id="urn:3"),
    ]
    tidy = tidy_weibo([reads[n] for n in order], watchlist)
    assert kept(tidy) == [("weibo:1", 246_776, "exact")]
    assert [(one.reason, one.row["qualifier"]) for one in tidy.set_aside] == [
        ("another_reading", "rounded"),
        ("another_reading", "at_least"),
    ]


def test_a_count_without_an_upper_end_keeps_none() -> None:
    watchlist = WatchList(accounts=(Account("weibo", "x", "name", "1"),))
    (row,) = tidy_weibo([read("3600多万")], watchlist).rows["core.follower_counts"].to_pylist()
    assert (row["value"], row["value_low"], row["value_high"], row["qualifier"], row["text_as_shown"]) == (
        36_000_000,
        36_000_000,
        None,
        "at_least",
        "3600多万",
    )


def test_an_exact_text_beside_a_shortened_one_is_preferred() -> None:
    body = json.loads((FIXTURES / "weibo" / "mobile_shortened.json").read_text(encoding="utf-8"))
    body["data"]["userInfo"]["followers_count_str"] = "22,756,103"
    (reading,) = weibo.parse(snapshot(json.dumps(body).encode(), "https://m.weibo.cn/")).records
    assert (reading.followers.value, str(reading.followers.qualifier)) == (22_756_103, "exact")


COUNTS_AND_CODES = [
    (bilibili, "bilibili/stat.json", ["data", "follower"]),
    (bilibili, "bilibili/stat.json", ["code"]),
    (bilibili, "bilibili/card.json", ["data", "card", "fans"]),
    (weibo, "weibo/desktop.json", ["data", "user", "followers_count"]),
    (weibo, "weibo/desktop.json", ["data", "user"]),
    (weibo, "weibo/mobile_number.json", ["data", "userInfo", "followers_count"]),
    (weibo, "weibo/mobile_number.json", ["ok"]),
    (github, "github/organisation.json", ["followers"]),
    (mastodon, "mastodon/home.json", ["followers_count"]),
    (bluesky, "bluesky/profile.json", ["followersCount"]),
]
NAMES = [
    (github, "github/organisation.json", ["login"]),
    (mastodon, "mastodon/home.json", ["acct"]),
    (bluesky, "bluesky/profile.json", ["did"]),
]
MISSING = object()
BROKEN = [
    (*one, wrong)
    for one in COUNTS_AND_CODES
    for wrong in (MISSING, None, -5, "many")
    if wrong != -5 or one[2][-1] not in ("code", "ok")  # a number in place of a code is a code that we do not know
]
BROKEN += [(*one, wrong) for one in NAMES for wrong in (MISSING, None, -5)]


@pytest.mark.parametrize(
    ("source", "body", "path", "wrong"),
    BROKEN,
    ids=[f"{body}-{path[-1]}-{'missing' if wrong is MISSING else wrong}" for _, body, path, wrong in BROKEN],
)
def test_a_field_we_rely_on_is_there_and_of_its_kind_or_the_source_stops(
    source: Any, body: str, path: list[str], wrong: object
) -> None:
    answer = json.loads((FIXTURES / body).read_text(encoding="utf-8"))
    inner = answer
    for name in path[:-1]:
        inner = inner[name]
    if wrong is MISSING:
        del inner[path[-1]]
    else:
        inner[path[-1]] = wrong
    with pytest.raises(ShapeChanged, match=path[-1]):
        source.parse(snapshot(json.dumps(answer).encode(), "https://x.example/"))
