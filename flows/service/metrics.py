"""What Prometheus scrapes at `/metrics`: the state of a home in numbers, from its published copies and its disk.

Reading the copies takes a fraction of a second, and they change only when a run ends: what they say is kept until
another file stands in their place. A poll between two runs opens no database.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from prometheus_client.core import Metric

from flows.scheduling.heartbeat import heartbeat_file
from flows.service.families import counter, gauge, histogram, text_of
from flows.service.machine_metrics import of_machine
from flows.service.moment_metrics import of_data
from warehouse.home import Home
from warehouse.lease import note_of
from warehouse.measured import FromLedger, FromWarehouse, read_ledger, read_warehouse
from warehouse.measures import LEDGER_MEASURES, WAREHOUSE_MEASURES
from warehouse.overview import UNREADABLE
from warehouse.published import NothingPublished

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
KEPT_HOMES = 4

_ONE_READER = Lock()
"""Polls that come together after a run wait for the first of them to read, instead of all reading."""
_Identity = tuple[int, int, int]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Copy(Generic[T]):
    """What one published copy says, and what of it does not change with the clock, written out."""

    found: T | None
    is_there: bool
    """Whether there is something to read, readable or not."""
    text: bytes = b""


def exposition(home: Home, now: datetime) -> bytes:
    """Give all metrics of a home at a moment; of one without published copies, those of the machine alone.

    Within one second they are the same, unless a file that they are read from is another one.
    """
    files = (home.published_ops, home.published_warehouse, note_of(home), heartbeat_file(home))
    return _told(home, tuple(map(_identity, files)), now.replace(microsecond=0))


@lru_cache(maxsize=KEPT_HOMES)
def _told(home: Home, files: tuple[_Identity | None, ...], now: datetime) -> bytes:
    with _ONE_READER:
        ledger, warehouse = _ledger(home), _warehouse(home)
    calendars = warehouse.found.calendars if warehouse.found else {}
    moment = [
        _readable({"ops": ledger, "warehouse": warehouse}),
        *(of_data(ledger.found, calendars, now) if ledger.found else ()),
        *of_machine(home, now),
    ]
    return ledger.text + warehouse.text + text_of(moment)


def _readable(copies: Mapping[str, _Copy[FromLedger] | _Copy[FromWarehouse]]) -> Metric:
    """Tell of every copy that is published whether it can be read; of one that is not published yet, nothing."""
    return gauge(
        "dragongate_published_copy_readable",
        "Whether a published copy can be opened by its readers",
        ("copy",),
        [((name,), float(copy.found is not None)) for name, copy in copies.items() if copy.is_there],
    )


def _ledger(home: Home) -> _Copy[FromLedger]:
    identity = _identity(home.published_ops)
    return _unreadable_as_none(partial(_ledger_of, home, identity)) if identity else _Copy(None, is_there=False)


def _warehouse(home: Home) -> _Copy[FromWarehouse]:
    identity = _identity(home.published_warehouse)
    if identity is None:
        return _Copy(None, is_there=home.published_warehouse.is_symlink())
    return _unreadable_as_none(partial(_warehouse_of, home, identity))


def _unreadable_as_none(read: Callable[[], _Copy[T]]) -> _Copy[T]:
    try:
        return read()
    except NothingPublished:
        return _Copy(None, is_there=False)
    except UNREADABLE:
        return _Copy(None, is_there=True)


@lru_cache(maxsize=KEPT_HOMES)
def _ledger_of(home: Home, identity: _Identity) -> _Copy[FromLedger]:
    found = read_ledger(home)
    return _Copy(found, is_there=True, text=text_of(_of_ledger(found)))


@lru_cache(maxsize=KEPT_HOMES)
def _warehouse_of(home: Home, identity: _Identity) -> _Copy[FromWarehouse]:
    found = read_warehouse(home)
    families = [gauge(one.name, one.meaning, one.labels, found.figures[one.name]) for one in WAREHOUSE_MEASURES]
    return _Copy(found, is_there=True, text=text_of(families))


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _of_ledger(found: FromLedger) -> Iterator[Metric]:
    for one in LEDGER_MEASURES:
        yield gauge(one.name, one.meaning, one.labels, found.figures[one.name])
    for metric, (name, meaning, labels) in COUNTERS.items():
        yield counter(name, meaning, labels, found.counts.get(metric, ()))
    yield histogram(
        "dragongate_run_duration_seconds",
        "How long runs took, those whose process went away left out",
        ("flow",),
        found.counts.get("run_seconds_up_to", ()),
        found.counts.get("run_seconds", ()),
    )


COUNTERS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "rows": ("dragongate_rows", "Rows that loads brought to a table, by what became of them", ("table", "result")),
    "fetches": ("dragongate_fetches", "Requests to sources, by host and outcome", ("source", "host", "outcome")),
    "attempts": ("dragongate_fetch_attempts", "Attempts that requests to a source took", ("source",)),
    "runs": ("dragongate_runs", "Runs that ended", ("flow", "mode", "state")),
}
"""Counters by the metric of `ops.counts`: name without `_total`, meaning, labels."""
