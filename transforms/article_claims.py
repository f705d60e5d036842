"""What an article states in numbers: read when its page is read, since most outlets' texts are not kept.

What was found stands with the article as JSON, by part and place, without a sentence of the text. A metric or a name
that is known only later is found when the archive is taken in again.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from extractors.watchlist import WatchList
from transforms.article_mentions import BODY, SUMMARY, TITLE
from transforms.claims import Claim, read_claims
from transforms.verdicts.asked import scope_of

Row = dict[str, Any]

_DECIMALS = ("value", "normalised", "normalised_max")
_DAYS = ("period_start", "period_end")
FIELDS = (
    "subject", "subject_id", "company_id", "subject_via", "metric", "warehouse_metric", "text", "value", "unit",
    "currency", "normalised", "normalised_max", "period", "period_kind", "period_start", "period_end",
    "is_period_assumed", "comparison", "direction", "qualifier", "start", "end",
)  # fmt: skip
"""The fields of a claim that are kept of a text that is not."""
_GREATEST = Decimal(10) ** 30
"""What a column holds; a greater number measures nothing that a company has."""


def claims_of_article(
    title: str, summary: str, body: str, *, published: date | None, language: str, watchlist: WatchList
) -> str | None:
    """Give what an article claims as JSON, a list of objects; none where it claims nothing.

    A summary mostly repeats the text: it is read only where there is none.
    """
    found = list(_parts(title, summary, body, published, language, watchlist))
    return json.dumps(found, ensure_ascii=False, default=str) if found else None


def _parts(
    title: str, summary: str, body: str, published: date | None, language: str, watchlist: WatchList
) -> Iterator[Row]:
    for part, text in ((TITLE, title), (BODY, body) if body else (SUMMARY, summary)):
        headline = "" if part == TITLE else title
        for claim in read_claims(text, published=published, language=language, watchlist=watchlist, title=headline):
            first = text.find(claim.sentence, max(0, claim.end - len(claim.sentence)))
            place = [first, first + len(claim.sentence)]
            yield {
                "part": part,
                "place": place,
                "scope": scope_of(claim),
                **{name: getattr(claim, name) for name in FIELDS},
            }


@dataclass(frozen=True, slots=True)
class Stated:
    """One claim of an article, with where it stands and of which part of the company it is."""

    part: str
    scope: str
    claim: Claim


def kept_claims(found: str | None, texts: Mapping[str, str | None]) -> list[Stated]:
    """Read back what an article claims; `texts` are the parts of which the text is kept, and with it sentences."""
    claims = []
    for row in json.loads(found or "[]"):
        part, scope, (first, last) = row.pop("part"), row.pop("scope"), row.pop("place")
        claims.append(Stated(part, scope, _claim(row, (texts.get(part) or "")[first:last])))
    return [one for one in claims if _fits(one.claim)]


def _fits(claim: Claim) -> bool:
    return all(abs(one) < _GREATEST for one in (claim.value, claim.normalised, claim.normalised_max or Decimal(0)))


def _claim(row: Mapping[str, Any], sentence: str) -> Claim:
    values = dict(row)
    for name in _DECIMALS:
        values[name] = None if values[name] is None else Decimal(values[name])
    for name in _DAYS:
        values[name] = values[name] and date.fromisoformat(values[name])
    return Claim(**values, sentence=sentence)
