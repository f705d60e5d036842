"""How Prefect's view is kept true: which of its runs is which of the ledger's, and how those that lost it ended.

Prefect cannot hear of the end of a run whose server was gone, or whose process was killed, and shows it as running for
ever. The next start of the same home holds the lease, so that no other run of this home is alive: it closes them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from socket import gethostname
from typing import Any, cast
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort, TaskRunSort
from prefect.states import Completed, Crashed, Failed

from flows.runner import Ended
from warehouse.home import Home

OPEN = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
_RUN = "run:"
_MOST = 100
_AWAY = "The process went away before it could say how it ended; closed by the next start."


@dataclass(frozen=True, slots=True)
class Mark:
    """The tags by which a run of one home is known again."""

    home: str
    run_id: str

    @property
    def tags(self) -> set[str]:
        """The tags of a Prefect flow run."""
        return {"dragongate", self.home, f"{_RUN}{self.run_id}"}


def mark_of(home: Home, run_id: str) -> Mark:
    """Mark a run of a home; the home's path stays out of it."""
    place = f"{gethostname()}:{home.root.resolve()}"
    return Mark(f"home:{sha256(place.encode()).hexdigest()[:12]}", run_id)


def note_run(flow_run_id: UUID, mark: Mark) -> None:
    """Tag the flow run with the home and with the ledger's name of the run."""
    with get_client(sync_client=True) as client:
        tags = {tag for tag in client.read_flow_run(flow_run_id).tags if not tag.startswith(_RUN)}
        client.update_flow_run(flow_run_id, tags=sorted(tags | mark.tags))


def close_earlier(own: UUID, mark: Mark, ended: Callable[[Sequence[str]], Mapping[str, Ended]]) -> int:
    """Close what Prefect takes for running and is not, as the ledger says that it ended; give how many.

    For whoever holds the lease of that home.
    """
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                tags=FlowRunFilterTags(all_=["dragongate", mark.home]),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=OPEN)),
            ),
            sort=FlowRunSort.START_TIME_DESC,
            limit=_MOST,
        )
        left = [run for run in found if run.id != own]
        known = ended([name for run in left for name in _names(run)])
        for run in left:
            _close(client, run.id, next((known[name] for name in _names(run) if name in known), None))
        return len(left)


def _names(run: FlowRun) -> list[str]:
    return [tag.removeprefix(_RUN) for tag in run.tags if tag.startswith(_RUN)]


def _close(client: SyncPrefectClient, flow_run_id: UUID, ended: Ended | None) -> None:
    tasks = client.read_task_runs(
        flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id])),
        task_run_filter=TaskRunFilter(state=TaskRunFilterState(type=TaskRunFilterStateType(any_=OPEN))),
        sort=TaskRunSort.ID_DESC,
        limit=_MOST,
    )
    state = state_of(ended)
    for task in tasks:
        client.set_task_run_state(task.id, state, force=True)
    client.set_flow_run_state(flow_run_id, state, force=True)


def state_of(ended: Ended | None) -> Any:
    """Give Prefect's state for how the ledger says that a run ended; a run that it does not know went away."""
    if ended is None or ended.state in ("died", "running"):
        return Crashed(message=_AWAY)
    if ended.state == "failed":
        return Failed(message=ended.message)
    name = "CompletedWithGaps" if ended.state == "completed_with_gaps" else "Completed"
    return cast(Any, Completed(name=name, message=ended.message or None))
