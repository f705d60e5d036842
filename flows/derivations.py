"""The tables that follow from others, in the order in which they follow."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from extractors.watchlist import WatchList
from flows.figures import read_documents
from transforms.derive_mentions import derive_mentions
from transforms.derive_stories import derive_stories
from transforms.tidy import Tidy
from warehouse.database import Warehouse
from warehouse.tables.catalog import BY_NAME

if TYPE_CHECKING:
    from flows.job import Job

Derivation = Callable[[Warehouse, WatchList], Tidy]


def derive(job: "Job") -> None:
    """Read documents for figures, then compute what follows anew; rows that no longer follow go."""
    read_documents(job)
    for derivation in DERIVATIONS:
        for name, rows in derivation(job.warehouse, job.taker.watchlist).rows.items():
            loaded = job.warehouse.derive(BY_NAME[name], rows, run_id=job.run.run_id, loaded_at=job.now())
            job.tally.add((), {name: loaded})


def _mentions(warehouse: Warehouse, watchlist: WatchList) -> Tidy:
    return derive_mentions(warehouse.frame("SELECT * FROM core.articles"), watchlist)


def _stories(warehouse: Warehouse, watchlist: WatchList) -> Tidy:
    del watchlist
    return derive_stories(warehouse.frame("SELECT * FROM core.articles"))


DERIVATIONS: tuple[Derivation, ...] = (_mentions, _stories)
