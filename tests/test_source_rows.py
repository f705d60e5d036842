"""`core.sources` answers for the terms, for robots.txt, and for who turned a source on and why."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from extractors.registry import EXTRACTORS
from extractors.settings import Permission, Settings
from flows.source_rows import source_rows
from warehouse.database import Warehouse
from warehouse.robots_decisions import robots_decisions
from warehouse.tables.catalog import BY_NAME

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as opened:
        yield opened


def ask(warehouse: Warehouse, *answers: tuple[str, str, str | None, str, str | None]) -> None:
    """Write fetches down, one an hour: source, address, rule of robots.txt, outcome, reason."""
    rows = [
        {
            "run_id": "run-1", "fetch_number": number, "source_id": source, "chunk": "", "method": "GET", "url": url,
            "requested_at": NOON + timedelta(hours=number), "attempts": 1, "outcome": outcome, "reason": reason,
            "robots_rule": rule, "moves_cursor": True,
        }
        for number, (source, url, rule, outcome, reason) in enumerate(answers)
    ]  # fmt: skip
    warehouse.append({"ops.fetches": BY_NAME["ops.fetches"].arrow(rows)})


def row_of(settings: Settings, source_id: str, decisions: dict[str, Any] | None = None) -> dict[str, Any]:
    (row,) = [one for one in source_rows(settings, decisions or {}).to_pylist() if one["source_id"] == source_id]
    return row


def test_every_source_has_a_row_with_its_terms() -> None:
    rows = source_rows(Settings(), {}).to_pylist()
    assert [row["source_id"] for row in rows] == [one.source.id for one in EXTRACTORS]
    assert all(row["terms"] and row["robots_decision"] == "unknown" for row in rows)
    assert all(row["terms_url"] is None or row["terms_url"].startswith("https://") for row in rows)
    assert [row["source_id"] for row in rows if not row["is_enabled"] and not row["needs"]] == []


def test_who_turned_a_source_on_stands_beside_why_it_was_off() -> None:
    stated = Permission(by="Chan Mei", on=date(2025, 1, 2), because="letter of 2 January")
    row = row_of(Settings(permissions={"yahoo_chart": stated}), "yahoo_chart")
    said = (row["is_enabled"], row["enabled_by"], row["enabled_date"], row["permission"])
    assert said == (True, "Chan Mei", date(2025, 1, 2), "letter of 2 January")
    assert "refuses programs" in row["why_off"] and not row["may_be_redistributed"]
    assert row_of(Settings(), "ecb_rates")["why_off"] is None


def test_the_newest_word_of_robots_txt_counts_for_each_host(warehouse: Warehouse) -> None:
    ask(
        warehouse,
        ("news_feeds", "https://a.example/feed", "Disallow: /", "refused", "robots"),
        ("news_feeds", "https://a.example/feed", "Allow: /feed", "ok", None),
        ("news_feeds", "https://b.example/feed", "Disallow: /feed", "refused", "robots"),
        ("ecb_rates", "https://ecb.example/x", "allowed: no rule for it", "unavailable", "timeout"),
        ("bluesky", "https://bsky.example/x", "not asked: the publisher offers this to programs", "ok", None),
        ("github", "https://github.example/x", None, "ok", None),
    )
    found = robots_decisions(warehouse)
    assert found["news_feeds"]["robots_decision"] == "mixed"
    assert sorted(found["news_feeds"]["robots_rules"]) == ["a.example: Allow: /feed", "b.example: Disallow: /feed"]
    assert found["ecb_rates"]["robots_decision"] == "allowed"
    assert found["bluesky"]["robots_decision"] == "not_asked"
    assert found["ecb_rates"]["robots_asked_at"] == NOON + timedelta(hours=3)
    assert "github" not in found
    assert row_of(Settings(), "news_feeds", found)["robots_decision"] == "mixed"
