"""Words that change what a number in a sentence is: aims, expectations, parts of the business, other makers, time."""

import re

AHEAD = re.compile(
    r"\b(?:expects?|expected to|anticipates?|guidance|outlook|forecasts?|projects to|is projected|will|would|shall|"
    r"to be (?:between|in the range|approximately|in a range))\b|"
    r"预计|預計|预期(?!内)|預期(?!內)|指引|展望|将(?:达|在|于|会|交付)|將(?:達|在|於|會|交付)",
    re.IGNORECASE,
)
"""What the company says of the future: guidance."""
AIM = re.compile(
    r"\b(?:aims?|aiming|targets?|targeting|targeted|goals?|plans? to|planned to|intends? to|hopes? to|strives? to|"
    r"on track to)\b|"
    r"目标|目標|计划|計劃|力争|力爭|争取|爭取|挑战|挑戰",
    re.IGNORECASE,
)
"""What it wants to reach: a target."""
EXPECTED = re.compile(
    r"\b(?:consensus|analysts?|wall street|estimates?|estimated|expectations?|projections?|forecasts? of|"
    r"market expect\w*|polled)\b|"
    r"市场预期|市場預期|分析师|分析師|预测|預測|市场预计|市場預計",
    re.IGNORECASE,
)
"""What others thought it would be: an estimate."""
RESPECTIVELY = re.compile(r"\brespectively\b|分别(?:为|達|达)|分別(?:為|達)", re.IGNORECASE)
TIME = re.compile(
    r"\b(?:quarter(?:ly)?|month(?:ly)?s?|year(?:ly)?s?|annual(?:ly)?|half|full[- ]year|q[1-4]|ytd|19\d\d|20\d\d|"
    r"to date|so far|since|until|"
    r"today|week(?:ly)?s?|day|daily|january|february|march|april|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|cumulative(?:ly)?|lifetime|already|period|total since)\b|"
    r"\bmay\b(?= \d)|"
    r"\bin may\b|[年月季周日]|期内|期內|期间|期間|累计|累計|截至|至今|单日|單日",
    re.IGNORECASE,
)
CHANGE_WORDS = re.compile(
    r"year[- ](?:on|over)[- ]year|quarter[- ](?:on|over)[- ]quarter|month[- ](?:on|over)[- ]month|\b(?:yoy|qoq|"
    r"mom)\b|y/y|q/q|m/m|"
    r"同比|环比|環比|按年|按季|按月",
    re.IGNORECASE,
)
"""Words of time that place nothing."""
THIS_PERIOD = re.compile(
    r"\b(?:the|this|that) (?P<kind>quarter|month|year)\b(?! (?:of|ended|ending|to|before|ago|earlier))|"
    r"(?:该|該|本|当|當)(?P<zh>季度?|月|年)(?!\d)",
    re.IGNORECASE,
)
"""A period spoken of before."""
KINDS = {
    "quarter": "quarter",
    "month": "month",
    "year": "year",
    "季": "quarter",
    "季度": "quarter",
    "月": "month",
    "年": "year",
}
SEGMENTISH = re.compile(
    r"segments?|business(?:es)?|\bfrom (?!the |RMB|US\$|HK\$|\$|[\d(]|approximately|operations|a )|smartphones?|"
    r"\bIoT|internet|\bEVs?\b|"
    r"automotive|vehicles?|cars?|energy|services?|overseas|international|geograph|region|mainland|advertis|gaming|"
    r"分部|业务|業務|手机|手機|汽车|汽車|互联网|互聯網|服务|服務|境外|海外|地区|地區|广告|廣告|游戏|遊戲|产品|產品|储能|儲能|其中",
    re.IGNORECASE,
)
"""Words that say that an amount is of a part of the business."""
WHOLE = re.compile(r"\btotal revenues?\b|总收入|總收入|总营收|總營收|总营业收入", re.IGNORECASE)
CONDITIONS = re.compile(r"\bif\b|\bcould\b|\bmight\b|\bmay (?:be|have|reach)\b|如果|倘若|或将|或將|可能", re.IGNORECASE)
SINGLE = re.compile(
    r"single[- ]day|per day|a day|one day|daily|within \d+|in \d+ (?:minutes|hours|days)|"
    r"单日|單日|小时|小時|分钟|分鐘|天内|天內",
    re.IGNORECASE,
)
"""Counts of days and hours, which no period here holds."""
MAKERS = (
    "BYD", "NIO", "XPeng", "Li Auto", "Tesla", "Xiaomi", "Zeekr", "Leapmotor", "Seres", "AITO", "Geely", "SAIC",
    "Great Wall", "GAC", "Aion", "Changan", "Volkswagen", "Toyota", "BMW", "Mercedes", "Rivian", "Lucid",
    "Ford", "Huawei", "Apple", "Samsung", "Honda", "Hyundai", "Wuling", "Chery", "Avatr", "Neta", "Hozon",
    "Voyah", "比亚迪", "比亞迪", "蔚来", "蔚來", "小鹏", "小鵬", "理想汽车", "理想汽車", "特斯拉", "小米",
    "零跑", "极氪", "極氪", "赛力斯", "問界", "问界", "鸿蒙智行", "埃安", "吉利", "长安", "奇瑞",
)  # fmt: skip
"""Makers beside whose names a number may be theirs."""
