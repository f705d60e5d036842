"""feedparser, for what the fast reader cannot read: dialects such as CDF, and documents beyond its mending.

Its text and links are taken; its dates are not, since it guesses wrong for what Chinese sites write (a day taken for a
month, a time of Hong Kong for one of London): the words of the feed are read by our own rules. It never goes to the
network here, and entities are refused before it sees a document.
"""

import re
from datetime import datetime
from io import BytesIO
from typing import Any

from extractors.news.addresses import resolve, unwrap
from extractors.news.dates import WrittenTime, read_time
from extractors.news.feed_entries import Entry, names
from extractors.news.plain_text import to_line

_LOOKS_LIKE_A_FEED = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_LONGEST = 5_000_000
_TIMES = ("published", "updated", "created")


def read_with_feedparser(text: str, url: str, seen_at: datetime) -> tuple[Entry, ...]:
    """Read the entries that feedparser finds; none where a document has nothing of a feed or is very long."""
    if len(text) > _LONGEST or not _LOOKS_LIKE_A_FEED.search(text):
        return ()
    import feedparser  # takes a tenth of a second, which few feeds need

    try:
        found = feedparser.parse(
            BytesIO(text.encode("utf-8", errors="replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # noqa: BLE001  its loose parser fails in ways of its own on bytes that nobody can read
        return ()
    title, language = to_line(_text(found.feed, "title")), _text(found.feed, "language")
    base = resolve(_text(found.feed, "link"), url) or url
    return tuple(_entry(one, base, title, language, seen_at) for one in found.entries)


def _entry(item: Any, base: str, feed_title: str, language: str, seen_at: datetime) -> Entry:
    published, written = _published(item, seen_at)
    content = next((_text(one, "value") for one in item.get("content") or ()), "")
    link = _text(item, "link")
    return Entry(
        guid=_text(item, "id"),
        link=unwrap(resolve(link, base)) if link else "",
        title=to_line(_text(item, "title")),
        published=published,
        published_text=written,
        authors=names([_text(one, "name") for one in item.get("authors") or ()]),
        description=_text(item, "summary"),
        content=content,
        tags=tuple(tag for one in item.get("tags") or () if (tag := to_line(_text(one, "term")))),
        language=language,
        feed_title=feed_title,
    )


def _published(item: Any, seen_at: datetime) -> tuple[WrittenTime | None, str]:
    # Asked as a plain dictionary: feedparser's own answers for one name with the value of another, and warns of it.
    written = [text for name in _TIMES if isinstance(text := dict.get(item, name), str)]
    for text in written:
        if found := read_time(text, seen_at):
            return found, text
    return None, written[0] if written else ""


def _text(values: Any, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
