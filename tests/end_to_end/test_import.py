"""Counts that people bring in, by the command line: loaded once, never lost, and rebuilt from the archive alone."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.commands import ROOT, Ran, dragongate

SAMPLE = ROOT / "samples" / "followers_by_hand.csv"
COUNTS = (
    "SELECT account_id, metric, CAST(observed_at AS VARCHAR) AS at, value, value_low, value_high, qualifier, "
    "text_as_shown, method, stated_by, entered_by, source_id, snapshot_id, CAST(first_seen_at AS VARCHAR) AS seen, "
    "version_cause FROM core.follower_counts ORDER BY observed_at"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the sample was brought twice."""
    place = tmp_path_factory.mktemp("imported")
    assert loaded(bring(place)) == {"inserted": 3, "updated": 0, "unchanged": 0, "rejected": 0}
    return place


def bring(home: Path, file: Path = SAMPLE) -> Ran:
    return dragongate("import", "followers", str(file), "--home", str(home), "--json")


def loaded(ran: Ran) -> Any:
    assert ran.code == 0, ran.err
    return ran.json["loaded"]["core.follower_counts"]


def counts(home: Path) -> Any:
    return dragongate("sql", COUNTS, "--home", str(home), "--json").json


def test_each_count_keeps_its_precision_its_time_its_source_and_its_author(home: Path) -> None:
    shown = [
        (one["at"][:19], one["value"], one["value_low"], one["value_high"], one["qualifier"], one["method"])
        for one in counts(home)
    ]
    assert shown == [
        ("2022-10-27 02:00:00", 22_756_103, 22_756_103, 22_756_103, "exact", "manual"),
        ("2022-10-27 02:05:00", 22_756_000, 22_755_500, 22_756_999, "rounded", "manual"),
        ("2022-10-27 02:10:00", 22_750_000, 22_745_000, 22_759_999, "rounded", "vendor"),
    ]
    assert {one["entered_by"] for one in counts(home)} == {"A. Name"}
    assert counts(home)[2]["stated_by"] == "Example Data Service"
    assert {(one["source_id"], one["version_cause"]) for one in counts(home)} == {("manual", "manual")}


def test_the_same_file_again_changes_nothing_and_is_kept_once(home: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    assert loaded(bring(copy)) == {"inserted": 0, "updated": 0, "unchanged": 3, "rejected": 0}
    assert counts(copy) == counts(home)


def test_a_mended_table_corrects_one_count_and_loses_none(home: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(home, tmp_path / "home", symlinks=True))
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    mended = tmp_path / "mended.csv"
    mended.write_text("\n".join([lines[0], lines[1].replace("22756103", "22756104")]), encoding="utf-8")
    assert loaded(bring(copy, mended)) == {"inserted": 0, "updated": 1, "unchanged": 0, "rejected": 0}
    assert [one["value"] for one in counts(copy)] == [22_756_104, 22_756_000, 22_750_000]
    before = dragongate(
        "sql", "SELECT value, version_cause FROM history.follower_counts", "--home", str(copy), "--json"
    ).json
    assert before == [{"value": 22_756_103, "version_cause": "manual"}]
    assert rebuilt(copy, tmp_path / "again") == counts(copy)


def rebuilt(home: Path, fresh: Path) -> Any:
    (fresh / "archive").mkdir(parents=True)
    for file in sorted((home / "archive").glob("*.warc*")):
        ran = dragongate("ingest", str(file), "--home", str(fresh))
        assert ran.code == 0, ran.err
    return counts(fresh)


def test_the_archive_alone_gives_the_same_rows_again(home: Path, tmp_path: Path) -> None:
    assert rebuilt(home, tmp_path / "fresh") == counts(home)


def test_the_way_from_a_count_leads_to_the_bytes_that_were_brought_in(home: Path) -> None:
    (one, *_) = counts(home)
    key = "weibo:1749127163,followers,2022-10-27 02:00:00+00,manual"
    ran = dragongate("why", "core.follower_counts", key, "--home", str(home))
    assert ran.code == 0 and "urn:dragongate:import:followers:" in ran.out and one["snapshot_id"] in ran.out


def test_a_table_with_a_mistake_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    text = SAMPLE.read_text(encoding="utf-8")
    wrong.write_text(text.replace("10:05:00+08:00", "10:05:00").replace("10:10:00", "10:99:00"), encoding="utf-8")
    ran = bring(tmp_path / "home", wrong)
    assert (ran.code, ran.out, "Traceback" in ran.err) == (2, "", False)
    assert "wrong.csv:3: observed_at: '2022-10-27T10:05:00' names no zone" in ran.err
    assert "wrong.csv:4: observed_at: '2022-10-27T10:99:00+08:00' is no time" in ran.err
    assert not (tmp_path / "home").exists()


def test_an_account_that_is_not_on_the_watch_list_is_told_with_those_that_are_near(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(SAMPLE.read_text(encoding="utf-8").replace("1749127163", "1749127164", 1), encoding="utf-8")
    ran = bring(tmp_path / "home", wrong)
    assert ran.code == 2 and "wrong.csv:2: account: there is no 'weibo:1749127164' on the watch list" in ran.err
    assert "weibo:1749127163" in ran.err and not (tmp_path / "home").exists()
