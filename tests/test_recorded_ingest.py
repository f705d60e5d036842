"""The whole recorded archive through the real command: nothing crashes, all is counted, and every number leads back.

Who should claim a record, and with which outcome, follows from its name and status in the index beside it and from
what is known of the source. The table below knows kinds of answers; it names a single one only where that is alone
of its kind.
"""

import csv
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from extractors.archive import Archive
from warehouse.home import Home
from warehouse.published import open_published_ops, query

RECORDED = Path(__file__).parents[1].parent / "shared" / "corpus"
ARCHIVE = RECORDED / "recorded.warc.gz"
WATCHLIST = Path(__file__).parent / "fixtures" / "watchlist_of_recordings.toml"
UNMATCHED = "unmatched"

pytestmark = [
    pytest.mark.recorded,
    pytest.mark.skipif(not ARCHIVE.exists(), reason=f"the recorded material is not beside the project: {ARCHIVE}"),
]

EXPECTED: tuple[tuple[str, str, str, str], ...] = (
    # prices: an unknown code, an empty window and an error are three things, and none of them is data
    ("quotes/tencent_*kline_*unknown_code*", "tencent_daily", "nothing_there", "unknown_symbol"),
    ("quotes/tencent_*kline_empty*", "tencent_daily", "nothing_there", "unknown_symbol"),
    ("quotes/tencent_*kline_*param*", "tencent_daily", "refused", "bad_request"),
    ("quotes/tencent_*kline_*", "tencent_daily", "ok", ""),
    ("quotes/tencent_qt_*none_match*", "tencent_realtime", "nothing_there", "unknown_symbol"),
    ("quotes/tencent_qt_*empty*", "tencent_realtime", "nothing_there", "unknown_symbol"),
    ("quotes/tencent_qt_*", "tencent_realtime", "ok", ""),
    ("quotes/yahoo_chart_404*", "yahoo_chart", "nothing_there", "unknown_symbol"),
    ("quotes/yahoo_chart_*no_timestamp*", "yahoo_chart", "nothing_there", "empty_window"),
    ("quotes/yahoo_chart_*", "yahoo_chart", "ok", ""),
    ("quotes/yahoo_derived_*.csv", "yahoo_chart", "shape_changed", "body"),  # a table that another program made
    ("quotes/yahoo_consent_wall*", "news_articles", "refused", "block_page"),  # it stands at an address of its own
    ("quotes/yahoo_getcrumb_429*", "yahoo_quotes", "rate_limited", "too_many_requests"),
    ("quotes/yahoo_quoteSummary_404*", "yahoo_quotes", "nothing_there", "unknown_symbol"),
    ("quotes/yahoo_search_400*", "yahoo_quotes", "refused", "bad_request"),
    ("quotes/yahoo_v7download_400*", "yahoo_download", "nothing_there", "empty_window"),
    ("quotes/yahoo_v7quote_401*", "yahoo_quotes", "refused", "login"),
    ("quotes/yahoo_v7quote_*", "yahoo_quotes", "ok", ""),
    ("quotes/sina_hq_403*", "sina_realtime", "refused", "block_page"),
    ("quotes/sina_hq_unknown*", "sina_realtime", "nothing_there", "unknown_symbol"),
    ("quotes/sina_*", "sina_realtime", "ok", ""),
    ("quotes/eastmoney_kline_*", "eastmoney_daily", "ok", ""),
    ("quotes/eastmoney_stock_get_*", "eastmoney_snapshot", "ok", ""),
    ("quotes/nasdaq_historical_*", "nasdaq_historical", "ok", ""),
    ("quotes/nasdaq_dividends_*", "nasdaq_dividends", "ok", ""),
    ("quotes/alphavantage_rate_limit*", "alpha_vantage", "rate_limited", "daily_limit"),
    ("quotes/alphavantage_*", "alpha_vantage", "ok", ""),
    ("quotes/hkex_getequityquote_*", "hkex_quotes", "ok", ""),
    ("quotes/hkex_*truncated*", "hkex_quotes", "shape_changed", "body"),
    ("quotes/stooq_daily_limit*", "stooq", "rate_limited", "daily_limit"),
    ("quotes/stooq_no_data*", "stooq", "nothing_there", "unknown_symbol"),
    # rates
    ("fx/ecb_*empty*", "ecb_rates", "nothing_there", "no_rates"),
    ("fx/ecb_html*", "ecb_rates", "refused", "block_page"),
    ("fx/ecb_*", "ecb_rates", "ok", ""),
    ("fx/alphavantage_*", "alpha_vantage_fx", "ok", ""),
    ("fx/amcm_*", "amcm", "ok", ""),
    ("fx/boc_*", "bank_of_canada", "ok", ""),
    ("fx/boe_*", "bank_of_england", "ok", ""),
    ("fx/currencylayer_error*", "currencylayer", "refused", "login"),
    ("fx/currencylayer_*", "currencylayer", "ok", ""),
    ("fx/exchangeratehost_error*", "exchangerate_host", "unavailable", "stated_failure"),
    ("fx/exchangeratehost_missing*", "exchangerate_host", "refused", "login"),
    ("fx/exchangeratehost_*", "exchangerate_host", "ok", ""),
    ("fx/fixer_error*", "fixer", "refused", "plan"),
    ("fx/fixer_*", "fixer", "ok", ""),
    ("fx/frankfurter_*", "frankfurter", "ok", ""),
    ("fx/fred_*", "fred", "ok", ""),
    ("fx/hkma_*", "hkma", "ok", ""),
    ("fx/imf_*", "imf", "ok", ""),
    ("fx/mas_*", "mas", "ok", ""),
    ("fx/nbp_*", "nbp", "ok", ""),
    ("fx/open_er-api_*", "open_er_api", "ok", ""),
    ("fx/openexchangerates_error_historical*", "open_exchange_rates", "nothing_there", "no_rates"),
    ("fx/openexchangerates_error*", "open_exchange_rates", "refused", "login"),
    ("fx/openexchangerates_*", "open_exchange_rates", "ok", ""),
    # filings
    ("*/company_tickers*", "sec_tickers", "ok", ""),
    ("*/submissions_404*", "sec_submissions", "nothing_there", "not_found"),
    ("*/submissions_*no_filings*", "sec_submissions", "nothing_there", "no_filings"),
    ("*/submissions_*", "sec_submissions", "ok", ""),
    ("*companyconcept_*empty*", "sec_companyfacts", "nothing_there", "empty_units"),
    ("*companyfacts_*", "sec_companyfacts", "ok", ""),
    ("*/titleSearchServlet_refused_or_empty*", "hkexnews_search", "nothing_there", "empty_window"),
    ("*/titleSearchServlet_06969_ZH*", "hkexnews_search", "shape_changed", "result[0].NEWS_ID"),  # neither id nor link
    ("*/titleSearch*", "hkexnews_search", "ok", ""),
    ("*/daily_index_form_empty*", "sec_indexes", "nothing_there", "empty_index"),
    ("*/full_index_403*", "sec_indexes", "nothing_there", "not_found"),
    ("*/daily_index_*", "sec_indexes", "ok", ""),
    ("*/form_idx_*", "sec_indexes", "ok", ""),
    ("*/master_index_*", "sec_indexes", "ok", ""),
    ("*/getcurrent_*past_end*", "sec_feeds", "nothing_there", "past_end"),
    ("*/getcurrent_*", "sec_feeds", "ok", ""),
    ("*/browse_edgar_company_*", "sec_feeds", "ok", ""),
    ("*/fts_search_*_0_hits*", "sec_search", "nothing_there", "no_hits"),
    ("*/fts_search_*", "sec_search", "ok", ""),
    ("*/filing_index_*", "sec_filing_index", "ok", ""),
    ("*/FilingSummary_*", "sec_filing_index", "ok", ""),
    ("*/full_submission_header_*", "sec_documents", "unavailable", "cut"),  # its first lines only
    ("*/full_submission_*", "sec_documents", "ok", ""),
    ("filings/sec/R?_*", "sec_documents", "ok", ""),
    ("kpis/*_sec.txt", "sec_documents", "ok", ""),
    ("filings/hkex/activestock_*", "hkexnews_stocks", "ok", ""),
    ("filings/hkex/*.jsonp", "hkexnews_stocks", "ok", ""),
    ("filings/hkex/lci*", "hkexnews_latest", "ok", ""),
    ("filings/hkex/ebmn*", "hkexnews_board_meetings", "ok", ""),
    ("filings/hkex/*_c.json", "hkexnews_categories", "ok", ""),
    ("filings/cninfo/*query_empty*", "cninfo_announcements", "nothing_there", "empty_window"),
    ("filings/cninfo/hisAnnouncement_*", "cninfo_announcements", "ok", ""),
    ("filings/cninfo/*", "cninfo_stocks", "ok", ""),
    ("filings/eastmoney/*", "eastmoney_financials", "ok", ""),
    # the other documents lie at addresses that were completed to a folder, which no source claims
    # accounts
    ("social/bilibili_-404*", "bilibili", "nothing_there", "no_such_account"),
    ("social/bilibili_-*", "", "", ""),  # other calls than the two that are read
    ("social/bilibili_*", "bilibili", "ok", ""),
    ("social/weibo_m_not_logged_in*", "", "", ""),  # an answer of the search for names
    ("social/weibo_cn_info*", "weibo", "nothing_there", "no_count"),
    ("social/weibo_*", "weibo", "ok", ""),
    ("social/github_304*", "github", "unchanged", "not_modified"),
    ("social/github_403*", "github", "rate_limited", "too_many_requests"),
    ("social/github_404*", "github", "nothing_there", "no_such_account"),
    ("social/github_*", "github", "ok", ""),
    ("social/mastodon_401*", "", "", ""),  # a time line
    ("social/mastodon_lookup_404*", "mastodon", "nothing_there", "no_such_account"),
    ("social/mastodon_*", "mastodon", "ok", ""),
    ("social/bluesky_400_*not_found*", "bluesky", "nothing_there", "no_such_account"),
    ("social/bluesky_400_*takedown*", "bluesky", "nothing_there", "suspended"),
    ("social/bluesky_*", "bluesky", "ok", ""),
    ("social/telegram_*", "telegram", "ok", ""),
    ("social/youtube_dataapi_*without_statistics*", "youtube", "shape_changed", "items[0].statistics"),  # asked for
    ("social/youtube_dataapi_error_400*", "youtube", "refused", "login"),
    ("social/youtube_dataapi_error_403*", "youtube", "refused", "forbidden"),
    ("social/youtube_dataapi_*", "youtube", "ok", ""),
    ("social/youtube_innertube_browse_400*", "youtube_innertube", "refused", "bad_request"),
    ("social/youtube_innertube_browse_agerestricted*", "youtube_innertube", "refused", "age_gate"),
    ("social/youtube_innertube_browse_terminated*", "youtube_innertube", "nothing_there", "suspended"),
    ("social/youtube_innertube_*", "youtube_innertube", "ok", ""),
    ("social/x_api_v2_user_by_username*", "x", "nothing_there", "no_count"),
    ("social/x_api_*", "x", "ok", ""),
    ("social/x_graphql_no_such_user*", "x_graphql", "nothing_there", "no_such_account"),
    ("social/x_graphql_UserUnavailable*", "x_graphql", "nothing_there", "suspended"),
    ("social/x_graphql_user_about*", "x_graphql", "nothing_there", "no_count"),
    ("social/x_*", "x_graphql", "ok", ""),
    ("social/tiktok_*", "tiktok", "ok", ""),
    ("social/reddit_40*", "", "", ""),  # messages and a list of users
    ("social/reddit_user_2016*", "reddit", "nothing_there", "no_count"),
    ("social/reddit_*", "reddit", "ok", ""),
    ("social/facebook_graph_*", "facebook", "ok", ""),
    ("social/instagram_graph_*", "instagram_graph", "ok", ""),
    ("social/instagram_401*", "instagram", "refused", "login"),
    ("social/instagram_profile_id_invalid*", "instagram", "nothing_there", "no_such_account"),
    ("social/instagram_challenge*", "", "", ""),  # the login
    ("social/instagram_login_generic*", "", "", ""),
    ("social/instagram_*", "instagram", "ok", ""),
    ("social/douyin_empty*", "douyin", "refused", "empty_body"),
    ("social/douyin_*", "douyin", "ok", ""),
    ("social/kuaishou_result_2*", "", "", ""),  # the search for users
    ("social/kuaishou_*", "kuaishou", "ok", ""),
    ("social/xiaohongshu_*", "xiaohongshu", "ok", ""),
    # pages
    ("news/article_*", "news_articles", "ok", ""),
    ("kpis/xpev_monthly_*", "", "", ""),  # at the address of a store of files
    ("kpis/open_ev_charts*", "", "", ""),  # a front page
    ("kpis/*.txt", "news_articles", "nothing_there", "not_an_article"),  # text that somebody took out of a page
    # what no source of ours answers: regulators' other pages, other houses' prices, walled platforms, robots.txt
    ("*", "", "", ""),
)
"""Name of a recording, the source that claims it, outcome and reason; the first that fits holds."""


@dataclass(frozen=True)
class Ingested:
    """A home after the recorded archive was ingested twice, with what the command said each time."""

    home: Home
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    messages: str


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Ingested:
    home = Home(tmp_path_factory.mktemp("recorded"))
    shutil.copyfile(WATCHLIST, home.watchlist)
    first, second = _ingest(home), _ingest(home)
    return Ingested(home, json.loads(first.stdout), json.loads(second.stdout), first.stderr + second.stderr)


def _ingest(home: Home) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.main", "ingest", str(ARCHIVE), "--home", str(home.root), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def recordings() -> list[tuple[str, str]]:
    """The id and the name of each record; one body lies there twice under one id."""
    with ARCHIVE.open("rb") as file:
        heads = [one.rec_headers for one in ArchiveIterator(file) if one.rec_type == "response"]
    return [(head.get_header("WARC-Record-ID").strip("<>"), head.get_header("X-Corpus-File")) for head in heads]


@pytest.fixture(scope="module")
def names(recordings: list[tuple[str, str]]) -> dict[str, str]:
    return dict(recordings)


def test_every_response_is_counted_once_and_nothing_is_said_to_go_wrong(
    ingested: Ingested, recordings: list[tuple[str, str]]
) -> None:
    report = ingested.first
    counted = sum(sum(outcomes.values()) for outcomes in report["by_source"].values())
    assert report["responses"] == counted + report["unmatched"] == len(recordings)
    assert (report["state"], report["broken"], report["kept_back"]) == ("completed", 0, {})
    assert "Traceback" not in ingested.messages and "watchlist_file" not in report["by_source"]


def test_every_recording_has_the_outcome_that_it_deserves(ingested: Ingested, names: dict[str, str]) -> None:
    rows = query(
        ingested.home,
        "SELECT snapshot_id, coalesce(source_id, '') AS source, outcome, coalesce(reason, '') AS reason "
        "FROM raw.snapshots WHERE method <> 'RESOURCE'",
    ).to_pylist()
    found = {row["snapshot_id"]: (row["source"], row["outcome"], row["reason"]) for row in rows}
    assert found.keys() == names.keys()
    wrong = {
        names[one]: (got, _expected(names[one]))
        for one, got in found.items()
        if got != _deserved(_expected(names[one]))
    }
    assert wrong == {}


def test_the_counts_of_the_report_are_those_of_the_table(ingested: Ingested, recordings: list[tuple[str, str]]) -> None:
    expected = [_expected(name) for _, name in recordings]
    deserved = Counter((source, outcome) for source, outcome, _ in expected if source)
    reported = {
        (source, outcome): number
        for source, outcomes in ingested.first["by_source"].items()
        for outcome, number in outcomes.items()
    }
    assert reported == dict(deserved)
    assert ingested.first["unmatched"] == sum(source == "" for source, _, _ in expected)


def test_no_error_status_and_no_empty_body_passes_for_data(ingested: Ingested, names: dict[str, str]) -> None:
    index = _index()
    good = query(ingested.home, "SELECT snapshot_id, body_length FROM raw.snapshots WHERE outcome = 'ok'").to_pylist()
    recorded = [(names[one["snapshot_id"]], one["body_length"]) for one in good if one["snapshot_id"] in names]
    assert recorded and all(length > 0 for _, length in recorded)
    assert {index[name]["status"] for name, _ in recorded} == {"200"}


def test_every_kind_of_expectation_is_met_by_a_recording(names: dict[str, str]) -> None:
    used = {next(row for row in EXPECTED if fnmatchcase(name, row[0])) for name in names.values()}
    assert set(EXPECTED) - used == set()


def test_the_same_file_again_changes_nothing(ingested: Ingested) -> None:
    counted = ("responses", "unmatched", "by_source")
    assert [ingested.second[name] for name in counted] == [ingested.first[name] for name in counted]
    changed = {name: row for name, row in ingested.second["loaded"].items() if row["inserted"] or row["updated"]}
    assert changed == {}
    assert ingested.second["generation"] == ingested.first["generation"] == 1


def test_what_is_not_loaded_is_named_with_its_reason(ingested: Ingested) -> None:
    with open_published_ops(ingested.home) as connection:
        reasons = dict(connection.execute("SELECT reason, count(*) FROM rejects GROUP BY reason").fetchall())
    assert reasons.keys() == {"not_followed", "remote_view", "no_time"}


QUOTE = "SELECT {value}, snapshot_id FROM core.daily_quotes_by_source WHERE security_id = '{line}' AND "
ACTION = "SELECT {value}, snapshot_id FROM core.corporate_actions_by_source WHERE security_id = '{line}' AND "
SHARES = "SELECT share_count, snapshot_id FROM core.shares_outstanding_by_source WHERE company_id = '{company}' AND "
RATE = "SELECT rate, snapshot_id FROM core.fx_rates_by_source WHERE base_currency = 'EUR' AND "
FOLLOWERS = "SELECT value, snapshot_id FROM core.follower_counts WHERE account_id = '{account}'"

NUMBERS: tuple[tuple[str, object, str], ...] = (
    (
        QUOTE.format(value="close_price", line="XHKG:00700")
        + "trade_date = '2026-08-07' AND source_id = 'yahoo_chart'",
        Decimal("478.8"),
        "quotes/yahoo_chart_0700.HK_5d*",
    ),
    (
        QUOTE.format(value="close_price", line="XHKG:00700") + "trade_date = '2026-09-18'",
        Decimal("419"),
        "quotes/tencent_fqkline_hk00700*09-18*",
    ),
    (
        QUOTE.format(value="open_price", line="XHKG:00700") + "trade_date = '2026-09-18'",
        Decimal("428"),
        "quotes/tencent_fqkline_hk00700*09-18*",
    ),
    (
        QUOTE.format(value="volume", line="XHKG:00700") + "trade_date = '2026-09-18'",
        Decimal(28_796_138),
        "quotes/tencent_fqkline_hk00700*09-18*",
    ),
    (
        QUOTE.format(value="close_price", line="XHKG:01810") + "trade_date = '2026-06-12'",
        Decimal("26.2"),
        "quotes/tencent_qt_hk01810_2026-06-12*",
    ),
    (
        QUOTE.format(value="is_final", line="XHKG:01810") + "trade_date = '2026-07-30'",
        False,
        "quotes/tencent_qt_hk01810_2026-07-30*",
    ),
    (
        QUOTE.format(value="close_price", line="XHKG:01810") + "trade_date = '2021-07-12'",
        Decimal("26.65"),
        "quotes/sina_hq_rt_hk01810_2021-07-12*",
    ),
    (
        QUOTE.format(value="close_price", line="XNAS:AAPL")
        + "trade_date = '2025-02-14' AND source_id = 'yahoo_quotes'",
        Decimal("244.6"),
        "quotes/yahoo_v7quote_AAPL_BABA*",
    ),
    (
        ACTION.format(value="amount_per_unit", line="XNAS:AAPL")
        + "ex_date = '2014-05-08' AND source_id = 'nasdaq_dividends'",
        Decimal("3.29"),
        "quotes/nasdaq_dividends_AAPL*",
    ),
    (
        ACTION.format(value="ratio_numerator", line="XNAS:AAPL") + "ex_date = '2020-08-31' AND kind = 'split'",
        Decimal(4),
        "quotes/yahoo_chart_AAPL_2020*",
    ),
    (
        ACTION.format(value="amount_per_unit", line="XNAS:AAPL")
        + "ex_date = '2020-11-06' AND source_id = 'yahoo_chart'",
        Decimal("0.205"),
        "quotes/yahoo_chart_AAPL_2020*",
    ),
    (
        ACTION.format(value="amount_per_unit", line="XSHG:600519") + "ex_date = '2023-06-30' AND kind = 'dividend'",
        Decimal("25.911"),
        "quotes/tencent_fqkline_sh600519*",
    ),
    (
        SHARES.format(company="xiaomi") + "share_class = 'all' AND as_of_date = '2026-06-12'",
        25_840_699_294,
        "quotes/tencent_qt_hk01810_2026-06-12*",
    ),
    (
        SHARES.format(company="xiaomi") + "share_class = 'B' AND as_of_date = '2026-06-12'",
        21_387_120_484,
        "quotes/tencent_qt_hk01810_2026-06-12*",
    ),
    (SHARES.format(company="snowflake") + "as_of_date = '2025-05-08'", 333_700_000, "quotes/sec_companyfacts_SNOW*"),
    (RATE + "quote_currency = 'HKD' AND rate_date = '2026-04-13'", Decimal("9.1507"), "fx/ecb_*2026-04*"),
    (RATE + "quote_currency = 'USD' AND rate_date = '2018-06-11'", Decimal("1.1790"), "fx/ecb_*"),
    (
        "SELECT value, snapshot_id FROM core.financial_facts WHERE company_id = 'nio' AND metric = 'revenue' AND "
        "period_kind = 'year' AND period_end_date = '2023-12-31' AND currency = 'CNY'",
        Decimal(55_617_933_000),
        "filings/sec/companyfacts_*NIO*",
    ),
    (
        "SELECT form, snapshot_id FROM core.filings WHERE filing_id = 'sec:0001628280-26-003952'",
        "10-K",
        "filings/sec/submissions_CIK0001318605.json",
    ),
    (
        "SELECT CAST(available_at AS VARCHAR), snapshot_id FROM core.filings WHERE filing_id = 'hkex:11042134'",
        "2024-01-18 09:41:00+00",
        "filings/hkex/titleSearch_result_rows_00700*",
    ),
    (FOLLOWERS.format(account="bilibili:517327498"), 30_352_069, "social/bilibili_relation_stat_517327498*"),
    (FOLLOWERS.format(account="weibo:6052479595"), 246_776, "social/weibo_ajax_profile_info*"),
    (
        FOLLOWERS.format(account="weibo:1669879400") + " AND method = 'page'",
        70_805_574,
        "social/weibo_cn_profile*",
    ),
    (FOLLOWERS.format(account="weibo:1669879400") + " AND method = 'api'", 63_357_736, "social/weibo_m_getIndex*"),
    (FOLLOWERS.format(account="github:jacquev6"), 98, "social/github_user_jacquev6*"),
    (FOLLOWERS.format(account="github:BeaverSoftware"), 130, "social/github_org_Organization*"),
    (FOLLOWERS.format(account="bluesky:wired.com"), 319_216, "social/bluesky_getProfile_wired*"),
    (FOLLOWERS.format(account="telegram:durov"), 10_500_000, "social/telegram_t.me_s_durov*"),
    (FOLLOWERS.format(account="youtube:UCK8sQmJBp8GCxrOtXWBpyEA"), 10_700_000, "social/youtube_dataapi*multiple*"),
    (FOLLOWERS.format(account="youtube:UCsXVk37bltHxD1rDPwtNM8Q"), 25_000_000, "social/youtube_innertube_browse_kurz*"),
    (FOLLOWERS.format(account="x:2244994945") + " AND source_id = 'x'", 514_020, "social/x_api_v2_user_public*"),
    (FOLLOWERS.format(account="x:2244994945") + " AND source_id = 'x_graphql'", 695_695, "social/x_graphql_user_by*"),
    (FOLLOWERS.format(account="tiktok:oddanimalspecimens"), 4_001_943, "social/tiktok_userInfo*"),
    (FOLLOWERS.format(account="reddit:r/announcements"), 47_456_009, "social/reddit_subreddit_announcements*"),
    (FOLLOWERS.format(account="facebook:facebookapp"), 214_507_731, "social/facebook_graph_page*"),
    (
        FOLLOWERS.format(account="douyin:68310389333") + " AND metric = 'followers_all_apps'",
        48_209_510,
        "social/douyin_user_liziqi*",
    ),
    (FOLLOWERS.format(account="kuaishou:3xep6p7wbnqcvj6"), 12_548, "social/kuaishou_profile_user*"),
)
"""A question, the figure that the publisher stated, and the recording that states it."""


@pytest.mark.parametrize(("sql", "figure", "recording"), NUMBERS, ids=[f"{row[2]}={row[1]}" for row in NUMBERS])
def test_a_figure_leads_back_to_the_bytes_that_state_it(
    ingested: Ingested, names: dict[str, str], sql: str, figure: object, recording: str
) -> None:
    (row,) = query(ingested.home, sql).to_pylist()
    value, snapshot_id = row.values()
    assert value == figure
    assert fnmatchcase(names[snapshot_id], recording)
    (place,) = query(ingested.home, f"SELECT * FROM raw.snapshots WHERE snapshot_id = '{snapshot_id}'").to_pylist()
    archived = Archive(ingested.home.archive).snapshot(place["archive_file"], place["archive_offset"])
    original = (RECORDED / names[snapshot_id]).read_bytes()
    assert (archived.id, archived.url, archived.body) == (snapshot_id, place["url"], original)
    assert place["sha256"] == archived.sha256 == sha256(original).hexdigest()
    assert (place["body_length"], place["archive_length"]) == (len(original), archived.archive_length)


def test_the_whole_history_of_rates_is_here(ingested: Ingested) -> None:
    days = "SELECT count(DISTINCT rate_date) AS days FROM core.fx_rates_by_source WHERE source_id = 'ecb_rates'"
    (row,) = query(ingested.home, days).to_pylist()
    assert row["days"] == 6_983


def test_the_archive_holds_the_file_as_it_came(ingested: Ingested) -> None:
    held = [one for one in ingested.home.archive.iterdir() if one.stat().st_size == ARCHIVE.stat().st_size]
    assert [_hash(one) for one in held] == [_hash(ARCHIVE)]


def _expected(name: str) -> tuple[str, str, str]:
    _, source, outcome, reason = next(row for row in EXPECTED if fnmatchcase(name, row[0]))
    return source, outcome, reason


def _deserved(expected: tuple[str, str, str]) -> tuple[str, str, str]:
    return expected if expected[0] else ("", UNMATCHED, "")


def _index() -> dict[str, dict[str, str]]:
    """Every row of every index, by the name that the archive gives it."""
    found: dict[str, dict[str, str]] = {}
    for folder in (one for one in RECORDED.iterdir() if (one / "INDEX.tsv").exists()):
        with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
            found |= {f"{folder.name}/{row['file']}": row for row in csv.DictReader(file, delimiter="\t")}
    return found


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
