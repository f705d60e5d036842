"""Answers of the platforms that public projects recorded, with what each of them means.

Every body has its place in one of the tables below. The figures were taken from the bytes by hand, their precision
from what the platform is known to do. What was recorded at an address of another call is read as the call that would
answer with the same words.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.registry import BY_ID, claimant
from extractors.snapshot import Snapshot
from extractors.social import mastodon
from extractors.social.youtube_innertube import ChannelOfAddress
from extractors.watchlist import WatchList
from transforms.tidy_followers import tidy_mastodon

FOLDER = Path(__file__).parents[1].parent / "shared" / "corpus" / "social"
pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the recorded material does not lie beside the project"),
]

Count = tuple[str, str, int, int, int | None, str, str, str]
"""Platform id, metric, value, least, greatest, qualifier, text as shown, method."""


def exact(platform_id: str, value: int, text: str = "", *, metric: str = "followers", method: str = "api") -> Count:
    return (platform_id, metric, value, value, value, "exact", text, method)


GOOGLE, GOOGLE_DEVELOPERS = "UCK8sQmJBp8GCxrOtXWBpyEA", "UC_x5XG1OV2P6uZZ5FSM9Ttw"
CCTV = "MS4wLjABAAAAgq8cb7cn9ByhZbmx-XQDdRTvFzmJeBBXOUO4QflP96M"
COUNTS: dict[str, tuple[Count, ...]] = {
    "bilibili_card_1_bishi.json": (exact("1", 154_167),),
    "bilibili_relation_stat_1.json": (exact("1", 24_579),),
    "bilibili_relation_stat_13354765.json": (exact("13354765", 6_277_735),),
    "bilibili_relation_stat_16061199_jsonp.txt": (exact("16061199", 41_635),),
    "bilibili_relation_stat_383565952.json": (exact("383565952", 5_384),),
    "bilibili_relation_stat_50329118.json": (exact("50329118", 7_610_241),),
    "bilibili_relation_stat_517327498.json": (exact("517327498", 30_352_069),),
    "bluesky_getProfile_wired.com_2025.json": (exact("did:plc:inz4fkbbp7ms3ixufw6xuvdi", 319_216),),
    "douyin_user_liziqi_2024_three_counts_trimmed.json": (
        exact("68310389333", 40_201_989),
        exact("68310389333", 48_209_510, metric="followers_all_apps"),
        exact("68310389333", 45_635_987, metric="followers_peak"),
    ),
    "douyin_user_profile_other_cctvnews_2023-05-22_trimmed.json": (
        exact(CCTV, 153_036_243),
        exact(CCTV, 153_036_243, metric="followers_all_apps"),
        exact(CCTV, 153_040_032, metric="followers_peak"),
    ),
    "facebook_graph_page.json": (exact("20531316728", 214_507_731, metric="page_likes"),),
    "github_org_Organization.json": (exact("21341965", 130),),
    "github_org_octokit.json": (exact("31898100", 0),),
    "github_user_jacquev6.json": (exact("327146", 98),),
    "instagram_graph_business_discovery.json": (exact("17841407673135339", 64_976),),
    # A page for one who is not served its data; its description for other sites states the number all the same.
    "instagram_profile_login_wall.html": (
        ("", "followers", 46_300_000, 46_250_000, 46_399_999, "rounded", "46.3m", "page"),
    ),
    "instagram_users_info_by_id.json": (exact("1518284433", 50_857_062),),
    "instagram_web_profile_info_robertdowneyjr.json": (exact("1518284433", 52_979_346),),
    "kuaishou_app_profile_2019_trimmed.json": (exact("", 17_276),),
    "kuaishou_profile_user_2026-10.json": (exact("3xep6p7wbnqcvj6", 12_548),),
    "mastodon_account_halcy_mastodon.social.json": (exact("23972@mastodon.social", 3_553),),
    "mastodon_lookup_ok_localinstance.json": (exact("117020565966271181@localhost:3000", 0),),
    "reddit_subreddit_announcements_about.json": (exact("t5_2r0ij", 47_456_009, metric="subscribers"),),
    "reddit_subreddit_small_about_2016.json": (exact("t5_3fok3", 1, metric="subscribers"),),
    "reddit_user_Watchful1_about.json": (exact("t2_d0z23", 156),),
    "telegram_t.me_landing_exact_count.html": (
        exact("", 25_015, "25 015", metric="subscribers", method="page"),
    ),
    "telegram_t.me_s_durov_header_2026.html": (
        ("", "subscribers", 10_500_000, 10_450_000, 10_599_999, "rounded", "10.5M", "page"),
    ),
    # `stats` says 4,000,000 and `statsV2` the whole number.
    "tiktok_userInfo_oddanimalspecimens_2026-01.json": (
        exact("6976999329680589829", 4_001_943, "4001943", method="page"),
    ),
    "weibo_ajax_profile_info_6052479595_2023.json": (exact("6052479595", 246_776, "24.7万", method="cookie"),),
    "weibo_cn_profile_1669879400.html": (exact("1669879400", 70_805_574, "70805574", method="page"),),
    "weibo_m_getIndex_1669879400_2019.json": (exact("1669879400", 63_357_736),),
    "x_UserByScreenName_result_robinhanson_2026-04_flattened.json": (exact("7748752", 119_785, method="page"),),
    "x_api_v1.1_users_show_Twitter_2021-02-10.json": (exact("783214", 59_112_688),),
    "x_api_v2_user_public_metrics.json": (exact("2244994945", 514_020),),
    "x_graphql_UserByScreenName_X.json": (exact("783214", 68_941_492, method="page"),),
    "x_graphql_user_by_login.json": (exact("2244994945", 695_695, method="page"),),
    "xiaohongshu_otherinfo_sample.json": (exact("red_id", 16_736, "16736"),),  # its recorder masked who it is
    "xiaohongshu_profile_initial_state_2026-10-09.html": (exact("user_id", 131, "131", method="page"),),
    # More than three digits: not cut off yet.
    "youtube_dataapi_channels_2019.json": (
        exact(GOOGLE_DEVELOPERS, 1_927_873, "1927873", metric="subscribers"),
    ),
    "youtube_dataapi_channels_multiple.json": (
        (GOOGLE, "subscribers", 10_700_000, 10_700_000, 10_799_999, "rounded", "10700000", "api"),
        (GOOGLE_DEVELOPERS, "subscribers", 2_260_000, 2_260_000, 2_269_999, "rounded", "2260000", "api"),
    ),
    "youtube_innertube_browse_kurzgesagt_25m.json": (
        ("UCsXVk37bltHxD1rDPwtNM8Q", "subscribers", 25_000_000, 24_500_000, 25_999_999, "rounded", "25m", "page"),
    ),
    "youtube_innertube_browse_small_84_subs.json": (
        exact("UCUaQMQS9lY5lit3vurpXQ6w", 84, "84", metric="subscribers", method="page"),
    ),
}  # fmt: skip
A_STEP = {"youtube_innertube_resolve_url.json": ChannelOfAddress("UCEOXxzW2vU0P-0THehuIIeg")}
"""No count, and none was asked for: which channel a handle leads to."""
NO_COUNT = {
    "bilibili_-404.json": ("nothing_there", "no_such_account"),
    "bluesky_400_account_takedown.json": ("nothing_there", "suspended"),
    "bluesky_400_profile_not_found.json": ("nothing_there", "no_such_account"),
    "douyin_empty_body_200.txt": ("refused", "empty_body"),
    "github_304_not_modified.txt": ("unchanged", "not_modified"),
    "github_403_rate_limit.json": ("rate_limited", "too_many_requests"),
    "github_404_not_found.json": ("nothing_there", "no_such_account"),
    "instagram_401_require_login.json": ("refused", "login"),
    "instagram_profile_id_invalid.json": ("nothing_there", "no_such_account"),
    "mastodon_lookup_404.json": ("nothing_there", "no_such_account"),
    "reddit_user_2016_no_subreddit_field.json": ("nothing_there", "no_count"),
    "weibo_cn_info_1669879400.html": ("nothing_there", "no_count"),
    "x_api_v2_user_by_username.json": ("nothing_there", "no_count"),
    "x_graphql_UserUnavailable_suspended.json": ("nothing_there", "suspended"),
    "x_graphql_no_such_user.json": ("nothing_there", "no_such_account"),
    "x_graphql_user_about.json": ("nothing_there", "no_count"),
    # Its address asks for the counts, and they are not there.
    "youtube_dataapi_channels_without_statistics_part.json": ("shape_changed", "items[0].statistics"),
    "youtube_dataapi_error_400_keyInvalid.json": ("refused", "login"),
    "youtube_dataapi_error_403_permission.json": ("refused", "forbidden"),
    "youtube_innertube_browse_400.json": ("refused", "bad_request"),
    "youtube_innertube_browse_agerestricted.json": ("refused", "age_gate"),
    "youtube_innertube_browse_terminated_a.json": ("nothing_there", "suspended"),
    "youtube_innertube_browse_terminated_b.json": ("nothing_there", "suspended"),
}
AT_OTHER_ADDRESSES = {
    "bilibili_-352_risk_control.json": "https://api.bilibili.com/x/relation/stat?vmid=1",
    "bilibili_-401_captcha.json": "https://api.bilibili.com/x/relation/stat?vmid=1",
    "instagram_challenge_required.json": "https://www.instagram.com/api/v1/users/web_profile_info/?username=a",
    "instagram_login_generic_errors.json": "https://www.instagram.com/api/v1/users/web_profile_info/?username=a",
    "kuaishou_app_profile_2019_trimmed.json": "https://api.gifshow.com/rest/n/user/profile/v2",
    "kuaishou_result_2_not_signed.json": "https://www.kuaishou.com/rest/v/profile/user?caver=2",
    "mastodon_401.json": "http://localhost:3000/api/v1/accounts/lookup?acct=a",
    "reddit_403.json": "https://oauth.reddit.com/r/a/about?raw_json=1",
    "reddit_404.json": "https://oauth.reddit.com/r/a/about?raw_json=1",
    "weibo_m_not_logged_in_ok-100.json": "https://m.weibo.cn/api/container/getIndex?type=uid&value=1",
}
"""Recorded at addresses that we neither ask nor claim; the same words come back from these."""
REFUSALS_OF_OTHER_CALLS = {
    "bilibili_-352_risk_control.json": ("refused", "risk_control"),
    "bilibili_-401_captcha.json": ("refused", "captcha"),
    "instagram_challenge_required.json": ("refused", "checkpoint"),
    "instagram_login_generic_errors.json": ("refused", "generic_request_error"),
    "kuaishou_result_2_not_signed.json": ("refused", "not_signed"),
    "mastodon_401.json": ("refused", "login"),
    "reddit_403.json": ("refused", "forbidden"),
    "reddit_404.json": ("nothing_there", "no_such_account"),
    "weibo_m_not_logged_in_ok-100.json": ("refused", "login"),
}
SHARE_TO_COVER = 0.95


def recorded() -> dict[str, tuple[str, Snapshot]]:
    """Map each recorded file to the source that claims its address, or an empty name, and its snapshot."""
    return dict(_recorded()) if FOLDER.is_dir() else {}


def _recorded() -> Iterator[tuple[str, tuple[str, Snapshot]]]:
    with (FOLDER / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE):
            url = re.sub(
                r"[{}<>]|\.\.\.", "", row["request_url"]
            )  # what the recorder left out or put in place of a name
            owner = claimant(AT_OTHER_ADDRESSES.get(row["file"], url))
            claims = claimant(url) is not None
            yield row["file"], (owner.source.id if owner else "", _snapshot(row, url, claims=claims))


def _snapshot(row: dict[str, str], url: str, *, claims: bool) -> Snapshot:
    at = datetime(2026, 10, 10, tzinfo=UTC)
    headers = {"content-type": row["content_type"]} if row["content_type"] else {}
    body = (FOLDER / row["file"]).read_bytes()
    address = url if claims else AT_OTHER_ADDRESSES.get(row["file"], url)
    return Snapshot(row["file"], address, body, at, at, status=int(row["status"]), headers=headers)


RECORDED = recorded()


def answer(file: str) -> Answer:
    source_id, snapshot = RECORDED[file]
    return read_snapshot(BY_ID[source_id], snapshot)


def counts(got: Answer) -> tuple[Count, ...]:
    return tuple(
        (
            one.platform_id,
            one.metric,
            one.followers.value,
            one.followers.low,
            one.followers.high,
            str(one.followers.qualifier),
            one.followers.text,
            one.method,
        )
        for one in got.reading.records
    )


def test_every_recorded_body_is_accounted_for_once() -> None:
    stated = [*COUNTS, *A_STEP, *NO_COUNT, *REFUSALS_OF_OTHER_CALLS]
    assert sorted(stated) == sorted(RECORDED) and len(RECORDED) > 70


def test_what_lies_at_another_address_is_not_claimed() -> None:
    with (FOLDER / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        rows = {
            row["file"]: row["request_url"] for row in csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE)
        }
    claims = {file for file, url in rows.items() if claimant(re.sub(r"[{}<>]|\.\.\.", "", url))}
    assert rows.keys() - claims == AT_OTHER_ADDRESSES.keys()


@pytest.mark.parametrize("file", COUNTS)
def test_reads_the_counts_that_the_platform_stated(file: str) -> None:
    got = answer(file)
    assert (got.outcome, got.message, got.reading.drift) == ("ok", "", ())
    assert counts(got) == COUNTS[file]


@pytest.mark.parametrize("file", A_STEP)
def test_a_step_on_the_way_to_a_count_is_none(file: str) -> None:
    got = answer(file)
    assert (got.outcome, got.reading.records) == ("ok", (A_STEP[file],))


@pytest.mark.parametrize("file", NO_COUNT)
def test_names_the_reason_where_there_is_no_count(file: str) -> None:
    got = answer(file)
    assert (got.outcome, got.reason, got.reading.records) == (*NO_COUNT[file], ())


@pytest.mark.parametrize("file", REFUSALS_OF_OTHER_CALLS)
def test_a_refusal_is_never_a_missing_account(file: str) -> None:
    got = answer(file)
    assert (got.outcome, got.reason, got.reading.records) == (*REFUSALS_OF_OTHER_CALLS[file], ())


def test_reports_how_much_of_the_recorded_material_is_covered(record_property: Callable[[str, object], None]) -> None:
    """Count bodies by what became of them: right, refused with a reason, a change of shape, unsupported, wrong."""
    report: Counter[str] = Counter()
    for file in RECORDED:
        got = answer(file)
        if got.outcome == "ok":
            is_right = counts(got) == COUNTS[file] if file in COUNTS else got.reading.records == (A_STEP.get(file),)
            report["right" if is_right else "silently wrong"] += 1
        else:
            expected = NO_COUNT.get(file) or REFUSALS_OF_OTHER_CALLS.get(file)
            report[f"{got.outcome} with its reason" if expected == (got.outcome, got.reason) else "unsupported"] += 1
    for name, number in report.items():
        record_property(name, number)
    covered = len(RECORDED) - report["unsupported"]
    assert report["silently wrong"] == 0, report
    assert covered / len(RECORDED) >= SHARE_TO_COVER, report


def test_a_recorded_view_from_another_server_is_set_aside() -> None:
    _, snapshot = RECORDED["mastodon_account_halcy_mastodon.social.json"]
    records: tuple[Any, ...] = mastodon.parse(snapshot).records
    tidy = tidy_mastodon([Read(snapshot, records)], WatchList())
    assert tidy.rows["core.follower_counts"].num_rows == 0
    assert [(one.reason, one.row["value"], one.row["handle"]) for one in tidy.set_aside] == [
        ("remote_view", 3_553, "halcy@icosahedron.website")
    ]
