"""Random histories of sightings, and what a warehouse should make of them: written plainly, to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hypothesis import strategies as st

from tests.loading import Sighting


@dataclass(frozen=True, order=True)
class Version:
    """One version of a note."""

    note: str
    said: str
    fetched_at: float
    confirmed_at: float
    snapshot_id: str
    first_seen_at: float
    public_from: float
    public_to: float | None
    known_from: float
    known_to: float | None

    def visible(self) -> "Version":
        """Write infinity for no end, and a span in which nothing was known in one way."""
        endless = float("inf")
        known_to = endless if self.known_to is None else self.known_to
        known_from, known_to = (0, 0) if self.known_from >= known_to else (self.known_from, known_to)
        public_to = endless if self.public_to is None else self.public_to
        return replace(self, known_from=known_from, known_to=known_to, public_to=public_to)


def timeline(sightings: Sequence[Sighting]) -> list[Version]:
    """Make versions of the sightings of one note by one source."""
    in_order = sorted(sightings, key=lambda one: (one.day, one.snapshot_id))
    runs = [list(run) for _, run in groupby(in_order, key=lambda one: one.said)]
    first_seen = min(one.known for one in sightings)
    publics = public_chain(runs)
    knowns = [min(one.known for one in run) for run in runs]
    versions = []
    for place, run in enumerate(runs):
        later = knowns[place + 1 :]
        versions.append(
            Version(
                note=run[0].note,
                said=run[0].said,
                fetched_at=run[0].day,
                confirmed_at=run[-1].day,
                snapshot_id=run[0].snapshot_id,
                first_seen_at=first_seen,
                public_from=publics[place],
                public_to=publics[place + 1] if later else None,
                known_from=knowns[place],
                known_to=max(knowns[place], min(later)) if later else None,
            )
        )
    return versions


def public_chain(runs: Sequence[Sequence[Sighting]]) -> list[float]:
    """Say from when each version was public."""
    chain = [runs[0][0].public]
    for run in runs[1:]:
        said, seen = run[0].public, run[0].day
        chain.append(said if said > chain[-1] else max(seen, chain[-1]))
    return chain


@st.composite
def histories(draw: st.DrawFn, sources: Sequence[str] = ("anna",)) -> list[Sighting]:
    """Draw sightings of two notes. The same words come at most twice: of more, only the first and last are kept."""
    words = draw(st.lists(st.sampled_from("aabbccdd"), min_size=1, max_size=8))
    counted = [word for place, word in enumerate(words) if words[:place].count(word) < 2]
    days = draw(st.permutations(range(1, len(counted) + 1)))
    public = {word: draw(st.integers(0, 9)) for word in sorted(set(counted))}
    return [
        Sighting(
            day=float(day),
            said=word,
            note=draw(st.sampled_from("mn")),
            source=draw(st.sampled_from(sources)),
            seen=float(day + draw(st.sampled_from((0, 0, 3, 20)))),
            public=float(public[word]),
        )
        for day, word in zip(days, counted, strict=True)
    ]


@st.composite
def batches_of(draw: st.DrawFn, history: Sequence[Sighting]) -> list[list[Sighting]]:
    """Draw an order, and a grouping, in which a history is loaded."""
    shuffled = draw(st.permutations(history))
    batches: list[list[Sighting]] = [[]]
    for one in shuffled:
        batches[-1].append(one)
        if draw(st.booleans()):
            batches.append([])
    return [batch for batch in batches if batch]
