"""The kept watch list becomes rows, whatever list the run itself uses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from extractors.errors import ShapeChanged
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList, parse_watchlist
from extractors.watchlist_file import SOURCE, URI, matches, parse
from tests.cases import FIXTURES
from transforms.metrics import METRICS
from transforms.tidy import Tidy
from transforms.tidy_watchlist import tidy_watchlist
from transforms.xbrl_metrics import METRICS as XBRL_METRICS
from warehouse.tables.catalog import table

NOON = datetime(2024, 12, 30, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)


def _read(text: str, at: datetime = NOON) -> Read[WatchList]:
    snapshot = Snapshot(f"urn:uuid:{at:%d}", URI, text.encode(), at, at)
    return Read(snapshot, parse(snapshot).records)


@pytest.fixture(scope="module")
def tidy() -> Tidy:
    return tidy_watchlist([_read((FIXTURES / "watchlist.toml").read_text(encoding="utf-8"))], WatchList())


def _by(tidy: Tidy, name: str, key: str) -> dict[Any, dict[str, Any]]:
    return {row[key]: row for row in tidy.rows[name].to_pylist()}


def test_every_entry_is_a_row_even_when_the_run_follows_nobody(tidy: Tidy) -> None:
    listed = parse_watchlist((FIXTURES / "watchlist.toml").read_text(encoding="utf-8"))
    assert tidy.rows["core.companies"].num_rows == len(listed.companies) == 6
    assert tidy.rows["core.people"].num_rows == len(listed.people)
    assert tidy.rows["core.products"].num_rows == len(listed.products)
    assert tidy.rows["core.securities"].num_rows == len(listed.securities)
    assert tidy.rows["core.accounts"].num_rows == len(listed.accounts)
    assert tidy.rows["core.relations"].num_rows == len(listed.relations)
    assert tidy.set_aside == ()


def test_fills_every_table_that_the_source_names(tidy: Tidy) -> None:
    assert set(tidy.rows) == set(SOURCE.tables)


@pytest.mark.parametrize("name", SOURCE.tables)
def test_keys_are_unique(tidy: Tidy, name: str) -> None:
    keys = [tuple(row[one] for one in table(name).key) for row in tidy.rows[name].to_pylist()]
    assert len(keys) == len(set(keys))


def test_an_ads_keeps_its_ratio_and_an_index_has_no_company(tidy: Tidy) -> None:
    lines = _by(tidy, "core.securities", "security_id")
    assert lines["XNAS:LI"]["shares_per_unit"] == 2
    assert lines["XHKG:01810"]["shares_per_unit"] == 1
    assert lines["XHKG:01810"]["valid_from_date"] == date(1900, 1, 1)
    assert lines["XHKG:HSTECH"]["company_id"] is None


def test_accounts_know_what_their_owner_is(tidy: Tidy) -> None:
    accounts = _by(tidy, "core.accounts", "account_id")
    assert accounts["weibo:1749127163"]["owner_kind"] == "person"
    assert accounts["github:XiaoMi"]["owner_kind"] == "company"
    assert accounts["github:XiaoMi"]["platform_account_id"] is None


def test_rows_lead_to_the_list_that_was_kept(tidy: Tidy) -> None:
    row = _by(tidy, "core.companies", "company_id")["xiaomi"]
    assert row["source_id"] == "watchlist_file"
    assert row["snapshot_id"] == "urn:uuid:30"
    assert row["available_at"] == row["fetched_at"] == row["first_seen_at"] == NOON


def test_two_kept_lists_give_two_versions() -> None:
    text = '[[company]]\nid = "a"\nname = "{}"\nreporting_currency = "CNY"\n'
    tidy = tidy_watchlist([_read(text.format("Old")), _read(text.format("New"), LATER)], WatchList())
    rows = tidy.rows["core.companies"].to_pylist()
    assert [(row["name"], row["fetched_at"]) for row in rows] == [("Old", NOON), ("New", LATER)]


def test_an_empty_list_gives_no_rows_but_the_metrics() -> None:
    tidy = tidy_watchlist([_read("")], WatchList())
    assert {name: data.num_rows for name, data in tidy.rows.items() if data.num_rows} == {"core.metrics": len(METRICS)}


def test_metrics_are_defined_once_and_fully() -> None:
    codes = [one.code for one in METRICS]
    assert len(codes) == len(set(codes))
    assert {one.kind for one in METRICS} == {"flow", "level", "ratio", "count"}
    assert all(one.words and one.unit and one.title for one in METRICS)


def test_what_filings_state_is_defined() -> None:
    assert {one.code for one in XBRL_METRICS} <= {one.code for one in METRICS}


def test_a_word_means_one_metric() -> None:
    words = [word.casefold() for one in METRICS for word in one.words]
    assert [word for word in words if words.count(word) > 1] == []


def test_only_the_kept_list_is_ours() -> None:
    assert matches(URI)
    assert not matches("urn:dragongate:calendar:XHKG:2024")
    assert not matches(URI + ":old")


def test_a_kept_list_in_another_encoding_is_a_change_of_shape() -> None:
    snapshot = replace(_read("").snapshot, body="name = '小米'".encode("gb18030"))
    with pytest.raises(ShapeChanged, match="utf-8"):
        parse(snapshot)
