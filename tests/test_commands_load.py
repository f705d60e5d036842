"""A command loads what it needs and no more; errors are known by names that are real."""

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from flows.commands.lazily import COMMANDS, command
from flows.main import EXPECTED, code_of
from warehouse.published import NothingPublished, QueryError

LIGHT = ("sql", "why", "status", "alerts", "changes", "facts")
HEAVY = ("extractors.registry", "prefect", "pandas", "altair", "pdfplumber", "apprise", "fastapi")


@pytest.mark.parametrize("name", LIGHT)
def test_a_question_waits_for_nothing_that_reads_sources(name: str) -> None:
    module = COMMANDS[name].partition(".")[0]
    told = f"import sys, flows.main, flows.commands.{module}; print(*[one for one in {HEAVY} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_under_its_name(name: str) -> None:
    assert command(name).name == name


@pytest.mark.parametrize("name", EXPECTED)
def test_every_error_that_is_expected_exists(name: str) -> None:
    module, _, kind = name.rpartition(".")
    assert issubclass(getattr(import_module(module), kind), Exception)


def test_an_error_is_known_by_what_it_derives_from() -> None:
    class Special(QueryError):
        pass

    assert (code_of(Special("no")), code_of(NothingPublished("no")), code_of(FileNotFoundError("no"))) == (2, 1, 1)
    assert code_of(ValueError("ours")) is None


def test_a_command_that_is_not_there_is_told_with_near_ones() -> None:
    with pytest.raises(KeyError):
        command("statsu")
    done = subprocess.run([sys.executable, "-m", "flows.main", "statsu"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "status" in done.stderr
    assert isinstance(command("import"), typer.core.TyperGroup)
