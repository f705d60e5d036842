"""Rates of authorities and services: what each is asked for, what it claims, and how pairs are made and preferred."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors.client import Client, Fetched
from extractors.errors import Outcome, ShapeChanged
from extractors.fx import hkma
from extractors.fx.given_rates import GivenRates, rates_table
from extractors.reading import Read
from extractors.registry import BY_ID, EXTRACTORS
from extractors.settings import Secret, Settings
from extractors.snapshot import Snapshot
from extractors.source import Need, Query, Source, Window
from extractors.watchlist import WatchList
from tests import small_warehouse as small
from transforms.registry import ORDERS, RANKS
from transforms.tidy_given_rates import Publication, tidy_given_rates
from warehouse.checks import run_checks
from warehouse.choose import write_ranks
from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME

NOON = datetime(2025, 1, 10, 12, tzinfo=UTC)
DAY = date(2025, 1, 2)


@dataclass
class AskedClient(Client):
    """Notes what it is asked for, and answers with the bodies it was given, one after the other."""

    bodies: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        self.asked.append(url)
        snapshot = Snapshot("urn:uuid:1", url, self.bodies.pop(0), NOON, NOON) if self.bodies else None
        outcome = Outcome.OK if snapshot else Outcome.UNAVAILABLE
        return Fetched(source.id, chunk, "GET", url, NOON, 0.0, 1, outcome, snapshot=snapshot)

    def secret(self, source: Source) -> str:
        return "KEY" if source.needs is Need.KEY else ""


def asked(source_id: str, start: date = DAY, end: date = DAY) -> list[str]:
    client = AskedClient()
    assert [one.url for one in BY_ID[source_id].fetch(client, Query(WatchList(), Window(start, end)))] == client.asked
    return client.asked


ASKED = {
    "frankfurter": ["https://api.frankfurter.dev/v1/2025-01-02..2025-01-02?base=EUR&symbols=CNY,HKD,USD"],
    "open_er_api": ["https://open.er-api.com/v6/latest/USD"],
    "bank_of_canada": [
        "https://www.bankofcanada.ca/valet/observations/group/FX_RATES_DAILY/json?start_date=2025-01-02&end_date=2025-01-02"
    ],
    "nbp": ["https://api.nbp.pl/api/exchangerates/tables/A/2025-01-02/2025-01-02/?format=json"],
    "amcm": ["https://www.amcm.gov.mo/api/v1.0/cms/financial_info?QueryType=1&Begin=20250102&End=20250102"],
    "imf": ["https://www.imf.org/external/np/fin/data/rms_mth.aspx?SelectDate=2025-01-02&reportType=REP&tsvflag=Y"],
    "mas": [],
    "fixer": ["https://data.fixer.io/api/latest?symbols=CNY,HKD,USD&access_key=KEY"],
    "currencylayer": ["https://api.currencylayer.com/live?source=USD&currencies=CNY,EUR,HKD&access_key=KEY"],
    "exchangerate_host": ["https://api.exchangerate.host/live?source=USD&currencies=CNY,EUR,HKD&access_key=KEY"],
    "open_exchange_rates": ["https://openexchangerates.org/api/latest.json?symbols=CNY,EUR,HKD&app_id=KEY"],
}


@pytest.mark.parametrize("source_id", ASKED)
def test_asks_for_our_currencies_and_claims_what_it_asks_for(source_id: str) -> None:
    assert asked(source_id) == ASKED[source_id]
    assert all(BY_ID[source_id].matches(url) for url in ASKED[source_id])


def test_series_are_asked_for_one_by_one() -> None:
    names = [url.partition("series_id=")[2].partition("&")[0] for url in asked("fred")]
    assert names == ["DEXUSEU", "DEXHKUS", "DEXCHUS"]
    pairs = [url.partition("to_symbol=")[2].partition("&")[0] for url in asked("alpha_vantage_fx")]
    assert pairs == ["CNY", "EUR", "HKD"]


def test_a_day_in_england_is_written_in_english() -> None:
    (url,) = asked("bank_of_england", date(2025, 3, 3), date(2025, 12, 31))
    assert "Datefrom=03/Mar/2025&Dateto=31/Dec/2025" in url and "XUDLHDS" in url
    assert BY_ID["bank_of_england"].matches(url)


def test_long_windows_are_asked_for_in_parts() -> None:
    start, end = date(2023, 12, 28), date(2025, 1, 2)
    assert [url.partition("/v1/")[2][:22] for url in asked("frankfurter", start, end)] == [
        "2023-12-28..2023-12-31", "2024-01-01..2024-12-31", "2025-01-01..2025-01-02",
    ]  # fmt: skip
    parts = [url.partition("/A/")[2][:21] for url in asked("nbp", date(2024, 10, 1), date(2025, 1, 2))]
    assert parts == ["2024-10-01/2025-01-01", "2025-01-02/2025-01-02"]
    months = [url.partition("SelectDate=")[2][:10] for url in asked("imf", date(2024, 11, 30), DAY)]
    assert months == ["2024-11-30", "2024-12-31", "2025-01-02"]


def test_hong_kong_is_asked_page_after_page_until_one_is_not_full() -> None:
    day = '{"end_of_day":"2024-12-30","usd":7.763}'
    page = '{"header":{"success":true},"result":{"datasize":%d,"records":[%s]}}'
    full, last = (page % (101, ",".join([day] * count)) for count in (100, 1))
    client = AskedClient([full.encode(), last.encode()])
    list(hkma.fetch(client, Query(WatchList(), Window(DAY, DAY))))
    assert [url.rpartition("offset=")[2] for url in client.asked] == ["0", "100"]


OTHERS = (
    ("frankfurter", "https://api.frankfurter.dev/v1/currencies"),
    ("frankfurter", "https://frankfurter.dev/v1/latest"),
    ("hkma", "https://api.hkma.gov.hk/public/market-data-and-statistics/monthly-statistical-bulletin/er-ir/hkd-fer-daily"),
    ("fred", "https://api.stlouisfed.org/fred/series/observations?series_id=GDP&file_type=json"),
    ("fred", "https://api.stlouisfed.org/fred/series/observations?series_id=DEXHKUS&file_type=xml"),
    ("open_er_api", "https://open.er-api.com/v6/codes"),
    ("bank_of_canada", "https://www.bankofcanada.ca/valet/observations/CES_C1/json"),
    ("bank_of_england", "https://www.bankofengland.co.uk/boeapps/database/_iadb-fromshowcolumns.asp?CSVF=TT"),
    ("nbp", "https://api.nbp.pl/api/exchangerates/tables/C/2025-01-02/?format=json"),
    ("nbp", "https://api.nbp.pl/api/cenyzlota/?format=json"),
    ("mas", "https://eservices.mas.gov.sg/statistics/msb/Money.aspx"),
    ("amcm", "https://www.amcm.gov.mo/api/v1.0/cms/news"),
    ("imf", "https://www.imf.org/external/np/fin/data/rms_mth.aspx?SelectDate=2025-01-31&reportType=SDRCV&tsvflag=Y"),
    ("alpha_vantage_fx", "https://www.alphavantage.co/query?function=TIME_SERIES_DAILY&symbol=IBM"),
    ("fixer", "https://data.fixer.io/api/symbols"),
    ("fixer", "https://api.apilayer.com/currency_data/live"),
    ("currencylayer", "https://api.currencylayer.com/list"),
    ("exchangerate_host", "https://api.exchangerate.host/convert"),
    ("open_exchange_rates", "https://openexchangerates.org/api/currencies.json"),
)  # fmt: skip


@pytest.mark.parametrize(("source_id", "url"), OTHERS)
def test_other_calls_of_the_host_are_not_claimed(source_id: str, url: str) -> None:
    assert not BY_ID[source_id].matches(url)


def _given(*rows: tuple[date, str, str, str], hub: str, source: str = "nbp") -> GivenRates:
    snapshot = Snapshot("urn:uuid:1", "https://example.org/", b"", NOON, NOON)
    table = rates_table([(day, base, quote, Decimal(rate)) for day, base, quote, rate in rows], snapshot)
    return GivenRates(source, hub, "mid", table)


def _rows(record: GivenRates) -> dict[tuple[str, str], dict[str, Any]]:
    read = Read(Snapshot("urn:uuid:1", "https://example.org/", b"", NOON, NOON), (record,))
    rows = tidy_given_rates([read], WatchList()).rows["core.fx_rates_by_source"].to_pylist()
    return {(row["base_currency"], row["quote_currency"]): row for row in rows}


def test_both_directions_of_an_answer_are_crossed_at_its_hub() -> None:
    rows = _rows(_given((DAY, "EUR", "USD", "1.0321"), (DAY, "USD", "CNY", "7.2993"), hub="USD", source="imf"))
    assert rows["EUR", "CNY"]["rate"] == Decimal("7.533607530000")  # 1.0321 x 7.2993
    assert rows["CNY", "EUR"]["rate"] == Decimal("0.132738531443")
    assert [pair for pair, row in rows.items() if not row["is_derived"]] == [("EUR", "USD"), ("USD", "CNY")]


def test_no_currency_but_the_hub_and_ours_gets_a_row() -> None:
    rows = _rows(_given((DAY, "USD", "PLN", "4.1"), (DAY, "CHF", "PLN", "4.5"), hub="PLN"))
    assert set(rows) == {("USD", "PLN")}


def test_days_are_not_mixed() -> None:
    rows = _rows(_given((DAY, "USD", "PLN", "4.1"), (date(2025, 1, 3), "HKD", "PLN", "0.53"), hub="PLN"))
    assert set(rows) == {("USD", "PLN"), ("HKD", "PLN")}


@pytest.mark.parametrize("rate", ["0", "-1", "1e12", "1e-13", "NaN"])
def test_what_is_no_rate_changes_the_shape(rate: str) -> None:
    with pytest.raises(ShapeChanged, match="USDHKD"):
        _given((DAY, "USD", "HKD", rate), hub="USD")


def test_two_rates_of_a_pair_on_one_day_contradict_each_other() -> None:
    with pytest.raises(ShapeChanged, match="two rates"):
        _given((DAY, "USD", "HKD", "7.8"), (DAY, "USD", "HKD", "7.7"), hub="USD")


@pytest.mark.parametrize(
    ("rule", "day", "public"),
    [
        (Publication("America/New_York", on_weekday=0), date(2025, 1, 3), datetime(2025, 1, 6, 5, tzinfo=UTC)),
        (Publication("America/New_York", on_weekday=0), date(2025, 1, 6), datetime(2025, 1, 13, 5, tzinfo=UTC)),
        (Publication("Asia/Hong_Kong", months_later=2), date(2024, 11, 30), datetime(2024, 12, 31, 16, tzinfo=UTC)),
        (Publication("Asia/Hong_Kong", months_later=2), date(2024, 12, 1), datetime(2025, 1, 31, 16, tzinfo=UTC)),
    ],
)
def test_a_release_has_its_day(rule: Publication, day: date, public: datetime) -> None:
    assert rule.of(day) == public


def test_the_order_is_the_ecb_then_its_reader_then_authorities_and_the_unnamed_houses_last() -> None:
    ranks = RANKS["core.fx_rates_by_source"]
    places = [ranks.index(one) for one in ("ecb_rates", "frankfurter", "hkma", "fred", "open_er_api")]
    assert places == sorted(places) and places[:4] == [0, 1, 2, 3] and places[4] == len(ranks) - 1
    assert set(ranks) == {one.source.id for one in EXTRACTORS if one.source.kind == "fx"}
    assert ORDERS["rates"][""] == ("ecb_rates", "frankfurter", "open_er_api")


def test_what_needs_a_key_is_off_until_there_is_one_and_a_word_of_the_operator() -> None:
    keyed = [one.source for one in EXTRACTORS if one.source.kind == "fx" and one.source.needs is Need.KEY]
    assert {one.id for one in keyed} == {
        "fred", "alpha_vantage_fx", "fixer", "currencylayer", "exchangerate_host", "open_exchange_rates",
    }  # fmt: skip
    settings = Settings(secrets={one.id: Secret("x") for one in keyed})
    assert [settings.off_reason(one) for one in keyed] == ["off"] * len(keyed)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(tmp_path / "w.duckdb") as opened:
        write_ranks(opened.connection, RANKS)
        yield opened


def test_the_ecb_s_cross_is_chosen_before_a_pair_that_another_gives_directly(warehouse: Warehouse) -> None:
    cross = small.fx("USD", "HKD", "2025-01-02", "7.7765", source_id="ecb_rates", is_derived=True)
    direct = small.fx("USD", "HKD", "2025-01-02", "7.7801", source_id="open_er_api")
    small.load(warehouse, "core.fx_rates_by_source", direct)
    small.load(warehouse, "core.fx_rates_by_source", cross)
    (row,) = warehouse.frame("FROM core.fx_rates").to_pylist()
    assert (row["source_id"], row["rate"], row["reading_count"]) == ("ecb_rates", Decimal("7.7765"), 2)


@pytest.mark.parametrize(
    ("rate", "is_derived", "holds"),
    [
        ("7.75", False, True),
        ("7.7499", False, False),
        ("7.7499", True, True),
        ("7.744", True, False),
        ("7.8501", False, False),
        ("7.8501", True, True),
    ],
)
def test_a_rate_outside_the_band_of_the_peg_is_kept_and_shown(
    warehouse: Warehouse, rate: str, is_derived: bool, holds: bool
) -> None:
    row = small.fx("USD", "HKD", "2025-01-02", rate, is_derived=is_derived)
    small.load(warehouse, "core.fx_rates_by_source", row)
    checks = run_checks(warehouse, run_id="run-1", now=NOON, tables=[BY_NAME["core.fx_rates_by_source"]])
    (check,) = [one for one in checks.to_pylist() if one["check_name"] == "hong_kong_peg_holds"]
    assert (check["is_passed"], check["is_blocking"], check["failing_rows"]) == (holds, False, 0 if holds else 1)
    assert warehouse.frame("FROM core.fx_rates").num_rows == 1


def test_a_rate_in_the_wrong_direction_is_rejected(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.fx_rates_by_source", small.fx("USD", "HKD", "2025-01-02", "0.1286"))
    assert warehouse.frame("FROM core.fx_rates").num_rows == 0
