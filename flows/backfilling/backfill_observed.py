"""A backfill as Prefect sees it: one flow run, with a progress artifact for each year. Prefect only watches."""

from collections.abc import Callable, Sequence
from typing import Any

from prefect.states import Completed, Failed

from extractors.source import Window
from flows.daily import PrefectRunner
from flows.flow_run import inside_flow_run
from flows.report import RunReport
from flows.runner import Runner

RunnerOf = Callable[[Window], Runner]
Work = Callable[[RunnerOf], Sequence[RunReport]]


def backfill_observed(work: Work, window: Window) -> Sequence[RunReport]:
    """Carry out a backfill within a Prefect flow and answer with the ledger's reports.

    Raises NoServer where Prefect fails before the work began; the caller then works without it.
    """
    return inside_flow_run(
        "backfill",
        f"backfill {window}",
        "Fill in the past, year by year.",
        lambda: work(_runner_of),
        _state_of,
        {"dragongate", "backfill"},
    )


def _state_of(reports: Sequence[RunReport]) -> Any:
    bad = [one for one in reports if one.exit_code]
    return Failed(message=bad[0].message) if bad else Completed()


def _runner_of(window: Window) -> Runner:
    return PrefectRunner(f"backfill-{window.start}", f"Sources done of {window}")
