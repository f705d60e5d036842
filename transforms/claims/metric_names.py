"""The full name of what a number measures: a metric, its share, change, target, guidance or growth."""

from transforms.claims.amounts import MULTIPLE, PART, Amount
from transforms.claims.claim import UNKNOWN
from transforms.claims.measure_words import COUNT_FLOW, FLOW, QUOTE, Measure
from transforms.claims.relations import Relation
from transforms.claims.units import MONEY, RATES

_SHARES = {
    "orders": "order_share",
    "market_share": "market_share",
    "stake": "stake",
    "index_weight": "index_weight",
    "penetration": "penetration",
}
_CHANGES = {"price": "price_change", "index_level": "index_change", "asp": "asp", "price_presale": "price_change"}
_QUOTES = frozenset({"share_price", "share_price_open", "share_price_close", "share_price_high", "share_price_low"})
_MONEY_NAMES = {"sales": "revenue", "smartphone_shipments": "revenue", "followers": "followers"}
_ALREADY_RATES = frozenset({"placing_discount", "market_share", "index_weight", "penetration"})


def metric_name(
    amount: Amount,
    unit: str,
    measure: Measure | None,
    relation: Relation,
    *,
    is_guidance: bool,
    is_target: bool,
    is_money: bool = False,
) -> str:
    """Name what a number measures."""
    if unit == "day" and relation.comparison == "since":
        return "days_since_launch"
    if measure is None:
        return "share" if relation.comparison == "share_of" else UNKNOWN
    code = measure.code
    if unit in RATES or amount.kind in (PART, MULTIPLE):
        code = "revenue" if code == "sales" and is_money else code
        return _rate_name(code, measure, relation, is_guidance=is_guidance)
    if code in _QUOTES and relation.comparison == "day":
        return "share_price_change_abs"
    if code in ("share_price", "share_price_open") and relation.comparison == "to":
        return "share_price_close"
    if unit.startswith(MONEY) and code in _MONEY_NAMES:
        code = _MONEY_NAMES[code]
    if code == "production" and relation.comparison == "cumulative":
        return "cumulative_production"
    if measure.family in (FLOW, COUNT_FLOW) and is_guidance:
        return f"{code}_guidance"
    if code in ("deliveries", "production") and is_target:
        return f"{code}_target"
    return code


def _rate_name(code: str, measure: Measure, relation: Relation, *, is_guidance: bool) -> str:
    if relation.comparison == "share_of":
        return _SHARES.get(code, f"{code}_share")
    if relation.comparison == "cagr":
        return f"{code}_cagr"
    if code in _QUOTES:
        return "share_price_change"
    if measure.family in (FLOW, COUNT_FLOW) and is_guidance and code not in _ALREADY_RATES:
        return f"{code}_guidance"
    return _CHANGES.get(code, code)


def is_quote(measure: Measure | None) -> bool:
    """Tell prices of shares, which trade in their own currency."""
    return measure is not None and measure.family == QUOTE
