"""Unit, currency and sign of a number, by itself and by what it measures."""

from dataclasses import dataclass
from decimal import Decimal

from transforms.claims.amounts import NUMBER, Amount
from transforms.claims.currencies import UNSETTLED
from transforms.claims.measure_words import COUNT_FAMILIES, QUOTE, Measure
from transforms.claims.relations import Relation
from transforms.claims.units import MONEY, RATES

_LOSSES = frozenset({"net_loss", "adjusted_net_loss", "operating_loss"})
_SIGNED = frozenset({"share_price_change", "share_price_change_abs", "index_change"})
_QUOTIENT = {"percent": Decimal(100), "pp": Decimal(100), "bp": Decimal(10_000)}
_TRADED = frozenset(
    {
        "share_price", "share_price_open", "share_price_close", "share_price_high", "share_price_low", "target_price",
        "turnover", "market_cap", "placing_price", "placing_proceeds", "buyback",
    }
)  # fmt: skip
_LOOSE = frozenset({"units", "items", "companies", "people", "products", "vehicles", "phones", "devices", "stations"})
_KEEPS = frozenset({"vehicles", "phones"})
_KEPT = _KEEPS | {"items"}
"""What is counted by its own word even where the metric is one of cars: chips made, screens sold."""


@dataclass(frozen=True, slots=True)
class Money:
    """What money means where a text does not say it: the text's own currency, and the one in which a share trades."""

    stated: str = ""
    trading: str = "HKD"
    is_hong_kong: bool = False


def settle_unit(amount: Amount, measure: Measure | None, before: list[tuple[str, str]], *, is_list: bool) -> str:
    """Name the unit of a number; `before` are units and currencies of the numbers before it in the sentence."""
    unit = amount.unit
    if unit == MONEY:
        return _money(amount, measure)
    if unit == "" and amount.kind == NUMBER:
        if is_list and before and amount.scale == 1 and before[-1][0] not in (*RATES, "fraction", "multiple", "rank"):
            return before[-1][0]
        if measure:
            return _money(amount, measure) if measure.unit.startswith(MONEY) else measure.unit
        return before[-1][0] if before and before[-1][0] not in (*RATES, "fraction", "multiple") else "units"
    if measure and measure.code == "capacity" and unit in ("vehicles", "units", "phones"):
        return f"{'phones' if unit == 'phones' else 'vehicles'}_per_year"
    if measure and measure.family in COUNT_FAMILIES and unit in _LOOSE and measure.unit != "units":
        return unit if unit in _KEPT and measure.unit in _KEEPS else measure.unit
    if unit == "units":
        return "vehicles" if measure is None else unit
    return unit


def settle_currency(
    amount: Amount, unit: str, measure: Measure | None, money: Money, before: list[tuple[str, str]]
) -> str:
    """Name the currency of money; 元 alone is the mainland's, or Hong Kong's in prices of shares that trade there."""
    if not unit.startswith(MONEY):
        return ""
    if amount.currency and amount.currency != UNSETTLED:
        return amount.currency
    is_quote = measure is not None and measure.code in _TRADED
    if not amount.currency:
        earlier = [currency for _, currency in before if currency]
        if earlier and amount.value:
            return earlier[-1]
        if not amount.value:
            return ""
    if is_quote and money.trading:
        return money.trading
    return money.stated or "CNY"


def normalised(amount: Amount, unit: str, metric: str, relation: Relation) -> tuple[Decimal, Decimal | None]:
    """Apply scale and sign: percent as a quotient, losses and falls of prices negative."""
    divisor = _QUOTIENT.get(unit, Decimal(1))
    low, high = amount.scaled / divisor, None if amount.high is None else amount.high / divisor
    is_down = relation.direction == "down"
    if (
        (metric in _LOSSES and unit.startswith(MONEY))
        or (metric == "ebit" and is_down and unit == MONEY)
        or (metric in _SIGNED and is_down)
    ):
        return (-low, None) if high is None else (-high, -low)
    if amount.is_negative and unit.startswith(MONEY):
        return -low, high
    return low, high


def _money(amount: Amount, measure: Measure | None) -> str:
    if measure and measure.code == "annual_salary":
        return "money_per_year"
    if amount.per == "share" or (measure and measure.family == QUOTE and amount.scale == 1 and amount.value):
        return "money_per_share"
    if amount.per == "year" and measure is None:
        return "money_per_year"
    return MONEY
