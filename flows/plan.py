"""What a run asks: which sources, for which days, in which order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.source import Extractor, Query, Window
from extractors.watchlist import WatchList
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

    def __str__(self) -> str:
        return f"{self.extractor.source.id} {self.window}"


def stages(
    extractors: Sequence[Extractor],
    watchlist: WatchList,
    *,
    window: Window | None,
    today: date,
    cursors: Mapping[str, Mapping[str, date]],
) -> list[list[Step]]:
    """Put every source into its stage with its window.

    A window that is given holds for all. Without one each source is asked from its own cursor, less the
    days that it is known to mend, up to today: ten missed days are one catch-up, and a source that was
    dead for a month does not make the others ask for that month again.
    """
    query = Query(watchlist, Window(today, today))
    steps = []
    for one in extractors:
        known = cursors.get(one.source.id, {})
        steps.append(Step(one, window or catch_up(one, today=today, asked=_asked(one, query), cursors=known)))
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
