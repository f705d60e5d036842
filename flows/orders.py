"""Who is asked next: for each kind and market the sources stand in an order, and a later one fills what is left open.

The orders are data (`ORDERS`, beside the ranks of readings). A part is what an order gives from one market: a line,
or for rates all of them. It is open until a source of its order has answered with data in this run.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from transforms.registry import ORDERS

Outcomes = Mapping[tuple[str, str], tuple[str, str]]
"""By source and chunk of a run: the least happy outcome and its reason."""

DATA = ("ok", "unchanged")
ANSWERED = (*DATA, "nothing_there")
"""Outcomes that leave no gap; that there is nothing may still be another source's news."""

FALLBACKS = frozenset(
    source
    for markets in ORDERS.values()
    for order in markets.values()
    for source in order
    if not any(source == one[0] for others in ORDERS.values() for one in others.values())
)
"""Sources that are first in no order."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one order gives: its kind, and a line of the watch list, or an empty text for all of the kind."""

    kind: str
    name: str


@dataclass(slots=True)
class Turns:
    """Keeps who may be asked for which part, and who has been."""

    carried: Mapping[str, Collection[str]]
    """By source, the chunks that it can be asked for."""
    asked: dict[str, set[Part]] = field(default_factory=dict)

    def next(self, outcomes: Outcomes) -> dict[str, frozenset[str]]:
        """Give each source whose turn it is with the parts that are still open, and note that it is asked."""
        turns: dict[str, set[Part]] = {}
        for part, order in self._orders():
            if self._is_filled(part, order, outcomes):
                continue
            waiting = (one for one in order if part not in self.asked.get(one, set()))
            if (source := next(waiting, None)) is not None:
                turns.setdefault(source, set()).add(part)
        for source, parts in turns.items():
            self.asked.setdefault(source, set()).update(parts)
        return {source: frozenset(part.name for part in parts) for source, parts in turns.items()}

    def is_whole(self, source: str) -> bool:
        """Tell whether a source has been asked for all that it can be asked for."""
        names = {part.name for part in self.asked.get(source, set())}
        return names >= {name for chunk in self.carried.get(source, ()) for name in chunk.split(",")}

    def earlier(self, source: str) -> set[str]:
        """Name the sources that stand before one in any of its orders."""
        orders = [order for markets in ORDERS.values() for order in markets.values() if source in order]
        return {one for order in orders for one in order[: order.index(source)]}

    def asked_for(self, source_id: str, chunk: str) -> dict[Part, tuple[str, ...]]:
        """Name the parts that an answer was about, each with all that were asked for it, in their order."""
        names = {name for name in chunk.split(",") if name}
        parts = self.asked.get(source_id, set())
        about = {part for part in parts if not names or part.name in names or not part.name}
        return {part: self._asked_of(part) for part in about}

    def _asked_of(self, part: Part) -> tuple[str, ...]:
        order = full_order(part.kind, part.name)
        return tuple(one for one in order if part in self.asked.get(one, set()))

    def _orders(self) -> Iterator[tuple[Part, list[str]]]:
        for kind, markets in ORDERS.items():
            for place, order in markets.items():
                there = [one for one in order if one in self.carried]
                names = sorted({name for one in there for name in self._names(one, place)})
                for name in names:
                    yield Part(kind, name), [one for one in there if name in self._names(one, place)]

    def _names(self, source: str, place: str) -> set[str]:
        if not place:
            return {""} if self.carried[source] else set()
        return {name for chunk in self.carried[source] for name in chunk.split(",") if market(name) == place}

    def _is_filled(self, part: Part, order: Sequence[str], outcomes: Outcomes) -> bool:
        return any(has_data(one, part, outcomes) for one in order if part in self.asked.get(one, set()))


def market(name: str) -> str:
    """Give the market of a part: the exchange of a line, an empty text for what has none."""
    return name.partition(":")[0] if ":" in name else ""


def is_ordered(source_id: str) -> bool:
    """Tell whether a source stands in an order; any other one is always asked."""
    return any(source_id in order for markets in ORDERS.values() for order in markets.values())


def full_order(kind: str, name: str) -> tuple[str, ...]:
    """List the sources that may be asked for a part, those that are off included."""
    return ORDERS[kind].get(market(name), ())


def has_data(source_id: str, part: Part, outcomes: Outcomes) -> bool:
    """Tell whether a source answered for a part with data, and with nothing but answers."""
    return bool(found := _outcomes_of(source_id, part, outcomes)) and all(one in DATA for one in found)


def has_answered(source_id: str, part: Part, outcomes: Outcomes) -> bool:
    """Tell whether a source said of a part what there is, if only that there is nothing."""
    return bool(found := _outcomes_of(source_id, part, outcomes)) and all(one in ANSWERED for one in found)


def _outcomes_of(source_id: str, part: Part, outcomes: Outcomes) -> list[str]:
    return [
        outcome
        for (source, chunk), (outcome, _) in outcomes.items()
        if source == source_id and (not part.name or part.name in chunk.split(","))
    ]
