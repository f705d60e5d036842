"""The schedules of a home, and which of them are due by its ledger."""

from collections.abc import Mapping, Sequence

from extractors.schedule import Schedule
from extractors.watchlist import BadWatchList
from flows.clock import Now, utc_now
from flows.scheduling.schedules import Ran, due
from flows.watching import schedules_of
from warehouse.home import Home
from warehouse.ledger import GOOD
from warehouse.scheduled import scheduled_runs


def ran(home: Home) -> Mapping[str, Sequence[Ran]]:
    """List by schedule what the ledger's published copy knows. Raises WarehouseError when that is damaged."""
    found: dict[str, list[Ran]] = {}
    for one in scheduled_runs(home):
        found.setdefault(one.schedule, []).append(Ran(one.started_at, one.state in GOOD))
    return found


def named_schedules(home: Home, names: Sequence[str], *, all_of_them: bool = False) -> tuple[Schedule, ...]:
    """Give schedules by name; with `all_of_them` every one where none is named.

    Raises BadWatchList for a name that is not there.
    """
    known = {one.name: one for one in schedules_of(home)}
    for name in names:
        if name not in known:
            raise BadWatchList(f"there is no schedule {name!r}; the watch list has {', '.join(known) or 'none'}")
    return tuple(known[name] for name in (known if all_of_them and not names else dict.fromkeys(names)))


def due_now(home: Home, schedules: Sequence[Schedule], now: Now = utc_now) -> tuple[Schedule, ...]:
    """Leave the schedules whose turn it is: a start that comes late, or twice, finds that nothing is due any more."""
    turn = due(schedules, ran(home), now())
    return tuple(one.schedule for one in turn.due) if turn else ()
