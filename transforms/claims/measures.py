"""Find the words of a sentence that name what its numbers measure."""

import re
from dataclasses import dataclass
from functools import cache

from transforms.claims.measure_words import MEASURES, Measure
from transforms.claims.triggers import Triggered

_MEMBER = re.compile(
    r"(?:weight(?:ing)?|constituents?|members?|components?)\b[^,;]{0,16}$|(?:成分股|权重)[^，；]{0,4}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class MeasureMention:
    """One place in a sentence that names a metric."""

    start: int
    end: int
    measure: Measure


def find_measures(text: str) -> list[MeasureMention]:
    """List the places that name a metric, in order; where two overlap the longer one stands."""
    lowered = text.lower()
    found = [
        MeasureMention(match.start(), match.end(), one)
        for one, pattern in _compiled()
        for match in pattern.finditer(text, lowered)
        if match.end() > match.start() and not _is_member(text, match.start(), one)
    ]
    found.sort(key=lambda one: (one.start - one.end, one.start))
    taken = bytearray(len(text))
    kept = []
    for one in found:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


@cache
def _compiled() -> tuple[tuple[Measure, Triggered], ...]:
    """Put bounds around the words of every measure, once and not before a text is read."""
    # Without -i Python looks for the other case of each of twenty thousand characters, in every pattern.
    around = r"(?:(?<![A-Za-z])|(?=(?-i:[一-鿿])))(?:{words})(?:(?![A-Za-z])|(?<=(?-i:[一-鿿])))"
    return tuple((one, Triggered.of(around.format(words=one.words))) for one in MEASURES)


def _is_member(text: str, start: int, one: Measure) -> bool:
    """Tell an index that is named for the place of a share in it."""
    return one.code == "index_level" and bool(_MEMBER.search(text[max(0, start - 40) : start]))
