"""One entry of a feed, whatever the format, and the rules that all formats share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extractors.news.dates import WrittenTime
from extractors.news.plain_text import shortened, to_line, to_text

_MOST_SUMMARY = 600
_LEAST_BODY = 300
_ADDRESS_ONLY = re.compile(r"^\s*https?://\S+\s*$")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_BY = re.compile(
    r"^\s*(?:by|von|par|por|文|作者|记者|记者)\s*[:：/／]?\s+|^\s*(?:文|作者|记者|记者)\s*[:：/／|｜]\s*", re.IGNORECASE
)
_BETWEEN_NAMES = re.compile(r"\s*[;；、|｜]\s*|\s*,\s+|\s+(?:and|&|und|et)\s+")
_IN_BRACKETS = re.compile(r"^[^(]*\(([^()]{2,})\)\s*$")
_IS_CHINESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_NO_NAME = re.compile(
    r"https?:|www\.|[\W\d_]+$|(?:admin|administrator|editor|webmaster|staff|noreply)$"
    r"|.*\b(?:reporter|correspondent|contributor|staff writer)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as its feed, site map or list gives it; names and headline are plain, links absolute."""

    guid: str
    link: str
    title: str
    published: WrittenTime | None
    published_text: str
    """The time as written, also where it cannot be read or believed."""
    authors: tuple[str, ...] = ()
    description: str = field(default="", repr=False)
    """The summary in the feed's own markup."""
    content: str = field(default="", repr=False)
    """The full text in the feed's own markup, where the feed carries one."""
    outlet: str = ""
    """The outlet that an aggregator names; empty for an outlet's own feed."""
    outlet_url: str = ""
    image_url: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    feed_title: str = ""
    modified: WrittenTime | None = None
    """When it was last changed, where a site map says so."""

    def texts(self) -> tuple[str, str]:
        """Give summary and full text as plain text; the text is empty where the feed carries none."""
        summary, body = summary_and_body(self.description, self.content)
        return own_summary(summary, self.title, self.outlet), body


def names(written: Sequence[str]) -> tuple[str, ...]:
    """Read names of people out of author fields: mail addresses and `By` go, several in one field are parted."""
    return _names(tuple(written)) if written else ()


@lru_cache(maxsize=4096)
def _names(written: tuple[str, ...]) -> tuple[str, ...]:
    """Remember what was read, since the same few people write all entries of a feed."""
    found: list[str] = []
    for text in written:
        line = _BY.sub("", to_line(text))
        line = _MAIL.sub(" ", _IN_BRACKETS.sub(r"\1", line)) if "@" in line or "(" in line else line
        parts = [" ".join(part.split()).strip(" ,;:-–<>[]") for part in _BETWEEN_NAMES.split(line)]
        are_names = all(" " in part or _IS_CHINESE.search(part) for part in parts) or len(parts) == 1
        found += parts if are_names else [" ".join(line.split()).strip(" ,;:-–<>[]")]
    return tuple(dict.fromkeys(name for name in found if len(name) > 1 and not _NO_NAME.match(name)))


def summary_and_body(description: str, content: str) -> tuple[str, str]:
    """Tell a summary from a full text; some feeds put the whole article where the summary belongs."""
    short, long = to_text(description), "" if _ADDRESS_ONLY.match(content) else to_text(content)
    body = max(long, short, key=len)
    return shortened(short or long, _MOST_SUMMARY), body if len(body) >= _LEAST_BODY and (
        long or len(body) > _MOST_SUMMARY
    ) else ""


def own_summary(summary: str, title: str, outlet: str) -> str:
    """Drop a summary that only says the headline and the outlet again, as those of aggregators do."""
    rest = summary.replace(title, "", 1).replace(outlet, "", 1) if title else summary
    return summary if re.search(r"\w", rest) else ""


def without_outlet(title: str, outlet: str) -> str:
    """Cut the outlet that an aggregator appends to a headline."""
    for mark in (" - ", " – ", " | ", " -- ", "_") if outlet else ():
        if title.endswith(mark + outlet):
            return title[: -len(mark + outlet)].rstrip()
    return title
