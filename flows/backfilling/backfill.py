"""Fill in the past: a plan first, then one run a year, the newest first, each committed before the next begins.

Between two years the lease is free, so that a daily run can pass. What is here is not asked for: the ledger and the
archive say so, and nothing else has to be kept to go on after a stop.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from extractors.archive import Archive
from extractors.asking import lane
from extractors.client import Fetched
from extractors.quotes.member_lines import with_members
from extractors.recall import Recall
from extractors.registry import BY_ID, EXTRACTORS
from extractors.settings import Settings
from extractors.source import Extractor, Query, Window
from extractors.watchlist import WatchList
from flows.backfilling.past import Coverage, plan_past, recall_of, watchlist_for
from flows.backfilling.reach import WITH_EVERY_WINDOW, why_no_past
from flows.backfilling.remaining import Remaining
from flows.clock import DAY_ZONE, Now
from flows.collect import Request, run_daily
from flows.links import LINKS, links_of
from flows.plan import Step
from flows.report import RunReport
from flows.runner import Runner
from flows.survey import KEEPING, asked_chunks, wanted_requests
from warehouse.coverage import covered
from warehouse.database import Warehouse
from warehouse.home import Home
from warehouse.lease import Lease, LeaseHeld

BREATH_SECONDS = 1.0
"""Time between two chunks in which somebody who waits for the lease can take it."""
WAIT_SECONDS = 10.0
"""Time until the lease is tried again while somebody else has it."""
TURNED_AWAY = frozenset({"circuit", "too_many_requests", "banned", "forbidden", "turned_away", "block_page", "login"})
"""Reasons for which a source is left alone for the rest of a backfill."""

Seen = set[tuple[str, str, bytes]]
"""Requests that were counted: method, address and body."""


class NoEffect(Exception):
    """A backfill that was asked for can have no effect; the message says why."""


@dataclass(frozen=True, slots=True)
class Asks:
    """What one source is asked for in one chunk."""

    source_id: str
    stage: int
    window: Window
    requests: int
    """As far as they are known: answers can lead to more."""
    archived: int
    """How many of them the archive answers."""
    lanes: Mapping[str, int]
    """The others, by the host that they are paced at."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One step of a backfill: all that is missing of one year."""

    window: Window
    asks: tuple[Asks, ...]

    @property
    def is_here(self) -> bool:
        """Whether nothing of it is missing."""
        return not any(one.requests for one in self.asks)

    @property
    def stages(self) -> list[Counter[str]]:
        """Count the requests of each stage by host."""
        found = [Counter[str]() for _ in range(1 + max((one.stage for one in self.asks), default=0))]
        for one in self.asks:
            found[one.stage].update(one.lanes)
        return found


def chosen_sources(
    settings: Settings, watchlist: WatchList, window: Window, only: Sequence[str], companies: Sequence[str], now: Now
) -> tuple[str, ...]:
    """Name the sources that a backfill asks: those that are wanted, else all that are on and have a past.

    Raises NoEffect where asking could change nothing: days that are not over, a source without a past or that is off,
    one that has nothing to ask for.
    """
    today = now().astimezone(DAY_ZONE).date()
    if window.end >= today:
        raise NoEffect(
            f"{window.end} is not over in Hong Kong; a backfill ends before today, the next run asks for today"
        )
    if settings.offline:
        raise NoEffect("offline is on: `dragongate run --offline` asks the archive for past days")
    for company in companies:
        _require_company(company, watchlist)
    for name in only:
        _require_past(BY_ID[name], settings, watchlist, window, companies)
    on = [one.source for one in EXTRACTORS if settings.is_enabled(one.source) and not why_no_past(one.source)]
    return tuple(dict.fromkeys((*WITH_EVERY_WINDOW, *(only or (one.id for one in on)))))


def plan_backfill(request: Request, *, now: Now) -> list[Chunk]:
    """Say what is missing, year by year, the newest first, by the ledger and the archive; nobody is asked.

    Raises LeaseHeld while a run writes.
    """
    assert request.window is not None
    archive = Archive(request.home.archive)
    with _opened(request.home, now) as warehouse:
        coverage = Coverage.of(covered(warehouse))
        seen: Seen = set()
        return [
            _chunk(request, window, warehouse, coverage, recall_of(archive, window, now()), seen)
            for window in years(request.window)
        ]


def remaining(chunks: Sequence[Chunk], settings: Settings, monotonic: Callable[[], float]) -> Remaining:
    """Begin to count what is left of some chunks."""
    paces: dict[str, float] = {}
    for chunk in chunks:
        for one in chunk.asks:
            pace = settings.pace_seconds(BY_ID[one.source_id].source)
            paces.update({name: max(pace, paces.get(name, 0.0)) for name in one.lanes})
    return Remaining.of([chunk.stages for chunk in chunks], paces, monotonic)


@dataclass(frozen=True, slots=True)
class Course:
    """How a backfill is carried out, and who is told how far it is."""

    runner_of: Callable[[Window], Runner]
    now: Now
    left: Remaining
    said: Callable[[str], None]
    """Told after each answer, with what is being done."""


def run_chunks(request: Request, chunks: Sequence[Chunk], course: Course) -> list[RunReport]:
    """Fill in one chunk after the other. A source that turned us away in one is left alone in those that follow."""
    reports: list[RunReport] = []
    for number, chunk in enumerate(chunks):
        if number:
            request.means.sleep(BREATH_SECONDS)
        alone = _turned_away(reports)
        only = tuple(name for name in request.only if name not in alone)
        if set(only) - set(WITH_EVERY_WINDOW):
            noted = _counting(chunk, course)
            asked = replace(request, window=chunk.window, only=only, is_backfill=True, noted=noted)
            reports.append(_when_free(asked, course.runner_of(chunk.window), course))
        course.left.finished()
        course.said(str(chunk.window))
    return reports


def years(window: Window) -> list[Window]:
    """Cut a window at the turns of years, the newest first."""
    spans = [
        Window(max(window.start, date(year, 1, 1)), min(window.end, date(year, 12, 31)))
        for year in range(window.start.year, window.end.year + 1)
    ]
    return spans[::-1]


def _when_free(request: Request, runner: Runner, course: Course) -> RunReport:
    """Run as soon as nobody else writes."""
    while True:
        try:
            return run_daily(request, runner, now=course.now)
        except LeaseHeld as held:
            course.said(f"waiting: {held.holder.flow if held.holder else 'somebody'} writes")
            request.means.sleep(WAIT_SECONDS)


def _counting(chunk: Chunk, course: Course) -> Callable[[str, Fetched], None]:
    stages = {one.source_id: one.stage for one in chunk.asks}

    def noted(source_id: str, fetched: Fetched) -> None:
        place = lane(BY_ID[source_id].source, fetched.url)
        if fetched.method != KEEPING and fetched.attempts:
            course.left.answered(place, stages.get(source_id, 0))
        elif fetched.method != KEEPING:
            course.left.recalled(place, stages.get(source_id, 0))
        course.said(f"{chunk.window.start:%Y} {source_id}")

    return noted


def _turned_away(reports: Sequence[RunReport]) -> set[str]:
    gaps = [gap for report in reports for gap in report.gaps]
    return {gap.source_id for gap in gaps if gap.reason in TURNED_AWAY and gap.source_id not in LINKS}


@contextmanager
def _opened(home: Home, now: Now) -> Iterator[Warehouse]:
    if not home.warehouse.exists():
        with Warehouse.open_memory() as warehouse:
            yield warehouse
        return
    with Lease(home, flow="backfill", run_id="plan", now=now), Warehouse.open(home.warehouse) as warehouse:
        yield warehouse


def _chunk(
    request: Request, window: Window, warehouse: Warehouse, coverage: Coverage, recall: Recall, seen: Seen
) -> Chunk:
    watchlist = with_members(request.watchlist)
    extractors = [one for one in EXTRACTORS if one.source.id in request.only]
    planned = plan_past(extractors, watchlist, window, coverage, request.companies)
    asks = [
        _asks(step, stage, _query(step, watchlist, warehouse, request.companies), recall, seen)
        for stage, steps in enumerate(planned.stages)
        for step in steps
        if step.extractor.source.id not in WITH_EVERY_WINDOW
    ]
    return Chunk(window, tuple(one for one in asks if one.requests))


def _query(step: Step, watchlist: WatchList, warehouse: Warehouse, companies: Collection[str]) -> Query:
    narrowed = watchlist_for(step.extractor, watchlist, companies)
    links = links_of(step.extractor.source.id, warehouse, narrowed, step.window, companies)
    return Query(narrowed, step.window, links, step.open)


def _asks(step: Step, stage: int, query: Query, recall: Recall, seen: Seen) -> Asks:
    """Count what must be asked for; the same question of an earlier chunk is answered by the archive then."""
    source = step.extractor.source
    asked = [one for one in wanted_requests(step.extractor, query) if one.method != KEEPING]
    live = [
        one
        for one in asked
        if (one.method, one.url, one.body) not in seen and not recall.holds(one.method, one.url, one.body)
    ]
    seen.update((one.method, one.url, one.body) for one in live)
    lanes = Counter(lane(source, one.url) for one in live)
    return Asks(source.id, stage, step.window, len(asked), len(asked) - len(live), lanes)


def _require_company(company: str, watchlist: WatchList) -> None:
    known = [one.id for one in watchlist.companies]
    if company not in known:
        near = get_close_matches(company, known, n=3) or known
        raise NoEffect(f"there is no company {company!r} on the watch list; there are {', '.join(near)}")


def _require_past(
    extractor: Extractor, settings: Settings, watchlist: WatchList, window: Window, companies: Collection[str]
) -> None:
    source = extractor.source
    if source.id in WITH_EVERY_WINDOW:
        raise NoEffect(f"{source.id} asks nobody; it is read with every window")
    if why := why_no_past(source):
        raise NoEffect(f"{source.id} has no past to ask for: {why}")
    if not settings.is_enabled(source):
        raise NoEffect(f"{source.id} is off: {settings.why_off(source)}")
    narrowed = watchlist_for(extractor, with_members(watchlist), companies)
    if source.id not in LINKS and not asked_chunks(extractor, Query(narrowed, window)):
        about = " about " + ", ".join(companies) if companies else ""
        raise NoEffect(
            f"{source.id} has nothing to ask for{about} in {window}: the watch list names nothing of its kind"
        )
