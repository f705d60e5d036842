"""The status service as programs see it: JSON by its schema, health, who may read it, and how it starts and ends."""

import json
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from jsonschema import Draft202012Validator, FormatChecker

from extractors.settings import BadSettings, Secret, Service, Settings
from flows.commands.service import listen, refuse_without_password
from flows.commands.terminal import json_text
from flows.service.app import create_app
from flows.service.guard import LOOPBACK
from flows.service.status_schema import status_schema
from tests.documents import ROOT
from tests.served import served
from tests.watched_homes import NOW as SEEN_AT
from tests.watched_homes import troubled
from warehouse.home import Home
from warehouse.lease import Lease
from warehouse.status import read_status

NOW = datetime(2026, 11, 24, 13, tzinfo=UTC)
AS_SHIPPED = Settings()
Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as stack:
        yield lambda home, settings=AS_SHIPPED, **told: stack.enter_context(
            served(create_app(home, settings, **{"now": lambda: NOW, **told}))
        )


@pytest.fixture
def own(sample_home: Home, tmp_path: Path) -> Home:
    """Give a copy of the sample's published folder that a test may spoil."""
    home = Home(tmp_path / "own")
    shutil.copytree(sample_home.published, home.published, symlinks=True)
    return home


def get(url: str, **told: object) -> requests.Response:
    return requests.get(url, timeout=60, **told)  # type: ignore[arg-type]


def validated(url: str) -> dict[str, object]:
    """Get the status, which must be as its published schema says."""
    schema = get(f"{url}/status.schema.json").json()
    Draft202012Validator.check_schema(schema)
    told: dict[str, object] = get(f"{url}/status.json").json()
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(told)
    return told


def test_the_status_is_what_the_command_says_with_the_generation(sample_home: Home, serve: Serve) -> None:
    told = validated(serve(sample_home))
    said = json.loads(json_text(read_status(sample_home)))
    assert {name: told[name] for name in said} == said
    assert (told["schema_version"], told["is_good"], told["problem"]) == (1, True, None)
    generation = told["generation"]
    assert isinstance(generation, dict) and generation["number"] == 1
    age = NOW - datetime.fromisoformat(generation["published_at"])
    assert generation["age_seconds"] == max(age / timedelta(seconds=1), 0)


def test_after_a_replay_ages_stand_still_where_the_recording_ends(sample_home: Home, serve: Serve) -> None:
    told = validated(serve(sample_home, now=lambda: NOW + timedelta(days=400)))
    ages, freshness = told["ages"], told["freshness"]
    assert isinstance(ages, list) and isinstance(freshness, list)
    measured = {one["table_name"]: (one["age_hours"], one["is_stale"]) for one in freshness}
    assert {one["table_name"]: (one["age_hours"], one["is_stale"]) for one in ages} == measured


def test_the_schema_names_what_each_field_means() -> None:
    properties = status_schema()["properties"]
    assert all(one["description"] for one in properties.values())
    run = properties["runs"]["items"]["properties"]
    assert run["ended_at"]["anyOf"][0]["format"] == "date-time" and run["run_id"]["type"] == "string"


def test_an_empty_home_is_told_and_is_not_well(tmp_path: Path, serve: Serve) -> None:
    url = serve(Home(tmp_path / "nowhere"))
    told = validated(url)
    assert (told["is_good"], told["runs"], told["generation"]) == (False, [], None)
    assert get(f"{url}/livez").status_code == 200
    ready, well = get(f"{url}/readyz"), get(f"{url}/healthz")
    assert (ready.status_code, ready.json()["problem"]) == (503, "Nothing is published here yet.")
    assert well.status_code == 503 and "dragongate run" in well.json()["sentence"]


def test_a_good_home_is_ready_and_well(sample_home: Home, serve: Serve) -> None:
    url = serve(sample_home)
    ready, well = get(f"{url}/readyz"), get(f"{url}/healthz")
    assert ready.status_code == 200 and ready.json()["generation"]["number"] == 1
    assert well.status_code == 200 and well.json()["is_good"] is True
    assert "core.follower_counts" in well.json()["sentence"], "an optional table is stale, and that is said"


@pytest.mark.parametrize("name", ["ops.duckdb", "warehouse-1.duckdb"])
def test_a_damaged_copy_is_said_and_is_no_error(own: Home, serve: Serve, name: str) -> None:
    file = own.published / name
    file.unlink()
    file.write_bytes(b"this is no database" * 1000)
    url = serve(own)
    told = validated(url)
    assert isinstance(told["problem"], str) and name in told["problem"] and "dragongate publish" in told["problem"]
    for path in ("readyz", "healthz"):
        assert get(f"{url}/{path}").status_code == 503


def test_a_generation_that_takes_the_place_of_another_is_read_at_once(own: Home, serve: Serve) -> None:
    url = serve(own)
    assert get(f"{url}/readyz").json()["generation"]["number"] == 1
    (own.published / "warehouse-1.duckdb").rename(own.published / "warehouse-7.duckdb")
    own.published_warehouse.unlink()
    own.published_warehouse.symlink_to("warehouse-7.duckdb")
    assert get(f"{url}/readyz").json()["generation"]["number"] == 7


def test_who_holds_the_lease_is_told_while_it_lasts(own: Home, serve: Serve) -> None:
    url = serve(own)
    assert get(f"{url}/status.json").json()["running"] is None
    with Lease(own, flow="daily", run_id="run-9", now=lambda: NOW):
        running = validated(url)["running"]
        assert isinstance(running, dict) and running["run_id"] == "run-9"
    assert get(f"{url}/status.json").json()["running"] is None


def test_a_prefect_server_that_is_away_is_told_and_stops_nothing(
    sample_home: Home, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(listen("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("PREFECT_API_URL", f"http://me:word@127.0.0.1:{port}/api")
    url = serve(sample_home)
    prefect = validated(url)["prefect"]
    assert isinstance(prefect, dict) and prefect["is_reachable"] is False
    assert "word" not in str(prefect) and "does not answer" in prefect["problem"]
    assert get(f"{url}/readyz").status_code == 200


def test_a_password_is_asked_for_but_not_of_the_probe(sample_home: Home, serve: Serve) -> None:
    url = serve(sample_home, Settings(service=Service(password=Secret("hush hush 小米"))))
    assert get(f"{url}/livez").status_code == 200
    for path in ("/status.json", "/metrics", "/openapi.json", "/nowhere"):
        refused = get(url + path)
        assert refused.status_code == 401 and refused.headers["WWW-Authenticate"].startswith("Basic ")
    for wrong in ("hush", "", "hush hush 小米 "):
        assert get(f"{url}/healthz", auth=("any", wrong.encode())).status_code == 401
    for garbled in ("Basic", "Basic !!", "Bearer aHVzaA==", "Basic aHVzaA"):
        assert get(f"{url}/healthz", headers={"Authorization": garbled}).status_code == 401
    assert get(f"{url}/healthz", auth=("any", "hush hush 小米".encode())).status_code == 200


def test_a_name_of_the_web_does_not_lead_to_this_machine(sample_home: Home, serve: Serve) -> None:
    url = serve(sample_home, names=LOOPBACK)
    port = url.rpartition(":")[2]
    for host in (f"localhost:{port}", "127.0.0.1", f"[::1]:{port}", "LOCALHOST"):
        assert get(f"{url}/livez", headers={"Host": host}).status_code == 200
    for host in ("rebound.example", f"rebound.example:{port}", "127.0.0.1.example"):
        assert get(f"{url}/livez", headers={"Host": host}).status_code == 421


def test_every_answer_forbids_scripts_and_what_is_elsewhere(sample_home: Home, serve: Serve) -> None:
    url = serve(sample_home)
    for path in ("/status.json", "/livez", "/nowhere"):
        headers = get(url + path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "script" not in policy and "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
    head = requests.head(f"{url}/livez", timeout=20)
    assert (head.status_code, head.content, int(head.headers["Content-Length"]) > 0) == (200, b"", True)


def test_beyond_this_machine_it_wants_a_password() -> None:
    guarded = Settings(service=Service(password=Secret("hush")))
    for host in ("0.0.0.0", "192.168.1.4", "::", "status.example"):
        with pytest.raises(BadSettings, match="set DRAGONGATE_SERVICE_PASSWORD"):
            refuse_without_password(host, Settings())
        refuse_without_password(host, guarded)
    for host in ("127.0.0.1", "localhost", "::1", "[::1]", "127.0.0.2"):
        refuse_without_password(host, Settings())


def test_a_port_that_is_taken_is_said_with_the_mend() -> None:
    said = r"cannot listen on 127\.0\.0\.1, port \d+: .*give another --port"
    with closing(listen("127.0.0.1", 0)) as first, pytest.raises(BadSettings, match=said):
        listen("127.0.0.1", first.getsockname()[1])


def test_it_starts_says_where_and_ends_in_good_order_at_sigterm(sample_home: Home) -> None:
    command = [sys.executable, "-m", "flows.main", "service", "--home", str(sample_home.root), "--port", "0"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert started.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", started.stdout.readline())
        assert found is not None
        assert get(f"{found[0]}livez").json() == {"is_alive": True}
        started.send_signal(signal.SIGTERM)
        printed, errors = started.communicate(timeout=60)
    finally:
        started.kill()
    assert (started.returncode, errors) == (0, "")
    assert "has ended" in printed


def test_a_failed_home_is_told_by_the_same_schema(tmp_path: Path, serve: Serve) -> None:
    url = serve(troubled(Home(tmp_path / "home")), now=lambda: SEEN_AT)
    told = validated(url)
    assert told["is_good"] is False and told["problem"] is None
    gaps, holes, runs = told["gaps"], told["holes"], told["runs"]
    assert isinstance(gaps, list) and isinstance(holes, list) and isinstance(runs, list)
    assert (len(gaps), len(holes), runs[0]["state"]) == (2, 2, "failed")
    well = get(f"{url}/healthz")
    assert (well.status_code, well.json()["stale"]) == (503, ["core.daily_quotes"])
    assert get(f"{url}/readyz").status_code == 200


def test_copies_that_are_replaced_while_they_are_read_are_never_in_the_way(own: Home, serve: Serve) -> None:
    def publish_again_and_again() -> None:
        for number in range(2, 8):
            whole = own.published / ".next"
            shutil.copyfile(own.published_ops, whole)
            whole.replace(own.published_ops)
            shutil.copyfile(own.published / "warehouse-1.duckdb", own.published / f"warehouse-{number}.duckdb")
            whole.symlink_to(f"warehouse-{number}.duckdb")
            whole.replace(own.published_warehouse)
            (own.published / f"warehouse-{number - 1}.duckdb").rename(own.published / "warehouse-1.duckdb")

    url = serve(own)
    with ThreadPoolExecutor() as pool:
        published = pool.submit(publish_again_and_again)
        told = [get(f"{url}/status.json") for _ in range(12)]
        published.result()
    assert {one.status_code for one in told} == {200} and {one.json()["problem"] for one in told} == {None}


def test_the_package_carries_what_the_pages_are_made_of(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    templates = {one.relative_to(ROOT).as_posix() for one in (ROOT / "flows" / "service" / "templates").iterdir()}
    assert len(templates) > 8 and templates <= names
