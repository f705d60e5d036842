"""The benchmark still runs: every piece of work but dlt's, over three small answers."""

import gzip
import socket
from pathlib import Path

import duckdb
import pytest

from bench import feeds, queries, service
from bench.documents import announcement, figures_of, read_exhibits
from bench.ingest import Measured, scaled, show
from bench.made_warehouse import Size, make
from bench.work import PARTS, WORK, Parts
from bench.yahoo_archive import write_archive, write_watchlist
from extractors.settings import Settings
from flows.service.app import create_app
from tests.served import served
from warehouse import written_marts
from warehouse.home import Home


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_archive(tmp_path / "bench.warc.gz", answers=3, days=20)
    write_watchlist(tmp_path / "watchlist.toml", answers=3)
    return tmp_path


@pytest.mark.parametrize("name", ["json alone", "bare columns"])
def test_a_baseline_reads_every_bar(name: str, source: Path) -> None:
    assert WORK[name](source, source, Parts()) == 60


def test_an_ingest_loads_and_publishes_every_bar_and_times_each_part(source: Path) -> None:
    parts = Parts()
    assert WORK["dragongate"](source, source, parts) == 60
    assert (source / "home" / "published" / "warehouse.duckdb").exists()
    assert parts.seconds.keys() == {*PARTS, "read and parse"}


def test_what_dlt_costs_however_few_the_rows_is_counted_once() -> None:
    one, tenth = Measured(20, 3.0, 2.0, 100), Measured(600, 32.0, 31.0, 100)
    assert scaled(tenth, one, 300, lambda found: found.seconds) == 3.0 + 299


def test_the_table_gives_the_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    found = {name: Measured(750_000, 4.0, 2.0, 300) for name in WORK}
    found["dragongate"] = Measured(750_000, 8.0, 6.0, 450, {"load": 5.0, "check and publish": 2.0})
    show(found, answers=300)
    said = " ".join(capsys.readouterr().out.split())
    assert "300 answers, 750,000 bars" in said
    assert "dragongate / bare columns 2.00 (aim: at most 3)" in said and "dragongate / bare columns 3.00" in said
    assert "up to the committed load 1.50 of bare" in said and "peak of memory 450 MB" in said


def test_documents_are_read_to_their_figures() -> None:
    assert read_exhibits(0, 2) == 4
    assert figures_of(announcement(2)) > 0


def test_every_reader_of_feeds_finds_every_entry(tmp_path: Path) -> None:
    bodies = feeds.bodies_of(tmp_path / "none")[:2]
    assert {name: work(bodies) for name, work in feeds.WORK.items()} == dict.fromkeys(feeds.WORK, 50)


def test_feeds_of_a_folder_are_read_as_they_came(tmp_path: Path) -> None:
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(b"<rss/>"))
    (tmp_path / "b.xml").write_bytes(b"<feed/>")
    (tmp_path / "c.opml").write_bytes(b"<opml/>")
    assert feeds.bodies_of(tmp_path) == [b"<rss/>", b"<feed/>"]


def test_a_reader_is_measured_by_its_least_disturbed_pass() -> None:
    found = feeds.carry_out("dragongate", [feeds.made_feed(0)], passes=2)
    assert found.entries == 25 and found.cpu_seconds > 0 and found.megabytes > 0
    slow = feeds.Measured(25, 9.0, 8.0, 50)
    assert feeds.least([slow, found]) == found


def test_the_table_of_feeds_gives_the_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    found = {name: feeds.Measured(1_000, 0.5, 0.5, 40) for name in feeds.WORK}
    found["dragongate"] = feeds.Measured(1_000, 0.02, 0.02, 50)
    feeds.show(found, feeds=40)
    said = " ".join(capsys.readouterr().out.split())
    assert "dragongate 1,000 0.0200 s 50,000/s 50 MB" in said
    assert "dragongate / feedparser 25.0 (aim: 20)" in said and "to plain text / feedparser 1.0" in said


def test_polls_of_the_service_are_counted_and_timed(sample_home: Home) -> None:
    polled = service.Polled()
    with served(create_app(sample_home, Settings())) as address:
        service.poll(address, 6, every=0, into=polled)
    assert (len(polled.seconds), polled.failed) == (6, 0) and min(polled.seconds) > 0


def test_polls_that_nobody_answers_have_failed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    polled = service.Polled()
    service.poll(address, 2, every=0, into=polled)
    assert polled.failed == 2


def test_a_home_has_something_to_serve_before_the_load(tmp_path: Path) -> None:
    service.prepare(tmp_path, answers=2, days=20)
    assert (tmp_path / "home" / "published" / "warehouse.duckdb").exists() and (tmp_path / "bench.warc.gz").exists()


def test_what_polls_cost_is_shown_for_each_round(capsys: pytest.CaptureFixture[str]) -> None:
    alone, polled = Measured(60, 10.0, 8.0, 400), Measured(60, 10.4, 8.2, 400)
    service.show([service.Round(alone, polled)] * 2, service.Polled([0.002, 0.004, 0.004], 1, 0.3), 120)
    said = " ".join(capsys.readouterr().out.split())
    assert "3 polls, 1 failed" in said and "by the clock: median 1.040 of 1.040, 1.040 (aim: 1.05)" in said
    assert "4.0 ms in the middle" in said and "100.0 ms of the service's processor" in said and "120 MB" in said


def test_questions_over_a_made_warehouse_are_answered_as_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written_marts, "MANY_ROWS", 0)
    counts = make(tmp_path / "made.duckdb", Size().times(0.001))
    assert counts["mart.company_daily"] > 20_000 and counts["history.daily_quotes_by_source"] > 0
    with duckdb.connect(str(tmp_path / "made.duckdb"), read_only=True, config={"threads": 2}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for pair in queries.questions():
            answer = queries.once(connection, pair.ours, [], [])
            assert answer, f"{pair.name}: no row, so that its speed says nothing"
            if pair.other:
                queries.require_equal(pair.name, answer, queries.once(connection, pair.other, [], []))
    for pair in (*queries.questions(), *queries.pasts()):
        if pair.name in ("deliveries_league", "as_of.fx_rates"):
            timed = queries.ask(tmp_path / "made.duckdb", pair, 1)
            assert timed.rows > 0 and timed.ratio is not None


def test_every_question_has_a_query_by_hand_or_is_over_bare_tables() -> None:
    assert [pair.name for pair in queries.questions() if bool(pair.other) is pair.is_bare] == []


def test_every_query_by_hand_stands_beside_a_question() -> None:
    named = {pair.name for pair in queries.questions() if pair.other}
    assert named == {path.stem for path in queries.BY_HAND.glob("*.sql")}


def test_another_answer_by_hand_ends_the_bench() -> None:
    queries.require_equal("a", [{"x": 1.0, "y": "a"}, {"x": 2.0, "y": "b"}], [{"x": 2.0, "y": "b"}, {"x": 1, "y": "a"}])
    with pytest.raises(AssertionError, match="by hand"):
        queries.require_equal("a", [{"x": 1.0}], [{"x": 1.1}])


def test_the_table_of_questions_says_what_is_beyond_the_aims(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [
        queries.Pair("quick", "FROM mart.valuation", "other"),
        queries.Pair("slow", "FROM mart.valuation", "other"),
        queries.Pair("alone", "FROM core.events"),
        queries.Pair("computed", "FROM core.fx_daily"),
    ]
    found = {
        "quick": queries.Timed([0.01], [0.01], [0.01], [0.01], 90, 3),
        "slow": queries.Timed([0.5], [0.9], [0.1], [0.3], 90, 3),
        "alone": queries.Timed([0.02], [0.02], [], [], 90, 0),
        "computed": queries.Timed([0.02], [0.02], [], [], 90, 3),
    }
    queries.show(pairs, [found, found], [0.1, 1])
    said = " ".join(capsys.readouterr().out.split())
    assert "slow 500 500 3.00 3 90" in said and "alone 20 20 bare 0 90" in said and "computed 20 20 none 3 90" in said
    assert queries.sum_up(found, pairs, 2) == (
        "within 2 times: 2 of 4 (not slow, computed); within 400 ms: 3 (not slow); without an answer: alone"
    )
