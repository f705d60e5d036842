"""What the views answer over rows whose answers were worked out by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests import small_warehouse as small
from warehouse.database import Warehouse
from warehouse.tables.marts import VIEWS
from warehouse.tables.table import View


@pytest.fixture(scope="module")
def filled() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        yield small.fill(warehouse)


@pytest.fixture(scope="module")
def untouched() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        yield warehouse


@pytest.fixture
def empty() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        yield warehouse


def one(warehouse: Warehouse, sql: str) -> dict[str, Any]:
    rows = warehouse.frame(sql).to_pylist()
    assert len(rows) == 1
    return rows[0]


def day_of(warehouse: Warehouse, company: str, day: str) -> dict[str, Any]:
    return one(warehouse, f"FROM mart.company_daily WHERE company_id = '{company}' AND trade_date = '{day}'")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_has_the_columns_and_types_that_it_is_documented_with(untouched: Warehouse, view: View) -> None:
    found = untouched.connection.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE schema_name || '.' || table_name = ? "
        "ORDER BY column_index",
        [view.name],
    ).fetchall()
    shown = {"TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE"}
    assert [(name, kind) for name, kind, _ in found] == [
        (column.name, shown.get(column.kind.value, column.kind.value)) for column in view.columns
    ]
    assert all(comment for _, _, comment in found)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_over_an_empty_warehouse_is_empty(untouched: Warehouse, view: View) -> None:
    assert untouched.frame(f"FROM {view.name}").num_rows == 0


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_mandatory_column_of_a_view_is_never_empty(filled: Warehouse, view: View) -> None:
    rows = filled.frame(f"FROM {view.name}")
    assert rows.num_rows or view.name in ("ops.disagreements", "raw.citations")
    assert [c.name for c in view.columns if not c.optional and rows.column(c.name).null_count] == []


def test_a_market_value_counts_every_class_and_three_currencies(filled: Warehouse) -> None:
    row = day_of(filled, "xiaomi", "2025-03-18")
    assert (row["share_count"], row["shares_basis"]) == (25_000_000_000, "sum of A + B")
    assert row["shares_as_of_date"] == date(2025, 2, 28)
    assert row["market_value"] == pytest.approx(55.2 * 25e9)
    assert row["market_value_hkd"] == pytest.approx(55.2 * 25e9)
    assert row["market_value_usd"] == pytest.approx(55.2 * 25e9 * 0.128)
    assert row["market_value_cny"] == pytest.approx(55.2 * 25e9 * 0.93)
    assert float(row["close_price_usd"]) == pytest.approx(55.2 * 0.128)


def test_a_rate_of_the_day_before_is_used_and_says_its_age(filled: Warehouse) -> None:
    row = day_of(filled, "xiaomi", "2025-03-18")
    assert (row["rate_date"], row["rate_age_days"]) == (date(2025, 3, 17), 1)


def test_an_old_rate_is_not_used(filled: Warehouse) -> None:
    row = day_of(filled, "xiaomi", "2025-01-02")
    assert row["close_price_usd"] is None and row["market_value_cny"] is None
    assert float(row["close_price_hkd"]) == 33.8


def test_an_ads_is_not_a_share(filled: Warehouse) -> None:
    assert day_of(filled, "li-auto", "2025-03-18")["market_value"] == pytest.approx(26.4 / 2 * 2e9)


def test_the_two_changes_of_the_year_are_apart(filled: Warehouse) -> None:
    row = day_of(filled, "xiaomi", "2025-03-18")
    assert row["change_since_last_close_of_year_before_pct"] == pytest.approx(100 * (55.2 / 34.5 - 1))
    assert row["change_since_first_open_of_year_pct"] == pytest.approx(100 * (55.2 / 34.5 - 1))
    assert day_of(filled, "xiaomi", "2024-12-31")["change_since_last_close_of_year_before_pct"] is None


def test_the_rank_is_among_the_members_of_that_day(filled: Warehouse) -> None:
    xiaomi, li_auto = (day_of(filled, name, "2025-03-18") for name in ("xiaomi", "li-auto"))
    # 09999 rose most but had left; 09988 is a member without a price.
    assert (xiaomi["rank_in_index"], xiaomi["members_priced"], xiaomi["members_total"]) == (1, 3, 4)
    assert li_auto["rank_in_index"] == 3
    assert day_of(filled, "xiaomi", "2025-01-02")["members_total"] == 4
    assert day_of(filled, "xiaomi", "2025-01-02")["members_priced"] == 1


def test_pe_knows_only_what_was_public_at_the_close(filled: Warehouse) -> None:
    before, after = (day_of(filled, "xiaomi", day) for day in ("2025-03-18", "2025-03-19"))
    assert before["profit_amount"] == 17_475_000_000
    assert before["pe"] == pytest.approx(55.2 * 25e9 * 0.93 / 17.475e9)
    assert after["pe"] == pytest.approx(57.96 * 25e9 * 0.93 / 23.658e9)
    assert (after["profit_basis"], after["profit_currency"]) == ("last fiscal year", "CNY")


def test_a_count_is_used_from_when_it_was_public(empty: Warehouse) -> None:
    """The count of the end of February comes out between two closes; until then the one before it holds."""
    small.fill(empty)
    small.load(empty, "core.daily_quotes_by_source", small.quote("XNAS:LI", "2025-03-19", "26"))
    for row in (
        small.shares("li-auto", "all", "2025-01-31", 3_000_000_000, available_at="2025-02-10 09:00"),
        small.shares("li-auto", "all", "2025-02-28", 4_000_000_000, available_at="2025-03-18 22:00"),
    ):
        small.load(empty, "core.shares_outstanding_by_source", row)
    before, after = (day_of(empty, "li-auto", day) for day in ("2025-03-18", "2025-03-19"))
    assert (before["share_count"], after["share_count"]) == (3_000_000_000, 4_000_000_000)
    assert [row["shares_available_at"] for row in (before, after)] == [
        small.utc("2025-02-10 09:00"),
        small.utc("2025-03-18 22:00"),
    ]
    assert before["pe"] == pytest.approx(26.4 / 2 * 3e9 * 7.25 / 8e9)


def test_before_a_first_count_was_public_there_is_a_value_and_no_multiple(empty: Warehouse) -> None:
    small.fill(empty)
    empty.connection.execute("DELETE FROM core.shares_outstanding WHERE company_id = 'li-auto'")
    empty.connection.execute("DELETE FROM core.shares_outstanding_by_source WHERE company_id = 'li-auto'")
    small.load(empty, "core.daily_quotes_by_source", small.quote("XNAS:LI", "2025-03-19", "26"))
    late = small.shares("li-auto", "all", "2025-02-28", 4_000_000_000, available_at="2025-03-18 22:00")
    small.load(empty, "core.shares_outstanding_by_source", late)
    before, after = (day_of(empty, "li-auto", day) for day in ("2025-03-18", "2025-03-19"))
    assert (before["share_count"], before["pe"], before["ps"]) == (4_000_000_000, None, None)
    assert before["shares_available_at"] > before["closed_at"]
    assert after["pe"] is not None and after["shares_available_at"] <= after["closed_at"]


def test_pe_takes_four_quarters_where_they_are_known(filled: Warehouse) -> None:
    row = day_of(filled, "li-auto", "2025-03-18")
    assert (row["profit_basis"], row["profit_amount"]) == ("last four quarters", 8_000_000_000)
    assert row["pe"] == pytest.approx(26.4e9 * 7.25 / 8e9)
    assert day_of(filled, "li-auto", "2024-12-31")["pe"] is None


def test_a_loss_has_no_pe(empty: Warehouse) -> None:
    small.fill(empty)
    loss = small.fact("xiaomi", "net_profit_attributable", "year", "2024-12-31", "-1", "2025-03-19 01:00")
    small.load(empty, "core.financial_facts_by_source", loss)
    row = day_of(empty, "xiaomi", "2025-03-19")
    assert (row["profit_amount"], row["pe"]) == (-1, None)


def test_followers_are_the_last_readings_of_two_days(filled: Warehouse) -> None:
    row = day_of(filled, "xiaomi", "2025-03-18")
    assert (row["follower_count"], row["follower_account_count"]) == (26_100_000, 2)
    assert day_of(filled, "xiaomi", "2025-01-02")["follower_count"] is None


def test_news_volume_counts_articles_and_the_stories_that_they_tell(filled: Warehouse) -> None:
    rows = filled.frame(
        "SELECT entity_kind, entity_id, date, article_count, story_count, outlet_count, biggest_story_id "
        "FROM mart.news_volume ORDER BY date, entity_kind"
    ).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("company", "xiaomi", date(2025, 3, 18), 2, 1, 1, "a2"),
        ("person", "lei-jun", date(2025, 3, 18), 1, 1, 1, "a2"),
        ("product", "su7", date(2025, 3, 18), 1, 1, 1, "a2"),
        ("company", "xiaomi", date(2025, 3, 19), 1, 1, 1, "a3"),
    ]


def test_articles_count_on_the_day_of_hong_kong(filled: Warehouse) -> None:
    row = day_of(filled, "xiaomi", "2025-03-18")
    counts = [row[f"article_count{which}"] for which in ("", "_itself", "_person", "_product")]
    assert counts == [2, 1, 1, 1]
    assert day_of(filled, "li-auto", "2025-03-18")["article_count"] == 0
    assert day_of(filled, "xiaomi", "2025-01-02")["article_count"] is None


def test_a_rival_is_one_whichever_way_it_was_said(filled: Warehouse) -> None:
    pairs = filled.frame("SELECT DISTINCT company_id, rival_id FROM mart.rival_daily ORDER BY ALL").to_pylist()
    assert pairs == [
        {"company_id": "li-auto", "rival_id": "xiaomi"},
        {"company_id": "xiaomi", "rival_id": "li-auto"},
    ]
    row = one(filled, "FROM mart.rival_daily WHERE company_id = 'xiaomi' AND trade_date = '2025-03-19'")
    assert row["rival_trade_date"] == date(2025, 3, 18)
    assert row["rival_market_value_usd"] == pytest.approx(26.4e9)
    assert row["company_market_value_usd"] == pytest.approx(57.96 * 25e9 * 0.128)


def test_a_split_restates_the_price_and_the_share_count(empty: Warehouse) -> None:
    small.fill(empty)
    split = {
        "security_id": "XHKG:01810",
        "ex_date": "2025-03-19",
        "kind": "split",
        "ratio_numerator": "2",
        "ratio_denominator": "1",
        "is_split_adjusted": False,
    }
    small.load(empty, "core.corporate_actions_by_source", split)
    before, after = (day_of(empty, "xiaomi", day) for day in ("2025-03-18", "2025-03-19"))
    assert before["market_value"] == pytest.approx(55.2 * 25e9)
    assert after["market_value"] == pytest.approx(57.96 * 50e9)
    assert before["change_since_last_close_of_year_before_pct"] == pytest.approx(60)
    assert after["change_since_last_close_of_year_before_pct"] == pytest.approx(100 * (57.96 / (34.5 / 2) - 1))
    row = one(
        empty,
        "FROM core.adjusted_daily_quotes WHERE security_id = 'XHKG:01810' AND trade_date = '2025-03-18'",
    )
    assert (float(row["close_price"]), float(row["adjusted_close_price"]), row["split_factor"]) == (55.2, 27.6, 2)


def test_a_price_that_the_source_has_restated_is_not_restated_twice(empty: Warehouse) -> None:
    split = {
        "kind": "split",
        "security_id": "XNAS:TSLA",
        "ratio_numerator": "3",
        "ratio_denominator": "1",
        "is_split_adjusted": False,
    }
    small.load(
        empty,
        "core.corporate_actions_by_source",
        {**split, "ex_date": "2022-08-25"},
        {**split, "ex_date": "2030-01-02", "ratio_numerator": "2"},
    )
    restated = {"price_basis": "split_adjusted", "basis_date": "2025-03-18"}
    small.load(empty, "core.daily_quotes_by_source", small.quote("XNAS:TSLA", "2022-08-24", "297.1", **restated))
    row = one(empty, "FROM core.adjusted_daily_quotes")
    assert (float(row["close_price"]), float(row["adjusted_close_price"])) == (891.3, 148.55)


def test_the_dense_rates_fill_gaps_with_their_age(filled: Warehouse) -> None:
    rows = filled.frame(
        "SELECT date, rate, age_days FROM core.fx_daily WHERE base_currency = 'USD' AND quote_currency = 'HKD' "
        "AND date IN ('2024-12-31', '2025-01-03', '2025-03-19', '2025-03-20') ORDER BY date"
    ).to_pylist()
    assert [(float(row["rate"]), row["age_days"]) for row in rows] == [(7.76, 0), (7.76, 3), (7.8, 2)]


def test_a_currency_is_worth_itself_every_day(filled: Warehouse) -> None:
    row = one(
        filled,
        "SELECT count(*) AS days, min(rate) AS least, max(rate) AS greatest, min(date) AS first, max(date) AS last "
        "FROM core.fx_daily WHERE base_currency = 'HKD' AND quote_currency = 'HKD'",
    )
    assert (row["days"], row["least"], row["greatest"]) == (79, 1, 1)
    assert (row["first"], row["last"]) == (date(2024, 12, 31), date(2025, 3, 19))


def test_follower_days_are_hong_kong_days_and_gaps_stay_gaps(filled: Warehouse) -> None:
    rows = filled.frame(
        "SELECT observed_date, value, age_hours FROM core.follower_daily WHERE account_id = 'weibo:1' ORDER BY 1"
    ).to_pylist()
    assert [(row["observed_date"].day, row["value"], row["age_hours"]) for row in rows] == [
        (17, 25_900_000, 7),
        (18, 26_000_000, 6),
        (19, 26_100_000, 23),
    ]
    days = filled.frame("SELECT observed_date FROM core.follower_daily WHERE account_id = 'weibo:2'")
    assert days.num_rows == 1


def test_a_quarter_stands_beside_the_same_one_a_year_before(filled: Warehouse) -> None:
    row = one(filled, "FROM mart.quarterly_results WHERE company_id = 'xiaomi' AND calendar_quarter = '2024Q4'")
    assert row["revenue_yoy_pct"] == pytest.approx(100 * (109.005 / 73.24 - 1))
    assert row["net_margin_pct"] == pytest.approx(100 * 8.995 / 109.005)
    assert row["net_profit_yoy_pct"] is None and row["gross_profit"] is None


def test_a_month_of_deliveries_says_how_exact_it_is(filled: Warehouse) -> None:
    rows = filled.frame(
        "SELECT company_id, delivery_count, qualifier, change_since_month_before_pct, change_since_year_before_pct "
        "FROM mart.monthly_deliveries WHERE month_date = '2025-02-01' ORDER BY delivery_count DESC"
    ).to_pylist()
    assert [(row["company_id"], row["delivery_count"], row["qualifier"]) for row in rows] == [
        ("xpeng", 30_453, "exact"),
        ("li-auto", 26_263, "exact"),
        ("xiaomi", 20_000, "over"),
    ]
    assert rows[1]["change_since_month_before_pct"] == pytest.approx(100 * (26_263 / 29_927 - 1))
    assert rows[1]["change_since_year_before_pct"] == pytest.approx(100 * (26_263 / 20_251 - 1))
    assert rows[0]["change_since_year_before_pct"] is None


def test_a_correction_is_one_change_with_both_versions(empty: Warehouse) -> None:
    small.fill(empty)
    corrected = small.quote("XHKG:01810", "2025-03-19", "57.95", "57")
    small.load(empty, "core.daily_quotes_by_source", corrected, at="2025-03-20 12:00")
    row = one(empty, "FROM ops.changes WHERE known_from >= TIMESTAMPTZ '2025-03-20 00:00:00+00'")
    assert (row["table_name"], row["change"], row["cause"]) == ("core.daily_quotes_by_source", "updated", "source")
    assert '"close_price":57.96' in row["old_json"] and '"close_price":57.95' in row["new_json"]
    assert row["old_snapshot_id"] != row["new_snapshot_id"]
    inserted = one(
        empty,
        "FROM ops.changes WHERE change = 'inserted' AND table_name = 'core.daily_quotes_by_source' "
        "AND row_key LIKE '%01810%2025-03-19%'",
    )
    assert '"close_price":57.96' in inserted["new_json"] and inserted["old_json"] is None


def test_sources_that_differ_beyond_tolerance_are_shown_with_both_snapshots(empty: Warehouse) -> None:
    day = "2025-03-18"
    small.load(
        empty,
        "core.daily_quotes_by_source",
        small.quote("XHKG:01810", day, "55.2", source_id="a"),
        small.quote("XHKG:01810", day, "55.9", source_id="b"),
        small.quote("XHKG:02015", day, "103.4", source_id="a"),
        small.quote("XHKG:02015", day, "103.45", source_id="b"),
    )
    row = one(empty, "FROM ops.disagreements")
    assert (row["least_source_id"], row["greatest_source_id"], row["reading_count"]) == ("a", "b", 2)
    assert (row["least_value"], row["greatest_value"], row["column_name"]) == (55.2, 55.9, "close_price")
    assert row["least_snapshot_id"] != row["greatest_snapshot_id"]
    assert '"security_id":"XHKG:01810"' in row["row_key"]


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a")])
def test_of_sources_that_say_the_same_the_same_one_is_named_whatever_came_first(
    empty: Warehouse, order: tuple[str, ...]
) -> None:
    prices = {"a": "55.2", "b": "55.2", "c": "55.9"}
    for source in order:
        small.load(
            empty,
            "core.daily_quotes_by_source",
            small.quote("XHKG:01810", "2025-03-18", prices[source], source_id=source),
        )
    row = one(empty, "FROM ops.disagreements")
    assert (row["least_source_id"], row["greatest_source_id"], row["reading_count"]) == ("a", "c", 3)


def growth_of(warehouse: Warehouse, account: str, day: str) -> dict[str, Any]:
    return one(warehouse, f"FROM mart.follower_growth WHERE account_id = '{account}' AND observed_date = '{day}'")


def test_followers_grow_from_one_exact_reading_to_the_next(filled: Warehouse) -> None:
    row = growth_of(filled, "weibo:1", "2025-03-18")
    assert (row["day_before_date"], row["change_day_low"], row["change_day_high"]) == (
        date(2025, 3, 17),
        100_000,
        100_000,
    )
    assert row["week_before_date"] is row["change_week_low"] is row["change_year_high"] is None
    assert (row["platform"], row["owner_kind"], row["owner_id"]) == ("weibo", "person", "lei-jun")


def test_rounded_readings_give_the_interval_of_their_growth(empty: Warehouse) -> None:
    def rounded(at: str, low: int, high: int | None, qualifier: str = "rounded") -> small.Row:
        return {**small.followers("weibo:1", at, low), "value_low": low, "value_high": high, "qualifier": qualifier}

    small.load(
        empty,
        "core.follower_counts",
        rounded("2024-03-10 10:00", 5_950_000, 6_050_000),
        rounded("2025-02-17 10:00", 35_950_000, 36_050_000),
        rounded("2025-03-11 10:00", 36_050_000, 36_150_000),
        rounded("2025-03-18 10:00", 36_950_000, 37_050_000),
        rounded("2025-03-25 10:00", 37_000_000, None, "at_least"),
    )
    row = growth_of(empty, "weibo:1", "2025-03-18")
    assert (row["change_week_low"], row["change_week_high"]) == (800_000, 1_000_000)
    assert (row["month_before_date"], row["change_month_low"]) == (date(2025, 2, 17), 900_000)
    assert (row["year_before_date"], row["change_year_low"]) == (date(2024, 3, 10), 30_900_000)
    assert row["day_before_date"] is None, "a gap stays a gap"
    bound = growth_of(empty, "weibo:1", "2025-03-25")
    assert (bound["change_week_low"], bound["change_week_high"]) == (-50_000, None)


def figures_of(warehouse: Warehouse, company: str) -> dict[tuple[str, str], dict[str, Any]]:
    rows = warehouse.frame(f"FROM mart.story_sheet WHERE company_id = '{company}'").to_pylist()
    return {(row["figure"], row["period_kind"]): row for row in rows}


def test_a_story_sheet_has_the_newest_of_each_figure(filled: Warehouse) -> None:
    sheet = figures_of(filled, "xiaomi")
    assert sheet["close_price", "day"]["value"] == pytest.approx(57.96)
    assert sheet["close_price", "day"]["as_of_date"] == date(2025, 3, 19)
    assert sheet["revenue", "quarter"]["value"] == pytest.approx(109.005e9)
    assert sheet["revenue:growth", "quarter"]["value"] == pytest.approx(100 * (109.005 / 73.24 - 1))
    assert sheet["net_profit_attributable", "year"]["as_of_date"] == date(2024, 12, 31)
    assert (sheet["deliveries", "month"]["value"], sheet["deliveries", "month"]["value_low"]) == (20_000, 20_000)
    assert sheet["followers:weibo:1", "instant"]["value"] == 26_100_000
    assert sheet["followers:bilibili:3", "instant"]["company_id"] == "xiaomi"


def test_the_evidence_of_a_story_sheet_names_rows_that_are_there(filled: Warehouse) -> None:
    for row in filled.frame("FROM mart.story_sheet").to_pylist():
        table, _, key = row["evidence"].partition(" ")
        where = " AND ".join(
            f"{name} = '{value}'" for name, _, value in (part.partition("=") for part in key.split(","))
        )
        assert filled.frame(f"FROM {table} WHERE {where}").num_rows >= 1, row["evidence"]
