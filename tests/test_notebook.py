"""`dragongate notebook` writes a notebook that is valid, runs without a browser, and spoils no file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.commands import notebook as command
from flows.main import app
from warehouse.home import Home

SHOWN = """
import json
from xiaomi import app
_, found = app.run()
frames = {name: len(found[name]) for name in ("prices", "deliveries", "known_then", "citation")}
titles = [found[name].to_dict()["title"] for name in ("price_chart", "delivery_chart")]
print(json.dumps({"frames": frames, "titles": titles}))
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DRAGONGATE_HOME", raising=False)
    return tmp_path


def write(*words: str) -> Result:
    return CliRunner().invoke(app, ["notebook", *words])


def test_the_notebook_runs_without_a_browser_and_each_question_has_an_answer(here: Path, sample_home: Home) -> None:
    (here / "home").symlink_to(sample_home.root)
    assert write("xiaomi.py", "--home", "home").exit_code == 0
    done = subprocess.run([sys.executable, "-c", SHOWN], cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert all(found["frames"].values()), found["frames"]
    for title in found["titles"]:
        assert title["text"] and "source" in title["subtitle"]
    assert "HKD" in found["titles"][0]["subtitle"] and "Vehicles" in found["titles"][1]["subtitle"]


def test_the_notebook_is_as_marimo_writes_them(here: Path) -> None:
    write("xiaomi.py")
    checked = [sys.executable, "-m", "marimo", "check", "--strict", "xiaomi.py"]
    done = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout + done.stderr).strip() == ""


def test_the_notebook_names_no_place_but_the_one_that_was_given(here: Path) -> None:
    write("mine.py", "--home", "some/where's")
    text = (here / "mine.py").read_text(encoding="utf-8")
    compile(text, "mine.py", "exec")
    assert "some/where's" in text and "$home" not in text and str(Path.home()) not in text and str(here) not in text


def test_a_file_that_is_there_stays_unless_it_is_forced(here: Path) -> None:
    (here / "mine.py").write_text("mine = 1\n", encoding="utf-8")
    refused = write("mine.py")
    assert refused.exit_code == 2 and "--force" in refused.output
    assert (here / "mine.py").read_text(encoding="utf-8") == "mine = 1\n"
    assert write("mine.py", "--force").exit_code == 0
    assert "marimo.App" in (here / "mine.py").read_text(encoding="utf-8")


def test_another_name_than_that_of_a_python_file_is_refused(here: Path) -> None:
    assert write("mine.ipynb").exit_code == 2
    assert not (here / "mine.ipynb").exists()


def test_who_has_no_marimo_is_told_how_to_get_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "pip install" not in write("one.py").output
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    assert "pip install marimo" in write("two.py").output
