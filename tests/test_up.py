"""`dragongate up` before it starts anything: open doors, taken ports; its parts, its schedules."""

import logging
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.settings import BadSettings, Notify, Secret, Settings
from flows.commands.up import _place, _refuse_open_doors
from flows.scheduling.heartbeat import ping
from flows.scheduling.part import FIRST_PAUSE, Part, Recipe
from flows.scheduling.tether import Tethered
from flows.scheduling.up import Place, WatchedSchedules, environment_of_runs
from tests.servers import Reply, site
from warehouse.home import Home

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ONE = '[[schedule]]\nname = "{}"\nevery = "2h"\nkinds = ["fx"]\n'


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "status.example.org"])
def test_other_machines_are_not_let_in_without_passwords(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_SERVER_API_AUTH_STRING", raising=False)
    with pytest.raises(BadSettings, match="DRAGONGATE_SERVICE_PASSWORD"):
        _refuse_open_doors(host, Settings(), has_server=False, has_service=True)
    with pytest.raises(BadSettings, match="PREFECT_SERVER_API_AUTH_STRING"):
        _refuse_open_doors(host, Settings(), has_server=True, has_service=False)
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "admin:a-password")
    _refuse_open_doors(host, Settings(), has_server=True, has_service=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_needs_no_password(host: str) -> None:
    _refuse_open_doors(host, Settings(), has_server=True, has_service=True)


def test_a_port_that_is_taken_is_told_with_the_option_that_names_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(BadSettings, match="give another --server-port"):
            _place("127.0.0.1", taken.getsockname()[1], "--server-port")


def test_runs_find_the_server_on_this_machine_with_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_API_AUTH_STRING", "admin:a-password")
    home = Home(Path("/somewhere"))
    found = environment_of_runs(home, Place("0.0.0.0", 4200))
    assert found["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert found["PREFECT_API_AUTH_STRING"] == "admin:a-password"
    assert environment_of_runs(home, Place("::", 4200))["PREFECT_API_URL"] == "http://[::1]:4200/api"
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert "PREFECT_API_URL" not in environment_of_runs(home, None)


def test_a_watch_list_that_changes_changes_the_schedules_and_a_wrong_one_does_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = Home(tmp_path)
    home.watchlist.write_text(ONE.format("first"), encoding="utf-8")
    schedules = WatchedSchedules(home)

    def after(text: str, at: int) -> list[str]:
        home.watchlist.write_text(text, encoding="utf-8")
        os.utime(home.watchlist, (at, at))
        return [one.name for one in schedules()]

    assert after(ONE.format("second"), 1_000_000) == ["second"]
    assert after(ONE.format("Third"), 2_000_000) == ["second"]
    assert "watchlist.toml:2: [[schedule]] name: expected small letters" in caplog.text
    assert after(ONE.format("fourth"), 3_000_000) == ["fourth"]


def recipe(tmp_path: Path, code: str, health: str = "http://127.0.0.1:1/") -> Recipe:
    return Recipe("The part", [sys.executable, "-c", code], dict(os.environ), tmp_path / "part.log", health, "its page")


def test_a_part_that_ends_is_started_again_after_a_pause(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    part = Part(recipe(tmp_path, "raise SystemExit(3)"))
    part.look(NOW)
    while "ended with code 3" not in caplog.text:
        part.look(NOW)
    part.look(NOW + FIRST_PAUSE / 2)
    assert part._child is None
    part.look(NOW + FIRST_PAUSE)
    assert part._child is not None
    part.end()


def test_a_part_is_ready_when_it_answers_and_says_where(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dragongate")
    with site() as it:
        part = Part(recipe(tmp_path, "import time; time.sleep(600)", it.says("/", Reply())))
        part.look(NOW)
        part.look(NOW + timedelta(seconds=1))
        part.end()
    assert [one.getMessage() for one in caplog.records] == ["The part is at its page"]


def test_what_is_tethered_ends_when_it_is_told(tmp_path: Path) -> None:
    child = Tethered([sys.executable, "-c", "import time; time.sleep(600)"], dict(os.environ), tmp_path / "log")
    assert child.ended_with() is None
    child.end()
    assert child.ended_with() is not None


def test_the_dead_man_address_is_asked_and_stays_out_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with site() as it:
        it.says("/ping/a-secret-word", Reply(), Reply(b"", 500))
        settings = Settings(notify=Notify(ping_url=Secret(it.url("/ping/a-secret-word"))))
        first, second = ping(settings, NOW), ping(settings, NOW)
    gone = ping(settings, NOW)
    assert first is not None and first.ok and second is not None and not second.ok and gone is not None and not gone.ok
    assert it.paths() == ["/ping/a-secret-word"] * 2
    assert "status 500" in caplog.text and "a-secret-word" not in caplog.text
    assert ping(Settings(), NOW) is None
