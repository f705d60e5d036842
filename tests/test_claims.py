"""Numeric claims: sentences of our own for every idea, texts of several sentences, and texts that are no texts."""

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.watchlist import WatchList, read_watchlist
from transforms.claims import Claim, read_claims
from transforms.claims.claim import COMPARISONS, DIRECTIONS, QUALIFIERS
from transforms.claims.measure_words import MEASURES
from transforms.claims.period_words import RULES
from transforms.claims.plain import Plain
from transforms.claims.triggers import Triggered, triggers_of
from transforms.metrics import METRICS

HERE = Path(__file__).parent
WATCHLIST = read_watchlist(HERE.parent / "watchlist.toml")
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "claims_cases.toml").read_text(encoding="utf-8"))["case"]
DAY = date(2025, 5, 28)
TINY = Decimal("1e-6")
_NAMES = {"kind": "period_kind", "start": "period_start", "end": "period_end", "max": "normalised_max"}
_WORDS = (
    "小米|Xiaomi| |，|。|.|3|12.5%|三成|万|亿元|HK$|RMB|from|to|至|第三季度|in 2024|同比|增长|-|/|(|)"
    "|\n|一|倍|half|two|million|０|③|½|㎞|\0|🚗|İ|last month|Q3|2月30日|31/02/2024|2024年13月|百分点"
    "|99999999999999999999|year|13月5日|31 March-6 April"
    "|上半年|前九个月|过去0年|by 2030|three months to|1Q25|年底|日|月|周五|5.000 cars|由|起|30 February"
)
_PIECES = st.sampled_from(_WORDS.split("|"))


def _read(text: str, **options: Any) -> tuple[Claim, ...]:
    return read_claims(text, **{"published": DAY, "watchlist": WATCHLIST, **options})


@pytest.mark.parametrize("case", CASES, ids=[one["idea"] for one in CASES])
def test_what_a_sentence_claims(case: dict[str, Any]) -> None:
    claims = list(_read(case["text"], published=case["date"]))
    for expected in case["claims"]:
        claims.remove(_matched(claims, expected))
    spare = [Decimal(value) for value in case.get("allowed", [])]
    assert [one.text for one in claims if not any(_is_close(one.normalised, value) for value in spare)] == []


def _matched(claims: list[Claim], expected: dict[str, Any]) -> Claim:
    value = Decimal(expected["value"])
    claim = next((one for one in claims if _is_close(one.normalised, value)), None)
    assert claim is not None, f"{value} is not among {[(one.text, one.normalised) for one in claims]}"
    for field, wanted in expected.items():
        if field == "value":
            continue
        found = getattr(claim, _NAMES.get(field, field))
        if field == "max":
            assert found is not None and _is_close(found, Decimal(wanted))
        else:
            assert (found.isoformat() if isinstance(found, date) else found) == wanted, f"{field} of {claim.text}"
    return claim


def _is_close(found: Decimal, value: Decimal) -> bool:
    return abs(found - value) <= abs(value) * TINY


def test_offsets_lead_to_the_text_as_written() -> None:
    text = "ＸＰｅｎｇ：小鵬 ４月交付３５０４５輛。\n蔚來…交付２３９００輛，½ of them abroad."
    claims = _read(text)
    assert [text[one.start : one.end] for one in claims] == [one.text for one in claims]
    assert [one.normalised for one in claims][:2] == [35045, 23900]
    assert all(one.text in one.sentence and one.sentence in text for one in claims)


def test_the_headline_names_the_subject_of_a_text_that_does_not() -> None:
    claim = _read("Deliveries rose 12% in April.", title="NIO grows again")[0]
    assert (claim.subject, claim.subject_id, claim.company_id, claim.subject_via) == ("NIO", "nio", "nio", "headline")


def test_a_fragment_without_a_name_is_about_the_main_company_and_says_that_it_is_assumed() -> None:
    claim = _read("Revenue rose 12% in the first quarter.")[0]
    assert (claim.subject, claim.subject_via) == ("Xiaomi", "assumed")
    assert _read("Revenue rose 12% in the first quarter.", watchlist=WatchList())[0].subject == "unknown"


def test_an_article_that_names_nobody_on_the_list_is_about_nobody_on_it() -> None:
    text = "The mill was opened by the mayor on a rainy day. " * 20 + "Revenue rose 12% in the first quarter."
    assert [(one.subject, one.company_id) for one in _read(text)] == [("unknown", "")]


def test_a_company_that_is_not_followed_is_named_and_has_no_id() -> None:
    claim = _read("Acme Motors's revenue rose 12% in the first quarter.")[0]
    assert (claim.subject, claim.subject_id, claim.company_id) == ("Acme Motors", "", "")


def test_money_that_the_main_company_never_counts_in_is_not_assumed_to_be_its() -> None:
    assert {one.subject for one in _read("Net profit was £3.1bn, up 4%.")} == {"unknown"}


def test_a_product_leads_to_its_maker_and_a_person_to_the_employer() -> None:
    product, person = _read("The SU7 is priced at 215,900 yuan. Lei Jun has 26 million followers on Weibo.")
    assert (product.subject_id, product.company_id, product.metric) == ("xiaomi-su7", "xiaomi", "price")
    assert (person.subject_id, person.company_id, person.warehouse_metric) == ("lei-jun", "xiaomi", "followers")


def test_a_figure_of_results_without_a_period_is_of_the_last_quarter_and_says_that_it_is_assumed() -> None:
    claim = _read("Xiaomi's revenue was 111.3 billion yuan.")[0]
    assert (claim.period, claim.is_period_assumed) == ("2025Q1", True)
    stated = _read("Xiaomi's revenue was 366 billion yuan in 2024.")[0]
    assert (stated.period, stated.is_period_assumed) == ("2024FY", False)


def test_a_period_holds_for_the_sentences_after_it_until_another_is_named() -> None:
    text = "XPeng reported its first-quarter results. Revenue was 15.8 billion yuan. In 2024 it was 40.9 billion yuan."
    assert [one.period for one in _read(text)] == ["2025Q1", "2024FY"]


def test_without_a_day_only_stated_years_are_placed() -> None:
    said, counted = _read("NIO delivered 72,689 vehicles in Q4 2024. XPeng delivered 3,000 last month.", published=None)
    assert said.period == "2024Q4"
    assert (counted.period, counted.normalised) == ("", 3000)


def test_a_fiscal_year_is_that_of_the_company() -> None:
    companies = tuple(replace(one, fiscal_year_end="03-31") if one.id == "byd" else one for one in WATCHLIST.companies)
    text = "BYD's revenue was 900 billion yuan in fiscal 2025 and 700 billion yuan in 2024."
    fiscal, calendar = _read(text, watchlist=replace(WATCHLIST, companies=companies), published=date(2025, 12, 1))
    assert (fiscal.period_start, fiscal.period_end) == (date(2024, 4, 1), date(2025, 3, 31))
    assert (calendar.period_start, calendar.period_end) == (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(("language", "currency"), [("zh-Hans", "CNY"), ("zh-Hant-HK", "HKD")])
def test_the_language_settles_the_money_of_a_share_on_two_markets(language: str, currency: str) -> None:
    assert _read("比亚迪收盘价106.5元。", language=language)[0].currency == currency


def test_metrics_lead_to_what_the_warehouse_keeps() -> None:
    assert {one.stored_as for one in MEASURES} - {""} <= {one.code for one in METRICS}
    assert len({one.code for one in MEASURES}) == len(MEASURES)


def test_nothing_is_claimed_by_nothing() -> None:
    assert _read("") == _read(" \n。") == _read("No number here.") == ()


@given(st.lists(st.one_of(_PIECES, st.text(max_size=4)), max_size=30).map("".join))
@settings(max_examples=250, deadline=None)
def test_any_text_is_read_and_places_hold(text: str) -> None:
    for claim in _read(text, title=text[:20]):
        assert text[claim.start : claim.end] == claim.text != ""
        assert claim.text in claim.sentence
        assert claim.comparison in (*COMPARISONS, "cltc", "wltp", "epa", "nedc")
        assert claim.direction in DIRECTIONS
        assert claim.qualifier in QUALIFIERS
        assert claim.normalised.is_finite() and claim.unit
        assert claim.normalised_max is None or claim.normalised_max > claim.normalised
        assert claim.period_start is None or claim.period_end is None or claim.period_start <= claim.period_end


@pytest.mark.parametrize("endless", ["1" * 1_000_000, "三" * 300_000, "a1" * 100_000, "(" * 200_000, "." * 500_000])
def test_texts_without_end_claim_nothing_and_end(endless: str) -> None:
    assert _read(endless) == ()


def test_a_table_without_stops_is_read_in_pieces() -> None:
    claims = _read("36,674 vehicles 5% " * 400)
    assert len(claims) == 800
    assert max(len(one.sentence) for one in claims) <= 1200


@pytest.mark.parametrize(
    ("pattern", "triggers"),
    [
        ("(?:smart)?phones? shipped", {" shipped"}),
        ("rais(?:e|ing)|募资", {"rais", "募资"}),
        (r"\b(?P<n>one|two) (?:straight|consecutive) quarters", {" quarters"}),
        ("(?:net|gross) ?x", {"net", "gross"}),
        (r"[a-z]+\d", None),
        ("ab|(?:cd)?", None),
        ("(?<=before )after(?! that)", {"after"}),
        (r"a\|bc[(|)]de+f", {"bc"}),
    ],
)
def test_patterns_are_tried_only_where_they_can_match(pattern: str, triggers: set[str] | None) -> None:
    assert triggers_of(pattern) == triggers


@pytest.mark.parametrize("case", CASES, ids=[one["idea"] for one in CASES])
def test_triggers_never_hide_a_match(case: dict[str, Any]) -> None:
    text = Plain.of(case["text"]).folded
    for pattern, _ in RULES:
        rule = Triggered.of(pattern)
        assert [one.span() for one in rule.finditer(text, text.lower())] == [
            one.span() for one in rule.pattern.finditer(text)
        ]
    for measure in MEASURES:
        rule = Triggered.of(measure.words)
        assert bool(list(rule.finditer(text, text.lower()))) == bool(rule.pattern.search(text))
