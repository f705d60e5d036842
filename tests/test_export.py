"""A generation as Parquet: every row of core and mart, whole or not there at all, and a manifest that explains it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from extractors.mending import Tombstone
from flows.commands import mending
from flows.forget import TakenDown
from flows.main import app, code_of
from warehouse.exports import folder
from warehouse.exports.folder import ExportError, export, exported_folders
from warehouse.home import Home
from warehouse.published import query

Manifest = Mapping[str, Any]
KILLED = """
import os, sys
from pathlib import Path
from warehouse.exports import folder
from warehouse.home import Home
every = folder.exportables
folder.exportables = lambda connection: every(connection)[:1]
folder.manifest = lambda *given: os.kill(os.getpid(), 9)
folder.export(Home(Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def exported(sample_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export the sample, its larger tables by year."""
    root = tmp_path_factory.mktemp("exports")
    assert export(sample_home, root, large=200).is_new
    return root


@pytest.fixture
def manifest(exported: Path) -> Manifest:
    pointer = json.loads((exported / "current.json").read_text(encoding="utf-8"))
    read: Manifest = json.loads((exported / pointer["manifest"]).read_text(encoding="utf-8"))
    return read


def files(table: Mapping[str, Any], exported: Path) -> list[str]:
    return [str(exported / "current" / one["path"]) for one in table["files"]]


def test_every_row_is_in_the_files_as_it_is_in_the_warehouse(
    exported: Path, manifest: Manifest, sample_home: Home
) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{sample_home.published_warehouse.resolve()}' AS warehouse (READ_ONLY)")
        for table in manifest["tables"]:
            connection.execute(
                f"CREATE OR REPLACE TEMP VIEW written AS FROM read_parquet({files(table, exported)!r}, "
                "hive_partitioning = false)"
            )
            names = {row[0]: row[1] for row in connection.execute("DESCRIBE written").fetchall()}
            assert names == {one["name"]: one["type"] for one in table["columns"]}, table["name"]
            counts = connection.execute(
                f"SELECT (SELECT count(*) FROM written), count(*), "
                f"(SELECT count(*) FROM (FROM written EXCEPT ALL FROM warehouse.{table['name']})) "
                f"FROM warehouse.{table['name']}"
            ).fetchone()
            assert counts == (table["rows"], table["rows"], 0), table["name"]


@pytest.mark.parametrize("name", ["core.daily_quotes", "core.companies", "mart.company_daily"])
def test_other_readers_read_the_same(name: str, exported: Path, manifest: Manifest, sample_home: Home) -> None:
    (table,) = (one for one in manifest["tables"] if one["name"] == name)
    wanted = query(sample_home, f"FROM {name} ORDER BY ALL")
    key = [one for one in wanted.column_names if not pa.types.is_nested(wanted.schema.field(one).type)]
    read = pa.concat_tables(pyarrow.parquet.ParquetFile(one).read() for one in files(table, exported))
    order = [(one, "ascending") for one in key]
    wanted = wanted.cast(read.schema).sort_by(order)
    assert read.sort_by(order).equals(wanted)
    frame = pandas.concat([pandas.read_parquet(one, partitioning=None) for one in files(table, exported)])
    assert len(frame) == table["rows"] and list(frame.columns) == wanted.column_names
    by_polars = polars.read_parquet(files(table, exported), hive_partitioning=False)
    assert by_polars.sort(key).equals(polars.from_arrow(wanted).sort(key))


def test_the_manifest_tells_files_units_sources_and_terms(exported: Path, manifest: Manifest) -> None:
    by_name = {one["name"]: one for one in manifest["tables"]}
    assert manifest["generation"] == 1 and manifest["newest_answer_at"].startswith("2025-01-11T06:")
    for table in manifest["tables"]:
        assert table["meaning"] and all(one["meaning"] for one in table["columns"])
        for one in table["files"]:
            body = (exported / "current" / one["path"]).read_bytes()
            assert (len(body), sha256(body).hexdigest()) == (one["bytes"], one["sha256"])
    told = {one["path"] for table in manifest["tables"] for one in table["files"]}
    there = (exported / "current").resolve()
    assert told == {one.relative_to(there).as_posix() for one in there.rglob("*.parquet")}
    quotes, rates = by_name["core.daily_quotes"], by_name["core.fx_rates"]
    assert quotes["partitioned_by_year_of"] == "trade_date"
    assert {one["path"].split("/")[2] for one in quotes["files"]} >= {"partition_year=2024", "partition_year=2025"}
    assert "tencent_daily" in quotes["sources"] and not quotes["may_be_redistributed"]
    terms = {one["source_id"]: one for one in manifest["sources"]}
    assert not terms["tencent_daily"]["may_be_redistributed"] and terms["tencent_daily"]["terms"]
    assert terms["ecb_rates"]["may_be_redistributed"] and "ecb_rates" in rates["sources"]
    (unit,) = (one["unit"] for one in by_name["mart.company_daily"]["columns"] if one["name"] == "market_value_hkd")
    assert unit == "HKD"


def test_the_same_generation_again_does_nothing(exported: Path, sample_home: Home) -> None:
    before = {one: one.stat().st_mtime_ns for one in (exported / "generation-1").rglob("*")}
    again = export(sample_home, exported)
    assert not again.is_new and again.generation == 1
    assert {one: one.stat().st_mtime_ns for one in (exported / "generation-1").rglob("*")} == before


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Export one table only; which, does not matter for the folders."""
    every = folder.exportables
    monkeypatch.setattr(folder, "exportables", lambda connection: every(connection)[:1])


@pytest.mark.usefixtures("quick")
def test_a_killed_export_leaves_nothing_that_looks_whole(sample_home: Home, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(sample_home.root), str(tmp_path)], check=False)
    assert done.returncode == -9
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {".lock", ".writing-generation-1"} and not [*tmp_path.rglob("manifest.json")]
    assert export(sample_home, tmp_path).is_new
    assert {one.name for one in tmp_path.iterdir()} == {".lock", "generation-1", "current", "current.json"}


@pytest.mark.usefixtures("quick")
def test_the_pointer_follows_what_readers_see_and_older_ones_may_go(
    sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in (1, 2, 3):
        with_number(one, monkeypatch)
        export(sample_home, tmp_path)
    with_number(2, monkeypatch)  # taken back
    again = export(sample_home, tmp_path, keep=1)
    assert not again.is_new and again.removed == ("generation-1",)
    assert json.loads((tmp_path / "current.json").read_text())["folder"] == "generation-2"
    assert (tmp_path / "current").resolve().name == "generation-2" and (tmp_path / "generation-3").is_dir()


def with_number(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    told = folder.state_told
    plain = getattr(told, "plain", told)

    def numbered(state: Any) -> dict[str, Any]:
        return {**plain(state), "generation": number}

    numbered.plain = plain  # type: ignore[attr-defined]
    monkeypatch.setattr(folder, "state_told", numbered)


@pytest.mark.usefixtures("quick")
def test_whoever_takes_a_document_down_hears_of_what_was_exported(
    exported: Path, sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exported_folders(tmp_path / "nowhere") == ()
    tombstone = Tombstone("https://example.com/a", (), (), "somebody", "asked for")
    done = TakenDown(tombstone, 1, {}, (), 2, exported_folders(exported))
    monkeypatch.setattr(mending, "take_down", lambda *_: done)
    words = ["forget", "https://example.com/a", "--because", "asked for", "--yes", "--home", str(sample_home.root)]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0, ran.output
    assert f"{exported / 'generation-1'} is as it was exported: `" in ran.output
    assert f"export --home {sample_home.root} --keep 1` writes the new generation and removes it" in ran.output


def test_a_folder_of_another_warehouse_is_left_alone(sample_home: Home, tmp_path: Path) -> None:
    made = export(sample_home, tmp_path)
    path = made.folder / "manifest.json"
    path.chmod(0o644)
    path.write_text(path.read_text().replace('"published_at": "20', '"published_at": "19'))
    with pytest.raises(ExportError, match=r"of another warehouse .* --to") as raised:
        export(sample_home, tmp_path)
    assert code_of(raised.value) == 2
    path.write_text("{")
    with pytest.raises(ExportError, match="no readable manifest"):
        export(sample_home, tmp_path)
