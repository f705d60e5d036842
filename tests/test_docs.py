"""Everything that README and docs show is tried: commands, queries with their answers, files, names and links."""

import ast
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from itertools import chain
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from extractors.errors import Outcome
from extractors.reader import read_snapshot
from extractors.reading import Read
from extractors.registry import EXTRACTORS
from extractors.settings import Limits, Permission
from extractors.settings_file import parse_settings
from extractors.settings_template import TEMPLATE, write_template
from extractors.source import Extractor
from extractors.watchlist import BadWatchList, parse_watchlist, read_watchlist
from flows.commands import terminal
from flows.commands.lazily import COMMANDS, command
from flows.main import main
from flows.report import MENDS, MENDS_BY_OUTCOME
from tests import cases
from tests.documents import PAGES, ROOT, Block, all_blocks, blocks, commands, files_of, fits, tables
from warehouse.home import Home
from warehouse.status import Status
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.marts import VIEWS

DOCS = ROOT / "docs"
NOT_RUN: Mapping[str, str] = {
    "git clone": "there is no address to clone from in a test",
    "git pull": "there is no address to pull from in a test",
    "make demo": "makes a virtual environment; the demo's run is the one that all of this reads",
    "make test": "would run this test again",
    "make lint": "runs beside the tests",
    "dragongate run --home data": "asks the sources themselves",
    "dragongate feeds www.electrive.com": "asks the site",
    "dragongate follow BABA": "asks the SEC",
    "dragongate follow 9988.HK": "asks the exchange",
    "dragongate reject urn:uuid:…": "no answer of the sample is about another line",
    "DRAGONGATE_SECRET_WEIBO=": "asks the sources themselves",
    "dragongate run --replay": "is the run that the shared home comes from, at another home",
    "dragongate publish --home data --accept": "no check of the sample fails",
    "dragongate publish --home data --rollback": "there is one generation",
    "curl -s": "tests/test_docs_service.py runs it against a service",
    "dragongate up": "serves until it is ended; tests/end_to_end/test_up.py starts and ends it",
    "systemctl enable": "no systemd in a test; tests/test_deploy.py reads the unit",
    "docker compose": "no Docker in a test; tests/test_deploy.py reads the file",
    "kubectl": "no cluster in a test; tests/test_deploy.py reads the manifest",
    "prefect worker start": "serves until it is ended",
    "dragongate service": "serves until it is ended; tests/test_service.py starts and ends it",
    "dragongate rebuild --publish": "tests/end_to_end/test_rebuild.py publishes what was rebuilt",
    "dragongate notify": "tells the addresses themselves; tests/test_notify.py runs it",
    "dragongate alerts --acknowledge": "nothing is open in the sample; tests/test_notify.py runs it",
    "curl -s http://127.0.0.1:4243/metrics": "no service runs here; tests/test_prometheus.py scrapes one",
    "promtool": "no Python package; tests/test_prometheus.py runs it where it is installed",
    "prometheus --config.file": "serves until it is ended; tests/test_prometheus.py starts and ends it",
    "prefect server start": "serves until it is ended",
    "PREFECT_API_URL=": "asks the sources themselves",
    "python -m samples.build": "tests/test_samples.py builds the archive",
    "python -m samples.answers": "writes the pages that are read here",
    "dragongate parse example_rates": "the source of the page is not a source of ours",
}
"""Beginnings of what is shown and not run here, with the reason."""
STILL_RUN = ("dragongate run --home data --replay",)
ENDS_WITH_ONE = ("dragongate why core.daily_quotes XHKG:01810,2025-01-01",)
"""Commands whose exit code is 1, as their page says."""
NOT_PYTHON = {"cron": "no cron in a test", "ini": "no systemd in a test"}


@pytest.fixture
def reader(sample_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand where the reader stands after `make demo` and `init`, on a terminal of 80 columns.

    There are the homes `data` and `data/demo`, the samples and the docs.
    """
    for home in (tmp_path / "data", tmp_path / "data" / "demo"):
        shutil.copytree(sample_home.root, home, symlinks=True)
    write_template(tmp_path / "data")
    shutil.copyfile(ROOT / "watchlist.toml", tmp_path / "data" / "watchlist.toml")
    for name in ("samples", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(terminal.OUT, "_width", 80)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    for name in ("DRAGONGATE_HOME", "DRAGONGATE_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


class Shell:
    """Carries out commands as a shell would; ours within this process, since starting one takes seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def run(self, command: str) -> str:
        """Run one command and give what it prints; it must end as its page says."""
        words = shlex.split(command, comments=True)
        is_ours = words[0].endswith("dragongate") and not {"|", "<", ">", "&&"} & set(words)
        output, code = self._ours(words[1:]) if is_ours else self._any(command)
        assert code == (1 if command.startswith(ENDS_WITH_ONE) else 0), f"{command}\n{output}"
        return output

    def _ours(self, arguments: list[str]) -> tuple[str, int]:
        self._monkeypatch.setattr(sys, "argv", ["dragongate", *arguments])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._capsys.readouterr()
        return printed.out, int(ended.value.code or 0)

    def _any(self, command: str) -> tuple[str, int]:
        done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=300, check=False)
        return done.stdout, done.returncode


@pytest.fixture
def shell(reader: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def is_run(text: str) -> bool:
    return text.startswith(STILL_RUN) or not text.startswith(tuple(NOT_RUN))


@pytest.mark.parametrize("block", all_blocks("sh"), ids=str)
def test_commands_do_what_their_page_says(block: Block, shell: Shell) -> None:
    printed = [shell.run(one) for one in commands(block) if is_run(one)]
    assert fits(block.shown, "".join(printed)) if block.shown else True, "".join(printed)


@pytest.mark.parametrize("block", [one for one in all_blocks("sql") if one.page.name != "dashboard.md"], ids=str)
def test_queries_give_the_answers_that_are_shown(block: Block, shell: Shell) -> None:
    printed = shell.run(f"dragongate sql --home data/demo {shlex.quote(block.text)}")
    assert fits(block.shown, printed) if block.shown else True, printed


@pytest.mark.parametrize("block", [one for one in all_blocks("sql") if one.page.name == "dashboard.md"], ids=str)
def test_queries_to_the_ledger_give_the_answers_that_are_shown(
    block: Block, reader: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect("data/demo/published/ops.duckdb", read_only=True) as ledger:
        ledger.execute("SET TimeZone = 'UTC'")
        found = ledger.execute(block.text).to_arrow_table()
    terminal.table("", found.column_names, [list(row.values()) for row in found.to_pylist()])
    printed = capsys.readouterr().out
    assert fits(block.shown, printed) if block.shown else True, printed


@pytest.mark.parametrize("block", [one for one in all_blocks("python") if is_run(one.text)], ids=str)
def test_python_runs(block: Block, reader: Path) -> None:
    done = subprocess.run([sys.executable, "-c", block.text], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("block", all_blocks("toml"), ids=str)
def test_settings_and_watch_lists_are_right(block: Block, tmp_path: Path) -> None:
    if "[[schedule]]" in block.text:
        shipped = (ROOT / "watchlist.toml").read_text(encoding="utf-8")
        assert len(parse_watchlist(shipped + block.text).schedules) == len(parse_watchlist(shipped).schedules) + 3
    elif "[[" in block.text:
        shipped = (ROOT / "watchlist.toml").read_text(encoding="utf-8")
        assert len(parse_watchlist(shipped + block.text).companies) == len(parse_watchlist(shipped).companies) + 1
    else:
        parse_settings(with_authorities(block.text, tmp_path), {})


def with_authorities(text: str, folder: Path) -> str:
    """Let the file of certificates be one that exists here."""
    there = folder / "authorities.crt"
    there.touch()
    return text.replace("/etc/ssl/certs/ca-certificates.crt", str(there))


def test_whatever_is_not_run_is_shown_somewhere() -> None:
    shown = [one for block in all_blocks("sh") for one in commands(block)] + [one.text for one in all_blocks("python")]
    unused = [begin for begin in NOT_RUN if not any(one.startswith(begin) and not is_run(one) for one in shown)]
    assert unused == []


def test_no_block_is_of_a_kind_that_nothing_tries() -> None:
    tried = {"sh", "sql", "python", "toml", *NOT_PYTHON}
    assert {block.language for page in PAGES for block in blocks(page) if not block.file} <= tried


def test_the_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        one for page in PAGES for one in re.findall(r"make (demo|test|lint|lock|samples|clean)\b", page.read_text())
    }
    assert {"demo", "test", "lint"} <= named <= targets
    in_blocks = [shlex.split(one, comments=True) for block in all_blocks("sh") for one in commands(block)]
    assert {words[1] for words in in_blocks if words[0] == "make"} <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8")):
        if target.startswith("http"):
            continue
        file = (page.parent / target) if target else page
        assert file.exists(), f"{page.name} leads to {target}, which is not there"
        assert not anchor or anchor in anchors(file), f"{page.name} leads to {target}#{anchor}"


@cache
def anchors(page: Path) -> frozenset[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads)


def test_the_settings_that_are_documented_are_the_real_ones(tmp_path: Path) -> None:
    (shown,) = [one.text for one in all_blocks("toml") if "[limits]" in one.text]
    uncommented = re.sub(r"^# (?=[\[\w]+.*(?:=|\]$))", "", TEMPLATE, flags=re.MULTILINE)
    assert names_in(shown) == names_in(uncommented)
    settings = parse_settings(with_authorities(shown, tmp_path), {})
    assert names_in(shown) >= {one.name for one in (*fields(Limits), *fields(Permission))}
    assert settings.limits == Limits(), "the limits that are shown are those that hold without a line"


def names_in(text: str) -> set[str]:
    return set(re.findall(r"^(\w+) = ", text, re.MULTILINE))


def test_the_fields_of_the_status_are_documented() -> None:
    shown = {cells[0].strip("`") for cells in tables(DOCS / "dashboard.md")}
    assert shown == {"is_good", *(one.name for one in fields(Status))}


def test_every_command_has_a_page_that_shows_it() -> None:
    shown = " ".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [name for name in COMMANDS if f"dragongate {name}" not in shown] == []


def test_every_command_says_what_it_does_and_so_does_each_of_its_options() -> None:
    for name in COMMANDS:
        found = command(name)
        assert found.help, name
        assert [one.name for one in found.params if not getattr(one, "help", None)] == [], name


def test_messages_that_are_explained_are_real_ones() -> None:
    said = "\n".join(chain.from_iterable(texts_in(path) for path in code()))
    text = (DOCS / "operator.md").read_text(encoding="utf-8")
    table = text[text.index("| message | what to do |") : text.index("Reasons of a missing source")]
    messages = [one for row in table.strip().splitlines()[2:] for one in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(messages) > 15
    pieces = [part.strip(" '") for message in messages for part in message.split("…")]
    assert [piece for piece in pieces if piece not in said] == []


def test_reasons_that_are_explained_are_real_ones() -> None:
    text = (DOCS / "operator.md").read_text(encoding="utf-8")
    told = text[text.index("Reasons of a missing source") :]
    said = "\n".join(chain.from_iterable(texts_in(path) for path in code()))
    named = set(re.findall(r"`([a-z_]+)`", told)) - {"status"}
    assert all(re.search(rf"^{name}$", said, re.MULTILINE) for name in named)
    assert named >= {"robots", "login", "contact", "banned", "block_page", "timeout", "shape_changed"}
    assert named & MENDS.keys() and named & MENDS_BY_OUTCOME.keys()


@cache
def code() -> tuple[Path, ...]:
    return tuple(path for name in ("flows", "extractors", "warehouse") for path in sorted((ROOT / name).rglob("*.py")))


def texts_in(path: Path) -> Iterator[str]:
    """List the texts of a module; what is put into one when it runs stands as a line break."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "\n" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_tables_that_are_named_exist() -> None:
    known = {*BY_NAME, *(view.name for view in VIEWS)}
    known |= {f"history.{one.base}" for one in BY_NAME.values()} | {f"as_of.{one.base}" for one in BY_NAME.values()}
    for page in PAGES:
        for layer, name in re.findall(
            r"`(raw|core|mart|ops|as_of|history)\.([a-z_]+)", page.read_text(encoding="utf-8")
        ):
            assert f"{layer}.{name}" in known or name == "duckdb", f"{page.name}: {layer}.{name}"


def test_watch_list_errors_are_the_real_ones() -> None:
    shipped = (ROOT / "watchlist.toml").read_text(encoding="utf-8")
    wrong = '[[security]]\ncompany = "zeekr-group"\nexchange = "XHKG"\ncode = "175"\ncurrency = "HKD"\n'
    said = [
        *errors_of(shipped.replace('exchange = "XNAS"', 'exchange = "NASDAQ"', 1)),
        *errors_of(shipped + wrong),
    ]
    shown = next(one.shown for one in all_blocks("toml") if "[[" in one.text)
    assert without_lines(shown.strip()) == without_lines("\n".join(said))


def errors_of(text: str) -> list[str]:
    with pytest.raises(BadWatchList) as found:
        parse_watchlist(text)
    return str(found.value).splitlines()


def without_lines(text: str) -> str:
    return re.sub(r":\d+:", ":N:", text)


PAGE = DOCS / "new_source.md"


def load(name: str, path: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(files_of(PAGE)[path], encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def new_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Extractor, Callable[..., object]]:
    """Put the files of the page in their places and load them."""
    found = load("extractors.fx.example_rates", "extractors/fx/example_rates.py", tmp_path, monkeypatch)
    tidy = load("transforms.tidy_example_rates", "transforms/tidy_example_rates.py", tmp_path, monkeypatch)
    for path, text in files_of(PAGE).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.setattr(cases, "FIXTURES", tmp_path / "tests" / "fixtures")
    return Extractor(found.SOURCE, found.matches, found.fetch, found.parse), tidy.tidy_example_rates


def test_the_new_source_reads_its_cases(new_source: tuple[Extractor, Callable[..., object]]) -> None:
    from tests.test_cases import _only, _plain

    extractor, transform = new_source
    found = cases.cases()
    assert {case.outcome for case in found} == {Outcome.OK, Outcome.NOTHING_THERE}
    watchlist = read_watchlist(ROOT / "watchlist.toml")
    for case in found:
        answer = read_snapshot(extractor, case.snapshot)
        assert (answer.outcome, answer.reason, answer.reading.drift) == (case.outcome, case.reason, ())
        assert extractor.matches(case.snapshot.url)
        if answer.outcome is Outcome.OK:
            tidy = transform([Read(case.snapshot, answer.reading.records)], watchlist)
            rows = sorted(tidy.rows["core.fx_rates_by_source"].to_pylist(), key=lambda row: str(row["quote_currency"]))
            wanted = case.rows["core.fx_rates_by_source"]
            assert [_only(row, want) for row, want in zip(rows, wanted, strict=True)] == [_plain(one) for one in wanted]


def test_the_new_source_is_written_as_ours_are(tmp_path: Path) -> None:
    for path, text in files_of(PAGE).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), "--no-cache"]
    done = subprocess.run([*ruff, "--ignore", "I001", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_places_to_register_are_there() -> None:
    rows = [cells for cells in tables(PAGE) if "registry" in cells[0]]
    assert len(rows) == 4
    for place, _ in rows:
        file, name = re.findall(r"`([^`]+)`", place)
        assert re.search(rf"^{name}\b", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), place
    assert len(EXTRACTORS) > 1
