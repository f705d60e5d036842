"""The flow that a Prefect worker runs for a schedule. Whatever Prefect starts too late or twice finds nothing due."""

from pathlib import Path
from typing import Any, cast

from prefect import flow
from prefect.states import Completed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.collect import Request, run_daily
from flows.commands.options import settings_of
from flows.daily import PrefectRunner
from flows.flow_run import give_up_soon, without_tags
from flows.prefect_runs import state_of
from flows.runner import WORKERS, Ended
from flows.scheduling.scheduled import due_now, named_schedules
from flows.scheduling.schedules import sources_of
from flows.watching import default_watchlist, home_watchlist
from warehouse.home import Home

NOTHING_DUE = "NothingDue"


@flow(
    name="scheduled",
    description="Collect, tidy, load, check and publish what the schedules name, if they are due.",
    flow_run_name="scheduled {schedules}",
    task_runner=cast(Any, ThreadPoolTaskRunner(max_workers=WORKERS)),
    persist_result=False,
    validate_parameters=False,
)
def scheduled(home: str, schedules: list[str]) -> object:
    """Run what is due of these schedules of a home; the state is the ledger's word.

    The parameters are a folder and names. Keys and cookies come from the worker's environment and the home's own
    files, and never through Prefect.
    """
    give_up_soon()
    place = Home(Path(home))
    wanted = due_now(place, named_schedules(place, schedules))
    if not wanted:
        return Completed(name=NOTHING_DUE, message="A run since the last moment has answered for it, or it is closed.")
    request = Request(
        home=place,
        settings=settings_of(place),
        watchlist=home_watchlist(place) or default_watchlist(),
        only=sources_of(wanted),
        schedules=tuple(one.name for one in wanted),
    )
    with without_tags():
        report = run_daily(request, PrefectRunner())
    return state_of(Ended(report.state, report.message))
