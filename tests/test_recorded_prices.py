"""What recorded answers of Tencent and Yahoo become: days, prices, volumes, counts, dividends and splits."""

from datetime import date
from decimal import Decimal

import pytest

from tests.recorded_quotes import NEEDS_RECORDINGS, read_recorded, recorded_index, recorded_rows

pytestmark = NEEDS_RECORDINGS


def test_xiaomi_and_its_share_counts() -> None:
    answer, tidy = read_recorded("tencent_qt_hk01810_2026-06-12.txt")
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
        (quote,) = recorded_rows(name, "daily_quotes")
        assert not quote["is_final"]


def test_two_sources_agree_on_a_day() -> None:
    last = {
        row["security_id"]: row for row in recorded_rows("tencent_qt_hk00700_hk09988_2026-08-07.txt", "daily_quotes")
    }
    charts = {row["trade_date"]: row for row in recorded_rows("yahoo_chart_0700.HK_5d_2026-08-07.json", "daily_quotes")}
    chart = charts[date(2026, 8, 7)]
    for name in ("open_price", "high_price", "low_price", "close_price"):
        assert last["XHKG:00700"][name] == chart[name]
    assert [str(row["close_price"]) for row in charts.values()] == [
        "490.400000", "487.600000", "492.200000", "479.200000", "478.800000",
    ]  # fmt: skip


def test_bars_are_open_close_high_low() -> None:
    rows = recorded_rows("tencent_fqkline_hk00700_day_2026-09-18_buyback.json", "daily_quotes")
    last = rows[-1]
    assert [str(last[name])[:7] for name in ("open_price", "close_price", "high_price", "low_price")] == [
        "428.000", "419.000", "430.400", "419.000",
    ]  # fmt: skip
    assert last["volume"] == 28_796_138
    actions = recorded_rows("tencent_fqkline_hk00700_day_2026-09-18_buyback.json", "corporate_actions")
    assert [(row["kind"], str(row["amount_per_unit"])[:7]) for row in actions] == [
        ("buyback", "434.844"), ("buyback", "426.707"), ("buyback", "423.851"),
    ]  # fmt: skip


def test_mainland_volume_comes_in_lots() -> None:
    bars = recorded_rows("tencent_fqkline_sh600519_day_2023-06-30_dividend.json", "daily_quotes")
    assert [row["volume"] for row in bars] == [1_857_400, 1_423_100, 2_045_900]
    (last,) = recorded_rows("tencent_qt_sh510500_2020-07-31.txt", "daily_quotes")
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
    (row,) = [row for row in recorded_rows(name, "corporate_actions") if row["kind"] == "dividend"]
    assert (row["amount_per_unit"], row["currency"], row["ex_date"]) == (Decimal(amount), currency, ex_date)


def test_splits() -> None:
    for name, day in (
        ("yahoo_chart_AAPL_2020-08-31_2020-11-07_split_div.json", date(2020, 8, 31)),
        ("yahoo_chart_NVDA_split_2021.json", date(2021, 7, 20)),
    ):
        (split,) = [row for row in recorded_rows(name, "corporate_actions") if row["kind"] == "split"]
        assert (split["ex_date"], split["ratio_numerator"], split["ratio_denominator"]) == (day, 4, 1)


def test_a_price_that_a_split_divided_is_not_rounded_to_cents() -> None:
    first = recorded_rows("yahoo_chart_TSLA_2010_2023_no_events.json", "daily_quotes")[0]
    assert first["trade_date"] == date(2010, 6, 29)
    assert first["close_price"] * 15 == pytest.approx(Decimal("23.89"), abs=Decimal("0.0001"))


def test_one_bar_a_day_and_no_day_twice() -> None:
    rows = recorded_rows("yahoo_chart_TSLA_2010_2023_no_events.json", "daily_quotes")
    days = [row["trade_date"] for row in rows]
    assert days == sorted(set(days)) and len(days) == 3303
    assert all(day.weekday() < 5 for day in days)


def test_a_row_of_nulls_is_no_bar() -> None:
    (chart,) = read_recorded("yahoo_chart_INRX_null_row.json")[0].reading.records
    assert chart.bars.num_rows == 4 and chart.bars["close"].null_count == 1


@pytest.mark.parametrize("symbol", ["EURUSD=X", "BTC-USD", "ALL.AX"])
def test_what_we_do_not_follow_is_set_aside(symbol: str) -> None:
    (name,) = [name for name, row in recorded_index().items() if f"/chart/{symbol}" in row["request_url"]]
    tidy = read_recorded(name)[1]
    assert [one.reason for one in tidy.set_aside] == ["not_followed"]
    assert all(rows.num_rows == 0 for rows in tidy.rows.values())
