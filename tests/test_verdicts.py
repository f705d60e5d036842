"""Verdicts: what words allow, which evidence counts when, and what becomes of a verdict when facts arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors.watchlist import Account, read_watchlist
from flows.verdicts import derived_checks, knowledge
from tests.small_warehouse import company, load, quote, security, utc
from transforms.article_claims import claims_of_article
from transforms.claims import Claim, read_claims
from transforms.derive_claim_checks import verdict_changes
from transforms.derive_claims import derive_claims
from transforms.verdicts.asked import Asked, scope_of
from transforms.verdicts.judge import QUESTIONS, REASONS, Verdict, judge
from transforms.verdicts.words import words_of
from warehouse.database import Warehouse
from warehouse.known import states
from warehouse.known_rows import checks
from warehouse.tables.catalog import BY_NAME

WATCHLIST = read_watchlist(Path(__file__).parents[1] / "watchlist.toml")
DAY = date(2025, 3, 20)
AT = datetime(2025, 3, 20, 15, 0, tzinfo=UTC)


def read(text: str, **more: Any) -> Claim:
    claims = read_claims(text, **{"published": DAY, "watchlist": WATCHLIST, **more})
    return claims[0]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Xiaomi's revenue was 92.51 billion yuan.", "92505000000", "92515000000"),
        ("Xiaomi's revenue was 92.50 billion yuan.", "92495000000", "92505000000"),
        ("Lei Jun has over 36 million followers on Weibo.", "36000000", "37000000"),
        ("Lei Jun has at least 36 million followers on Weibo.", "36000000", None),
        ("Lei Jun has nearly 37 million followers on Weibo.", "36000000", "37000000"),
        ("Lei Jun has about 36 million followers on Weibo.", "35000000", "37000000"),
        ("XPeng delivered 30,453 vehicles in February.", "30452.5", "30453.5"),
        ("XPeng delivered over 30,000 vehicles in February.", "30000", "40000"),
        ("小米去年营收超过3600亿元。", "360000000000", "370000000000"),
        ("小米第四季度营收同比增长48.8%。", "0.4875", "0.4885"),
        ("Xiaomi's shares fell 3.5% on Thursday.", "-0.0355", "-0.0345"),
        ("XPeng expects revenue of 15.0 billion to 15.7 billion yuan.", "14950000000", "15750000000"),
    ],
)
def test_words_allow_what_their_digits_and_their_qualifier_say(text: str, low: str, high: str | None) -> None:
    allowed = words_of(read(text)).allowed
    assert (allowed.low, allowed.high) == (Decimal(low), high and Decimal(high))


@pytest.fixture
def warehouse() -> Warehouse:
    """Hold a close, a quarter and a month by hand."""
    warehouse = Warehouse.open_memory()
    load(warehouse, "core.companies", company("xiaomi"), company("xpeng"))
    load(warehouse, "core.securities", security("XHKG:01810", "xiaomi", is_primary=True))
    load(
        warehouse,
        "core.daily_quotes_by_source",
        quote("XHKG:01810", "2024-12-31", "34.50"),
        quote("XHKG:01810", "2025-01-02", "34.00", "34.20"),
        quote("XHKG:01810", "2025-03-19", "57.65", "57.10"),
        quote("XHKG:01810", "2025-03-20", "55.55", "57.00"),
    )
    load(warehouse, "core.operating_kpis_by_source", kpi("2025-02-01", "2025-02-28", "30453"))
    load(
        warehouse,
        "core.fx_rates_by_source",
        {
            "base_currency": "USD",
            "quote_currency": "CNY",
            "rate_date": "2025-03-20",
            "rate": "7.2341",
            "is_derived": False,
            "available_at": "2025-03-20 08:00",
        },
    )
    for start, end, value in (
        ("2024-10-01", "2024-12-31", "109005067000"),
        ("2023-10-01", "2023-12-31", "73244000000"),
    ):
        load(warehouse, "core.financial_facts_by_source", fact(start, end, value))
    return warehouse


def fact(start: str, end: str, value: str, **more: Any) -> Mapping[str, Any]:
    return {
        "company_id": "xiaomi", "metric": "revenue", "segment": "group", "period_kind": "quarter",
        "period_start_date": start, "period_end_date": end, "currency": "CNY", "accounting_basis": "ifrs",
        "filing_id": f"hkex:{end}", "value": value, "fiscal_year": int(end[:4]), "fiscal_quarter": 4,
        "calendar_quarter": f"{end[:4]}Q4", "is_derived": False, "is_convenience_translation": False,
        "available_at": "2025-03-18 10:00", "fetched_at": "2025-03-18 11:00", **more,
    }  # fmt: skip


def kpi(start: str, end: str, value: str, **more: Any) -> Mapping[str, Any]:
    return {
        "company_id": "xpeng", "product_id": "all", "metric": "deliveries", "period_kind": "month",
        "period_start_date": start, "period_end_date": end, "document_id": f"hkex:{start}", "value": value,
        "value_low": value, "value_high": value, "qualifier": "exact", "available_at": "2025-03-03 10:00", **more,
    }  # fmt: skip


def ask(warehouse: Warehouse, text: str, *, at: datetime = AT, accounts: Sequence[Account] = (), n: int = 0) -> Verdict:
    watchlist = replace(WATCHLIST, accounts=(*WATCHLIST.accounts, *accounts))
    day = at.date()
    claim = read_claims(text, published=day, watchlist=watchlist)[n]
    companies = [one.id for one in watchlist.companies]
    known = knowledge(warehouse.connection, watchlist, companies, {claim.metric})
    return judge(Asked(claim, scope_of(claim), at, day, known))


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("Xiaomi closed at HK$55.55 on 20 March.", "supported", ""),
        ("Xiaomi closed at HK$55.56 on 20 March.", "contradicted", ""),
        ("Xiaomi closed at HK$57.65 on 20 March.", "contradicted", ""),
        ("Xiaomi closed at HK$57.65.", "supported", ""),
        ("Xiaomi closed at HK$55.6 on 20 March.", "supported", ""),
        ("Xiaomi closed above HK$55 on 20 March.", "supported", ""),
        ("Xiaomi closed at HK$50 on 20 March.", "contradicted", ""),
        ("Xiaomi's shares fell 3.6% on Thursday.", "supported", ""),
        ("Xiaomi's shares rose 3.6% on Thursday.", "contradicted", ""),
        ("Xiaomi's shares are up 61% since the start of the year.", "supported", ""),
        ("Xiaomi's shares are up 62% since the start of the year.", "supported", ""),
        ("Xiaomi's shares are up 64% since the start of the year.", "contradicted", ""),
        ("Xiaomi's shares closed at US$7 on 20 March.", "unverifiable", "not_comparable"),
        ("Xiaomi's revenue in the fourth quarter was 109.0 billion yuan.", "supported", ""),
        ("Xiaomi's revenue in the fourth quarter was 110,000 million yuan.", "imprecise", ""),
        ("Xiaomi's revenue in the fourth quarter was 108.0 billion yuan.", "contradicted", ""),
        ("Xiaomi's revenue in the fourth quarter rose 48.8% year on year.", "supported", ""),
        ("Xiaomi's revenue in the fourth quarter fell 48.8% year on year.", "contradicted", ""),
        ("Xiaomi's smartphone revenue in 2024Q4 was 51.3 billion yuan.", "unverifiable", "no_data_for_period"),
        ("Xiaomi's overseas revenue in the fourth quarter was 40 billion yuan.", "unverifiable", "part_of_company"),
        ("Xiaomi's revenue in the third quarter was 92.5 billion yuan.", "unverifiable", "no_data_for_period"),
        ("XPeng delivered 30,453 vehicles in February.", "supported", ""),
        ("XPeng delivered 30,454 vehicles in February.", "contradicted", ""),
        ("XPeng delivered 30,000 vehicles in February.", "imprecise", ""),
        ("XPeng delivered over 30,000 vehicles in February.", "supported", ""),
        ("XPeng delivered 12,000 plug-in hybrids in February.", "unverifiable", "part_of_company"),
        ("The US dollar bought 7.23 yuan on 20 March.", "supported", ""),
        ("The US dollar bought 7.32 yuan on 20 March.", "contradicted", ""),
        ("XPeng has 18,000 employees.", "unverifiable", "metric_unknown"),
        ("Acme Motors's revenue was 3 billion yuan in 2024.", "unverifiable", "subject_unknown"),
    ],
)  # fmt: skip
def test_a_claim_is_judged_by_what_was_known(warehouse: Warehouse, text: str, verdict: str, reason: str) -> None:
    found = ask(warehouse, text)
    assert (found.verdict, found.reason) == (verdict, reason), found


def test_what_was_public_then_counts_and_what_came_later_is_told(warehouse: Warehouse) -> None:
    text = "Xiaomi's revenue in the fourth quarter of 2024 was 109.0 billion yuan."
    assert ask(warehouse, text).is_known_then
    before = ask(warehouse, text, at=datetime(2025, 2, 1, tzinfo=UTC))
    assert (before.verdict, before.is_known_then) == ("supported", False)


def test_a_restatement_does_not_make_an_older_article_wrong(warehouse: Warehouse) -> None:
    later = {"available_at": "2025-06-01 10:00", "fetched_at": "2025-06-01 11:00", "filing_id": "hkex:restated"}
    load(
        warehouse, "core.financial_facts_by_source",
        fact("2024-10-01", "2024-12-31", "111000000000", **later), at="2025-06-01 12:00",
    )  # fmt: skip
    text = "Xiaomi's revenue in the fourth quarter of 2024 was 109.0 billion yuan."
    assert ask(warehouse, text).verdict == "supported"
    assert ask(warehouse, text, at=datetime(2025, 7, 1, tzinfo=UTC)).verdict == "contradicted"


def test_states_are_what_as_of_answers(warehouse: Warehouse) -> None:
    rows = states(
        warehouse.connection, "core.financial_facts", "company_id IN (SELECT unnest(?))", ["xiaomi"]
    ).to_pylist()
    for moment in ("2025-03-18 09:00", "2025-03-18 10:00", "2025-08-01 00:00"):
        at = utc(moment)
        held = [one for one in rows if one["public_from"] <= at and (one["public_to"] is None or at < one["public_to"])]
        past = warehouse.frame("SELECT value FROM as_of.financial_facts($at)", {"at": at}).column("value").to_pylist()
        assert sorted(one["value"] for one in held) == sorted(past)


def test_followers_are_those_of_the_account_and_the_day(warehouse: Warehouse) -> None:
    account = Account("weibo", "lei-jun", "leijun", "1749127163")
    load(
        warehouse, "core.follower_counts",
        {
            "account_id": account.id, "metric": "followers", "observed_at": "2025-03-19 09:00", "value": 26_100_000,
            "value_low": 26_050_000, "value_high": 26_149_999, "qualifier": "rounded", "method": "page",
            "available_at": "2025-03-19 09:00", "fetched_at": "2025-03-19 09:00",
        },
    )  # fmt: skip
    assert ask(warehouse, "Lei Jun has over 26 million followers on Weibo.", accounts=[account]).verdict == "supported"
    assert (
        ask(warehouse, "Lei Jun has over 27 million followers on Weibo.", accounts=[account]).verdict == "contradicted"
    )
    exact = ask(warehouse, "Lei Jun has 26,101,233 followers on Weibo.", accounts=[account])
    assert (exact.verdict, exact.reason) == ("unverifiable", "too_coarse")


def test_every_answered_metric_and_reason_is_told() -> None:
    assert {"share_price_close", "market_cap", "revenue", "deliveries", "followers", "exchange_rate"} <= set(QUESTIONS)
    described = next(one for one in BY_NAME["core.claim_checks"].columns if one.name == "reason").description
    assert all(reason in described for reason in REASONS)


def article(claims_json: str | None, **more: Any) -> Mapping[str, Any]:
    return {
        "article_id": "a1", "canonical_url": "https://news.example/a1", "url": "https://news.example/a1",
        "outlet": "Example", "title": "XPeng", "is_partial": False, "published_at": "2025-03-20 08:00",
        "available_at": "2025-03-20 08:00", "source_id": "news_articles", "claims_json": claims_json, **more,
    }  # fmt: skip


def test_verdicts_are_made_anew_when_facts_arrive_and_what_they_were_is_kept(warehouse: Warehouse) -> None:
    text = "XPeng delivered 30,350 vehicles in January."
    stated = claims_of_article("XPeng", "", text, published=DAY, language="en", watchlist=WATCHLIST)
    assert stated and "delivered" not in stated
    load(warehouse, "core.articles_by_source", article(stated), at="2025-03-20 09:00")

    def derive() -> None:
        for name, rows in derive_claims(warehouse.frame("SELECT * FROM core.articles")).rows.items():
            warehouse.derive(BY_NAME[name], rows, run_id="r", loaded_at=AT)
        found = derived_checks(warehouse.connection, WATCHLIST).rows["core.claim_checks"]
        changes = verdict_changes(checks(warehouse.connection), found, run_id="r", changed_at=AT)
        warehouse.append({"ops.verdict_changes": changes})
        warehouse.derive(BY_NAME["core.claim_checks"], found, run_id="r", loaded_at=AT)

    derive()
    assert _verdicts(warehouse) == [("unverifiable", None)]
    load(warehouse, "core.operating_kpis_by_source", kpi("2025-01-01", "2025-01-31", "30350"), at="2025-04-01 09:00")
    derive()
    derive()
    assert _verdicts(warehouse) == [("supported", "core.operating_kpis")]
    (change,) = warehouse.frame("SELECT * FROM ops.verdict_changes").to_pylist()
    assert (change["verdict_before"], change["verdict_after"]) == ("unverifiable", "supported")
    (claim,) = warehouse.frame("SELECT * FROM core.claims").to_pylist()
    assert claim["sentence"] is None and text[claim["start_offset"] : claim["end_offset"]] == claim["text_as_written"]


def _verdicts(warehouse: Warehouse) -> list[tuple[str, str | None]]:
    rows = warehouse.frame("SELECT verdict, evidence_rows FROM core.claim_checks").to_pylist()
    return [(one["verdict"], one["evidence_rows"] and one["evidence_rows"][0].split()[0]) for one in rows]
