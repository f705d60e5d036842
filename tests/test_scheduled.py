"""What the ledger remembers for schedules, and what a run of some sources leaves standing of the others."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from extractors.watchlist import BadWatchList
from flows.scheduling.scheduled import due_now, named_schedules, ran
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.ledger import Run, runs_named, write_run
from warehouse.publish import publish_ops
from warehouse.scheduled import scheduled_runs
from warehouse.status import read_status
from warehouse.tables.catalog import BY_NAME

LIST = '[[schedule]]\nname = "rates"\nat = ["08:00"]\nzone = "UTC"\nkinds = ["fx"]\n'


def at(hour: int) -> datetime:
    return datetime(2026, 3, 2, hour, tzinfo=UTC)


def run(name: str, hour: int, state: str = "completed", message: str = "", **more: Sequence[str]) -> Run:
    return Run(
        name, "daily", "live", at(hour), "0", "host", 1, state, ended_at=at(hour), message=message,
        sources=tuple(more.get("sources", ())), schedules=tuple(more.get("schedules", ())),
    )  # fmt: skip


def home_with(folder: Path, runs: Sequence[Run], missing: Sequence[tuple[str, str, str]] = ()) -> Home:
    """Publish a ledger with these runs, and with these answers that are missing: run, source, chunk."""
    home = Home(folder).make()
    with Warehouse.open(home.warehouse) as warehouse:
        for one in runs:
            write_run(warehouse, one)
        rows = [
            {"run_id": name, "source_id": source, "chunk": chunk, "state": "missing", "is_required": False}
            for name, source, chunk in missing
        ]
        warehouse.append({"ops.answers": BY_NAME["ops.answers"].arrow(rows)})
        publish_ops(home, warehouse)
    return home


def gaps(home: Home) -> list[tuple[str, str]]:
    return [(one["source_id"], one["chunk"]) for one in read_status(home).gaps]


def test_a_run_of_some_sources_hides_no_gap_of_others(tmp_path: Path) -> None:
    runs = [run("all", 1), run("feeds", 2, sources=["news_feeds"])]
    missing = [("all", "ecb_rates", "EUR"), ("all", "news_feeds", "one"), ("feeds", "news_feeds", "two")]
    assert gaps(home_with(tmp_path, runs, missing)) == [("ecb_rates", "EUR"), ("news_feeds", "two")]


def test_a_run_that_asked_a_source_in_vain_for_nothing_clears_its_gaps(tmp_path: Path) -> None:
    runs = [run("all", 1), run("feeds", 2, sources=["news_feeds"])]
    assert gaps(home_with(tmp_path, runs, [("all", "news_feeds", "one")])) == []


def test_a_run_of_all_sources_starts_anew(tmp_path: Path) -> None:
    runs = [run("feeds", 1, sources=["news_feeds"]), run("all", 2)]
    missing = [("feeds", "news_feeds", "one"), ("all", "ecb_rates", "EUR")]
    assert gaps(home_with(tmp_path, runs, missing)) == [("ecb_rates", "EUR")]


def test_runs_that_died_run_or_were_stopped_did_not_do_what_their_schedule_wanted(tmp_path: Path) -> None:
    runs = [
        run("good", 1, schedules=["rates", "feeds"]),
        run("bad", 2, "failed", "required and missing: ecb_rates", schedules=["rates"]),
        run("dead", 3, "died", schedules=["rates"]),
        run("stopped", 4, "failed", "KeyboardInterrupt: ; what it had archived: taken in", schedules=["rates"]),
        run("by hand", 5),
        run("now", 6, "running", schedules=["rates"]),
    ]
    found = scheduled_runs(home_with(tmp_path, runs))
    assert [(one.schedule, one.run_id, one.state) for one in found] == [
        ("rates", "bad", "failed"), ("rates", "good", "completed"), ("feeds", "good", "completed"),
    ]  # fmt: skip
    assert [one.is_good for one in ran(Home(tmp_path))["rates"]] == [False, True]


def test_a_ledger_that_knows_no_schedules_has_none_that_ran(tmp_path: Path) -> None:
    assert scheduled_runs(Home(tmp_path)) == []
    home = home_with(tmp_path, [run("good", 1, schedules=["rates"])])
    home.published_ops.unlink()
    with duckdb.connect(str(home.published_ops)) as older:
        older.execute("CREATE TABLE runs (run_id VARCHAR, started_at TIMESTAMPTZ)")
    assert scheduled_runs(home) == []


def test_what_is_due_now_is_told_by_name_and_by_the_ledger(tmp_path: Path) -> None:
    home = home_with(tmp_path, [run("good", 8, schedules=["rates"])])
    home.watchlist.write_text(LIST, encoding="utf-8")
    (rates,) = named_schedules(home, [], all_of_them=True)
    assert named_schedules(home, ["rates", "rates"]) == (rates,) and named_schedules(home, []) == ()
    assert due_now(home, [rates], lambda: at(23)) == ()
    assert due_now(home, [rates], lambda: datetime(2026, 3, 3, 8, tzinfo=UTC)) == (rates,)
    with pytest.raises(BadWatchList, match="there is no schedule 'rate'; the watch list has rates"):
        named_schedules(home, ["rate"])


def test_runs_are_found_by_name(tmp_path: Path) -> None:
    home = home_with(tmp_path, [run("good", 1, schedules=["rates"], sources=["ecb_rates"]), run("other", 2)])
    with Warehouse.open(home.warehouse) as warehouse:
        (found,) = runs_named(warehouse, ["good", "unknown"])
    assert (found.run_id, found.schedules, found.sources) == ("good", ("rates",), ("ecb_rates",))
