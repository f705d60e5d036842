"""What the sources of prices are asked for, which addresses they answer, and what the cases cannot show."""

import csv
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pyarrow as pa
import pytest

from extractors.client import Client, Fetched
from extractors.errors import Outcome
from extractors.quotes import tencent_daily, tencent_realtime, yahoo_chart
from extractors.quotes.exchange_sessions import sessions_csv
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window
from extractors.watchlist import Security, WatchList, read_watchlist
from transforms.regular_closes import REGULAR_CLOSES, close_of, closes_of, half_days_of, is_final_stamp
from transforms.tidy_tencent_daily import tidy_tencent_daily
from transforms.tidy_tencent_realtime import tidy_tencent_realtime
from transforms.tidy_yahoo_chart import tidy_yahoo_chart

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
QUOTES = "core.daily_quotes_by_source"
NOON = datetime(2026, 6, 13, 12, tzinfo=UTC)


class Asked:
    """Stands for the client and remembers what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Any = None) -> Fetched:
        self.calls.append((chunk, url))
        return Fetched(source.id, chunk, "GET", url, NOON, 0.0, 1, Outcome.OK)


def _asked(module: ModuleType, start: date, end: date, watchlist: WatchList = WATCHLIST) -> list[tuple[str, str]]:
    client = Asked()
    fetched: Iterator[Fetched] = module.fetch(cast(Client, client), Query(watchlist, Window(start, end)))
    assert [one.url for one in fetched] == [url for _, url in client.calls]
    return client.calls


def _snapshot(url: str, body: bytes, fetched_at: datetime = NOON) -> Snapshot:
    return Snapshot("urn:test", url, body, fetched_at, fetched_at)


def test_daily_bars_are_asked_for_by_line_and_year_with_the_comma_that_means_raw() -> None:
    calls = _asked(tencent_daily, date(2024, 11, 5), date(2026, 2, 3))
    assert [url.partition("param=")[2] for chunk, url in calls if chunk == "XNAS:TSLA"] == [
        "usTSLA.OQ,day,2024-11-05,2024-12-31,800,",
        "usTSLA.OQ,day,2025-01-01,2025-12-31,800,",
        "usTSLA.OQ,day,2026-01-01,2026-02-03,800,",
    ]
    assert {chunk for chunk, _ in calls} == {line.id for line in WATCHLIST.securities}
    assert all(tencent_daily.matches(url) for _, url in calls)


def test_a_line_that_is_over_or_has_no_code_is_not_asked_for() -> None:
    lines = (
        Security("XHKG", "00001", "HKD", tencent="hk00001", valid_to=date(2026, 1, 1)),
        Security("XHKG", "00002", "HKD", tencent="hk00002", valid_from=date(2026, 3, 1)),
        Security("XHKG", "00003", "HKD"),
        Security("XNAS", "AB", "USD", tencent="usAB", shares_per_unit=2, valid_to=date(2026, 1, 20)),
        Security("XNAS", "AB", "USD", tencent="usAB", shares_per_unit=4, valid_from=date(2026, 1, 20)),
    )
    watchlist = WatchList(securities=lines)
    for module in (tencent_daily, tencent_realtime):
        assert [chunk for chunk, _ in _asked(module, date(2026, 1, 1), date(2026, 2, 1), watchlist)] == ["XNAS:AB"]


def test_last_prices_are_asked_for_sixty_at_a_time() -> None:
    lines = tuple(Security("XHKG", f"{n:05}", "HKD", tencent=f"hk{n:05}") for n in range(1, 131))
    calls = _asked(tencent_realtime, date(2026, 6, 12), date(2026, 6, 12), WatchList(securities=lines))
    assert [url.count("hk") for _, url in calls] == [60, 60, 10]
    assert calls[2][0].split(",")[0] == "XHKG:00121"
    assert all(tencent_realtime.matches(url) for _, url in calls)


def test_charts_are_asked_for_from_midnight_to_midnight_of_the_exchange() -> None:
    calls = dict(_asked(yahoo_chart, date(2026, 3, 6), date(2026, 3, 9)))
    found = re.fullmatch(r".*/chart/TSLA\?period1=(\d+)&period2=(\d+)&interval=1d&.*", calls["XNAS:TSLA"])
    assert found
    assert [datetime.fromtimestamp(int(one), UTC).isoformat() for one in found.groups()] == [
        "2026-03-06T05:00:00+00:00",
        "2026-03-10T04:00:00+00:00",
    ]
    index = WatchList(securities=(Security("XHKG", "HSI", "HKD", kind="index", yahoo="^HSI"),))
    assert "/chart/%5EHSI?" in _asked(yahoo_chart, date(2026, 3, 6), date(2026, 3, 9), index)[0][1]


@pytest.mark.parametrize(
    ("module", "url", "is_ours"),
    [
        (tencent_daily, "http://web.ifzq.gtimg.cn/appstock/app/hkfqkline/get?_var=k&param=hk01810%2Cday%2C", True),
        (tencent_daily, "https://proxy.finance.qq.com/ifzqgtimg/appstock/app/newfqkline/get?param=sz002594", True),
        (tencent_daily, "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param=", True),
        (tencent_daily, "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param=hk01810,week,,,10,", False),
        (tencent_daily, "https://web.ifzq.gtimg.cn/appstock/app/minute/query?code=hk01810", False),
        (tencent_daily, "https://evil.example/appstock/app/fqkline/get?param=hk01810,day,,,10,", False),
        (tencent_realtime, "http://qt.gtimg.cn/q=hk01810", True),
        (tencent_realtime, "https://qt.gtimg.cn/?q=s_hk01810,usTSLA.OQ&r=0.5", True),
        (tencent_realtime, "https://qt.gtimg.cn/r=0.5&q=sz002594", True),
        (tencent_realtime, "http://sqt.gtimg.cn/utf8/q=r_hk01810", True),
        (tencent_realtime, "https://web.sqt.gtimg.cn/q=hk01810?r=0.5", True),
        (tencent_realtime, "https://qt.gtimg.cn/q=ff_sz002594", False),
        (tencent_realtime, "https://qt.gtimg.cn/q=s_pksz002594", False),
        (tencent_realtime, "https://qt.gtimg.cn/", False),
        (yahoo_chart, "https://query2.finance.yahoo.com/v8/finance/chart/1810.HK?range=5d&interval=1d", True),
        (yahoo_chart, "https://query1.finance.yahoo.com/v8/finance/chart/EURUSD=X", True),
        (yahoo_chart, "https://query1.finance.yahoo.com/v8/finance/chart/", False),
        (yahoo_chart, "https://query1.finance.yahoo.com/v7/finance/quote?symbols=TSLA", False),
        (yahoo_chart, "https://query2.finance.yahoo.com/v10/finance/quoteSummary/TSLA", False),
    ],
)  # fmt: skip
def test_addresses(module: ModuleType, url: str, is_ours: bool) -> None:
    assert module.matches(url) is is_ours


def test_a_code_of_ours_that_the_source_does_not_know_is_named() -> None:
    url = "https://qt.gtimg.cn/q=hk01211,usTSLA"
    fields = ["0"] * 73
    fields[3:6], fields[30], fields[33:36] = ["357.01"] * 3, "2026-06-12 16:00:01", ["360", "350", "USD"]
    body = 'v_usTSLA="' + "~".join(fields) + '";\nv_pv_none_match="1";\n'
    reading = tencent_realtime.parse(_snapshot(url, body.encode()))
    tidy = tidy_tencent_realtime([Read(_snapshot(url, b""), reading.records)], WATCHLIST)
    assert tidy.rows[QUOTES]["security_id"].to_pylist() == ["XNAS:TSLA"]
    assert [(one.reason, dict(one.row)) for one in tidy.set_aside] == [("unknown_symbol", {"code": "hk01211"})]


def test_a_price_in_another_currency_than_the_lines_is_set_aside() -> None:
    fields = ["0"] * 78
    fields[3:6], fields[30], fields[33:35], fields[75] = ["24.1"] * 3, "2026/06/12 16:08:29", ["25", "24"], "HKD"
    url = "https://qt.gtimg.cn/q=hk81810"
    reading = tencent_realtime.parse(_snapshot(url, f'v_hk81810="{"~".join(fields)}";'.encode()))
    tidy = tidy_tencent_realtime([Read(_snapshot(url, b""), reading.records)], WATCHLIST)
    assert [one.reason for one in tidy.set_aside] == ["currency_differs"]
    assert tidy.rows[QUOTES].num_rows == 0


def _chart(symbol: str, currency: str, closes: list[float], **more: Any) -> Snapshot:
    stamps = [1577952000 + 86400 * n for n in range(len(closes))]
    prices = dict.fromkeys(("open", "high", "low", "close"), closes)
    result = {
        "meta": {"currency": currency, "symbol": symbol, "exchangeTimezoneName": "Europe/London", "priceHint": 2},
        "timestamp": stamps,
        "indicators": {"quote": [prices | {"volume": [1.0] * len(closes)}]},
        **more,
    }  # fmt: skip
    url = f"https://query1.finance.yahoo.com/v8/finance/chart/{symbol}?interval=1d"
    return _snapshot(url, json.dumps({"chart": {"result": [result], "error": None}}).encode())


def test_pence_become_pounds() -> None:
    event = {"dividends": {"1577952000": {"amount": 12.5, "date": 1577952000}}}
    snapshot = _chart("OCDO.L", "GBp", [1286.5699462890625], events=event)
    watchlist = WatchList(securities=(Security("XNYS", "OCDO", "GBP", yahoo="OCDO.L"),))
    tidy = tidy_yahoo_chart([Read(snapshot, yahoo_chart.parse(snapshot).records)], watchlist)
    (row,) = tidy.rows[QUOTES].to_pylist()
    assert (row["close_price"], row["currency"]) == (Decimal("12.865700"), "GBP")
    (action,) = tidy.rows["core.corporate_actions_by_source"].to_pylist()
    assert (action["amount_per_unit"], action["currency"]) == (Decimal("0.125000"), "GBP")


def test_a_chart_in_another_currency_than_the_lines_is_set_aside() -> None:
    snapshot = _chart("TSLA", "EUR", [300.0])
    tidy = tidy_yahoo_chart([Read(snapshot, yahoo_chart.parse(snapshot).records)], WATCHLIST)
    assert [one.reason for one in tidy.set_aside] == ["currency_differs"]


def test_bars_that_come_newest_first_are_put_in_order() -> None:
    snapshot = _chart("TSLA", "USD", [3.0, 2.0, 1.0])
    body = json.loads(snapshot.body)
    body["chart"]["result"][0]["timestamp"].reverse()
    (chart,) = yahoo_chart.parse(_snapshot(snapshot.url, json.dumps(body).encode())).records
    assert chart.bars["close"].to_pylist() == [1.0, 2.0, 3.0]


def test_only_the_running_session_replaces_the_bar_of_its_day() -> None:
    snapshot = _chart("TSLA", "USD", [1.0, 2.0, 3.0, 4.0, 5.0])
    body = json.loads(snapshot.body)
    stamps = body["chart"]["result"][0]["timestamp"]
    stamps[2], stamps[4] = stamps[1] + 60, stamps[3] + 60
    (chart,) = yahoo_chart.parse(_snapshot(snapshot.url, json.dumps(body).encode())).records
    rows = tidy_yahoo_chart([Read(snapshot, (chart,)), Read(snapshot, (chart,))], WATCHLIST).rows[QUOTES]
    assert [float(one) for one in rows["close_price"].to_pylist()] == [1.0, 2.0, 3.0, 5.0] * 2


@pytest.mark.parametrize(
    ("days", "closes"),
    [
        (("2026-06-11", "2026-06-11", "2026-06-12"), [25, 26, 27]),
        (("2026-06-11", "2026-06-12", "2026-06-12"), [25, 27]),
    ],
)
def test_of_two_bars_at_the_end_the_last_stands_and_elsewhere_the_loader_refuses_both(
    days: tuple[str, ...], closes: list[int]
) -> None:
    rows = [[day, "25", str(25 + number), "27", "25", "1"] for number, day in enumerate(days)]
    body = {"code": 0, "msg": "", "data": {"hk01810": {"day": rows, "prec": "25"}}}
    url = "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param=hk01810,day,,,2,"
    reading = tencent_daily.parse(_snapshot(url, json.dumps(body).encode()))
    tidy = tidy_tencent_daily([Read(_snapshot(url, b""), reading.records)], WATCHLIST)
    assert tidy.rows[QUOTES]["close_price"].to_pylist() == closes


def test_many_answers_are_tidied_at_once_and_keep_their_own_origin() -> None:
    early, late = datetime(2020, 1, 3, 12, tzinfo=UTC), datetime(2020, 1, 4, 12, tzinfo=UTC)
    reads = []
    for symbol, at, close in (("TSLA", early, 28.68), ("LI", late, 11.5)):
        snapshot = _chart(symbol, "USD", [close])
        snapshot = Snapshot(f"urn:{symbol}", snapshot.url, snapshot.body, at, at)
        reads.append(Read(snapshot, yahoo_chart.parse(snapshot).records))
    rows = tidy_yahoo_chart(reads, WATCHLIST).rows[QUOTES].to_pylist()
    assert [(row["security_id"], row["snapshot_id"], row["fetched_at"], row["close_price"]) for row in rows] == [
        ("XNAS:TSLA", "urn:TSLA", early, Decimal("28.68")),
        ("XNAS:LI", "urn:LI", late, Decimal("11.5")),
    ]


def test_nothing_read_gives_empty_tables() -> None:
    for transform in (tidy_tencent_daily, tidy_tencent_realtime, tidy_yahoo_chart):
        tidy = transform([], WATCHLIST)
        assert tidy.rows and all(rows.num_rows == 0 for rows in tidy.rows.values())


def test_a_price_of_zero_in_a_bar_is_no_price() -> None:
    rows = [["2026-06-11", "25.5", "25.84", "26", "25", "1"], ["2026-06-12", "0.000", "0.000", "0.000", "0.000", "0"]]
    body = {"code": 0, "msg": "", "data": {"hk01810": {"day": rows, "prec": "25"}}}
    url = "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param=hk01810,day,,,2,"
    reading = tencent_daily.parse(_snapshot(url, json.dumps(body).encode()))
    tidy = tidy_tencent_daily([Read(_snapshot(url, b""), reading.records)], WATCHLIST)
    assert tidy.rows[QUOTES]["trade_date"].to_pylist() == [date(2026, 6, 11)]
    assert [one.reason for one in tidy.set_aside] == ["no_trade_yet"]


def test_a_day_without_a_trade_keeps_its_close_and_has_no_other_price() -> None:
    rows = [["2026-06-11", "0.000", "25.84", "0.000", "0.000", "0"]]
    body = {"code": 0, "msg": "", "data": {"hk01810": {"day": rows, "prec": "25.84"}}}
    url = "https://web.ifzq.gtimg.cn/appstock/app/fqkline/get?param=hk01810,day,,,2,"
    reading = tencent_daily.parse(_snapshot(url, json.dumps(body).encode()))
    (row,) = tidy_tencent_daily([Read(_snapshot(url, b""), reading.records)], WATCHLIST).rows[QUOTES].to_pylist()
    assert row["close_price"] == Decimal("25.84")
    assert [row[name] for name in ("open_price", "high_price", "low_price", "volume")] == [None, None, None, 0]


def test_a_zero_in_a_chart_is_set_aside_and_its_neighbours_are_kept() -> None:
    snapshot = _chart("TSLA", "USD", [0.0, 28.68])
    tidy = tidy_yahoo_chart([Read(snapshot, yahoo_chart.parse(snapshot).records)], WATCHLIST)
    assert tidy.rows[QUOTES]["close_price"].to_pylist() == [Decimal("28.68")]
    assert [one.reason for one in tidy.set_aside] == ["no_trade_yet"]


def test_every_exchange_has_a_regular_close() -> None:
    assert {line.exchange for line in WATCHLIST.securities} <= set(REGULAR_CLOSES)
    assert close_of("XNYS", date(2026, 3, 6)) == datetime(2026, 3, 6, 21, tzinfo=UTC)
    assert close_of("XNYS", date(2026, 3, 9)) == datetime(2026, 3, 9, 20, tzinfo=UTC)


def test_half_days_are_over_early_in_hong_kong_and_new_york() -> None:
    assert close_of("XHKG", date(2024, 12, 31)) == datetime(2024, 12, 31, 4, 10, tzinfo=UTC)
    assert close_of("XNAS", date(2024, 11, 29)) == datetime(2024, 11, 29, 18, tzinfo=UTC)
    assert close_of("XSHG", date(2024, 12, 31)) == datetime(2024, 12, 31, 7, tzinfo=UTC)
    for exchange in REGULAR_CLOSES:
        days = [date(2024, 11, 29), date(2024, 12, 24), date(2024, 12, 30), date(2024, 12, 31)]
        closes = closes_of(exchange, pa.array(days, pa.date32())).to_pylist()
        assert closes == [close_of(exchange, day) for day in days]


def test_a_stamp_from_the_end_of_a_half_day_is_final() -> None:
    noon = datetime(2024, 12, 31, 4, 8, 29, tzinfo=UTC)
    assert is_final_stamp("XHKG", noon)
    assert not is_final_stamp("XHKG", noon - timedelta(minutes=1))
    assert not is_final_stamp("XHKG", noon - timedelta(days=1))


@pytest.mark.parametrize("exchange", ["XHKG", "XNAS", "XNYS"])
def test_half_days_agree_with_the_sessions(exchange: str) -> None:
    for year in (2015, 2024, 2025, 2026):
        rows = csv.DictReader(sessions_csv(exchange, year).decode().splitlines())
        early = {
            date.fromisoformat(row["session_date"]): row["closes_at"] for row in rows if row["is_half_day"] == "true"
        }
        assert early and early.keys() == {day for day in half_days_of(exchange) if day.year == year}
        for day, closes_at in early.items():
            assert close_of(exchange, day) - datetime.fromisoformat(closes_at) <= timedelta(minutes=10)
