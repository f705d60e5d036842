"""How many megabytes a second are searched for 5,000 names, beside one pattern of them all.

    python -m bench.mentions

The texts are the recorded articles where they lie beside the project, else made ones; the names are those of the watch
list that ships with Dragongate and made ones.
"""

import re
import resource
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path

from bench.rewrites import TRUTH, generated_texts, recorded_texts
from extractors.watchlist import Company, WatchList, read_watchlist
from transforms.gazetteer import Gazetteer, names_of

ALIASES = 5_000
_SHIPPED = Path(__file__).parents[1] / "watchlist.toml"


def watchlist_of(count: int) -> WatchList:
    """Add made companies to the shipped list until it has `count` names."""
    shipped = read_watchlist(_SHIPPED)
    starts = ("Al", "Bor", "Cam", "Dil", "Est", "Fal", "Gor", "Har", "Iv", "Jun")
    middles = ("tek", "mar", "dyne", "loop", "ford", "cast", "vane", "zen", "wick", "pore")
    ends = [f"{a}{b}" for a, b in product(("Mo", "Au", "En", "Sys", "Ho"), ("tors", "to", "ergy", "tems", "bile"))]
    made = [f"{a}{b} {c} {d}" for a, b, c, d in product(starts, middles, ends, ("Group", "Holdings"))]
    made = made[: count - len(list(names_of(shipped)))]
    return replace(
        shipped,
        companies=(
            *shipped.companies,
            *(Company(id=f"made-{n}", name=name, reporting_currency="USD") for n, name in enumerate(made)),
        ),
    )


def main() -> None:
    """Measure both in one run."""
    watchlist = watchlist_of(ALIASES)
    names = list(names_of(watchlist))
    texts = (recorded_texts() if TRUTH.exists() else generated_texts(200)) * 10
    size = sum(len(text.encode()) for text in texts) / 1e6
    gazetteer = Gazetteer(watchlist)
    pattern = re.compile("|".join(sorted({re.escape(one.text) for one in names}, key=len, reverse=True)))
    print(f"{len(names):,} names, {size:.1f} MB")
    ours = _measure("dragongate", size, lambda: sum(len(gazetteer.find(text)) for text in texts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    few = texts[: len(texts) // 100]
    of_few = sum(len(text.encode()) for text in few) / 1e6
    theirs = _measure("one pattern", of_few, lambda: sum(len(pattern.findall(text)) for text in few))
    print(f"ratio: {ours / theirs:.0f} times faster, {peak:.0f} MB")


def _measure(name: str, megabytes: float, find: Callable[[], int]) -> float:
    started = time.perf_counter()
    found = find()
    speed = megabytes / (time.perf_counter() - started)
    print(f"{name:<12} {speed:>8.2f} MB/s  {found:,} found")
    return speed


if __name__ == "__main__":
    main()
