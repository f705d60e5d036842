"""Carry tombstones that came with an archive over to what this home already had."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from extractors.mending import Forgotten, Tombstone, parse
from extractors.snapshot import Snapshot
from extractors.tombstones import TOMBSTONE, take_down
from extractors.urls import url_key
from flows.job import Job
from flows.mended import ledger_of


def spread(job: Job, known: Collection[str]) -> None:
    """Take down what new tombstones name, whatever record it came from; `known` are the addresses of the old ones."""
    new = [(snapshot, one) for snapshot, one in _tombstones(job) if url_key(one.url) not in known]
    for snapshot, tombstone in new:
        also = _also_held(job, tombstone)
        if also:
            job.warehouse.append(ledger_of([(snapshot, replace(tombstone, records=also))]))
            ids = {one.snapshot_id for one in also}
            job.tally.add((), job.warehouse.forget(ids, run_id=job.run.run_id, loaded_at=job.now()))
    take_down(job.archive, {url_key(one.url) for _, one in new})


def _tombstones(job: Job) -> Iterator[tuple[Snapshot, Tombstone]]:
    for entry in job.archive.index.answers("RESOURCE", TOMBSTONE):
        snapshot = job.archive.snapshot(entry.file, entry.offset)
        for one in parse(snapshot).records:
            if isinstance(one, Tombstone):
                yield snapshot, one


def _also_held(job: Job, tombstone: Tombstone) -> tuple[Forgotten, ...]:
    """List the answers of the address that this home has and the tombstone does not name."""
    named = {one.snapshot_id for one in tombstone.records}
    rows = job.warehouse.frame("SELECT snapshot_id, url, sha256, fetched_at FROM raw.snapshots").to_pylist()
    key = url_key(tombstone.url)
    return tuple(
        Forgotten(row["snapshot_id"], row["sha256"], row["fetched_at"].isoformat())
        for row in rows
        if row["snapshot_id"] not in named and url_key(row["url"]) == key
    )
