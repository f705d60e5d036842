"""`why` of every column of every core table and mart of the sample: down to bytes in the archive, or who says so."""

import json
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from typer.testing import CliRunner

from extractors.archive import Archive
from flows.main import app
from warehouse.home import Home
from warehouse.lineage_rules import LINEAGE
from warehouse.published import QueryError, open_published, open_published_ops
from warehouse.row_key import parse_key
from warehouse.sight import Row, Sight, columns_of
from warehouse.tables.marts import VIEWS
from warehouse.why import Chain, Explanation, explain, explain_in, explained_names, key_of

DECLARED = {
    "core.sources": "declared by Dragongate itself",
    "core.source_ranks": "declared by Dragongate itself",
    "mart.valuation": "part of the view's own definition",  # the trillion to look at
    "core.fx_daily": "part of the view's own definition",  # one unit of a currency is one unit of it
}
MARTS = [view.name for view in VIEWS if view.schema == "mart"]
HOLES = {
    "mart.market_value": ("xiaomi,2024-12-25", "XHKG did not trade on 2024-12-25"),
    "mart.valuation": ("xiaomi,2024-12-28", "2024-12-28 was a weekend"),
    "mart.company_daily": ("nobody,2024-12-30", "core.companies company_id=nobody is missing"),
    "mart.rival_daily": ("xiaomi,2024-12-30,lei-jun", "core.relations"),
    "mart.news_volume": ("xiaomi,company,xiaomi,1999-01-01", "core.articles has nothing that would lead to it"),
    "mart.quarterly_results": ("xiaomi,1999Q1,CNY,ifrs", "calendar_quarter=1999Q1 is missing"),
    "mart.monthly_deliveries": ("xiaomi,all,1999-01-01", "period_start_date=1999-01-01 is missing"),
    "mart.follower_growth": ("myspace:1,followers,2024-12-30", "core.accounts account_id=myspace:1 is missing"),
    "mart.story_sheet": ("nobody,pe,day,2024-12-30", "core.companies company_id=nobody is missing"),
}


@pytest.fixture(scope="module")
def sight(sample_home: Home) -> Iterator[Sight]:
    with open_published(sample_home) as warehouse, open_published_ops(sample_home) as ops:
        yield Sight(warehouse, ops)


@pytest.fixture(scope="module")
def stands(sample_home: Home) -> Callable[[str, int, str], bool]:
    """Tell whether the archive has bytes of a hash at a place."""
    archive = Archive(sample_home.archive)
    return cache(lambda file, offset, sha256: archive.snapshot(file, offset).sha256 == sha256)


def sampled(sight: Sight, name: str) -> Row | None:
    """Give one row of a table, always the same, with as few gaps as there is one."""
    key = ", ".join(key_of(name))
    filled = " + ".join(f'("{column}" IS NOT NULL)::INTEGER' for column in columns_of(name))
    found = sight.ask(f"SELECT * FROM {name} ORDER BY {filled} DESC, hash({key}) LIMIT 1", {}) or [None]
    return found[0]


def key_text(name: str, row: Row) -> str:
    return json.dumps({column: str(row[column]) for column in key_of(name)})


def has_bytes(chain: Chain, stands: Callable[[str, int, str], bool]) -> bool:
    one = chain.snapshot
    return one is not None and stands(one["archive_file"], one["archive_offset"], one["sha256"])


@pytest.mark.parametrize("name", explained_names())
def test_each_cell_leads_to_bytes_or_to_who_says_so(
    sight: Sight, stands: Callable[[str, int, str], bool], name: str
) -> None:
    row = sampled(sight, name)
    if row is None:
        pytest.skip(f"the sample has no row of {name}")
    for column, value in row.items():
        found = explain_in(sight, name, key_text(name, row), column)
        assert found.rows == [row]
        if value is None:
            assert found.hole[0].startswith(f"{name} has this row, and no {column} in it")
        elif not found.chains:
            assert DECLARED[name] in found.said[0]
        else:
            assert all(has_bytes(chain, stands) for chain in found.chains), column
            assert {"run_id", "code_version"} <= found.chains[0].fetches[0].keys()


def test_every_view_says_how_its_rows_are_named_and_what_they_rest_on() -> None:
    views = {view.name for view in VIEWS if view.schema != "ops"}
    assert views <= LINEAGE.keys()
    for name in views:
        known = columns_of(name)
        lineage = LINEAGE[name]
        assert set(lineage.key) <= known.keys() and lineage.key
        for one in lineage.inputs:
            assert set(one.feeds) <= known.keys(), name
            assert set(one.named) <= known.keys() and set(one.named.values()) <= columns_of(one.table).keys()


@pytest.mark.parametrize("name", MARTS)
def test_a_hole_of_a_mart_is_led_back_to_what_is_missing(sight: Sight, name: str) -> None:
    key, says = HOLES[name]
    found = explain_in(sight, name, key)
    assert found.rows == [] and found.chains == []
    assert any(says in sentence for sentence in found.hole), found.hole


def tables_under(found: Explanation) -> set[str]:
    return {step.table for step in found.steps}


def test_a_ratio_rests_on_price_shares_rates_and_statements_and_on_nothing_else(sight: Sight) -> None:
    day = sight.ask("SELECT max(trade_date) AS day FROM mart.valuation WHERE company_id = 'tesla' AND pe > 0", {})
    assert day
    found = explain_in(sight, "mart.company_daily", f"tesla,{day[0]['day']}", "pe")
    assert tables_under(found) == {
        "mart.valuation", "mart.market_value", "core.adjusted_daily_quotes", "core.daily_quotes", "core.securities",
        "core.shares_outstanding", "core.financial_facts_by_source", "core.fx_daily",
    }  # fmt: skip
    row, value = found.rows[0], next(one.row for one in found.steps if one.table == "mart.market_value")
    stated = sum(one.row["value"] for one in found.steps if one.table == "core.financial_facts_by_source")
    if row["profit_basis"] == "last four quarters":
        assert stated == row["profit_amount"]
    rate = next(one.row["rate"] for one in found.steps if one.table == "core.fx_daily" and one.depth == 2)
    assert float(value["market_value"]) * float(rate) / float(row["profit_amount"]) == pytest.approx(row["pe"])


def test_a_change_rests_on_two_closes(sight: Sight) -> None:
    found = explain_in(sight, "mart.company_daily", "xiaomi,2024-12-30", "change_since_last_close_of_year_before_pct")
    closes = [one.row for one in found.steps if one.table == "core.adjusted_daily_quotes"]
    assert [str(one["trade_date"]) for one in closes] == ["2024-12-30", "2023-12-29"]
    this, before = (float(one["adjusted_close_price"]) for one in closes)
    assert 100 * (this / before - 1) == pytest.approx(found.rows[0]["change_since_last_close_of_year_before_pct"])


@pytest.mark.parametrize(
    ("figure", "worked_out"),
    [
        ("adjusted_net_profit:growth", lambda this, before: 100 * (this / before - 1)),
        ("revenue:ev-and-new-initiatives:share", lambda part, whole: 100 * part / whole),
    ],
    ids=["growth", "share"],
)
def test_a_figure_of_the_sheet_rests_on_what_it_is_and_what_it_is_divided_by(
    sight: Sight, figure: str, worked_out: Callable[[float, float], float]
) -> None:
    found = explain_in(sight, "mart.story_sheet", f"xiaomi,{figure},quarter,2024-09-30", "value")
    divisor, itself = (float(one.row["value"]) for one in found.steps if one.table == "core.financial_facts")
    assert worked_out(itself, divisor) == pytest.approx(found.rows[0]["value"])


def test_a_verdict_rests_on_its_claim_its_article_and_its_evidence(sight: Sight) -> None:
    found = sight.ask(
        "SELECT * FROM core.claim_checks WHERE verdict = 'supported' AND list_count(evidence_rows) > 1 "
        "ORDER BY article_id, start_offset LIMIT 1",
        {},
    )
    assert found
    explained = explain_in(sight, "core.claim_checks", key_text("core.claim_checks", found[0]), "verdict")
    named = {one.partition(" ")[0] for one in found[0]["evidence_rows"]}
    assert tables_under(explained) == {"core.claims", "core.articles"} | named


@pytest.mark.parametrize(
    ("table", "key", "column", "message"),
    [
        ("mart.nothing", "1", "", "there is no table mart.nothing; `why` explains core.accounts"),
        ("ops.runs", "1", "", "there is no table ops.runs"),
        ("core.daily_quotes", "XHKG:01810,2024-12-30", "close", "no column close; near are close_price"),
        ("core.daily_quotes", "nonsense=1", "", "has no column nonsense"),
        ("core.daily_quotes", "", "", "say which row: security_id=…,trade_date=…"),
        ("core.daily_quotes", "XHKG:01810,yesterday", "", "trade_date is a day like 2024-12-30, and 'yesterday' is"),
        ("core.daily_quotes", "XHKG:01810,2024-12-30,as_traded", "", "has a key of 2 parts and 3 were given"),
        ("core.daily_quotes", "XHKG:01810", "", "are many rows of core.daily_quotes: say trade_date=… too"),
        ("mart.company_daily", "trade_date=2024-12-30", "", "say company_id=… too. One of them is `company_id="),
        ("core.follower_counts", "weibo:1,followers,noon", "", "observed_at is a time like 2024-12-30 08:00:00+00"),
        ("core.reported_facts", '{"company_id": ', "", "the key is no JSON object"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_answered_with_what_to_write(
    sample_home: Home, table: str, key: str, column: str, message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        explain(sample_home, table, key, column)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a,1", {"text": "a", "number": "1"}),
        ('"a,b",1', {"text": "a,b", "number": "1"}),
        (",1", {"text": "", "number": "1"}),
        ("text=a, number=", {"text": "a", "number": ""}),
        ('{"text": "a=1,b", "number": 2}', {"text": "a=1,b", "number": "2"}),
    ],
)
def test_a_key_is_named_in_order_or_as_json(text: str, key: dict[str, str]) -> None:
    known = {"text": columns_of("core.companies")["name"], "number": columns_of("core.companies")["sec_cik"]}
    assert parse_key("core.any", known, ("text", "number"), text) == key


def asked(home: Home, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["why", *words, "--home", str(home.root)])
    return done.exit_code, done.output


def test_the_command_shows_one_cell_with_the_rows_beneath_it(sample_home: Home) -> None:
    code, output = asked(sample_home, "mart.company_daily", "xiaomi,2024-12-30", "--column", "market_value_hkd")
    assert code == 0
    assert "  mart.market_value company_id=xiaomi,trade_date=2024-12-30  market_value_hkd " in output
    assert "    core.shares_outstanding company_id=xiaomi,share_class=" in output
    assert "pe " not in output.partition("computed from")[0]
    assert "  sha256   " in output and "Dragongate 0." in output


def test_an_empty_cell_is_a_hole(sample_home: Home) -> None:
    code, output = asked(sample_home, "core.companies", "xiaomi", "--column", "sec_cik")
    assert code == 1
    assert "core.companies has this row, and no sec_cik in it (Its number at the SEC)" in output
