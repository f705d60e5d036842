"""What we read from recorded answers of every source of rates, and figures taken by hand from their bytes."""

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
from extractors.registry import BY_ID, claimant
from extractors.snapshot import Snapshot
from extractors.source import Extractor
from extractors.watchlist import WatchList
from transforms.tidy_fx import tidy_ecb_rates
from transforms.tidy_given_rates import tidy_given_rates

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
"""Outcome and number of rates of every recorded answer of the ECB."""

OTHERS = {
    "alphavantage_fx_daily_EURAUD_partial.json": ("alpha_vantage_fx", "ok", "", 8),
    "amcm_2026-05-18_2026-05-22.json": ("amcm", "ok", "", 85),  # five days of 18 rows, of which one is no currency
    "boc_canada_fx_rates_daily_2026-03-12.json": ("bank_of_canada", "ok", "", 115),
    "boe_iadb_2026-03-17_2026-03-20.csv": ("bank_of_england", "ok", "", 104),
    "currencylayer_error.json": ("currencylayer", "refused", "login", 0),
    "currencylayer_historical.json": ("currencylayer", "ok", "", 167),
    "exchangeratehost_error_legacy.json": ("exchangerate_host", "unavailable", "stated_failure", 0),
    "exchangeratehost_historical_legacy.json": ("exchangerate_host", "ok", "", 27),
    "exchangeratehost_latest_legacy.json": ("exchangerate_host", "ok", "", 168),
    "exchangeratehost_missing_access_key_200.json": ("exchangerate_host", "refused", "login", 0),
    "fixer_error.json": ("fixer", "refused", "plan", 0),
    "fixer_latest.json": ("fixer", "ok", "", 31),
    "frankfurter_v1_latest_EUR_HUF_USD_2026-09-08.json": ("frankfurter", "ok", "", 2),
    "frankfurter_v1_latest_EUR_USD_2025-05-16.json": ("frankfurter", "ok", "", 1),
    "fred_DEXCHUS_from_2026-03-01.json": ("fred", "ok", "", 10),
    "fred_DEXHKUS_from_2026-03-01.json": ("fred", "ok", "", 10),
    "fred_DEXUSEU_from_2026-03-01.json": ("fred", "ok", "", 10),
    "hkma_er-eeri-daily_2026-02-25_2026-02-28.json": ("hkma", "ok", "", 71),  # 28 February lacks the SDR
    "imf_rms_mth_2026-03_REP.tsv": ("imf", "ok", "", 712),  # cells that are neither NA nor the dollar's
    "mas_2026-03.csv": ("mas", "ok", "", 462),
    "nbp_tableA_2026-03-01_2026-03-05.json": ("nbp", "ok", "", 128),
    "open_er-api_latest_EUR_2024-08-06_trimmed.json": ("open_er_api", "ok", "", 16),
    "openexchangerates_error_historical.json": ("open_exchange_rates", "nothing_there", "no_rates", 0),
    "openexchangerates_error_invalid_app_id.json": ("open_exchange_rates", "refused", "login", 0),
    "openexchangerates_latest.json": ("open_exchange_rates", "ok", "", 165),
}
"""Source, outcome, reason and number of rates of every other recorded answer that a source of ours claims.

The base against itself is no rate and not counted.
"""
UNSUPPORTED = {"bnb_html_error_page.html"}
"""A page without data at the front address of a bank that gives no rate of the Hong Kong dollar that others lack."""

GIVEN = {
    "amcm_2026-05-18_2026-05-22.json": (
        ("HKD", "MOP", "2026-05-22", "1.03"), ("USD", "MOP", "2026-05-18", "8.0643"),
        ("CNY", "MOP", "2026-05-20", "1.1838"), ("EUR", "MOP", "2026-05-19", "9.3919"),
    ),
    "boc_canada_fx_rates_daily_2026-03-12.json": (
        ("USD", "CAD", "2026-03-18", "1.3706"), ("HKD", "CAD", "2026-03-12", "0.1740"),
        ("CNY", "CAD", "2026-03-13", "0.1989"), ("EUR", "CAD", "2026-03-17", "1.5798"),
    ),
    "boe_iadb_2026-03-17_2026-03-20.csv": (
        ("GBP", "USD", "2026-03-17", "1.3343"), ("GBP", "HKD", "2026-03-18", "10.4398"),
        ("GBP", "CNY", "2026-03-19", "9.2163"), ("GBP", "EUR", "2026-03-20", "1.1523"),
    ),
    "currencylayer_historical.json": (
        ("USD", "HKD", "2015-05-05", "7.75158"), ("USD", "CNY", "2015-05-05", "6.185728"),
        ("USD", "EUR", "2015-05-05", "0.894203"),
    ),
    "exchangeratehost_historical_legacy.json": (
        ("EUR", "USD", "2000-01-03", "1.009"), ("EUR", "HKD", "2000-01-03", "7.8624"),
    ),
    "exchangeratehost_latest_legacy.json": (
        ("EUR", "HKD", "2022-04-29", "8.25791"), ("EUR", "CNY", "2022-04-29", "6.963063"),
    ),
    "fixer_latest.json": (
        ("EUR", "HKD", "2016-08-26", "8.7555"), ("EUR", "CNY", "2016-08-26", "7.5318"),
        ("EUR", "USD", "2016-08-26", "1.129"),
    ),
    "frankfurter_v1_latest_EUR_HUF_USD_2026-09-08.json": (("EUR", "USD", "2026-09-08", "1.1614"),),
    "frankfurter_v1_latest_EUR_USD_2025-05-16.json": (("EUR", "USD", "2025-05-16", "1.1194"),),
    "fred_DEXCHUS_from_2026-03-01.json": (
        ("USD", "CNY", "2026-03-02", "6.8821"), ("USD", "CNY", "2026-03-13", "6.8961"),
    ),
    "fred_DEXHKUS_from_2026-03-01.json": (
        ("USD", "HKD", "2026-03-02", "7.8219"), ("USD", "HKD", "2026-03-06", "7.821"),
    ),
    "fred_DEXUSEU_from_2026-03-01.json": (
        ("EUR", "USD", "2026-03-02", "1.169"), ("EUR", "USD", "2026-03-13", "1.1444"),
    ),
    "hkma_er-eeri-daily_2026-02-25_2026-02-28.json": (
        ("USD", "HKD", "2026-02-28", "7.8245"), ("CNY", "HKD", "2026-02-28", "1.14015"),
        ("EUR", "HKD", "2026-02-27", "9.236"), ("USD", "HKD", "2026-02-25", "7.822"),
    ),
    "imf_rms_mth_2026-03_REP.tsv": (
        ("USD", "CNY", "2026-03-02", "6.8829"), ("USD", "CNY", "2026-03-31", "6.9067"),
        ("EUR", "USD", "2026-03-16", "1.1478"), ("EUR", "USD", "2026-03-17", "1.1531"),
    ),
    "mas_2026-03.csv": (
        ("HKD", "SGD", "2026-03-02", "0.1620"), ("CNY", "SGD", "2026-03-31", "0.1869"),
        ("USD", "SGD", "2026-03-09", "1.2833"), ("EUR", "SGD", "2026-03-16", "1.4670"),
    ),
    "nbp_tableA_2026-03-01_2026-03-05.json": (
        ("USD", "PLN", "2026-03-02", "3.6056"), ("HKD", "PLN", "2026-03-03", "0.4715"),
        ("EUR", "PLN", "2026-03-04", "4.2685"), ("CNY", "PLN", "2026-03-05", "0.5334"),
    ),
    "open_er-api_latest_EUR_2024-08-06_trimmed.json": (
        ("EUR", "HKD", "2024-08-06", "8.529653"), ("EUR", "USD", "2024-08-06", "1.095182"),
    ),
    "openexchangerates_latest.json": (
        ("USD", "HKD", "2014-05-10", "7.751676"), ("USD", "EUR", "2014-05-10", "0.726804"),
    ),
}  # fmt: skip
"""Rates as they stand in the bytes: base, quote, day, units of quote for one of base."""

PUBLIC = {
    "open_er-api_latest_EUR_2024-08-06_trimmed.json": datetime(2024, 8, 6, 0, 2, 31, tzinfo=UTC),
    "currencylayer_historical.json": datetime(2015, 5, 5, 23, 59, 59, tzinfo=UTC),
    "openexchangerates_latest.json": datetime(2014, 5, 10, 19, 0, 50, tzinfo=UTC),
    "frankfurter_v1_latest_EUR_USD_2025-05-16.json": datetime(2025, 5, 16, 14, tzinfo=UTC),
    "nbp_tableA_2026-03-01_2026-03-05.json": datetime(2026, 3, 2, 11, 15, tzinfo=UTC),
}
"""When the first day's rates were public: as the source says, or by its rule."""

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


def read_of_others(name: str) -> tuple[Snapshot, Answer]:
    (row,) = [one for one in _index() if one["file"] == name]
    snapshot = _snapshot(row)
    return snapshot, read_snapshot(BY_ID[OTHERS[name][0]], snapshot)


def _other_rows(name: str) -> list[dict[str, Any]]:
    snapshot, answer = read_of_others(name)
    tidy = tidy_given_rates([Read(snapshot, answer.reading.records)], WatchList())
    rows: list[dict[str, Any]] = tidy.rows["core.fx_rates_by_source"].to_pylist()
    return rows


def test_every_body_has_a_stated_outcome() -> None:
    stated = [*EXPECTED, *OTHERS, *UNSUPPORTED]
    assert sorted(stated) == sorted(row["file"] for row in _index())
    assert len(stated) - len(UNSUPPORTED) >= 0.95 * len(stated)
    found = {row["file"]: claimant(_url(row)) for row in _index()}
    claimed = {name: one.source.id for name, one in found.items() if one and one.source.kind == "fx"}
    assert claimed == dict.fromkeys(EXPECTED, "ecb_rates") | {name: row[0] for name, row in OTHERS.items()}


@pytest.mark.parametrize("name", OTHERS)
def test_every_other_body_is_data_or_says_why_not(name: str) -> None:
    _, answer = read_of_others(name)
    count = sum(record.table.num_rows for record in answer.reading.records)
    _, outcome, reason, rates = OTHERS[name]
    assert (answer.outcome, answer.reason, count) == (Outcome(outcome), reason, rates)
    assert answer.reading.drift == ()


@pytest.mark.parametrize("name", GIVEN)
def test_rates_are_those_of_the_bytes_in_their_direction(name: str) -> None:
    assert rates_like_given(name) == [(base, quote, day, Decimal(rate)) for base, quote, day, rate in GIVEN[name]]


def rates_like_given(name: str) -> list[tuple[str, str, str, Decimal | None]]:
    """Give what was read of the pairs and days that were taken by hand."""
    rows = {
        (row["base_currency"], row["quote_currency"], str(row["rate_date"])): row["rate"]
        for row in _other_rows(name)
        if not row["is_derived"]
    }
    return [(base, quote, day, rows.get((base, quote, day))) for base, quote, day, _ in GIVEN[name]]


def test_every_body_with_data_has_figures_taken_by_hand() -> None:
    data = {name for name, (_, outcome, _, _) in OTHERS.items() if outcome == "ok"}
    assert data - GIVEN.keys() == {"alphavantage_fx_daily_EURAUD_partial.json"}


def test_a_pair_that_nobody_needs_is_read_and_set_aside() -> None:
    snapshot, answer = read_of_others("alphavantage_fx_daily_EURAUD_partial.json")
    table = answer.reading.records[0].table
    assert table.slice(0, 1).to_pylist() == [
        {"time": date(2021, 1, 11), "base": "EUR", "quote": "AUD", "rate": Decimal("1.57823")}
    ]
    tidy = tidy_given_rates([Read(snapshot, answer.reading.records)], WatchList())
    assert [one.reason for one in tidy.set_aside] == ["not_followed"]
    assert tidy.rows["core.fx_rates_by_source"].num_rows == 0


@pytest.mark.parametrize("name", PUBLIC)
def test_rates_were_public_when_the_source_says(name: str) -> None:
    assert min(row["available_at"] for row in _other_rows(name)) == PUBLIC[name]


@pytest.mark.parametrize("name", GIVEN)
def test_the_peg_shows_in_every_source_of_its_years(name: str) -> None:
    pegged = [
        row["rate"]
        for row in _other_rows(name)
        if (row["base_currency"], row["quote_currency"]) == ("USD", "HKD") and row["rate_date"] >= date(2005, 5, 18)
    ]
    assert all(Decimal("7.745") <= rate <= Decimal("7.855") for rate in pegged)


def test_the_ecb_confirms_the_others_of_the_same_day() -> None:
    ecb = _rates("ecb_eurofxref-hist_2026-04.zip")
    far = [
        (name, row["base_currency"], row["quote_currency"], row["rate_date"], row["rate"], known["rate"])
        for name in GIVEN
        for row in _other_rows(name)
        if (known := ecb.get((row["base_currency"], row["quote_currency"], row["rate_date"])))
        and abs(row["rate"] / known["rate"] - 1) > Decimal("0.015")
    ]
    assert far == []


def read_of_ecb(name: str) -> tuple[Snapshot, Answer]:
    (row,) = [one for one in _index() if one["file"] == name]
    snapshot = _snapshot(row)
    return snapshot, read_snapshot(ECB, snapshot)


def _rates(name: str) -> dict[tuple[str, str, date], dict[str, Any]]:
    snapshot, answer = read_of_ecb(name)
    rows = tidy_ecb_rates([Read(snapshot, answer.reading.records)], WatchList()).rows["core.fx_rates_by_source"]
    return {(row["base_currency"], row["quote_currency"], row["rate_date"]): row for row in rows.to_pylist()}


def test_every_answer_of_the_ecb_is_ours_and_no_other() -> None:
    assert {row["file"] for row in _index() if ecb_rates.matches(_url(row))} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_reads_as_expected_without_anything_unknown(name: str) -> None:
    _, answer = read_of_ecb(name)
    count = sum(record.table.num_rows for record in answer.reading.records)
    assert (answer.outcome, count, answer.reading.drift) == (Outcome(EXPECTED[name][0]), EXPECTED[name][1], ())


def test_the_whole_history_has_every_day() -> None:
    _, answer = read_of_ecb("ecb_eurofxref-hist_2026-04.zip")
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
