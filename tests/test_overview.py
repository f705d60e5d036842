"""What a page shows of each source beside the status: what came of it when it was last to be asked."""

from datetime import timedelta
from pathlib import Path

from tests.watched_homes import NOW, OLDER, RUN, append, run_of, source_of
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.overview import read_overview
from warehouse.publish import publish_ops
from warehouse.status import read_status


def test_what_another_schedule_brought_stands_until_the_source_is_asked_again(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Warehouse.open(home.make().warehouse) as warehouse:
        append(warehouse, "core.sources", source_of("tencent_daily"), source_of("news_feeds", kind="news"))
        append(
            warehouse,
            "ops.runs",
            run_of(OLDER, "completed", NOW - timedelta(hours=9)),
            run_of(RUN, "completed", NOW - timedelta(hours=1)),
        )
        append(
            warehouse,
            "ops.answers",
            {"run_id": OLDER, "source_id": "tencent_daily", "chunk": "", "state": "missing", "is_required": True},
            {"run_id": OLDER, "source_id": "news_feeds", "chunk": "", "state": "missing"},
            {"run_id": RUN, "source_id": "news_feeds", "chunk": "", "state": "here"},
        )
        publish_ops(home, warehouse)
    found = {one["source_id"]: one for one in read_overview(home, read_status(home)).sources}
    assert (found["tencent_daily"]["required_missing"], found["tencent_daily"]["here"]) == (1, 0)
    assert (found["news_feeds"]["missing"], found["news_feeds"]["here"]) == (0, 1)
