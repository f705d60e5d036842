"""What we read from recorded answers of the ECB, and the figures that are known from elsewhere."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest

from extractors.errors import Outcome
from extractors.fx import ecb_rates
from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Extractor
from extractors.watchlist import WatchList
from transforms.tidy_fx import tidy_ecb_rates

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus" / "fx"
ECB = Extractor(ecb_rates.SOURCE, ecb_rates.matches, ecb_rates.fetch, ecb_rates.parse)
NOW = datetime(2026, 4, 13, 18, tzinfo=UTC)

EXPECTED = {
    "ecb_dataapi_exr_from_2025-01-01.csv": ("ok", 8067),
    "ecb_dataapi_exr_from_2026-02-17.csv": ("ok", 638),
    "ecb_eurofxref-daily_2015-01-07.xml": ("ok", 31),
    "ecb_eurofxref-daily_2018-06-11.xml": ("ok", 32),
    "ecb_eurofxref-hist-90d_2018.xml": ("ok", 1952),
    "ecb_eurofxref-hist-90d_florianv.xml": ("ok", 2080),
    "ecb_eurofxref-hist_2026-04.zip": ("ok", 217555),
    "ecb_eurofxref-hist_partial_2021.xml": ("ok", 327),
    "ecb_eurofxref_daily_2026-04.csv": ("ok", 29),
    "ecb_eurofxref-hist_empty.xml": ("nothing_there", 0),
    "ecb_html_block_page_instead_of_xml.html": ("refused", 0),
}
"""Outcome and number of rates of every recorded answer that is ours."""

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not CORPUS.exists(), reason=f"the recorded answers are not beside the project: {CORPUS}"),
]


def _index() -> list[dict[str, str]]:
    if not CORPUS.exists():
        return []
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def _url(row: dict[str, str]) -> str:
    """Take the address; the index adds in words which member of a zip was kept."""
    return row["request_url"].partition(" ")[0]


def _snapshot(row: dict[str, str]) -> Snapshot:
    body = (CORPUS / row["file"]).read_bytes()
    headers = {"content-type": row["content_type"]}
    return Snapshot(row["file"], _url(row), body, NOW, NOW, status=int(row["status"]), headers=headers)


def _read(name: str) -> tuple[Snapshot, Answer]:
    (row,) = [one for one in _index() if one["file"] == name]
    snapshot = _snapshot(row)
    return snapshot, read_snapshot(ECB, snapshot)


def _rates(name: str) -> dict[tuple[str, str, date], dict[str, Any]]:
    snapshot, answer = _read(name)
    rows = tidy_ecb_rates([Read(snapshot, answer.reading.records)], WatchList()).rows["core.fx_rates_by_source"]
    return {(row["base_currency"], row["quote_currency"], row["rate_date"]): row for row in rows.to_pylist()}


def test_every_answer_of_the_ecb_is_ours_and_no_other() -> None:
    assert {row["file"] for row in _index() if ecb_rates.matches(_url(row))} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_reads_as_expected_without_anything_unknown(name: str) -> None:
    _, answer = _read(name)
    count = sum(record.table.num_rows for record in answer.reading.records)
    assert (answer.outcome, count, answer.reading.drift) == (Outcome(EXPECTED[name][0]), EXPECTED[name][1], ())


def test_the_whole_history_has_every_day() -> None:
    _, answer = _read("ecb_eurofxref-hist_2026-04.zip")
    days = pc.unique(answer.reading.records[0].table.column("time"))
    assert len(days) == 6983
    assert (pc.min(days).as_py(), pc.max(days).as_py()) == (date(1999, 1, 4), date(2026, 4, 13))


@pytest.mark.parametrize("name", ["ecb_eurofxref-hist_2026-04.zip", "ecb_eurofxref_daily_2026-04.csv"])
def test_hong_kong_dollars_for_a_us_dollar(name: str) -> None:
    row = _rates(name)["USD", "HKD", date(2026, 4, 13)]
    assert round(row["rate"], 4) == Decimal("7.8318")
    assert row["is_derived"]


def test_one_published_rate_breaks_the_peg_and_is_kept_as_published() -> None:
    rows = _rates("ecb_eurofxref-hist_2026-04.zip")
    pegged = {
        day: row["rate"]
        for (base, quote, day), row in rows.items()
        if (base, quote) == ("USD", "HKD") and day >= date(2005, 5, 18)
    }
    outside = {day for day, rate in pegged.items() if not Decimal("7.74") <= rate <= Decimal("7.86")}
    assert len(pegged) > 5000
    assert outside == {date(2009, 3, 26)}
    assert rows["EUR", "HKD", date(2009, 3, 26)]["rate"] == Decimal("10.4579")


def test_two_forms_of_the_same_day_agree() -> None:
    day = date(2018, 6, 11)
    one, other = (_rates(name) for name in ("ecb_eurofxref-daily_2018-06-11.xml", "ecb_eurofxref-hist_2026-04.zip"))
    pairs = [key for key in one if key[2] == day]
    assert len(pairs) == 12
    assert [one[key]["rate"] for key in pairs] == [other[key]["rate"] for key in pairs]


def test_the_series_gives_the_rate_of_its_day() -> None:
    rows = _rates("ecb_dataapi_exr_from_2025-01-01.csv")
    assert rows["EUR", "HKD", date(2025, 1, 2)]["rate"] == Decimal("8.0261")
    assert not [day for _, _, day in rows if day.weekday() >= 5 or day == date(2025, 5, 1)]
