"""The benchmark still runs: every piece of work but dlt's, over three small answers."""

from pathlib import Path

import pytest

from bench.documents import announcement, figures_of, read_exhibits
from bench.ingest import Measured, scaled, show
from bench.work import PARTS, WORK, Parts
from bench.yahoo_archive import write_archive, write_watchlist


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
