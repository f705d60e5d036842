"""One value for one thing: statements before highlights, and none where a document contradicts itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from transforms.figures.figure import Figure


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with what decides between two of them."""

    figure: Figure
    rank: int
    """1 of a statement, 2 of highlights."""
    is_weaker: bool = False
    """Its label gives way to another one of the same metric."""


def chosen(found: Iterable[Found]) -> tuple[Figure, ...]:
    """Choose for each metric, segment, period and currency; the same value said twice is one figure."""
    groups: dict[tuple[object, ...], list[Found]] = {}
    for one in found:
        figure = one.figure
        key = (figure.metric, figure.segment, figure.product, figure.period, figure.currency, figure.status)
        groups.setdefault(key, []).append(one)
    return tuple(best for group in groups.values() if (best := _best(group)) is not None)


def _best(group: list[Found]) -> Figure | None:
    strong = [one for one in group if not one.is_weaker] or group
    rank = min(one.rank for one in strong)
    best = [one.figure for one in strong if one.rank == rank]
    finest = max(best, key=lambda one: one.decimals)
    return finest if all(_agree(one, finest) for one in best) else None


def _agree(one: Figure, finest: Figure) -> bool:
    """Tell whether one value is another one, rounded."""
    slack = Decimal(0) if one.decimals == finest.decimals else Decimal(10) ** -one.decimals
    return abs(one.value - finest.value) <= slack
