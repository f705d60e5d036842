"""Where an article names whom: in its headline, its text and its summary.

The text is searched when the page is read, since most outlets' texts are not kept: what was found stands with the
article as JSON. A name that came onto the watch list later is found in headlines and summaries at once, in texts that
are not kept when the archive is taken in again.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractors.watchlist import WatchList
from transforms.gazetteer import Gazetteer, Name
from transforms.mention_rules import RULES, Rule

TITLE, SUMMARY, BODY = "title", "summary", "body"
_NO_RULE = Rule()


@dataclass(frozen=True, slots=True)
class Place:
    """One name at one place of an article, by characters of that part as it was read."""

    part: str
    start: int
    end: int
    written: str
    name: Name


@lru_cache(maxsize=4)
def gazetteer_of(watchlist: WatchList) -> Gazetteer:
    """Make the gazetteer of a watch list, once."""
    return Gazetteer(watchlist)


def body_mentions(body: str, watchlist: WatchList) -> str | None:
    """Give whom a text names as JSON, `[[start, end, as written, kind, entity], …]`; none for no text."""
    if not body:
        return None
    found = _found(BODY, body, gazetteer_of(watchlist))
    return json.dumps(
        [(one.start, one.end, one.written, one.name.kind, one.name.entity_id) for one in found], ensure_ascii=False
    )


def places_of(article: Mapping[str, Any], gazetteer: Gazetteer) -> list[Place]:
    """List the places at which an article names somebody.

    A summary mostly repeats the text: it counts only for names that the text itself lacks.
    """
    text = [*_found(BODY, article["body"], gazetteer)] if article["body"] else _kept(article["body_mentions_json"])
    named = {one.name.entity_id for one in text}
    summary = _found(SUMMARY, article["summary"] or "", gazetteer)
    return [
        *_found(TITLE, article["title"] or "", gazetteer),
        *(one for one in summary if one.name.entity_id not in named),
        *text,
    ]


def _found(part: str, text: str, gazetteer: Gazetteer) -> Iterator[Place]:
    for mention in gazetteer.find(text):
        for name in mention.names:
            yield Place(part, mention.start, mention.end, text[mention.start : mention.end], name)


def _kept(found: str | None) -> list[Place]:
    return [
        Place(BODY, start, end, written, Name(written, kind, entity, rule=_rule(written)))
        for start, end, written, kind, entity in json.loads(found or "[]")
    ]


def _rule(written: str) -> Rule:
    return RULES.get(unicodedata.normalize("NFKC", written), _NO_RULE)
