"""Stories: the articles of several outlets that tell one event, joined by their sketches or by their headline.

Nothing is deleted: every article stands in `core.story_articles`, alone in its story or with others. The stories follow
from the articles alone, whatever the order in which they came.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from transforms.near_duplicates import components, pairs
from transforms.tidy import Tidy
from warehouse.tables.news import STORIES, STORY_ARTICLES

Article = Mapping[str, Any]
Row = Mapping[str, Any]
Pair = tuple[int, int, float]
"""Two places in an order, the earlier first, and the share of the text in common."""

READ = (
    "article_id", "title", "outlet", "authors", "summary", "published_at", "is_partial", "text_sketch",
    "available_at", "source_id", "snapshot_id", "fetched_at", "first_seen_at",
)  # fmt: skip
_KEPT = ("available_at", "source_id", "snapshot_id", "fetched_at", "first_seen_at")
_SAME_TEXT_WITHIN = timedelta(days=7)
"""A text that comes again after longer, such as a weekly column's frame, tells something else."""
_SAME_HEADLINE_WITHIN = timedelta(days=2)
_LEAST_WORDS, _LEAST_CHARACTERS = 6, 12
"""Of a headline that two articles do not share by chance."""
_OUTLET_AT_THE_END = re.compile(r"\s+[-|–—_]\s+[^-|–—_]{2,40}$")


def derive_stories(articles: pa.Table) -> Tidy:
    """One row per story, and one per article with its story."""
    ordered = sorted(articles.select(list(READ)).to_pylist(), key=order)
    stories, tellings = told(ordered, same_texts(ordered))
    return Tidy.of(STORIES, stories) | Tidy.of(STORY_ARTICLES, tellings)


def told(ordered: Sequence[Article], texts: Iterable[Pair]) -> tuple[list[Row], list[Row]]:
    """Make the rows of stories and of tellings; `texts` are the pairs of places whose texts are the same."""
    same = [*texts, *same_headlines(ordered)]
    nearest: dict[int, float] = defaultdict(float)
    for first, second, share in same:
        nearest[first], nearest[second] = max(nearest[first], share), max(nearest[second], share)
    members: dict[int, list[int]] = defaultdict(list)
    for place, story in enumerate(components(len(ordered), [(one, other) for one, other, _ in same])):
        members[story].append(place)
    stories, tellings = [], []
    for places in members.values():
        tellers = [ordered[place] for place in places]
        original = original_of(tellers)
        stories.append(_story(tellers, original))
        tellings += [
            _telling(article, tellers[0], original, nearest[place])
            for place, article in zip(places, tellers, strict=True)
        ]
    return stories, tellings


def original_of(told: Sequence[Article]) -> Article:
    """Name the telling that the others go back to: the one that most of them credit, else the earliest whole one."""
    credits = {one["article_id"]: sum(_credits(other, one) for other in told) for one in told}
    most = max(credits.values())
    if most:
        return next(one for one in told if credits[one["article_id"]] == most)
    return next((one for one in told if not one["is_partial"]), told[0])


def _credits(article: Article, other: Article) -> bool:
    """Tell whether an article names another's outlet as its author, or as where its text is from: `(Reuters) -`."""
    outlet = _plain(other["outlet"])
    if article["outlet"] == other["outlet"] or len(outlet) < 2:
        return False
    named = [_plain(author) for author in article["authors"] or ()]
    return outlet in named or _plain(article["summary"] or "")[:80].find(f"({outlet})") >= 0


def order(article: Article) -> tuple[datetime, str]:
    """Order articles by their time, then by id."""
    return _time(article), article["article_id"]


def _time(article: Article) -> datetime:
    time: datetime = article["published_at"] or article["available_at"]
    return time


def same_texts(ordered: Sequence[Article]) -> Iterator[Pair]:
    """Join articles that share enough of their text within a week."""
    for first, second, share in pairs([one["text_sketch"] or () for one in ordered]):
        if _time(ordered[second]) - _time(ordered[first]) <= _SAME_TEXT_WITHIN:
            yield first, second, share


def same_headlines(ordered: Sequence[Article]) -> Iterator[Pair]:
    """Join articles of one headline: a feed that gives no text still tells which story it is."""
    newest: dict[str, int] = {}
    for place, article in enumerate(ordered):
        headline = headline_key(article["title"])
        before = newest.get(headline) if headline else None
        if before is not None and _time(article) - _time(ordered[before]) <= _SAME_HEADLINE_WITHIN:
            yield before, place, 1.0
        newest[headline] = place


def headline_key(title: str) -> str:
    """Give the form of a headline that equal ones share; empty for one so short that strangers share it."""
    plain = _plain(_OUTLET_AT_THE_END.sub("", title))
    words = re.findall(r"\w+", plain)
    letters = "".join(words)
    is_long = len(words) >= _LEAST_WORDS or (not letters.isascii() and len(letters) >= _LEAST_CHARACTERS)
    return " ".join(words) if is_long else ""


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _story(told: Sequence[Article], original: Article) -> Mapping[str, Any]:
    earliest = told[0]
    return {
        **{name: original[name] for name in _KEPT},
        "story_id": earliest["article_id"],
        "title": original["title"],
        "earliest_article_id": earliest["article_id"],
        "original_article_id": original["article_id"],
        "article_count": len(told),
        "outlet_count": len({one["outlet"] for one in told}),
        "first_published_at": _time(earliest),
        "last_published_at": _time(told[-1]),
    }


def _telling(article: Article, earliest: Article, original: Article, share: float) -> Mapping[str, Any]:
    return {
        **{name: article[name] for name in _KEPT},
        "story_id": earliest["article_id"],
        "article_id": article["article_id"],
        "is_earliest": article is earliest,
        "is_original": article is original,
        "shared_pct": round(share * 100, 1),
    }
