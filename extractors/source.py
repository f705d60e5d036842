"""What a source is: who publishes it, what it needs from the operator, how gently it is asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from extractors.reading import Reading
from extractors.snapshot import Snapshot
from extractors.watchlist import WatchList

if TYPE_CHECKING:
    from extractors.client import Client, Fetched


class Need(StrEnum):
    """What the operator must give before a source may be asked."""

    NOTHING = "nothing"
    CONTACT = "contact"
    KEY = "key"
    LOGIN = "login"
    PERMISSION = "permission"


@dataclass(frozen=True, slots=True)
class Pace:
    """The shortest time between two requests to one host, shared by all threads."""

    seconds: float
    across: str = ""
    """A domain whose hosts are paced as one, where the publisher counts requests over all of them."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source of data, as `core.sources` lists it."""

    id: str
    title: str
    publisher: str
    kind: str
    """quotes, fx, filings, news, social, calendar or reference: the order and the schedule follow it."""
    home_url: str
    pace: Pace
    tables: tuple[str, ...]
    """The core tables that its rows go to."""
    terms: str
    """What the publisher allows, in a sentence."""
    terms_url: str = ""
    """Where the terms stand."""
    terms_read: date | None = None
    """When somebody of this project read them last; nothing where nobody noted it."""
    needs: Need = Need.NOTHING
    is_on_by_default: bool = True
    why_off: str = ""
    """Why it is off until an operator turns it on."""
    is_required: bool = False
    """A run without it is not complete."""
    may_be_redistributed: bool = False
    honours_robots: bool = True
    """False only for a documented API that the publisher means to be called by programs."""
    lag_days: int = 7
    """How many days before its cursor a run asks again, since sources mend their last days."""
    missing_marks: tuple[bytes, ...] = ()
    """What stands in a 403 that is about the thing asked for and not about who asks: the host stays open."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days that a run covers, both ends included. A day is a day of the exchange or of the source."""

    start: date
    end: date

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"


@dataclass(frozen=True, slots=True)
class Query:
    """What a source is asked for."""

    watchlist: WatchList
    window: Window
    links: tuple[str, ...] = field(default=())
    """Pages that earlier sources of this run pointed to, such as articles in a feed."""
    open: frozenset[str] | None = None
    """The chunks that sources earlier in the order left open; none means all."""

    def wants(self, chunk: str) -> bool:
        """Tell whether a source is asked for a chunk of its own."""
        return self.open is None or chunk in self.open


@dataclass(frozen=True, slots=True)
class Extractor:
    """One source's three functions, as the registry hands them out."""

    source: Source
    matches: Callable[[str], bool]
    """Whether a URL is one that this source answers: no network, no body."""
    fetch: Callable[["Client", Query], Iterator["Fetched"]]
    """Ask for what the query covers, one `Fetched` per request; interpret nothing but what paging needs."""
    parse: Callable[[Snapshot], Reading[Any]]
    """Read one saved answer of any status. Raises a `SourceError` for everything that is not data."""
