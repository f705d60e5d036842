"""Which lines of what a reader found belong to the article, and which only stand around it."""

import re

from extractors.news.sentences import HAN, SENTENCE

_END = re.compile(
    r"^\W{0,3}(?:责任编辑|責任編輯|责编|責編|编辑\s?[:：]|編輯\s?[:：]|本文来源|关键词|版权声明|免责声明|声明[:：]|返回.{0,8}首页|相关阅读|推荐阅读"
    r"|相关新闻|延伸阅读|热门文章|分享到|举报邮箱|更多精彩|未经授权)"
)
_OTHER_ARTICLES = (
    r"(?:related|recommended(?: for you)?|trending(?: now)?|most (?:read|popular)|more (?:from|on|about)|don['’]t miss"
    r"|read (?:more|also|next|on)|also read|see also|must[- ]reads?|you (?:may|might) also (?:like|be interested in)"
    r"|watch(?: now| live)?|listen|embed|also on [\w.]+)\s*(?:[:：|»>…].{0,200})?",
    r"(?:related|more|top|latest) (?:articles?|stories|news|coverage|content|links|topics|videos?)"
    r"\s*(?:[:：|»>…].{0,200})?",
    r"(?:read more|also read|see also|don['’]t miss|related|watch|also on [\w.]+(?: \w+)?)\s?[:|].{3,200}",
)
_BUTTONS = (
    r"share|tweet|print(?: article)?|e-?mail|order reprints|save|loading\W*|skip (?:to|ad).{0,40}|thank you\W*",
    r"share (?:this|it|via|on (?:facebook|twitter|x|linkedin|whatsapp))\b.{0,60}",
    r"(?:like|love|enjoy(?:ed|ing)?) (?:this (?:story|article|post|piece|video)|what you)\b.{0,80}",
    r"comments?|\d+ comments?|(?:leave|post|add) a (?:comment|reply).{0,40}|tell us what you think\W*",
    r"(?:click|tap) (?:here|below) (?:to|for|if)\b.{0,120}|(?:get|download) (?:the|our) .{0,40}\bapp\b.{0,40}",
    r"an error (?:has )?occurred\W{1,3}(?:please|try).{0,60}|story continues.{0,40}",
)
_REQUESTS = (
    r"(?:sign up|subscribe)\b.{0,120}"
    r"\b(?:newsletters?|inbox|e-?mails?|daily|weekly|free trial|updates)\b.{0,120}",
    r"(?:get|want) .{3,100}\b(?:newsletters?|inbox|letterbox|delivered (?:straight |right )?to you)\b.{0,160}",
    r"(?:you can )?(?:follow|like|find|join) (?:us|me|him|her|them|@\w+|[\w .]{3,40}) on "
    r"(?:twitter|facebook|instagram|linkedin|google|youtube|telegram|whatsapp|x\b).{0,120}",
    r"(?:write|reach out|e-?mail|contact) (?:to )?.{0,60}(?:@| at )[\w.-]+\.\w{2,}.{0,120}",
)
_SMALL_PRINT = (
    r"(?:copyright (?:©|\(c\)|\d{4})|©|\(c\) ?\d{4}).{0,160}|.{0,120}all rights reserved\W*",
    r"this (?:copy|article) (?:is for|has been sent).{0,240}|advertis(?:e?ment|ing)|sponsored(?: content)?",
    r"(?:image|photo|picture|photograph|video)s?(?: credits?| source| by| courtesy)?\s?[:：].{0,120}",
    r"getty images?.{0,30}",
    r"(?:tags?|topics?|filed under|categories)\s?:.{0,200}|tags?|topics?|filed under",
    r"(?:published|updated|posted|last updated)\s?(?:[:：]|on |at ).{0,15}\d.{0,40}",
)
_FURNITURE = re.compile("|".join((*_OTHER_ARTICLES, *_BUTTONS, *_REQUESTS, *_SMALL_PRINT)), re.IGNORECASE)
_LONGEST = 300


def article_lines(found: str, title: str) -> str:
    """Take off the headline, buttons, and on Chinese pages the menus before and what follows the editor's name."""
    lines = [" ".join(line.split()) for line in found.split("\n")]
    lines = [line for line in lines if line]
    if lines and lines[0].lstrip("- ") == title:
        lines = lines[1:]
    if len(HAN.findall(found)) * 3 < len(found):
        return "\n".join(line for line in lines if not is_furniture(line))
    total = sum(map(len, lines))
    for number, line in enumerate(lines):
        if _END.search(line) and sum(map(len, lines[:number])) * 3 > total:
            lines = lines[:number]
            break
    prose = [number for number, line in enumerate(lines) if SENTENCE.search(line)]
    return "\n".join(lines[prose[0] : prose[-1] + 1]) if prose else "\n".join(lines)


def is_furniture(line: str) -> bool:
    """Tell a line that every article of an outlet could carry from one of this article."""
    return len(line) <= _LONGEST and _FURNITURE.fullmatch(line.strip(" -–—•*[]()|>»")) is not None
