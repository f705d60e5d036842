"""Secrets: from the environment, from `.env` or from Prefect, and never where anybody could read them."""

import logging
import pickle
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path

import pytest

from extractors.environment import environment_of
from extractors.settings import BadSettings, Secret
from extractors.settings_file import read_settings

HUSH = "hush-hush#1"


def written(home: Path, text: str, mode: int = 0o600) -> Path:
    path = home / ".env"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_the_file_adds_to_the_environment_and_the_environment_comes_first(tmp_path: Path) -> None:
    written(
        tmp_path,
        f"# keys\n\nDRAGONGATE_SECRET_FRED='{HUSH}'\nexport DRAGONGATE_CONTACT=a@example.org\nDRAGONGATE_NOTIFY=\n",
    )
    assert environment_of(tmp_path, {"DRAGONGATE_CONTACT": "b@example.org", "PATH": "/bin"}) == {
        "DRAGONGATE_SECRET_FRED": HUSH,
        "DRAGONGATE_CONTACT": "b@example.org",
        "DRAGONGATE_NOTIFY": "",
        "PATH": "/bin",
    }
    settings = read_settings(tmp_path, {})
    assert settings.secrets == {"fred": Secret(HUSH)} and settings.contact == "a@example.org"


def test_without_the_file_the_environment_is_what_it_was(tmp_path: Path) -> None:
    assert environment_of(tmp_path, {"A": "b"}) == {"A": "b"}
    assert environment_of(tmp_path / "nowhere", {}) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"# a remark\n{HUSH}\n", r"\.env:2: expected NAME=value"),
        (f"DRAGONGATE_SECRET_X='{HUSH}\n", r"\.env:1: expected NAME=value"),
        (f"SECRET={HUSH}\n", r"\.env:1: SECRET: only names that begin with DRAGONGATE_"),
        (f"DRAGONGATE_SECRET_X=1\nDRAGONGATE_SECRET_X={HUSH}\n", r"\.env:2: DRAGONGATE_SECRET_X stands here twice"),
        (f'DRAGONGATE_SECRET_X="{HUSH}\n{HUSH}"\n', "DRAGONGATE_SECRET_X: expected one line of plain ASCII"),
    ],
    ids=["no name", "open quote", "another's name", "twice", "two lines"],
)
def test_a_mistake_names_its_line_and_no_value(tmp_path: Path, text: str, said: str) -> None:
    written(tmp_path, text)
    with pytest.raises(BadSettings, match=said) as caught:
        read_settings(tmp_path, {})
    assert HUSH not in str(caught.value)


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_a_file_that_others_may_open_is_told(
    tmp_path: Path, mode: int, is_told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    written(tmp_path, f"DRAGONGATE_SECRET_FRED={HUSH}\n", mode)
    with caplog.at_level(logging.WARNING):
        read_settings(tmp_path, {})
    assert ("chmod 600" in caplog.text) is is_told and HUSH not in caplog.text


def test_a_secret_shows_itself_nowhere_and_cannot_be_written_down(tmp_path: Path) -> None:
    written(tmp_path, f"DRAGONGATE_SECRET_FRED={HUSH}\n")
    settings = read_settings(tmp_path, {})
    assert deepcopy(settings) == settings
    for shown in (repr(settings), str(settings.secrets), f"{asdict(settings)}", f"{settings.secrets['fred']}"):
        assert "hush" not in shown
    with pytest.raises(TypeError, match="a secret is not written down"):
        pickle.dumps(settings)
