"""The line beside a Chinese headline: time, source, author, editor.

责任编辑 is the editor and not the author; 来源 is the outlet that a portal took the story from.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from extractors.news.dates import WrittenTime, read_time

_TIME = re.compile(
    r"(?:19|20)\d{2}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)\s?日?"
    r"(?:[\s　T]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d))?"
)
_NAME = r"[^\s:：　|｜，,。；;、()（）\[\]【】/]{2,20}"
_AUTHOR = re.compile(
    r"(?:作者|撰文|撰稿|记者|記者|(?<![\u4e00-\u9fff])文(?=\s?[:：/／|｜丨︱]))\s?[:：/／|｜丨︱]?\s?"
    rf"(?P<names>{_NAME}(?:[ 　、]{_NAME}){{0,3}})"
)
_SOURCE = re.compile(rf"(?:来源|來源|稿源)\s?[:：]?\s?(?P<name>{_NAME})")
_PERSON = r"(?:[\u4e00-\u9fff·]{2,6}|[A-Z][a-z]+(?: [A-Z][a-z]+)+)"
_AUTHOR_BELOW = re.compile(
    rf"^[（(【\[]?(?:[《\u4e00-\u9fff》]{{0,10}}(?:作者|记者|記者)|撰文|撰稿|文)\s?[:：/／|｜丨︱ ]\s?"
    rf"(?P<names>{_PERSON}(?:[ 、]{_PERSON}){{0,3}})[）)】\]]?$",
    re.MULTILINE,
)
_EDITOR = re.compile(r"(?:责任编辑|責任編輯|责编|責編|編輯|编辑|监制|校对|审核)")
_EDITED_BY = re.compile(
    r"(?:责任编辑|責任編輯|责编|責編|(?<![\u4e00-\u9fff])(?:编辑|編輯))\s*[:：/|｜丨]\s*"
    rf"(?P<names>{_PERSON}(?:[_ ]?[A-Z]{{1,4}}\d+)?"
    rf"(?:(?:[、,，/;；] ?| (?={_PERSON} *(?:[)）\]】]|$))){_PERSON}(?:[_ ]?[A-Z]{{1,4}}\d+)?){{0,3}})",
    re.MULTILINE,
)
_AUTHOR_WORDS = ("作者", "记者", "記者", "撰文", "撰稿", "文")
_BETWEEN = re.compile(r"[、,，/;；]\s?|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_CODE = re.compile(r"[_\s]?[A-Z]{1,4}\d+$")
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
    editors: tuple[str, ...] = ()

    def is_outlet(self, name: str, site_name: str) -> bool:
        """Tell an outlet or portal from a person."""
        return name in (site_name, self.source) or bool(_OUTLET.search(name)) or len(name) > _LONGEST_PERSON


def read_byline(before: str, after: str, below: str, seen_at: datetime) -> Byline:
    """Read the text before and after a headline, what stands nearest below it first, and all of it for the rest."""
    source = _SOURCE.search(after)
    line = Byline(_time(after, seen_at) or _last_time(before, seen_at), source.group("name") if source else "")
    author = _AUTHOR.search(_EDITOR.split(after)[0])
    people = _people(line, re.split(r"[\s、]+", author.group("names")) if author else [])
    return replace(line, authors=people or _people(line, _named_below(below)), editors=_editors(line, below))


def _people(line: Byline, written: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        name
        for name in written
        if not line.is_outlet(name, "") and not _NO_NAME.search(name) and not _SOURCE.match(name)
    )


def _named_below(below: str) -> list[str]:
    """Give the names in a line below the text that names an author and says nothing else."""
    found = _AUTHOR_BELOW.search(below) if any(word in below for word in _AUTHOR_WORDS) else None
    return re.split(r"[\s、]+", found.group("names")) if found else []


def _editors(line: Byline, below: str) -> tuple[str, ...]:
    """Give the first editors that are named by name; the codes that portals append go."""
    for found in _EDITED_BY.finditer(below) if "编" in below or "編" in below else ():
        written = [_CODE.sub("", name).strip() for name in _BETWEEN.split(found.group("names"))]
        if people := tuple(name for name in written if name and not line.is_outlet(name, "")):
            return people
    return ()


def _time(text: str, seen_at: datetime) -> WrittenTime | None:
    found = [read_time(match.group(0), seen_at) for match in _TIME.finditer(text)]
    return next((one for one in found if one), None)


def _last_time(text: str, seen_at: datetime) -> WrittenTime | None:
    found = [read_time(match.group(0), seen_at) for match in _TIME.finditer(text)]
    return next((one for one in reversed(found) if one), None)
