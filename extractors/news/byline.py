"""The line beside a Chinese headline: time, source, author, editor.

责任编辑 is the editor and not the author; 来源 is the outlet that a portal took the story from.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from extractors.news.dates import WrittenTime, read_time

_TIME = re.compile(
    r"(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)\s?日?"
    r"(?:[\s　T]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d))?"
)
_NAME = r"[^\s:：　|｜，,。；;、()（）\[\]【】/]{2,20}"
_AUTHOR = re.compile(
    r"(?:作者|撰文|撰稿|记者|記者|文(?=\s?[:：/／|｜]))\s?[:：/／|｜]?\s?"
    rf"(?P<names>{_NAME}(?:[ 　、]{_NAME}){{0,3}})"
)
_SOURCE = re.compile(rf"(?:来源|來源|稿源)\s?[:：]?\s?(?P<name>{_NAME})")
_EDITOR = re.compile(r"(?:责任编辑|責任編輯|责编|編輯|编辑|监制|校对|审核)")
_OUTLET = re.compile(
    r"网易|新浪|搜狐|腾讯|凤凰|人民网|新华|央视|证券|东方财富|和讯|客户端|编辑|编译|編輯|小编|整理|佚名|本网|本站|综合"
    r"|日报|日報|晚报|晚報|早报|时报|時報|周刊|頭條|头条|财经|財經|新闻|新聞|科技|公司|网$|報$|报$|社$|署名|专栏|原创|转载"
)
_LONGEST_PERSON = 12
_NO_NAME = re.compile(r"\d|^(?:来源|來源|稿源|讯|訊|电|電|摄|报道|報道|获悉|了解|注意|从|在|采访)")


@dataclass(frozen=True, slots=True)
class Byline:
    """What the line says."""

    published: WrittenTime | None
    source: str = ""
    authors: tuple[str, ...] = ()

    def is_outlet(self, name: str, site_name: str) -> bool:
        """Tell an outlet or portal from a person."""
        return name in (site_name, self.source) or bool(_OUTLET.search(name)) or len(name) > _LONGEST_PERSON


def read_byline(before: str, after: str, seen_at: datetime) -> Byline:
    """Read the text before and after a headline; what stands nearest below it counts first."""
    source = _SOURCE.search(after)
    line = Byline(_time(after, seen_at) or _last_time(before, seen_at), source.group("name") if source else "")
    author = _AUTHOR.search(_EDITOR.split(after)[0])
    people = re.split(r"[\s、]+", author.group("names")) if author else []
    kept = tuple(
        name
        for name in people
        if not line.is_outlet(name, "") and not _NO_NAME.search(name) and not _SOURCE.match(name)
    )
    return Byline(line.published, line.source, kept)


def _time(text: str, seen_at: datetime) -> WrittenTime | None:
    found = [read_time(match.group(0), seen_at) for match in _TIME.finditer(text)]
    return next((one for one in found if one), None)


def _last_time(text: str, seen_at: datetime) -> WrittenTime | None:
    found = [read_time(match.group(0), seen_at) for match in _TIME.finditer(text)]
    return next((one for one in reversed(found) if one), None)
