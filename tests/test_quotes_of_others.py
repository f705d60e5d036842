"""What the houses of prices after Tencent are asked for, which addresses they answer, and what no case can show."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest

from extractors.client import Client, Fetched
from extractors.errors import Outcome
from extractors.quotes import (
    alpha_vantage,
    eastmoney_daily,
    eastmoney_snapshot,
    hkex_quotes,
    nasdaq_dividends,
    nasdaq_historical,
    sina_realtime,
    stooq,
    yahoo_chart,
    yahoo_download,
    yahoo_quotes,
)
from extractors.reader import read_snapshot
from extractors.reading import Read
from extractors.registry import BY_ID, claimant
from extractors.settings import Settings
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window
from extractors.watchlist import Security, WatchList, read_watchlist
from transforms.registry import transform_of
from transforms.tidy import Tidy

WATCHLIST = read_watchlist(Path(__file__).parent / "fixtures" / "watchlist.toml")
QUOTES, SHARES = "core.daily_quotes_by_source", "core.shares_outstanding_by_source"
NOON = datetime(2026, 6, 13, 12, tzinfo=UTC)
DAYS = Window(date(2026, 6, 1), date(2026, 6, 12))
ASKED = (sina_realtime, eastmoney_daily, eastmoney_snapshot, nasdaq_historical, nasdaq_dividends, alpha_vantage)
ONLY_READ = (yahoo_quotes, yahoo_download, hkex_quotes)


class Asked:
    """Stands for the client and remembers what it was asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Any = None) -> Fetched:
        self.calls.append((chunk, url))
        self.headers.append(dict(headers or {}))
        return Fetched(source.id, chunk, "GET", url, NOON, 0.0, 1, Outcome.OK)

    def secret(self, source: Source) -> str:
        return f"key-of-{source.id}"


def _asked(module: ModuleType, window: Window = DAYS, watchlist: WatchList = WATCHLIST) -> Asked:
    client = Asked()
    fetched: Iterator[Fetched] = module.fetch(cast(Client, client), Query(watchlist, window))
    assert [one.url for one in fetched] == [url for _, url in client.calls]
    return client


def _tidy(source_id: str, url: str, body: str, watchlist: WatchList) -> Tidy:
    snapshot = Snapshot("urn:test", url, body.encode(), NOON, NOON)
    answer = read_snapshot(BY_ID[source_id], snapshot)
    assert answer.outcome == "ok", answer.message
    return transform_of(source_id)([Read(snapshot, answer.reading.records)], watchlist)


@pytest.mark.parametrize("module", ASKED, ids=lambda one: one.SOURCE.id)
def test_a_house_answers_what_it_is_asked(module: ModuleType) -> None:
    calls = _asked(module).calls
    assert calls
    for _, url in calls:
        assert claimant(url) is BY_ID[module.SOURCE.id], url


@pytest.mark.parametrize("module", [*ASKED, stooq, *ONLY_READ], ids=lambda one: one.SOURCE.id)
def test_none_is_asked_until_an_operator_says_so(module: ModuleType) -> None:
    assert not Settings().is_enabled(module.SOURCE)
    assert module.SOURCE.id in Settings().why_off(module.SOURCE)


@pytest.mark.parametrize("module", ONLY_READ, ids=lambda one: one.SOURCE.id)
def test_what_wants_a_browser_is_never_asked(module: ModuleType) -> None:
    assert _asked(module).calls == []


def test_lines_are_asked_for_by_the_code_of_each_house() -> None:
    chunks = {module.SOURCE.id: dict(_asked(module).calls) for module in ASKED[1:]}
    tesla = {source: calls["XNAS:TSLA"].partition("?")[0] for source, calls in chunks.items()}
    assert tesla == {
        "eastmoney_daily": "https://push2his.eastmoney.com/api/qt/stock/kline/get",
        "eastmoney_snapshot": "https://push2.eastmoney.com/api/qt/stock/get",
        "nasdaq_historical": "https://api.nasdaq.com/api/quote/TSLA/historical",
        "nasdaq_dividends": "https://api.nasdaq.com/api/quote/TSLA/dividends",
        "alpha_vantage": "https://www.alphavantage.co/query",
    }
    assert "secid=105.TSLA&klt=101&fqt=0&beg=20260601&end=20260612" in chunks["eastmoney_daily"]["XNAS:TSLA"]
    assert "fromdate=2026-06-01&todate=2026-06-12" in chunks["nasdaq_historical"]["XNAS:TSLA"]
    assert "apikey=key-of-alpha_vantage" in chunks["alpha_vantage"]["XNAS:TSLA"]
    assert "XHKG:01810" not in chunks["nasdaq_historical"]


def test_of_stooq_only_indices_are_asked_since_its_prices_of_shares_are_none() -> None:
    lines = (
        Security("XHKG", "HSI", "HKD", kind="index", stooq="^hsi"),
        Security("XNAS", "TSLA", "USD", stooq="tsla.us"),
    )
    assert _asked(stooq, watchlist=WatchList(securities=lines)).calls == [
        ("XHKG:HSI", "https://stooq.com/q/d/l/?s=%5Ehsi&i=d&d1=20260601&d2=20260612&apikey=key-of-stooq")
    ]
    assert claimant("https://stooq.com/q/d/l/?s=%5Ehsi&i=d") is BY_ID["stooq"]


def test_sina_is_asked_once_and_told_which_page_asks() -> None:
    client = _asked(sina_realtime)
    assert len(client.calls) == 1 and "rt_hk01810" in client.calls[0][1]
    assert client.headers == [{"referer": "https://finance.sina.com.cn/"}]


def test_an_index_pays_no_dividend() -> None:
    lines = WatchList(securities=(Security("XNAS", "NDX", "USD", kind="index", nasdaq="NDX"),))
    assert _asked(nasdaq_dividends, watchlist=lines).calls == []
    assert "assetclass=index" in _asked(nasdaq_historical, watchlist=lines).calls[0][1]


def test_a_longer_window_than_the_short_answer_holds_asks_for_the_long_one() -> None:
    year = Window(date(2025, 6, 12), date(2026, 6, 12))
    assert all("outputsize=compact" in url for _, url in _asked(alpha_vantage).calls)
    assert all("outputsize=full" in url for _, url in _asked(alpha_vantage, year).calls)


@pytest.mark.parametrize(
    ("module", "url", "fits"),
    [
        (sina_realtime, "http://hq.sinajs.cn/?list=rt_hk01810", True),
        (sina_realtime, "http://hq.sinajs.cn/rn=1&list=sz160922,sz160923", True),
        (sina_realtime, "https://hq.sinajs.cn/list=gb_%24dji", True),
        (sina_realtime, "https://hq.sinajs.cn/list=fx_susdcny", False),
        (sina_realtime, "https://hq.sinajs.cn/list=nf_AU0,hf_GC", False),
        (sina_realtime, "https://finance.sina.com.cn/list=rt_hk01810", False),
        (eastmoney_daily, "http://33.push2his.eastmoney.com/api/qt/stock/kline/get?fqt=0&klt=101&secid=1.601872", True),
        (eastmoney_daily, "https://push2his.eastmoney.com/api/qt/stock/kline/get?klt=102&secid=1.601872", False),
        (eastmoney_daily, "https://push2his.eastmoney.com/api/qt/stock/trends2/get?secid=1.601872", False),
        (eastmoney_snapshot, "https://push2delay.eastmoney.com/api/qt/stock/get?fields=f43&secid=116.01810", True),
        (eastmoney_snapshot, "https://push2.eastmoney.com/api/qt/clist/get?fs=m:116", False),
        (eastmoney_snapshot, "https://datacenter.eastmoney.com/api/qt/stock/get?secid=116.01810", False),
        (nasdaq_historical, "http://api.nasdaq.com/api/quote/tsla/historical/?limit=1&assetclass=stocks", True),
        (nasdaq_historical, "https://api.nasdaq.com/api/quote/TSLA/info?assetclass=stocks", False),
        (nasdaq_dividends, "https://api.nasdaq.com/api/quote/AAPL/dividends", True),
        (nasdaq_dividends, "https://api.nasdaq.com/api/calendar/dividends", False),
        (alpha_vantage, "https://alphavantage.co/query?symbol=IBM&function=TIME_SERIES_DAILY&apikey=K", True),
        (alpha_vantage, "https://www.alphavantage.co/query?function=TIME_SERIES_WEEKLY&symbol=IBM", False),
        (alpha_vantage, "https://www.alphavantage.co/query?function=FX_DAILY&from_symbol=EUR", False),
        (stooq, "http://stooq.pl/q/d/l/?i=d&s=tsla.us", True),
        (stooq, "https://stooq.com/q/d/l/?s=tsla.us&i=w", False),
        (stooq, "https://stooq.com/q/d/?s=tsla.us", False),
        (yahoo_quotes, "https://query1.finance.yahoo.com/v7/finance/quote?symbols=TSLA", True),
        (yahoo_quotes, "https://query1.finance.yahoo.com/v10/finance/quoteSummary/TSLA", True),
        (yahoo_quotes, "https://query1.finance.yahoo.com/v8/finance/chart/TSLA", False),
        (yahoo_download, "https://query1.finance.yahoo.com/v7/finance/download/TSLA?interval=1d", True),
        (yahoo_download, "https://query1.finance.yahoo.com/v7/finance/download/TSLA?events=div", False),
        (yahoo_download, "https://query1.finance.yahoo.com/v7/finance/download/TSLA?interval=1wk", False),
        (yahoo_chart, "https://query1.finance.yahoo.com/v7/finance/download/TSLA", False),
        (hkex_quotes, "https://www1.hkex.com.hk/hkexwidget/data/getequityquote?sym=1810&token=T", True),
        (hkex_quotes, "https://www1.hkex.com.hk/hkexwidget/data/getchartdata2?ric=1810.HK", False),
    ],
)
def test_an_address_is_claimed_by_the_call_that_it_is(module: ModuleType, url: str, fits: bool) -> None:
    assert module.matches(url) is fits


def test_an_index_has_no_dividends_to_restate_it_for() -> None:
    lines = WatchList(securities=(Security("XHKG", "HSI", "HKD", kind="index", stooq="^hsi"),))
    body = "Date,Open,High,Low,Close,Volume\n2026-06-11,24747.29,24938.85,24534.79,24595.35,1234\n"
    tidy = _tidy("stooq", "https://stooq.com/q/d/l/?s=%5EHSI&i=d", body, lines)
    (row,) = tidy.rows[QUOTES].to_pylist()
    assert (row["security_id"], float(row["close_price"]), row["volume"]) == ("XHKG:HSI", 24595.35, None)


def test_a_second_counter_of_a_class_does_not_count_its_shares_again() -> None:
    body = (
        '{"rc":0,"data":{"f43":24200,"f44":24500,"f45":24000,"f46":24100,"f47":100000,"f48":2420000.0,"f57":"81810",'
        '"f58":"x","f59":3,"f84":25840699294,"f86":1781251709,"f107":116,"f116":625344922914.8}}'
    )
    url = "https://push2.eastmoney.com/api/qt/stock/get?secid=116.81810&fields=f43"
    tidy = _tidy("eastmoney_snapshot", url, body, WATCHLIST)
    assert [row["security_id"] for row in tidy.rows[QUOTES].to_pylist()] == ["XHKG:81810"]
    assert tidy.rows[SHARES].num_rows == 0


@pytest.mark.parametrize("source_id", ["nasdaq_historical", "yahoo_download", "yahoo_chart"])
def test_what_is_restated_for_splits_never_says_that_it_was_traded(source_id: str) -> None:
    bodies = {
        "nasdaq_historical": (
            "https://api.nasdaq.com/api/quote/TSLA/historical?assetclass=stocks",
            '{"data":{"symbol":"TSLA","tradesTable":{"rows":[{"date":"06/11/2026","close":"$405.87","volume":"1",'
            '"open":"$1","high":"$2","low":"$1"}]}},"message":null,"status":{"rCode":200}}',
        ),
        "yahoo_download": (
            "https://query1.finance.yahoo.com/v7/finance/download/TSLA?interval=1d",
            "Date,Open,High,Low,Close,Adj Close,Volume\n2026-06-11,1,2,1,1.5,1.5,100\n",
        ),
        "yahoo_chart": (
            "https://query1.finance.yahoo.com/v8/finance/chart/TSLA?interval=1d",
            '{"chart":{"result":[{"meta":{"symbol":"TSLA","currency":"USD","priceHint":2,"dataGranularity":"1d",'
            '"exchangeTimezoneName":"America/New_York"},"timestamp":[1781184600],"indicators":{"quote":[{"open":[1],'
            '"high":[2],"low":[1],"close":[1.5],"volume":[100]}]}}],"error":null}}',
        ),
    }
    tidy = _tidy(source_id, *bodies[source_id], WATCHLIST)
    (row,) = tidy.rows[QUOTES].to_pylist()
    assert (row["price_basis"], row["basis_date"]) == ("split_adjusted", date(2026, 6, 13))
