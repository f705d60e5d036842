"""A backfill of many years says nothing of today: it hides no daily run and does not make a home look ill."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.ledger import Run, write_run
from warehouse.publish_ops import publish_ops
from warehouse.status import read_status

NOW = datetime(2025, 1, 11, 6, tzinfo=UTC)


@pytest.mark.parametrize(("daily", "is_good"), [("completed", True), ("failed", False)])
def test_years_of_a_backfill_hide_no_daily_run(tmp_path: Path, daily: str, is_good: bool) -> None:
    home = Home(tmp_path).make()
    with Warehouse.open(home.warehouse) as warehouse:
        write_run(warehouse, Run("daily", "daily", "live", NOW, "1", "here", 1, state=daily, is_whole=True))
        for number in range(1, 13):
            at = NOW + timedelta(hours=number)
            write_run(warehouse, Run(f"year-{number:02}", "backfill", "backfill", at, "1", "here", 1, state="failed"))
        publish_ops(home, warehouse)
    status = read_status(home)
    assert [one["run_id"] for one in status.runs] == ["year-12", "year-11", "year-10", "daily"]
    assert status.is_good is is_good
