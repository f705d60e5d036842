"""Every metric that Dragongate knows, defined once.

Kinds: a `flow` is money over a period, a `level` holds at a day, a `ratio` is a quotient or an average and adds up
to nothing, a `count` is of things or people and exact where the source is. Deliveries, sales and production are
three metrics: handed to a customer, sold to dealers too, built.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from extractors.reading import Read
from transforms.tidy import Tidy, origin
from warehouse.tables.filings import METRICS as TABLE


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition: its code, its name, what kind of number it is, and how sources say it."""

    code: str
    title: str
    kind: str
    unit: str
    words: tuple[str, ...] = ()


def _money(code: str, title: str, *words: str) -> Metric:
    return Metric(code, title, "flow", "currency", words)


def _level(code: str, title: str, *words: str) -> Metric:
    return Metric(code, title, "level", "currency", words)


METRICS: tuple[Metric, ...] = (
    _money("revenue", "Revenue", "revenue", "revenues", "net sales", "收入", "营业收入", "營業額", "营收"),
    _money("cost_of_sales", "Cost of sales", "cost of sales", "cost of revenue", "销售成本", "銷售成本", "营业成本"),
    _money("gross_profit", "Gross profit", "gross profit", "毛利"),
    _money(
        "operating_profit", "Operating profit", "operating profit", "income from operations", "经营利润", "經營利潤"
    ),
    _money(
        "net_profit",
        "Profit for the period",
        "net profit",
        "net income",
        "net loss",
        "profit for the period",
        "净利润",
        "期內利潤",
    ),
    _money(
        "net_profit_attributable",
        "Profit attributable to owners",
        "profit attributable to owners of the company",
        "归属于母公司股东的净利润",
        "歸屬於本公司擁有人的利潤",
    ),
    _money(
        "adjusted_net_profit",
        "Adjusted net profit",
        "adjusted net profit",
        "non-IFRS profit",
        "non-GAAP net income",
        "经调整净利润",
        "經調整淨利潤",
    ),
    _money(
        "research_and_development",
        "Research and development",
        "research and development expenses",
        "R&D",
        "研发开支",
        "研發開支",
        "研发费用",
    ),
    _money(
        "selling_expenses",
        "Selling and marketing",
        "selling and marketing expenses",
        "distribution costs",
        "销售及推广开支",
        "銷售及推廣開支",
    ),
    _money(
        "administrative_expenses",
        "Administration",
        "administrative expenses",
        "general and administrative",
        "行政开支",
        "行政開支",
    ),
    _money(
        "selling_general_administrative",
        "Selling, general and administrative",
        "selling, general and administrative",
        "SG&A",
    ),
    _money("income_tax", "Income tax", "income tax expense", "provision for income taxes", "所得税", "所得稅費用"),
    _money(
        "profit_before_tax",
        "Profit before tax",
        "profit before income tax",
        "income before income taxes",
        "除税前利润",
        "除稅前利潤",
        "利润总额",
    ),
    _money("interest_expense", "Interest expense", "interest expense", "利息支出", "利息費用"),
    _money(
        "share_based_compensation",
        "Share-based compensation",
        "share-based compensation",
        "stock-based compensation",
        "以股份为基础的薪酬",
    ),
    _money(
        "depreciation_amortisation",
        "Depreciation and amortisation",
        "depreciation and amortisation",
        "depreciation and amortization",
        "折旧及摊销",
        "折舊及攤銷",
    ),
    _money(
        "operating_cash_flow",
        "Net cash from operations",
        "net cash generated from operating activities",
        "operating cash flow",
        "经营活动产生的现金净额",
        "經營活動所得現金淨額",
    ),
    _money(
        "investing_cash_flow",
        "Net cash from investing",
        "net cash used in investing activities",
        "投资活动所用现金净额",
    ),
    _money(
        "financing_cash_flow",
        "Net cash from financing",
        "net cash generated from financing activities",
        "融资活动所得现金净额",
    ),
    _money(
        "capital_expenditure",
        "Capital expenditure",
        "capital expenditure",
        "purchases of property, plant and equipment",
        "资本开支",
        "資本開支",
    ),
    _level(
        "cash_and_equivalents",
        "Cash and cash equivalents",
        "cash and cash equivalents",
        "现金及现金等价物",
        "現金及現金等價物",
    ),
    _level(
        "cash_resources",
        "Cash resources as the company defines them",
        "cash resources",
        "现金储备",
        "現金儲備",
        "現金資源",
    ),
    _level("short_term_investments", "Short-term investments", "short-term investments", "短期投资", "短期投資"),
    _level("total_assets", "Total assets", "total assets", "总资产", "資產總額"),
    _level("current_assets", "Current assets", "current assets", "流动资产", "流動資產"),
    _level("total_liabilities", "Total liabilities", "total liabilities", "总负债", "負債總額"),
    _level("current_liabilities", "Current liabilities", "current liabilities", "流动负债", "流動負債"),
    _level("total_equity", "Total equity", "total equity", "shareholders' equity", "权益总额", "權益總額"),
    _level("inventories", "Inventories", "inventories", "inventory", "存货", "存貨"),
    _level(
        "receivables", "Trade receivables", "trade receivables", "accounts receivable", "贸易应收款项", "貿易應收款項"
    ),
    _level("payables", "Trade payables", "trade payables", "accounts payable", "贸易应付款项", "貿易應付款項"),
    _level("borrowings", "Borrowings", "borrowings", "借款"),
    _money("other_income", "Other income and gains, net", "other income", "其他收入", "其他收益"),
    _money("operating_expenses", "Operating expenses, all", "total operating expenses", "经营开支总额"),
    _money("finance_income", "Finance income", "finance income", "interest income", "财务收入", "財務收入"),
    _money("finance_costs", "Finance costs", "finance costs", "财务成本", "財務成本", "财务费用", "財務費用"),
    _money(
        "net_profit_excluding_one_offs",
        "Profit attributable to owners without what does not recur, by the rule of the mainland",
        "归属于上市公司股东的扣除非经常性损益的净利润",
    ),
    _money(
        "comprehensive_income",
        "Total comprehensive income",
        "total comprehensive income",
        "综合收益总额",
        "全面收益總額",
    ),
    _money(
        "comprehensive_income_attributable",
        "Comprehensive income attributable to owners",
        "comprehensive income attributable to owners of the company",
    ),
    _level("non_current_assets", "Non-current assets", "total non-current assets", "非流动资产合计", "非流動資產總額"),
    _level("non_current_liabilities", "Non-current liabilities", "total non-current liabilities", "非流动负债合计"),
    _level(
        "equity_attributable",
        "Equity attributable to owners",
        "equity attributable to owners of the company",
        "归属于上市公司股东的净资产",
        "本公司擁有人應佔權益",
    ),
    _level("non_controlling_interests", "Non-controlling interests", "non-controlling interests", "非控股權益"),
    _level("share_capital", "Share capital", "share capital", "股本"),
    _level(
        "retained_earnings",
        "Retained earnings; a deficit is negative",
        "retained earnings",
        "accumulated deficit",
        "未分配利润",
    ),
    _level(
        "property_plant_equipment",
        "Property, plant and equipment, net",
        "property, plant and equipment",
        "物業、廠房及設備",
        "固定资产",
    ),
    _level("intangible_assets", "Intangible assets", "intangible assets", "无形资产", "無形資產"),
    _level("goodwill", "Goodwill", "goodwill", "商誉", "商譽"),
    _level(
        "trade_and_other_receivables",
        "Trade and other receivables",
        "trade and other receivables",
        "應收貿易及其他賬款",
    ),
    _level("trade_and_other_payables", "Trade and other payables", "trade and other payables", "應付貿易及其他賬款"),
    _level("monetary_funds", "Cash at hand and in banks, also where it is not free", "货币资金"),
    _level("restricted_cash", "Restricted cash", "restricted cash", "受限制現金"),
    _level("borrowings_current", "Borrowings due within a year", "short-term borrowings", "短期借款"),
    _level("borrowings_non_current", "Borrowings due later", "long-term borrowings", "长期借款"),
    _level("net_current_assets", "Current assets less current liabilities", "net current assets", "流動資產淨值"),
    _level(
        "net_current_liabilities",
        "Net current liabilities, with the sign of the document",
        "net current liabilities",
        "流動負債淨額",
    ),
    _level(
        "total_assets_less_current_liabilities",
        "Total assets less current liabilities",
        "total assets less current liabilities",
        "總資產減流動負債",
    ),
    _level(
        "liabilities_and_equity",
        "Liabilities and equity together",
        "total liabilities and equity",
        "负债和所有者权益总计",
    ),
    Metric(
        "eps_basic",
        "Earnings per share, basic",
        "ratio",
        "currency per share",
        ("basic earnings per share", "每股基本盈利"),
    ),
    Metric(
        "eps_diluted",
        "Earnings per share, diluted",
        "ratio",
        "currency per share",
        ("diluted earnings per share", "每股摊薄盈利", "每股攤薄盈利"),
    ),
    Metric(
        "weighted_shares_basic",
        "Average shares, basic",
        "ratio",
        "shares",
        ("weighted average number of ordinary shares, basic",),
    ),
    Metric(
        "weighted_shares_diluted",
        "Average shares, diluted",
        "ratio",
        "shares",
        ("weighted average number of ordinary shares, diluted",),
    ),
    Metric("gross_margin", "Gross margin", "ratio", "%", ("gross margin", "gross profit margin", "毛利率")),
    Metric("return_on_equity", "Return on equity, weighted average", "ratio", "%", ("加权平均净资产收益率",)),
    Metric(
        "eps_basic_excluding_one_offs",
        "Earnings per share, basic, without what does not recur, by the rule of the mainland",
        "ratio",
        "currency per share",
        ("扣除非经常性损益后的基本每股收益",),
    ),
    Metric("vehicle_margin", "Vehicle margin", "ratio", "%", ("vehicle margin", "汽车毛利率", "車輛毛利率")),
    Metric(
        "deliveries",
        "Vehicles handed to customers",
        "count",
        "vehicles",
        ("deliveries", "vehicles delivered", "交付量", "交付"),
    ),
    Metric(
        "sales_volume",
        "Vehicles sold, dealers included",
        "count",
        "vehicles",
        ("sales volume", "wholesales", "销量", "銷量"),
    ),
    Metric(
        "smartphone_shipments",
        "Smartphones shipped",
        "count",
        "units",
        ("smartphone shipments", "智能手机出货量", "智能手機出貨量"),
    ),
    Metric(
        "energy_storage_deployed",
        "Energy storage deployed",
        "count",
        "GWh",
        ("energy storage deployments", "储能装机量", "儲能裝機量"),
    ),
    Metric("asp", "Average selling price", "ratio", "currency per unit", ("average selling price", "ASP", "平均售价")),
    Metric(
        "monthly_active_users",
        "Users active in a month",
        "count",
        "people",
        ("monthly active users", "MAU", "月活跃用户", "月活躍用戶"),
    ),
    Metric(
        "iot_devices",
        "Devices connected, phones and computers aside",
        "count",
        "devices",
        ("connected IoT devices", "已连接的IoT设备", "已連接的IoT設備"),
    ),
    Metric("stores", "Shops of one's own or of partners", "count", "stores", ("retail stores", "门店", "門店")),
    Metric(
        "charging_stations",
        "Charging or battery swap stations",
        "count",
        "stations",
        ("charging stations", "换电站", "換電站"),
    ),
    Metric("share_price", "Price of one share", "level", "currency per share", ("share price", "股价", "股價")),
    Metric("market_cap", "Market value", "level", "currency", ("market capitalisation", "market value", "市值")),
    Metric("turnover", "Value traded in a session", "flow", "currency", ("value traded", "成交额", "成交額")),
    Metric("target_price", "Price that an analyst expects", "level", "currency per share", ("target price", "目标价")),
    Metric(
        "dividend_per_share", "Dividend for one share", "flow", "currency per share", ("dividend per share", "每股派息")
    ),
    Metric("production", "Vehicles built", "count", "vehicles", ("production", "vehicles produced", "产量", "產量")),
    Metric("exports", "Vehicles sold abroad, as the maker counts them", "count", "vehicles", ("exports", "出口")),
    Metric(
        "orders", "Vehicles ordered, firmly or not as the source says", "count", "orders", ("orders", "订单", "訂單")
    ),
    Metric(
        "operating_lease_share",
        "Share of deliveries under operating lease accounting",
        "ratio",
        "%",
        ("subject to operating lease accounting",),
    ),
    Metric(
        "battery_capacity_installed",
        "Capacity of batteries for vehicles and storage put in",
        "count",
        "GWh",
        ("installed capacity of power batteries and energy storage batteries", "动力电池及储能电池装机总量"),
    ),
    Metric(
        "service_centers", "Servicing centres and paint shops", "count", "centres", ("servicing centers", "服务中心")
    ),
    Metric(
        "charging_piles",
        "Charging stalls or piles, of which a station has several",
        "count",
        "piles",
        ("charging stalls", "charging piles", "充电桩", "充電樁"),
    ),
    Metric(
        "shares_in_issue",
        "Shares issued and not cancelled, those that the company holds itself included",
        "count",
        "shares",
        ("issued shares", "shares in issue", "已發行股份", "已发行股份"),
    ),
    Metric("treasury_shares", "Own shares that the company holds", "count", "shares", ("treasury shares", "庫存股份")),
    Metric("shares_issued", "New shares issued on a day", "count", "shares", ("shares issued", "發行股份")),
    Metric(
        "shares_repurchased",
        "Own shares bought on a day, cancelled or not",
        "count",
        "shares",
        ("shares repurchased", "購回股份"),
    ),
    Metric(
        "issue_price", "Price at which new shares were issued", "ratio", "currency per share", ("issue price", "發行價")
    ),
    _money("repurchase_consideration", "Paid for own shares bought on a day", "aggregate consideration", "付出的總額"),
    Metric(
        "followers",
        "Followers of an account",
        "count",
        "people",
        ("followers", "fans", "粉丝", "粉絲", "关注者"),
    ),
    Metric(
        "subscribers",
        "Subscribers of a channel or a subreddit",
        "count",
        "people",
        ("subscribers", "订阅者", "訂閱者", "订阅人数"),
    ),
    Metric("members", "Members of a group", "count", "people", ("group members",)),
    Metric("page_likes", "People who like a page, followers of it or not", "count", "people", ("page likes",)),
    Metric(
        "followers_all_apps",
        "Followers of an account in all apps of its platform's publisher together",
        "count",
        "people",
        ("followers in all apps", "全网粉丝"),
    ),
    Metric(
        "followers_peak",
        "Most followers that an account ever had, as its platform says",
        "count",
        "people",
        ("most followers ever", "最高粉丝数"),
    ),
)
"""All definitions, in the order of a set of accounts."""


def tidy_metrics(reads: Sequence[Read[Any]]) -> Tidy:
    """One row per definition; the list of definitions is as old as the bytes that it is kept beside."""
    return Tidy.join(
        Tidy.of(
            TABLE,
            [
                {
                    "metric": one.code,
                    "title": one.title,
                    "kind": one.kind,
                    "unit": one.unit,
                    "words": list(one.words),
                    "available_at": read.snapshot.fetched_at,
                    **origin(read.snapshot, "watchlist_file"),
                }
                for one in METRICS
            ],
        )
        for read in reads
    )
