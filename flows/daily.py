"""The daily flow as Prefect sees it. Prefect observes: whatever happens to it, the ledger decides the result."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar, cast
from uuid import UUID

from prefect import task
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from flows.clock import Now, utc_now
from flows.collect import Request, run_daily
from flows.flow_run import inside_flow_run
from flows.job import new_run_id
from flows.prefect_runs import close_earlier, mark_of, note_run, state_of
from flows.report import RunReport
from flows.runner import Ended, Endings, Said, attempt
from warehouse.home import Home

T = TypeVar("T")
R = TypeVar("R")

log = logging.getLogger("dragongate")


class PrefectRunner:
    """Carries out each step as one Prefect task: one per source and window, so that orchestration costs nothing."""

    def __init__(self, key: str = "daily-progress", shows: str = "Sources done") -> None:
        self._key, self._shows = key, shows
        self._progress: UUID | None = None

    def began(self, home: Home, run_id: str, endings: Endings) -> None:
        """Tell Prefect which run of the ledger this is, and close those that it takes for running and are not."""
        mark = mark_of(home, run_id)
        observe(lambda: note_run(UUID(str(flow_run.id)), mark))
        closed = observe(lambda: close_earlier(UUID(str(flow_run.id)), mark, endings))
        if closed:
            log.info("closed %s runs in Prefect whose end it had not heard of", closed)

    def each(self, name: Callable[[T], str], work: Callable[[T], R], items: Sequence[T]) -> list[R | Exception]:
        """Submit every item as a task and wait for all; a task that raises is tried once more.

        What Prefect did not start, since its server was busy or gone, is done here all the same.
        """
        results: dict[int, R | Exception] = {}

        @task(name="collect", task_run_name="collect {label}", retries=1, cache_policy=NO_CACHE, persist_result=False)
        def one(label: str, number: int) -> None:
            log.debug("collect %s", label)
            results[number] = result = attempt(partial(work, items[number]))
            if isinstance(result, Exception):
                raise result

        futures = [observe(partial(one.submit, name(item), number)) for number, item in enumerate(items)]
        for future in futures:
            if future is not None:
                observe(future.wait)
        for number, item in enumerate(items):
            if number not in results:
                results[number] = attempt(partial(work, item))
        return [results[number] for number in range(len(items))]

    def progress(self, done: int, total: int) -> None:
        """Keep one progress artifact up to date."""
        percent = 100.0 * done / total if total else 100.0
        if self._progress is None:
            self._progress = observe(
                lambda: cast(UUID, create_progress_artifact(percent, key=self._key, description=self._shows))
            )
        elif self._progress:
            progress = self._progress
            observe(lambda: update_progress_artifact(progress, percent))

    def table(self, key: str, rows: Sequence[dict[str, object]], description: str) -> None:
        """Show what was loaded as a table artifact."""
        observe(lambda: create_table_artifact(list(rows), key=key, description=description))


def observe(call: Callable[[], R]) -> R | None:
    """Make a call to Prefect that may fail without harm: its server can go away in the middle of a run."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001  observing never stops the work
        log.warning("Prefect could not be told: %s", error)
        return None


def run_observed(request: Request, *, now: Now = utc_now, said: Said = lambda done, total: None) -> RunReport:
    """Run the daily plan as a Prefect flow and answer with the ledger's report.

    Raises NoServer where Prefect fails before the work began; the caller then runs the plan without it.
    """
    named = replace(request, run_id=new_run_id("daily", now()))
    mark = mark_of(request.home, named.run_id)
    return inside_flow_run(
        "daily",
        f"daily {request.window or 'catch-up'}",
        "Collect, tidy, load, check and publish one window.",
        lambda: run_daily(named, PrefectRunner(), now=now, said=said),
        lambda report: state_of(Ended(report.state, report.message)),
        {*mark.tags, request.mode},
    )
