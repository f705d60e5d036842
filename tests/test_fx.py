"""Euro reference rates: which file is asked for, how every form is read, how pairs are made."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow.compute as pc
import pytest

from extractors.client import Client, Fetched
from extractors.errors import NothingThere, Outcome, Refused, ShapeChanged
from extractors.fx import ecb_forms
from extractors.fx.currencies import currencies_of
from extractors.fx.ecb_rates import DAILY, HISTORY, LAST_90_DAYS, fetch, matches, parse
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.source import Query, Source, Window
from extractors.watchlist import Company, Security, WatchList
from tests.cases import FIXTURES
from transforms.tidy_fx import tidy_ecb_rates

EVENING = datetime(2024, 12, 30, 15, 30, tzinfo=UTC)
BODIES = FIXTURES / "ecb_rates"


def _snapshot(body: bytes, url: str = DAILY) -> Snapshot:
    return Snapshot("urn:uuid:1", url, body, EVENING, EVENING)


def _rows(body: bytes, watchlist: WatchList | None = None) -> dict[tuple[str, str, date], dict[str, Any]]:
    snapshot = _snapshot(body)
    tidy = tidy_ecb_rates([Read(snapshot, parse(snapshot).records)], watchlist or WatchList())
    rows = tidy.rows["core.fx_rates_by_source"].to_pylist()
    return {(row["base_currency"], row["quote_currency"], row["rate_date"]): row for row in rows}


def _xml(*days: tuple[str, Mapping[str, str]]) -> bytes:
    cubes = "".join(
        f"<Cube time='{day}'>"
        + "".join(f"<Cube currency='{currency}' rate='{rate}'/>" for currency, rate in rates.items())
        + "</Cube>"
        for day, rates in days
    )
    return (
        f"<Envelope xmlns='http://www.ecb.int/vocabulary/2002-08-01/eurofxref'><Cube>{cubes}</Cube></Envelope>".encode()
    )


@dataclass
class AskedClient(Client):
    """Answers with the bodies it was given and notes what it was asked for."""

    bodies: Mapping[str, bytes]
    asked: list[str] = field(default_factory=list)
    outcome: Outcome = Outcome.UNAVAILABLE

    def get(self, source: Source, url: str, *, chunk: str = "", headers: Mapping[str, str] | None = None) -> Fetched:
        self.asked.append(url)
        body = self.bodies.get(url)
        snapshot = None if body is None else _snapshot(body, url)
        outcome = self.outcome if body is None else Outcome.OK
        return Fetched(source.id, chunk, "GET", url, EVENING, 0.0, 1, outcome, snapshot=snapshot)


def _asked(start: date, end: date, client: AskedClient) -> list[str]:
    assert [one.url for one in fetch(client, Query(WatchList(), Window(start, end)))] == client.asked
    return client.asked


TODAY = {DAILY: _xml(("2024-12-30", {"USD": "1.0444"}))}


@pytest.mark.parametrize(
    ("start", "end", "further"),
    [
        (date(2024, 12, 30), date(2024, 12, 30), []),
        (date(2024, 12, 31), date(2024, 12, 31), []),
        (date(2024, 12, 29), date(2024, 12, 30), [LAST_90_DAYS]),
        (date(2024, 10, 2), date(2024, 12, 30), [LAST_90_DAYS]),
        (date(2024, 10, 1), date(2024, 12, 30), [HISTORY]),
        (date(1999, 1, 4), date(2024, 12, 30), [HISTORY]),
        (date(2023, 12, 28), date(2023, 12, 31), [HISTORY]),
    ],
)
def test_asks_for_the_smallest_file_that_reaches_back(start: date, end: date, further: list[str]) -> None:
    assert _asked(start, end, AskedClient(TODAY)) == [DAILY, *further]


@pytest.mark.parametrize(
    ("daily", "outcome", "further"),
    [
        ({}, Outcome.UNAVAILABLE, LAST_90_DAYS),
        ({DAILY: b"<html><body>later</body></html>"}, Outcome.OK, LAST_90_DAYS),
        ({}, Outcome.UNCHANGED, HISTORY),
    ],
    ids=["no answer", "a page", "not modified"],
)
def test_goes_by_the_window_when_the_newest_day_is_not_known(
    daily: Mapping[str, bytes], outcome: Outcome, further: str
) -> None:
    client = AskedClient(daily, outcome=outcome)
    assert _asked(date(2024, 12, 20), date(2024, 12, 30), client) == [DAILY, further]


@pytest.mark.parametrize(
    ("url", "is_ours"),
    [
        ("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml", True),
        ("http://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml?5bcdcba1", True),
        ("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml", True),
        ("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.xml", True),
        ("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip", True),
        ("https://www.ecb.europa.eu/stats/eurofxref/eurofxref.zip", True),
        ("https://data-api.ecb.europa.eu/service/data/EXR/D.USD+CNY.EUR.SP00.A?startPeriod=2025&format=csvdata", True),
        ("https://data-api.ecb.europa.eu/service/data/ECB,EXR,1.0/D..EUR.SP00.A?format=csvdata", True),
        ("https://data-api.ecb.europa.eu/service/data/EXR/D.USD.EUR.SP00.A?format=jsondata", False),
        ("https://data-api.ecb.europa.eu/service/data/FM/B.U2.EUR.4F.KR.MRR_FR.LEV?format=csvdata", False),
        ("https://www.ecb.europa.eu/stats/policy_and_exchange_rates/html/index.en.html", False),
        ("https://www.ecb.europa.eu.example/stats/eurofxref/eurofxref-daily.xml", False),
        ("https://api.frankfurter.dev/v1/latest", False),
    ],
)  # fmt: skip
def test_takes_the_files_and_the_series_and_nothing_else(url: str, is_ours: bool) -> None:
    assert matches(url) is is_ours


def test_crosses_are_exact_and_rounded_half_up_at_12_places() -> None:
    rows = _rows(_xml(("2026-04-13", {"USD": "1.1684", "CNY": "7.9827", "HKD": "9.1507"})))
    day = date(2026, 4, 13)
    expected = (Decimal("9.1507") / Decimal("1.1684")).quantize(Decimal("1e-12"), ROUND_HALF_UP)
    assert rows["USD", "HKD", day]["rate"] == expected == Decimal("7.831821294077")
    assert rows["HKD", "EUR", day]["rate"] == Decimal("0.109281257172")
    assert rows["EUR", "HKD", day]["rate"] == Decimal("9.1507")


def test_a_half_is_rounded_up() -> None:
    rows = _rows(_xml(("2026-04-13", {"USD": "8192", "HKD": "1"})))
    assert rows["USD", "HKD", date(2026, 4, 13)]["rate"] == Decimal("0.000122070313")  # 1/8192 ends in …3125


def test_only_rates_from_the_euro_are_as_given() -> None:
    rows = _rows((BODIES / "daily.xml").read_bytes())
    assert {pair[0] for pair, row in rows.items() if not row["is_derived"]} == {"EUR"}
    assert len(rows) == 4 * 3


def test_a_rate_is_public_at_four_in_frankfurt_in_summer_and_in_winter() -> None:
    rows = _rows(_xml(("2026-03-27", {"USD": "1.1"}), ("2026-03-30", {"USD": "1.1"})))
    assert rows["EUR", "USD", date(2026, 3, 27)]["available_at"] == datetime(2026, 3, 27, 15, tzinfo=UTC)
    assert rows["EUR", "USD", date(2026, 3, 30)]["available_at"] == datetime(2026, 3, 30, 14, tzinfo=UTC)


def test_rows_lead_to_the_bytes() -> None:
    row = _rows((BODIES / "daily.xml").read_bytes())["EUR", "USD", date(2024, 12, 30)]
    assert (row["source_id"], row["snapshot_id"], row["fetched_at"]) == ("ecb_rates", "urn:uuid:1", EVENING)


def test_no_day_is_made_up_and_no_rate_carried_over() -> None:
    rows = _rows(_xml(("2024-12-27", {"USD": "1.0435"}), ("2024-12-24", {"USD": "1.0395", "HKD": "8.0743"})))
    assert {day for _, _, day in rows} == {date(2024, 12, 24), date(2024, 12, 27)}
    assert ("USD", "HKD", date(2024, 12, 27)) not in rows
    assert ("USD", "EUR", date(2024, 12, 27)) in rows


def test_currencies_are_those_that_are_traded_and_reported_in() -> None:
    watchlist = WatchList(
        companies=(Company("a", "A", "JPY"),), securities=(Security("XNYS", "A", "GBP", company="a"),)
    )
    assert currencies_of(watchlist) == ("CNY", "EUR", "GBP", "HKD", "JPY", "USD")
    body = _xml(("2024-12-30", {"USD": "1.0444", "JPY": "164.57", "CHF": "0.94"}))
    assert {base for base, _, _ in _rows(body, watchlist)} == {"EUR", "JPY", "USD"}


def test_all_forms_say_the_same() -> None:
    day = date(2024, 12, 24)
    forms = ["last_90_days.xml", "history.zip", "series.csv"]
    found = [_rows((BODIES / name).read_bytes())["USD", "CNY", day]["rate"] for name in forms]
    assert found == [(Decimal("7.5843") / Decimal("1.0395")).quantize(Decimal("1e-12"), ROUND_HALF_UP)] * 3


def _zip(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return packed.getvalue()


def test_unpacks_no_more_than_a_history_can_be_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ecb_forms, "_LARGEST_MEMBER", 1000)
    body = _zip(("eurofxref-hist.csv", b"Date,USD,\n" + b" " * 1000))
    with pytest.raises(ShapeChanged, match="longer than 1000 bytes"):
        parse(_snapshot(body, HISTORY))


@pytest.mark.parametrize(
    "members", [(), (("readme.txt", b""),), (("a.csv", b"Date,USD,\n"), ("b.csv", b"Date,USD,\n"))]
)
def test_a_zip_holds_one_csv(members: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.raises(ShapeChanged, match="expected one CSV in the zip"):
        parse(_snapshot(_zip(*members), HISTORY))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<Envelope/>", "Cube"),
        (b"<Rates/>", "Envelope"),
        (b"<Envelope><Cube><Cube><Cube currency='USD' rate='1'/></Cube></Cube></Envelope>", "time"),
        (b"<Envelope><Cube><Cube time='2024-12-30'><Cube rate='1'/></Cube></Cube></Envelope>", "currency"),
        (_xml(("30.12.2024", {"USD": "1"})), "time"),
        (_xml(("2024-12-30", {"USD": "1,0444"})), "rate"),
        (_xml(("2024-12-30", {"USD": "-"})), "rate"),
        (_xml(("2024-12-30", {"USD": "0"})), "rate"),
        (_xml(("2024-12-30", {"usd": "1"})), "currency"),
        (_xml(("2024-12-30", {"USD": "1"}), ("2024-12-30", {"USD": "2"})), "time"),
        (b"<Envelope><Cube>", "body"),
        (b"Day,USD,\n2024-12-30,1.0444,\n", "Date"),
        (b"Date,USD,USD,\n2024-12-30,1.0444,1.0444,\n", "USD"),
        (b"Date,USD,\n2024-12-30,1.0444\n", "rows"),
        (b"Date,USD,\n2024-12-30,one,\n", "rate"),
        (b"Date,USD,\n30 Dezember 2024,1.0444,\n", "Date"),
        (b"Date,USD,\n31 February 2024,1.0444,\n", "Date"),
        (b"CURRENCY,TIME_PERIOD\nUSD,2024-12-30\n", "OBS_VALUE"),
        (b"TIME_PERIOD,OBS_VALUE\n2024-12-30,1\n", "CURRENCY"),
        (b"CURRENCY,TIME_PERIOD,OBS_VALUE,UNIT_MULT\nIDR,2024-12-30,1,3\n", "UNIT_MULT"),
        (b"CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\nUSD,GBP,2024-12-30,1\n", "CURRENCY_DENOM"),
        (b'{"rates": {}}', "rows"),
    ],
)  # fmt: skip
def test_anything_else_is_a_change_of_shape_that_names_the_field(body: bytes, reason: str) -> None:
    with pytest.raises(ShapeChanged) as raised:
        parse(_snapshot(body))
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    "body", [b"Date,USD,\n", b"Date,USD,\n2024-12-30,N/A,\n", b"CURRENCY,TIME_PERIOD,OBS_VALUE\n", _xml()]
)
def test_an_answer_without_rates_is_nothing_and_not_an_error(body: bytes) -> None:
    with pytest.raises(NothingThere):
        parse(_snapshot(body))


@pytest.mark.parametrize("body", [b"<html></html>", b"<!DOCTYPE html><html></html>", b"\n  <HTML><body/></HTML>"])
def test_a_page_is_a_refusal(body: bytes) -> None:
    with pytest.raises(Refused):
        parse(_snapshot(body))


def test_a_404_of_a_file_is_not_an_empty_range() -> None:
    with pytest.raises(NothingThere) as raised:
        parse(replace(_snapshot(b"gone"), status=404))
    assert raised.value.reason == "not_found"


def test_a_new_column_is_news_and_the_rest_is_read() -> None:
    reading = parse(_snapshot(b"Date,USD,Remark,\n2024-12-30,1.0444,provisional,\n"))
    assert [(one.field, one.example) for one in reading.drift] == [("Remark", "provisional")]
    assert pc.unique(reading.records[0].table.column("currency")).to_pylist() == ["USD"]


def test_values_in_the_column_without_a_name_are_news() -> None:
    reading = parse(_snapshot(b"Date,USD,\n2024-12-30,1.0444,1.5\n"))
    assert [one.example for one in reading.drift] == ["1.5"]
