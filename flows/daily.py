"""The daily flow as Prefect sees it. Prefect observes: whatever happens to it, the ledger decides the result."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

from prefect import flow, get_client, tags, task
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import TagsContext
from prefect.events.clients import PrefectEventsClient
from prefect.events.worker import EventsWorker, emit_events_to_cloud
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows.clock import Now, utc_now
from flows.collect import Request, run_daily
from flows.job import new_run_id
from flows.prefect_runs import close_earlier, mark_of, note_run, state_of
from flows.prefect_server import NoServer
from flows.report import RunReport
from flows.runner import WORKERS, Ended, Endings, Said, attempt
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

    A server that dies in the middle changes nothing: the work goes on and the report is the ledger's.
    Raises NoServer where Prefect fails before the work began; the caller then runs the plan without it.
    """
    reports: list[RunReport] = []
    failures: list[BaseException] = []
    named = replace(request, run_id=new_run_id("daily", now()))
    mark = mark_of(request.home, named.run_id)

    @flow(
        name="daily",
        description="Collect, tidy, load, check and publish one window.",
        flow_run_name=f"daily {request.window or 'catch-up'}",
        task_runner=cast(Any, ThreadPoolTaskRunner(max_workers=WORKERS)),
        persist_result=False,
        validate_parameters=False,
    )
    def daily() -> object:
        try:
            with without_tags():
                report = run_daily(named, PrefectRunner(), now=now, said=said)
        except BaseException as error:
            failures.append(error)
            raise
        reports.append(report)
        return state_of(Ended(report.state, report.message))

    give_up_soon()
    try:
        with tags(*mark.tags, request.mode):  # from the beginning, since the server may not live to hear of them
            daily(return_state=True)
    except Exception as error:
        if not reports and not failures:
            raise NoServer(f"Prefect cannot be reached: {error}") from error
        log.warning("Prefect could not be told how the run ended: %s", error)
    if failures:
        raise failures[0]
    if not reports:
        raise NoServer("Prefect did not start the flow")
    return reports[0]


def give_up_soon() -> None:
    """Have events given up after one more try.

    By default each event tries a server that is gone for seven seconds, and the process ends only when all have.
    """
    if not emit_events_to_cloud():
        EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=1)


def without_tags() -> AbstractContextManager[object]:
    """Keep the tags of a flow run off its tasks: each would cost a call, to limits that we do not set."""
    return TagsContext(current_tags=set())


def tag_run(*tags: str) -> None:
    """Tag the flow run, for flows that were not called with tags."""
    with get_client(sync_client=True) as client:
        client.update_flow_run(flow_run.id, tags=["dragongate", *tags])
