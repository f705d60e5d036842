"""What readers meet: one whole, checked generation at every moment, whatever happens to the writer."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb
import pytest

from tests import small_warehouse as small
from warehouse.database import Warehouse
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.publish import Publication, PublishError, publish, rollback
from warehouse.published import open_published

NOW = small.utc("2025-03-19 13:00")
HOLDS = """
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True):
    print("open", flush=True)
    sys.stdin.read()
"""
CLOSES = "SELECT close_price FROM core.daily_quotes ORDER BY trade_date"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).make()


@pytest.fixture
def warehouse(home: Home) -> Iterator[Warehouse]:
    with Warehouse.open(home.warehouse) as opened:
        small.load(opened, "core.companies", small.company("xiaomi"))
        small.load(opened, "core.securities", small.security("XHKG:01810", "xiaomi", is_primary=True))
        add_quote(opened, "2025-03-18", "55.2")
        yield opened


def add_quote(warehouse: Warehouse, day: str, close: str) -> None:
    small.load(warehouse, "core.daily_quotes_by_source", small.quote("XHKG:01810", day, close))


def spoil(warehouse: Warehouse, day: str) -> None:
    """Put a price into the writer's file that no load would have let in."""
    add_quote(warehouse, day, "1")
    warehouse.connection.execute(f"UPDATE core.daily_quotes_by_source SET close_price = -1 WHERE trade_date = '{day}'")
    warehouse.connection.execute(f"UPDATE core.daily_quotes SET close_price = -1 WHERE trade_date = '{day}'")


def go(home: Home, warehouse: Warehouse, run_id: str = "run-1", **more: Any) -> Publication:
    return publish(home, warehouse, run_id=run_id, now=NOW, **more)


def seen(home: Home, sql: str = CLOSES) -> list[Any]:
    with open_published(home) as connection:
        return [row[0] if len(row) == 1 else row for row in connection.execute(sql).fetchall()]


def test_a_reader_finds_tables_views_macros_comments_and_utc(home: Home, warehouse: Warehouse) -> None:
    assert go(home, warehouse) == Publication(1, is_new=True)
    assert [float(one) for one in seen(home)] == [55.2]
    assert seen(home, "SELECT company_id FROM mart.company_daily") == ["xiaomi"]
    assert seen(home, f"SELECT trade_date FROM as_of.daily_quotes(TIMESTAMPTZ '{NOW.isoformat()}')") != []
    comments = "SELECT count(*) FROM duckdb_{0}() WHERE schema_name = '{1}' AND comment <> ''"
    assert seen(home, comments.format("tables", "core"))[0] > 20
    assert seen(home, comments.format("views", "mart"))[0] >= 4
    assert seen(home, "SELECT current_setting('TimeZone')") == ["UTC"]


def test_the_link_opens_in_any_tool_and_no_log_is_left(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    with duckdb.connect(str(home.published_warehouse), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM mart.company_daily").fetchone() == (1,)
    assert sorted(one.name for one in home.published.iterdir()) == ["warehouse-1.duckdb", "warehouse.duckdb"]
    assert home.published_warehouse.stat().st_mode & 0o222 == 0


def test_nothing_new_makes_no_new_generation(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    add_quote(warehouse, "2025-03-18", "55.2")
    assert go(home, warehouse, "run-2") == Publication(1, is_new=False)
    add_quote(warehouse, "2025-03-19", "57.95")
    assert go(home, warehouse, "run-3") == Publication(2, is_new=True)


def test_a_view_that_says_something_else_makes_a_new_generation(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    warehouse.connection.execute("CREATE OR REPLACE MACRO ops.definitions_version() AS 'newer'")
    assert go(home, warehouse) == Publication(2, is_new=True)


def test_a_reader_that_is_there_keeps_its_generation(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    with open_published(home) as reader:
        add_quote(warehouse, "2025-03-19", "57.95")
        go(home, warehouse)
        assert len(reader.execute(CLOSES).fetchall()) == 1
        assert len(seen(home)) == 2


def test_a_reader_in_another_process_stops_nothing(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(home.published_warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout and reader.stdout.readline() == "open\n"
        add_quote(warehouse, "2025-03-19", "57.95")
        assert go(home, warehouse, keep=1).generation == 2
        reader.communicate("")


def test_at_every_moment_the_published_file_opens(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    done, counts, errors = Event(), [], []

    def read() -> None:
        while not done.is_set():
            try:
                counts.append(len(seen(home)))
            except (duckdb.Error, OSError) as error:
                errors.append(error)

    reader = Thread(target=read)
    reader.start()
    for day in ("19", "20", "21"):
        add_quote(warehouse, f"2025-03-{day}", "57.95")
        go(home, warehouse)
    done.set()
    reader.join()
    assert errors == []
    assert counts == sorted(counts)


def test_a_table_that_fails_keeps_its_last_good_content_and_so_does_what_is_chosen_from_it(
    home: Home, warehouse: Warehouse
) -> None:
    go(home, warehouse)
    spoil(warehouse, "2025-03-19")
    small.load(warehouse, "core.companies", small.company("nio"))
    publication = go(home, warehouse, "run-2")
    assert publication.generation == 2
    assert publication.kept == {
        "core.daily_quotes_by_source": "close_is_positive",
        "core.daily_quotes": "close_is_positive of core.daily_quotes_by_source",
    }
    assert [float(one) for one in seen(home)] == [55.2]
    assert seen(home, "SELECT company_id FROM core.companies ORDER BY 1") == ["nio", "xiaomi"]
    assert seen(home, "SELECT trade_date::VARCHAR FROM mart.company_daily") == ["2025-03-18"]
    said = "SELECT table_name, state, content_generation FROM ops.publications WHERE generation = 2 AND table_name IN "
    assert seen(home, said + "('core.daily_quotes', 'core.companies') ORDER BY 1") == [
        ("core.companies", "published", 2),
        ("core.daily_quotes", "kept", 1),
    ]
    failed = "SELECT check_name, failing_rows FROM ops.checks WHERE run_id = 'run-2' AND is_blocking AND NOT is_passed"
    assert seen(home, failed) == [("close_is_positive", 1)]


def test_a_kept_table_comes_from_where_it_was_last_good(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    spoil(warehouse, "2025-03-19")
    go(home, warehouse, "run-2")
    small.load(warehouse, "core.companies", small.company("nio"))
    assert go(home, warehouse, "run-3").generation == 3
    content = (
        "SELECT content_generation FROM ops.publications WHERE generation = 3 AND table_name = 'core.daily_quotes'"
    )
    assert seen(home, content) == [1]
    assert go(home, warehouse, "run-4") == Publication(3, is_new=False, kept=go(home, warehouse, "run-5").kept)


def test_a_table_that_was_never_good_goes_out_empty(home: Home, warehouse: Warehouse) -> None:
    spoil(warehouse, "2025-03-19")
    go(home, warehouse)
    assert seen(home) == []
    assert seen(home, "SELECT DISTINCT content_generation FROM ops.publications WHERE state = 'kept'") == [0]


def test_a_table_that_is_mended_goes_out_again(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    spoil(warehouse, "2025-03-19")
    go(home, warehouse, "run-2")
    for table in ("core.daily_quotes", "core.daily_quotes_by_source"):
        warehouse.connection.execute(f"UPDATE {table} SET close_price = 57.95 WHERE close_price < 0")
    assert go(home, warehouse, "run-3") == Publication(3, is_new=True)
    assert [float(one) for one in seen(home)] == [55.2, 57.95]


def test_a_failure_can_be_accepted_with_a_reason(home: Home, warehouse: Warehouse) -> None:
    spoil(warehouse, "2025-03-19")
    accept = {
        "core.daily_quotes_by_source.close_is_positive": "a test of ours",
    }
    assert go(home, warehouse, accept=accept).kept == {}
    assert len(seen(home)) == 2
    reasons = "SELECT reason FROM ops.publications WHERE reason IS NOT NULL"
    assert seen(home, reasons) == ["close_is_positive accepted: a test of ours"]


def test_accepting_what_has_not_failed_is_refused(home: Home, warehouse: Warehouse) -> None:
    spoil(warehouse, "2025-03-19")
    with pytest.raises(PublishError, match=r"volume_is_not_negative has not failed.*close_is_positive"):
        go(home, warehouse, accept={"volume_is_not_negative": "so what"})


def test_a_key_that_stands_twice_holds_a_table_back(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    warehouse.connection.execute("INSERT INTO core.companies FROM core.companies")
    assert go(home, warehouse).kept == {"core.companies": "key_is_unique"}
    assert seen(home, "SELECT count(*) FROM core.companies") == [1]
    assert go(home, warehouse, accept={"key_is_unique": "seen and known"}).kept == {}
    assert seen(home, "SELECT count(*) FROM core.companies") == [2]


def test_rollback_shows_the_generation_before_until_there_is_something_newer(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    add_quote(warehouse, "2025-03-19", "57.95")
    go(home, warehouse)
    assert rollback(home, warehouse) == 1
    assert len(seen(home)) == 1
    states = "SELECT DISTINCT generation, state FROM ops.publications ORDER BY 1"
    assert warehouse.connection.execute(states).fetchall() == [(1, "published"), (2, "withdrawn")]
    assert go(home, warehouse) == Publication(1, is_new=False)
    add_quote(warehouse, "2025-03-20", "58")
    assert go(home, warehouse) == Publication(3, is_new=True)
    assert len(seen(home)) == 3


def test_rollback_goes_forward_again_too(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    add_quote(warehouse, "2025-03-19", "57.95")
    go(home, warehouse)
    rollback(home, warehouse)
    assert rollback(home, warehouse, to=2) == 2
    states = "SELECT DISTINCT state FROM ops.publications"
    assert warehouse.connection.execute(states).fetchall() == [("published",)]


@pytest.mark.parametrize("to", [None, 7])
def test_rollback_to_what_is_not_there_is_refused(home: Home, warehouse: Warehouse, to: int | None) -> None:
    go(home, warehouse)
    with pytest.raises(PublishError, match="shown is 1, kept are 1"):
        rollback(home, warehouse, to=to)
    assert len(seen(home)) == 1


def test_the_newest_generations_are_kept_and_the_one_shown_always(home: Home, warehouse: Warehouse) -> None:
    for day in range(10, 13):
        add_quote(warehouse, f"2025-03-{day}", "50")
        go(home, warehouse, keep=2)
    assert Generations(home.published).numbers() == [2, 3]
    rollback(home, warehouse)
    Generations(home.published).keep_newest(1)
    assert Generations(home.published).numbers() == [2, 3]
    add_quote(warehouse, "2025-03-13", "50")
    go(home, warehouse, keep=1)
    assert Generations(home.published).numbers() == [4]


def test_a_view_that_does_not_answer_stops_the_generation_before_readers_see_it(
    home: Home, warehouse: Warehouse
) -> None:
    go(home, warehouse)
    warehouse.connection.execute("CREATE VIEW mart.broken AS SELECT CAST(company_id AS DATE) AS d FROM core.companies")
    with pytest.raises(PublishError, match=r"failed its audit: mart.broken does not answer.*still have generation 1"):
        go(home, warehouse)
    assert Generations(home.published).shown() == 1
    assert sorted(one.name for one in home.published.iterdir()) == ["warehouse-1.duckdb", "warehouse.duckdb"]
    recorded = warehouse.connection.execute("SELECT max(generation) FROM ops.publications").fetchone()
    assert recorded == (1,)


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Let no file grow: writing fails as on a full disk."""
    resource = pytest.importorskip("resource", reason="this system cannot limit the size of files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_generation_and_a_usable_warehouse(
    home: Home, warehouse: Warehouse, request: pytest.FixtureRequest
) -> None:
    go(home, warehouse)
    add_quote(warehouse, "2025-03-19", "57.95")
    warehouse.connection.execute("CHECKPOINT")
    request.getfixturevalue("small_disk")
    with pytest.raises(PublishError, match=r"generation 2 could not be written.*still have generation 1.*Make room"):
        go(home, warehouse, checks=small.BY_NAME["ops.checks"].arrow([]))
    assert sorted(one.name for one in home.published.iterdir()) == ["warehouse-1.duckdb", "warehouse.duckdb"]
    assert len(seen(home)) == 1
    assert warehouse.connection.execute("SELECT count(*) FROM core.daily_quotes").fetchone() == (2,)


def test_a_publication_that_was_killed_before_the_link_moved_is_made_anew(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    (home.published / "warehouse-2.duckdb").write_bytes(b"whole, but never shown")
    (home.published / ".building-3").write_bytes(b"half")
    assert go(home, warehouse) == Publication(1, is_new=False)
    assert sorted(one.name for one in home.published.iterdir()) == ["warehouse-1.duckdb", "warehouse.duckdb"]


def test_a_publication_that_was_killed_after_the_link_moved_is_recorded(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    warehouse.connection.execute("DELETE FROM ops.publications")
    assert go(home, warehouse) == Publication(1, is_new=False)
    assert warehouse.connection.execute("SELECT DISTINCT generation FROM ops.publications").fetchall() == [(1,)]


def test_a_warehouse_that_was_rebuilt_goes_on_counting_and_keeps_what_is_shown(home: Home, tmp_path: Path) -> None:
    for name in ("first", "second"):
        with Warehouse.open(tmp_path / f"{name}.duckdb") as warehouse:
            small.load(warehouse, "core.companies", small.company(name))
            publication = publish(home, warehouse, run_id=name, now=NOW)
    assert publication == Publication(2, is_new=True)
    assert seen(home, "SELECT company_id FROM core.companies") == ["second"]


def test_a_link_that_somebody_removed_comes_back(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    home.published_warehouse.unlink()
    go(home, warehouse)
    assert len(seen(home)) == 1


def test_where_links_are_not_possible_hard_ones_do(
    home: Home, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("a privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    go(home, warehouse)
    add_quote(warehouse, "2025-03-19", "57.95")
    go(home, warehouse)
    assert not home.published_warehouse.is_symlink()
    assert (len(seen(home)), Generations(home.published).shown()) == (2, 2)
    assert rollback(home, warehouse) == 1


def test_a_link_that_cannot_be_moved_leaves_what_is_shown(
    home: Home, warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(home, warehouse)
    add_quote(warehouse, "2025-03-19", "57.95")

    def refuse(*_: object) -> None:
        raise PermissionError("the link is in use")

    with monkeypatch.context() as locked:
        locked.setattr(Generations, "show", refuse)
        with pytest.raises(PublishError, match=r"the link is in use.*still have generation 1"):
            go(home, warehouse)
    assert len(seen(home)) == 1
    assert go(home, warehouse) == Publication(2, is_new=True)
    assert len(seen(home)) == 2


def test_a_log_that_another_tool_left_goes_with_its_generation(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    stray = [home.published / f"warehouse-{number}.duckdb.wal" for number in (1, 2)]
    for one in stray:
        one.write_bytes(b"scribbled by a tool")
    add_quote(warehouse, "2025-03-19", "57.95")
    go(home, warehouse, keep=1)
    assert not any(one.exists() for one in stray)
    assert len(seen(home)) == 2


def test_times_stay_the_same_instant(home: Home, warehouse: Warehouse) -> None:
    go(home, warehouse)
    found = seen(home, "SELECT available_at FROM core.daily_quotes")[0]
    assert isinstance(found, datetime) and found == small.utc("2025-03-18 08:00")
