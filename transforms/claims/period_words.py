"""Words for periods and dates in English and Chinese, each with the span of days that it means.

Every place that these rules find is time and so no claim, whether or not it can be placed in the calendar.
"""

from transforms.claims import period_readers as read
from transforms.claims.period_readers import Resolve

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_WORDS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen"
    r"|twenty|thirty)"
)
_COUNT = rf"(?:\d{{1,3}}(?:\.\d)?|{_WORDS})"
_ZH = r"(?:\d{1,3}(?:\.\d)?|[一二两三四五六七八九十]{1,3})"
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_TODAY = (
    r"today|yesterday|今日|今天|昨日|昨天|前日|前天|现时|现在|如今|目前|now(?! (?:that|on))|currently|at present|至今"
)

RULES: tuple[tuple[str, Resolve], ...] = (
    # whole dates and runs of them
    (
        rf"(?P<day>\d{{1,2}})(?: (?P<month>{_MONTH}))?(?: ?- ?"
        rf"| to )(?P<day2>\d{{1,2}}) (?P<month2>{_MONTH})(?:,? (?P<year>{_YEAR}))?\b",
        read.days,
    ),
    (
        rf"(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?: ?- ?"
        rf"| to )(?:(?P<month2>{_MONTH}) )?(?P<day2>\d{{1,2}})\b(?:,? (?P<year>{_YEAR})\b)?",
        read.days,
    ),
    (
        r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日?(?:-|~|至|到)(?:(?P<month2>\d{1,2})月)?(?P<day2>\d{1,2})日",
        read.days,
    ),
    (rf"\b(?P<year>{_YEAR})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})\b", read.iso_day),
    (rf"\b(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})/(?P<year>{_YEAR})\b", read.iso_day),
    (
        rf"(?P<length>{_WORDS}|\d{{1,2}})(?:-| )months?(?: period)? (?:to|ended|ending"
        rf"|through)(?: in)?(?: the end of)? (?P<month>{_MONTH})(?: \d{{1,2}}\b)?(?:,? (?P<year>{_YEAR})\b)?",
        read.month_quarter,
    ),
    (
        rf"(?:quarter|three months) (?:to|ended|ending|through)(?: in"
        rf"| on)?(?: the end of)? (?P<month>{_MONTH})(?: \d{{1,2}}\b)?(?:,? (?P<year>{_YEAR})\b)?",
        read.month_quarter,
    ),
    (rf"(?P<month>March|June|September|December)[- ]quarter(?: of (?P<year>{_YEAR}))?", read.month_quarter),
    (
        rf"(?:the )?(?:fiscal )?(?:full )?year (?:to|ended"
        rf"|ending)(?: on)? (?P<month>{_MONTH})(?: \d{{1,2}}\b)?,? (?P<year>{_YEAR})\b",
        read.year,
    ),
    (
        rf"(?:截至)?(?P<year>{_YEAR})年(?P<month>\d{{1,2}})月(?:\d{{1,2}}日|底)?止?(?:的)?(?P<length>[三六九]|十二"
        rf"|\d{{1,2}})个月",
        read.month_quarter,
    ),
    (
        r"(?:截至)?(?P<month>\d{1,2})月(?:\d{1,2}日|[底末])?止(?:的)?(?P<length>[三六九]|十二|\d{1,2})个月",
        read.month_quarter,
    ),
    (rf"(?:截至)?(?P<year>{_YEAR})年\d{{1,2}}月\d{{1,2}}日止(?:年度|财年)", read.year),
    (r"(?P<month>\d{1,2})月底?止(?:的)?(?:第[一二三四]|首|末)?季度?", read.month_quarter),
    (rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})(?:,? (?P<year>{_YEAR}))?\b", read.day),
    (rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,? (?P<year>{_YEAR})\b)?", read.day),
    (rf"(?:(?P<year>{_YEAR}|今年|去年)年?)?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})[日号]", read.day),
    # ends of quarters and months, days of trading
    (
        rf"(?:when|once|as) (?P<month>{_MONTH}) (?:ended|closed|came to an end)|(?:at|by"
        rf"|as of) the end of (?P<month2>{_MONTH})(?:,? (?P<year>{_YEAR})\b)?",
        read.month_end,
    ),
    (
        rf"(?:at|by|as of) (?:the )?end of (?:the )?(?P<q>first|second|third|fourth"
        rf"|final) quarter(?: (?:of )?(?P<year>{_YEAR}|last year|this year))?",
        read.quarter_end,
    ),
    (rf"(?:截至)?(?:(?P<year>{_YEAR}|今年|去年)年?)?第?(?P<q>[一二三四首])季(?:度)?[末底]", read.quarter_end),
    (rf"(?:截至)?(?:(?P<year>{_YEAR}|今年|去年)年?)?(?P<month>\d{{1,2}})月[末底]", read.month_end),
    (r"(?:截至|于)?(?:本)?报告期末|(?:截至|于)期末", read.last_quarter_end),
    (
        rf"(?:(?P<year>this year|last year|{_YEAR})'s|(?:the )?(?:new )?year's) first (?:trading )?(?:day|session)\b"
        r"|(?:the )?first (?:trading )?(?:day|session)(?: of trading)? (?:of|in)"
        rf" (?:(?P<year2>last year|{_YEAR})|(?:the|this) (?:new )?year)\b"
        r"|(?<!its )(?<!their )(?<!week's )(?<!month's )first (?:trading day|session)"
        r"(?! (?:after|since|of (?:the |this |last )?(?:week|month|quarter)))\b"
        rf"|(?:(?P<year3>{_YEAR}|今年|去年|上年)年?|年内|年初|新年|开年|全年|本年度?)(?:的)?(?:首|第一)个?交易日"
        r"|(?<![市后节周月季日])首个交易日|年初开[盘市]",
        read.first_session,
    ),
    # what was named before
    (
        r"同一个?季度?|(?:in|over|during|for) (?:the same|those|these) (?:quarter|(?:three|six|nine) months)\b"
        r"(?! (?:of|last|in|the|a year|one year))",
        read.told_before,
    ),
    # quarters
    (rf"\b(?P<year>{_YEAR})[ -]?Q(?P<q>[1-4])\b", read.quarter),
    (rf"\bQ(?P<q>[1-4])(?:[ -]?(?:of |FY)?'?(?P<year>{_YEAR}|\d\d(?!\d)))?\b", read.quarter),
    (r"(?<![\dA-Za-z])(?P<q>[1-4])Q(?:FY)?(?P<year>20\d\d|\d\d)?\b", read.quarter),
    (
        rf"(?:fiscal )?(?P<q>first|second|third|fourth|final|1st|2nd|3rd"
        rf"|4th)[- ](?:fiscal )?quarter(?:'s)?(?! in a row| running)(?:,? (?:of |in )?(?:fiscal )?(?P<year>{_YEAR}"
        rf"|last year|this year)\b)?",
        read.quarter,
    ),
    (
        rf"(?:(?P<year>{_YEAR}|今年|去年|上年|前年)年?(?:财年)?(?:的)?)第?(?P<q>[一二三四首1-4])(?:财)?季(?:度)?",
        read.quarter,
    ),
    (r"(?:前|首)(?P<length>[二两三23])(?:个)?季(?:度)?", read.first_months),
    (
        r"(?<![连续个])第?(?P<q>[一二三四首])(?:财)?季(?:度)?(?!连)|第(?P<q2>[1-4])季度?",
        read.quarter,
    ),
    (
        rf"(?:the )?first (?P<length>two|three|2|3) quarters(?: of (?P<year>{_YEAR}|last year|this year))?",
        read.first_months,
    ),
    (
        r"(?:the )?(?:last|previous|prior|preceding) quarter|上(?:个)?季(?:度)?(?!同)|当季",
        read.last_quarter,
    ),
    (
        r"(?:this|the current) quarter|本季(?:度)?",
        read.this_quarter,
    ),
    (r"(?:the )?next quarter|下(?:个)?季(?:度)?", read.next_quarter),
    (
        r"(?:in|for|during|of|over) the (?:latest |reported )?quarter\b(?! (?:of|ended|ending|to))|the quarter's"
        r"|quarterly|单季(?:度)?|该季(?:度)?|季内|(?:报告)?期内(?=.{0,12}季)",
        read.last_quarter,
    ),
    # halves, runs of months
    (
        rf"(?:the )?(?P<h>first|second)[- ]half(?:(?: of)? (?P<year>{_YEAR}|last year|this year|the year)\b)?",
        read.half,
    ),
    (
        rf"\bH(?P<h>[12])(?:[ -]?'?(?P<year>{_YEAR}|\d\d))?\b|(?<![\dA-Za-z])(?P<h2>[12])H'?(?P<year2>\d\d"
        rf"|20\d\d)\b",
        read.half,
    ),
    (rf"(?:(?P<year>{_YEAR}|今年|去年|上年)年?)?(?P<h>上|下)半年(?!报)", read.half),
    (rf"(?:(?P<year>{_YEAR}|今年|去年|上年)年?)?(?:半年报|半年度报告|中报|中期(?=业绩|报告|财报))", read.half_report),
    (
        rf"(?:the )?first (?P<length>{_WORDS}|\d) months(?: of (?P<year>{_YEAR}|last year|this year|the year)\b)?",
        read.first_months,
    ),
    (rf"(?:(?P<year>{_YEAR}|今年|去年)年?)?(?:前|首){_ZH.replace('(?:', '(?P<length>', 1)}个?月", read.first_months),
    (
        rf"(?:(?P<year>{_YEAR}|今年|去年)年?)?(?P<month>\d{{1,2}})月?(?:-|~|至|到)(?P<month2>\d{{1,2}})月(?!\d)",
        read.month_run,
    ),
    (
        rf"(?P<month>January|February|March|April|May|June|July|August|September|October)(?: ?- ?| to "
        rf"| through )(?P<month2>{_MONTH})(?: (?P<year>{_YEAR}))?\b",
        read.month_run,
    ),
    # since when
    (
        rf"(?:(?:(?:the|its|their) )?(?:[a-z]{{2,12}}est|most|least|best|worst|first)(?: [A-Za-z-]+){{0,4}} )since"
        rf"(?: late| early)? {_MONTH}(?:,? {_YEAR})?\b",
        read.nothing,
    ),
    (
        rf"\b(?:since|(?:starting|beginning|commencing|began|begun|started)(?: in| from)?) (?P<month>{_MONTH})"
        rf"(?! \d{{1,2}}\b(?!,\d))(?:,? (?:of )?(?P<year>{_YEAR}|last year|this year)\b)?(?: on(?:wards?)?\b)?"
        rf"|\b(?:from|as of) (?P<month2>{_MONTH})(?:,? (?:of )?(?P<year2>{_YEAR}|last year|this year))?"
        r" (?:on(?:wards?)?|forward)\b",
        read.since_month,
    ),
    (
        rf"[自从由打]?(?:(?P<year>{_YEAR}|今年|去年|上年)年?)?(?P<month>\d{{1,2}})月(?:份)?(?:底|初|中旬|末)?"
        r"(?:起(?!来|飞|步|初)|以来|至今|开始|启动)",
        read.since_month,
    ),
    (
        rf"\bsince (?P<month>{_MONTH}) (?P<day>\d{{1,2}})\b(?!,\d)(?:,? (?P<year>{_YEAR})\b)?|[自从由]"
        rf"(?:(?P<year2>{_YEAR}|今年|去年)年?)?(?P<month2>\d{{1,2}})月(?P<day2>\d{{1,2}})[日号](?:起|以来|至今|开始)",
        read.since_day,
    ),
    (
        rf"[自从由](?:(?P<year>{_YEAR}|今年|去年|上年)年?)?第?(?P<q>[一二三四])季度?(?:起(?!来|飞|步|初)|以来|开始)"
        rf"|\b(?:from|since|starting in) the (?P<q2>first|second|third|fourth) quarter"
        rf"(?: of (?P<year2>{_YEAR}|last year|this year))? on(?:wards?)?\b",
        read.since_quarter,
    ),
    # months
    (rf"\b(?P<month>{_MONTH})(?:,? (?:of )?(?P<year>{_YEAR}|last year|this year))\b", read.month),
    (rf"(?P<year>{_YEAR}|今年|去年)年?(?P<month>\d{{1,2}})月(?:份)?", read.month),
    (
        rf"(?:\b(?:in|for|during|since|of|from|than in|until|by|and|through|last|late|early"
        rf"|mid-) ?)(?P<month>{_MONTH})\b(?! \d)",
        read.month,
    ),
    (
        r"\b(?P<month>January|February|March|April|June|July|August|September|October|November"
        r"|December)(?:'s)?\b(?! \d)",
        read.month,
    ),
    (r"(?<!\d)(?P<month>\d{1,2})月(?:份)?(?!球)", read.month),
    (r"last month|the previous month|上(?:个)?月", read.month_away(-1)),
    (r"this month|本月|当月", read.month_away(0)),
    (r"next month|下(?:个)?月", read.month_away(1)),
    # years
    (r"\bsince (?:its |the )?(?:listing|IPO|flotation|going public)\b", read.since_listing),
    (
        r"(?:so far|thus far|to date) (?:this year|in (?:19|20)\d\d)|(?:this )?year[- ]to[- ]date|\bYTD\b"
        r"|since (?:the (?:start|beginning) of (?:the|this) year|the year began|January|New Year)|this year so far"
        r"|今年(?:以|至)来|今年至今|年初(?:以来|至今)|年内(?:累计)?|本年(?:度)?(?:迄今|至今|累计)|今年累计",
        read.year_to_date,
    ),
    (
        rf"(?:between|from) (?P<first>{_YEAR})(?: and | to |-)(?P<last>{_YEAR})\b|(?P<first2>{_YEAR})年?(?:至|到|-"
        rf"|~)(?P<last2>{_YEAR})年(?:间)?",
        read.years,
    ),
    (
        rf"by (?P<part>mid|the middle of|the end of|end|year-?end|late)?[- ]?(?:of )?(?:the year|(?P<year>{_YEAR}"
        rf"|this year|next year)|(?<=mid-)year|(?<=year-)end)\b",
        read.by,
    ),
    (r"by (?P<part>mid)-?year|by (?P<part2>year-?end)", read.by),
    (rf"(?:到|至|在)?(?:(?P<year>{_YEAR}|今年|去年|明年)年?)?年?[底末](?:前)?(?<=年[底末前])", read.year_end),
    (
        rf"(?:到|至|于|在)(?P<year>{_YEAR})年(?:前|时)?(?=.{{0,10}}(?:达|实现|突破|增|扩))",
        read.by_or_in,
    ),
    (r"年中(?!国)", read.mid_year),
    (
        r"(?:at )?the (?:start|beginning) of (?:the|this) year|early this year|年初",
        read.year_start,
    ),
    (
        rf"since (?P<year>{_YEAR})\b|自?(?P<year2>{_YEAR})年(?:以来|起)",
        read.since,
    ),
    (rf"(?:fiscal|FY|the (?:full |fiscal )?year|full[- ]year) ?'?(?P<year>{_YEAR}|\d\d\b)", read.year),
    (
        rf"(?P<year>(?<!\d){_YEAR}(?!\d)|去年|今年|上年|前年|明年)年?(?:财年|财政年度|全年|年度|整年)?"
        r"(?<![一-鿿]\d{4})(?=.)",
        read.year,
    ),
    (r"last year(?:'s)?(?! (?:as|on))", read.year_away(-1)),
    (r"this year(?:'s)?", read.year_away(0)),
    (r"next year(?:'s)?", read.year_away(1)),
    (
        r"(?:for|in|over) the (?:full |whole )?year\b|full[- ]year|全年|年内利润|(?:annual|yearly)(?= (?:[a-z]+ )?(?:"
        r"targets?|goals?|revenue|sales|profit|deliveries|results))|年度(?=(?:销量|销售|交付)?(?:量)?目标)",
        read.unnamed_year,
    ),
    (r"(?:in|during|for) the (?:reporting |reported )?period\b", read.unnamed),
    # lengths of time
    (
        rf"(?:over|in|during|for|within) the (?:past|last|previous) (?P<length>{_COUNT}) (?P<unit>months?|years?"
        rf"|weeks?|days?)|(?:in|over) the (?P<length2>{_COUNT}) (?P<unit2>months?|years?) since",
        read.past,
    ),
    (
        rf"(?:近|过去|最近|此前)(?P<length>{_ZH})(?P<unit>个月|年|周|天)|(?P<length2>{_ZH})(?P<unit2>个月"
        rf"|年)(?:以)?来",
        read.past,
    ),
    (
        rf"\b(?:within|in|inside|over|after|for|under|first|just|only|of|every|per|the|last|next|past"
        rf"|another)? ?(?P<length>{_COUNT})[- ](?P<unit>minutes?|hours?|weeks?|months?|years?)\b(?! (?:old|olds)\b)",
        read.duration,
    ),
    (
        rf"\b(?:within|in|inside|over|during|just|only)(?: the)?(?: first| past| last"
        rf"| next)? (?P<length>{_COUNT}) (?P<unit>days?)\b",
        read.duration,
    ),
    (
        rf"(?P<length>{_ZH})(?:多|余|来)?个?(?P<unit>分钟|小时|周(?![一二三四五六日])|个月)(?:内|后|前)?",
        read.duration,
    ),
    (rf"(?P<length>{_ZH})(?P<unit>年|日|天)(?:内|后|前|间|之内|时间|期)", read.duration),
    (
        rf"(?:长达|未来|历时|为期|每|近|超过|已有|第){_ZH}(?:个)?(?:年|交易日|季度|月|财年)(?!同比|环比|增|盈"
        rf"|下|实)",
        read.nothing,
    ),
    # weeks and days
    (r"\bthis week\b|[本这](?:周|星期)(?![一二三四五六日天])", read.week_away(0)),
    (r"\b(?:last|the previous) week\b|上(?:个)?(?:周|星期)(?![一二三四五六日天])", read.week_away(-1)),
    (
        rf"(?:on |late |early |(?:on )?(?P<which>last|this|next) )?(?P<weekday>{_WEEKDAY})\b"
        r"(?:,? (?:of )?(?P<which2>last|this|next) week\b)?",
        read.weekday,
    ),
    (
        r"(?P<which>[本上这下]|上个|这个|下个|上一|这一|下一)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?!直)",
        read.weekday,
    ),
    (
        r"(?:[上前]一?(?:个)?交易日|前一日)(?!来)|(?:the )?(?:previous|prior|preceding) (?:trading )?(?:session|day)\b"
        r"|the (?:trading )?(?:session|day) before(?! the| yesterday)",
        read.session_before,
    ),
    (_TODAY, read.near_day),
    (r"(?<!\d)(?P<day>\d{1,2})日(?!元|圆)", read.day_of_month),
    # clock times
    (
        r"\b\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?\b|\b\d{1,2} ?[ap]\.?m\.?\b"
        r"|(?<![\d涨跌升降挫])\d{1,2}[时点](?:\d{1,2}分"
        r"|半|整|许|左右)?(?!数)|\d{1,2}[时点]\d{1,2}分",
        read.nothing,
    ),
    (
        rf"(?<![\d.,$€£¥-])(?:(?:in|of|since|from|until|by|to|and|than in|late"
        rf"|early) )?(?P<year>{_YEAR})s?\b(?![.,]?\d|[%万亿千百辆台家人名个部项张元米吨天度倍股公]| (?:million"
        rf"|billion|yuan|vehicles|cars|units|people|stores|orders|percent|per cent|km|GPUs|shares|dollars|employees"
        rf"|engineers))",
        read.year,
    ),
)
