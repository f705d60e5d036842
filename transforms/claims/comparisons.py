"""What a number is compared with, and which way it goes: the phrases, in English and simplified Chinese."""

import re
from dataclasses import dataclass

from transforms.claims.triggers import Triggered

YOY, QOQ, MOM, SEQUENTIAL, LAST_CLOSE = "yoy", "qoq", "mom", "sequential", "vs_last_close"
_PHRASES: tuple[tuple[str, str], ...] = (
    (
        YOY,
        r"year[- ](?:on|over)[- ]year|\bYoY\b|\by/y\b|from (?:a|one) year (?:earlier|ago|before)|(?:than|against"
        r"|versus|compared (?:with|to)) (?:a|one) year (?:ago|earlier|before)|a year (?:ago|earlier|before)"
        r"|(?:twelve|12) months (?:before|earlier|ago)|on the year\b(?!')|year on year|(?:from|than|over|on|against"
        r"|versus|compared (?:with|to)|in) the (?:same|corresponding|year-ago|year-earlier|prior-year) (?:period"
        r"|quarter|month|half|nine months|time)(?: (?:of|in|a|last|the))*(?: (?:last|previous|prior|preceding) year"
        r"| year (?:earlier|ago|before)| 20\d\d)?|(?:from|than|over|on|against|versus|compared (?:with"
        r"|to)) (?:the )?(?:previous|prior|preceding|last) year(?!'s first)|the same (?:period|quarter|month)(?: of"
        r"| in)? (?:last year|20\d\d|the previous year|a year earlier)|(?:较|比|与|相比)?(?:上年|去年"
        r"|20\d\d年)同(?:期|月|季)(?:相比)?|按年(?=[升跌增减涨降大多少上下升])|同比|年增(?:长|幅)?(?=率|\d|约|近|逾"
        r"|超)|年减|按年",
    ),
    (
        QOQ,
        r"quarter[- ](?:on|over)[- ]quarter|\bQoQ\b|\bq/q\b|(?:from|than|over|on|against|compared (?:with"
        r"|to)) the (?:previous|prior|preceding|last) quarter|(?:from|than|over) (?:\w+ ){1,3}(?:for|in"
        r"|of) the (?:previous|prior|preceding|last) quarter|from the quarter before|(?:than"
        r"|from) three months (?:ago|earlier|before)|按季|季增|季减|(?:较|比|与)上一?(?:个)?季(?:度)?",
    ),
    (
        MOM,
        r"month[- ](?:on|over)[- ]month|\bMoM\b|\bm/m\b|(?:from|than|over|on|against|compared (?:with"
        r"|to)) the (?:previous|prior|preceding) month|from the month before|(?:from|than|over|on) (?:a"
        r"|one) month (?:earlier|ago|before)|on the month\b|(?:from|than|over|against|compared (?:with"
        r"|to)) last month|按月|月增|月减|(?:较|比|与)上一?(?:个)?月",
    ),
    (SEQUENTIAL, r"sequential(?:ly)?|环比"),
    (
        LAST_CLOSE,
        r"(?:to|from|on|below|above) (?:the|its) (?:last|previous|prior|latest) clos(?:e|ing price)|(?:较|比)(?:上"
        r"|前)一?(?:个)?(?:交易日|日)?(?:收市|收盘)价?|昨收",
    ),
)
_COMPILED = tuple((code, Triggered.of(words)) for code, words in _PHRASES)
_UP = (
    r"\bup\b|rose|rise[ns]?|rising|increas(?:e[sd]?|ing)|grew|grow(?:s|n|th|ing)?|gain(?:s|ed|ing)?|jump(?:s|ed"
    r"|ing)?|climb(?:s|ed|ing)?|surg(?:e[sd]?|ing)"
    r"|soar(?:s|ed|ing)?|leap(?:t|ed|s)?|higher|more than (?:in|a|the|last)|more\b|added|adding|advanc(?:e[sd]?"
    r"|ing)|rall(?:y|ied|ies)|expand(?:s|ed|ing)?|improv(?:e[sd]?|ing|ement)"
    r"|widen(?:s|ed|ing)?|spik(?:e[sd]?|ing)|swell(?:ed)?|accelerat(?:ed|ing)|rebound(?:ed|s)?|lift(?:ed|s)?"
    r"|raised?|boost(?:ed)?|compounded|ahead|faster|longer|skyrocketed|bigger|greater|larger|above(?= the)"
    r"|dearer"
    r"|涨幅(?:扩大|收窄|回落)|增长|增加|增至|增幅|大增|上升|上涨|提升|提高|增|涨|升|扩大|多出|高出|飙升|攀升|激增|攀|大升|猛增|劲升"
    r"|多(?=\d)|改善|走高|走强|回升|反弹|加码"
)
_DOWN = (
    r"\bdown\b|fell|fall(?:s|en|ing)?|drop(?:s|ped|ping)?|declin(?:e[sd]?|ing)|decreas(?:e[sd]?|ing)"
    r"|slid(?:e[sd]?|ing)?|slip(?:s|ped|ping)?|shr(?:ank|ink|inking|unk)|lower(?:ed)?"
    r"|lost(?= \d)|los(?:es|ing)|narrow(?:s|ed|ing)?|sank|sink(?:s|ing)?|tumbl(?:e[sd]?|ing)|plung(?:e[sd]?"
    r"|ing)|plummet(?:s|ed|ing)?|cut(?:s|ting)?|reduc(?:e[sd]?|ing|tion)|cheaper|fewer|less|shed|dip(?:s|ped)?"
    r"|eased?"
    r"|discount|shorten(?:s|ed|ing)?|weaken(?:ed)?|contract(?:ed|ion)|slump(?:s|ed|ing)?|crash(?:ed|es)?"
    r"|retreat(?:ed)?|shav(?:ed|ing)|smaller|below(?= the)|swung to a|off(?= \d)|halv(?:ed|ing)"
    r"|[跌降]幅(?:扩大|收窄)|下降|下滑|下跌|减少|降低|跌|减|降|缩减|收窄|缩小|回落|下挫|少(?=\d)|下调|亏损收窄|折让|滑落|走低|暴跌|缩短|萎缩"
)
_FLAT = r"\bflat\b|unchanged|持平|little changed|steady"
_DIRECTION = re.compile(
    rf"(?P<up>(?<![A-Za-z])(?:{_UP})(?![a-z]))|(?P<down>(?<![A-Za-z])(?:{_DOWN})(?![a-z]))|(?P<flat>{_FLAT})",
    re.IGNORECASE,
)
_NO_DIRECTION = re.compile(
    r"more than(?! (?:in|a year|the|last)\b)|less than|fewer than|no more|higher than expected|growth (?:rate"
    r"|stock|enterprise)|above|raised? (?:US|HK|RMB|\$|€|£|\d)|raising|上涨空间|增持|增值|涨停|创新高|多家|增程"
    r"|升级|提升至|降临|not less|more or less|cut-off",
    re.IGNORECASE,
)
SHARE_OF = re.compile(
    r"^(?:\s?(?:percent|per cent))?\s?(?:of (?:the |its |their |all |total |group |overall |global |worldwide "
    r"|company |those |buyers|owners|users|sales|revenue|new|which|China|orders)|share\b|market share|stake)"
    r"|^\s?(?:的)?(?:份额|股份|股权|市占率)",
    re.IGNORECASE,
)
SHARE_BEFORE = re.compile(
    r"(?:account(?:s|ed|ing) for|made up|makes? up|representing|contribut(?:ed|ing)|compris(?:ed|ing)"
    r"|constitut(?:ed|ing)|share (?:of|was|at|to)|weight(?:ing)? (?:of|at))(?: (?:about|around|nearly|almost"
    r"|over|some|more than|roughly|just))*\s?$"
    r"|(?:占比?|占到|占据|占总?\S{0,8}?的?|份额(?:为|达|约)?|比例(?:为|达)?|比重(?:为|达)?|占比\S{0,4})(?:约|为"
    r"|达|近|超过|逾|到|达到|提升至|升至|仅)*\s?$",
    re.IGNORECASE,
)
LEVEL_BEFORE = re.compile(
    r"(?:\b(?:to|at|of|was|were|is|stood at|reached|reaching|hit|hits|came in at|remained at|totalled|totaled"
    r"|be)|[至为达到]|达到|录得|报|增至|升至|降至|跌至|提升至|是|仅|收于|率|涨到|跌到|减至)"
    r"(?: (?:a|an|the|about|around|nearly|almost|over|some|only|just|record|more than|roughly))*\s?[((]?$",
    re.IGNORECASE,
)
TARGET = re.compile(
    r"\b(?:targets?|targeted|targeting|goals?|aims?|aimed|aiming|plans? to|planned to|planning to|intends? to"
    r"|within sight of|hopes? to|hoping to|seeks? to|on track (?:to|for)|ambitions?|pledged to|will (?:reach"
    r"|add|open|build|invest|each|have|hit|deliver|launch)|(?:and )?to (?:reach|hit|open|deliver|build|sell"
    r"|produce|invest|add) )|目标|计划|拟|力争|筹建|正筹"
    r"|将(?:达|增|在|于|投|建|开|新增|扩|突破)|仅差|规划|争取|有望|冲击|剑指",
    re.IGNORECASE,
)
GUIDANCE = re.compile(
    r"\b(?:guidance|guides?|guided|outlook|forecasts?|expects?|expected|expecting|projects|projected|predicts?"
    r"|anticipates?|estimates? (?:that|deliver|revenue))|预计|预期(?!内)|指引|展望|料(?=[将为达交])|预测|料将",
    re.IGNORECASE,
)
BEAT = re.compile(
    r"(?:beat|beating|miss|missing|missed|topp?(?:ed|ing)|above|below|versus|than|compared with"
    r"|against)[^.;]{0,40}(?:expect|forecast|estimat|consensus)|(?:高于|低于|超出?|胜|逊)(?:于)?(?:市场"
    r"|分析师)?预期", re.IGNORECASE)  # fmt: skip
EQUIVALENT = re.compile(
    r"(?:[((]|折合(?:成)?|相当于|约合|合计约?合|或|equivalent to|or about|equal to|approximately|, or)(?:约|about"
    r"|around|approximately)?\s?$", re.IGNORECASE)  # fmt: skip
CUMULATIVE = re.compile(
    r"\b(?:cumulative(?:ly)?|in total since|have (?:now )?reached|to date|since (?:the )?(?:launch|handovers"
    r"|inception|deliveries)|lifetime)|累计|历史总|总计(?:已)?", re.IGNORECASE)  # fmt: skip
THRESHOLD_AFTER = re.compile(
    r"^\s?(?:mark|milestone|threshold|barrier|level)\b|^(?:的)?(?:大关|门槛|关口|整数关|里程碑)",
    re.IGNORECASE)  # fmt: skip
THRESHOLD_BEFORE = re.compile(
    r"(?:straight|consecutive) (?:quarter|month|year|week)s? (?:above|over|below)\s?$|首次(?:突破|超过|迈过|跨过"
    r"|冲破|站上|破)(?:了)?\s?$|for the first time (?:above|over)\s?$|突破了?$", re.IGNORECASE)  # fmt: skip
RECORD = re.compile(
    r"\b(?:the most ever|a record|record(?:-high| high|-breaking)?|all-time high|the highest (?:ever|on record)"
    r"|historic high)\b|历史新高|创(?:下)?(?:历史)?(?:新高|纪录)|历史最高|新高", re.IGNORECASE)  # fmt: skip
RECORD_BEFORE = re.compile(
    rf"(?:{RECORD.pattern})[^，,;；]{{0,24}}(?:[，,]\s?(?:达|为|至|录得|reaching|at|to)[^，,;；]{{0,8}})?$",
    re.IGNORECASE,
)
CUMULATIVE_AFTER = re.compile(
    r"^[^,.;，。；]{0,24}\b(?:cumulatively|to date|since (?:its|the|their)(?: \w+){0,3} launch(?:ed)?)\b", re.IGNORECASE
)
RATE = re.compile(
    r"compound(?:ed|ing)?|\bCAGR\b|annuali[sz]ed|复合(?:年)?(?:均)?增长率?|年均(?:复合)?增", re.IGNORECASE
)
AGAINST = re.compile(
    r"(?:versus|vs\.?|against|compared (?:with|to)|up from|down from|from"
    r"|(?<!more )(?<!less )(?<!fewer )(?<!higher )(?<!lower )(?<!greater )than|较|对比|相比|而(?:去年|上年"
    r"|上月)(?:同期)?(?:为|则为|是)?|去年同期(?:为|则为|是|赚|盈利|亏损|亏)?|上年同期(?:为|是|赚|盈利|亏损"
    r"|亏)?)(?: the| a| an| about| around| just"
    r"| some)*(?: loss of| profit of| net loss of| record| pre-sale)?\s?$", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Phrase:
    """One place in a sentence that says what a number is compared with."""

    start: int
    end: int
    code: str


def find_phrases(text: str) -> list[Phrase]:
    """List the phrases of comparison, in order; where two overlap the first kind stands."""
    taken, lowered = bytearray(len(text)), text.lower()
    found = []
    for code, pattern in _COMPILED:
        for match in pattern.finditer(text, lowered):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
                found.append(Phrase(match.start(), match.end(), code))
    return sorted(found, key=lambda one: one.start)


def directions(text: str) -> list[tuple[int, int, str]]:
    """List the words that say which way a number goes."""
    silent = [one.span() for one in _NO_DIRECTION.finditer(text)]
    return [
        (found.start(), found.end(), found.lastgroup or "")
        for found in _DIRECTION.finditer(text)
        if not any(start <= found.start() < end for start, end in silent)
    ]
