"""JSON Feed 1 and 1.1."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from extractors.news.addresses import resolve, unwrap
from extractors.news.dates import read_time
from extractors.news.feed_entries import Entry, names
from extractors.news.feed_fields import unknown_in_json
from extractors.news.plain_text import to_line
from extractors.reading import Reading


def is_json_feed(document: object) -> bool:
    """Tell whether a document says that it is a JSON Feed."""
    return isinstance(document, Mapping) and "jsonfeed.org" in str(document.get("version", ""))


def read_json_feed(document: Mapping[str, Any], url: str, seen_at: datetime) -> Reading[Entry]:
    """Read the entries of a feed; what is no object is left out."""
    base = _text(document, "home_page_url") or url
    feed = (_text(document, "title"), _text(document, "language"))
    items = [item for item in document.get("items") or () if isinstance(item, Mapping)]
    return Reading(tuple(_entry(item, base, feed, seen_at) for item in items), unknown_in_json(items))


def _entry(item: Mapping[str, Any], base: str, feed: tuple[str, str], seen_at: datetime) -> Entry:
    guid = _text(item, "id")
    link = _text(item, "url") or _text(item, "external_url") or (guid if guid.startswith("http") else "")
    written = _text(item, "date_published") or _text(item, "date_modified")
    image = _text(item, "image") or _text(item, "banner_image")
    return Entry(
        guid=guid,
        link=unwrap(resolve(link, base)) if link else "",
        title=to_line(_text(item, "title")),
        published=read_time(written, seen_at),
        published_text=written,
        authors=names(_people(item)),
        description=_text(item, "summary"),
        content=_text(item, "content_html") or _text(item, "content_text"),
        image_url=resolve(image, base) if image else "",
        tags=_tags(item.get("tags")),
        language=_text(item, "language") or feed[1],
        feed_title=to_line(feed[0]),
    )


def _people(item: Mapping[str, Any]) -> list[str]:
    """Read `authors` of 1.1, or the one `author` of 1.0."""
    people = item.get("authors") or [item.get("author")]
    return [_text(one, "name") for one in people if isinstance(one, Mapping)] if isinstance(people, list) else []


def _tags(tags: object) -> tuple[str, ...]:
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return str(value) if isinstance(value, str | int | float) else ""
