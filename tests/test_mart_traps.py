"""What sets traps to marts: calendars, closures, share classes, restatements, edits. Answers worked out by hand."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests import small_warehouse as small
from tests.small_warehouse import account, fact, followers, fx, member, quote, relation, security
from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME

XIAOMI = "XHKG:01810"


@pytest.fixture(scope="module")
def opened() -> Iterator[Warehouse]:
    with Warehouse.open_memory() as warehouse:
        yield small.fill(warehouse)


@pytest.fixture
def warehouse(opened: Warehouse) -> Iterator[Warehouse]:
    """Give the small warehouse; what a test adds is taken back."""
    before = opened.connection.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('core', 'history')"
    ).fetchall()
    for (name,) in before:
        opened.connection.execute(f'CREATE OR REPLACE TEMP TABLE "kept {name}" AS FROM {name}')
    yield opened
    for (name,) in before:
        opened.connection.execute(f'DELETE FROM {name}; INSERT INTO {name} FROM temp."kept {name}"')


def one(warehouse: Warehouse, sql: str) -> dict[str, Any]:
    (row,) = warehouse.frame(sql).to_pylist()
    return dict(row)


def day_of(warehouse: Warehouse, company: str, day: str, mart: str = "company_daily") -> dict[str, Any]:
    return one(warehouse, f"FROM mart.{mart} WHERE company_id = '{company}' AND trade_date = '{day}'")


def quotes(warehouse: Warehouse, *rows: small.Row) -> None:
    small.load(warehouse, "core.daily_quotes_by_source", *rows)


def facts(warehouse: Warehouse, *rows: small.Row) -> None:
    small.load(warehouse, "core.financial_facts_by_source", *rows)


def test_results_of_the_afternoon_of_a_half_day_are_not_known_at_its_close(warehouse: Warehouse) -> None:
    """The session of 24 December is over at 12:10 in Hong Kong, 04:10 in UTC; results come at one."""
    quotes(warehouse, quote(XIAOMI, "2024-12-24", "33", available_at="2024-12-24 04:10"))
    small.load(warehouse, "core.fx_rates_by_source", fx("HKD", "CNY", "2024-12-24", "0.94"))
    facts(warehouse, fact("xiaomi", "net_profit_attributable", "year", "2024-11-30", "1", "2024-12-24 05:00"))
    assert day_of(warehouse, "xiaomi", "2024-12-24")["profit_amount"] == 17_475_000_000


def test_a_fiscal_year_to_march_is_rolled_on_by_its_own_quarters(warehouse: Warehouse) -> None:
    def profit(kind: str, first: str, last: str, value: str, public: str) -> small.Row:
        whole = fact("xpeng", "net_profit_attributable", "quarter", "2024-03-31", value, public, currency="USD")
        return {**whole, "period_kind": kind, "period_start_date": first, "period_end_date": last}

    small.load(warehouse, "core.securities", security("XNYS:XPEV", "xpeng", is_primary=True))
    small.load(warehouse, "core.shares_outstanding_by_source", small.shares("xpeng", "all", "2024-06-30", 1_000))
    quotes(warehouse, quote("XNYS:XPEV", "2024-08-15", "3"))
    facts(
        warehouse,
        profit("year", "2023-04-01", "2024-03-31", "100", "2024-05-20 09:00"),
        profit("quarter", "2023-04-01", "2023-06-30", "10", "2024-05-20 09:00"),
        profit("quarter", "2024-04-01", "2024-06-30", "60", "2024-08-14 09:00"),
        # A year of the calendar that nobody of this company has.
        profit("half", "2024-01-01", "2024-06-30", "999", "2024-08-14 09:00"),
    )
    row = day_of(warehouse, "xpeng", "2024-08-15")
    assert row["profit_amount"] == 100 - 10 + 60
    assert row["profit_period_end_date"] == date(2024, 6, 30)
    assert row["pe"] == pytest.approx(3 * 1_000 / 150)


def test_a_count_of_all_shares_wins_over_one_class_beside_it(warehouse: Warehouse) -> None:
    """The listed class alone is a part of the count of all, however new it is."""
    small.load(
        warehouse,
        "core.shares_outstanding_by_source",
        small.shares("li-auto", "A", "2025-02-28", 1_700_000_000),
    )
    row = day_of(warehouse, "li-auto", "2025-03-18")
    assert (row["share_count"], row["shares_basis"]) == (2_000_000_000, "all")
    assert row["market_value"] == pytest.approx(26.4 / 2 * 2e9)


def test_a_company_that_came_to_the_market_within_the_year_has_a_change_but_no_rank(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.index_members", member("XHKG:09868", "2025-03-10"))
    quotes(warehouse, quote("XHKG:09868", "2025-03-03", "50"), quote("XHKG:09868", "2025-03-18", "100"))
    row = day_of(warehouse, "xiaomi", "2025-03-18")
    assert (row["rank_in_index"], row["members_priced"], row["members_total"]) == (1, 3, 5)


def test_a_member_is_ranked_by_the_whole_year_from_the_day_on_which_it_enters(warehouse: Warehouse) -> None:
    quotes(warehouse, quote("XHKG:02015", "2025-03-07", "103"), quote("XHKG:02015", "2025-03-10", "188"))
    quotes(warehouse, quote(XIAOMI, "2025-03-07", "51"), quote(XIAOMI, "2025-03-10", "52"))
    quotes(warehouse, quote("XNAS:LI", "2025-03-07", "26"), quote("XNAS:LI", "2025-03-10", "26"))
    before, after = (day_of(warehouse, "li-auto", day) for day in ("2025-03-07", "2025-03-10"))
    # It has doubled since December, and it is its line in the index that counts.
    assert (before["rank_in_index"], after["rank_in_index"]) == (None, 1)
    assert day_of(warehouse, "xiaomi", "2025-03-10")["rank_in_index"] == 2


def test_a_suspended_line_has_no_row_no_rank_and_afterwards_its_change(warehouse: Warehouse) -> None:
    """Trading of Xiaomi stops for a day; what is compared with is the close of December all the same."""
    quotes(warehouse, quote("XHKG:00700", "2025-03-20", "510"), quote("XHKG:02015", "2025-03-20", "104"))
    quotes(warehouse, quote(XIAOMI, "2025-03-21", "69"), quote("XNAS:LI", "2025-03-20", "26"))
    days = warehouse.frame("SELECT trade_date FROM mart.company_daily WHERE company_id = 'xiaomi'").column(0)
    assert date(2025, 3, 20) not in days.to_pylist()
    assert day_of(warehouse, "li-auto", "2025-03-20")["members_priced"] == 2
    assert day_of(warehouse, "xiaomi", "2025-03-21")["change_since_last_close_of_year_before_pct"] == pytest.approx(100)


def test_a_line_suspended_over_the_turn_of_the_year_has_no_change_rather_than_a_wrong_one(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.securities", security("XHKG:09868", "xpeng", is_primary=True))
    quotes(warehouse, quote("XHKG:09868", "2024-12-09", "50"), quote("XHKG:09868", "2025-01-20", "60", "55"))
    row = day_of(warehouse, "xpeng", "2025-01-20")
    assert row["change_since_last_close_of_year_before_pct"] is None
    assert row["change_since_first_open_of_year_pct"] is None


def test_the_index_stands_beside_the_change(warehouse: Warehouse) -> None:
    index = ("XHKG:HSTECH", {"price_basis": "as_traded"})
    quotes(
        warehouse,
        quote(index[0], "2024-12-31", "4468", **index[1]),
        quote(index[0], "2025-03-18", "5808.4", **index[1]),
    )
    row = day_of(warehouse, "xiaomi", "2025-03-18")
    assert row["index_change_since_last_close_of_year_before_pct"] == pytest.approx(30)
    assert row["change_against_index_pct_points"] == pytest.approx(60 - 30)
    assert day_of(warehouse, "xiaomi", "2025-03-19")["index_change_since_last_close_of_year_before_pct"] is None


def test_a_dividend_is_put_back_on_its_ex_date(warehouse: Warehouse) -> None:
    paid = {"kind": "dividend", "security_id": XIAOMI, "amount_per_unit": "5.52", "currency": "HKD"}
    paid |= {"is_split_adjusted": False, "ex_date": "2025-03-19"}
    small.load(warehouse, "core.corporate_actions_by_source", paid)
    before, after = (day_of(warehouse, "xiaomi", day) for day in ("2025-03-18", "2025-03-19"))
    name = "total_return_since_last_close_of_year_before_pct"
    assert before[name] == pytest.approx(60)
    # A tenth of the close before was paid out: what is kept of 34.50 is 31.05.
    assert after[name] == pytest.approx(100 * (57.96 / (34.5 * 0.9) - 1))
    assert after["change_since_last_close_of_year_before_pct"] == pytest.approx(68)


def test_two_accounts_of_one_person_are_two_and_each_counts_its_last_reading(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.accounts", account("douyin:4", "person", "lei-jun"))
    rounded = {"value_low": 35_500_000, "value_high": 36_499_999, "qualifier": "rounded"}
    small.load(
        warehouse,
        "core.follower_counts",
        {**followers("douyin:4", "2025-03-18 02:00", 36_000_000), **rounded},
    )
    row = day_of(warehouse, "xiaomi", "2025-03-18")
    assert (row["follower_count"], row["follower_account_count"]) == (26_100_000 + 36_000_000, 3)


def test_a_platform_without_a_reading_is_left_out_and_the_number_of_accounts_says_so(warehouse: Warehouse) -> None:
    row = day_of(warehouse, "xiaomi", "2025-03-19")
    assert (row["follower_count"], row["follower_account_count"]) == (26_100_000, 1)


def test_followers_of_an_executive_count_while_he_is_one(warehouse: Warehouse) -> None:
    small.load(warehouse, "core.people", {"person_id": "lu-weibing", "name": "Lu Weibing"})
    post = {**relation("lu-weibing", "executive_of", "xiaomi"), "valid_from_date": "2025-03-19"}
    small.load(warehouse, "core.relations", post)
    small.load(warehouse, "core.accounts", account("weibo:9", "person", "lu-weibing"))
    small.load(warehouse, "core.follower_counts", followers("weibo:9", "2025-03-18 10:00", 7))
    counts = [day_of(warehouse, "xiaomi", day)["follower_account_count"] for day in ("2025-03-18", "2025-03-19")]
    assert counts == [2, 2]


def test_whose_account_it_is_depends_on_what_its_owner_is(warehouse: Warehouse) -> None:
    """A brand of one company may bear the name by which we call another."""
    small.load(warehouse, "core.accounts", account("weibo:8", "product", "xiaomi"))
    small.load(warehouse, "core.follower_counts", followers("weibo:8", "2025-03-18 10:00", 5))
    assert day_of(warehouse, "xiaomi", "2025-03-18")["follower_account_count"] == 2


def test_an_article_without_a_time_counts_on_the_day_of_its_first_sight_in_every_mart(warehouse: Warehouse) -> None:
    undated = {**small.article("a4", "2025-03-18 02:00"), "published_at": None}
    small.load(warehouse, "core.articles_by_source", undated)
    _tell(warehouse, small.link("a4", "xiaomi", "itself", "xiaomi"), small.telling("a4", "a4"))
    row = day_of(warehouse, "xiaomi", "2025-03-18")
    volume = one(warehouse, "FROM mart.news_volume WHERE entity_id = 'xiaomi' AND date = '2025-03-18'")
    assert (row["article_count"], row["story_count"]) == (3, 2)
    assert (volume["article_count"], volume["story_count"]) == (3, 2)


def test_tellings_of_one_story_are_one_story_of_a_day(warehouse: Warehouse) -> None:
    row = day_of(warehouse, "xiaomi", "2025-03-18")
    assert (row["article_count"], row["story_count"]) == (2, 1)


def _tell(warehouse: Warehouse, link: small.Row, telling: small.Row) -> None:
    for name, row in (("core.article_companies", link), ("core.story_articles", telling)):
        table = BY_NAME[name]
        there = warehouse.frame(f"SELECT {', '.join(column.name for column in table.columns)} FROM {name}").to_pylist()
        warehouse.derive(table, table.arrow([*there, row]), run_id="run-2", loaded_at=small.utc(small.LOADED_AT))


def test_a_rival_on_holiday_is_compared_by_its_last_session(warehouse: Warehouse) -> None:
    """Hong Kong rests from 29 to 31 January for the new year, New York does not."""
    quotes(warehouse, quote(XIAOMI, "2025-01-28", "40"), quote("XNAS:LI", "2025-01-28", "22"))
    quotes(warehouse, quote("XNAS:LI", "2025-01-30", "23"))
    row = one(warehouse, "FROM mart.rival_daily WHERE company_id = 'li-auto' AND trade_date = '2025-01-30'")
    assert (row["rival_id"], row["rival_trade_date"]) == ("xiaomi", date(2025, 1, 28))
    there = warehouse.frame("FROM mart.rival_daily WHERE company_id = 'xiaomi' AND trade_date = '2025-01-30'")
    assert there.num_rows == 0


def test_growth_is_held_against_the_year_before_as_it_was_restated(warehouse: Warehouse) -> None:
    facts(
        warehouse,
        fact("xiaomi", "revenue", "quarter", "2023-09-30", "100", "2023-11-20 09:00"),
        fact("xiaomi", "revenue", "quarter", "2023-09-30", "80", "2024-11-18 09:00"),
        fact("xiaomi", "revenue", "quarter", "2024-09-30", "120", "2024-11-18 09:00"),
    )
    question = "SELECT revenue_yoy_pct FROM {} WHERE company_id = 'xiaomi' AND calendar_quarter = '2024Q3'"
    assert one(warehouse, question.format("mart.quarterly_results"))["revenue_yoy_pct"] == pytest.approx(50)
    first = "SELECT revenue FROM mart_as_of.quarterly_results('2024-11-18T08:00:00Z') WHERE calendar_quarter = '2023Q3'"
    assert one(warehouse, first)["revenue"] == 100


def test_a_fourth_quarter_that_was_computed_says_so(warehouse: Warehouse) -> None:
    facts(
        warehouse,
        fact("xpeng", "revenue", "quarter", "2024-12-31", "16", "2025-03-18 09:00", is_derived=True),
        fact("xpeng", "revenue", "quarter", "2024-09-30", "10", "2024-11-18 09:00"),
    )
    rows = warehouse.frame(
        "SELECT is_derived, revenue_qoq_pct FROM mart.quarterly_results WHERE company_id = 'xpeng' ORDER BY 1"
    ).to_pylist()
    assert [tuple(row.values()) for row in rows] == [(False, None), (True, pytest.approx(60))]


def test_figures_in_two_currencies_are_two_rows(warehouse: Warehouse) -> None:
    facts(
        warehouse,
        fact("xpeng", "revenue", "quarter", "2024-09-30", "10", "2024-11-18 09:00"),
        fact("xpeng", "revenue", "quarter", "2023-09-30", "2", "2023-11-18 09:00", currency="USD"),
    )
    rows = warehouse.frame("SELECT currency, revenue_yoy_pct FROM mart.quarterly_results WHERE company_id = 'xpeng'")
    assert sorted(rows.column("currency").to_pylist()) == ["CNY", "USD"]
    assert rows.column("revenue_yoy_pct").to_pylist() == [None, None]


def test_a_month_that_is_missing_is_compared_with_nobody(warehouse: Warehouse) -> None:
    small.load(
        warehouse,
        "core.operating_kpis_by_source",
        small.deliveries("xpeng", "2024-12-31", 36_695, 36_695),
    )
    row = one(warehouse, "FROM mart.monthly_deliveries WHERE company_id = 'xpeng' AND month_date = '2025-02-01'")
    assert row["change_since_month_before_pct"] is None
    assert row["year_to_date_count"] is None


def test_of_figures_to_date_the_exact_one_stands(warehouse: Warehouse) -> None:
    def to_date(kind: str, count: int, qualifier: str) -> small.Row:
        row = small.deliveries("li-auto", "2025-02-28", count, count, qualifier)
        return {**row, "period_kind": kind, "period_start_date": "2025-01-01", "document_id": kind}

    small.load(
        warehouse,
        "core.operating_kpis_by_source",
        to_date("year_to_date", 56_190, "exact"),
        to_date("nine_months", 56_000, "about"),
    )
    row = one(warehouse, "FROM mart.monthly_deliveries WHERE company_id = 'li-auto' AND month_date = '2025-02-01'")
    assert row["year_to_date_count"] == 56_190


def test_the_join_that_the_page_shows_takes_what_was_stated_by_then(warehouse: Warehouse) -> None:
    """The second quarter is restated with the third and again later; on 30 September nobody could know that."""
    page = (Path(__file__).parents[1] / "docs" / "analyst.md").read_text(encoding="utf-8")
    (join,) = (block.split("```")[0] for block in page.split("```sql\n") if "quote.available_at\nWHERE (sec" in block)
    quotes(warehouse, quote("XNAS:TSLA", "2024-09-30", "261"), quote("XNAS:TSLA", "2024-10-31", "249"))
    facts(
        warehouse,
        fact("tesla", "revenue", "quarter", "2024-06-30", "100", "2024-07-24 09:00"),
        fact("tesla", "revenue", "quarter", "2024-06-30", "98", "2024-10-24 09:00"),
        fact("tesla", "revenue", "quarter", "2024-06-30", "97", "2024-10-30 09:00"),
        fact("tesla", "revenue", "quarter", "2024-09-30", "110", "2024-10-24 09:00"),
        fact("tesla", "revenue", "quarter", "2024-09-30", "115", "2024-10-25 09:00", authority=4),
    )
    rows = warehouse.frame(join).to_pylist()
    assert [(row["quarter"], row["revenue"]) for row in rows] == [("2024Q2", 100), ("2024Q3", 110)]


def test_a_figure_that_a_story_and_a_filing_disagree_about_has_both_with_their_ranks(warehouse: Warehouse) -> None:
    facts(
        warehouse,
        fact("xpeng", "revenue", "quarter", "2024-09-30", "9250", "2024-11-18 09:00"),
        fact("xpeng", "revenue", "quarter", "2024-09-30", "9300", "2024-12-01 09:00", authority=4, source_id="daily"),
        # The same number in fewer digits is no other number.
        fact(
            "xpeng", "revenue", "quarter", "2024-09-30", "9200", "2024-12-02 09:00", authority=3, source_id="agency",
            value_low="9150", value_high="9250",
        ),
    )  # fmt: skip
    row = one(warehouse, "FROM mart.story_sheet WHERE company_id = 'xpeng' AND figure = 'revenue'")
    assert (row["value"], row["authority"]) == (9250, 1)
    assert (row["other_value"], row["other_authority"], row["other_source_id"]) == (9300, 4, "daily")
    key = row["other_evidence"].partition(" ")[2]
    where = " AND ".join(f"{name} = '{value}'" for name, _, value in (part.partition("=") for part in key.split(",")))
    assert one(warehouse, f"SELECT value FROM core.financial_facts_by_source WHERE {where}")["value"] == 9300


def test_a_market_value_that_a_story_gives_otherwise_stands_beside_ours(warehouse: Warehouse) -> None:
    place = {"article_id": "a1", "part": "title", "start_offset": 0, "end_offset": 5}
    origin = {name: value for name, value in small.telling("a1", "a1").items() if name in _ORIGIN}
    claim = {
        "text_as_written": "864.5 billion", "subject": "Xiaomi", "subject_id": "xiaomi", "company_id": "xiaomi",
        "metric": "market_cap", "scope": "group", "warehouse_metric": "market_cap", "value": 1500, "value_decimals": 0,
        "unit": "money", "currency": "HKD", "normalised": 1500, "period_kind": "instant",
        "period_end_date": date(2025, 3, 18), "is_period_assumed": False, "qualifier": "exact",
    }  # fmt: skip
    verdict = {"verdict": "contradicted", "stated_value": 1500, "asked_at": small.utc("2025-03-18 01:00")}
    for name, row in (("core.claims", claim), ("core.claim_checks", verdict)):
        rows = BY_NAME[name].arrow([{**place, **origin, **row}])
        warehouse.derive(BY_NAME[name], rows, run_id="run-2", loaded_at=small.utc(small.LOADED_AT))
    row = one(warehouse, "FROM mart.story_sheet WHERE company_id = 'xiaomi' AND figure = 'market_value_hkd'")
    assert row["value"] == pytest.approx(57.96 * 25e9)
    assert (row["other_value"], row["other_authority"]) == (1500, 4)
    assert row["other_evidence"] == "core.claim_checks article_id=a1,part=title,start_offset=0,end_offset=5"


_ORIGIN = ("source_id", "snapshot_id", "available_at", "fetched_at", "first_seen_at")
