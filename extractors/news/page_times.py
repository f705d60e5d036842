"""Which of the times on a page is the one of publication."""

from collections.abc import Sequence
from datetime import timedelta

from extractors.news.dates import DAY, WrittenTime
from extractors.news.languages import zone_of

_REPUBLISHED_WITHIN = timedelta(days=3)


def chosen_time(given: Sequence[WrittenTime], seen: WrittenTime | None, language: str) -> WrittenTime | None:
    """Choose the first time that the page states, unless the line beside the headline is earlier or finer.

    A portal that puts a story out again moves the stated time and leaves the visible one.
    """
    home = zone_of(language)
    if not given:
        return seen
    first = given[0]
    day = first.instant(home).astimezone(home).date()
    others = [*given[1:], *([seen] if seen else [])]
    finer = [one for one in others if one.precision != DAY and one.instant(home).astimezone(home).date() == day]
    if first.precision == DAY and finer:
        return finer[0]
    if seen is None or seen.precision == DAY:
        return first
    gap = first.instant(home) - seen.instant(home)
    return seen if timedelta(minutes=1) <= gap <= _REPUBLISHED_WITHIN else first
