"""Our own work inside a flow run of Prefect. Prefect observes: whatever happens to it, the work is done, and once."""

import logging
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any, TypeVar, cast

from httpx import HTTPStatusError
from prefect import flow, tags
from prefect.context import TagsContext
from prefect.events.clients import PrefectEventsClient
from prefect.events.worker import EventsWorker, emit_events_to_cloud
from prefect.task_runners import ThreadPoolTaskRunner
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from flows.prefect_server import NoServer
from flows.runner import WORKERS

TRIES = 4
"""How often a busy server is asked to begin a run, as it is while it plans the runs of deployments."""
WAIT = wait_random_exponential(multiplier=0.5, max=5.0)

R = TypeVar("R")

log = logging.getLogger("dragongate")


def inside_flow_run(
    name: str,
    run_name: str,
    description: str,
    work: Callable[[], R],
    state_of: Callable[[R], Any],
    marks: Collection[str],
) -> R:
    """Do work inside a tagged flow run, which ends in the state that `state_of` gives; answer with the work's result.

    A server that dies in the middle changes nothing: the work goes on and its result stands.
    Raises NoServer where Prefect fails before the work began, and whatever the work raises.
    """
    results: list[R] = []
    failures: list[BaseException] = []

    @flow(
        name=name,
        description=description,
        flow_run_name=run_name,
        task_runner=cast(Any, ThreadPoolTaskRunner(max_workers=WORKERS)),
        persist_result=False,
        validate_parameters=False,
    )
    def observed() -> object:
        try:
            with without_tags():
                results.append(work())
        except BaseException as error:
            failures.append(error)
            raise
        return state_of(results[0])

    def may_begin(error: BaseException) -> bool:
        return _is_busy(error) and not results and not failures

    give_up_soon()
    begun = Retrying(retry=retry_if_exception(may_begin), stop=stop_after_attempt(TRIES), wait=WAIT, reraise=True)
    try:
        with tags(*marks):  # from the beginning, since the server may not live to hear of them
            begun(observed, return_state=True)
    except Exception as error:
        if not results and not failures:
            raise NoServer(f"Prefect cannot be reached: {error}") from error
        log.warning("Prefect could not be told how the run ended: %s", error)
    if failures:
        raise failures[0]
    if not results:
        raise NoServer("Prefect did not start the flow")
    return results[0]


def _is_busy(error: BaseException) -> bool:
    return isinstance(error, HTTPStatusError) and error.response.status_code == HTTPStatus.SERVICE_UNAVAILABLE


def give_up_soon() -> None:
    """Have events given up after one more try.

    By default each event tries a server that is gone for seven seconds, and the process ends only when all have.
    """
    if not emit_events_to_cloud():
        EventsWorker.set_client_override(PrefectEventsClient, reconnection_attempts=1)


def without_tags() -> AbstractContextManager[object]:
    """Keep the tags of a flow run off its tasks: each would cost a call, to limits that we do not set."""
    return TagsContext(current_tags=set())
