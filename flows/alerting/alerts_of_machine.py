"""What is wrong with the runs and the machine: failed, dead or absent runs, the scheduler, the disk, the lease."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from flows.alerting import alert_kinds as kinds
from flows.alerting.alert import Alert, Situation

OURS = "ours"
_STATUS = "dragongate status"
_NEXT_RUN = "the next run"
GIB = 1024**3
HEARTBEAT_WITHIN = timedelta(minutes=10)
_FREE_AT_LEAST = 2 * GIB
_FREE_ENOUGH = 20 * GIB
_FREE_SHARE = 0.05
"""Nearly full is a disk with less than 2 GiB, or with less than 5 % that are less than 20 GiB."""
LEASE_WITHIN = timedelta(hours=6)
_LONG_FLOWS: Mapping[str, timedelta] = {"backfill": timedelta(hours=48), "rebuild": timedelta(hours=24)}
_LOOK = "Read the log of the run; `dragongate run` does what is left to do."


def runs_that_failed(at: Situation) -> Iterator[Alert]:
    """Schedules and flows whose newest run did not complete; a replay is a rehearsal."""
    for subject, run in _newest_runs(at):
        if run["state"] == "failed":
            sentence = f"the run {run['run_id']} failed: {run['message'] or 'it says not why'}"
            mend = "What is missing stands in `dragongate status`, each with what to do."
            yield Alert(kinds.RUN_FAILED, subject, OURS, sentence, mend, _NEXT_RUN, _STATUS)


def runs_that_died(at: Situation) -> Iterator[Alert]:
    """Runs whose process went away, closed by a later start or not yet."""
    for subject, run in _newest_runs(at):
        if run["state"] == "died":
            sentence = f"the run {run['run_id']} died: {run['message']}"
            yield Alert(kinds.RUN_DIED, subject, OURS, sentence, _LOOK, _NEXT_RUN, _STATUS)
    holder = at.status.running
    if holder and not at.around.is_lease_held:
        sentence = f"the run {holder.run_id} died: the process {holder.pid} on {holder.host} is gone"
        mend = "The next start closes it and takes in what it had archived; nothing is to be cleaned up."
        yield Alert(kinds.RUN_DIED, holder.flow, OURS, sentence, mend, _NEXT_RUN, _STATUS)


def _newest_runs(at: Situation) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the newest run of each schedule, and of each flow among those that were started by hand."""
    seen: set[str] = set()
    for run in at.status.runs:
        if run["state"] == "running" or run["mode"] == "replay":
            continue
        for name in run.get("schedules") or [run["flow"]]:
            if name not in seen:
                seen.add(name)
                yield name, run


def no_run(at: Situation) -> Iterator[Alert]:
    """No run that asks sources has ended since a schedule wanted one, or for longer than allowed without schedules.

    While one is under way, it is its length that counts.
    """
    ended = [run["ended_at"] for run in at.status.runs if run["mode"] == "live" and run["ended_at"]]
    is_under_way = at.status.running is not None and at.around.is_lease_held
    if not at.is_live or not ended or is_under_way:
        return
    scheduled, hours = at.around.last_scheduled_at, at.around.longest_hours_without_run
    due = scheduled or at.now - timedelta(hours=hours)
    if max(ended) >= due:
        return
    wanted = f"a schedule wanted one at {_time(scheduled)}" if scheduled else f"one is due every {hours:.0f} h"
    sentence = f"no run has ended since {_time(max(ended))}; {wanted}"
    mend = "See that `dragongate up` or your timer runs; `dragongate run` catches up in one run."
    yield Alert(kinds.NO_RUN_ENDED, "runs", OURS, sentence, mend, "when the scheduler is back", _STATUS)


def scheduler(at: Situation) -> Iterator[Alert]:
    """The scheduler has given no sign of life for ten minutes; a home that never had one is not expected to."""
    if at.sign is None or at.now - at.sign.at <= HEARTBEAT_WITHIN:
        return
    sentence = f"the scheduler gave its last sign of life at {_time(at.sign.at)}"
    mend = "Start it again: `dragongate up`. Missed runs become one."
    yield Alert(kinds.SCHEDULER_HEARTBEAT_GONE, "scheduler", OURS, sentence, mend, "when it is back", _STATUS)


def disk(at: Situation) -> Iterator[Alert]:
    """The disk of the home is nearly full."""
    free, total = at.around.free_bytes, at.around.total_bytes
    if free is None or total is None:
        return
    if free >= _FREE_AT_LEAST and (free >= _FREE_ENOUGH or free >= _FREE_SHARE * total):
        return
    sentence = f"the disk of the home has {free / GIB:.1f} of {total / GIB:.0f} GiB left"
    mend = "Free some space; the section on disk of docs/operator.md says what may go."
    yield Alert(kinds.DISK_LOW, "home", OURS, sentence, mend, _NEXT_RUN, _STATUS)


def lease_held_too_long(at: Situation) -> Iterator[Alert]:
    """A run holds the lease for longer than runs take: it hangs."""
    holder = at.status.running
    if holder is None or not at.around.is_lease_held:
        return
    if at.now - holder.since <= _LONG_FLOWS.get(holder.flow, LEASE_WITHIN):
        return
    sentence = (
        f"the run {holder.run_id} (process {holder.pid} on {holder.host}) holds the lease since {_time(holder.since)}"
    )
    mend = "End that process if it hangs: its half-done work is undone and the next run finishes it."
    yield Alert(kinds.LEASE_HELD_TOO_LONG, holder.flow, OURS, sentence, mend, "when it has ended", _STATUS)


def unreadable_generation(at: Situation) -> Iterator[Alert]:
    """Readers cannot open what is published."""
    if at.around.unreadable:
        mend = "`dragongate publish` writes a new one, `dragongate publish --rollback` shows the one before."
        sentence = f"the published warehouse cannot be opened: {at.around.unreadable}"
        yield Alert(kinds.GENERATION_NOT_READABLE, "warehouse", OURS, sentence, mend, "no run mends it", _STATUS)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"
