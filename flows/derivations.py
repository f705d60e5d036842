"""The tables that follow from others, in the order in which they follow."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from extractors.watchlist import WatchList
from flows.figures import read_documents
from flows.verdicts import derived_checks
from transforms.derive_claim_checks import verdict_changes
from transforms.derive_claims import derive_claims
from transforms.derive_mentions import derive_mentions
from transforms.derive_past import Found, past_of_each, past_of_stories
from transforms.derive_stories import READ, derive_stories
from transforms.past_spans import past_table, spans_of
from transforms.tidy import Tidy
from warehouse.database import Warehouse
from warehouse.known import KNOWN, PUBLIC
from warehouse.known_rows import article_versions, checks, settled_articles
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.claims import CLAIM_CHECKS, VERDICT_CHANGES

if TYPE_CHECKING:
    from flows.job import Job

Derivation = Callable[[Warehouse, WatchList], Tidy]


def derive(job: "Job") -> None:
    """Read documents for figures, then compute what follows anew; rows that no longer follow go."""
    read_documents(job)
    past = articles_past(job.warehouse, job.taker.watchlist)
    for derivation in DERIVATIONS:
        for name, rows in derivation(job.warehouse, job.taker.watchlist).rows.items():
            if name == CLAIM_CHECKS.name:
                _note_changes(job, rows)
            loaded = job.warehouse.derive(
                BY_NAME[name], rows, run_id=job.run.run_id, loaded_at=job.now(), past=past.get(name)
            )
            job.tally.add((), {name: loaded})


def articles_past(warehouse: Warehouse, watchlist: WatchList) -> Mapping[str, pa.Table]:
    """Say what followed from articles at other times, by the table that it belongs to."""
    found = {axis: _followed(warehouse, watchlist, axis) for axis in (PUBLIC, KNOWN)}
    return {
        name: past_table(BY_NAME[name], {axis: spans[name] for axis, spans in found.items()}) for name in found[PUBLIC]
    }


def _followed(warehouse: Warehouse, watchlist: WatchList, axis: str) -> Found:
    versions = article_versions(warehouse.connection, axis)
    spans = spans_of(versions, axis)
    settled = spans_of(settled_articles(warehouse.connection, axis, READ), axis)
    return {
        **past_of_each(versions, spans, lambda articles: derive_mentions(articles, watchlist)),
        **past_of_each(versions, spans, derive_claims),
        **past_of_stories([*spans, *settled]),
    }


def _mentions(warehouse: Warehouse, watchlist: WatchList) -> Tidy:
    return derive_mentions(warehouse.frame("SELECT * FROM core.articles"), watchlist)


def _stories(warehouse: Warehouse, watchlist: WatchList) -> Tidy:
    del watchlist
    return derive_stories(warehouse.frame("SELECT * FROM core.articles"))


def _claims(warehouse: Warehouse, watchlist: WatchList) -> Tidy:
    del watchlist
    return derive_claims(warehouse.frame("SELECT * FROM core.articles"))


def _checks(warehouse: Warehouse, watchlist: WatchList) -> Tidy:
    return derived_checks(warehouse.connection, watchlist)


def _note_changes(job: "Job", rows: pa.Table) -> None:
    """Keep what verdicts were before they are another."""
    changes = verdict_changes(checks(job.warehouse.connection), rows, run_id=job.run.run_id, changed_at=job.now())
    if changes.num_rows:
        job.warehouse.append({VERDICT_CHANGES.name: changes})


DERIVATIONS: tuple[Derivation, ...] = (_mentions, _stories, _claims, _checks)
