"""Lines that say what the tables below them are: statements, highlights, notes, forecasts, the company alone."""

import re
from dataclasses import dataclass

from transforms.figures.labels import BALANCE, CASH, INCOME, KINDS
from transforms.figures.plain import plain

STATEMENT, HIGHLIGHTS = 1, 2


@dataclass(frozen=True, slots=True)
class Title:
    """What a title announces; without kinds it is of tables that are not read."""

    kinds: tuple[str, ...]
    rank: int = STATEMENT
    is_forecast: bool = False


_ENDS = Title(())
_TITLES: tuple[tuple[str, Title], ...] = (
    (r"^(?:notes?|footnotes?) (?:to|on|forming)\b|"
        r"^(?:综合|合并|简明综合|未经审核)?.{0,12}(?:财务报表|财务资料|财务信息)附注$", _ENDS),
    (r"^(?:note )?\d{1,2} ?[.、:-] ?(?!.*(?:highlights|摘要))(?!.*statements? of)"
        r"(?!.*financial results)\D", _ENDS),
    (r"母公司(?:资产负债表|利润表|现金流量表)|non-consolidated|公司财务状况表$(?<!综合公司财务状况表)", _ENDS),
    (r"statements? of financial position of the company|company balance sheet|balance sheet of the company", _ENDS),
    (r"(?:statements? of|statement) .{0,60}changes in .{0,40}(?:equity|deficit|deficiency)|"
        r"权益变动表|股东权益表", _ENDS),
    (r"statements? of .{0,60}\band (?:shareholders'? )?equity$|reconciliations? of", _ENDS),
    (r"dividends?$|^股息$|^segment (?:information|reporting)|分部(?:资料|信息)$|分类资料$|非经常性损益项目", _ENDS),
    (r"补充资料|supplement", _ENDS),
    (r"statements? of (?:.{0,20})?cash ?flows?|cash flow statements?|现金流量表{end}", Title((CASH,))),
    (r"balance sheets?\b|statements? of (?:.{0,20})?financial (?:position|condition)|"
        r"(?:财务状况表|资产负债表){end}", Title((BALANCE,))),
    (
        r"statements? of (?:.{0,30})?(?:profit (?:or|and) loss|income|operations|earnings|loss(?:es)?|comprehensive)|"
        r"income statements?|profit and loss account|(?:损益表|收益表|利润表){end}",
        Title((INCOME,)),
    ),
    (r"forecast|guidance|outlook|业绩展望|业绩预测", Title(KINDS, HIGHLIGHTS, is_forecast=True)),
    (r"分季度.{0,4}主要财务(?:数据|指标)", Title(KINDS, HIGHLIGHTS)),
    (
        r"(?:key|financial|results|performance) (?:and operating )?highlights|^highlights|financial summary|"
        r"selected financial|"
        r"consolidated (?:financial|operating) results|consolidated financial position|consolidated cash flows|"
        r"^\(\d\) consolidated (?:operating|financial|cash)|"
        r"(?:财务|表现|业绩)?摘要$|财务概要|主要(?:会计|财务)(?:数据|指标|资料)|关键财务",
        Title(KINDS, HIGHLIGHTS),
    ),
)  # fmt: skip
_END_OF_NAME = r"(?:\([^()]*\)|[-:\s\d年月日至止度季第截于续])*$"
_RULES = tuple((re.compile(pattern.replace("{end}", _END_OF_NAME)), title) for pattern, title in _TITLES)
_CONTENTS = re.compile(r"[.…·]{3,}\s*\d+$|…|\s\d{1,3}$")
_SENTENCE = re.compile(r"[。;；]|[a-z]\. [a-z]|[:,，]$| (?:is|are|was|were|have|has|should|the accompanying) ")
_LONGEST = 150
_LONGEST_CHINESE = 46


def title_of(line: str) -> Title | None:
    """Read a line as a title; None for one that is none: too long, a sentence, a line of contents."""
    said = plain(line.replace("\t", " "))
    is_chinese = any("\u3400" <= one <= "\u9fff" for one in said)
    if not said or len(said) > (_LONGEST_CHINESE if is_chinese else _LONGEST):
        return None
    if _SENTENCE.search(said) or (_CONTENTS.search(said) and not re.search(r"(?:19|20)\d\d\)?$", said)):
        return None
    return next((title for pattern, title in _RULES if pattern.search(said)), None)


def is_prose(line: str) -> bool:
    """Tell a line of a paragraph from one of a table."""
    if line.count("\t") > 1:
        return False
    said = line.strip()
    chinese = sum("\u3400" <= one <= "\u9fff" for one in said)
    return len(said) > (34 if 2 * chinese > len(said) else 130) or said.endswith("。")
