"""Every recorded answer about prices has the outcome and the key values that were read from its bytes by hand.

`recorded_quotes.tsv` states them: the source that answers for it, outcome and reason, and for data how many bars, lines
or dividends there are, and the last day and close (of the first line, where an answer has several).
"""

import csv
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from extractors.reader import read_snapshot
from extractors.registry import BY_ID
from tests.recorded_quotes import (
    NEEDS_RECORDINGS,
    extractor_of,
    recorded_index,
    recorded_snapshot,
)

pytestmark = NEEDS_RECORDINGS

STATED = Path(__file__).parent / "recorded_quotes.tsv"
UNSUPPORTED = ("yahoo_derived_*.csv",)
"""Tables that another program made of Yahoo's answers and saved: nobody sends them, so no source reads them."""


def stated_rows() -> list[dict[str, str]]:
    with STATED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def key_values(records: tuple[Any, ...]) -> tuple[int, date | None, Decimal | None]:
    """Say how many things an answer holds, and the last day and value of the first of them."""
    first = records[0]
    if hasattr(first, "facts"):
        counts = [row for row in first.facts.to_pylist() if row["tag"] == "EntityCommonStockSharesOutstanding"]
        return len(counts), counts[-1]["end"], counts[-1]["val"]
    if hasattr(first, "bars"):
        last = first.bars.to_pylist()[-1]
        zone = ZoneInfo(getattr(first, "zone", "UTC")) if "timestamp" in last else None
        day = datetime.fromtimestamp(last["timestamp"], zone).date() if zone else last["date"]
        return first.bars.num_rows, day, Decimal(str(last["close"]))
    if hasattr(first, "ex_date"):
        return len(records), first.ex_date, first.amount
    if not hasattr(first, "last"):
        return len(records), None, None
    prices = [one for one in records if hasattr(one, "last")]
    return len(prices), first.stamped_at.date() if first.stamped_at else None, first.last


@pytest.mark.parametrize("stated", stated_rows(), ids=lambda one: one["file"])
def test_each_body_is_what_its_bytes_say(stated: dict[str, str]) -> None:
    row = recorded_index()[stated["file"]]
    extractor = extractor_of(row)
    answer = read_snapshot(extractor, recorded_snapshot(row))
    got = (extractor.source.id, answer.outcome, answer.reason)
    assert got == (stated["source"], stated["outcome"], stated["reason"]), answer.message
    assert bool(answer.reading.records) is (stated["outcome"] == "ok")
    is_short = any(name in stated["file"] for name in ("intraday_truncated", "usTSLA_2026", "gb_tsla_2026"))
    assert [one.field[3:] for one in answer.reading.drift] == (["length"] if is_short else [])
    if stated["outcome"] != "ok":
        return
    count, day, value = key_values(answer.reading.records)
    assert (count, str(day or "")) == (int(stated["count"]), stated["day"])
    assert (value is None) is (stated["value"] == "")
    assert value is None or float(value) == pytest.approx(float(stated["value"]), rel=1e-6)


def test_every_body_is_stated_once_and_all_but_the_tables_of_others_are_covered() -> None:
    stated = stated_rows()
    assert Counter(one["file"] for one in stated) == Counter(recorded_index().keys())
    unsupported = [one for one in stated if any(fnmatch(one["file"], pattern) for pattern in UNSUPPORTED)]
    report = Counter(one["outcome"] for one in stated if one not in unsupported)
    assert {**report, "unsupported": len(unsupported), "bodies": len(stated)} == {
        "ok": 58, "nothing_there": 14, "rate_limited": 3, "refused": 7, "shape_changed": 1,
        "unsupported": 2, "bodies": 85,
    }  # fmt: skip
    assert all(one["reason"] for one in stated if one["outcome"] != "ok")
    assert 1 - len(unsupported) / len(stated) >= 0.95


def test_every_source_of_prices_has_recordings() -> None:
    without = {"trading_calendars", "index_members", "hkex_securities"}
    sources = {one.source.id for one in BY_ID.values() if one.source.kind == "quotes"} - without
    assert sources <= {one["source"] for one in stated_rows()}
