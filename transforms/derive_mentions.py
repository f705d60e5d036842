"""Whom an article names, and which companies it is about: by their own name, by a person or by a product."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from extractors.watchlist import Relation, WatchList
from transforms.article_mentions import TITLE, Place, gazetteer_of, places_of
from transforms.gazetteer import COMPANY, PERSON, Name
from transforms.tidy import Tidy
from warehouse.tables.news import ARTICLE_COMPANIES, ARTICLE_MENTIONS

Row = dict[str, Any]

_READ = (
    "article_id", "title", "summary", "body", "body_mentions_json", "published_at", "available_at", "source_id",
    "snapshot_id", "fetched_at", "first_seen_at",
)  # fmt: skip
_KEPT = ("article_id", "available_at", "source_id", "snapshot_id", "fetched_at", "first_seen_at")

Way = tuple[str, str, str]
"""Company, via, entity."""


def derive_mentions(articles: pa.Table, watchlist: WatchList) -> Tidy:
    """One row per place at which an article names somebody, and one per article, company and way to it."""
    gazetteer, owners = gazetteer_of(watchlist), _Owners(watchlist)
    mentions: list[Row] = []
    links: list[Row] = []
    for article in articles.select(list(_READ)).to_pylist():
        day = (article["published_at"] or article["available_at"]).date()
        places = _sure(places_of(article, gazetteer), owners, day)
        kept = {name: article[name] for name in _KEPT}
        mentions += [{**kept, **_mention(place)} for place in places]
        links += [{**kept, **link} for link in _links(places, owners, day)]
    return Tidy.of(ARTICLE_MENTIONS, mentions) | Tidy.of(ARTICLE_COMPANIES, links)


class _Owners:
    """Whose product and whose executive somebody is, and when."""

    def __init__(self, watchlist: WatchList) -> None:
        self._makers = {product.id: product.company for product in watchlist.products}
        self._posts: dict[str, list[Relation]] = {}
        for relation in watchlist.relations:
            if relation.relation == "executive_of":
                self._posts.setdefault(relation.subject, []).append(relation)

    def companies(self, name: Name, day: date) -> Sequence[str]:
        """List the companies that a name leads to on a day."""
        if name.kind == COMPANY:
            return (name.entity_id,)
        if name.kind != PERSON:
            return (self._makers[name.entity_id],)
        posts = self._posts.get(name.entity_id, [])
        return tuple(dict.fromkeys(post.object for post in posts if _holds(post, day)))


def _holds(post: Relation, day: date) -> bool:
    return (post.valid_from is None or post.valid_from <= day) and (post.valid_to is None or day < post.valid_to)


def _sure(places: Sequence[Place], owners: _Owners, day: date) -> list[Place]:
    """Leave out ambiguous names whose company nothing else in the article names for sure."""
    plain = [place.name for place in places if not place.name.rule.needs_company]
    sure = {company for name in plain for company in owners.companies(name, day)}
    return [
        place
        for place in places
        if not place.name.rule.needs_company or not sure.isdisjoint(owners.companies(place.name, day))
    ]


def _mention(place: Place) -> Row:
    return {
        "part": place.part,
        "start_offset": place.start,
        "end_offset": place.end,
        "text_as_written": place.written,
        "entity_kind": "company" if place.name.kind == COMPANY else place.name.kind,
        "entity_id": place.name.entity_id,
    }


def _links(places: Sequence[Place], owners: _Owners, day: date) -> Iterator[Row]:
    ways: Counter[Way] = Counter()
    totals: Counter[str] = Counter()
    in_headline: set[str] = set()
    for place in places:
        for company in owners.companies(place.name, day):
            ways[company, place.name.kind, place.name.entity_id] += 1
            totals[company] += 1
            if place.part == TITLE:
                in_headline.add(company)
    most = max(totals.values(), default=0)
    for (company, via, entity), count in ways.items():
        yield {
            "company_id": company,
            "via": via,
            "entity_id": entity,
            "mention_count": count,
            "is_main": company in in_headline or totals[company] == most,
        }
