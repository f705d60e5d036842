"""What a run should have had and has not. A hole that a later source of the order filled is none.

Where several sources of an order were asked and none answered, that is one gap, and it names them all.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from extractors.registry import EXTRACTORS
from flows.orders import Outcomes, Part, Turns, full_order, has_answered
from flows.report import Gap
from flows.taking import Taken, Tally

_REQUIRED = {one.source.id: one.source.is_required for one in EXTRACTORS}


@dataclass(slots=True)
class _OrderGap:
    """Parts that the same sources of one kind were asked for in vain; `first` is the first of their answers."""

    first: Taken
    asked: tuple[str, ...]
    names: list[str] = field(default_factory=list)


def gaps_of(
    tally: Tally, turns: Turns, off: Mapping[str, str], members: Collection[str] = frozenset()
) -> Iterator[Gap]:
    """List what is missing after a run.

    `off` says which sources were not asked, and why; `members` are lines that only an index holds.
    """
    by_order: dict[tuple[str, tuple[str, ...]], _OrderGap] = {}
    for one in tally.gaps:
        parts = turns.asked_for(one.fetched.source_id, one.fetched.chunk)
        still_open = {part: asked for part, asked in parts.items() if not _answered(part, asked, tally.chunks)}
        if not parts or any(len(asked) == 1 for asked in still_open.values()):
            yield _gap(one, members)
        for part, asked in still_open.items():
            if len(asked) > 1:
                gap = by_order.setdefault((part.kind, asked), _OrderGap(one, asked))
                if part.name not in gap.names:
                    gap.names.append(part.name)
    for (kind, _), gap in by_order.items():
        yield _gap_of_order(kind, gap, tally, off, members)


def is_required(source_id: str, chunk: str, members: Collection[str]) -> bool:
    """Tell whether a run is incomplete without an answer; without the price of a mere member of an index it is not."""
    return _REQUIRED.get(source_id, False) and not (chunk and set(chunk.split(",")) <= set(members))


def is_made_good(source_id: str, chunk: str, turns: Turns, outcomes: Outcomes) -> bool:
    """Tell whether other sources answered for everything that a source was asked for in one chunk."""
    parts = turns.asked_for(source_id, chunk)
    return bool(parts) and all(_answered(part, asked, outcomes) for part, asked in parts.items())


def _answered(part: Part, asked: tuple[str, ...], outcomes: Outcomes) -> bool:
    return any(has_answered(source, part, outcomes) for source in asked)


def _gap(one: Taken, members: Collection[str]) -> Gap:
    source_id, chunk, answer = one.fetched.source_id, one.fetched.chunk, one.answer
    return Gap(source_id, chunk, one.outcome, answer.reason, answer.message, is_required(source_id, chunk, members))


def _gap_of_order(kind: str, gap: _OrderGap, tally: Tally, off: Mapping[str, str], members: Collection[str]) -> Gap:
    said = [f"{source}: {_last_word(source, gap.names, tally)}" for source in gap.asked]
    chunk = ",".join(gap.names)
    said += [f"{source}: {off[source]}" for source in full_order(kind, gap.names[0]) if source in off]
    return Gap(
        gap.asked[0],
        chunk,
        gap.first.outcome,
        gap.first.answer.reason,
        f"no source of {kind} answered: " + "; ".join(said),
        any(is_required(source, chunk, members) for source in gap.asked),
    )


def _last_word(source_id: str, names: list[str], tally: Tally) -> str:
    about = (
        one
        for one in reversed(tally.gaps)
        if one.fetched.source_id == source_id
        and (not one.fetched.chunk or not names[0] or names[0] in one.fetched.chunk.split(","))
    )
    return next((f"{one.outcome} ({one.answer.reason})" for one in about), "no answer")
