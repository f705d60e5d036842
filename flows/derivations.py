"""The tables that follow from others, in the order in which they follow."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyarrow as pa

from extractors.watchlist import WatchList
from flows.figures import read_documents
from flows.verdicts import derived_checks
from transforms.derive_claim_checks import verdict_changes
from transforms.derive_claims import derive_claims
from transforms.derive_mentions import derive_mentions
from transforms.derive_stories import derive_stories
from transforms.tidy import Tidy
from warehouse.database import Warehouse
from warehouse.known_rows import checks
from warehouse.tables.catalog import BY_NAME
from warehouse.tables.claims import CLAIM_CHECKS, VERDICT_CHANGES

if TYPE_CHECKING:
    from flows.job import Job

Derivation = Callable[[Warehouse, WatchList], Tidy]


def derive(job: "Job") -> None:
    """Read documents for figures, then compute what follows anew; rows that no longer follow go."""
    read_documents(job)
    for derivation in DERIVATIONS:
        for name, rows in derivation(job.warehouse, job.taker.watchlist).rows.items():
            if name == CLAIM_CHECKS.name:
                _note_changes(job, rows)
            loaded = job.warehouse.derive(BY_NAME[name], rows, run_id=job.run.run_id, loaded_at=job.now())
            job.tally.add((), {name: loaded})


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
