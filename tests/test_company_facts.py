"""What `dragongate facts` shows, over rows that were worked out by hand."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.commands.facts import period_name
from flows.main import app
from tests import small_warehouse as small
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.publish import publish, publish_ops


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    place = Home(tmp_path_factory.mktemp("facts") / "home")
    place.make()
    with Warehouse.open(place.warehouse) as warehouse:
        small.fill(warehouse)
        small.load(
            warehouse,
            "core.metrics",
            *(
                {"metric": one, "title": one, "kind": "flow", "unit": "currency"}
                for one in ("revenue", "net_profit", "deliveries")
            ),
        )
        publish(place, warehouse, run_id="run-1", now=small.utc(small.LOADED_AT))
        publish_ops(place, warehouse)
    return place


def ask(home: Home, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["facts", *arguments, "--home", str(home.root)])
    return result.exit_code, result.output


def as_json(home: Home, *arguments: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(ask(home, *arguments, "--json")[1])
    return rows


def test_the_change_is_against_the_same_quarter_of_the_year_before(home: Home) -> None:
    rows = as_json(home, "xiaomi", "--metric", "revenue")
    assert [(row["period_end_date"], row["value"]) for row in rows] == [
        ("2024-12-31", 109_005_000_000), ("2023-12-31", 73_240_000_000),
    ]  # fmt: skip
    assert rows[0]["change_since_year_before_pct"] == pytest.approx(48.8326, abs=0.001)
    assert rows[1]["change_since_year_before_pct"] is None


def test_the_past_knows_no_figure_that_came_later(home: Home) -> None:
    rows = as_json(home, "xiaomi", "--metric", "revenue", "--as-of", "2025-03-17")
    assert [row["period_end_date"] for row in rows] == ["2023-12-31"]


def test_operating_figures_stand_beside_the_accounts(home: Home) -> None:
    (row,) = as_json(home, "xiaomi", "--metric", "deliveries")
    assert (row["value"], row["qualifier"], row["period_kind"]) == (20_000, "over", "month")


def test_a_terminal_shows_millions_and_where_they_stand(home: Home) -> None:
    code, shown = ask(home, "xiaomi", "--metric", "revenue")
    assert code == 0
    assert all(text in shown for text in ("Q4 2024", "109,005.0", "CNY m", "+48.8", "filing"))


@pytest.mark.parametrize("arguments", [("nobody",), ("xiaomi", "--metric", "revenues")])
def test_an_unknown_name_is_told_what_there_is(home: Home, arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, ["facts", *arguments, "--home", str(home.root)])
    assert result.exit_code != 0
    assert any(name in str(result.exception) for name in ("xiaomi", "revenue"))


@pytest.mark.parametrize("text", ["yesterday", "2025-03-17T12:00:00"])
def test_a_time_without_a_zone_is_no_time(home: Home, text: str) -> None:
    assert ask(home, "xiaomi", "--as-of", text)[0] == 2


@pytest.mark.parametrize(
    ("kind", "name"), [("quarter", "Q3 2024"), ("year", "FY 2024"), ("nine_months", "9M 2024"), ("month", "2024-09")]
)
def test_periods_are_named_as_people_name_them(kind: str, name: str) -> None:
    day = small.utc("2024-09-30 00:00").date()
    assert (
        period_name({"period_kind": kind, "period_start_date": day, "period_end_date": day, "fiscal_year": 2024})
        == name
    )
