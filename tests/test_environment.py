"""Secrets: from the environment, from `.env` or from Prefect, and never where anybody could read them."""

import logging
import pickle
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path

import pytest

from extractors.environment import environment_of
from extractors.masking import shown
from extractors.settings import BadSettings, Secret, Settings
from extractors.settings_file import read_settings
from flows.keeping.secret_blocks import with_blocks

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
    for text in (repr(settings), str(settings.secrets), f"{asdict(settings)}", f"{settings.secrets['fred']}"):
        assert "hush" not in text
    with pytest.raises(TypeError, match="a secret is not written down"):
        pickle.dumps(settings)


def test_a_key_may_stand_in_a_block_of_prefect_and_is_read_when_it_is_needed(tmp_path: Path) -> None:
    written(tmp_path, "DRAGONGATE_SECRET_FRED=prefect:fred-key\nDRAGONGATE_SECRET_X=plain-one\n")
    settings = read_settings(tmp_path, {})
    found = with_blocks(settings, {"fred-key": HUSH}.__getitem__)
    assert found.secrets == {"fred": Secret(HUSH), "x": Secret("plain-one")}
    assert with_blocks(found) is found and shown(f"it was {HUSH}") == "it was xxx"


@pytest.mark.parametrize(
    ("value", "said"), [(None, "cannot be read \\(ValueError\\)"), ("", "plain ASCII"), (f"{HUSH}\n", "plain ASCII")]
)
def test_a_block_that_cannot_be_used_is_named_and_its_content_is_not(value: str | None, said: str) -> None:
    def read(name: str) -> str:
        if value is None:
            raise ValueError(f"{name} held {HUSH}")
        return value

    settings = Settings(secrets={"fred": Secret("prefect:fred-key")})
    with pytest.raises(BadSettings, match=f"DRAGONGATE_SECRET_FRED: Prefect's block 'fred-key' .*{said}") as caught:
        with_blocks(settings, read)
    assert HUSH not in str(caught.value) and caught.value.__cause__ is None


def test_without_a_server_a_block_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with pytest.raises(BadSettings, match=r"DRAGONGATE_SECRET_FRED: .*needs a server: set PREFECT_API_URL"):
        with_blocks(Settings(secrets={"fred": Secret("prefect:fred-key")}))
