"""How many texts a second are sketched and joined, beside the comparison of every pair by all shingles.

    python -m bench.stories [--texts 400]

Takes the recorded articles where they lie beside the project, else texts that it makes, with a light and a heavy
rewrite of each.
"""

import argparse
import resource
import time
from collections.abc import Callable

from bench.rewrites import TRUTH, generated_texts, recorded_texts, rewrites
from transforms.near_duplicates import pairs
from transforms.story_sketch import sketch_of

Found = set[tuple[int, int]]

_ALIKE = 0.2
"""Share of the smaller text's shingles in common."""


def ours(texts: list[str]) -> Found:
    """Join by sketches."""
    return {(one, other) for one, other, _ in pairs([sketch_of(text) for text in texts])}


def every_pair(texts: list[str]) -> Found:
    """Join by comparing all shingles of every pair."""
    sets = [_shingles(text) for text in texts]
    return {
        (one, other)
        for other, shingles in enumerate(sets)
        for one, earlier in enumerate(sets[:other])
        if len(shingles & earlier) >= _ALIKE * max(1, min(len(shingles), len(earlier)))
    }


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return set(zip(*(words[place:] for place in range(5)), strict=False))


def _measure(name: str, join: Callable[[list[str]], Found], texts: list[str], count: int) -> float:
    started = time.perf_counter()
    found = join(texts)
    seconds = time.perf_counter() - started
    light = sum((n, count + n) in found for n in range(count)) / count
    heavy = sum((n, 2 * count + n) in found for n in range(count)) / count
    precision = sum(one % count == other % count for one, other in found) / max(1, len(found))
    print(
        f"{name:<12} {len(texts) / seconds:>8,.0f} texts/s  light {light:.3f}  heavy {heavy:.3f}  "
        f"precision {precision:.3f}"
    )
    return seconds


def main() -> None:
    """Measure both in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=400)
    count = parser.parse_args().texts
    plain = recorded_texts()[:count] if TRUTH.exists() else []
    plain += generated_texts(count - len(plain))
    light, heavy = rewrites(plain)
    texts = [*plain, *light, *heavy]
    print(f"{len(texts)} texts, {sum(map(len, texts)) / 1e6:.1f} MB")
    seconds = _measure("dragongate", ours, texts, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"ratio: {_measure('every pair', every_pair, texts, count) / seconds:.1f} times faster, {peak:.0f} MB")


if __name__ == "__main__":
    main()
