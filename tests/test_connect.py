"""Whoever opens the published file finds the same: DuckDB's own command line, 1.5 and 2.x, and pools of readers."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.documents import ROOT, blocks
from warehouse.generations import Generations
from warehouse.home import Home

NEXT = Path(sys.prefix) / "duckdb-2"
"""Where `make test` puts DuckDB 2: two versions cannot be installed side by side."""
ASK = ROOT / "tests" / "asking_every_table.py"


@pytest.fixture(scope="module")
def here(sample_home: Home) -> dict[str, Any]:
    return asked(sample_home)


def asked(home: Home, **environment: str) -> dict[str, Any]:
    """Ask every table, view and macro in a process of its own."""
    words = [sys.executable, str(ASK), str(home.published_warehouse)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_every_table_view_and_macro_answers(here: dict[str, Any]) -> None:
    assert here["version"] == duckdb.__version__
    assert here["failures"] == {}
    marts = {one.removeprefix("mart.") for one in here["answers"] if one.startswith("mart.")}
    assert len(marts) >= 8 and {f"mart_as_of.{one} public" for one in marts} <= here["answers"].keys()
    assert sum(one.startswith("as_of.") for one in here["answers"]) > 80
    assert here["uncommented"] == []
    assert "does not know the zone" in here["without_zone"]


@pytest.mark.skipif(not NEXT.exists(), reason="DuckDB 2 is not beside these packages: `make test` puts it there")
def test_the_next_duckdb_gives_the_same_answers(here: dict[str, Any], sample_home: Home) -> None:
    there = asked(sample_home, PYTHONPATH=str(NEXT))
    assert there["version"].startswith("2.")
    assert {**there, "version": ""} == {**here, "version": ""}


def test_the_stock_command_line_opens_it_with_its_comments(sample_home: Home) -> None:
    described = list(command_line(sample_home, "DESCRIBE mart.company_daily"))
    told = list(
        command_line(
            sample_home,
            "SELECT column_name, data_type, comment FROM duckdb_columns() "
            "WHERE schema_name = 'mart' AND table_name = 'company_daily' ORDER BY column_index",
        )
    )
    assert [(one["column_name"], one["column_type"]) for one in described] == [
        (one["column_name"], one["data_type"]) for one in told
    ]
    assert all(one["comment"] for one in told) and len(told) > 30


def test_the_stock_command_line_cannot_write(sample_home: Home) -> None:
    done = cli(sample_home, "UPDATE core.companies SET name = 'x'")
    assert done.returncode != 0 and "read-only" in done.stderr


def command_line(home: Home, sql: str) -> Iterator[dict[str, str]]:
    done = cli(home, sql)
    assert done.returncode == 0, done.stderr
    yield from csv.DictReader(StringIO(done.stdout))


def cli(home: Home, sql: str) -> subprocess.CompletedProcess[str]:
    words = [str(program()), "-readonly", "-csv", str(home.published_warehouse), sql]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@cache
def program() -> Path:
    return Path(sys.executable).parent / "duckdb"


@pytest.fixture
def swapped(sample_home: Home, tmp_path: Path) -> Generations:
    """Give a published folder of two generations, of which the first is shown."""
    generations = Generations(tmp_path / "data" / "demo" / "published")
    generations.folder.mkdir(parents=True)
    for number in (1, 2):
        shutil.copyfile(sample_home.published_warehouse, generations.path(number))
    generations.show(1)
    return generations


def open_file(connection: Any) -> str:
    (path,) = connection.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchone()
    return Path(path).name


def test_a_pool_as_the_page_shows_it_takes_up_a_new_generation(
    swapped: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(swapped.folder.parents[2])
    (shown,) = [one.text for one in blocks(ROOT / "docs" / "connect.md") if "class Readers" in one.text]
    names: dict[str, Any] = {}
    exec(shown, names)
    before = names["readers"].cursor()
    swapped.show(2)
    after = names["readers"].cursor()
    assert (open_file(before), open_file(after)) == ("warehouse-1.duckdb", "warehouse-2.duckdb")
    assert open_file(names["readers"].cursor()) == "warehouse-2.duckdb"


def test_a_path_that_is_opened_anew_is_the_new_generation_in_the_same_process_too(swapped: Generations) -> None:
    with duckdb.connect(swapped.link, read_only=True) as before:
        swapped.show(2)
        with duckdb.connect(swapped.link, read_only=True) as after:
            assert (open_file(before), open_file(after)) == ("warehouse-1.duckdb", "warehouse-2.duckdb")
        swapped.remove(1)
        assert before.execute("SELECT count(*) > 0 FROM core.companies").fetchone() == (True,)
