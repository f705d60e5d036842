"""Every recorded answer of the sources of prices has the outcome that its name, its status and the world say."""

import csv
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from extractors.quotes import tencent_daily, tencent_realtime, yahoo_chart
from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Extractor
from extractors.watchlist import Security, WatchList
from transforms.registry import transform_of
from transforms.tidy import Tidy

FOLDER = Path(__file__).parents[1].parent / "shared" / "corpus" / "quotes"
EXTRACTORS = [
    Extractor(one.SOURCE, one.matches, one.fetch, one.parse) for one in (tencent_daily, tencent_realtime, yahoo_chart)
]
OUTCOMES = {
    "*unknown_code*": "nothing_there",
    "*unknown_symbol*": "nothing_there",
    "*_empty*": "nothing_there",
    "*none_match*": "nothing_there",
    "*no_timestamp*": "nothing_there",
    "*bad_params*": "refused",
    "*param_error*": "refused",
    "*.csv": "shape_changed",
    "*": "ok",
}
"""By name, the first that fits; a table that another program saved is not this source's answer."""

LINES = (
    Security("XHKG", "00700", "HKD", company="tencent", yahoo="0700.HK", tencent="hk00700"),
    Security("XHKG", "01810", "HKD", company="xiaomi", share_class="B", is_primary=True, tencent="hk01810"),
    Security("XHKG", "00980", "HKD", company="lianhua", share_class="H", tencent="hk00980"),
    Security("XSHG", "600519", "CNY", company="moutai", tencent="sh600519"),
    Security("XSHG", "510500", "CNY", tencent="sh510500"),
    Security("XNAS", "AAPL", "USD", company="apple", yahoo="AAPL", tencent_daily="usAAPL.OQ"),
    Security("XNYS", "SPY", "USD", tencent_daily="usSPY.AM"),
    Security("XNAS", "TSLA", "USD", company="tesla", yahoo="TSLA", tencent="usTSLA"),
    Security("XNAS", "NVDA", "USD", company="nvidia", yahoo="NVDA"),
    Security("XNAS", "MSFT", "USD", company="microsoft", yahoo="MSFT"),
)
WATCHLIST = WatchList(securities=LINES)

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not FOLDER.exists(), reason="the recorded material does not lie beside the project"),
]


def _recorded() -> Iterator[tuple[Extractor, dict[str, str]]]:
    if not FOLDER.exists():
        return
    with (FOLDER / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for extractor in EXTRACTORS:
                if extractor.matches(row["request_url"]):
                    yield extractor, row


def _snapshot(row: dict[str, str]) -> Snapshot:
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


def _read(name: str) -> tuple[Answer, Tidy]:
    (extractor, row), *others = [one for one in _recorded() if one[1]["file"] == name]
    assert not others
    snapshot = _snapshot(row)
    answer = read_snapshot(extractor, snapshot)
    transform = transform_of(extractor.source.id)
    return answer, transform([Read(snapshot, answer.reading.records)], WATCHLIST)


def _rows(name: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = _read(name)[1].rows[f"core.{table}_by_source"].to_pylist()
    return rows


@pytest.mark.parametrize(
    ("extractor", "row"), list(_recorded()), ids=lambda one: one["file"] if isinstance(one, dict) else ""
)
def test_outcome(extractor: Extractor, row: dict[str, str]) -> None:
    answer = read_snapshot(extractor, _snapshot(row))
    expected = next(outcome for pattern, outcome in OUTCOMES.items() if fnmatch(row["file"], pattern))
    assert answer.outcome == expected, answer.message
    assert bool(answer.reading.records) is (expected == "ok")
    is_short = "truncated" in row["file"] or "usTSLA_2026" in row["file"]
    assert [one.field[3:] for one in answer.reading.drift] == (["length"] if is_short else [])


def test_every_source_has_recordings() -> None:
    assert {extractor.source.id for extractor, _ in _recorded()} == {one.source.id for one in EXTRACTORS}


def test_xiaomi_and_its_share_counts() -> None:
    answer, tidy = _read("tencent_qt_hk01810_2026-06-12.txt")
    assert answer.outcome == "ok"
    (quote,) = tidy.rows["core.daily_quotes_by_source"].to_pylist()
    assert (quote["close_price"], quote["trade_date"], quote["is_final"]) == (Decimal("26.2"), date(2026, 6, 12), True)
    assert (quote["open_price"], quote["high_price"], quote["low_price"]) == tuple(
        map(Decimal, ("26.06", "26.5", "25.96"))
    )
    assert quote["volume"] == 131_880_583
    counts = tidy.rows["core.shares_outstanding_by_source"].to_pylist()
    assert {row["share_class"]: row["share_count"] for row in counts} == {"all": 25_840_699_294, "B": 21_387_120_484}


def test_a_running_session_is_not_final() -> None:
    for name in ("tencent_qt_hk01810_2020-09-15_short.txt", "tencent_qt_hk01810_2026-07-30_intraday_truncated.txt"):
        (quote,) = _rows(name, "daily_quotes")
        assert not quote["is_final"]


def test_two_sources_agree_on_a_day() -> None:
    last = {row["security_id"]: row for row in _rows("tencent_qt_hk00700_hk09988_2026-08-07.txt", "daily_quotes")}
    charts = {row["trade_date"]: row for row in _rows("yahoo_chart_0700.HK_5d_2026-08-07.json", "daily_quotes")}
    chart = charts[date(2026, 8, 7)]
    for name in ("open_price", "high_price", "low_price", "close_price"):
        assert last["XHKG:00700"][name] == chart[name]
    assert [str(row["close_price"]) for row in charts.values()] == [
        "490.400000", "487.600000", "492.200000", "479.200000", "478.800000",
    ]  # fmt: skip


def test_bars_are_open_close_high_low() -> None:
    rows = _rows("tencent_fqkline_hk00700_day_2026-09-18_buyback.json", "daily_quotes")
    last = rows[-1]
    assert [str(last[name])[:7] for name in ("open_price", "close_price", "high_price", "low_price")] == [
        "428.000", "419.000", "430.400", "419.000",
    ]  # fmt: skip
    assert last["volume"] == 28_796_138
    actions = _rows("tencent_fqkline_hk00700_day_2026-09-18_buyback.json", "corporate_actions")
    assert [(row["kind"], str(row["amount_per_unit"])[:7]) for row in actions] == [
        ("buyback", "434.844"), ("buyback", "426.707"), ("buyback", "423.851"),
    ]  # fmt: skip


def test_mainland_volume_comes_in_lots() -> None:
    bars = _rows("tencent_fqkline_sh600519_day_2023-06-30_dividend.json", "daily_quotes")
    assert [row["volume"] for row in bars] == [1_857_400, 1_423_100, 2_045_900]
    (last,) = _rows("tencent_qt_sh510500_2020-07-31.txt", "daily_quotes")
    assert (last["volume"], last["turnover_amount"]) == (272_478_100, Decimal("1964300000"))


@pytest.mark.parametrize(
    ("name", "amount", "currency", "ex_date"),
    [
        ("tencent_fqkline_sh600519_day_2023-06-30_dividend.json", "25.911", "CNY", date(2023, 6, 30)),
        ("tencent_fqkline_usSPY.AM_day_2026-09-18_dividend.json", "1.889", "USD", date(2026, 9, 18)),
        ("yahoo_chart_AAPL_2020-08-31_2020-11-07_split_div.json", "0.205", "USD", date(2020, 11, 6)),
    ],
)
def test_dividends(name: str, amount: str, currency: str, ex_date: date) -> None:
    (row,) = [row for row in _rows(name, "corporate_actions") if row["kind"] == "dividend"]
    assert (row["amount_per_unit"], row["currency"], row["ex_date"]) == (Decimal(amount), currency, ex_date)


def test_splits() -> None:
    for name, day in (
        ("yahoo_chart_AAPL_2020-08-31_2020-11-07_split_div.json", date(2020, 8, 31)),
        ("yahoo_chart_NVDA_split_2021.json", date(2021, 7, 20)),
    ):
        (split,) = [row for row in _rows(name, "corporate_actions") if row["kind"] == "split"]
        assert (split["ex_date"], split["ratio_numerator"], split["ratio_denominator"]) == (day, 4, 1)


def test_a_price_that_a_split_divided_is_not_rounded_to_cents() -> None:
    first = _rows("yahoo_chart_TSLA_2010_2023_no_events.json", "daily_quotes")[0]
    assert first["trade_date"] == date(2010, 6, 29)
    assert first["close_price"] * 15 == pytest.approx(Decimal("23.89"), abs=Decimal("0.0001"))


def test_one_bar_a_day_and_no_day_twice() -> None:
    rows = _rows("yahoo_chart_TSLA_2010_2023_no_events.json", "daily_quotes")
    days = [row["trade_date"] for row in rows]
    assert days == sorted(set(days)) and len(days) == 3303
    assert all(day.weekday() < 5 for day in days)


def test_a_row_of_nulls_is_no_bar() -> None:
    (chart,) = _read("yahoo_chart_INRX_null_row.json")[0].reading.records
    assert chart.bars.num_rows == 4 and chart.bars["close"].null_count == 1


@pytest.mark.parametrize("symbol", ["EURUSD=X", "BTC-USD", "ALL.AX"])
def test_what_we_do_not_follow_is_set_aside(symbol: str) -> None:
    (name,) = [row["file"] for _, row in _recorded() if f"/chart/{symbol}" in row["request_url"]]
    tidy = _read(name)[1]
    assert [one.reason for one in tidy.set_aside] == ["not_followed"]
    assert all(rows.num_rows == 0 for rows in tidy.rows.values())
