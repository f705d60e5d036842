"""A backfill as Prefect sees it: one flow run, with a progress artifact for each year. Prefect only watches."""

import logging
from collections.abc import Callable, Sequence
from typing import Any, cast

from prefect import flow
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from extractors.source import Window
from flows.daily import PrefectRunner, give_up_soon, observe, tag_run
from flows.prefect_server import NoServer
from flows.report import RunReport
from flows.runner import WORKERS, Runner

RunnerOf = Callable[[Window], Runner]
Work = Callable[[RunnerOf], Sequence[RunReport]]

log = logging.getLogger("dragongate")


def backfill_observed(work: Work, window: Window) -> Sequence[RunReport]:
    """Carry out a backfill within a Prefect flow and answer with the ledger's reports.

    Raises NoServer where Prefect fails before the work began; the caller then works without it.
    """
    done: list[Sequence[RunReport]] = []
    failures: list[BaseException] = []

    @flow(
        name="backfill",
        description="Fill in the past, year by year.",
        flow_run_name=f"backfill {window}",
        task_runner=cast(Any, ThreadPoolTaskRunner(max_workers=WORKERS)),
        persist_result=False,
        validate_parameters=False,
    )
    def backfill() -> object:
        observe(lambda: tag_run("backfill"))
        try:
            done.append(work(_runner_of))
        except BaseException as error:
            failures.append(error)
            raise
        bad = [one for one in done[0] if one.exit_code]
        return Failed(message=bad[0].message) if bad else Completed()

    give_up_soon()
    try:
        backfill(return_state=True)
    except Exception as error:
        if not done and not failures:
            raise NoServer(f"Prefect cannot be reached: {error}") from error
        log.warning("Prefect could not be told how the backfill ended: %s", error)
    if failures:
        raise failures[0]
    if not done:
        raise NoServer("Prefect did not start the flow")
    return done[0]


def _runner_of(window: Window) -> Runner:
    return PrefectRunner(f"backfill-{window.start}", f"Sources done of {window}")
