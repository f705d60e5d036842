"""What a run and the status say fits a terminal of 80 columns, and says first what matters most."""

import json
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows.commands import status as status_command
from flows.commands import summary, terminal
from flows.commands.ages import show_ages
from flows.report import RunReport, State
from warehouse.home import Home
from warehouse.loaded import Loaded
from warehouse.status import read_status

NOW = datetime(2025, 1, 11, 6, tzinfo=UTC)
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal.OUT, "_width", 80)


def age(table: str, rows: int = 1, hours: float | None = 1.0, **more: Any) -> dict[str, Any]:
    until = NOW if rows else None
    row = {"table_name": table, "row_count": rows, "data_until": until, "age_hours": hours if rows else None}
    return row | {"allowed_hours": None, "is_stale": False, "is_required": False} | more


def report(home: Home, **loaded: Loaded) -> RunReport:
    freshness = read_status(home).freshness
    tables = {f"core.{name}": one for name, one in loaded.items()}
    return RunReport(
        "run-1", "daily", "replay", State.COMPLETED, NOW, NOW, loaded=tables, freshness=freshness, generation=1
    )


def test_the_first_line_says_that_nothing_changed(sample_home: Home, capsys: Printed) -> None:
    summary.show(report(sample_home, companies=Loaded(unchanged=8), daily_quotes=Loaded(unchanged=260)), sample_home)
    assert capsys.readouterr().out.splitlines()[0] == "Nothing changed: every row was there already."


def test_where_something_changed_the_first_line_is_the_table(sample_home: Home, capsys: Printed) -> None:
    summary.show(report(sample_home, companies=Loaded(inserted=1, unchanged=7)), sample_home)
    assert capsys.readouterr().out.splitlines()[0] == "Loaded"


def test_the_company_and_its_rivals_stand_in_80_columns(sample_home: Home, capsys: Printed) -> None:
    summary.show(report(sample_home, companies=Loaded(inserted=8)), sample_home)
    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("The company and its rivals"))
    head, first = lines[at + 1].split(), lines[at + 2].split()
    assert head == ["company", "day", "close", "in", "value", "year", "%", "articles"]
    assert first == ["Xiaomi", "2025-01-10", "33.55", "HKD", "837.66", "-2.75", "1"]
    assert any(line.startswith("Seres") for line in lines), "a company without a price is not left out"


@pytest.mark.parametrize("shows", ["run", "status"])
def test_no_line_of_a_table_is_wider_than_the_terminal(sample_home: Home, capsys: Printed, shows: str) -> None:
    if shows == "run":
        summary.show(report(sample_home, companies=Loaded(inserted=8)), sample_home)
    else:
        status_command._show(read_status(sample_home))
    lines = capsys.readouterr().out.splitlines()
    sentences = ("no rows yet", "Warehouse", "Try", "  FROM", "daily-", "   Next: ")
    tables = [line for line in lines if not line.startswith(sentences) and not line.partition(". ")[0].isdecimal()]
    assert [line for line in tables if len(line) > 80] == [], "a sentence, or a numbered remark, may be longer"
    assert any(line.startswith("core.shares_outstanding_by_source ") for line in lines), "the longest name is not cut"


def test_every_table_with_rows_has_an_age(sample_home: Home) -> None:
    assert [
        one["table_name"] for one in read_status(sample_home).freshness if one["row_count"] and one["age_hours"] is None
    ] == []


def test_empty_tables_are_one_line(capsys: Printed) -> None:
    show_ages("Ages", [age("core.filings"), age("core.events", rows=0), age("core.articles", rows=0, is_stale=True)])
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert lines[0] == "Ages" and lines[2].startswith("core.filings")
    assert lines[3:] == ["no rows yet: core.events, core.articles (stale)"]


def test_ages_are_told_in_hours_then_in_days(capsys: Printed) -> None:
    show_ages(
        "", [age("a", hours=53.2, allowed_hours=48.0, is_stale=True), age("b", hours=240.0, allowed_hours=1080.0)]
    )
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith(("a ", "b "))]
    assert rows == [
        ["a", "1", "2025-01-11", "53", "h", "48", "h,", "stale"],
        ["b", "1", "2025-01-11", "10", "d", "45", "d"],
    ]


def test_the_end_of_a_day_is_told_as_that_day(capsys: Printed) -> None:
    show_ages("", [age("core.fx_rates", data_until=datetime(2025, 1, 11, tzinfo=UTC))])
    assert "2025-01-10" in capsys.readouterr().out


def test_what_is_no_number_is_null_in_json(capsys: Printed) -> None:
    terminal.as_json([{"ratio": float("nan"), "top": float("inf"), "parts": [1.5, float("-inf")]}])
    told = capsys.readouterr().out
    assert json.loads(told, parse_constant=pytest.fail) == [{"ratio": None, "top": None, "parts": [1.5, None]}]


def test_the_query_to_try_can_be_pasted_from_a_home_with_a_space(
    sample_home: Home, tmp_path: Path, capsys: Printed
) -> None:
    home = Home(tmp_path / "my 家")
    home.root.symlink_to(sample_home.root, target_is_directory=True)
    summary.show(report(home), home)
    told = capsys.readouterr().out
    words = shlex.split(told[told.index("Try  ") :])
    assert words[words.index("--home") + 1] == str(home.root)
