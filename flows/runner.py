"""How the steps of a stage are carried out: plainly, or as Prefect tasks. The work is the same function."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

from warehouse.home import Home

T = TypeVar("T")
R = TypeVar("R")
Said = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""

WORKERS = 8
"""Sources asked side by side. Each host has its own pace, so more would only wait."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the ledger says that a run ended."""

    state: str
    message: str


Endings = Callable[[Sequence[str]], Mapping[str, Ended]]
"""Tells of runs by name how they ended; one that the ledger does not know is left out."""


class Runner(Protocol):
    """Carries out one function over many items and shows how far it is."""

    def began(self, home: Home, run_id: str, endings: Endings) -> None:
        """Hear that a run holds the lease: whatever else looks alive in this home is not."""

    def each(self, name: Callable[[T], str], work: Callable[[T], R], items: Sequence[T]) -> list[R | Exception]:
        """Apply `work` to every item, side by side; results or what they raised, in the order of the items."""

    def progress(self, done: int, total: int) -> None:
        """Show how far the run is."""

    def table(self, key: str, rows: Sequence[dict[str, object]], description: str) -> None:
        """Show a table of what was done."""


class PlainRunner:
    """Threads in this process and nothing else: `--no-server`, tests, a broken orchestrator."""

    def began(self, home: Home, run_id: str, endings: Endings) -> None:
        """Do nothing: nobody else keeps a list of runs."""

    def each(self, name: Callable[[T], str], work: Callable[[T], R], items: Sequence[T]) -> list[R | Exception]:
        """Apply `work` to every item in a pool of threads."""
        del name
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            futures = [pool.submit(work, item) for item in items]
            return [attempt(future.result) for future in futures]

    def progress(self, done: int, total: int) -> None:
        """Show nothing: the terminal's own bar does."""

    def table(self, key: str, rows: Sequence[dict[str, object]], description: str) -> None:
        """Show nothing: the report does."""


def attempt(call: Callable[[], R]) -> R | Exception:
    """Give the result of a call, or the error that it raised: one step failing leaves the others alone."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  becomes a gap in the report, with its trace in the log
        return error
