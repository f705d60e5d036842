"""Which elements of US-GAAP and IFRS state which metric, and why they are taken in this order.

An element is tried after those above it, within one filing and period. Where the elements of a metric
are parts of one another the largest is the total, whatever its name: NIO tags a note item of 2023 as
`Revenues`, and its revenue as `RevenueFromContractWithCustomerExcludingAssessedTax`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial


class Measure(StrEnum):
    """In what a metric is stated, and so which units of a filing fit it."""

    MONEY = "money"
    PER_SHARE = "per_share"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: the elements that state it, the preferred one first."""

    code: str
    us_gaap: tuple[str, ...]
    ifrs: tuple[str, ...]
    reason: str
    """Why in this order."""
    measure: Measure = Measure.MONEY
    is_flow: bool = True
    """Adds up over time, so that a quarter is a year less nine months."""
    takes_largest: bool = False
    """The elements are parts of one another, so the largest is meant."""
    is_never_negative: bool = False
    is_level: bool = False
    """Holds at a day and not over a span."""


_ONE = "One element states it."


def _metric(
    code: str,
    us_gaap: str,
    ifrs: str,
    reason: str = _ONE,
    *,
    measure: Measure = Measure.MONEY,
    is_flow: bool = True,
    largest: bool = False,
    positive: bool = False,
    is_level: bool = False,
) -> Metric:
    elements = (tuple(us_gaap.split()), tuple(ifrs.split()))
    return Metric(code, *elements, reason, measure, is_flow, largest, positive, is_level)


_flow = _metric
_level = partial(_metric, is_flow=False, positive=True, is_level=True)
_per_share = partial(_metric, measure=Measure.PER_SHARE, is_flow=False)
_shares = partial(_metric, measure=Measure.SHARES, is_flow=False, positive=True)

METRICS: tuple[Metric, ...] = (
    _flow(
        "revenue",
        "Revenues RevenueFromContractWithCustomerExcludingAssessedTax "
        "RevenueFromContractWithCustomerIncludingAssessedTax SalesRevenueNet",
        "Revenue RevenueFromContractsWithCustomers",
        "Revenue from contracts is a part of all revenue, and some filers give the total its name.",
        largest=True,
        positive=True,
    ),
    _flow(
        "cost_of_sales",
        "CostOfRevenue CostOfGoodsAndServicesSold CostOfGoodsSold",
        "CostOfSales",
        "Cost of goods is a part of the cost of all revenue.",
        largest=True,
        positive=True,
    ),
    _flow("gross_profit", "GrossProfit", "GrossProfit"),
    _flow("operating_profit", "OperatingIncomeLoss", "ProfitLossFromOperatingActivities"),
    _flow(
        "net_profit",
        "ProfitLoss NetIncomeLoss",
        "ProfitLoss",
        "A filer without minority interests has no profit before them and tags only its own.",
    ),
    _flow(
        "net_profit_attributable",
        "NetIncomeLoss NetIncomeLossAvailableToCommonStockholdersBasic",
        "ProfitLossAttributableToOwnersOfParent",
        "What is left to ordinary shares is the fallback, since preferred dividends and accretion are off it.",
    ),
    _flow(
        "research_and_development",
        "ResearchAndDevelopmentExpense ResearchAndDevelopmentExpenseExcludingAcquiredInProcessCost",
        "ResearchAndDevelopmentExpense",
        "The whole expense before the one without purchased projects.",
    ),
    _flow(
        "selling_expenses",
        "SellingAndMarketingExpense SellingExpense",
        "SellingExpense SalesAndMarketingExpense DistributionCosts",
        "The line of the income statement before the narrower words for it.",
    ),
    _flow(
        "administrative_expenses",
        "GeneralAndAdministrativeExpense",
        "AdministrativeExpense GeneralAndAdministrativeExpense",
        "IFRS filers use the short name on the income statement by function.",
    ),
    _flow(
        "selling_general_administrative",
        "SellingGeneralAndAdministrativeExpense",
        "SellingGeneralAndAdministrativeExpense",
    ),
    _flow(
        "profit_before_tax",
        "IncomeLossFromContinuingOperationsBeforeIncomeTaxesExtraordinaryItemsNoncontrollingInterest "
        "IncomeLossFromContinuingOperationsBeforeIncomeTaxesMinorityInterestAndIncomeLossFromEquityMethodInvestments",
        "ProfitLossBeforeTax",
        "The second leaves out the share of associates, which the first may hold.",
    ),
    _flow("income_tax", "IncomeTaxExpenseBenefit", "IncomeTaxExpenseContinuingOperations"),
    _flow(
        "interest_expense",
        "InterestExpense InterestExpenseNonoperating",
        "InterestExpense FinanceCosts",
        "Newer taxonomies split interest of operations off; finance costs hold more than interest.",
    ),
    _flow(
        "operating_cash_flow",
        "NetCashProvidedByUsedInOperatingActivities NetCashProvidedByUsedInOperatingActivitiesContinuingOperations",
        "CashFlowsFromUsedInOperatingActivities",
        "The total before the continuing part.",
    ),
    _flow(
        "investing_cash_flow",
        "NetCashProvidedByUsedInInvestingActivities NetCashProvidedByUsedInInvestingActivitiesContinuingOperations",
        "CashFlowsFromUsedInInvestingActivities",
        "The total before the continuing part.",
    ),
    _flow(
        "financing_cash_flow",
        "NetCashProvidedByUsedInFinancingActivities NetCashProvidedByUsedInFinancingActivitiesContinuingOperations",
        "CashFlowsFromUsedInFinancingActivities",
        "The total before the continuing part.",
    ),
    _flow(
        "capital_expenditure",
        "PaymentsToAcquirePropertyPlantAndEquipment PaymentsToAcquireProductiveAssets",
        "PurchaseOfPropertyPlantAndEquipmentClassifiedAsInvestingActivities",
        "Productive assets hold intangibles too, so they are the fallback.",
    ),
    _flow(
        "share_based_compensation",
        "ShareBasedCompensation AllocatedShareBasedCompensationExpense",
        "AdjustmentsForSharebasedPayments",
        "The cash flow statement before the note.",
    ),
    _flow(
        "depreciation_amortisation",
        "DepreciationDepletionAndAmortization DepreciationAmortizationAndAccretionNet DepreciationAndAmortization",
        "DepreciationAndAmortisationExpense AdjustmentsForDepreciationAndAmortisationExpense",
        "The cash flow statement's line in its usual names.",
    ),
    _level("cash_and_equivalents", "CashAndCashEquivalentsAtCarryingValue Cash", "CashAndCashEquivalents"),
    _level(
        "short_term_investments",
        "ShortTermInvestments MarketableSecuritiesCurrent AvailableForSaleSecuritiesDebtSecuritiesCurrent",
        "CurrentInvestments",
        "The balance sheet's own line before a class of it.",
    ),
    _level("total_assets", "Assets", "Assets"),
    _level("current_assets", "AssetsCurrent", "CurrentAssets"),
    _level("total_liabilities", "Liabilities", "Liabilities"),
    _level("current_liabilities", "LiabilitiesCurrent", "CurrentLiabilities"),
    _level(
        "total_equity",
        "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest StockholdersEquity",
        "Equity",
        "A filer without minority interests tags only the owners' part, which is then all.",
        positive=False,
    ),
    _level("inventories", "InventoryNet", "Inventories"),
    _level(
        "receivables",
        "AccountsReceivableNetCurrent ReceivablesNetCurrent",
        "TradeAndOtherCurrentReceivables CurrentTradeReceivables",
        "Trade receivables before wider or narrower lines.",
    ),
    _level(
        "payables",
        "AccountsPayableCurrent AccountsPayableTradeCurrent",
        "TradeAndOtherCurrentPayables TradeAndOtherCurrentPayablesToTradeSuppliers",
        "The balance sheet's line before the note's.",
    ),
    _level(
        "borrowings",
        "DebtLongtermAndShorttermCombinedAmount LongTermDebt",
        "Borrowings",
        "All debt before the long-term part.",
    ),
    _per_share(
        "eps_basic",
        "EarningsPerShareBasic EarningsPerShareBasicAndDiluted",
        "BasicEarningsLossPerShare BasicAndDilutedEarningsLossPerShare",
        "One line for both is used in years of loss, when nothing dilutes.",
    ),
    _per_share(
        "eps_diluted",
        "EarningsPerShareDiluted EarningsPerShareBasicAndDiluted",
        "DilutedEarningsLossPerShare BasicAndDilutedEarningsLossPerShare",
        "One line for both is used in years of loss, when nothing dilutes.",
    ),
    _shares(
        "weighted_shares_basic",
        "WeightedAverageNumberOfSharesOutstandingBasic WeightedAverageNumberOfShareOutstandingBasicAndDiluted",
        "WeightedAverageShares",
        "One line for both is used in years of loss, when nothing dilutes.",
    ),
    _shares(
        "weighted_shares_diluted",
        "WeightedAverageNumberOfDilutedSharesOutstanding WeightedAverageNumberOfShareOutstandingBasicAndDiluted",
        "AdjustedWeightedAverageShares",
        "One line for both is used in years of loss, when nothing dilutes.",
    ),
)


@dataclass(frozen=True, slots=True)
class Override:
    """Elements that one filer uses for a metric in place of the usual ones."""

    elements: tuple[str, ...]
    reason: str


OVERRIDES: Mapping[tuple[int, str], Override] = {
    (1736541, "borrowings"): Override(
        ("us-gaap:DebtLongtermAndShorttermCombinedAmount",),
        "NIO states single loans as long-term debt, in a note.",
    ),
}
"""By filer and metric."""

BASES: Mapping[str, str] = {"us-gaap": "us_gaap", "ifrs-full": "ifrs"}
"""The accounting basis that a taxonomy stands for."""


def elements_of(metric: Metric, cik: int) -> tuple[str, ...]:
    """List the elements that state a metric for one filer, with their taxonomy, the preferred one first."""
    if override := OVERRIDES.get((cik, metric.code)):
        return override.elements
    return (*(f"us-gaap:{tag}" for tag in metric.us_gaap), *(f"ifrs-full:{tag}" for tag in metric.ifrs))
