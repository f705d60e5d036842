"""What a run asks: which sources, for which days, in which order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from extractors.source import Extractor, Query, Window
from extractors.watchlist import WatchList
from flows.orders import Outcomes, Turns, is_ordered
from flows.survey import asked_chunks

FIRST_DAYS = 40
"""How far back a source is asked that has never answered: a month and the days before it."""
LONGEST_CATCH_UP = 400

STAGES = (
    frozenset({"reference", "calendar"}),
    frozenset({"quotes", "fx", "filings", "social", "feeds"}),
    frozenset({"articles", "filing_indexes"}),
    frozenset({"documents"}),
)
"""Kinds of source that run side by side; a stage needs what the stage before it found."""


@dataclass(frozen=True, slots=True)
class Step:
    """One source and the window that it is asked for: the unit of work."""

    extractor: Extractor
    window: Window
    open: frozenset[str] | None = None
    """The chunks that it is asked for; none means all that it has."""

    def __str__(self) -> str:
        return f"{self.extractor.source.id} {self.window}"


@dataclass(slots=True)
class Plan:
    """What a run asks for at first, and what it asks next where that left something open."""

    stages: list[list[Step]]
    turns: Turns
    _extractors: Mapping[str, Extractor]
    _windows: dict[str, Window] = field(default_factory=dict)

    def further(self, done: Sequence[Step], outcomes: Outcomes) -> list[Step]:
        """Ask the next source of each order for what the steps that are done left open, over the days they asked for.

        Empty when nothing is open, or nobody is left to ask.
        """
        ordered = [step for step in done if is_ordered(step.extractor.source.id)]
        if not ordered:
            return []
        for step in ordered:
            self._note(step)
        further = [
            Step(self._extractors[source], self._window_before(source), parts)
            for source, parts in self.turns.next(outcomes).items()
        ]
        for step in further:
            self._note(step)
        return further

    def _note(self, step: Step) -> None:
        """Remember all days that a source is asked for; several steps may share them out."""
        name, window = step.extractor.source.id, step.window
        known = self._windows.get(name, window)
        self._windows[name] = Window(min(known.start, window.start), max(known.end, window.end))

    def windows(self) -> dict[str, Window]:
        """Say for which days each source is asked, as far as it is decided."""
        for stage in self.stages:
            for step in stage:
                self._note(step)
        return dict(self._windows)

    def _window_before(self, source: str) -> Window:
        earlier = [self._windows[one] for one in self.turns.earlier(source) if one in self._windows]
        return Window(min(one.start for one in earlier), max(one.end for one in earlier))


def plan(
    extractors: Sequence[Extractor],
    watchlist: WatchList,
    *,
    window: Window | None,
    today: date,
    cursors: Mapping[str, Mapping[str, date]],
    recorded: Mapping[str, Window] | None = None,
) -> Plan:
    """Put every source whose turn it is into its stage with its window; those that come later in an order wait.

    A window that is given holds for all. Without one each source is asked from its own cursor, less the
    days that it is known to mend, up to today: ten missed days are one catch-up, and a source that was
    dead for a month does not make the others ask for that month again. `recorded` are the days that a recording
    asked each source for: a replay asks the same of the same ones.
    """
    extractors = [one for one in extractors if recorded is None or one.source.id in recorded]
    query = Query(watchlist, window or Window(today, today))
    asked = {one.source.id: _asked(one, query) for one in extractors}
    turns = Turns({name: chunks for name, chunks in asked.items() if is_ordered(name)})
    first = turns.next({})
    steps = []
    for one in extractors:
        name = one.source.id
        if is_ordered(name) and name not in first:
            continue
        whole = set(asked[name])
        parts = first.get(name) if is_ordered(name) and not turns.is_whole(name) else None
        known = cursors.get(name, {})
        chunks = whole if parts is None else whole & parts
        days = window or (recorded or {}).get(name) or catch_up(one, today=today, asked=chunks, cursors=known)
        steps.append(Step(one, days, parts))
    return Plan(in_stages(steps), turns, {one.source.id: one for one in extractors})


def in_stages(steps: Sequence[Step]) -> list[list[Step]]:
    """Put steps into the stages that follow one another."""
    return [[step for step in steps if _stage(step.extractor) == number] for number in range(len(STAGES))]


def catch_up(extractor: Extractor, *, today: date, asked: Collection[str], cursors: Mapping[str, date]) -> Window:
    """Compute the days that one source is missing: those of the chunk that is furthest behind.

    A chunk that was never asked for, such as that of a company that is new on the watch list, is missing a
    month; one that is not asked for any more does not count. Where only answers tell what is asked for, such as
    feeds of pages, every chunk counts that ever was, and no more than a month.
    """
    reached = [cursors.get(chunk) for chunk in asked or cursors] or [None]
    lag = timedelta(days=extractor.source.lag_days)
    first = today - timedelta(days=FIRST_DAYS)
    start = min(first if one is None else min(one, today) - lag for one in reached)
    earliest = today - timedelta(days=LONGEST_CATCH_UP) if asked else first
    return Window(max(start, earliest), today)


def _asked(extractor: Extractor, query: Query) -> Collection[str]:
    """Name what a source would ask for; the lists that ship with Dragongate are long to make and have no hosts."""
    return asked_chunks(extractor, query) if _stage(extractor) else ()


_STAGE_OF = {
    "news_feeds": "feeds",
    "news_site_maps": "feeds",
    "news_lists": "feeds",
    "news_articles": "articles",
    "sec_filing_index": "filing_indexes",
    "sec_documents": "documents",
    "hkexnews_documents": "documents",
    "cninfo_documents": "documents",
}
"""Sources whose stage is another than their kind says, by id."""


def _stage(extractor: Extractor) -> int:
    kind = _STAGE_OF.get(extractor.source.id, extractor.source.kind)
    return next(number for number, kinds in enumerate(STAGES) if kind in kinds)
