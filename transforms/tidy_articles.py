"""Articles from feeds and from their own pages: one row per article and source.

The body is stored only where the operator states that the outlet allows it; its length and hash are stored
always, so that an edit is seen.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from extractors.news.addresses import article_id, canonical_address, is_public, is_same_site, site_of
from extractors.news.articles import Article
from extractors.news.dates import WrittenTime
from extractors.news.feed_entries import Entry
from extractors.news.languages import language_of, zone_of
from extractors.news.listed import feed_of
from extractors.news.site_map_xml import FurtherMap
from extractors.reading import Read
from extractors.snapshot import Snapshot
from extractors.watchlist import Feed, WatchList
from transforms.article_claims import claims_of_article
from transforms.article_mentions import body_mentions
from transforms.story_sketch import sketch_of
from transforms.tidy import SetAside, Tidy, origin
from warehouse.tables.news import ARTICLES_BY_SOURCE

Row = dict[str, Any]


def tidy_feeds(reads: Sequence[Read[Entry]], watchlist: WatchList) -> Tidy:
    """One row per entry of a feed; entries without headline or address, and repeats, are set aside."""
    return _tidy_listed(reads, watchlist, "news_feeds")


def tidy_site_maps(reads: Sequence[Read[Entry | FurtherMap]], watchlist: WatchList) -> Tidy:
    """One row per address with a headline; those without are set aside together, since plain maps have thousands."""
    tidy = [_tidy_listed([Read(one.snapshot, _with_headline(one))], watchlist, "news_site_maps") for one in reads]
    plain = [one for one in map(_without_headline, reads) if one]
    return Tidy.join([*tidy, Tidy.of(ARTICLES_BY_SOURCE, (), plain)])


def tidy_lists(reads: Sequence[Read[Entry]], watchlist: WatchList) -> Tidy:
    """One row per article that a page lists."""
    return _tidy_listed(reads, watchlist, "news_lists")


def _with_headline(read: Read[Entry | FurtherMap]) -> tuple[Entry, ...]:
    return tuple(one for one in read.records if isinstance(one, Entry) and one.title)


def _without_headline(read: Read[Entry | FurtherMap]) -> SetAside | None:
    links = [one.link for one in read.records if isinstance(one, Entry) and not one.title]
    if not links:
        return None
    what = {"count": len(links), "first": links[0]}
    return SetAside(ARTICLES_BY_SOURCE.name, "no_title", what, read.snapshot.id, "news_site_maps")


def tidy_articles(reads: Sequence[Read[Article]], watchlist: WatchList) -> Tidy:
    """One row per page of an article, also of outlets that no feed names."""
    rows = [_article_row(article, read.snapshot, watchlist) for read in reads for article in read.records]
    return Tidy.of(ARTICLES_BY_SOURCE, rows)


def _tidy_listed(reads: Sequence[Read[Entry]], watchlist: WatchList, source_id: str) -> Tidy:
    return Tidy.join(
        _tidy_one(read, _feed_of(read.snapshot.url, watchlist, source_id), watchlist, source_id) for read in reads
    )


def _feed_of(url: str, watchlist: WatchList, source_id: str) -> Feed | None:
    """Find the entry of the watch list; a map that an index led to belongs to the only site map of its site."""
    if (found := feed_of(url, watchlist)) or source_id != "news_site_maps":
        return found
    of_site = [one for one in watchlist.feeds if one.kind == "sitemap" and is_same_site(one.url, url)]
    return of_site[0] if len(of_site) == 1 else None


def _tidy_one(read: Read[Entry], feed: Feed | None, watchlist: WatchList, source_id: str) -> Tidy:
    rows: dict[str, Row] = {}
    aside: list[SetAside] = []
    for entry in read.records:
        reason = _unfit(entry)
        row = {} if reason else _entry_row(entry, read.snapshot, feed, watchlist, source_id)
        if not reason and row["article_id"] in rows:
            reason = "duplicate_in_feed"
        if reason:
            what = {"guid": entry.guid, "link": entry.link, "title": entry.title}
            aside.append(SetAside(ARTICLES_BY_SOURCE.name, reason, what, read.snapshot.id, source_id))
        else:
            rows[row["article_id"]] = row
    return Tidy.of(ARTICLES_BY_SOURCE, rows.values(), aside)


def _unfit(entry: Entry) -> str:
    """Name what an entry lacks to be a row, or nothing."""
    if not entry.title:
        return "no_title"
    if not entry.link:
        return "no_link"
    return "" if is_public(entry.link) else "no_public_address"


def _entry_row(entry: Entry, snapshot: Snapshot, feed: Feed | None, watchlist: WatchList, source_id: str) -> Row:
    canonical = canonical_address(entry.link)
    summary, body = entry.texts()
    language = feed.language if feed else language_of(entry.language, f"{entry.title} {summary}")
    home = ZoneInfo(feed.time_zone) if feed else zone_of(language)
    times = _times(entry.published, entry.modified, home, snapshot.fetched_at)
    return {
        **origin(snapshot, source_id),
        **times,
        "claims_json": claims_of_article(
            entry.title, summary, body, published=_day(times, home), language=language, watchlist=watchlist
        ),
        "body_mentions_json": body_mentions(body, watchlist),
        "text_sketch": list(sketch_of(body or summary)) or None,
        **_body(body, is_kept=feed is not None and feed.keep_full_text),
        "article_id": article_id(canonical),
        "canonical_url": canonical,
        "url": entry.link,
        "outlet": entry.outlet or (feed.outlet if feed else site_of(canonical)),
        "title": entry.title,
        "authors": list(entry.authors) or None,
        "language": language or None,
        "published_text": entry.published_text or None,
        "summary": summary or None,
        "image_url": entry.image_url or None,
        "is_partial": not body,
        "feed_id": feed.id if feed else None,
    }


def _article_row(article: Article, snapshot: Snapshot, watchlist: WatchList) -> Row:
    feeds = [one for one in watchlist.feeds if is_same_site(one.url, article.url)]
    zones = {feed.time_zone for feed in feeds}
    home = ZoneInfo(zones.pop()) if len(zones) == 1 else zone_of(article.language)
    times = _times(article.published, article.modified, home, snapshot.fetched_at)
    return {
        **origin(snapshot, "news_articles"),
        **times,
        "claims_json": claims_of_article(
            article.title,
            article.summary,
            article.body,
            published=_day(times, home),
            language=article.language,
            watchlist=watchlist,
        ),
        "body_mentions_json": body_mentions(article.body, watchlist),
        "text_sketch": list(sketch_of(article.body or article.summary)) or None,
        **_body(article.body, is_kept=any(feed.keep_full_text for feed in feeds)),
        "article_id": article_id(article.canonical_url),
        "canonical_url": article.canonical_url,
        "url": article.url,
        "outlet": _only(feed.outlet for feed in feeds) or article.publisher or site_of(article.canonical_url),
        "title": article.title,
        "authors": list(article.authors) or None,
        "editor": article.editor or None,
        "language": article.language or None,
        "published_text": article.published.text if article.published else None,
        "summary": article.summary or None,
        "links": list(article.links) or None,
        "image_url": article.image_url or None,
        "is_partial": article.is_partial,
        "feed_id": _only(feed.id for feed in feeds) or None,
    }


def _only(values: Iterable[str]) -> str:
    """Give the value that all share, or nothing."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""


def _times(
    published: WrittenTime | None, modified: WrittenTime | None, home: ZoneInfo, fetched_at: datetime
) -> Mapping[str, Any]:
    """Place the times in UTC; an article was public by the end of its day, and at the latest when it was fetched."""
    published_at = published.instant(home) if published else None
    modified_at = modified.instant(home) if modified else None
    return {
        "published_at": published_at,
        "published_precision": published.precision if published else None,
        "modified_at": modified_at if modified_at and (published_at is None or modified_at >= published_at) else None,
        "available_at": min(published.end(home), fetched_at) if published else fetched_at,
    }


def _day(times: Mapping[str, Any], home: ZoneInfo) -> date:
    """Give the day of an article in its own zone, from which `last month` is counted."""
    moment: datetime = times["published_at"] or times["available_at"]
    return moment.astimezone(home).date()


def _body(body: str, *, is_kept: bool) -> Mapping[str, Any]:
    return {
        "body": body if body and is_kept else None,
        "body_length": len(body) if body else None,
        "body_hash": sha256(body.encode()).hexdigest() if body else None,
    }
