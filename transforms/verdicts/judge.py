"""The verdict on a claim: which question its metric asks, and whether what the warehouse knew meets the words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from transforms.claims.claim import UNKNOWN
from transforms.claims.qualifiers import EXACT, REPORTED
from transforms.verdicts import audience, figures, prices, ratios
from transforms.verdicts.asked import CARS, GROUP, Asked
from transforms.verdicts.known import Answer, Answers, Unanswered
from transforms.verdicts.numbers import Span, cut_to_place, to_place
from transforms.verdicts.words import Words, words_of

SUPPORTED, CONTRADICTED, IMPRECISE, UNVERIFIABLE = "supported", "contradicted", "imprecise", "unverifiable"
VERDICTS = (SUPPORTED, CONTRADICTED, IMPRECISE, UNVERIFIABLE)
REASONS: Mapping[str, str] = {
    "subject_unknown": "it is about nobody on the watch list",
    "metric_unknown": "the warehouse keeps no such figure",
    "period_unknown": "the text does not say when",
    "in_the_future": "its time had not come",
    "no_data_for_period": "the warehouse has no such figure of that time",
    "part_of_company": "it is about a part of the company that is not kept apart",
    "not_comparable": "what is kept is not the same",
    "too_coarse": "what is kept is less exact than the claim",
}
"""Why a claim is unverifiable, in words for people."""

Question = Callable[[Asked], Answers]
_FACTS = (
    "revenue", "cost_of_sales", "gross_profit", "operating_profit", "operating_loss", "ebit", "net_profit", "net_loss",
    "adjusted_net_profit", "adjusted_net_loss", "profit_before_tax", "rd_expense", "selling_expenses",
    "administrative_expenses", "capital_expenditure", "operating_cash_flow", "eps", "cash_reserves", "total_assets",
    "debt", "inventories", "revenue_share",
)  # fmt: skip
_KPIS = (
    "deliveries", "production", "cumulative_production", "sales", "smartphone_shipments", "shipments",
    "monthly_active_users", "iot_devices", "stores", "charging_stations", "energy_storage", "asp",
)  # fmt: skip
_AIMS = (
    "sales_target", "deliveries_target", "production_target", "revenue_guidance", "deliveries_guidance",
    "gross_margin_guidance", "vehicle_margin_guidance", "capital_expenditure_guidance", "rd_expense_guidance",
)  # fmt: skip
QUESTIONS: Mapping[str, Question] = {
    **dict.fromkeys(
        ("share_price", "share_price_close", "share_price_open", "share_price_high", "share_price_low"), prices.price
    ),
    "share_price_change": prices.change,
    "share_price_change_abs": prices.step,
    "market_cap": prices.market_value,
    "turnover": prices.turnover,
    "volume": prices.volume,
    "pe_ratio": ratios.price_to_earnings,
    "shares_outstanding": prices.shares,
    "exchange_rate": prices.exchange_rate,
    **dict.fromkeys(_FACTS, figures.fact),
    **dict.fromkeys(_KPIS, figures.kpi),
    **dict.fromkeys((f"{name}_cagr" for name in _FACTS), ratios.compound_of_facts),
    **dict.fromkeys((f"{name}_cagr" for name in _KPIS), ratios.compound_of_kpis),
    **dict.fromkeys(_AIMS, figures.target),
    **dict.fromkeys(("gross_margin", "vehicle_margin", "net_margin", "operating_margin"), figures.margin),
    **dict.fromkeys(
        ("followers", "douyin_followers", "weibo_followers", "bilibili_followers", "x_followers"), audience.followers
    ),
    "market_rank": audience.rank,
}
"""Which metric of a claim is answered by what."""
_WITHOUT_COMPANY = frozenset({"exchange_rate"})
_AHEAD = frozenset({"target"})
_LOOSEST = Decimal("0.05")
"""By how much of the value a rounded number may be off: 100,000 is no rounding of 135,000."""
_RATES_DIFFER = Decimal("0.02")
"""By how much translations of one amount may differ: by the rate of the day, of the period's end, or its mean."""
_LEAST_EXACT = 3
"""How many times wider than the words evidence may be that does not lie within them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the warehouse says to one claim."""

    verdict: str
    words: Words
    reason: str = ""
    detail: str = ""
    answer: Answer | None = None

    @property
    def difference(self) -> Decimal | None:
        """How much more the claim states than the warehouse has."""
        return None if self.answer is None else self.words.stated - self.answer.value

    @property
    def is_known_then(self) -> bool:
        """Whether all evidence was public at the article's time."""
        return self.answer is not None and all(one.is_known_then for one in self.answer.cited)


def judge(asked: Asked) -> Verdict:
    """Compare a claim with what was known at its article's time.

    Of alternatives the one that bears it out counts, else the first.
    """
    words = words_of(asked.claim)
    answers = _ask(asked)
    if isinstance(answers, Unanswered):
        return Verdict(UNVERIFIABLE, words, answers.reason, answers.detail)
    verdicts = [_compared(asked, words, one) for one in answers]
    best = min(verdicts, key=lambda one: _ORDER[one.verdict])
    if (
        best.verdict in (CONTRADICTED, IMPRECISE)
        and asked.scope == CARS
        and QUESTIONS[asked.claim.metric] is not figures.kpi
    ):
        return Verdict(UNVERIFIABLE, words, "part_of_company", "cars, of which the segment is not all")
    return _at_another_rate(asked, best)


def _at_another_rate(asked: Asked, verdict: Verdict) -> Verdict:
    """Leave open what a text itself has translated and what is near: the rate that it took is not said."""
    answer = verdict.answer
    if asked.claim.comparison != "equivalent" or answer is None or verdict.verdict not in (CONTRADICTED, IMPRECISE):
        return verdict
    if abs(verdict.words.stated - answer.value) > abs(answer.value) * _RATES_DIFFER:
        return verdict
    return Verdict(UNVERIFIABLE, verdict.words, "not_comparable", "translated at another rate", answer)


_ORDER = {SUPPORTED: 0, IMPRECISE: 1, UNVERIFIABLE: 2, CONTRADICTED: 3}


def _ask(asked: Asked) -> Answers:
    claim = asked.claim
    if not claim.company_id and claim.metric not in _WITHOUT_COMPANY:
        return Unanswered("subject_unknown")
    if claim.metric == UNKNOWN or claim.metric not in QUESTIONS:
        return Unanswered("metric_unknown", claim.metric)
    if claim.comparison in _AHEAD and QUESTIONS[claim.metric] is not figures.target:
        return Unanswered("not_comparable", claim.comparison)
    if _is_of_a_part(asked):
        return Unanswered("part_of_company", claim.subject)
    return QUESTIONS[claim.metric](asked)


def _is_of_a_part(asked: Asked) -> bool:
    """Tell a plant or a variant of a model, which is named more exactly than what the watch list has."""
    claim, watchlist = asked.claim, asked.known.watchlist
    company = next((one for one in watchlist.companies if one.id == claim.subject_id), None)
    product = next((one for one in watchlist.products if one.id == claim.subject_id), None)
    if company is not None:
        return claim.subject != company.name and not (asked.scope != GROUP or claim.subject == "Xiaomi EV")
    return product is not None and not claim.subject.endswith(product.name)


def _compared(asked: Asked, words: Words, answer: Answer) -> Verdict:
    low, high = answer.bounds
    if _is_met(words.allowed, answer, low, high):
        is_coarse = not answer.is_span and _is_coarse(words, answer)
        return (
            Verdict(UNVERIFIABLE, words, "too_coarse", "", answer)
            if is_coarse
            else Verdict(SUPPORTED, words, answer=answer)
        )
    is_loose = asked.claim.qualifier in (EXACT, REPORTED) and asked.claim.normalised_max is None
    if is_loose and not answer.is_span and _is_rounded(words, answer.value):
        return Verdict(IMPRECISE, words, answer=answer)
    return Verdict(CONTRADICTED, words, answer=answer)


def _is_met(allowed: Span, answer: Answer, low: Decimal, high: Decimal) -> bool:
    return allowed.holds(answer.value) if low == high else allowed.meets(low, high)


def _is_coarse(words: Words, answer: Answer) -> bool:
    allowed, (low, high) = words.allowed, answer.bounds
    if allowed.low is None or allowed.high is None or answer.value == words.stated:
        return False
    return high - low > _LEAST_EXACT * (allowed.high - allowed.low)


def _is_rounded(words: Words, value: Decimal) -> bool:
    """Tell a number that is right once its last zeros, or the digits that it cuts off, are not taken at their word."""
    if not value or abs(words.stated - value) > abs(value) * _LOOSEST:
        return False
    is_zeros = words.sure_place > words.written_place and to_place(value, words.sure_place) == words.stated
    return is_zeros or (cut_to_place(value, words.written_place) == words.stated)
