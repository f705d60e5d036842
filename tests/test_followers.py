"""Follower counts: who is asked and how, whose count is kept, and what never becomes one."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.client import Client, Fetched
from extractors.errors import Outcome, RateLimited, Refused, ShapeChanged
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.social import (
    bilibili,
    bluesky,
    douyin,
    facebook,
    github,
    instagram,
    instagram_graph,
    kuaishou,
    mastodon,
    reddit,
    telegram,
    tiktok,
    weibo,
    x,
    x_graphql,
    xiaohongshu,
    youtube,
    youtube_innertube,
)
from extractors.social.count_text import count_of
from extractors.social.followers import FollowerReading
from extractors.source import Need, Query, Source, Window
from extractors.watchlist import PLATFORMS, Account, WatchList
from tests.cases import FIXTURES
from transforms.tidy import Tidy
from transforms.tidy_followers import (
    tidy_bluesky,
    tidy_douyin,
    tidy_github,
    tidy_mastodon,
    tidy_weibo,
    tidy_youtube_innertube,
)
from warehouse.tables.watchlist import ACCOUNTS

NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)
COOKIE = "SUB=secret-of-the-operator"
SOURCES = (
    bilibili, bluesky, douyin, facebook, github, instagram, instagram_graph, kuaishou, mastodon, reddit, telegram,
    tiktok, weibo, x, x_graphql, xiaohongshu, youtube, youtube_innertube,
)  # fmt: skip
CHANNEL = "UCexampleexampleexample0"
SECRET_ID = "MS4wLjABAAAAexampleexampleexample"


class Asked(Client):
    """Writes down what it is asked for and answers nothing."""

    def __init__(self, secret: str = "") -> None:
        self.calls: list[tuple[str, str, Mapping[str, str] | None]] = []
        self.bodies: list[Any] = []
        self._secret = secret

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        self.calls.append((chunk, url, headers))
        return Fetched(source.id, chunk, "GET", url, NOON, 0.0, 1, Outcome.OK)

    def post(
        self,
        source: Source,
        url: str,
        body: bytes,
        media_type: str,
        *,
        chunk: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        self.calls.append((chunk, url, headers))
        self.bodies.append(json.loads(body))
        found = {"endpoint": {"browseEndpoint": {"browseId": CHANNEL}}}
        given = snapshot(json.dumps(found).encode(), url) if "resolve_url" in url else None
        return Fetched(source.id, chunk, "POST", url, NOON, 0.0, 1, Outcome.OK, snapshot=given)

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
    (telegram, Account("telegram", "x", "@example_channel"), "https://t.me/example_channel"),
    (
        youtube,
        Account("youtube", "x", "@example", CHANNEL),
        f"https://www.googleapis.com/youtube/v3/channels?part=snippet,statistics&id={CHANNEL}&key=",
    ),
    (
        youtube,
        Account("youtube", "x", "example"),
        "https://www.googleapis.com/youtube/v3/channels?part=snippet,statistics&forHandle=@example&key=",
    ),
    (
        x,
        Account("x", "x", "@example"),
        "https://api.x.com/2/users/by/username/example?user.fields=public_metrics",
    ),
    (x, Account("x", "x", "example", "700"), "https://api.x.com/2/users/700?user.fields=public_metrics"),
    (reddit, Account("reddit", "x", "r/Xiaomi"), "https://oauth.reddit.com/r/Xiaomi/about?raw_json=1"),
    (reddit, Account("reddit", "x", "u/someone"), "https://oauth.reddit.com/user/someone/about?raw_json=1"),
    (
        facebook,
        Account("facebook", "x", "example.page", "700"),
        "https://graph.facebook.com/v21.0/700?fields=id,username,fan_count,followers_count",
    ),
    (
        instagram_graph,
        Account("instagram", "x", "@example"),
        "https://graph.facebook.com/v21.0/me?fields=business_discovery.username(example)%7Busername,id,followers_count%7D",
    ),
    (tiktok, Account("tiktok", "x", "@example"), "https://www.tiktok.com/@example"),
    (douyin, Account("douyin", "x", "example", SECRET_ID), f"https://www.douyin.com/user/{SECRET_ID}"),
    (
        xiaohongshu,
        Account("xiaohongshu", "x", "700", "5f01"),
        "https://www.xiaohongshu.com/user/profile/5f01",
    ),
]


@pytest.mark.parametrize(("source", "account", "url"), ADDRESSES, ids=[url for _, _, url in ADDRESSES])
def test_asks_for_each_account_once_and_knows_the_answer_again(source: Any, account: Account, url: str) -> None:
    client = Asked()
    elsewhere = Account("linkedin", "x", "another-platform")
    assert len(list(source.fetch(client, query(account, elsewhere)))) == 1
    assert client.calls == [(account.id, url, None)]
    assert source.matches(url)


@pytest.mark.parametrize(
    ("source", "bad", "good"),
    [
        (bilibili, Account("bilibili", "x", "a-name"), Account("bilibili", "x", "1")),
        (mastodon, Account("mastodon", "x", "user"), Account("mastodon", "x", "user@fedi.example")),
        (telegram, Account("telegram", "x", "+invitation"), Account("telegram", "x", "example_channel")),
        (reddit, Account("reddit", "x", "Xiaomi"), Account("reddit", "x", "r/Xiaomi")),
        (tiktok, Account("tiktok", "x", "a name"), Account("tiktok", "x", "a.name")),
        (douyin, Account("douyin", "x", "name", "68310389333"), Account("douyin", "x", "name", SECRET_ID)),
        (kuaishou, Account("kuaishou", "x", "700"), Account("kuaishou", "x", "700", "3xexample")),
        (xiaohongshu, Account("xiaohongshu", "x", "700"), Account("xiaohongshu", "x", "700", "5f01")),
    ],
    ids=["bilibili", "mastodon", "telegram", "reddit", "tiktok", "douyin", "kuaishou", "xiaohongshu"],
)
def test_an_account_without_a_usable_id_is_named_after_the_others_were_asked(
    source: Any, bad: Account, good: Account
) -> None:
    client = Asked()
    with pytest.raises(ShapeChanged, match=re.escape(bad.id)):
        list(source.fetch(client, query(bad, good)))
    assert [chunk for chunk, _, _ in client.calls] == [good.id]


def test_the_cookie_goes_into_its_header_and_nowhere_else() -> None:
    client = Asked(COOKIE)
    (fetched,) = weibo.fetch(client, query(Account("weibo", "x", "雷军", "1749127163")))
    (_, _, headers) = client.calls[0]
    assert headers == {"Cookie": COOKIE}
    assert "secret" not in repr(fetched)


@pytest.mark.parametrize("source", [x, reddit, facebook])
def test_a_token_goes_into_its_header_and_nowhere_else(source: Any) -> None:
    client = Asked("secret-token")
    (fetched,) = source.fetch(client, query(Account(source.SOURCE.id, "x", "r/example", "700")))
    assert client.calls[0][2] == {"Authorization": "Bearer secret-token"}
    assert "secret" not in repr(fetched)


def test_the_number_of_the_own_account_and_its_token_go_two_ways() -> None:
    client = Asked("178400:secret-token")
    (fetched,) = instagram_graph.fetch(client, query(Account("instagram", "x", "example")))
    assert client.calls[0][2] == {"Authorization": "Bearer secret-token"}
    assert fetched.url.startswith("https://graph.facebook.com/v21.0/178400?fields=business_discovery.")


def test_a_known_channel_is_asked_at_once_and_a_handle_first_for_its_channel() -> None:
    client = Asked()
    known, handle = Account("youtube", "x", "@one", CHANNEL), Account("youtube", "x", "@two")
    assert len(list(youtube_innertube.fetch(client, query(known, handle)))) == 3
    assert [(chunk, url.partition("?")[0].rpartition("/")[2]) for chunk, url, _ in client.calls] == [
        (known.id, "browse"),
        (handle.id, "resolve_url"),
        (handle.id, "browse"),
    ]
    assert [body.get("browseId") or body["url"] for body in client.bodies] == [
        CHANNEL,
        "https://www.youtube.com/@two",
        CHANNEL,
    ]
    assert {(body["context"]["client"]["hl"], body["context"]["client"]["gl"]) for body in client.bodies} == {
        ("en", "US")
    }


def test_kuaishou_is_asked_by_a_query_with_the_operators_cookie_and_no_signature() -> None:
    client = Asked(COOKIE)
    list(kuaishou.fetch(client, query(Account("kuaishou", "x", "700", "3xexample"))))
    assert client.calls == [("kuaishou:3xexample", "https://www.kuaishou.com/graphql", {"Cookie": COOKIE})]
    assert client.bodies[0]["variables"] == {"userId": "3xexample"}


def test_nothing_is_asked_of_the_pages_of_x() -> None:
    client = Asked(COOKIE)
    with pytest.raises(Refused, match="saved answers alone"):
        list(x_graphql.fetch(client, query(Account("x", "x", "example"))))
    assert client.calls == [] and list(x_graphql.fetch(client, query())) == []


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
        "https://telegram.me/s/durov?before=9",
        "https://youtube.googleapis.com/youtube/v3/channels?id=UC1&part=statistics",
        "https://www.youtube.com/youtubei/v1/browse?key=x",
        "https://www.youtube.com/@kurzgesagt/videos",
        f"https://m.youtube.com/channel/{CHANNEL}",
        "https://api.twitter.com/2/users?ids=1,2",
        "https://api.twitter.com/1.1/users/lookup.json?screen_name=a,b",
        "https://x.com/i/api/graphql/a-B_1/UserByScreenName?variables=%7B%7D",
        "https://twitter.com/Xiaomi",
        "https://tiktok.com/@a.b_c/",
        "https://old.reddit.com/r/Xiaomi/about.json",
        "https://www.reddit.com/u/someone/about",
        "https://graph.facebook.com/v8.0/xiaomi?fields=name,fan_count",
        "https://graph.facebook.com/v11.0/1?fields=business_discovery.username(a){followers_count,media_count}",
        "https://i.instagram.com/api/v1/users/1518284433/info/",
        "https://www.instagram.com/xiaomi.global/",
        "https://www.douyin.com/aweme/v1/web/user/profile/other/?sec_user_id=a&a_bogus=b",
        "https://www.kuaishou.com/graphql",
        "https://apissl.gifshow.com/rest/n/user/profile/v2?x=1",
        "https://edith.xiaohongshu.com/api/sns/web/v1/user/otherinfo?target_user_id=5f01",
    ],
)
def test_an_address_has_one_owner(url: str) -> None:
    assert [source.matches(url) for source in SOURCES].count(True) == 1


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
        "https://t.me/joinchat/AAAA",
        "https://t.me/durov/123",
        "https://t.me/share",
        "https://www.googleapis.com/youtube/v3/videos?id=1",
        "https://www.youtube.com/youtubei/v1/player",
        "https://www.youtube.com/watch?v=1",
        "https://api.x.com/2/users/1/tweets",
        "https://api.x.com/2/tweets/1",
        "https://x.com/home",
        "https://x.com/someone/status/1",
        "https://x.com/i/api/graphql/a/UserTweets",
        "https://www.tiktok.com/@a/video/1",
        "https://www.tiktok.com/foryou",
        "https://oauth.reddit.com/r/a/new",
        "https://graph.facebook.com/v8.0/a?fields=name",
        "https://graph.facebook.com/v8.0/a/posts?fields=fan_count",
        "https://www.instagram.com/accounts/login/",
        "https://www.instagram.com/explore/",
        "https://www.instagram.com/p/abc/",
        "https://www.douyin.com/video/1",
        "https://www.kuaishou.com/rest/v/search/user",
        "https://www.xiaohongshu.com/explore/1",
        "ftp://api.github.com/users/a",
        "urn:dragongate:watchlist",
        "https://[broken/api/v1/accounts/1",
        "https://any.example:port/api/v1/accounts/1",
        "",
    ],
)
def test_other_addresses_are_left_to_others(url: str) -> None:
    assert not any(source.matches(url) for source in SOURCES)


def test_only_what_is_open_without_a_login_is_asked_by_itself_and_the_rest_says_why_not() -> None:
    assert {one.SOURCE.id for one in SOURCES if one.SOURCE.is_on_by_default} == {
        "bluesky", "github", "mastodon", "telegram",
    }  # fmt: skip
    off = [one.SOURCE for one in SOURCES if not one.SOURCE.is_on_by_default]
    assert all(one.why_off and one.needs is not Need.NOTHING for one in off)


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


def test_an_account_is_found_by_any_of_the_ids_that_its_platform_has_for_it() -> None:
    watchlist = WatchList(accounts=(Account("douyin", "x", "name", "68310389333"),))
    tidy = tidy_douyin([read(5, id=SECRET_ID, handle="other", other_ids=("68310389333",))], watchlist)
    assert kept(tidy) == [("douyin:68310389333", 5, "exact")]


def test_three_counts_of_one_moment_are_three_rows() -> None:
    watchlist = WatchList(accounts=(Account("douyin", "x", "name", "1"),))
    reads = [read(n, metric=metric) for n, metric in enumerate(("followers", "followers_all_apps", "followers_peak"))]
    assert sorted(kept(tidy_douyin(reads, watchlist))) == [("douyin:1", n, "exact") for n in range(3)]


def test_a_step_on_the_way_to_a_count_makes_no_row() -> None:
    step = Read(snapshot(b"", "https://x.example/"), (youtube_innertube.ChannelOfAddress(CHANNEL),))
    tidy = tidy_youtube_innertube([step], WatchList(accounts=(Account("youtube", "x", "@a", CHANNEL),)))
    assert (kept(tidy), tidy.set_aside) == ([], ())


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


def test_the_pages_tell_of_every_platform_and_source() -> None:
    told = (FIXTURES.parents[1] / "docs" / "operator.md").read_text(encoding="utf-8")
    rows = {
        cells[0].strip("`"): (cells[1], cells[2])
        for line in told.splitlines()
        if line.startswith("| `") and len(cells := [one.strip() for one in line.strip("|").split("|")]) == 4
    }
    expected = {
        one.SOURCE.id: ("yes" if one.SOURCE.is_on_by_default else "no", str(one.SOURCE.needs)) for one in SOURCES
    }
    assert {name: rows.get(name) for name in expected} == expected
    (platform,) = [column for column in ACCOUNTS.columns if column.name == "platform"]
    assert re.findall(r"[a-z]+", platform.description.replace(" or ", " ")) == list(PLATFORMS)
