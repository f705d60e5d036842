"""What `dragongate housekeep` would free, found before anything is changed.

Of the archive only answers may go that nothing rests on: no row, current, former or set aside, no verdict, no
correction, no generation that is kept, no other answer. A rebuild from what is left gives the same rows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from extractors.archive import Archive
from extractors.archive_keeping import rested_on
from extractors.settings import Keep
from extractors.warc_answers import HEAD_ROOM
from extractors.warc_thinning import CannotThin, Standing, length_of, standing
from flows.keeping.logs import old_logs
from warehouse.database import Warehouse
from warehouse.generations import Generations
from warehouse.home import Home
from warehouse.needed import indexed_answers, needed_answers

_GIGABYTE = 10**9
_ROLLED_BACK = "a rollback is in force: `dragongate run` or `publish` something newer first"


@dataclass(frozen=True, slots=True)
class Thinned:
    """One file of the archive, and what of it would go."""

    file: str
    answers: int
    freed_bytes: int
    ids: frozenset[str] = field(repr=False)
    records: Sequence[Standing] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be freed."""

    archive_bytes: int
    """As large as the archive is now."""
    files: tuple[Thinned, ...] = ()
    left_alone: tuple[str, ...] = ()
    """Why a file, or all of them, would stay as they are."""
    logs: tuple[Path, ...] = ()
    generations: tuple[int, ...] = ()
    prefect_bytes: int = 0
    """As large as Prefect's database is now; what is old in it goes by Prefect's own hand."""

    @property
    def freed_bytes(self) -> int:
        """How much smaller the archive would be."""
        return sum(one.freed_bytes for one in self.files)


def plan_housekeeping(home: Home, warehouse: Warehouse, archive: Archive, keep: Keep, now: datetime) -> Plan:
    """Find what would be freed. Hold the lease.

    Raises ArchiveError or WarehouseError where the archive or a generation cannot be read.
    """
    generations = Generations(home.published)
    paths = archive.files()
    size = sum(path.stat().st_size for path in paths)
    chosen: Collection[str] = ()
    left: list[str] = []
    if keep.archive_days or keep.archive_gigabytes:
        if generations.shown() == max(generations.numbers(), default=None):
            chosen = _chosen(warehouse, archive, generations, keep, size=size, now=now)
        else:
            left.append(_ROLLED_BACK)
    files = tuple(_thinned(archive, chosen, left)) if chosen else ()
    return Plan(
        archive_bytes=size,
        files=files,
        left_alone=tuple(left),
        logs=tuple(old_logs(home, keep.log_days, now.date())),
        generations=tuple(_old_generations(generations, keep.generations)),
        prefect_bytes=home.prefect_database.stat().st_size if home.prefect_database.exists() else 0,
    )


def _chosen(
    warehouse: Warehouse, archive: Archive, generations: Generations, keep: Keep, *, size: int, now: datetime
) -> set[str]:
    """Choose among answers that nothing rests on: those that are too old, and the oldest while there is too much."""
    rows = indexed_answers(warehouse).to_pylist()
    free = {row["snapshot_id"] for row in rows} - needed_answers(warehouse, generations)
    chosen: set[str] = set()
    too_much = size - keep.archive_gigabytes * _GIGABYTE if keep.archive_gigabytes else 0
    for row in rows:
        is_old = keep.archive_days and row["first_seen_at"] < now - timedelta(days=keep.archive_days)
        if row["snapshot_id"] in free and (is_old or too_much > 0):
            chosen.add(row["snapshot_id"])
            too_much -= row["archive_length"]
    # What a revisit rests on is known only when it is known which revisits stay.
    while rested := rested_on(archive, chosen):
        chosen -= rested
    return chosen


def _thinned(archive: Archive, chosen: Collection[str], left: list[str]) -> Iterator[Thinned]:
    for name, ids in sorted(_by_file(archive, chosen).items()):
        try:
            records = standing(archive.folder / name, limit=archive.limits.body_bytes + HEAD_ROOM)
        except CannotThin as error:
            left.append(str(error))
            continue
        yield Thinned(name, len(ids), length_of(records, ids), frozenset(ids), records)


def _by_file(archive: Archive, chosen: Collection[str]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for entry in archive.index.entries():
        if entry.id in chosen:
            found[entry.file].add(entry.id)
    return found


def _old_generations(generations: Generations, count: int) -> list[int]:
    shown = generations.shown()
    return [one for one in generations.numbers()[: -max(count, 1)] if one != shown]
