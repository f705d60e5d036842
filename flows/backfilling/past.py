"""What of a past window is not here yet: by source and chunk from the ledger, so that nothing is asked twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from extractors.archive import Archive
from extractors.errors import Outcome
from extractors.reader import read_snapshot
from extractors.recall import Recall
from extractors.registry import BY_ID
from extractors.snapshot import Snapshot
from extractors.source import Extractor, Query, Source, Window
from extractors.watchlist import WatchList
from flows.backfilling.reach import WHOLE, WITH_EVERY_WINDOW
from flows.links import LINKS
from flows.orders import Turns, is_ordered, market
from flows.plan import Plan, Step, in_stages
from flows.survey import asked_chunks
from flows.watching import of_companies
from transforms.registry import ORDERS
from warehouse.coverage import Covered

_DAY = timedelta(days=1)
_OVER_EVERYWHERE = timedelta(hours=36)
"""From the first moment of a day at UTC until it is over at UTC-12 too."""
_OF_COMPANIES = frozenset({"quotes", "filings", "news"})
"""Kinds of sources that can be asked for one company alone."""

Days = set[date]
Asked = Mapping[str, Collection[str]]
"""The chunks that each source can be asked for."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The days that sources have answered for already."""

    _known: Mapping[tuple[str, str], Sequence[Covered]] = field(default_factory=dict)

    @staticmethod
    def of(rows: Iterable[Covered]) -> "Coverage":
        """Index what the ledger tells."""
        known: dict[tuple[str, str], list[Covered]] = defaultdict(list)
        for one in rows:
            known[one.source_id, one.chunk].append(one)
        return Coverage(known)

    def days(self, source_id: str, chunks: Iterable[str], window: Window, *, with_data: bool = False) -> Days:
        """Name the days of a window that a source has answered for in all of some chunks, or has given data for."""
        by_chunk = [self._days(source_id, chunk, window, with_data) for chunk in chunks]
        return set.intersection(*by_chunk) if by_chunk else set()

    def _days(self, source_id: str, chunk: str, window: Window, with_data: bool) -> Days:
        found: Days = set()
        for one in self._known.get((source_id, chunk), ()):
            start, end = (window.start, one.asked_until) if source_id in WHOLE else (one.start, one.end)
            if one.has_data or not with_data:
                found.update(days_of(max(start, window.start), min(end, window.end)))
        return found


def plan_past(
    extractors: Sequence[Extractor],
    watchlist: WatchList,
    window: Window,
    coverage: Coverage,
    companies: Collection[str] = (),
) -> Plan:
    """Put into stages what is still to be asked for a past window.

    Of sources in an order the next is asked for what those before it left open, as in every run; what any of them
    gave earlier is not open. Sources of pages are asked for what lists pointed to, which they find themselves.
    """
    asked = {
        one.source.id: asked_chunks(one, Query(watchlist_for(one, watchlist, companies), window))
        for one in extractors
        if one.source.id not in LINKS and one.source.id not in WITH_EVERY_WINDOW
    }
    still_open = open_days(asked, window, coverage)
    carried = {name: list(chunks) for name, chunks in still_open.items() if is_ordered(name)}
    turns = Turns(carried)
    first = turns.next({})
    steps = []
    for one in extractors:
        name = one.source.id
        if name in LINKS or name in WITH_EVERY_WINDOW:
            steps.append(Step(one, window))
        elif name in first:
            turn = {chunk: days for chunk, days in still_open[name].items() if {"", chunk} & first[name]}
            steps.extend(_steps(one, turn, is_all=len(turn) == len(asked[name])))
        elif not is_ordered(name) and still_open[name]:
            steps.append(Step(one, around(still_open[name].values())))
    return Plan(in_stages(steps), turns, {one.source.id: one for one in extractors})


def _steps(extractor: Extractor, still_open: Mapping[str, Window], *, is_all: bool) -> Iterator[Step]:
    """Ask for each line's own days, those together that miss the same; what is no line is asked for in one."""
    if not all(market(chunk) for chunk in still_open):
        yield Step(extractor, around(still_open.values()))
        return
    together: dict[Window, set[str]] = defaultdict(set)
    for chunk, days in still_open.items():
        together[days].add(chunk)
    for days, chunks in together.items():
        yield Step(extractor, days, None if is_all and len(together) == 1 else frozenset(chunks))


def open_days(asked: Asked, window: Window, coverage: Coverage) -> dict[str, dict[str, Window]]:
    """Give for each source and chunk the shortest window with all days that are not here; none where all are."""
    found: dict[str, dict[str, Window]] = {name: {} for name in asked}
    every = set(days_of(window.start, window.end))
    for source, chunks in asked.items():
        for chunk in () if is_ordered(source) else chunks:
            if left := every - coverage.days(source, [chunk], window):
                found[source][chunk] = Window(min(left), max(left))
    for part in _parts(asked):
        if left := every - _known_of(part, window, coverage):
            for source, chunks in part.items():
                for chunk in chunks:
                    known = [found[source][chunk]] if chunk in found[source] else []
                    found[source][chunk] = around([*known, Window(min(left), max(left))])
    return found


def _parts(asked: Asked) -> Iterator[dict[str, list[str]]]:
    """Give each part of each order: the sources that can be asked for it, with their chunks."""
    for markets in ORDERS.values():
        for place, order in markets.items():
            there = [one for one in order if asked.get(one)]
            if not place:
                yield {one: sorted(asked[one]) for one in there}
                continue
            for name in sorted({chunk for one in there for chunk in asked[one] if market(chunk) == place}):
                yield {one: [name] for one in there if name in asked[one]}


def _known_of(part: Mapping[str, Sequence[str]], window: Window, coverage: Coverage) -> Days:
    """Name the days that any source gave data for, or that all said something about."""
    answered = [coverage.days(source, chunks, window) for source, chunks in part.items()]
    given = [coverage.days(source, chunks, window, with_data=True) for source, chunks in part.items()]
    return set.intersection(*answered).union(*given) if answered else set()


def recall_of(archive: Archive, window: Window, now: datetime) -> Recall:
    """Let the archive answer where it was told after the window was over, or within the last day."""
    over = datetime.combine(window.end, time(), UTC) + _OVER_EVERYWHERE
    return Recall(archive, since=min(over, now - _DAY), is_good=_is_good)


def watchlist_for(extractor: Extractor, watchlist: WatchList, companies: Collection[str]) -> WatchList:
    """Give what a source is asked about; rates, calendars and lists belong to all companies."""
    is_narrow = companies and extractor.source.kind in _OF_COMPANIES
    return of_companies(watchlist, companies) if is_narrow else watchlist


def around(windows: Iterable[Window]) -> Window:
    """Give the shortest window around others."""
    given = list(windows)
    return Window(min(one.start for one in given), max(one.end for one in given))


def days_of(start: date, end: date) -> list[date]:
    """List the days from one to another, both included."""
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def _is_good(source: Source, snapshot: Snapshot) -> bool:
    return read_snapshot(BY_ID[source.id], snapshot).outcome in (Outcome.OK, Outcome.NOTHING_THERE)
