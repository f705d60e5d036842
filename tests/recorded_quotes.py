"""The recorded answers about prices: where they lie, whom they are about, and how one is read and tidied."""

import csv
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.registry import claimant
from extractors.snapshot import Snapshot
from extractors.source import Extractor
from extractors.watchlist import Security, WatchList
from transforms.registry import transform_of
from transforms.tidy import Tidy

FOLDER = Path(__file__).parents[1].parent / "shared" / "corpus" / "quotes"

LINES = (
    Security(
        "XHKG",
        "00700",
        "HKD",
        company="tencent",
        yahoo="0700.HK",
        tencent="hk00700",
        sina="rt_hk00700",
        eastmoney="116.00700",
    ),
    Security(
        "XHKG", "01810", "HKD", company="xiaomi", share_class="B", is_primary=True, tencent="hk01810", sina="rt_hk01810"
    ),
    Security("XHKG", "00653", "HKD", company="bonjour", is_primary=True),
    Security("XHKG", "HSI", "HKD", kind="index", sina="hkHSI"),
    Security("XHKG", "00980", "HKD", company="lianhua", share_class="H", tencent="hk00980"),
    Security("XSHG", "600519", "CNY", company="moutai", tencent="sh600519"),
    Security("XSHG", "510500", "CNY", tencent="sh510500", sina="sh510500"),
    Security("XSHG", "601872", "CNY", eastmoney="1.601872"),
    Security("XSHE", "160924", "CNY", sina="sz160924"),
    Security("XNAS", "AAPL", "USD", company="apple", yahoo="AAPL", tencent_daily="usAAPL.OQ", nasdaq="AAPL"),
    Security("XNAS", "BILI", "USD", company="bilibili", kind="ads", sina="gb_bili"),
    Security("XNAS", "NDX", "USD", kind="index", nasdaq="NDX"),
    Security("XNYS", "BABA", "USD", company="alibaba", kind="ads", yahoo="BABA"),
    Security("XNYS", "DJI", "USD", kind="index", sina="gb_dji"),
    Security("XNYS", "IBM", "USD", company="ibm", alpha_vantage="IBM"),
    Security("XNYS", "SPY", "USD", tencent_daily="usSPY.AM"),
    Security("XNAS", "TSLA", "USD", company="tesla", yahoo="TSLA", tencent="usTSLA", sina="gb_tsla"),
    Security("XNAS", "NVDA", "USD", company="nvidia", yahoo="NVDA"),
    Security("XNAS", "MSFT", "USD", company="microsoft", yahoo="MSFT"),
)
WATCHLIST = WatchList(securities=LINES)


def recorded_index() -> dict[str, dict[str, str]]:
    if not FOLDER.exists():
        return {}
    with (FOLDER / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        return {row["file"]: row for row in csv.DictReader(file, delimiter="\t")}


def extractor_of(row: Mapping[str, str]) -> Extractor:
    found = claimant(row["request_url"])
    assert found is not None, f"no source answers {row['request_url']}"
    return found


def recorded_snapshot(row: dict[str, str]) -> Snapshot:
    found = re.search(r"\d{4}-\d\d-\d\d", row["recorded_date"])
    day = date.fromisoformat(found[0]) if found else date(2026, 9, 1)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Snapshot(
        f"urn:recorded:{row['file']}",
        row["request_url"],
        (FOLDER / row["file"]).read_bytes(),
        noon,
        noon,
        status=int(row["status"]),
        headers={"content-type": row["content_type"]},
    )


def read_recorded(name: str) -> tuple[Answer, Tidy]:
    row = recorded_index()[name]
    extractor, snapshot = extractor_of(row), recorded_snapshot(row)
    answer = read_snapshot(extractor, snapshot)
    transform = transform_of(extractor.source.id)
    return answer, transform([Read(snapshot, answer.reading.records)], WATCHLIST)


def recorded_rows(name: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_recorded(name)[1].rows[f"core.{table}_by_source"].to_pylist()
    return rows


NEEDS_RECORDINGS = [
    pytest.mark.recorded,
    pytest.mark.skipif(not FOLDER.exists(), reason="the recorded material does not lie beside the project"),
]
"""What marks a module of tests over the recorded answers."""
