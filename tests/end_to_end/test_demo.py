"""The demo, run twice; and a rebuild from what it archived."""

import shutil
from collections import Counter
from pathlib import Path

from tests.end_to_end.commands import demo, dragongate, words_of
from tests.end_to_end.conftest import Demo
from tests.end_to_end.rows import content, differences, ledger

LOADED = ("table", "inserted", "updated", "unchanged", "rejected")
READ_ONCE = {
    "core.filing_exhibits", "core.filing_documents", "core.filing_document_pages",
    "core.operating_kpis_by_source", "core.operating_kpis", "core.targets", "core.estimates",
}  # fmt: skip
"""Tables of documents that are asked for once."""


def test_the_demo_says_what_was_loaded_how_old_it_is_and_what_to_do_next(undisturbed: Demo) -> None:
    assert undisturbed.first.code == 0
    loaded = {row["table"]: row for row in words_of(LOADED, undisturbed.first.out)}
    assert loaded["core.fx_rates"]["inserted"] == "3,192"
    assert loaded["core.daily_quotes_by_source"]["inserted"] == "278"
    for part in ("Age of the data, at the end of the recording", "The company and its rivals", "Xiaomi"):
        assert part in undisturbed.first.out
    assert str(undisturbed.home / "published" / "warehouse.duckdb") in undisturbed.first.out


def test_a_second_demo_changes_nothing_and_says_so(undisturbed: Demo, home: Path) -> None:
    second = dragongate(*demo(home))
    assert second.code == 0, second.err
    assert "Nothing changed: every row was there already." in second.out
    assert "Nothing changed" not in undisturbed.first.out
    shown = words_of(LOADED, second.out)
    assert sum(int(row["unchanged"].replace(",", "")) for row in shown) > 9_000
    assert {(row["inserted"], row["updated"]) for row in shown} == {("0", "0")}
    assert differences(content(undisturbed.home), content(home)) == []


def test_a_second_demo_tells_programs_of_every_table_that_nothing_came(undisturbed: Demo, home: Path) -> None:
    second = dragongate(*demo(home, "--json")).json
    filled = {row["table"] for row in words_of(LOADED, undisturbed.first.out) if row["inserted"] != "0"}
    assert filled - READ_ONCE <= second["loaded"].keys()
    assert {(one["inserted"], one["updated"]) for one in second["loaded"].values()} == {(0, 0)}
    assert second["generation"] == 1
    assert (home / "published" / "warehouse.duckdb").resolve().name == "warehouse-1.duckdb"


def test_a_second_demo_asks_every_source_again_but_for_pages_that_it_has(home: Path) -> None:
    dragongate(*demo(home))
    asked = ledger(home, "SELECT source_id, count(*) AS asked FROM fetches GROUP BY run_id, source_id")
    times = Counter(str(row["source_id"]) for row in asked)
    once = ("news_articles", "sec_filing_index", "sec_documents", "hkexnews_documents")
    assert [times.pop(name) for name in once] == [1] * 4
    assert len(times) > 8 and set(times.values()) == {2}


def test_ingesting_the_demos_own_archive_gives_the_same_rows(undisturbed: Demo, tmp_path: Path) -> None:
    rebuilt = tmp_path / "rebuilt"
    kept = sorted((undisturbed.home / "archive").glob("*.warc.gz"))
    assert kept
    for file in kept:
        ran = dragongate("ingest", str(file), "--home", str(rebuilt), "--json")
        assert ran.code == 0, ran.err
    assert differences(content(undisturbed.home), content(rebuilt)) == []


def test_a_warehouse_that_is_lost_comes_back_from_the_archive(undisturbed: Demo, home: Path) -> None:
    shutil.rmtree(home / "private")
    shutil.rmtree(home / "published")
    for file in sorted((home / "archive").glob("*.warc.gz")):
        assert dragongate("ingest", str(file), "--home", str(home)).code == 0
    assert differences(content(undisturbed.home), content(home)) == []
