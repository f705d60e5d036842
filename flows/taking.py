"""From saved answers to loaded rows: the one way in, whatever started it."""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from threading import Lock
from typing import Any

import pyarrow as pa

from extractors.client import Fetched
from extractors.errors import Outcome
from extractors.reader import NOTHING, Answer, read_snapshot
from extractors.reading import Read
from extractors.registry import BY_ID
from extractors.snapshot import Snapshot
from extractors.source import Window
from extractors.watchlist import WatchList
from flows.mended import Withdrawn, ledger_of, records_of
from transforms.calendar_events import with_calendar_events
from transforms.registry import RANKS, transform_of
from transforms.tidy import SetAside, Tidy
from warehouse.database import Warehouse
from warehouse.load import Loaded, Rejected
from warehouse.tables.catalog import BY_NAME

log = logging.getLogger("dragongate")

UNMATCHED = "unmatched"
READABLE = (Outcome.OK, Outcome.UNCHANGED)
"""Outcomes of a fetch that leave bytes to read; unchanged ones are read again, so that a mended parser heals them."""
GOOD = (Outcome.OK, Outcome.UNCHANGED, Outcome.NOTHING_THERE, UNMATCHED)
"""Outcomes that leave no gap."""
BATCH_BYTES = 24_000_000
"""Bytes read for one transaction: so many that it costs little, so few that its rows fit a modest machine."""
BATCH_ANSWERS = 2_000


@dataclass(frozen=True, slots=True)
class Taken:
    """One answer, or the lack of one, with what its source made of it; its bytes are in the archive."""

    fetched: Fetched
    answer: Answer
    body_hash: str = ""
    body_length: int = 0

    @staticmethod
    def of(fetched: Fetched) -> "Taken":
        """Let the source read an answer and let go of its bytes."""
        answer = _answer(fetched)
        if fetched.snapshot is None:
            return Taken(fetched, answer)
        snapshot = fetched.snapshot
        bodiless = replace(fetched, snapshot=replace(snapshot, body=b""))
        return Taken(bodiless, answer, snapshot.sha256, len(snapshot.body))

    @property
    def outcome(self) -> str:
        """The outcome as the ledger keeps it: bytes that did not change are `unchanged` where they are data."""
        if self.fetched.source_id == UNMATCHED:
            return UNMATCHED
        is_same = self.fetched.outcome is Outcome.UNCHANGED and self.answer.outcome is Outcome.OK
        return Outcome.UNCHANGED if is_same else self.answer.outcome


@dataclass(slots=True)
class Tally:
    """What was taken in and loaded so far, over all batches of a run."""

    outcomes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    loaded: dict[str, Loaded] = field(default_factory=dict)
    chunks: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """By source and what it was asked for: what failed, else what came, else that there is nothing; and the reason."""
    gaps: list[Taken] = field(default_factory=list)
    """Answers that are not data and should have been."""

    def add(self, taken: Iterable[Taken], loaded: Mapping[str, Loaded], *, are_counted: bool = True) -> None:
        """Count one batch; answers that are not counted can still leave gaps."""
        for one in taken:
            if are_counted:
                self.outcomes[one.fetched.source_id][one.outcome] += 1
            is_gap = one.outcome not in GOOD
            place = (one.fetched.source_id, one.fetched.chunk)
            if is_gap or self.chunks.get(place, ("nothing_there", ""))[0] == Outcome.NOTHING_THERE:
                self.chunks[place] = (one.outcome, one.answer.reason)
            if is_gap:
                self.gaps.append(replace(one, fetched=replace(one.fetched, snapshot=None)))
        for name, result in loaded.items():
            self.loaded[name] = self.loaded[name] + result if name in self.loaded else result


class Taker:
    """Reads, tidies and loads answers in batches. Sources may be collected side by side; loading is one at a time."""

    def __init__(self, warehouse: Warehouse, watchlist: WatchList, run_id: str, *, now: Callable[[], datetime]) -> None:
        self.tally = Tally()
        self.watchlist = watchlist
        self.lock = Lock()
        self.make_durable: Callable[[], None] = lambda: None
        """Called before rows are loaded, so that no row is there whose bytes a power cut could take."""
        self._warehouse = warehouse
        self._run_id = run_id
        self._now = now
        self._numbers = count(1)
        self._withdrawn = Withdrawn(warehouse)

    def take(
        self,
        fetches: Iterable[Fetched],
        window: Window | None = None,
        *,
        moves_cursor: bool = False,
        are_counted: bool = True,
    ) -> None:
        """Take in any number of answers, one transaction per batch; `window` is what they were asked for.

        What a run keeps of its own accord, such as the watch list of an ingest, is no response and not counted.
        """
        for batch in _batches(fetches):
            self._take_batch(batch, window, moves_cursor, are_counted)

    def _take_batch(self, taken: Sequence[Taken], window: Window | None, moves_cursor: bool, are_counted: bool) -> None:
        taken, tidy = _tidied(taken, self.watchlist)
        mended = records_of((one.fetched.source_id, one.fetched.snapshot, one.answer.reading.records) for one in taken)
        with self.lock:
            self.make_durable()
            loaded = self._warehouse.load(
                tidy.rows,
                run_id=self._run_id,
                loaded_at=self._now(),
                ranks=RANKS,
                ledger={
                    "raw.snapshots": _snapshot_rows(taken),
                    "ops.fetches": self._fetch_rows(taken, window, moves_cursor),
                    "ops.drift": _drift_rows(taken, self._run_id),
                    **ledger_of(mended),
                },
                set_aside=[rejected(one) for one in tidy.set_aside],
            )
            self.tally.add(taken, loaded, are_counted=are_counted)
            came = [one.fetched.snapshot.id for one in taken if one.fetched.snapshot]
            gone = self._withdrawn.enact(mended, came, run_id=self._run_id, loaded_at=self._now())
            self.tally.add((), gone)

    def index(self, fetches: Iterable[Fetched]) -> None:
        """Index archived answers that no source handed on: robots.txt, steps of a redirect, tries that failed."""
        taken = [Taken.of(one) for one in fetches]
        with self.lock:
            self._warehouse.append({"raw.snapshots": _snapshot_rows(taken)})

    def _fetch_rows(self, taken: Sequence[Taken], window: Window | None, moves_cursor: bool) -> pa.Table:
        return BY_NAME["ops.fetches"].arrow(
            {
                "run_id": self._run_id,
                "fetch_number": next(self._numbers),
                "source_id": one.fetched.source_id,
                "chunk": one.fetched.chunk,
                "method": one.fetched.method,
                "url": one.fetched.url,
                "requested_at": one.fetched.requested_at,
                "seconds": one.fetched.seconds,
                "attempts": one.fetched.attempts,
                "status": one.fetched.snapshot.status if one.fetched.snapshot else None,
                "outcome": one.outcome,
                "reason": one.answer.reason or None,
                "message": one.answer.message or None,
                "robots_rule": one.fetched.robots_rule or None,
                "snapshot_id": one.fetched.snapshot.id if one.fetched.snapshot else None,
                "window_start_date": window.start if window else None,
                "window_end_date": window.end if window else None,
                "moves_cursor": moves_cursor,
            }
            for one in taken
        )


def _answer(fetched: Fetched) -> Answer:
    if fetched.snapshot is None or fetched.outcome not in READABLE or fetched.source_id == UNMATCHED:
        return Answer(fetched.outcome, fetched.reason, fetched.message, NOTHING)
    return read_snapshot(BY_ID[fetched.source_id], fetched.snapshot)


def _batches(fetches: Iterable[Fetched]) -> Iterator[list[Taken]]:
    batch: list[Taken] = []
    size = 0
    for fetched in fetches:
        batch.append(Taken.of(fetched))
        size += batch[-1].body_length
        if size >= BATCH_BYTES or len(batch) >= BATCH_ANSWERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _tidied(taken: Sequence[Taken], watchlist: WatchList) -> tuple[list[Taken], Tidy]:
    """Make rows of everything that is data; an answer that no rows can be made of becomes one that is not."""
    by_source: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        is_data = one.answer.outcome is Outcome.OK and one.fetched.source_id != UNMATCHED
        by_source[one.fetched.source_id if is_data else ""].append(one)
    kept = by_source.pop("", [])
    parts = []
    for source_id, good in by_source.items():
        try:
            parts.append(_rows(source_id, good, watchlist))
            kept.extend(good)
        except Exception:
            log.exception("rows of %s failed together; making them one by one", source_id)
            for one in good:
                part, said = _rows_of_one(source_id, one, watchlist)
                parts.append(part)
                kept.append(said)
    return kept, Tidy.join(parts)


def _rows(source_id: str, taken: Sequence[Taken], watchlist: WatchList) -> Tidy:
    reads = [Read(one.fetched.snapshot, one.answer.reading.records) for one in taken if one.fetched.snapshot]
    return with_calendar_events(transform_of(source_id)(reads, watchlist), watchlist)


def _rows_of_one(source_id: str, one: Taken, watchlist: WatchList) -> tuple[Tidy, Taken]:
    try:
        return _rows(source_id, [one], watchlist), one
    except Exception as error:
        log.exception("no rows can be made of %s", one.fetched.url)
        message = f"{source_id}: {type(error).__name__}: {error}"
        return Tidy(), replace(one, answer=Answer(Outcome.SHAPE_CHANGED, type(error).__name__, message, NOTHING))


def _snapshot_rows(taken: Sequence[Taken]) -> pa.Table:
    return BY_NAME["raw.snapshots"].arrow(
        _snapshot_row(one, one.fetched.snapshot) for one in taken if one.fetched.snapshot
    )


def _snapshot_row(one: Taken, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "snapshot_id": snapshot.id,
        "source_id": None if one.fetched.source_id == UNMATCHED else one.fetched.source_id,
        "url": snapshot.url,
        "method": snapshot.method,
        "status": snapshot.status,
        "fetched_at": snapshot.fetched_at,
        "first_seen_at": snapshot.first_seen_at,
        "media_type": snapshot.media_type,
        "sha256": one.body_hash,
        "body_length": one.body_length,
        "archive_file": snapshot.archive_file,
        "archive_offset": snapshot.archive_offset,
        "archive_length": snapshot.archive_length,
        # Of the bytes, not of the request: an answer that has not changed since was data when it came.
        "outcome": UNMATCHED if one.fetched.source_id == UNMATCHED else one.answer.outcome,
        "reason": one.answer.reason or None,
    }


def _drift_rows(taken: Sequence[Taken], run_id: str) -> pa.Table:
    rows = {
        (one.fetched.source_id, drift.field): {
            "source_id": one.fetched.source_id,
            "field": drift.field,
            "example": drift.example,
            "snapshot_id": one.fetched.snapshot.id if one.fetched.snapshot else "",
            "first_seen_at": one.fetched.requested_at,
            "run_id": run_id,
        }
        for one in reversed(taken)
        for drift in one.answer.reading.drift
    }
    return BY_NAME["ops.drift"].arrow(rows.values())


def rejected(one: SetAside) -> Rejected:
    """Hand what a transform set aside to the loader, which keeps it."""
    return Rejected(one.table, one.reason, dict(one.row), one.snapshot_id, one.source_id)
