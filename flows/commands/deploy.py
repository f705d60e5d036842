"""`dragongate deploy`: the schedules as deployments of Prefect work pools, for more than one machine."""

import os
from collections.abc import Sequence
from typing import Annotated

import typer

from extractors.settings import BadSettings
from flows.clock import utc_now
from flows.commands.options import DEFAULT_HOME, HomeOption, JsonOption
from flows.commands.terminal import ERR, OUT, as_json, table
from flows.prefect_server import QUIET, is_configured
from flows.scheduling.deployments import Deployment, deployments
from flows.watching import schedules_of
from warehouse.home import Home

PATIENT = {"PREFECT_CLIENT_MAX_RETRIES": "8"}
"""A server whose database is busy with a run turns a call away at first."""


def deploy(
    home: HomeOption = DEFAULT_HOME,
    pool: Annotated[str, typer.Option(help="Work pool; made as one of processes where there is none.")] = "dragongate",
    image: Annotated[str, typer.Option(help="Image in which a pool of containers runs it.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made, and make nothing.")] = False,
    json: JsonOption = False,
) -> None:
    """Make a Prefect deployment of each schedule. A worker's runs are those of `dragongate run --schedule`."""
    place = Home(home.resolve())
    planned = deployments(schedules_of(place), utc_now())
    is_new = False
    if not dry_run:
        is_new = _deploy(place, pool, image, planned)
    if json:
        rows = [{"name": one.name, "times": one.times, "is_checked_by_the_run": one.is_checked} for one in planned]
        as_json({"pool": pool, "is_pool_new": is_new, "is_dry_run": dry_run, "deployments": rows})
        return
    columns = ["deployment", "times", "whether due"]
    rows_shown = [[one.name, one.times, "the run finds out" if one.is_checked else "always"] for one in planned]
    table("Would be made" if dry_run else f"Made in the pool {pool}", columns, rows_shown)
    if not dry_run:
        OUT.print(f"Start a worker where the home is: prefect worker start --pool {pool}", markup=False)


def _deploy(home: Home, pool: str, image: str, planned: Sequence[Deployment]) -> bool:
    if not is_configured():
        raise BadSettings(
            "Prefect's server is not named: set PREFECT_API_URL, for `dragongate up` http://127.0.0.1:4200/api"
        )
    for name, value in {**QUIET, **PATIENT}.items():
        os.environ.setdefault(name, value)
    from flows.scheduling.deploying import (  # Prefect takes two seconds to import and reads its settings
        NotDeployed,
        deploy_all,
    )

    try:
        return deploy_all(planned, home.root, pool=pool, image=image)
    except NotDeployed as error:
        ERR.print(f"dragongate: {error}", markup=False)
        raise typer.Exit(1) from error
