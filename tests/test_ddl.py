"""The file itself: tables and comments from the definitions, older files, copies, and files that cannot be opened."""

import sys
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE, Popen

import duckdb
import pytest

from tests.loading import LATER, NOTES_BY_SOURCE, TABLES, Sighting, at, load, notes, rows
from warehouse.database import Warehouse, WarehouseError
from warehouse.tables.catalog import TABLES as ALL
from warehouse.tables.table import Check, Kind, Load, text


def test_every_table_and_column_is_described_in_the_file() -> None:
    with Warehouse.open_memory() as warehouse:
        silent = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        assert rows(warehouse, silent) == []
        found = dict(rows(warehouse, "SELECT schema_name || '.' || table_name, comment FROM duckdb_tables()"))
        assert {name for table in ALL for name in (table.name, table.history, table.past) if name} == found.keys()
        assert found["core.fx_rates"].startswith("one currency pair and day")
        assert found["history.fx_rates_by_source"].startswith("Superseded versions: one currency pair")


def test_what_the_loader_relies_on_holds_for_every_definition() -> None:
    for table in ALL:
        columns = {one.name: one for one in table.columns}
        assert not [name for name in table.key if columns[name].optional], table.name
        assert len(columns) == len(table.columns), table.name
        if table.load in (Load.MERGE, Load.CHOSEN):
            assert {"available_at", "fetched_at", "first_seen_at", "snapshot_id", "source_id"} <= columns.keys()
        if table.load is Load.CHOSEN:
            readings = next(one for one in ALL if one.name == table.chosen_from)
            assert {*table.key, *table.disputed_within} <= {one.name for one in readings.columns}
            assert set(table.key) <= set(readings.key)
            assert not [name for name in table.disputed_within if columns[name].optional]


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "core.duckdb"
    with Warehouse.open(path, TABLES) as warehouse:
        load(warehouse, Sighting(1, "a"), Sighting(2, "b"))
    with Warehouse.open(path, TABLES) as warehouse:
        assert rows(warehouse, "SELECT said FROM core.notes") == [("b",)]
        assert rows(warehouse, "SELECT said FROM as_of.notes(?)", [at(1.5)]) == [("a",)]


def test_what_does_not_fit_into_memory_lies_beside_the_file(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "warehouse.duckdb", TABLES) as warehouse:
        found = rows(warehouse, "SELECT current_setting('temp_directory')")
    assert found == [(str(tmp_path / "warehouse.duckdb.tmp"),)]


def test_a_column_that_the_definition_gained_is_added_with_its_history(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with Warehouse.open(path, TABLES) as warehouse:
        load(warehouse, Sighting(1, "a"))
    colour = text("colour", "What colour the paper has", optional=True)
    grown = replace(NOTES_BY_SOURCE, columns=(*NOTES_BY_SOURCE.columns, colour))
    chosen = [replace(one, columns=(*one.columns, colour)) if one.name == "core.notes" else one for one in TABLES]
    with Warehouse.open(path, [grown if one is NOTES_BY_SOURCE else one for one in chosen]) as warehouse:
        row = Sighting(2, "a").row(colour="red")
        again = {grown.name: grown.arrow([Sighting(2, "a").row()])}
        assert warehouse.load(again, run_id="r", loaded_at=LATER)[grown.name].unchanged == 1
        result = warehouse.load({grown.name: grown.arrow([{**row, "fetched_at": at(3)}])}, run_id="r", loaded_at=LATER)
        assert result[grown.name].updated == 1
        assert rows(warehouse, "SELECT colour FROM history.notes_by_source") == [(None,)]
        assert rows(warehouse, "SELECT colour FROM core.notes") == [("red",)]
        comment = "SELECT DISTINCT comment FROM duckdb_columns() WHERE column_name = 'colour'"
        assert rows(warehouse, comment) == [("What colour the paper has",)]


def test_a_column_whose_type_changed_is_named_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    Warehouse.open(path, TABLES).close()
    columns = tuple(replace(one, kind=Kind.INTEGER) if one.name == "page" else one for one in NOTES_BY_SOURCE.columns)
    changed = [replace(one, columns=columns) if one is NOTES_BY_SOURCE else one for one in TABLES]
    with pytest.raises(WarehouseError, match=r"core\.notes_by_source\.page holds VARCHAR.*`dragongate rebuild`"):
        Warehouse.open(path, changed)
    Warehouse.open(path, TABLES).close()


def test_macros_work_in_a_copy_whatever_it_is_called(tmp_path: Path) -> None:
    copy = tmp_path / "published-7.duckdb"
    with Warehouse.open(tmp_path / "warehouse.duckdb", TABLES) as warehouse:
        load(warehouse, Sighting(1, "a"), Sighting(2, "b", source="bert"))
        warehouse.connection.execute(f"ATTACH '{copy}' AS copied")
        warehouse.connection.execute("COPY FROM DATABASE dragongate TO copied")
        warehouse.connection.execute("DETACH copied")
    question = "SELECT said FROM as_of.notes('2025-01-02T12:00:00Z', known_here := true)"
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute(question).fetchall() == [("a",)]
        assert connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'words'").fetchone() == (
            "one word in the notes",
        )
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{copy}' AS elsewhere (READ_ONLY); USE elsewhere")
        assert connection.execute(question).fetchall() == [("a",)]


def test_a_file_that_is_no_database_is_named_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(b"no database" * 4096)
    with pytest.raises(WarehouseError, match=r"not a DuckDB file .*warehouse\.duckdb.*rebuild"):
        Warehouse.open(path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"folder is not there .*Make the folder"):
        Warehouse.open(tmp_path / "nowhere" / "warehouse.duckdb")


def test_a_file_that_another_process_has_open_is_named(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    Warehouse.open(path, TABLES).close()
    holding = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with Popen([sys.executable, "-c", holding, str(path)], stdin=PIPE, stdout=PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(WarehouseError, match=r"another process has it open .*published copy"):
            Warehouse.open(path, TABLES)
        holder.communicate()
    Warehouse.open(path, TABLES).close()


def test_a_rule_that_comes_out_as_unknown_is_not_met() -> None:
    table = replace(NOTES_BY_SOURCE, checks=(Check("weight_is_positive", "weight > 0"),))
    tables = [table if one is NOTES_BY_SOURCE else one for one in TABLES]
    with Warehouse.open_memory(tables) as warehouse:
        loaded = warehouse.load({table.name: notes([Sighting(1, "a")])}, run_id="r", loaded_at=LATER)
    assert loaded[table.name].rejected == 1
