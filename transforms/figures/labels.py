"""The words in which documents say the metrics of core.metrics: English, traditional and simplified Chinese.

A label is compared whole, in its plain form, without brackets, marks and numbering. A label of a loss is that of the
profit; its number is a loss even where no bracket says so. Costs stay as the document writes them: in brackets in
Hong Kong, without a sign in the United States and on the mainland.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from transforms.figures.plain import plain

INCOME, BALANCE, CASH = "income", "balance", "cash"
KINDS = (INCOME, BALANCE, CASH)

LABELS: dict[str, dict[str, str]] = {
    INCOME: {
        "revenue": (
            "revenue|revenues|net revenue|net revenues|total revenue|total revenues|total net revenues|net sales|"
            "total net sales|sales|net revenues total|operating revenue|operating revenues|total operating revenues|"
            "turnover|sales net of returns and allowances|revenue net|revenues net|收入|营业额|营业收入|营业总收入|"
            "总收入|收益|收入总额|总收益|收入合计|净收入|营收|营业收入合计|主营业务收入"
        ),
        "cost_of_sales": (
            "cost of sales|cost of revenue|cost of revenues|cost of goods sold|total cost of revenues|"
            "total cost of revenue|total cost of sales|costs of revenues|销售成本|营业成本|销货成本|收入成本|"
            "收益成本|营业额成本|已售货品成本"
        ),
        "gross_profit": "gross profit|total gross profit|gross margin|毛利|毛利润|毛利总额",
        "other_income": (
            "other income|other income net|other income and gains|other income and gains net|other gains and income|"
            "other income gains and losses|other income expense net|other income expense|other gains and losses|"
            "other gains net|other net gains|其他收入|其他收入及收益|其他收入收益及亏损|其他收益|其他收益净额|"
            "其他净收益|其他利润净额"
        ),
        "research_and_development": (
            "research and development expenses|research and development|research and development costs|研发开支|"
            "研发费用|研究及开发费用|研究及开发开支|研究及开发成本|研发成本"
        ),
        "selling_expenses": (
            "selling and marketing expenses|selling expenses|selling and distribution expenses|"
            "selling and distribution costs|distribution costs|sales and marketing|sales and marketing expenses|"
            "selling|distribution and selling expenses|selling and marketing|selling and distribution|销售及推广开支|"
            "销售开支|销售费用|销售及分销开支|销售及分销成本|分销成本|分销开支|销售及市场推广开支|销售及市场推广费用|"
            "分销及销售开支|销售及营销开支|销售及市场开支"
        ),
        "administrative_expenses": (
            "administrative expenses|general and administrative expenses|general and administrative|"
            "administration expenses|administrative and other expenses|administrative and other operating expenses|"
            "行政开支|管理费用|行政费用|一般及行政开支|管理开支|一般及管理费用|行政及其他开支|一般行政开支"
        ),
        "selling_general_administrative": (
            "selling general and administrative|selling general and administrative expenses|"
            "selling general and administrative expense"
        ),
        "operating_expenses": (
            "total operating expenses|operating expenses|total expenses|total costs and expenses|经营开支总额|"
            "经营开支"
        ),
        "operating_profit": (
            "operating profit|operating income|income from operations|profit from operations|"
            "earnings from operations|total operating income|经营利润|营业利润|经营业务利润|来自经营业务利润|"
            "经营业务所得利润"
        ),
        "finance_income": (
            "finance income|interest income|financial income|interest and investment income|财务收入|财务收益|"
            "利息收入|融资收入"
        ),
        "finance_costs": (
            "finance costs|finance cost|finance expenses|financial expenses|financial costs|financing costs|财务成本|"
            "融资成本|财务费用|财务开支|融资费用|融资开支"
        ),
        "interest_expense": "interest expense|interest expenses|利息支出|利息费用|利息开支",
        "profit_before_tax": (
            "profit before tax|profit before taxation|profit before income tax|income before income taxes|"
            "income before income tax|income before provision for income taxes|profit before income taxes|"
            "earnings before income taxes|income before taxes|income before tax|earnings before income tax|"
            "income before income tax expense|profit before income tax expense|income before income tax expenses|"
            "earnings before taxes|除税前利润|除所得税前利润|税前利润|利润总额|除税前利润总额|税前利润总额|"
            "除所得税开支前利润"
        ),
        "income_tax": (
            "income tax expense|income tax expenses|provision for income taxes|income tax|income taxes|taxation|"
            "provision for income tax|income tax credit|total income taxes|income tax expense benefit|所得税开支|"
            "所得税费用|所得税|税项|所得税抵免|所得税支出"
        ),
        "net_profit": (
            "net income|net profit|profit for the year|profit for the period|net earnings|profit|total net income|"
            "net profit for the period|net profit for the year|consolidated net income|profit after tax|"
            "profit after taxation|net income for the year|net income for the period|profit for the six months|"
            "profit for the quarter|年内利润|本年度利润|期内利润|期间利润|本期利润|净利润|本年利润|年度利润|"
            "本期间利润|本年净利润|税后利润|净利|本期净利润|年内净利润|期内净利润|本年度净利润|除税后利润"
        ),
        "net_profit_attributable": (
            "profit attributable to owners of the company|net income attributable to common stockholders|"
            "net income attributable to owners of the parent company|net income attributable to owners of the parent|"
            "profit attributable to owners of the parent|profit attributable to equity holders of the company|"
            "profit attributable to equity shareholders of the company|net income attributable to shareholders|"
            "profit for the year attributable to owners of the company|"
            "profit for the period attributable to owners of the company|"
            "profit for the period attributable to owners of the parent|"
            "profit for the year attributable to owners of the parent|net income attributable to the company|"
            "net income attributable to shareholders of the company|"
            "profit attributable to shareholders of the company|profit attributable to shareholders|"
            "profit attributable to owners|net income attributable to ordinary shareholders|"
            "net income attributable to common shareholders|profit attributable to equity holders of the parent|"
            "net income attributable to stockholders|归属于上市公司股东的净利润|归属于母公司股东的净利润|"
            "归属于母公司所有者的净利润|归属于上市公司普通股股东的净利润|本公司拥有人应占利润|"
            "本公司拥有人应占本年度利润|本公司拥有人应占期内利润|本公司拥有人应占年内利润|本公司权益持有人应占利润|"
            "本公司拥有人应占本期间利润|母公司拥有人应占利润|本公司股东应占利润|本公司权益股东应占利润|"
            "拥有人应占利润|归属于本公司股东的净利润|公司拥有人应占利润|本公司权益持有者应占利润|"
            "本公司权益持有人应占期内利润|本公司权益持有人应占年内利润|归属母公司股东的净利润|"
            "母公司拥有人应占年内利润|母公司拥有人应占期内利润|公司权益持有人应占利润|股东应占利润|"
            "本公司拥有人应占年度利润|归属于本公司拥有人的利润|归属于母公司净利润|本公司拥有人应占年度利润"
        ),
        "net_profit_excluding_one_offs": (
            "net profit attributable to shareholders excluding non-recurring items|"
            "归属于上市公司股东的扣除非经常性损益的净利润|归属于上市公司股东的扣除非经常性损益后的净利润|"
            "扣除非经常性损益后归属于母公司股东的净利润|归属于母公司股东的扣除非经常性损益的净利润|"
            "扣除非经常性损益的净利润|扣除非经常性损益后的净利润"
        ),
        "adjusted_net_profit": (
            "adjusted net profit|adjusted net income|non-ifrs adjusted net profit|non-gaap net income|"
            "adjusted profit for the period|adjusted profit for the year|non-ifrs measure adjusted net profit|"
            "non-gaap net income attributable to common stockholders|adjusted net profit for the period|"
            "adjusted net profit for the year|non-ifrs measures adjusted net profit|non-ifrs profit for the period|"
            "non-hkfrs adjusted net profit|non-ifrs net profit|经调整净利润|经调整利润|"
            "非国际财务报告准则计量经调整净利润|经调整净利|非国际财务报告准则净利润|经调整年内利润|经调整期内利润|"
            "非香港财务报告准则计量经调整净利润|经调整净利润总额|经调整年度利润|经调整本期利润"
        ),
        "comprehensive_income": (
            "total comprehensive income|comprehensive income|total comprehensive income for the year|"
            "total comprehensive income for the period|综合收益总额|全面收益总额|年内全面收益总额|期内全面收益总额|"
            "本年度全面收益总额|本年度全面收入总额|本期全面收益总额|本年度全面收入总额|年内全面收入总额|"
            "期内全面收入总额|全面收入总额|期间全面收益总额|年度全面收益总额|本期间全面收益总额"
        ),
        "comprehensive_income_attributable": (
            "comprehensive income attributable to common stockholders|归属于母公司所有者的综合收益总额"
        ),
        "eps_basic": (
            "basic earnings per share|earnings per share basic|basic eps|net income per share basic|"
            "earnings per share - basic|basic net income per share|earnings per common share basic|"
            "income per share basic|每股基本利润|基本每股利润|基本每股收益|每股利润基本|每股基本收益|每股收益基本"
        ),
        "eps_diluted": (
            "diluted earnings per share|earnings per share diluted|diluted eps|net income per share diluted|"
            "earnings per share - diluted|diluted net income per share|earnings per common share diluted|"
            "income per share diluted|每股摊薄利润|摊薄每股利润|稀释每股收益|每股利润摊薄|每股摊薄收益|每股利润稀释|"
            "每股收益摊薄|每股收益稀释"
        ),
        "eps_basic_excluding_one_offs": "扣除非经常性损益后的基本每股收益|扣除非经常性损益后的基本每股利润",
        "weighted_shares_basic": (
            "basic weighted average shares|weighted average number of ordinary shares basic|"
            "weighted average shares outstanding basic|weighted average common shares outstanding basic|"
            "basic weighted average shares outstanding|weighted average shares basic|普通股加权平均数基本"
        ),
        "weighted_shares_diluted": (
            "diluted weighted average shares|weighted average number of ordinary shares diluted|"
            "weighted average shares outstanding diluted|weighted average common shares outstanding diluted|"
            "diluted weighted average shares outstanding|weighted average shares diluted|普通股加权平均数摊薄"
        ),
        "return_on_equity": "加权平均净资产收益率",
        "gross_margin": "毛利率|gross profit margin|gross margin percentage",
    },
    BALANCE: {
        "total_assets": "total assets|资产总计|总资产|资产总额|资产总值|资产合计|总资产总计",
        "current_assets": "total current assets|流动资产合计|流动资产总额|流动资产总值|总流动资产",
        "non_current_assets": (
            "total non-current assets|非流动资产合计|非流动资产总额|非流动资产总值|总非流动资产"
        ),
        "total_liabilities": "total liabilities|负债合计|总负债|负债总额|负债总计|负债总值",
        "current_liabilities": "total current liabilities|流动负债合计|流动负债总额|总流动负债|流动负债总值",
        "non_current_liabilities": "total non-current liabilities|非流动负债合计|非流动负债总额|总非流动负债",
        "total_equity": (
            "total equity|total deficit|总权益|权益总额|总亏绌|亏绌总额|所有者权益合计|股东权益合计|所有者权益总计|"
            "权益合计|总权益总计|资本亏绌总额|资本总亏绌|total shareholders equity|total stockholders equity|"
            "total shareholders deficit|total stockholders deficit|权益总值|net assets|资产净值|资产净额|净资产"
        ),
        "equity_attributable": (
            "equity attributable to owners of the company|total equity attributable to owners of the parent company|"
            "equity attributable to owners of the parent|equity attributable to equity holders of the company|"
            "total equity attributable to owners of the company|total equity attributable to owners of the parent|"
            "归属于上市公司股东的净资产|归属于上市公司股东的所有者权益|归属于母公司所有者权益合计|"
            "归属于母公司股东权益合计|本公司拥有人应占权益|本公司权益持有人应占权益|归属于母公司所有者权益|"
            "母公司拥有人应占权益|本公司拥有人应占权益总额|归属于母公司股东的所有者权益|"
            "归属于上市公司普通股股东的净资产|本公司拥有人应占总权益|归属于上市公司股东的股东权益"
        ),
        "non_controlling_interests": (
            "non-controlling interests|noncontrolling interests|noncontrolling interests in subsidiaries|非控股权益|"
            "少数股东权益|非控制性权益|非控制权益"
        ),
        "share_capital": "share capital|issued capital|股本|实收资本",
        "retained_earnings": (
            "retained earnings|accumulated deficit|retained profits|retained earnings accumulated deficit|"
            "accumulated losses|未分配利润|保留利润|保留盈利|累计亏损|留存收益"
        ),
        "property_plant_equipment": (
            "property plant and equipment|property plant and equipment net|property and equipment|"
            "property and equipment net|property equipment and software net|物业厂房及设备|固定资产|物业机器及设备|"
            "物业及设备|物业厂房及设备净额"
        ),
        "intangible_assets": "intangible assets|intangible assets net|无形资产",
        "goodwill": "goodwill|商誉",
        "inventories": "inventories|inventory|inventory net|inventories net|存货",
        "receivables": (
            "trade receivables|accounts receivable|accounts receivable net|trade receivables net|receivables|"
            "accounts and notes receivable net|贸易应收款项|应收账款|贸易应收账款|应收贸易账款|贸易应收款|"
            "应收账款净额"
        ),
        "trade_and_other_receivables": (
            "trade and other receivables|应收贸易及其他账款|贸易及其他应收款项|应收账款及其他应收款|"
            "贸易及其他应收账款"
        ),
        "payables": "trade payables|accounts payable|贸易应付款项|应付账款|贸易应付账款|应付贸易账款|贸易应付款",
        "trade_and_other_payables": (
            "trade and other payables|应付贸易及其他账款|贸易及其他应付款项|贸易及其他应付账款"
        ),
        "cash_and_equivalents": (
            "cash and cash equivalents|cash and cash equivalents net|bank balances and cash|cash and bank balances|"
            "cash at bank and on hand|现金及现金等价物|银行结余及现金|现金及银行结余|现金与现金等价物|现金及银行结存|"
            "银行存款及现金|现金及等同现金项目|现金及现金等值物"
        ),
        "monetary_funds": "货币资金",
        "restricted_cash": "restricted cash|受限制现金|受限制银行结余|受限制银行存款",
        "short_term_investments": "short-term investments|short term investments|短期投资",
        "borrowings_current": "short-term borrowings|short-term loans|短期借款",
        "borrowings_non_current": "long-term borrowings|long-term loans|长期借款",
        "net_current_assets": "net current assets|流动资产净值|流动资产净额|净流动资产",
        "net_current_liabilities": "net current liabilities|流动负债净额|流动负债净值|净流动负债",
        "total_assets_less_current_liabilities": (
            "total assets less current liabilities|总资产减流动负债|资产总值减流动负债|资产总额减流动负债"
        ),
        "liabilities_and_equity": (
            "total liabilities and equity|total liabilities and stockholders equity|total equity and liabilities|"
            "total liabilities and shareholders equity|负债和所有者权益总计|负债及权益总额|权益及负债总额|"
            "权益及负债总计|总权益及负债|负债和股东权益总计|负债和所有者权益合计|总权益及总负债"
        ),
    },
    CASH: {
        "operating_cash_flow": (
            "net cash generated from operating activities|net cash provided by operating activities|"
            "net cash from operating activities|cash generated by operating activities|"
            "cash flows from operating activities|net cash inflow from operating activities|"
            "net cash flows from operating activities|net cash used in operating activities|"
            "net cash provided by operating activities total|net cash flow from operating activities|"
            "net cash flows generated from operating activities|net cash outflow from operating activities|"
            "net cash used in from operating activities|net cash from used in operating activities|"
            "经营活动产生的现金流量净额|经营活动所得现金净额|经营活动产生的现金净额|经营活动所用现金净额|"
            "经营活动产生现金净额|经营活动现金流量净额|经营业务所得现金净额|经营活动现金流入净额|"
            "经营活动所得现金流量净额"
        ),
        "investing_cash_flow": (
            "net cash used in investing activities|net cash provided by investing activities|"
            "net cash generated from investing activities|net cash from investing activities|"
            "cash flows from investing activities|net cash flows from investing activities|"
            "net cash flows used in investing activities|cash generated by investing activities|"
            "net cash provided by used in investing activities|cash used in investing activities|"
            "投资活动产生的现金流量净额|投资活动所用现金净额|投资活动所得现金净额|投资活动产生的现金净额|"
            "投资活动现金流量净额"
        ),
        "financing_cash_flow": (
            "net cash generated from financing activities|net cash provided by financing activities|"
            "net cash used in financing activities|net cash from financing activities|"
            "cash flows from financing activities|net cash flows from financing activities|"
            "net cash flows used in financing activities|cash used in financing activities|融资活动所得现金净额|"
            "融资活动所用现金净额|筹资活动产生的现金流量净额|融资活动产生的现金净额|融资活动现金流量净额"
        ),
        "capital_expenditure": (
            "purchases of property plant and equipment|purchase of property plant and equipment|capital expenditures|"
            "capital expenditure|purchases of property and equipment|purchase of property and equipment|"
            "payments for acquisition of property plant and equipment|"
            "purchases of property and equipment excluding finance leases net of sales|资本开支|购买物业厂房及设备|"
            "购买物业及设备|购建固定资产无形资产和其他长期资产支付的现金|购置物业厂房及设备"
        ),
        "depreciation_amortisation": (
            "depreciation and amortization|depreciation and amortisation|depreciation amortization and impairment|"
            "折旧及摊销"
        ),
        "share_based_compensation": (
            "stock-based compensation|share-based compensation|share-based compensation expense|share-based payments|"
            "stock-based compensation expense|以股份为基础的薪酬|以股份为基础的薪酬开支|以股份支付为基础的薪酬"
        ),
        "cash_at_end": (
            "cash and cash equivalents at end of period|cash and cash equivalents at end of year|"
            "cash and cash equivalents at the end of the year|cash and cash equivalents at the end of the period|"
            "cash and cash equivalents end of period|cash and cash equivalents end of year|期末现金及现金等价物余额|"
            "年末现金及现金等价物|期末现金及现金等价物|年终现金及现金等价物"
        ),
    },
}  # fmt: skip
LEVELS = frozenset({*LABELS[BALANCE], "cash_at_end"})
"""Metrics that hold at a day."""
PER_SHARE = frozenset({"eps_basic", "eps_diluted", "eps_basic_excluding_one_offs"})
SHARES = frozenset({"weighted_shares_basic", "weighted_shares_diluted"})
RATES = frozenset({"gross_margin", "return_on_equity"})
CODES = {"cash_at_end": "cash_and_equivalents"}
"""Words that say a metric of another name, with a meaning of their own in one statement."""
_WEAKER = frozenset({"total revenue", "total revenues", "营业总收入", "总收入", "净资产", "net assets"})
"""Labels that give way to another one of the same metric in the same table: sales are a part of all revenue."""

_NUMBERING = re.compile(
    r"^(?:[-*•·▪]+|\(?(?:[一二三四五六七八九十]+|\d{1,2}|[ivx]+)[、.)]\s*|其中:|减:|加:|less:|add:|计入:)\s*"
)
_TURNED = (
    (re.compile(r"\((?:loss|losses|deficit|expense|expenses|used in|outflow|decrease|credit|benefit)\)/?"), ""),
    (re.compile(r"/\((?:loss|losses|deficit|expenses?|used in|outflow)\)"), ""),
    (re.compile(r"\b(?:profit/loss|loss/profit)\b"), "profit"),
    (re.compile(r"亏损/(?:溢利|利润|盈利)|(?:溢利|利润|盈利)/亏损"), "利润"),
    (re.compile(r"\(亏损\)/?(?=溢利|利润|盈利)|/\(亏损\)"), ""),
    (re.compile(r"(?<=[\u4e00-\u9fffa-z])\d{1,2}(?=:)"), ""),
    (re.compile(r"(?<=attributable to )(.*?holders|owners) of (?!.*(?:per share|operations)).*$"), r"\1"),
    (re.compile(r"\([^()]*\)"), " "),
    (re.compile(r"[/.:;,，、。\"'’]+"), " "),
)
_LOSSES = (
    (re.compile(r"\bnet loss(?:es)?\b"), "net income"),
    (re.compile(r"\boperating loss\b"), "operating profit"),
    (re.compile(r"\bloss(?=(?: before| for| from| attributable| per| after|$))"), "profit"),
    (re.compile(r"(?<![及和累计])亏损"), "利润"),
)
_SAME = ((re.compile("溢利|盈利"), "利润"), (re.compile("帐"), "账"))
_MARKS = re.compile(r"(?<=[^\d\s-])(?:\s*[\d¹²³*†]{1,2}|\s+(?:i{1,3}|iv))$")
_NO_LOSS = frozenset({"retained_earnings", "impairment"})


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says."""

    metric: str
    kind: str
    """The statement that it belongs to."""
    is_loss: bool = False
    """The words say a loss, whatever the sign of the number."""
    is_weaker: bool = False


def label_of(text: str, kinds: Iterable[str] = KINDS) -> Label | None:
    """Find the metric that a label says in one of these statements; None for one that we do not know."""
    words, is_loss = words_of(text)
    for kind in kinds:
        if metric := _BY_WORDS[kind].get(words):
            return Label(metric, kind, is_loss and metric not in _NO_LOSS, words in _WEAKER)
    return None


def words_of(text: str) -> tuple[str, bool]:
    """Give a label in the form in which it is compared, and whether it says a loss only."""
    words = plain(text)
    while found := _NUMBERING.match(words):
        words = words[found.end() :]
    for pattern, other in _TURNED:
        words = pattern.sub(other, words)
    words = " ".join(words.split())
    for pattern, other in _SAME:
        words = pattern.sub(other, words)
    words = _MARKS.sub("", words).strip(" -")
    is_loss = False
    for pattern, other in _LOSSES:
        if pattern.search(words):
            is_loss = True
            words = pattern.sub(other, words)
    return _close(words), is_loss


def _close(words: str) -> str:
    return words.replace(" ", "") if any("\u3400" <= one <= "\u9fff" for one in words) else words


def _by_words(labels: dict[str, str]) -> dict[str, str]:
    return {words_of(one)[0]: metric for metric, said in labels.items() for one in said.split("|")}


_BY_WORDS = {kind: _by_words(labels) for kind, labels in LABELS.items()}
