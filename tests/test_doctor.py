"""The doctor: each check in health and in trouble, and the command that makes them all."""

import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extractors.settings_template import write_template
from flows.commands.doctor import CHECKS
from flows.keeping import doctor_home, doctor_machine
from flows.keeping.doctor import Finding, Patient, State, examine
from flows.scheduling.heartbeat import Heartbeat, write_heartbeat
from flows.watching import shipped_watchlist
from tests.archives import http, info, members, record
from tests.end_to_end.commands import dragongate
from warehouse.home import Home
from warehouse.lease import Holder, note_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HUSH = "hush-hush"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").make()
    write_template(home.root)
    shutil.copyfile(shipped_watchlist(), home.watchlist)
    return home


def patient(home: Home, now: datetime = NOW, **environment: str) -> Patient:
    return Patient(home, environment, now)


def state(found: Finding, *words: str) -> State:
    """Give the state of a finding that says all these words, and how to mend it unless all is well."""
    text = f"{found.found} | {found.mend}"
    assert [word for word in words if word not in text] == [], text
    assert bool(found.mend) is (found.state is not State.OK)
    return found.state


def test_settings_and_watch_list_that_are_right_missing_and_wrong(home: Home, tmp_path: Path) -> None:
    assert state(doctor_home.settings(patient(home)), "sources on") is State.OK
    assert state(doctor_home.watch_list(patient(home)), "companies") is State.OK
    empty = patient(Home(tmp_path / "nowhere"))
    assert state(doctor_home.settings(empty), "dragongate init") is State.WARN
    assert state(doctor_home.watch_list(empty), "dragongate init") is State.WARN
    home.settings.write_text("colour = 1\n")
    home.watchlist.write_text("[[company]]\nname = 1\n")
    found = {
        one.name: one for one in examine(patient(home), {name: CHECKS[name] for name in ("settings", "watch list")})
    }
    assert found["settings"].state is State.BAD and "colour: unknown field" in found["settings"].found
    assert found["watch list"].state is State.BAD and "watchlist.toml:" in found["watch list"].found


def test_secrets_contact_and_keys(home: Home) -> None:
    assert state(doctor_home.environment_file(patient(home)), "no .env") is State.OK
    path = home.root / ".env"
    path.write_text(f"DRAGONGATE_SECRET_FRED={HUSH}\n")
    for mode, wanted in ((0o644, State.BAD), (0o600, State.OK)):
        path.chmod(mode)
        assert state(doctor_home.environment_file(patient(home)), str(path)) is wanted
    assert state(doctor_home.contact(patient(home)), "DRAGONGATE_CONTACT") is State.WARN
    assert state(doctor_home.contact(patient(home, DRAGONGATE_CONTACT="a@example.org")), "a@example.org") is State.OK
    assert state(doctor_home.keys(patient(home))) is State.OK
    home.settings.write_text("[source.fred]\nenabled = true\n[source.youtube]\nenabled = true\n")
    lacking = doctor_home.keys(patient(home))
    assert state(lacking, "youtube", "DRAGONGATE_SECRET_YOUTUBE") is State.WARN and "fred" not in lacking.found
    keys = doctor_home.keys(patient(home, DRAGONGATE_SECRET_YOUTUBE=HUSH))
    assert state(keys, "2 keys") is State.OK and HUSH not in f"{keys}{patient(home).settings}"


def test_the_disk_is_measured_against_what_a_publication_and_a_month_need(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.warehouse.write_bytes(bytes(1_000_000))
    grown = home.archive / "a.warc.gz"
    grown.write_bytes(bytes(5_000_000))
    os.utime(grown, (NOW.timestamp(), NOW.timestamp()))
    usage = shutil.disk_usage(home.root)
    for free, wanted in ((10**11, State.OK), (10**8 + 2_500_000, State.OK), (10**8 + 1_999_999, State.BAD)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert state(doctor_machine.disk(patient(home)), "GB free") is wanted
    grown.write_bytes(bytes(200_000_000))
    os.utime(grown, (NOW.timestamp(), NOW.timestamp()))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=150_000_000))
    assert state(doctor_machine.disk(patient(home)), "no month more", "housekeep") is State.WARN


@pytest.mark.parametrize(
    ("server_time", "wanted"),
    [("11:00:02", State.OK), ("11:01:00", State.WARN), ("10:50:00", State.BAD), ("11:30:00", State.BAD)],
)
def test_the_clock_is_compared_with_the_newest_answer(home: Home, server_time: str, wanted: State) -> None:
    head = f"Date: Mon, 02 Mar 2026 {server_time} GMT\r\n"
    content = members(
        info("Dragongate/0.1"), record(block=http(head=head), url="https://a.example/", date="2026-03-02T11:00:00Z")
    )
    (home.archive / "daily-1.warc.gz").write_bytes(content)
    assert state(doctor_machine.clock(patient(home)), "servers were") is wanted
    assert state(doctor_machine.clock(patient(home, NOW - timedelta(days=1))), "an answer came") is State.BAD


def test_without_an_answer_the_clock_is_not_judged(home: Home) -> None:
    assert state(doctor_machine.clock(patient(home)), "no answer") is State.OK


def test_zones_and_calendars_grow_old(home: Home) -> None:
    assert state(doctor_machine.time_zones(patient(home)), "3 zones") is State.OK
    assert state(doctor_machine.time_zones(patient(home, NOW.replace(year=2040))), "tzdata") is State.WARN
    assert state(doctor_machine.calendars(patient(home)), "calendars reach 2026-06-02") is State.OK
    assert state(doctor_machine.calendars(patient(home, NOW.replace(year=2090))), "XSHG ends") is State.BAD


def test_ports_are_free_ours_or_somebody_elses(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_machine, "SERVER_PORT", 0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        home.settings.write_text(f"[service]\nport = {other.getsockname()[1]}\n")
        assert state(doctor_machine.ports(patient(home)), "is taken", "[service] port") is State.WARN
        write_heartbeat(home, Heartbeat(NOW - timedelta(minutes=1), 4711))
        assert state(doctor_machine.ports(patient(home)), "dragongate up", "4711") is State.OK
    assert state(doctor_machine.ports(patient(home)), "free") is State.OK


def test_libraries_are_compared_with_their_bounds(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert state(doctor_machine.libraries(patient(home)), "DuckDB 1.") is State.OK
    wanted = ["duckdb>=99", "no-such-library>=1", "pyarrow>=18", 'also-not>=1; python_version < "3"']
    monkeypatch.setattr(doctor_machine, "requires", lambda _: wanted)
    found = doctor_machine.libraries(patient(home))
    assert state(found, "duckdb is 1.", "no-such-library is not installed", "requirements.lock") is State.BAD
    assert "pyarrow" not in found.found and "also-not" not in found.found


def test_a_lease_that_is_free_or_was_left_by_a_dead_process(home: Home) -> None:
    assert state(doctor_home.lease(patient(home)), "free") is State.OK
    note_of(home).write_text(
        f'{{"flow": "daily", "run_id": "r1", "pid": 1, "host": "h", "since": "{NOW.isoformat()}"}}'
    )
    assert state(doctor_home.lease(patient(home)), "r1", "died") is State.WARN


def test_a_lease_that_is_held_for_hours_wants_a_look(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.lease.touch()
    holder = Holder("daily", "r1", 1, "h", NOW - timedelta(hours=1))
    monkeypatch.setattr(doctor_home, "held_by", lambda _: holder)
    assert state(doctor_home.lease(patient(home)), "writes since") is State.OK
    monkeypatch.setattr(doctor_home, "held_by", lambda _: replace(holder, since=NOW - timedelta(hours=7)))
    assert state(doctor_home.lease(patient(home)), "logs/") is State.WARN


def test_the_archive_is_read_to_its_end(home: Home) -> None:
    assert state(doctor_home.archive_end(patient(home)), "empty") is State.OK
    path = home.archive / "a.warc.gz"
    path.write_bytes(members(info(), record(block=http(bytes(1000)))))
    assert state(doctor_home.archive_end(patient(home)), "to its end") is State.OK
    home.settings.write_text("[keep]\narchive_gigabytes = 0.0000001\n")
    assert state(doctor_home.archive_end(patient(home)), "housekeep") is State.WARN
    path.write_bytes(path.read_bytes()[:-10])
    assert state(doctor_home.archive_end(patient(home)), "ends badly") is State.WARN


def test_the_database_of_prefect_is_not_to_grow_for_ever(home: Home) -> None:
    assert state(doctor_home.prefect_database(patient(home)), "90 days") is State.OK
    with home.prefect_database.open("wb") as file:
        file.truncate(3 * 10**9)
    assert state(doctor_home.prefect_database(patient(home)), "prefect_days") is State.WARN


def test_published_copies_are_opened(home: Home, sample_home: Home) -> None:
    assert state(doctor_home.published(patient(home)), "nothing is published") is State.WARN
    assert state(doctor_home.published(patient(sample_home)), "version 2") is State.OK
    home.published_warehouse.write_bytes(b"no database" * 1000)
    (found,) = examine(patient(home), {"published": doctor_home.published})
    assert found.state is State.BAD and "publish" in found.found


def test_the_command_says_all_and_its_exit_code_tells_the_worst(home: Home) -> None:
    (home.root / ".env").write_text("DRAGONGATE_CONTACT=a@example.org\n")
    (home.root / ".env").chmod(0o600)
    ran = dragongate("doctor", "--json", "--home", str(home.root))
    found: list[Mapping[str, str]] = ran.json
    assert [one["name"] for one in found] == list(CHECKS)
    assert ran.code == (1 if any(one["state"] == "bad" for one in found) else 0)
    assert all(one["mend"] for one in found if one["state"] != "ok")
    (home.root / ".env").chmod(0o666)
    ran = dragongate("doctor", "--home", str(home.root))
    assert ran.code == 1 and "chmod 600" in ran.out
