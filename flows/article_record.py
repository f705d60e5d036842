"""An article as a record for programs: every field of it, times with the zone of those who wrote them."""

from datetime import UTC, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from extractors.news.addresses import is_same_site, site_of
from extractors.news.articles import Article
from extractors.news.dates import DAY, WrittenTime
from extractors.news.languages import zone_of
from extractors.watchlist import WatchList


def record_of(article: Article, watchlist: WatchList) -> dict[str, Any]:
    """Give an article's fields; a time is ISO 8601 with its offset, and a day alone where no more is known."""
    home = _home_zone(article, watchlist)
    return {
        "title": article.title,
        "authors": list(article.authors),
        "editor": article.editor or None,
        "publisher": article.publisher or site_of(article.canonical_url),
        "language": article.language or None,
        "published_at": _text(article.published, home),
        "published_precision": article.published.precision if article.published else None,
        "published_text": article.published.text if article.published else None,
        "modified_at": _text(article.modified, home),
        "url": article.url,
        "canonical_url": article.canonical_url,
        "image_url": article.image_url or None,
        "is_partial": article.is_partial,
        "summary": article.summary or None,
        "body": article.body,
        "links": list(article.links),
    }


def _home_zone(article: Article, watchlist: WatchList) -> ZoneInfo:
    """Give the zone of an outlet that the watch list follows, else that of those who write in its language."""
    zones = {feed.time_zone for feed in watchlist.feeds if is_same_site(feed.url, article.url)}
    return ZoneInfo(zones.pop()) if len(zones) == 1 else zone_of(article.language)


def _text(written: WrittenTime | None, home: ZoneInfo) -> str | None:
    """Write a time as a clock at the source showed it, with the offset that was stated or is its home's."""
    if written is None:
        return None
    if written.precision == DAY:
        return written.clock.date().isoformat()
    instant = written.instant(home)
    offset = written.clock.replace(tzinfo=UTC) - instant
    return instant.astimezone(timezone(timedelta(minutes=round(offset.total_seconds() / 60)))).isoformat()
