"""What a run asks: which sources, for which days, in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.source import Extractor, Window

FIRST_DAYS = 40
"""How far back a source is asked that has never answered: a month and the days before it."""
LONGEST_CATCH_UP = 400

STAGES = (
    frozenset({"reference", "calendar"}),
    frozenset({"quotes", "fx", "filings", "social", "feeds"}),
    frozenset({"articles"}),
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
    extractors: Sequence[Extractor], *, window: Window | None, today: date, cursors: Mapping[str, date]
) -> list[list[Step]]:
    """Put every source into its stage with its window.

    A window that is given holds for all. Without one each source is asked from its own cursor, less the
    days that it is known to mend, up to today: ten missed days are one catch-up, and a source that was
    dead for a month does not make the others ask for that month again.
    """
    steps = [Step(one, window or catch_up(one, today=today, reached=cursors.get(one.source.id))) for one in extractors]
    return [[step for step in steps if _stage(step.extractor) == number] for number in range(len(STAGES))]


def catch_up(extractor: Extractor, *, today: date, reached: date | None) -> Window:
    """Compute the days that one source is missing."""
    if reached is None:
        return Window(today - timedelta(days=FIRST_DAYS), today)
    start = min(reached, today) - timedelta(days=extractor.source.lag_days)
    return Window(max(start, today - timedelta(days=LONGEST_CATCH_UP)), today)


def _stage(extractor: Extractor) -> int:
    kind = {"news_feeds": "feeds", "news_articles": "articles"}.get(extractor.source.id, extractor.source.kind)
    return next(number for number, kinds in enumerate(STAGES) if kind in kinds)
