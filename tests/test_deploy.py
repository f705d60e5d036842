"""What is shown in deploy/: read by the tools that it is meant for, and its command lines by our own command line."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
import yaml

from extractors.schedule import Schedule
from flows.main import app
from flows.scheduling.deployments import Cron, deployment_of
from flows.scheduling.schedules import moments
from flows.watching import default_watchlist

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PROGRAM = "/srv/dragongate/.venv/bin/dragongate"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def fits_our_command_line(words: list[str]) -> bool:
    """Tell whether our own command line takes these words, options and their values included; raises where not."""
    group = typer.main.get_command(app)
    context = group.make_context("dragongate", list(words), resilient_parsing=True)
    name, command, rest = group.resolve_command(context, list(words))  # type: ignore[attr-defined]
    command.make_context(name, rest, parent=context)
    return True


def settings_of(unit: Path) -> dict[str, list[str]]:
    """Read a unit: every value of each name, in order."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / unit.name).write_text(re.sub(r"^(User|Group)=.*$", r"\1=root", text, flags=re.MULTILINE))
    files = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_units_start_what_there_is_and_end_it_in_order() -> None:
    assert [one.name for one in UNITS] == ["dragongate-due.service", "dragongate-due.timer", "dragongate.service"]
    for unit in UNITS:
        for line in settings_of(unit).get("ExecStart", []):
            program, *words = shlex.split(line)
            assert program == PROGRAM and fits_our_command_line(words)
    service = settings_of(DEPLOY / "systemd" / "dragongate.service")
    assert (service["KillMode"], service["KillSignal"]) == (["mixed"], ["SIGTERM"])
    assert int(service["TimeoutStopSec"][0]) >= 60 and service["User"] == ["dragongate"]
    assert service["ReadWritePaths"] == [service["Environment"][0].partition("=")[2]]


def instructions() -> Iterator[tuple[str, str]]:
    text = (DEPLOY / "docker" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.strip().partition(" ")
            yield name, rest


def test_the_image_is_glibc_and_nobody_is_root_in_it() -> None:
    found = list(instructions())
    assert all("slim" in rest and "alpine" not in rest for name, rest in found if name == "FROM")
    assert [rest for name, rest in found if name == "USER"] == ["10001:10001"]
    entry = next(rest for name, rest in found if name == "ENTRYPOINT")
    command = next(rest for name, rest in reversed(found) if name == "CMD")
    assert yaml.safe_load(entry) == ["dragongate"] and fits_our_command_line(yaml.safe_load(command))
    for source in (rest.split()[0] for name, rest in found if name == "COPY" and not rest.startswith("--from")):
        assert (ROOT / source).exists()


def test_what_the_image_leaves_out_is_not_what_it_is_built_from() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", "data"} <= set(left_out)
    assert not {"flows", "extractors", "transforms", "warehouse", "watchlist.toml", "README.md"} & set(left_out)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_the_compose_file_opens_ports_for_its_own_machine_alone_and_asks_for_passwords(
    compose: dict[str, Any],
) -> None:
    (service,) = compose["services"].values()
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert {port.rpartition(":")[2] for port in service["ports"]} == {"4200", "4243"}
    for name in ("DRAGONGATE_SERVICE_PASSWORD", "PREFECT_SERVER_API_AUTH_STRING", "DRAGONGATE_CONTACT"):
        assert service["environment"][name].startswith(f"${{{name}:?"), "compose ends with a word where it is not set"
    assert fits_our_command_line(service["command"])
    assert service["read_only"] and service["cap_drop"] == ["ALL"] and service["user"] == "10001:10001"
    assert (
        service["stop_grace_period"] == "90s" and service["volumes"] == ["home:/data"] and "home" in compose["volumes"]
    )
    build = service["build"]
    assert (DEPLOY / "docker" / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "docker" / "Dockerfile"


def test_the_manifest_has_one_pod_that_is_not_root_and_keeps_its_home() -> None:
    text = (DEPLOY / "kubernetes" / "dragongate.yaml").read_text(encoding="utf-8")
    service, pods = yaml.safe_load_all(text)
    assert (service["kind"], pods["kind"], pods["spec"]["replicas"]) == ("Service", "StatefulSet", 1)
    labels = pods["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == pods["spec"]["selector"]["matchLabels"] == labels
    pod = pods["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] and pod["terminationGracePeriodSeconds"] >= 60
    (container,) = pod["containers"]
    assert fits_our_command_line(container["args"])
    ports = {one["name"]: one["containerPort"] for one in container["ports"]}
    assert {one["targetPort"]: one["port"] for one in service["spec"]["ports"]} == ports
    assert container["livenessProbe"]["httpGet"] == {"path": "/livez", "port": "status"}
    mounts = {one["name"]: one["mountPath"] for one in container["volumeMounts"]}
    (claim,) = pods["spec"]["volumeClaimTemplates"]
    assert mounts[claim["metadata"]["name"]] == next(
        one["value"] for one in container["env"] if one["name"] == "DRAGONGATE_HOME"
    )
    assert "password" not in str(pods).lower(), "secrets come from the secret"


def test_a_wrong_command_line_is_noticed() -> None:
    with pytest.raises(Exception, match="No such option"):
        fits_our_command_line(["up", "--hosts", "0.0.0.0"])


def test_times_of_day_and_spans_become_exact() -> None:
    twice = deployment_of(Schedule("twice", ("social",), at=("20:30", "08:30"), zone="Asia/Hong_Kong"), NOW)
    assert twice.crons == (Cron("30 8 * * *", "Asia/Hong_Kong"), Cron("30 20 * * *", "Asia/Hong_Kong"))
    often = deployment_of(Schedule("often", ("news",), every="2h"), NOW)
    assert (often.crons, often.every) == ((), timedelta(hours=2))
    assert not twice.is_checked and not often.is_checked


def test_a_close_becomes_its_usual_time_and_those_of_half_days_in_the_zone_of_the_exchange() -> None:
    close = deployment_of(Schedule("close", ("quotes",), after="XNYS close", delay="1h"), NOW)
    assert close.is_checked and {one.zone for one in close.crons} == {"America/New_York"}
    assert [one.line.split()[:2] for one in close.crons] == [["0", "14"], ["0", "17"]]
    assert close.crons[1].line == "0 17 * * 1,2,3,4,5"


@pytest.mark.parametrize(
    "schedule", [one for one in default_watchlist().schedules if one.after], ids=lambda one: one.name
)
def test_no_moment_of_a_year_is_missing_among_the_times_that_prefect_keeps(schedule: Schedule) -> None:
    made = deployment_of(schedule, NOW)
    lines = [cron.line.split() for cron in made.crons]
    kept = {(int(minute), int(hour), int(day)) for minute, hour, _, _, days in lines for day in days.split(",")}
    zone = ZoneInfo(made.crons[0].zone)
    due = [one.astimezone(zone) for one in moments(schedule, NOW, NOW + timedelta(days=365))]
    assert len(due) > 230
    assert {(one.minute, one.hour, one.isoweekday()) for one in due} <= kept
