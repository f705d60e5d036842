"""Tell Prefect's server of the deployments: a pool and a queue that runs one at a time, and each schedule in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from httpx import HTTPError
from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.deployments.runner import DeploymentApplyError
from prefect.exceptions import ObjectNotFound
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from flows.scheduling.deployed import scheduled
from flows.scheduling.deployments import Deployment
from flows.scheduling.schedules import EPOCH

QUEUE = "one-at-a-time"
_NOTE = "Made by `dragongate deploy` from the watch list's schedules; made again, it is written over."


class NotDeployed(Exception):
    """Prefect's server cannot be reached, or refuses; nothing is lost by trying again."""


def deploy_all(planned: Sequence[Deployment], home: Path, *, pool: str, image: str = "") -> bool:
    """Make or renew every deployment; give whether the pool had to be made, as one of processes.

    Two writers never meet: the queue lets one run at a time start, and the lease would turn a second one away.
    Raises NotDeployed when the server cannot be reached or refuses.
    """
    try:
        return _deploy_all(planned, home, pool, image)
    except (DeploymentApplyError, HTTPError) as error:
        raise NotDeployed(f"Prefect's server did not take the deployments: {error}") from error


def _deploy_all(planned: Sequence[Deployment], home: Path, pool: str, image: str) -> bool:
    is_new = _pool(pool)
    _queue(pool)
    for one in planned:
        made = cast(Any, scheduled).to_deployment(
            name=one.name,
            schedules=_schedules(one),
            parameters={"home": str(home), "schedules": [one.name]},
            description=f"{one.times}. {_NOTE}",
            tags=["dragongate", "live"],
            concurrency_limit=1,
            work_pool_name=pool,
            work_queue_name=QUEUE,
            job_variables={"image": image} if image else {},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        made.apply()
    return is_new


def _schedules(one: Deployment) -> list[Any]:
    if one.every:
        return [IntervalSchedule(interval=one.every, anchor_date=EPOCH, timezone="UTC")]
    return [CronSchedule(cron=cron.line, timezone=cron.zone) for cron in one.crons]


def _pool(name: str) -> bool:
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(name)
        except ObjectNotFound:
            template = ProcessWorker.get_default_base_job_template()
            client.create_work_pool(WorkPoolCreate(name=name, type="process", base_job_template=template))
            return True
        return False


def _queue(pool: str) -> None:
    with get_client(sync_client=True) as client:
        try:
            queue = client.read_work_queue_by_name(QUEUE, work_pool_name=pool)
        except ObjectNotFound:
            client.create_work_queue(name=QUEUE, work_pool_name=pool, concurrency_limit=1)
        else:
            client.update_work_queue(queue.id, concurrency_limit=1)
