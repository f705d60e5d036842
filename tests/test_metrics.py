"""What `/metrics` says: from the published copies alone, by each table's own calendar, in numbers that never fall."""

import re
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from flows.commands.service import listen
from flows.service import metrics
from flows.service.metrics import exposition
from tests import small_warehouse as small
from tests.living_home import CLOSED, FRIDAY, OPEN_AGAIN, give_sign_of_life, make_home, opened, run
from warehouse.counts import HOST_LIMIT
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.lease import Lease
from warehouse.measures import LEDGER_MEASURES, WAREHOUSE_MEASURES
from warehouse.publish import publish_ops

QUOTES = "core.daily_quotes"
LABELS = {
    "copy", "deadline", "exchange", "flow", "folder", "host", "le", "mode", "outcome", "required", "result", "schedule",
    "source", "state", "table", "version", "whose",
}  # fmt: skip
Key = tuple[str, tuple[tuple[str, str], ...]]
Samples = dict[Key, float]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("living") / "home")


@pytest.fixture
def home(made: Home, tmp_path: Path) -> Home:
    """Give a home of its own to a test."""
    shutil.copytree(made.root, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def samples(home: Home, now: str = f"{FRIDAY} 10:00") -> Samples:
    families = text_string_to_metric_families(exposition(home, small.utc(now)).decode())
    return {(one.name, tuple(sorted(one.labels.items()))): one.value for family in families for one in family.samples}


def value(found: Samples, name: str, **labels: str) -> float:
    return found[f"dragongate_{name}", tuple(sorted(labels.items()))]


def counters(found: Samples) -> Samples:
    return {key: number for key, number in found.items() if re.search("_(total|bucket|count|sum)$", key[0])}


@pytest.mark.parametrize(
    ("now", "hours", "is_stale", "is_quiet"),
    [
        (f"{FRIDAY} 10:00", 0, 0, 0),
        ("2025-03-23 10:00", 0, 0, 1),  # a Sunday
        (f"{CLOSED[1]} 15:00", 0, 0, 1),  # four days by the clock, none by the calendar
        (f"{OPEN_AGAIN} 04:00", 12, 0, 0),  # noon in Hong Kong
        ("2025-03-27 05:00", 37, 1, 0),
    ],
)
def test_the_age_of_prices_grows_on_days_on_which_they_can_come(
    made: Home, now: str, hours: float, is_stale: float, is_quiet: float
) -> None:
    found = samples(made, now)
    assert value(found, "data_age_seconds", table=QUOTES) == hours * 3600
    assert value(found, "data_allowed_age_seconds", table=QUOTES) == 36 * 3600
    assert value(found, "data_stale", table=QUOTES, whose="ours") == is_stale
    assert value(found, "data_quiet", table=QUOTES) == is_quiet
    assert value(found, "table_required", table=QUOTES) == 1


@pytest.mark.parametrize(
    ("now", "is_missed"),
    [
        (f"{CLOSED[1]} 15:00", 0),
        ("2025-03-27 00:29", 0),
        ("2025-03-27 00:31", 1),  # 08:31 in Hong Kong, the morning after the first session since Friday
    ],
)
def test_a_deadline_is_missed_the_morning_after_a_session(made: Home, now: str, is_missed: float) -> None:
    found = samples(made, now)
    assert value(found, "deadline_missed", deadline="hong_kong_prices", whose="ours") == is_missed
    assert value(found, "deadline_missed", deadline="new_york_prices", whose="ours") == 0


def test_a_home_that_only_replays_does_not_age(sample_home: Home) -> None:
    at_once, later = samples(sample_home, "2025-01-12 00:00"), samples(sample_home, "2027-01-12 00:00")
    ages = {key: number for key, number in at_once.items() if key[0] == "dragongate_data_age_seconds"}
    assert len(ages) > 4 and ages == {key: later[key] for key in ages}


def test_what_a_run_did_is_counted(made: Home) -> None:
    found = samples(made)
    assert value(found, "rows_total", table="core.daily_quotes_by_source", result="inserted") == 1
    assert value(found, "fetches_total", source="tencent_daily", host="prices.example", outcome="ok") == 1
    assert value(found, "fetch_attempts_total", source="tencent_daily") == 2
    assert value(found, "runs_total", flow="daily", mode="live", state="completed") == 1
    assert value(found, "run_duration_seconds_count", flow="daily") == 1
    assert value(found, "run_duration_seconds_sum", flow="daily") == 90
    up_to = {
        end: value(found, "run_duration_seconds_bucket", flow="daily", le=end) for end in ("60.0", "120.0", "+Inf")
    }
    assert up_to == {"60.0": 0, "120.0": 1, "+Inf": 1}


def test_the_state_of_sources_runs_and_generations_is_told(made: Home) -> None:
    found = samples(made)
    friday = small.utc(f"{FRIDAY} 09:00").timestamp()
    assert value(found, "source_last_success_timestamp_seconds", source="tencent_daily") == friday
    assert value(found, "source_answers", source="tencent_daily", state="here", required="yes") == 1
    assert value(found, "last_run_end_timestamp_seconds", flow="daily", mode="live") == friday
    assert value(found, "last_run_state", flow="daily", mode="live", state="completed") == 1
    assert value(found, "last_run_state", flow="daily", mode="live", state="failed") == 0
    assert value(found, "generation") == 1
    assert value(found, "generation_published_timestamp_seconds") == friday
    assert value(found, "checks", table=QUOTES, state="passed") > 0
    assert value(found, "checks", table=QUOTES, state="blocking") == 0
    assert value(found, "published_copy_readable", copy="ops") == 1
    assert value(found, "lease_held") == 0
    assert 0 < value(found, "disk_free_bytes") < value(found, "disk_size_bytes")
    assert value(found, "home_size_bytes", folder="published") > 0


def test_labels_are_few_and_never_an_address_or_a_security(made: Home, sample_home: Home) -> None:
    for home in (made, sample_home):
        labels = [one for _, pairs in samples(home) for one in pairs]
        assert {name for name, _ in labels} <= LABELS
        assert [text for _, text in labels if "://" in text or re.search(r"X[A-Z]{3}:|weibo:", text)] == []


def test_every_measure_is_told_with_what_it_means(made: Home) -> None:
    told = exposition(made, datetime(2025, 3, 21, tzinfo=UTC)).decode()
    for one in (*LEDGER_MEASURES, *WAREHOUSE_MEASURES):
        assert f"# HELP {one.name} {one.meaning}\n# TYPE {one.name} gauge\n" in told


def test_no_family_stands_twice(made: Home) -> None:
    names = re.findall(r"^# TYPE (\S+)", exposition(made, datetime(2025, 3, 21, tzinfo=UTC)).decode(), re.MULTILINE)
    assert len(names) == len(set(names)) > 30


def test_a_poll_between_two_runs_opens_no_database(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = samples(home)

    def opened_again(_: Home) -> None:
        raise AssertionError("a copy that did not change was read again")

    monkeypatch.setattr(metrics, "read_ledger", opened_again)
    monkeypatch.setattr(metrics, "read_warehouse", opened_again)
    assert counters(samples(home, "2025-03-27 05:00")) == counters(first)


def test_the_next_run_is_seen_at_once_and_counts_go_on(home: Home) -> None:
    before = samples(home)
    with opened(home) as warehouse:
        run(home, warehouse, "run-2", ended_at=f"{OPEN_AGAIN} 09:00", price_of=OPEN_AGAIN, seconds=10)
    after = samples(home, f"{OPEN_AGAIN} 10:00")
    assert all(after[key] >= number for key, number in counters(before).items())
    assert value(after, "rows_total", table="core.daily_quotes_by_source", result="inserted") == 2
    assert value(after, "run_duration_seconds_sum", flow="daily") == 100
    assert value(after, "generation") == 2 and value(after, "data_age_seconds", table=QUOTES) == 0


def test_counters_survive_a_rebuild_whose_ledger_starts_anew(home: Home) -> None:
    before = counters(samples(home))
    home.warehouse.unlink()
    with Warehouse.open(home.warehouse) as warehouse:
        publish_ops(home, warehouse)
        assert counters(samples(home)) == before
        run(home, warehouse, "run-2", ended_at=f"{OPEN_AGAIN} 09:00", price_of=OPEN_AGAIN, is_shown=False)
    after = counters(samples(home))
    assert all(after[key] >= number for key, number in before.items())
    assert value(after, "runs_total", flow="daily", mode="live", state="completed") == 2
    assert value(after, "run_duration_seconds_bucket", flow="daily", le="120.0") == 2


def test_what_a_rebuild_reads_again_is_not_counted_again(home: Home) -> None:
    before = samples(home)
    with opened(home) as warehouse:
        run(
            home,
            warehouse,
            "run-2",
            ended_at=f"{OPEN_AGAIN} 09:00",
            price_of=OPEN_AGAIN,
            flow="rebuild",
            is_shown=False,
        )
    after = samples(home)
    counted = [key for key in counters(before) if "run" not in key[0]]
    assert len(counted) > 3 and {key: after[key] for key in counted} == {key: before[key] for key in counted}
    assert value(after, "runs_total", flow="rebuild", mode="live", state="completed") == 1


def test_counters_survive_the_loss_of_what_was_shown(home: Home) -> None:
    before = counters(samples(home))
    home.published_ops.unlink()
    with opened(home) as warehouse:
        publish_ops(home, warehouse)
    assert counters(samples(home)) == before


def test_hosts_beyond_the_first_ones_count_together(home: Home) -> None:
    urls = [f"https://{number:03}.example:8443/page?q=1" for number in range(HOST_LIMIT + 50)]
    with opened(home) as warehouse:
        run(
            home,
            warehouse,
            "run-2",
            ended_at=f"{OPEN_AGAIN} 09:00",
            price_of=OPEN_AGAIN,
            urls=(*urls, "urn:x:list"),
            is_shown=False,
        )
    fetches = {dict(labels)["host"]: number for (name, labels), number in samples(home).items() if "fetches" in name}
    assert len(fetches) == HOST_LIMIT + 2
    assert (fetches["000.example"], fetches["other"], fetches["none"]) == (1, 51, 1)


def test_a_run_that_died_counts_and_does_not_tell_how_long_runs_take(home: Home) -> None:
    with opened(home) as warehouse:
        run(home, warehouse, "run-2", ended_at=f"{OPEN_AGAIN} 09:00", price_of=FRIDAY, state="died", is_shown=False)
    found = samples(home)
    assert value(found, "runs_total", flow="daily", mode="live", state="died") == 1
    assert value(found, "run_duration_seconds_count", flow="daily") == 1


def test_the_lease_and_the_scheduler_are_told(home: Home) -> None:
    now = small.utc(f"{FRIDAY} 10:00")
    give_sign_of_life(home, now)
    with Lease(home, flow="daily", run_id="run-2", now=lambda: now):
        found = samples(home)
    assert value(found, "lease_held") == 1
    assert value(found, "lease_since_timestamp_seconds", flow="daily") == now.timestamp()
    assert value(found, "heartbeat_age_seconds") == 60
    assert value(found, "schedule_next_timestamp_seconds", schedule="feeds") == now.timestamp() + 7200
    assert value(found, "dead_man_ping_success") == 0
    assert value(samples(home), "lease_held") == 0


def families_of(home: Home) -> Iterator[str]:
    return (name for name, _ in samples(home))


def test_a_home_without_anything_tells_of_its_machine(tmp_path: Path) -> None:
    names = set(families_of(Home(tmp_path)))
    assert {"dragongate_disk_free_bytes", "dragongate_build_info", "dragongate_lease_held"} <= names
    assert "dragongate_published_copy_readable" not in names and "dragongate_generation" not in names
    assert set(families_of(Home(tmp_path / "nowhere"))) <= names


@pytest.mark.parametrize(("copy", "file"), [("ops", "ops.duckdb"), ("warehouse", "warehouse-1.duckdb")])
def test_a_damaged_copy_is_told_and_the_rest_goes_on(home: Home, copy: str, file: str) -> None:
    (home.published / file).unlink()
    (home.published / file).write_bytes(b"this is no database" * 1000)
    found = samples(home)
    assert value(found, "published_copy_readable", copy=copy) == 0
    assert value(found, "disk_free_bytes") > 0


def test_small_answers_are_sent_at_once() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP, "asyncio would leave Nagle's delay on"
