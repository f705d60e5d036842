"""The prompt of `dragongate sql`, typed into through a pipe: what is asked, what is answered, and how it ends."""

import json
import shutil
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from flows.commands import terminal
from flows.main import main
from flows.sql_prompt import prompt
from flows.sql_prompt.answers import show_all
from flows.sql_prompt.completion import Completions
from flows.sql_prompt.prompt import ORDERS, run, talk
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.published import QueryError, query
from warehouse.session import Session

Printed = pytest.CaptureFixture[str]
LEAVE = "\x04"
FOREVER = "SELECT count(*) FROM range(1000000000000) AS one, range(1000000) AS other"


@pytest.fixture
def home(sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Give a home with the sample's publication alone, and a terminal of 80 columns."""
    made = Home(tmp_path / "home").make()
    generations = Generations(made.published)
    shutil.copyfile(sample_home.published_warehouse, generations.path(1))
    generations.show(1)
    monkeypatch.setattr(terminal.OUT, "_width", 80)
    monkeypatch.setattr(terminal.ERR, "_width", 200)
    return made


def typed(home: Home, text: str) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(text)
        talk(home)


def test_a_query_may_span_lines_and_ends_with_a_semicolon(home: Home, capsys: Printed) -> None:
    typed(home, f"SELECT close_price FROM core.daily_quotes\rWHERE security_id = 'XHKG:01810'\r"
                f"AND trade_date = '2024-12-30';\r{LEAVE}")  # fmt: skip
    out = capsys.readouterr().out
    assert out.splitlines()[0].startswith("generation 1 of ") and "34.45" in out and "1 row" in out


def test_orders_list_and_describe_with_what_things_mean(home: Home, capsys: Printed) -> None:
    typed(home, f".help\r.tables market\r.describe valuation\r.quit\r{LEAVE}")
    out = capsys.readouterr().out
    assert all(name in out for name in ORDERS) and "Ctrl-C ends a query" in out
    assert "mart.market_value" in out and "core.companies" not in out
    assert "pe " in out and "DOUBLE" in out and "empty" in out and "[HKD]" in " ".join(out.split())


def test_mistakes_are_told_and_the_prompt_goes_on(home: Home, capsys: Printed) -> None:
    typed(home, f"FROM core.daily_quote;\r.tabels\r.describe nothing\rSELEKT;\rUPDATE core.companies SET name = 'x';\r"
                f"SELECT 40 + 2 AS answer;\r{LEAVE}")  # fmt: skip
    told = capsys.readouterr()
    for part in ("near are core.daily_quotes", "no order .tabels", "no table nothing", "syntax error", "read-only"):
        assert part in " ".join(told.err.split())
    assert "42" in told.out


def test_ctrl_c_throws_away_what_was_typed(home: Home, capsys: Printed) -> None:
    typed(home, f"SELECT wrong\x03SELECT 40 + 2 AS answer;\r{LEAVE}")
    assert "42" in capsys.readouterr().out


def test_ctrl_c_ends_a_query_that_takes_long(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = prompt.is_done

    def impatient(asked: Any) -> bool:
        if waits(asked):
            return True
        raise KeyboardInterrupt

    monkeypatch.setattr(prompt, "is_done", impatient)
    with Session(home) as session:
        with pytest.raises(QueryError, match="was ended before"):
            run(session, FOREVER)
        assert session.ask("SELECT 1 AS n").num_rows == 1


def test_a_newer_generation_is_taken_up_with_a_word_and_temporary_tables_stay(
    home: Home, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    generations = Generations(home.published)
    shutil.copyfile(generations.path(1), generations.path(2))
    answers = prompt.show

    def publishing(rows: Any) -> None:
        answers(rows)
        generations.show(2)

    monkeypatch.setattr(prompt, "show", publishing)
    typed(
        home,
        "CREATE TEMP TABLE mine AS SELECT 7 AS n;\r"
        f"SELECT n + 1 AS eight, (SELECT count(*) > 0 FROM core.companies) AS whole FROM mine;\r{LEAVE}",
    )
    out = capsys.readouterr().out
    assert out.index("a newer generation is here: 2") < out.index("eight") and "yes" in out and "8" in out


def test_a_transaction_that_is_open_ends_with_its_generation(home: Home) -> None:
    generations = Generations(home.published)
    shutil.copyfile(generations.path(1), generations.path(2))
    with Session(home) as session:
        session.ask("BEGIN")
        session.ask("FROM core.companies")
        generations.show(2)
        assert session.take_up_newer() and session.generation == 2
        assert not session.take_up_newer() and session.ask("FROM core.companies").num_rows > 5


def test_what_was_asked_can_be_asked_again_another_day(home: Home, capsys: Printed) -> None:
    typed(home, f"SELECT 6 * 7 AS answer;\r{LEAVE}")
    capsys.readouterr()
    typed(home, f"\x1b[A\r{LEAVE}")
    assert "42" in capsys.readouterr().out
    assert (home.root / ".sql_history").stat().st_mode & 0o777 == 0o600


def test_wide_answers_are_a_line_for_each_column_and_long_ones_are_cut(home: Home, capsys: Printed) -> None:
    typed(home, f"FROM mart.company_daily LIMIT 1;\rSELECT * FROM range(1000);\r{LEAVE}")
    out = capsys.readouterr().out
    assert any(line.split()[:1] == ["company_id"] and len(line) < 80 for line in out.splitlines())
    assert "1,000 rows, of which the first 100 are shown" in out and "\n   99\n" in out


@pytest.mark.parametrize(
    ("asked", "lines"),
    [
        ("SELECT '[/b] [red]' AS text", ["text", "[/b] [red]"]),
        ("SELECT 1 AS a, 2 AS a", ["a  a", "1  2"]),
        ("SELECT 1 AS a, 'x' AS b WHERE false", ["no rows of a, b"]),
        ("SELECT 2024 AS fiscal_year, 2024 AS year_count", ["fiscal_year  year_count", "       2024       2,024"]),
        ("SELECT 0.12805::DECIMAL(24, 12) AS rate", ["   rate", "0.12805"]),
        ("SELECT unnest([7::DECIMAL(9, 6), 7.5]) AS price", ["price", " 7.00", " 7.50"]),
        ("SELECT unnest([130000::DOUBLE, 2]) AS cars", ["   cars", "130,000", "      2"]),
        (
            "SELECT DATE 'infinity' AS day, INTERVAL 1 DAY AS span, 'a'::BLOB AS bytes",
            ["day       span   bytes", "infinity  1 day  61"],
        ),
        ("SELECT 1 / 8::DOUBLE / 7 AS small, 1 / 7::DOUBLE * 70.1 AS large", ["  small  large", "0.01786  10.01"]),
    ],
)
def test_cells_are_shown_as_they_are(asked: str, lines: list[str], home: Home, capsys: Printed) -> None:
    show_all(query(home, asked))
    assert [line.rstrip() for line in capsys.readouterr().out.strip("\n").splitlines()] == lines


def test_json_takes_any_value(home: Home, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "SELECT TIMESTAMPTZ 'infinity' AS at, INTERVAL 1 DAY AS span, 'NaN'::DOUBLE AS number, [1, 2] AS list"
    assert ended(monkeypatch, "sql", asked, "--json", "--home", str(home.root)) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row == {"at": "infinity", "span": "1 day", "number": None, "list": [1, 2]}


def test_two_columns_of_one_name_are_no_json(home: Home, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, "sql", "SELECT 1 AS a, 2 AS a", "--json", "--home", str(home.root)) == 2
    assert "two are called a" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("SELECT * FROM core.daily_q", "core.daily_quotes"),
        ("FROM company_d", "mart.company_daily"),
        ("FROM as_of.daily_q", "as_of.daily_quotes"),
        ("FROM core.daily_quotes WHERE close_p", "close_price"),
        ("FROM core.daily_quotes AS q WHERE q.close_p", "q.close_price"),
        ("FROM core.daily_quotes WHE", "WHERE"),
        (".desc", ".describe"),
    ],
)
def test_names_are_completed(text: str, offered: str, names: Completions) -> None:
    assert offered in [one.text for one in names.get_completions(Document(text), None)]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def names(sample_home: Home) -> Iterator[Completions]:
    with Session(sample_home) as session:
        yield Completions(session.names(), ORDERS)


def test_only_columns_of_the_tables_that_are_named_are_offered(names: Completions) -> None:
    found = names.get_completions(Document("FROM core.daily_quotes WHERE market_v"), None)  # type: ignore[arg-type]
    assert {one.display_meta_text for one in found} == {"table"}


@pytest.mark.parametrize("words", [(), ("-",)])
def test_without_a_terminal_standard_input_is_the_query(
    words: tuple[str, ...], home: Home, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("SELECT 6 * 7 AS answer"))
    assert ended(monkeypatch, "sql", *words, "--home", str(home.root)) == 0
    assert "42" in capsys.readouterr().out


def test_files_need_a_query(home: Home, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal_in = StringIO()
    monkeypatch.setattr(terminal_in, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal_in)
    assert ended(monkeypatch, "sql", "--json", "--home", str(home.root)) == 2
    assert "need a query" in capsys.readouterr().err


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["dragongate", *words])
    with pytest.raises(SystemExit) as raised:
        main()
    return int(raised.value.code or 0)
