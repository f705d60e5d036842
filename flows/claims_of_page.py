"""The claims of one page or text that a person hands over, judged by a home where one is given."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from extractors.errors import Outcome
from extractors.news.articles import Article
from extractors.news.languages import language_of, zone_of
from extractors.news.page_batches import read_pages
from extractors.news.text_decoding import decode
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList
from flows.clock import DAY_ZONE, Now
from flows.given_page import CannotTake, page_in_archive, page_in_file
from flows.verdicts import knowledge
from transforms.article_mentions import BODY, TITLE
from transforms.claims import Claim, read_claims
from transforms.derive_claim_checks import evidence_of
from transforms.verdicts.asked import Asked, scope_of
from transforms.verdicts.judge import Verdict, judge
from transforms.verdicts.known import Known
from transforms.verdicts.numbers import rounded
from warehouse.home import Home
from warehouse.published import open_published

_NO_ADDRESS = "https://page.invalid/a-page-without-an-address.html"
"""Stands for the address of a saved page; `.invalid` is nobody's."""
_PAGE = re.compile(r"^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|!--)", re.IGNORECASE)
_FIELDS = (
    "subject", "metric", "text", "value", "unit", "currency", "normalised", "normalised_max", "period", "comparison",
    "direction", "qualifier", "subject_id", "company_id", "sentence", "start", "end",
)  # fmt: skip


class NoText(Exception):
    """There is no text to read claims from; the message says why."""


@dataclass(frozen=True, slots=True)
class Given:
    """A text, with what its page says of itself."""

    title: str
    body: str
    language: str
    at: datetime | None = None
    """When it was public; a day counts as public when it ends."""
    zone: ZoneInfo = DAY_ZONE


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim, with its verdict where a home was asked."""

    part: str
    claim: Claim
    verdict: Verdict | None = None

    @property
    def shown_value(self) -> str:
        """The warehouse's value as people write it."""
        answer = self.verdict.answer if self.verdict else None
        if answer is None:
            return ""
        if self.claim.unit in ("percent", "pp", "fraction"):
            return f"{answer.value * 100:,.2f}{'%' if self.claim.unit != 'pp' else ' points'}"
        places = 0 if abs(answer.value) >= 10_000 or answer.value == answer.value.to_integral_value() else 2
        return f"{answer.value:,.{places}f} {self.claim.currency}".strip()


def given_page(home: Home, url: str) -> Given:
    """Take a page out of the archive. Raises NoText where it is not there or is no article."""
    try:
        return _read(page_in_archive(home, url))
    except CannotTake as error:
        raise NoText(str(error)) from error


def given_file(target: str, url: str, *, now: Now) -> Given:
    """Take a saved page, or a text as it is. Raises NoText for a page that is no article."""
    try:
        return _read(page_in_file(target, url or _NO_ADDRESS, "", None, now=now))
    except CannotTake as error:
        raise NoText(str(error)) from error


def _read(snapshot: Snapshot) -> Given:
    text = decode(snapshot)
    if not _PAGE.match(text):
        return Given("", text, language_of("", text))
    (answer,) = read_pages([snapshot], processes=1)
    if answer.outcome is not Outcome.OK:
        raise NoText(f"{answer.outcome} ({answer.reason}): {answer.message}")
    return _of_article(answer.reading.records[0])


def _of_article(article: Article) -> Given:
    zone = zone_of(article.language)
    at = article.published.end(zone) if article.published else None
    return Given(article.title, article.body or article.summary, article.language, at, zone)


def check(given: Given, watchlist: WatchList, home: Home | None, *, at: datetime | None, now: Now) -> list[Checked]:
    """Read the claims of a text in order; with a home, judge them by what it has published.

    `at` is when the text was public, before what its page says. A text without a time is judged by what is known now.
    """
    zone = DAY_ZONE if at else given.zone
    moment = at or given.at
    day = (moment - timedelta(microseconds=1)).astimezone(zone).date() if moment else None
    texts = ((TITLE, given.title, ""), (BODY, given.body, given.title))
    found = [
        (part, claim)
        for part, text, title in texts
        for claim in read_claims(text, published=day, language=given.language, watchlist=watchlist, title=title)
    ]
    if home is None:
        return [Checked(part, claim) for part, claim in found]
    known = _known(home, watchlist, [claim for _, claim in found])
    last = moment or now()
    asked = [Asked(claim, scope_of(claim), last, day or last.date(), known) for _, claim in found]
    return [Checked(part, claim, judge(one)) for (part, claim), one in zip(found, asked, strict=True)]


def _known(home: Home, watchlist: WatchList, claims: list[Claim]) -> Known:
    with open_published(home) as connection:
        return knowledge(connection, watchlist, {one.company_id for one in claims}, {one.metric for one in claims})


def record_of(one: Checked, program: str) -> dict[str, Any]:
    """Give a claim with its verdict as JSON shows them."""
    record = {"part": one.part, **{name: getattr(one.claim, name) for name in _FIELDS}}
    verdict = one.verdict
    if verdict is None:
        return {**record, "verdict": None, "evidence": []}
    answer = verdict.answer
    return {
        **record,
        "verdict": verdict.verdict,
        "reason": verdict.reason or None,
        "detail": verdict.detail or None,
        "allowed_low": verdict.words.allowed.low,
        "allowed_high": verdict.words.allowed.high,
        "warehouse_value": _plain(answer.value if answer else None),
        "difference": _plain(verdict.difference),
        "derivation": answer.how if answer else None,
        "is_known_then": verdict.is_known_then if answer else None,
        "evidence": list(_evidence(verdict, program)),
    }


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else rounded(value)


def _evidence(verdict: Verdict, program: str) -> Iterator[dict[str, Any]]:
    snapshots = {f"{one.table} {one.key}": one.snapshot_id for one in (verdict.answer.cited if verdict.answer else ())}
    for named in evidence_of(verdict):
        table, _, key = named.partition(" ")
        yield {
            "table": table,
            "key": key,
            "snapshot_id": snapshots[named],
            "why": f"{program} why {table} '{key}'",
        }
