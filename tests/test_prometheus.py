"""Prometheus reads what we say, its rules are those of our own alerts, and they fire and resolve by the calendar."""

import json
import re
import subprocess
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.settings import Settings
from flows.alerting.alert_kinds import KINDS
from flows.service.app import create_app
from flows.service.metrics import exposition
from tests import small_warehouse as small
from tests.documents import ROOT
from tests.living_home import CLOSED, OPEN_AGAIN, give_sign_of_life, make_home, opened, run
from tests.prometheus_server import DEPLOYED, RULES, eventually, needs_prometheus, prometheus
from tests.served import served
from warehouse.home import Home
from warehouse.lease import Lease

BOARD = ROOT / "deploy" / "grafana" / "dragongate.json"
PAGE = ROOT / "docs" / "dashboard.md"
ONLY_OUTSIDE = {"StatusServiceGone"}
"""What only somebody else can notice."""
NOW = small.utc("2025-03-21 10:00")
OF_PROMETHEUS = {"up"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("scraped") / "home")


@pytest.fixture(scope="module")
def told(home: Home) -> bytes:
    """Give what is told of a home with a scheduler, while a run writes."""
    give_sign_of_life(home, NOW)
    with Lease(home, flow="daily", run_id="run-2", now=lambda: NOW):
        return exposition(home, NOW)


def promtool(*words: str, given: bytes = b"") -> str:
    done = subprocess.run(["promtool", *words], input=given, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return (done.stdout + done.stderr).decode()


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [one for group in groups for one in group["rules"]]


def names_in(told: bytes) -> set[str]:
    """Name all series that can be asked for, those of families without a sample now included."""
    kinds = dict(re.findall(r"^# TYPE (\S+) (\S+)$", told.decode(), re.MULTILINE))
    names = {name for name, kind in kinds.items() if kind != "histogram"}
    return names | {f"{name}_{end}" for name in kinds.keys() - names for end in ("bucket", "count", "sum")}


def asked_for(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:dragongate_\w+|up(?=\{))", expression))


@needs_prometheus
def test_promtool_finds_nothing_to_say_about_our_metrics(told: bytes, sample_home: Home) -> None:
    assert promtool("check", "metrics", given=told) == ""
    assert promtool("check", "metrics", given=exposition(sample_home, NOW)) == ""


@needs_prometheus
def test_the_rules_and_the_configuration_are_right() -> None:
    assert f"{len(rules())} rules found" in promtool("check", "rules", str(RULES))
    assert "SUCCESS" in promtool("check", "config", str(DEPLOYED / "prometheus.yml"))


@needs_prometheus
def test_every_rule_fires_and_resolves_on_its_own_series() -> None:
    file = DEPLOYED / "dragongate.rules.test.yml"
    assert "SUCCESS" in promtool("test", "rules", str(file))
    tried = re.findall(r"alertname: (\w+)\n", file.read_text(encoding="utf-8"))
    assert set(tried) == {one["alert"] for one in rules()}


def test_the_rules_are_those_of_our_own_alerts() -> None:
    severities = {one["alert"]: one["labels"]["severity"] for one in rules() if one["alert"] not in ONLY_OUTSIDE}
    assert severities == {kind.name: kind.severity.value for kind in KINDS}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_a_rule_says_whose_matter_it_is_when_it_is_tried_again_and_where_to_read_on(rule: dict[str, Any]) -> None:
    name, said = rule["alert"], rule["annotations"]
    by_series = {"dragongate_data_stale", "dragongate_deadline_missed", "dragongate_source_missing"}
    assert "whose" in rule["labels"] or asked_for(rule["expr"]) & by_series
    assert said.keys() == {"summary", "next_try", "runbook"}
    assert said["runbook"] == f"docs/runbook.md#{name.lower()}"


def test_rules_ask_for_what_is_told(told: bytes) -> None:
    assert {name for one in rules() for name in asked_for(one["expr"])} <= names_in(told) | OF_PROMETHEUS


def test_every_metric_is_documented_and_nothing_else(told: bytes) -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Metrics, Prometheus")[2]
    named = set(re.findall(r"`([a-z_]+)`", section.partition("The rules in")[0]))
    families = {name.removeprefix("dragongate_") for name in re.findall(r"^# TYPE (\S+)", told.decode(), re.MULTILINE)}
    assert families <= named
    assert named - families == {"other", "passed", "failed", "blocking", "dragongate_"}


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(BOARD.read_text(encoding="utf-8"))["panels"]
    return found


def test_the_board_is_one_that_grafana_loads() -> None:
    board = json.loads(BOARD.read_text(encoding="utf-8"))
    assert board["schemaVersion"] >= 36 and board["title"] and board["uid"] and "id" not in board
    assert [one["name"] for one in board["templating"]["list"]] == ["datasource", "instance"]
    numbers = [one["id"] for one in panels()]
    assert len(numbers) == len(set(numbers))
    for one in panels():
        assert {"id", "type", "title", "gridPos"} <= one.keys()
        assert one["type"] in {"row", "stat", "timeseries", "table"}
        assert one["gridPos"]["x"] >= 0 and one["gridPos"]["x"] + one["gridPos"]["w"] <= 24
        assert one["type"] == "row" or (one["datasource"]["uid"] == "${datasource}" and one["targets"])


def test_no_two_panels_lie_on_each_other() -> None:
    cells = [
        (x, y)
        for one in panels()
        for x in range(one["gridPos"]["x"], one["gridPos"]["x"] + one["gridPos"]["w"])
        for y in range(one["gridPos"]["y"], one["gridPos"]["y"] + one["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))


def test_the_board_asks_for_what_is_told(told: bytes) -> None:
    expressions = [target["expr"] for one in panels() for target in one.get("targets", ())]
    assert len(expressions) > 25
    assert {name for one in expressions for name in asked_for(one)} <= names_in(told)
    assert all(asked_for(one) and 'instance=~"$instance"' in one for one in expressions)


@needs_prometheus
def test_the_board_s_questions_are_right(tmp_path: Path) -> None:
    expressions = [target["expr"] for one in panels() for target in one.get("targets", ())]
    plain = [one.replace("$__rate_interval", "5m").replace("$instance", ".*") for one in expressions]
    recorded = [{"record": f"question:{number}", "expr": one} for number, one in enumerate(plain)]
    file = tmp_path / "board.rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "board", "rules": recorded}]}), encoding="utf-8")
    assert f"{len(plain)} rules found" in promtool("check", "rules", str(file))


@needs_prometheus
def test_an_alert_fires_when_prices_go_stale_by_their_calendar_and_resolves(home: Home, tmp_path: Path) -> None:
    clock = [small.utc(f"{CLOSED[1]} 15:00")]

    def now() -> datetime:
        return clock[0]

    with (
        served(create_app(home, Settings(), now=now)) as url,
        prometheus(tmp_path, scrapes=url.removeprefix("http://")) as server,
    ):
        age = 'dragongate_data_age_seconds{table="core.daily_quotes"}'
        scraped_at, seconds = eventually("a first scrape", lambda: server.value(age))
        assert seconds == 0, "four days by the clock, none by the calendar"
        quiet = eventually("a look at the rule", lambda: looked_at(server.rule("RequiredDataStale"), scraped_at))
        assert (quiet["state"], quiet["health"]) == ("inactive", "ok")

        clock[0] = small.utc("2025-03-27 05:00")
        stale = eventually("prices to be stale", lambda: firing(server.rule("RequiredDataStale")))
        labels = {"table": "core.daily_quotes", "severity": "page", "whose": "ours"}
        assert labels.items() <= stale["labels"].items()
        assert stale["annotations"]["runbook"] == "docs/runbook.md#requireddatastale"
        late = eventually("a missed deadline", lambda: firing(server.rule("DeadlineMissed")))
        assert late["labels"]["deadline"] == "hong_kong_prices"

        with opened(home) as warehouse:
            run(home, warehouse, "run-2", ended_at="2025-03-27 05:30", price_of=OPEN_AGAIN)
        for name, series in (
            ("RequiredDataStale", 'dragongate_data_stale{table="core.daily_quotes", whose="ours"}'),
            ("DeadlineMissed", 'dragongate_deadline_missed{deadline="hong_kong_prices", whose="ours"}'),
        ):
            good_at, _ = eventually(f"{series} to be 0", partial(server.value, f"{series} == 0"))
            over = eventually("a look at the rule", lambda: looked_at(server.rule(name), good_at))  # noqa: B023
            assert over["state"] == "inactive"


def looked_at(rule: dict[str, Any], after: float) -> dict[str, Any] | None:
    return rule if datetime.fromisoformat(rule["lastEvaluation"][:26] + "+00:00").timestamp() > after else None


def firing(rule: dict[str, Any]) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = [one for one in rule["alerts"] if one["state"] == "firing"]
    return found[0] if found else None
