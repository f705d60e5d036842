"""Which figures are held back: those that do not add up, and months that may be cumulative numbers.

Know that      of a sum that fails any part may be the false one, so all are held, save those that another sum bears
               out; a growth that fails puts less in doubt, as the rate itself may be what is false; a growth that
               holds bears out no exact sum, since it does not see the last digits
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from transforms.figures.arithmetic import ADDABLE, Check
from transforms.figures.figure import ALL, FACTS, Figure

FAR_ABOVE = 3
"""A month above so many times the greatest of the last ones is held: it may be a cumulative number."""
LAST_DAYS = 190
"""Days before a month whose months are compared with it: half a year, as a young business grows fast."""
_MONTHS_OF_A_MODEL = 3
"""Earlier months that a brand or model needs: a new one may rise tenfold in its second month."""


@dataclass(frozen=True, slots=True)
class Held:
    """A figure that is not published, and why."""

    figure: Figure
    reason: str
    """does_not_add_up, or far_above_last_months."""
    rule: str
    """The sum that fails, or empty."""
    stated: Decimal
    expected: Decimal
    """What the other figures make of the stated one, or the greatest of the last months."""
    places: tuple[str, ...]
    """Where each of the figures that do not agree stands."""


def hold_back(
    figures: Sequence[Figure], checks: Iterable[Check], last: Sequence[Figure] = ()
) -> tuple[tuple[Figure, ...], tuple[Held, ...]]:
    """Part figures of one document into those to publish and those to hold, by its sums and by months known before."""
    tried = tuple(checks)
    why = {_identity(one.figure): one for one in _failing(tried)}
    confirmed = _confirmed(tried)
    months = [one for one in (*last, *figures) if one.period.kind == "month"]
    held: list[Held] = []
    for figure in figures:
        found = why.get(_identity(figure))
        if found is not None:
            held.append(Held(figure, found.reason, found.rule, found.stated, found.expected, found.places))
        elif _identity(figure) not in confirmed and (above := far_above(figure, months)) is not None:
            places = (figure.place.evidence, above.place.evidence)
            held.append(Held(figure, "far_above_last_months", "", figure.value, above.value, places))
    out = {id(one.figure) for one in held}
    return tuple(one for one in figures if id(one) not in out), tuple(held)


def far_above(figure: Figure, last: Iterable[Figure]) -> Figure | None:
    """Give the greatest of the last months where a month is so far above it that a person should look first."""
    if figure.period.kind != "month" or figure.metric not in ADDABLE or figure.status not in FACTS:
        return None
    begins = figure.period.start - timedelta(days=LAST_DAYS)
    months = {
        one.period: one
        for one in last
        if (one.metric, one.product, one.segment) == (figure.metric, figure.product, figure.segment)
        and one.period.kind == "month"
        and one.status in FACTS
        and begins <= one.period.start
        and one.period.end < figure.period.start
    }
    greatest = max(months.values(), key=lambda one: one.value, default=None)
    if greatest is None or len(months) < (1 if figure.product == ALL else _MONTHS_OF_A_MODEL):
        return None
    return greatest if figure.value > FAR_ABOVE * greatest.value else None


def _failing(checks: Sequence[Check]) -> Iterator[Held]:
    exact = _confirmed(one for one in checks if not _is_growth(one))
    any_way = _confirmed(checks)
    for check in checks:
        if check.is_passed:
            continue
        doubtful = [one for one in check.figures if _identity(one) not in (any_way if _is_growth(check) else exact)]
        if not doubtful and not _is_growth(check):
            doubtful = list(check.figures)
        for one in doubtful:
            yield Held(one, "does_not_add_up", check.rule, check.stated, check.computed, check.evidence)


def _confirmed(checks: Iterable[Check]) -> frozenset[tuple[object, ...]]:
    return frozenset(_identity(one) for check in checks if check.is_passed for one in check.figures)


def _is_growth(check: Check) -> bool:
    return check.rule.startswith("stated_growth")


def _identity(figure: Figure) -> tuple[object, ...]:
    """Name what a figure is of: a second statement of the same is held with the first."""
    return figure.metric, figure.product, figure.segment, figure.currency, figure.period
