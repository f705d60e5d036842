"""The sample archive: built the same each time, read whole, and true to the figures that it carries."""

import gzip
from datetime import UTC
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

import pyarrow.compute as pc
import pytest

from extractors.errors import Outcome
from extractors.quotes.member_lines import with_members
from extractors.reader import Answer, read_snapshot
from extractors.reading import Read
from extractors.registry import claimant
from extractors.settings import Limits
from extractors.snapshot import Snapshot
from extractors.warc_answers import is_own
from extractors.warc_frames import frames
from extractors.warc_reading import read_archive
from extractors.watchlist import WatchList, parse_watchlist, read_watchlist
from extractors.watchlist_file import URI
from samples.build import ARCHIVE, ROOT, build
from samples.origin import Unknown, answer
from samples.published import FIGURES, rows_of
from samples.stories import stories
from transforms.registry import transform_of
from transforms.tidy import Tidy


@cache
def records() -> tuple[Snapshot, ...]:
    found = tuple(read_archive(ARCHIVE, arrival=None))
    assert all(isinstance(one, Snapshot) for one in found)
    return tuple(one for one in found if isinstance(one, Snapshot))


@cache
def watchlist() -> WatchList:
    (kept,) = [one for one in records() if one.url == URI]
    return parse_watchlist(kept.body.decode())


def answers(source_id: str) -> list[tuple[Snapshot, Answer]]:
    claimed = ((one, claimant(one.url)) for one in records())
    return [(one, read_snapshot(by, one)) for one, by in claimed if by is not None and by.source.id == source_id]


@cache
def tidied(source_id: str) -> Tidy:
    reads = [Read(one, made.reading.records) for one, made in answers(source_id) if made.outcome is Outcome.OK]
    return transform_of(source_id)(reads, with_members(watchlist()))


def row(source_id: str, table: str, **key: object) -> dict[str, object]:
    data = tidied(source_id).rows[table]
    (found,) = [one for one in data.to_pylist() if all(str(one[name]) == value for name, value in key.items())]
    return dict(found)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build twice, in folders of their own, since the file says its name."""
    paths = [tmp_path_factory.mktemp("built") / ARCHIVE.name for _ in range(2)]
    for path in paths:
        build(path)
    return [path.read_bytes() for path in paths]


def test_the_same_inputs_give_the_same_bytes(built):
    assert built[0] == built[1]


def test_the_archive_that_ships_is_the_one_that_is_built(built):
    # Unpacked, since compressors differ between systems.
    assert gzip.decompress(built[0]) == gzip.decompress(ARCHIVE.read_bytes()), "run python -m samples.build"


def test_the_archive_is_small_and_our_own():
    assert ARCHIVE.stat().st_size < 400_000
    assert is_own(ARCHIVE)


def test_the_archive_says_what_is_written_and_what_is_published():
    first = next(frames(ARCHIVE, limit=Limits().body_bytes))
    said = first.block.decode()
    assert "texts of feeds and articles are written for this project" in said
    assert "figures are published ones" in said


def test_the_watch_list_in_it_is_the_one_that_ships():
    assert watchlist().text == read_watchlist(ROOT / "watchlist.toml").text


def test_every_record_is_claimed_and_is_data_or_a_clear_no():
    for one in records():
        by = claimant(one.url)
        assert by is not None, one.url
        made = read_snapshot(by, one)
        assert made.outcome in (Outcome.OK, Outcome.NOTHING_THERE), made.message
        assert not made.reading.drift, (one.url, made.reading.drift)


def test_only_lines_without_any_figure_answer_nothing():
    with_bars = {bar["security"] for bar in rows_of("bars")}
    for line in watchlist().securities:
        outcomes = {
            made.outcome
            for one, made in answers("tencent_daily")
            if f"param={line.tencent_daily or line.tencent}," in one.url
        }
        assert (Outcome.OK in outcomes) == (line.yahoo in with_bars), line.id


def test_the_table_refuses_what_it_does_not_know():
    with pytest.raises(Unknown, match="example"):
        answer("https://example.com/", watchlist())


def test_xiaomi_opened_the_year_at_15_60_and_closed_at_34_45_on_30_december():
    first = row("tencent_daily", "core.daily_quotes_by_source", security_id="XHKG:01810", trade_date="2024-01-02")
    last = row("tencent_daily", "core.daily_quotes_by_source", security_id="XHKG:01810", trade_date="2024-12-30")
    assert (first["open_price"], last["close_price"]) == (Decimal("15.60"), Decimal("34.45"))
    assert (last["volume"], last["currency"], last["is_final"]) == (156_035_423, "HKD", True)


def test_every_bar_of_the_figures_comes_out_final():
    quotes = tidied("tencent_daily").rows["core.daily_quotes_by_source"]
    assert quotes.num_rows == len(rows_of("bars"))
    assert pc.all(quotes["is_final"]).as_py()


def test_the_bars_are_possible():
    for bar in rows_of("bars"):
        low, high = Decimal(bar["low"]), Decimal(bar["high"])
        assert low <= Decimal(bar["open"]) <= high and low <= Decimal(bar["close"]) <= high, bar


def test_the_last_price_agrees_with_the_bar_and_carries_the_shares_of_both_classes():
    last = row("tencent_realtime", "core.daily_quotes_by_source", security_id="XHKG:01810")
    assert (str(last["trade_date"]), last["close_price"], last["is_final"]) == ("2024-12-30", Decimal("34.45"), True)
    for share_class, count in (("all", 24_967_517_012), ("B", 20_450_006_878)):
        shares = row(
            "tencent_realtime", "core.shares_outstanding_by_source", company_id="xiaomi", share_class=share_class
        )
        assert shares["share_count"] == count
    assert (
        row("tencent_realtime", "core.shares_outstanding_by_source", company_id="byd")["share_count"] == 2_909_265_855
    )


def test_the_euro_rates_of_the_last_day_of_2024():
    for currency, rate in (("USD", "1.0389"), ("HKD", "8.0686"), ("CNY", "7.5833")):
        found = row(
            "ecb_rates",
            "core.fx_rates_by_source",
            base_currency="EUR",
            quote_currency=currency,
            rate_date="2024-12-31",
        )
        assert found["rate"] == Decimal(rate)


def test_the_third_quarter_of_tesla_and_the_year_of_li_auto():
    for company, kind, end, value in (
        ("tesla", "quarter", "2024-09-30", "25182000000"),
        ("li-auto", "year", "2023-12-31", "123851332000"),
    ):
        fact = row(
            "sec_companyfacts",
            "core.financial_facts_by_source",
            company_id=company,
            metric="revenue",
            period_kind=kind,
            period_end_date=end,
            currency="USD" if company == "tesla" else "CNY",
        )
        assert fact["value"] == Decimal(value)


def test_nothing_from_after_the_recording_is_in_it():
    for row_ in (*rows_of("sec_facts"), *rows_of("sec_filings")):
        assert (row_.get("filed") or row_["filingDate"]) <= "2025-01-10"
    assert all(f"{one.published:%Y-%m-%d}" <= "2025-01-10" for one in stories())


def test_every_story_is_read_from_its_page_as_it_was_written():
    told = {one.address: one for one in stories()}
    outlets = {one.id: one for one in watchlist().feeds}
    read = {one.url.partition("?")[0]: made.reading.records[0] for one, made in answers("news_articles")}
    assert read.keys() == told.keys()
    for address, story in told.items():
        page = read[address]
        assert page.title == story.title
        assert all(one in page.body for one in story.paragraphs), address
        home = ZoneInfo(outlets[story.feed].time_zone)
        assert page.published.instant(home) == story.published.astimezone(UTC), address
        assert page.authors in (("Dragongate Sample",), ("示例",), ()), address


def test_a_feed_and_its_pages_tell_of_the_same_articles():
    table = "core.articles_by_source"
    of_feeds, of_pages = (tidied(source_id).rows[table] for source_id in ("news_feeds", "news_articles"))
    assert set(of_feeds["article_id"].to_pylist()) == set(of_pages["article_id"].to_pylist())
    assert of_pages.num_rows == len(stories())


def test_every_figure_has_an_origin_and_no_path_of_a_machine():
    for path in sorted(FIGURES.glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        assert "/tmp" not in text and "corpus" not in text and "/home" not in text
        if path.stem != "euro_rates":
            column = "source" if path.stem == "followers_import" else "origin"
            assert all(one[column] for one in rows_of(path.stem)), path.name
