"""What numbers measure: each metric of a claim, the words that say it, and the metric of the warehouse behind it.

The words are patterns on folded text: English and simplified Chinese. Where two match at one place the longer stands.
"""

from dataclasses import dataclass

FLOW, LEVEL, QUOTE, PRICE, TRADE, RATIO, COUNT_FLOW, COUNT_LEVEL, OTHER = (
    "flow",
    "level",
    "quote",
    "price",
    "trade",
    "ratio",
    "count_flow",
    "count_level",
    "other",
)
COUNT_FAMILIES = frozenset({COUNT_FLOW, COUNT_LEVEL})


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric as texts speak of it."""

    code: str
    family: str
    """flow and level: money over a period and at a day; quote: money a share; price: of a product; trade: on an
    exchange, a day; ratio: percent; count_flow and count_level: things over a period and at a day."""
    unit: str
    """Unit of a bare number that measures it."""
    stored_as: str
    """Code in core.metrics; empty where the warehouse keeps no such metric."""
    words: str


_VEHICLE = r"(?:vehicle|car|EV|NEV|auto|unit)"
MEASURES: tuple[Measure, ...] = (
    Measure(
        "revenue",
        FLOW,
        "money",
        "revenue",
        r"(?:total |group |net |vehicle |operating |segment )?(?:revenues?|turnover(?! (?:in|of|on) (?:the "
        r"|its )?(?:stock|shares?|exchange|bourse|market|board))|top line)|(?:group|net"
        r"|total|quarterly|annual) sales|总?营业?收入?|营业额|总?收入|销售额|营业总收入|营收|进账",
    ),
    Measure(
        "cost_of_sales", FLOW, "money", "cost_of_sales", r"cost of (?:sales|revenues?|goods sold)|销售成本|营业成本"
    ),
    Measure("gross_profit", FLOW, "money", "gross_profit", r"gross profits?|毛利(?!率)"),
    Measure(
        "operating_profit",
        FLOW,
        "money",
        "operating_profit",
        r"operating (?:profits?|income|earnings)|income from operations|profits? from operations"
        r"|经营(?:利润|盈利|收益|溢利)|营业利润|营运利润",
    ),
    Measure(
        "operating_loss",
        FLOW,
        "money",
        "operating_profit",
        r"operating loss(?:es)?|loss from operations|经营亏损|营业亏损|营运亏损",
    ),
    Measure("ebit", FLOW, "money", "operating_profit", r"EBIT\b|息税前利润"),
    Measure("ebitda", FLOW, "money", "", r"(?:adjusted )?EBITDA\b|息税折旧摊销前利润"),
    Measure(
        "net_profit",
        FLOW,
        "money",
        "net_profit",
        r"net (?:profits?|income|earnings)|profit for the (?:period|year|quarter)|(?:quarterly |annual "
        r"|group )?(?:profits?|earnings)(?! (?:multiple|per share|before|margin|warning|forecast))"
        r"|归?母?净利润?|纯利|净利|盈利(?!能力|预|性)|溢利|赚(?=\d|约|取|得)|期内利润|利润(?!率|总额|空间)",
    ),
    Measure(
        "net_loss",
        FLOW,
        "money",
        "net_profit",
        r"net loss(?:es)?|loss(?:es)?(?= (?:of|was|were|narrowed|widened|for|came|to|in the))|(?<=a )loss"
        r"|lost|净?亏损|净亏|蚀|亏",
    ),
    Measure(
        "adjusted_net_profit",
        FLOW,
        "money",
        "adjusted_net_profit",
        r"adjusted (?:net )?(?:profits?|income|earnings)|non-(?:IFRS|GAAP) (?:net )?(?:profits?|income"
        r"|earnings)|经调整(?:后)?(?:的)?(?:净利润?|盈利|纯利|溢利|利润)|调整后净利润?"
        r"|非国际(?:财务报告)?准则(?:计量)?:?(?:经调整)?净利润?",
    ),
    Measure(
        "adjusted_net_loss",
        FLOW,
        "money",
        "adjusted_net_profit",
        r"adjusted (?:net )?loss(?:es)?|non-(?:IFRS|GAAP) (?:net )?loss(?:es)?|经调整(?:后)?(?:的)?净?亏损"
        r"|调整后净?亏损",
    ),
    Measure(
        "profit_before_tax",
        FLOW,
        "money",
        "profit_before_tax",
        r"(?:profits?|income|earnings) before (?:income )?tax(?:es)?|pre-?tax (?:profits?|income)"
        r"|除税前(?:利润|盈利|溢利)|税前(?:利润|盈利)|利润总额",
    ),
    Measure(
        "rd_expense",
        FLOW,
        "money",
        "research_and_development",
        r"R&D(?: (?:outlay|spending|expenses?|expenditures?|investment|costs?|budget))?"
        r"|research and development(?: (?:spending|expenses?|expenditures?|investment|costs?))?|研发(?:投入"
        r"|开支|费用|支出|投资|经费)",
    ),
    Measure(
        "rd_staff",
        COUNT_LEVEL,
        "people",
        "",
        r"(?:research|R&D) (?:staff|personnel|workforce|employees|headcount|team)|研发(?:人员|团队"
        r"|工程师)(?:数量|规模|总数)?",
    ),
    Measure(
        "selling_expenses",
        FLOW,
        "money",
        "selling_expenses",
        r"(?:selling|marketing|sales and marketing"
        r"|selling and marketing)(?:, general and administrative)? (?:expenses?|costs?|spending)|销售(?:及"
        r"|和)?(?:推广|营销)?(?:开支|费用)|营销费用",
    ),
    Measure(
        "administrative_expenses",
        FLOW,
        "money",
        "administrative_expenses",
        r"administrative expenses?|行政开支|管理费用",
    ),
    Measure(
        "operating_expenses",
        FLOW,
        "money",
        "",
        r"operating (?:expenses?|costs?)|\bopex\b|营运开支|经营开支|运营费用|费用率",
    ),
    Measure(
        "capital_expenditure",
        FLOW,
        "money",
        "capital_expenditure",
        r"capital (?:expenditures?|spending|outlays?)|\bcapex\b|资本(?:性)?(?:开支|支出)",
    ),
    Measure(
        "operating_cash_flow",
        FLOW,
        "money",
        "operating_cash_flow",
        r"operating cash flow|cash flow from operations|经营(?:性"
        r"|活动)?(?:产生的)?(?:现金(?:净)?流量?(?:净额)?|净现金)",
    ),
    Measure(
        "adjusted_operating_cash_flow", FLOW, "money", "", r"adjusted (?:operating )?cash flow|经调整(?:经营)?现金流"
    ),
    Measure("free_cash_flow", FLOW, "money", "", r"free cash flow|自由现金流"),
    Measure(
        "investment",
        FLOW,
        "money",
        "",
        r"(?:total )?investments?|invest(?:s|ed|ing)?|投资(?:额|总额)?|投入(?!使用|运营)",
    ),
    Measure(
        "placing_proceeds",
        FLOW,
        "money",
        "",
        r"rais(?:e[ds]?|ing)(?= (?:about |around |over |nearly |some |more than |up to |net )?(?:US|HK|RMB|\$|€"
        r"|£|CNY|[\d.,]+ (?:million|billion) (?:yuan|dollars|euros)))"
        r"|proceeds|fund-?raising|募资|集资(?:总额|净额|额)?|募集(?:资金)?|净?筹(?:资|得|集)?|所得款项"
        r"|融资(?:额|金额)?",
    ),
    Measure(
        "placing_price",
        QUOTE,
        "money_per_share",
        "",
        r"(?:placing|offer|placement|subscription|issue|IPO|listing|offering) price|配售价|发售价|招股价|认购价|发行价",
    ),
    Measure("placing_discount", RATIO, "percent", "", r"discount(?: to)?|折让|折价"),
    Measure(
        "placing_shares",
        OTHER,
        "shares",
        "",
        r"(?:selling|placing|issu(?:e|ing)|offer(?:ing)?|sold|placed)(?= [\d.]+ (?:million"
        r"|billion)?\s?(?:new |existing )?(?:shares|stock))|配售|增发|发售",
    ),
    Measure("buyback", FLOW, "money", "", r"(?:share )?(?:buy-?backs?|repurchases?|repurchased|bought back)|回购"),
    Measure(
        "net_worth",
        LEVEL,
        "money",
        "",
        r"net worth|fortune|is worth|worth(?= (?:about |some |over )?(?:US)?\$)|身家|财富(?!管理)",
    ),
    Measure(
        "dividend",
        QUOTE,
        "money_per_share",
        "dividend_per_share",
        r"(?:(?:final|interim|special|cash) )?dividends?(?: per share)?|(?:每股)?(?:末期|中期|特别"
        r"|现金)?(?:股息|派息|分红|红利)|派(?=\d)",
    ),
    Measure(
        "eps",
        QUOTE,
        "money_per_share",
        "eps_basic",
        r"(?:basic |diluted )?(?:earnings|profit|loss) per (?:share|ADS)|\bEPS\b|每股(?:基本|摊薄)?(?:盈利"
        r"|收益|亏损)",
    ),
    Measure(
        "cash_reserves",
        LEVEL,
        "money",
        "cash_resources",
        r"cash (?:reserves?|resources|pile|holdings|balance|position|on hand|and (?:cash )?equivalents)"
        r"|现金(?:储备|资源|余额|结余|及现金等价物)?|手握|账上",
    ),
    Measure("total_assets", LEVEL, "money", "total_assets", r"total assets|资产总额|总资产"),
    Measure(
        "debt",
        LEVEL,
        "money",
        "borrowings",
        r"(?:net |total |long-term )?(?:debts?|borrowings)|(?:有息)?负债|借款|债务",
    ),
    Measure("inventories", LEVEL, "money", "inventories", r"inventor(?:y|ies)(?! (?:turnover|days))|存货|库存(?!周转)"),
    Measure(
        "inventory_days",
        OTHER,
        "day",
        "",
        r"inventory (?:turnover|days)(?: days)?|days of (?:inventory|sales)|(?:存货|库存)周转(?:天数|期)?",
    ),
    Measure(
        "market_cap",
        LEVEL,
        "money",
        "market_cap",
        r"market (?:value|cap(?:itali[sz]ation)?)|(?:market )?capitali[sz]ation|总?市值",
    ),
    Measure("valuation", LEVEL, "money", "", r"valuation|valued at(?! (?:between )?[\d.]+ (?:and|to|times))|估值"),
    Measure(
        "share_price",
        QUOTE,
        "money_per_share",
        "share_price",
        r"(?:share|stock) prices?|shares? (?:traded|trade|price)|(?:the|its"
        r"|their)(?: [A-Za-z-]+){0,3} stock(?! exchange)"
        r"|shares(?! (?:sold|outstanding|in issue|repurchased|at|for))|股价|该股",
    ),
    Measure(
        "share_price_close",
        QUOTE,
        "money_per_share",
        "share_price",
        r"clos(?:e|ed|ing)(?: price)?(?: (?:at|on|down|up|above|below|near))|(?:at|to) the close|ended(?: the (?:day"
        r"|session|week))?(?: (?:at|down|up))|finished(?: (?:at|down|up))|settled at|收报|收盘(?:价)?|收市(?:价)?"
        r"|收于|收(?=[涨跌升]|\d)|报收|报(?=[\d.]+(?:元|港元|美元))",
    ),
    Measure(
        "share_price_open",
        QUOTE,
        "money_per_share",
        "share_price",
        r"opening(?: price)?(?: of)?|opened(?: at)?|开盘(?:价|报)?|开市(?:报)?|开报",
    ),
    Measure(
        "share_price_high",
        QUOTE,
        "money_per_share",
        "share_price",
        r"intraday high|52-week high|盘中(?:最)?高(?:见|位)?|高见|股价[^，。；]{0,8}新高|最高(?:见|报)",
    ),
    Measure(
        "share_price_low",
        QUOTE,
        "money_per_share",
        "share_price",
        r"intraday low|52-week low|低见|盘中(?:最)?低(?:见|位)?|最低(?:见|报)",
    ),
    Measure(
        "target_price",
        QUOTE,
        "money_per_share",
        "target_price",
        r"(?:price )?targets?(?: prices?)?(?= (?:to|of|at|from|on|for))|(?:price|12-month) targets?"
        r"|target prices?|目标价",
    ),
    Measure(
        "turnover",
        TRADE,
        "money",
        "turnover",
        r"turnover(?= (?:in|of|on) (?:the |its )?(?:stock|shares?|exchange|bourse|market|board))|(?:trading"
        r"|share|stock|daily"
        r"|market) turnover|(?:trading )?value traded|成交(?:额|金额)?(?!量)|成交",
    ),
    Measure("volume", OTHER, "shares", "", r"trading volume|volume of shares|成交量|shares changed hands"),
    Measure(
        "pe_ratio",
        OTHER,
        "ratio",
        "",
        r"price-(?:to-)?earnings(?: ratio| multiple)?|P/?E(?: ratio| multiple)?\b|times earnings"
        r"|earnings multiple|市盈率|本益比",
    ),
    Measure("ps_ratio", OTHER, "ratio", "", r"price-to-sales(?: ratio)?|P/?S ratio|市销率"),
    Measure("index_weight", RATIO, "percent", "", r"weight(?:ing)?(?= (?:in|of))|index weight(?:ing)?|权重"),
    Measure(
        "index_level",
        OTHER,
        "points",
        "",
        r"(?:Hang Seng|Nasdaq|Dow|S&P|CSI|MSCI|Nikkei|Shanghai Composite)\b"
        r"(?: (?:50|100|225|300|500|600|1000)(?![,.\d]))?(?-i:(?: [A-Z]\w*){0,3})(?: index"
        r"| gauge| benchmark)?"
        r"|the index|benchmark|恒(?:生)?(?:科技)?指数?|恒指|科指|沪指|大盘|国指",
    ),
    Measure("gross_margin", RATIO, "percent", "gross_margin", r"(?:overall |group |gross )(?:profit )?margins?|毛利率"),
    Measure(
        "vehicle_margin",
        RATIO,
        "percent",
        "vehicle_margin",
        r"(?:vehicle|automotive|auto|car) (?:gross )?(?:profit )?margins?|(?:汽车|整车|车辆|单车)毛利率",
    ),
    Measure(
        "net_margin",
        RATIO,
        "percent",
        "",
        r"(?:adjusted )?net (?:profit |income )?margins?|(?:经调整)?净利率|(?:经调整)?净利润率|纯利率",
    ),
    Measure("operating_margin", RATIO, "percent", "", r"operating (?:profit )?margins?|经营利润率|营业利润率"),
    Measure("margin", RATIO, "percent", "", r"(?:profit )?margins?|利润率"),
    Measure(
        "market_share",
        RATIO,
        "percent",
        "",
        r"(?:market )?share(?= (?:of|in|at|rose|fell|was|to|stood|climbed|slipped|reached)\b)|market share"
        r"|share(?=[.,;]|$)|市场份额|市占率?|份额",
    ),
    Measure("penetration", RATIO, "percent", "", r"penetration(?: rate)?|渗透率"),
    Measure(
        "stake",
        RATIO,
        "percent",
        "",
        r"stakes?|shareholding|(?:holds|owns)(?= (?:about |nearly |roughly |some |around |over "
        r"|more than )?[\d.]+ ?(?:%|per ?cent))|持股(?:比例)?|股权",
    ),
    Measure("market_rank", OTHER, "rank", "", r"rank(?:ed|s|ing)?|排名|位居|位列|名列|跻身"),
    Measure(
        "sales_target",
        COUNT_FLOW,
        "vehicles",
        "",
        r"(?:annual |full-year |yearly |delivery |sales |shipment )+(?:goals?|targets?|aims?|objectives?)"
        r"|(?:年度?|全年)?(?:销量|销售|交付量?)目标",
    ),
    Measure(
        "deliveries",
        COUNT_FLOW,
        "vehicles",
        "deliveries",
        rf"{_VEHICLE}? ?deliver(?:ies|ed|s|ing|y)?|handed over|handovers?|hand(?:ed|ing)? over"
        rf"|cars left the (?:plant|factory)|left the plant|(?:累计)?交付(?:量|新车|了)?|交车",
    ),
    Measure(
        "production",
        COUNT_FLOW,
        "vehicles",
        "production",
        r"(?:cumulative )?(?:production|output)(?! capacity)|produc(?:ed|ing)|built|manufactured|assembled"
        r"|rolled off|产量|生产(?!线|基地|总值)|下线|投产",
    ),
    Measure(
        "capacity",
        COUNT_LEVEL,
        "vehicles",
        "",
        r"(?:annual |yearly |production |manufacturing )*capacity|(?:年|设计|规划)?产能",
    ),
    Measure(
        "sales",
        COUNT_FLOW,
        "vehicles",
        "sales_volume",
        rf"(?:{_VEHICLE} |wholesale |retail |overseas |domestic |global )?sales(?: volumes?)?(?! (?:goal"
        rf"|target|and marketing|network|staff))|sold|sells?(?=ing)?|wholesales?|销量|销售(?:量|了)?|售出"
        rf"|卖出|批发(?:量)?|零售(?:量)?|热销",
    ),
    Measure(
        "registrations",
        COUNT_FLOW,
        "vehicles",
        "",
        r"(?:insurance |weekly |new )?registrations?|insured units|上险量?|上牌量?|注册量(?=.{0,4}辆)",
    ),
    Measure("exports", COUNT_FLOW, "vehicles", "", r"exports?|exported|shipped overseas|出口(?:量)?|出海"),
    Measure(
        "orders",
        COUNT_FLOW,
        "orders",
        "",
        r"(?:locked-in |firm |pre-?|new )?orders?|(?:pre-?)?orders|reservations?|bookings?|大定|锁单(?:量)?"
        r"|订单(?:量)?|预订(?:量)?|小订|下定|定单|下订",
    ),
    Measure(
        "smartphone_shipments",
        COUNT_FLOW,
        "phones",
        "smartphone_shipments",
        r"(?:smart)?phones? shipped|(?:smart)?phone shipments?|handset shipments?"
        r"|(?:智能)?手机(?:业务)?(?:全球|在华|国内|海外)?(?:的)?(?:季度|总)?(?:出货量?|销量)",
    ),
    Measure("shipments", COUNT_FLOW, "units", "", r"shipments?|shipped|出货量?"),
    Measure(
        "monthly_active_users",
        COUNT_LEVEL,
        "users",
        "monthly_active_users",
        r"monthly active users?|\bMAUs?\b|月活(?:跃)?(?:用户)?(?:数)?",
    ),
    Measure(
        "daily_active_users", COUNT_LEVEL, "users", "", r"daily active users?|\bDAUs?\b|日活(?:跃)?(?:用户)?(?:数)?"
    ),
    Measure(
        "users",
        COUNT_LEVEL,
        "users",
        "",
        r"(?:registered |paying |active |cumulative )?users?|用户(?:数|总数|规模)?|车主",
    ),
    Measure(
        "iot_devices",
        COUNT_LEVEL,
        "devices",
        "iot_devices",
        r"(?:connected |IoT |AIoT )+(?:devices?)?|devices connected|(?:已连接(?:的)?)?IoT设备(?:数)?"
        r"|设备连接数|连接设备数?|已连接",
    ),
    Measure(
        "stores",
        COUNT_LEVEL,
        "stores",
        "stores",
        r"(?:retail |offline )?(?:stores?|outlets?|showrooms?|network|shops?)(?: (?:count|network))?"
        r"|(?:线下|零售)?(?:门店|店铺|网点|零售店|专卖店|销售网络)(?:总数|数量|数)?",
    ),
    Measure("cities", COUNT_LEVEL, "cities", "", r"cities|城市(?:数)?"),
    Measure(
        "charging_piles",
        COUNT_LEVEL,
        "piles",
        "",
        r"(?:charging |supercharging )(?:piles?|stalls?|points?)|chargers|充电桩(?:数量|总数)?",
    ),
    Measure(
        "charging_stations",
        COUNT_LEVEL,
        "stations",
        "charging_stations",
        r"(?:(?:super)?charging|swap|battery swap) stations?|(?:充电|换电|超充)站(?:数量|总数)?",
    ),
    Measure("gpu_count", COUNT_LEVEL, "gpus", "", r"GPUs?|GPU(?:数量)?|显卡|算力卡|(?:万|千)卡集群|accelerators?"),
    Measure(
        "employees",
        COUNT_LEVEL,
        "people",
        "",
        r"employees|staff|workforce|headcount|payroll|员工(?:总数|人数)?|雇员|全职员工",
    ),
    Measure("layoffs", COUNT_FLOW, "people", "", r"lay-?offs?|laid off|job cuts?|cut jobs|裁员|裁减"),
    Measure("patents", COUNT_LEVEL, "patents", "", r"patents?|专利"),
    Measure("recall", COUNT_FLOW, "vehicles", "", r"recall(?:s|ed|ing)?|召回"),
    Measure(
        "annual_salary",
        FLOW,
        "money_per_year",
        "",
        r"(?:annual )?(?:pay(?! ?out)|salar(?:y|ies)|compensation|package)(?: of)?|年薪|薪酬|薪资|工资",
    ),
    Measure(
        "followers",
        COUNT_LEVEL,
        "followers",
        "followers",
        r"followers?|following|fans|subscribers?|fan base|粉丝(?:数|量|数量)?|关注者|关注量|订阅者?",
    ),
    Measure(
        "douyin_followers",
        COUNT_LEVEL,
        "followers",
        "followers",
        r"Douyin (?:following|followers?|fans|subscribers?|account|fan base)|(?:followers?|fans"
        r"|following)(?: of [A-Z][A-Za-z ]{1,24})? on Douyin|抖音(?:账号|号)?(?:的)?(?:粉丝|关注)(?:数|量|数量)?",
    ),
    Measure(
        "weibo_followers",
        COUNT_LEVEL,
        "followers",
        "followers",
        r"Weibo (?:following|followers?|fans|subscribers?|account)|(?:followers?|fans|following)"
        r"(?: of [A-Z][A-Za-z ]{1,24})? on Weibo"
        r"|微博(?:账号)?(?:的)?(?:粉丝|关注)(?:数|量|数量)?",
    ),
    Measure(
        "bilibili_followers",
        COUNT_LEVEL,
        "followers",
        "followers",
        r"Bilibili (?:following|followers?|fans)|(?:followers?|fans) on Bilibili|(?:B站"
        r"|哔哩哔哩)(?:账号)?(?:的)?粉丝(?:数|量)?",
    ),
    Measure(
        "x_followers",
        COUNT_LEVEL,
        "followers",
        "followers",
        r"(?:X|Twitter) (?:following|followers?)|(?:followers?|following) on (?:X|Twitter)|推特粉丝(?:数"
        r"|量)?",
    ),
    Measure("views", COUNT_FLOW, "times_of", "", r"views|viewers|watched|播放量?|观看(?:量|人次)?|浏览量|阅读量"),
    Measure(
        "asp",
        PRICE,
        "money",
        "asp",
        r"average (?:selling|sales?|unit) price|(?<![A-Za-z])ASPs?(?![A-Za-z])(?: of)?|(?:平均)?(?:销售)?均价"
        r"|平均售价|单价",
    ),
    Measure(
        "price",
        PRICE,
        "money",
        "",
        r"(?:starting |retail |launch |selling |sticker |list |base )?prices?(?! target|-| to)|priced"
        r"|prices? (?:start|from)|starts? (?:from|at)|(?:going )?on sale(?: at)?|costs?(?= (?:RMB|HK\$|US\$"
        r"|\$|[\d,]+ yuan))|sells? for|for sale at|price tag|(?:起|零售|官方?|指导)?售价?(?=为|[\d.]"
        r"|\S{0,3}\d)|售价|起售价|定价|价格|指导价|起价|售(?=\d)",
    ),
    Measure("price_presale", PRICE, "money", "", r"pre-?sales?(?: price| tag)?(?: of)?|预售价?"),
    Measure(
        "price_cut",
        PRICE,
        "money",
        "",
        r"price cuts?(?: of)?|cut (?:the |its |their )?prices?(?: (?:by|of))?|discount of|rebate(?: of)?"
        r"|subsid(?:y|ies)|降价|优惠|补贴|立减",
    ),
    Measure(
        "acceleration_0_100",
        OTHER,
        "second",
        "",
        r"sprint(?:s|ing)?|accelerat(?:es?|ion|ing)|0-100|(?:百公里|零百|0-100公里?)加速|加速",
    ),
    Measure("top_speed", OTHER, "km_per_hour", "", r"top speed|maximum speed|最高(?:时速|车速)|极速|时速"),
    Measure(
        "range",
        OTHER,
        "km",
        "",
        r"(?:driving |cruising |CLTC |WLTP |EPA |electric )*range(?! of (?:products|models))"
        r"|run(?= \d+ ?km)|travel(?= \d)|on a (?:single|full) charge|续航(?:里程)?|纯电续航|行驶里程",
    ),
    Measure("battery_capacity", OTHER, "kwh", "", r"battery(?: pack| capacity)?|电池(?:容量|包)?"),
    Measure(
        "energy_storage",
        OTHER,
        "gwh",
        "energy_storage_deployed",
        r"(?:energy )?storage(?: deployments?)?|储能(?:装机)?(?:量)?",
    ),
    Measure("power", OTHER, "horsepower", "", r"horsepower|马力|功率"),
    Measure("mileage", OTHER, "km", "", r"mileage|kilomet(?:re|er)s driven|行驶|里程"),
    Measure(
        "shares_outstanding",
        OTHER,
        "shares",
        "",
        r"shares (?:outstanding|in issue)|issued shares|(?:总|已发行)股本|已发行股份",
    ),
    Measure(
        "exchange_rate",
        PRICE,
        "money",
        "",
        r"exchange rates?|(?:USD|EUR|HKD|CNY|CNH)/(?:USD|EUR|HKD|CNY|CNH)"
        r"|(?:US |U\.S\. |one )?(?:dollar|euro)s? (?:bought|buys|fetched|fetches|cost|costs|traded at)"
        r"|(?:to|per|against|for) (?:the |one |a )(?:US |U\.S\. )?(?:dollar|euro)\b"
        r"|汇率|兑换?(?=人民币|港元|港币|美元|欧元|\d)|中间价",
    ),
    Measure("growth_streak", OTHER, "quarters", "", r"连续"),
    Measure("tariff", RATIO, "percent", "", r"\b(?:tariffs?|import dut(?:y|ies))\b|关税|税率"),
    Measure("gdp", FLOW, "money", "", r"(?<![A-Za-z])GDP(?![A-Za-z])|国内生产总值|生产总值"),
)
BY_CODE = {one.code: one for one in MEASURES}
UNIT_METRICS = {
    "orders":
        "orders",
        "followers": "followers", "stores": "stores", "cities": "cities", "gpus": "gpu_count", "users": "users",
    "piles": "charging_piles", "stations": "charging_stations", "patents": "patents", "devices": "iot_devices",
    "employees":
        "employees",
        "rank":
            "market_rank",
            "km_per_hour":
                "top_speed",
                "ratio":
                    "pe_ratio", "kwh": "battery_capacity", "vehicles": "deliveries", "phones": "smartphone_shipments",
    "gwh": "energy_storage", "horsepower": "power",
}  # fmt: skip
"""What a number with such a unit measures when no word says otherwise."""
