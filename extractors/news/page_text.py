"""The text of an article: its paragraphs, without what stands around them.

The first reader is trafilatura, the best of those that were measured. Where it finds little, the text that the
page states in JSON-LD and the paragraphs of the `article` element are second readers: JSON-LD is often a
teaser, so it counts only where it holds what the first reader found and much more.
"""

import re
from collections.abc import Iterator

from lxml import etree
from trafilatura import extract

from extractors.news.page_tree import visible_text
from extractors.news.plain_text import to_text

_LITTLE = 300
_MUCH_MORE = 1.5
_SAMPLE = 40
_PLACES = frozenset({"artibody", "article", "content"})
_FEWEST_LETTERS = 20
_HAN = re.compile("[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[。！？；：…」”][”」）)】]?\s*$|[。！？；].{0,40}$|[.!?:;…][\"'”’)\]]*\s*$")
_SENTENCES = re.compile(r"[a-z\d\"”’)][.!?][\"”’)]*\s+[A-Z\"“‘(].{20,300}[.!?]")
_END = re.compile(
    r"^\W{0,3}(?:责任编辑|責任編輯|责编|責編|编辑\s?[:：]|編輯\s?[:：]|本文来源|关键词|版权声明|免责声明|声明[:：]|返回.{0,8}首页|相关阅读|推荐阅读"
    r"|相关新闻|延伸阅读|热门文章|分享到|举报邮箱|更多精彩|未经授权)"
)


def body_of(text: str, tree: etree._Element, *, stated: str, title: str) -> str:
    """Read the body of a page; `stated` is what the page gives in JSON-LD."""
    body = _trimmed(extract(text, include_comments=False, fast=True) or "", title)
    claimed = to_text(stated)
    if len(claimed) > max(len(body) * _MUCH_MORE, _LITTLE) and _holds(claimed, body):
        return claimed
    if len(body) >= _LITTLE:
        return body
    return max(body, _trimmed("\n".join(_paragraphs(tree)), title), key=len)


def prose_length(body: str) -> int:
    """Count the characters in sentences, which a list of headlines has not."""
    lines = [line for line in body.split("\n") if len(line) >= _FEWEST_LETTERS or _HAN.search(line)]
    return sum(len(line) for line in lines if _SENTENCE.search(line) or _SENTENCES.search(line))


def _paragraphs(tree: etree._Element) -> Iterator[str]:
    """Give the paragraphs of the article element, or of the page where it has none."""
    places = (one for one in tree.iter() if one.tag == "article" or one.get("id") in _PLACES)
    for one in next(places, tree).iter("p"):
        line = visible_text(one)
        linked = sum(len(visible_text(link)) for link in one.iter("a"))
        if len(line) >= _FEWEST_LETTERS and linked < len(line) / 2:
            yield line


def _holds(claimed: str, body: str) -> bool:
    """Tell whether most of what was found stands in the claimed text too."""
    packed = re.sub(r"\W+", "", claimed)
    found = re.sub(r"\W+", "", body)
    samples = [found[start : start + _SAMPLE] for start in range(0, max(len(found) - _SAMPLE, 1), _SAMPLE * 4)]
    return sum(sample in packed for sample in samples) * 2 >= len(samples)


def _trimmed(body: str, title: str) -> str:
    """Take the headline off, and on Chinese pages the menus before and what follows the editor's name."""
    lines = [" ".join(line.split()) for line in body.split("\n")]
    lines = [line for line in lines if line]
    if lines and lines[0].lstrip("- ") == title:
        lines = lines[1:]
    if len(_HAN.findall(body)) * 3 < len(body):
        return "\n".join(lines)
    total = sum(map(len, lines))
    for number, line in enumerate(lines):
        if _END.search(line) and sum(map(len, lines[:number])) * 3 > total:
            lines = lines[:number]
            break
    prose = [number for number, line in enumerate(lines) if _SENTENCE.search(line)]
    return "\n".join(lines[prose[0] : prose[-1] + 1]) if prose else "\n".join(lines)
