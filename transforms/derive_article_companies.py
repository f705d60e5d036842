"""Which companies an article is about: by their own name, by a person or by a product.

Only what is stored is searched: headline, summary, and the body where the outlet's text may be kept. Without
the body a company that only the text names is not found.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from extractors.watchlist import Relation, WatchList
from transforms.gazetteer import COMPANY, PERSON, Gazetteer, Mention, Name
from transforms.tidy import Tidy
from warehouse.tables.news import ARTICLE_COMPANIES

_READ = (
    "article_id", "title", "summary", "body", "published_at", "available_at", "source_id", "snapshot_id", "fetched_at",
    "first_seen_at",
)  # fmt: skip
_KEPT = ("article_id", "available_at", "source_id", "snapshot_id", "fetched_at", "first_seen_at")

Way = tuple[str, str, str]
"""Company, via, entity."""


def derive_article_companies(articles: pa.Table, watchlist: WatchList) -> Tidy:
    """One row per article, company and way in which the article names it."""
    gazetteer, owners = Gazetteer(watchlist), _Owners(watchlist)
    rows = [row for article in articles.select(list(_READ)).to_pylist() for row in _rows(article, gazetteer, owners)]
    return Tidy.of(ARTICLE_COMPANIES, rows)


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


def _rows(article: Mapping[str, Any], gazetteer: Gazetteer, owners: _Owners) -> Iterator[dict[str, Any]]:
    day = (article["published_at"] or article["available_at"]).date()
    found = [(place, mention) for place, text in enumerate(_texts(article)) for mention in gazetteer.find(text)]
    sure = {company for _, mention in found for company in _companies(mention, owners, day, only_sure=True)}
    ways: Counter[Way] = Counter()
    totals: Counter[str] = Counter()
    in_headline: set[str] = set()
    for place, mention in found:
        for name in mention.names:
            for company in owners.companies(name, day):
                if name.rule.needs_company and company not in sure:
                    continue
                ways[company, name.kind, name.entity_id] += 1
                totals[company] += 1
                if place == 0:
                    in_headline.add(company)
    most = max(totals.values(), default=0)
    kept = {name: article[name] for name in _KEPT}
    for (company, via, entity), count in ways.items():
        yield {
            **kept,
            "company_id": company,
            "via": via,
            "entity_id": entity,
            "mention_count": count,
            "is_main": company in in_headline or totals[company] == most,
        }


def _companies(mention: Mention, owners: _Owners, day: date, *, only_sure: bool) -> Iterator[str]:
    for name in mention.names:
        if not (only_sure and name.rule.needs_company):
            yield from owners.companies(name, day)


def _texts(article: Mapping[str, Any]) -> tuple[str, str, str]:
    """Give headline, summary and body; a summary that opens the body is not read twice."""
    title, summary, body = (article[name] or "" for name in ("title", "summary", "body"))
    start = summary.rstrip(" .…")
    return title, "" if start and start in body else summary, body
