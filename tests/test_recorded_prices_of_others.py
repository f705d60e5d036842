"""What recorded answers of the houses that are asked after Tencent become, and what of them is no price."""

from datetime import date
from decimal import Decimal

import pytest

from tests.recorded_quotes import NEEDS_RECORDINGS, read_recorded, recorded_rows

pytestmark = NEEDS_RECORDINGS


def test_prices_that_nobody_paid_are_not_prices_as_traded() -> None:
    """The mean price of every day of this body lies above its range: it was saved after later dividends."""
    answer, tidy = read_recorded("eastmoney_kline_sh601872_2024-12.json")
    assert answer.reading.records[0].adjustment == "0"
    assert tidy.rows["core.daily_quotes_by_source"].num_rows == 0
    assert {one.reason for one in tidy.set_aside} == {"price_was_not_traded"} and len(tidy.set_aside) == 10


def test_a_series_that_is_restated_for_splits_says_so() -> None:
    (row,) = recorded_rows("nasdaq_historical_NDX_2026-08-25.json", "daily_quotes")
    assert (row["price_basis"], row["basis_date"], row["volume"]) == ("split_adjusted", date(2026, 8, 25), None)
    assert [str(row[name])[:8] for name in ("open_price", "high_price", "low_price", "close_price")] == [
        "29231.18", "29338.77", "29077.72", "29209.23",
    ]  # fmt: skip


def test_dividends_as_paid_are_those_of_the_prices_of_their_time() -> None:
    """After the split of 2020-08-31, four for one, a dividend of 0.82 became one of 0.205."""
    rows = {row["ex_date"]: row for row in recorded_rows("nasdaq_dividends_AAPL_2024-06-27.json", "corporate_actions")}
    assert len(rows) == 74
    assert [str(rows[day]["amount_per_unit"]) for day in (date(2020, 8, 7), date(2020, 11, 6))] == [
        "0.820000", "0.205000",
    ]  # fmt: skip
    assert not any(row["is_split_adjusted"] for row in rows.values())
    assert rows[date(1988, 11, 21)]["amount_per_unit"] == Decimal("0.1")


def test_two_houses_agree_on_a_line_at_one_time() -> None:
    (last,) = read_recorded("eastmoney_stock_get_hk00700_2026-08-07.json")[0].reading.records
    other = {
        row["security_id"]: row for row in recorded_rows("tencent_qt_hk00700_hk09988_2026-08-07.txt", "daily_quotes")
    }
    names = {"last": "close_price", "open": "open_price", "high": "high_price", "low": "low_price", "volume": "volume"}
    assert {name: getattr(last, name) for name in names} == {
        name: other["XHKG:00700"][column] for name, column in names.items()
    }


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        (
            "sina_hq_rt_hk00700_rt_hk01810_2024-10-15.txt", "XHKG:01810",
            ("2024-10-15", "23.600", "24.050", "23.400", "23.850", 37_607_253, False),
        ),
        ("sina_hq_rt_hk01810_2021-07-12.txt", "XHKG:01810",
            ("2021-07-12", "27.000", "27.100", "26.250", "26.650", 124_458_041, False)),
        ("sina_hq_hkHSI_2020-07-31.txt", "XHKG:HSI",
            ("2020-07-31", "24747.29", "24938.85", "24534.79", "24595.35", None, True)),
        ("sina_hq_gb_bili_2021-07-12.txt", "XNAS:BILI",
            ("2021-07-12", "107.3400", "108.3400", "104.4600", "106.9800", 2_363_779, True)),
        ("sina_hq_gb_dji_2020-07-31.txt", "XNYS:DJI",
            ("2020-07-31", "26409.3301", "26440.0195", "26013.5898", "26428.3203", None, True)),
        ("sina_hq_sh510500_2020-07-31.txt", "XSHG:510500",
            ("2020-07-31", "7.147", "7.280", "7.085", "7.224", 272_478_144, True)),
    ],
)  # fmt: skip
def test_sina_has_another_order_in_each_market(name: str, line: str, expected: tuple[object, ...]) -> None:
    (row,) = [row for row in recorded_rows(name, "daily_quotes") if row["security_id"] == line]
    prices = [row[column] for column in ("open_price", "high_price", "low_price", "close_price")]
    assert (str(row["trade_date"]), prices, row["volume"], row["is_final"]) == (
        expected[0], [Decimal(str(one)) for one in expected[1:5]], *expected[5:],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("sina_hq_sh510500_preopen_auction_2026-04-24.txt", {"no_trade_yet"}),
        ("sina_hq_with_empty_symbol_2019-04-08.txt", {"no_trade_yet", "not_followed"}),
        ("sina_hq_gb_tsla_2026-07-07_intraday.txt", {"no_time"}),
        ("eastmoney_stock_get_hk00700_2026-08-07.json", {"no_time"}),
    ],
)
def test_a_line_without_a_trade_or_a_day_makes_no_row(name: str, reasons: set[str]) -> None:
    tidy = read_recorded(name)[1]
    assert tidy.rows["core.daily_quotes_by_source"].num_rows == 0
    assert {one.reason for one in tidy.set_aside} == reasons


def test_alpha_vantage_gives_prices_as_traded_and_no_news_where_there_is_none() -> None:
    tidy = read_recorded("alphavantage_daily_adjusted_IBM_partial.json")[1]
    rows = {row["trade_date"]: row for row in tidy.rows["core.daily_quotes_by_source"].to_pylist()}
    last = rows[date(2021, 1, 11)]
    assert (last["price_basis"], last["close_price"], last["volume"]) == ("as_traded", Decimal("128.58"), 5_602_466)
    assert tidy.rows["core.corporate_actions_by_source"].num_rows == 0


def test_the_exchange_counts_the_shares_of_a_line_itself() -> None:
    (shares,) = recorded_rows("hkex_getequityquote_0653_2026-01-26.txt", "shares_outstanding")
    assert (shares["share_class"], shares["share_count"], shares["as_of_date"]) == (
        "all", 1_680_306_637, date(2025, 12, 31),
    )  # fmt: skip
    (quote,) = recorded_rows("hkex_getequityquote_0653_2026-01-26.txt", "daily_quotes")
    assert (quote["close_price"], quote["is_final"], quote["volume"]) == (Decimal("0.132"), True, None)


def test_a_last_price_of_yahoo_is_of_the_session_that_it_names() -> None:
    rows = {row["security_id"]: row for row in recorded_rows("yahoo_v7quote_AAPL_BABA_2025-02-17.json", "daily_quotes")}
    said = {line: (str(row["trade_date"]), row["close_price"], row["is_final"]) for line, row in rows.items()}
    assert said == {
        "XNAS:AAPL": ("2025-02-14", Decimal("244.6"), True), "XNYS:BABA": ("2025-02-14", Decimal("124.73"), True),
    }  # fmt: skip
