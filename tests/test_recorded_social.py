"""Answers of the platforms that public projects recorded, with what each of them means."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.social import bilibili, bluesky, github, mastodon, weibo
from extractors.source import Extractor
from extractors.watchlist import WatchList
from transforms.tidy_followers import tidy_mastodon

FOLDER = Path(__file__).parents[1].parent / "shared" / "corpus" / "social"
SOURCES = [
    Extractor(one.SOURCE, one.matches, one.fetch, one.parse) for one in (bilibili, weibo, github, mastodon, bluesky)
]
pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the recorded material does not lie beside the project"),
]

COUNTS = {
    "bilibili_card_1_bishi.json": ("1", 154_167, "exact", "", "api"),
    "bilibili_relation_stat_1.json": ("1", 24_579, "exact", "", "api"),
    "bilibili_relation_stat_13354765.json": ("13354765", 6_277_735, "exact", "", "api"),
    "bilibili_relation_stat_16061199_jsonp.txt": ("16061199", 41_635, "exact", "", "api"),
    "bilibili_relation_stat_383565952.json": ("383565952", 5_384, "exact", "", "api"),
    "bilibili_relation_stat_50329118.json": ("50329118", 7_610_241, "exact", "", "api"),
    "bilibili_relation_stat_517327498.json": ("517327498", 30_352_069, "exact", "", "api"),
    "bluesky_getProfile_wired.com_2025.json": ("did:plc:inz4fkbbp7ms3ixufw6xuvdi", 319_216, "exact", "", "api"),
    "github_org_Organization.json": ("21341965", 130, "exact", "", "api"),
    "github_org_octokit.json": ("31898100", 0, "exact", "", "api"),
    "github_user_jacquev6.json": ("327146", 98, "exact", "", "api"),
    "mastodon_account_halcy_mastodon.social.json": ("23972@mastodon.social", 3_553, "exact", "", "api"),
    "mastodon_lookup_ok_localinstance.json": ("117020565966271181@localhost:3000", 0, "exact", "", "api"),
    "weibo_ajax_profile_info_6052479595_2023.json": ("6052479595", 246_776, "exact", "24.7万", "cookie"),
    "weibo_cn_profile_1669879400.html": ("1669879400", 70_805_574, "exact", "70805574", "page"),
    "weibo_m_getIndex_1669879400_2019.json": ("1669879400", 63_357_736, "exact", "", "api"),
}
NO_COUNT = {
    "bilibili_-404.json": ("nothing_there", "no_such_account"),
    "bluesky_400_account_takedown.json": ("nothing_there", "suspended"),
    "bluesky_400_profile_not_found.json": ("nothing_there", "no_such_account"),
    "github_304_not_modified.txt": ("unchanged", "not_modified"),
    "github_403_rate_limit.json": ("rate_limited", "too_many_requests"),
    "github_404_not_found.json": ("nothing_there", "no_such_account"),
    "mastodon_lookup_404.json": ("nothing_there", "no_such_account"),
    "weibo_cn_info_1669879400.html": ("nothing_there", "no_count"),
}
REFUSALS_OF_OTHER_CALLS = {
    "bilibili_-352_risk_control.json": (bilibili, "risk_control"),
    "bilibili_-401_captcha.json": (bilibili, "captcha"),
    "mastodon_401.json": (mastodon, "login"),
    "weibo_m_not_logged_in_ok-100.json": (weibo, "login"),
}
"""Recorded at addresses that we do not ask; the same words come back from those that we do."""


def recorded() -> dict[str, tuple[str, Snapshot]]:
    """Map each recorded file to the source that it is offered to and its snapshot."""
    if not FOLDER.is_dir():
        return {}
    return dict(_claimed())


def _claimed() -> Iterator[tuple[str, tuple[str, Snapshot]]]:
    with (FOLDER / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        for row in csv.DictReader(index, delimiter="\t", quoting=csv.QUOTE_NONE):
            owners = [one for one in SOURCES if one.matches(row["request_url"])]
            if owners:
                assert len(owners) == 1, row
                yield row["file"], (owners[0].source.id, _snapshot(row))


def _snapshot(row: dict[str, str]) -> Snapshot:
    at = datetime(2026, 10, 10, tzinfo=UTC)
    headers = {"content-type": row["content_type"]} if row["content_type"] else {}
    body = (FOLDER / row["file"]).read_bytes()
    return Snapshot(row["file"], row["request_url"], body, at, at, status=int(row["status"]), headers=headers)


RECORDED = recorded()


def answer(file: str) -> Answer:
    source_id, snapshot = RECORDED[file]
    return read_snapshot(next(one for one in SOURCES if one.source.id == source_id), snapshot)


def test_every_recorded_answer_of_our_calls_is_accounted_for() -> None:
    assert set(RECORDED) == set(COUNTS) | set(NO_COUNT)


@pytest.mark.parametrize("file", COUNTS)
def test_reads_the_count_that_the_platform_stated(file: str) -> None:
    got = answer(file)
    assert (got.outcome, got.message, got.reading.drift) == ("ok", "", ())
    (reading,) = got.reading.records
    count = reading.followers
    assert (reading.platform_id, count.value, count.qualifier, count.text, reading.method) == COUNTS[file]
    assert (count.low, count.high) == (count.value, count.value)


@pytest.mark.parametrize("file", NO_COUNT)
def test_names_the_reason_where_there_is_no_count(file: str) -> None:
    got = answer(file)
    assert (got.outcome, got.reason, got.reading.records) == (*NO_COUNT[file], ())


@pytest.mark.parametrize("file", REFUSALS_OF_OTHER_CALLS)
def test_a_refusal_is_never_a_missing_account(file: str) -> None:
    source, reason = REFUSALS_OF_OTHER_CALLS[file]
    at = datetime(2026, 10, 10, tzinfo=UTC)
    status = 401 if "401.json" in file and source is mastodon else 200
    snapshot = Snapshot(file, "https://x.example/", (FOLDER / file).read_bytes(), at, at, status=status)
    got = read_snapshot(Extractor(source.SOURCE, source.matches, source.fetch, source.parse), snapshot)
    assert (got.outcome, got.reason) == ("refused", reason)


def test_a_recorded_view_from_another_server_is_set_aside() -> None:
    _, snapshot = RECORDED["mastodon_account_halcy_mastodon.social.json"]
    records: tuple[Any, ...] = mastodon.parse(snapshot).records
    tidy = tidy_mastodon([Read(snapshot, records)], WatchList())
    assert tidy.rows["core.follower_counts"].num_rows == 0
    assert [(one.reason, one.row["value"], one.row["handle"]) for one in tidy.set_aside] == [
        ("remote_view", 3_553, "halcy@icosahedron.website")
    ]
